"""How a record lies in the catalogue's SQLite file: tables, index, and what a row of them holds."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from fedsearch.catalogue.base import LoadedRecord
from fedsearch.catalogue.question import COLUMNS
from fedsearch.catalogue.words import indexed
from fedsearch.errors import CatalogueError
from fedsearch.folding import fold
from fedsearch.model import Record

Row: TypeAlias = dict[str, str | int | None]

_APPLICATION_ID = 0x66656473
_SCHEMA_VERSION = 1
_ARTICLE = re.compile(r"^(?:the|a|an) ")
NAMES = ", ".join(COLUMNS)
STORED = ("control_number", "json", "digest", "year", "last_year", "type", "languages", "title_key", "vernacular_key", *COLUMNS)
_SCHEMA = f"""
CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    control_number TEXT NOT NULL UNIQUE,
    json TEXT NOT NULL,
    digest TEXT NOT NULL,
    year INTEGER,
    last_year INTEGER,
    type TEXT NOT NULL,
    languages TEXT NOT NULL,
    title_key TEXT NOT NULL,
    vernacular_key TEXT NOT NULL,
    {", ".join(f"{column} TEXT NOT NULL" for column in COLUMNS)}
);
CREATE TABLE identifiers (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    record_id INTEGER NOT NULL REFERENCES records(id) ON DELETE CASCADE,
    PRIMARY KEY (kind, value, record_id)
) WITHOUT ROWID;
CREATE INDEX identifiers_of_record ON identifiers(record_id);
CREATE VIRTUAL TABLE words USING fts5({NAMES}, content='records', content_rowid='id', tokenize="unicode61 remove_diacritics 0");
CREATE TRIGGER records_added AFTER INSERT ON records BEGIN
    INSERT INTO words(rowid, {NAMES}) VALUES (new.id, {", ".join(f"new.{column}" for column in COLUMNS)});
END;
CREATE TRIGGER records_deleted AFTER DELETE ON records BEGIN
    INSERT INTO words(words, rowid, {NAMES}) VALUES ('delete', old.id, {", ".join(f"old.{column}" for column in COLUMNS)});
END;
CREATE TRIGGER records_updated AFTER UPDATE ON records BEGIN
    INSERT INTO words(words, rowid, {NAMES}) VALUES ('delete', old.id, {", ".join(f"old.{column}" for column in COLUMNS)});
    INSERT INTO words(rowid, {NAMES}) VALUES (new.id, {", ".join(f"new.{column}" for column in COLUMNS)});
END;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_SCHEMA_VERSION};
"""  # noqa: S608 - names of ours


def prepare(connection: sqlite3.Connection, path: Path, read_only: bool) -> None:
    """Make the tables of a new file; refuse a file that is something else."""
    application, version = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("application_id", "user_version"))
    if application == _APPLICATION_ID and version == _SCHEMA_VERSION:
        return
    if application == _APPLICATION_ID:
        raise CatalogueError(
            f"The catalogue at {path} was made by another version of fedsearch (format {version}, this one reads {_SCHEMA_VERSION}).",
            "Move the file away and load the MARC files again.",
        )
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables or application or read_only:
        raise CatalogueError(f"{path} is not a catalogue of fedsearch.", "Give the file that “fedsearch catalogue load” made.")
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in _statements(_SCHEMA):
                connection.execute(statement)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """Statement by statement, since `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def row_of(loaded: LoadedRecord) -> Row:
    record, words = loaded.record, loaded.searchable
    numbers = (
        *record.ids.isbn,
        *(form for issn in record.issn for form in (issn, issn.replace("-", ""))),
        record.ids.doi,
        record.id,
        str(record.year or ""),
    )
    texts: dict[str, Iterable[str]] = {
        "titles": words.titles or tuple(filter(None, (record.title, record.vernacular_title))),
        "authors": words.authors,
        "subjects": words.subjects,
        "series": words.series,
        "publishers": words.publishers,
        "journals": words.journals,
        "numbers": tuple(filter(None, numbers)),
        "call_numbers": words.call_numbers,
        "notes": words.notes,
    }
    stored: Row = {
        "control_number": record.id,
        "json": record.model_dump_json(exclude_defaults=True),
        "year": record.year,
        "last_year": loaded.last_year,
        "type": record.type,
        "languages": "|" + "".join(f"{language}|" for language in record.languages),
        "title_key": title_key(record.title),
        "vernacular_key": title_key(record.vernacular_title or ""),
        **{column: indexed(texts[column]) for column in COLUMNS},
    }
    stored["digest"] = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
    return stored


def title_key(title: str) -> str:
    """A title for telling that it is the very one asked for: folded, without its article."""
    return _ARTICLE.sub("", fold(title))


def insert(connection: sqlite3.Connection, stored: Row, record: Record) -> None:
    row = connection.execute(
        f"INSERT INTO records ({', '.join(STORED)}) VALUES ({', '.join('?' * len(STORED))})",  # noqa: S608 - names of ours
        [stored[name] for name in STORED],
    )
    _identify(connection, int(row.lastrowid or 0), record)


def update(connection: sqlite3.Connection, row: int, stored: Row, record: Record) -> None:
    connection.execute(
        f"UPDATE records SET {', '.join(f'{name} = ?' for name in STORED)} WHERE id = ?",  # noqa: S608 - names of ours
        [*(stored[name] for name in STORED), row],
    )
    connection.execute("DELETE FROM identifiers WHERE record_id = ?", (row,))
    _identify(connection, row, record)


def _identify(connection: sqlite3.Connection, row: int, record: Record) -> None:
    found = [("doi", record.ids.doi), *(("isbn", isbn) for isbn in record.ids.isbn), *(("issn", issn) for issn in record.issn)]
    connection.executemany("INSERT INTO identifiers VALUES (?, ?, ?)", [(kind, value, row) for kind, value in found if value])


def remove(connection: sqlite3.Connection, control_number: str) -> int:
    return connection.execute("DELETE FROM records WHERE control_number = ?", (control_number,)).rowcount
