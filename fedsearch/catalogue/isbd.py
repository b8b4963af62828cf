"""Catalogue notation -> what is shown: ISBD's punctuation, brackets and stock phrases taken off, dates made years.

ISBD marks what follows by what stands before it: "Title : subtitle / responsibility" (ISBD 2011, A.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fedsearch.identifiers import western_digits

_ENDING = re.compile(r"[\s/:;=,،؛\u200b-\u200f\u202a-\u202e\ufeff]+$")
_BEGINNING = re.compile(r"^[\s\u200b-\u200f\u202a-\u202e\ufeff]+")
_FULL_STOP = re.compile(r"(?<=[^\s.])\.$")
# A final full stop belongs to the word after a lone letter ("Smith, J."), inside initials, and in short forms.
_SHORT_FORM = re.compile(
    r"(?:(?:^|[\s.\-])\w\.|\b(?:etc|Inc|Ltd|Co|Corp|Jr|Sr|Dr|St|ed|eds|vol|no|pt|ser|dept|Univ|Assoc|Bros|al|rev))\.?$"
)
_UNKNOWN = re.compile(
    r"^\W*(s\.?\s?[ln]\.?|(publisher|place of publication|place|date)[\s\w]* not identified|بی\W?جا|بی\W?نا|ب[یي]\W?ن[اآ])\W*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_FIRST_WESTERN, _LAST_WESTERN = 1450, 2100
_FIRST_SOLAR, _LAST_SOLAR = 1250, 1449


def tidy(text: str | None) -> str | None:
    """Text without ISBD punctuation at its end; None when nothing is left."""
    bare = _ENDING.sub("", _BEGINNING.sub("", " ".join((text or "").split())))
    if not _SHORT_FORM.search(bare):
        bare = _ENDING.sub("", _FULL_STOP.sub("", bare))
    return bare or None


def title_of(parts: Iterable[tuple[str, str]]) -> str | None:
    """A title from its subfields (code, text) a, b, n, p, s, k: "Title: subtitle. Part 2, Name of the part"."""
    title = ""
    for code, text in parts:
        text = " ".join(text.split())
        if not text:
            continue
        title = f"{title}{_mark_before(code, title)}{text}" if title else text
    spaced = re.sub(r"\s+([:;,.])(?=\s|$)", r"\1", title)
    return tidy(spaced)


def _mark_before(code: str, title: str) -> str:
    """The mark that the cataloguer left out, or only the space where it is there."""
    if title[-1] in "/:;=,.،؛؟?!":
        return " "
    return {"b": ": ", "n": ". ", "p": ". "}.get(code, " ")


def imprint(text: str | None) -> str | None:
    """A publisher or a place: no brackets or punctuation; None for [S.l.], [s.n.] and "not identified"."""
    bare = tidy(re.sub(r"[\[\]<>]", "", text or ""))
    return None if bare is None or _UNKNOWN.match(bare) else bare


def year_in(text: str | None, solar: bool = False, lunar: bool = False) -> int | None:
    """The year of a date as catalogued: "c2009", "[2010]", "۱۳۹۵", "1393 [2014 or 2015]", "2003-2008".

    A Western year counts before any other. `solar` says that a year of the 13th to 15th century is of the Persian
    calendar, `lunar` that it is of the Hijri one; a letter beside the year (ش, ق) says so by itself.
    """
    digits = western_digits(text or "")
    years = [int(found) for found in _YEAR.findall(digits)]
    for year in years:
        if _FIRST_WESTERN <= year <= _LAST_WESTERN:
            return year
    for year in years:
        if _FIRST_SOLAR <= year <= _LAST_SOLAR:
            if re.search(r"\d\s*(?:ه\s*\.?\s*)?ق|hijr[iī]\b|\bA\.?H\b", digits, re.IGNORECASE) or (lunar and not solar):
                return western_of_lunar(year)
            return year + 621 if solar or re.search(r"\d\s*(?:ه\s*\.?\s*)?ش", digits) else year
    return next((year for year in years if 1000 <= year < _FIRST_SOLAR), None)


def western_of_lunar(year: int) -> int:
    """The Western year in which most of a Hijri year lies."""
    return int(year * 0.970224 + 621.5774)
