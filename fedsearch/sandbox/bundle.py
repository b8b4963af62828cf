"""The bundled works: bibliographic facts, one JSON object a line, that are written out in each source's own notation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

WORKS = Path(__file__).with_name("works.jsonl")
_SUFFIX = re.compile(r"\s+(Jr\.?|Sr\.?|2nd|3rd|II|III|IV)$")

SourceName = Literal["pubmed", "crossref"]


class Related(TypedDict):
    """Another work, by what it is to this one; `other` is that work where it is at hand, `source` its reference as a line."""

    kind: str
    pmid: NotRequired[str]
    doi: NotRequired[str]
    source: NotRequired[str]
    other: NotRequired[Work]


class Work(TypedDict):
    """One work's facts; a member that is not known is left out. MeSH as "Heading/qualifier*", a star for a major topic."""

    title: str
    sources: list[SourceName]
    language: str
    published: str
    type: str
    subtitle: NotRequired[str]
    vernacular_title: NotRequired[str]
    authors: NotRequired[list[str]]
    authors_complete: NotRequired[bool]
    collective: NotRequired[str]
    journal: NotRequired[str]
    journal_abbrev: NotRequired[str]
    issn: NotRequired[list[str]]
    isbn: NotRequired[list[str]]
    epub: NotRequired[str]
    volume: NotRequired[str]
    issue: NotRequired[str]
    pages: NotRequired[str]
    publisher: NotRequired[str]
    doi: NotRequired[str]
    pmid: NotRequired[str]
    pmcid: NotRequired[str]
    publication_types: NotRequired[list[str]]
    mesh: NotRequired[list[str]]
    keywords: NotRequired[list[str]]
    licence: NotRequired[str]
    relations: NotRequired[list[Related]]
    abstract: NotRequired[str]


@lru_cache(maxsize=1)
def bundled_works() -> tuple[Work, ...]:
    """The works that ship with fedsearch, their relations joined up."""
    lines = WORKS.read_text(encoding="utf-8").splitlines()
    return joined([json.loads(line) for line in lines if line.strip()])


def joined(works: Iterable[Work]) -> tuple[Work, ...]:
    """The works, each relation to another of them carrying that work."""
    known = tuple(works)
    by_number: dict[str, Work] = {}
    for work in known:
        by_number.update({number: work for number in (work.get("pmid"), work.get("doi")) if number})
    for work in known:
        for related in work.get("relations", []):
            other = by_number.get(related.get("pmid", "")) or by_number.get(related.get("doi", ""))
            if other is not None:
                related["other"] = other
    return known


def number_of(related: Related, name: Literal["pmid", "doi"]) -> str | None:
    """The other work's PMID or DOI, from the relation or from the work itself."""
    return related.get(name) or (related["other"].get(name) if "other" in related else None)


def full_title(work: Mapping[str, object]) -> str:
    """Title and subtitle as one line."""
    return ": ".join(str(work[part]) for part in ("title", "subtitle") if work.get(part))


def name_parts(author: str) -> tuple[str, str, str]:
    """Family name, given names and suffix of "Family, Given Suffix"."""
    family, _, given = (part.strip() for part in author.partition(","))
    suffix = _SUFFIX.search(given)
    return family, _SUFFIX.sub("", given), suffix.group(1) if suffix else ""


def initials(given: str) -> str:
    """ "Jean-Jacques A" -> "JJA"."""
    return "".join(part[0] for part in re.split(r"[\s\-.]+", given) if part)


def bodies(work: Work) -> list[str]:
    """The collective authors; several stand in one line with semicolons between."""
    return [body.strip() for body in work.get("collective", "").split(";") if body.strip()]


def date_parts(date: str) -> list[int]:
    """ "2014-09-11" -> [2014, 9, 11], as far as it goes."""
    return [int(part) for part in date.split("-")]
