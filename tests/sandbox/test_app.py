"""The sandbox says what it is, and is as slow, as strict and as broken as it was told to be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from fedsearch.connectors.crossref import Crossref
from fedsearch.connectors.pubmed import PubMed
from fedsearch.errors import SettingsError
from fedsearch.query import parse
from fedsearch.sandbox import HEADER, NOTICE, Sandbox, create_sandbox

Ask = Callable[..., httpx.Response]
MakeAsk = Callable[..., Ask]
SEARCH = "/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&term=insulin"
WORKS = "/crossref/works?query=insulin"


@pytest.mark.parametrize("path", ["/", SEARCH, WORKS, "/crossref/works/10.5555/nothing", "/nothing"])
def test_every_answer_says_that_it_is_a_stand_in(ask: Ask, path: str) -> None:
    assert ask(path).headers[HEADER] == NOTICE


def test_the_page_says_what_this_is_and_what_it_holds(ask: Ask) -> None:
    page = ask("/").text
    assert "It is not PubMed and not Crossref." in page
    assert "9 records in PubMed’s notation and 9 works in Crossref’s" in page
    assert "recorded answers that were given" in page


def test_every_example_on_the_page_works(ask: Ask) -> None:
    for piece in ask("/").text.split('href="')[1:]:
        assert ask(piece.split('"')[0].replace("&amp;", "&")).status_code == 200


def test_a_source_that_is_down_answers_503_and_the_other_goes_on(recorded: tuple[Path, Path], make_ask: MakeAsk) -> None:
    ask = make_ask(create_sandbox([recorded[0]], [recorded[1]], down=("pubmed",)))
    assert (ask(SEARCH).status_code, ask(WORKS).status_code) == (503, 200)
    assert ask("/sandbox/down?source=crossref", "POST").json() == {"down": ["crossref"]}
    assert (ask(SEARCH).status_code, ask(WORKS).status_code) == (200, 503)
    assert ask("/sandbox/down?source=none", "POST").json() == {"down": []}
    assert (ask(SEARCH).status_code, ask(WORKS).status_code) == (200, 200)


@pytest.mark.parametrize("source", ["", "google"])
def test_only_known_sources_can_be_taken_down(ask: Ask, source: str) -> None:
    assert ask(f"/sandbox/down?source={source}", "POST").status_code == 400


def test_only_this_machine_takes_sources_down(sandbox: Sandbox, make_ask: MakeAsk) -> None:
    assert make_ask(sandbox, host="192.0.2.7")("/sandbox/down?source=pubmed", "POST").status_code == 403
    assert sandbox.down == set()


def test_pubmed_s_limit_is_three_a_second_and_ten_with_a_key(recorded: tuple[Path, Path], make_ask: MakeAsk) -> None:
    now = [0.0]
    ask = make_ask(create_sandbox([recorded[0]], [recorded[1]], limits=True, clock=lambda: now[0]))
    answers = [ask(SEARCH) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["x-ratelimit-remaining"] == "2"
    assert answers[3].json() == {"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"}
    keyed = [ask("/entrez/eutils/esearch.fcgi", "POST", data={"db": "pubmed", "term": "x", "api_key": "k"}) for _ in range(11)]
    assert [answer.status_code for answer in keyed] == [200] * 10 + [429]
    now[0] = 1.0
    assert ask(SEARCH).status_code == 200


@pytest.mark.parametrize(("mailto", "pool", "rate"), [("", "public-array", 1), ("&mailto=library@example.org", "polite-array", 3)])
def test_crossref_says_its_limits_and_keeps_them(recorded: tuple[Path, Path], make_ask: MakeAsk, mailto: str, pool: str, rate: int) -> None:
    ask = make_ask(create_sandbox([recorded[0]], [recorded[1]], limits=True, clock=lambda: 0.0))
    answers = [ask(WORKS + mailto) for _ in range(rate + 1)]
    assert [answer.status_code for answer in answers] == [200] * rate + [429]
    headers = answers[-1].headers
    assert (headers["x-api-pool"], headers["x-rate-limit-limit"], headers["x-rate-limit-interval"]) == (pool, str(rate), "1s")


def test_crossref_refuses_more_calls_at_once_than_it_allows(recorded: tuple[Path, Path]) -> None:
    app = create_sandbox([recorded[0]], [recorded[1]], limits=True, latency_ms=1, clock=iter(range(100)).__next__)

    async def both() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sandbox") as client:
            return sorted(answer.status_code for answer in await asyncio.gather(client.get(WORKS), client.get(WORKS)))

    assert asyncio.run(both()) == [200, 429]


def test_without_limits_nothing_is_refused_and_the_headers_hold_nobody_back(ask: Ask) -> None:
    assert {ask(SEARCH).status_code for _ in range(12)} == {200}
    headers = ask(WORKS).headers
    assert int(headers["x-rate-limit-limit"]) >= 1_000
    assert int(headers["x-concurrency-limit"]) >= 1_000


def test_every_answer_of_a_source_takes_the_latency(
    recorded: tuple[Path, Path], make_ask: MakeAsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def noted(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("fedsearch.sandbox.front.asyncio.sleep", noted)
    ask = make_ask(create_sandbox([recorded[0]], [recorded[1]], latency_ms=30, down=("crossref",)))
    assert [ask(path).status_code for path in (SEARCH, WORKS)] == [200, 503]
    assert waited == [0.03, 0.03]


@pytest.mark.parametrize(
    "make",
    [
        lambda: create_sandbox(down=("google",)),
        lambda: create_sandbox([Path("nowhere") / "pubmed.xml"]),
        lambda: create_sandbox(latency_ms=-1),
    ],
)
def test_a_sandbox_that_cannot_be_is_refused_with_a_word(make: Callable[[], Sandbox]) -> None:
    with pytest.raises(SettingsError):
        make()


def test_the_report_says_how_the_files_fared(sandbox: Sandbox, recorded: tuple[Path, Path]) -> None:
    assert f"{recorded[0]}: 9 records served" in sandbox.report
    assert "Crossref stand-in: 9 works" in sandbox.report


def test_our_own_connectors_search_it(sandbox: Sandbox) -> None:
    async def titles() -> list[list[str]]:
        found = []
        for path, connect in (("/entrez/eutils/", lambda http: PubMed(http, "fedsearch")), ("/crossref/", Crossref)):
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox), base_url=f"http://sandbox{path}") as http:
                connector = connect(http)
                page = await connector.search(connector.translate(parse("insulin night")), 10)
                assert page.unreadable == page.untitled == 0
                found.append([hit.record.title for hit in page.hits])
        return found

    assert asyncio.run(titles()) == [["Insulin at night"], ["Insulin at night", "Insulin by day"]]
