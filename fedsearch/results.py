"""A result set: the ranked works and outcomes of one search, kept for paging. Pure: filters, facets and pages are views of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from fedsearch.model import AccessOption, Answered, Failed, Noun, Outcome, RankedWork, SourceId, Status

Filters: TypeAlias = Mapping[str, Sequence[str]]
"""Wanted values by facet name; values of one facet are alternatives, facets narrow one another."""


class SourceReport(Noun):
    """How one source fared, in words that a person can report and repeat."""

    id: SourceId
    name: str
    status: Status
    strategy: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    interpreted_as: str | None = None
    losses: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    total: int | None = None
    returned: int = 0
    unreadable: int = 0
    untitled: int = 0
    elapsed_ms: int | None = None
    message: str | None = None
    retrieved_at: datetime | None = None
    age_s: int | None = None


class Result(Noun):
    """One ranked work with its ways to the text."""

    ranked: RankedWork
    access: tuple[AccessOption, ...] = ()


class Doubt(Noun):
    """Two records, by their keys, that may be one work: they stay apart until somebody decides."""

    left: str
    right: str
    reasons: tuple[str, ...] = ()


class Asked(Noun):
    """What was asked, so that the same search can be run again."""

    text: str
    sources: tuple[SourceId, ...]
    year_from: int | None = None
    year_to: int | None = None
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sort: str = "relevance"
    depth: int = 50


class ResultSet(Noun):
    """The answer to one search. Its order never changes once it is kept."""

    id: str
    asked: Asked
    reports: tuple[SourceReport, ...]
    results: tuple[Result, ...]
    unsure: tuple[Doubt, ...] = ()
    duplicates_removed: int
    elapsed_ms: int
    made_at: datetime
    complete: bool = True


def report(outcome: Outcome) -> SourceReport:
    """An outcome in words. A failure is never a count of zero: its total stays unknown."""
    source = outcome.source
    if isinstance(outcome, Answered):
        page = outcome.page
        return SourceReport(
            id=source.id,
            name=source.name,
            status=outcome.status,
            strategy=page.strategy.text,
            parameters=page.strategy.parameters,
            interpreted_as=page.strategy.interpreted_as,
            losses=page.strategy.losses,
            warnings=page.strategy.warnings,
            total=page.total,
            returned=len(page.hits),
            unreadable=page.unreadable,
            untitled=page.untitled,
            elapsed_ms=outcome.elapsed_ms,
            message=_left_out(outcome),
            retrieved_at=outcome.retrieved_at,
            age_s=outcome.stale_s,
        )
    if isinstance(outcome, Failed):
        return SourceReport(
            id=source.id,
            name=source.name,
            status=outcome.status,
            strategy=outcome.strategy.text,
            parameters=outcome.strategy.parameters,
            losses=outcome.strategy.losses,
            elapsed_ms=outcome.elapsed_ms,
            message=outcome.error.detail,
            retrieved_at=outcome.asked_at,
        )
    return SourceReport(id=source.id, name=source.name, status="skipped", losses=outcome.losses, message=outcome.reason)


def _left_out(outcome: Answered) -> str | None:
    page, parts = outcome.page, []
    if outcome.stale_s is not None:
        parts.append(f"{outcome.source.name} did not answer; this is its answer of {_age(outcome.stale_s)} ago.")
    if page.unreadable:
        parts.append(f"{page.unreadable} records could not be read.")
    if page.untitled:
        parts.append(f"{page.untitled} records without a title are not shown.")
    return " ".join(parts) or None


def _age(seconds: int) -> str:
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'s' * (count > 1)}"
    return f"{seconds} second{'s' * (seconds != 1)}"


_VALUES: dict[str, Callable[[Result], Iterable[str]]] = {
    "year": lambda r: [str(r.ranked.work.year)] if r.ranked.work.year else [],
    "type": lambda r: [r.ranked.work.type],
    "source": lambda r: r.ranked.work.sources,
    "access": lambda r: list(dict.fromkeys(option.kind for option in r.access)),
    "evidence": lambda r: [r.ranked.work.evidence.tier],
    "language": lambda r: r.ranked.work.languages,
}
FACETS: tuple[str, ...] = tuple(_VALUES)


def matching(results: Iterable[Result], filters: Filters) -> tuple[Result, ...]:
    """The results that every wanted facet lets through, in their order."""
    wanted = {name: set(values) for name, values in filters.items() if values}
    return tuple(r for r in results if all(values & set(_VALUES[name](r)) for name, values in wanted.items()))


def facets(results: Sequence[Result], filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """Counts of each facet's values, commonest first (years newest first), over what the other facets let through."""
    counted: dict[str, list[tuple[str, int]]] = {}
    for name, values in _VALUES.items():
        others = {other: chosen for other, chosen in filters.items() if other != name}
        counts = Counter(value for result in matching(results, others) for value in values(result))
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        counted[name] = sorted(order, reverse=True) if name == "year" else order
    return counted
