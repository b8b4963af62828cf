"""The walk: plan, fan out, merge, rank, keep. The one module that knows the whole story, and no detail of any part."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import httpx
from pydantic import ValidationError

from fedsearch import identifiers
from fedsearch.access import access_options, library_of
from fedsearch.catalogue import Catalogue
from fedsearch.connectors.base import Connector, as_source_error
from fedsearch.connectors.polite import journey
from fedsearch.decisions import DecisionStore
from fedsearch.errors import CatalogueError, NoSourceAnswered, NotKept, SourceError, SourceTimeout, UnsupportedQuery
from fedsearch.folding import fold
from fedsearch.merge import merge_records, merge_with_doubts
from fedsearch.merge.rank import rank
from fedsearch.model import Answered, Failed, Outcome, Page, RankedWork, Record, Skipped, Source, SourceId, Strategy
from fedsearch.query import Query, Term
from fedsearch.results import Asked, Doubt, Result, ResultSet, report
from fedsearch.settings import Settings
from fedsearch.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What lives as long as the service. `switched_off` are sources that exist here and are not enabled."""

    settings: Settings
    connectors: Mapping[SourceId, Connector]
    switched_off: Mapping[SourceId, Source]
    kept: Store
    decisions: DecisionStore
    catalogue: Catalogue | None = None
    late: set[asyncio.Task[Outcome]] = field(default_factory=set)

    async def own_parts(self) -> dict[str, bool]:
        """Whether the parts that are the service's own work: the kept result sets and the catalogue."""
        parts = {"result_sets": await asyncio.to_thread(self.kept.works)}
        if self.catalogue is not None:
            parts["catalogue"] = await asyncio.to_thread(_counts, self.catalogue)
        return parts

    async def stop(self) -> None:
        """End the searches that still run for the cache's sake."""
        for task in self.late:
            task.cancel()
        await asyncio.gather(*self.late, return_exceptions=True)
        await self.kept.settle()


def _counts(catalogue: Catalogue) -> bool:
    try:
        return catalogue.count() >= 0
    except CatalogueError:
        return False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query with how and where to ask it; no `sources` means every one that is enabled."""

    query: Query
    sources: tuple[SourceId, ...] = ()
    depth: int = 50
    deadline_ms: int = 4_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Which connectors are asked, with which strategies, and which sources cannot be."""

    asked: tuple[tuple[Connector, Strategy], ...]
    skipped: tuple[Skipped, ...]


Step: TypeAlias = Outcome | ResultSet
"""What a walk yields: each outcome as it comes, a result set after each answer, and the complete, kept one last."""


async def search(request: SearchRequest, services: Services) -> ResultSet:
    """One search. Raises UnsupportedQuery or NoSourceAnswered; with one answer or more it always returns."""
    async with aclosing(walk(request, services, partial=False)) as steps:
        async for step in steps:
            if isinstance(step, ResultSet) and step.complete:
                return step
    raise AssertionError("a walk ends with a complete result set or an error")


async def walk(request: SearchRequest, services: Services, *, partial: bool = True) -> AsyncGenerator[Step, None]:
    """The road that every search takes, step by step; with `partial`, a ranked list so far after each answer."""
    started = time.monotonic()
    plan = make_plan(request, services)
    outcomes: list[Outcome] = list(plan.skipped)
    for skipped in plan.skipped:
        yield skipped
    async with aclosing(fan_out(plan, request, services)) as arriving:
        async for outcome in arriving:
            outcomes.append(outcome)
            yield outcome
            if partial and isinstance(outcome, Answered) and len(outcomes) < len(plan.asked) + len(plan.skipped):
                yield await _result_set(request, outcomes, services, started, complete=False)
    if not any(isinstance(outcome, Answered) for outcome in outcomes):
        raise NoSourceAnswered(_in_order(outcomes, services))
    done = await _result_set(request, outcomes, services, started, complete=True)
    services.kept.set_soon(f"set {done.id}", done.model_dump_json().encode(), services.settings.search.keep_s)
    yield done


