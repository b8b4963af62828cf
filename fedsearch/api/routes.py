"""The endpoints for programs, a few lines each."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from fedsearch.api import examples
from fedsearch.api.metrics import Metrics
from fedsearch.api.parameters import KeptParameters, SearchParameters
from fedsearch.api.problems import MEDIA_TYPE, problem, problem_of
from fedsearch.api.schemas import LiveAnswer, ReadyAnswer, SearchAnswer, WholeWorkAnswer
from fedsearch.api.wire import record_json, result_json, results_so_far, search_json, source_json
from fedsearch.errors import FedsearchError, NotKept, QueryError
from fedsearch.exports import EXPORTS, attachment, export
from fedsearch.model import Work
from fedsearch.results import Result, ResultSet, report
from fedsearch.search import SearchRequest, Services, find_work, kept_set, make_plan, search, walk

router = APIRouter()
FormatName = Annotated[str, Query(description=f"One of {', '.join(EXPORTS)}.", json_schema_extra={"enum": list(EXPORTS)})]


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def metrics_of(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


@router.get("/api/v1/search", tags=["search"], summary="One search", response_model=SearchAnswer, responses=examples.SEARCH)
async def search_by_get(request: Request, parameters: Annotated[SearchParameters, Query()]) -> Response:
    """Ask every source, merge, rank. Answers at the deadline at the latest, with what has arrived."""
    return await _searched(request, parameters)


@router.post(
    "/api/v1/search",
    tags=["search"],
    summary="One search, its words kept out of addresses and logs",
    response_model=SearchAnswer,
    responses=examples.SEARCH,
)
async def search_by_post(request: Request, parameters: SearchParameters) -> Response:
    """The same parameters in a JSON body."""
    return await _searched(request, parameters)


async def _searched(request: Request, parameters: SearchParameters) -> Response:
    found = await counted_search(request, parameters)
    return JSONResponse(search_json(found, parameters.page, parameters.per_page, {}))


async def counted_search(request: Request, parameters: SearchParameters) -> ResultSet:
    """One search, counted by how it ended."""
    metrics = metrics_of(request)
    with metrics.counting_failures():
        found = await search(parameters.request(services_of(request)), services_of(request))
    metrics.searched(found)
    return found


@router.get(
    "/api/v1/search/stream",
    tags=["search"],
    summary="One search as server-sent events",
    response_class=EventSourceResponse,
    responses=examples.STREAM,
)
async def stream(request: Request, parameters: Annotated[SearchParameters, Query()]) -> Response:
    """`source` as each source answers, `results` with the ranked list so far, `done` with the full response."""
    services = services_of(request)
    with metrics_of(request).counting_failures():
        asked = parameters.request(services)
        make_plan(asked, services)
    return EventSourceResponse(_events(request, asked, parameters), ping=15, headers={"X-Accel-Buffering": "no"})


async def _events(request: Request, asked: SearchRequest, parameters: SearchParameters) -> AsyncIterator[ServerSentEvent]:
    metrics = metrics_of(request)
    try:
        with metrics.counting_failures():
            async with aclosing(walk(asked, services_of(request))) as steps:
                async for step in steps:
                    if not isinstance(step, ResultSet):
                        yield _event("source", source_json(report(step)))
                        continue
                    yield _event("results", results_so_far(step, parameters.per_page))
                    if step.complete:
                        metrics.searched(step)
                        yield _event("done", search_json(step, 1, parameters.per_page, {}))
    except FedsearchError as exc:
        yield _event("error", problem_of(exc))


def _event(name: str, document: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(document, ensure_ascii=False), event=name)


@router.get(
    "/api/v1/searches/{search_id}",
    tags=["search"],
    summary="A further page of a kept result set",
    response_model=SearchAnswer,
    responses=examples.KEPT,
)
async def kept(request: Request, search_id: str, parameters: Annotated[KeptParameters, Query()]) -> Response:
    """The order never changes once shown; facets narrow the list."""
    found = await kept_set(search_id, services_of(request))
    return JSONResponse(search_json(found, parameters.page, parameters.per_page, parameters.filters))


@router.get(
    "/api/v1/searches/{search_id}/export",
    tags=["export"],
    summary="The whole result set in a reference manager's format",
    response_class=Response,
    responses=examples.EXPORT,
)
async def export_set(request: Request, search_id: str, format: FormatName) -> Response:  # noqa: A002
    """Every work of the set, in its order."""
    found = await kept_set(search_id, services_of(request))
    return exported([result.ranked.work for result in found.results], format, f"fedsearch {found.asked.text}")


@router.get(
    "/api/v1/works/{work_id:path}",
    tags=["works"],
    summary="One work with all of its records",
    response_model=WholeWorkAnswer,
    responses=examples.WORK,
)
async def work(
    request: Request,
    work_id: str,
    format: Annotated[str | None, Query(description=f"One of {', '.join(EXPORTS)}, or json.")] = None,  # noqa: A002
    search_id: Annotated[str | None, Query(description="A kept result set to take the work from.")] = None,
) -> Response:
    """By its id: pubmed:PMID, crossref:DOI or catalogue:NUMBER. Other formats by `format` or the Accept header."""
    result = await work_in(services_of(request), work_id, search_id)
    name = format or _accepted(request.headers.get("accept", ""))
    if name and name != "json":
        return exported([result.ranked.work], name, f"fedsearch {work_id}")
    records = [record_json(record) for record in result.ranked.work.records]
    return JSONResponse(result_json(result) | {"source_records": records}, headers={"Vary": "Accept"})


async def work_in(services: Services, work_id: str, search_id: str | None) -> Result:
    """A work out of a kept result set where there is one, else asked of its source again."""
    if search_id:
        try:
            found = await kept_set(search_id, services)
        except NotKept:
            return await find_work(work_id, services)
        for result in found.results:
            if any(record.key == work_id for record in result.ranked.work.records):
                return result
    return await find_work(work_id, services)


def _accepted(accept: str) -> str | None:
    """The export format that an Accept header prefers; None where JSON will do, or nothing we have."""
    names = {one.media_type.split(";")[0]: name for name, one in EXPORTS.items()}
    names |= dict.fromkeys(("application/json", "application/*", "*/*"), "json")
    wanted = [(_quality(part), part.split(";")[0].strip().lower()) for part in accept.split(",")]
    return next((names[media] for quality, media in sorted(wanted, key=lambda one: -one[0]) if quality and media in names), None)


def _quality(part: str) -> float:
    found = re.search(r";\s*q=([01](?:\.\d{0,3})?)\s*(?:;|$)", part)
    return float(found.group(1)) if found else 1.0


def exported(works: list[Work], name: str, title: str) -> Response:
    """Works in an export format as a download. Raises QueryError for a format that is not known."""
    if name not in EXPORTS:
        raise QueryError(f"There is no format “{name[:40]}”.", f"Formats: {', '.join(EXPORTS)}.")
    chosen = EXPORTS[name]
    headers = {"Content-Disposition": attachment(f"{title[:60]}.{chosen.extension}"), "Vary": "Accept"}
    return Response(export(works, name), media_type=chosen.media_type, headers=headers)


@router.get("/livez", tags=["running"], summary="The process answers")
async def livez() -> LiveAnswer:
    return LiveAnswer(status="ok")


@router.get(
    "/readyz", tags=["running"], summary="The service's own parts are in order", response_model=ReadyAnswer, responses=examples.READY
)
async def readyz(request: Request) -> Response:
    """Local parts only: a source's outage does not make the service unready."""
    services = services_of(request)
    parts = await services.own_parts()
    if all(parts.values()):
        return JSONResponse({"status": "ok", "parts": parts})
    broken = ", ".join(name for name, fine in parts.items() if not fine)
    return JSONResponse(problem(503, "not-ready", "Not ready", f"Out of order: {broken}.", parts=parts), 503, media_type=MEDIA_TYPE)


@router.get("/metrics", tags=["running"], summary="Figures for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    return Response(metrics_of(request).text(), media_type="text/plain; version=0.0.4; charset=utf-8")
