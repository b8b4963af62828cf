"""Identifiers of publications and journals, read from any usual notation into their bare form.

Every function takes whatever a source wrote and returns the bare form, or None when it is no such identifier.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from stdnum import isbn as _isbn
from stdnum import issn as _issn
from stdnum.exceptions import ValidationError

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+")
_DOI_WHOLE = re.compile(r"^10\.\d{4,9}(?:\.\d+)*/\S+$")
_DOI_PREFIX = re.compile(r"^(?:(?:https?://)?(?:[\w-]+\.)*doi\.org/|(?:info:)?doi[:/]\s*|doi\s+)", re.IGNORECASE)
_PMID = re.compile(
    r"^(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|info:pmid/|pmid[:\s]*)?0*([1-9]\d{0,8})/?(?:[?#].*)?$",
    re.IGNORECASE | re.ASCII,
)
_PMCID = re.compile(r"(?:^|[^a-z])pmc\s?0*([1-9]\d{0,8})(?:\.\d+)?(?=$|[^\d])", re.IGNORECASE | re.ASCII)
_ISBN = re.compile(r"\d[\d\s\-\u2010-\u2015]{7,16}[\dXx]")
_ISSN = re.compile(r"(\d{4})[-\u2010-\u2015]?(\d{3}[\dXx])", re.ASCII)


def western_digits(text: str) -> str:
    """Persian and Arabic digits as ASCII digits; everything else as it was."""
    return text.translate(_DIGITS)


@lru_cache(maxsize=8_192)
def doi(text: str | None) -> str | None:
    """A DOI without resolver address, prefix, percent-encoding or trailing punctuation, in lower case.

    DOIs compare without regard to case: DOI Handbook, 2.4.
    """
    if not text:
        return None
    bare = _DOI_PREFIX.sub("", western_digits(text.strip()))
    if "%" in bare:
        bare = unquote(bare)
    bare = _without_tail(bare.strip()).lower()
    return bare if _DOI_WHOLE.match(bare) else None


def doi_in(text: str) -> str | None:
    """The first DOI that stands anywhere in a text."""
    found = _DOI.search(text)
    return doi(found.group()) if found else None


def _without_tail(text: str) -> str:
    """Sentence punctuation, and brackets that nothing opened, cut off the end."""
    unopened = {close: text.count(close) - text.count(open_) for open_, close in ("()", "[]", "{}")}
    end = len(text)
    while end:
        last = text[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in ".,;:'\"":
            break
        end -= 1
    return text[:end]


@lru_cache(maxsize=8_192)
def pmid(text: str | None) -> str | None:
    """A PubMed identifier: digits without leading zeros."""
    found = _PMID.match(western_digits(text.strip())) if text else None
    return found.group(1) if found else None


@lru_cache(maxsize=8_192)
def pmcid(text: str | None) -> str | None:
    """A PubMed Central identifier, always with its letters: "PMC1234567"."""
    found = _PMCID.search(western_digits(text)) if text else None
    return f"PMC{found.group(1)}" if found else None


@lru_cache(maxsize=8_192)
def isbn(text: str | None) -> str | None:
    """An ISBN as thirteen digits, from ISBN-10 or ISBN-13, with a right check digit."""
    found = _ISBN.search(western_digits(text)) if text else None
    if found is None:
        return None
    try:
        return str(_isbn.to_isbn13(_isbn.validate(re.sub(r"[\s\u2010-\u2015]", "", found.group()).upper()))).replace("-", "")
    except ValidationError:
        return None


@lru_cache(maxsize=8_192)
def issn(text: str | None) -> str | None:
    """An ISSN as "1234-567X", with a right check digit."""
    found = _ISSN.search(western_digits(text)) if text else None
    if found is None:
        return None
    try:
        return str(_issn.format(_issn.validate("".join(found.groups()).upper())))
    except ValidationError:
        return None
