"""Manners towards sources: httpx transports stacked under a connector's client.

    cache -> breaker -> retry -> pace -> network

A cached answer costs nothing and every retry keeps the pace. A connector knows nothing of any of them; what they
notice on the way (an older answer had to serve) is noted in the Journey of the search that is under way.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
import urllib.request
import zlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import tenacity

from fedsearch import __version__
from fedsearch.connectors.base import retry_after
from fedsearch.errors import SourceBroken, SourceError, SourceSuspended, SourceThrottled, SourceUnreadable
from fedsearch.settings import BreakerSettings, CacheSettings
from fedsearch.store import Store

log = logging.getLogger(__name__)

MOST_BYTES = 32 * 1024 * 1024
"""A decoded answer may be this large: 200 PubMed records with long abstracts and references stay under 10 MiB."""
ATTEMPTS = 3
NEAR_S = 0.3
"""This long before the deadline an older answer serves: reading 200 records and merging them takes less."""
TIMEOUT = httpx.Timeout(20.0, connect=5.0, pool=20.0)
_SECRETS = frozenset({"api_key", "email", "mailto", "tool"})

Fault = Callable[[httpx.Response], SourceError | None]
"""What a source's own answer says is wrong: errors also hide inside HTTP 200."""


@dataclass(slots=True)
class Journey:
    """One source's part of one search: when it must end (loop time), the age of an older answer that had to serve, and the age
    of the first answer, which is the one that found the records."""

    deadline: float
    stale_s: int | None = None
    found_s: float | None = None


_journey: ContextVar[Journey | None] = ContextVar("journey", default=None)


@contextmanager
def journey(deadline: float) -> Iterator[Journey]:
    """Note what the transports notice while one connector searches."""
    noted = Journey(deadline)
    token = _journey.set(noted)
    try:
        yield noted
    finally:
        _journey.reset(token)


class Network(httpx.AsyncBaseTransport):
    """The real transport, whose answers come whole: read, decompressed and bounded."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["Accept-Encoding"] = "gzip"
        response = await self.inner.handle_async_request(request)
        if response.is_closed:
            return response  # a stand-in's answer is whole already
        try:
            body = await _whole(response)
        finally:
            await response.aclose()
        headers = [
            (k, v) for k, v in response.headers.multi_items() if k not in ("content-encoding", "content-length", "transfer-encoding")
        ]
        return httpx.Response(response.status_code, headers=headers, content=body, request=request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def _whole(response: httpx.Response) -> bytes:
    """The decoded body. A bomb is stopped at MOST_BYTES, since never more than that is ever decompressed."""
    encoding = response.headers.get("content-encoding", "identity").lower()
    body = bytearray()
    if encoding in ("gzip", "deflate", "x-gzip"):
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
        empty = True
        async for chunk in response.aiter_raw():
            empty = empty and not chunk
            try:
                body += decoder.decompress(chunk, MOST_BYTES + 1 - len(body))
            except zlib.error as exc:
                raise SourceUnreadable("An answer's compression is damaged.", "It may be cut off; try again.") from exc
            _bounded(body)
        if not (decoder.eof or empty):
            raise SourceUnreadable("A compressed answer was cut off.", "Try again.")
    elif encoding == "identity":
        async for chunk in response.aiter_raw():
            body += chunk
            _bounded(body)
    else:
        raise SourceUnreadable(f"An answer came in the encoding “{encoding[:20]}”, which was not asked for.", "")
    return bytes(body)


def _bounded(body: bytearray) -> None:
    if len(body) > MOST_BYTES:
        raise SourceUnreadable(f"An answer is larger than {MOST_BYTES // 1_048_576} MiB.", "Ask for fewer records.")


class Pace(httpx.AsyncBaseTransport):
    """At most `per_second` calls in any sliding second and `in_flight` at a time; limit headers can lower both.

    Headers: x-rate-limit-limit, x-rate-limit-interval ("1s") and x-concurrency-limit, as Crossref sends them.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, per_second: float, in_flight: int) -> None:
        self.inner = inner
        self.per_second = self._asked_per_second = per_second
        self.in_flight = self._asked_in_flight = in_flight
        self._running = 0
        self._freed = asyncio.Event()
        self._starts: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self._place():
            async with self._turn:
                await self._wait_for_turn()
            response = await self.inner.handle_async_request(request)
        self._learn(response.headers)
        return response

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        while self._running >= self.in_flight:
            self._freed.clear()
            await self._freed.wait()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._freed.set()

    async def _wait_for_turn(self) -> None:
        window, allowed = (1.0, int(self.per_second)) if self.per_second >= 1 else (1.0 / self.per_second, 1)
        loop = asyncio.get_running_loop()
        while self._starts and loop.time() - self._starts[0] >= window:
            self._starts.popleft()
        while len(self._starts) >= allowed:
            await asyncio.sleep(max(0.0, self._starts[0] + window - loop.time()))
            while self._starts and loop.time() - self._starts[0] >= window:
                self._starts.popleft()
        self._starts.append(loop.time())

    def _learn(self, headers: httpx.Headers) -> None:
        limit, interval = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-interval", "1s").rstrip("s")
        if limit.isdigit() and interval.isdigit() and int(interval):
            self.per_second = min(self._asked_per_second, max(int(limit), 1) / int(interval))
        concurrency = headers.get("x-concurrency-limit", "")
        if concurrency.isdigit():
            self.in_flight = min(self._asked_in_flight, max(int(concurrency), 1))

    async def aclose(self) -> None:
        await self.inner.aclose()


