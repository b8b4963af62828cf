"""What a source, a catalogue or a searcher may send to do harm: it is shown as text, and nothing runs."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Meet, Reader, served

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
LINK = "javascript:alert(3)"
ITEMS = [
    {
        "DOI": f"10.5555/hostile.{number}",
        "type": "journal-article",
        "title": [f"Hostile asthma {text}"],
        "container-title": [f"Journal {text}"],
        "author": [{"family": f"Family {text}", "given": "'onmouseover='alert(4)", "sequence": "first"}],
        "publisher": text,
        "abstract": f"<jats:p>Abstract {text} <jats:script>alert(5)</jats:script></jats:p>",
        "URL": LINK,
        "link": [{"URL": LINK, "content-type": "text/html", "intended-application": "text-mining"}],
        "license": [{"URL": LINK, "content-version": "vor"}],
        "published": {"date-parts": [[2020]]},
    }
    for number, text in enumerate((SCRIPT, IMAGE, "&lt;script&gt;alert(6)&lt;/script&gt;", f'<a href="{LINK}">x</a>', "\u202egnihtemos"))
]
MARC = """<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader>
<controlfield tag="001">"&gt;&lt;b onclick=alert(7)&gt;</controlfield>
<datafield tag="245" ind1="0" ind2="0"><subfield code="a">Hostile asthma &lt;script&gt;alert(8)&lt;/script&gt;</subfield></datafield>
<datafield tag="856" ind1="4" ind2="0"><subfield code="u">javascript:alert(9)</subfield><subfield code="y">Read it</subfield></datafield>
<datafield tag="856" ind1="4" ind2="0"><subfield code="u">data:text/html,&lt;script&gt;alert(10)&lt;/script&gt;</subfield></datafield>
<datafield tag="952" ind1=" " ind2=" "><subfield code="a">&lt;img src=x onerror=alert(11)&gt;</subfield>
<subfield code="o">"onload="alert(12)</subfield><subfield code="p">1</subfield></datafield></record></collection>"""
_ACTIVE = """[...document.querySelectorAll('*')].filter(node =>
  [...node.attributes].some(a => a.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(a.value) && a.name !== 'value' && a.name !== 'content')
  || node.localName === 'script' && !node.src || node.localName === 'img' && !node.closest('.brand')).map(node => node.outerHTML)"""


async def hostile(request: httpx.Request) -> httpx.Response:
    message = {"total-results": len(ITEMS), "items": ITEMS}
    return httpx.Response(200, json={"status": "ok", "message-type": "work-list", "message": message}, request=request)


@pytest.fixture(scope="module")
def poisoned(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("poisoned")
    (folder / "hostile.marcxml").write_text(MARC, encoding="utf-8")
    with served(folder, sandbox, folder / "hostile.marcxml", crossref=httpx.MockTransport(hostile)) as address:
        yield address


@pytest.fixture
def victim(meet: Meet, poisoned: str) -> Reader:
    """Watched like every reader: a dialog, a script's error or a breach of the policy fails the test."""
    return meet(poisoned)


def everything_touched(page: Page) -> None:
    """Unfold everything and move over it, so that whatever waits for that would run."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    for card in page.locator("h1, h3, .byline, .citation, .way, td").all()[:6]:
        card.hover(force=True)


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_hostile_records_are_shown_as_text_and_nothing_in_them_runs(victim: Reader, lang: str) -> None:
    page = victim.goes(f"/search?q=asthma&sources=crossref,catalogue&lang={lang}")
    assert page.locator(".card").count() >= 3
    everything_touched(page)
    assert page.evaluate(_ACTIVE) == []
    addresses = page.locator(".card h3 a").evaluate_all("links => links.map(link => link.href)")
    for address in addresses:
        page.goto(address)
        everything_touched(page)
        assert page.evaluate(_ACTIVE) == []


def test_a_title_with_markup_in_it_reads_as_it_was_sent(victim: Reader) -> None:
    page = victim.goes("/search?q=asthma&sources=catalogue")
    expect(page.locator(".card h3 a")).to_contain_text("Hostile asthma <script>alert(8)</script>")


@pytest.mark.parametrize("typed", [SCRIPT, IMAGE.replace('"', ""), "asthma <svg onload=alert(13)>", "{{7*7}} asthma"])
def test_what_a_searcher_types_comes_back_as_text(victim: Reader, typed: str) -> None:
    victim.goes("/")
    page = victim.searches(typed)
    expect(page.locator("#q")).to_have_value(typed)
    assert page.evaluate(_ACTIVE) == []


def test_an_address_made_to_do_harm_does_none(victim: Reader) -> None:
    for address in (
        f"/search?q=asthma&lang={IMAGE}",
        f"/search?q=asthma&sort={SCRIPT}",
        f"/works/{SCRIPT}",
        f"/search?q=asthma&f.year={SCRIPT}",
    ):
        assert victim.goes(address).evaluate(_ACTIVE) == []
