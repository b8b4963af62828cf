"""Crossref's work objects -> Records. Pure; the fields are those of https://api.crossref.org/swagger-ui/ (model Work)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from fedsearch import identifiers, languages
from fedsearch.connectors.crossref_markup import plain_abstract, plain_text
from fedsearch.model import Author, Flag, FlagKind, Identifiers, Licence, Link, Record, Relation, RelationKind, SourceId, WorkType

CROSSREF_ID = SourceId("crossref")

_TYPES: dict[str, WorkType] = {
    "journal-article": "journal-article",
    "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book", "book-set": "book", "proceedings": "book",
    "book-chapter": "book-chapter", "book-section": "book-chapter", "book-part": "book-chapter", "book-track": "book-chapter",
    "reference-entry": "book-chapter",
    "journal": "journal", "journal-issue": "journal", "journal-volume": "journal", "book-series": "journal", "report-series": "journal",
    "proceedings-series": "journal",
    "proceedings-article": "conference-paper",
    "dissertation": "thesis",
    "report": "report", "report-component": "report",
    "dataset": "dataset", "database": "dataset",
    "peer-review": "peer-review",
    "component": "component",
}  # fmt: skip
# `select` cannot ask for the subtype of posted content; nearly all of it is preprints.
_POSTED: dict[str | None, WorkType] = {
    None: "preprint", "preprint": "preprint", "working_paper": "preprint", "report": "report", "dissertation": "thesis",
    "peer_review": "peer-review", "blog": "website",
}  # fmt: skip
_EDITED = frozenset({"book", "book-chapter", "conference-paper", "report"})

# Update types: https://www.crossref.org/documentation/register-maintain-records/maintaining-your-metadata/registering-updates/
# A removal takes the text away as a withdrawal does. The part of an article that stays after a partial retraction is a corrected one.
# NLM counts addenda and clarifications as errata: https://www.nlm.nih.gov/bsd/policy/errata.html
_UPDATES: dict[str, tuple[FlagKind | None, RelationKind, RelationKind]] = {
    "retraction": ("retracted", "retraction", "retracts"),
    "withdrawal": ("withdrawn", "retraction", "retracts"),
    "removal": ("withdrawn", "retraction", "retracts"),
    "expression_of_concern": ("concern", "concern", "concerns"),
    **dict.fromkeys(
        ("correction", "corrigendum", "erratum", "addendum", "clarification", "partial_retraction"),
        ("corrected", "correction", "corrects"),
    ),
    "new_version": (None, "newer-version", "earlier-version"),
    "new_edition": (None, "newer-version", "earlier-version"),
}  # fmt: skip

# Relation types: https://www.crossref.org/documentation/schema-library/markup-guide-metadata-segments/relationships/
_RELATIONS: dict[str, RelationKind] = {
    "is-preprint-of": "article", "has-preprint": "preprint",
    "is-manuscript-of": "version", "has-manuscript": "version", "is-version-of": "version", "has-version": "version",
    "is-identical-to": "version", "is-same-as": "version", "is-variant-form-of": "version", "is-original-form-of": "version",
    "has-format": "version", "is-format-of": "version",
    "is-translation-of": "version", "has-translation": "version",
    "replaces": "earlier-version", "is-replaced-by": "newer-version",
    "is-part-of": "whole", "has-part": "part", "is-component-of": "whole", "has-component": "part",
    "is-supplement-to": "whole", "is-supplemented-by": "part",
    "has-review": "peer-review", "is-review-of": "comments-on",
    "has-comment": "comment", "is-comment-on": "comments-on", "has-reply": "comment", "is-reply-to": "comments-on",
    "correction": "correction",
}  # fmt: skip
_MERE_CITATIONS = frozenset({"references", "is-referenced-by", "cites", "is-cited-by"})

_WARNING = re.compile(
    r"^\W*(?:(?P<retracted>retracted)|(?P<withdrawn>withdrawn))\b(?:\s+(?:article|chapter|paper|preprint))?\s*[:\]]\s*(?=\S)", re.IGNORECASE
)
_NO_PAGES = re.compile(r"^(?:n/?a|no|none|np|-)?(?:\s*[-–]\s*(?:n/?a|no|none)?)?$", re.IGNORECASE)
_WORDS = re.compile(r"\w+")


def read_work(item: Mapping[str, Any]) -> Record | None:
    """One work of a Crossref answer; None when it has no title. Raises ValueError when it has no DOI."""
    given = str(item.get("DOI") or "").strip()
    if not given:
        raise ValueError("a work without a DOI")
    title = _title(item)
    if not title:
        return None
    doi = identifiers.doi(given)
    kind = _type(item)
    warning = None if item.get("update-to") else _WARNING.match(title)
    if warning:
        title = title[warning.end() :]
    container, series = _container(item, kind)
    abbreviation = _first(item.get("short-container-title"))
    return Record(
        source=CROSSREF_ID,
        id=doi or given.lower(),
        ids=Identifiers(doi=doi, isbn=tuple(map(str, _list(item.get("ISBN"))))),
        title=title,
        vernacular_title=_vernacular(item, title),
        authors=tuple(_authors(item, kind)),
        journal=container,
        journal_abbreviation=abbreviation if abbreviation != container else None,
        issn=tuple(map(str, _list(item.get("ISSN")))),
        published=_date(item, "published-print", "issued", "published", "posted"),
        published_online=_date(item, "published-online"),
        volume=_text(item.get("volume")),
        issue=_text(item.get("issue")),
        pages=_pages(item),
        publisher=_text(item.get("publisher")),
        place=_text(item.get("publisher-location")),
        edition=_text(item.get("edition-number")),
        series=series,
        languages=tuple(filter(None, [languages.two_letter(_text(item.get("language")))])),
        type=kind,
        abstract=plain_abstract(item["abstract"]) if isinstance(item.get("abstract"), str) else None,
        flags=_flags(item, doi, kind, warning),
        related=_related(item, doi),
        licences=tuple(_licences(item)),
        links=tuple(_links(item)),
        cited_by=count if type(count := item.get("is-referenced-by-count")) is int else None,
        url="https://doi.org/" + quote(doi or given, safe="/:;().,_-"),
    )


def _list(value: object) -> list[Any]:
    """Crossref's lists, which it leaves out, sends as null, or (in old answers) as a bare value."""
    if isinstance(value, list):
        return [part for part in value if part is not None]
    return [] if value is None else [value]


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    return (part for part in _list(value) if isinstance(part, dict))


