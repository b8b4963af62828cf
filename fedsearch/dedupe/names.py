"""Authors as the world's exports write them -> Authors: "Hansen K", "Hansen, Karen L.", "Karen Hansen", whole lists in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from fedsearch.dedupe.slim import slim
from fedsearch.folding import is_persian
from fedsearch.model import Author

Role: TypeAlias = Literal["author", "editor", "translator"]

_INITIALS = re.compile(r"(?:[^\W\d_a-zß-ÿ]\.?[\s\-\u2010]?){1,5}")
_ABBREVIATED = re.compile(r"[^\W\d_]\.(?:[\s\-\u2010]*[^\W\d_]\.)*")
_SUFFIX = re.compile(r"(?:jr|sr|\d(?:st|nd|rd|th)|i{2,3}|iv)\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:m\.?d|ph\.?d|m\.?sc|b\.?sc|m\.?p\.?h|r\.?n|mbbs|facs|frcp|pharm\.?d|dds|do)\.?", re.IGNORECASE)
_PARTICLES = frozenset("van von der den de del della di da das dos do du la le ter ten zu zur vom el al bin ibn abu st".split())
_BODY = re.compile(
    r"\b(?:group|investigators?|collaborat\w+|consortium|committee|society|association|organi[sz]ation|network|team|trialists|institutes?|"
    r"ministry|university|department|council|federation|agency|academy|foundation|task force|working party|study|trial|program(?:me)?|"
    r"registry|initiative|hospital)\b|گروه|سازمان|انجمن|وزارت|دانشگاه|موسسه|مؤسسه|کمیته|مرکز تحقیقات|بیمارستان",
    re.IGNORECASE,
)
_REST = re.compile(r"^(?:\W*et\.?\s*al\b\W*|(?:and\s+)?others|\.{3}|…|و همکاران)$", re.IGNORECASE)
_REST_AT_END = re.compile(r"[\s,;]+(?:et\.?\s*al\b\W*|and others|…|\.{3}|و همکاران)\s*$", re.IGNORECASE)
_NOBODY = frozenset(
    {
        "anonymous",
        "anon",
        "unknown",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "no authors listed",
        "no author",
        "[anonymous]",
        "[no authors listed]",
    }
)
_NOTE = re.compile(r"\s*(?:\([^()]*\d[^()]*\)|\((?:ed|eds|editor|editors|author)\.?\)|\bORCID\b.*|https?://\S+)\s*", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|AND|&)\s+")
_STRONG = re.compile(r"\s*(?:[;؛|\r\n]|//)\s*")
# Some exports run short names together: "Adeli K.Lewis G. F."
_RUN_TOGETHER = re.compile(r"(?<=[^\W\d_]\.)(?=[^\W\d_](?:['’][^\W\d_])?[^\W\d_A-Z]+[\w'’\-]*\s[^\W\d_]\.?(?:\s|$|[^\W\d_]))")


def authors_of(value: Any, role: Role = "author") -> tuple[tuple[Author, ...], bool]:
    """The authors of a list or of one text, and whether the list is whole (no "et al.")."""
    found: list[Author] = []
    whole = True
    for name in _names(value):
        if isinstance(name, Author):
            found.append(name)
        elif _REST.match(name):
            whole = False
        elif made := author(name, role):
            found.append(made)
    return tuple(found), whole


def _names(value: Any) -> Iterator[str | Author]:
    if isinstance(value, Author):
        yield value
    elif isinstance(value, str):
        yield from split(value)
    elif isinstance(value, Mapping):
        if made := _from_members(value):
            yield made
    elif isinstance(value, Iterable):
        each_one = list(value)
        for each in each_one:
            if isinstance(each, str) and len(each_one) > 1 and not _STRONG.search(each):
                yield each
            else:
                yield from _names(each)


def _from_members(members: Mapping[str, Any]) -> Author | None:
    """{"family", "given"}, {"literal"} and their like, as CSL-JSON, Crossref and our own exports write them."""
    told = {name.lower(): " ".join(value.split()) for name, value in members.items() if isinstance(value, str) and value.strip()}

    def first(*names: str) -> str | None:
        return next((told[name] for name in names if name in told), None)

    role: Role = "editor" if told.get("role") == "editor" else "translator" if told.get("role") == "translator" else "author"
    family, given = first("family", "last", "lastname", "last_name"), first("given", "first", "firstname", "first_name", "forename")
    if family:
        return Author(family=family, given=given, role=role)
    if body := first("collective", "literal", "collectivename"):
        return Author(collective=body, role=role)
    name = first("name", "fullname", "full_name", "author") or given
    return author(name, role) if name else None


@lru_cache(maxsize=16_384)
def split(text: str) -> tuple[str, ...]:
    """The names of a list that stands in one text."""
    text = text.strip()
    if cut := _REST_AT_END.search(text):
        return (*split(text[: cut.start()]), "et al.")
    if _STRONG.search(text):
        return tuple(part.strip(" ,") for part in _STRONG.split(text) if part.strip(" ,"))
    if _AND.search(text):
        return tuple(name for part in _AND.split(text) for name in _by_commas(part.strip(" ,")))
    return tuple(name for part in _RUN_TOGETHER.split(text) for name in _by_commas(part))


def _by_commas(text: str) -> list[str]:
    """ "A, B.C., D, E.F." is two names, "Hansen K, Moreau P" is two, "Hansen, Karen L." is one."""
    parts: list[_Part] = []
    for piece in re.split("[,،]", text):
        if not (bare := piece.strip()):
            continue
        if parts and _SUFFIX.fullmatch(bare):
            parts[-1] = _Part(parts[-1].core, f"{parts[-1].text}, {bare}")
        else:
            parts.append(_Part(bare, bare))
    if len(parts) < 2:
        return [part.text for part in parts]
    given = [bool(_INITIALS.fullmatch(part.core)) for part in parts]
    if len(parts) % 2 == 0 and all(given[1::2]):
        return _in_pairs(parts)
    if any(given[1:]):
        return _after_families(parts, given)
    single = [" " not in part.core for part in parts]
    if len(parts) == 2:
        return [part.text for part in parts] if _two_people(parts[0].core, parts[1].core) else _in_pairs(parts)
    return _in_pairs(parts) if all(single) and len(parts) % 2 == 0 else [part.text for part in parts]


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands between two commas, alone and with the suffix after it ("Jr.")."""

    core: str
    text: str


