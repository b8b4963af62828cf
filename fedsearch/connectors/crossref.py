"""The connector for Crossref: what publishers said of a publication when they registered its DOI."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx

from fedsearch.connectors.base import check_status, read_json, readable
from fedsearch.connectors.crossref_json import CROSSREF_ID, read_work
from fedsearch.connectors.crossref_strategy import strategy_for
from fedsearch.errors import SourceBroken, SourceError, SourceRejected, SourceUnreadable
from fedsearch.model import Capabilities, Hit, Page, Source, Strategy
from fedsearch.query import Query

CROSSREF = Source(
    id=CROSSREF_ID,
    name="Crossref",
    capabilities=Capabilities(
        fields=frozenset({"all", "author", "author-id", "affiliation", "journal", "publisher", "series", "doi", "issn", "isbn"}),
        years=True,
        types=True,
        newest_first=True,
        most_records=1000,
    ),
)

# Exactly the fields that crossref_json reads and that /works lets be selected; one unknown name makes every search fail with
# HTTP 400 select-not-available, whose message lists the known ones (as of 2026-10: without language, subtype and edition-number).
# Asked for whole, works come with their references and are about ten times as large.
SELECT = (
    "DOI,type,title,subtitle,original-title,abstract,author,editor,translator,container-title,short-container-title,ISSN,ISBN,"
    "issued,published,published-print,published-online,posted,volume,issue,page,article-number,publisher,publisher-location,"
    "relation,update-to,updated-by,license,link,is-referenced-by-count"
)

_NOT_OK = re.compile(rb'"status"\s*:\s*"(failed|error|exception)"')


@dataclass(frozen=True, slots=True)
class Crossref:
    """Crossref's REST API, list of works. https://api.crossref.org/swagger-ui/ · `http` has its root as base URL."""

    http: httpx.AsyncClient
    mailto: str | None = None
    source: Source = CROSSREF

    def translate(self, query: Query) -> Strategy:
        """`text` is the bag of words, empty where names, identifiers and filters say it all; those are in `parameters`."""
        return strategy_for(query)

    async def search(self, strategy: Strategy, limit: int) -> Page:
        parameters = {
            **({"query.bibliographic": strategy.text} if strategy.text else {}),
            **dict(strategy.parameters),
            "rows": str(min(limit, CROSSREF.capabilities.most_records)),
            "select": SELECT,
            **({"mailto": self.mailto} if self.mailto else {}),
        }
        return parse_page(await self.http.get("works", params=parameters), strategy)


def fault(response: httpx.Response) -> SourceError | None:
    """The error that an answer of Crossref means, as far as its status, its beginning and its end tell; None for a good one."""
    if response.status_code == 400:
        return _rejected(response.content)
    try:
        check_status(response, CROSSREF.name)
    except SourceError as exc:
        return exc
    body = response.content.strip()
    if body.startswith(b"<"):
        return SourceBroken("Crossref sent a web page instead of an answer.", "It usually recovers by itself.")
    if status := _NOT_OK.search(body[:400]):
        failed = status.group(1) == b"failed"
        return _rejected(body) if failed else SourceBroken("Crossref reports a fault of its own.", "It usually recovers by itself.")
    if not (body.startswith(b"{") and body.endswith(b"}")):
        return SourceUnreadable("Crossref sent an answer that is cut off or is not JSON.", "Try again.")
    return None if b'"items"' in body else _without_list()


def parse_page(response: httpx.Response, strategy: Strategy) -> Page:
    """A list of works as a Page. Raises the SourceError that an answer without one stands for."""
    if wrong := fault(response):
        raise wrong
    message = read_json(response.content, CROSSREF.name).get("message")
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise _without_list()
    records, unreadable, untitled = readable(message["items"], read_work, CROSSREF.name)
    return Page(
        source=CROSSREF_ID,
        hits=tuple(Hit(rank, record) for rank, record in enumerate(records, start=1)),
        total=total if type(total := message.get("total-results")) is int else None,
        strategy=strategy,
        unreadable=unreadable,
        untitled=untitled,
    )


def _without_list() -> SourceUnreadable:
    return SourceUnreadable("Crossref sent an answer without a list of works.", "Its format may have changed.")


def _rejected(body: bytes) -> SourceRejected:
    """What Crossref found wrong, by its own names for faults; its messages repeat what was searched for."""
    try:
        answer: Any = read_json(body, CROSSREF.name)
    except SourceUnreadable:
        answer = None
    faults = answer.get("message") if isinstance(answer, dict) else None
    kinds = [str(one.get("type")).replace("-", " ") for one in faults if isinstance(one, dict)] if isinstance(faults, list) else []
    reason = f": {', '.join(dict.fromkeys(kinds))}" if kinds else ""
    return SourceRejected(f"Crossref rejected the request{reason}.", "Please report this search.")
