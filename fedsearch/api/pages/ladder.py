"""Access options -> the ladder a card shows, best way first, in the page's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fedsearch.api.pages.links import contact, host, web, web_or_own
from fedsearch.api.pages.words import ARABIC_LETTER, LATIN_LETTER, Words

Payload = Mapping[str, Any]

_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)|publicdomain/(zero)/(\d\.\d))", re.IGNORECASE)
_NAMED_BY_US = ("resolver", "request")
"""Rungs whose label is a name that the operator chose: on a page in another language our own words take its place."""


@dataclass(frozen=True, slots=True)
class CallNumber:
    """A call number in the parts it has on a spine: kept apart, or a Persian letter turns the digits after it round."""

    parts: tuple[str, ...]
    direction: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the text; `call_number` stands apart because people copy it onto a slip of paper."""

    kind: str
    word: str
    href: str | None
    call_number: CallNumber | None
    notes: tuple[str, ...]


def ways(work: Payload, words: Words) -> tuple[Way, ...]:
    return tuple(way(option, words) for option in work.get("access") or ())


def way(option: Payload, words: Words) -> Way:
    """An access option in the page's words, made of its details; its own label, in one language, serves where they tell nothing."""
    detail, kind = option.get("detail") or {}, str(option["kind"])
    href = contact(option.get("url")) if kind == "request" else web_or_own(option.get("url"))
    label, word = str(option.get("label") or ""), _way_word(option, words)
    notes = _known_details(detail, words)
    doubt = _doubt(kind, detail, words)
    if notes:
        notes += doubt
    elif not label or label == word or kind in _NAMED_BY_US:
        notes = doubt
    else:
        notes = [label] if words.speaks(label) else doubt or [label]
    if href and kind in ("open", "subscription") and not detail.get("host") and (place := host(href)):
        notes.append(place)
    return Way(kind, word, href, call_number(detail.get("call_number")), tuple(dict.fromkeys(notes)))


def _way_word(option: Payload, words: Words) -> str:
    """What a rung is called; the library's own name for its resolver or request form goes before ours."""
    kind, detail = str(option["kind"]), option.get("detail") or {}
    if kind == "resolver" and detail.get("doi"):
        return words("access.publisher")
    label = _in_the_page_s_language("label", option, detail, words)
    if kind in _NAMED_BY_US and label and words.speaks(label):
        return label
    if kind == "shelf" and detail.get("available") == 0:
        return words("access.lent")
    return words.named("access", kind)


def _doubt(kind: str, detail: Payload, words: Words) -> list[str]:
    """What is not certain of an option, where it is said that something is not."""
    key = "access.doubt.copies" if kind == "shelf" and not detail.get("journal") else f"access.doubt.{kind}"
    return [words(key)] if detail.get("certain") is False and words.has(key) else []


def _in_the_page_s_language(name: str, told: Payload, detail: Payload, words: Words) -> str:
    """What the operator wrote once for each language; the Persian stands among the details."""
    return str((detail.get(f"{name}_fa") if words.lang == "fa" else None) or told.get(name) or "")


def _known_details(detail: Payload, words: Words) -> list[str]:
    place = _in_the_page_s_language("place", detail, detail, words)
    notes = [place] if place else []
    if detail.get("held"):
        notes.append(words("access.held", value=words.isolated(str(detail["held"]))))
    copies, available = detail.get("copies"), detail.get("available")
    if isinstance(copies, int) and isinstance(available, int) and copies > 1:
        notes.append(words("access.copies", n=available, copies=copies))
    elif available:
        notes.append(words("access.available"))
    notes += [str(detail[name]) for name in ("host", "coverage") if detail.get(name)]
    if version := detail.get("version"):
        notes.append(words.named("access.version", str(version)))
    return [*notes, licence_name(str(detail["licence"]))] if detail.get("licence") else notes


def call_number(text: object) -> CallNumber | None:
    """Read from the side of its first letter: "WG 370" from the left, a number that begins in Persian from the right."""
    parts = str(text or "").split()
    if not parts:
        return None
    letters = "".join(parts)
    persian, latin = ARABIC_LETTER.search(letters), LATIN_LETTER.search(letters)
    from_right = persian is not None and (latin is None or persian.start() < latin.start())
    return CallNumber(tuple(parts), "rtl" if from_right else "ltr")


def licence_name(licence: str) -> str:
    """A licence's short name where its address is known; the address's host, or the text as it came, otherwise."""
    if known := _CREATIVE_COMMONS.search(licence):
        terms, version, zero, zero_version = known.groups()
        return f"CC0 {zero_version}" if zero else f"CC {terms.upper()} {version}"
    return host(licence) or licence if web(licence) else licence