def _in_pairs(parts: list[_Part]) -> list[str]:
    return [f"{family.text}, {given.text}" for family, given in zip(parts[::2], parts[1::2], strict=True)]


def _after_families(parts: list[_Part], given: list[bool]) -> list[str]:
    """Initials belong to the family name before them; every other part begins a name."""
    names: list[str] = []
    for part, is_given in zip(parts, given, strict=True):
        if names and is_given:
            names[-1] += f", {part.text}"
        else:
            names.append(part.text)
    return names


def _two_people(left: str, right: str) -> bool:
    """ "Hansen K, Moreau P" and "Karen Hansen, Pierre Moreau", but not "van der Berg, Karen Louise"."""
    if _ends_in_initials(left) and _ends_in_initials(right):
        return True
    return " " in left and " " in right and left.split()[0].lower() not in _PARTICLES and not _BODY.search(left)


def _ends_in_initials(text: str) -> bool:
    words = text.split()
    return len(words) > 1 and bool(_INITIALS.fullmatch(words[-1]))


@lru_cache(maxsize=65_536)
def author(name: str, role: Role = "author") -> Author | None:
    """One name in any notation; None where it names nobody."""
    bare = " ".join(_NOTE.sub(" ", name).split()).strip(" ,،;*")
    if not re.search(r"[^\W\d_]", bare) or bare.lower().rstrip(".") in _NOBODY:
        return None
    pieces = [piece for each in re.split("[,،]", bare) if (piece := each.strip()) and not _DEGREE.fullmatch(piece)]
    if not pieces:
        return None
    if _BODY.search(pieces[0]) and " " in pieces[0]:
        return slim(Author(collective=bare, role=role))
    family, given = _parted(pieces[0]) if len(pieces) == 1 else (pieces[0], _given(pieces[1:]))
    return slim(Author(family=family, given=given, role=role))


def _given(pieces: list[str]) -> str:
    """Given names, with a suffix after them wherever it stood ("Morrison, Jr., Barclay")."""
    if len(pieces) == 1:
        return pieces[0]
    return " ".join(sorted(pieces, key=lambda piece: bool(_SUFFIX.fullmatch(piece))))


def _parted(name: str) -> tuple[str, str | None]:
    """Family and given name of a name without a comma."""
    words = name.split()
    if len(words) == 1:
        return name, None
    suffix = [words.pop()] if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else []
    at_end = len(words)
    while at_end > 1 and _INITIALS.fullmatch(words[at_end - 1]) and not is_persian(words[at_end - 1]):
        at_end -= 1
    if at_end < len(words):
        if at_end > 1 or not _ABBREVIATED.fullmatch(words[0]):
            return " ".join(words[:at_end]), " ".join([*words[at_end:], *suffix])
        return words[-1], " ".join([*words[:-1], *suffix])
    start = next((at for at, word in enumerate(words[1:], 1) if word in _PARTICLES), len(words) - 1)
    return " ".join(words[start:]), " ".join([*words[:start], *suffix]) or None
