"""The labelled traps that stand beside the repository: what must stay apart is never merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fedsearch.merge import merge_records
from fedsearch.model import Record
from tests.building import POLICY, record

pytestmark = pytest.mark.shared
TYPES = {"posted-content": "preprint", "dissertation": "thesis"}
KNOWN = {"journal-article", "preprint", "book", "book-chapter", "journal", "thesis", "dataset", "peer-review", "component"}


def read(trap: dict[str, Any], number: str) -> Record:
    """A trap's record, whose members are named as in an export and absent where they are empty."""
    told = {
        name: str(trap[name]) for name in ("journal", "volume", "issue", "pages", "doi", "pmid", "edition", "abstract") if trap.get(name)
    }
    kind = TYPES.get(trap.get("type", ""), trap.get("type", "journal-article"))
    isbn = trap.get("isbn") or []
    return record(
        trap.get("source", "x"),
        number,
        title=trap["title"],
        authors=[name for name in trap.get("authors") or [] if name.strip()],
        published=str(trap.get("year") or ""),
        isbn=[isbn] if isinstance(isbn, str) else isbn,
        type=kind if kind in KNOWN else "other",
        **told,
    )


def test_no_labelled_trap_is_merged_that_should_not_be_and_most_are_that_should(shared_data: Path) -> None:
    traps = [json.loads(line) for line in (shared_data / "dedup" / "traps_dev.jsonl").read_text(encoding="utf-8").splitlines()]
    merged = {trap["slug"]: len(merge_records((read(trap["a"], "a"), read(trap["b"], "b")), {}, POLICY)) == 1 for trap in traps}
    assert not [trap["slug"] for trap in traps if trap["want"] != "merge" and merged[trap["slug"]]]
    wanted = [merged[trap["slug"]] for trap in traps if trap["want"] == "merge"]
    assert sum(wanted) / len(wanted) >= 0.7
