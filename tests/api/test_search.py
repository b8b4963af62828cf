"""One search through the front door: what is asked of whom, and what comes back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import Open
from tests.library import Library, Network

pytestmark = pytest.mark.anyio

ANSWER = {"search_id", "query", "sources", "results", "facets", "page", "per_page", "works", "duplicates_removed", "elapsed_ms"}
SOURCE = {"id", "status", "strategy", "losses", "total", "returned", "elapsed_ms", "message", "retrieved_at"}
WORK = set(
    "id title authors journal issn year published volume issue pages publisher doi pmid pmcid isbn language type abstract mesh "
    "evidence flags related records provenance merged_because score ranked_because access".split()
)
FACETS = {"year", "type", "source", "access", "evidence"}


def by_source(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {source["id"]: source for source in document["sources"]}


def titles(document: dict[str, Any]) -> list[str]:
    return [work["title"] for work in document["results"]]


def named(document: dict[str, Any], title: str) -> dict[str, Any]:
    (work,) = (work for work in document["results"] if work["title"] == title)
    found: dict[str, Any] = work
    return found


async def never() -> None:
    await asyncio.Event().wait()


# What an answer holds


async def test_an_answer_has_every_member_that_was_promised(library: Library) -> None:
    document = await library.search("asthma")
    assert document.keys() >= ANSWER
    assert document["query"].keys() >= {"text", "suggestion"}
    assert document["facets"].keys() >= FACETS
    assert all(source.keys() >= SOURCE for source in document["sources"])
    assert all(work.keys() >= WORK for work in document["results"])


async def test_every_source_is_accounted_for_in_the_same_order(library: Library) -> None:
    document = await library.search("asthma")
    assert [source["id"] for source in document["sources"]] == ["pubmed", "crossref", "catalogue"]
    assert {source["status"] for source in document["sources"]} == {"ok"}
    assert all(source["returned"] == source["total"] > 0 for source in document["sources"])
    assert by_source(document)["pubmed"]["strategy"] == "asthma"
    assert "MeSH" in by_source(document)["pubmed"]["interpreted_as"]


async def test_each_work_stands_once_and_the_duplicates_are_counted(library: Library) -> None:
    document = await library.search("asthma", per_page=100)
    records = [(record["source"], record["id"]) for work in document["results"] for record in work["records"]]
    assert len(records) == len(set(records)) == sum(source["returned"] for source in document["sources"])
    assert document["works"] == len(document["results"]) == len(records) - document["duplicates_removed"]
    assert document["duplicates_removed"] == 6


async def test_a_work_that_two_sources_have_says_so_and_why_they_are_one(library: Library) -> None:
    work = named(await library.search("asthma attacks in schools"), "Asthma attacks in schools")
    assert work["id"] == "pubmed:91000010"
    assert [(r["source"], r["id"]) for r in work["records"]] == [("pubmed", "91000010"), ("crossref", "10.5555/library.10")]
    assert [r["url"] for r in work["records"]] == ["https://pubmed.ncbi.nlm.nih.gov/91000010/", "https://doi.org/10.5555/library.10"]
    assert all(record["rank"] >= 1 for record in work["records"])
    assert "same DOI, 10.5555/library.10" in work["merged_because"]
    assert work["provenance"]["title"] == ["pubmed", "crossref"]
    assert work["provenance"]["mesh"] == ["pubmed"]
    assert work["evidence"] == {"tier": "randomised-trial", "basis": "indexed"}
    assert (work["doi"], work["pmid"], work["year"], work["published"]) == ("10.5555/library.10", "91000010", 2010, "2010-03-01")
    assert work["authors"] == [{"family": "Karimi", "given": "Sara"}, {"family": "Novak", "given": "Jan P"}]
    assert work["issn"] == ["2049-3630"]
    assert (work["journal"], work["volume"], work["issue"], work["language"]) == ("Journal of invented medicine", "10", "2", "en")
    assert work["mesh"] == ["*Asthma/*therapy", "Humans"] or work["mesh"] == ["Asthma/*therapy", "Humans"]


async def test_a_book_on_the_shelf_comes_with_its_place_and_its_control_number(library: Library) -> None:
    work = named(await library.search("asthma in adults", sources="catalogue"), "Asthma in adults: a handbook for the ward")
    assert [(r["source"], r["id"]) for r in work["records"]] == [("catalogue", "sh0001")]
    assert work["access"][0]["kind"] == "shelf"
    assert "WF 553 N85a 2018" in work["access"][0]["label"]
    assert (work["type"], work["edition"], work["publisher"]) == ("book", "2nd edition", "Invented Press")


async def test_ways_to_the_text_come_best_first_and_know_the_journals_on_the_shelf(library: Library) -> None:
    order = ["shelf", "subscription", "open", "resolver", "request"]
    document = await library.search("asthma", per_page=100)
    for work in document["results"]:
        kinds = [order.index(option["kind"]) for option in work["access"]]
        assert kinds == sorted(kinds), work["title"]
    hope = named(document, "Asthma, inhalers and <i>hope</i>")
    assert [option["kind"] for option in hope["access"]][:2] == ["shelf", "open"]


async def test_a_retracted_work_is_flagged_and_ranked_below_the_rest(library: Library) -> None:
    document = await library.search("asthma")
    work = named(document, "Asthma after thunderstorms")
    assert [(flag["kind"], flag["said_by"]) for flag in work["flags"]] == [("retracted", ["pubmed"])]
    assert document["results"][-1] == work
    assert any(relation["kind"] == "retraction" for relation in work["related"])


async def test_a_preprint_is_flagged_as_one(library: Library) -> None:
    work = named(await library.search("asthma in pregnancy"), "Asthma in pregnancy")
    assert work["type"] == "preprint"
    assert [flag["kind"] for flag in work["flags"]] == ["preprint"]


async def test_scores_fall_and_stay_between_0_and_1(library: Library) -> None:
    scores = [work["score"] for work in (await library.search("asthma"))["results"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


async def test_nothing_found_is_an_answer_and_not_a_fault(library: Library) -> None:
    document = await library.search("zzyzx")
    assert (document["works"], document["results"], document["pages"]) == (0, [], 1)
    assert [(source["status"], source["total"]) for source in document["sources"]] == [("ok", 0)] * 3


async def test_facets_count_the_works_of_the_whole_set(library: Library) -> None:
    document = await library.search("asthma", per_page=2)
    facets = {name: {one["value"]: one["count"] for one in counts} for name, counts in document["facets"].items()}
    assert sum(facets["type"].values()) == document["works"]
    assert facets["type"]["preprint"] == 1
    assert facets["evidence"]["randomised-trial"] == 1
    assert facets["year"]["2010"] == 1


async def test_persian_words_find_persian_books(library: Library) -> None:
    document = await library.search("آسم کودكان", sources="catalogue")
    assert titles(document) == ["آسم کودکان"]
    assert document["query"]["text"] == "آسم کودكان"


# How it is asked


async def test_a_search_in_a_body_gives_the_answer_of_the_same_search_in_an_address(library: Library) -> None:
    sent = {"q": "asthma", "sources": ["pubmed", "catalogue"], "per_page": 5, "year_from": 2005, "type": ["journal-article"]}
    by_post = await library.http.post("/api/v1/search", json=sent)
    by_get = await library.search("asthma", sources="pubmed,catalogue", per_page=5, year_from=2005, type="journal-article")
    assert by_post.status_code == 200
    assert by_post.json()["results"] == by_get["results"]


@pytest.mark.parametrize("sources", ["pubmed,catalogue", "catalogue, pubmed", ["pubmed", "catalogue"], "pubmed,catalogue,pubmed"])
async def test_only_the_chosen_sources_are_asked_and_listed(library: Library, sources: str | list[str]) -> None:
    document = await library.search("asthma", sources=sources)
    assert [source["id"] for source in document["sources"]] == ["pubmed", "catalogue"]
    assert library.crossref.requests == []


async def test_pages_are_slices_of_one_list(library: Library) -> None:
    whole = await library.search("asthma", per_page=100)
    sliced = [await library.search("asthma", per_page=5, page=page) for page in (1, 2, 3)]
    assert [work["id"] for page in sliced for work in page["results"]] == [work["id"] for work in whole["results"]]
    assert {(page["works"], page["pages"]) for page in sliced} == {(whole["works"], 3)}


async def test_numbers_may_be_typed_in_persian_digits(library: Library) -> None:
    document = await library.search("asthma", per_page="۵", page="۲", year_from="۲۰۰۱", year_to="٢٠٢٠", depth="۵۰")
    assert (document["page"], document["per_page"]) == (2, 5)
    assert (document["query"]["year_from"], document["query"]["year_to"]) == (2001, 2020)


async def test_years_are_kept_to_at_both_ends(library: Library) -> None:
    document = await library.search("asthma", year_from=2003, year_to=2011, sources="pubmed,crossref")
    assert sorted(work["year"] for work in document["results"]) == [2003, 2004, 2010, 2011]


async def test_types_and_languages_narrow_the_question_and_are_repeatable(library: Library) -> None:
    books = await library.search("asthma", type=["book", "preprint"], sources="crossref,catalogue")
    assert {work["type"] for work in books["results"]} == {"book", "preprint"}
    spanish = await library.search("asthma", language=["es", "fa"], sources="pubmed,catalogue")
    assert {work["language"] for work in spanish["results"]} == {"es", "fa"}


async def test_a_language_that_a_source_cannot_ask_for_is_a_loss_in_words(library: Library) -> None:
    document = await library.search("asthma", language="es")
    assert by_source(document)["crossref"]["losses"] != []


async def test_newest_first_goes_by_date(library: Library) -> None:
    years = [work["year"] for work in (await library.search("asthma", sort="newest", sources="pubmed,crossref"))["results"]]
    assert years == sorted(years, reverse=True)


async def test_depth_bounds_what_each_source_is_asked_for(library: Library) -> None:
    document = await library.search("asthma", depth=3)
    assert [source["returned"] for source in document["sources"][:2]] == [3, 3]
    assert all(source["total"] > 3 for source in document["sources"][:2])


async def test_a_doi_finds_its_work_and_the_number_is_read_in_any_notation(library: Library) -> None:
    for written in ("10.5555/library.10", "https://doi.org/10.5555/LIBRARY.10", "doi:10.5555/library.10"):
        assert [work["doi"] for work in (await library.search(written))["results"]] == ["10.5555/library.10"]
    assert [work["pmid"] for work in (await library.search("91000010"))["results"]] == ["91000010"]


async def test_the_strategies_say_what_was_lost(library: Library) -> None:
    document = await library.search("asthma[tiab] NOT cat")
    losses = {source["id"]: source["losses"] for source in document["sources"]}
    assert losses["pubmed"] == []
    assert "Crossref cannot exclude words: what stands after NOT was left out." in losses["crossref"]
    assert by_source(document)["pubmed"]["strategy"] == "asthma[tiab] NOT cat"


async def test_the_order_of_arrival_never_shows(open_library: Open) -> None:
    async with open_library(CACHE__FRESH_S="0") as library:

        async def shown(late: Network) -> dict[str, Any]:
            late.waits_for(lambda: asyncio.sleep(0.02))
            document = await library.search("asthma", per_page=100)
            late.says = None
            return document

        one, other = await shown(library.pubmed), await shown(library.crossref)
        assert one["results"] == other["results"]
        assert [source["id"] for source in one["sources"]] == [source["id"] for source in other["sources"]]


# When sources fail


async def test_a_late_source_is_named_and_the_rest_is_the_answer(library: Library) -> None:
    library.crossref.waits_for(never)
    document = await library.search("asthma", deadline_ms=700)
    crossref = by_source(document)["crossref"]
    assert (crossref["status"], crossref["total"], crossref["returned"]) == ("timeout", None, 0)
    assert "0.7 s" in crossref["message"]
    assert by_source(document)["pubmed"]["status"] == "ok"
    assert document["works"] > 0
    assert document["elapsed_ms"] < 5_000


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ((503, "<html>"), "error", "out of order"),
        ((500, '{"status":"error","message-type":"exception"}'), "error", "out of order"),
        ((429, ""), "throttled", "asked too often"),
        ((403, ""), "error", "refused access"),
        ((200, "<html><body>Maintenance</body></html>"), "error", "web page"),
        ((200, '{"status":"ok","message":{"items":'), "error", "cut off"),
        ((200, "[" * 100_000 + "]" * 100_000), "error", "not JSON"),
        ((200, '{"message":{"items":[{"DOI":"10.1/x","title":["\\ud800"]}],"total-results":' + "9" * 5_000 + "}}"), "error", "Crossref"),
    ],
)
async def test_a_source_in_trouble_says_so_and_is_never_counted_as_zero(
    library: Library, answer: tuple[int, str], status: str, words: str
) -> None:
    library.crossref.answers(*answer)
    document = await library.search("asthma")
    crossref = by_source(document)["crossref"]
    assert (crossref["status"], crossref["total"], crossref["returned"]) == (status, None, 0)
    assert words in crossref["message"]
    assert by_source(document)["pubmed"]["status"] == "ok"


async def test_an_error_of_pubmed_inside_an_answer_that_looks_good_is_an_error(library: Library) -> None:
    library.pubmed.answers(200, '{"esearchresult":{"ERROR":"Search Backend failed:\n unavailable"}}')
    assert by_source(await library.search("asthma"))["pubmed"]["status"] == "error"


async def test_records_that_cannot_be_read_make_a_partial_answer(library: Library) -> None:
    items = [{"DOI": "10.5555/a", "title": ["Asthma"]}, {"DOI": "10.5555/b", "title": ["Asthma"], "issued": "Friday", "author": "x"}, 7]
    library.crossref.answers(200, json.dumps({"status": "ok", "message": {"items": items, "total-results": 3}}))
    crossref = by_source(await library.search("asthma", sources="crossref"))["crossref"]
    assert crossref["status"] == "partial"
    assert "could not be read" in crossref["message"]


async def test_an_older_answer_serves_when_the_source_fails_and_tells_its_age(open_library: Open) -> None:
    async with open_library(CACHE__FRESH_S="0") as library:
        before = await library.search("asthma", sources="crossref")
        library.crossref.answers(503)
        document = await library.search("asthma", sources="crossref")
        crossref = by_source(document)["crossref"]
        assert (crossref["status"], crossref["returned"]) == ("stale", by_source(before)["crossref"]["returned"])
        assert crossref["age_s"] >= 0
        assert "this is its answer of" in crossref["message"]
        assert [work["id"] for work in document["results"]] == [work["id"] for work in before["results"]]


async def test_a_fresh_answer_is_not_asked_for_again(library: Library) -> None:
    await library.search("asthma")
    calls = len(library.pubmed.requests) + len(library.crossref.requests)
    again = await library.search("asthma")
    assert len(library.pubmed.requests) + len(library.crossref.requests) == calls == 3
    assert {source["status"] for source in again["sources"]} == {"ok"}


async def test_a_source_that_keeps_failing_is_left_alone_for_a_while(open_library: Open) -> None:
    async with open_library(BREAKER__FAILURES="1") as library:
        library.crossref.answers(503)
        await library.search("asthma")
        calls = len(library.crossref.requests)
        crossref = by_source(await library.search("cat"))["crossref"]
        assert (crossref["status"], crossref["total"]) == ("suspended", None)
        assert len(library.crossref.requests) == calls


async def test_a_late_answer_is_there_on_the_next_try(library: Library) -> None:
    go_on = asyncio.Event()
    library.crossref.waits_for(go_on.wait)
    assert by_source(await library.search("asthma", deadline_ms=700))["crossref"]["status"] == "timeout"
    go_on.set()
    await asyncio.gather(*library.services.late)
    library.crossref.fails(AssertionError("asked again"))
    assert by_source(await library.search("asthma"))["crossref"]["status"] == "ok"


async def test_a_source_that_is_switched_off_is_skipped_only_where_it_was_asked_for(open_library: Open) -> None:
    async with open_library(SOURCES__CROSSREF__ENABLED="false") as library:
        assert [source["id"] for source in (await library.search("asthma"))["sources"]] == ["pubmed", "catalogue"]
        asked_for = by_source(await library.search("asthma", sources="pubmed,crossref"))
        assert (asked_for["crossref"]["status"], asked_for["crossref"]["total"]) == ("skipped", None)
        assert "switched off" in asked_for["crossref"]["message"]


async def test_a_source_that_cannot_express_the_question_is_skipped_with_the_reason(library: Library) -> None:
    document = await library.search("91000010[pmid]")
    assert by_source(document)["crossref"]["status"] == "skipped"
    assert by_source(document)["crossref"]["message"]
    assert [work["pmid"] for work in document["results"]] == ["91000010"]


async def test_an_outage_of_everything_outside_leaves_the_catalogue(library: Library) -> None:
    library.pubmed.fails(httpx.ConnectError("no route"))
    library.crossref.fails(httpx.ConnectTimeout("too slow"))
    document = await library.search("asthma")
    assert [source["status"] for source in document["sources"]] == ["error", "timeout", "ok"]
    assert {record["source"] for work in document["results"] for record in work["records"]} == {"catalogue"}


@pytest.mark.parametrize(("asked", "sent"), [("1385", (2006, 2017)), ("۱۳۸۵", (2006, 2017)), ("2006", (2006, 2017))])
async def test_persian_solar_years_are_read_as_the_western_years_they_lie_in(library: Library, asked: str, sent: tuple[int, int]) -> None:
    answer = await library.http.get(
        "/api/v1/search", params={"q": "asthma", "year_from": asked, "year_to": "1395" if asked != "2006" else "2017"}
    )
    query = answer.json()["query"]
    assert (query["year_from"], query["year_to"]) == sent
