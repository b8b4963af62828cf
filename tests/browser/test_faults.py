"""When something is wrong: a source down, all of them down, a search that cannot be read, an address that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.browser.test_searching import count, titles

TakeDown = Callable[[str], None]


def test_a_source_that_is_down_is_named_in_words_above_the_results_and_never_shown_as_zero(reader: Reader, take_down: TakeDown) -> None:
    take_down("pubmed")
    page = reader.goes("/search?q=stroke+rehabilitation")
    assert count(page) == len(set(titles(page))) or count(page) > 20
    notice = page.locator(".notice-missing")
    expect(notice).to_contain_text("Not every source answered")
    expect(notice).to_contain_text("PubMed could not answer; its results are missing.")
    assert page.evaluate(
        "document.querySelector('.notice').getBoundingClientRect().top < document.querySelector('.cards').getBoundingClientRect().top"
    )
    pubmed = page.locator(".source-error")
    expect(pubmed.locator(".source-status")).to_have_text("Failed")
    expect(pubmed.locator("summary")).not_to_contain_text("found")
    pubmed.locator("summary").click()
    expect(pubmed).to_contain_text("PubMed is out of order (HTTP 503). It usually recovers by itself.")


def test_the_persian_page_tells_a_source_that_is_down_in_persian(reader: Reader, take_down: TakeDown) -> None:
    take_down("crossref")
    page = reader.goes("/search?q=stroke+prevention&lang=fa")
    expect(page.locator(".notice-missing")).to_contain_text("Crossref نتوانست پاسخ دهد")
    page.locator(".source-error summary").click()
    expect(page.locator(".source-error dl")).to_contain_text("از کار افتاده است")


def test_nothing_found_while_a_source_is_down_is_not_called_nothing(reader: Reader, take_down: TakeDown) -> None:
    take_down("pubmed,crossref")
    page = reader.goes("/search?q=zzyzx+unheard")
    expect(page.locator("h1")).to_have_text("Nothing was found in the sources that answered")
    expect(page.locator("main")).to_contain_text("This does not mean that nothing exists")


@pytest.mark.parametrize(
    ("lang", "title", "advice", "again"),
    [
        ("en", "No source answered", "This does not mean that nothing exists", "Try again"),
        ("fa", "هیچ پایگاهی پاسخ نداد", "این به معنای نبودن منبع نیست", "تلاش دوباره"),
    ],
)
def test_when_all_are_down_each_is_named_and_another_try_works(
    reader: Reader, take_down: TakeDown, lang: str, title: str, advice: str, again: str
) -> None:
    take_down("pubmed,crossref")
    page = reader.goes(f"/search?q=sepsis+{lang}&sources=pubmed,crossref&lang={lang}")
    expect(page.locator("h1")).to_have_text(title)
    main = page.locator("main")
    expect(main).to_contain_text(advice)
    for name in ("PubMed", "Crossref"):
        expect(main.locator("li", has_text=name).first).to_be_visible()
    assert not re.search(r"\b0 (?:works|found)|۰ (?:اثر|مورد)", main.inner_text())
    take_down("none")
    page.get_by_role("link", name=again).click()
    expect(page.locator(".source-error")).to_have_count(0)


@pytest.mark.parametrize(("lang", "title"), [("en", "The search cannot be read"), ("fa", "این جست‌وجو خواندنی نیست")])
def test_a_mistake_is_marked_at_its_place_with_what_would_help(reader: Reader, lang: str, title: str) -> None:
    reader.goes(f"/?lang={lang}")
    page = reader.searches("heart AND (failure OR attack")
    expect(page.locator("h1")).to_have_text(title)
    marked = page.locator(".marked")
    assert marked.evaluate("p => p.lastElementChild.lastChild.data") == "("
    assert marked.evaluate("p => [p.firstChild.data, p.lastChild.data]") == ["heart AND ", "failure OR attack"]
    assert marked.evaluate("p => getComputedStyle(p).direction") == "ltr"
    expect(page.locator("#q")).to_have_value("heart AND (failure OR attack")
    page.locator("#q").press("End")
    page.locator("#q").type(")")
    page.locator("#q").press("Enter")
    expect(page.locator(".card").first).to_be_visible()


def test_an_address_that_leads_nowhere_offers_the_way_home(reader: Reader) -> None:
    page = reader.goes("/works/pubmed%3A1?lang=en")
    expect(page.locator("h1")).to_have_text("Not found")
    page.get_by_role("link", name="Back to the start page").click()
    expect(page.locator("#q")).to_be_visible()
