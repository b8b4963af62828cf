"""The stand-in Crossref REST API: /works and /works/{doi}, scored lists, filters, cursors, and Crossref's own refusals."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedsearch import identifiers
from fedsearch.folding import fold_spaced
from fedsearch.sandbox.crossref_filters import FilterFault, Item, date_of, issued, objects, passes, read_filters, texts
from fedsearch.sandbox.index import Entry, Index

_WEIGHTS = {"title": 3.0, "author": 1.5, "journal": 1.0, "abstract": 0.7, "number": 1.0}
_MOST_ROWS = 1_000
_MOST_OFFSET = 10_000
# The list in Crossref's own refusal of an unknown select, autumn 2026; `language` and `subtype` are not among them.
SELECTS = (
    "abstract, URL, resource, member, posted, score, created, degree, update-policy, short-title, license, ISSN, container-title, issued, "
    "update-to, issue, prefix, approved, indexed, article-number, clinical-trial-number, accepted, author, group-title, DOI, "
    "is-referenced-by-count, updated-by, event, chair, standards-body, original-title, funder, translator, published, archive, "
    "published-print, alternative-id, subject, subtitle, published-online, publisher-location, content-domain, reference, title, link, "
    "type, publisher, volume, references-count, ISBN, issn-type, assertion, deposited, page, contributor, content-created, "
    "short-container-title, relation, editor"
).split(", ")
# Which of the index's fields each query parameter reads; None is all of them.
_QUERIES: dict[str, tuple[str, ...] | None] = {
    "query": None,
    "query.bibliographic": None,
    "query.title": ("title",),
    "query.author": ("author",),
    "query.editor": ("editor",),
    "query.contributor": ("author", "editor"),
    "query.container-title": ("journal",),
    "query.affiliation": ("affiliation",),
    "query.publisher-name": ("publisher",),
}
_PARAMETERS = frozenset({*_QUERIES, "filter", "rows", "offset", "cursor", "sort", "order", "select", "mailto", "facet"})
_SORTS: dict[str, Callable[[Item], Any]] = {
    "updated": lambda item: date_of(item, "deposited", "issued"),
    "deposited": lambda item: date_of(item, "deposited", "issued"),
    "indexed": lambda item: date_of(item, "indexed", "issued"),
    "created": lambda item: date_of(item, "created", "issued"),
    "published": lambda item: date_of(item, "published", "issued"),
    "published-print": lambda item: date_of(item, "published-print"),
    "published-online": lambda item: date_of(item, "published-online"),
    "issued": issued,
    "is-referenced-by-count": lambda item: _count(item, "is-referenced-by-count"),
    "references-count": lambda item: _count(item, "references-count"),
}
_TAG = re.compile(r"<[^<>]*>")


class _Refused(Exception):
    """A request that Crossref would not run: its status and its body."""

    def __init__(self, kind: str, value: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "status": "failed",
            "message-type": "validation-failure" if status == 400 else "resource-failure",
            "message": [{"type": kind, "value": value, "message": message}],
        }


class CrossrefWorks:
    """Crossref's /works over items by DOI in lower case."""

    def __init__(self, items: Mapping[str, Item]) -> None:
        self.items = items
        self._listed = tuple(items.values())
        self.index = Index([_entry(item) for item in self._listed], _WEIGHTS)

    def routes(self) -> list[Route]:
        """The list and the single work."""
        return [Route("/works", self._list, methods=["GET"]), Route("/works/{doi:path}", self._single, methods=["GET"])]

    async def _single(self, request: Request) -> Response:
        if "select" in request.query_params:
            return _json(_Refused("parameter-not-allowed", "select", "This route does not support select").body, 400)
        item = self.items.get(identifiers.doi(request.path_params["doi"]) or "")
        if item is None:
            return Response("Resource not found.", 404, media_type="text/plain")
        return _json({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": {**item, "score": 1}})

    async def _list(self, request: Request) -> Response:
        try:
            return _json(self._answer(dict(request.query_params)))
        except _Refused as exc:
            return _json(exc.body, exc.status)
        except FilterFault as exc:
            return _json(_Refused(exc.kind, exc.value, str(exc)).body, 400)

    def _answer(self, sent: Mapping[str, str]) -> dict[str, Any]:
        for name in sent:
            if name not in _PARAMETERS:
                raise _Refused("parameter-not-allowed", name, f"This route does not support {name}")
        rows = _number(sent, "rows", 20, _MOST_ROWS)
        start = _number(sent, "offset", 0, _MOST_OFFSET)
        selected = _selected(sent.get("select", ""))
        found, scores = self._found(sent, read_filters(sent.get("filter", "")))
        ordered = self._ordered(found, scores, sent)
        message: dict[str, Any] = {"facets": {}}
        if "cursor" in sent:
            start = _cursor_start(sent)
            message["next-cursor"] = _cursor(sent, start + min(rows, max(0, len(ordered) - start)))
        shown = [{**self._listed[n], "score": scores.get(n, 0.0)} for n in ordered[start : start + rows]]
        message["total-results"] = len(ordered)
        message["items"] = [{name: item[name] for name in item if name in selected} for item in shown] if selected else shown
        message["items-per-page"] = rows
        message["query"] = {"start-index": start, "search-terms": sent.get("query")}
        return {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}

    def _found(self, sent: Mapping[str, str], filters: Mapping[str, list[str]]) -> tuple[set[int], dict[int, float]]:
        """Any word of a query finds; several queries have to find each; every filter has to let through."""
        found = set(self.index.everything)
        words: list[Sequence[str]] = []
        for name, fields in _QUERIES.items():
            if asked := fold_spaced(sent.get(name, "")).split():
                variants = [self.index.variants(word) for word in dict.fromkeys(asked)]
                words.extend(variants)
                found &= {n for spellings in variants for spelling in spellings for n in self.index.with_word(spelling, fields)}
        found = {n for n in found if passes(self._listed[n], filters)} if filters else found
        return found, {n: round(score, 6) for n, score in self.index.scores(found, words).items()} if words else {}

    def _ordered(self, found: set[int], scores: Mapping[int, float], sent: Mapping[str, str]) -> list[int]:
        sort, order = sent.get("sort", ""), sent.get("order", "desc")
        if order not in ("asc", "desc"):
            raise _Refused("order-not-valid", order, f"Order specified as {order} but must be one of: asc, desc")
        sort = sort or ("score" if scores else "updated")
        if sort not in _SORTS and sort not in ("score", "relevance"):
            listed = ", ".join(["score", "relevance", *_SORTS])
            raise _Refused("sort-not-available", sort, f"Sort '{sort}' specified but must be one of: {listed}")
        ordered = sorted(found, key=lambda n: self.index.entries[n].id)
        if sort in _SORTS:
            key = _SORTS[sort]
            ordered.sort(key=lambda n: key(self._listed[n]), reverse=order == "desc")
        else:
            ordered.sort(key=lambda n: scores.get(n, 0.0), reverse=order == "desc")
        return ordered


def _entry(item: Item) -> Entry:
    titles = [*texts(item.get("title")), *texts(item.get("subtitle")), *texts(item.get("original-title"))]
    numbers = [*texts(item.get("ISSN")), *texts(item.get("ISBN")), item["DOI"], issued(item)[:4]]
    numbers += [text for name in ("volume", "issue", "page") for text in texts(item.get(name))]
    found = {
        "title": [unescape(_TAG.sub("", title)) for title in titles],
        "author": _names(item, "author"),
        "editor": _names(item, "editor"),
        "journal": [unescape(t) for t in (*texts(item.get("container-title")), *texts(item.get("short-container-title")))],
        "abstract": [unescape(_TAG.sub(" ", text)) for text in texts(item.get("abstract"))],
        "publisher": texts(item.get("publisher")),
        "affiliation": [
            t for author in objects(item.get("author")) for a in objects(author.get("affiliation")) for t in texts(a.get("name"))
        ],
        "number": [number for number in numbers if number],
    }
    return Entry(item["DOI"].lower(), found)


def _names(item: Item, role: str) -> list[str]:
    return [" ".join(t for name in ("given", "family", "name") for t in texts(person.get(name))) for person in objects(item.get(role))]


def _count(item: Item, name: str) -> int:
    value = item.get(name)
    return value if isinstance(value, int) else 0


def _number(sent: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = sent.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= most):
        message = f"Integer specified as {value} but must be a positive integer less than or equal to {most}. "
        raise _Refused("integer-not-valid", value, message)
    return int(value)


def _selected(text: str) -> frozenset[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in SELECTS:
            listed = ", ".join(SELECTS)
            message = f"Select '{name}' specified but there is no such select for this route. Valid selects for this route are: {listed}"
            raise _Refused("select-not-available", name, message)
    return frozenset(names)


def _search_mark(sent: Mapping[str, str]) -> str:
    """What a cursor belongs to: the search without its place."""
    same = sorted((name, value) for name, value in sent.items() if name not in ("cursor", "rows", "mailto", "select"))
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:16]


def _cursor(sent: Mapping[str, str], at: int) -> str:
    return base64.urlsafe_b64encode(f"{_search_mark(sent)}:{at}".encode()).decode()


def _cursor_start(sent: Mapping[str, str]) -> int:
    if sent["cursor"] == "*":
        return 0
    try:
        mark, _, at = base64.urlsafe_b64decode(sent["cursor"].encode()).decode().partition(":")
        if mark == _search_mark(sent) and at.isdigit():
            return int(at)
    except ValueError:
        pass
    raise _Refused("cursor-invalid", sent["cursor"], "Cursor specified but it is invalid", 404)


def _json(value: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")), status, media_type="application/json")
