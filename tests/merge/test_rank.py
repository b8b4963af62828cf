"""The order of works: the very item first, the question's words next, retracted works last; and every reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.merge.rank import Frequencies, question_words, rank, shipped_frequencies
from fedsearch.model import Flag, MeshHeading, Work
from fedsearch.query import Query, Sort, parse
from tests.building import POLICY, record, work, work_of

RETRACTED = (Flag(kind="retracted"),)


def order(question: str | Query, *works: Work) -> list[str]:
    query = parse(question) if isinstance(question, str) else question
    return [ranked.work.id.partition(":")[2] for ranked in rank(works, query, POLICY)]


def listed(*titles: str, **more: Any) -> list[Work]:
    """Works of one source, numbered from 1 in its order."""
    return [work("pubmed", str(at), rank=at, title=title, **more) for at, title in enumerate(titles, 1)]


def test_the_works_that_hold_the_questions_words_come_first() -> None:
    works = listed("Gout in men", "Asthma care", "Statins for asthma in children", "Statins")
    assert order("statins asthma", *works)[0] == "3"


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    works = listed("Patients and their treatment", "Sarcoidosis and its course")
    assert order("treatment of sarcoidosis", *works)[0] == "2"


def test_a_word_in_the_title_counts_more_than_one_in_the_abstract() -> None:
    works = [
        work("pubmed", "1", title="Care of the aged heart", abstract="We saw sarcoidosis there in some of the cases."),
        work("pubmed", "2", title="Sarcoidosis of the heart", abstract="We saw the course of it there in some of the cases."),
    ]
    assert order("sarcoidosis", *works) == ["2", "1"]


def test_subject_headings_and_keywords_are_searched_too() -> None:
    works = [*listed("One title", "Another title"), work("pubmed", "9", rank=30, title="A title", mesh=(MeshHeading(name="Sarcoidosis"),))]
    assert order("sarcoidosis", *works)[0] == "9"
    works[2] = work("pubmed", "9", rank=30, title="A title", keywords=("سارکوئیدوز",))
    assert order("سارکوئیدوز", *works)[0] == "9"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("بررسی کم‌خونی", "شیوع كمخوني در زنان باردار"),
        ("ديابت", "بررسی دیابت در سالمندان"),
        ("دیابت نوع ۲", "ديابت نوع 2 و ورزش"),
        ("therapies", "Therapy of gout"),
        ("CROHN’S", "Crohn's disease"),
        ("TNF-α", "TNF-alpha blockade"),
        ("cardio*", "Cardiological outcomes"),
        ("random*[ti] AND cardio*[tiab]", "Randomly assigned cardiology nurses"),
        ('"aged heart"[ti]', "Care of the aged heart"),
    ],
)
def test_words_are_found_in_every_way_of_writing_them(question: str, title: str) -> None:
    works = [*listed("Nursing outlook", "Hospital wards", "آموزش پزشکی"), work("pubmed", "9", rank=40, title=title)]
    assert order(question, *works)[0] == "9"


def test_what_is_not_wanted_raises_nothing() -> None:
    works = listed("Gout of the foot", "Gout in sarcoidosis sarcoidosis")
    assert order("gout NOT sarcoidosis", *works)[0] == "1"


def test_between_equal_texts_the_best_rank_anywhere_decides() -> None:
    first = work_of(record("pubmed", "a", doi="10.1000/1"), record("crossref", "b", doi="10.1000/1"), ranks=[40, 1])
    second = work("pubmed", "c", rank=2)
    assert order("hip fracture", second, first) == ["a", "c"]


def test_ties_are_settled_by_the_id_whatever_the_order_of_arrival() -> None:
    works = [work("pubmed", number, rank=1) for number in ("3", "1", "2")]
    assert order("hip", *works) == order("hip", *reversed(works)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("question", "more", "because"),
    [
        ("10.1000/ABC", {"doi": "10.1000/abc"}, "its DOI is the question"),
        ("10.1000/ABC[doi]", {"doi": "10.1000/abc"}, "its DOI is the question"),
        ("25176015", {"pmid": "25176015"}, "its PMID is the question"),
        ("PMC4280750", {"pmcid": "PMC4280750"}, "its PMCID is the question"),
        ("pmc4280750[pmcid]", {"pmcid": "PMC4280750"}, "its PMCID is the question"),
        ("0-306-40615-2", {"isbn": ["9780306406157"], "type": "book"}, "its ISBN is the question"),
        ("0-306-40615-2[isbn]", {"isbn": ["9780306406157"], "type": "book"}, "its ISBN is the question"),
        ("9[001]", {}, "its control number is the question"),
        ("Care of the aged heart", {"title": "Care of the aged heart."}, "its title is the question"),
        ('"Care of the aged heart"[ti]', {"title": "Care of the aged heart"}, "its title is the question"),
        ("مراقبت از قلب سالمندان", {"title": "Care", "vernacular_title": "مراقبت از قلب سالمندان"}, "its title is the question"),
    ],
)
def test_the_very_item_that_is_asked_for_comes_first_and_says_why(question: str, more: dict[str, Any], because: str) -> None:
    asked_for = work("pubmed", "9", rank=50, **more)
    others = listed("Care of the aged heart: a comment", "The aged heart heart heart", doi=None)
    first = rank([*others, asked_for], parse(question), POLICY)[0]
    assert first.work.id == "pubmed:9"
    assert first.because[0] == because


def test_a_short_title_is_not_taken_for_the_question() -> None:
    assert rank(listed("Asthma"), parse("asthma"), POLICY)[0].because[0].startswith("1 of 1")


@pytest.mark.parametrize("kind", ["retracted", "withdrawn"])
def test_a_retracted_work_comes_last_and_says_so(kind: str) -> None:
    retracted = work("pubmed", "0", rank=1, title="Statins for asthma", flags=({"kind": kind},))
    found = rank([retracted, *listed("Gout", "Another matter")], parse("statins asthma"), POLICY)
    assert found[-1].work.id == "pubmed:0"
    assert found[-1].because[-1] == "retracted: placed below the rest"
    assert found[-1].score == 0


@pytest.mark.parametrize("question", ["10.1000/r", "Statins for asthma in old age"])
def test_a_retracted_work_that_is_asked_for_by_name_comes_first(question: str) -> None:
    retracted = work("pubmed", "0", rank=9, title="Statins for asthma in old age", doi="10.1000/r", flags=RETRACTED)
    assert order(question, *listed("Statins for asthma", "Gout"), retracted)[0] == "0"


def test_a_concern_or_correction_lowers_nothing() -> None:
    plain, flagged = (work("pubmed", number, rank=1, flags=flags) for number, flags in (("2", ()), ("1", (Flag(kind="corrected"),))))
    assert order("hip", plain, flagged) == ["1", "2"]


def test_trials_and_reviews_are_raised_a_little_and_say_so() -> None:
    trial = work("pubmed", "2", rank=1, publication_types=("Randomized Controlled Trial",))
    found = rank([work("pubmed", "1", rank=1), trial], parse("hip"), POLICY)
    assert found[0].work.id == "pubmed:2"
    assert found[0].because[-1] == "randomised trial: slightly raised"
    assert found[0].score - found[1].score < 0.05


def newest(text: str = "hip") -> Query:
    return parse(text, sort="newest")


def test_newest_first_and_undated_last() -> None:
    dates: Sequence[tuple[str, str | None]] = (
        ("a", "2019"),
        ("b", None),
        ("c", "2024-03"),
        ("d", "2024-03-02"),
        ("e", "2024"),
        ("f", "2024-11-30"),
    )
    works = [work("pubmed", number, published=date) for number, date in dates]
    assert order(newest(), *works) == ["f", "d", "c", "e", "a", "b"]


def test_works_of_one_day_stand_by_how_well_they_answer() -> None:
    works = [work("pubmed", number, rank=1, title=title, published="2024") for number, title in (("1", "Gout"), ("2", "Hip fracture"))]
    assert order(newest("hip fracture"), *works) == ["2", "1"]


def test_reasons_name_the_words_and_the_ranks() -> None:
    made = work_of(
        record("pubmed", "1", title="Statins in old age", abstract="Asthma was rare.", doi="10.1000/1"),
        record("crossref", "2", title="Statins in old age", doi="10.1000/1"),
        ranks=[7, 2],
    )
    (found,) = rank([made], parse("statins asthma gout"), POLICY)
    assert found.because == (
        "1 of 3 words of the question in the title",
        "2 of 3 anywhere in the record",
        "number 2 at crossref",
        "number 7 at pubmed",
    )


def test_an_empty_list_is_ranked() -> None:
    assert rank([], parse("x1"), POLICY) == ()


words = st.sampled_from(["hip", "fracture", "statins", "قلب", "heart", "a", "of"])
drawn_works = st.lists(
    st.builds(
        lambda title, place, flags, published: {"title": " ".join(title), "rank": place, "flags": flags, "published": published},
        st.lists(words, min_size=1, max_size=6),
        st.integers(1, 200),
        st.sampled_from([(), (), RETRACTED]),
        st.sampled_from([None, "2020", "2024-05"]),
    ),
    max_size=8,
).map(lambda drawn: [work("pubmed", str(at), **more) for at, more in enumerate(drawn)])


@given(drawn_works, st.lists(words, min_size=1, max_size=4).map(" ".join), st.sampled_from(["relevance", "newest"]), st.data())
def test_scores_lie_between_0_and_1_fall_with_relevance_and_do_not_know_the_order_of_arrival(
    works: list[Work], question: str, sort: Sort, data: st.DataObject
) -> None:
    query = parse(question, sort=sort)
    found = rank(works, query, POLICY)
    scores = [ranked.score for ranked in found]
    assert all(0 <= score <= 1 for score in scores)
    assert sort == "newest" or scores == sorted(scores, reverse=True)
    assert sorted(ranked.work.id for ranked in found) == sorted(made.id for made in works)
    assert rank(data.draw(st.permutations(works)), query, POLICY) == found


# The question's words


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the treatment of gout?", ("treatment", "gout")),
        ("the who", ("the", "who")),
        ("درمان آسم چیست", ("درمان", "اسم")),
        ("asthma asthma", ("asthma",)),
        ("therapies[ti] NOT gout", ("therapi",)),
        ("asthma AND review[pt] AND english[la]", ("asthma",)),
        ("cardio* gout", ("cardio*", "gout")),
    ],
)
def test_words_of_a_question_without_those_that_mean_nothing(question: str, expected: tuple[str, ...]) -> None:
    assert question_words(parse(question)) == expected


def test_the_shipped_table_knows_common_words_from_rare_ones() -> None:
    table = shipped_frequencies()
    assert table.documents > 5_000
    assert table.idf("patient") < table.idf("sarcoidosi") <= table.idf("xyzzy")


def test_a_truncated_word_is_as_common_as_all_it_stands_for() -> None:
    table = Frequencies(100, {"cardiac": 30, "cardiolog": 20, "gout": 5})
    assert table.idf("cardi*") == Frequencies(100, {"x": 50}).idf("x")
    assert table.idf("zzz*") == table.idf("zzz")
