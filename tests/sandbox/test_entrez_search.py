"""ESearch reads PubMed's search language and says how it read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Find = Callable[..., dict[str, Any]]


def numbers(result: dict[str, Any]) -> set[int]:
    return {int(pmid) - 90000000 for pmid in result["idlist"]}


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("heart failure", {1, 2}),
        ('"heart failure"', {1}),
        ("heart failure[ti]", {1}),
        ("failure heart[ti]", {1, 2}),
        ('"heart failure"[mh]', {1}),
        ("heart failure/drug therapy[mh]", {1}),
        ("diabetes mellitus[mh]", {3, 4}),
        ("diabetes mellitus[mh:noexp]", {4}),
        ("diabetes mellitus[majr]", {4}),
        ("insulin NOT night", {4}),
        ("insulin AND night OR stroke", {3, 5, 6}),
        ("insulin AND (night OR stroke)", {3}),
        ("asthm*[ti]", {8}),
        ("insul* nigh*", {3}),
        ("novak jp[au]", {1, 2, 3, 4, 5, 6, 7, 8, 10}),
        ("karimi s[1au] AND insulin", {3}),
        ("novak[1au]", {4}),
        ("sara karimi[au] AND burns", {7}),
        ("School Health Group[au]", {8}),
        ("J Invent Med[ta] AND burns", {7}),
        ("2049-3630[is] AND burns", {7}),
        ("review[pt]", {2}),
        ("persian[la]", {7}),
        ("per[la]", {7}),
        ("مراقبت پرستاری", {7}),
        ("2011:2012[dp]", {1, 2}),
        ("2018/01[dp]", {8}),
        ("90000003[pmid]", {3}),
        ("90000003 90000004[pmid]", {3, 4}),
        ("90000004", {4}),
        ("10.5555/sandbox.4[doi]", {4}),
        ("PMC900004", {4}),
        ("8[vi] AND 2[ip] AND 482[pg]", {8}),
        ("free full text[sb]", {4}),
        ("hasabstract[filter]", {1, 10}),
        ('"hip pain"[tiab:~1]', {10}),
        ('"hip pain"[tiab:~0]', set()),
        ("hip pain", {10}),
        ("zebra", set()),
    ],
)
def test_a_search_finds(find: Find, term: str, found: set[int]) -> None:
    assert numbers(find(term)) == found


def test_mapped_words_are_shown_with_their_heading_and_their_variants(find: Find) -> None:
    result = find("heart failure insulin")
    mapped = '"heart failure"[MeSH Terms] OR ("heart"[All Fields] AND "failure"[All Fields]) OR "heart failure"[All Fields]'
    assert result["querytranslation"] == f'({mapped}) AND "insulin"[All Fields]'
    assert result["translationset"] == [{"from": "heart failure", "to": mapped}]


def test_stopwords_are_passed_over(find: Find) -> None:
    assert find("the insulin at night")["querytranslation"] == '"insulin"[All Fields] AND "night"[All Fields]'


def test_a_search_of_stopwords_alone_is_ignored_and_finds_nothing(find: Find) -> None:
    result = find("of the")
    assert result["count"] == "0"
    assert result["warninglist"]["phrasesignored"] == ["of the"]


def test_a_word_that_no_record_has_is_dropped_and_named(find: Find) -> None:
    result = find("insulin zebra")
    assert numbers(result) == {3, 4}
    assert result["errorlist"] == {"phrasesnotfound": ["zebra"], "fieldsnotfound": []}


def test_what_is_excluded_by_an_unknown_word_stays(find: Find) -> None:
    assert numbers(find("insulin NOT zebra")) == {3, 4}


def test_an_unknown_tag_is_named_and_its_words_are_searched(find: Find) -> None:
    result = find("insulin[foo]")
    assert numbers(result) == {3, 4}
    assert result["errorlist"]["fieldsnotfound"] == ["foo"]


def test_a_quoted_phrase_that_no_record_has_is_searched_as_words(find: Find) -> None:
    result = find('"night insulin"')
    assert numbers(result) == {3}
    assert result["warninglist"]["quotedphrasesnotfound"] == ['"night insulin"[All Fields]']


@pytest.mark.parametrize("term", ["(insulin", "insulin)", 'insulin "', "insulin AND", "AND insulin", "insulin []", "()insulin"])
def test_a_fault_of_form_is_no_error(find: Find, term: str) -> None:
    assert numbers(find(term)) == {3, 4}


@pytest.mark.parametrize("term", ["()", '"', "(((", "[ti]"])
def test_a_search_of_nothing_but_signs_finds_nothing(find: Find, term: str) -> None:
    assert find(term)["count"] == "0"


def test_a_fault_of_form_leaves_fields_and_operators_as_they_are(find: Find) -> None:
    result = find("((night[ti] OR stroke[ti]) AND insulin")
    assert numbers(result) == {3}
    assert result["warninglist"]["phrasesignored"] == ["(", ")"]


def test_more_terms_than_can_be_read_are_an_error_and_not_another_search(find: Find) -> None:
    assert find(" OR ".join(f"w{n}" for n in range(220)))["ERROR"].startswith("Search Backend failed")


def test_a_search_too_long_to_read_is_an_error_of_the_backend(find: Find) -> None:
    assert find("insulin " * 300)["ERROR"].startswith("Search Backend failed")


def test_the_newest_entry_comes_first_unless_asked_otherwise(find: Find) -> None:
    assert find("heart failure")["idlist"] == ["90000002", "90000001"]
    assert find("heart failure", sort="relevance")["idlist"] == ["90000001", "90000002"]


def test_sorted_by_date_the_latest_publication_comes_first(find: Find) -> None:
    assert find("all[sb]", sort="pub_date")["idlist"][:2] == ["90000010", "90000008"]


def test_dates_as_parameters_limit_like_dates_in_the_search(find: Find) -> None:
    assert numbers(find("insulin", mindate="2013", maxdate="2013/12", datetype="pdat")) == {3}
    assert numbers(find("insulin", reldate="1")) == set()
