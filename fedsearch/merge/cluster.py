"""Judged pairs -> duplicate sets, without chains: two records that contradict one another never end in one set."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fedsearch.merge.compare import Judgement


def duplicate_sets(keys: Iterable[str], judged: Iterable[Judgement], contradict: Callable[[str, str], bool]) -> tuple[tuple[str, ...], ...]:
    """Join the best-founded pairs first, and only sets none of whose members contradict.

    `contradict` answers for any two keys, also for those that were never compared. The order of the input does not matter.
    """
    sets: dict[str, tuple[str, ...]] = {key: (key,) for key in sorted(keys)}
    for judgement in sorted(judged, key=lambda j: (-j.weight, j.left, j.right)):
        if judgement.verdict != "same":
            continue
        ours, theirs = sets[judgement.left], sets[judgement.right]
        if ours is theirs or any(contradict(a, b) for a in ours for b in theirs):
            continue
        joined = tuple(sorted(ours + theirs))
        sets.update(dict.fromkeys(joined, joined))
    return tuple(dict.fromkeys(sets.values()))
