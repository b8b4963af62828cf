"""Works -> one order, explained: the words of the question in the works, and where the sources ranked them.

BM25 over title, abstract and subject headings (Robertson and Zaragoza 2009), with half of each word's weight from a
shipped table of document frequencies, since idf counted on records that all hold the question's words says little;
plus a prior from the best rank in any source. Reciprocal rank fusion is not used: with three lists it is nearly flat.
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from fedsearch import identifiers
from fedsearch.folding import fold, stem
from fedsearch.model import RankedWork, Work
from fedsearch.query import Query, Term
from fedsearch.settings import MergePolicy, Ranking

# Words of a question that carry no meaning of their own.
STOP_WORDS = frozenset(
    """a an the of in on at to for from by with without and or not is are was were be been do does did can could should what which how why when who
    whom whose that this these those there it its as than then into about between among after before during vs versus via per
    و در به از که این آن با برای بر تا را یا است هست بود های ها می چه چیست چگونه آیا""".split()
)
_TRIAL_OR_REVIEW = frozenset({"guideline", "systematic-review", "randomised-trial", "clinical-trial"})


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `documents` abstracts each stemmed word stands."""

    documents: int
    counts: dict[str, int]

    def idf(self, word: str) -> float:
        count = self.counts.get(word, 0)
        if word.endswith("*") and word not in self.counts:
            count = sum(n for other, n in self.counts.items() if other.startswith(word[:-1]))
        return _idf(min(count, self.documents), self.documents)


def _idf(count: int, documents: int) -> float:
    return math.log(1 + (documents - count + 0.5) / (count + 0.5))


@lru_cache(maxsize=1)
def shipped_frequencies() -> Frequencies:
    """The shipped table: document frequencies of 9,117 medical abstracts; bench/word_frequencies.py makes it."""
    text = gzip.decompress((files("fedsearch.merge") / "word_frequencies.tsv.gz").read_bytes()).decode()
    first, *rows = text.splitlines()
    counts = {word: int(count) for word, count in (row.split("\t") for row in rows)}
    return Frequencies(int(first.split("\t")[1]), counts)


def rank(works: Sequence[Work], query: Query, policy: MergePolicy) -> tuple[RankedWork, ...]:
    """The works best first (or newest first, as the query asks), each with its score from 0 to 1 and the reasons."""
    constants = policy.ranking
    words = question_words(query)
    weights = _Words(works, words, constants)
    scored = [_scored(work, query, weights, constants) for work in works]
    if query.sort == "newest":
        ordered = sorted(scored, key=lambda s: (_reversed_date(s[1].work), -s[0], s[1].work.id))
    else:
        ordered = sorted(scored, key=lambda s: (-s[0], _best_rank(s[1].work), s[1].work.id))
    return tuple(ranked for _, ranked in ordered)


def question_words(query: Query) -> tuple[str, ...]:
    """The question's words as they are looked for: folded, stemmed, once each, without those that mean nothing alone.

    A truncated word keeps its star and is not stemmed.
    """
    words = [
        f"{word}*" if typed.endswith("*") else word
        for term in query.terms()
        if term.field not in ("publication-type", "language", "subset", "pmid", "doi")
        for typed in term.text.split()
        for word in fold(typed).split()
    ]
    return tuple(dict.fromkeys(stem(word) for word in words if word not in STOP_WORDS)) or tuple(dict.fromkeys(map(stem, words)))


class _Words:
    """BM25 of every work for the question's words, scaled to 0..1 over the list."""

    def __init__(self, works: Sequence[Work], words: Sequence[str], constants: Ranking) -> None:
        self.words = words
        pattern = re.compile(r"\b(?:" + "|".join(re.escape(_beginning(word)) for word in words) + r")\w*") if words else None
        self.found: dict[str, dict[str, float]] = {}
        self.in_title: dict[str, frozenset[str]] = {}
        lengths: dict[str, float] = {}
        for work in works:
            title = fold(f"{work.title} {work.vernacular_title or ''}")
            rest = fold(" ".join([work.abstract or "", *(heading.name for heading in work.mesh), *work.keywords]))
            counted = _counts(pattern, title, words)
            self.in_title[work.id] = frozenset(counted)
            totals = {word: count * constants.title for word, count in counted.items()}
            for word, count in _counts(pattern, rest, words).items():
                totals[word] = totals.get(word, 0) + count
            self.found[work.id] = totals
            lengths[work.id] = constants.title * (title.count(" ") + 1) + rest.count(" ") + 1
        self.scores = self._scores(lengths, constants)

    def _scores(self, lengths: dict[str, float], constants: Ranking) -> dict[str, float]:
        table = shipped_frequencies()
        here = Frequencies(len(self.found), {word: sum(word in totals for totals in self.found.values()) for word in self.words})
        idf = {w: constants.table_share * table.idf(w) + (1 - constants.table_share) * here.idf(w) for w in self.words}
        average = sum(lengths.values()) / len(lengths) if lengths else 1.0
        raw = {}
        for work_id, totals in self.found.items():
            norm = constants.k1 * (1 - constants.b + constants.b * lengths[work_id] / average)
            raw[work_id] = sum(idf[word] * count * (constants.k1 + 1) / (count + norm) for word, count in totals.items())
        low, high = min(raw.values(), default=0.0), max(raw.values(), default=0.0)
        return {work_id: (score - low) / (high - low) if high > low else 0.0 for work_id, score in raw.items()}


