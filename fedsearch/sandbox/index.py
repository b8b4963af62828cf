"""A small full-text index in memory: words and whole values by field, phrases, dates and BM25.

It holds some ten thousand records and is built at the start; nothing is ever added later.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fedsearch.folding import fold_spaced, stem

_BREAK = " | "  # stands between two values of a field, so that no phrase runs over
_NAMES = frozenset({"author", "editor", "affiliation", "publisher", "number"})  # fields whose words have no endings to take off
_SHARED = 3  # letters that words with one stem begin with; stemming the whole vocabulary would double the time of a start
_K1, _B = 1.2, 0.75  # BM25's usual constants: Robertson and Zaragoza 2009


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be searched of one record: `texts` word by word, `values` whole, dates as YYYY/MM/DD."""

    id: str
    texts: Mapping[str, Sequence[str]]
    values: Mapping[str, Iterable[str]] = field(default_factory=dict)
    dates: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Index:
    """Entries by number, in the order given; every look-up returns numbers."""

    def __init__(self, entries: Sequence[Entry], weights: Mapping[str, float]) -> None:
        self.entries = tuple(entries)
        self.everything = frozenset(range(len(entries)))
        self._weights = weights
        self._words: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        self._values: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._folded: list[dict[str, str]] = []
        self._lengths: list[float] = []
        for number, entry in enumerate(self.entries):
            self._add(number, entry)
        self._by_beginning: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.word_counts(self._words.keys() - _NAMES)):
            self._by_beginning[word[:_SHARED]].append(word)
        self._mean_length = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def _add(self, number: int, entry: Entry) -> None:
        folded = {name: _BREAK.join(fold_spaced(text) for text in texts) for name, texts in entry.texts.items()}
        length = 0.0
        for name, text in folded.items():
            counts = Counter(word for word in text.split() if word != "|")
            postings = self._words[name]
            for word, count in counts.items():
                postings[word][number] = count
            length += self._weights.get(name, 0) * counts.total()
        for name, values in entry.values.items():
            for value in values:
                if key := fold_spaced(value):
                    self._values[name][key].add(number)
        self._folded.append({name: f" {text} " for name, text in folded.items() if text})
        self._lengths.append(length)

    def word_counts(self, fields: Iterable[str]) -> Counter[str]:
        """Every word of these fields, and in how many records it stands, counted once for each field."""
        counts = Counter[str]()
        for name in fields:
            counts.update({word: len(found) for word, found in self._words.get(name, {}).items()})
        return counts

    def variants(self, word: str) -> list[str]:
        """The words of the index that share a stem with this folded word, it first where it is there itself."""
        stemmed = stem(word)
        others = [other for other in self._by_beginning.get(word[:_SHARED], []) if other != word and stem(other) == stemmed]
        return [word, *others] if any(word in postings for postings in self._words.values()) else others

    def with_word(self, word: str, fields: Iterable[str] | None = None) -> set[int]:
        """Records with a folded word in any of the fields; without fields, anywhere."""
        names = self._words if fields is None else fields
        return set().union(*(self._words[name].get(word, {}) for name in list(names) if name in self._words))

    def with_beginning(self, beginning: str, fields: Iterable[str] | None = None) -> set[int]:
        """Records with a word that begins so."""
        names = list(self._words if fields is None else fields)
        return set().union(
            *(found for name in names if name in self._words for word, found in self._words[name].items() if word.startswith(beginning))
        )

    def with_phrase(self, phrase: str, fields: Iterable[str] | None = None) -> set[int]:
        """Records with these folded words in this order; a last word that ends in * is a beginning."""
        open_end = phrase.endswith("*")
        words = phrase.rstrip("*").split()
        if not words:
            return set()
        found = self.with_beginning(words[-1], fields) if open_end else self.with_word(words[-1], fields)
        for word in words[:-1]:
            found &= self.with_word(word, fields)
        if len(words) == 1:
            return found
        wanted = f" {' '.join(words)}" + ("" if open_end else " ")
        names = None if fields is None else set(fields)
        return {n for n in found if any(wanted in text for name, text in self._folded[n].items() if names is None or name in names)}

    def with_near(self, words: Sequence[str], distance: int, fields: Iterable[str]) -> set[int]:
        """Records with all the words, in any order, at most `distance` other words between the first and the last."""
        names = set(fields)
        found = set(self.everything)
        for word in words:
            found &= self.with_word(word, names)
        return {n for n in found if any(_near(self._folded[n][name].split(), words, distance) for name in names & self._folded[n].keys())}

    def with_value(self, name: str, value: str) -> set[int]:
        """Records with this folded value as a whole."""
        return set(self._values[name].get(value, ())) if name in self._values else set()

    def with_value_beginning(self, name: str, beginning: str) -> set[int]:
        """Records with a value that begins so."""
        return set().union(*(found for value, found in self._values.get(name, {}).items() if value.startswith(beginning)))

    def values(self, name: str) -> Iterable[str]:
        """Every value that a field takes, folded."""
        return self._values.get(name, {}).keys()

    def dated(self, name: str, first: str, last: str) -> set[int]:
        """Records with a date of this name between two dates, each YYYY, YYYY/MM or YYYY/MM/DD."""
        low, high = first_day(first), last_day(last)
        return {n for n, entry in enumerate(self.entries) if any(low <= date <= high for date in entry.dates.get(name, ()))}

    def scores(self, numbers: Iterable[int], words: Iterable[Sequence[str]]) -> dict[int, float]:
        """BM25 of each record; words that are variants of one another count as one."""
        scores = dict.fromkeys(numbers, 0.0)
        for variants in words:
            frequencies: dict[int, float] = defaultdict(float)
            for name, weight in self._weights.items():
                for word in variants:
                    for number, count in self._words[name].get(word, {}).items() if name in self._words else ():
                        frequencies[number] += weight * count
            rarity = math.log(1 + (len(self.entries) - len(frequencies) + 0.5) / (len(frequencies) + 0.5))
            for number in scores.keys() & frequencies.keys():
                frequency, length = frequencies[number], self._lengths[number] / self._mean_length
                scores[number] += rarity * frequency * (_K1 + 1) / (frequency + _K1 * (1 - _B + _B * length))
        return scores


def first_day(date: str) -> str:
    """A partial date (YYYY/MM/DD or YYYY-MM-DD) as the first day that it may mean, as YYYY/MM/DD."""
    return _whole(date, "01", "01")


def last_day(date: str) -> str:
    """A partial date as the last day that it may mean; every month is given 31."""
    return _whole(date, "12", "31")


def _whole(date: str, month: str, day: str) -> str:
    parts = date.replace("-", "/").split("/")
    return "/".join([parts[0], *(part.zfill(2) for part in parts[1:]), *(month, day)[len(parts) - 1 :]])


def _near(text: Sequence[str], words: Sequence[str], distance: int) -> bool:
    wanted = set(words)
    places = [(i, word) for i, word in enumerate(text) if word in wanted]
    reach = len(words) + distance
    return any({word for i, word in places if first <= i < first + reach} == wanted for first, _ in places)
