"""MARC files -> the catalogue, with a report of what came in and of every record that was refused, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fedsearch.catalogue.base import Catalogue, LoadCounts, LoadedRecord
from fedsearch.catalogue.marc import NotBibliographic, read_record
from fedsearch.catalogue.reading import Read, format_of, read_marc

NOTHING_LOADED = LoadCounts()


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that did not come in: where it stands (number from 1), its control number where that can be read, and why."""

    file: Path
    number: int
    control_number: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was put right in some of a file's records."""

    file: Path
    text: str
    records: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, over all files."""

    counts: LoadCounts = NOTHING_LOADED
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is: records read of this file, and bytes of it (as it lies on the disk) out of all."""

    file: Path
    records: int
    bytes_read: int
    bytes_in_all: int


def load_files(catalogue: Catalogue, files: Sequence[Path], on_progress: Callable[[Progress], None] | None = None) -> LoadReport:
    """Load files one after the other, each all or nothing.

    Every file is looked at before the first is loaded, so that a wrong name changes nothing. Raises CatalogueError for a
    file that is not MARC, and for one that breaks off in unpacking: files before it stay loaded.
    """
    for file in files:
        format_of(file)
    report = LoadReport()
    for file in files:
        loaded = _File(file, on_progress)
        counts = catalogue.load(loaded.records())
        report = LoadReport(report.counts + counts, (*report.refused, *loaded.refused), (*report.notes, *loaded.notes()))
    return report


class _File:
    """One file being loaded, and what is to be said of it afterwards."""

    def __init__(self, path: Path, on_progress: Callable[[Progress], None] | None) -> None:
        self.path = path
        self.refused: list[Refused] = []
        self._noted: Counter[str] = Counter()
        self._on_progress = on_progress
        self._bytes = 0

    def records(self) -> Iterator[LoadedRecord]:
        size, number = self.path.stat().st_size, 0
        for read in read_marc(self.path, self._at):
            number = read.number
            if loaded := self._loaded(read):
                yield loaded
            if self._on_progress:
                self._on_progress(Progress(self.path, number, min(self._bytes, size), size))
        if number == 0:
            self.refused.append(Refused(self.path, 0, None, "the file holds no MARC record"))

    def notes(self) -> Iterable[Note]:
        return [Note(self.path, text, count) for text, count in self._noted.items()]

    def _at(self, position: int) -> None:
        self._bytes = position

    def _loaded(self, read: Read) -> LoadedRecord | None:
        reason = read.reason
        if read.record is not None:
            try:
                loaded = read_record(read.record)
            except NotBibliographic as exc:
                reason = str(exc)
            else:
                self._noted.update(read.notes)
                if loaded.deleted:
                    self._noted["marked as deleted (leader/05 d): taken out of the catalogue, if they were there"] += 1
                if read.control_number is None:
                    self._noted["no control number (001): one was made from the record"] += 1
                return loaded
        self.refused.append(Refused(self.path, read.number, read.control_number, reason or "unreadable"))
        return None
