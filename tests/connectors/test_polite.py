"""Manners towards sources, on a clock that jumps: pace, retries, breaker, cache, and answers that come whole."""

from __future__ import annotations

import asyncio
import gzip
import logging
import selectors
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from fedsearch import __version__
from fedsearch.connectors import polite
from fedsearch.connectors.base import check_status
from fedsearch.connectors.polite import ATTEMPTS, AnswerCache, Breaker, Network, Pace, Retry, cache_key, journey, polite_client
from fedsearch.errors import SourceBroken, SourceError, SourceSuspended, SourceUnreadable
from fedsearch.settings import BreakerSettings, CacheSettings
from fedsearch.store import Store

pytestmark = pytest.mark.anyio
ADDRESS = "https://api.example.org/works"
KEY = "0123456789abcdef"


class JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing: where the loop would sleep, the clock jumps."""

    now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = JumpingSelector()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": JumpingLoop}


def now() -> float:
    return asyncio.get_running_loop().time()


Told = httpx.Response | Exception


class Source(httpx.AsyncBaseTransport):
    """Stands at the bottom of a stack: says the next of `answers` (the last one for ever), and notes when it was asked."""

    def __init__(self, *answers: Told | Callable[[], Told], takes: float = 0.0) -> None:
        self.answers, self.takes = answers, takes
        self.asked: list[tuple[float, httpx.Request]] = []
        self.running = self.most_running = 0

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.asked]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        told = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((now(), request))
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            await asyncio.sleep(self.takes)
        finally:
            self.running -= 1
        answer = told() if callable(told) else told
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def fault(response: httpx.Response) -> SourceError | None:
    """A source that also complains inside HTTP 200."""
    if b"ERROR" in response.content:
        return SourceBroken("It says that it is broken.")
    try:
        check_status(response, "Example")
    except SourceError as exc:
        return exc
    return None


def ok(body: bytes = b"good", **headers: str) -> httpx.Response:
    return httpx.Response(200, content=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def ask(transport: httpx.AsyncBaseTransport, query: str = "") -> httpx.Response:
    return await transport.handle_async_request(httpx.Request("GET", f"{ADDRESS}?{query}"))


# Pace


def most_in_a_window(times: Sequence[float], window: float) -> int:
    return max(sum(start <= other < start + window - 1e-6 for other in times) for start in times)


@pytest.mark.parametrize(
    ("per_second", "window", "allowed"), [(3.0, 1.0, 3), (10.0, 1.0, 10), (1.0, 1.0, 1), (2.5, 1.0, 2), (0.5, 2.0, 1), (0.34, 1 / 0.34, 1)]
)
@pytest.mark.parametrize("takes", [0.0, 0.4, 1.7])
async def test_no_sliding_second_ever_sees_more_calls_than_allowed(per_second: float, window: float, allowed: int, takes: float) -> None:
    source = Source(ok(), takes=takes)
    pace = Pace(source, per_second, in_flight=8)
    await asyncio.gather(*(ask(pace) for _ in range(23)))
    assert most_in_a_window(source.times, window) <= allowed


@pytest.mark.parametrize("apart", [0.05, 0.21, 0.3, 0.34, 0.6, 0.95])
async def test_calls_that_come_in_threes_keep_the_pace_too(apart: float) -> None:
    source = Source(ok())
    pace = Pace(source, 3, in_flight=99)

    async def later(seconds: float) -> None:
        await asyncio.sleep(seconds)
        await ask(pace)

    await asyncio.gather(*(later(apart * (number // 3)) for number in range(24)))
    assert most_in_a_window(source.times, 1.0) <= 3


async def test_calls_that_come_slowly_do_not_wait() -> None:
    source = Source(ok())
    pace = Pace(source, 3, in_flight=3)
    for _ in range(6):
        await ask(pace)
        await asyncio.sleep(0.4)
    assert source.times == pytest.approx([source.times[0] + 0.4 * n for n in range(6)])


async def test_a_burst_after_a_rest_starts_at_once_and_no_faster_than_allowed() -> None:
    source = Source(ok())
    pace = Pace(source, 3, in_flight=9)
    await asyncio.gather(*(ask(pace) for _ in range(7)))
    first = source.times[0]
    assert source.times == pytest.approx([first] * 3 + [first + 1] * 3 + [first + 2])


async def test_no_more_calls_are_under_way_than_allowed() -> None:
    source = Source(ok(), takes=5)
    await asyncio.gather(*(ask(pace) for pace in [Pace(source, 100, in_flight=3)] for _ in range(10)))
    assert source.most_running == 3


async def test_a_search_that_is_given_up_frees_its_place() -> None:
    source = Source(ok(), takes=50)
    pace = Pace(source, 100, in_flight=2)
    calls = [asyncio.create_task(ask(pace)) for _ in range(6)]
    await asyncio.sleep(1)
    for call in calls[:4]:
        call.cancel()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(one, httpx.Response) for one in done) == 2
    assert (await ask(pace)).status_code == 200


async def test_limit_headers_lower_the_pace_and_never_raise_it() -> None:
    pace = Pace(
        Source(ok(x_rate_limit_limit="1", x_rate_limit_interval="2s"), ok(x_rate_limit_limit="50", x_rate_limit_interval="1s")), 3, 3
    )
    await ask(pace)
    assert pace.per_second == 0.5
    await ask(pace)
    assert pace.per_second == 3


async def test_calls_keep_a_pace_that_was_lowered_on_the_way() -> None:
    source = Source(ok(x_rate_limit_limit="1", x_rate_limit_interval="1s"))
    pace = Pace(source, 10, in_flight=1)
    for _ in range(4):
        await ask(pace)
    assert all(later - earlier >= 1 - 1e-6 for earlier, later in pairwise(source.times))


async def test_a_concurrency_header_lowers_the_calls_under_way_and_never_raises_them() -> None:
    source = Source(ok(x_concurrency_limit="1"), takes=1)
    pace = Pace(source, 100, in_flight=3)
    await ask(pace)
    source.most_running = 0
    await asyncio.gather(*(ask(pace) for _ in range(4)))
    assert source.most_running == 1
    for header in ("99", "0", "many"):
        source.answers = (ok(x_concurrency_limit=header),)
        await ask(pace)
        assert 1 <= pace.in_flight <= 3


# Retry


@pytest.mark.parametrize(
    "passing",
    [httpx.Response(500), httpx.Response(503), httpx.Response(429), ok(b"ERROR"), httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")],
    ids=repr,
)  # fmt: skip
async def test_a_passing_fault_is_tried_again(passing: Told) -> None:
    source = Source(passing, passing, ok())
    assert (await ask(Retry(source, fault))).content == b"good"
    assert len(source.asked) == ATTEMPTS


@pytest.mark.parametrize("lasting", [httpx.Response(400), httpx.Response(403), httpx.Response(404), httpx.Response(301)], ids=repr)
async def test_what_another_try_would_not_mend_is_tried_once(lasting: httpx.Response) -> None:
    source = Source(lasting)
    assert (await ask(Retry(source, fault))).status_code == lasting.status_code
    assert len(source.asked) == 1


@pytest.mark.parametrize("error", [httpx.UnsupportedProtocol("x"), SourceUnreadable("x")])
async def test_an_address_or_a_body_that_cannot_be_is_tried_once(error: Exception) -> None:
    source = Source(error)
    with pytest.raises(type(error)):
        await ask(Retry(source, fault))
    assert len(source.asked) == 1


async def test_the_last_answer_or_fault_is_what_the_caller_sees() -> None:
    assert (await ask(Retry(Source(httpx.Response(503)), fault))).status_code == 503
    with pytest.raises(httpx.ConnectError, match="third"):
        await ask(Retry(Source(httpx.ConnectError("first"), httpx.ConnectError("second"), httpx.ConnectError("third")), fault))


async def test_retry_after_is_waited_for() -> None:
    source = Source(httpx.Response(429, headers={"Retry-After": "7"}), ok())
    with journey(now() + 60):
        await ask(Retry(source, fault))
    assert source.times[1] - source.times[0] >= 7


async def test_nothing_is_tried_again_when_the_deadline_leaves_no_room() -> None:
    for answer in (httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(503, headers={"Retry-After": "30"})):
        source = Source(answer)
        with journey(now() + 5):
            assert (await ask(Retry(source, fault))).status_code == answer.status_code
        assert len(source.asked) == 1
    with journey(now() - 1), pytest.raises(httpx.ConnectError):
        await ask(Retry(source := Source(httpx.ConnectError("x")), fault))
    assert len(source.asked) == 1


async def test_every_retry_keeps_the_pace() -> None:
    source = Source(httpx.Response(500))
    stack = Retry(Pace(source, 2, in_flight=9), fault)
    await asyncio.gather(*(ask(stack) for _ in range(5)))
    assert len(source.asked) == 5 * ATTEMPTS
    assert most_in_a_window(source.times, 1.0) <= 2


# Breaker


def breaker(source: Source, failures: int = 3, open_s: float = 30) -> Breaker:
    return Breaker(source, "Example", fault, BreakerSettings(failures=failures, open_s=open_s))


async def fails(transport: httpx.AsyncBaseTransport) -> bool:
    """Whether a call is refused without being made."""
    try:
        await ask(transport)
    except SourceSuspended:
        return True
    except httpx.ConnectError:
        pass
    return False


@pytest.mark.parametrize("broken", [httpx.ConnectError("x"), httpx.Response(500), httpx.Response(429), ok(b"ERROR")], ids=repr)
async def test_a_source_that_fails_in_a_row_is_left_alone(broken: Told, caplog: pytest.LogCaptureFixture) -> None:
    source = Source(broken)
    stack = breaker(source)
    with caplog.at_level(logging.WARNING):
        assert [await fails(stack) for _ in range(5)] == [False, False, False, True, True]
    assert len(source.asked) == 3
    assert caplog.messages == ["Example failed 3 times in a row; left alone for 30 s"]


async def test_a_suspended_source_says_when_it_is_tried_again() -> None:
    stack = breaker(Source(httpx.Response(500)), failures=1)
    await ask(stack)
    await asyncio.sleep(10)
    with pytest.raises(SourceSuspended, match="failed 1 time") as caught:
        await ask(stack)
    assert caught.value.hint == "It is tried again in 20 s."


async def test_a_good_answer_ends_the_row_and_our_own_faults_do_not_count() -> None:
    broken, refused = httpx.Response(500), httpx.Response(400)
    source = Source(broken, broken, ok(), broken, broken, refused, broken, broken, ok())
    assert not any([await fails(breaker_) for breaker_ in [breaker(source)] for _ in range(9)])


async def test_one_call_tries_a_source_when_the_time_is_over_and_heals_it() -> None:
    source = Source(httpx.Response(500), ok(), takes=1)
    stack = breaker(source, failures=1)
    await ask(stack)
    await asyncio.sleep(30)
    assert sorted(await asyncio.gather(*(fails(stack) for _ in range(4)))) == [False, True, True, True]
    assert not any(await asyncio.gather(*(fails(stack) for _ in range(4))))
    assert len(source.asked) == 6


async def test_a_try_that_fails_leaves_the_source_alone_again() -> None:
    source = Source(httpx.Response(500))
    stack = breaker(source, failures=2)
    assert [await fails(stack) for _ in range(3)] == [False, False, True]
    await asyncio.sleep(31)
    assert [await fails(stack) for _ in range(2)] == [False, True]
    await asyncio.sleep(29)
    assert await fails(stack)
    assert len(source.asked) == 3


async def test_a_call_from_before_the_row_does_not_let_a_second_try_through() -> None:
    source = Source(httpx.Response(500), takes=100)
    stack = breaker(source, failures=1, open_s=1)
    early = asyncio.create_task(ask(stack))
    await asyncio.sleep(0)
    source.takes = 0
    assert not await fails(stack)
    await asyncio.sleep(2)
    source.takes = 20
    trying = asyncio.create_task(fails(stack))
    await asyncio.sleep(1)
    early.cancel()
    await asyncio.gather(early, return_exceptions=True)
    assert await fails(stack)
    assert not await trying
    assert len(source.asked) == 3


async def test_a_try_that_is_given_up_lets_another_one_try() -> None:
    source = Source(httpx.Response(500), ok(), takes=5)
    stack = breaker(source, failures=1)
    await ask(stack)
    await asyncio.sleep(31)
    given_up = asyncio.create_task(ask(stack))
    await asyncio.sleep(1)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert (await ask(stack)).status_code == 200


# Cache


class WallClock:
    """The time of day, for ages of kept answers."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    stopped = WallClock()
    monkeypatch.setattr("time.time", stopped)
    return stopped


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "answers", 10)
    yield opened
    opened.close()