def _text(value: object) -> str | None:
    return (plain_text(str(value)) or None) if isinstance(value, str | int) else None


def _texts(value: object) -> list[str]:
    return [text for part in _list(value) if (text := _text(part))]


def _first(value: object) -> str | None:
    return next(iter(_texts(value)), None)


def _type(item: Mapping[str, Any]) -> WorkType:
    if item.get("type") == "posted-content":
        return _POSTED.get(item.get("subtype"), "other")
    return _TYPES.get(str(item.get("type")), "other")


def _title(item: Mapping[str, Any]) -> str | None:
    """Title and subtitle as one, "Title: Subtitle", unless the title already holds the subtitle."""
    title = _first(item.get("title"))
    for subtitle in _texts(item.get("subtitle")) if title else ():
        if title and _words(subtitle) not in _words(title):
            title += f" {subtitle}" if title[-1] in ":.?!؟" else f": {subtitle}"
    return title


def _words(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _vernacular(item: Mapping[str, Any], title: str) -> str | None:
    original = _first(item.get("original-title"))
    return original if original and _words(original) not in _words(title) else None


def _container(item: Mapping[str, Any], kind: WorkType) -> tuple[str | None, str | None]:
    """Where the work stands, and the series. Chapters name the series first, then the book; what holds a book is its series."""
    titles = _texts(item.get("container-title"))
    if kind in ("book", "report"):
        return None, titles[0] if titles else None
    if kind in ("book-chapter", "conference-paper") and len(titles) > 1:
        return titles[1], titles[0]
    return (titles[0] if titles else None), None


def _authors(item: Mapping[str, Any], kind: WorkType) -> Iterator[Author]:
    """Everybody named, the first author first. Journals deposit their handling editors too; those edited no article."""
    first = sorted(_objects(item.get("author")), key=lambda author: author.get("sequence") != "first")
    yield from (author for part in first if (author := _author(part, "author")))
    if kind in _EDITED:
        yield from (author for part in _objects(item.get("editor")) if (author := _author(part, "editor")))
    yield from (author for part in _objects(item.get("translator")) if (author := _author(part, "translator")))


def _author(part: Mapping[str, Any], role: Any) -> Author | None:
    family, given, suffix = _text(part.get("family")), _text(part.get("given")), _text(part.get("suffix"))
    if family or given:
        if not family:
            family, given = given, None
        # As MEDLINE writes it: "Morrison, Barclay III".
        return Author(family=family, given=f"{given} {suffix}" if given and suffix else given or suffix, role=role)
    name = _text(part.get("name"))
    return Author(collective=name, role=role) if name else None


def _date(item: Mapping[str, Any], *names: str) -> str | None:
    """The first of the named dates that is one, as precise as it is given; [[null]] is none."""
    return next((date for name in names if (date := _partial_date(item.get(name)))), None)


def _partial_date(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    parts = _list(value.get("date-parts"))
    numbers = _numbers(_list(parts[0]) if parts else [])
    if not numbers or not 1000 <= numbers[0] <= 2999:
        return None
    date = f"{numbers[0]:04d}"
    if len(numbers) > 1 and 1 <= numbers[1] <= 12:
        date += f"-{numbers[1]:02d}"
        if len(numbers) > 2 and 1 <= numbers[2] <= 31:
            date += f"-{numbers[2]:02d}"
    return date


def _numbers(parts: Iterable[object]) -> list[int]:
    return [int(part) for part in parts if isinstance(part, int) or (isinstance(part, str) and part.isascii() and part.isdigit())]


def _pages(item: Mapping[str, Any]) -> str | None:
    pages = _text(item.get("page"))
    return pages if pages and not _NO_PAGES.match(pages) else _text(item.get("article-number"))


def _flags(item: Mapping[str, Any], doi: str | None, kind: WorkType, warning: re.Match[str] | None) -> tuple[Flag, ...]:
    """What `updated-by` says happened to the work, and what its type and the beginning of its title say."""
    found: dict[tuple[FlagKind, str | None], None] = {}
    for update in _objects(item.get("updated-by")):
        flag = _UPDATES.get(str(update.get("type")), (None,))[0]
        notice = identifiers.doi(_text(update.get("DOI")))
        if flag:
            found[flag, notice if notice != doi else None] = None
    if warning:
        named: FlagKind = "retracted" if warning.group("retracted") else "withdrawn"
        if not any(flag in ("retracted", "withdrawn") for flag, _ in found):
            found[named, None] = None
    if kind == "preprint":
        found["preprint", None] = None
    return tuple(Flag(kind=flag, notice_doi=notice, said_by=(CROSSREF_ID,)) for flag, notice in found)


def _related(item: Mapping[str, Any], doi: str | None) -> tuple[Relation, ...]:
    """Updates in both directions, then relations; several statements about one work and kind share a note."""
    notes: dict[tuple[RelationKind, str], dict[str, None]] = {}
    for kind, other, note in (*_updates(item, "updated-by", 1), *_updates(item, "update-to", 2), *_relations(item)):
        if other and other != doi:
            notes.setdefault((kind, other), {})[note] = None
    return tuple(Relation(kind=kind, doi=other, note="; ".join(filter(None, said)) or None) for (kind, other), said in notes.items())


def _updates(item: Mapping[str, Any], name: str, direction: int) -> Iterator[tuple[RelationKind, str | None, str]]:
    for update in _objects(item.get(name)):
        kind: Any = _UPDATES.get(str(update.get("type")), (None, "other", "other"))[direction]
        said = [str(update.get("type") or "").replace("_", " "), f"according to {update['source']}" if update.get("source") else ""]
        yield kind, identifiers.doi(_text(update.get("DOI"))), " ".join(filter(None, said))


def _relations(item: Mapping[str, Any]) -> Iterator[tuple[RelationKind, str | None, str]]:
    relation = item.get("relation")
    for name, others in relation.items() if isinstance(relation, dict) else ():
        if name not in _MERE_CITATIONS:
            for other in _objects(others):
                if other.get("id-type") == "doi":
                    yield _RELATIONS.get(name, "other"), identifiers.doi(_text(other.get("id"))), name.replace("-", " ")


def _licences(item: Mapping[str, Any]) -> Iterator[Licence]:
    for licence in _objects(item.get("license")):
        if url := _address(licence.get("URL")):
            yield Licence(url=url, start=_partial_date(licence.get("start")), version=_text(licence.get("content-version")))


def _links(item: Mapping[str, Any]) -> Iterator[Link]:
    """Addresses of the text, labelled with their content type. Those for plagiarism checkers are no use to a reader."""
    labels: dict[str, str | None] = {}
    for link in _objects(item.get("link")):
        url = _address(link.get("URL"))
        if url and link.get("intended-application") != "similarity-checking":
            label = _text(link.get("content-type"))
            labels.setdefault(url, label if label != "unspecified" else None)
    yield from (Link(url=url, label=label, kind="full-text") for url, label in labels.items())


def _address(value: object) -> str | None:
    """A web address that can be followed: http or https, without blanks."""
    url = value.strip() if isinstance(value, str) else ""
    return url if re.match(r"^https?://[^\s<>\"\x00-\x1f]+$", url, re.IGNORECASE) else None
