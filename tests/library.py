"""A small library for the tests of the service: works made up for them in a sandbox, three records in a catalogue, and
a network that can be told to fail. `opened` runs the whole service over them."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import httpx
from fastapi import FastAPI

from fedsearch import settings
from fedsearch.api.app import create_app
from fedsearch.sandbox import Sandbox, create_sandbox
from fedsearch.sandbox.bundle import Work, joined
from fedsearch.sandbox.crossref_notation import item
from fedsearch.sandbox.pubmed_notation import article_xml
from fedsearch.search import Services

PAYLOADS = Path(__file__).parent / "payloads"
MARC = PAYLOADS / "catalogue" / "answer.marcxml"
KEY = "0123456789abcdef0123456789abcdef0123"
"""Looks like an NCBI key, and is none."""

Says: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Commands configure the whole process's logging; afterwards it is as before."""
    loggers = [logging.getLogger(name) for name in (None, "httpx", "httpcore", "uvicorn.access", "sse_starlette")]
    levels, handlers = [one.level for one in loggers], loggers[0].handlers[:]
    try:
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
        loggers[0].handlers[:] = handlers


def _work(number: int, title: str, **members: Any) -> Work:
    common: dict[str, Any] = {
        "title": title,
        "pmid": str(91000000 + number),
        "doi": f"10.5555/library.{number}",
        "sources": ["pubmed", "crossref"],
        "language": "eng",
        "published": f"{2000 + number}-03-01",
        "type": "journal-article",
        "authors": ["Karimi, Sara", "Novak, Jan P"],
        "journal": "Journal of invented medicine",
        "journal_abbrev": "J Invent Med",
        "issn": ["2049-3630"],
        "volume": str(number),
        "issue": "2",
        "pages": f"{number}00-{number}09",
    }
    return {**common, **members}  # type: ignore[typeddict-item]


def works() -> tuple[Work, ...]:
    """Twelve on asthma, one of them retracted, one a preprint, one in Spanish; and one on something else."""
    trial = ["Journal Article", "Randomized Controlled Trial"]
    plain = [
        _work(number, f"Asthma and the {thing}", pages=f"{number}50") for number, thing in enumerate(("cat", "dog", "mouse", "mite"), 1)
    ]
    return joined(
        [
            *plain,
            _work(10, "Asthma attacks in schools", publication_types=trial, mesh=["Asthma/therapy*", "Humans"], abstract="Fewer attacks."),
            _work(11, "Asthma after thunderstorms", sources=["pubmed"], relations=[{"kind": "retracted-by", "pmid": "91000012"}]),
            _work(12, "Retraction: Asthma after thunderstorms", sources=["pubmed"], relations=[{"kind": "retracts", "pmid": "91000011"}]),
            _work(
                13, "Asthma in pregnancy", type="posted-content", sources=["crossref"], volume="", pages="", journal="Invented preprints"
            ),
            _work(14, "Asma en la escuela: asthma revisited", language="spa", sources=["pubmed"]),
            _work(15, "Asthma, inhalers and <i>hope</i>", licence="https://creativecommons.org/licenses/by/4.0/"),
            _work(16, "Asthma at sea", sources=["crossref"]),
            _work(17, "Asthma of the elderly", sources=["pubmed"]),
            _work(20, "Sepsis and the golden hour", publication_types=["Journal Article", "Review"]),
        ]
    )


def small_sandbox(folder: Path) -> Sandbox:
    """The works as recorded answers of both sources, served by the sandbox."""
    pubmed, crossref = folder / "answer.xml", folder / "answer.json"
    articles = b"\n".join(article_xml(work) for work in works() if "pubmed" in work["sources"])
    pubmed.write_bytes(b"<PubmedArticleSet>" + articles + b"</PubmedArticleSet>")
    items = [item(work) for work in works() if "crossref" in work["sources"]]
    crossref.write_text(json.dumps({"message": {"items": items}}), encoding="utf-8")
    return create_sandbox([pubmed], [crossref])


@dataclass(slots=True)
class Network(httpx.AsyncBaseTransport):
    """One source's network: the sandbox without its rate limits, or whatever `says` says. Notes every request."""

    inner: httpx.AsyncBaseTransport
    says: Says | None = None
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = await (self.says or self.inner.handle_async_request)(request)
        for name in ("x-rate-limit-limit", "x-rate-limit-interval", "x-concurrency-limit"):
            response.headers.pop(name, None)
        return response

    def answers(self, status: int, body: bytes | str = b"", **headers: str) -> None:
        """The same answer to every call."""

        whole = body.encode() if isinstance(body, str) else body

        async def same(request: httpx.Request) -> httpx.Response:
            return httpx.Response(status, stream=httpx.ByteStream(whole), headers=headers, request=request)

        self.says = same

    def fails(self, exc: Exception) -> None:
        async def failing(request: httpx.Request) -> httpx.Response:
            raise exc

        self.says = failing

    def waits_for(self, go_on: Callable[[], Awaitable[object]]) -> None:
        """The sandbox's answer, once `go_on` has come back."""

        async def late(request: httpx.Request) -> httpx.Response:
            await go_on()
            return await self.inner.handle_async_request(request)

        self.says = late


@dataclass(frozen=True, slots=True)
class Library:
    """The running service, the client that asks it, and the networks its sources are asked over."""

    http: httpx.AsyncClient
    app: FastAPI
    pubmed: Network
    crossref: Network

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        return await self.http.get(path, params=parameters)

    async def search(self, q: str, **parameters: Any) -> dict[str, Any]:
        """The JSON of a search that has to succeed."""
        response = await self.get("/api/v1/search", q=q, **parameters)
        assert response.status_code == 200, response.text
        document: dict[str, Any] = response.json()
        return document


def environment(folder: Path, catalogue: Path, **more: str) -> dict[str, str]:
    """The settings of a test: quick, over the sandbox, with everything written into `folder`."""
    return {
        "FEDSEARCH_DATA": str(folder),
        "FEDSEARCH_CATALOGUE__URL": f"sqlite:///{catalogue}",
        "FEDSEARCH_SOURCES__PUBMED__URL": "http://sandbox/entrez/eutils/",
        "FEDSEARCH_SOURCES__CROSSREF__URL": "http://sandbox/crossref/",
        "FEDSEARCH_SOURCES__PUBMED__PER_SECOND": "1000",
        "FEDSEARCH_SOURCES__CROSSREF__PER_SECOND": "1000",
        **more,
    }


@asynccontextmanager
async def opened(sandbox: Sandbox, variables: Mapping[str, str]) -> AsyncIterator[Library]:
    """The service with its lifespan run. What it raises becomes an answer, as it does under a server."""
    pubmed, crossref = Network(httpx.ASGITransport(sandbox)), Network(httpx.ASGITransport(sandbox))
    app = create_app(settings.load(variables), {"pubmed": pubmed, "crossref": crossref})
    front = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=front, base_url="http://library") as http:
        yield Library(http, app, pubmed, crossref)
