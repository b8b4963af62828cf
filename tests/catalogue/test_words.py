"""One word is found however catalogue and question spell it."""

from __future__ import annotations

from itertools import product

import pytest

from fedsearch.catalogue.words import indexed, phrase_readings, question_words

SPELLINGS = [
    ("کتاب‌ها", "کتاب ها", "کتابها"),
    ("روان‌پزشکی", "روان پزشکی", "روانپزشکی"),
    ("نرم‌افزارها", "نرم افزار ها", "نرم‌افزار‌ها", "نرمافزارها"),
    ("بيماري‌هاي قلب", "بیماری های قلب", "بیماریهای قلب"),
    ("دههٔ ۱۳۹۰", "دهه ١٣٩٠", "دهه 1390"),
    ("diseases of the heart", "Heart Disease", "heart diseases"),
]


def finds(question: str, text: str) -> bool:
    present = set(indexed([text]).split())
    return all(present & set(forms) for forms in question_words(question))


@pytest.mark.parametrize(("question", "text"), [pair for spellings in SPELLINGS for pair in product(spellings, repeat=2)])
def test_every_spelling_finds_every_other(question: str, text: str) -> None:
    assert finds(question, text)


@pytest.mark.parametrize(
    ("question", "text"), [pair for spellings in (SPELLINGS[0], SPELLINGS[1], SPELLINGS[3]) for pair in product(spellings, repeat=2)]
)
def test_phrases_are_found_in_every_spelling(question: str, text: str) -> None:
    index = f" {indexed([text])} "
    assert any(f" {reading} " in index for reading in phrase_readings(question))


def test_a_singular_finds_the_plural_and_the_other_way_round() -> None:
    assert finds("بیماری", "بیماری‌ها")
    assert finds("بیماریهای", "بیماری")
    assert finds("nurse", "nurses")


def test_other_words_are_not_found() -> None:
    assert not finds("کتابخانه", "کتاب‌ها")
    assert not finds("kidney", "heart failure")


def test_stop_words_are_asked_only_where_there_is_nothing_else() -> None:
    assert [forms[0] for forms in question_words("the history of medicine in Iran")] == ["history", "medicine", "iran"]
    assert [forms[0] for forms in question_words("تاریخ پزشکی در ایران و اسلام")] == ["تاریخ", "پزشکی", "ایران", "اسلام"]
    assert [forms[0] for forms in question_words("it")] == ["it"]


def test_no_phrase_runs_from_one_title_into_the_next() -> None:
    assert "heart failure" not in indexed(["Diseases of the heart", "Failure of kidneys"])