def make_plan(request: SearchRequest, services: Services) -> Plan:
    """Translate the query for each source. Raises UnsupportedQuery if no source that was asked for can run it."""
    asked: list[tuple[Connector, Strategy]] = []
    skipped: list[Skipped] = []
    for source_id in request.sources or services.connectors:
        connector = services.connectors.get(source_id)
        if connector is None:
            skipped.append(Skipped(services.switched_off[source_id], "It is switched off in this library's configuration."))
            continue
        try:
            asked.append((connector, connector.translate(request.query)))
        except UnsupportedQuery as exc:
            skipped.append(Skipped(connector.source, exc.detail))
    if not asked:
        reasons = " ".join(f"{skip.source.name}: {skip.reason}" for skip in skipped)
        raise UnsupportedQuery("None of the chosen sources can run this search.", reasons or "Switch a source on in the configuration.")
    return Plan(tuple(asked), tuple(skipped))


async def fan_out(plan: Plan, request: SearchRequest, services: Services) -> AsyncGenerator[Outcome, None]:
    """Ask all at once; yield outcomes as they come, until the deadline. A late source may go on a while to warm the cache."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + request.deadline_ms / 1000
    tasks = {
        asyncio.create_task(ask(connector, strategy, min(request.depth, connector.source.capabilities.most_records), deadline, services)): (
            connector,
            strategy,
        )
        for connector, strategy in plan.asked
    }
    waiting = set(tasks)
    asked_at = datetime.now(UTC)
    try:
        while waiting and (left := deadline - loop.time()) > 0:
            done, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=lambda task: tasks[task][0].source.id):
                yield task.result()
    except BaseException:
        for task in waiting:
            task.cancel()
        raise
    for task in sorted(waiting, key=lambda task: tasks[task][0].source.id):
        connector, strategy = tasks[task]
        services.late.add(task)
        task.add_done_callback(services.late.discard)
        error = SourceTimeout(
            f"{connector.source.name} did not answer within {request.deadline_ms / 1000:g} s.", "Its results may be there on the next try."
        )
        yield Failed(connector.source, strategy, error, request.deadline_ms, asked_at)


async def ask(connector: Connector, strategy: Strategy, limit: int, deadline: float, services: Services) -> Outcome:
    """One source's outcome. What is understood of a failure becomes a value; a bug stays loud."""
    started, asked_at = time.monotonic(), datetime.now(UTC)
    outcome: Outcome
    with journey(deadline) as noted:
        try:
            async with asyncio.timeout_at(deadline + services.settings.search.late_s):
                page = await connector.search(strategy, limit)
            found_at = asked_at - timedelta(seconds=noted.found_s or 0)
            outcome = Answered(connector.source, page, _ms(started), found_at, noted.stale_s)
        except (SourceError, httpx.HTTPError, TimeoutError) as exc:
            outcome = Failed(connector.source, strategy, as_source_error(exc, connector.source.name), _ms(started), asked_at)
    returned = len(outcome.page.hits) if isinstance(outcome, Answered) else 0
    log.info("source=%s outcome=%s seconds=%.3f returned=%d", connector.source.id, outcome.status, time.monotonic() - started, returned)
    return outcome


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


async def _result_set(
    request: SearchRequest, outcomes: Sequence[Outcome], services: Services, started: float, *, complete: bool
) -> ResultSet:
    pages: list[Page] = [outcome.page for outcome in outcomes if isinstance(outcome, Answered)]
    policy = services.settings.merging
    keys = [hit.record.key for page in pages for hit in page.hits]
    works, unsure = merge_with_doubts(pages, policy, await asyncio.to_thread(services.decisions.in_force, keys))
    ranked = rank(works, request.query, policy)
    limits = request.query.limits
    return ResultSet(
        id=secrets.token_urlsafe(12),
        asked=Asked(
            text=request.query.text,
            sources=request.sources or tuple(services.connectors),
            year_from=limits.year_from,
            year_to=limits.year_to,
            types=limits.types,
            languages=limits.languages,
            sort=request.query.sort,
            depth=request.depth,
        ),
        reports=tuple(report(outcome) for outcome in _in_order(outcomes, services)),
        results=await _with_access(ranked, services),
        unsure=tuple(Doubt(left=j.left, right=j.right, reasons=j.reasons) for j in unsure),
        duplicates_removed=sum(len(page.hits) for page in pages) - len(ranked),
        elapsed_ms=_ms(started),
        made_at=datetime.now(UTC),
        complete=complete,
    )


