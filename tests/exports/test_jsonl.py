"""JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

from fedsearch.exports.jsonl import work_json, write_jsonl
from fedsearch.model import Work

PAYLOADS = Path(__file__).parents[1] / "payloads" / "exports"
ARTICLE = Work.model_validate_json((PAYLOADS / "retracted_article.json").read_bytes())


def test_each_line_is_a_work_as_the_api_shows_it() -> None:
    hostile = ARTICLE.model_copy(update={"title": "one\ntwo\u2028three\x85four"})
    lines = write_jsonl([ARTICLE, hostile]).splitlines()
    assert [json.loads(line) for line in lines] == [work_json(ARTICLE), work_json(hostile)]


def test_persian_stays_readable() -> None:
    assert "استاتین" in write_jsonl([ARTICLE])


def test_a_record_that_was_no_hit_has_no_rank() -> None:
    (work,) = map(json.loads, write_jsonl([ARTICLE]).splitlines())
    assert [(record["source"], record["rank"]) for record in work["records"]] == [("pubmed", 2), ("crossref", None)]
