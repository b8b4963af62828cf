"""However hostile the texts, n works make n entries for other people's readers, with their identifiers."""

from __future__ import annotations

import csv
import io
import json
import re

import rispy
from bibtexparser.entrypoint import parse_string
from Bio import Medline
from hypothesis import given, settings
from hypothesis import strategies as st

from fedsearch.exports import export
from fedsearch.exports.wording import one_line
from fedsearch.model import Author, Flag, Identifiers, MeshHeading, Work

HOSTILE = (
    "\r\nER  - \r\nTY  - BOOK", "\nER  - ", "TY  - JOUR\r\n", "\n\nPMID- 1\nTI  - x", "\n      ", "} ,x={y}} @book{evil, title={z", "\n@book{evil,",
    "{", "}", "\\", "\\}", "\"", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1", "\t", "\u2028", "\u2029", "\x85", "\x00", "\x0b", "\x1c",
    "\ufeff", "\u202eabc", "آسم کودکان", "می‌شود", "😀", " and ", ",", ";", "%", "$x$", "#", "'", "<b>", "&amp;", "\u00a0", "null", "  ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), min_size=1, max_size=6).map("".join)
AUTHORS = st.lists(
    st.builds(Author, family=TEXTS, given=st.none() | TEXTS, role=st.sampled_from(["author", "editor", "translator"]))
    | st.builds(Author, collective=TEXTS),
    max_size=4,
)
WORKS = st.lists(
    st.builds(
        Work,
        id=st.just("w"),
        title=TEXTS,
        vernacular_title=st.none() | TEXTS,
        authors=AUTHORS.map(tuple),
        journal=st.none() | TEXTS,
        series=st.none() | TEXTS,
        volume=st.none() | TEXTS,
        pages=st.none() | TEXTS | st.just("1-9"),
        publisher=st.none() | TEXTS,
        published=st.sampled_from([None, "2024", "2024-03", "2024-03-01"]),
        abstract=st.none() | TEXTS,
        keywords=st.lists(TEXTS, max_size=2).map(tuple),
        mesh=st.lists(st.builds(MeshHeading, name=TEXTS), max_size=2).map(tuple),
        languages=st.sampled_from([(), ("fa",), ("en", "xx")]),
        type=st.sampled_from(["journal-article", "book", "book-chapter", "preprint", "conference-paper", "thesis", "other"]),
        flags=st.sampled_from([(), (Flag(kind="retracted", notice_doi="10.5555/notice"),)]),
    ),
    min_size=1,
    max_size=3,
).map(lambda works: [work.model_copy(update={"id": f"w{n}", "ids": ids(n)}) for n, work in enumerate(works)])


def ids(number: int) -> Identifiers:
    return Identifiers(doi=f"10.5555/a_b({number})", pmid=str(38000000 + number))


few = settings(max_examples=60, deadline=None)


@few
@given(WORKS)
def test_ris_read_by_rispy(works: list[Work]) -> None:
    entries = rispy.loads(export(works, "ris").decode())
    assert [entry["doi"] for entry in entries] == [work.ids.doi for work in works]
    assert [entry["accession_number"] for entry in entries] == [work.ids.pmid for work in works]
    assert [entry.get("title", "") for entry in entries] == [one_line(work.title) for work in works]


@few
@given(WORKS)
def test_nbib_read_by_biopython(works: list[Work]) -> None:
    entries = list(Medline.parse(io.StringIO(export(works, "nbib").decode())))  # type: ignore[no-untyped-call]
    assert [entry["PMID"] for entry in entries] == [work.ids.pmid for work in works]
    assert [entry.get("TI", "") for entry in entries] == [one_line(work.title) for work in works]
    assert [entry["AID"] for entry in entries] == [[f"{work.ids.doi} [doi]"] for work in works]


@few
@given(WORKS)
def test_bibtex_read_by_bibtexparser(works: list[Work]) -> None:
    text = export(works, "bibtex").decode()
    library = parse_string(text)
    assert library.failed_blocks == []
    assert [entry["doi"] for entry in library.entries] == [work.ids.doi for work in works]
    assert len({entry.key for entry in library.entries}) == len(works)
    assert text.count("{") == text.count("}")
    assert not re.search(r"\\[{}]", text.replace(r"\textbackslash{}", ""))


@few
@given(WORKS)
def test_csv_read_by_the_csv_module_holds_no_formula(works: list[Work]) -> None:
    rows = list(csv.DictReader(io.StringIO(export(works, "csv").decode("utf-8-sig"), newline="")))
    assert [row["doi"] for row in rows] == [work.ids.doi for work in works]
    assert not [cell for row in rows for cell in row.values() if re.match(r"[\s\ufeff\x00]*[=+\-@＝＋－＠\t\r]", cell)]
    assert export(works, "csv").decode().count("\r\n") == len(works) + 1


@few
@given(WORKS)
def test_csl_json_read_by_json(works: list[Work]) -> None:
    items = json.loads(export(works, "csl-json"))
    assert [(item["id"], item["DOI"]) for item in items] == [(work.id, work.ids.doi) for work in works]


@few
@given(WORKS)
def test_json_lines_read_line_by_line_give_the_very_texts(works: list[Work]) -> None:
    read = [json.loads(line) for line in export(works, "jsonl").decode().splitlines()]
    assert [(work["doi"], work["title"], work["abstract"]) for work in read] == [
        (work.ids.doi, work.title, work.abstract) for work in works
    ]