class Retry(httpx.AsyncBaseTransport):
    """Tries again what can be repeated, while the deadline leaves room: connection faults, 429 and 5xx. Retry-After is obeyed."""

    def __init__(self, inner: httpx.AsyncBaseTransport, fault: Fault) -> None:
        self.inner = inner
        self.fault = fault

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        retrying = tenacity.AsyncRetrying(
            stop=_no_room_left,
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_PASSING)
            | tenacity.retry_if_result(lambda response: isinstance(self.fault(response), SourceBroken | SourceThrottled)),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        response: httpx.Response = await retrying(self.inner.handle_async_request, request)
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


# Faults of the way there, which may be gone the next time; an address that cannot be asked at all stays so.
_PASSING = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)
_backoff = tenacity.wait_random_exponential(multiplier=0.2, max=2.0)


def _wait(state: tenacity.RetryCallState) -> float:
    after = retry_after(state.outcome.result()) if state.outcome and not state.outcome.failed else None
    return max(after or 0.0, _backoff(state))


def _no_room_left(state: tenacity.RetryCallState) -> bool:
    if state.attempt_number >= ATTEMPTS:
        return True
    noted = _journey.get()
    return noted is not None and asyncio.get_running_loop().time() + state.upcoming_sleep >= noted.deadline


class Breaker(httpx.AsyncBaseTransport):
    """Leaves a source alone after failures in a row; when the time is over one call may try it."""

    def __init__(self, inner: httpx.AsyncBaseTransport, name: str, fault: Fault, settings: BreakerSettings) -> None:
        self.inner, self.name, self.fault, self.settings = inner, name, fault, settings
        self._failures = 0
        self._opened_at = 0.0
        self._probing = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = asyncio.get_running_loop().time()
        if self._failures >= self.settings.failures:
            left = self._opened_at + self.settings.open_s - now
            if left > 0 or self._probing:
                raise SourceSuspended(
                    f"{self.name} failed {self._failures} times in a row and is left alone for now.",
                    f"It is tried again in {max(1, round(left))} s.",
                )
        probe = self._failures >= self.settings.failures
        self._probing = self._probing or probe
        try:
            response = await self.inner.handle_async_request(request)
        except (httpx.TransportError, SourceError):
            self._failed()
            raise
        finally:
            self._probing = self._probing and not probe
        if isinstance(self.fault(response), SourceBroken | SourceThrottled):
            self._failed()
        else:
            self._failures = 0
        return response

    def _failed(self) -> None:
        self._failures += 1
        self._opened_at = asyncio.get_running_loop().time()
        if self._failures == self.settings.failures:
            log.warning("%s failed %d times in a row; left alone for %.0f s", self.name, self._failures, self.settings.open_s)

    async def aclose(self) -> None:
        await self.inner.aclose()


