"""The index finds words, phrases, neighbours, values and dates, and scores the better match higher."""

from __future__ import annotations

import pytest

from fedsearch.sandbox.index import Entry, Index, first_day, last_day

ENTRIES = [
    Entry("a", {"title": ["Heart failure"], "mesh": ["Child"]}, {"type": ["Review"]}, {"date": ["2014/09/11"]}),
    Entry("b", {"title": ["Failing hearts", "Failure of hearts"]}, {"type": ["Letter"]}, {"date": ["2014/01/01"]}),
    Entry("c", {"title": ["Kidney and heart and liver failure in a long title on organs"]}, {}, {"date": ["2020/05/01"]}),
]
INDEX = Index(ENTRIES, {"title": 2.0})


def test_a_word_is_found_only_as_it_is_written_and_its_variants_are_known() -> None:
    assert INDEX.with_word("heart") == {0, 2}
    assert INDEX.variants("heart") == ["heart", "hearts"]
    assert INDEX.variants("unheard") == []


def test_a_phrase_is_found_in_its_order_and_within_one_value() -> None:
    assert INDEX.with_phrase("heart failure") == {0}
    assert INDEX.with_phrase("failure heart") == set()
    assert INDEX.with_phrase("hearts failure") == set()


def test_the_last_word_of_a_phrase_may_be_a_beginning() -> None:
    assert INDEX.with_phrase("heart fail*") == {0}
    assert INDEX.with_beginning("fail", ["title"]) == {0, 1, 2}


@pytest.mark.parametrize(("distance", "found"), [(0, {0}), (1, {0}), (2, {0, 2})])
def test_neighbours_stand_at_most_so_many_words_apart_in_any_order(distance: int, found: set[int]) -> None:
    assert INDEX.with_near(["failure", "heart"], distance, ["title"]) == found


def test_values_are_found_whole() -> None:
    assert INDEX.with_value("type", "review") == {0}
    assert INDEX.with_value("type", "rev") == set()
    assert INDEX.with_value_beginning("type", "rev") == {0}


def test_dates_are_found_by_the_days_that_a_partial_date_may_mean() -> None:
    assert INDEX.dated("date", "2014", "2014") == {0, 1}
    assert INDEX.dated("date", "2014/02", "2014/09") == {0}
    assert (first_day("2014-02"), last_day("2014/2"), last_day("2014")) == ("2014/02/01", "2014/02/31", "2014/12/31")


def test_a_short_text_with_the_words_scores_above_a_long_one() -> None:
    scores = INDEX.scores([0, 2], [["heart"], ["failure"]])
    assert scores[0] > scores[2] > 0


def test_a_record_without_the_words_scores_nothing() -> None:
    assert INDEX.scores([1], [["kidney"]]) == {1: 0.0}


def test_an_empty_index_finds_nothing() -> None:
    empty = Index([], {})
    assert empty.with_word("heart") == set()
    assert empty.scores([], [["heart"]]) == {}
