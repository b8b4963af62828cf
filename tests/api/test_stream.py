"""One search as server-sent events."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.library import Library

pytestmark = pytest.mark.anyio


async def events(library: Library, **parameters: Any) -> list[tuple[str, dict[str, Any]]]:
    """The events of a whole stream, in their order: name and data."""
    response = await library.get("/api/v1/search/stream", **parameters)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return [parsed(block) for block in response.text.replace("\r\n", "\n").strip().split("\n\n") if not block.startswith(":")]


def parsed(block: str) -> tuple[str, dict[str, Any]]:
    members = dict(line.split(": ", 1) for line in block.split("\n"))
    return members["event"], json.loads(members["data"])


async def test_each_source_is_told_as_it_answers_and_the_full_response_comes_last(library: Library) -> None:
    told = await events(library, q="asthma")
    names = [name for name, _ in told]
    assert names.count("source") == 3
    assert names[0] == "source"
    assert names[-2:] == ["results", "done"]
    assert names.count("done") == 1
    assert {data["id"] for name, data in told if name == "source"} == {"pubmed", "crossref", "catalogue"}


async def test_the_list_grows_with_each_answer_and_says_whether_it_is_complete(library: Library) -> None:
    lists = [data for name, data in await events(library, q="asthma", per_page=3) if name == "results"]
    assert len(lists) == 3
    assert [shown["complete"] for shown in lists] == [False, False, True]
    assert all(shown.keys() == {"results", "works", "complete"} for shown in lists)
    assert [shown["works"] for shown in lists] == sorted(shown["works"] for shown in lists)
    assert all(len(shown["results"]) <= 3 for shown in lists)


async def test_done_is_the_answer_of_a_plain_search_and_is_kept_for_paging(library: Library) -> None:
    (done,) = (data for name, data in await events(library, q="asthma", per_page=5) if name == "done")
    plain = await library.search("asthma", per_page=5)
    assert done.keys() == plain.keys()
    assert done["results"] == plain["results"]
    second = await library.get(f"/api/v1/searches/{done['search_id']}", page=2, per_page=5)
    assert second.status_code == 200


async def test_a_failed_source_is_told_in_its_event_and_the_rest_goes_on(library: Library) -> None:
    library.crossref.answers(503)
    told = await events(library, q="asthma")
    statuses = {data["id"]: data["status"] for name, data in told if name == "source"}
    assert statuses == {"pubmed": "ok", "crossref": "error", "catalogue": "ok"}
    assert told[-1][0] == "done"


async def test_a_late_source_is_told_at_the_deadline(library: Library) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    library.pubmed.waits_for(never)
    told = await events(library, q="asthma", deadline_ms=700)
    assert [data["status"] for name, data in told if name == "source" and data["id"] == "pubmed"] == ["timeout"]
    assert told[-1][0] == "done"


async def test_when_no_source_answers_the_last_event_is_a_problem(library: Library) -> None:
    library.pubmed.answers(503)
    library.crossref.answers(503)
    told = await events(library, q="asthma", sources="pubmed,crossref")
    name, problem = told[-1]
    assert name == "error"
    assert problem["status"] == 502
    assert len(problem["sources"]) == 2


@pytest.mark.parametrize(("q", "sources"), [("((asthma", ""), ("91000010[pmid]", "crossref"), ("asthma", "embase")])
async def test_what_cannot_be_searched_is_refused_before_the_stream_begins(library: Library, q: str, sources: str) -> None:
    response = await library.get("/api/v1/search/stream", q=q, sources=sources)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


async def test_nothing_between_service_and_reader_may_hold_the_stream_back(library: Library) -> None:
    response = await library.get("/api/v1/search/stream", q="asthma")
    assert response.headers["x-accel-buffering"] == "no"
    assert "no-store" in response.headers["cache-control"]
