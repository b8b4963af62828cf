"""What a connector is, and the tools each of them reads answers with."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar

import httpx
from lxml import etree

from fedsearch.errors import (
    SourceBroken,
    SourceDenied,
    SourceError,
    SourceRejected,
    SourceThrottled,
    SourceTimeout,
    SourceUnreachable,
    SourceUnreadable,
)
from fedsearch.model import Page, Record, Source, Strategy
from fedsearch.query import Query

log = logging.getLogger(__name__)
Item = TypeVar("Item")


class Connector(Protocol):
    """Our code for one source: `translate` and the parser it uses are pure, `search` is the only waiting."""

    @property
    def source(self) -> Source: ...

    def translate(self, query: Query) -> Strategy:
        """The query in the source's language, with its losses. Raises UnsupportedQuery if nothing of it can be asked."""
        ...

    async def search(self, strategy: Strategy, limit: int) -> Page:
        """At most `limit` records in the source's order. Raises SourceError or httpx.HTTPError."""
        ...


def read_json(body: bytes, source: str) -> Any:
    """A JSON body; control characters inside strings are let pass, since ESearch sends them (a raw newline in ERROR)."""
    try:
        return json.loads(body, strict=False)
    except (ValueError, RecursionError) as exc:
        raise SourceUnreadable(f"{source} sent what is not JSON: {_beginning(body)}", "Its format may have changed.") from exc


def read_xml(body: bytes, source: str) -> etree._Element:
    """An XML body, read without network, DTDs, entities of its own, or huge nodes."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise SourceUnreadable(f"{source} sent what is not XML: {_beginning(body)}", "Its format may have changed.") from exc


def _beginning(body: bytes) -> str:
    """Enough of a body to recognise it; never more, since bodies can repeat an API key."""
    kind = (
        "an empty body"
        if not body.strip()
        else "an HTML page"
        if body.lstrip()[:1] == b"<" and b"<html" in body[:500].lower()
        else "a body"
    )
    return f"{kind} of {len(body)} bytes"


def readable(items: Iterable[Item], read: Callable[[Item], Record | None], source: str) -> tuple[list[Record], int, int]:
    """Read items one at a time: the good records, and how many were unreadable and how many had no title.

    `read` returns None for an item without a title. An item that breaks it is counted and logged, and the rest go on.
    """
    records: list[Record] = []
    unreadable = untitled = 0
    for item in items:
        try:
            record = read(item)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as exc:
            unreadable += 1
            log.warning("%s: a record could not be read (%s: %s)", source, type(exc).__name__, str(exc)[:200])
            continue
        if record is None:
            untitled += 1
        else:
            records.append(record)
    return records, unreadable, untitled


def check_status(response: httpx.Response, source: str) -> None:
    """Raise the SourceError that an HTTP status stands for."""
    code = response.status_code
    if code < 300:
        return
    if code == 429:
        raise throttled(source, response)
    if code in (401, 403):
        raise SourceDenied(f"{source} refused access (HTTP {code}).", "Check the key and the e-mail address in the configuration.")
    if code in (408, 502, 503, 504) or code >= 500:
        raise SourceBroken(f"{source} is out of order (HTTP {code}).", "It usually recovers by itself.")
    raise SourceRejected(f"{source} rejected the request (HTTP {code}).", "Please report this search.")


def throttled(source: str, response: httpx.Response) -> SourceThrottled:
    """The error for "asked too often", with Retry-After in seconds where it was sent."""
    return SourceThrottled(f"{source} says it was asked too often.", "Wait a minute.", retry_after(response))


def retry_after(response: httpx.Response) -> float | None:
    """Retry-After in seconds, whether it was sent as a number or as a date (RFC 9110, 10.2.3)."""
    after = response.headers.get("retry-after", "").strip()
    if after.isascii() and after.isdigit():
        return float(after)
    try:
        seconds = (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(0.0, seconds)


def as_source_error(exc: Exception, source: str) -> SourceError:
    """Any failure that a connector's edge understands, as the SourceError it means."""
    if isinstance(exc, SourceError):
        return exc
    if isinstance(exc, TimeoutError | httpx.TimeoutException):
        return SourceTimeout(f"{source} did not answer in time.", "Its results may be there on the next try.")
    if isinstance(exc, httpx.DecodingError):
        return SourceUnreadable(f"{source} sent a body that cannot be decoded.", "Its format may have changed.")
    return SourceUnreachable(
        f"{source} could not be reached ({type(exc).__name__}).", "Check the network and the address in the configuration."
    )
