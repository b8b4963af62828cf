"""The composition root: settings -> services -> application. Everything that lives as long as the service opens and closes here."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fedsearch import __version__, settings
from fedsearch.api import hand, people, routes
from fedsearch.api.metrics import Metrics
from fedsearch.api.problems import MEDIA_TYPE, problem_of, problem_of_status, problem_of_validation
from fedsearch.api.schemas import with_problem
from fedsearch.catalogue import SqliteCatalogue
from fedsearch.connectors import CONNECTORS, Rim
from fedsearch.decisions import DecisionStore
from fedsearch.errors import FedsearchError
from fedsearch.search import Services
from fedsearch.serving import end_with_parent, quiet_logs
from fedsearch.store import Store

log = logging.getLogger(__name__)

MOST_BODY_BYTES = 64 * 1024
HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
DESCRIPTION = """One question to PubMed, Crossref and the library's own catalogue; one ranked list in which each work stands once,
every source is accounted for, and every result says how to get it."""


@asynccontextmanager
async def open_services(own: settings.Settings, networks: Mapping[str, httpx.AsyncBaseTransport] | None = None) -> AsyncIterator[Services]:
    """Cache, kept result sets, catalogue and connectors, for as long as the context lasts. Raises SettingsError or CatalogueError."""
    async with AsyncExitStack() as closing:
        answers = Store(own.state_folder / "answers", own.cache.most_mb)
        closing.callback(answers.close)
        kept = Store(own.state_folder / "results", own.cache.most_mb)
        closing.callback(kept.close)
        catalogue = closing.enter_context(SqliteCatalogue(own.catalogue_file))
        rim = Rim(own, answers, catalogue, closing, networks or {})
        enabled = {source_id: entry for source_id, entry in CONNECTORS.items() if entry.is_enabled(own)}
        services = Services(
            settings=own,
            connectors={source_id: await entry.open(rim) for source_id, entry in enabled.items()},
            switched_off={source_id: entry.source for source_id, entry in CONNECTORS.items() if source_id not in enabled},
            kept=kept,
            decisions=DecisionStore(own.data / "decisions.sqlite"),
            catalogue=catalogue if own.sources.catalogue.enabled else None,
        )
        try:
            yield services
        finally:
            await services.stop()


def check_folders(own: settings.Settings) -> None:
    """Open and close whatever is written to, so that a fault stops the start in one line. Raises SettingsError or CatalogueError."""
    for name in ("answers", "results"):
        Store(own.state_folder / name, own.cache.most_mb).close()
    DecisionStore(own.data / "decisions.sqlite")
    SqliteCatalogue(own.catalogue_file).close()


def create_app(own: settings.Settings, networks: Mapping[str, httpx.AsyncBaseTransport] | None = None, *, demo: bool = False) -> FastAPI:
    """The whole service. `networks` stand in for the real network, by source id, in tests; `demo` says on the page that the data are."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(own, networks) as services:
            app.state.services = services
            app.state.pages = people.pages_for(services, demo=demo)
            _spare_the_collector()
            yield

    app = _Service(title="fedsearch", version=__version__, description=DESCRIPTION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.metrics = Metrics()
    app.include_router(routes.router)
    app.include_router(hand.router)
    app.include_router(people.router)
    app.mount("/static", people.static_files())
    app.add_exception_handler(FedsearchError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_status)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(Guard)
    return app


class _Service(FastAPI):
    """Describes its problem documents too, which FastAPI cannot."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = with_problem(super().openapi())
        return self.openapi_schema


def _spare_the_collector() -> None:
    """What is there at the start stays for good, and a search makes tens of thousands of values that refer to nothing back:
    looking for cycles among them at every 700th costs a tenth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def from_environment() -> FastAPI:
    """The service as the operator configured it; what each worker of `fedsearch serve` runs."""
    quiet_logs()
    end_with_parent()
    return create_app(settings.load(os.environ))


def answer(request: Request, document: dict[str, object]) -> Response:
    """A problem as a page for people, or as a problem document for programs."""
    status = int(str(document["status"]))
    if people.is_for_people(request):
        return HTMLResponse(people.problem_page(request, document), status)
    return JSONResponse(document, status, media_type=MEDIA_TYPE)


async def _on_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, FedsearchError)  # noqa: S101  # registered for nothing else
    return answer(request, problem_of(exc))


async def _on_invalid(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)  # noqa: S101
    return answer(request, problem_of_validation(exc))


async def _on_status(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)  # noqa: S101
    response = answer(request, problem_of_status(exc.status_code, exc.detail))
    response.headers.update(exc.headers or {})
    return response


async def _on_bug(request: Request, exc: Exception) -> Response:
    """Answered outside of Guard, so with its headers."""
    log.error("%s %s failed", request.method, request.scope.get("path"), exc_info=exc)
    response = answer(request, problem_of_status(500, "The fault was logged. Please tell the library."))
    response.headers.update(HEADERS)
    return response


class Guard:
    """Security headers on every answer, nothing kept by shared caches, and no body larger than a search needs.

    HEAD is answered as GET without the body, which FastAPI leaves out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_BODY_BYTES:
                raise _too_large()
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self.headers if pair[0] not in names)]
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BODY_BYTES:
            refused = problem_of_status(413, _too_large().detail)
            await JSONResponse(refused, 413, media_type=MEDIA_TYPE)(scope, receive, guarded)
        else:
            await self.app({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, bounded, guarded)


def _too_large() -> HTTPException:
    return HTTPException(413, f"A request's body may have {MOST_BODY_BYTES // 1024} KiB. Ask with a shorter search.")
