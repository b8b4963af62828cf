"""Running the service: liveness, readiness, figures, and the description of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from fedsearch.api import examples
from fedsearch.api.schemas import LiveAnswer, Problem, ReadyAnswer, SearchAnswer, WholeWorkAnswer
from tests.library import Library

pytestmark = pytest.mark.anyio

ROUTES = {
    "/api/v1/search": {"get", "post"},
    "/api/v1/search/stream": {"get"},
    "/api/v1/searches/{search_id}": {"get"},
    "/api/v1/searches/{search_id}/export": {"get"},
    "/api/v1/works/{work_id}": {"get"},
    "/api/v1/decisions": {"get", "post"},
    "/api/v1/decisions/{decision_id}": {"delete"},
    "/livez": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}
PARAMETERS = {"q", "sources", "page", "per_page", "depth", "year_from", "year_to", "type", "language", "sort", "deadline_ms"}


async def openapi(library: Library) -> dict[str, Any]:
    document: dict[str, Any] = (await library.get("/openapi.json")).json()
    return document


def same_when_read(schema: type[BaseModel], document: dict[str, Any]) -> None:
    """The document has exactly the members that its schema describes, of the described types."""
    assert schema.model_validate(document).model_dump(mode="json", exclude_unset=True) == document


async def test_the_process_is_alive_without_asking_anything(library: Library) -> None:
    library.services.catalogue.close()  # type: ignore[union-attr]
    response = await library.get("/livez")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_readiness_is_about_our_own_parts_and_not_about_sources(library: Library) -> None:
    library.pubmed.answers(503)
    library.crossref.answers(503)
    response = await library.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "parts": {"result_sets": True, "catalogue": True}})
    assert library.pubmed.requests == []


async def test_a_broken_part_of_our_own_makes_it_unready_and_is_named(library: Library) -> None:
    library.services.catalogue.close()  # type: ignore[union-attr]
    response = await library.get("/readyz")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["parts"] == {"result_sets": True, "catalogue": False}
    assert "catalogue" in response.json()["detail"]
    same_when_read(Problem, response.json())


async def test_the_figures_count_searches_and_sources_and_never_hold_a_question(library: Library) -> None:
    await library.search("asthma")
    library.crossref.answers(503)
    await library.search("thunderstorms")
    await library.get("/api/v1/search", q="((thunderstorms")
    await library.get("/api/v1/search", q="thunderstorm*", sources="crossref")
    await library.get("/api/v1/search/stream", q="asthma")
    response = await library.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = response.text.splitlines()
    assert 'fedsearch_searches_total{outcome="answered"} 3.0' in lines
    assert 'fedsearch_searches_total{outcome="refused"} 1.0' in lines
    assert 'fedsearch_searches_total{outcome="failed"} 1.0' in lines
    assert 'fedsearch_source_outcomes_total{source="pubmed",status="ok"} 3.0' in lines
    assert 'fedsearch_source_outcomes_total{source="crossref",status="error"} 2.0' in lines
    assert "asthma" not in response.text
    assert "thunderstorm" not in response.text


async def test_the_description_names_every_route_and_parameter(library: Library) -> None:
    document = await openapi(library)
    assert {path: set(item) for path, item in document["paths"].items()} == ROUTES
    for path in ("/api/v1/search", "/api/v1/search/stream"):
        assert {parameter["name"] for parameter in document["paths"][path]["get"]["parameters"]} == PARAMETERS
    assert set(document["components"]["schemas"]["SearchParameters"]["properties"]) == PARAMETERS


async def test_the_description_gives_a_schema_for_every_json_answer(library: Library) -> None:
    document = await openapi(library)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"]
            for code, answer in operation["responses"].items():
                for media, content in answer.get("content", {}).items():
                    if "json" in media:
                        assert "$ref" in content["schema"], f"{method} {path} {code}"
    works = document["paths"]["/api/v1/works/{work_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert works["schema"] == {"$ref": "#/components/schemas/WholeWorkAnswer"}
    assert list(document["paths"]["/api/v1/search/stream"]["get"]["responses"]["200"]["content"]) == ["text/event-stream"]


async def test_every_reference_in_the_description_leads_somewhere(library: Library) -> None:
    document = await openapi(library)

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (value for name, value in node.items() if name == "$ref")
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


async def test_the_examples_of_the_description_are_answers_that_its_schemas_allow() -> None:
    for code in (404, 422, 502, 504):
        same_when_read(Problem, examples.SEARCH[code]["content"]["application/problem+json"]["example"])
    same_when_read(SearchAnswer, examples.SEARCH[200]["content"]["application/json"]["example"])
    same_when_read(WholeWorkAnswer, examples.WORK[200]["content"]["application/json"]["example"])


async def test_real_answers_are_what_the_description_says(library: Library) -> None:
    shown = await library.search("asthma", per_page=100, year_from=2001, type="journal-article,book,preprint", language="en,fa,es")
    same_when_read(SearchAnswer, shown)
    same_when_read(SearchAnswer, (await library.get(f"/api/v1/searches/{shown['search_id']}", source="pubmed", year="2010")).json())
    library.crossref.answers(503)
    same_when_read(SearchAnswer, await library.search("cat OR sepsis OR [book] NOT dog"))
    for work_id in ("pubmed:91000010", "catalogue:sh0001", "catalogue:sh0003", "pubmed:91000011"):
        same_when_read(WholeWorkAnswer, (await library.get(f"/api/v1/works/{work_id}")).json())
    for path in ("/api/v1/search?q=((", "/api/v1/search?q=x&page=0&z=1", "/api/v1/searches/gone", "/api/v1/search?q=mite&sources=crossref"):
        same_when_read(Problem, (await library.get(path)).json())
    same_when_read(LiveAnswer, (await library.get("/livez")).json())
    same_when_read(ReadyAnswer, (await library.get("/readyz")).json())


@pytest.mark.parametrize("lang", ["en", "fa"])
async def test_the_reference_is_a_page_of_ours_that_loads_nothing_from_elsewhere(library: Library, lang: str) -> None:
    response = await library.get("/docs", lang=lang)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert all(path.split("{")[0] in response.text for path in ROUTES)
    assert "SearchAnswer" in response.text
    for attribute in ('src="http', "@import", 'rel="stylesheet" href="http', "<script>"):
        assert attribute not in response.text
