"""Comparison forms of records, and the blocks within which they are compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.merge.fold import Folded, blocks, fold_record
from fedsearch.model import Author
from tests.building import record


def folded(title: str = "Early mobilisation after stroke", **more: Any) -> Folded:
    return fold_record(record(title=title, **more))


@pytest.mark.parametrize(
    ("pages", "first"),
    [
        ("482-91", "482"),
        ("482-491", "482"),
        ("S123-7", "123"),
        ("e045678", "45678"),
        ("0212345", "212345"),
        ("۱۲-۱۹", "12"),
        ("iii", None),
        ("", None),
        ("0", None),
    ],
)
def test_the_first_page_is_compared_without_letters_and_zeros(pages: str, first: str | None) -> None:
    assert folded(pages=pages).first_page == first


@pytest.mark.parametrize(
    ("edition", "number"), [("20th ed.", 20), ("Second edition", 2), ("ویرایش ۳", 3), ("Rev. ed.", None), ("", None), (None, None)]
)
def test_an_edition_is_its_number(edition: str | None, number: int | None) -> None:
    assert folded(edition=edition).edition == number


def test_the_vernacular_title_is_compared_too() -> None:
    assert folded("Gout of the aged", vernacular_title="Die Gicht im Alter").titles == ("gout of the aged", "die gicht im alter")


def test_editors_stand_for_authors_only_where_there_are_none() -> None:
    editor, writer = Author(family="Ed", role="editor"), Author(family="Au")
    assert fold_record(record().model_copy(update={"authors": (editor, writer)})).families == ("au",)
    assert fold_record(record().model_copy(update={"authors": (editor,)})).families == ("ed",)


def test_editors_and_translators_stand_among_everyone() -> None:
    editor, writer = Author(family="Ed", role="editor"), Author(family="Au")
    assert fold_record(record().model_copy(update={"authors": (editor, writer)})).everyone == {"au", "ed"}


@pytest.mark.parametrize("names", [("Müller", "Mueller", "Muller"), ("Юрьев", "Yur'ev", "Iuriev"), ("de la Peña", "De la Pena")])
def test_a_family_name_has_one_form_in_all_spellings(names: tuple[str, ...]) -> None:
    forms = {folded(authors=[f"{name}, A"]).families[0].replace("i", "") for name in names}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("pages", "alone"),
    [("482-91", True), ("482-491", True), ("e045678", True), ("CD007912", True), ("482-483", False), ("A33", False), ("12", False), (None, False)],
)  # fmt: skip
def test_what_is_longer_than_two_pages_or_has_a_number_shares_its_first_page_with_nothing(pages: str | None, alone: bool) -> None:
    assert folded(pages=pages).alone_on_page is alone


@pytest.mark.parametrize(
    ("more", "translated"),
    [
        ({"title": "[Treatment of gout]"}, True),
        ({"languages": ["de"]}, True),
        ({"languages": ["en"]}, False),
        ({"languages": ["fa"], "type": "book"}, False),
        ({"title": "[18F]FDG in gout"}, False),
    ],
)
def test_a_title_in_brackets_or_of_an_article_in_another_language_may_be_translated(more: dict[str, Any], translated: bool) -> None:
    assert fold_record(record(**more)).translated is translated


def test_the_isbn_of_a_chapter_is_its_books() -> None:
    assert folded(isbn=["0306406152"], type="book").isbn == folded(isbn=["0306406152"], type="report").isbn == ("9780306406157",)
    assert folded(isbn=["0306406152"], type="book-chapter").isbn == folded(isbn=["0306406152"], type="conference-paper").isbn == ()


def test_versions_of_a_preprint_share_its_doi() -> None:
    assert folded(type="preprint", doi="10.1101/1.2v3").doi == folded(type="preprint", doi="10.1101/1.2").doi
    assert folded(doi="10.1000/a.v3").doi == "10.1000/a.v3"


@pytest.mark.parametrize(
    ("more", "cochrane", "version"),
    [
        ({"doi": "10.1002/14651858.CD007912.pub3"}, "7912", 3),
        ({"doi": "10.1002/14651858.CD007912"}, "7912", 1),
        ({"pages": "CD007912"}, "7912", None),
        ({"doi": "10.1000/1"}, None, None),
    ],
)
def test_a_cochrane_review_is_known_by_its_number(more: dict[str, Any], cochrane: str | None, version: int | None) -> None:
    assert (folded(**more).cochrane, folded(**more).cochrane_version) == (cochrane, version)


def pairs_of(*more: dict[str, Any]) -> int:
    return len(list(blocks(fold_record(record("pubmed", str(at), **one)) for at, one in enumerate(more))))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"title": "One", "doi": "10.1000/1"}, {"title": "Other", "doi": "10.1000/1"}),
        ({"title": "One", "pmid": "1"}, {"title": "Other", "pmid": "1"}),
        ({"title": "One", "type": "book", "isbn": ["0306406152"]}, {"title": "Other", "type": "book", "isbn": ["9780306406157"]}),
        ({"title": "Sepsis in pregnancy: a register"}, {"title": "Sepsis in pregnancy."}),
        ({"title": "One", "authors": ["Berg S"], "published": "2008"}, {"title": "Other", "authors": ["Berg, Sven"], "published": "2009"}),
        (
            {"title": "One", "volume": "7", "pages": "12-9", "published": "2008"},
            {"title": "Other", "volume": "7", "pages": "12", "published": "2008"},
        ),
    ],
)  # fmt: skip
def test_records_that_share_a_sign_are_compared(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert pairs_of(left, right) == 1


def test_editorials_are_compared_only_where_their_place_agrees() -> None:
    editorial = {"title": "Editorial", "published": "2019", "volume": "7"}
    assert pairs_of({**editorial, "pages": "1"}, {**editorial, "pages": "1-2"}) == 1
    assert pairs_of({**editorial, "pages": "1"}, {**editorial, "pages": "99"}) == 0


def test_records_that_share_nothing_are_not_compared() -> None:
    assert (
        pairs_of(
            {"title": "One", "authors": ["Berg S"], "published": "2008"}, {"title": "Other", "authors": ["Berg S"], "published": "2010"}
        )
        == 0
    )


@given(st.lists(st.sampled_from(["Sepsis", "Sepsis: part", "Stroke"]), max_size=8))
def test_each_pair_is_compared_once_in_the_order_of_its_keys(titles: list[str]) -> None:
    made = [fold_record(record("pubmed", f"{at:02}", title=title, doi="10.1000/1")) for at, title in enumerate(titles)]
    found = [(left.key, right.key) for left, right in blocks(reversed(made))]
    assert len(found) == len(set(found)) == len(made) * (len(made) - 1) // 2
    assert all(left < right for left, right in found)
