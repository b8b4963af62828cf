"""A work's facts are written as PubMed and as Crossref write them, and nothing is added."""

from __future__ import annotations

import pytest
from lxml import etree

from fedsearch.sandbox.article import facts_of
from fedsearch.sandbox.bundle import Work, bodies, initials, name_parts
from fedsearch.sandbox.crossref_notation import item
from fedsearch.sandbox.pubmed_notation import article_xml, short_pages, source_line, spoken_date


def xml(work: Work) -> etree._Element:
    return etree.fromstring(article_xml(work))


@pytest.mark.parametrize(
    ("pages", "short"),
    [
        ("482-491", "482-91"),
        ("993-1004", "993-1004"),
        ("12-12", "12-2"),
        ("e100", "e100"),
        ("S12-S15", "S12-S15"),
        ("1475-1482", "1475-82"),
    ],
)
def test_pages_are_shortened_as_in_medline(pages: str, short: str) -> None:
    assert short_pages(pages) == short


@pytest.mark.parametrize(
    ("date", "spoken"), [("2014-09-01", "2014 Sep 1"), ("2014-09", "2014 Sep"), ("2014", "2014"), ("2019 Winter", "2019 Winter")]
)
def test_dates_are_written_out(date: str, spoken: str) -> None:
    assert spoken_date(date) == spoken


def test_names_are_taken_apart() -> None:
    assert name_parts("Smith, Sidney C Jr") == ("Smith", "Sidney C", "Jr")
    assert name_parts("Hauer , R N") == ("Hauer", "R N", "")
    assert initials("Jean-Jacques A") == "JJA"


def test_a_reference_is_one_line(works: tuple[Work, ...]) -> None:
    assert source_line(works[0]) == "J Invent Med. 2011 Mar 2;1(2):482-91"


def test_several_bodies_are_several_authors(works: tuple[Work, ...]) -> None:
    work: Work = {**works[7], "collective": "Group A; Group B"}
    assert bodies(work) == ["Group A", "Group B"]
    assert [found.text for found in xml(work).iterfind(".//CollectiveName")] == ["Group A", "Group B"]
    assert item(work)["author"][-1] == {"name": "Group B", "sequence": "additional", "affiliation": []}


def test_a_retraction_stands_on_both_works_in_both_notations(works: tuple[Work, ...]) -> None:
    retracted, notice = works[4], works[5]
    (link,) = xml(retracted).iterfind(".//CommentsCorrections")
    assert (link.get("RefType"), link.findtext("PMID")) == ("RetractionIn", "90000006")
    assert link.findtext("RefSource") == "J Invent Med. 2016 Mar 7;6(2):482-91. doi: 10.5555/sandbox.6"
    assert next(xml(notice).iterfind(".//CommentsCorrections")).get("RefType") == "RetractionOf"
    (by,) = item(retracted)["updated-by"]
    assert (by["DOI"], by["type"], by["updated"]["date-parts"]) == ("10.5555/sandbox.6", "retraction", [[2016, 3, 7]])
    assert item(notice)["update-to"][0]["DOI"] == "10.5555/sandbox.5"


def test_headings_with_several_qualifiers_become_one(works: tuple[Work, ...]) -> None:
    work: Work = {**works[0], "mesh": ["Sepsis/mortality*", "Sepsis/therapy", "Humans*"]}
    facts = facts_of(xml(work))
    assert facts is not None
    assert [str(heading) for heading in facts.headings] == ["Sepsis/*mortality/therapy", "*Humans"]


def test_a_preprint_is_posted_content_without_an_issue(works: tuple[Work, ...]) -> None:
    made = item(works[8])
    assert (made["type"], made["subtype"]) == ("posted-content", "preprint")
    assert "published-print" not in made


def test_what_is_not_known_is_not_said(works: tuple[Work, ...]) -> None:
    made = item(works[0])
    assert made.keys().isdisjoint({"is-referenced-by-count", "deposited", "license", "ISBN", "updated-by", "issn-type"})
    assert made["issued"] == {"date-parts": [[2011, 3, 2]]}
    assert xml(works[0]).find(".//ArticleDate") is None


def test_title_and_subtitle_stand_apart_in_crossref_and_together_in_pubmed(works: tuple[Work, ...]) -> None:
    made = item(works[7])
    assert (made["title"], made["subtitle"]) == (["Asthma attacks in schools"], ["a survey"])
    assert xml(works[7]).findtext(".//ArticleTitle") == "Asthma attacks in schools: a survey."


def test_the_language_is_written_as_each_source_writes_it(works: tuple[Work, ...]) -> None:
    assert xml(works[6]).findtext(".//Language") == "per"
    assert (item(works[6])["language"], item(works[6])["original-title"]) == ("fa", ["مراقبت پرستاری پس از سوختگی"])
