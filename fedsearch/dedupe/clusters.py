"""Duplicate sets -> clusters of entries in the order of the files, with their reasons and with the other clusters they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fedsearch.dedupe.entries import Entry
from fedsearch.merge import Duplicates
from fedsearch.merge.compare import Judgement
from fedsearch.model import RelationKind


@dataclass(frozen=True, slots=True)
class Linked:
    """Another cluster, by what it is to this one."""

    cluster: str
    kind: RelationKind


@dataclass(frozen=True, slots=True)
class Cluster:
    """The entries of one publication; most have only one. It is called after the first of them."""

    entries: tuple[Entry, ...]
    reasons: tuple[str, ...] = ()
    linked: tuple[Linked, ...] = ()

    @property
    def name(self) -> str:
        return self.entries[0].name


# What one publication is to another whose relation to it is told.
_PAIRS: tuple[tuple[RelationKind, RelationKind], ...] = (
    ("preprint", "article"), ("retraction", "retracts"), ("correction", "corrects"), ("concern", "concerns"),
    ("comment", "comments-on"), ("newer-version", "earlier-version"), ("part", "whole"),
    ("version", "version"), ("edition", "edition"), ("republication", "republication"),
)  # fmt: skip
_THE_OTHER_WAY: dict[RelationKind, RelationKind] = dict(_PAIRS) | {there: here for here, there in _PAIRS}


def clusters_of(entries: Sequence[Entry], duplicates: Duplicates) -> tuple[Cluster, ...]:
    """Every entry in exactly one cluster, in the order of their first entries; those with a fault stand alone."""
    at = {entry.record.key: place for place, entry in enumerate(entries)}
    alone = [([place], ()) for place, entry in enumerate(entries) if entry.fault]
    together = [(sorted(at[key] for key in keys), duplicates.reasons(keys) if len(keys) > 1 else ()) for keys in duplicates.sets]
    grouped: list[tuple[list[int], tuple[str, ...]]] = sorted([*alone, *together], key=lambda each: each[0][0])
    names = {place: entries[places[0]].name for places, _ in grouped for place in places}
    linked = _links(entries, {entry.record.key: names[place] for place, entry in enumerate(entries)}, duplicates.judgements.values())
    made = []
    for places, reasons in grouped:
        others = linked.get(names[places[0]], {})
        links = tuple(Linked(other, kind) for other, kind in others.items())
        made.append(Cluster(tuple(entries[place] for place in places), reasons, links))
    return tuple(made)


_Links = dict[str, dict[str, RelationKind]]


def _links(entries: Iterable[Entry], cluster_of: dict[str, str], judged: Iterable[Judgement]) -> _Links:
    """For each cluster the others it is linked to, as its records tell and as comparing them showed; always from both sides."""
    links: _Links = {}

    def link(here: str, there: str, kind: RelationKind, back: RelationKind) -> None:
        if here != there:
            links.setdefault(here, {}).setdefault(there, kind)
            links.setdefault(there, {}).setdefault(here, back)

    by_number: dict[str, str] = {}
    sound = [entry.record for entry in entries if not entry.fault]
    for record in sound:
        for number in (record.ids.doi, record.ids.pmid):
            if number:
                by_number.setdefault(number, cluster_of[record.key])
    for record in sound:
        for relation in record.related:
            other = by_number.get(relation.doi or "") or by_number.get(relation.pmid or "")
            if other:
                link(cluster_of[record.key], other, relation.kind, _THE_OTHER_WAY.get(relation.kind, "other"))
    for judgement in sorted((each for each in judged if each.relation), key=lambda each: (each.left, each.right)):
        if judgement.relation:
            there, back = judgement.relation
            link(cluster_of[judgement.left], cluster_of[judgement.right], there, back)
    return links
