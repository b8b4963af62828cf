"""Work + library -> the ways to its text, best first: shelf, open copy, link resolver, request.

Pure: what is held of a journal, and today's date, come in as arguments. A rung that is not certain says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fedsearch.model import AccessOption, Item, Licence, Record, Work
from fedsearch.openurl import openurl
from fedsearch.settings import Settings

_OPEN_LICENCE = re.compile(
    r"^https?://(?:www\.)?creativecommons\.org/(?:licenses/(?P<name>[a-z\-]+)/(?P<number>[\d.]+)|publicdomain/(?P<domain>zero|mark))",
    re.IGNORECASE,
)
_GONE = re.compile(r"lost|withdrawn|missing|discard", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_BESIDE_THE_RUN = re.compile(r"(?:supplements?|index(?:es)?)\b", re.IGNORECASE)
_GAPS = re.compile(r"lack|missing|incomplete|scattered|except|wanting|gaps|ناقص|کسری|فاقد", re.IGNORECASE)
_VERSIONS = {"am": "accepted manuscript", "vor": "published version"}


@dataclass(frozen=True, slots=True)
class Library:
    """What the ladder needs to know of the library; `journals` holds its journal records by ISSN."""

    resolver: str = ""
    resolver_label: str = ""
    resolver_label_fa: str = ""
    request: str = ""
    request_label: str = ""
    request_label_fa: str = ""
    contact: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    places_fa: Mapping[str, str] = field(default_factory=dict)
    journals: Mapping[str, Sequence[Record]] = field(default_factory=dict)


def library_of(settings: Settings, journals: Mapping[str, Sequence[Record]]) -> Library:
    return Library(
        resolver=settings.resolver.url,
        resolver_label=settings.resolver.label_en,
        resolver_label_fa=settings.resolver.label_fa,
        request=settings.request.url,
        request_label=settings.request.label_en,
        request_label_fa=settings.request.label_fa,
        contact=settings.library.contact,
        places=settings.places,
        places_fa=settings.places_fa,
        journals=journals,
    )


def access_options(work: Work, library: Library, today: date) -> tuple[AccessOption, ...]:
    """Every way that is known to the text of a work, best first."""
    rungs = [_shelf(work, library), _journal_shelf(work, library), _open(work, today), _resolver(work, library), _request(work, library)]
    options: dict[str, AccessOption] = {}
    for option in (option for rung in rungs for option in rung):
        options.setdefault(option.url or option.label, option)  # the same address a second time is no second way
    return tuple(options.values())


def _shelf(work: Work, library: Library) -> Iterator[AccessOption]:
    groups: defaultdict[tuple[str, str | None], list[Item]] = defaultdict(list)
    for item in work.items:
        if not (item.status and _GONE.search(item.status)):
            groups[_place(item, library), item.call_number].append(item)
    shelved = [
        _copies(place, _named(items[0], library.places_fa, "، "), call_number, items) for (place, call_number), items in groups.items()
    ]
    yield from sorted(shelved, key=lambda option: (not option.detail["available"], option.label))


def _place(item: Item, library: Library) -> str:
    return _named(item, library.places, ", ") or "In the library"


def _named(item: Item, names: Mapping[str, str], comma: str) -> str:
    """Branch and shelf in the library's words for its codes."""
    codes = (code for code in (item.place, item.shelf) if code)
    return comma.join(dict.fromkeys(names.get(code, code) for code in codes))


def _copies(place: str, place_fa: str, call_number: str | None, items: Sequence[Item]) -> AccessOption:
    copies = [item for item in items if not item.statement]
    free = sum(item.available is True for item in copies)
    unknown = any(item.available is None for item in copies) and not free
    statements = "; ".join(item.statement for item in items if item.statement)
    where = ", ".join(part for part in (place, call_number) if part)
    if not copies:
        label = f"Held: {where}, {statements}"
    elif unknown:
        label = f"Held: {where} (not known whether it is in)"
    elif free == 0:
        label = f"On loan: {where}"
    else:
        label = f"On the shelf: {where}" + (f" ({free} of {len(copies)} copies)" if len(copies) > 1 else "")
    return AccessOption(
        kind="shelf",
        label=label,
        detail={
            "place": place,
            "place_fa": place_fa or None,
            "call_number": call_number,
            "copies": len(copies),
            "available": free if copies and not unknown else None,
            "held": statements or None,
            "certain": not unknown,
        },
    )


