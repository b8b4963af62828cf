"""A sandbox over ten works made up for these tests, and what it takes to ask it without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from fedsearch.sandbox import Sandbox, create_sandbox
from fedsearch.sandbox.bundle import Work, joined
from fedsearch.sandbox.crossref_notation import item
from fedsearch.sandbox.pubmed_notation import article_xml

Ask: TypeAlias = Callable[..., httpx.Response]


def _work(number: int, title: str, **members: Any) -> Work:
    common: dict[str, Any] = {
        "title": title,
        "pmid": str(90000000 + number),
        "doi": f"10.5555/sandbox.{number}",
        "sources": ["pubmed", "crossref"],
        "language": "eng",
        "published": f"20{10 + number}-03-0{number % 9 + 1}",
        "type": "journal-article",
        "authors": ["Karimi, Sara", "Novak, Jan P"],
        "journal": "Journal of invented medicine",
        "journal_abbrev": "J Invent Med",
        "issn": ["2049-3630"],
        "volume": str(number),
        "issue": "2",
        "pages": "482-491",
    }
    return {**common, **members}  # type: ignore[typeddict-item]


def _works() -> tuple[Work, ...]:
    return joined(
        [
            _work(1, "Beta blockers in heart failure", mesh=["Heart Failure/drug therapy*", "Humans"], abstract="Fewer deaths were seen."),
            _work(2, "Failure of the heart pump in rats", mesh=["Heart*", "Rats"], publication_types=["Journal Article", "Review"]),
            _work(
                3,
                "Insulin at night",
                mesh=["Diabetes Mellitus, Type 2/drug therapy*"],
                licence="https://creativecommons.org/licenses/by/4.0/",
            ),
            _work(4, "Insulin by day", mesh=["Diabetes Mellitus*"], pmcid="PMC900004", authors=["Novak, Jan P"]),
            _work(5, "Stroke rehabilitation at home", relations=[{"kind": "retracted-by", "doi": "10.5555/sandbox.6"}]),
            _work(6, "Retraction: Stroke rehabilitation at home", relations=[{"kind": "retracts", "pmid": "90000005"}]),
            _work(7, "Nursing care after burns", vernacular_title="مراقبت پرستاری پس از سوختگی", language="per"),
            _work(8, "Asthma attacks in schools", epub="2018-01-05", subtitle="a survey", collective="School Health Group"),
            _work(9, "Asthma in pregnancy", type="posted-content", sources=["crossref"], volume="", pages=""),
            _work(10, "Sepsis and the “golden hour”", sources=["pubmed"], published="2020", abstract="Hip joint pain was no outcome."),
        ]
    )


@pytest.fixture(scope="session")
def works() -> tuple[Work, ...]:
    return _works()


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, works: tuple[Work, ...]) -> tuple[Path, Path]:
    """The works as a file of each source."""
    folder = tmp_path_factory.mktemp("recorded")
    pubmed, crossref = folder / "answer.xml", folder / "answer.json"
    articles = b"\n".join(article_xml(work) for work in works if "pubmed" in work["sources"])
    pubmed.write_bytes(b"<PubmedArticleSet>" + articles + b"</PubmedArticleSet>")
    items = [item(work) for work in works if "crossref" in work["sources"]]
    crossref.write_text(json.dumps({"message": {"items": items}}), encoding="utf-8")
    return pubmed, crossref


@pytest.fixture(scope="session")
def sandbox(recorded: tuple[Path, Path]) -> Sandbox:
    return create_sandbox([recorded[0]], [recorded[1]])


def asking(app: Sandbox, host: str = "127.0.0.1") -> Ask:
    """A function that sends one request to the app and returns the answer."""

    async def send(method: str, path: str, **sent: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(host, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            return await client.request(method, path, **sent)

    return lambda path, method="GET", **sent: asyncio.run(send(method, path, **sent))


@pytest.fixture
def make_ask() -> Callable[..., Ask]:
    return asking


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    return asking(sandbox)


@pytest.fixture
def find(ask: Ask) -> Callable[..., dict[str, Any]]:
    """ESearch: the esearchresult of a term."""

    def search(term: str, **sent: str) -> dict[str, Any]:
        data = {"db": "pubmed", "retmode": "json", "term": term, **sent}
        result = json.loads(ask("/entrez/eutils/esearch.fcgi", "POST", data=data).content, strict=False)["esearchresult"]
        assert isinstance(result, dict)
        return result

    return search


@pytest.fixture
def works_list(ask: Ask) -> Callable[..., dict[str, Any]]:
    """Crossref's /works: the message of a list."""

    def search(**sent: str) -> dict[str, Any]:
        response = ask("/crossref/works", params={name.replace("__", "."): value for name, value in sent.items()})
        assert response.status_code == 200, response.text
        message = response.json()["message"]
        assert isinstance(message, dict)
        return message

    return search
