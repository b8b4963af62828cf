"""RIS, in the dialects of EndNote, Zotero, Mendeley, Ovid, Embase, Scopus and Web of Science -> drafts of records.

Tags: https://en.wikipedia.org/wiki/RIS_(file_format)#Tags; where programs differ, what they write counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from fedsearch.dedupe.entries import Draft

_TAG = re.compile(r"^\ufeff?([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*)$", re.DOTALL)
_BOOKS = frozenset({"BOOK", "EDBOOK", "EBOOK"})
_IN_BOOKS = frozenset({"CHAP", "ECHAP", "CONF", "CPAPER"})
_MEDLINE = re.compile(r"medline|pubmed|\bnlm\b|fedsearch", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,9}")
# Member -> the tags that may hold it, the best first.
_ONE = {
    "type": ("TY",),
    "title": ("TI", "T1", "CT", "ST"),
    "vernacular_title": ("TT", "OP"),
    "year": ("PY", "Y1", "YR"),
    "date": ("DA",),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "first_page": ("SP",),
    "last_page": ("EP",),
    "article_number": ("C7",),
    "publisher": ("PB",),
    "place": ("CY", "PP"),
    "edition": ("ET",),
    "doi": ("DO", "DI"),
    "id": ("ID",),
    "database": ("DB", "DP"),
}
_MANY = {
    "authors": ("AU", "A1"),
    "serial": ("SN", "IS2"),
    "keywords": ("KW",),
    "url": ("UR", "L1", "L2", "LK"),
    "notes": ("N1", "M1", "M3", "C1", "AD2"),
    "abstract": ("AB", "N2"),
    "language": ("LA",),
    "publication_types": ("M3",),
}


def read_ris(lines: Iterable[str]) -> Iterator[Draft]:
    """One draft for each entry, from TY to ER, to the next TY, or to the end of the file.

    Text between entries that has no tag (numbers, headings of an export) belongs to none.
    """
    text: list[str] = []
    tags: list[tuple[str, str]] = []
    for line in lines:
        found = _TAG.match(line.rstrip("\r\n"))
        tag = found.group(1) if found else None
        if tag == "TY" and tags:
            yield _draft(text, tags)
            text, tags = [], []
        if found and tag == "ER":
            if tags:
                yield _draft([*text, line], tags)
            text, tags = [], []
        elif found and tag:
            text.append(line)
            tags.append((tag, (found.group(2) or "").strip()))
        elif tags:
            text.append(line)
            tags[-1] = (tags[-1][0], f"{tags[-1][1]}\n{line.strip()}".strip())
    if tags:
        yield _draft(text, tags)


def _draft(text: list[str], tags: list[tuple[str, str]]) -> Draft:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for tag, value in tags:
        if value:
            values[tag].append(value)
    if not any(tag != "TY" for tag in values):
        return Draft("".join(text), fault="an entry with nothing in it")
    return Draft("".join(text), _members(values))


def _members(values: dict[str, list[str]]) -> dict[str, Any]:
    members: dict[str, Any] = {member: _first(values, *tags) for member, tags in _ONE.items()}
    members |= {member: [value for tag in tags for value in values.get(tag, ())] for member, tags in _MANY.items()}
    kind = (members["type"] or "").upper()
    members["abstract"] = max(members["abstract"], key=len, default=None)
    members["publication_types"] = [value for value in members["publication_types"] if not value.lower().startswith(("10.", "doi"))]
    members["doi"] = members["doi"] or next((value for value in values.get("M3", ()) if value.lower().startswith(("10.", "doi"))), None)
    members |= _containers(values, kind)
    editors = ("A2", "A3", "ED") if kind in _BOOKS | _IN_BOOKS else ("ED", "A2")
    members["editors"] = [value for tag in editors for value in values.get(tag, ())]
    members["translators"] = values.get("A4", [])
    members |= _numbers(values)
    return {member: value for member, value in members.items() if value}


def _containers(values: dict[str, list[str]], kind: str) -> dict[str, str | None]:
    """What the entry stands in: a journal, a book, or a series of books."""
    if kind in _BOOKS:
        return {"title": _first(values, "TI", "T1", "BT", "CT", "ST"), "series": _first(values, "T2", "T3")}
    if kind in _IN_BOOKS:
        return {"journal": _first(values, "T2", "BT", "JF", "JO", "JA"), "series": _first(values, "T3")}
    return {
        "journal": _first(values, "JF", "T2", "JO", "JT", "JA", "J2", "J1", "BT"),
        "journal_abbreviation": _first(values, "JA", "J2", "J1", *(("JO",) if "JF" in values or "T2" in values else ())),
        "series": _first(values, "T3"),
    }


def _numbers(values: dict[str, list[str]]) -> dict[str, str | None]:
    """An accession number is a PMID where the entry says that it comes from MEDLINE; C2 is a PMCID where it looks like one."""
    accession = _first(values, "AN")
    from_medline = any(_MEDLINE.search(value) for tag in ("DB", "DP") for value in values.get(tag, ()))
    c2 = _first(values, "C2") or ""
    return {
        "accession": accession,
        "pmid": accession if accession and from_medline and _NUMBER.fullmatch(accession) else None,
        "pmcid": c2
        if c2.upper().startswith("PMC")
        else next((v for v in values.get("N1", ()) if v.upper().startswith("PMC") and v[3:].isdigit()), None),
    }


def _first(values: dict[str, list[str]], *tags: str) -> str | None:
    return next((values[tag][0] for tag in tags if values.get(tag)), None)