def cached(source: Source, store: Store, fresh_s: float = 60, stale_s: float = 600) -> AnswerCache:
    return AnswerCache(source, fault, store, CacheSettings(fresh_s=fresh_s, stale_s=stale_s))


async def test_a_fresh_answer_is_given_without_asking_again(clock: WallClock, store: Store) -> None:
    source = Source(ok(b"first", content_type="application/json"), ok(b"second"))
    stack = cached(source, store)
    await ask(stack)
    clock.seconds += 59
    with journey(now() + 5) as noted:
        again = await ask(stack)
        await ask(stack)
    assert (again.status_code, again.content, again.headers["content-type"]) == (200, b"first", "application/json")
    assert (noted.stale_s, noted.found_s) == (None, 59)
    clock.seconds += 2
    assert (await ask(stack)).content == b"second"
    assert len(source.asked) == 2


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("x"), httpx.Response(500), httpx.Response(429), ok(b"ERROR"), SourceSuspended("x")], ids=repr
)
async def test_an_older_answer_serves_when_the_source_fails_and_its_age_is_noted(clock: WallClock, store: Store, failure: Told) -> None:
    stack = cached(Source(ok(b"old"), failure), store)
    await ask(stack)
    clock.seconds += 300
    with journey(now() + 5) as noted:
        assert (await ask(stack)).content == b"old"
    assert noted.stale_s == 300


