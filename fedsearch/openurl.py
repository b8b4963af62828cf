"""A work as an OpenURL 1.0 in key/encoded-value form (ANSI/NISO Z39.88-2004), for link resolvers and COinS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from fedsearch.model import Author, Work

_BOOKS = {"book": "book", "book-chapter": "bookitem", "thesis": "document", "report": "report", "audio-visual": "document"}
_SERIALS = {"journal-article": "article", "preprint": "preprint", "conference-paper": "proceeding", "journal": "journal"}


def openurl(work: Work) -> str:
    """The query string that describes a work; a link resolver's address goes before it."""
    return urlencode(list(_pairs(work)))


def _pairs(work: Work) -> Iterator[tuple[str, str]]:
    book = work.type in _BOOKS
    yield "url_ver", "Z39.88-2004"
    yield "ctx_ver", "Z39.88-2004"
    yield "ctx_enc", "info:ofi/enc:UTF-8"
    yield "url_ctx_fmt", "info:ofi/fmt:kev:mtx:ctx"
    yield "rfr_id", "info:sid/fedsearch:search"
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if book else 'journal'}"
    yield "rft.genre", _BOOKS.get(work.type) or _SERIALS.get(work.type, "unknown")
    yield from ((name, value) for name, value in (_book(work) if book else _article(work)) if value)
    first = next((author for author in work.authors if author.role == "author"), None)
    if first:
        yield from _author(first)
    if work.ids.doi:
        yield "rft_id", f"info:doi/{work.ids.doi}"
    if work.ids.pmid:
        yield "rft_id", f"info:pmid/{work.ids.pmid}"


def _book(work: Work) -> Iterator[tuple[str, str | None]]:
    yield "rft.btitle", work.journal if work.type == "book-chapter" else work.title
    yield "rft.atitle", work.title if work.type == "book-chapter" else None
    yield "rft.isbn", work.ids.isbn[0] if work.ids.isbn else None
    yield "rft.edition", work.edition
    yield "rft.pub", work.publisher
    yield "rft.place", work.place
    yield "rft.date", work.published or work.published_online


def _article(work: Work) -> Iterator[tuple[str, str | None]]:
    yield "rft.atitle", None if work.type == "journal" else work.title
    yield "rft.jtitle", work.title if work.type == "journal" else work.journal
    yield "rft.stitle", work.journal_abbreviation
    yield "rft.issn", work.issn[0] if work.issn else None
    yield "rft.date", work.published or work.published_online
    yield "rft.volume", work.volume
    yield "rft.issue", work.issue
    yield "rft.pages", work.pages
    yield "rft.spage", re.split(r"[-–,]", work.pages)[0].strip() if work.pages else None


def _author(author: Author) -> Iterator[tuple[str, str]]:
    if author.collective:
        yield "rft.aucorp", author.collective
    if author.family:
        yield "rft.aulast", author.family
    if author.given:
        yield "rft.aufirst", author.given
