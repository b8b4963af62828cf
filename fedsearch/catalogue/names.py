"""Names in access points (100, 110, 111, 700, 710, 711, 720) -> Authors with their role.

Relators: https://www.loc.gov/marc/relators/
"""

from __future__ import annotations

import re
from typing import Literal

import pymarc

from fedsearch.catalogue.isbd import tidy
from fedsearch.model import Author

_EDITOR = re.compile(
    r"\bedit|\bed\b|\bcompil|\bcomp\b|^(edt|edc|com|pbd)$|ویراست|گردآور|تدوین|به کوشش|زیر نظر|به اهتمام|سرپرست", re.IGNORECASE
)
_TRANSLATOR = re.compile(r"translat|\btr\b|^trl$|مترجم|ترجم|برگردان", re.IGNORECASE)
_WRITER = re.compile(
    r"author|creator|contribut|writ|\bjoint|director|report|corporate|^(aut|cre|ctb|aui|aft|win|drt|rpy|dis)$|نویسند|نگارند|مولف|مؤلف|تالیف|تألیف|پدیدآور",
    re.IGNORECASE,
)
# Hosts of electronic copies stand among the names of older records; they wrote nothing.
_PLATFORM = re.compile(r"\((firm|online service)\)|^(proquest|ebrary|netlibrary|ovid technologies|project muse|safari)\b", re.IGNORECASE)


def author_of(field: pymarc.Field) -> Author | None:
    """The author, editor or translator that a field names; None for other roles, works, and platforms."""
    role = _role(field)
    if role is None or field.get("t"):
        return None
    if field.tag in ("110", "111", "710", "711") or (field.tag == "720" and field.indicator1 == "2"):
        return _body(field, role)
    return _person(field, role)


def _role(field: pymarc.Field) -> Literal["author", "editor", "translator"] | None:
    relators = field.get_subfields("j" if field.tag[1:] == "11" else "e") + [value[-3:] for value in field.get_subfields("4")]
    said = [value.strip(" .,،()[]") for value in relators if value.strip(" .,،()[]")]
    if not said or any(_WRITER.search(value) and not re.search(r"editor", value, re.IGNORECASE) for value in said):
        return "author"
    if any(_EDITOR.search(value) for value in said):
        return "editor"
    return "translator" if any(_TRANSLATOR.search(value) for value in said) else None


def _body(field: pymarc.Field, role: Literal["author", "editor", "translator"]) -> Author | None:
    codes = "aqndc" if field.tag[1:] == "11" else "abnd"
    parts = [part for part in field.subfields if part.code in codes]
    name = tidy(" ".join(part.value.strip() for part in parts))
    return Author(collective=name, role=role) if name and not _PLATFORM.search(name) else None


def _person(field: pymarc.Field, role: Literal["author", "editor", "translator"]) -> Author | None:
    """Family and given name at the first comma, Latin or Persian; a forename entry (indicator 1 is 0) is one name."""
    name = tidy(" ".join([*field.get_subfields("a")[:1], *field.get_subfields("b")]))
    if not name or _PLATFORM.search(name):
        return None
    if field.indicator1 == "0" and field.tag != "720":
        return Author(family=name, role=role)
    family, _, given = (part.strip() for part in re.sub("،", ",", name, count=1).partition(","))
    if not family:
        return Author(family=given, role=role)
    return Author(family=family, given=tidy(given), role=role)
