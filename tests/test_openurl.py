"""OpenURL 1.0: a work as a link resolver reads it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest

from fedsearch.openurl import openurl
from tests.building import work


def described(**more: Any) -> dict[str, list[str]]:
    return parse_qs(openurl(work(**more)), strict_parsing=True)


def test_an_article_is_described_with_everything_that_finds_it() -> None:
    found = described(
        title="Angiotensin–neprilysin inhibition & enalapril",
        authors=["McMurray, John J. V.", "Packer, Milton"],
        journal="The New England journal of medicine",
        journal_abbreviation="N Engl J Med",
        issn=("0028-4793", "1533-4406"),
        published="2014-09-11",
        volume="371",
        issue="11",
        pages="993-1004",
        doi="10.1056/NEJMoa1409077",
        pmid="25176015",
    )
    assert found == {
        "url_ver": ["Z39.88-2004"],
        "ctx_ver": ["Z39.88-2004"],
        "ctx_enc": ["info:ofi/enc:UTF-8"],
        "url_ctx_fmt": ["info:ofi/fmt:kev:mtx:ctx"],
        "rfr_id": ["info:sid/fedsearch:search"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:journal"],
        "rft.genre": ["article"],
        "rft.atitle": ["Angiotensin–neprilysin inhibition & enalapril"],
        "rft.jtitle": ["The New England journal of medicine"],
        "rft.stitle": ["N Engl J Med"],
        "rft.issn": ["0028-4793"],
        "rft.date": ["2014-09-11"],
        "rft.volume": ["371"],
        "rft.issue": ["11"],
        "rft.pages": ["993-1004"],
        "rft.spage": ["993"],
        "rft.aulast": ["McMurray"],
        "rft.aufirst": ["John J. V."],
        "rft_id": ["info:doi/10.1056/nejmoa1409077", "info:pmid/25176015"],
    }


def test_a_book_is_described_as_a_book() -> None:
    found = described(
        type="book", title="طب داخلی", isbn=["0-306-40615-2"], edition="20", publisher="تیمورزاده", place="تهران", published="1398"
    )
    assert (found["rft_val_fmt"], found["rft.genre"]) == (["info:ofi/fmt:kev:mtx:book"], ["book"])
    assert found["rft.btitle"] == ["طب داخلی"]
    assert (found["rft.isbn"], found["rft.edition"], found["rft.place"]) == (["9780306406157"], ["20"], ["تهران"])
    assert "rft.atitle" not in found


def test_a_chapter_names_itself_and_its_book() -> None:
    found = described(type="book-chapter", title="Sepsis", journal="Principles of Medicine")
    assert (found["rft.genre"], found["rft.atitle"], found["rft.btitle"]) == (["bookitem"], ["Sepsis"], ["Principles of Medicine"])


def test_a_journal_is_no_article() -> None:
    found = described(type="journal", title="The Lancet", issn=("0140-6736",))
    assert (found["rft.genre"], found["rft.jtitle"]) == (["journal"], ["The Lancet"])
    assert "rft.atitle" not in found


@pytest.mark.parametrize(
    ("kind", "genre"),
    [("preprint", "preprint"), ("conference-paper", "proceeding"), ("thesis", "document"), ("report", "report"), ("dataset", "unknown")],
)
def test_every_type_has_a_genre_that_resolvers_know(kind: str, genre: str) -> None:
    assert described(type=kind)["rft.genre"] == [genre]


def test_what_is_not_known_is_left_out() -> None:
    assert not {"rft.date", "rft.volume", "rft.issn", "rft.spage", "rft.aulast", "rft_id"} & set(described())


@pytest.mark.parametrize(("pages", "first"), [("e045678", "e045678"), ("12–19", "12"), ("S1-S9", "S1"), ("5, 7", "5")])
def test_the_first_page_is_named_for_itself(pages: str, first: str) -> None:
    assert described(pages=pages)["rft.spage"] == [first]


def test_the_date_online_serves_before_there_is_an_issue() -> None:
    assert described(published_online="2020-12-30")["rft.date"] == ["2020-12-30"]


def test_a_body_of_authors_is_a_corporate_author() -> None:
    found = described(authors=["*The RECOVERY Group", "Horby P"])
    assert found["rft.aucorp"] == ["The RECOVERY Group"]
    assert "rft.aulast" not in found
