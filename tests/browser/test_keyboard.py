"""The page by keyboard alone: the order of stops, what has the focus, and that it can be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Meet, Reader

_STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const all = [...document.querySelectorAll('*')], look = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    place: all.indexOf(at),
    name: at.id || at.className || at.textContent.trim().slice(0, 30),
    ring: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def stops(page: Page, most: int) -> list[dict[str, object]]:
    """What the Tab key reaches, one after the other."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            break
        found.append(stop)
    return found


def test_the_first_stop_skips_to_the_content(reader: Reader) -> None:
    page = reader.goes("/search?q=heart+failure")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    "address", ["/?lang=en", "/?lang=fa", "/search?q=asthma&per_page=1&lang=en", "/search?q=asthma&per_page=1&lang=fa"]
)
def test_stops_come_in_reading_order_and_each_shows_that_it_has_the_focus(meet: Meet, viewport: dict[str, int], address: str) -> None:
    found = stops(meet(viewport=viewport).goes(address), 40)
    places = [stop["place"] for stop in found]
    assert len(found) > 10
    assert places == sorted(places, key=int)  # type: ignore[arg-type]
    assert [stop["name"] for stop in found if not stop["ring"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []


def test_a_whole_search_can_be_done_with_the_keyboard(reader: Reader) -> None:
    page = reader.goes("/")
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("heart failure")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    page.locator(".source summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".source pre").first).to_be_visible()
    title = page.locator(".card h3 a").first
    text = title.inner_text()
    title.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text(text)


def test_what_scrolls_sideways_can_be_reached_and_scrolled(meet: Meet) -> None:
    page = meet(viewport=PHONE).goes("/search?q=fundamentals+of+nursing&sources=catalogue")
    page.locator(".card h3 a").first.click()
    table = page.locator(".scroll").first
    assert table.evaluate("box => box.scrollWidth > box.clientWidth")
    table.focus()
    page.keyboard.press("ArrowRight")
    table.evaluate("box => new Promise(done => { const look = () => box.scrollLeft ? done() : requestAnimationFrame(look); look(); })")
