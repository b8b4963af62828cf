"""Pages -> works: the door of the room. Pure: the same pages and policy give the same works, in any order of arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from fedsearch.merge.cluster import duplicate_sets
from fedsearch.merge.compare import Judgement, judge
from fedsearch.merge.fields import joined_relations, merged
from fedsearch.merge.fold import Folded, blocks, fold_record
from fedsearch.model import Page, Record, Relation, Work
from fedsearch.settings import MergePolicy

__all__ = ["merge", "merge_records"]


def merge(pages: Iterable[Page], policy: MergePolicy) -> tuple[Work, ...]:
    """Each publication once, in the order of its id; every record ends in exactly one work."""
    records: dict[str, Record] = {}
    ranks: dict[str, int] = {}
    for page in sorted(pages, key=lambda page: page.source):
        for hit in page.hits:
            records.setdefault(hit.record.key, hit.record)
            ranks[hit.record.key] = min(hit.rank, ranks.get(hit.record.key, hit.rank))
    return merge_records(list(records.values()), ranks, policy)


def merge_records(records: Sequence[Record], ranks: dict[str, int], policy: MergePolicy) -> tuple[Work, ...]:
    """Works out of records whose keys are all different; `ranks` by record key where they have one."""
    folded = {record.key: fold_record(record) for record in records}
    judged = [judge(left, right, policy) for left, right in blocks(folded[key] for key in sorted(folded))]
    by_pair = {(j.left, j.right): j for j in judged}

    def contradict(a: str, b: str) -> bool:
        left, right = (a, b) if a < b else (b, a)
        found = by_pair.get((left, right)) or judge(folded[left], folded[right], policy)
        return found.verdict == "different"

    sets = duplicate_sets(folded, judged, contradict)
    works = [_work(keys, folded, ranks, by_pair, policy) for keys in sets]
    return tuple(sorted(_linked(works, judged), key=lambda work: work.id))


def _work(
    keys: Sequence[str], folded: dict[str, Folded], ranks: dict[str, int], judged: dict[tuple[str, str], Judgement], policy: MergePolicy
) -> Work:
    reasons = [r for i, a in enumerate(keys) for b in keys[i + 1 :] if (j := judged.get((a, b))) and j.verdict == "same" for r in j.reasons]
    return merged([folded[key].record for key in keys], ranks, reasons, policy)


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
    linked = []
    for work in works:
        said = [_placed(relation, by_doi, by_pmid) for relation in work.related]
        related = joined_relations([*said, *sorted(found[work.id], key=lambda r: (r.kind, r.work_id or ""))], work.ids)
        linked.append(work.model_copy(update={"related": related}) if related != work.related else work)
    return linked


def _relation(kind: str, other: Work) -> Relation:
    return Relation.model_validate({"kind": kind, "doi": other.ids.doi, "pmid": other.ids.pmid, "work_id": other.id})


def _placed(relation: Relation, by_doi: dict[str, Work], by_pmid: dict[str, Work]) -> Relation:
    other = by_doi.get(relation.doi or "") or by_pmid.get(relation.pmid or "")
    return relation.model_copy(update={"work_id": other.id}) if other else relation
