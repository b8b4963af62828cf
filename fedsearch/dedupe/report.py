"""What a deduplication did: for the terminal, as JSON for programs, and as one page of HTML to read, print and keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from fedsearch import __version__
from fedsearch.dedupe.clusters import Cluster
from fedsearch.dedupe.entries import Entry
from fedsearch.dedupe.files import writing
from fedsearch.dedupe.reading import FileRead
from fedsearch.errors import DedupeError
from fedsearch.exports.wording import SOURCE_NAMES
from fedsearch.model import RelationKind, SourceId
from fedsearch.settings import MergePolicy

_MOST_ON_TERMINAL = 20
RELATIONS: dict[RelationKind, str] = {
    "preprint": "its preprint", "article": "the article that came of it", "retraction": "its retraction notice", "retracts": "the article it retracts",
    "correction": "its correction", "corrects": "the article it corrects", "concern": "an expression of concern about it",
    "concerns": "the article it is concerned about", "comment": "a comment on it", "comments-on": "what it comments on",
    "newer-version": "its newer version", "earlier-version": "its earlier version", "version": "another version of it",
    "edition": "another edition of it", "part": "a part of it", "whole": "the whole it is part of", "dataset": "its data",
    "peer-review": "its peer review", "republication": "a republication of it", "other": "related to it",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnsurePair:
    """Two records that may or may not be one publication: they stay apart until somebody decides."""

    left: Entry
    right: Entry
    weight: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DedupeReport:
    """What was read, what was found to be the same, what is to be decided, and what could not be read."""

    output: Path
    files: tuple[FileRead, ...]
    clusters: tuple[Cluster, ...]
    unsure: tuple[UnsurePair, ...]

    @property
    def entries(self) -> Iterator[Entry]:
        return (entry for cluster in self.clusters for entry in cluster.entries)

    @property
    def identified(self) -> int:
        return sum(file.entries for file in self.files)

    @property
    def kept(self) -> int:
        return len(self.clusters)

    @property
    def duplicates_removed(self) -> int:
        return self.identified - self.kept

    @property
    def unreadable(self) -> tuple[Entry, ...]:
        return tuple(cluster.entries[0] for cluster in self.clusters if cluster.entries[0].fault)

    @property
    def merged(self) -> tuple[Cluster, ...]:
        """The clusters of two or more records."""
        return tuple(cluster for cluster in self.clusters if len(cluster.entries) > 1)

    @property
    def linked(self) -> tuple[Cluster, ...]:
        return tuple(cluster for cluster in self.clusters if cluster.linked)

    @property
    def by_source(self) -> dict[str, int]:
        """Records identified in each source, the most first."""
        counts = Counter(str(entry.record.source) for entry in self.entries)
        return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def check_report_name(path: Path) -> None:
    """Raise DedupeError for a report that would be neither HTML nor JSON."""
    if path.suffix.lower() not in (".html", ".htm", ".json"):
        raise DedupeError(f"{path.name}: a report is HTML or JSON.", "Name it .html to read it, or .json for a program.")


def write_report(path: Path, report: DedupeReport, policy: MergePolicy) -> None:
    """HTML or JSON by the file's ending."""
    with writing(path) as file:
        file.writelines(_json(report, policy) if path.suffix.lower() == ".json" else _html(report, policy))


def report_text(report: DedupeReport) -> str:
    """A few lines for the terminal, with every record that could not be read (the first of them, where they are many)."""
    lines = [
        f"{report.identified:,} records identified, {report.duplicates_removed:,} duplicates removed, {report.kept:,} kept in {report.output.name}.",
        f"Unsure pairs to decide: {len(report.unsure):,}. Linked to others: {len(report.linked):,}. "
        f"Unreadable, kept as they are: {len(report.unreadable):,}.",
    ]
    for file in report.files:
        faulty = f", {file.unreadable:,} of them unreadable" if file.unreadable else ""
        lines.append(f"  {file.file.name}: {file.entries:,} records{faulty}" + (f" ({file.note})" if file.note else ""))
    shown = report.unreadable[:_MOST_ON_TERMINAL]
    lines += [f"  unreadable: {entry.file.name}, record {entry.number}: {entry.fault}" for entry in shown]
    if (more := len(report.unreadable) - _MOST_ON_TERMINAL) > 0:
        lines.append(f"  and {more:,} more; the report names them all")
    return "\n".join(lines)


