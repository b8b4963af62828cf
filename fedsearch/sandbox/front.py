"""What stands before both stand-ins: the header that says what they are, the latency, and the sources made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fedsearch.sandbox.limits import Limits

HEADER = "X-Fedsearch-Sandbox"
NOTICE = "training data, not PubMed or Crossref"
PATHS = {"pubmed": "/entrez/", "crossref": "/crossref/"}
_UNAVAILABLE = "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>"


class Sandbox:
    """The whole as an ASGI app.

    `down` names the sources that answer 503 and may be changed while it runs; `report` says how the given files fared.
    """

    def __init__(self, app: ASGIApp, limits: Limits, latency_ms: int, down: Collection[str], report: Sequence[str]) -> None:
        self._app, self._limits, self._latency = app, limits, latency_ms / 1000
        self.down = set(down)
        self.report = tuple(report)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        source = next((name for name, path in PATHS.items() if scope["path"].startswith(path)), None)
        if source == "crossref":
            await self._crossref(scope, receive, send)
            return
        if source:
            await asyncio.sleep(self._latency)
        app = Response(_UNAVAILABLE, 503, media_type="text/html") if source in self.down else self._app
        await app(scope, receive, _marked(send, {HEADER: NOTICE}))

    async def _crossref(self, scope: Scope, receive: Receive, send: Send) -> None:
        polite = "mailto" in parse_qs(scope["query_string"].decode("latin-1")) or "mailto:" in Headers(scope=scope).get("user-agent", "")
        client = (scope.get("client") or ("",))[0]
        with self._limits.crossref(client, polite, single="/works/" in scope["path"]) as (headers, refusal):
            await asyncio.sleep(self._latency)
            app = Response(_UNAVAILABLE, 503, media_type="text/html") if "crossref" in self.down else refusal or self._app
            await app(scope, receive, _marked(send, {HEADER: NOTICE, **headers}))


def _marked(send: Send, headers: dict[str, str]) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return marked