async def test_the_oldest_of_several_answers_is_the_age_that_is_noted(clock: WallClock, store: Store) -> None:
    stack = cached(Source(ok(), ok(), httpx.ConnectError("x")), store)
    await ask(stack, "a=1")
    clock.seconds += 100
    await ask(stack, "a=2")
    clock.seconds += 100
    with journey(now() + 5) as noted:
        for query in ("a=1", "a=2"):
            await ask(stack, query)
    assert noted.stale_s == 200


async def test_an_answer_that_is_too_old_does_not_serve(clock: WallClock, store: Store) -> None:
    stack = cached(Source(ok(), httpx.ConnectError("x")), store)
    await ask(stack)
    clock.seconds += 601
    with pytest.raises(httpx.ConnectError):
        await ask(stack)


async def test_a_failure_without_an_older_answer_is_passed_on(store: Store) -> None:
    assert (await ask(cached(Source(httpx.Response(503)), store))).status_code == 503
    with pytest.raises(httpx.ReadTimeout):
        await ask(cached(Source(httpx.ReadTimeout("x")), store), "other")


@pytest.mark.parametrize(
    "bad", [ok(b"ERROR in HTTP 200"), httpx.Response(500), httpx.Response(404), httpx.Response(301), httpx.Response(429)], ids=repr
)
async def test_only_good_answers_are_kept(store: Store, bad: httpx.Response) -> None:
    source = Source(bad, ok(b"good"))
    stack = cached(source, store)
    await ask(stack)
    assert (await ask(stack)).content == b"good"
    assert len(source.asked) == 2


