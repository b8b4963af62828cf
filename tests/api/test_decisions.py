"""The librarian's hand through the API: a decision changes later searches and works, and undoing it changes them back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.library import Library

pytestmark = pytest.mark.anyio


async def merged_work(library: Library) -> dict[str, Any]:
    """A work that has records of two sources."""
    found = (await library.http.get("/api/v1/search", params={"q": "asthma", "per_page": 100})).json()
    return next(work for work in found["results"] if len({record["source"] for record in work["records"]}) > 1)


def keys(work: dict[str, Any]) -> set[str]:
    return {f"{record['source']}:{record['id']}" for record in work["records"]}


async def decide(library: Library, left: str, right: str, same: bool) -> dict[str, Any]:
    answer = await library.http.post(
        "/api/v1/decisions", json={"left": left, "right": right, "same": same, "who": "Karimi", "why": "looked"}
    )
    assert answer.status_code == 201
    decision: dict[str, Any] = answer.json()
    return decision


async def works_holding(library: Library, key: str) -> list[dict[str, Any]]:
    found = (await library.http.get("/api/v1/search", params={"q": "asthma", "per_page": 100})).json()
    return [work for work in found["results"] if key in keys(work)]


async def test_two_records_decided_not_to_be_the_same_stand_apart_until_that_is_undone(library: Library) -> None:
    work = await merged_work(library)
    left, right = sorted(keys(work))[:2]
    decision = await decide(library, left, right, False)
    (apart,) = await works_holding(library, left)
    assert right not in keys(apart)
    single = (await library.http.get(f"/api/v1/works/{left}")).json()
    assert right not in keys(single)
    undone = await library.http.delete(f"/api/v1/decisions/{decision['id']}")
    assert undone.json()["undone_at"]
    (together,) = await works_holding(library, left)
    assert {left, right} <= keys(together)


async def test_two_records_decided_to_be_the_same_become_one_work_that_says_so(library: Library) -> None:
    found = (await library.http.get("/api/v1/search", params={"q": "asthma", "per_page": 100})).json()
    first, second = (min(keys(work)) for work in found["results"][:2])
    await decide(library, first, second, True)
    (joined,) = await works_holding(library, first)
    assert second in keys(joined)
    assert "a librarian decided: the same" in joined["merged_because"]


async def test_every_decision_is_listed_newest_first(library: Library) -> None:
    await decide(library, "pubmed:1", "pubmed:2", True)
    await decide(library, "pubmed:3", "pubmed:4", False)
    listed = (await library.http.get("/api/v1/decisions")).json()["decisions"]
    assert [(row["left"], row["same"], row["who"]) for row in listed] == [("pubmed:3", False, "Karimi"), ("pubmed:1", True, "Karimi")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"left": "pubmed:1", "right": "pubmed:1", "same": True, "who": "Karimi"},
        {"left": "pubmed:1", "right": "pubmed 2", "same": True, "who": "Karimi"},
        {"left": "pubmed:1", "right": "elsewhere:2", "same": True, "who": "Karimi"},
        {"left": "pubmed:1", "right": "pubmed:2", "same": True, "who": "  "},
        {"left": "pubmed:1", "right": "pubmed:2", "same": True, "who": "Karimi", "more": 1},
    ],
)
async def test_a_decision_that_makes_no_sense_is_refused_in_words(library: Library, body: dict[str, Any]) -> None:
    answer = await library.http.post("/api/v1/decisions", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"]


async def test_a_decision_that_is_not_there_cannot_be_undone(library: Library) -> None:
    answer = await library.http.delete("/api/v1/decisions/99")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_page_separates_a_record_and_lists_and_undoes_the_decision(library: Library) -> None:
    work = await merged_work(library)
    left, right = sorted(keys(work))[:2]
    record_view = await library.http.get(f"/works/{work['id']}")
    assert 'action="/decisions"' in record_view.text
    form = {"left": left, "from": [left, right], "same": "false", "who": "<b>Karimi</b>", "why": "looked", "lang": "en"}
    sent = await library.http.post("/decisions", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/decisions?lang=en")
    page = (await library.http.get("/decisions")).text
    assert "&lt;b&gt;Karimi&lt;/b&gt;" in page
    (apart,) = await works_holding(library, left)
    assert right not in keys(apart)
    number = (await library.http.get("/api/v1/decisions")).json()["decisions"][0]["id"]
    assert (await library.http.post(f"/decisions/{number}/undo", data={"lang": "fa"})).headers["location"] == "/decisions?lang=fa"
    (together,) = await works_holding(library, left)
    assert right in keys(together)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
async def test_a_form_sent_from_another_site_decides_nothing(library: Library, headers: dict[str, str]) -> None:
    form = {"left": "pubmed:1", "right": "pubmed:2", "same": "true", "who": "Karimi"}
    answer = await library.http.post("/decisions", data=form, headers=headers)
    assert (answer.status_code, "another site" in answer.text) == (403, True)
    assert (await library.http.get("/api/v1/decisions")).json() == {"decisions": []}


async def test_a_form_without_a_name_is_told_so_on_a_page(library: Library) -> None:
    answer = await library.http.post("/decisions", data={"left": "pubmed:1", "right": "pubmed:2", "same": "true"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


async def test_browsers_can_add_this_search(library: Library) -> None:
    answer = await library.http.get("/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert "{searchTerms}" in answer.text


async def test_a_record_may_be_named_in_any_notation(library: Library) -> None:
    decision = await decide(library, "crossref:10.5555/ABC", "pubmed:0042", False)
    assert (decision["left"], decision["right"]) == ("crossref:10.5555/abc", "pubmed:42")


async def test_a_number_that_no_decision_can_have_is_refused(library: Library) -> None:
    answer = await library.http.delete(f"/api/v1/decisions/{10**23}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