def counts_of(report: DedupeReport) -> dict[str, int]:
    """The numbers for a PRISMA flow diagram: `identified` is `duplicates_removed` and `kept` together."""
    return {
        "identified": report.identified,
        "duplicates_removed": report.duplicates_removed,
        "kept": report.kept,
        "sets_of_duplicates": len(report.merged),
        "unsure_pairs": len(report.unsure),
        "linked": len(report.linked),
        "unreadable": len(report.unreadable),
    }


def _json(report: DedupeReport, policy: MergePolicy) -> Iterator[str]:
    """The report as one JSON document, written cluster by cluster since there may be very many."""
    head = {
        "software": f"fedsearch {__version__}",
        "method": {"same_from": policy.thresholds.same, "unsure_from": policy.thresholds.unsure},
        "output": str(report.output),
        "counts": counts_of(report),
        "by_file": [
            {"file": str(each.file), "records": each.entries, "unreadable": each.unreadable, "note": each.note} for each in report.files
        ],
        "by_source": [{"source": source, "records": count} for source, count in report.by_source.items()],
        "unreadable": [_place(entry) | {"reason": entry.fault} for entry in report.unreadable],
        "unsure": [
            {"left": _described(pair.left), "right": _described(pair.right), "weight": round(pair.weight, 2), "reasons": list(pair.reasons)}
            for pair in report.unsure
        ],
    }
    yield _dumped(head)[:-1] + ', "clusters": ['
    for number, cluster in enumerate(report.clusters):
        yield (",\n" if number else "\n") + _dumped(
            {
                "cluster": cluster.name,
                "records": [_described(entry) for entry in cluster.entries],
                "reasons": list(cluster.reasons),
                "linked": [{"cluster": other.cluster, "kind": other.kind} for other in cluster.linked],
            }
        )
    yield "\n]}\n"


def _dumped(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text) else json.dumps(value)


def _place(entry: Entry) -> dict[str, Any]:
    return {"name": entry.name, "file": str(entry.file), "number": entry.number}


def _described(entry: Entry) -> dict[str, Any]:
    record = entry.record
    told = {"source": record.source, "title": record.title, "authors": authors_line(entry), "journal": record.journal, "year": record.year}
    numbers = {"doi": record.ids.doi, "pmid": record.ids.pmid}
    return _place(entry) | told | {name: number for name, number in numbers.items() if number}


def authors_line(entry: Entry) -> str:
    """The first three authors, for telling records apart."""
    people = [author for author in entry.record.authors if author.role == "author"] or list(entry.record.authors)
    names = [author.collective or " ".join(filter(None, (author.family, author.given))) for author in people[:3]]
    return ", ".join(names) + (" et al." if len(people) > 3 else "")


def place_line(entry: Entry) -> str:
    """Journal year;volume(issue):pages."""
    record = entry.record
    number = (record.volume or "") + (f"({record.issue})" if record.issue else "") + (f":{record.pages}" if record.pages else "")
    date = str(record.year or "") + (f";{number}" if number else "")
    return " ".join(filter(None, (record.journal or record.publisher, date)))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("fedsearch.dedupe"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"authors": authors_line, "place": place_line, "source": _source_name}
    return made


def _source_name(source: SourceId) -> str:
    return SOURCE_NAMES.get(source, source)


def _html(report: DedupeReport, policy: MergePolicy) -> Iterator[str]:
    titles = {cluster.name: cluster.entries[0].record.title for cluster in report.linked}
    page = _templates().get_template("report.html")
    return page.generate(report=report, counts=counts_of(report), policy=policy, titles=titles, relations=RELATIONS, version=__version__)
