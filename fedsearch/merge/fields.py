"""A duplicate set -> Work, field by field as config/merging.toml rules, with provenance.

Each rule is a function of the records' values; which rule and whose word comes first is a row in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fedsearch.folding import fold
from fedsearch.merge.tiers import study_evidence
from fedsearch.model import Author, Flag, Identifiers, Link, MeshHeading, Record, Relation, SourceHit, SourceId, Work
from fedsearch.settings import MergePolicy

Value = tuple[Any, tuple[SourceId, ...]]
"""A merged value and the sources that say it."""
_PREPRINT_VERSION = re.compile(r"(?:/v|\.v|v)(\d{1,4})$")


def merged(records: Sequence[Record], ranks: Mapping[str, int], reasons: Sequence[str], policy: MergePolicy) -> Work:
    """One work out of the records of a duplicate set, whatever their order. `ranks` are by record key, from 1."""
    ordered = sorted(records, key=_precedence(policy.fields["title"].sources)) if len(records) > 1 else records
    values, provenance = _alone(ordered[0], policy) if len(ordered) == 1 else _agreed(ordered, policy)
    ids, id_sources = _identifiers(ordered)
    return Work(
        id=ordered[0].key,
        ids=ids,
        authors_complete=next((r.authors_complete for r in ordered if r.authors is values.get("authors")), True),
        evidence=study_evidence(values.get("publication_types", ()), values.get("mesh", ()), values["title"], values.get("abstract")),
        flags=_flags(ordered),
        related=joined_relations((relation for record in ordered for relation in record.related), ids),
        records=tuple(ordered),
        hits=tuple(SourceHit(source=r.source, id=r.id, rank=ranks[r.key], url=r.url) for r in ordered if r.key in ranks),
        provenance=provenance | id_sources,
        merged_because=tuple(dict.fromkeys(reasons)),
        **values,
    )


Merged = tuple[dict[str, Any], dict[str, tuple[SourceId, ...]]]
"""Values and provenance by field."""


def _alone(record: Record, policy: MergePolicy) -> Merged:
    """Most works have one record: its word is the only one."""
    values = {name: value for name in policy.fields if (value := getattr(record, name))}
    return values, dict.fromkeys(values, (record.source,))


def _agreed(records: Sequence[Record], policy: MergePolicy) -> Merged:
    values: dict[str, Any] = {}
    provenance: dict[str, tuple[SourceId, ...]] = {}
    orders: dict[tuple[str, ...], list[tuple[Record, dict[str, Any]]]] = {}
    for name, rule in policy.fields.items():
        order = orders.get(rule.sources)
        if order is None:
            order = orders[rule.sources] = [(r, vars(r)) for r in sorted(records, key=_precedence(rule.sources))]
        told = [(record, value) for record, members in order if (value := members[name])]
        if told:
            values[name], provenance[name] = RULES[rule.rule](told)
    return values, provenance


def _precedence(sources: Sequence[str]) -> Callable[[Record], tuple[int, int, str]]:
    """The order of the sources; in one source the newest version of a preprint first, then the order of the keys."""
    places = {source: place for place, source in enumerate(sources)}
    return lambda record: (places.get(record.source, len(places)), -_version(record), record.key)


def _version(record: Record) -> int:
    found = _PREPRINT_VERSION.search(record.ids.doi) if record.type == "preprint" and record.ids.doi else None
    return int(found.group(1)) if found else 0


Told = Sequence[tuple[Record, Any]]
"""The records that tell a field, with what they say, in the order of whose word comes first; one or more."""


def _saying(told: Told, value: str) -> tuple[SourceId, ...]:
    """The sources whose own value of a field is this one, notation aside."""
    wanted = fold(str(value))
    return tuple(dict.fromkeys([record.source for record, own in told if own == value or fold(str(own)) == wanted]))


def _preferred(told: Told) -> Value:
    """The word of the first source that tells; an unspecific type gives way to a specific one."""
    value = next((found for _, found in told if found != "other"), "other")
    return value, _saying(told, value)


def _longest(told: Told) -> Value:
    """The longest text."""
    best, value = min(told, key=lambda each: (-len(each[1]), each[0].key))
    return value, (best.source,)


def _most_complete(told: Told) -> Value:
    """The author list that is whole, longest, and gives names in full."""
    best, authors = min(told, key=lambda each: (not each[0].authors_complete, -len(each[1]), -_letters(each[1]), each[0].key))
    names = _folded_names(authors)
    return authors, tuple(dict.fromkeys([best.source, *(record.source for record, own in told if _folded_names(own) == names)]))


def _folded_names(authors: Sequence[Author]) -> set[str]:
    return {fold(a.family or a.collective or "") for a in authors}


def _letters(authors: Sequence[Author]) -> int:
    return sum(len(a.given or "") for a in authors)


def _union(told: Told) -> Value:
    """Everything that any source tells, each value once, notation aside."""
    kept: dict[Any, Any] = {}
    for _, values in told:
        for value in values:
            kept.setdefault(_sameness(value), value)
    return tuple(kept.values()), tuple(dict.fromkeys([record.source for record, _ in told]))


def _sameness(value: Any) -> Any:
    """What makes two values of a list one: a heading's name, an address, a text's folded form, else the value itself."""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, MeshHeading):
        return fold(value.name)
    if isinstance(value, Link):
        return value.url
    return value


RULES: dict[str, Callable[[Told], Value]] = {
    "preferred": _preferred,
    "longest": _longest,
    "most complete": _most_complete,
    "union": _union,
}


def _identifiers(records: Sequence[Record]) -> tuple[Identifiers, dict[str, tuple[SourceId, ...]]]:
    if len(records) == 1:
        ids, source = records[0].ids, records[0].source
        return ids, {name: (source,) for name in ("doi", "pmid", "pmcid", "isbn") if getattr(ids, name)}
    found: dict[str, Any] = {}
    provenance: dict[str, tuple[SourceId, ...]] = {}
    for name in ("doi", "pmid", "pmcid"):
        told = [r for r in records if getattr(r.ids, name)]
        if told:
            found[name] = getattr(told[0].ids, name)
            provenance[name] = tuple(dict.fromkeys(r.source for r in told if getattr(r.ids, name) == found[name]))
    isbn = tuple(dict.fromkeys(number for r in records for number in r.ids.isbn))
    if isbn:
        provenance["isbn"] = tuple(dict.fromkeys(r.source for r in records if r.ids.isbn))
    return Identifiers(isbn=isbn, **found), provenance


def _flags(records: Sequence[Record]) -> tuple[Flag, ...]:
    """Every flag that any source raises, once per kind, with all who say so and the first notice that is named."""
    kinds = dict.fromkeys(flag.kind for record in records for flag in record.flags)
    merged_flags = []
    for kind in kinds:
        raised = [(record.source, flag) for record in records for flag in record.flags if flag.kind == kind]
        merged_flags.append(
            Flag(
                kind=kind,
                notice_doi=next((flag.notice_doi for _, flag in raised if flag.notice_doi), None),
                notice_pmid=next((flag.notice_pmid for _, flag in raised if flag.notice_pmid), None),
                said_by=tuple(dict.fromkeys(source for source, _ in raised)),
            )
        )
    return tuple(merged_flags)


def joined_relations(relations: Iterable[Relation], own: Identifiers) -> tuple[Relation, ...]:
    """Relations to the same other work said once, with every identifier that is known of it; a work is not related to itself."""
    kept: list[Relation] = []
    for relation in relations:
        if relation.work_id is None and ((relation.doi and relation.doi == own.doi) or (relation.pmid and relation.pmid == own.pmid)):
            continue
        at = next((i for i, other in enumerate(kept) if _same_other(other, relation)), None)
        if at is None:
            kept.append(relation)
        else:
            known = {name: value for name, value in relation.model_dump().items() if value is not None}
            kept[at] = Relation.model_validate(known | {name: value for name, value in kept[at].model_dump().items() if value is not None})
    return tuple(kept)


def _same_other(left: Relation, right: Relation) -> bool:
    if left.kind != right.kind:
        return False
    if left.work_id and right.work_id:
        return left.work_id == right.work_id
    return any(getattr(left, name) and getattr(left, name) == getattr(right, name) for name in ("doi", "pmid"))
