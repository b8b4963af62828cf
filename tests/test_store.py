"""The store: bytes by name that expire; it never unpickles what it finds, and a damaged disk costs only the entry."""

from __future__ import annotations

import pickle
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import diskcache
import pytest

from fedsearch.errors import SettingsError
from fedsearch.store import BytesOnly, Store

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "kept", 10)
    yield opened
    opened.close()


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return (Path.touch, (self.trace,))


def tampered(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "cache.db")
    with connection:
        assert connection.execute(statement, values).rowcount == 1
    connection.close()


async def test_what_is_kept_is_read_again(store: Store) -> None:
    await store.set("answer", b"\x00bytes", 60)
    assert await store.get("answer") == b"\x00bytes"
    assert await store.get("other") is None
    assert store.works()


async def test_what_has_expired_is_gone(store: Store) -> None:
    await store.set("answer", b"old", -1)
    assert await store.get("answer") is None


async def test_large_bytes_are_kept_beside_the_database(store: Store) -> None:
    large = bytes(range(256)) * 2_000
    await store.set("large", large, 60)
    assert await store.get("large") == large


def test_a_store_survives_a_restart(tmp_path: Path) -> None:
    first = Store(tmp_path, 10)
    first.write("answer", b"kept", 60)
    first.close()
    second = Store(tmp_path, 10)
    assert second.read("answer") == b"kept"
    second.close()


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    for name in ("open", "deep/new"):
        Store(tmp_path / name, 10).close()
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


@pytest.mark.parametrize("file_name", [None, "bomb.val"])
def test_a_pickled_row_is_never_unpickled(tmp_path: Path, file_name: str | None) -> None:
    folder, trace = tmp_path / "kept", tmp_path / "exploded"
    bomb = pickle.dumps(Bomb(trace))
    store = Store(folder, 10)
    store.write("answer", b"good", 60)
    if file_name:
        (folder / file_name).write_bytes(bomb)
    tampered(folder, "UPDATE Cache SET mode = 4, filename = ?, value = ? WHERE key = 'answer'", file_name, None if file_name else bomb)
    assert store.read("answer") is None
    assert not trace.exists()
    store.close()
    pickle.loads(bomb)
    assert trace.exists(), "the bomb of this test is a real one"


def test_a_pickled_key_is_never_unpickled(tmp_path: Path) -> None:
    folder, trace = tmp_path / "kept", tmp_path / "exploded"
    store = Store(folder, 10)
    store.write("answer", b"good", 60)
    tampered(folder, "UPDATE Cache SET key = ?, raw = 0 WHERE key = 'answer'", pickle.dumps(Bomb(trace)))
    assert store.read("answer") is None
    store.close()
    with diskcache.Cache(str(folder), disk=BytesOnly) as cache, pytest.raises(ValueError, match="not plain text"):
        list(cache)
    assert not trace.exists()


@pytest.mark.parametrize(("column", "value"), [("value", "text"), ("value", 7), ("mode", 3), ("mode", 99)])
def test_a_damaged_row_reads_as_nothing_and_can_be_written_again(tmp_path: Path, column: str, value: object) -> None:
    store = Store(tmp_path, 10)
    store.write("answer", b"good", 60)
    tampered(tmp_path, f"UPDATE Cache SET {column} = ? WHERE key = 'answer'", value)
    assert store.read("answer") is None
    store.write("answer", b"again", 60)
    assert store.read("answer") == b"again"
    store.close()


def test_a_lost_file_reads_as_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path, 10)
    store.write("large", bytes(1 << 19), 60)
    for file in tmp_path.rglob("*.val"):
        file.unlink()
    assert store.read("large") is None
    store.close()


@pytest.mark.parametrize(("key", "value"), [("answer", "text"), ("answer", {"a": 1}), (b"answer", b"x"), (("a",), b"x")])
def test_only_bytes_under_text_keys_are_kept(store: Store, key: object, value: object) -> None:
    with pytest.raises(TypeError):
        store.write(key, value, 60)  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be written") as caught:
        Store(tmp_path / "file" / "kept", 10)
    assert "FEDSEARCH_DATA" in caught.value.hint


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"not a database" * 100)
    with pytest.raises(SettingsError, match="cannot be written"):
        Store(tmp_path, 10)


@pytest.mark.anyio
async def test_what_is_written_soon_can_be_read_at_once_and_outlives_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", 10)
    store.set_soon("a", b"1", 60)
    assert await store.get("a") == b"1"
    store.set_soon("b", b"2", 60)
    await store.settle()
    store.close()
    assert Store(tmp_path / "s", 10).read("b") == b"2"
