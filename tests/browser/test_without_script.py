"""Everything works where scripts do not run."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Meet, Reader
from tests.browser.test_searching import count, titles


@pytest.fixture
def plain(meet: Meet) -> Reader:
    return meet(java_script_enabled=False)


def test_search_facet_pager_order_and_record_work_without_script(plain: Reader) -> None:
    plain.goes("/")
    page = plain.searches("heart failure")
    everything = count(page)
    page.locator("ul[aria-labelledby=facet-evidence] a", has_text="Randomised trial").click()
    narrowed = count(page)
    assert 20 < narrowed < everything
    page.locator("a[rel=next]").click()
    expect(page.locator(".card .number").first).to_have_text("21")
    page.get_by_role("link", name="Clear all filters").click()
    assert count(page) == everything
    page.locator(".sort").get_by_role("link", name="Newest first").click()
    title = titles(page)[0]
    page.locator(".card h3 a").first.click()
    expect(page.locator("main h1")).to_have_text(title)


def test_folds_open_and_files_are_saved_without_script(plain: Reader, tmp_path: Path) -> None:
    page = plain.goes("/search?q=heart+failure")
    page.locator(".source summary").first.click()
    expect(page.locator(".source pre").first).to_be_visible()
    page.locator(".card summary", has_text="Why it is here").first.click()
    expect(page.locator(".card .reasons").first).to_be_visible()
    with page.expect_download() as download:
        page.locator(".exports").get_by_role("link", name="RIS").click()
    download.value.save_as(tmp_path / "list.ris")
    assert (tmp_path / "list.ris").read_text(encoding="utf-8-sig").count("TY  - ") == count(page)


def test_a_phone_opens_options_and_facets_without_script(meet: Meet) -> None:
    page = meet(java_script_enabled=False, viewport=PHONE).goes("/search?q=heart+failure")
    expect(page.get_by_label("From year")).to_be_hidden()
    page.locator(".options > summary").click()
    expect(page.get_by_label("From year")).to_be_visible()
    page.locator(".facets > summary").click()
    page.locator("ul[aria-labelledby=facet-evidence] a", has_text="Guideline").click()
    assert len(titles(page)) == count(page) > 0


def test_persian_and_mistakes_work_without_script(plain: Reader) -> None:
    plain.goes("/?lang=fa")
    page = plain.searches("پرستاری")
    expect(page.locator(".card h3").first).to_contain_text("پرستاری")
    page = plain.searches("(قلب AND ریه")
    expect(page.locator("mark")).to_contain_text("(")
