"""The catalogue in one SQLite file with full-text search (FTS5). https://sqlite.org/fts5.html

The records table holds each record as JSON beside the folded words by which it is found; the full-text index takes
those columns as its content, and triggers keep the two in step.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType

from fedsearch import identifiers
from fedsearch.catalogue.base import CatalogueAnswer, LoadCounts, LoadedRecord
from fedsearch.catalogue.question import COLUMNS, Question, Sql, any_word, question_of
from fedsearch.catalogue.schema import NAMES, insert, prepare, remove, row_of, title_key, transaction, update
from fedsearch.catalogue.words import question_words
from fedsearch.errors import CatalogueError
from fedsearch.model import Record
from fedsearch.query import Query, Term

_BUSY_SECONDS = 10.0
# A plain question with fewer hits than this is asked again for most of its words, among the best candidates by any word.
_FEW, _CANDIDATES = 5, 200


class SqliteCatalogue:
    """A catalogue file; safe to use from many threads, and from other processes while one of them loads.

    Opened for writing, a missing file is made; opened `read_only`, it has to be there. Raises CatalogueError for what
    is not a catalogue of this version.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        self._read_only = read_only
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False
        if read_only and not path.is_file():
            raise CatalogueError(f"There is no catalogue at {path}.", "Load one with: fedsearch catalogue load FILE")
        with self._connection() as connection:
            prepare(connection, path, read_only)

    def __enter__(self) -> SqliteCatalogue:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection that is not at work; those at work close as they finish."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # Writing

    def load(self, records: Iterable[LoadedRecord]) -> LoadCounts:
        added = updated = unchanged = deleted = 0
        with self._connection() as connection, transaction(connection):
            for record in records:
                if record.deleted:
                    deleted += remove(connection, record.control_number)
                    continue
                stored = row_of(record)
                known = connection.execute("SELECT id, digest FROM records WHERE control_number = ?", (record.control_number,)).fetchone()
                if known and known[1] == stored["digest"]:
                    unchanged += 1
                elif known:
                    update(connection, known[0], stored, record.record)
                    updated += 1
                else:
                    insert(connection, stored, record.record)
                    added += 1
        return LoadCounts(added, updated, unchanged, deleted)

    def delete(self, control_numbers: Iterable[str]) -> int:
        with self._connection() as connection, transaction(connection):
            return sum(remove(connection, number) for number in control_numbers)

    # Reading

    def count(self) -> int:
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM records").fetchone()[0])

    def record(self, control_number: str) -> Record | None:
        with self._connection() as connection:
            row = connection.execute("SELECT json FROM records WHERE control_number = ?", (control_number,)).fetchone()
        return Record.model_validate_json(row[0]) if row else None

    def holdings_of_journals(self, issns: Iterable[str]) -> dict[str, tuple[Record, ...]]:
        asked = {found for issn in issns if (found := identifiers.issn(issn))}
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT value, json FROM identifiers JOIN records ON id = record_id WHERE kind = 'issn' AND type IN ('journal', 'website')"
                " AND value IN (SELECT value FROM json_each(?)) ORDER BY value, control_number",
                (json.dumps(sorted(asked)),),
            ).fetchall()
        held: dict[str, list[Record]] = {}
        for issn, text in rows:
            held.setdefault(issn, []).append(Record.model_validate_json(text))
        return {issn: tuple(records) for issn, records in held.items()}

    def search(self, query: Query, limit: int) -> CatalogueAnswer:
        question = question_of(query)
        with self._connection() as connection:
            rows = _ask(connection, question, query, limit)
            total = _total(connection, question) if len(rows) == limit else len(rows)
            if total < min(_FEW, limit) and isinstance(query.root, Term) and query.root.plain:
                more = _with_most_words(connection, query, query.root.text, {row[0] for row in rows})
                total += len(more)
                rows += more[: limit - len(rows)]
        return CatalogueAnswer(tuple(Record.model_validate_json(text) for _, text in rows), total)

    # Connections

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for one piece of work; its faults come out as CatalogueError."""
        try:
            connection = self._borrowed()
            try:
                yield connection
            finally:
                self._give_back(connection)
        except sqlite3.Error as exc:
            raise _as_catalogue_error(exc, self.path) from exc

    def _borrowed(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise CatalogueError(f"The catalogue at {self.path} has been closed.", "Open it again.")
            if self._idle:
                return self._idle.pop()
        return self._connected()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connected(self) -> sqlite3.Connection:
        if not self._read_only:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as exc:
                raise CatalogueError(f"The folder {self.path.parent} cannot be made: {exc.strerror}.", "Choose another place.") from exc
        address = f"{self.path.absolute().as_uri()}?mode={'ro' if self._read_only else 'rwc'}"
        connection = sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


def _as_catalogue_error(exc: sqlite3.Error, path: Path) -> CatalogueError:
    said = str(exc)
    if "not a database" in said:
        return CatalogueError(f"{path} is not a catalogue of fedsearch.", "Give the file that “fedsearch catalogue load” made.")
    if "fts5" in said:
        return CatalogueError("This Python's SQLite has no full-text search (FTS5).", "Use a Python whose sqlite3 module has FTS5.")
    if "locked" in said:
        return CatalogueError(f"The catalogue at {path} is being written by somebody else.", "Try again when that load has ended.")
    if "unable to open" in said or "readonly" in said:
        return CatalogueError(f"The catalogue at {path} cannot be opened ({said}).", "Check the path and the permissions of its folder.")
    return CatalogueError(f"The catalogue at {path} cannot be used ({said}).", "Check the disk, or move the file away and load again.")


def _ask(connection: sqlite3.Connection, question: Question, query: Query, limit: int) -> list[tuple[int, str]]:
    """Rows (id, json) best first: the very title asked for, then by bm25; the newest first where no word ranks them."""
    tables, where, values = _from(question)
    order = ["year DESC", "control_number"]
    if question.match and query.sort == "relevance":
        order = [f"bm25(words, {', '.join(map(str, COLUMNS.values()))})", *order]
        if isinstance(query.root, Term) and (key := title_key(query.root.text)):
            order = ["(? NOT IN (title_key, vernacular_key))", *order]
            values = (*values, key)
    sql = f"SELECT id, json FROM {tables} WHERE {where} ORDER BY {', '.join(order)} LIMIT ?"  # noqa: S608 - made of our own pieces
    return list(connection.execute(sql, (*values, limit)))


def _total(connection: sqlite3.Connection, question: Question) -> int:
    tables, where, values = _from(question)
    return int(connection.execute(f"SELECT count(*) FROM {tables} WHERE {where}", values).fetchone()[0])  # noqa: S608 - our own pieces


def _from(question: Question) -> tuple[str, str, tuple[str | int, ...]]:
    match: tuple[Sql, ...] = (("words MATCH ?", (question.match,)),) if question.match else ()
    conditions = (*match, *question.conditions)
    tables = "words JOIN records ON records.id = words.rowid" if question.match else "records"
    return tables, " AND ".join(sql for sql, _ in conditions) or "1", tuple(value for _, values in conditions for value in values)


def _with_most_words(connection: sqlite3.Connection, query: Query, text: str, known: set[int]) -> list[tuple[int, str]]:
    """Records beyond the known ones that have most of a plain question's words, those with more of them first."""
    words = question_words(text)
    if len(words) < 3:
        return []
    candidates = _ask(connection, any_word(words, query.limits), query, _CANDIDATES)
    found: list[tuple[int, tuple[int, str]]] = []
    for row, record in candidates:
        if row not in known:
            texts = connection.execute(f"SELECT {NAMES} FROM records WHERE id = ?", (row,)).fetchone()  # noqa: S608 - names of ours
            present = set(" ".join(texts).split())
            matched = sum(any(form in present for form in forms) for forms in words)
            if matched * 2 > len(words):
                found.append((matched, (row, record)))
    return [pair for _, pair in sorted(found, key=lambda entry: -entry[0])]
