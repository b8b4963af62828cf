"""Kept result sets: further pages, facets, and an order that stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Open
from tests.library import Library

pytestmark = pytest.mark.anyio


async def page_of(library: Library, search_id: str, **parameters: Any) -> dict[str, Any]:
    response = await library.get(f"/api/v1/searches/{search_id}", **parameters)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def test_pages_of_a_kept_set_are_slices_of_the_list_that_was_shown(library: Library) -> None:
    whole = await library.search("asthma", per_page=100)
    pages = [await page_of(library, whole["search_id"], page=page, per_page=4) for page in (1, 2, 3, 4)]
    assert [work for page in pages for work in page["results"]] == whole["results"]
    assert all(page["search_id"] == whole["search_id"] for page in pages)


async def test_an_order_once_shown_does_not_change_whatever_the_sources_say_later(open_library: Open) -> None:
    async with open_library(CACHE__FRESH_S="0") as library:
        shown = await library.search("asthma")
        library.pubmed.answers(503)
        library.crossref.answers(503)
        again = await page_of(library, shown["search_id"])
        assert again["results"] == shown["results"]
        assert again["sources"] == shown["sources"]


async def test_a_kept_set_survives_a_restart(open_library: Open) -> None:
    async with open_library() as library:
        shown = await library.search("asthma")
    async with open_library() as library:
        assert (await page_of(library, shown["search_id"]))["results"] == shown["results"]


@pytest.mark.parametrize(
    ("facet", "value"),
    [("source", "catalogue"), ("year", "2010"), ("type", "preprint"), ("access", "shelf"), ("evidence", "randomised-trial")],
)
async def test_each_facet_narrows_the_list_to_as_many_works_as_it_counted(library: Library, facet: str, value: str) -> None:
    whole = await library.search("asthma")
    (count,) = (one["count"] for one in whole["facets"][facet] if one["value"] == value)
    narrowed = await page_of(library, whole["search_id"], **{facet: value})
    assert narrowed["shown"] == len(narrowed["results"]) == count
    assert narrowed["works"] == whole["works"]
    assert narrowed["filters"] == {facet: [value]}


async def test_values_of_one_facet_are_alternatives_and_facets_narrow_one_another(library: Library) -> None:
    whole = await library.search("asthma")
    either = await page_of(library, whole["search_id"], year=["2010", "2016"])
    assert {work["year"] for work in either["results"]} == {2010, 2016}
    both = await page_of(library, whole["search_id"], year=["2010", "2016"], source="crossref", evidence="randomised-trial")
    assert {work["year"] for work in both["results"]} == {2010}


async def test_persian_digits_serve_in_the_number_of_a_page(library: Library) -> None:
    shown = await library.search("asthma")
    assert (await page_of(library, shown["search_id"], page="۲", per_page="۳"))["page"] == 2


async def test_a_page_beyond_the_last_says_how_many_there_are(library: Library) -> None:
    shown = await library.search("asthma")
    response = await library.get(f"/api/v1/searches/{shown['search_id']}", page=99)
    assert response.status_code == 404
    assert response.json()["detail"] == "There is no page 99. The list has 1 page of 20."


@pytest.mark.parametrize("search_id", ["nothing", "..%2F..%2Fetc", "%00", "a" * 3_000, "آسم"])
async def test_an_id_that_is_not_kept_is_not_found(library: Library, search_id: str) -> None:
    response = await library.http.get(f"/api/v1/searches/{search_id}")
    assert response.status_code == 404
    assert response.json()["status"] == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_set_that_another_version_kept_is_not_found_rather_than_a_fault(library: Library) -> None:
    await library.services.kept.set("set old", b'{"id": "old"}', 60)
    response = await library.get("/api/v1/searches/old")
    assert response.status_code == 404
    assert "Run the search again" in response.json()["detail"]


@pytest.mark.parametrize("parameters", [{"page": 0}, {"page": "x"}, {"per_page": 101}, {"pge": 2}, {"year": ["1"] * 51}])
async def test_parameters_are_checked(library: Library, parameters: dict[str, Any]) -> None:
    shown = await library.search("asthma")
    response = await library.get(f"/api/v1/searches/{shown['search_id']}", **parameters)
    assert response.status_code == 422
    assert next(iter(parameters)) in response.json()["detail"]
