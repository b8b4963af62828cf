"""A search in the browser: from the box to the list, to one work, and out into a file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from fedsearch.api.pages import EXAMPLES
from tests.browser.conftest import Meet, Reader


def titles(page: Page) -> list[str]:
    return page.locator(".card h3 a").all_inner_texts()


def years(page: Page) -> list[int]:
    return [
        int(found) for text in page.locator(".card .citation").all_inner_texts() for found in re.findall(r"\b(?:19|20)\d\d\b", text)[:1]
    ]


def count(page: Page) -> int:
    found = re.match(r"[\d,]+", page.locator("h1").inner_text())
    assert found
    return int(found.group().replace(",", ""))


def test_typing_words_and_pressing_enter_shows_works_and_how_each_source_answered(reader: Reader) -> None:
    reader.goes("/")
    page = reader.searches("heart failure")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["heart failure"]
    expect(page.locator("h1")).to_have_text(re.compile(r"^\d+ works found$"))
    expect(page.locator("#q")).to_have_value("heart failure")
    assert len(titles(page)) == 20
    assert page.locator(".source-name").all_inner_texts() == ["PubMed", "Crossref", "Library catalogue"]


def test_a_card_says_what_the_work_is_and_how_to_get_it(reader: Reader) -> None:
    card = reader.goes('/search?q="Transcatheter+mitral-valve+repair"').locator(".card").first
    expect(card.locator("h3")).to_contain_text("Transcatheter mitral-valve repair")
    expect(card.locator(".byline")).to_have_text("Stone GW, Lindenfeld J, Abraham WT, et al.")
    expect(card.locator(".citation")).to_have_text("The New England Journal of Medicine · 2018;379(24):2307-2318")
    expect(card.locator(".tier")).to_have_text("Randomised trial")
    expect(card.locator(".found")).to_have_text("Found in PubMed, Crossref")
    expect(card.locator(".way").first).to_be_visible()


def test_a_strategy_can_be_read_as_it_was_sent_and_copied(meet: Meet) -> None:
    reader = meet(permissions=["clipboard-read", "clipboard-write"])
    page = reader.goes("/search?q=heart+failure[ti]")
    source = page.locator(".source").first
    source.locator("summary").click()
    expect(source.locator("pre").first).to_have_text("heart failure[ti]")
    source.get_by_role("button", name="Copy").first.click()
    expect(source.get_by_role("button", name="Copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "heart failure[ti]"


def test_a_title_opens_the_record_and_the_record_leads_back(reader: Reader) -> None:
    page = reader.goes("/search?q=heart+failure&page=2")
    listed = titles(page)
    page.locator(".card h3 a").first.click()
    expect(page.locator("main h1")).to_have_text(listed[0])
    expect(page.get_by_role("heading", name="How to get it")).to_be_visible()
    expect(page.locator("table.compare th[scope=col]").first).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    assert titles(page) == listed


def test_a_book_lists_its_copies_in_the_librarys_words(reader: Reader) -> None:
    page = reader.goes("/search?q=fundamentals+of+nursing&sources=catalogue")
    page.locator(".card h3 a").first.click()
    copies = page.locator("section[aria-labelledby=items] table")
    expect(copies).to_contain_text("Nursing Library")
    expect(copies).not_to_contain_text("NURSING")


def test_a_facet_narrows_the_list_and_can_be_taken_away(reader: Reader) -> None:
    page = reader.goes("/search?q=heart+failure")
    everything, listed = count(page), titles(page)
    value = page.locator("ul[aria-labelledby=facet-evidence] a", has_text="Guideline")
    expected = int(value.locator(".count [aria-hidden]").inner_text())
    value.click()
    assert 0 < expected < everything
    assert count(page) == expected == len(titles(page))
    assert set(page.locator(".tier").all_inner_texts()) <= {"Guideline", "Guideline (inferred)"}
    page.get_by_role("link", name="Remove filter: Kind of evidence: Guideline").click()
    assert (count(page), titles(page)) == (everything, listed)


def test_two_facets_narrow_together_and_are_cleared_together(reader: Reader) -> None:
    page = reader.goes("/search?q=heart+failure")
    everything = count(page)
    page.locator("ul[aria-labelledby=facet-evidence] a", has_text="Randomised trial").click()
    one = count(page)
    page.locator("ul[aria-labelledby=facet-access] a", has_text="On the shelf").click()
    assert 0 < count(page) < one < everything
    page.get_by_role("link", name="Clear all filters").click()
    assert count(page) == everything


def test_the_pager_walks_through_the_whole_list_without_repeating_a_work(reader: Reader) -> None:
    page = reader.goes("/search?q=heart+failure")
    works, seen = count(page), titles(page)
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        seen += titles(page)
    numbers = page.locator(".card .number").all_inner_texts()
    assert numbers[-1] == str(works) == str(len(seen))
    hrefs = page.locator(".card h3 a").evaluate_all("links => links.map(link => link.pathname)")
    assert len(set(hrefs)) == len(hrefs)
    page.locator("a[rel=prev]").click()
    assert titles(page) == seen[-len(numbers) - 20 : -len(numbers)]


def test_newest_first_puts_the_years_in_order(reader: Reader) -> None:
    page = reader.goes("/search?q=heart+failure")
    page.locator(".sort").get_by_role("link", name="Newest first").click()
    shown = years(page)
    assert len(shown) > 10
    assert shown == sorted(shown, reverse=True)
    expect(page.locator(".sort [aria-current]")).to_have_text("Newest first")


def test_the_whole_list_is_saved_as_ris_under_a_name_that_says_what_it_is(reader: Reader, tmp_path: Path) -> None:
    page = reader.goes("/search?q=heart+failure")
    with page.expect_download() as download:
        page.locator(".exports").get_by_role("link", name="RIS").click()
    assert download.value.suggested_filename.endswith(".ris")
    assert "heart failure" in download.value.suggested_filename.replace("-", " ").replace("_", " ")
    saved = tmp_path / "list.ris"
    download.value.save_as(saved)
    text = saved.read_text(encoding="utf-8-sig")
    assert text.count("TY  - ") == text.count("ER  - ") == count(page)
    assert "Transcatheter mitral-valve repair in patients with heart failure" in text


def test_sources_and_years_limit_a_search(reader: Reader) -> None:
    page = reader.goes("/")
    page.get_by_label("Crossref").uncheck()
    page.get_by_label("From year").fill("2015")
    page = reader.searches("heart failure")
    assert page.locator(".source-name").all_inner_texts() == ["PubMed", "Library catalogue"]
    assert min(years(page)) >= 2015
    expect(page.get_by_label("Crossref")).not_to_be_checked()
    expect(page.get_by_label("From year")).to_have_value("2015")


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_home_page_finds_what_it_names(reader: Reader, number: int) -> None:
    page = reader.goes("/")
    page.locator(".examples a").nth(number).click()
    assert count(page) >= 1
    expect(page.locator(".card").first.locator(".way").first).to_be_visible()
    best = page.locator(".card").first.locator(".reasons").first.text_content() or ""
    assert re.search(r"in the title|anywhere in the record|is the question", best)
