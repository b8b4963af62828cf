"""What clients see: works, outcomes and result sets as the JSON of docs/api.md. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fedsearch.errors import NotKept
from fedsearch.exports import work_json
from fedsearch.model import Noun, Record
from fedsearch.results import FACETS, Filters, Result, ResultSet, SourceReport, facets, matching


def _plain(noun: Noun) -> dict[str, Any]:
    return noun.model_dump(mode="json")


def result_json(result: Result) -> dict[str, Any]:
    """A work with its place in the list and the ways to its text."""
    return work_json(result.ranked.work) | {
        "score": result.ranked.score,
        "ranked_because": list(result.ranked.because),
        "access": [_plain(option) for option in result.access],
    }


def record_json(record: Record) -> dict[str, Any]:
    """One source's own description, with only the members that it told."""
    return record.model_dump(mode="json", exclude_defaults=True)


def source_json(report: SourceReport) -> dict[str, Any]:
    return _plain(report) | {"parameters": [list(pair) for pair in report.parameters]}


def search_json(found: ResultSet, page: int, per_page: int, filters: Filters, *, past_end: bool = False) -> dict[str, Any]:
    """One page of a result set, narrowed by facets. Raises NotKept for a page beyond the last, unless `past_end` lets it be empty."""
    shown = matching(found.results, filters)
    pages = max(1, math.ceil(len(shown) / per_page))
    if page > pages and not past_end:
        raise NotKept(f"There is no page {page}.", f"The list has {pages} page{'s' * (pages > 1)} of {per_page}.")
    asked = found.asked
    return {
        "search_id": found.id,
        "query": {
            "text": asked.text,
            "suggestion": None,
            "year_from": asked.year_from,
            "year_to": asked.year_to,
            "type": list(asked.types),
            "language": list(asked.languages),
            "sort": asked.sort,
        },
        "sources": [source_json(report) for report in found.reports],
        "results": [result_json(result) for result in shown[(page - 1) * per_page : page * per_page]],
        "facets": {name: [{"value": v, "count": n} for v, n in counts] for name, counts in facets(found.results, filters).items()},
        "filters": {name: list(filters[name]) for name in FACETS if filters.get(name)},
        "page": page,
        "per_page": per_page,
        "pages": pages,
        "works": len(found.results),
        "shown": len(shown),
        "duplicates_removed": found.duplicates_removed,
        "unsure": [doubt.model_dump() | {"reasons": list(doubt.reasons)} for doubt in found.unsure],
        "elapsed_ms": found.elapsed_ms,
        "made_at": found.made_at.isoformat(timespec="seconds"),
    }


def results_so_far(found: ResultSet, per_page: int) -> dict[str, Any]:
    """The ranked list of an unfinished search, for the stream."""
    first: Sequence[Result] = found.results[:per_page]
    return {"results": [result_json(result) for result in first], "works": len(found.results), "complete": found.complete}
