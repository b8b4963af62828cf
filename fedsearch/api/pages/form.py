"""What the searcher has filled in, and the addresses that lead from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import quote, urlencode

Lang = Literal["en", "fa"]

PER_PAGE = 20
FILTERS = ("evidence", "access", "type", "year", "source", "language")
"""The facets a kept result set can be narrowed by, in the order in which the page shows them."""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """The library as its page shows it; `name` and `opening` are by language, `sources` are (id, name) pairs, `places` the words
    for the catalogue's codes of branches and shelves, by language."""

    name: Mapping[str, str]
    opening: Mapping[str, str]
    contact: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    demo: bool = False
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """One search as a person filled it in. `set_id` names a kept result set, `filters` narrow that set by facet."""

    q: str = ""
    lang: Lang = "en"
    sources: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    types: tuple[str, ...] = ()
    sort: Literal["relevance", "newest"] = "relevance"
    per_page: int = PER_PAGE
    page: int = 1
    set_id: str | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Whether the search asks less than everything of every source."""
        return bool(self.sources or self.year_from or self.year_to or self.types)

    @property
    def filtered(self) -> bool:
        return any(self.filters.values())

    def parameters(self) -> list[tuple[str, str]]:
        """The query of an address, without what is at its usual value; the language always stands in it."""
        found: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        found.append(("lang", self.lang))
        if self.sources:
            found.append(("sources", ",".join(self.sources)))
        if self.year_from is not None:
            found.append(("year_from", str(self.year_from)))
        if self.year_to is not None:
            found.append(("year_to", str(self.year_to)))
        found += [("type", kind) for kind in self.types]
        if self.sort != "relevance":
            found.append(("sort", self.sort))
        if self.per_page != PER_PAGE:
            found.append(("per_page", str(self.per_page)))
        if self.set_id:
            found.append(("set", self.set_id))
        found += [(f"f.{name}", value) for name in FILTERS for value in self.filters.get(name, ())]
        if self.page > 1:
            found.append(("page", str(self.page)))
        return found

    def address(self, path: str = "/search") -> str:
        return f"{path}?{urlencode(self.parameters())}"

    def with_changes(self, **changes: Any) -> Form:
        return replace(self, **changes)

    def new_search(self, text: str) -> Form:
        """Another text asked of the same sources within the same limits."""
        return replace(self, q=text, page=1, set_id=None, filters={})

    def newly_sorted(self, sort: Literal["relevance", "newest"]) -> Form:
        """The same search in another order: a kept set keeps the order it was first shown in, so it is asked anew."""
        return replace(self, sort=sort, page=1, set_id=None)

    def toggled(self, name: str, value: str) -> Form:
        """This form with one filter added, or taken away if it was on."""
        values = self.filters.get(name, ())
        values = tuple(v for v in values if v != value) if value in values else (*values, value)
        return replace(self, page=1, filters={**self.filters, name: values})

    def unfiltered(self) -> Form:
        return replace(self, page=1, filters={})

    def without_limits(self) -> Form:
        """The same words asked of every source, of all years and kinds."""
        return replace(self, sources=(), year_from=None, year_to=None, types=(), page=1, set_id=None, filters={})

    def work_address(self, work_id: str) -> str:
        """The record view of a work, with the way back to this list."""
        return self.address(f"/works/{quote(work_id, safe='')}")
