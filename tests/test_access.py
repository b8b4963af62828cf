"""The ladder: every known way to a work's text, best first, and what is not certain says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fedsearch.access import Library, access_options, covers, library_of
from fedsearch.model import AccessOption, Item, Licence, Link, Record
from fedsearch.settings import load
from tests.building import record, work

TODAY = date(2026, 3, 15)
ISSN = "0028-4793"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
LIBRARY = Library(
    resolver="https://resolver.example.org/openurl?sid=x",
    resolver_label="Find it",
    request="https://example.org/request",
    request_label="Ask for a copy",
    places={"CENTRAL": "Central Library", "MED": "Medicine"},
)


def options(library: Library = LIBRARY, **more: Any) -> tuple[AccessOption, ...]:
    return access_options(work(**more), library, TODAY)


def labels(library: Library = Library(), **more: Any) -> list[str]:
    return [option.label for option in options(library, **more)]


def held(*statements: str, **more: Any) -> Library:
    items = tuple(Item(place="CENTRAL", statement=statement) for statement in statements)
    journal = record("catalogue", "j1", title="The New England journal of medicine", type="journal", items=items, **more)
    return Library(journals={ISSN: (journal,)}, places=LIBRARY.places)


def copy(available: bool | None = True, **more: Any) -> Item:
    return Item(place="CENTRAL", shelf="MED", call_number="WB 100", available=available, **more)


def test_the_ways_come_best_first() -> None:
    journal = held("v.350(2004)-")
    library = replace(LIBRARY, journals=journal.journals)
    found = options(library, published="2014", issn=(ISSN,), doi="10.1000/a", pmcid="PMC1", licences=(Licence(url=CC_BY),))
    assert [option.kind for option in found] == ["shelf", "open", "open", "resolver", "request"]


def test_one_address_is_offered_once() -> None:
    found = options(doi="10.1000/a", licences=(Licence(url=CC_BY),))
    assert [option.url for option in found].count("https://doi.org/10.1000/a") == 1
    assert next(option.kind for option in found if option.url == "https://doi.org/10.1000/a") == "open"


def test_a_damaged_copy_is_not_known_to_be_in() -> None:
    (option,) = options(held(), items=(copy(None, status="damaged"),))
    assert option.label.endswith("(not known whether it is in)")


def test_a_work_of_which_nothing_is_known_can_still_be_asked_for() -> None:
    assert [option.kind for option in options()] == ["resolver", "request"]
    assert options(Library()) == ()
    (contact,) = options(Library(contact="mailto:library@example.org"))
    assert (contact.kind, contact.url, contact.label) == ("request", "mailto:library@example.org", "Ask the library for a copy")


# The shelf


def test_copies_on_one_shelf_are_counted_together() -> None:
    (option,) = options(held(), items=(copy(), copy(False, status="on loan until 2026-04-01"), copy()))
    assert option.label == "On the shelf: Central Library, Medicine, WB 100 (2 of 3 copies)"
    assert (option.detail["place"], option.detail["call_number"]) == ("Central Library, Medicine", "WB 100")
    assert (option.detail["copies"], option.detail["available"], option.detail["certain"]) == (3, 2, True)


def test_a_title_whose_copies_are_all_out_says_so() -> None:
    (option,) = options(held(), items=(copy(False), copy(False)))
    assert option.label == "On loan: Central Library, Medicine, WB 100"
    assert option.detail["available"] == 0


def test_copies_of_which_nothing_is_known_are_not_promised() -> None:
    (option,) = options(held(), items=(copy(None), copy(False)))
    assert option.label == "Held: Central Library, Medicine, WB 100 (not known whether it is in)"
    assert option.detail["available"] is None
    assert option.detail["certain"] is False


@pytest.mark.parametrize("status", ["lost", "Lost and paid for", "withdrawn", "Missing", "DISCARDED"])
def test_a_copy_that_is_gone_is_left_out(status: str) -> None:
    assert options(held(), items=(copy(status=status),)) == ()
    (option,) = options(held(), items=(copy(status=status), copy()))
    assert option.detail["copies"] == 1


def test_shelves_with_a_copy_in_come_before_shelves_without() -> None:
    out, inside = copy(False), Item(place="Ward", available=True)
    assert [label.partition(":")[0] for label in labels(items=(out, inside))] == ["On the shelf", "On loan"]


def test_places_without_a_name_show_their_code_and_no_place_is_the_library() -> None:
    assert labels(items=(Item(place="X1", barcode="1", available=True),)) == ["On the shelf: X1"]
    assert labels(items=(Item(barcode="1", available=True),)) == ["On the shelf: In the library"]


def test_a_statement_of_holdings_is_shown_as_it_is_written() -> None:
    (option,) = options(held(), type="journal", items=(Item(place="CENTRAL", call_number="W1", statement="v.350(2004)-v.373(2015)"),))
    assert option.label == "Held: Central Library, W1, v.350(2004)-v.373(2015)"
    assert (option.detail["copies"], option.detail["available"]) == (0, None)


# The journal on the shelf


@pytest.mark.parametrize(
    ("statement", "year", "expected"),
    [
        ("v.350(2004)-v.373(2015)", 2004, True),
        ("v.350(2004)-v.373(2015)", 2010, True),
        ("v.350(2004)-v.373(2015)", 2015, True),
        ("v.350(2004)-v.373(2015)", 2003, False),
        ("v.350(2004)-v.373(2015)", 2016, False),
        ("1998-", 2026, True),
        ("1998-", 1997, False),
        ("v.12(1998)- .", 2020, True),
        ("v.12(1998)–", 2020, True),
        ("1998-2005; 2010-", 2007, False),
        ("1998-2005, 2010-", 2012, True),
        ("1998-2005; 2010-", 2003, True),
        ("1998, 2005", 2000, False),
        ("1998, 2005", 2005, True),
        ("2004", 2004, True),
        ("2004", 2005, False),
        ("v.350(2004)", 2004, True),
        ("v.350(2004)", 2005, None),
        ("v.1-v.20(2010)", 2005, None),
        ("v.1(1998) v.8(2005)", 2000, None),
        ("2001-2003 2005-2009", 2004, None),
        ("1998-2005 (lacks 2001)", 2001, None),
        ("1998-2005, incomplete", 2002, None),
        ("1998-2005 (incomplete)", 2006, False),
        ("۱۳۸۰-۱۳۹۰", 2005, None),
        ("v.1-v.20", 2005, None),
        ("", 2005, None),
        ("1998-", None, None),
        ("no.12345-20041", 2004, None),
    ],
)
def test_a_statement_takes_a_year_in_leaves_it_out_or_does_not_tell(statement: str, year: int | None, expected: bool | None) -> None:
    assert covers(statement, year) is expected


def test_an_article_is_found_in_the_journal_that_is_held_for_its_year() -> None:
    (option,) = options(held("v.350(2004)-"), published="2014", issn=(ISSN,))
    assert option.label == "Journal on the shelf: Central Library, v.350(2004)-"
    assert option.detail["certain"] is True
    assert options(held("v.350(2004)-"), published="1999", issn=(ISSN,)) == ()
    assert options(held("v.350(2004)-"), published="2014", issn=("0140-6736",)) == ()


def test_a_journal_that_may_be_held_for_the_year_says_to_check() -> None:
    (option,) = options(held("v.350-"), published="2014", issn=(ISSN,))
    assert option.label.endswith("v.350-; check the issue")
    assert option.detail["certain"] is False


def test_indexes_and_supplements_of_a_journal_are_not_the_journal() -> None:
    assert options(held("Indexes: 2000-", "Supplements: 2000-"), published="2014", issn=(ISSN,)) == ()


def test_a_journal_held_under_two_issns_is_named_once() -> None:
    journal = held("2004-").journals[ISSN][0]
    library = Library(journals={ISSN: (journal,), "1533-4406": (journal,)})
    assert len(options(library, published="2014", issn=(ISSN, "1533-4406"))) == 1


def test_a_work_with_copies_of_its_own_needs_no_journal() -> None:
    assert labels(held("2004-"), published="2014", issn=(ISSN,), items=(copy(),)) == ["On the shelf: Central Library, Medicine, WB 100"]


# Open copies


def test_pubmed_central_is_open_without_a_condition() -> None:
    (option,) = options(Library(), pmcid="PMC4280750")
    assert option.url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC4280750/"


@pytest.mark.parametrize(
    ("licence", "label"),
    [
        (Licence(url=CC_BY), "Open under CC BY 4.0 at the publisher"),
        (Licence(url=CC_BY, version="vor"), "Open under CC BY 4.0 at the publisher (published version)"),
        (Licence(url=CC_BY, version="am"), "Open under CC BY 4.0 at the publisher (accepted manuscript)"),
        (Licence(url="https://creativecommons.org/licenses/by-nc-nd/3.0/igo"), "Open under CC BY-NC-ND 3.0 at the publisher"),
        (Licence(url="https://creativecommons.org/publicdomain/zero/1.0/"), "Open under CC0 at the publisher"),
        (Licence(url=CC_BY, start="2026-03-15"), "Open under CC BY 4.0 at the publisher"),
    ],
)
def test_an_open_licence_in_force_opens_the_publishers_copy(licence: Licence, label: str) -> None:
    assert labels(doi="10.1000/a", licences=(licence,))[0] == label


@pytest.mark.parametrize(
    "licence",
    [
        Licence(url=CC_BY, start="2026-03-16"),
        Licence(url=CC_BY, start="2027"),
        Licence(url=CC_BY, version="tdm"),
        Licence(url="https://www.elsevier.com/tdm/userlicense/1.0/"),
        Licence(url="https://evil.example/?https://creativecommons.org/licenses/by/4.0/"),
    ],
)
def test_a_licence_not_yet_in_force_or_not_for_readers_opens_nothing(licence: Licence) -> None:
    assert [option.kind for option in options(Library(), doi="10.1000/a", licences=(licence,))] == ["resolver"]


def test_the_published_version_is_named_before_the_manuscript() -> None:
    licences = (Licence(url=CC_BY, version="am"), Licence(url=CC_BY, version="vor"))
    assert "published version" in labels(doi="10.1000/a", licences=licences)[0]


def test_a_preprint_is_free_and_says_what_it_is() -> None:
    option = options(Library(), type="preprint", doi="10.1101/2020.01.01")[0]
    assert (option.kind, option.label, option.detail["version"]) == ("open", "Preprint, free to read", "preprint")


def test_an_address_from_the_catalogue_is_offered_as_unchecked() -> None:
    links = (Link(url="https://books.example.org/1", label="Full text", kind="full-text"), Link(url="https://x.example", kind="related"))
    (option,) = options(Library(), source="catalogue", links=links)
    assert option.label == "Full text (as catalogued; access not checked)"
    assert option.detail["certain"] is False


def test_the_publishers_page_is_no_open_copy() -> None:
    (option,) = options(Library(), doi="10.1000/a")
    assert (option.kind, option.url) == ("resolver", "https://doi.org/10.1000/a")
    assert "may need a subscription" in option.label
    assert option.detail["certain"] is False


# Resolver and request


@pytest.mark.parametrize("base", ["https://resolver.example.org/openurl", "https://resolver.example.org/openurl?sid=x"])
def test_an_openurl_is_appended_to_the_resolvers_address(base: str) -> None:
    (option,) = options(Library(resolver=base), title="A & B=C")
    asked = parse_qs(urlsplit(option.url or "").query)
    assert asked["rft.atitle"] == ["A & B=C"]
    assert asked.get("sid", ["x"]) == ["x"]


def test_the_library_of_the_settings_has_its_own_words_and_addresses() -> None:
    settings = load({"FEDSEARCH_RESOLVER__URL": "https://r.example/", "FEDSEARCH_LIBRARY__CONTACT": "mailto:a@example.org"})
    journals: dict[str, tuple[Record, ...]] = {}
    library = library_of(settings, journals)
    assert (library.resolver, library.contact) == ("https://r.example/", "mailto:a@example.org")
    assert library.resolver_label == settings.resolver.label_en
