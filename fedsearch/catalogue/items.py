"""What the library holds of a title: fields 852 (MARC holdings), 866-868 (statements) and 952 (Koha) -> Items.

Koha's 952: https://wiki.koha-community.org/wiki/Holdings_data_fields_(9xx)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pymarc

from fedsearch.model import Item

_SUPPLEMENTS = {"867": "Supplements: ", "868": "Indexes: "}
_KOHA_STATES = "0147q"
_COPY = re.compile(r"\s+(?:c|copy|ن|نسخه)\.?\s*\d+$", re.IGNORECASE)


def items_of(fields: Iterable[pymarc.Field]) -> tuple[Item, ...]:
    """The copies and statements in the order of the record; a statement joins the shelf that it follows, or the only one."""
    items: list[Item] = []
    for field in fields:
        if field.tag == "852":
            items.append(_marc_item(field))
        elif field.tag == "952" and any(field.get(code) for code in "bop"):
            items.append(_koha_item(field))
        elif field.tag in ("866", "867", "868") and (statement := _joined(field, "a")):
            _add_statement(items, _SUPPLEMENTS.get(field.tag, "") + statement)
    return tuple(_on_the_shelf(item, items) for item in items if item != Item())


def _on_the_shelf(statement: Item, items: Iterable[Item]) -> Item:
    """A statement that names no place (866 comes before 952) stands where all the copies stand, if that is one shelf."""
    shelves = {(item.place, item.shelf, item.call_number) for item in items if item.barcode or item.call_number}
    if statement.statement is None or statement.place or len(shelves) != 1:
        return statement
    place, shelf, call_number = shelves.pop()
    return statement.model_copy(update={"place": place, "shelf": shelf, "call_number": call_number})


def _add_statement(items: list[Item], statement: str) -> None:
    last = items[-1] if items else Item()
    if items and last.statement is None and last.barcode is None:
        items[-1] = last.model_copy(update={"statement": statement})
    else:
        items.append(Item(place=last.place, shelf=last.shelf, call_number=last.call_number, statement=statement))


def _marc_item(field: pymarc.Field) -> Item:
    return Item(
        place=_joined(field, "b") or _joined(field, "a"),
        shelf=_joined(field, "c"),
        call_number=_shelf_mark(_joined(field, "khim") or _joined(field, "j")),
        copy_number=_joined(field, "t"),
        barcode=_joined(field, "p"),
        status=_joined(field, "z"),
    )


def _koha_item(field: pymarc.Field) -> Item:
    state = _koha_state(field)
    return Item(
        place=_joined(field, "b") or _joined(field, "a"),
        shelf=_joined(field, "c"),
        call_number=_shelf_mark(_joined(field, "o")),
        copy_number=_joined(field, "ht"),
        barcode=_joined(field, "p"),
        available=state.available,
        status=state.words,
    )


@dataclass(frozen=True, slots=True)
class _State:
    available: bool | None
    words: str | None = None


def _koha_state(field: pymarc.Field) -> _State:
    """Koha writes 0 for "no", a code of the library's own for "yes", and a date for a loan; nothing says nothing."""
    told = {code: (field.get(code) or "").strip() for code in _KOHA_STATES if field.get(code) is not None}
    said = {code for code, value in told.items() if value not in ("", "0")}
    if "0" in said:
        return _State(False, "withdrawn")
    if "1" in said:
        return _State(False, "lost")
    if "q" in said:
        return _State(False, f"on loan until {told['q'][:10]}")
    if "7" in said:
        return _State(False, "on order") if told["7"].startswith("-") else _State(True, "for use in the library")
    if "4" in said:
        return _State(None, "damaged")
    return _State(True if told else None)


def _shelf_mark(call_number: str | None) -> str | None:
    """The place on the shelf that all copies share: "WG 370 H230 2020 c.2" without the number of the copy."""
    return (_COPY.sub("", call_number) or None) if call_number else None


def _joined(field: pymarc.Field, codes: str) -> str | None:
    """Subfields in their order in the field, with single spaces."""
    return " ".join(" ".join(part.value for part in field.subfields if part.code in codes).split()) or None
