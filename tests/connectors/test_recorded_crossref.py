"""The Crossref parser over recorded works, where the recordings stand beside the repository."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fedsearch.connectors.crossref_json import read_work

SHARED = Path(os.environ.get("FEDSEARCH_SHARED") or Path(__file__).parents[3] / "shared")
RECORDED = SHARED / "data" / "sources" / "crossref"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded Crossref works are not beside the repository (FEDSEARCH_SHARED)"),
]


def bodies() -> Iterator[bytes]:
    """Every recorded JSON document: whole files, lines of files, bodies of exchanges with Crossref."""
    for path in sorted((RECORDED / "works").rglob("*.json*")):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from (raw,) if is_json(raw) else raw.splitlines()
    for path in sorted((RECORDED / "exchanges").glob("*.jsonl.gz")):
        exchanges = map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
        yield from (exchange["body"].encode() for exchange in exchanges if "api.crossref.org" in exchange["request_uri"])


def is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


def works() -> Iterator[dict[str, Any]]:
    """The works with a DOI that the documents hold, alone or in lists."""
    for body in bodies():
        document = json.loads(body) if is_json(body) else None
        inner = document.get("message", document) if isinstance(document, dict) else None
        items = inner.get("items", [inner]) if isinstance(inner, dict) else []
        yield from (item for item in items if isinstance(item, dict) and item.get("DOI"))


def titled(work: dict[str, Any]) -> bool:
    titles = work.get("title")
    return any(isinstance(title, str) and title.strip() for title in (titles if isinstance(titles, list) else [titles]))


def test_every_recorded_work_with_a_title_becomes_a_record_and_no_other() -> None:
    found = [(work, read_work(work)) for work in works()]
    assert len(found) > 5_000
    wrong = [work["DOI"] for work, record in found if (record is not None) != titled(work)]
    assert not wrong
    assert all(record.ids.doi and record.title.strip() and record.url for _, record in found if record)


def test_no_recorded_title_keeps_markup_or_a_line_break() -> None:
    titles = [record.title for work in works() if (record := read_work(work))]
    assert not [title for title in titles if "\n" in title or "</" in title or "&amp;" in title or "<mml:" in title]
