"""What is found in files of references: entries, each with its record, or with the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fedsearch.model import Record


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as its format's reader found it: its text, and its members or its record, or else the fault that it has."""

    text: str
    members: Mapping[str, Any] | None = None
    record: Record | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a file, by its number from 1.

    `name` is its own identifier where no other entry has the same, else one that was made. An entry with a `fault` is kept
    and compared with no other; its record is a stand-in, and `text` is the entry as it stands in the file.
    """

    file: Path
    number: int
    name: str
    record: Record
    fault: str = ""
    text: str = ""
