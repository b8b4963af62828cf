"""Titles in comparison form, and what tells two nearly equal ones apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.folding import fold
from fedsearch.merge.titles import begins, difference, is_headed, is_translated, language, parts, plain, read, spelled


def whole(title: str) -> str:
    return read(title, of_book=False).wholes[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haemoglobin and oestrogen in paediatric anaesthesia", "Hemoglobin and estrogen in pediatric anesthesia"),
        ("Behaviour and labour in a centre for tumours", "Behavior and labor in a center for tumors"),
        ("Randomised programme, catalogued and analysed", "Randomized program, cataloged and analyzed"),
        ("Ageing, defence and sulphur in fibre", "Aging, defense and sulfur in fiber"),
        ("TNF-<i>α</i> in Ca<sup>2+</sup> &amp; sepsis", "TNF-alpha in Ca2+ & sepsis"),
        ("EFFECT OF GOUT ON SLEEP.", "Effect of gout on sleep"),
        ("Лечение острого панкреатита", "Lechenie ostrogo pankreatita"),
    ],
)  # fmt: skip
def test_notation_spelling_and_cyrillic_letters_make_no_other_title(one: str, other: str) -> None:
    assert whole(one) == whole(other)


def test_markup_goes_and_inequality_signs_stay() -> None:
    assert plain("Ca<sub>2</sub> &lt; 5 &amp;amp; <b>more</b>") == "Ca2 < 5 & more"
    assert plain("p < 5 and q > 3") == "p < 5 and q > 3"


@given(st.text(max_size=60))
def test_spelling_twice_is_spelling_once(text: str) -> None:
    once = spelled(fold(text))
    assert isinstance(read(text, of_book=True).wholes, tuple)
    assert spelled(once).replace("l", "") == spelled(spelled(once)).replace("l", "")


@pytest.mark.parametrize("mark", [": ", " : ", " = ", " / ", " – ", "—", " - ", " -- ", "? ", "; ", ". "])
def test_a_subtitle_is_cut_off_the_main_title(mark: str) -> None:
    assert read(f"Sepsis in pregnancy{mark}the register study", of_book=False).mains[0] == "sepsis in pregnancy"


def test_the_numbers_of_a_parallel_title_do_not_count() -> None:
    assert read("Leben und Werk = A life in the 9th century", of_book=True).numbers == set()


def test_codes_for_letters_that_a_system_cannot_show_are_left_out() -> None:
    assert whole("a\\U+0331\\sar of Gulshiri") == "asar of gulshiri"


def test_a_question_may_go_on_with_a_short_word() -> None:
    assert read("Sepsis in pregnancy? A register study", of_book=False).mains == ("sepsis in pregnancy",)


def test_hyphens_slashes_and_abbreviations_begin_no_subtitle() -> None:
    title = read("Follow-up, vs. IL-6 and TNF/IL-6 ratio", of_book=False)
    assert title.mains == title.wholes == (spelled("follow up vs il 6 and tnf il 6 ratio"),)


def test_parallel_titles_are_read_each_for_itself() -> None:
    german, english = "Behandlung der akuten Pankreatitis", "Treatment of acute pancreatitis"
    for mark in (" = ", " / ", "; ", " <ORIGINAL> "):
        assert set(read(f"{german}{mark}{english}", of_book=False).wholes) >= {whole(german), whole(english)}


def test_a_book_leaves_its_editors_and_its_edition_behind() -> None:
    title = read("Principles of nephrology, 3rd ed. / edited by R. Farsi", of_book=True)
    assert (title.wholes[0], title.edition) == ("principles of nefrology", 3)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("treatment of gout in the aged", "en"),
        ("die behandlung der gicht", "de"),
        ("le traitement de la goutte", "fr"),
        ("el tratamiento de la gota", "es"),
        ("gout", None),
    ],
)
def test_small_words_tell_the_language_of_a_title(title: str, code: str | None) -> None:
    assert language(title) == code


@pytest.mark.parametrize(
    ("title", "translated"), [("[Gout in the aged].", True), ('"[Gout in the aged]"', True), ("[18F]FDG in gout", False)]
)
def test_brackets_around_a_whole_title_say_that_it_is_translated(title: str, translated: bool) -> None:
    assert is_translated(title) is translated


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
        ("Two cases of gout", {"2"}),
        ("2nd look at gout", {"2"}),
        ("Survival of 10,000 people", {"10000"}),
        ("Survival of 10 000 people", {"10000"}),
    ],
)
def test_numbers_and_parts_of_a_title_are_counted_in_any_numerals(title: str, numbers: set[str]) -> None:
    assert read(title, of_book=False).numbers == numbers


def test_parts_are_told_from_other_numbers() -> None:
    assert parts("sepsis part ii of 2001") == {"2"}
    assert parts("sepsis 2001 to 2010") == set()


@pytest.mark.parametrize(
    "title",
    [
        "Editorial",
        "Letter to the Editor.",
        "From the Editor",
        "In reply",
        "Introduction",
        "Commentary",
        "سرمقاله",
        "نامه به سردبیر",
        "Asthma",
    ],
)
def test_titles_that_many_publications_share_are_generic(title: str) -> None:
    assert read(title, of_book=False).generic


def test_other_titles_are_not_generic() -> None:
    assert not read("Letters to patients after discharge", of_book=False).generic
    assert read("Introduction", of_book=True).generic
    assert not read("Asthma", of_book=True).generic


def told(left: str, right: str) -> tuple[bool, bool]:
    """Whether a word makes two publications of two titles, and whether no slip explains it; the same from either side."""
    here, there = difference(spelled(left), spelled(right)), difference(spelled(right), spelled(left))
    assert (here.telling, here.opposed) == (there.telling, there.opposed) or here.opposed == there.opposed
    return bool(here.telling), here.opposed


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("stroke in men", "stroke in women"),
        ("obesity of boys", "obesity of girls"),
        ("toxic in vivo", "toxic in vitro"),
        ("coffee is harmful", "coffee is not harmful"),
        ("fibrillation with valve disease", "fibrillation without valve disease"),
        ("hypothyroidism in practice", "hyperthyroidism in practice"),
        ("symptomatic stenosis", "asymptomatic stenosis"),
        ("hepatitis b in donors", "hepatitis c in donors"),
        ("sepsis ii", "sepsis iii"),
        ("small cell cancer", "non small cell cancer"),
        ("mortality of paediatric wards", "mortality of geriatric wards"),
    ],
)
def test_opposites_make_two_publications_wherever_they_stand(left: str, right: str) -> None:
    if "geriatric" not in right:
        assert told(left, right) == (True, True)
    assert told(left, right)[0]


@pytest.mark.parametrize(("left", "right"), [("hydration of adults", "hydration"), ("final results of a trial", "results of a trial")])
def test_a_telling_word_that_one_title_leaves_out_may_be_a_slip(left: str, right: str) -> None:
    assert told(left, right) == (True, False)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("asthma of children", "asthma of the child"),
        ("increase of falls", "increased falls"),
        ("type i error", "type 1 error"),
        ("early weaning", "erly weaning"),
        ("non small cell cancer", "nonsmall cell cancer"),
        ("gout in general practice", "gout in generl practice"),
        ("reoperation of hernia", "re operation of hernia"),
    ],
)
def test_another_form_or_a_slip_makes_no_other_publication(left: str, right: str) -> None:
    assert told(left, right) == (False, False)


@pytest.mark.parametrize(
    ("left", "right", "strange"),
    [
        ("studies of gout", "study of gout", (0, 0)),
        ("intellecutal property", "intellectual property", (0, 0)),
        ("pocket book of gout", "pocketbook of gout", (0, 0)),
        ("effect of atorvastatin", "effect of rosuvastatin", (1, 1)),
        ("survival in colon cancer", "survival in rectal cancer", (1, 1)),
        ("falls after stroke", "falls after recurrent stroke", (0, 1)),
    ],
)
def test_words_without_a_counterpart_are_strange(left: str, right: str, strange: tuple[int, int]) -> None:
    assert difference(left, right).strange() == strange


def test_a_heading_before_a_title_is_told_from_a_word_about_it() -> None:
    title = "structured development of a clinic"
    assert is_headed(f"sim paper {title}", title)
    assert not is_headed(f"letter {title}", title)
    assert not is_headed(f"non {title}", title)
    assert not is_headed(title, title)
    assert difference(f"letter {title}", title).about


def test_a_cut_title_begins_the_whole_one_spaces_aside() -> None:
    assert begins("statistical pocketbook of iran 1391 march", "statistical pocket book of iran")
    assert not begins("pocketbook of iran", "statistical pocket book of iran")
