"""What every connector does, whatever its source: these claims run over all of fedsearch.connectors.CONNECTORS.

A new source joins with its payloads under tests/payloads/<source>/: an answer, an empty answer and garbage, by those names.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from fedsearch import settings
from fedsearch.catalogue import SqliteCatalogue, load_files
from fedsearch.connectors import CONNECTORS, Rim, polite
from fedsearch.connectors.base import Connector, as_source_error
from fedsearch.errors import CatalogueError, SourceBroken, SourceError, SourceThrottled, SourceTimeout, SourceUnreadable, UnsupportedQuery
from fedsearch.model import Page, SourceId, Strategy
from fedsearch.query import Limits, parse
from tests.library import KEY, PAYLOADS, Network, environment

pytestmark = pytest.mark.anyio

SOURCES = tuple(CONNECTORS)
OVER_HTTP = tuple(source for source in SOURCES if source != "catalogue")
# Where a source answers different calls in different formats, the payload's ending by the end of the call's address.
ENDINGS = {"efetch.fcgi": ".xml", "esearch.fcgi": ".json"}
ERRORS_INSIDE = {"pubmed": "backend_failed.json", "crossref": "exception.json"}
QUESTIONS = (
    "asthma",
    "آسم کودکان",
    '("heart failure" OR statin*) NOT rats[mh:noexp]',
    "smith ja[au] AND lancet[ta] AND 2019:2024[dp]",
    "10.1056/nejmoa1409077",
    "25176015",
    '"hip pain"[tiab:~2]',
    "asthma[su] AND WF 553[cn]",
    "n-3 fatty acids' (fish-oil)",
)


@pytest.fixture(autouse=True)
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "ATTEMPTS", 1)


def payload(source: str, name: str, request: httpx.Request | None = None) -> Path:
    """The payload of a name, in the format of the call."""
    ending = next((ending for end, ending in ENDINGS.items() if request and request.url.path.endswith(end)), "")
    found = sorted(path for path in (PAYLOADS / source).glob(f"{name}*") if path.stem == name and path.name.endswith(ending))
    found = found or sorted((PAYLOADS / source).glob(f"{name}.*"))
    assert found, f"tests/payloads/{source}/ has no {name}"
    return found[0]


class Stored(httpx.AsyncBaseTransport):
    """A source that answers with stored payloads, and notes what it was asked."""

    def __init__(self, source: str, name: str, change: Callable[[bytes], bytes] = bytes) -> None:
        self.source, self.name, self.change = source, name, change
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        body = self.change(payload(self.source, self.name, request).read_bytes())
        return httpx.Response(200, stream=httpx.ByteStream(body), request=request)


def catalogue_of(name: str, path: Path) -> SqliteCatalogue:
    """The catalogue's counterpart of a stored answer: a real file, loaded with the payload, or spoilt once it was opened."""
    catalogue = SqliteCatalogue(path)
    if name == "garbage":
        with closing(sqlite3.connect(path)) as spoiling:
            spoiling.execute("DROP TABLE records")
    else:
        load_files(catalogue, [payload("catalogue", name)])
    return catalogue


@asynccontextmanager
async def connected(
    source: SourceId, folder: Path, name: str = "answer", network: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Connector]:
    """The source's connector as the service opens it, over stored payloads or a network of the test's own."""
    own = settings.load(environment(folder, folder / "catalogue.sqlite", FEDSEARCH_SOURCES__PUBMED__API_KEY=KEY))
    catalogue = catalogue_of(name if source == "catalogue" else "empty", folder / "catalogue.sqlite")
    async with AsyncExitStack() as stack:
        stack.callback(catalogue.close)
        yield await CONNECTORS[source].open(Rim(own, None, catalogue, stack, {source: network or Stored(source, name)}))


async def page_of(connector: Connector, text: str = "asthma", limit: int = 50) -> Page:
    return await connector.search(connector.translate(parse(text)), limit)


async def failure_of(connector: Connector) -> SourceError:
    """What a search of this connector fails with, as the walk would tell it."""
    with pytest.raises((SourceError, httpx.HTTPError, TimeoutError)) as raised:
        await page_of(connector)
    return as_source_error(raised.value, connector.source.name)


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest) -> SourceId:
    return SourceId(request.param)


@pytest.fixture(params=OVER_HTTP)
def remote(request: pytest.FixtureRequest) -> SourceId:
    return SourceId(request.param)


async def test_a_connector_goes_by_the_id_it_is_registered_under(source: SourceId, tmp_path: Path) -> None:
    async with connected(source, tmp_path) as connector:
        assert connector.source == CONNECTORS[source].source
        assert connector.source.id == source
        assert connector.source.name
        assert connector.source.capabilities.most_records >= 200


async def test_every_question_is_translated_always_alike_or_refused_in_words(source: SourceId, tmp_path: Path) -> None:
    async with connected(source, tmp_path) as connector:
        for text in QUESTIONS:
            for limits in (Limits(), Limits(2001, 2020), Limits(types=("book",)), Limits(languages=("fa",))):
                query = parse(text, limits)
                strategies: list[Strategy | str] = []
                for _ in range(2):
                    try:
                        strategies.append(connector.translate(query))
                    except UnsupportedQuery as exc:
                        strategies.append(exc.detail)
                first, second = strategies
                assert first == second
                assert first, text
                if isinstance(first, Strategy):
                    assert first.text or first.parameters
                    assert all(loss.endswith((".", "”")) for loss in first.losses)


async def test_translating_asks_nobody(remote: SourceId, tmp_path: Path) -> None:
    network = Stored(remote, "answer")
    async with connected(remote, tmp_path, network=network) as connector:
        connector.translate(parse("asthma"))
    assert network.requests == []


