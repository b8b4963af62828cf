"""The librarian's hand: "these are the same", "these are not the same", remembered with who, when and why, and undone.

Decisions are kept in a small SQLite file of their own, since they must outlive every cache. Nothing is ever deleted: what is undone, or
decided anew, stays in the list with its date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fedsearch.errors import DecisionError, NotKept, SettingsError
from fedsearch.model import Noun

_SCHEMA = """
create table if not exists decisions (
    id integer primary key,
    left_key text not null,
    right_key text not null,
    same integer not null,
    who text not null,
    why text not null,
    made_at text not null,
    undone_at text
);
create index if not exists in_force on decisions (left_key, right_key) where undone_at is null;
"""
_COLUMNS = "id, left_key, right_key, same, who, why, made_at, undone_at"


class Decision(Noun):
    """One decision on two records, by their keys in sorted order ("pubmed:25176015")."""

    id: int
    left: str
    right: str
    same: bool
    who: str
    why: str
    made_at: datetime
    undone_at: datetime | None = None


class DecisionStore:
    """The decisions of one library. Every method blocks and may be called from any thread or process."""

    def __init__(self, path: Path) -> None:
        """Raises SettingsError when the file cannot be written."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._open() as connection:
                connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as exc:
            raise SettingsError(f"{path} cannot be written: {exc}.", "Give FEDSEARCH_DATA a folder of the service's own.") from exc

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5.0)) as connection, connection:
            yield connection

    def decide(self, left: str, right: str, same: bool, who: str, why: str) -> Decision:
        """Remember a decision; an earlier one on the same two records is undone by it. Raises DecisionError for one record twice."""
        first, second = sorted((left, right))
        if first == second:
            raise DecisionError("A record cannot be compared with itself.", "Name two different records.")
        now = datetime.now(UTC)
        with self._open() as connection:
            connection.execute(
                "update decisions set undone_at = ? where left_key = ? and right_key = ? and undone_at is null",
                (now.isoformat(), first, second),
            )
            cursor = connection.execute(
                "insert into decisions (left_key, right_key, same, who, why, made_at) values (?, ?, ?, ?, ?, ?)",
                (first, second, int(same), who, why, now.isoformat()),
            )
        return Decision(id=cursor.lastrowid or 0, left=first, right=second, same=same, who=who, why=why, made_at=now)

    def undo(self, decision_id: int) -> Decision:
        """Take a decision back. Raises NotKept for one that is not there, or not in force."""
        with self._open() as connection:
            cursor = connection.execute(
                f"update decisions set undone_at = ? where id = ? and undone_at is null returning {_COLUMNS}",  # noqa: S608  # no input in it
                (datetime.now(UTC).isoformat(), decision_id),
            )
            row = cursor.fetchone()
        if row is None:
            raise NotKept(f"There is no decision {decision_id} in force.", "It may have been undone already.")
        return _decision(row)

    def listed(self) -> tuple[Decision, ...]:
        """Every decision ever made, newest first."""
        with self._open() as connection:
            return tuple(map(_decision, connection.execute(f"select {_COLUMNS} from decisions order by id desc")))  # noqa: S608

    def in_force(self, keys: Iterable[str]) -> dict[tuple[str, str], bool]:
        """What was decided of any two of these records."""
        wanted = set(keys)
        with self._open() as connection:
            rows = connection.execute("select left_key, right_key, same from decisions where undone_at is null")
            return {(left, right): bool(same) for left, right, same in rows if left in wanted and right in wanted}


def _decision(row: tuple[int, str, str, int, str, str, str, str | None]) -> Decision:
    number, left, right, same, who, why, made_at, undone_at = row
    return Decision.model_validate(
        {"id": number, "left": left, "right": right, "same": bool(same), "who": who, "why": why, "made_at": made_at, "undone_at": undone_at}
    )
