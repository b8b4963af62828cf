"""The page as it is drawn: for everyone (axe), on a phone, and out of its own files alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Meet, Reader

PAGES = {
    "home": "/?",
    "results": "/search?q=heart+failure&per_page=4&year_from=1990&f.evidence=guideline",
    "record": "/works/pubmed%3A9500320?q=Wakefield",
    "book": "/works/catalogue%3Ahl000058?q=nursing",
    "error": "/search?q=(heart+AND",
    "docs": "/docs?",
}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# The reference says the same of every operation and every schema: the first ones stand for all.
REPEATED = [[".reference > section.operation ~ section.operation ~ section.operation"], [".reference > h2 ~ section ~ section ~ section"]]
for_every_page = pytest.mark.parametrize("name", PAGES)
in_both_languages = pytest.mark.parametrize("lang", ["en", "fa"])
_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(node => !node.closest('.scroll, pre, .vh') && node.getBoundingClientRect().width > 0)
  .filter(node => node.getBoundingClientRect().right > innerWidth + 1 || node.getBoundingClientRect().left < -1)
  .map(node => node.tagName + '.' + node.className).slice(0, 5)"""


def violations(page: Page) -> list[str]:
    """What axe has to say; its script is put into the page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate(
        "([left_out, options]) => axe.run({exclude: left_out}, options).then(told => told.violations)", [REPEATED, RULES]
    )
    return [f"{fault['id']}: {node['html'][:120]} {node['failureSummary']}" for fault in found for node in fault["nodes"][:2]]


@in_both_languages
@for_every_page
def test_axe_finds_no_violation_on_a_wide_screen_and_on_a_phone_in_the_dark(meet: Meet, name: str, lang: str) -> None:
    page = meet(color_scheme="light").goes(f"{PAGES[name]}&lang={lang}")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_axe_finds_no_violation_where_everything_is_unfolded(meet: Meet) -> None:
    page = meet(viewport=PHONE).goes("/search?q=heart+failure[mh]&per_page=3&lang=fa")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert violations(page) == []


@in_both_languages
@for_every_page
def test_a_phone_never_scrolls_sideways(meet: Meet, name: str, lang: str) -> None:
    page = meet(viewport=PHONE).goes(f"{PAGES[name]}&lang={lang}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(_TOO_WIDE) == []


def test_no_page_asks_anything_of_another_machine_or_one_file_twice(reader: Reader) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        asked.clear()
        reader.goes(PAGES[name]).evaluate("document.fonts.ready.then(() => true)")
        files = [urlsplit(address).path for address in asked if address.partition("?")[0].endswith((".css", ".js", ".woff2"))]
        assert len(set(files)) == len(files) > 2
        assert [address for address in asked if not address.startswith(reader.base + "/")] == []
    assert reader.asked_elsewhere == []


def test_the_page_needs_no_more_than_its_policy_allows(reader: Reader) -> None:
    response = reader.page.goto(reader.base + PAGES["results"])
    assert response
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert reader.page.evaluate("[...document.fonts].some(font => font.status === 'loaded')")
    assert reader.page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(11, 71, 83)"
