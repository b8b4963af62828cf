"""The library's own catalogue as a source: the same question, asked of the records that were loaded from MARC files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import cast

from fedsearch.catalogue import Catalogue, CatalogueAnswer
from fedsearch.catalogue.question import FIELD_COLUMNS, NUMBER_FIELDS
from fedsearch.errors import CatalogueError, QueryError, SourceBroken, SourceRejected, UnsupportedQuery
from fedsearch.folding import fold
from fedsearch.model import Capabilities, Hit, Page, Source, SourceId, Strategy, WorkType
from fedsearch.query import FIELDS, Boolean, DateRange, Limits, Node, Query, Sort, Term, parse, render

CATALOGUE = Source(
    id=SourceId("catalogue"),
    name="Library catalogue",
    capabilities=Capabilities(
        boolean=True,
        phrases=True,
        truncation=True,
        proximity=True,
        fields=frozenset({*FIELD_COLUMNS, *NUMBER_FIELDS, "language", "date"}),
        years=True,
        types=True,
        languages=True,
        newest_first=True,
    ),
)
DEEPEST = 8
NOTHING_LOADED = "The catalogue is empty: no records have been loaded into it."
_PUBMED_NUMBERS = frozenset({"pmid", "pmcid"})
_LOST = {
    "explode": "The catalogue does not know which MeSH terms stand below a heading: only the headings themselves were searched.",
    "major": "The catalogue does not tell major topics: the headings were searched among all subjects.",
    "author-place": "The catalogue does not tell first and last authors: the names were searched among all authors.",
    "publication-type": "Publication types were searched among the catalogue's subject and form headings.",
    "inner": "The catalogue truncates only at the end of a word: a word was cut at its first asterisk.",
    "months": "The catalogue knows years only: months and days of dates were left out.",
    "entry-date": "The catalogue does not know dates of entry: that limit was left out.",
    "numbers": "The catalogue does not know PubMed numbers.",
    "wordless": "A term without letters or digits was left out.",
}
_LOST_WITH_FIELD = {
    "mesh-major": "major",
    "first-author": "author-place",
    "last-author": "author-place",
    "publication-type": "publication-type",
}


@dataclass(frozen=True, slots=True)
class LocalCatalogue:
    """The connector over a catalogue, whatever engine keeps it; `places` bounds the searches at a time."""

    catalogue: Catalogue
    source: Source = CATALOGUE
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))

    def translate(self, query: Query) -> Strategy:
        """The query without what the catalogue cannot search, in the notation of the search box, and what was lost by that."""
        pruning = _Pruning()
        root = pruning.kept(query.root)
        if root is None:
            raise UnsupportedQuery(
                " ".join(("The library catalogue cannot run this search.", *pruning.losses)), "Add a word to search for."
            )
        if _depth(root) > DEEPEST:
            raise UnsupportedQuery(
                f"The library catalogue reads parentheses at most {DEEPEST} deep.", "Take out those that change nothing."
            )
        return Strategy(text=_written(root), parameters=_parameters(query), losses=pruning.losses)

    async def search(self, strategy: Strategy, limit: int) -> Page:
        try:
            query = _query_of(strategy)
        except QueryError as exc:
            raise SourceRejected(f"The library catalogue cannot read so long a search: {exc}", "Shorten it.") from exc
        try:
            async with self.places:
                answer = await asyncio.to_thread(self.catalogue.search, query, limit)
                empty = answer.total == 0 and await asyncio.to_thread(self.catalogue.count) == 0
        except CatalogueError as exc:
            raise SourceBroken(str(exc), exc.hint) from exc
        return _page(answer, strategy.model_copy(update={"warnings": (NOTHING_LOADED,)}) if empty else strategy)


def _page(answer: CatalogueAnswer, strategy: Strategy) -> Page:
    hits = tuple(Hit(rank, record) for rank, record in enumerate(answer.records, start=1))
    return Page(CATALOGUE.id, hits, answer.total, strategy)


@dataclass(slots=True)
class _Pruning:
    """Takes out of a tree what the catalogue cannot search; `losses` say what that was, each once."""

    _lost: dict[str, None] = field(default_factory=dict)

    @property
    def losses(self) -> tuple[str, ...]:
        return tuple(self._lost)

    def kept(self, node: Node) -> Node | None:
        if isinstance(node, Boolean):
            return self._boolean(node)
        return self._dates(node) if isinstance(node, DateRange) else self._term(node)

    def _boolean(self, node: Boolean) -> Node | None:
        parts = [self.kept(part) for part in node.parts]
        if node.operator == "NOT" and parts[0] is None:
            return None
        if node.operator == "AND" and any(part is None and _is_pubmed_number(old) for part, old in zip(parts, node.parts, strict=True)):
            # No record of the catalogue can meet this; without the number it would answer something else.
            return None
        left = tuple(part for part in parts if part is not None)
        if len(left) > 1:
            return Boolean(node.operator, left)
        return left[0] if left else None

    def _dates(self, node: DateRange) -> DateRange | None:
        if node.field != "date":
            self._lose(_LOST["entry-date"])
            return None
        if len(node.first) > 4 or len(node.last) > 4:
            self._lose(_LOST["months"])
        return replace(node, first=node.first[:4], last=node.last[:4])

    def _term(self, term: Term) -> Term | None:
        missing = _missing(term)
        if missing:
            self._lose(missing)
            return None
        if term.field in ("mesh", "mesh-major", "subheading") and term.explode:
            self._lose(_LOST["explode"])
        if term.field in _LOST_WITH_FIELD:
            self._lose(_LOST[_LOST_WITH_FIELD[term.field]])
        if any("*" in word.rstrip("*") for word in term.text.split()):
            self._lose(_LOST["inner"])
        return term

    def _lose(self, loss: str) -> None:
        self._lost[loss] = None


def _missing(term: Term) -> str | None:
    """Why the catalogue cannot search for a term at all."""
    if term.field in _PUBMED_NUMBERS:
        return _LOST["numbers"]
    if term.field not in CATALOGUE.capabilities.fields:
        return f"The catalogue has no field [{FIELDS[term.field][0]}]: “{term.text}” was left out."
    return None if fold(term.text) else _LOST["wordless"]


def _is_pubmed_number(node: Node) -> bool:
    return isinstance(node, Term) and node.field in _PUBMED_NUMBERS


def _written(node: Node) -> str:
    """PubMed's notation, read from left to right: no parentheses around what comes first, however deep the tree is."""
    if not isinstance(node, Boolean):
        return render(node)
    rest = (f"({_written(part)})" if isinstance(part, Boolean) else render(part) for part in node.parts[1:])
    return f" {node.operator} ".join([_written(node.parts[0]), *rest])


def _depth(node: Node) -> int:
    """How deep parentheses go in what `_written` writes."""
    if not isinstance(node, Boolean):
        return 0
    return max(_depth(node.parts[0]), *(1 + _depth(part) for part in node.parts[1:] if isinstance(part, Boolean)), 0)


def _parameters(query: Query) -> tuple[tuple[str, str], ...]:
    limits = query.limits
    years = f"{limits.year_from or ''}:{limits.year_to or ''}"
    said = (("years", years.strip(":") and years), ("types", ",".join(limits.types)), ("languages", ",".join(limits.languages)))
    return (*(pair for pair in said if pair[1]), *((("sort", query.sort),) if query.sort != "relevance" else ()))


def _query_of(strategy: Strategy) -> Query:
    """The query that `translate` wrote down."""
    said = dict(strategy.parameters)
    first, _, last = said.get("years", ":").partition(":")
    limits = Limits(
        int(first) if first else None,
        int(last) if last else None,
        cast(tuple[WorkType, ...], _listed(said.get("types"))),
        _listed(said.get("languages")),
    )
    return parse(strategy.text, limits, cast(Sort, said.get("sort", "relevance")))


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
