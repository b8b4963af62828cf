"""Journal names in comparison form: the name, its parts, its abbreviation and its initials are the same journal."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz

from fedsearch.folding import fold
from fedsearch.merge.titles import romanised

_PARTS = re.compile(r"\s*[=:;/\[\]()]\s*|\.\s+(?=[A-Z])")
_SILENT = frozenset(
    """the of and for in on a an to at by from with y e et de la le les des du der die das und fur del della delle d l i og och en voor van
    j journal official organ publication online electronic resource print""".split()
)
_MEETING = re.compile(r"\b(?:conference|proceedings|proc|symposium|workshop|congress|meeting|conf)\b")
_EMPTY = frozenset({"", "online", "print", "electronic resource", "internet"})


@lru_cache(maxsize=16_384)
def readings(name: str) -> tuple[str, ...]:
    """A name and each of its parts ("Ai zheng = Chinese journal of cancer") without the words that abbreviations leave out."""
    pieces = [name, *_PARTS.split(name)]
    found = (" ".join(_words(piece)) for piece in pieces if fold(piece) not in _EMPTY)
    return tuple(dict.fromkeys(reading for reading in found if len(reading) > 2))


def _words(name: str) -> list[str]:
    words = romanised(fold(name.replace("?", ""))).split()
    return [word for word in words if word not in _SILENT] or words


@lru_cache(maxsize=65_536)
def same_name(left: str, right: str) -> bool:
    """Whether two names, as written, may be the same journal's."""
    return any(_alike(a, b) for a, b in product(readings(left), readings(right)))


def _alike(left: str, right: str) -> bool:
    if left == right:
        return True
    short, long = sorted((left.split(), right.split()), key=lambda words: (len(words), sum(map(len, words))))
    if len(short) == len(long) and all(_abbreviates(a, b) for a, b in zip(short, long, strict=True)):
        return True
    if len(short) >= 3 and f" {' '.join(short)} " in f" {' '.join(long)} ":
        return True
    if len(short) == 1 and 2 < len(short[0]) < 7:
        initials = "".join(word[0] for word in long)
        if initials.startswith(short[0]) or f"j{initials}" == short[0]:
            return True
    return len(left) > 8 and len(right) > 8 and fuzz.ratio(left, right) >= 88


@lru_cache(maxsize=16_384)
def is_meeting(name: str) -> bool:
    """Whether a name is that of a conference's proceedings, which every index words in its own way."""
    return bool(_MEETING.search(fold(name)))


def _abbreviates(short: str, long: str) -> bool:
    """The letters of the one in their order in the other, the first one first: "natl" for "national"."""
    if len(short) > len(long):
        short, long = long, short
    if long.startswith(short):
        return True
    if short[:1] != long[:1]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
