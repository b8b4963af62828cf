"""Languages in any usual notation."""

from __future__ import annotations

import pytest

from fedsearch import languages


@pytest.mark.parametrize(
    ("written", "two"),
    [
        ("per", "fa"),
        ("fas", "fa"),
        ("PER", "fa"),
        ("Persian", "fa"),
        ("farsi", "fa"),
        ("fa-IR", "fa"),
        ("Eng ", "en"),
        ("en_GB", "en"),
        ("zh-Hans", "zh"),
        ("und", None),
        ("mul", None),
        ("zxx", None),
        ("", None),
        (None, None),
    ],
)
def test_codes_tags_and_names_lead_to_the_two_letter_code(written: str | None, two: str | None) -> None:
    assert languages.two_letter(written) == two


def test_every_language_is_found_by_its_own_code_and_name() -> None:
    for code in ("fa", "ar", "de", "el", "zh", "no"):
        assert languages.two_letter(languages.bibliographic(code)) == code
        assert languages.two_letter(languages.english_name(code)) == code


def test_what_is_no_language_has_neither_code_nor_name() -> None:
    assert languages.bibliographic("klingon") is None
    assert languages.english_name(None) is None
