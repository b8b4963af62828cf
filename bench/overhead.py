"""What fedsearch itself adds to the slowest source, and how many searches a second one process carries.

Sources answer after 200 ms a call with 50 records each; PubMed takes two calls, so the slowest source takes 400 ms and what a bare
client needs for two calls, which is measured in the same run and taken off. Every search is a different question, so that no
cache answers. With 16 clients 400 ms of source time allow 40 searches a second
less what each search costs: SearXNG reached 9 to 18 and paper-search-mcp 9 where 35.7 was the ceiling.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.sources import slow_sources
from fedsearch import settings
from fedsearch.api.app import create_app
from fedsearch.catalogue import SAMPLE, SqliteCatalogue, load_files
from fedsearch.serving import listening_socket, port_of, quiet_logs, serve

LATENCY_MS = 200
SLOWEST_MS = 2 * LATENCY_MS


@dataclass(frozen=True, slots=True)
class Overhead:
    """Milliseconds over the slowest source with one client, searches a second with sixteen, processor time a search, and the service's peak memory."""

    p50_ms: float
    p95_ms: float
    per_second: float
    ceiling: float
    slowest_ms: float
    cpu_ms: float
    memory_mb: float


def _service(listening: socket.socket, sources: str, folder: str) -> None:
    quiet_logs(30)
    own = settings.load(
        {
            "FEDSEARCH_DATA": folder,
            "FEDSEARCH_SOURCES__PUBMED__URL": f"{sources}/entrez/eutils/",
            "FEDSEARCH_SOURCES__CROSSREF__URL": f"{sources}/crossref/",
            "FEDSEARCH_SOURCES__PUBMED__PER_SECOND": "1000",
            "FEDSEARCH_SOURCES__CROSSREF__PER_SECOND": "1000",
            "FEDSEARCH_SOURCES__PUBMED__IN_FLIGHT": "32",
            "FEDSEARCH_SOURCES__CROSSREF__IN_FLIGHT": "32",
            "FEDSEARCH_CACHE__FRESH_S": "0",  # answers are kept as ever, and never spare a call
        }
    )
    with SqliteCatalogue(own.catalogue_file) as catalogue:
        load_files(catalogue, [SAMPLE])
    serve(create_app(own), listening)


@contextmanager
def _running(sources: str) -> Iterator[tuple[str, int]]:
    """The service's address and process id."""
    with tempfile.TemporaryDirectory(prefix="fedsearch-bench-") as folder:
        listening = listening_socket("127.0.0.1", 0)
        process = multiprocessing.get_context("spawn").Process(target=_service, args=(listening, sources, folder), daemon=True)
        process.start()
        address = f"http://127.0.0.1:{port_of(listening)}"
        try:
            httpx.get(f"{address}/livez", timeout=60.0)
            yield address, process.pid or 0
        finally:
            process.terminate()
            process.join(timeout=15)


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    peak = next((line for line in status if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _bare_client_ms(sources: str, times: int) -> float:
    """The median of what PubMed's two calls take a client that only fetches."""
    taken = []
    async with httpx.AsyncClient(base_url=sources, timeout=30.0) as http:
        for _ in range(times):
            started = time.perf_counter()
            for utility in ("esearch", "efetch"):
                (await http.post(f"/entrez/eutils/{utility}.fcgi", data={"db": "pubmed"})).raise_for_status()
            taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


async def _one_client(address: str, searches: int, slowest_ms: float) -> list[float]:
    over = []
    async with httpx.AsyncClient(base_url=address, timeout=30.0) as http:
        for number in range(searches):
            started = time.perf_counter()
            await _search(http, f"heart failure treatment {number}")
            over.append((time.perf_counter() - started) * 1000 - slowest_ms)
    return over


async def _search(http: httpx.AsyncClient, question: str) -> None:
    answer = await http.get("/api/v1/search", params={"q": question, "deadline_ms": 30_000})
    answer.raise_for_status()
    found = answer.json()
    if [source["status"] for source in found["sources"]] != ["ok"] * 3:
        raise RuntimeError(f"a source failed while measuring: {found['sources']}")


async def _clients(address: str, clients: int, seconds: float) -> float:
    done = 0
    end = time.perf_counter() + seconds

    async def client(name: int) -> None:
        nonlocal done
        async with httpx.AsyncClient(base_url=address, timeout=30.0) as http:
            number = 0
            while time.perf_counter() < end:
                await _search(http, f"diabetes treatment {name} {number}")
                number += 1
                done += 1

    started = time.perf_counter()
    await asyncio.gather(*(client(name) for name in range(clients)))
    return done / (time.perf_counter() - started)


def measure(searches: int = 40, clients: int = 16, seconds: float = 15.0) -> Overhead:
    with slow_sources(LATENCY_MS) as sources, _running(sources) as (address, pid):
        slowest_ms = asyncio.run(_bare_client_ms(sources, 10))
        asyncio.run(_one_client(address, 5, slowest_ms))
        used = _cpu_seconds(pid)
        over = sorted(asyncio.run(_one_client(address, searches, slowest_ms)))
        used = _cpu_seconds(pid) - used
        per_second = asyncio.run(_clients(address, clients, seconds))
        return Overhead(
            p50_ms=statistics.median(over),
            p95_ms=over[int(len(over) * 0.95)],
            per_second=per_second,
            ceiling=clients * 1000 / SLOWEST_MS,
            slowest_ms=slowest_ms,
            cpu_ms=used * 1000 / searches,
            memory_mb=_memory_mb(pid),
        )


if __name__ == "__main__":
    print(measure())
