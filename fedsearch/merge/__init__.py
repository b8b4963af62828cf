"""Pages -> works: the door of the room. Pure: the same pages and policy give the same works, in any order of arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fedsearch.merge.cluster import duplicate_sets
from fedsearch.merge.compare import Judgement
from fedsearch.merge.fields import joined_relations, merged
from fedsearch.merge.fold import blocks, fold_record
from fedsearch.merge.judging import decided, judge
from fedsearch.model import Page, Record, Relation, RelationKind, Work
from fedsearch.settings import MergePolicy

__all__ = ["Decisions", "Duplicates", "find_duplicates", "merge", "merge_records", "merge_with_doubts"]

Decisions = Mapping[tuple[str, str], bool]
"""What a librarian decided of two records, by their keys in sorted order: True for the same work, False for two."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Records by duplicate set: keys in sorted order, every record in exactly one set.

    `judgements` are those of pairs that are the same, unsure or related, and every decision; of the rest there would be millions.
    """

    sets: tuple[tuple[str, ...], ...]
    judgements: Mapping[tuple[str, str], Judgement]

    def reasons(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Why the records of one set are one work."""
        pairs = ((a, b) for at, a in enumerate(keys) for b in keys[at + 1 :])
        same = (found for pair in pairs if (found := self.judgements.get(pair)) and found.verdict == "same")
        return tuple(dict.fromkeys(reason for judgement in same for reason in judgement.reasons))

    def unsure(self) -> tuple[Judgement, ...]:
        """The pairs that stay apart until somebody decides, weightiest first."""
        owner = {key: number for number, keys in enumerate(self.sets) for key in keys}
        open_pairs = (j for j in self.judgements.values() if j.verdict == "unsure" and owner[j.left] != owner[j.right])
        return tuple(sorted(open_pairs, key=lambda j: (-j.weight, j.left, j.right)))


def merge(pages: Iterable[Page], policy: MergePolicy, decisions: Decisions | None = None) -> tuple[Work, ...]:
    """Each publication once, in the order of its id; every record ends in exactly one work."""
    return merge_with_doubts(pages, policy, decisions)[0]


def merge_with_doubts(
    pages: Iterable[Page], policy: MergePolicy, decisions: Decisions | None = None
) -> tuple[tuple[Work, ...], tuple[Judgement, ...]]:
    """The works, and the pairs of records that stay apart until somebody decides."""
    records: dict[str, Record] = {}
    ranks: dict[str, int] = {}
    for hit in (hit for page in pages for hit in page.hits):
        key = hit.record.key
        known = records.setdefault(key, hit.record)
        if known != hit.record:  # one source, asked twice, told it differently: the order of arrival must not choose
            records[key] = min(known, hit.record, key=Record.model_dump_json)
        ranks[key] = min(hit.rank, ranks.get(key, hit.rank))
    duplicates = find_duplicates(records.values(), policy, decisions)
    return _works(records, ranks, duplicates, policy), duplicates.unsure()


def merge_records(
    records: Sequence[Record], ranks: Mapping[str, int], policy: MergePolicy, decisions: Decisions | None = None
) -> tuple[Work, ...]:
    """Works out of records whose keys are all different; `ranks` by record key where they have one."""
    return _works({record.key: record for record in records}, ranks, find_duplicates(records, policy, decisions), policy)


def _works(records: Mapping[str, Record], ranks: Mapping[str, int], duplicates: Duplicates, policy: MergePolicy) -> tuple[Work, ...]:
    works = [merged([records[key] for key in keys], ranks, duplicates.reasons(keys), policy) for keys in duplicates.sets]
    return tuple(sorted(_linked(works, duplicates.judgements.values()), key=lambda work: work.id))


def find_duplicates(records: Iterable[Record], policy: MergePolicy, decisions: Decisions | None = None) -> Duplicates:
    """Which records describe one publication. Every pair worth it is compared; a librarian's decision outweighs any evidence."""
    folded = {record.key: fold_record(record) for record in records}
    judged: dict[tuple[str, str], Judgement] = {}
    said: dict[tuple[str, ...], tuple[str, ...]] = {}  # the copies of one record give the same reasons; keep them once
    for left, right in blocks(folded.values()):
        found = judge(left, right, policy)
        if found.verdict != "different" or found.relation:
            reasons = said.setdefault(found.reasons, found.reasons)
            judged[left.key, right.key] = found if reasons is found.reasons else replace(found, reasons=reasons)
    for (one, other), same in (decisions or {}).items():
        if one in folded and other in folded and one != other:
            pair = (one, other) if one < other else (other, one)
            judged[pair] = decided(*pair, same)

    def contradict(a: str, b: str) -> bool:
        pair = (a, b) if a < b else (b, a)
        return (judged.get(pair) or judge(folded[pair[0]], folded[pair[1]], policy)).contradicts

    return Duplicates(duplicate_sets(folded, judged.values(), contradict), judged)


# What one work is to another whose relation to it is told; a link that one side names is shown on both.
_PAIRS: tuple[tuple[RelationKind, RelationKind], ...] = (
    ("preprint", "article"), ("retraction", "retracts"), ("correction", "corrects"), ("concern", "concerns"),
    ("comment", "comments-on"), ("newer-version", "earlier-version"), ("part", "whole"),
    ("version", "version"), ("edition", "edition"), ("republication", "republication"),
)  # fmt: skip
_THE_OTHER_WAY: dict[RelationKind, RelationKind] = dict(_PAIRS) | {there: here for here, there in _PAIRS}


def _linked(works: Sequence[Work], judged: Iterable[Judgement]) -> list[Work]:
    """Works with the relations that comparing their records showed, and with the place of each related work in this list."""
    owner = {record.key: work for work in works for record in work.records}
    found: defaultdict[str, list[Relation]] = defaultdict(list)
    for judgement in judged:
        left, right = owner[judgement.left], owner[judgement.right]
        if judgement.relation and left.id != right.id:
            there, back = judgement.relation
            found[left.id].append(_relation(there, right))
            found[right.id].append(_relation(back, left))
    by_doi = {work.ids.doi: work for work in works if work.ids.doi}
    by_pmid = {work.ids.pmid: work for work in works if work.ids.pmid}
    said = {work.id: [_placed(relation, by_doi, by_pmid) for relation in work.related] for work in works}
    for work in works:
        for relation in said[work.id]:
            if relation.work_id and relation.kind in _THE_OTHER_WAY:
                found[relation.work_id].append(_relation(_THE_OTHER_WAY[relation.kind], work))
    linked = []
    for work in works:
        related = joined_relations([*said[work.id], *sorted(found[work.id], key=lambda r: (r.kind, r.work_id or ""))], work.ids)
        linked.append(work.model_copy(update={"related": related}) if related != work.related else work)
    return linked


def _relation(kind: str, other: Work) -> Relation:
    return Relation.model_validate({"kind": kind, "doi": other.ids.doi, "pmid": other.ids.pmid, "work_id": other.id})


def _placed(relation: Relation, by_doi: dict[str, Work], by_pmid: dict[str, Work]) -> Relation:
    other = by_doi.get(relation.doi or "") or by_pmid.get(relation.pmid or "")
    return relation.model_copy(update={"work_id": other.id}) if other else relation
