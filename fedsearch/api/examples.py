"""Examples and statuses for the OpenAPI document: what a client may expect of each endpoint."""

from __future__ import annotations

from typing import Any

_WORK: dict[str, Any] = {
    "id": "pubmed:25176015",
    "title": "Angiotensin-neprilysin inhibition versus enalapril in heart failure",
    "vernacular_title": None,
    "authors": [{"family": "McMurray", "given": "John J V"}, {"collective": "PARADIGM-HF Investigators and Committees"}],
    "authors_complete": True,
    "journal": "The New England journal of medicine",
    "journal_abbreviation": "N Engl J Med",
    "issn": ["0028-4793", "1533-4406"],
    "year": 2014,
    "published": "2014-09-11",
    "published_online": None,
    "volume": "371",
    "issue": "11",
    "pages": "993-1004",
    "publisher": "Massachusetts Medical Society",
    "place": None,
    "edition": None,
    "series": None,
    "doi": "10.1056/nejmoa1409077",
    "pmid": "25176015",
    "pmcid": None,
    "isbn": [],
    "language": "en",
    "languages": ["en"],
    "type": "journal-article",
    "publication_types": ["Journal Article", "Randomized Controlled Trial"],
    "abstract": None,
    "mesh": ["Heart Failure/*drug therapy"],
    "keywords": [],
    "evidence": {"tier": "randomised-trial", "basis": "indexed"},
    "flags": [],
    "related": [],
    "records": [
        {"source": "pubmed", "id": "25176015", "rank": 1, "url": "https://pubmed.ncbi.nlm.nih.gov/25176015/"},
        {"source": "crossref", "id": "10.1056/nejmoa1409077", "rank": 2, "url": "https://doi.org/10.1056/nejmoa1409077"},
    ],
    "provenance": {"title": ["pubmed", "crossref"], "mesh": ["pubmed"]},
    "merged_because": ["same DOI, 10.1056/nejmoa1409077", "same title"],
    "cited_by": None,
    "items": [],
    "links": [],
    "score": 0.87,
    "ranked_because": ["2 of 2 words of the question in the title", "number 1 at pubmed"],
    "access": [
        {
            "kind": "resolver",
            "label": "Publisher's page by DOI (may need a subscription)",
            "url": "https://doi.org/10.1056/nejmoa1409077",
            "detail": {"doi": "10.1056/nejmoa1409077", "certain": False},
        }
    ],
}
_ANSWER: dict[str, Any] = {
    "search_id": "q3tYk0hJ2mVbXw8z",
    "query": {
        "text": "heart failure",
        "suggestion": None,
        "year_from": None,
        "year_to": None,
        "type": [],
        "language": [],
        "sort": "relevance",
    },
    "sources": [
        {
            "id": "pubmed",
            "name": "PubMed",
            "status": "ok",
            "strategy": "heart failure",
            "parameters": [["sort", "relevance"]],
            "interpreted_as": '"heart failure"[MeSH Terms] OR ("heart"[All Fields] AND "failure"[All Fields])',
            "losses": [],
            "warnings": [],
            "total": 1234,
            "returned": 50,
            "unreadable": 0,
            "untitled": 0,
            "elapsed_ms": 412,
            "message": None,
            "retrieved_at": "2026-01-15T08:30:00Z",
            "age_s": None,
        }
    ],
    "results": [_WORK],
    "facets": {"year": [{"value": "2014", "count": 7}], "evidence": [{"value": "randomised-trial", "count": 12}]},
    "filters": {},
    "page": 1,
    "per_page": 20,
    "pages": 5,
    "works": 96,
    "shown": 96,
    "duplicates_removed": 31,
    "unsure": [],
    "elapsed_ms": 431,
    "made_at": "2026-01-15T08:30:00+00:00",
}


def _problem(status: int, slug: str, title: str, detail: str, **more: Any) -> dict[str, Any]:
    example = {"type": f"urn:fedsearch:problem:{slug}", "title": title, "status": status, "detail": detail, **more}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": title, "content": {"application/problem+json": {"schema": schema, "example": example}}}


_INVALID = _problem(
    422,
    "query-syntax",
    "The search cannot be run",
    "The parenthesis at position 8 is never closed. Add a “)” or delete the “(”.",
    position=7,
)
_GONE = _problem(404, "not-found", "Not found", "This result list is no longer kept. Run the search again.")
_ALL_FAILED = _problem(502, "no-source-answered", "No source answered", "PubMed: PubMed could not be reached.", sources=[])
_ALL_LATE = _problem(504, "no-source-answered", "Every source was late", "PubMed did not answer within 4 s.", sources=[])

SEARCH: dict[int | str, dict[str, Any]] = {
    200: {"description": "At least one source answered", "content": {"application/json": {"example": _ANSWER}}},
    404: _GONE,
    422: _INVALID,
    502: _ALL_FAILED,
    504: _ALL_LATE,
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: source, results, done, error",
        "content": {"text/event-stream": {"example": 'event: source\ndata: {"id": "pubmed", "status": "ok"}\n\n'}},
    },
    422: _INVALID,
}
EXPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The works in the format asked for",
        "content": {
            "application/x-research-info-systems": {"example": "TY  - JOUR\r\nTI  - Angiotensin-neprilysin inhibition …\r\nER  - \r\n"}
        },
    },
    404: _GONE,
    422: _INVALID,
}
WORK: dict[int | str, dict[str, Any]] = {
    200: {"description": "The work", "content": {"application/json": {"example": {**_WORK, "source_records": []}}}},
    404: _problem(404, "not-found", "Not found", "PubMed has no record 1. Check the number."),
    422: _INVALID,
    502: _ALL_FAILED,
    504: _ALL_LATE,
}
KEPT: dict[int | str, dict[str, Any]] = {200: SEARCH[200], 404: _GONE, 422: _INVALID}
READY: dict[int | str, dict[str, Any]] = {
    503: _problem(503, "not-ready", "Not ready", "Out of order: catalogue.", parts={"result_sets": True, "catalogue": False})
}

_DECISION: dict[str, Any] = {
    "id": 7,
    "left": "crossref:10.1000/a",
    "right": "pubmed:11111111",
    "same": False,
    "who": "M. Karimi",
    "why": "Part I and Part II",
    "made_at": "2026-01-15T08:30:00+00:00",
    "undone_at": None,
}
DECISION: dict[int | str, dict[str, Any]] = {
    201: {"description": "The decision, in force from the next search on", "content": {"application/json": {"example": _DECISION}}},
    422: _problem(422, "decision", "The decision makes no sense", "A record cannot be compared with itself. Name two different records."),
}
UNDONE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The decision, undone", "content": {"application/json": {"example": _DECISION}}},
    404: _problem(404, "not-found", "Not found", "There is no decision 7 in force. It may have been undone already."),
}
