"""CSV for spreadsheets: one row a work, stable column names, no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator

from fedsearch.exports.wording import best_address, flag_notes, inverted, one_line, source_names
from fedsearch.model import Work

# OWASP ASVS 5.0, 1.2.10 (CSV and formula injection); spreadsheets also take the full-width signs, and look past blanks and marks
# that nobody sees.
_FORMULA = re.compile("^[\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x1f]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]")


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(filter(None, parts))


COLUMNS: dict[str, Callable[[Work], str | int | None]] = {
    "id": lambda work: work.id,
    "type": lambda work: work.type,
    "title": lambda work: work.title,
    "vernacular_title": lambda work: work.vernacular_title,
    "authors": lambda work: _listed(inverted(author) for author in work.authors if author.role == "author"),
    "editors": lambda work: _listed(inverted(author) for author in work.authors if author.role == "editor"),
    "translators": lambda work: _listed(inverted(author) for author in work.authors if author.role == "translator"),
    "journal": lambda work: work.journal,
    "journal_abbreviation": lambda work: work.journal_abbreviation,
    "year": lambda work: work.year,
    "published": lambda work: work.published or work.published_online,
    "volume": lambda work: work.volume,
    "issue": lambda work: work.issue,
    "pages": lambda work: work.pages,
    "publisher": lambda work: work.publisher,
    "place": lambda work: work.place,
    "edition": lambda work: work.edition,
    "series": lambda work: work.series,
    "issn": lambda work: _listed(work.issn),
    "isbn": lambda work: _listed(work.ids.isbn),
    "doi": lambda work: work.ids.doi,
    "pmid": lambda work: work.ids.pmid,
    "pmcid": lambda work: work.ids.pmcid,
    "languages": lambda work: _listed(work.languages),
    "publication_types": lambda work: _listed(work.publication_types),
    "evidence": lambda work: work.evidence.tier,
    "evidence_basis": lambda work: work.evidence.basis,
    "flags": lambda work: _listed(flag_notes(work)),
    "mesh": lambda work: _listed(map(str, work.mesh)),
    "keywords": lambda work: _listed(work.keywords),
    "related": lambda work: _listed(f"{other.kind} {other.doi or other.pmid or ''}".strip() for other in work.related),
    "cited_by": lambda work: work.cited_by,
    "sources": source_names,
    "url": best_address,
    "abstract": lambda work: work.abstract,
}


def write_csv(works: Iterable[Work]) -> str:
    """RFC 4180 with a header row; several values in a cell are parted by "; ", what is not known is an empty cell."""
    return "".join(csv_rows(works))


def csv_rows(works: Iterable[Work]) -> Iterator[str]:
    yield _row(COLUMNS)
    for work in works:
        yield _row(_cell(value(work)) for value in COLUMNS.values())


def _row(cells: Iterable[str]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerow(cells)
    return sheet.getvalue()


def _cell(value: str | int | None) -> str:
    text = one_line(str(value)) if value is not None else ""
    return f"'{text}" if _FORMULA.match(text) else text
