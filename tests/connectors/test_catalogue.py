"""The library's catalogue as a source."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from fedsearch.catalogue import CatalogueAnswer, LoadCounts, LoadedRecord, Searchable, SqliteCatalogue
from fedsearch.connectors.catalogue import CATALOGUE, LocalCatalogue
from fedsearch.errors import CatalogueError, SourceBroken, UnsupportedQuery
from fedsearch.model import Page, Record, Strategy
from fedsearch.query import Limits, Query, parse


def loaded(number: str, title: str, published: str, subject: str = "") -> LoadedRecord:
    record = Record(source=CATALOGUE.id, id=number, title=title, published=published, type="book", languages=("en",))
    return LoadedRecord(record, Searchable(titles=(title,), subjects=(subject,) if subject else ()))


@pytest.fixture
def connector(tmp_path: Path) -> Iterator[LocalCatalogue]:
    with SqliteCatalogue(tmp_path / "catalogue.db") as catalogue:
        catalogue.load(
            [
                loaded("a", "Heart failure", "2015", "Heart Failure"),
                loaded("b", "Heart surgery", "2020"),
                loaded("c", "Kidney failure", "2018"),
            ]
        )
        yield LocalCatalogue(catalogue)


def ask(connector: LocalCatalogue, query: Query) -> Page:
    return asyncio.run(connector.search(connector.translate(query), 10))


def ids(page: Page) -> list[str]:
    return [hit.record.id for hit in page.hits]


def test_hits_are_ranked_from_one_with_the_total(connector: LocalCatalogue) -> None:
    page = ask(connector, parse("heart"))
    assert ([hit.rank for hit in page.hits], page.total, page.source) == ([1, 2], 2, "catalogue")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("heart AND failure OR kidney NOT surgery", {"a", "c"}),
        ("heart OR (failure AND kidney)", {"a", "b", "c"}),
        ("surgery OR kidney AND failure", {"c"}),
        ('"heart failure"[mh:noexp]', {"a"}),
        ("heart AND 2020[dp]", {"b"}),
        ("asthma[ad] OR kidney", {"c"}),
        ("kidney NOT 12345678[pmid]", {"c"}),
        ("kidney OR 12345678[pmid]", {"c"}),
    ],
)
def test_the_strategy_asks_what_the_query_means(connector: LocalCatalogue, text: str, found: set[str]) -> None:
    assert set(ids(ask(connector, parse(text)))) == found


def test_limits_and_order_travel_with_the_strategy(connector: LocalCatalogue) -> None:
    query = parse("heart", Limits(2010, 2024, ("book",), ("en", "fa")), "newest")
    strategy = connector.translate(query)
    assert strategy.parameters == (("years", "2010:2024"), ("types", "book"), ("languages", "en,fa"), ("sort", "newest"))
    assert ids(ask(connector, query)) == ["b", "a"]
    assert ids(ask(connector, parse("heart", Limits(year_from=2016)))) == ["b"]
    assert ids(ask(connector, parse("heart", Limits(year_to=2016)))) == ["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Heart Failure[mh]", "stand below"),
        ("Heart Failure[majr:noexp]", "major"),
        ("Smith J[1au]", "first and last"),
        ("heart AND review[pt]", "Publication types"),
        ("h*rt", "first asterisk"),
        ("heart AND 2020/05/01[dp]", "years only"),
        ("heart AND 2020[edat]", "dates of entry"),
        ("heart AND humans[sb]", "no field [sb]: “humans”"),
        ("heart OR 12345678[pmid]", "PubMed numbers"),
        ("heart AND ـ", "without letters"),
    ],
)
def test_what_the_catalogue_cannot_do_is_said_once(connector: LocalCatalogue, text: str, said: str) -> None:
    (loss,) = connector.translate(parse(text)).losses
    assert said in loss


def test_what_it_can_do_loses_nothing(connector: LocalCatalogue) -> None:
    text = '"heart failure"[ti:~2] AND cardi*[tiab] NOT persian[la] AND Smith[au] AND 2010:2020[dp] AND 0009-7322[issn] AND WG 200[cn]'
    assert connector.translate(parse(text)).losses == ()


@pytest.mark.parametrize("text", ["12345678", "PMC123456", "heart AND 12345678[pmid]", "asthma[ad]", "2020[edat]", "ـ"])
def test_a_query_of_which_nothing_can_be_asked_is_not_asked(connector: LocalCatalogue, text: str) -> None:
    with pytest.raises(UnsupportedQuery, match="catalogue") as caught:
        connector.translate(parse(text))
    assert caught.value.hint


def test_parentheses_beyond_the_engines_depth_are_refused_in_words(connector: LocalCatalogue) -> None:
    with pytest.raises(UnsupportedQuery, match="at most 8 deep"):
        connector.translate(parse("heart AND (" * 20 + "a OR b" + ")" * 20))


def test_a_long_row_of_operators_needs_no_parentheses(connector: LocalCatalogue) -> None:
    text = " ".join(["heart AND failure OR"] * 60 + ["kidney"])
    assert connector.translate(parse(text)).text == text
    assert ask(connector, parse(text)).total == 2


class Unusable:
    """A catalogue whose disk has failed."""

    def load(self, records: Iterable[LoadedRecord]) -> LoadCounts:
        raise NotImplementedError

    def delete(self, control_numbers: Iterable[str]) -> int:
        raise NotImplementedError

    def count(self) -> int:
        raise NotImplementedError

    def record(self, control_number: str) -> Record | None:
        raise NotImplementedError

    def search(self, query: Query, limit: int) -> CatalogueAnswer:
        raise CatalogueError("The catalogue cannot be used (disk I/O error).", "Check the disk.")

    def holdings_of_journals(self, issns: Iterable[str]) -> dict[str, tuple[Record, ...]]:
        raise NotImplementedError


def test_a_catalogue_out_of_order_is_an_error_and_not_an_empty_answer() -> None:
    with pytest.raises(SourceBroken, match="disk I/O error"):
        asyncio.run(LocalCatalogue(Unusable()).search(Strategy(text="heart"), 5))
