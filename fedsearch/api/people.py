"""The endpoints for people: addresses of the page -> the walk -> HTML."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fedsearch.api.hand import DecisionId, decision_json
from fedsearch.api.pages import STATIC, Form, Lang, LibraryFacts, Pages
from fedsearch.api.parameters import DecisionParameters, SearchParameters, filters_of
from fedsearch.api.routes import counted_search, services_of, work_in
from fedsearch.api.wire import record_json, result_json, search_json
from fedsearch.errors import NotKept
from fedsearch.results import FACETS, ResultSet
from fedsearch.search import Services, kept_set

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_FOR_PROGRAMS = ("/api/", "/livez", "/readyz", "/metrics", "/openapi.json", "/static/")


def pages_for(services: Services, *, demo: bool) -> Pages:
    """The pages of the configured library."""
    own = services.settings.library
    sources = tuple((connector.source.id, connector.source.name) for connector in services.connectors.values())
    return Pages(
        LibraryFacts(
            name={"en": own.name_en, "fa": own.name_fa},
            opening={"en": own.opening_en, "fa": own.opening_fa},
            contact=own.contact or None,
            sources=sources,
            demo=demo,
            places={"en": services.settings.places, "fa": services.settings.places_fa},
        )
    )


class _Static(StaticFiles):
    """Files whose addresses change with their content, so that a browser may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def static_files() -> StaticFiles:
    return _Static(directory=str(STATIC))


def is_for_people(request: Request) -> bool:
    """Whether an answer is read by a person: everything but the addresses for programs."""
    return not request.url.path.startswith(_FOR_PROGRAMS)


def problem_page(request: Request, document: dict[str, object]) -> str:
    """A problem document as a page in the reader's language."""
    pages: Pages = request.app.state.pages
    return pages.problem(_form(request, lenient=True), document)


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    return HTMLResponse(_pages(request).home(_form(request)))


@router.get("/search")
async def search_page(request: Request) -> Response:
    """A new search, or a page of a kept one (`set`), whose order does not change."""
    form = _form(request)
    if not form.q.strip():
        return RedirectResponse(form.address("/"), 303)
    found = await _found(request, form)
    document = search_json(found, form.page, form.per_page, form.filters, past_end=True)
    page = _pages(request).results(form.with_changes(set_id=found.id), document, str(request.base_url))
    return HTMLResponse(page, 404 if form.page > document["pages"] else 200)


async def _found(request: Request, form: Form) -> ResultSet:
    if form.set_id:
        try:
            return await kept_set(form.set_id, services_of(request))
        except NotKept:
            pass  # it has run out: the same search is run again
    parameters = {
        "q": form.q,
        "sources": list(form.sources),
        "year_from": form.year_from,
        "year_to": form.year_to,
        "type": list(form.types),
        "sort": form.sort,
        "per_page": form.per_page,
    }
    return await counted_search(request, _checked(parameters))


@router.get("/works/{work_id:path}")
async def work_page(request: Request, work_id: str) -> Response:
    """One work with every source's own description beside it."""
    form = _form(request)
    result = await work_in(services_of(request), work_id, form.set_id)
    ranks = {(hit.source, hit.id): hit.rank for hit in result.ranked.work.hits}
    records = [record_json(r) | {"rank": ranks.get((r.source, r.id))} for r in result.ranked.work.records]
    return HTMLResponse(_pages(request).work(form, result_json(result) | {"records": records}))


@router.get("/opensearch.xml")
async def opensearch(request: Request) -> Response:
    """By which a browser adds this search."""
    return Response(_pages(request).opensearch(str(request.base_url)), media_type="application/opensearchdescription+xml")


@router.get("/decisions")
async def decisions_page(request: Request) -> HTMLResponse:
    """What librarians decided of duplicates."""
    made = await asyncio.to_thread(services_of(request).decisions.listed)
    return HTMLResponse(_pages(request).decisions(_form(request), [decision_json(one) for one in made]))


@router.post("/decisions")
async def decide(request: Request) -> Response:
    """One decision on two records; or, with several `from`, that the record in `left` belongs with none of them."""
    sent = await _sent(request)
    others = [key for key in sent.get("from", []) if key not in sent.get("left", [])] or sent.get("right", [])
    shared = {name: values[-1] for name, values in sent.items() if name in ("left", "same", "who", "why")}
    try:
        decided = [DecisionParameters.model_validate(shared | {"right": other}) for other in others or [""]]
    except ValidationError as exc:
        raise RequestValidationError(exc.errors()) from None
    store = services_of(request).decisions
    for one in decided:
        await asyncio.to_thread(store.decide, one.left, one.right, one.same, one.who, one.why)
    return RedirectResponse(f"/decisions?lang={_sent_language(sent)}", 303)


@router.post("/decisions/{decision_id}/undo")
async def undo(request: Request, decision_id: DecisionId) -> Response:
    sent = await _sent(request)
    await asyncio.to_thread(services_of(request).decisions.undo, decision_id)
    return RedirectResponse(f"/decisions?lang={_sent_language(sent)}", 303)


async def _sent(request: Request) -> dict[str, list[str]]:
    """The fields of a form of this page. Raises HTTPException for one that another site sent."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = site in ("same-origin", "none") if site else origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise HTTPException(403, "This form was sent from another site. Open it here and send it again.")
    return parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=200)


def _sent_language(sent: dict[str, list[str]]) -> Lang:
    return "fa" if sent.get("lang") == ["fa"] else "en"


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The reference of the HTTP API, made here: the usual page for it loads from elsewhere."""
    return HTMLResponse(_pages(request).api_docs(_form(request), request.app.openapi()))


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _form(request: Request, *, lenient: bool = False) -> Form:
    """The form as it was filled in. Raises RequestValidationError, unless `lenient`: then what cannot be read is left out."""
    asked = request.query_params
    values: dict[str, Any] = {
        "q": asked.get("q", ""),
        "sources": [name for text in asked.getlist("sources") for name in text.split(",") if name],
        "year_from": asked.get("year_from") or None,
        "year_to": asked.get("year_to") or None,
        "type": [kind for kind in asked.getlist("type") if kind],
        "sort": asked.get("sort") or "relevance",
        "per_page": asked.get("per_page") or 20,
        "page": asked.get("page") or 1,
    }
    try:
        checked = _checked(values | {"q": values["q"].strip()[:2000] or "-"})
    except RequestValidationError:
        if not lenient:
            raise
        checked = SearchParameters(q="-")
    every = {source_id for source_id, _ in _all_sources(request)}
    return Form(
        q=values["q"],
        lang=_language(request),
        sources=() if set(checked.sources) == every else tuple(checked.sources),
        year_from=checked.year_from,
        year_to=checked.year_to,
        types=tuple(checked.type),
        sort=checked.sort,
        per_page=checked.per_page,
        page=checked.page,
        set_id=asked.get("set") or None,
        filters={name: tuple(v) for name, v in filters_of({f"f.{n}": asked.getlist(f"f.{n}") for n in FACETS}, "f.").items()},
    )


def _all_sources(request: Request) -> list[tuple[str, str]]:
    return [(str(source_id), connector.source.name) for source_id, connector in services_of(request).connectors.items()]


def _checked(values: dict[str, Any]) -> SearchParameters:
    try:
        return SearchParameters.model_validate(values)
    except ValidationError as exc:
        raise RequestValidationError([{**error, "loc": ("query", *error["loc"])} for error in exc.errors()]) from None


def _language(request: Request) -> Lang:
    """The language asked for in the address, else the browser's, else English."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")[:2]
    return "fa" if asked.lower().startswith("fa") else "en"
