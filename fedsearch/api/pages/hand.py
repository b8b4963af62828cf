"""The librarian's hand on the page: pairs in doubt and decisions as the templates show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fedsearch.api.pages.form import Form
from fedsearch.api.pages.words import Words


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one work, each with its record view."""

    left: str
    right: str
    left_href: str
    right_href: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision in the list; dates as the reader's calendar writes them."""

    id: int
    left: str
    right: str
    left_href: str
    right_href: str
    same: bool
    who: str
    why: str
    made: str
    undone: str | None


def pairs(form: Form, unsure: Sequence[Mapping[str, Any]]) -> tuple[Pair, ...]:
    return tuple(
        Pair(doubt["left"], doubt["right"], form.work_address(doubt["left"]), form.work_address(doubt["right"]), tuple(doubt["reasons"]))
        for doubt in unsure
    )


def decided(form: Form, words: Words, decisions: Sequence[Mapping[str, Any]]) -> tuple[Decided, ...]:
    return tuple(
        Decided(
            id=one["id"],
            left=one["left"],
            right=one["right"],
            left_href=form.work_address(one["left"]),
            right_href=form.work_address(one["right"]),
            same=one["same"],
            who=one["who"],
            why=one["why"],
            made=words.moment(one["made_at"]),
            undone=words.moment(one["undone_at"]) if one["undone_at"] else None,
        )
        for one in decisions
    )
