"""Text -> the words it is indexed by and asked for, so that one word is found however catalogue and question spell it.

Persian writes the same word joined, spaced or with a half-space (کتابها, کتاب ها, کتاب‌ها). The index keeps every reading
that the text allows, a question asks for every reading that the typing allows; either alone would miss half of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fedsearch.folding import fold, fold_spaced, is_persian, stem

# Stands between texts in one column, so that no phrase runs from one into the next; a word that nobody types.
_GAP = "zqzq"
_LONGEST_JOIN = 3
_PLURAL = re.compile(r"(?<=\w\w\w)(?:هایی|های|ها)$")
_SUFFIXES = frozenset("ها های هایی تر ترین ی ای اند ام ات اش گر گری".split())
_PREFIXES = frozenset("می نمی".split())
# Words of a plain question that say nothing about a book.
_STOP_WORDS = frozenset(
    "a about an and are as at be been between by can could did do does for from had has have how in into is it its may of on or "
    "should than that the their there these this to versus vs was were what when where which who whose why will with would "
    "و در از به با را که این آن برای تا بر یا هم است بود شود می نمی چه چیست چگونه چرا آیا کدام یک های ها هایی نیز اما بین مورد باره".split()
)
STOP_WORDS = frozenset(fold(word) for word in _STOP_WORDS)


def indexed(values: Iterable[str]) -> str:
    """What a column of the index holds for these texts: every reading in full, then the further forms of their words."""
    readings = list(dict.fromkeys(reading for value in values for reading in _readings(value)))
    plain = {word for reading in readings for word in reading.split()}
    further = {form for reading in readings for form in _further_forms(reading.split())} - plain
    return f" {_GAP} ".join(filter(None, [*readings, " ".join(sorted(further))]))


def phrase_readings(text: str) -> tuple[str, ...]:
    """The ways in which a phrase may stand in the index, word for word."""
    spaced = fold_spaced(text).split()
    joined = [" ".join([*spaced[:at], spaced[at] + spaced[at + 1], *spaced[at + 2 :]]) for at in _joints(spaced)]
    return tuple(dict.fromkeys(filter(None, [*_readings(text), *joined])))


def question_words(text: str, keep_stop_words: bool = False) -> tuple[tuple[str, ...], ...]:
    """The words that a text asks for, each as the forms of which one is enough; stop words only where there are no others."""
    words = fold_spaced(text).split()
    asked = [(word, _forms_at(words, at)) for at, word in enumerate(words)]
    content = [forms for word, forms in asked if word not in STOP_WORDS]
    return tuple([forms for _, forms in asked] if keep_stop_words or not content else content)


def _readings(text: str) -> Iterator[str]:
    folded = fold(text)
    yield folded
    if is_persian(folded):
        spaced = fold_spaced(text)
        yield spaced
        yield _affixes_joined(spaced.split())


def _affixes_joined(words: Sequence[str]) -> str:
    joined: list[str] = []
    prefix = ""
    for word in words:
        if word in _PREFIXES:
            prefix = word
        elif word in _SUFFIXES and joined and is_persian(joined[-1]) and not prefix:
            joined[-1] += word
        else:
            joined.append(prefix + word)
            prefix = ""
    return " ".join([*joined, prefix] if prefix else joined)


def _further_forms(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        yield _root(word)
        for size in range(2, _LONGEST_JOIN + 1):
            run = words[at : at + size]
            if len(run) == size and all(map(is_persian, run)):
                yield "".join(run)


def _forms_at(words: Sequence[str], at: int) -> tuple[str, ...]:
    """A word, its root, and what it makes when joined with its neighbours."""
    forms = [words[at], _root(words[at])]
    for size in range(2, _LONGEST_JOIN + 1):
        for start in range(max(0, at - size + 1), min(at, len(words) - size) + 1):
            run = words[start : start + size]
            if all(map(is_persian, run)):
                forms += ["".join(run)]
    return tuple(dict.fromkeys(forms))


def _root(word: str) -> str:
    """A word without its ending: English by Snowball, Persian without the plural's."""
    return _PLURAL.sub("", word) if is_persian(word) else stem(word)


def _joints(words: Sequence[str]) -> Iterator[int]:
    return (at for at in range(len(words) - 1) if is_persian(words[at]) and is_persian(words[at + 1]))