@pytest.mark.parametrize(("fresh_s", "stale_s", "asked"), [(60, 0, 1), (0, 0, 2), (0, 600, 2)])
async def test_freshness_and_stale_serving_are_switched_off_each_for_itself(
    clock: WallClock, store: Store, fresh_s: float, stale_s: float, asked: int
) -> None:
    source = Source(ok(), ok(), httpx.ConnectError("x"))
    stack = cached(source, store, fresh_s, stale_s)
    await ask(stack)
    await ask(stack)
    assert len(source.asked) == asked


async def test_the_age_of_an_answer_is_that_of_the_first_call_of_a_search(clock: WallClock, store: Store) -> None:
    stack = cached(Source(ok(), ok()), store, 60, 0)
    await ask(stack)
    clock.seconds += 61
    with journey(now() + 5) as noted:
        await ask(stack)
        clock.seconds += 30
        await ask(stack)
    assert noted.found_s == 0


async def test_without_stale_serving_an_expired_answer_never_serves(clock: WallClock, store: Store) -> None:
    stack = cached(Source(ok(), httpx.ConnectError("x")), store, 60, 0)
    await ask(stack)
    clock.seconds += 61
    with pytest.raises(httpx.ConnectError):
        await ask(stack)


async def test_a_damaged_kept_answer_is_asked_for_again(store: Store) -> None:
    source = Source(ok())
    stack = cached(source, store)
    request = httpx.Request("GET", ADDRESS)
    for damaged in (b"", b"no json\nbody", b"[]\nbody", b'{"at": "x", "status": 200, "type": ""}\nbody', b'{"at": 1}\n'):
        await store.set(cache_key(request), damaged, 600)
        assert (await stack.handle_async_request(request)).content == b"good"
    assert len(source.asked) == 5


