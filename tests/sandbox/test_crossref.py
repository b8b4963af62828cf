"""The stand-in Crossref answers lists, single works and refusals as Crossref does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fedsearch.sandbox.bundle import Work
from fedsearch.sandbox.crossref_notation import item

Ask = Callable[..., httpx.Response]
WorksList = Callable[..., dict[str, Any]]


def numbers(message: dict[str, Any]) -> list[int]:
    return [int(found["DOI"].rpartition(".")[2]) for found in message["items"]]


def test_any_word_finds_and_the_best_match_comes_first(works_list: WorksList) -> None:
    message = works_list(query="insulin heart failure")
    assert message["total-results"] == 4
    assert numbers(message)[0] in (1, 2)
    scores = [found["score"] for found in message["items"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"query__bibliographic": "asthma schools"}, {8, 9}),
        ({"query__author": "Novak", "query__bibliographic": "insulin"}, {3, 4}),
        ({"query__container_title": "invented", "query": "burns"}, {7}),
        ({"query": "سوختگی"}, {7}),
        ({"filter": "from-pub-date:2017-02,until-pub-date:2018"}, {7, 8}),
        ({"filter": "type:posted-content"}, {9}),
        ({"filter": "doi:10.5555/SANDBOX.3,doi:10.5555/sandbox.4"}, {3, 4}),
        ({"filter": "updates:10.5555/sandbox.5"}, {6}),
        ({"filter": "is-update:true,update-type:retraction"}, {6}),
        ({"filter": "has-abstract:true"}, {1}),
        ({"filter": "has-license:true"}, {3}),
        ({"filter": "license.url:https://creativecommons.org/licenses/by/4.0/"}, {3}),
        ({"filter": "issn:20493630", "query": "burns"}, {7}),
        ({"query": "xylophone"}, set()),
    ],
)
def test_a_search_finds(works_list: WorksList, sent: dict[str, str], found: set[int]) -> None:
    message = works_list(**{name.replace("container_title", "container-title"): value for name, value in sent.items()})
    assert set(numbers(message)) == found
    assert message["total-results"] == len(found)


def test_without_a_query_the_latest_work_comes_first_and_nothing_is_scored(works_list: WorksList) -> None:
    message = works_list()
    assert numbers(message)[:2] == [9, 8]
    assert {found["score"] for found in message["items"]} == {0.0}


def test_sorted_by_date_either_way(works_list: WorksList) -> None:
    assert numbers(works_list(query="insulin", sort="published", order="asc")) == [3, 4]
    assert numbers(works_list(query="insulin", sort="published", order="desc")) == [4, 3]


def test_only_selected_members_come(works_list: WorksList) -> None:
    message = works_list(query="burns", select="DOI,title,score")
    assert set(message["items"][0]) == {"DOI", "title", "score"}


def test_cursors_lead_through_the_whole_list_once(works_list: WorksList) -> None:
    seen: list[int] = []
    cursor = "*"
    while page := works_list(query="insulin heart asthma", rows="2", cursor=cursor):
        if not page["items"]:
            break
        seen += numbers(page)
        cursor = page["next-cursor"]
    assert sorted(seen) == [1, 2, 3, 4, 8, 9]


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        ({"rows": "1001"}, 400, "integer-not-valid"),
        ({"rows": "many"}, 400, "integer-not-valid"),
        ({"offset": "10001"}, 400, "integer-not-valid"),
        ({"filter": "colour:red"}, 400, "filter-not-available"),
        ({"filter": "from-pub-date:yesterday"}, 400, "date-not-valid"),
        ({"select": "DOI,language"}, 400, "select-not-available"),
        ({"sort": "beauty"}, 400, "sort-not-available"),
        ({"order": "up"}, 400, "order-not-valid"),
        ({"colour": "red"}, 400, "parameter-not-allowed"),
        ({"cursor": "thing"}, 404, "cursor-invalid"),
    ],
)
def test_a_request_that_crossref_would_not_run_is_refused(ask: Ask, sent: dict[str, str], status: int, kind: str) -> None:
    response = ask("/crossref/works", params=sent)
    assert (response.status_code, response.json()["status"], response.json()["message"][0]["type"]) == (status, "failed", kind)


def test_a_cursor_of_another_search_is_invalid(ask: Ask, works_list: WorksList) -> None:
    cursor = works_list(query="insulin", rows="1", cursor="*")["next-cursor"]
    assert ask("/crossref/works", params={"query": "asthma", "cursor": cursor}).status_code == 404


@pytest.mark.parametrize("path", ["/crossref/works/10.5555/sandbox.3", "/crossref/v1/works/10.5555%2FSANDBOX.3"])
def test_a_single_work_comes_as_it_is(ask: Ask, works: tuple[Work, ...], path: str) -> None:
    body = ask(path).json()
    assert body["message-type"] == "work"
    assert body["message"] == {**item(works[2]), "score": 1}


def test_an_unknown_doi_is_not_found_in_plain_text(ask: Ask) -> None:
    response = ask("/crossref/works/10.5555/nothing")
    assert (response.status_code, response.text) == (404, "Resource not found.")
    assert response.headers["content-type"].startswith("text/plain")


def test_a_single_work_cannot_be_cut_down(ask: Ask) -> None:
    response = ask("/crossref/works/10.5555/sandbox.3", params={"select": "DOI"})
    assert (response.status_code, response.json()["message"][0]["type"]) == (400, "parameter-not-allowed")
