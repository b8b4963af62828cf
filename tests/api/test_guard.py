"""What holds for every answer: headers, body limits, and no key anywhere."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from fedsearch.api.app import MOST_BODY_BYTES
from tests.api.conftest import Open
from tests.library import KEY, Library

pytestmark = pytest.mark.anyio

PATHS = tuple(
    "/ /search?q=asthma /search?q=(( /docs /nothing /api/v1/search?q=asthma /api/v1/search?q=(( /livez /metrics /openapi.json "
    "/api/v1/search/stream?q=asthma /works/pubmed:91000010 /api/v1/works/pubmed:1 /static/style.css".split()
)
EMAIL = "library@hospital.example"


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_security_headers_once(library: Library, path: str) -> None:
    headers = (await library.http.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"):
        assert len(headers.get_list(name)) == 1, name


@pytest.mark.parametrize("path", ["/", "/livez", "/api/v1/search?q=asthma", "/search?q=((", "/static/style.css", "/nothing"])
async def test_head_is_answered_as_get_without_the_body(library: Library, path: str) -> None:
    head, get = await library.http.head(path), await library.http.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/static/")])
async def test_what_was_searched_is_kept_by_no_cache_between_reader_and_service(library: Library, path: str) -> None:
    assert "no-store" in (await library.http.get(path)).headers["cache-control"]


async def test_static_files_are_kept_for_good_since_their_addresses_change_with_them(library: Library) -> None:
    page = (await library.get("/")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    response = await library.http.get(address)
    assert response.status_code == 200
    assert "?v=" in address
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-type"].startswith("text/css")


async def test_a_body_that_says_it_is_too_large_is_refused_unread(library: Library) -> None:
    response = await library.http.post("/api/v1/search", content=b" " * (MOST_BODY_BYTES + 1), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert "64 KiB" in response.json()["detail"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_body_that_grows_too_large_is_refused_where_it_passes_the_limit(library: Library) -> None:
    sent = 0

    async def growing() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 4_096
            yield b" " * 4_096

    response = await library.http.post("/api/v1/search", content=growing(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert "64 KiB" in response.json()["detail"]
    assert sent < 2 * MOST_BODY_BYTES


async def test_a_body_at_the_limit_is_read(library: Library) -> None:
    body = json.dumps({"q": "asthma"}).encode()
    content = body + b" " * (MOST_BODY_BYTES - len(body))
    response = await library.http.post("/api/v1/search", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 200


@pytest.mark.parametrize("trouble", ["none", "bad key", "rate limit", "broken", "late", "unreachable", "fault of ours"])
async def test_no_body_header_or_log_line_ever_holds_the_key(
    open_library: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_library(SOURCES__PUBMED__API_KEY=KEY, SOURCES__PUBMED__EMAIL=EMAIL, SOURCES__CROSSREF__MAILTO=EMAIL) as library:
        if trouble == "bad key":
            library.pubmed.answers(400, json.dumps({"error": "API key invalid", "api-key": KEY, "type": "api key"}))
        elif trouble == "rate limit":
            library.pubmed.answers(429, json.dumps({"error": "API rate limit exceeded", "api-key": KEY, "count": "11", "limit": "10"}))
        elif trouble == "broken":
            library.pubmed.answers(500, f"<html>{KEY}</html>")
        elif trouble == "late":
            library.pubmed.waits_for(asyncio.Event().wait)
        elif trouble == "unreachable":
            library.pubmed.fails(httpx.ConnectError(f"cannot connect for {KEY}"))
        elif trouble == "fault of ours":
            monkeypatch.setattr("fedsearch.search.merge_with_doubts", lambda *_: 1 / 0)
        answers = [
            await library.http.get("/api/v1/search?q=asthma&deadline_ms=100"),
            await library.http.get("/api/v1/search?q=asthma&deadline_ms=100&sources=pubmed"),
            await library.http.post("/api/v1/search", json={"q": "asthma", "deadline_ms": 100}),
            await library.http.get("/api/v1/works/catalogue:sh0001"),
            *[await library.http.get(path) for path in ("/", "/metrics", "/readyz", "/docs", "/openapi.json")],
        ]
        if trouble not in ("late", "fault of ours"):
            answers += [await library.http.get(path) for path in ("/search?q=asthma", "/api/v1/search/stream?q=asthma")]
        if trouble == "none":
            assert any(KEY.encode() in request.content for request in library.pubmed.requests)
        assert not any(KEY in str(request.url) for request in library.pubmed.requests)
        assert KEY not in repr(library.services.settings)
    said = "".join(answer.text + str(answer.headers) for answer in answers)
    assert KEY not in said
    assert EMAIL not in said
    assert KEY not in caplog.text


async def test_the_question_stays_out_of_our_log_above_debug(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="fedsearch")
    await library.search("thunderstorms")
    await library.get("/search", q="thunderstorms AND")
    library.crossref.answers(500)
    await library.search("thunderstorms OR cat")
    own = [record.getMessage() for record in caplog.records if record.name.startswith("fedsearch")]
    assert len([line for line in own if line.startswith("source=")]) == 6
    assert not any("thunderstorm" in line for line in own)