def key_of(url: str, method: str = "GET", **more: Any) -> str:
    return cache_key(httpx.Request(method, url, **more))


def test_who_asks_does_not_matter_to_the_cache() -> None:
    plain = key_of(f"{ADDRESS}?term=asthma&retmax=20")
    assert plain == key_of(f"{ADDRESS}?retmax=20&api_key={KEY}&term=asthma&email=a%40example.org&tool=fedsearch")
    assert plain == key_of(f"{ADDRESS}?term=asthma&retmax=20&mailto=b%40example.org")
    posted = key_of(ADDRESS, "POST", data={"id": "1,2", "api_key": KEY})
    assert posted == key_of(ADDRESS, "POST", data={"id": "1,2", "email": "a@example.org"})


@pytest.mark.parametrize(
    "other",
    [
        f"{ADDRESS}?term=asthm",
        f"{ADDRESS}?term=asthma&x=",
        f"{ADDRESS}/x?term=asthma",
        "http://api.example.org/works?term=asthma",
        "https://api.example.net/works?term=asthma",
    ],
)
def test_what_is_asked_does_matter(other: str) -> None:
    assert key_of(other) != key_of(f"{ADDRESS}?term=asthma")


def test_the_method_and_the_body_matter() -> None:
    keys = {key_of(ADDRESS), key_of(ADDRESS, "POST"), key_of(ADDRESS, "POST", data={"id": "1"}), key_of(ADDRESS, "POST", data={"id": "2"})}
    assert len(keys) == 4


# Answers come whole


class Chunks(httpx.AsyncByteStream):
    """A body that arrives in pieces, and counts how many were taken."""

    def __init__(self, pieces: Sequence[bytes], fault: Exception | None = None) -> None:
        self.pieces, self.fault = pieces, fault
        self.taken = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece
        if self.fault:
            raise self.fault

    async def aclose(self) -> None:
        self.closed = True


class Streaming(httpx.AsyncBaseTransport):
    def __init__(self, chunks: Chunks, encoding: str | None) -> None:
        self.chunks, self.encoding = chunks, encoding
        self.request: httpx.Request | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.request = request
        return httpx.Response(200, headers={"content-encoding": self.encoding} if self.encoding else {}, stream=self.chunks)


async def received(body: bytes, encoding: str | None, size: int = 100) -> httpx.Response:
    chunks = Chunks([body[at : at + size] for at in range(0, len(body), size)])
    try:
        return await ask(Network(Streaming(chunks, encoding)))
    finally:
        assert chunks.closed


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [(None, bytes), ("identity", bytes), ("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
async def test_a_body_is_decoded_whole(encoding: str | None, packed: Callable[[bytes], bytes]) -> None:
    response = await received(packed(b"words " * 1_000), encoding)
    assert response.content == b"words " * 1_000
    assert "content-encoding" not in response.headers


async def test_only_what_can_be_decoded_is_asked_for() -> None:
    transport = Streaming(Chunks([b"x"]), None)
    await ask(Network(transport))
    assert transport.request is not None
    assert transport.request.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("kept", [0.5, 0.99])
async def test_a_compressed_answer_that_was_cut_off_is_unreadable(kept: float) -> None:
    whole = gzip.compress(bytes(str(list(range(2_000))), "ascii"))
    with pytest.raises(SourceUnreadable, match="cut off"):
        await received(whole[: int(len(whole) * kept)], "gzip")


async def test_a_compressed_answer_of_nothing_is_an_empty_body() -> None:
    assert (await received(b"", "gzip")).content == b""


async def test_damaged_compression_and_unknown_encodings_are_unreadable() -> None:
    with pytest.raises(SourceUnreadable, match="damaged"):
        await received(b"this is not gzip", "gzip")
    with pytest.raises(SourceUnreadable, match="“br”"):
        await received(b"x", "br")


@pytest.mark.parametrize("encoding", ["gzip", None])
async def test_a_bomb_is_stopped_before_it_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch, encoding: str | None) -> None:
    monkeypatch.setattr(polite, "MOST_BYTES", 1 << 20)
    body = gzip.compress(bytes(16 << 20), 1) if encoding else bytes(4 << 20)
    chunks = Chunks([body[at : at + 4_096] for at in range(0, len(body), 4_096)])
    with pytest.raises(SourceUnreadable, match="larger than 1 MiB"):
        await ask(Network(Streaming(chunks, encoding)))
    assert chunks.closed
    assert chunks.taken < len(chunks.pieces) / 2


async def test_a_bomb_in_one_piece_never_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "MOST_BYTES", 1 << 20)
    bomb = gzip.compress(bytes(32 << 20), 9)
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnreadable, match="larger than 1 MiB"):
            await ask(Network(Streaming(Chunks([bomb]), "gzip")))
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


