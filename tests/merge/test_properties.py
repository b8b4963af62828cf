"""What merging promises whatever comes: order and notation never matter, nothing is lost, doubt stays apart, decisions are obeyed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.merge import Decisions, find_duplicates, merge_records
from fedsearch.merge.compare import COMPARISONS
from fedsearch.merge.fold import fold_record
from fedsearch.merge.judging import judge
from fedsearch.model import Flag, Record, Relation
from tests.building import POLICY, record

TITLES = (
    "Management of sepsis", "Management of sepsis. Part I", "Management of sepsis. Part II", "Management of sepsis: a review of practice",
    "Erratum: Management of sepsis", "RETRACTED: Management of sepsis", "Reply", "Editorial", "[Management of sepsis]",
    "Behandlung der Sepsis = Management of sepsis", "مدیریت سپسیس", "مديريت سپسيس", "Лечение сепсиса", "Lechenie sepsisa",
    "Early mobilisation after stroke in men", "Early mobilization after stroke in women", "Early mobilization after stroke",
)  # fmt: skip


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


@st.composite
def records(draw: st.DrawFn, most: int = 7) -> list[Record]:
    made = []
    for number in range(draw(st.integers(1, most))):
        told = {
            "doi": draw(maybe("10.1000/1", "10.1000/2", "10.1002/14651858.cd001234.pub2")),
            "pmid": draw(maybe("11", "22")),
            "published": draw(maybe("2008", "2009", "2015")),
            "journal": draw(maybe("Chest", "Gut", "Journal of Sepsis")),
            "volume": draw(maybe("1", "2")),
            "issue": draw(maybe("3")),
            "pages": draw(maybe("1-9", "1", "10-19", "A33")),
            "edition": draw(maybe("1st", "2nd")),
            "isbn": draw(st.sampled_from([(), ("9780306406157",), ("9780804429573",)])),
            "type": draw(st.sampled_from(["journal-article", "preprint", "book", "book-chapter", "conference-paper", "other"])),
            "flags": draw(st.sampled_from([(), (Flag(kind="retracted"),)])),
            "related": draw(st.sampled_from([(), (Relation(kind="preprint", doi="10.1000/2"),)])),
            "authors": draw(st.sampled_from([(), ("Berg S",), ("Berg, Sven", "Vale, Sara"), ("Vale S",), ("*A Group",), ("احمدی, علی",)])),
        }
        source = draw(st.sampled_from(["pubmed", "crossref", "catalogue"]))
        made.append(record(source, str(number), title=draw(st.sampled_from(TITLES)), **told))
    return made


def sets(found: Iterable[Record], decisions: Decisions | None = None) -> set[tuple[str, ...]]:
    return set(find_duplicates(found, POLICY, decisions).sets)


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(found: list[Record], chance: Any) -> None:
    shuffled = found[:]
    chance.shuffle(shuffled)
    assert merge_records(shuffled, {}, POLICY) == merge_records(found, {}, POLICY)
    assert find_duplicates(shuffled, POLICY) == find_duplicates(found, POLICY)


@given(records())
def test_the_records_of_works_merged_again_are_the_same_works(found: list[Record]) -> None:
    works = merge_records(found, {}, POLICY)
    assert merge_records([one for work in works for one in work.records], {}, POLICY) == works


@given(records())
def test_no_record_is_lost_and_none_is_in_two_works(found: list[Record]) -> None:
    works = merge_records(found, {}, POLICY)
    assert sorted(one.key for work in works for one in work.records) == sorted(one.key for one in found)


@given(records(most=2))
def test_evidence_does_not_depend_on_the_side(found: list[Record]) -> None:
    left, right = fold_record(found[0]), fold_record(found[-1])
    for comparison in COMPARISONS:
        assert comparison(left, right, POLICY).weight == comparison(right, left, POLICY).weight
    here, there = judge(left, right, POLICY), judge(right, left, POLICY)
    assert (here.verdict, here.weight) == (there.verdict, there.weight)
    assert here.relation == (there.relation and there.relation[::-1])


NOTATIONS = {
    "doi": ("10.1000/abc.1", "10.1000/ABC.1", "https://doi.org/10.1000/abc.1", "doi:10.1000/Abc.1", "http://dx.doi.org/10.1000%2Fabc.1", "10.1000/abc.1."),
    "pmid": ("123456", "PMID: 123456", "00123456", "https://pubmed.ncbi.nlm.nih.gov/123456/", "۱۲۳۴۵۶"),
    "pmcid": ("PMC123456", "pmc123456", "PMC 123456", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123456/"),
    "isbn": (("0306406152",), ("0-306-40615-2 (hbk.)",), ("9780306406157",), ("978-0-306-40615-7",), ("ISBN 978 0 306 40615 7",)),
}  # fmt: skip


@given(st.sampled_from(sorted(NOTATIONS)), st.data(), records(most=4))
def test_the_notation_of_an_identifier_never_matters(name: str, data: st.DataObject, others: list[Record]) -> None:
    first, second = (data.draw(st.sampled_from(NOTATIONS[name])) for _ in range(2))
    kind = "book" if name == "isbn" else "journal-article"

    def one(source: str, number: str, notation: Any) -> Record:
        more: dict[str, Any] = {name: notation}
        return record(source, number, title="Handwashing before injections at night", type=kind, **more)

    here, there = [*others, one("pubmed", "a", first)], [*others, one("pubmed", "a", second)]
    assert merge_records(here, {}, POLICY) == merge_records(there, {}, POLICY)
    if name != "pmcid":
        assert together(sets([one("crossref", "b", first), one("pubmed", "a", second)]), "crossref:b", "pubmed:a")


@given(records())
def test_unsure_pairs_stay_apart_and_are_reported(found: list[Record]) -> None:
    duplicates = find_duplicates(found, POLICY)
    owner = {key: keys for keys in duplicates.sets for key in keys}
    told = {(judgement.left, judgement.right) for judgement in duplicates.unsure()}
    for left, right in combinations(sorted(map(fold_record, found), key=lambda folded: folded.key), 2):
        verdict = judge(left, right, POLICY).verdict
        alone = find_duplicates([left.record, right.record], POLICY)
        assert (len(alone.sets) == 1) == (verdict == "same" and (left.key, right.key) in alone.judgements)
        if (left.key, right.key) in told:
            assert verdict == "unsure"
            assert owner[left.key] != owner[right.key]


@given(records(), st.data())
def test_a_decision_for_two_records_is_obeyed_and_no_other_pair_comes_apart(found: list[Record], data: st.DataObject) -> None:
    left, right = two_of(found, data)
    before, after = sets(found), sets(found, {(left, right): True})
    assert together(after, left, right)
    for keys in before:
        assert any(set(keys) <= set(joined) for joined in after)
    untouched = {keys for keys in before if left not in keys and right not in keys}
    assert untouched <= after


@given(records(), st.data())
def test_a_decision_against_two_records_is_obeyed(found: list[Record], data: st.DataObject) -> None:
    left, right = two_of(found, data)
    before, after = sets(found), sets(found, {(left, right): False})
    assert left == right or not together(after, left, right)
    if not together(before, left, right):
        assert after == before


@given(records(most=5), st.data())
def test_decisions_chain_against_all_evidence(found: list[Record], data: st.DataObject) -> None:
    keys = sorted(one.key for one in found)
    decisions = dict.fromkeys(pairwise(keys), True)
    assert sets(found, decisions) == {tuple(keys)}
    if len(keys) > 2:
        apart = data.draw(st.sampled_from([pair for pair in combinations(keys, 2) if pair not in decisions]))
        assert not together(sets(found, {**decisions, apart: False}), *apart)


def two_of(found: list[Record], data: st.DataObject) -> tuple[str, str]:
    keys = sorted(one.key for one in found)
    left, right = sorted(data.draw(st.tuples(st.sampled_from(keys), st.sampled_from(keys))))
    return left, right


def together(found: Iterable[tuple[str, ...]], left: str, right: str) -> bool:
    return any(left in keys and right in keys for keys in found)


@pytest.mark.parametrize("pair", [("crossref:2", "pubmed:1"), ("pubmed:1", "crossref:2")])
def test_a_decision_counts_in_either_order_of_its_keys(pair: tuple[str, str]) -> None:
    found = [record("pubmed", "1", doi="10.1000/1"), record("crossref", "2", doi="10.1000/1")]
    assert len(sets(found)) == 1
    assert len(sets(found, {pair: False})) == 2


def test_a_decided_pair_keeps_what_each_of_them_joins_by_evidence() -> None:
    article = [record(source, "1", title="Handwashing before injections", doi="10.1000/1") for source in ("pubmed", "crossref")]
    other = [record(source, "2", title="Sleep of nurses at night", doi="10.1000/2") for source in ("pubmed", "crossref")]
    joined = sets([*article, *other], {("pubmed:1", "pubmed:2"): True})
    assert joined == {("crossref:1", "crossref:2", "pubmed:1", "pubmed:2")}
