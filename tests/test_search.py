"""The walk itself, over connectors made up on the spot: plan, deadline, outcomes, keeping, and one work by its id."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from fedsearch import settings
from fedsearch.connectors.base import Connector
from fedsearch.decisions import DecisionStore
from fedsearch.errors import NoSourceAnswered, NotKept, SourceBroken, SourceThrottled, SourceTimeout, UnsupportedQuery
from fedsearch.model import Answered, Capabilities, Failed, Hit, Outcome, Page, Record, Skipped, Source, SourceId, Strategy
from fedsearch.query import Limits, Query, parse
from fedsearch.results import ResultSet
from fedsearch.search import SearchRequest, Services, find_work, kept_set, make_plan, search, walk
from fedsearch.store import Store
from tests.building import record

pytestmark = pytest.mark.anyio


@dataclass(slots=True)
class Made:
    """A connector whose records are given; `before` runs before it answers, and may wait or raise."""

    name: str
    records: tuple[Record, ...] = ()
    before: Callable[[], Awaitable[object]] | None = None
    refuses: str = ""
    most: int = 200
    asked: list[tuple[Strategy, int]] = field(default_factory=list)
    answered: int = 0

    @property
    def source(self) -> Source:
        return Source(id=SourceId(self.name), name=self.name.title(), capabilities=Capabilities(most_records=self.most))

    def translate(self, query: Query) -> Strategy:
        if self.refuses:
            raise UnsupportedQuery(self.refuses, "Leave it out.")
        return Strategy(text=query.text)

    async def search(self, strategy: Strategy, limit: int) -> Page:
        self.asked.append((strategy, limit))
        if self.before:
            await self.before()
        self.answered += 1
        hits = tuple(Hit(rank, one) for rank, one in enumerate(self.records[:limit], 1))
        return Page(self.source.id, hits, len(self.records), strategy)


def titled(source: str, number: str, title: str, **more: object) -> Record:
    return record(source, number, title=title, **more)  # type: ignore[arg-type]


def failing(exc: Exception) -> Callable[[], Awaitable[object]]:
    async def fail() -> None:
        raise exc

    return fail


async def never() -> None:
    await asyncio.Event().wait()


@pytest.fixture
def pubmed() -> Made:
    return Made(
        "pubmed", (titled("pubmed", "1", "Asthma in cats", doi="10.5555/1", pmid="1"), titled("pubmed", "2", "Asthma in dogs", pmid="2"))
    )


@pytest.fixture
def crossref() -> Made:
    return Made("crossref", (titled("crossref", "10.5555/1", "Asthma in cats", doi="10.5555/1"),))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "results", 10)
    yield store
    store.close()


@pytest.fixture
def serving(kept: Store, tmp_path: Path) -> Callable[..., Services]:
    def services(*connectors: Made, off: tuple[Source, ...] = (), **variables: str) -> Services:
        own = settings.load({"FEDSEARCH_DATA": str(tmp_path), **{f"FEDSEARCH_{name}": text for name, text in variables.items()}})
        known: dict[SourceId, Connector] = {connector.source.id: connector for connector in connectors}
        return Services(
            settings=own,
            connectors=known,
            switched_off={source.id: source for source in off},
            kept=kept,
            decisions=DecisionStore(tmp_path / "decisions.sqlite"),
        )

    return services


def request(text: str = "asthma", *sources: str, depth: int = 50, deadline_ms: int = 4_000) -> SearchRequest:
    return SearchRequest(parse(text), tuple(SourceId(name) for name in sources), depth, deadline_ms)


def statuses(found: ResultSet) -> dict[str, str]:
    return {str(told.id): told.status for told in found.reports}


# The plan


async def test_every_enabled_source_is_asked_unless_some_are_chosen(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    services = serving(pubmed, crossref)
    assert [connector.source.id for connector, _ in make_plan(request(), services).asked] == ["pubmed", "crossref"]
    assert [connector.source.id for connector, _ in make_plan(request("asthma", "crossref"), services).asked] == ["crossref"]


async def test_a_source_that_cannot_be_asked_is_skipped_with_the_reason(serving: Callable[..., Services], pubmed: Made) -> None:
    off = Source(id=SourceId("crossref"), name="Crossref")
    refusing = Made("catalogue", refuses="It has no call numbers.")
    plan = make_plan(request("asthma", "pubmed", "crossref", "catalogue"), serving(pubmed, refusing, off=(off,)))
    assert [(skipped.source.id, skipped.reason) for skipped in plan.skipped] == [
        ("crossref", "It is switched off in this library's configuration."),
        ("catalogue", "It has no call numbers. Leave it out."),
    ]


async def test_a_search_that_no_source_can_run_is_unsupported_with_each_reason(serving: Callable[..., Services]) -> None:
    with pytest.raises(UnsupportedQuery) as raised:
        await search(request(), serving(Made("pubmed", refuses="No words."), Made("crossref", refuses="No names.")))
    assert "Pubmed: No words." in raised.value.detail
    assert "Crossref: No names." in raised.value.detail


async def test_a_library_with_every_source_switched_off_says_what_to_do(serving: Callable[..., Services]) -> None:
    with pytest.raises(UnsupportedQuery, match="None of the chosen sources") as raised:
        await search(request(), serving())
    assert "Switch a source on" in raised.value.hint


async def test_depth_is_cut_to_what_a_source_gives_out(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    crossref.most = 30
    await search(request(depth=120), serving(pubmed, crossref))
    assert (pubmed.asked[0][1], crossref.asked[0][1]) == (120, 30)


# Outcomes


async def test_sources_are_asked_at_the_same_time(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    meeting = asyncio.Barrier(2)
    pubmed.before = crossref.before = meeting.wait
    assert statuses(await search(request(), serving(pubmed, crossref))) == {"pubmed": "ok", "crossref": "ok"}


async def test_records_of_one_work_become_one_and_are_counted(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    found = await search(request(), serving(pubmed, crossref))
    assert [result.ranked.work.id for result in found.results] == ["pubmed:1", "pubmed:2"]
    assert found.duplicates_removed == 1


async def test_the_deadline_ends_the_search_and_names_who_was_late(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    crossref.before = never
    services = serving(pubmed, crossref)
    found = await search(request(deadline_ms=100), services)
    assert statuses(found) == {"pubmed": "ok", "crossref": "timeout"}
    assert found.reports[1].message == "Crossref did not answer within 0.1 s. Its results may be there on the next try."
    assert found.elapsed_ms < 3_000
    await services.stop()


async def test_a_late_source_goes_on_until_it_has_answered(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    go_on = asyncio.Event()
    crossref.before = go_on.wait
    services = serving(pubmed, crossref)
    await search(request(deadline_ms=100), services)
    assert (crossref.answered, len(services.late)) == (0, 1)
    go_on.set()
    await asyncio.gather(*services.late)
    assert crossref.answered == 1
    await asyncio.sleep(0)
    assert services.late == set()


async def test_a_late_source_is_given_up_when_its_time_is_over(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    crossref.before = never
    services = serving(pubmed, crossref, SEARCH__LATE_S="0.05")
    await search(request(deadline_ms=100), services)
    (outcome,) = await asyncio.gather(*services.late)
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, SourceTimeout)


async def test_stopping_the_service_ends_what_still_runs(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    crossref.before = never
    services = serving(pubmed, crossref)
    await search(request(deadline_ms=100), services)
    (task,) = services.late
    await services.stop()
    assert task.cancelled()


@pytest.mark.parametrize(
    ("exc", "status"),
    [
        (SourceBroken("It is out of order."), "error"),
        (SourceThrottled("Too often."), "throttled"),
        (httpx.ConnectError("no route to 10.0.0.1"), "error"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (TimeoutError(), "timeout"),
    ],
)
async def test_what_is_understood_of_a_failure_becomes_an_outcome(
    serving: Callable[..., Services], pubmed: Made, crossref: Made, exc: Exception, status: str
) -> None:
    crossref.before = failing(exc)
    found = await search(request(), serving(pubmed, crossref))
    assert statuses(found) == {"pubmed": "ok", "crossref": status}
    assert found.reports[1].total is None
    assert found.reports[1].strategy == "asthma"
    assert "10.0.0.1" not in str(found.reports[1].message)


async def test_a_bug_stays_loud_and_leaves_nothing_running(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    waiting = asyncio.Event()

    async def wait() -> None:
        try:
            await never()
        finally:
            waiting.set()

    pubmed.before, crossref.before = wait, failing(KeyError("a bug"))
    with pytest.raises(KeyError, match="a bug"):
        await search(request(), serving(pubmed, crossref))
    await asyncio.wait_for(waiting.wait(), 5)


async def test_when_no_source_answers_each_failure_comes_along(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    pubmed.before, crossref.before = failing(SourceBroken("One.")), failing(SourceTimeout("Two."))
    with pytest.raises(NoSourceAnswered) as raised:
        await search(request(), serving(pubmed, crossref))
    assert [outcome.status for outcome in raised.value.outcomes] == ["error", "timeout"]


async def test_skipped_sources_do_not_make_an_answer(serving: Callable[..., Services], pubmed: Made) -> None:
    pubmed.before = failing(SourceBroken("One."))
    with pytest.raises(NoSourceAnswered) as raised:
        await search(request(), serving(pubmed, Made("crossref", refuses="No words.")))
    assert [type(outcome) for outcome in raised.value.outcomes] == [Failed, Skipped]


async def test_one_line_for_each_source_goes_to_the_log_without_the_question(
    serving: Callable[..., Services], pubmed: Made, crossref: Made, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="fedsearch")
    crossref.before = failing(SourceBroken("It is out of order."))
    await search(request("thunderstorms"), serving(pubmed, crossref))
    assert sorted(line.split(" seconds")[0] for line in caplog.messages) == ["source=crossref outcome=error", "source=pubmed outcome=ok"]
    assert "thunderstorm" not in caplog.text


# Step by step


async def test_the_walk_tells_each_outcome_then_the_list_so_far(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    after_pubmed = asyncio.Event()
    crossref.before = after_pubmed.wait
    steps: list[Outcome | ResultSet] = []
    async with aclosing(walk(request(), serving(pubmed, crossref, Made("catalogue", refuses="No.")))) as walking:
        async for step in walking:
            steps.append(step)
            after_pubmed.set()
    assert [type(step) for step in steps] == [Skipped, Answered, ResultSet, Answered, ResultSet]
    lists = [step for step in steps if isinstance(step, ResultSet)]
    assert [one.complete for one in lists] == [False, True]
    assert [told.status for told in lists[0].reports] == ["ok", "skipped"]


async def test_whoever_leaves_the_walk_early_leaves_nothing_running(serving: Callable[..., Services], pubmed: Made, crossref: Made) -> None:
    left = asyncio.Event()

    async def wait() -> None:
        try:
            await never()
        finally:
            left.set()

    crossref.before = wait
    async with aclosing(walk(request(), serving(pubmed, crossref))) as walking:
        async for _ in walking:
            break
    await asyncio.wait_for(left.wait(), 5)


async def test_any_order_of_arrival_gives_the_same_list_and_the_same_order_of_sources(serving: Callable[..., Services]) -> None:
    shown = []
    for last in ("pubmed", "crossref", "catalogue"):
        others = asyncio.Barrier(3)
        made = [
            Made(name, tuple(titled(name, str(n), f"Asthma, part {n}") for n in range(4))) for name in ("pubmed", "crossref", "catalogue")
        ]
        for one in made:
            one.before = (lambda wait=others.wait: _last(wait)) if one.name == last else others.wait
        found = await search(request(), serving(*made))
        shown.append(([result.ranked for result in found.results], [told.id for told in found.reports]))
    assert shown[0] == shown[1] == shown[2]


async def _last(wait: Callable[[], Awaitable[object]]) -> None:
    await wait()
    await asyncio.sleep(0.01)


# Keeping


async def test_a_complete_list_is_kept_as_it_was_shown(serving: Callable[..., Services], pubmed: Made) -> None:
    services = serving(pubmed)
    limits = Limits(2001, 2020, ("book",), ("fa",))
    found = await search(SearchRequest(parse("asthma", limits, "newest"), depth=30), services)
    assert await kept_set(found.id, services) == found
    asked = found.asked
    assert (asked.text, asked.year_from, asked.year_to, asked.types, asked.languages) == ("asthma", 2001, 2020, ("book",), ("fa",))
    assert (asked.sources, asked.sort, asked.depth) == (("pubmed",), "newest", 30)


async def test_ids_of_kept_lists_cannot_be_guessed(serving: Callable[..., Services], pubmed: Made) -> None:
    services = serving(pubmed)
    ids = {(await search(request(), services)).id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(search_id) >= 16 for search_id in ids)


async def test_a_list_that_is_not_kept_says_what_to_do(serving: Callable[..., Services]) -> None:
    with pytest.raises(NotKept, match="no longer kept") as raised:
        await kept_set("nothing", serving())
    assert raised.value.hint == "Run the search again."


# One work


async def test_a_work_is_asked_of_its_own_source_and_then_of_those_that_know_its_doi(
    serving: Callable[..., Services], pubmed: Made, crossref: Made
) -> None:
    result = await find_work("crossref:10.5555/1", serving(pubmed, crossref))
    assert {r.key for r in result.ranked.work.records} == {"crossref:10.5555/1", "pubmed:1"}
    assert [strategy.text for strategy, _ in (*crossref.asked, *pubmed.asked)] == ["10.5555/1", "10.5555/1"]


@pytest.mark.parametrize("work_id", ["pubmed:3", "pubmed:1 OR 2", "pubmed:", "nowhere:1", "", ":", "catalogue:1", "crossref:abc"])
async def test_an_id_finds_its_own_work_or_none(serving: Callable[..., Services], pubmed: Made, crossref: Made, work_id: str) -> None:
    with pytest.raises(NotKept):
        await find_work(work_id, serving(pubmed, crossref))


async def test_a_work_without_a_doi_is_not_asked_for_elsewhere(serving: Callable[..., Services], crossref: Made) -> None:
    book = Made("catalogue", (titled("catalogue", "b1", "Asthma in adults", type="book"),))
    result = await find_work("catalogue:b1", serving(crossref, book))
    assert [r.key for r in result.ranked.work.records] == ["catalogue:b1"]
    assert crossref.asked == []
