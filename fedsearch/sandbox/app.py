"""create_sandbox: records from the bundle or from files, both stand-ins over them, and the page that says what they are."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from fedsearch.errors import SettingsError
from fedsearch.sandbox.article import Article, read_article
from fedsearch.sandbox.bundle import bundled_works
from fedsearch.sandbox.crossref import CrossrefWorks
from fedsearch.sandbox.crossref_filters import Item
from fedsearch.sandbox.crossref_notation import item
from fedsearch.sandbox.entrez import EUtilities
from fedsearch.sandbox.files import read_crossref, read_pubmed
from fedsearch.sandbox.front import HEADER, NOTICE, PATHS, Sandbox
from fedsearch.sandbox.limits import Limits
from fedsearch.sandbox.pubmed_notation import article_xml
from fedsearch.sandbox.welcome import welcome_page

log = logging.getLogger(__name__)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def create_sandbox(
    pubmed: Sequence[Path] = (),
    crossref: Sequence[Path] = (),
    *,
    latency_ms: int = 0,
    limits: bool = False,
    down: Collection[str] = (),
    clock: Callable[[], float] = time.monotonic,
) -> Sandbox:
    """The sandbox as an ASGI app: files or folders of recorded answers for a source, or the bundled works where none are given.

    Every answer takes `latency_ms`; `limits` enforces the sources' own rates; the sources in `down` answer 503.
    Raises SettingsError for a source that is neither "pubmed" nor "crossref", or a path that is not there.
    """
    _check(pubmed, crossref, latency_ms, down)
    articles, pubmed_report = _articles(pubmed)
    items, crossref_report = _items(crossref)
    gate = Limits(limits, clock)
    utilities, works = EUtilities(articles, gate), CrossrefWorks(items)
    page = welcome_page(len(articles), len(items), bundled=not (pubmed or crossref), header=f"{HEADER}: {NOTICE}")

    async def welcome(request: Request) -> Response:
        return HTMLResponse(page)

    async def switch(request: Request) -> Response:
        return _switched(request, sandbox)

    app = Starlette(
        routes=[
            Route("/", welcome, methods=["GET"]),
            Route("/sandbox/down", switch, methods=["POST"]),
            Mount("/entrez/eutils", routes=utilities.routes()),
            Mount("/crossref/v1", routes=works.routes()),
            Mount("/crossref", routes=works.routes()),
        ]
    )
    sandbox = Sandbox(app, gate, latency_ms, down, [*pubmed_report, *crossref_report])
    for line in sandbox.report:
        log.info("%s", line)
    return sandbox


def _check(pubmed: Sequence[Path], crossref: Sequence[Path], latency_ms: int, down: Collection[str]) -> None:
    for name in down:
        if name not in PATHS:
            raise SettingsError(f"There is no sandbox source “{name}”.", "It has pubmed and crossref.")
    for path in (*pubmed, *crossref):
        if not path.exists():
            raise SettingsError(f"There is no file or folder {path}.", "Check the path given to the sandbox.")
    if latency_ms < 0:
        raise SettingsError(f"The latency of the sandbox cannot be {latency_ms} ms.", "Give a number of milliseconds, 0 or more.")


def _articles(paths: Sequence[Path]) -> tuple[Mapping[str, Article], list[str]]:
    if paths:
        articles, reading = read_pubmed(paths)
        return articles, [*reading.lines(), f"PubMed stand-in: {len(articles)} records"]
    works = [work for work in bundled_works() if "pubmed" in work["sources"]]
    read = (read_article(article_xml(work)) for work in works)
    return {article.pmid: article for article in read if article}, [f"PubMed stand-in: {len(works)} bundled records"]


def _items(paths: Sequence[Path]) -> tuple[Mapping[str, Item], list[str]]:
    if paths:
        items, reading = read_crossref(paths)
        return items, [*reading.lines(), f"Crossref stand-in: {len(items)} works"]
    works = [work for work in bundled_works() if "crossref" in work["sources"]]
    return {work["doi"]: item(work) for work in works}, [f"Crossref stand-in: {len(works)} bundled works"]


def _switched(request: Request, sandbox: Sandbox) -> Response:
    """Take sources down or bring all back, for whoever sits at this machine."""
    if request.client is None or request.client.host not in _LOOPBACK:
        return JSONResponse({"error": "Only from this machine."}, 403)
    named = [name.strip() for name in request.query_params.get("source", "").split(",") if name.strip()]
    if not named or any(name not in (*PATHS, "none") for name in named):
        return JSONResponse({"error": "Say source=pubmed, source=crossref, source=pubmed,crossref or source=none."}, 400)
    sandbox.down = {name for name in named if name != "none"}
    return JSONResponse({"down": sorted(sandbox.down)})
