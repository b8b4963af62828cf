"""A folder of named bytes that survives a restart: the answer cache and the kept result sets live in one each.

diskcache holds them. Its own `Disk` unpickles what it reads (CVE-2025-69872), so this one stores bytes under text keys
only and refuses every other row, whoever wrote it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import MODE_BINARY, MODE_RAW

from fedsearch.errors import SettingsError


class BytesOnly(diskcache.Disk):  # type: ignore[misc]  # diskcache carries no types
    """Stores bytes under text keys; never pickles and never unpickles."""

    def put(self, key: Any) -> tuple[Any, bool]:
        if type(key) is not str:
            raise TypeError("keys are text")
        return super().put(key)  # type: ignore[no-any-return]

    def get(self, key: Any, raw: bool) -> Any:
        if not raw:
            raise ValueError("a key that is not plain text")
        return super().get(key, raw)

    def store(self, value: Any, read: bool, key: Any = None) -> Any:
        if type(value) is not bytes:
            raise TypeError("values are bytes")
        return super().store(value, read, key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        if mode not in (MODE_RAW, MODE_BINARY):
            raise ValueError("a row that is not plain bytes")
        return super().fetch(mode, filename, value, read)


class Store:
    """Bytes by name with a time to live. The methods wait in a thread, since the disk blocks."""

    def __init__(self, folder: Path, most_mb: int) -> None:
        """Raises SettingsError when the folder cannot be written."""
        self._writing: dict[str, asyncio.Task[None]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
            self._cache = diskcache.Cache(
                str(folder),
                disk=BytesOnly,
                size_limit=most_mb * 1_000_000,
                eviction_policy="least-recently-stored",
                disk_min_file_size=1 << 18,
            )
        except (OSError, sqlite3.Error) as exc:
            raise SettingsError(
                f"The folder {folder} cannot be written: {exc}.", "Give FEDSEARCH_DATA a folder of the service's own."
            ) from exc

    def read(self, key: str) -> bytes | None:
        """The bytes kept under a key, or None; a damaged row reads as nothing."""
        try:
            value = self._cache.get(key)
        except (ValueError, TypeError, OSError, sqlite3.Error, diskcache.Timeout):
            return None
        return value if type(value) is bytes else None

    def write(self, key: str, value: bytes, seconds: float) -> None:
        """Keep bytes for some seconds; a full or locked disk loses the entry, never the answer."""
        try:
            self._cache.set(key, value, expire=seconds)
        except (OSError, sqlite3.Error, diskcache.Timeout):
            return

    def works(self) -> bool:
        """Whether what is written can be read again."""
        self.write("probe", b"1", 60)
        return self.read("probe") == b"1"

    async def get(self, key: str) -> bytes | None:
        await self._written(key)
        return await asyncio.to_thread(self.read, key)

    def set_soon(self, key: str, value: bytes, seconds: float) -> None:
        """Keep bytes without waiting for the disk; whoever asks for them meanwhile waits."""
        task = asyncio.get_running_loop().create_task(asyncio.to_thread(self.write, key, value, seconds))
        self._writing[key] = task
        task.add_done_callback(lambda done: self._writing.pop(key, None) if self._writing.get(key) is done else None)

    async def settle(self) -> None:
        """Wait for what is still being written."""
        if self._writing:
            await asyncio.wait(set(self._writing.values()))

    async def set(self, key: str, value: bytes, seconds: float) -> None:
        await self._written(key)
        await asyncio.to_thread(self.write, key, value, seconds)

    async def _written(self, key: str) -> None:
        if (writing := self._writing.get(key)) is not None:
            await asyncio.wait({writing})

    def close(self) -> None:
        self._cache.close()
