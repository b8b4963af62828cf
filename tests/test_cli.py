"""The commands, as they are called: what they print, how they end, and that bad input never ends in a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from fedsearch import __version__, cli
from fedsearch.catalogue import SqliteCatalogue
from fedsearch.connectors import polite
from fedsearch.sandbox import Sandbox
from fedsearch.serving import in_background, listening_socket
from tests.library import MARC, PAYLOADS, environment, logging_as_it_was, small_sandbox

COMMANDS = ("serve", "demo", "sandbox", "search", "dedupe", "catalogue load")


@dataclass(frozen=True, slots=True)
class Called:
    status: int
    out: str
    err: str


Call: TypeAlias = Callable[..., Called]


@pytest.fixture(scope="module")
def sandbox_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with in_background(small_sandbox(tmp_path_factory.mktemp("recorded")), listening_socket("127.0.0.1", 0)) as address:
        yield address


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing of this machine's settings, one attempt at each source, 80 columns; and logging as it was, afterwards."""
    for name in [name for name in os.environ if name.startswith("FEDSEARCH_")]:
        monkeypatch.delenv(name)
    for name, text in environment(tmp_path / "data", tmp_path / "catalogue.sqlite").items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(polite, "ATTEMPTS", 1)
    with logging_as_it_was():
        yield


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """One command in this process, with its exit status and what it printed."""

    def run(*arguments: str) -> Called:
        monkeypatch.setattr(sys, "argv", ["fedsearch", *arguments])
        status = 0
        try:
            cli.main()
        except SystemExit as exc:
            status = exc.code if isinstance(exc.code, int) else 0 if exc.code is None else 1
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Called(status, said.out, said.err)

    return run


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch, sandbox_address: str) -> None:
    monkeypatch.setenv("FEDSEARCH_SOURCES__PUBMED__URL", f"{sandbox_address}/entrez/eutils/")
    monkeypatch.setenv("FEDSEARCH_SOURCES__CROSSREF__URL", f"{sandbox_address}/crossref/")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources at a port of this machine where nobody listens."""
    with listening_socket("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("FEDSEARCH_SOURCES__PUBMED__URL", f"http://127.0.0.1:{port}/")
    monkeypatch.setenv("FEDSEARCH_SOURCES__CROSSREF__URL", f"http://127.0.0.1:{port}/")


def one_line(called: Called, status: int, *words: str) -> None:
    """An error as commands tell it."""
    assert called.status == status, called
    assert called.out == ""
    assert called.err.count("\n") == 1
    assert called.err.startswith("fedsearch: ")
    for word in words:
        assert word in called.err


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(call: Call, command: str) -> None:
    called = call(*command.split(), "--help")
    assert (called.status, called.err) == (0, "")
    assert f"Usage: fedsearch {command}" in called.out
    assert f"Example: fedsearch {command}" in " ".join(called.out.split())


def test_without_a_command_the_commands_are_listed(call: Call) -> None:
    for arguments in ((), ("--help",)):
        called = call(*arguments)
        assert called.status == 0
        assert all(command.split()[0] in called.out for command in COMMANDS)


def test_the_version_is_told(call: Call) -> None:
    assert call("--version") == Called(0, f"fedsearch {__version__}\n", "")


# Called wrongly


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["serach", "asthma"], "serach"),
        (["search"], "QUERY"),
        (["search", "asthma", "--colour"], "--colour"),
        (["search", "asthma", "--per-page", "0"], "--per-page"),
        (["search", "asthma", "--per-page", "ten"], "--per-page"),
        (["search", "asthma", "--sources"], "--sources"),
        (["search", "asthma", "--pubmed"], "--pubmed"),
        (["search", "asthma", "--sources", "embase"], "Sources here: pubmed, crossref, catalogue."),
        (["search", "((asthma"], "never closed"),
        (["search", ""], "empty"),
        (["search", "a" * 2_001], "2,001 characters"),
        (["search", "(" * 10_000], "10,000 characters"),
        (["search", "asth\x07ma"], "control character"),
        (["search", "asthma[tiba]"], "tiab"),
        (["search", "91000010[pmid]", "--sources", "crossref"], "Crossref"),
        (["serve", "--port", "99999"], "--port"),
        (["serve", "--workers", "0"], "--workers"),
        (["sandbox", "--latency-ms", "-1"], "--latency-ms"),
        (["sandbox", "--pubmed"], "--pubmed"),
        (["sandbox", "--pubmed", "no-such-file.xml"], "no-such-file.xml"),
        (["catalogue"], "command"),
        (["catalogue", "load"], "FILE"),
        (["catalogue", "load", "no-such-file.mrc"], "no-such-file.mrc"),
        (["catalogue", "load", str(PAYLOADS)], "directory"),
        (["catalogue", "load", str(MARC), "--format", "ris"], "ris"),
    ],
)
def test_a_command_that_is_called_wrongly_says_so_in_one_line_and_ends_with_2(call: Call, arguments: list[str], word: str) -> None:
    one_line(call(*arguments), 2, word)


# What fails


def test_settings_that_cannot_be_read_end_a_command_with_1(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FEDSEARCH_CONFIG", str(tmp_path / "nowhere"))
    for arguments in (["search", "asthma"], ["serve", "--port", "0"], ["catalogue", "load", str(MARC)]):
        one_line(call(*arguments), 1, "FEDSEARCH_CONFIG")


def test_a_port_that_is_taken_ends_a_command_with_1_and_tells_how_to_choose_another(call: Call) -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        for arguments in (["serve", "--port", port], ["demo", "--port", port]):
            one_line(call(*arguments), 1, port, "--port")


def test_a_sandbox_source_that_is_not_there_ends_with_1(call: Call) -> None:
    one_line(call("sandbox", "--port", "0", "--down", "embase"), 1, "embase", "pubmed and crossref")


def test_a_data_folder_that_cannot_be_written_ends_with_1(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("FEDSEARCH_DATA", str(tmp_path / "file" / "data"))
    one_line(call("search", "asthma"), 1, "FEDSEARCH_DATA")


# Searching


@pytest.mark.usefixtures("online")
def test_a_search_prints_a_table_of_80_columns_and_how_each_source_did(call: Call) -> None:
    call("catalogue", "load", str(MARC))
    called = call("search", "asthma", "--per-page", "20")
    assert (called.status, called.err) == (0, "")
    lines = called.out.splitlines()
    assert max(map(len, lines)) <= 80
    told = " ".join(called.out.split())
    assert "Asthma attacks in schools" in told
    assert "RETRACTED" in told
    assert "14 of 14 works; 6 duplicates removed." in told
    assert re.search(r"PubMed +10 of 10 found, \d+ ms", told)
    assert re.search(r"Crossref +8 of 8 found, \d+ ms", told)
    assert re.search(r"Library catalogue +2 of 2 found", told)


@pytest.mark.usefixtures("online")
def test_a_search_as_json_is_the_answer_of_the_service(call: Call) -> None:
    called = call("search", "asthma", "--sources", "pubmed,crossref", "--per-page", "3", "--newest", "--json")
    document: dict[str, Any] = json.loads(called.out)
    assert (called.status, called.err) == (0, "")
    assert [source["id"] for source in document["sources"]] == ["pubmed", "crossref"]
    assert (len(document["results"]), document["per_page"], document["query"]["sort"]) == (3, 3, "newest")
    years = [work["year"] for work in document["results"]]
    assert years == sorted(years, reverse=True)


@pytest.mark.usefixtures("online")
def test_persian_words_and_marks_of_markup_are_printed_as_they_are(call: Call) -> None:
    call("catalogue", "load", str(MARC))
    assert "آسم کودکان" in call("search", "آسم کودکان", "--sources", "catalogue").out
    assert "[b]" not in call("search", "[tiab]asthma", "--sources", "pubmed").out


@pytest.mark.usefixtures("online")
def test_nothing_found_is_done_and_says_so(call: Call) -> None:
    called = call("search", "zzyzx")
    assert called.status == 0
    assert called.out.startswith("Nothing found.")


@pytest.mark.usefixtures("offline")
def test_a_source_that_cannot_be_reached_is_told_below_the_table(call: Call) -> None:
    call("catalogue", "load", str(MARC))
    called = call("search", "asthma")
    assert called.status == 0
    assert "error: PubMed could not be reached" in " ".join(called.out.split())
    assert "Asthma in adults" in called.out


@pytest.mark.usefixtures("offline")
def test_when_no_source_answers_the_command_fails_and_names_them(call: Call) -> None:
    one_line(call("search", "asthma", "--sources", "pubmed", "--sources", "crossref"), 1, "PubMed could not be reached", "Crossref")


def test_a_terminal_that_knows_no_persian_gets_question_marks_and_no_traceback(tmp_path: Path) -> None:
    variables = environment(tmp_path, tmp_path / "catalogue.sqlite") | {"PYTHONIOENCODING": "ascii", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", "from fedsearch.cli import main; main()", "search", "«آسم"]
    done = subprocess.run(command, env=variables, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"fedsearch: The quotation mark at position 1")


# The catalogue


def test_loading_reports_what_came_in_and_what_the_catalogue_holds(call: Call) -> None:
    called = call("catalogue", "load", str(MARC))
    assert called == Called(0, "3 added, 0 updated, 0 unchanged, 0 deleted, 0 refused. The catalogue holds 3 records.\n", "")
    again = call("catalogue", "load", str(MARC), "--format", "auto")
    assert again.out.startswith("0 added, 0 updated, 3 unchanged")


def test_records_that_are_refused_are_named_with_the_reason_and_the_others_come_in(call: Call, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.marcxml"
    spoilt.write_text(MARC.read_text(encoding="utf-8").replace('tag="245"', 'tag="999"', 1), encoding="utf-8")
    called = call("catalogue", "load", str(spoilt))
    assert called.status == 0
    assert "2 added" in called.out
    assert "1 refused" in called.out
    assert re.search(r"refused: spoilt\.marcxml, record 1 \(sh0001\): \w+", called.out)


def test_the_report_of_a_load_is_there_as_json(call: Call) -> None:
    document = json.loads(call("catalogue", "load", str(MARC), "--json").out)
    assert (document["counts"]["added"], document["refused"], document["records_held"]) == (3, [], 3)


def test_a_file_that_is_not_marc_is_refused_and_changes_nothing(call: Call, tmp_path: Path) -> None:
    letter = tmp_path / "letter.mrc"
    letter.write_text("Dear library,")
    one_line(call("catalogue", "load", str(MARC), str(letter)), 1, "letter.mrc", "MARC")
    with SqliteCatalogue(tmp_path / "catalogue.sqlite") as catalogue:
        assert catalogue.count() == 0


# Serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a command would have served, instead of serving it."""
    apps: list[Any] = []

    def serve(app: Any, listening: socket.socket) -> None:
        apps.append(app)
        listening.close()

    monkeypatch.setattr(cli, "serve", serve)
    return apps


