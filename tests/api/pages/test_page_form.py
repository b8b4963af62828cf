"""Addresses say what differs from the usual, and lead back to where they came from."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from fedsearch.api.pages import Form

FULL = Form(
    q="a&b=c",
    lang="fa",
    sources=("pubmed", "catalogue"),
    year_from=2010,
    types=("book",),
    sort="newest",
    per_page=50,
    page=3,
    set_id="s-1",
    filters={"year": ("2020", "2021")},
)


def query(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_usual_values_do_not_stand_in_the_address() -> None:
    assert Form(q="asthma").address() == "/search?q=asthma&lang=en"


def test_everything_else_does() -> None:
    assert query(FULL.address()) == {
        "q": ["a&b=c"],
        "lang": ["fa"],
        "sources": ["pubmed,catalogue"],
        "year_from": ["2010"],
        "type": ["book"],
        "sort": ["newest"],
        "per_page": ["50"],
        "set": ["s-1"],
        "f.year": ["2020", "2021"],
        "page": ["3"],
    }


def test_a_filter_goes_on_and_off_and_returns_to_the_first_page_of_the_same_set() -> None:
    on = FULL.toggled("type", "book")
    assert on.filters["type"] == ("book",)
    assert on.filters["year"] == ("2020", "2021")
    assert (on.page, on.set_id) == (1, "s-1")
    assert on.toggled("type", "book").filters["type"] == ()


def test_another_order_is_another_search_with_the_same_filters() -> None:
    other = FULL.newly_sorted("relevance")
    assert (other.set_id, other.page, other.filters) == (None, 1, FULL.filters)


def test_another_text_keeps_the_limits_and_drops_the_set() -> None:
    other = FULL.new_search("asthma")
    assert (other.q, other.sources, other.year_from, other.set_id, dict(other.filters)) == ("asthma", FULL.sources, 2010, None, {})


def test_a_work_id_is_one_segment_of_its_address() -> None:
    assert urlsplit(FULL.work_address("catalogue:b 12/3?x#y")).path == "/works/catalogue%3Ab%2012%2F3%3Fx%23y"
