"""Titles in comparison form: markup, spelling, parallel titles and statements of responsibility out of the way; and what tells two
nearly equal titles apart."""

from __future__ import annotations

import html
import re
from collections import Counter
from functools import lru_cache

from rapidfuzz import fuzz

from fedsearch.folding import fold

_MARKUP = re.compile(r"</?[A-Za-z][\w:.\-]*(?:\s[^<>]{0,200})?/?>")
_ENTITY = re.compile(r"&(?:#\d+|#x[\da-fA-F]+|\w{2,31});")
_RESPONSIBILITY = re.compile(r"\s/\s+\S.*$")
_PARALLEL = re.compile(r"\s+=\s+|\s+/\s+|;\s+|\s+\[|\]\s*$")
_SUBTITLE = re.compile(r"\s*[:;=/]\s+|\s+[–—-]\s+|[?.]\s+(?=\S{3})")
_EDITION = re.compile(r"[,;:(]?\s*\b(?:(\d{1,2})(?:st|nd|rd|th)?\s*(?:ed\b\.?|edn\b\.?|edition\b)|(\d{1,2})e\b)\)?\s*$", re.IGNORECASE)
# British and American spelling, brought to one form that need not be a word: what matters is that both end there.
_SPELLINGS = tuple(
    pair.split(">")
    for pair in "ae>e oe>e isation>ization ise>ize ising>izing yse>yze our>or bre>ber tre>ter mme>m ogue>og ll>l ph>f".split()
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_PARTS = "part|volume|vol|chapter|phase|type|stage|section|series|book|study|paper|report|class|grade|group|category"
_COUNTING = frozenset(_PARTS.split("|")) | frozenset(_ROMAN) - {"i", "v", "x"}
_COUNTED = re.compile(rf"(\d+)|\b(ii|iii|iv|vi|vii|viii|ix)\b|\b(?:{_PARTS})\s+([ivx]+|[a-h])\b")
_NUMBER_WORDS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth seventh eighth ninth tenth
    twenty thirty fifty hundred single double triple half""".split()
)
# One such word in only one of two titles makes two publications of them, however alike the rest is.
_TELLING = _NUMBER_WORDS | frozenset(
    """not no without nor never men women man woman male female males females boys girls boy girl mother mothers father fathers maternal paternal
    adult adults child children infant infants neonate neonates pediatric geriatric elderly adolescent adolescents young old
    vivo vitro rat rats mouse mice rabbit rabbits dog dogs cat cats pig pigs human humans animal animals
    protocol reply comment response erratum correction update updated revisited interim preliminary final
    left right upper lower high low higher lower acute chronic before after early late pre post increase decrease increased decreased
    hypotension hypertension hypoglycemia hyperglycemia benign malignant primary secondary positive negative proximal distal
    north south east west summer winter spring autumn monday january february march april may june july august september october november december
    زنان مردان دختران پسران کودکان بزرگسالان سالمندان نوزادان""".split()
)
_GENERIC = frozenset(
    (
        "editorial|letter|letters|letter to the editor|letters to the editor|correspondence|reply|in reply|authors reply|author reply|response|comment"
        "|commentary|introduction|preface|foreword|news|book review|book reviews|obituary|case report|a case report|abstracts|erratum|corrigendum"
        "|correction|errata|retraction|announcement|announcements|in this issue|table of contents|index|conclusion|conclusions|discussion|summary"
        "|images in clinical medicine|clinical images|questions and answers|review|overview|guest editorial|meeting report|conference report"
        "|سرمقاله|نامه به سردبیر|مقدمه|پیشگفتار|سخن سردبیر"
    ).split("|")
)
# Words that nearly every title in a language has; enough to tell a title from its translation.
_LANGUAGES: dict[str, frozenset[str]] = {
    "en": frozenset("the of and in for with on from by an to is are between among using during after study".split()),
    "de": frozenset("der die das und in bei mit von zur zum des den dem ein eine einer fur im auf am aus uber als eines".split()),
    "fr": frozenset("le la les des du de et en dans par une un au aux pour sur chez avec l d".split()),
    "es": frozenset("el la los las del de y en con por una un para al sobre como".split()),
    "pt": frozenset("o a os as do da dos das de e em com por uma um para no na sobre".split()),
    "it": frozenset("il la i le del della dei delle di e in con per una un nel nella con al".split()),
    "nl": frozenset("de het een van en in bij met voor op aan door der".split()),
}
_BRACKETED = re.compile(r"^\s*\[.+\]\W*(?:\w+:.*)?$", re.DOTALL)


def plain(text: str) -> str:
    """A title without tags and entities."""
    if "&" in text:
        text = html.unescape(html.unescape(text)) if _ENTITY.search(text) else text
    return _MARKUP.sub("", text) if "<" in text else text


def is_translated(text: str) -> bool:
    """Indexers put a title that they translated into square brackets."""
    return text.startswith("[") and bool(_BRACKETED.match(text))


def forms(text: str, *, of_book: bool) -> tuple[tuple[str, ...], tuple[str, ...], int | None]:
    """Every way to read a title as a whole, every reading without its subtitle, and the edition that it names."""
    edition = None
    if of_book:
        text = _RESPONSIBILITY.sub("", text)
        if named := _EDITION.search(text):
            edition, text = int(named.group(1) or named.group(2)), text[: named.start()]
    readings = [text]
    if any(mark in text for mark in "=/;["):
        readings += [part for part in _PARALLEL.split(text) if 24 < len(part) < len(text)]
    wholes = tuple(dict.fromkeys(form for reading in readings if (form := spelled(fold(reading)))))
    mains = tuple(dict.fromkeys(form for reading in readings if (form := spelled(fold(_SUBTITLE.split(reading, maxsplit=1)[0])))))
    return wholes, mains, edition


def spelled(folded: str) -> str:
    """A folded title in one spelling."""
    for british, form in _SPELLINGS:
        folded = folded.replace(british, form)
    return folded


@lru_cache(maxsize=32_768)
def language(title: str) -> str | None:
    """The language that a folded title is in, where its small words tell."""
    words = title.split()
    counts = {name: sum(word in small for word in words) for name, small in _LANGUAGES.items()}
    best = max(counts, key=lambda name: (counts[name], name == "en"))
    return best if counts[best] > 1 and sorted(counts.values())[-2] < counts[best] else None


def numbers(title: str) -> frozenset[str]:
    """Every number of a title, parts in Roman numerals or letters included ("Part II" = "Part 2")."""
    if title.replace(" ", "").isalpha() and _COUNTING.isdisjoint(title.split()):
        return frozenset()
    found = (
        digits.lstrip("0") or "0" if digits else _ROMAN.get(part or roman, part or roman) for digits, roman, part in _COUNTED.findall(title)
    )
    return frozenset(found)


def is_generic(title: str) -> bool:
    """Whether many publications bear this title: "Editorial", "From the editor", "Reply"."""
    words = title.split()
    return title in _GENERIC or len(title) < 12 or ("editor" in title and len(words) < 8)


def telling_words(left: str, right: str) -> tuple[str, ...]:
    """Words that stand in one of two titles only and make two publications of them."""
    if left.replace(" ", "") == right.replace(" ", ""):
        return ()
    ours, theirs = Counter(left.split()), Counter(right.split())
    return tuple(sorted(word for word in ((ours - theirs) | (theirs - ours)) if word in _TELLING))


def strange_words(left: str, right: str) -> int:
    """How many words of two titles have no counterpart in the other, not even a misspelt one."""
    ours, theirs = Counter(left.split()), Counter(right.split())
    rest, other = list((ours - theirs).elements()), list((theirs - ours).elements())
    joined, other_joined = "".join(rest), "".join(other)
    if joined == other_joined:
        return 0
    return sum(not _has_counterpart(word, other, other_joined) for word in rest) + sum(
        not _has_counterpart(word, rest, joined) for word in other
    )


def _has_counterpart(word: str, others: list[str], joined: str) -> bool:
    return len(word) < 3 or word in joined or any(fuzz.ratio(word, other) >= 70 for other in others)
