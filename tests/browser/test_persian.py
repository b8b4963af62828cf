"""The Persian page: from the right, in Persian words and digits, and Persian on every link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Reader

PERSIAN_DIGITS = re.compile("[۰-۹]")


def test_the_page_runs_from_the_right_in_its_own_typeface(reader: Reader) -> None:
    page = reader.goes("/?lang=fa")
    html = page.locator("html")
    assert (html.get_attribute("dir"), html.get_attribute("lang")) == ("rtl", "fa")
    box, button = page.locator("#q").bounding_box(), page.locator(".box button").bounding_box()
    assert box
    assert button
    assert box["x"] > button["x"]
    assert page.evaluate("document.fonts.check('16px Vazirmatn', 'پرستاری')")


def test_persian_words_find_persian_books_with_their_place_on_the_shelf(reader: Reader) -> None:
    reader.goes("/?lang=fa")
    page = reader.searches("پرستاری")
    expect(page.locator("h1")).to_have_text(re.compile("^[۰-۹]+ اثر یافت شد$"))
    first = page.locator(".card").first
    expect(first.locator("h3")).to_contain_text("پرستاری")
    expect(first.locator(".mark", has_text="کتاب")).to_be_visible()
    expect(first.locator(".way-shelf")).to_contain_text("کتابخانه پرستاری")
    assert first.locator("h3").evaluate("title => getComputedStyle(title).direction") == "rtl"


def test_the_letters_of_an_arabic_keyboard_find_the_same(reader: Reader) -> None:
    persian = reader.goes("/search?lang=fa&q=پرستاری").locator(".card h3 a").all_inner_texts()
    assert reader.goes("/search?lang=fa&q=پرستاري").locator(".card h3 a").all_inner_texts() == persian != []


def test_numbers_of_ours_are_in_persian_digits_and_identifiers_are_not(reader: Reader) -> None:
    page = reader.goes("/search?lang=fa&q=heart+failure")
    counts = page.locator(".facets .count [aria-hidden]").all_text_contents()
    assert counts
    assert all(PERSIAN_DIGITS.match(text) for text in counts)
    assert not PERSIAN_DIGITS.search("".join(page.locator(".ids bdi").all_inner_texts()))


def test_no_link_of_the_page_loses_the_language(reader: Reader) -> None:
    for address in ("/?lang=fa", "/search?lang=fa&q=nursing", "/docs?lang=fa", "/search?lang=fa&q=(("):
        links = reader.goes(address).locator("a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        for_people = [href for href in links if not href.startswith(("/api/", "/openapi.json"))]
        languages = [parse_qs(urlsplit(href).query).get("lang") for href in for_people]
        assert languages.count(["en"]) == 1
        assert {str(lang) for lang in languages} == {"['fa']", "['en']"}


def test_the_other_language_shows_the_same_search(reader: Reader) -> None:
    page = reader.goes("/search?lang=fa&q=nursing&year_from=2010")
    titles = page.locator(".card h3 a").all_inner_texts()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator(".card h3 a").all_inner_texts() == titles


def shown_left_to_right(sample: Locator, text: str) -> bool:
    """Whether the first character of a text stands to the left of its last one on the screen."""
    lefts = sample.evaluate(
        """(node, text) => {
             const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
             for (let at = walker.nextNode(); at; at = walker.nextNode()) {
               const start = at.data.indexOf(text);
               if (start < 0) continue;
               return [start, start + text.length - 1].map(place => {
                 const range = document.createRange();
                 range.setStart(at, place); range.setEnd(at, place + 1);
                 return range.getBoundingClientRect().left;
               });
             }
           }""",
        text,
    )
    return bool(lefts[0] < lefts[1])


def test_years_held_are_not_turned_round_by_the_persian_words_beside_them(reader: Reader) -> None:
    page = reader.goes("/search?lang=fa&q=American+journal+of+nursing&sources=catalogue")
    notes = page.locator(".card", has_text="The American journal of nursing").locator(".way-notes")
    expect(notes).to_contain_text("موجودی")
    held = re.search(r"\d{4}-\d{4}", notes.inner_text())
    assert held
    assert shown_left_to_right(notes, held.group())


@pytest.mark.parametrize("q", ["heart failure", '"heart failure"[mh] AND dapagliflozin[tiab]', "10.1056/NEJMoa1504720", "نارسایی قلب"])
def test_why_a_work_is_here_and_what_was_lost_is_told_in_persian(reader: Reader, q: str) -> None:
    page = reader.goes("/?lang=fa")
    page = reader.searches(q)
    reasons = page.locator(".reasons li")
    assert reasons.count()
    assert reasons.locator("[lang=en]").all_text_contents() == []
