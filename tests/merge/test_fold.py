"""Comparison forms of records, and the blocks within which they are compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.merge.fold import Folded, blocks, fold_record
from fedsearch.model import Author, Relation
from tests.building import record


def folded(title: str = "Early mobilisation after stroke", **more: Any) -> Folded:
    return fold_record(record(title=title, **more))


@pytest.mark.parametrize(
    ("title", "kind", "bare"),
    [
        ("Statins in old age", "article", "statins in old age"),
        ("RETRACTED: Statins in old age", "article", "statins in old age"),
        ("Retracted article: Statins in old age", "article", "statins in old age"),
        ("WITHDRAWN: Statins in old age", "article", "statins in old age"),
        ("Statins in old age [Erratum appears in Heart. 2013;10:3]", "article", "statins in old age"),
        ("Statins in old age [corrected]", "article", "statins in old age"),
        ("Retraction: Statins in old age", "retraction", "statins in old age"),
        ("Retraction notice to “Statins in old age”", "retraction", "statins in old age"),
        ("Erratum to: Statins in old age", "correction", "statins in old age"),
        ("Author Correction: Statins in old age", "correction", "statins in old age"),
        ("Corrigendum: Statins in old age", "correction", "statins in old age"),
        ("Expression of Concern: Statins in old age", "concern", "statins in old age"),
        ("Reply to Statins in old age", "comment", "statins in old age"),
        ("Re: Statins in old age", "comment", "statins in old age"),
        ("Statins in old age: authors' reply", "comment", "statins in old age"),
        ("Correction to: Statins in old age", "correction", "statins in old age"),
        ("Correction to “Statins in old age”", "correction", "statins in old age"),
        ("Retraction—Statins in old age", "retraction", "statins in old age"),
        ("Response to: Statins in old age", "comment", "statins in old age"),
        ("Statins in old age. Authors’ reply.", "comment", "statins in old age"),
        ("Retraction of the lung after surgery", "article", "retraction of the lung after surgery"),
        ("Withdrawal of beta-blockers", "article", "withdrawal of beta blockers"),
        ("Response of asthma to steroids", "article", "response of asthma to steroids"),
        ("Correction of anaemia in kidney disease", "article", "correction of anaemia in kidney disease"),
        ("Re-operation after hip fracture", "article", "re operation after hip fracture"),
        ("Steroids in asthma: a dose-response", "article", "steroids in asthma a dose response"),
        ("Comment", "article", "comment"),
        ("Reoperation after hip fracture", "article", "reoperation after hip fracture"),
        ("Repair of hernia", "article", "repair of hernia"),
    ],
)
def test_a_titles_first_words_tell_a_notice_from_the_article(title: str, kind: str, bare: str) -> None:
    assert (folded(title).kind, folded(title).titles[0]) == (kind, bare)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"type": "preprint"}, "preprint"),
        ({"type": "book"}, "book"),
        ({"type": "audio-visual"}, "book"),
        ({"type": "book-chapter"}, "part"),
        ({"type": "component"}, "part"),
        ({"type": "thesis"}, "thesis"),
        ({"type": "peer-review"}, "peer-review"),
        ({"publication_types": ("Published Erratum",)}, "correction"),
        ({"publication_types": ("Retraction of Publication", "Journal Article")}, "retraction"),
        ({"publication_types": ("Expression of Concern",)}, "concern"),
        ({"related": (Relation(kind="retracts", doi="10.1000/1"),)}, "retraction"),
        ({"related": (Relation(kind="retraction", doi="10.1000/1"),)}, "article"),
        ({"publication_types": ("Retracted Publication",)}, "article"),
    ],
)
def test_what_the_source_says_of_a_kind_is_believed(more: dict[str, Any], kind: str) -> None:
    assert folded(**more).kind == kind


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Sepsis. Part II", {"2"}),
        ("Sepsis, part 2", {"2"}),
        ("Phase III trial of X", {"3"}),
        ("Type i interferon", {"1"}),
        ("Part B: methods", {"b"}),
        ("Henry VIII and gout", {"8"}),
        ("Vitamin C in COVID-19, 2020", {"19", "2020"}),
        ("Vitamin C and I", set()),
        ("سپسیس، بخش ۲", {"2"}),
    ],
)
def test_numbers_and_parts_of_a_title_are_counted_in_any_numerals(title: str, numbers: set[str]) -> None:
    assert folded(title).numbers == numbers


@pytest.mark.parametrize(
    "title", ["Editorial", "Letter to the Editor.", "From the Editor", "In reply", "Introduction", "سرمقاله", "نامه به سردبیر", "Asthma"]
)
def test_titles_that_many_publications_share_are_generic(title: str) -> None:
    assert folded(title).generic


def test_other_titles_are_not_generic() -> None:
    assert not folded("Letters to patients after discharge").generic


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


def test_a_subtitle_is_cut_off_the_main_title() -> None:
    for mark in (": ", " : ", " = ", " / ", " – ", "? "):
        assert folded(f"Sepsis in pregnancy{mark}a register study").main_titles == ("sepsis in pregnancy",)
    assert folded("Follow-up and TNF/IL-6 ratio").main_titles == ("follow up and tnf il 6 ratio",)


def test_the_vernacular_title_is_compared_too() -> None:
    assert folded("Treatment of gout", vernacular_title="Therapie der Gicht").titles == ("treatment of gout", "therapie der gicht")


def test_editors_stand_for_authors_only_where_there_are_none() -> None:
    editor, writer = Author(family="Ed", role="editor"), Author(family="Au")
    assert fold_record(record().model_copy(update={"authors": (editor, writer)})).families == ("au",)
    assert fold_record(record().model_copy(update={"authors": (editor,)})).families == ("ed",)


def test_small_words_of_a_journals_name_do_not_count() -> None:
    assert folded(journal="The Journal of the American Medical Association (Chicago, Ill.)").journals == {
        "journal american medical association"
    }


def pairs_of(*more: dict[str, Any]) -> int:
    return len(list(blocks(fold_record(record("pubmed", str(at), **one)) for at, one in enumerate(more))))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"title": "One", "doi": "10.1000/1"}, {"title": "Other", "doi": "10.1000/1"}),
        ({"title": "One", "pmid": "1"}, {"title": "Other", "pmid": "1"}),
        ({"title": "One", "isbn": ["0306406152"]}, {"title": "Other", "isbn": ["9780306406157"]}),
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