async def test_an_answer_is_a_page_of_records_ranked_from_one(source: SourceId, tmp_path: Path) -> None:
    async with connected(source, tmp_path) as connector:
        page = await page_of(connector)
    assert page.source == source
    assert len(page.hits) >= 2
    assert [hit.rank for hit in page.hits] == list(range(1, len(page.hits) + 1))
    assert {hit.record.source for hit in page.hits} == {source}
    assert len({hit.record.key for hit in page.hits}) == len(page.hits)
    assert all(hit.record.id and hit.record.title for hit in page.hits)
    assert page.total is not None
    assert page.total >= len(page.hits)


async def test_a_page_carries_the_strategy_it_was_asked_with(source: SourceId, tmp_path: Path) -> None:
    async with connected(source, tmp_path) as connector:
        strategy = connector.translate(parse("asthma NOT cat"))
        page = await connector.search(strategy, 50)
    assert (page.strategy.text, page.strategy.parameters, page.strategy.losses) == (strategy.text, strategy.parameters, strategy.losses)


async def test_nothing_found_is_a_page_without_hits_and_a_total_of_zero(source: SourceId, tmp_path: Path) -> None:
    async with connected(source, tmp_path, "empty") as connector:
        page = await page_of(connector)
    assert (page.hits, page.total, page.unreadable, page.untitled) == ((), 0, 0, 0)


async def test_garbage_is_an_error_that_names_the_source_and_repeats_nothing(
    source: SourceId, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="fedsearch")
    async with connected(source, tmp_path, "garbage") as connector:
        error = await failure_of(connector)
    assert isinstance(error, SourceUnreadable | SourceBroken)
    assert connector.source.name.split()[-1].lower() in str(error).lower()
    garbage = payload(str(source), "garbage").read_text(encoding="utf-8")
    assert garbage[:30] not in error.detail + caplog.text


async def test_half_an_answer_is_an_error_and_not_half_a_page(remote: SourceId, tmp_path: Path) -> None:
    async with connected(remote, tmp_path, network=Stored(remote, "answer", lambda body: body[: len(body) // 2])) as connector:
        assert isinstance(await failure_of(connector), SourceUnreadable)


async def test_an_error_inside_an_answer_that_looks_good_is_an_error(remote: SourceId, tmp_path: Path) -> None:
    network = Stored(remote, Path(ERRORS_INSIDE[remote]).stem)
    async with connected(remote, tmp_path, network=network) as connector:
        error = await failure_of(connector)
    assert isinstance(error, SourceBroken)
    assert error.hint


async def test_being_asked_too_often_is_told_apart_with_the_time_to_wait(remote: SourceId, tmp_path: Path) -> None:
    network = Network(Stored(remote, "answer"))
    network.answers(429, "<html>Too many</html>", **{"Retry-After": "7"})
    async with connected(remote, tmp_path, network=network) as connector:
        error = await failure_of(connector)
    assert isinstance(error, SourceThrottled)
    assert (error.status, error.retry_after) == ("throttled", 7.0)


@pytest.mark.parametrize(
    ("status", "kind"), [(301, "SourceRejected"), (403, "SourceDenied"), (404, "SourceRejected"), (502, "SourceBroken")]
)
async def test_a_status_says_what_somebody_should_do_next(remote: SourceId, tmp_path: Path, status: int, kind: str) -> None:
    network = Network(Stored(remote, "answer"))
    network.answers(status, f"<html>{KEY}</html>", Location="http://elsewhere.example/")
    async with connected(remote, tmp_path, network=network) as connector:
        error = await failure_of(connector)
    assert type(error).__name__ == kind
    assert KEY not in error.detail
    assert {request.url.host for request in network.requests} == {"sandbox"}


@pytest.mark.parametrize("raised", [httpx.ReadTimeout("slow"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("slow")])
async def test_a_late_source_is_late_and_not_broken(remote: SourceId, tmp_path: Path, raised: Exception) -> None:
    network = Network(Stored(remote, "answer"))
    network.fails(raised)
    async with connected(remote, tmp_path, network=network) as connector:
        assert isinstance(await failure_of(connector), SourceTimeout)


async def test_a_search_that_is_given_up_lets_go_of_its_call(remote: SourceId, tmp_path: Path) -> None:
    network = Network(Stored(remote, "answer"))
    let_go = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            let_go.set()

    network.waits_for(forever)
    async with connected(remote, tmp_path, network=network) as connector:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await page_of(connector)
        assert let_go.is_set()
        network.says = None
        assert (await page_of(connector)).hits


async def test_a_deep_and_a_strange_answer_are_errors_and_not_bugs(remote: SourceId, tmp_path: Path) -> None:
    strange = (b"[" * 100_000, b"{" * 50, b"\x00" * 1_000, b"null", b"7", b'""', b"<a>" * 5_000, '{"message":7}'.encode("utf-16"), b" ")
    for number, body in enumerate(strange):
        network = Network(Stored(remote, "answer"))
        network.answers(200, body)
        (folder := tmp_path / str(number)).mkdir()
        async with connected(remote, folder, network=network) as connector:
            assert isinstance(await failure_of(connector), SourceUnreadable | SourceBroken), body[:20]


def test_a_file_that_is_no_catalogue_is_refused_when_the_service_starts(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    shutil.copyfile(payload("catalogue", "garbage"), path)
    with pytest.raises(CatalogueError, match=str(path.name)):
        SqliteCatalogue(path)


def sources_with_payloads() -> Iterator[str]:
    for source in SOURCES:
        yield from (f"{source}/{name}" for name in ("answer", "empty", "garbage") if not list((PAYLOADS / source).glob(f"{name}.*")))


def test_every_source_has_its_three_payloads() -> None:
    assert list(sources_with_payloads()) == []