def test_several_files_may_follow_one_option(call: Call, served: list[Any], tmp_path: Path) -> None:
    small_sandbox(tmp_path)
    copies = [str(tmp_path / name) for name in ("answer.xml", "second.xml")]
    Path(copies[1]).write_bytes((PAYLOADS / "pubmed" / "answer.xml").read_bytes())
    called = call("sandbox", "--port", "0", "--pubmed", *copies, "--crossref", str(tmp_path / "answer.json"), "--latency-ms", "5")
    assert called.status == 0
    assert "FEDSEARCH_SOURCES__PUBMED__URL=http://127.0.0.1:" in called.out
    (sandbox,) = served
    assert isinstance(sandbox, Sandbox)
    assert any("second.xml" in line for line in sandbox.report)
    assert any("answer.xml" in line for line in sandbox.report)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["--pubmed", "a", "b"], ["--pubmed", "a", "--pubmed", "b"]),
        (["--pubmed", "a", "b", "--crossref", "c", "d"], ["--pubmed", "a", "--pubmed", "b", "--crossref", "c", "--crossref", "d"]),
        (["--pubmed", "a", "--port", "1", "x"], ["--pubmed", "a", "--port", "1", "x"]),
        (["--pubmed=a"], ["--pubmed=a"]),
        (["--pubmed"], ["--pubmed"]),
        (["search", "asthma"], ["search", "asthma"]),
    ],
)
def test_an_option_of_several_files_is_read_as_if_it_were_repeated(typed: list[str], read: list[str]) -> None:
    assert cli._repeated(typed) == read


