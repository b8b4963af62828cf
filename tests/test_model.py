"""The nouns: they are frozen, refuse what they do not know, and read what is not told as absent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from fedsearch.errors import SourceError, SourceSuspended, SourceThrottled, SourceTimeout
from fedsearch.model import Answered, Failed, Identifiers, MeshHeading, Record, Skipped, Source, SourceId, Strategy
from tests.building import page, record, work

SOURCE = Source(id=SourceId("pubmed"), name="PubMed")
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_identifiers_are_bare_whatever_notation_they_came_in() -> None:
    ids = Identifiers(doi="https://doi.org/10.1000/ABC", pmid="PMID: 0123", pmcid="pmc 77", isbn=("0-306-40615-2", "9780306406157", "bad"))
    assert ids == Identifiers(doi="10.1000/abc", pmid="123", pmcid="PMC77", isbn=("9780306406157",))
    assert Identifiers(doi="n/a", pmid="none", pmcid="", isbn=("x",)) == Identifiers()


@pytest.mark.parametrize("date", ["2024", "2024-03", "2024-03-31"])
def test_a_date_is_as_precise_as_it_is_given(date: str) -> None:
    assert record(published=date).published == date
    assert record(published=date).year == 2024


@pytest.mark.parametrize("date", ["", "0000", "24", "2024-13", "2024-00", "2024-01-32", "2024/01", "Winter 2024", "2024-1"])
def test_what_is_no_date_is_unknown(date: str) -> None:
    assert record(published=date).published is None
    assert record(published=date).year is None


def test_the_date_online_serves_where_no_other_is_told() -> None:
    assert record(published_online="2020-12-30").year == 2020
    assert record(published="2021", published_online="2020-12-30").year == 2021


def test_nouns_are_frozen_and_refuse_unknown_members() -> None:
    one = record()
    with pytest.raises(ValidationError, match="frozen"):
        one.title = "Another"
    with pytest.raises(ValidationError, match="not permitted"):
        Record.model_validate({"source": "pubmed", "id": "1", "title": "x", "titel": "y"})


def test_issns_are_checked_and_said_once() -> None:
    assert record(issn=("00284793", "0028-4793", "1234-5678")).issn == ("0028-4793",)


def test_a_record_goes_through_json_and_back_unchanged() -> None:
    one = record(doi="10.1000/a", mesh=(MeshHeading(name="Asthma", major=True),), authors=["Hansen K", "*A Group"], published="2024-05")
    assert Record.model_validate_json(one.model_dump_json()) == one


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        (MeshHeading(name="Asthma"), "Asthma"),
        (MeshHeading(name="Asthma", major=True), "*Asthma"),
        (
            MeshHeading(name="Heart Failure", major=True, qualifiers=("drug therapy", "mortality"), major_qualifiers=("drug therapy",)),
            "Heart Failure/*drug therapy/mortality",
        ),
    ],
)
def test_a_heading_reads_as_medline_writes_it(heading: MeshHeading, written: str) -> None:
    assert str(heading) == written


def test_a_work_names_its_sources_once() -> None:
    assert work("crossref", "10.1/a").sources == ("crossref",)


def test_an_answer_is_whole_partial_or_stale() -> None:
    whole = page(record())
    assert Answered(SOURCE, whole, 1, NOW).status == "ok"
    partial = type(whole)(whole.source, whole.hits, whole.total, whole.strategy, unreadable=1)
    assert Answered(SOURCE, partial, 1, NOW).status == "partial"
    assert Answered(SOURCE, partial, 1, NOW, stale_s=60).status == "stale"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SourceError("x"), "error"),
        (SourceTimeout("x"), "timeout"),
        (SourceThrottled("x"), "throttled"),
        (SourceSuspended("x"), "suspended"),
    ],
)
def test_a_failure_has_the_status_of_its_error(error: SourceError, status: str) -> None:
    assert Failed(SOURCE, Strategy(text="x"), error, 1, NOW).status == status
    assert Skipped(SOURCE, "off").status == "skipped"
