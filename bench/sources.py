"""Sources of a fixed slowness for measuring: PubMed and Crossref that answer after so many milliseconds, in a process of their own.

Each answer is made before the clock starts, so that only the wait and the bytes are left of the source: 50 PubMed
records in two steps, 50 Crossref works, out of the sandbox's bundle. Each ESearch names the records in another order, as each
question does, so that no kept answer of EFetch is read in place of a new one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send

from fedsearch.sandbox import create_sandbox
from fedsearch.serving import listening_socket, port_of

RECORDS = 50
QUESTION = "heart OR diabetes OR asthma OR cancer OR sepsis OR stroke OR pregnancy"


async def bodies() -> dict[str, tuple[bytes, bytes]]:
    """Path -> (media type, body) of each answer, asked of the sandbox once."""
    transport = httpx.ASGITransport(create_sandbox())
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        found = await http.post(
            "/entrez/eutils/esearch.fcgi", data={"db": "pubmed", "term": QUESTION, "retmode": "json", "retmax": str(RECORDS)}
        )
        ids = found.json()["esearchresult"]["idlist"]
        fetched = await http.post("/entrez/eutils/efetch.fcgi", data={"db": "pubmed", "id": ",".join(ids), "retmode": "xml"})
        works = await http.get("/crossref/works", params={"query.bibliographic": QUESTION, "rows": str(RECORDS)})
    if len(ids) != RECORDS or len(works.json()["message"]["items"]) != RECORDS:
        raise RuntimeError("the sandbox has fewer records than the measurement needs")
    return {
        "/entrez/eutils/esearch.fcgi": (b"application/json", found.content),
        "/entrez/eutils/efetch.fcgi": (b"text/xml", fetched.content),
        "/crossref/works": (b"application/json", json.dumps(works.json()).encode()),
    }


def _in_every_order(body: bytes) -> list[bytes]:
    """ESearch's answer with its PMIDs turned round by one, two, three ..."""
    answer = json.loads(body)
    ids = answer["esearchresult"]["idlist"]
    turned = (ids[first:] + ids[:first] for first in range(len(ids)))
    return [json.dumps({**answer, "esearchresult": {**answer["esearchresult"], "idlist": order}}).encode() for order in turned]


def _serve(listening: socket.socket, seconds: float) -> None:
    answers = asyncio.run(bodies())

    orders = itertools.cycle(_in_every_order(answers["/entrez/eutils/esearch.fcgi"][1]))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        media, body = answers[scope["path"]]
        if scope["path"].endswith("esearch.fcgi"):
            body = next(orders)
        await asyncio.sleep(seconds)
        headers = [(b"content-type", media), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[listening])


@contextmanager
def slow_sources(latency_ms: int) -> Iterator[str]:
    """The address of the sources for as long as the context lasts."""
    listening = listening_socket("127.0.0.1", 0)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(listening, latency_ms / 1000), daemon=True)
    process.start()
    address = f"http://127.0.0.1:{port_of(listening)}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/crossref/works", timeout=5.0)
                break
            except httpx.TransportError:
                if not process.is_alive():
                    raise RuntimeError("the measured sources did not start") from None
        yield address
    finally:
        process.terminate()
        process.join(timeout=10)