def _in_order(outcomes: Sequence[Outcome], services: Services) -> list[Outcome]:
    """The sources' own order, so that the order in which they answered never shows."""
    places = {source_id: place for place, source_id in enumerate([*services.connectors, *services.switched_off])}
    return sorted(outcomes, key=lambda outcome: places[outcome.source.id])


async def _with_access(ranked: Sequence[RankedWork], services: Services) -> tuple[Result, ...]:
    issns = sorted({issn for r in ranked for issn in r.work.issn})
    journals: Mapping[str, Sequence[Record]] = {}
    if services.catalogue is not None and issns:
        try:
            journals = await asyncio.to_thread(services.catalogue.holdings_of_journals, issns)
        except CatalogueError as exc:
            log.warning("journal holdings could not be looked up: %s", exc)
    library, today = library_of(services.settings, journals), datetime.now(UTC).date()
    return tuple(Result(ranked=r, access=access_options(r.work, library, today)) for r in ranked)


async def kept_set(search_id: str, services: Services) -> ResultSet:
    """A result set as it was shown. Raises NotKept."""
    kept = await services.kept.get(f"set {search_id}")
    gone = NotKept("This result list is no longer kept.", "Run the search again.")
    if kept is None:
        raise gone
    try:
        return ResultSet.model_validate_json(kept)
    except ValidationError as exc:  # kept by another version of fedsearch
        raise gone from exc


_NUMBERS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "pubmed": ("pmid", identifiers.pmid),
    "crossref": ("doi", identifiers.doi),
    "catalogue": ("control-number", lambda number: number.strip() if fold(number) else None),
}


async def find_work(work_id: str, services: Services) -> Result:
    """One work by its id, from the source that the id names and from every other that knows its DOI or PMID.

    Raises NotKept if there is no such work, and NoSourceAnswered if the source could not be asked.
    """
    source_id, _, written = work_id.partition(":")
    name, read = _NUMBERS.get(source_id, ("", lambda _: None))
    number = read(written)
    if number is None or SourceId(source_id) not in services.connectors:
        raise NotKept(
            f"There is no work “{work_id[:80]}”.", "Ids look like pubmed:25176015, crossref:10.1056/nejmoa1409077 or catalogue:hl000001."
        )
    records = _records(await _look_up(Term(number, name), (SourceId(source_id),), services))
    own = next((record for record in records if record.key == f"{source_id}:{number}"), None)
    if own is None:
        raise NotKept(f"{services.connectors[SourceId(source_id)].source.name} has no record {number[:80]}.", "Check the number.")
    others = tuple(other for other in services.connectors if other != source_id)
    if others and (own.ids.doi or own.ids.pmid):
        term = Term(own.ids.doi, "doi") if own.ids.doi else Term(own.ids.pmid or "", "pmid")
        try:
            records += _records(await _look_up(term, others, services))
        except (UnsupportedQuery, NoSourceAnswered) as exc:
            log.info("a work's other sources could not be asked: %s", exc)
    policy = services.settings.merging
    unique = {record.key: record for record in records}
    works = merge_records(list(unique.values()), {}, policy, await asyncio.to_thread(services.decisions.in_force, unique))
    work = next(work for work in works if any(record.key == own.key for record in work.records))
    (result,) = await _with_access([RankedWork(work=work, score=1.0)], services)
    return result


def _records(found: ResultSet) -> list[Record]:
    return [record for result in found.results for record in result.ranked.work.records]


async def _look_up(term: Term, sources: tuple[SourceId, ...], services: Services) -> ResultSet:
    query = Query(term.text, term)
    return await search(SearchRequest(query, sources, depth=10, deadline_ms=services.settings.search.deadline_ms), services)
