"""One work by its id."""

from __future__ import annotations

import json

import pytest

from tests.library import Library

pytestmark = pytest.mark.anyio


async def test_a_work_comes_with_the_records_of_every_source_that_knows_it(library: Library) -> None:
    response = await library.get("/api/v1/works/pubmed:91000010")
    work = response.json()
    assert response.status_code == 200
    assert work["id"] == "pubmed:91000010"
    assert [(record["source"], record["id"]) for record in work["source_records"]] == [
        ("pubmed", "91000010"),
        ("crossref", "10.5555/library.10"),
    ]
    assert work["source_records"][0]["mesh"][0]["name"] == "Asthma"


async def test_a_doi_with_its_slash_is_an_id_like_any_other(library: Library) -> None:
    for path in ("crossref:10.5555/library.10", "crossref:10.5555%2Flibrary.10", "crossref:10.5555/LIBRARY.10"):
        response = await library.http.get(f"/api/v1/works/{path}")
        assert response.status_code == 200, response.text
        assert response.json()["pmid"] == "91000010"


async def test_a_book_is_found_by_its_control_number(library: Library) -> None:
    work = (await library.get("/api/v1/works/catalogue:sh0001")).json()
    assert work["title"] == "Asthma in adults: a handbook for the ward"
    assert work["access"][0]["kind"] == "shelf"


async def test_a_work_out_of_a_kept_set_is_as_it_was_shown_and_asks_nobody(library: Library) -> None:
    shown = await library.search("asthma")
    calls = len(library.pubmed.requests) + len(library.crossref.requests)
    first = shown["results"][0]
    work = (await library.get(f"/api/v1/works/{first['id']}", search_id=shown["search_id"])).json()
    assert {name: work[name] for name in first} == first
    assert len(library.pubmed.requests) + len(library.crossref.requests) == calls


async def test_a_work_whose_set_has_run_out_is_asked_for_again(library: Library) -> None:
    response = await library.get("/api/v1/works/pubmed:91000010", search_id="gone")
    assert response.status_code == 200
    assert response.json()["pmid"] == "91000010"


async def test_another_source_in_trouble_does_not_hide_the_work(library: Library) -> None:
    library.crossref.answers(503)
    response = await library.get("/api/v1/works/pubmed:91000010")
    assert response.status_code == 200
    assert [record["source"] for record in response.json()["records"]] == ["pubmed"]


async def test_a_source_in_trouble_is_a_fault_and_not_a_missing_work(library: Library) -> None:
    library.pubmed.answers(503)
    response = await library.get("/api/v1/works/pubmed:91000010")
    assert response.status_code == 502
    assert "PubMed" in response.json()["detail"]


@pytest.mark.parametrize(
    "work_id",
    [
        "pubmed:99999999",
        "pubmed:",
        "pubmed:abc",
        "pubmed:91000010[pmid] OR asthma",
        "crossref:10.5555/nothing",
        "crossref:nothing",
        "catalogue:nothing",
        "catalogue:%20",
        "embase:1",
        "91000010",
        "x" * 2_000,
        "%FF%FE",
        "catalogue:%00",
        "pubmed:" + "9" * 400,
    ],
)
async def test_an_id_that_stands_for_nothing_is_not_found(library: Library, work_id: str) -> None:
    response = await library.http.get(f"/api/v1/works/{work_id}")
    assert response.status_code == 404, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert len(response.json()["detail"]) < 300


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/x-research-info-systems", "application/x-research-info-systems"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/x-bibtex, application/json;q=0.1", "application/x-bibtex"),
        ("application/json, text/csv;q=0.5", "application/json"),
        ("text/csv;q=0.2, application/x-bibtex;q=0.9", "application/x-bibtex"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
        ("text/csv;q=0", "application/json"),
        ("text/html, */*;q=0.8", "application/json"),
        ("application/pdf", "application/json"),
        (";;q=,,", "application/json"),
    ],
)
async def test_the_accept_header_chooses_the_format(library: Library, accept: str, media_type: str) -> None:
    response = await library.http.get("/api/v1/works/pubmed:91000010", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    assert response.headers["vary"] == "Accept"


async def test_a_format_in_the_address_goes_before_the_header(library: Library) -> None:
    response = await library.http.get("/api/v1/works/pubmed:91000010?format=csl-json", headers={"Accept": "text/csv"})
    assert json.loads(response.content)[0]["DOI"] == "10.5555/library.10"
    as_json = await library.http.get("/api/v1/works/pubmed:91000010?format=json", headers={"Accept": "text/csv"})
    assert as_json.json()["id"] == "pubmed:91000010"


async def test_an_unknown_format_is_refused_with_those_there_are(library: Library) -> None:
    response = await library.get("/api/v1/works/pubmed:91000010", format="endnote")
    assert response.status_code == 422
    assert "ris" in response.json()["detail"]
