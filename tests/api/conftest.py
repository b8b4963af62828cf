"""The whole service over httpx, in a library of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import pytest

from fedsearch.api import pages
from fedsearch.catalogue import SqliteCatalogue, load_files
from fedsearch.connectors import polite
from fedsearch.sandbox import Sandbox
from tests.library import MARC, Library, environment, opened, small_sandbox

Open: TypeAlias = Callable[..., AbstractAsyncContextManager[Library]]


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return small_sandbox(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="session")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue's file, loaded once; no test of the service writes to it."""
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite"
    with SqliteCatalogue(path) as catalogue:
        assert load_files(catalogue, [MARC]).counts.added == 3
    return path


@pytest.fixture(scope="session", autouse=True)
def _words_read_once() -> Iterator[None]:
    """Each test has a service of its own; the page's words are the same for all, and take longest to read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "load", lru_cache(vars(pages)["load"]))
        yield


@pytest.fixture(autouse=True)
def _no_second_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retrying is the transports' own business (tests/connectors/test_polite.py), and takes time."""
    monkeypatch.setattr(polite, "ATTEMPTS", 1)


@pytest.fixture
def open_library(stand_in: Sandbox, shelves: Path, tmp_path: Path) -> Open:
    """A library with settings of its own, as FEDSEARCH_ variables without the prefix."""

    def library(**variables: str) -> AbstractAsyncContextManager[Library]:
        more = {f"FEDSEARCH_{name}": text for name, text in variables.items()}
        return opened(stand_in, environment(tmp_path, shelves, **more))

    return library


@pytest.fixture
async def library(open_library: Open) -> AsyncIterator[Library]:
    async with open_library() as running:
        yield running
