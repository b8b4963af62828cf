"""What clients see, as schemas for the OpenAPI document: wire.py and problems.py write it, these describe it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fedsearch.model import AccessOption, Flag, Item, Link, Record, Relation, SourceId, StudyEvidence, WorkType
from fedsearch.results import SourceReport


class _Answer(BaseModel):
    """Later versions may add members; clients let pass what they do not know."""

    model_config = ConfigDict(frozen=True)


class AuthorAnswer(_Answer):
    """A person (family, given) or a body (collective); members that are not known are left out."""

    family: str | None = None
    given: str | None = None
    collective: str | None = None
    role: Literal["editor", "translator"] | None = Field(default=None, description="Left out for authors.")


class RecordAnswer(_Answer):
    """One source's record of a work; `rank` counts from 1 in that source's own answer."""

    source: SourceId
    id: str = Field(description="PMID, DOI, or the catalogue's control number (001).")
    rank: int | None
    url: str | None


class WorkAnswer(_Answer):
    """One publication, merged from the records of every source that has it; null or [] where no source told."""

    id: str = Field(description="Stable: the source and number of its leading record, as pubmed:25176015.")
    title: str
    vernacular_title: str | None
    authors: list[AuthorAnswer]
    authors_complete: bool
    journal: str | None
    journal_abbreviation: str | None
    issn: list[str]
    year: int | None
    published: str | None = Field(description="As precise as it is known: 2024, 2024-03 or 2024-03-01.")
    published_online: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    publisher: str | None
    place: str | None
    edition: str | None
    series: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    isbn: list[str]
    language: str | None = Field(description="The first of `languages`.")
    languages: list[str]
    type: WorkType
    publication_types: list[str]
    abstract: str | None
    mesh: list[str] = Field(description="In MEDLINE's notation: Heart Failure/*drug therapy.")
    keywords: list[str]
    evidence: StudyEvidence
    flags: list[Flag] = Field(description="Warnings: retracted, concern, corrected, preprint, withdrawn.")
    related: list[Relation]
    records: list[RecordAnswer]
    provenance: dict[str, list[SourceId]] = Field(description="Which sources said each merged field.")
    merged_because: list[str]
    cited_by: int | None
    items: list[Item]
    links: list[Link]
    score: float = Field(description="From 0 to 1, comparable within one result set only.")
    ranked_because: list[str]
    access: list[AccessOption] = Field(description="Ways to the text, best first.")


class WholeWorkAnswer(WorkAnswer):
    """A work with each source's own description of it."""

    source_records: list[Record]


class SourceAnswer(SourceReport):
    """How one source fared: what it was asked, what was lost in that, and what came of it."""


class QueryAnswer(_Answer):
    """The search as it was understood."""

    text: str
    suggestion: str | None
    year_from: int | None
    year_to: int | None
    type: list[WorkType]
    language: list[str]
    sort: Literal["relevance", "newest"]


class FacetCount(_Answer):
    """One value of a facet, and how many works of the set have it."""

    value: str
    count: int


class DoubtAnswer(_Answer):
    """Two records that may be one work and stay apart until a librarian decides."""

    left: str
    right: str
    reasons: list[str]


class DecisionAnswer(_Answer):
    """What a librarian decided of two records. One that is undone keeps its place in the list."""

    id: int
    left: str
    right: str
    same: bool
    who: str
    why: str
    made_at: str
    undone_at: str | None


class DecisionsAnswer(_Answer):
    """Every decision ever made, newest first."""

    decisions: list[DecisionAnswer]


class SearchAnswer(_Answer):
    """One page of a result set, with an account of every source that was asked."""

    search_id: str
    query: QueryAnswer
    sources: list[SourceAnswer]
    results: list[WorkAnswer]
    facets: dict[str, list[FacetCount]] = Field(description="Each facet is counted over what the other facets let through.")
    filters: dict[str, list[str]] = Field(description="The facet values that narrow this page.")
    page: int
    per_page: int
    pages: int
    works: int = Field(description="Works in the whole set.")
    shown: int = Field(description="Works that the filters let through.")
    duplicates_removed: int
    unsure: list[DoubtAnswer]
    elapsed_ms: int
    made_at: str


class ParameterFault(_Answer):
    """What is wrong with one parameter."""

    parameter: str
    message: str


class Problem(_Answer):
    """What went wrong, and in `detail` what would help (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    position: int | None = Field(default=None, description="Where in q the fault is, counted from 0.")
    errors: list[ParameterFault] | None = None
    sources: list[SourceAnswer] | None = None
    parts: dict[str, bool] | None = None


class LiveAnswer(_Answer):
    """The process answers."""

    status: Literal["ok"]


class ReadyAnswer(LiveAnswer):
    """Every part that is the service's own is in order."""

    parts: dict[str, bool]


def with_problem(openapi: dict[str, Any]) -> dict[str, Any]:
    """The document with the schema of problems, to which the answers with application/problem+json refer."""
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, schema in problem.pop("$defs", {}).items():
        schemas.setdefault(name, schema)
    schemas["Problem"] = problem
    return openapi
