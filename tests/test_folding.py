"""The comparison form: what a reader takes for the same letters folds to the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.folding import ZWNJ, fold, fold_spaced, is_persian, stem


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("كليه و يبوست", "کلیه و یبوست"),                    # Arabic and Persian kaf and yeh
        ("مبتلاى به ديابت", "مبتلای به دیابت"),
        ("مراقبة", "مراقبه"),
        ("خانهٔ سلامت", "خانۀ سلامت"),
        ("مسئول", "مسیول"),
        ("أثر", "اثر"),
        ("آسم", "اسم"),
        ("مُراقبَت", "مراقبت"),                               # vowel signs
        ("سـرطـان", "سرطان"),                                 # tatweel
        ("ﻗﻠﺐ", "قلب"),                                       # presentation forms
        ("سال ۱۳۹۰", "سال 1390"),
        ("سال ١٣٩٠", "سال 1390"),
        ("درد، تب؛ سرفه؟", "درد تب سرفه"),
        (f"می{ZWNJ}شود", "میشود"),
        ("\u202bقلب\u202c\u200f", "قلب"),
    ],
)  # fmt: skip
def test_persian_and_arabic_writing_fold_alike(ours: str, theirs: str) -> None:
    assert fold(ours) == fold(theirs) == fold(fold(ours))


def test_a_half_space_joins_or_parts_as_the_caller_wants() -> None:
    assert fold(f"کم{ZWNJ}خونی") == "کمخونی"
    assert fold_spaced(f"کم{ZWNJ}خونی") == "کم خونی"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Müller", "Muller"),
        ("Sjögren’s syndrome", "Sjogren's syndrome"),
        ("CROHN'S DISEASE", "Crohn’s disease"),
        ("Crohn´s disease", "Crohn disease"),
        ("Ménière", "Menière"),
        ("Straße", "STRASSE"),
        ("Œdema", "oedema"),
        ("Łódź", "Lodz"),
        ("Ørsted", "Orsted"),
        ("Işık", "Isik"),
        ("Ibn Sīnā, ʻAbd al-Ḥusayn", "Ibn Sina Abd al Husayn"),
        ("ﬁbrosis", "fibrosis"),
        ("CO₂ and H²O", "co2 and h2o"),
        ("re-\u00adadmission", "re-admission"),
        ("TNF‐α", "TNF-alpha"),
        ("µ-opioid", "mu opioid"),
        ("β‑blockers", "beta-blockers"),
    ],
)
def test_latin_and_greek_writing_fold_alike(ours: str, theirs: str) -> None:
    assert fold(ours) == fold(theirs)


def test_greek_words_stay_greek_words() -> None:
    assert fold("καρδιά") == "καρδια"


@pytest.mark.parametrize("text", ["", "  ", "…", "!?", "_", "«»"])
def test_what_has_no_letter_folds_to_nothing(text: str) -> None:
    assert fold(text) == ""


def test_two_different_persian_titles_stay_different() -> None:
    assert fold("بررسی دیابت") != fold("بررسی آسم")


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_a_folded_text_is_words_with_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert ZWNJ not in folded


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_plain_letters_fold_the_same_beside_other_letters(text: str) -> None:
    assert fold(f"{text} é") == f"{fold(text)} e".strip()


def test_words_are_stemmed_in_english_only() -> None:
    assert stem("therapies") == stem("therapy")
    assert stem("بیماری") == "بیماری"
    assert stem("il6") == "il6"
    assert is_persian("درد2")
    assert not is_persian("pain")
