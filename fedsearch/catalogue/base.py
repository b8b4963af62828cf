"""What a catalogue is, whatever engine keeps it: the values that go in and come out, and the Catalogue protocol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from fedsearch.model import Record
from fedsearch.query import Query


@dataclass(frozen=True, slots=True)
class Searchable:
    """The words by which a record is found, as catalogued: more than is shown (variant titles, both scripts, contents)."""

    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedRecord:
    """A record as read from a file.

    `last_year` is the last year in which a serial or a set of volumes came out, 9999 where it goes on.
    `deleted` asks for the record with this control number to be taken out.
    """

    record: Record
    searchable: Searchable = Searchable()
    last_year: int | None = None
    deleted: bool = False

    @property
    def control_number(self) -> str:
        return self.record.id


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What a load did; `unchanged` records were there already, word for word."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0

    def __add__(self, other: LoadCounts) -> LoadCounts:
        return LoadCounts(
            self.added + other.added, self.updated + other.updated, self.unchanged + other.unchanged, self.deleted + other.deleted
        )


@dataclass(frozen=True, slots=True)
class CatalogueAnswer:
    """The records found, best first and as many as were asked for, and how many there are in all."""

    records: tuple[Record, ...]
    total: int


class Catalogue(Protocol):
    """The library's own records. Every method blocks, may be called from any thread, and raises CatalogueError."""

    def load(self, records: Iterable[LoadedRecord]) -> LoadCounts:
        """Add, update and delete by control number, all or nothing: an error in between leaves the catalogue as it was."""
        ...

    def delete(self, control_numbers: Iterable[str]) -> int:
        """Take records out; how many of them were there."""
        ...

    def count(self) -> int: ...

    def record(self, control_number: str) -> Record | None: ...

    def search(self, query: Query, limit: int) -> CatalogueAnswer:
        """The records that match, best first.

        A plain question asks for all its words, whatever their order and field, stop words left out; when only a few
        records have them all, records with most of the words follow behind.
        """
        ...

    def holdings_of_journals(self, issns: Iterable[str]) -> dict[str, tuple[Record, ...]]:
        """The journals held, by ISSN; an ISSN that is not held is left out."""
        ...
