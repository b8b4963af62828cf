"""An answer -> the parts of the page of results around the cards: sources, facets, filters, pages, exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fedsearch.api.pages.form import FILTERS, Form
from fedsearch.api.pages.hand import Pair, pairs
from fedsearch.api.pages.ladder import Payload
from fedsearch.api.pages.view import Card, Phrase, card, language_name, sentence
from fedsearch.api.pages.words import Words

EXPORTS = ("ris", "nbib", "bibtex", "csv", "csl-json", "jsonl")
ALWAYS_SHOWN = 6
"""Values of a facet that show at once; the rest, if they are more than one, wait behind a word."""
_AROUND = 2
_COMPLETE = frozenset({"ok", "partial", "stale"})


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How one source answered, in words. A source that failed has no counts: it did not find zero."""

    id: str
    name: str
    status: str
    word: str
    answered: bool
    facts: tuple[str, ...]
    strategy: str | None
    interpreted_as: str | None
    losses: tuple[Phrase, ...]
    remarks: tuple[Phrase, ...]
    parameters: tuple[str, ...]
    left_out: tuple[str, ...]
    message: Phrase | None
    retrieved_at: str | None
    retrieved: str | None
    age: str | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    href: str
    on: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    first: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use and the address without it."""

    facet: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the list; number 0 is a gap."""

    number: int
    href: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    links: tuple[PageLink, ...]
    previous: str | None
    following: str | None


