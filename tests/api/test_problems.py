"""Bad input and failing sources: problem documents that say what would help, and never a traceback."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Open
from tests.library import Library

pytestmark = pytest.mark.anyio


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer, checked for what every one of them has."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document.keys() >= {"type", "title", "status", "detail"}
    assert document["status"] == status
    assert document["type"].startswith("urn:fedsearch:problem:")
    assert document["detail"]
    assert len(response.content) < 4_000
    assert "Traceback" not in response.text
    assert "pydantic" not in response.text
    return document


# The words of a search


@pytest.mark.parametrize(
    ("q", "detail", "position"),
    [
        ("((asthma", "The parenthesis at position 2 is never closed.", 1),
        ("asthma)", "The closing parenthesis at position 7 has no opening one.", 6),
        ('"asthma', "The quotation mark at position 1 is never closed.", 0),
        ("asthma AND", "Nothing stands after AND at position 8.", 7),
        ("OR asthma", "Nothing stands before OR at position 1.", 0),
        ("asthma AND OR cat", "AND at position 8 is followed by OR.", 11),
        ("asthma[tiba]", "tiab", 6),
        ("asth\x07ma", "There is a control character (U+0007) at position 5.", 4),
        ("asthma\x00", "There is a control character (U+0000) at position 7.", 6),
        ("()", "There is nothing to search for", None),
        (" ", "The search is empty.", 0),
        ("(" * 1_000 + "asthma" + ")" * 900, "nested more than 50 deep", 50),
        ("x OR " * 300 + "x", "more than 200 terms", None),
    ],
)
async def test_a_search_that_cannot_be_read_gets_its_place_and_what_would_help(
    library: Library, q: str, detail: str, position: int | None
) -> None:
    for response in (await library.get("/api/v1/search", q=q), await library.http.post("/api/v1/search", json={"q": q})):
        document = problem(response, 422)
        assert document["type"] == "urn:fedsearch:problem:query-syntax"
        assert detail in document["detail"]
        assert document["hint"]
        assert document["hint"] in document["detail"]
        assert position is None or document["position"] == position
    assert library.pubmed.requests == []


@pytest.mark.parametrize("q", ["", "(" * 10_000, "a" * 2_001, "آ" * 2_001])
async def test_an_empty_and_a_too_long_search_are_refused_by_their_length(library: Library, q: str) -> None:
    document = problem(await library.http.post("/api/v1/search", json={"q": q}), 422)
    assert document["detail"].startswith("q: ")


async def test_a_search_that_none_of_its_sources_can_run_says_why(library: Library) -> None:
    document = problem(await library.get("/api/v1/search", q="91000010[pmid]", sources="crossref"), 422)
    assert document["type"] == "urn:fedsearch:problem:unsupported-query"
    assert "Crossref" in document["detail"]


async def test_a_search_of_nothing_but_switched_off_sources_says_so(open_library: Open) -> None:
    async with open_library(SOURCES__CROSSREF__ENABLED="false") as library:
        document = problem(await library.get("/api/v1/search", q="asthma", sources="crossref"), 422)
        assert "switched off" in document["detail"]


@given(st.lists(st.text(max_size=60) | st.text('()[]"“”*:~/ANDORT x2۰آ-\\&|{}', max_size=60), min_size=20, max_size=20))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered_or_refused_in_words(open_library: Open, texts: list[str]) -> None:
    async def ask_for_each() -> None:
        async with open_library() as library:
            for text in texts:
                response = await library.http.post("/api/v1/search", json={"q": text})
                if response.status_code != 200:
                    problem(response, 422)
                page = await library.http.get("/search", params={"q": text})
                assert page.status_code in (200, 303, 422)

    asyncio.run(ask_for_each())


# Parameters


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ({}, "q: This parameter is missing."),
        ({"q": "asthma", "page": "0"}, "page: "),
        ({"q": "asthma", "page": "10001"}, "page: "),
        ({"q": "asthma", "page": "one"}, "page: "),
        ({"q": "asthma", "page": "1.5"}, "page: "),
        ({"q": "asthma", "per_page": "101"}, "per_page: "),
        ({"q": "asthma", "per_page": "-1"}, "per_page: "),
        ({"q": "asthma", "depth": "201"}, "depth: "),
        ({"q": "asthma", "deadline_ms": "99"}, "deadline_ms: "),
        ({"q": "asthma", "deadline_ms": "30001"}, "deadline_ms: "),
        ({"q": "asthma", "year_from": "20"}, "year_from: "),
        ({"q": "asthma", "year_to": "soon"}, "year_to: "),
        ({"q": "asthma", "year_from": "۱۴۰۰", "year_to": "۱۳۰۰"}, "year_from 1400 is after year_to 1300"),
        ({"q": "asthma", "sort": "oldest"}, "sort: Must be one of 'relevance' or 'newest'."),
        ({"q": "asthma", "type": "poem"}, "type: Must be one of 'journal-article'"),
        ({"q": "asthma", "language": "xx"}, "language “xx” is not a known code"),
        ({"q": "asthma", "sources": "embase"}, "There is no source “embase”. Sources here: pubmed, crossref, catalogue."),
        ({"q": "asthma", "sources": ",".join(["pubmed"] * 21)}, "sources: "),
        ({"q": "asthma", "qq": "x"}, "qq: This parameter is not known"),
        ({"q": "asthma", "page": "x", "sort": "x"}, "sort: "),
        ({"q": "asthma", "page": "9" * 5_000}, "page: "),
    ],
)
async def test_a_parameter_that_cannot_be_read_is_named_with_what_it_may_be(
    library: Library, parameters: dict[str, str], detail: str
) -> None:
    document = problem(await library.http.get("/api/v1/search", params=parameters), 422)
    assert detail in document["detail"]


@pytest.mark.parametrize("name", ["page", "per_page", "depth", "year_from", "year_to", "deadline_ms"])
async def test_numbers_left_empty_in_a_body_are_told_apart_from_faults(library: Library, name: str) -> None:
    response = await library.http.post("/api/v1/search", json={"q": "asthma", name: None})
    if name in ("year_from", "year_to", "deadline_ms"):
        assert response.status_code == 200, response.text
    else:
        assert name in problem(response, 422)["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"q": 7},
        {"q": ["asthma"]},
        {"q": None},
        {"q": "asthma", "page": [1]},
        {"q": "asthma", "page": True, "sort": 1},
        {"q": "asthma", "sources": {"pubmed": True}},
        {"q": "asthma", "sources": [[["pubmed"]]]},
        {"q": "asthma", "type": 7},
        {"q": "asthma", "language": [None]},
        {"q": "\ud800"},
        {"q": "asthma", "sources": ["\ud800"]},
        {"q": "asthma", "language": ["\ud800"]},
        {"q": "asthma", "\ud800": 1},
        {"q": "asthma", "x" * 10_000: 1},
        {"q": "asthma", "page": 10**400},
        ["asthma"],
        "asthma",
        7,
        None,
    ],
)
async def test_wrong_types_in_a_body_are_refused(library: Library, body: Any) -> None:
    content = json.dumps(body).encode()
    problem(await library.http.post("/api/v1/search", content=content, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"q": "asthma"', b"q=asthma", b"\xff\xfe\x00", b'{"q": NaN}', b"[" * 60_000, b'{"page": ' + b"9" * 6_000 + b"}"],
)
async def test_a_body_that_is_not_json_is_refused(library: Library, content: bytes) -> None:
    response = await library.http.post("/api/v1/search", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    problem(response, response.status_code)


async def test_a_body_of_another_kind_is_refused(library: Library) -> None:
    problem(await library.http.post("/api/v1/search", data={"q": "asthma"}), 422)
    problem(await library.http.post("/api/v1/search", content=b'{"q":"asthma"}', headers={"Content-Type": "text/plain"}), 422)


async def test_a_page_beyond_the_end_says_how_many_there_are(library: Library) -> None:
    document = problem(await library.get("/api/v1/search", q="asthma", page=50, per_page=5), 404)
    assert document["detail"] == "There is no page 50. The list has 3 pages of 5."


# Addresses


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/", "/api/v1/searches", "/static/nothing.css", "/static/%2e%2e/%2e%2e/settings.py"]
)
async def test_an_address_with_nothing_at_it_is_a_problem_that_names_the_reference(library: Library, path: str) -> None:
    assert "/docs" in problem(await library.http.get(path), 404)["detail"]


async def test_a_method_that_an_address_does_not_take_is_told(library: Library) -> None:
    response = await library.http.delete("/api/v1/search", params={"q": "asthma"})
    problem(response, 405)
    assert "GET" in response.headers["allow"]


# Sources


async def test_when_every_source_fails_the_answer_says_how_each_of_them_did(library: Library) -> None:
    library.pubmed.answers(503)
    library.crossref.answers(429)
    document = problem(await library.get("/api/v1/search", q="asthma", sources="pubmed,crossref"), 502)
    assert document["type"] == "urn:fedsearch:problem:no-source-answered"
    assert [(source["id"], source["status"], source["total"]) for source in document["sources"]] == [
        ("pubmed", "error", None),
        ("crossref", "throttled", None),
    ]
    assert "PubMed" in document["detail"]


async def test_when_every_source_is_late_the_answer_is_a_gateway_timeout(library: Library) -> None:
    library.pubmed.fails(httpx.ReadTimeout("late"))
    library.crossref.fails(httpx.ReadTimeout("late"))
    document = problem(await library.get("/api/v1/search", q="asthma", sources="pubmed,crossref"), 504)
    assert document["title"] == "Every source was late"
    assert {source["status"] for source in document["sources"]} == {"timeout"}


async def test_a_catalogue_that_cannot_be_read_is_a_failed_source_like_any_other(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert library.services.catalogue is not None
    library.services.catalogue.close()  # type: ignore[attr-defined]
    document = await library.search("asthma")
    catalogue = document["sources"][2]
    assert (catalogue["id"], catalogue["status"], catalogue["total"]) == ("catalogue", "error", None)


async def test_a_fault_of_our_own_is_a_problem_that_tells_nothing_of_the_inside(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("fedsearch.api.routes.search_json", broken)
    response = await library.get("/api/v1/search", q="asthma")
    assert problem(response, 500)["detail"] == "The fault was logged. Please tell the library."
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