def _beginning(word: str) -> str:
    """What every form of a stemmed or truncated word begins with: "therapi" is the stem of "therapy"."""
    if word.endswith("*"):
        return word[:-1]
    return word[:-1] if word.endswith("i") and len(word) > 3 else word


def _counts(pattern: re.Pattern[str] | None, text: str, words: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    truncated = [word for word in words if word.endswith("*")]
    for form in pattern.findall(text) if pattern else ():
        for word in (stem(form), *(word for word in truncated if form.startswith(word[:-1]))):
            if word in words:
                counts[word] = counts.get(word, 0) + 1
    return counts


def _scored(work: Work, query: Query, words: _Words, constants: Ranking) -> tuple[float, RankedWork]:
    """The score that orders, and the work with the same score as people see it: between 0 and 1."""
    best = _best_rank(work)
    prior = constants.rank_prior * (1 + constants.best_rank_offset) / (constants.best_rank_offset + best)
    score = words.scores[work.id] + prior
    because = [*_words_found(work, words), *_ranks(work)]
    exact = _exact(work, query)
    if exact:
        score += constants.exact_item
        because.insert(0, exact)
    if work.evidence.tier in _TRIAL_OR_REVIEW:
        score += constants.trial_or_review
        because.append(f"{work.evidence.tier.replace('-', ' ')}: slightly raised")
    if any(flag.kind in ("retracted", "withdrawn") for flag in work.flags) and not exact:
        score += constants.retracted
        because.append("retracted: placed below the rest")
    shown = round(min(1.0, max(0.0, score / (1 + constants.rank_prior))), 4)
    return score, RankedWork(work=work, score=shown, because=tuple(because))


def _words_found(work: Work, words: _Words) -> Iterable[str]:
    found, titled = words.found[work.id], words.in_title[work.id]
    if not words.words:
        return
    if titled:
        yield f"{len(titled)} of {len(words.words)} words of the question in the title"
    if len(found) > len(titled):
        yield f"{len(found)} of {len(words.words)} anywhere in the record"


def _ranks(work: Work) -> Iterable[str]:
    for hit in sorted(work.hits, key=lambda hit: (hit.rank, hit.source)):
        yield f"number {hit.rank} at {hit.source}"


def _exact(work: Work, query: Query) -> str | None:
    """Why this is the very item that was asked for, if it is."""
    terms = query.terms()
    if len(terms) == 1 and terms[0].field in ("doi", "pmid", "pmcid", "isbn", "control-number"):
        return _same_number(work, terms[0])
    asked = fold(terms[0].text if len(terms) == 1 and terms[0].field in ("all", "title") else query.text)
    if len(asked.split()) >= 4 and asked in {fold(title) for title in (work.title, work.vernacular_title) if title}:
        return "its title is the question"
    return None


def _same_number(work: Work, term: Term) -> str | None:
    numbers: dict[str, tuple[tuple[str | None, ...], str | None]] = {
        "doi": ((work.ids.doi,), identifiers.doi(term.text)),
        "pmid": ((work.ids.pmid,), identifiers.pmid(term.text)),
        "pmcid": ((work.ids.pmcid,), identifiers.pmcid(term.text)),
        "isbn": (work.ids.isbn, identifiers.isbn(term.text)),
        "control-number": (tuple(r.id for r in work.records), term.text),
    }
    own, asked = numbers[term.field]
    name = term.field.replace("-", " ") if "-" in term.field else term.field.upper()
    return f"its {name} is the question" if asked and asked in own else None


def _best_rank(work: Work) -> int:
    return min((hit.rank for hit in work.hits), default=1_000)


def _reversed_date(work: Work) -> tuple[int, ...]:
    """Newest first, undated last; a bare year counts as its beginning."""
    date = work.published or work.published_online
    year, month, day = ([int(part) for part in date.split("-")] + [0, 0])[:3] if date else (0, 0, 0)
    return (-year, -month, -day)
