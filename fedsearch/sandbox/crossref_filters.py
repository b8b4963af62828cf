"""Crossref's filters over works: dates, whole values and "has ..." questions, with the message for a name that is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from fedsearch import identifiers
from fedsearch.sandbox.index import first_day, last_day

Item: TypeAlias = dict[str, Any]

# Which members of a work a date filter looks at, the first there counts. The bundle knows no deposit dates; there, as for
# works recorded without them, the date of issue stands in.
_DATES = {
    "pub": ("issued",), "print-pub": ("published-print",), "online-pub": ("published-online",), "issued": ("issued",),
    "posted": ("posted",), "accepted": ("accepted",), "created": ("created", "issued"), "deposit": ("deposited", "issued"),
    "update": ("deposited", "issued"), "index": ("indexed", "issued"),
}  # fmt: skip
_HAS = {
    "has-abstract": "abstract", "has-license": "license", "has-references": "reference", "has-full-text": "link", "has-funder": "funder",
    "has-relation": "relation", "has-archive": "archive", "has-clinical-trial-number": "clinical-trial-number", "has-event": "event",
    "has-update": "update-to", "is-update": "update-to", "has-update-policy": "update-policy", "has-assertion": "assertion",
}  # fmt: skip
_NESTED_HAS = ("has-orcid", "has-affiliation")
_VALUES = (
    "type", "issn", "isbn", "doi", "orcid", "prefix", "member", "container-title", "updates", "update-type", "article-number",
    "license.url", "relation.type", "relation.object", "funder", "award.number", "clinical-trial-number", "group-title", "alternative-id",
)  # fmt: skip
FILTERS = (*(f"{end}-{name}-date" for name in _DATES for end in ("from", "until")), *_HAS, *_NESTED_HAS, *_VALUES)
_DATE = re.compile(r"^\d{4}(-\d{1,2}){0,2}$")


class FilterFault(Exception):
    """A filter that cannot be applied, as Crossref's validation failure says it."""

    def __init__(self, kind: str, value: str, message: str) -> None:
        super().__init__(message)
        self.kind, self.value = kind, value


def read_filters(text: str) -> dict[str, list[str]]:
    """A filter parameter by name; the same name twice means either. Raises FilterFault."""
    filters: dict[str, list[str]] = {}
    name = ""
    for piece in text.split(",") if text.strip() else []:
        given, colon, value = piece.partition(":")
        if not colon and name == "doi":
            filters[name][-1] += f",{piece}"  # a few old DOIs hold commas
            continue
        name = given.strip()
        if name not in FILTERS:
            listed = ", ".join(FILTERS)
            message = f"Filter '{name}' specified but there is no such filter for this route. Valid filters for this route are: {listed}"
            raise FilterFault("filter-not-available", name, message)
        if name.endswith("-date") and not _DATE.match(value):
            raise FilterFault(
                "date-not-valid", value, f"Filter '{name}' specified as {value} but must be a date: YYYY, YYYY-MM or YYYY-MM-DD"
            )
        filters.setdefault(name, []).append(value)
    return filters


def passes(item: Item, filters: Mapping[str, list[str]]) -> bool:
    """The work is let through by every filter, and for each by one of its values."""
    return all(any(_passes(item, name, value) for value in values) for name, values in filters.items())


def issued(item: Item) -> str:
    """The date of issue as YYYY/MM/DD, "" when it has none."""
    return date_of(item, "issued")


def date_of(item: Item, *members: str) -> str:
    """The first of the dates that the work has, as YYYY/MM/DD."""
    for member in members:
        parts = _first_parts(item.get(member))
        if parts:
            return first_day("/".join(parts))
    return ""


def texts(value: Any) -> list[str]:
    """The strings of a member that may be one string, a list, or not there."""
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def objects(value: Any) -> list[Item]:
    """The objects of a list member."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _first_parts(date: Any) -> list[str]:
    parts = date.get("date-parts") if isinstance(date, dict) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return [str(part) for part in first[:3]] if first and all(isinstance(part, int) for part in first) else []


def _passes(item: Item, name: str, value: str) -> bool:
    if name.endswith("-date"):
        end, _, rest = name.partition("-")
        date = date_of(item, *_DATES[rest.removesuffix("-date")])
        return bool(date) and (date >= first_day(value) if end == "from" else date <= last_day(value))
    if name in _HAS or name in _NESTED_HAS:
        wanted = value.lower() in ("true", "t", "1")
        return bool(item.get(_HAS[name]) if name in _HAS else _nested(item, name)) is wanted
    folded = _bare(name, value)
    return any(_bare(name, known) == folded for known in _known(item, name))


def _nested(item: Item, name: str) -> bool:
    member = "ORCID" if name == "has-orcid" else "affiliation"
    return any(author.get(member) for author in objects(item.get("author")))


def _bare(name: str, value: str) -> str:
    if name in ("doi", "updates", "relation.object"):
        return identifiers.doi(value) or value.lower()
    if name == "issn":
        return identifiers.issn(value) or value
    if name == "isbn":
        return identifiers.isbn(value) or value
    return value.lower().removeprefix("https://orcid.org/").removeprefix("http://orcid.org/")


def _known(item: Item, name: str) -> Iterator[str]:
    if name in ("updates", "update-type"):
        yield from _each(objects(item.get("update-to")), "DOI" if name == "updates" else "type")
    elif name == "orcid":
        yield from _each(objects(item.get("author")), "ORCID")
    elif name == "license.url":
        yield from _each(objects(item.get("license")), "URL")
    elif name == "funder":
        yield from _each(objects(item.get("funder")), "DOI")
    elif name == "award.number":
        yield from (number for funder in objects(item.get("funder")) for number in texts(funder.get("award")))
    elif name.startswith("relation."):
        relation = item.get("relation")
        for kind, related in relation.items() if isinstance(relation, dict) else ():
            yield from [kind] if name == "relation.type" else _each(objects(related), "id")
    else:
        member = {"issn": "ISSN", "isbn": "ISBN", "doi": "DOI"}.get(name, name)
        yield from texts(item.get(member))


def _each(parts: Iterable[Item], member: str) -> Iterator[str]:
    return (part[member] for part in parts if isinstance(part.get(member), str))
