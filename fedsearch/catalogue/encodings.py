"""Bytes of a MARC record -> text, whatever the leader says: files that are mis-declared are the rule in some libraries.

Leader/09 says "a" for Unicode and blank for MARC-8 (https://www.loc.gov/marc/specifications/speccharintro.html).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from pymarc.marc8 import marc8_to_unicode

_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,}")
_ESCAPE = re.compile(rb"\x1b[(),$\-sgbp]")
# ANSEL (MARC-8's extended Latin): letters and signs at A1-C8, joiners at 88-8E; E0-FE are marks that stand before the
# letter they belong to, seldom more than two of them; the rest is not assigned.
_NOT_ANSEL = re.compile(
    rb"[\x80-\x87\x8a-\x8c\x8f-\xa0\xaf\xbb\xc9-\xdf\xfc\xfd\xff]|[\xe0-\xfe]{3}|[\xe0-\xfe](?![\xe0-\xfeA-Za-z\xa1-\xbd\x88-\x8e])"
)
# UTF-8's forms with its first, longer ones (RFC 2279), which are wrong today and still tell what the writer meant.
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}|[\xf8-\xfb][\x80-\xbf]{4}|[\xfc\xfd][\x80-\xbf]{5}"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode one record's bytes, and a note where that differs from what its leader says."""

    decode: Callable[[bytes], str]
    note: str | None = None


def _utf8(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _marc8(text: bytes) -> str:
    return text.decode("ascii") if text.isascii() and b"\x1b" not in text else str(marc8_to_unicode(text, True))


def encoding_of(record: bytes, unicode_declared: bool) -> Encoding:
    """The encoding that a whole record's bytes speak for: UTF-8, else MARC-8, else the likeliest Windows code page."""
    if record.isascii():
        return Encoding(_marc8 if _ESCAPE.search(record) else _utf8)
    try:
        record.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(record, unicode_declared)
    return Encoding(_utf8, None if unicode_declared else "the leader says MARC-8, the text is UTF-8: read as UTF-8")


def _not_utf8(record: bytes, unicode_declared: bool) -> Encoding:
    good = len(_MULTIBYTE.findall(record))
    bad = len(re.findall(rb"[\x80-\xff]", _MULTIBYTE.sub(b"", record)))
    if good > bad:
        return Encoding(_utf8, "some bytes are not UTF-8: shown as \N{REPLACEMENT CHARACTER}")
    if _ESCAPE.search(record) or not _NOT_ANSEL.search(record):
        return Encoding(_marc8, "the leader says UTF-8, the text is MARC-8: read as MARC-8" if unicode_declared else None)
    if not unicode_declared and good == 0 and len(_NOT_ANSEL.findall(record)) * 4 <= len(re.findall(rb"[\x80-\xff]", record)):
        return Encoding(_marc8, "some bytes are not MARC-8: shown as spaces")
    page = _code_page(record)
    return Encoding(lambda text: text.decode(page, "replace"), f"neither UTF-8 nor MARC-8: read as Windows code page {page[2:]}")


def _code_page(record: bytes) -> str:
    """Western where high bytes stand alone; else Cyrillic or Arabic, whichever mixes scripts less inside words."""
    if not _HIGH_RUN.search(record):
        return "cp1252"
    return min(("cp1256", "cp1251"), key=lambda page: _mixed(record.decode(page, "replace")))


def _mixed(text: str) -> int:
    return sum(1 for left, right in pairwise(text) if left.isalpha() and right.isalpha() and _script(left) != _script(right))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]