def _journal_shelf(work: Work, library: Library) -> Iterator[AccessOption]:
    """An article in a journal that stands on the shelf, where the years held do not rule it out."""
    if work.items or work.type == "journal":
        return
    held: dict[str, Record] = {record.id: record for issn in work.issn for record in library.journals.get(issn, ())}
    for record in held.values():
        for item in record.items:
            if not item.statement or _BESIDE_THE_RUN.match(item.statement):
                continue
            covered = covers(item.statement, work.year)
            if covered is False:
                continue
            place = _place(item, library)
            certain = "" if covered else "; check the issue"
            yield AccessOption(
                kind="shelf",
                label=f"Journal on the shelf: {place}, {item.statement}{certain}",
                detail={
                    "place": place,
                    "place_fa": _named(item, library.places_fa, "، ") or None,
                    "call_number": item.call_number,
                    "held": item.statement,
                    "journal": record.title,
                    "certain": bool(covered),
                },
            )


def covers(statement: str, year: int | None) -> bool | None:
    """Whether a holdings statement ("v.350(2004)-v.373(2015)", "1998-") takes in a year; None when it does not tell."""
    runs = [run for run in re.split(r"[;,،؛]", statement) if _YEAR.search(run)]
    if not runs or year is None:
        return None
    told = {_run_covers(run, year) for run in runs}
    if told == {False}:
        return False
    return True if True in told and not _GAPS.search(statement) else None


def _run_covers(run: str, year: int) -> bool | None:
    """The same for one unbroken run of a statement."""
    years = [int(found) for found in _YEAR.findall(run)]
    open_ended = run.rstrip(" .").endswith(("-", "–"))
    if year < min(years) and (open_ended or len(years) > 1 or re.match(r"\W*\d{4}", run)):
        return False
    if open_ended:
        return True if year == min(years) or year >= max(years) else None
    if len(years) == 1:
        return True if year == years[0] else False if re.fullmatch(r"\W*\d{4}\W*", run) else None
    if year > max(years):
        return False
    return True if year in years or (len(years) == 2 and re.search("[-–—]", run)) else None


def _open(work: Work, today: date) -> Iterator[AccessOption]:
    if work.ids.pmcid:
        yield AccessOption(
            kind="open",
            label="Free full text in PubMed Central",
            url=f"https://pmc.ncbi.nlm.nih.gov/articles/{work.ids.pmcid}/",
            detail={"host": "PubMed Central", "pmcid": work.ids.pmcid},
        )
    address = f"https://doi.org/{work.ids.doi}" if work.ids.doi else None
    licence = _open_licence(work.licences, today)
    if work.type == "preprint" and address:
        yield AccessOption(
            kind="open",
            label="Preprint, free to read",
            url=address,
            detail={"version": "preprint", "licence": licence.url if licence else None},
        )
    elif licence and address:
        name = _licence_name(licence.url)
        version = _VERSIONS.get(licence.version or "")
        yield AccessOption(
            kind="open",
            label=f"Open under {name} at the publisher" + (f" ({version})" if version else ""),
            url=address,
            detail={"licence": licence.url, "version": version},
        )
    for link in dict.fromkeys(link for record in work.records if record.source == "catalogue" for link in record.links):
        if link.kind == "full-text" and link.url != address:
            label = f"{link.label or 'Online copy'} (as catalogued; access not checked)"
            yield AccessOption(kind="open", label=label, url=link.url, detail={"certain": False})


def _open_licence(licences: Iterable[Licence], today: date) -> Licence | None:
    """A licence that lets everyone read and is in force; text-mining licences (tdm) say nothing about reading."""
    in_force = [one for one in licences if one.version != "tdm" and _OPEN_LICENCE.match(one.url) and (one.start or "") <= today.isoformat()]
    order = {"vor": 0, "am": 2}
    return min(in_force, key=lambda one: (order.get(one.version or "", 1), one.url), default=None)


def _licence_name(url: str) -> str:
    found = _OPEN_LICENCE.match(url)
    if not found:
        return url
    return (
        {"zero": "CC0", "mark": "public domain"}[found["domain"].lower()]
        if found["domain"]
        else f"CC {found['name'].upper()} {found['number']}"
    )


def _resolver(work: Work, library: Library) -> Iterator[AccessOption]:
    if library.resolver:
        label, label_fa = library.resolver_label or "Find it through the library", library.resolver_label_fa or None
        yield AccessOption(kind="resolver", label=label, url=with_query(library.resolver, openurl(work)), detail={"label_fa": label_fa})
    if work.ids.doi:
        yield AccessOption(
            kind="resolver",
            label="Publisher's page by DOI (may need a subscription)",
            url=f"https://doi.org/{work.ids.doi}",
            detail={"doi": work.ids.doi, "certain": False},
        )


def _request(work: Work, library: Library) -> Iterator[AccessOption]:
    url = with_query(library.request, openurl(work)) if library.request else library.contact
    if url:
        label, label_fa = library.request_label or "Ask the library for a copy", library.request_label_fa or None
        yield AccessOption(kind="request", label=label, url=url, detail={"label_fa": label_fa})


def with_query(address: str, query: str) -> str:
    """An address that may already have a query, with more of it."""
    return f"{address}{'&' if '?' in address else '?'}{query}"
