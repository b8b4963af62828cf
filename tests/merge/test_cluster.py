"""Duplicate sets: the best-founded pairs join first, and never two that contradict."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fedsearch.merge.cluster import duplicate_sets
from fedsearch.merge.compare import Judgement, Verdict

KEYS = "abcdef"


def judgement(left: str, right: str, weight: float, verdict: Verdict = "same") -> Judgement:
    return Judgement(left, right, verdict, weight, ())


def never(left: str, right: str) -> bool:
    return False


def test_records_alone_are_sets_of_one() -> None:
    assert duplicate_sets("cab", [], never) == (("a",), ("b",), ("c",))


def test_pairs_join_into_sets() -> None:
    assert duplicate_sets("abcd", [judgement("a", "b", 9), judgement("b", "d", 9)], never) == (("a", "b", "d"), ("c",))


def test_unsure_and_different_pairs_join_nothing() -> None:
    judged = [judgement("a", "b", 7, "unsure"), judgement("a", "c", 1, "different")]
    assert duplicate_sets("abc", judged, never) == (("a",), ("b",), ("c",))


def test_the_weightier_pair_wins_where_both_cannot_be() -> None:
    judged = [judgement("a", "b", 9), judgement("b", "c", 12)]
    assert duplicate_sets("abc", judged, lambda left, right: {left, right} == {"a", "c"}) == (("a",), ("b", "c"))


def test_equal_weights_are_settled_by_the_keys() -> None:
    judged = [judgement("b", "c", 9), judgement("a", "b", 9)]
    assert duplicate_sets("abc", judged, lambda left, right: {left, right} == {"a", "c"}) == (("a", "b"), ("c",))


def test_members_that_were_never_compared_are_asked_about() -> None:
    asked: list[set[str]] = []

    def contradict(left: str, right: str) -> bool:
        asked.append({left, right})
        return False

    duplicate_sets("abcd", [judgement("a", "b", 9), judgement("c", "d", 9), judgement("b", "c", 8)], contradict)
    assert {"a", "d"} in asked


pairs = st.sampled_from(list(combinations(KEYS, 2)))
weighted = st.lists(
    st.builds(lambda pair, weight: judgement(pair[0], pair[1], weight), pairs, st.integers(8, 12)), unique_by=lambda j: (j.left, j.right)
)


@given(weighted, st.frozensets(pairs), st.data())
def test_any_order_gives_the_same_sets_each_key_once_and_no_contradiction(
    judged: list[Judgement], against: frozenset[tuple[str, str]], data: st.DataObject
) -> None:
    def contradict(left: str, right: str) -> bool:
        return (min(left, right), max(left, right)) in against

    sets = duplicate_sets(KEYS, judged, contradict)
    assert duplicate_sets(data.draw(st.permutations(KEYS)), data.draw(st.permutations(judged)), contradict) == sets
    assert sorted(key for keys in sets for key in keys) == list(KEYS)
    assert not any(contradict(*pair) for keys in sets for pair in combinations(keys, 2))
