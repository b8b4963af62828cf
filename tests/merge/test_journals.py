"""Journal names: whole, abbreviated, in parts and by their initials they are the same journal's."""

from __future__ import annotations

import pytest

from fedsearch.merge.journals import is_meeting, readings, same_name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ann Intern Med", "Annals of Internal Medicine"),
        ("J. Natl. Cancer Inst.", "Journal of the National Cancer Institute"),
        ("JAMA", "JAMA : the journal of the American Medical Association"),
        ("BMJ (Clinical research ed.)", "BMJ"),
        ("JNCI", "Journal of the National Cancer Institute"),
        ("Ai zheng = Chinese journal of cancer", "Chinese Journal of Cancer"),
        ("Dtsch-Med-Wochenschr", "Deutsche Medizinische Wochenschrift"),
        ("Annales fran?aises d'anesth?sie", "Annales francaises d'anesthesie"),
        ("PLoS ONE [Electronic Resource]", "PloS one"),
        ("مجله پرستاری ايران", "مجلهٔ پرستاری ایران"),
        ("Ter Arkh", "Терапевтический архив"),
    ],
)
def test_two_names_of_one_journal_are_the_same(left: str, right: str) -> None:
    assert same_name(left, right)
    assert same_name(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Gut", "Heart"),
        ("Thorax", "Eur Respir J"),
        ("Pediatrics", "Resuscitation"),
        ("Journal of Trauma", "Journal of Urology"),
        ("Annals of Surgery", "Annals of Internal Medicine"),
        ("مجله پرستاری ایران", "مجله پزشکی قانونی"),
    ],
)
def test_names_of_two_journals_are_not(left: str, right: str) -> None:
    assert not same_name(left, right)


def test_words_that_abbreviations_leave_out_do_not_count() -> None:
    assert readings("The Journal of the American Medical Association (Chicago, Ill.)")[1] == "american medical association"


def test_a_name_of_silent_words_only_keeps_them() -> None:
    assert readings("Journal") == ("journal",)
    assert readings("") == ()


def test_proceedings_are_known_by_their_words() -> None:
    assert is_meeting("Proc. 50th Hawaii Conference on System Sciences")
    assert not is_meeting("Gut")
