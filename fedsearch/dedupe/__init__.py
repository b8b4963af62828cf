"""`fedsearch dedupe`: files of references -> each publication once, and a report of what was done and why; the door of the room."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fedsearch.dedupe.clusters import Cluster, clusters_of
from fedsearch.dedupe.entries import Entry
from fedsearch.dedupe.files import FORMATS, format_of
from fedsearch.dedupe.reading import read_files
from fedsearch.dedupe.report import DedupeReport, UnsurePair, check_report_name, report_text, write_report
from fedsearch.dedupe.writing import write_clusters
from fedsearch.errors import DedupeError
from fedsearch.merge import Duplicates, find_duplicates
from fedsearch.settings import MergePolicy

__all__ = ["FORMATS", "Cluster", "DedupeReport", "Entry", "Progress", "UnsurePair", "dedupe_files", "report_text"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a deduplication is: bytes of all files while it reads, records once it compares and writes."""

    step: Literal["reading", "comparing", "writing"]
    done: int
    of: int


def dedupe_files(
    files: Sequence[Path], output: Path, report: Path | None, policy: MergePolicy, on_progress: Callable[[Progress], None] | None = None
) -> DedupeReport:
    """Deduplicate files of references into `output`, and write a report where one is asked for.

    Nothing is written unless everything can be read. Raises DedupeError for names that cannot be used and for files that are
    not what their endings say.
    """
    _check_names(files, output, report)
    with _uncollected():
        return _dedupe(files, output, report, policy, on_progress or (lambda progress: None))


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Records refer to nothing that refers back to them, so looking for cycles among hundreds of thousands of them is time lost."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _dedupe(files: Sequence[Path], output: Path, report: Path | None, policy: MergePolicy, say: Callable[[Progress], None]) -> DedupeReport:
    sizes = {file: file.stat().st_size for file in files}
    before = {file: sum(list(sizes.values())[:number]) for number, file in enumerate(files)}
    whole = sum(sizes.values())
    entries, read = read_files(files, lambda file, at: say(Progress("reading", before[file] + at, whole)))
    say(Progress("comparing", 0, len(entries)))
    duplicates = find_duplicates((entry.record for entry in entries if not entry.fault), policy)
    clusters = clusters_of(entries, duplicates)
    done = DedupeReport(output, read, clusters, _unsure(entries, duplicates))
    del duplicates
    say(Progress("writing", 0, len(entries)))
    write_clusters(output, clusters, entries, policy)
    if report:
        write_report(report, done, policy)
    say(Progress("writing", len(entries), len(entries)))
    return done


def _check_names(files: Sequence[Path], output: Path, report: Path | None) -> None:
    if not files:
        raise DedupeError("No file to deduplicate.", f"Name one or more: {', '.join(FORMATS)}.")
    for file in (*files, output):
        format_of(file)
    if report:
        check_report_name(report)
    known: set[Path] = set()
    for file in files:
        if not file.is_file():
            raise DedupeError(f"{file}: there is no such file." if not file.exists() else f"{file}: this is a folder, not a file.")
        if file.resolve() in known:
            raise DedupeError(f"{file}: named twice.", "Its records would all be duplicates of themselves.")
        known.add(file.resolve())
    for written in filter(None, (output, report)):
        if written.resolve() in known:
            raise DedupeError(f"{written}: this file is read already.", "Write under another name, so that nothing is lost.")
        if not written.resolve().parent.is_dir():
            raise DedupeError(f"{written}: there is no folder {written.parent}.", "Make it first.")
        known.add(written.resolve())


def _unsure(entries: Sequence[Entry], duplicates: Duplicates) -> tuple[UnsurePair, ...]:
    by_key = {entry.record.key: entry for entry in entries}
    return tuple(UnsurePair(by_key[each.left], by_key[each.right], each.weight, each.reasons) for each in duplicates.unsure())
