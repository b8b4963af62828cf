"""Recorded files of libraries, where they stand beside the repository: what loads, and that Persian titles are found."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from fedsearch.catalogue import LoadReport, SqliteCatalogue, load_files
from fedsearch.model import Record
from fedsearch.query import parse

SHARED = Path(os.environ.get("FEDSEARCH_SHARED") or Path(__file__).parents[3] / "shared")
RECORDED = SHARED / "data" / "sources" / "marc"
PERSIAN = RECORDED / "nyu_persian"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded MARC files are not beside the repository (FEDSEARCH_SHARED)"),
]
FILES = sorted(path for path in RECORDED.rglob("*") if path.is_file() and path.suffix != ".md" and "items.xml" not in path.name)
# Records that describe no publication by themselves, by file; everything else in the recordings loads.
HOLDINGS = {"psu_sample_even.mrc.gz": 85, "evergreen-library-system_evergreen__serials_mfhd.xml": 7, "marc4j_marc4j__sample1.mrc": 4}
ARABIC_LETTERS = str.maketrans({"ی": "ي", "ک": "ك"})
PERSIAN_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
WESTERN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LoadReport]:
    with SqliteCatalogue(tmp_path_factory.mktemp("all") / "catalogue.db") as catalogue:
        return {path.name: load_files(catalogue, [path]) for path in FILES}


@pytest.fixture(scope="module", params=["enriched", "brief"])
def persian(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteCatalogue]:
    """The same Persian titles as full records with Persian script, and as brief romanised ones."""
    with SqliteCatalogue(tmp_path_factory.mktemp("persian") / "catalogue.db") as catalogue:
        load_files(catalogue, sorted(PERSIAN.glob(f"*__{request.param}.mrc")))
        yield catalogue


def records(catalogue: SqliteCatalogue) -> list[Record]:
    return list(catalogue.search(parse("persian[la] OR arabic[la] OR english[la]"), 1000).records)


def test_only_holdings_records_are_refused(reports: dict[str, LoadReport]) -> None:
    refused = {name: len(report.refused) for name, report in reports.items() if report.refused}
    assert refused == HOLDINGS
    assert all("holdings record" in one.reason for report in reports.values() for one in report.refused)


def test_brief_files_that_say_marc8_are_read_as_utf8(reports: dict[str, LoadReport]) -> None:
    brief = {name: report for name, report in reports.items() if name.endswith("__brief.mrc")}
    assert all(any("read as UTF-8" in note.text for note in report.notes) for report in brief.values())


def test_xml_without_a_single_root_loads_whole(reports: dict[str, LoadReport]) -> None:
    assert reports["evergreen-library-system_evergreen__serials_marc21.xml"].counts.added == 7


def test_every_persian_title_is_found_by_every_usual_spelling(persian: SqliteCatalogue) -> None:
    held = records(persian)
    assert len(held) == persian.count() == 146
    for record in held:
        for title in filter(None, (record.title, record.vernacular_title)):
            short = " ".join(title.split()[:6])
            for spelling in spellings(short):
                # In a Boolean, every word has to be there: no record may come in by most of its words.
                answer = persian.search(parse(f"{spelling} AND {spelling}"), 100)
                assert record.id in {found.id for found in answer.records}, f"{spelling!r} does not find {title!r}"


def spellings(title: str) -> set[str]:
    """As a searcher types it: without punctuation, with either letters and digits, ZWNJ kept, spaced or left out, marks left out."""
    bare = " ".join("".join(c if c.isalnum() or unicodedata.category(c) in ("Mn", "Lm", "Cf") else " " for c in title).split())
    # Search marks of the query language, and words of it in capitals, are not part of a title.
    bare = bare.replace("AND", "and").replace("OR", "or").replace("NOT", "not")
    plain = "".join(c for c in unicodedata.normalize("NFD", bare) if unicodedata.category(c) not in ("Mn", "Lm"))
    forms = {bare, plain}
    forms |= {form.translate(letters) for form in forms for letters in (ARABIC_LETTERS, PERSIAN_LETTERS)}
    forms |= {form.replace("\u200c", half) for form in forms for half in ("", " ")}
    forms |= {form.translate(digits) for form in forms for digits in (PERSIAN_DIGITS, WESTERN_DIGITS)}
    return {form for form in forms if form.strip()}
