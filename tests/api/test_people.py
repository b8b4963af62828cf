"""The pages for people over the running service: forms, languages, statuses."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import html

from tests.api.conftest import Open
from tests.library import Library

pytestmark = pytest.mark.anyio


def page(response: httpx.Response, status: int = 200) -> html.HtmlElement:
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "Traceback" not in response.text
    return html.fromstring(response.text)


def found(document: html.HtmlElement, path: str) -> list[str]:
    """What an XPath finds, as texts."""
    nodes = document.xpath(path)
    assert isinstance(nodes, list)
    return [str(node) for node in nodes]


def words(document: html.HtmlElement) -> str:
    return " ".join(document.text_content().split())


async def shown(library: Library, path: str, status: int = 200, **parameters: str) -> html.HtmlElement:
    return page(await library.get(path, **parameters), status)


async def test_the_home_page_has_one_form_that_works_without_script(library: Library) -> None:
    document = await shown(library, "/")
    (form,) = document.xpath("//form")
    assert (form.get("action"), form.get("method")) == ("/search", "get")
    assert [field.get("name") for field in form.xpath(".//input[@type='search']")] == ["q"]
    assert form.xpath(".//button[@type='submit']")
    assert sorted(field.get("value") for field in form.xpath(".//input[@name='sources']")) == ["catalogue", "crossref", "pubmed"]


@pytest.mark.parametrize(
    ("address", "accept", "lang"),
    [
        ("/", "", "en"),
        ("/", "fa-IR,fa;q=0.9,en;q=0.5", "fa"),
        ("/", "de-DE,de", "en"),
        ("/?lang=fa", "en-GB", "fa"),
        ("/?lang=en", "fa", "en"),
        ("/?lang=xx", "fa", "en"),
        ("/search?q=asthma&lang=fa", "", "fa"),
        ("/docs?lang=fa", "", "fa"),
    ],
)
async def test_the_language_is_that_of_the_address_or_else_of_the_browser(library: Library, address: str, accept: str, lang: str) -> None:
    document = page(await library.http.get(address, headers={"Accept-Language": accept}))
    assert (document.get("lang"), document.get("dir")) == (lang, {"en": "ltr", "fa": "rtl"}[lang])


async def test_a_search_shows_each_work_with_its_way_to_the_text_and_every_source(library: Library) -> None:
    text = words(await shown(library, "/search", q="asthma in adults"))
    assert "Asthma in adults: a handbook for the ward" in text
    assert "WF 553 N85a 2018" in text
    for source in ("PubMed", "Crossref", "catalogue"):
        assert source in text


async def test_the_form_comes_back_as_it_was_filled_in(library: Library) -> None:
    document = await shown(library, "/search", q='asthma "after thunderstorms"', year_from="۲۰۰۱", sort="newest", sources="pubmed")
    (form,) = document.xpath("//form[@action='/search']")
    assert form.xpath(".//input[@name='q']/@value") == ['asthma "after thunderstorms"']
    assert form.xpath(".//input[@name='year_from']/@value") == ["2001"]
    assert form.xpath(".//input[@name='sources'][@checked]/@value") == ["pubmed"]
    assert form.xpath(".//input[@name='sort']/@value") == ["newest"]


async def test_what_was_typed_is_shown_as_text_and_never_as_markup(library: Library) -> None:
    q = '"><script>alert(1)</script> asthma'.replace('"', "")
    response = await library.get("/search", q=q)
    assert "<script>alert" not in response.text
    assert "<script>alert" not in (await library.get("/search", q="((<script>alert(1)</script>")).text


async def test_an_empty_search_leads_home(library: Library) -> None:
    for q in ("", "   "):
        response = await library.get("/search", q=q, lang="fa")
        assert response.status_code == 303
        assert response.headers["location"].startswith("/?")
        assert parse_qs(urlsplit(response.headers["location"]).query)["lang"] == ["fa"]


async def test_further_pages_come_from_the_kept_set_and_ask_nobody(open_library: Open) -> None:
    async with open_library(CACHE__FRESH_S="0") as library:
        first = await shown(library, "/search", q="asthma", per_page="5")
        (following,) = {link.get("href") for link in first.xpath("//a[@rel='next']")}
        assert "set=" in following
        calls = len(library.pubmed.requests)
        second = page(await library.http.get(following))
        assert len(library.pubmed.requests) == calls
        titles = [[" ".join(h.text_content().split()) for h in one.xpath("//ol[contains(@class,'cards')]//h3")] for one in (first, second)]
        assert len(titles[0]) == len(titles[1]) == 5
        assert not set(titles[0]) & set(titles[1])


async def test_a_facet_on_the_page_narrows_the_kept_set(library: Library) -> None:
    document = await shown(library, "/search", q="asthma")
    (link,) = (href for href in document.xpath("//a/@href") if "f.type=preprint" in href)
    assert "Asthma in pregnancy" in words(narrowed := page(await library.http.get(link)))
    assert len(narrowed.xpath("//ol[contains(@class,'cards')]/li")) == 1


async def test_a_set_that_has_run_out_is_searched_again(library: Library) -> None:
    document = await shown(library, "/search", q="asthma", set="gone")
    assert document.xpath("//ol[contains(@class,'cards')]/li")


async def test_a_work_has_a_page_of_its_own_with_what_each_source_says(library: Library) -> None:
    document = await shown(library, "/search", q="asthma attacks in schools")
    link = next(href for href in document.xpath("//ol[contains(@class,'cards')]//h3//a/@href") if "91000010" in href)
    text = words(page(await library.http.get(link)))
    assert "Asthma attacks in schools" in text
    assert "10.5555/library.10" in text
    assert words(await shown(library, "/works/pubmed:91000010")).count("91000010") > 0


async def test_a_retraction_is_in_words_on_the_list(library: Library) -> None:
    assert "Retracted" in words(await shown(library, "/search", q="thunderstorms"))


async def test_a_source_in_trouble_is_named_on_the_page_in_the_readers_language(library: Library) -> None:
    library.crossref.answers(503)
    assert "Crossref" in words(await shown(library, "/search", q="asthma"))
    document = await shown(library, "/search", q="cat", lang="fa")
    assert document.xpath("//section[contains(@class,'notice-missing')]")


@pytest.mark.parametrize("lang", ["en", "fa"])
@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"q": "((asthma"}, 422),
        ({"q": "a" * 2_001}, 422),
        ({"q": "(" * 10_000}, 422),
        ({"q": "asthma\x00"}, 422),
        ({"q": "\u200c"}, 422),
        ({"q": "asthma", "year_from": "soon"}, 422),
        ({"q": "asthma", "page": "-1"}, 422),
        ({"q": "asthma", "per_page": "1000"}, 422),
        ({"q": "asthma", "sort": "oldest"}, 422),
        ({"q": "asthma", "type": "poem"}, 422),
        ({"q": "asthma", "sources": "embase"}, 422),
        ({"q": "asthma", "page": "99"}, 404),
    ],
)
async def test_bad_input_is_a_page_in_the_readers_language_with_the_form_to_mend_it(
    library: Library, lang: str, parameters: dict[str, str], status: int
) -> None:
    document = await shown(library, "/search", status, lang=lang, **parameters)
    assert document.get("lang") == lang
    assert words(document.xpath("//main")[0])
    (typed,) = document.xpath("//form[@action='/search']//input[@name='q']/@value") or [""]
    assert typed == parameters["q"].replace("\x00", "\ufffd") or "\x00" in parameters["q"]
    if lang == "fa":
        assert re.search("[\u0600-\u06ff]", document.xpath("//main//h1")[0].text_content())


async def test_a_page_beyond_the_end_leads_back_to_the_first(library: Library) -> None:
    document = await shown(library, "/search", 404, q="asthma", page="99", lang="fa")
    (back,) = document.xpath("//section[contains(@class,'empty')]//a/@href")
    assert page(await library.http.get(back)).xpath("//ol[contains(@class,'cards')]/li")


async def test_what_is_wrong_with_a_field_of_the_form_is_told_by_the_fields_name(library: Library) -> None:
    assert "year_from" in words(await shown(library, "/search", 422, q="asthma", year_from="soon"))


async def test_parameters_that_nobody_knows_do_not_keep_a_reader_from_searching(library: Library) -> None:
    await shown(library, "/search", q="asthma", utm_source="mail", fbclid="x")


async def test_every_source_in_trouble_is_a_page_that_says_so(library: Library) -> None:
    library.pubmed.answers(503)
    library.crossref.answers(503)
    document = await shown(library, "/search", 502, q="asthma", sources="pubmed,crossref")
    assert "PubMed" in words(document)
    assert document.xpath("//a[contains(@href,'/search?')]")


async def test_an_address_with_nothing_at_it_is_a_page(library: Library) -> None:
    for path in ("/nothing", "/works/pubmed:1", "/works/", "/search/"):
        response = await library.http.get(path)
        assert response.status_code in (404, 307), path
        if response.status_code == 404:
            page(response, 404)


async def test_no_page_loads_or_links_anything_but_http_addresses_of_ours_and_of_the_works(library: Library) -> None:
    for path in ("/", "/search?q=asthma", "/works/pubmed:91000010", "/docs", "/nothing"):
        document = html.fromstring((await library.http.get(path)).text)
        for attribute in found(document, "//@src | //link/@href"):
            assert re.match("/(?!/)", attribute), attribute
        for href in found(document, "//a/@href"):
            assert href.startswith(("/", "#", "https://", "http://", "mailto:")), href
        assert not document.xpath("//script[not(@src)] | //style | //*[@style] | //*[@onclick]")


async def test_exports_on_the_page_lead_to_the_files(library: Library) -> None:
    document = await shown(library, "/search", q="asthma")
    links = [unescape(href) for href in document.xpath("//a/@href") if "/export?" in href]
    assert len(links) >= 5
    for link in links:
        response = await library.http.get(link)
        assert response.status_code == 200
        assert response.headers["content-disposition"].startswith("attachment")
