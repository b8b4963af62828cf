"""The endpoints for the librarian's hand: decide that two records are one work or two, list what was decided, undo it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from fedsearch.api import examples, schemas
from fedsearch.api.parameters import DecisionParameters
from fedsearch.api.routes import services_of
from fedsearch.decisions import Decision

DecisionId = Annotated[int, Path(ge=1, le=2**53)]
router = APIRouter(prefix="/api/v1/decisions", tags=["decisions"])


def decision_json(decision: Decision) -> dict[str, Any]:
    dates = {"made_at": decision.made_at.isoformat(), "undone_at": decision.undone_at.isoformat() if decision.undone_at else None}
    return decision.model_dump() | dates


@router.get("", summary="Every decision, newest first", response_model=schemas.DecisionsAnswer)
async def listed(request: Request) -> Response:
    """Those that were undone keep their place and say when."""
    decisions = await asyncio.to_thread(services_of(request).decisions.listed)
    return JSONResponse({"decisions": [decision_json(decision) for decision in decisions]})


@router.post(
    "",
    status_code=201,
    summary="“These are the same” or “these are not”",
    response_model=schemas.DecisionAnswer,
    responses=examples.DECISION,
)
async def decide(request: Request, decision: DecisionParameters) -> Response:
    """Applied to every later search and work; an earlier decision on the same two records is undone by it."""
    store = services_of(request).decisions
    made = await asyncio.to_thread(store.decide, decision.left, decision.right, decision.same, decision.who, decision.why)
    return JSONResponse(decision_json(made), 201)


@router.delete("/{decision_id}", summary="Undo a decision", response_model=schemas.DecisionAnswer, responses=examples.UNDONE)
async def undo(request: Request, decision_id: DecisionId) -> Response:
    """It stays in the list, with the date on which it was undone."""
    return JSONResponse(decision_json(await asyncio.to_thread(services_of(request).decisions.undo, decision_id)))
