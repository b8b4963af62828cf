"""Every text is there in both languages, in the form that each language asks for."""

from __future__ import annotations

import string
import typing

import pytest

from fedsearch import model
from fedsearch.api.pages.form import FILTERS, Lang
from fedsearch.api.pages.words import LANGUAGES, load

EN, FA = load("en"), load("fa")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(EN.texts) == set(FA.texts)


def test_a_text_has_the_same_places_in_both_languages_and_is_not_empty() -> None:
    assert [key for key, text in EN.texts.items() if places(text) != places(FA.texts[key])] == []
    assert [key for words in (EN, FA) for key, text in words.texts.items() if not text.strip()] == []


def test_every_plural_has_both_forms() -> None:
    ones = {key.removesuffix(".one") for key in EN.texts if key.endswith(".one")}
    others = {key.removesuffix(".other") for key in EN.texts if key.endswith(".other") and key.count(".") > 1}
    assert ones == others


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("types", typing.get_args(model.WorkType)),
        ("flags", typing.get_args(model.FlagKind)),
        ("flags.note", typing.get_args(model.FlagKind)),
        ("related", typing.get_args(model.RelationKind)),
        ("evidence", typing.get_args(model.EvidenceTier)),
        ("access", typing.get_args(model.AccessKind)),
        ("status", typing.get_args(model.Status)),
        ("trouble", tuple(status for status in typing.get_args(model.Status) if status != "ok")),
        ("facets", FILTERS),
    ],
)
def test_every_value_of_the_model_has_a_word(group: str, values: tuple[str, ...]) -> None:
    assert [value for value in values if not EN.has(f"{group}.{value}")] == []


def test_persian_texts_use_persian_letters_and_digits() -> None:
    wrong = {key: text for key, text in FA.texts.items() if any(letter in text for letter in "يكىة٠١٢٣٤٥٦٧٨٩ـ")}
    assert wrong == {}


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert EN.number(1234567) == "1,234,567"
    assert FA.number(1234567) == "۱٬۲۳۴٬۵۶۷"


def test_one_takes_the_singular_in_english() -> None:
    assert EN.counted("results.works", 1) == "1 work found"
    assert EN.counted("results.works", 0) == "0 works found"
    assert FA.counted("results.works", 96) == "۹۶ اثر یافت شد"


def test_a_moment_is_jalali_and_tehran_time_in_persian() -> None:
    assert FA.moment("2026-11-23T20:40:00+00:00") == "۳ آذر ۱۴۰۵، ساعت ۰۰:۱۰ به وقت تهران"
    assert EN.moment("2026-11-23T20:40:00+00:00") == "23 November 2026, 20:40 UTC"


def test_a_moment_that_cannot_be_read_is_shown_as_it_came() -> None:
    assert EN.moment("yesterday") == "yesterday"


@pytest.mark.parametrize(("ms", "en", "fa"), [(8, "8 ms", "۸ میلی‌ثانیه"), (4021, "4.0 s", "۴٫۰ ثانیه")])
def test_durations_come_in_the_unit_that_fits(ms: int, en: str, fa: str) -> None:
    assert (EN.duration(ms), FA.duration(ms)) == (en, fa)


@pytest.mark.parametrize(("seconds", "age"), [(1, "1 second"), (150, "2 minutes"), (3600, "1 hour"), (200_000, "2 days")])
def test_ages_come_in_the_largest_unit_that_fits(seconds: int, age: str) -> None:
    assert EN.age(seconds) == age


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_direction_follows_the_language(lang: Lang) -> None:
    assert load(lang).direction == {"en": "ltr", "fa": "rtl"}[lang]
