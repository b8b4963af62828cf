"""Result sets: how each source fared in words, and facets that narrow one another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fedsearch.errors import SourceThrottled
from fedsearch.model import AccessOption, Answered, Failed, Page, Skipped, Source, SourceId, Strategy
from fedsearch.results import FACETS, Asked, Result, ResultSet, SourceReport, facets, matching, report
from tests.building import page, record, result, work, work_of

SOURCE = Source(id=SourceId("pubmed"), name="PubMed")
NOW = datetime(2026, 3, 15, 8, 0, tzinfo=UTC)


def answered(stale_s: int | None = None, unreadable: int = 0, untitled: int = 0) -> SourceReport:
    whole = page(record())
    counted = Page(whole.source, whole.hits, 1_234, Strategy(text="asthma", losses=("No truncation.",)), unreadable, untitled)
    return report(Answered(SOURCE, counted, 412, NOW, stale_s))


def test_an_answer_is_reported_with_what_a_person_needs_to_repeat_it() -> None:
    told = answered()
    assert (told.status, told.strategy, told.losses, told.total, told.returned) == ("ok", "asthma", ("No truncation.",), 1_234, 1)
    assert (told.elapsed_ms, told.retrieved_at, told.message) == (412, NOW, None)


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (7_199, "1 hour"), (7_200, "2 hours"), (90_000, "1 day"), (604_800, "7 days")],
)
def test_an_older_answer_says_how_old_it_is(seconds: int, age: str) -> None:
    told = answered(stale_s=seconds)
    assert (told.status, told.age_s) == ("stale", seconds)
    assert told.message == f"PubMed did not answer; this is its answer of {age} ago."


def test_records_that_are_not_shown_are_counted_in_words() -> None:
    told = answered(unreadable=2, untitled=3)
    assert told.status == "partial"
    assert told.message == "2 records could not be read. 3 records without a title are not shown."


def test_a_failure_is_never_a_count_of_zero() -> None:
    told = report(Failed(SOURCE, Strategy(text="asthma"), SourceThrottled("Too often.", "Wait a minute."), 90, NOW))
    assert (told.status, told.total, told.message) == ("throttled", None, "Too often. Wait a minute.")
    assert told.strategy == "asthma"


def test_a_source_that_was_not_asked_says_why() -> None:
    told = report(Skipped(SOURCE, "It is switched off.", ("x",)))
    assert (told.status, told.strategy, told.total, told.message) == ("skipped", None, None, "It is switched off.")


SHELF = AccessOption(kind="shelf", label="x")
OPEN = AccessOption(kind="open", label="y")
LISTED: tuple[Result, ...] = (
    result(work("pubmed", "1", published="2024", languages=("en",)), access=(OPEN, OPEN)),
    result(work("pubmed", "2", published="2020", languages=("en", "fa"), type="preprint")),
    result(work("crossref", "3", published="2024"), access=(OPEN,)),
    result(work_of(record("pubmed", "4", doi="10.1000/a"), record("catalogue", "5", doi="10.1000/a")), access=(SHELF, OPEN)),
)


def ids(results: tuple[Result, ...]) -> list[str]:
    return [one.ranked.work.id for one in results]


def test_values_of_one_facet_are_alternatives_and_facets_narrow_one_another() -> None:
    assert ids(matching(LISTED, {"year": ["2024", "2020"]})) == ["pubmed:1", "pubmed:2", "crossref:3"]
    assert ids(matching(LISTED, {"year": ["2024"], "source": ["pubmed"]})) == ["pubmed:1"]
    assert ids(matching(LISTED, {"year": ["1999"]})) == []


def test_no_filter_lets_everything_through_in_its_order() -> None:
    assert matching(LISTED, {}) == matching(LISTED, {"year": [], "type": ()}) == LISTED


def test_a_facet_counts_what_the_other_facets_let_through() -> None:
    counted = facets(LISTED, {"year": ["2024"], "source": ["pubmed"]})
    assert counted["year"] == [("2024", 1), ("2020", 1)]
    assert counted["source"] == [("crossref", 1), ("pubmed", 1)]
    assert counted["type"] == [("journal-article", 1)]


def test_every_facet_is_counted_once_a_work_commonest_value_first() -> None:
    counted = facets(LISTED, {})
    assert tuple(counted) == FACETS
    assert counted["access"] == [("open", 3), ("shelf", 1)]
    assert counted["source"] == [("pubmed", 3), ("catalogue", 1), ("crossref", 1)]
    assert counted["type"] == [("journal-article", 3), ("preprint", 1)]
    assert counted["language"] == [("en", 2), ("fa", 1)]


def test_years_come_newest_first() -> None:
    assert facets(LISTED, {})["year"] == [("2024", 2), ("2020", 1)]


def test_a_result_set_goes_through_json_and_back_unchanged() -> None:
    kept = ResultSet(
        id="x",
        asked=Asked(text="asthma", sources=(SourceId("pubmed"),)),
        reports=(answered(stale_s=5),),
        results=LISTED,
        duplicates_removed=1,
        elapsed_ms=9,
        made_at=NOW,
    )
    assert ResultSet.model_validate_json(kept.model_dump_json()) == kept
