"""Clusters -> the file that was asked for: JSON lines with every entry, or each publication once in a reference format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from fedsearch.dedupe.clusters import Cluster
from fedsearch.dedupe.entries import Entry
from fedsearch.dedupe.files import format_of, reading, writing
from fedsearch.dedupe.jsonl import written_lines
from fedsearch.errors import DedupeError
from fedsearch.exports import EXPORTS
from fedsearch.exports.jsonl import author_json, json_line
from fedsearch.merge.fields import joined_relations, merged
from fedsearch.model import Record, Relation, Work
from fedsearch.settings import MergePolicy


def write_clusters(path: Path, clusters: Sequence[Cluster], entries: Sequence[Entry], policy: MergePolicy) -> None:
    """Write the file at once or not at all. JSON lines keep the order of the entries, other formats that of the clusters."""
    kind = format_of(path)
    with writing(path) as file:
        if kind == "jsonl":
            file.writelines(_lines(clusters, entries))
        else:
            chosen = EXPORTS[kind]
            file.write("\ufeff" if chosen.bom else "")
            file.writelines(chosen.pieces(works_of(clusters, policy)))


def _lines(clusters: Iterable[Cluster], entries: Iterable[Entry]) -> Iterator[str]:
    of = {entry.name: cluster for cluster in clusters for entry in cluster.entries}
    return (_line(entry, text, of[entry.name]) for entry, text in _with_text(entries))


def _with_text(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Entries with their lines of JSON as they stand, read once more: kept in memory they would take as much room as the records."""
    for file, group in groupby(entries, key=lambda entry: entry.file):
        if format_of(file) != "jsonl":
            yield from ((entry, "") for entry in group)
            continue
        with reading(file) as opened:
            try:
                yield from zip(group, written_lines(opened.text), strict=True)
            except ValueError as exc:
                raise DedupeError(f"{file.name} changed while it was read.", "Wait until it is whole, then try again.") from exc


def _line(entry: Entry, text: str, cluster: Cluster) -> str:
    """The entry's own object with its cluster; an object that stands in a file keeps its members letter by letter."""
    added: dict[str, Any] = {"cluster": cluster.name}
    if cluster.linked:
        added["linked"] = [other.cluster for other in cluster.linked]
    given = _object(text) if text else None
    if given is None:
        return json_line(_members(entry) | added)
    if not given or "cluster" in given or "linked" in given:
        kept = {name: value for name, value in given.items() if name not in ("cluster", "linked")}
        return json_line(kept | added, allow_nan=True)
    return f"{text[:-1].rstrip()}, {json_line(added)[1:]}"


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _members(entry: Entry) -> dict[str, Any]:
    """An entry of another format as an object; one with a fault is shown as it stands in its file."""
    record = entry.record
    if entry.fault:
        return {"id": entry.name, "source": record.source, "unreadable": entry.text, "reason": entry.fault}
    return {"id": entry.name, "source": record.source} | record_members(record)


def record_members(record: Record) -> dict[str, Any]:
    """What a record tells, in the names of our JSON lines; what it does not tell is left out."""
    told = record.model_dump(mode="json", exclude_defaults=True, exclude={"source", "id", "ids", "authors", "mesh"})
    people = {"authors": [author_json(author) for author in record.authors]} if record.authors else {}
    headings = {"mesh": [str(heading) for heading in record.mesh]} if record.mesh else {}
    year = {"year": record.year} if record.year else {}
    return told | people | year | record.ids.model_dump(mode="json", exclude_defaults=True) | headings


def works_of(clusters: Sequence[Cluster], policy: MergePolicy) -> Iterator[Work]:
    """Each cluster as one work, with its relations to the others."""
    wanted = {other.cluster for cluster in clusters for other in cluster.linked}
    numbers = {cluster.name: _numbers(cluster) for cluster in clusters if cluster.name in wanted}
    return (_work(cluster, numbers, policy) for cluster in clusters)


def _work(cluster: Cluster, numbers: Mapping[str, dict[str, str]], policy: MergePolicy) -> Work:
    work = merged([entry.record for entry in cluster.entries], {}, cluster.reasons, policy)
    linked = [Relation(kind=other.kind, **numbers[other.cluster]) for other in cluster.linked if numbers[other.cluster]]
    return work.model_copy(update={"related": joined_relations([*work.related, *linked], work.ids)}) if linked else work


def _numbers(cluster: Cluster) -> dict[str, str]:
    """The DOI and PMID by which others refer to the work."""
    told = ((name, getattr(entry.record.ids, name)) for name in ("doi", "pmid") for entry in reversed(cluster.entries))
    return {name: number for name, number in told if number}