@dataclass(frozen=True, slots=True)
class Export:
    format: str
    word: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Results:
    """Everything the page of results shows. `form` names the kept set, so that every link leads back into it."""

    form: Form
    works: int
    shown: int
    first: int
    last: int
    duplicates: int
    elapsed: str | None
    suggestion: str | None
    suggestion_href: str | None
    cards: tuple[Card, ...]
    sources: tuple[SourceLine, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    pager: Pager | None
    exports: tuple[Export, ...]
    unsure: tuple[Pair, ...]
    permanent: str

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing because a source did not answer."""
        return tuple(line.trouble for line in self.sources if line.trouble and not line.answered)

    @property
    def lessened(self) -> tuple[str, ...]:
        """What is less good than it should be although the source answered."""
        return tuple(line.trouble for line in self.sources if line.trouble and line.answered)

    @property
    def incomplete(self) -> bool:
        return bool(self.missing)


def results(form: Form, response: Payload, base: str, words: Words, names: Mapping[str, str]) -> Results:
    """`base` is the service's own address, for the permanent address of the search; it may be empty."""
    kept = form.with_changes(set_id=str(response["search_id"]), page=int(response["page"]), per_page=int(response["per_page"]))
    works = int(response["works"])
    shown = int(response["shown"]) if response.get("shown") is not None else works
    first = (kept.page - 1) * kept.per_page + 1
    cards = tuple(card(work, kept, words, names) for work in response["results"])
    query = response.get("query") or {}
    suggestion = query.get("suggestion")
    return Results(
        form=kept,
        works=works,
        shown=shown,
        first=first,
        last=first + len(cards) - 1,
        duplicates=int(response.get("duplicates_removed") or 0),
        elapsed=words.duration(int(response["elapsed_ms"])) if response.get("elapsed_ms") is not None else None,
        suggestion=suggestion,
        suggestion_href=form.new_search(suggestion).address() if suggestion else None,
        cards=cards,
        sources=tuple(source_line(source, words, names) for source in response["sources"]),
        facets=facets(kept, response.get("facets") or {}, words, names),
        chips=chips(kept, words, names),
        pager=pager(kept, shown),
        exports=exports(f"/api/v1/searches/{kept.set_id}/export", words),
        unsure=pairs(kept, response.get("unsure") or ()),
        permanent=base.rstrip("/") + form.with_changes(set_id=None, page=1, filters={}).address(),
    )


def source_line(source: Payload, words: Words, names: Mapping[str, str]) -> SourceLine:
    status, name = str(source["status"]), str(names.get(source["id"]) or source.get("name") or source["id"])
    answered = status in _COMPLETE
    retrieved_at = source.get("retrieved_at")
    age = words.age(int(source["age_s"])) if source.get("age_s") is not None else None
    return SourceLine(
        id=str(source["id"]),
        name=name,
        status=status,
        word=words.named("status", status),
        answered=answered,
        facts=_facts(source, answered, words),
        strategy=source.get("strategy") or None,
        interpreted_as=source.get("interpreted_as") or None,
        losses=tuple(sentence(text, words, names) for text in source.get("losses") or ()),
        remarks=tuple(sentence(text, words, names) for text in source.get("warnings") or ()),
        parameters=tuple(f"{parameter}={value}" for parameter, value in source.get("parameters") or ()),
        left_out=tuple(words.counted(f"sources.{name}", int(source[name])) for name in ("untitled", "unreadable") if source.get(name)),
        message=sentence(source["message"], words, names) if source.get("message") else None,
        retrieved_at=retrieved_at,
        retrieved=words.moment(retrieved_at) if retrieved_at else None,
        age=age,
        trouble=_trouble(status, name, age, words),
    )


def _facts(source: Payload, answered: bool, words: Words) -> tuple[str, ...]:
    counts = [
        words.counted(f"sources.{name}", int(source[name])) for name in ("total", "returned") if answered and source.get(name) is not None
    ]
    elapsed = [words.duration(int(source["elapsed_ms"]))] if source.get("elapsed_ms") is not None else []
    return (*counts, *elapsed)


def _trouble(status: str, name: str, age: str | None, words: Words) -> str | None:
    if status == "stale" and age:
        return words("trouble.stale_age", name=name, age=age)
    key = f"trouble.{status}"
    return words(key, name=name) if words.has(key) else None


def facet_label(name: str, value: str, words: Words, names: Mapping[str, str]) -> str:
    """A facet's value in words; years stay as the sources write them."""
    if name == "source":
        return names.get(value, value)
    if name == "language":
        return language_name(value, words)
    if name == "year":
        return value
    if name == "access" and words.has(f"access_facet.{value}"):
        return words(f"access_facet.{value}")
    return words.named({"type": "types"}.get(name, name), value)


def facets(form: Form, counted: Mapping[str, Any], words: Words, names: Mapping[str, str]) -> tuple[Facet, ...]:
    found = []
    for name in FILTERS:
        values = [_facet_value(form, name, entry, words, names) for entry in counted.get(name) or ()]
        if values:
            values.sort(key=lambda value: not value.on)
            shown = ALWAYS_SHOWN if len(values) > ALWAYS_SHOWN + 1 else len(values)
            found.append(Facet(name, words(f"facets.{name}"), tuple(values[:shown]), tuple(values[shown:])))
    return tuple(found)


def _facet_value(form: Form, name: str, entry: Payload, words: Words, names: Mapping[str, str]) -> FacetValue:
    value = str(entry["value"])
    return FacetValue(
        value=value,
        label=facet_label(name, value, words, names),
        count=int(entry["count"]),
        href=form.toggled(name, value).address(),
        on=value in form.filters.get(name, ()),
    )


def chips(form: Form, words: Words, names: Mapping[str, str]) -> tuple[Chip, ...]:
    return tuple(
        Chip(words(f"facets.{name}"), facet_label(name, value, words, names), form.toggled(name, value).address())
        for name in FILTERS
        for value in form.filters.get(name, ())
    )


def pager(form: Form, shown: int) -> Pager | None:
    """First, last and the pages around this one; None where one page holds everything."""
    count = -(-shown // form.per_page)
    if count < 2:
        return None

    def at(number: int) -> str:
        return form.with_changes(page=number).address()

    numbers = sorted({1, count, *range(max(1, form.page - _AROUND), min(count, form.page + _AROUND) + 1)})
    links: list[PageLink] = []
    for number in numbers:
        if links and number - links[-1].number > 1:
            links.append(PageLink(0, None))
        links.append(PageLink(number, at(number), number == form.page))
    return Pager(
        tuple(links),
        previous=at(form.page - 1) if 1 < form.page <= count else None,
        following=at(form.page + 1) if form.page < count else None,
    )


def exports(path: str, words: Words, formats: tuple[str, ...] = EXPORTS) -> tuple[Export, ...]:
    return tuple(Export(name, words(f"export.{name}"), words(f"export.{name}_note"), f"{path}?format={name}") for name in formats)
