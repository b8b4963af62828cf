"""MEDLINE text -> Records; where XML and text describe the same article, both are read alike."""

from __future__ import annotations

from pathlib import Path

from Bio import Medline

from fedsearch.connectors.medline import parse_medline
from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.model import Author, Record

PAYLOADS = Path(__file__).parents[1] / "payloads" / "pubmed"


def text_of(name: str) -> str:
    return (PAYLOADS / name).read_text(encoding="utf-8")


def from_xml() -> Record:
    return next(record for record in parse_articles((PAYLOADS / "answer.xml").read_bytes())[0] if record.id == "90000001")


def test_xml_and_text_of_one_article_give_the_same_record() -> None:
    (from_text,), unreadable, untitled = parse_medline(text_of("same_article.txt"))
    # Text runs the sections of an abstract together and lists comments by their tags.
    same = {"abstract": None, "related": ()}
    assert from_text.model_copy(update=same) == from_xml().model_copy(update=same)
    assert from_text.abstract == (from_xml().abstract or "").replace("\n", " ")
    notes = {(each.kind, each.pmid, each.doi) for each in from_text.related}
    assert notes == {(each.kind, each.pmid, each.doi) for each in from_xml().related}
    assert (unreadable, untitled) == (0, 0)


def test_biopython_reads_the_same_values_from_the_text_as_we_from_the_xml() -> None:
    oracle = Medline.read(text_of("same_article.txt").splitlines())  # type: ignore[no-untyped-call]
    record = from_xml()
    assert oracle["PMID"] == record.id
    assert oracle["TI"] == f"{record.title}."
    assert oracle["JT"] == record.journal
    assert oracle["TA"] == record.journal_abbreviation
    assert oracle["MH"] == [str(heading) for heading in record.mesh]
    assert oracle["PT"] == list(record.publication_types)
    assert [f"{each.family}, {each.given}" for each in record.authors if each.family] == oracle["FAU"][:2]
    assert (oracle["VI"], oracle["IP"], oracle["PMC"]) == (record.volume, record.issue, record.ids.pmcid)


def test_records_without_number_or_title_are_counted_and_the_rest_is_read() -> None:
    found, unreadable, untitled = parse_medline(text_of("several.txt"))
    assert [record.id for record in found] == ["90000011", "90000013"]
    assert (unreadable, untitled) == (1, 1)


def test_a_title_that_nlm_did_not_translate_is_the_vernacular_one() -> None:
    french = parse_medline(text_of("several.txt"))[0][0]
    assert (french.title, french.published, french.languages) == ("Traitement de l'asthme", "1998-12", ("fr",))
    assert french.authors == (Author(family="Dupont-Martin", given="JP"),)


def test_a_chapter_names_its_book_and_editors() -> None:
    chapter = parse_medline(text_of("several.txt"))[0][1]
    assert (chapter.type, chapter.title, chapter.journal) == ("book-chapter", "How not to diagnose", "A Handbook of Made-up Diseases")
    assert chapter.authors == (Author(family="Writer", given="Ann"), Author(family="Keeper", given="Bea", role="editor"))
    assert (chapter.ids.isbn, chapter.publisher, chapter.place) == (("9780306406157",), "Test Press", "Tehran (IR)")


def test_line_ends_of_windows_change_nothing() -> None:
    windows = "\ufeff" + text_of("several.txt").replace("\n", "\r\n")
    assert parse_medline(windows) == parse_medline(text_of("several.txt"))


def test_text_that_is_not_medline_is_counted_and_never_raises() -> None:
    assert parse_medline("      an indented line\nand another") == ([], 1, 0)
    assert parse_medline("") == ([], 0, 0)