async def test_an_answer_as_large_as_allowed_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "MOST_BYTES", 1 << 16)
    for encoding, packed in (("gzip", gzip.compress), ("identity", bytes)):
        assert len((await received(packed(bytes(1 << 16)), encoding)).content) == 1 << 16


async def test_a_connection_that_breaks_inside_a_body_is_a_passing_fault() -> None:
    transport = Streaming(Chunks([b"half"], httpx.ReadError("reset")), None)
    with pytest.raises(httpx.ReadError):
        await ask(Network(transport))
    assert transport.chunks.closed


# The whole stack


def client(source: httpx.AsyncBaseTransport, store: Store | None = None, failures: int = 2) -> httpx.AsyncClient:
    return polite_client(
        "Example",
        "https://api.example.org/e",
        per_second=100,
        in_flight=3,
        fault=fault,
        breaker=BreakerSettings(failures=failures, open_s=30),
        cache=CacheSettings(fresh_s=60, stale_s=600),
        store=store,
        mailto="library@example.org",
        network=source,
    )


async def test_a_client_names_us_and_our_address_and_follows_no_redirect() -> None:
    source = Source(httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))
    async with client(source) as http:
        response = await http.get("search.fcgi", params={"term": "x"})
    assert response.status_code == 302
    ((_, request),) = source.asked
    assert str(request.url) == "https://api.example.org/e/search.fcgi?term=x"
    assert request.headers["user-agent"] == f"fedsearch/{__version__} (mailto:library@example.org)"


async def test_an_older_answer_serves_while_the_source_is_left_alone(clock: WallClock, store: Store) -> None:
    source = Source(ok(b"old"), httpx.ConnectError("x"))
    async with client(source, store, failures=1) as http:
        await http.get("a")
        clock.seconds += 100
        for _ in range(3):
            with journey(now() + 100) as noted:
                assert (await http.get("a")).content == b"old"
            assert noted.stale_s == 100
    assert len(source.asked) == 1 + ATTEMPTS


async def test_a_key_stands_in_no_file_of_the_cache_and_in_no_log_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "answers"
    store = Store(folder, 10)
    source = Source(ok(b"x" * 400_000), httpx.Response(500))
    told = []
    with caplog.at_level(logging.DEBUG, "fedsearch"):
        async with client(source, store) as http:
            for term in ("asthma", "statins", "gout", "sepsis"):
                try:
                    await http.get("a", params={"term": term, "api_key": KEY, "email": "library@example.org"})
                except SourceSuspended as exc:
                    told.append(exc.detail)
    store.close()
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert KEY not in file.name
        assert KEY.encode() not in file.read_bytes()
        assert b"asthma" not in file.read_bytes()
    assert told
    assert KEY not in caplog.text + "".join(told)


async def test_two_searches_with_other_keys_share_an_answer(store: Store) -> None:
    source = Source(ok())
    async with client(source, store) as http:
        for key in ("one", "two"):
            await http.get("a", params={"term": "x", "api_key": key})
    assert len(source.asked) == 1


async def test_a_fault_is_judged_once_for_the_whole_stack(store: Store) -> None:
    judged: list[httpx.Response] = []

    def counting(response: httpx.Response) -> SourceError | None:
        judged.append(response)
        return None

    http = polite_client(
        "Example",
        ADDRESS,
        per_second=10,
        in_flight=1,
        fault=counting,
        breaker=BreakerSettings(),
        cache=CacheSettings(),
        store=store,
        network=Source(ok()),
    )
    async with http:
        await http.get("a")
    assert len(judged) == 1


async def test_near_the_deadline_an_older_answer_serves_and_the_late_one_is_kept(clock: WallClock, store: Store) -> None:
    source = Source(ok(b"old"), ok(b"new"), takes=5.0)
    stack = cached(source, store)
    await ask(stack)
    clock.seconds += 61
    with journey(now() + 1) as noted:
        started = now()
        assert (await ask(stack)).content == b"old"
        assert now() - started < 1
    assert noted.stale_s == 61
    await asyncio.sleep(6)
    assert (await ask(stack)).content == b"new"
    assert len(source.asked) == 2
