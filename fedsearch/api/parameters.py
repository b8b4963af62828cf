"""What clients send: the parameters of a search, checked and turned into the nouns of the walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from fedsearch import identifiers
from fedsearch.errors import QueryError
from fedsearch.identifiers import western_digits
from fedsearch.languages import two_letter
from fedsearch.model import SourceId, WorkType
from fedsearch.query import MOST_CHARACTERS, Limits, parse
from fedsearch.results import FACETS, Filters
from fedsearch.search import SearchRequest, Services


def _digits(value: Any) -> Any:
    """Numbers may be typed with Persian or Arabic digits; an empty form field is no number."""
    return (western_digits(value).strip() or None) if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    """A comma list, or a list of such, as one list; half characters, which JSON can hold, become question marks."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    pieces = [piece.strip() for part in parts for piece in part.encode(errors="replace").decode().split(",")]
    return [piece for piece in pieces if piece]


Year = Annotated[Annotated[int, Field(ge=1000, le=2100)] | None, BeforeValidator(_digits)]
Names = Annotated[list[str], BeforeValidator(_listed), Field(max_length=20)]
Facet = Annotated[list[str], Field(max_length=50, description="Repeatable.")]
Page = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=10_000)]
PerPage = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=100)]


class SearchParameters(BaseModel):
    """One search. The same names serve in the query string and in a JSON body."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"q": "heart failure", "sources": ["pubmed", "crossref"], "per_page": 20}}
    )

    q: str = Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="Plain words, or PubMed syntax: AND OR NOT, (), “phrases”, truncation* and [tags].",
    )
    sources: Names = Field(
        default=[], description="Which sources to ask, as a comma list: pubmed, crossref, catalogue. Default: all that are enabled."
    )
    page: Page = 1
    per_page: PerPage = 20
    depth: Annotated[int, BeforeValidator(_digits)] = Field(default=50, ge=1, le=200, description="Records asked of each source.")
    year_from: Year = Field(default=None, description="First year of publication.")
    year_to: Year = Field(default=None, description="Last year of publication.")
    type: Annotated[list[WorkType], BeforeValidator(_listed)] = Field(default=[], description="Types of publication; repeatable.")
    language: Names = Field(default=[], description="Two-letter language codes, such as en and fa; repeatable.")
    sort: Literal["relevance", "newest"] = "relevance"
    deadline_ms: Annotated[Annotated[int, Field(ge=100, le=30_000)] | None, BeforeValidator(_digits)] = Field(
        default=None, description="When the answer must be there. Default: the library's setting, usually 4000."
    )

    @model_validator(mode="after")
    def _years_in_order(self) -> SearchParameters:
        if self.year_from and self.year_to and self.year_from > self.year_to:
            raise ValueError(f"year_from {self.year_from} is after year_to {self.year_to}; swap them")
        unknown = [code for code in self.language if two_letter(code) is None]
        if unknown:
            raise ValueError(f"language “{unknown[0][:20]}” is not a known code; write two letters, such as en or fa")
        return self

    def request(self, services: Services) -> SearchRequest:
        """The search that these parameters ask for. Raises QueryError."""
        languages = tuple(dict.fromkeys(code for name in self.language if (code := two_letter(name))))
        limits = Limits(_western(self.year_from), _western(self.year_to, last=True), tuple(dict.fromkeys(self.type)), languages)
        query = parse(self.q, limits, self.sort)
        deadline = self.deadline_ms or services.settings.search.deadline_ms
        return SearchRequest(query, _known_sources(self.sources, services), self.depth, deadline)


def _western(year: int | None, *, last: bool = False) -> int | None:
    """A Persian solar year (1300 to 1450) as the first, or last, of the two Western years that it lies in; no journal is that old."""
    return year + 621 + last if year and 1300 <= year <= 1450 else year


def _known_sources(names: list[str], services: Services) -> tuple[SourceId, ...]:
    known = [*services.connectors, *services.switched_off]
    for name in names:
        if name not in known:
            raise QueryError(f"There is no source “{name[:40]}”.", f"Sources here: {', '.join(known)}.")
    return tuple(dict.fromkeys(SourceId(name) for name in names))


class KeptParameters(BaseModel):
    """Which page of a kept result set, and what of it: values of one facet are alternatives, facets narrow one another."""

    model_config = ConfigDict(extra="forbid")

    page: Page = 1
    per_page: PerPage = 20
    year: Facet = []
    type: Facet = []
    source: Facet = []
    access: Facet = []
    evidence: Facet = []
    language: Facet = []

    @property
    def filters(self) -> Filters:
        return filters_of(self.model_dump())


def filters_of(values: Mapping[str, list[str]], prefix: str = "") -> Filters:
    """Facet filters out of query parameters named like the facets, or with a prefix before them."""
    return {name: tuple(values[prefix + name]) for name in FACETS if values.get(prefix + name)}


_NUMBERS: dict[str, Callable[[str], str | None]] = {"pubmed": identifiers.pmid, "crossref": identifiers.doi, "catalogue": str.strip}


def _record_key(key: str) -> str:
    """A record's key in its bare form: "crossref:10.1056/NEJMoa1409077" is "crossref:10.1056/nejmoa1409077"."""
    source, _, written = key.partition(":")
    read = _NUMBERS.get(source)
    number = read(written) if read else None
    if not number or len(key) > 300 or any(character.isspace() for character in number):
        raise ValueError("must name a record, such as pubmed:25176015, crossref:10.1056/nejmoa1409077 or catalogue:hl000001")
    return f"{source}:{number}"


RecordKey = Annotated[str, AfterValidator(_record_key)]


class DecisionParameters(BaseModel):
    """What a librarian decides of two records, named as in `records` of a work: source, colon, id."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "example": {
                "left": "pubmed:11111111",
                "right": "crossref:10.1000/a",
                "same": False,
                "who": "M. Karimi",
                "why": "Part I and Part II",
            }
        },
    )

    left: RecordKey = Field(description="A record's key, such as pubmed:25176015.")
    right: RecordKey
    same: bool = Field(description="true: one work; false: two works.")
    who: str = Field(min_length=1, max_length=100, description="Who decides; shown beside the decision.")
    why: str = Field(default="", max_length=1000, description="The reason, in the librarian's words.")
