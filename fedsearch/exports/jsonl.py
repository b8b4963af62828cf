"""JSON lines: one work a line, under the names that the API gives its members."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fedsearch.model import Author, Noun, Work

# Many readers take these for the end of a line; JSON itself does not escape them.
_LINE_ENDS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x7f\x85\u2028\u2029"}
_HALF = re.compile("[\ud800-\udfff]")


def write_jsonl(works: Iterable[Work]) -> str:
    return "".join(jsonl_lines(works))


def jsonl_lines(works: Iterable[Work]) -> Iterator[str]:
    return (json_line(work_json(work)) for work in works)


def json_line(members: Mapping[str, Any], allow_nan: bool = False) -> str:
    """One object as a line of UTF-8 JSON that every reader takes for one line. `allow_nan`: also numbers that are none, as Python writes them."""
    text = json.dumps(members, ensure_ascii=False, allow_nan=allow_nan)
    # Half a character (a lone surrogate) has no UTF-8: it can stand only as an escape.
    return (json.dumps(members, allow_nan=allow_nan) if _HALF.search(text) else text.translate(_LINE_ENDS)) + "\n"


def work_json(work: Work) -> dict[str, Any]:
    """One work under its contract names; what no source told is null or an empty list."""
    return {
        "id": work.id,
        "title": work.title,
        "vernacular_title": work.vernacular_title,
        "authors": [author_json(author) for author in work.authors],
        "authors_complete": work.authors_complete,
        "journal": work.journal,
        "journal_abbreviation": work.journal_abbreviation,
        "issn": list(work.issn),
        "year": work.year,
        "published": work.published or work.published_online,
        "published_online": work.published_online,
        "volume": work.volume,
        "issue": work.issue,
        "pages": work.pages,
        "publisher": work.publisher,
        "place": work.place,
        "edition": work.edition,
        "series": work.series,
        "doi": work.ids.doi,
        "pmid": work.ids.pmid,
        "pmcid": work.ids.pmcid,
        "isbn": list(work.ids.isbn),
        "language": work.languages[0] if work.languages else None,
        "languages": list(work.languages),
        "type": work.type,
        "publication_types": list(work.publication_types),
        "abstract": work.abstract,
        "mesh": [str(heading) for heading in work.mesh],
        "keywords": list(work.keywords),
        "evidence": _plain(work.evidence),
        "flags": [_plain(flag) for flag in work.flags],
        "related": [_plain(relation) for relation in work.related],
        "records": _records(work),
        "provenance": {name: list(sources) for name, sources in work.provenance.items()},
        "merged_because": list(work.merged_because),
        "cited_by": work.cited_by,
        "items": [_plain(item) for item in work.items],
        "links": [_plain(link) for link in work.links],
    }


def author_json(author: Author) -> dict[str, str]:
    """Only the members that are known; the role only where it is not that of an author."""
    names = {"family": author.family, "given": author.given, "collective": author.collective}
    role = {} if author.role == "author" else {"role": author.role}
    return {name: value for name, value in names.items() if value} | role


def _plain(noun: Noun) -> dict[str, Any]:
    return noun.model_dump(mode="json")


def _records(work: Work) -> list[dict[str, Any]]:
    ranks = {(hit.source, hit.id): hit.rank for hit in work.hits}
    return [{"source": r.source, "id": r.id, "rank": ranks.get((r.source, r.id)), "url": r.url} for r in work.records]
