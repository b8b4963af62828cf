"""The nouns that cross rooms. What crosses a boundary is frozen pydantic; what lives inside one step is a frozen dataclass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, NewType, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from fedsearch import identifiers
from fedsearch.errors import SourceError

SourceId = NewType("SourceId", str)

WorkType: TypeAlias = Literal[
    "journal-article", "preprint", "book", "book-chapter", "journal", "conference-paper", "thesis", "report",
    "guideline", "dataset", "peer-review", "component", "audio-visual", "website", "other",
]  # fmt: skip
FlagKind: TypeAlias = Literal["retracted", "concern", "corrected", "preprint", "withdrawn"]
RelationKind: TypeAlias = Literal[
    "preprint", "article",              # the other is this article's preprint; this preprint's article
    "retraction", "retracts",           # the other is the notice; this is the notice
    "correction", "corrects",
    "concern", "concerns",
    "comment", "comments-on",
    "newer-version", "earlier-version", "version", "edition",
    "part", "whole", "dataset", "peer-review", "republication", "other",
]  # fmt: skip
EvidenceTier: TypeAlias = Literal[
    "guideline", "systematic-review", "randomised-trial", "clinical-trial", "observational", "case-report", "review", "editorial", "other",
]  # fmt: skip
AccessKind: TypeAlias = Literal["shelf", "subscription", "open", "resolver", "request"]
Status: TypeAlias = Literal["ok", "partial", "stale", "timeout", "throttled", "error", "suspended", "skipped"]

_DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


def _partial_date(value: str | None) -> str | None:
    return value if value and _DATE.match(value) and value[:4] != "0000" else None


def _isbns(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for value in values if (found := identifiers.isbn(value))))


def _issns(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for value in values if (found := identifiers.issn(value))))


PartialDate = Annotated[str | None, AfterValidator(_partial_date)]
"""A date as precise as its source gives it: "2024", "2024-03" or "2024-03-01"; anything else reads as None."""
Doi = Annotated[str | None, BeforeValidator(identifiers.doi)]
Pmid = Annotated[str | None, BeforeValidator(identifiers.pmid)]
Pmcid = Annotated[str | None, BeforeValidator(identifiers.pmcid)]


class Noun(BaseModel):
    """A frozen value; unknown members are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identifiers(Noun):
    """Identifiers in their bare form, whatever notation they came in; what is not one becomes None."""

    doi: Doi = None
    pmid: Pmid = None
    pmcid: Pmcid = None
    isbn: Annotated[tuple[str, ...], AfterValidator(_isbns)] = ()


class Author(Noun):
    """A person (family, given) or a body (collective)."""

    family: str | None = None
    given: str | None = None
    collective: str | None = None
    role: Literal["author", "editor", "translator"] = "author"


class MeshHeading(Noun):
    """One MeSH heading; `major` means that the heading itself or one of its qualifiers is a major topic."""

    name: str
    major: bool = False
    qualifiers: tuple[str, ...] = ()
    major_qualifiers: tuple[str, ...] = ()

    def __str__(self) -> str:
        """MEDLINE's notation: `Heart Failure/*drug therapy/mortality`."""
        star = "*" if self.major and not self.major_qualifiers else ""
        return "/".join([star + self.name, *("*" * (q in self.major_qualifiers) + q for q in self.qualifiers)])


class Flag(Noun):
    """A warning that belongs to a publication, with the notice that carries it and the sources that say so."""

    kind: FlagKind
    notice_doi: Doi = None
    notice_pmid: Pmid = None
    said_by: tuple[SourceId, ...] = ()


class Relation(Noun):
    """Another publication, by what it is to this one: kind "preprint" means that the other is this one's preprint.

    `work_id` is set where the other stands in the same list.
    """

    kind: RelationKind
    doi: Doi = None
    pmid: Pmid = None
    work_id: str | None = None
    note: str | None = None


class Licence(Noun):
    """A licence as deposited; `version` is am, vor, tdm or unspecified (Crossref's content-version)."""

    url: str
    start: PartialDate = None
    version: str | None = None


class Link(Noun):
    """An address that leads to the text or to something about it, as the source gave it."""

    url: str
    label: str | None = None
    kind: Literal["full-text", "related", "landing"] = "landing"


class Item(Noun):
    """One physical copy, or a statement of what is held where `statement` is given ("v.350(2004)-v.373(2015)")."""

    place: str | None = None
    shelf: str | None = None
    call_number: str | None = None
    copy_number: str | None = None
    barcode: str | None = None
    available: bool | None = None
    status: str | None = None
    statement: str | None = None


