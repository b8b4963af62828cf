"""CSV, as spreadsheets and databases export it -> drafts of records; the first row names the columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from fedsearch.dedupe.columns import member_of
from fedsearch.dedupe.entries import Draft
from fedsearch.errors import DedupeError

# A cell with a lone quotation mark would swallow the rest of the file.
_MOST_LINES = 2_000
_MOST_LETTERS = 2_000_000
_GUARD = re.compile("^'(?=[\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212])")
_GATHERED = frozenset({"keywords", "notes", "url", "issn", "isbn"})


def read_csv(lines: Iterable[str]) -> Iterator[Draft]:
    """One draft for each row. Raises DedupeError where the first row names no column of titles."""
    csv.field_size_limit(_MOST_LETTERS)
    lines = iter(lines)
    heading = ""
    while not heading:
        if not (row := _gathered(lines)):
            return
        heading = "".join(row).strip("\ufeff\r\n \t,;")
    delimiter = max(",;\t|", key=lambda mark: sum(member_of(name) is not None for name in _cells(heading, mark)))
    columns = _columns(_cells(heading, delimiter))
    if "title" not in columns:
        raise DedupeError(
            f"no column of titles; the first row is “{heading[:80]}”.",
            "It has to name the columns: title, authors, year, journal, doi ...",
        )
    for text, table in _rows(lines, delimiter):
        if table is None:
            yield Draft(text, fault="a quotation mark that is never closed, or not where one can be")
        else:
            yield from (Draft(text, _members(columns, cells)) for cells in table if any(cell.strip() for cell in cells))


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[str, list[list[str]] | None]]:
    """The texts of rows and their cells; None for cells that cannot be told apart.

    Where a quotation mark is not closed, or only by one that closes nothing, its line is given up alone and the rest read again.
    """
    while row := _gathered(lines):
        text = "".join(row)
        table = _table(text, delimiter, strict=len(row) > 1 or text.count('"') % 2 == 1)
        if table is None:
            lines = chain(row[1:], lines)
            text = row[0]
        yield text, table


def _gathered(lines: Iterator[str]) -> list[str]:
    """The lines of the next row: as many as its quotation marks want."""
    row: list[str] = []
    marks = letters = 0
    for line in lines:
        row.append(line)
        marks += line.count('"')
        letters += len(line)
        if marks % 2 == 0 or len(row) >= _MOST_LINES or letters >= _MOST_LETTERS:
            break
    return row


def _table(text: str, delimiter: str, strict: bool) -> list[list[str]] | None:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict))
    except csv.Error:
        return None


def _cells(row: str, delimiter: str) -> list[str]:
    return next(iter(_table(row, delimiter, strict=False) or []), [])


def _columns(names: list[str]) -> list[str | None]:
    """The member of each column. A "source" beside no journal is the journal, as Cochrane and Publish or Perish write it."""
    columns = [member_of(name) for name in names]
    if "source" in columns and "journal" not in columns:
        columns = ["journal" if column == "source" else column for column in columns]
    return columns


def _members(columns: list[str | None], cells: list[str]) -> dict[str, Any]:
    """The cells by member, without the mark that keeps a spreadsheet from running them; the first column that says something counts."""
    members: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        value = _GUARD.sub("", cell).strip()
        if not column or not value:
            continue
        if column in _GATHERED and column in members:
            members[column] = f"{members[column]}; {value}"
        else:
            members.setdefault(column, value)
    if isinstance(flags := members.pop("flags", None), str):
        members["notes"] = f"{flags}\n{members.get('notes', '')}".strip()
    return members
