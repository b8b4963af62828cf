"""How often each source lets itself be asked: headers that say so, and refusals where the limits are enforced."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from starlette.responses import Response

_MOST_CLIENTS = 1_000
_NO_LIMIT = 1_000
"""What is announced where nothing is enforced: a client that obeys the headers is then not held back by them."""
_TOO_MANY = "<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.\n</body></html>"


class Limits:
    """Calls by client: how many in the running second, and how many are open."""

    def __init__(self, enforced: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._enforced, self._clock = enforced, clock
        self._seconds: dict[str, tuple[int, int]] = {}
        self._open: dict[str, int] = {}

    def pubmed(self, client: str, key: str) -> tuple[Mapping[str, str], Response | None]:
        """Headers for this call, and the refusal if it is one too many: 3 a second, 10 with a key."""
        limit, who = (10, f"key {key}") if key else (3, client)
        limit = limit if self._enforced else _NO_LIMIT
        count = self._count(f"pubmed {who}")
        headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(max(0, limit - count))}
        if count <= limit or not self._enforced:
            return headers, None
        said = {"error": "API rate limit exceeded", "api-key": key or client, "count": str(count), "limit": str(limit)}
        body = json.dumps(said, separators=(",", ":"))
        return {**headers, "Retry-After": "1"}, Response(body, 429, media_type="application/json")

    @contextmanager
    def crossref(self, client: str, polite: bool, single: bool) -> Iterator[tuple[Mapping[str, str], Response | None]]:
        """The same for Crossref, which also limits the calls that are open at once.

        The figures are those since December 2025: https://www.crossref.org/blog/announcing-changes-to-rest-api-rate-limits/
        """
        rate, at_once = ((10, 3) if single else (3, 3)) if polite else ((5, 1) if single else (1, 1))
        if not self._enforced:
            rate = at_once = _NO_LIMIT
        pool = f"{'polite' if polite else 'public'}-{'single' if single else 'array'}"
        who = f"crossref {pool} {client}"
        headers = {"x-rate-limit-limit": str(rate), "x-rate-limit-interval": "1s"}
        headers |= {"x-concurrency-limit": str(at_once), "x-api-pool": pool}
        too_many = self._count(who) > rate or self._open.get(who, 0) >= at_once
        self._open[who] = self._open.get(who, 0) + 1
        try:
            yield headers, Response(_TOO_MANY, 429, media_type="text/html") if too_many and self._enforced else None
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    def _count(self, who: str) -> int:
        """One more call; how many of this client there are in this second."""
        second = int(self._clock())
        known, count = self._seconds.get(who, (second, 0))
        count = count + 1 if known == second else 1
        if len(self._seconds) > _MOST_CLIENTS:
            self._seconds.clear()
        self._seconds[who] = (second, count)
        return count