class Record(Noun):
    """One source's description of one publication. None or () means that the source did not tell."""

    source: SourceId
    id: str
    ids: Identifiers = Identifiers()
    title: str
    vernacular_title: str | None = None
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    journal: str | None = None
    journal_abbreviation: str | None = None
    issn: Annotated[tuple[str, ...], AfterValidator(_issns)] = ()
    published: PartialDate = None
    published_online: PartialDate = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    edition: str | None = None
    series: str | None = None
    languages: tuple[str, ...] = ()
    type: WorkType = "other"
    publication_types: tuple[str, ...] = ()
    abstract: str | None = None
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    related: tuple[Relation, ...] = ()
    licences: tuple[Licence, ...] = ()
    links: tuple[Link, ...] = ()
    items: tuple[Item, ...] = ()
    cited_by: int | None = None
    url: str | None = None

    @property
    def key(self) -> str:
        """Unique among all sources: "pubmed:25176015"."""
        return f"{self.source}:{self.id}"

    @property
    def year(self) -> int | None:
        date = self.published or self.published_online
        return int(date[:4]) if date else None


class StudyEvidence(Noun):
    """How strong a kind of study this is: "indexed" by its publication types, or "inferred" from its words."""

    tier: EvidenceTier
    basis: Literal["indexed", "inferred"]


class SourceHit(Noun):
    """Where a record of a work stood in its source's answer; ranks count from 1."""

    source: SourceId
    id: str
    rank: int
    url: str | None = None


class Work(Noun):
    """One publication as we present it. `provenance` names the sources of each merged field."""

    id: str
    title: str
    vernacular_title: str | None = None
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    journal: str | None = None
    journal_abbreviation: str | None = None
    issn: tuple[str, ...] = ()
    published: str | None = None
    published_online: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    edition: str | None = None
    series: str | None = None
    ids: Identifiers = Identifiers()
    languages: tuple[str, ...] = ()
    type: WorkType = "other"
    publication_types: tuple[str, ...] = ()
    abstract: str | None = None
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    evidence: StudyEvidence = StudyEvidence(tier="other", basis="inferred")
    flags: tuple[Flag, ...] = ()
    related: tuple[Relation, ...] = ()
    licences: tuple[Licence, ...] = ()
    links: tuple[Link, ...] = ()
    items: tuple[Item, ...] = ()
    cited_by: int | None = None
    records: tuple[Record, ...] = ()
    hits: tuple[SourceHit, ...] = ()
    provenance: dict[str, tuple[SourceId, ...]] = {}
    merged_because: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        date = self.published or self.published_online
        return int(date[:4]) if date else None

    @property
    def sources(self) -> tuple[SourceId, ...]:
        return tuple(dict.fromkeys(record.source for record in self.records))


class RankedWork(Noun):
    """A work with its score (0 to 1 within one result set) and the reasons for it in words."""

    work: Work
    score: float
    because: tuple[str, ...] = ()


class AccessOption(Noun):
    """One way to the text, best first by `kind`; `detail` holds what a program may want (call number, licence ...)."""

    kind: AccessKind
    label: str
    url: str | None = None
    detail: dict[str, str | int | bool | None] = {}


class Capabilities(Noun):
    """What a source can do by itself; what it cannot becomes a loss in the strategy."""

    boolean: bool = False
    phrases: bool = False
    truncation: bool = False
    proximity: bool = False
    fields: frozenset[str] = frozenset()
    mesh_explosion: bool = False
    years: bool = False
    types: bool = False
    languages: bool = False
    newest_first: bool = False
    most_records: int = 200


class Source(Noun):
    """A bibliographic source out there, by its id, the name people know it by, and what it can do."""

    id: SourceId
    name: str
    capabilities: Capabilities = Capabilities()


class Strategy(Noun):
    """A query in one source's language.

    `text` is what a person can paste into the source's own search box; `parameters` are the further limits as sent;
    `losses` say in a sentence each what of the query the source cannot express. `interpreted_as` and `warnings` are
    what the source said of it once it had run.
    """

    text: str
    parameters: tuple[tuple[str, str], ...] = ()
    losses: tuple[str, ...] = ()
    interpreted_as: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A record at its rank (from 1) in one source's answer."""

    rank: int
    record: Record


@dataclass(frozen=True, slots=True)
class Page:
    """What a source returned: hits in its own order, the total it claims, the strategy as it ran,
    and how many records could not be shown (unreadable, or without a title)."""

    source: SourceId
    hits: tuple[Hit, ...]
    total: int | None
    strategy: Strategy
    unreadable: int = 0
    untitled: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """The source answered. `retrieved_at` is when its answer was got, which may be before it was asked for; `stale_s` is the age in
    seconds where an older answer had to serve."""

    source: Source
    page: Page
    elapsed_ms: int
    retrieved_at: datetime
    stale_s: int | None = None

    @property
    def status(self) -> Status:
        if self.stale_s is not None:
            return "stale"
        return "partial" if self.page.unreadable else "ok"


@dataclass(frozen=True, slots=True)
class Failed:
    """The source was asked and did not answer usefully."""

    source: Source
    strategy: Strategy
    error: SourceError
    elapsed_ms: int
    asked_at: datetime

    @property
    def status(self) -> Status:
        status: Status = self.error.status  # type: ignore[assignment]
        return status


@dataclass(frozen=True, slots=True)
class Skipped:
    """The source was wanted and could not be asked; `reason` says why."""

    source: Source
    reason: str
    losses: tuple[str, ...] = field(default=())

    @property
    def status(self) -> Status:
        return "skipped"


Outcome: TypeAlias = Answered | Failed | Skipped