class AnswerCache(httpx.AsyncBaseTransport):
    """Good answers kept on disk: fresh ones spare the call, older ones serve when the call fails, and say so."""

    def __init__(self, inner: httpx.AsyncBaseTransport, fault: Fault, store: Store, settings: CacheSettings) -> None:
        self.inner, self.fault, self.store, self.settings = inner, fault, store, settings
        self._late: set[asyncio.Task[httpx.Response]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = cache_key(request)
        kept = _unpacked(await self.store.get(key), request)
        if kept and kept[1] < self.settings.fresh_s:
            _note_age(kept[1])
            return kept[0]
        if kept is None or kept[1] >= self.settings.stale_s:
            return await self._asked(key, request, None)
        call = asyncio.create_task(self._asked(key, request, kept))
        try:
            await asyncio.wait({call}, timeout=_time_left())
        except asyncio.CancelledError:
            call.cancel()
            raise
        if call.done():
            return call.result()
        self._late.add(call)  # the deadline is near: the older answer serves, and the call goes on to warm the cache
        call.add_done_callback(self._late_is_over)
        _note_age(kept[1])
        return _served_stale(*kept)

    def _late_is_over(self, call: asyncio.Task[httpx.Response]) -> None:
        self._late.discard(call)
        if not call.cancelled() and (exc := call.exception()):
            log.info("a late call failed: %s", type(exc).__name__)

    async def _asked(self, key: str, request: httpx.Request, kept: tuple[httpx.Response, float] | None) -> httpx.Response:
        """The source's own answer, kept if it is good; the older one where it fails."""
        try:
            response = await self.inner.handle_async_request(request)
            wrong = response.status_code >= 300 or self.fault(response) is not None
        except (httpx.TransportError, SourceError):
            if kept is None:
                raise
            _note_age(kept[1])
            return _served_stale(*kept)
        _note_age(0.0 if not wrong or kept is None else kept[1])
        if not wrong:
            self.store.set_soon(key, _packed(response), max(self.settings.fresh_s, self.settings.stale_s))
        elif kept:
            return _served_stale(*kept)
        return response

    async def aclose(self) -> None:
        for call in self._late:
            call.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        await self.store.settle()
        await self.inner.aclose()


def cache_key(request: httpx.Request) -> str:
    """A digest of what is asked: neither the question nor a key can be read from it, and who asks does not matter."""
    url = request.url
    asked = parse_qsl(url.query.decode(), keep_blank_values=True) + parse_qsl(
        request.content.decode("utf-8", "replace"), keep_blank_values=True
    )
    plain = urlencode(sorted((name, value) for name, value in asked if name not in _SECRETS))
    return hashlib.blake2b(
        f"1 {request.method} {url.scheme}://{url.netloc.decode()}{url.path}?{plain}".encode(), digest_size=20
    ).hexdigest()


def _packed(response: httpx.Response) -> bytes:
    about = {"at": time.time(), "status": response.status_code, "type": response.headers.get("content-type", "")}
    return json.dumps(about).encode() + b"\n" + response.content


def _unpacked(kept: bytes | None, request: httpx.Request) -> tuple[httpx.Response, float] | None:
    """The kept response and its age in seconds."""
    if kept is None:
        return None
    head, _, body = kept.partition(b"\n")
    try:
        about = json.loads(head)
        response = httpx.Response(about["status"], headers={"content-type": about["type"]}, content=body, request=request)
        return response, max(0.0, time.time() - about["at"])
    except (ValueError, KeyError, TypeError):
        return None


def _time_left() -> float | None:
    """Seconds until an older answer has to serve, so that what follows it is still done by the deadline."""
    noted = _journey.get()
    return max(0.0, noted.deadline - asyncio.get_running_loop().time() - NEAR_S) if noted else None


def _note_age(seconds: float) -> None:
    noted = _journey.get()
    if noted and noted.found_s is None:
        noted.found_s = seconds


def _served_stale(response: httpx.Response, age: float) -> httpx.Response:
    if noted := _journey.get():
        noted.stale_s = max(noted.stale_s or 0, int(age))
    return response


def polite_client(
    name: str,
    base_url: str,
    *,
    per_second: float,
    in_flight: int,
    workers: int = 1,
    fault: Fault,
    breaker: BreakerSettings,
    cache: CacheSettings,
    store: Store | None,
    mailto: str = "",
    network: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """A client for one source with all its manners; redirects are not followed. Each of several `workers` keeps to its
    share of the pace. `network` stands in for the real one in tests."""
    fault = _asked_once(fault)
    stack: httpx.AsyncBaseTransport = Network(
        network or httpx.AsyncHTTPTransport(limits=httpx.Limits(keepalive_expiry=5.0), proxy=_proxy(base_url))
    )
    stack = Breaker(Retry(Pace(stack, per_second / workers, max(1, in_flight // workers)), fault), name, fault, breaker)
    if store is not None:
        stack = AnswerCache(stack, fault, store, cache)
    agent = f"fedsearch/{__version__}" + (f" (mailto:{mailto})" if mailto else "")
    base = base_url if base_url.endswith("/") else f"{base_url}/"
    return httpx.AsyncClient(base_url=base, transport=stack, timeout=TIMEOUT, headers={"User-Agent": agent})


def _asked_once(fault: Fault) -> Fault:
    """The same, remembering its verdict with the answer, since every transport of the stack asks."""

    def remembered(response: httpx.Response) -> SourceError | None:
        if "fault" not in response.extensions:
            response.extensions["fault"] = fault(response)
        verdict: SourceError | None = response.extensions["fault"]
        return verdict

    return remembered


def _proxy(base_url: str) -> str | None:
    """The proxy that the environment names for an address, as for other programs (HTTPS_PROXY, NO_PROXY)."""
    parts = urlsplit(base_url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)
