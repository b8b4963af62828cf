"""Errors -> problem documents (RFC 9457): what happened, and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError

from fedsearch.api.wire import source_json
from fedsearch.errors import (
    CatalogueError,
    DecisionError,
    FedsearchError,
    NoSourceAnswered,
    NotKept,
    QueryError,
    QuerySyntaxError,
    SourceError,
    UnsupportedQuery,
)
from fedsearch.results import report

MEDIA_TYPE = "application/problem+json"


def problem(status: int, slug: str, title: str, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document; further members are left out where they are None."""
    document = {"type": f"urn:fedsearch:problem:{slug}", "title": title, "status": status, "detail": detail}
    return document | {name: value for name, value in more.items() if value is not None}


def problem_of(exc: FedsearchError) -> dict[str, Any]:
    """The problem document of any error of ours."""
    if isinstance(exc, QuerySyntaxError | UnsupportedQuery):
        slug = "unsupported-query" if isinstance(exc, UnsupportedQuery) else "query-syntax"
        return problem(422, slug, "The search cannot be run", exc.detail, position=exc.position, hint=exc.hint or None)
    if isinstance(exc, QueryError):
        return problem(422, "parameters", "The request cannot be read", exc.detail, hint=exc.hint or None)
    if isinstance(exc, NotKept):
        return problem(404, "not-found", "Not found", exc.detail)
    if isinstance(exc, NoSourceAnswered):
        late = bool(exc.outcomes) and all(outcome.status in ("timeout", "skipped") for outcome in exc.outcomes)
        sources = [source_json(report(outcome)) for outcome in exc.outcomes]
        title = "Every source was late" if late else "No source answered"
        return problem(504 if late else 502, "no-source-answered", title, _why(sources) or exc.detail, sources=sources)
    if isinstance(exc, SourceError):
        return problem(502, "source", "A source failed", exc.detail)
    if isinstance(exc, DecisionError):
        return problem(422, "decision", "The decision makes no sense", exc.detail, hint=exc.hint or None)
    if isinstance(exc, CatalogueError):
        return problem(503, "catalogue", "The catalogue is out of order", exc.detail)
    return problem(500, "internal", "Something is wrong with the service", "The fault was logged. Please tell the library.")


def _why(sources: Sequence[dict[str, Any]]) -> str:
    return " ".join(f"{source['name']}: {source['message']}" for source in sources if source["message"])


def problem_of_validation(exc: RequestValidationError) -> dict[str, Any]:
    """What is wrong with each parameter, in one sentence each; what was typed is not repeated."""
    errors = [{"parameter": _parameter(error["loc"]), "message": _sentence(error)} for error in exc.errors()]
    detail = " ".join(f"{error['parameter']}: {error['message']}" for error in errors)
    return problem(422, "parameters", "The request cannot be read", detail, errors=errors)


def _parameter(location: Sequence[Any]) -> str:
    """Its name; one that a client made up may be of any length, and hold what UTF-8 cannot say."""
    name = ".".join(str(part) for part in location[1:] if not isinstance(part, int)) or "body"
    return name[:40].encode(errors="replace").decode()


def _sentence(error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "This parameter is missing."
    if kind == "extra_forbidden":
        return "This parameter is not known; see /docs."
    if kind in ("model_attributes_type", "dict_type"):
        return "Send a JSON object, with Content-Type: application/json."
    if kind == "json_invalid":
        return "The body is not JSON."
    if kind == "literal_error":
        return f"Must be one of {context.get('expected', 'the listed values')}."
    return f"{str(error['msg']).removeprefix('Value error, ').rstrip('.')}."


def problem_of_status(status: int, detail: str | None = None) -> dict[str, Any]:
    """The problem document of a bare HTTP status."""
    title = HTTPStatus(status).phrase
    helps = {
        400: "The body cannot be read; send JSON in UTF-8.",
        404: "There is nothing at this address; /docs lists what there is.",
        405: "This address does not take this method; see /docs.",
    }
    return problem(status, title.lower().replace(" ", "-"), title, helps.get(status) or detail or title)
