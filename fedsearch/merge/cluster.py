"""Judged pairs -> duplicate sets, without chains: two records that contradict one another never end in one set, unless a librarian
decided so."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from fedsearch.merge.compare import Judgement


def duplicate_sets(keys: Iterable[str], judged: Iterable[Judgement], contradict: Callable[[str, str], bool]) -> tuple[tuple[str, ...], ...]:
    """Join the best-founded pairs first, and only sets none of whose members contradict.

    `contradict` answers for any two keys, also for those that were never compared. What decisions alone hold together counts as one
    set, and each part of it goes on joining by its own evidence. The order of the input does not matter.
    """
    sets: dict[str, tuple[str, ...]] = {key: (key,) for key in sorted(keys)}
    founded = dict(sets)
    joining: list[Judgement] = []
    parting: set[tuple[str, str]] = set()
    for judgement in judged:
        if judgement.verdict == "same":
            joining.append(judgement)
        elif judgement.weight == -math.inf:
            parting.add((judgement.left, judgement.right))
    for judgement in sorted(joining, key=lambda j: (-j.weight, j.left, j.right)):
        left, right = judgement.left, judgement.right
        if sets[left] is not sets[right] and _parted(sets[left], sets[right], parting):
            continue
        if judgement.weight < math.inf:
            if founded[left] is founded[right] or any(contradict(a, b) for a in founded[left] for b in founded[right]):
                continue
            _join(founded, left, right)
        if sets[left] is not sets[right]:
            _join(sets, left, right)
    return tuple(dict.fromkeys(sets.values()))


def _parted(ours: tuple[str, ...], theirs: tuple[str, ...], parting: set[tuple[str, str]]) -> bool:
    return bool(parting) and any((min(a, b), max(a, b)) in parting for a in ours for b in theirs)


def _join(sets: dict[str, tuple[str, ...]], left: str, right: str) -> None:
    joined = tuple(sorted(sets[left] + sets[right]))
    sets.update(dict.fromkeys(joined, joined))