def test_serve_says_where_it_answers(call: Call, served: list[Any]) -> None:
    called = call("serve", "--port", "0")
    assert called.status == 0
    assert re.fullmatch(r"fedsearch answers at http://127\.0\.0\.1:\d+/\n", called.out)
    assert len(served) == 1


def test_the_demo_answers_from_a_fresh_folder_and_never_asks_the_real_sources(tmp_path: Path) -> None:
    variables = {"PATH": os.environ["PATH"], "FEDSEARCH_SOURCES__PUBMED__URL": "http://real.example/", "FEDSEARCH_DATA": str(tmp_path)}
    command = [sys.executable, "-c", "from fedsearch.cli import main; main()", "demo", "--port", "0"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            address = next(line.split()[-1] for line in demo.stdout if "Open" in line)
            with httpx.Client(base_url=address, transport=httpx.HTTPTransport(retries=5)) as http:
                document = http.get("/api/v1/search", params={"q": "heart failure"}).json()
                page = http.get("/").text
        finally:
            demo.send_signal(signal.SIGINT)
            _, err = demo.communicate(timeout=20)
    assert [source["status"] for source in document["sources"]] == ["ok", "ok", "ok"]
    assert document["works"] > 20
    assert 'class="demo"' in page
    assert demo.returncode == 0
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


RIS = """TY  - JOUR
TI  - Asthma in schools: a cohort study
AU  - Karimi, Sara
PY  - 2020
JO  - J Invent Med
VL  - 4
SP  - 11
ER  -

TY  - JOUR
TI  - Asthma in Schools: A Cohort Study.
AU  - Karimi S
PY  - 2020
JO  - Journal of Inventive Medicine
VL  - 4
SP  - 11-19
ER  -
"""


def test_dedupe_writes_each_work_once_and_a_report_and_says_the_counts(call: Call, tmp_path: Path) -> None:
    (tmp_path / "in.ris").write_text(RIS, encoding="utf-8")
    done = call("dedupe", str(tmp_path / "in.ris"), "--output", str(tmp_path / "out.ris"), "--report", str(tmp_path / "report.html"))
    assert (done.status, done.err) == (0, "")
    assert "2 records identified, 1 duplicates removed, 1 kept" in done.out
    assert (tmp_path / "out.ris").read_text(encoding="utf-8-sig").count("TY  - ") == 1
    assert "same first author" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["notes.docx", "list"])
def test_dedupe_names_the_endings_that_it_knows(call: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "in.ris").write_text(RIS, encoding="utf-8")
    done = call("dedupe", str(tmp_path / "in.ris"), "--output", str(tmp_path / name))
    assert done.status == 1
    assert ".ris" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["FEDSEARCH_DATA", "FEDSEARCH_STATE__URL"])
def test_a_folder_that_cannot_be_written_stops_the_start_in_one_line(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(name, f"{'file://' if name.endswith('URL') else ''}{tmp_path / 'file' / 'x'}")
    done = call("serve", "--port", "0")
    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1


def test_nothing_found_says_which_sources_did_not_answer(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ("PUBMED", "CROSSREF"):
        monkeypatch.setenv(f"FEDSEARCH_SOURCES__{source}__URL", "http://127.0.0.1:1/")
    done = call("search", "nothingofthekind")
    assert "Nothing found in the sources that answered; PubMed and Crossref did not." in " ".join(done.out.split())
