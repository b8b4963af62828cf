"""One work -> its record view: every field, every source's word on it, copies, headings, tags for reference managers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fedsearch.api.pages.form import Form
from fedsearch.api.pages.ladder import CallNumber, Payload, call_number
from fedsearch.api.pages.links import Link, pmid_address, web
from fedsearch.api.pages.results import EXPORTS, Export, exports
from fedsearch.api.pages.view import (
    Card,
    card,
    full_name,
    joined,
    journal_of,
    language_name,
    people,
)
from fedsearch.api.pages.words import Words
from fedsearch.languages import two_letter

FIELDS = (
    "title", "vernacular_title", "authors", "journal", "journal_abbreviation", "issn", "published", "published_online", "volume",
    "issue", "pages", "publisher", "place", "edition", "series", "doi", "pmid", "pmcid", "isbn", "languages", "type",
    "publication_types", "mesh", "keywords", "abstract", "flags", "cited_by",
)  # fmt: skip
_IMPRINT = ("journal", "journal_abbreviation", "issn", "published", "published_online", "volume", "issue", "pages", "publisher", "place",
            "edition", "series")  # fmt: skip
_ITEM = ("place", "shelf", "call_number", "copy_number", "statement", "state", "barcode")
_IDENTIFIERS = frozenset({"doi", "pmid", "pmcid", "isbn"})
_LONGEST_CELL = 400


@dataclass(frozen=True, slots=True)
class Heading:
    """A MeSH heading with its qualifiers, and a search for it."""

    text: str
    major: bool
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one source says of one field; `used` means that the page shows it."""

    text: str
    used: bool


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One source's record; `key` names it in a librarian's decision."""

    key: str
    name: str
    id: str
    rank: str | None
    href: str | None


@dataclass(frozen=True, slots=True)
class RecordView:
    card: Card
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    translators: tuple[str, ...]
    complete: bool
    imprint: tuple[tuple[str, str], ...]
    languages: str
    publication_types: str
    cited_by: str | None
    links: tuple[Link, ...]
    headings: tuple[Heading, ...]
    keywords: tuple[str, ...]
    item_columns: tuple[tuple[str, str], ...]
    items: tuple[tuple[str | CallNumber, ...], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    exports: tuple[Export, ...]
    tags: tuple[tuple[str, str], ...]


def record_view(form: Form, work: Payload, words: Words, names: Mapping[str, str], places: Mapping[str, str]) -> RecordView:
    """`names` are the sources', `places` those of the catalogue's codes of branches and shelves."""
    shown = card(work, form, words, names)
    columns = tuple(_column(record, words, names) for record in work.get("records") or ())
    item_columns, items = _items(work, words, places)
    cited_by = work.get("cited_by")
    return RecordView(
        card=shown,
        authors=tuple(full_name(author) for author in people(work)),
        editors=tuple(full_name(author) for author in people(work, "editor")),
        translators=tuple(full_name(author) for author in people(work, "translator")),
        complete=work.get("authors_complete") is not False,
        imprint=tuple((words(f"field.{name}"), text) for name in _IMPRINT if (text := _imprint_text(work, name, words))),
        languages=field_text(work, "languages", words),
        publication_types=field_text(work, "publication_types", words),
        cited_by=words.number(int(cited_by)) if cited_by is not None else None,
        links=_links(work),
        headings=tuple(_heading(heading, form) for heading in work.get("mesh") or ()),
        keywords=tuple(work.get("keywords") or ()),
        item_columns=item_columns,
        items=items,
        columns=columns,
        rows=_rows(work, words),
        exports=_exports(shown.href, words),
        tags=citation_tags(work),
    )


def _exports(href: str, words: Words) -> tuple[Export, ...]:
    """The formats of this one work; plain JSON is what its address answers by itself."""
    address = "/api/v1" + href.partition("?")[0]
    return (*exports(address, words, EXPORTS[:-1]), Export("json", words("export.json"), words("export.json_note"), address))


def _links(work: Payload) -> tuple[Link, ...]:
    found = ((link, web(link.get("url"))) for link in work.get("links") or ())
    return tuple(Link(str(link.get("label") or ""), str(link.get("label") or href), href) for link, href in found if href)


def heading_text(heading: Any) -> tuple[str, str, bool]:
    """A MeSH heading as (heading alone, heading with qualifiers, whether it is a major topic), from either notation."""
    if isinstance(heading, Mapping):
        name = str(heading["name"])
        major = set(heading.get("major_qualifiers") or ())
        qualifiers = [str(qualifier) for qualifier in heading.get("qualifiers") or ()]
        return name, " / ".join([name, *qualifiers]), bool(heading.get("major") or major)
    text = str(heading)
    name, *qualifiers = text.replace("*", "").split("/")
    return name, " / ".join([name, *qualifiers]), "*" in text


def _heading(heading: Any, form: Form) -> Heading:
    name, text, major = heading_text(heading)
    return Heading(text, major, form.new_search(f'"{name}"[mh]').address())


def field_value(record: Payload, name: str) -> Any:
    """A field of a work or of a record, whose identifiers may stand apart under `ids`."""
    ids = record.get("ids")
    if name in _IDENTIFIERS and isinstance(ids, Mapping):
        return ids.get(name)
    return record.get(name)


def field_text(record: Payload, name: str, words: Words) -> str:
    """A field as one line; what the source did not tell is empty."""
    value = field_value(record, name)
    if value is None or value == [] or value == ():
        return ""
    if name == "authors":
        return "; ".join(full_name(author) for author in value)
    if name == "languages":
        return joined((language_name(code, words) for code in value), words)
    if name == "type":
        return words.named("types", str(value))
    if name == "mesh":
        return "; ".join(heading_text(heading)[1] for heading in value)
    if name == "flags":
        return joined((words.named("flags", flag["kind"]) for flag in value), words)
    return "; ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)


def _column(record: Payload, words: Words, names: Mapping[str, str]) -> Column:
    rank, name = record.get("rank"), names.get(record["source"], record["source"])
    return Column(
        key=f"{record['source']}:{record['id']}",
        name=name,
        id=str(record["id"]),
        rank=words("record.in_source", name=name, rank=int(rank)) if rank is not None else None,
        href=web(record.get("url")) or (pmid_address(str(record["id"])) if record["source"] == "pubmed" else None),
    )


def _rows(work: Payload, words: Words) -> tuple[Row, ...]:
    """Field by field what each record says; a row stands where a record has the field or is named as its provenance."""
    records, provenance = work.get("records") or (), work.get("provenance") or {}
    rows = []
    for name in FIELDS:
        sources = provenance.get(name) or (provenance.get("ids") if name in _IDENTIFIERS else None) or ()
        texts = [_cut(field_text(record, name, words)) for record in records]
        used = [record["source"] in sources for record in records]
        if any(texts) or (any(used) and field_value(work, name)):
            rows.append(Row(words(f"field.{name}"), tuple(Cell(text, use) for text, use in zip(texts, used, strict=True))))
    return tuple(rows)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL].rsplit(" ", 1)[0] + " …"


def _imprint_text(work: Payload, name: str, words: Words) -> str:
    return field_text(work, name, words) if name != "journal" else journal_of(work) or ""


def _items(
    work: Payload, words: Words, places: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str | CallNumber, ...], ...]]:
    """The copies as a table with only the columns that some copy fills."""
    items = [
        {
            **item,
            **{name: places.get(code, code) for name in ("place", "shelf") if (code := item.get(name))},
            "state": _state(item, words),
            "call_number": call_number(item.get("call_number")),
        }
        for item in work.get("items") or ()
    ]
    columns = tuple((name, words(f"item.{name}")) for name in _ITEM if any(item.get(name) for item in items))
    return columns, tuple(tuple(item.get(name) or "" for name, _ in columns) for item in items)


def _state(item: Payload, words: Words) -> str:
    available = item.get("available")
    known = () if available is None else (words("access.available" if available else "access.unavailable"),)
    return joined((*known, *((str(item["status"]),) if item.get("status") else ())), words)


def citation_tags(work: Payload) -> tuple[tuple[str, str], ...]:
    """Highwire Press tags, which Zotero and Google Scholar read (Google Scholar, "Inclusion Guidelines for Webmasters")."""
    pages = str(work.get("pages") or "")
    first, _, last = pages.partition("-")
    pairs: list[tuple[str, object]] = [
        ("citation_title", work.get("title")),
        *(("citation_author", full_name(author)) for author in people(work)),
        *(("citation_editor", full_name(author)) for author in people(work, "editor")),
        ("citation_publication_date", str(work.get("published") or work.get("year") or "").replace("-", "/")),
        ("citation_journal_title", work.get("journal")),
        ("citation_journal_abbrev", work.get("journal_abbreviation")),
        ("citation_volume", work.get("volume")),
        ("citation_issue", work.get("issue")),
        ("citation_firstpage", first.strip()),
        ("citation_lastpage", last.strip()),
        ("citation_publisher", work.get("publisher")),
        ("citation_doi", work.get("doi")),
        ("citation_pmid", work.get("pmid")),
        *(("citation_issn", issn) for issn in work.get("issn") or ()),
        *(("citation_isbn", isbn) for isbn in work.get("isbn") or ()),
        ("citation_language", two_letter(work.get("language"))),
        *(("citation_keywords", keyword) for keyword in work.get("keywords") or ()),
    ]
    return tuple((name, str(value)) for name, value in pairs if value)
