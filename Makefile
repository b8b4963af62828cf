# Two commands do all their own set-up in the clone: `make demo` and `make test`. They need Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test check bench bench-peers lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    set up, load the sample catalogue, start the service on training data, print the address"
	@echo "make test    set up, check style and types, run every test"
	@echo "make bench   run every benchmark and print one table"
	@echo "make bench-peers  measure another tool beside ours (minutes)"
	@echo "make lock    pin the newest versions of all dependencies, with hashes"
	@echo "make clean   take the virtual environment away"

$(BIN)/python:
	@echo "· making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("fedsearch needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

# A stamp is newer than its lock file when what the lock names is installed.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "· installing the service and what it needs (pinned, with hashes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "· installing what the tests need (pinned, with hashes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/fedsearch demo --port $${PORT:-8000}

check: $(VENV)/.dev
	@echo "· style"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@echo "· types"
	@$(BIN)/mypy

test: check
	@echo "· tests"
	@$(BIN)/python -m pytest

bench: $(VENV)/.dev
	@$(BIN)/python -m bench

# Another tool, in an environment of its own, on the same labelled sets and in the same run as ours: minutes.
PEERS := .venv-peers
LABELLED := $(or $(FEDSEARCH_SHARED),../shared)/data/dedup

$(PEERS)/.installed: bench/peers.txt
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers.txt
	@touch $@

bench-peers: $(VENV)/.dev $(PEERS)/.installed
	@$(BIN)/python -m bench.peers $(PEERS)/bin/python $(foreach name,respiratory stroke copper,$(LABELLED)/$(name).jsonl.gz)

lock: | $(BIN)/python
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --group build --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(PEERS)
