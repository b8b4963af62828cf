"""Titles in comparison form: markup, spelling, parallel titles and statements of responsibility out of the way; and what tells two
nearly equal titles apart."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from fedsearch.folding import fold

_MARKUP = re.compile(r"</?[A-Za-z][\w:.\-]*(?:\s[^<>]{0,200})?/?>")
_CODE = re.compile(r"\\U\+[\dA-Fa-f]{4,6}\\?")
_ENTITY = re.compile(r"&(?:#\d+|#x[\da-fA-F]+|\w{2,31});")
_THOUSANDS = re.compile(r"\b(\d{1,3})[,\s](?=\d{3}\b)")
_ORIGINAL = re.compile(r"\.?\s*<ORIGINAL>\s*")
_RESPONSIBILITY = re.compile(r"\s/\s+\S.*$")
_PARALLEL = re.compile(r"\s+=\s+|\s+/\s+|;\s+|\s+\[|\]\s*$")
_SUBTITLE = re.compile(r"\s*[:;=]\s+|\s+/\s+|\s*[–—]+\s*(?=\S)|\s+-{1,3}\s+|\?\s+(?=\S)|(?<!\bvs)\.\s+(?=\S{3})")
_EDITION = re.compile(r"[,;:(]?\s*\b(?:(\d{1,2})(?:st|nd|rd|th)?\s*(?:ed\b\.?|edn\b\.?|edition\b)|(\d{1,2})e\b)\)?\s*$", re.IGNORECASE)
# British and American spelling, brought to one form that need not be a word: what matters is that both end there.
_SPELLINGS = tuple(
    pair.split(">")
    for pair in """ae>e oe>e isation>ization ise>ize ising>izing yse>yze ysing>yzing our>or bre>ber tre>ter vre>ver mme>m ogued>oged ogue>og ll>l ph>f
    ageing>aging gement>gment fence>fense cence>cense grey>gray""".split()
)
# Cyrillic letters as libraries romanise them, so that a romanised title meets its original.
_ROMANISED = str.maketrans(
    dict(
        zip(
            "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
            "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e iu ia e i i ie g".split(" "),
            strict=True,
        )
    )
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_NUMBER_WORDS = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), map(str, range(1, 13)), strict=True)
) | dict(zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(), map(str, range(1, 11)), strict=True))
_PARTS = "part|volume|vol|chapter|phase|type|stage|section|series|book|study|paper|report|class|grade|group|category"
_LONE_ROMAN = frozenset(_ROMAN) - {"i", "v", "x"}
_DIGITS = re.compile(r"\d+")
_COUNTED = re.compile(rf"\b(?:{_PARTS})\s+([ivx]+|[a-h]|\d{{1,2}})\b")
_PART_WORDS = frozenset(_PARTS.split("|"))
# Senses of words, a line for what they are about. A sense that only one of two titles has makes two publications of them, however
# alike the rest is; two senses of one line, one in each title, and the first line, do so even where everything else agrees.
_SENSES_BY_LINE = """
    not no non without nor never
    single | double | triple | half
    men man male males boys boy | women woman female females girls girl
    mother mothers maternal | father fathers paternal | parents
    adult adults | child children pediatric childhood | infant infants | neonate neonates neonatal newborn newborns
    elderly old older aged geriatric | adolescent adolescents adolescence young younger youth
    vivo | vitro
    rat rats | mouse mice murine | rabbit rabbits | dog dogs canine | cat cats feline | pig pigs porcine | sheep | human humans | animal animals
    protocol | rationale | interim | preliminary | final | updated update revisited
    reply | comment | response | erratum | correction
    left | right
    upper | lower
    high higher | low
    acute | chronic
    before pre | after post
    early | late
    increase increased increases | decrease decreased decreases
    hypotension | hypertension
    hypoglycemia | hyperglycemia
    benign | malignant
    primary | secondary
    positive | negative
    proximal | distal
    inpatient inpatients | outpatient outpatients
    nurses nursing | physicians | students
    north | south | east | west
    summer | winter | spring | autumn
    monday | january | february | march | april | may | june | july | august | september | october | november | december
    زنان | مردان | دختران | پسران
    کودکان | بزرگسالان | سالمندان | نوزادان"""
_PREFIXES = "hypo|hyper|pre|post|peri|intra|inter|extra|micro|macro|mono|poly|bi|uni|tri|non|un|in|im|a|an|sub|supra|super|over|under|re"
_OPPOSITE = re.compile(rf"(?:{_PREFIXES})(\w{{5,}})")
_GENERIC_TITLES = (
    "editorial|letter|letters|letter to the editor|letters to the editor|correspondence|reply|in reply|authors reply|author reply|response|comment"
    "|commentary|introduction|preface|foreword|news|book review|book reviews|obituary|case report|a case report|abstracts|erratum|corrigendum"
    "|correction|errata|retraction|announcement|announcements|in this issue|table of contents|index|conclusion|conclusions|discussion|summary"
    "|images in clinical medicine|clinical images|questions and answers|review|overview|guest editorial|meeting report|conference report"
    "|سرمقاله|نامه به سردبیر|مقدمه|پیشگفتار|سخن سردبیر"
).split("|")
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
# Words that make another publication of the title that they stand beside.
_ABOUT = frozenset(
    "letter letters reply replies response comment comments commentary commentaries editorial review discussion regarding abstract"
    " abstracts retraction erratum correction".split()
)
_BRACKETED = re.compile(r"^\W*\[.+\]\W*(?:\w+:.*)?$", re.DOTALL)


def plain(text: str) -> str:
    """A title without tags, entities, and the codes that some library systems write for letters they cannot show ("\\U+0331\\")."""
    if "\\U+" in text:
        text = _CODE.sub("", text)
    if "&" in text:
        text = html.unescape(html.unescape(text)) if _ENTITY.search(text) else text
    return _MARKUP.sub("", _ORIGINAL.sub(" = ", text)) if "<" in text else text


def is_translated(text: str) -> bool:
    """Indexers put a title that they translated into square brackets."""
    return "[" in text[:3] and bool(_BRACKETED.match(text))


@dataclass(frozen=True, slots=True)
class Title:
    """A title in comparison form: every way to read it as a whole, every reading without its subtitle, the edition that it names,
    its numbers, and whether many publications bear it."""

    wholes: tuple[str, ...]
    mains: tuple[str, ...]
    edition: int | None
    numbers: frozenset[str]
    generic: bool


@lru_cache(maxsize=16_384)
def read(text: str, *, of_book: bool) -> Title:
    """A title as a source gives it, without the words that only tell a notice."""
    text = _THOUSANDS.sub(r"\1", plain(text))
    edition = None
    if of_book:
        text = _RESPONSIBILITY.sub("", text)
        if named := _EDITION.search(text):
            edition, text = int(named.group(1) or named.group(2)), text[: named.start()]
    readings = [text]
    if any(mark in text for mark in "=/;["):
        readings += [part for part in _PARALLEL.split(text) if 24 < len(part) < len(text)]
    wholes: dict[str, None] = {}
    mains: dict[str, None] = {}
    for reading in readings:
        whole = spelled(fold(reading))
        main, *rest = _SUBTITLE.split(reading, maxsplit=1)
        wholes[whole] = None
        mains[spelled(fold(main)) if rest else whole] = None
    first = next(iter(wholes))
    original = spelled(fold(text.partition(" = ")[0])) if " = " in text else first
    return Title(
        tuple(filter(None, wholes)),
        tuple(filter(None, mains)),
        edition,
        numbers(original),
        bool(first) and is_generic(first, of_book=of_book),
    )


def spelled(folded: str) -> str:
    """A folded title in one spelling and, Cyrillic letters romanised, as far as may be in one script."""
    if not folded.isascii():
        folded = romanised(folded)
    for british, form in _SPELLINGS:
        if british in folded:
            folded = folded.replace(british, form)
    return folded


def romanised(folded: str) -> str:
    """Folded text with Cyrillic letters in Latin ones."""
    return folded.translate(_ROMANISED)


@lru_cache(maxsize=32_768)
def language(title: str) -> str | None:
    """The language that a folded title is in, where its small words tell."""
    words = title.split()
    counts = {name: sum(word in small for word in words) for name, small in _LANGUAGES.items()}
    best = max(counts, key=lambda name: (counts[name], name == "en"))
    return best if counts[best] > 1 and sorted(counts.values())[-2] < counts[best] else None


def numbers(title: str) -> frozenset[str]:
    """Every number of a title, in words, Roman numerals or letters of parts too ("Part II" = "Part 2", "two" = "2")."""
    words = title.split()
    found = [number for word in words if (number := _NUMBER_WORDS.get(word))]
    found += [_ROMAN[word] for word in words if word in _LONE_ROMAN]
    if not title.replace(" ", "").isalpha():
        found += [digits.lstrip("0") or "0" for digits in _DIGITS.findall(title)]
    if not _PART_WORDS.isdisjoint(words):
        found += [_ROMAN.get(part, part) for part in _COUNTED.findall(title)]
    return frozenset(found)


def parts(title: str) -> frozenset[str]:
    """The numbers of parts, volumes, phases and the like of a folded title."""
    return frozenset(_ROMAN.get(part, part) for part in _COUNTED.findall(title)) | {
        _ROMAN[word] for word in title.split() if word in _LONE_ROMAN
    }


def is_generic(title: str, *, of_book: bool) -> bool:
    """Whether many publications bear this title: "Editorial", "From the editor", "Reply"; short ones are rare among books."""
    return title in _GENERIC or (not of_book and (len(title) < 12 or ("editor" in title and len(title.split()) < 8)))


def begins(whole: str, title: str) -> bool:
    """One folded title goes on where the other ends, spaces aside."""
    return whole[:6] == title[:6] and whole.replace(" ", "").startswith(title.replace(" ", ""))


def is_headed(whole: str, title: str) -> bool:
    """One folded title is the other, shorter one after a heading ("SIM paper: ..."), and the heading does not say that it is about the other."""
    if len(whole) <= len(title) or not whole.endswith(title) or whole[-len(title) - 1] != " ":
        return False
    heading = whole[: -len(title) - 1].split()
    return len(heading) < 5 and _ABOUT.isdisjoint(heading) and _SENSES.keys().isdisjoint(heading)


@dataclass(frozen=True, slots=True)
class Difference:
    """How two nearly equal titles differ: the words of each that the other has not.

    `telling` are those that make two publications of them, and `opposed` says that no slip of the pen explains these ("men" and
    "women", "hypo" and "hyper", "vitamin D" and "vitamin E").
    """

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    telling: tuple[str, ...]
    opposed: bool

    @property
    def about(self) -> bool:
        """Only one title speaks of a letter, a comment or the like."""
        return not _ABOUT.isdisjoint(self.ours) or not _ABOUT.isdisjoint(self.theirs)

    def strange(self) -> tuple[int, int]:
        """How many words of each title have no counterpart in the other, not even a misspelt one; a few are counted as many."""
        joined, other_joined = "".join(self.ours), "".join(self.theirs)
        if joined == other_joined:
            return 0, 0
        return _strange(self.ours, self.theirs, other_joined), _strange(self.theirs, self.ours, joined)


def difference(left: str, right: str) -> Difference:
    left_words, right_words = left.split(), right.split()
    ours = tuple([word for word in left_words if word not in right_words])
    theirs = tuple([word for word in right_words if word not in left_words])
    telling, opposed = _telling(ours, theirs) if "".join(ours) != "".join(theirs) else ((), False)
    return Difference(ours, theirs, telling, opposed)


def _telling(ours: Sequence[str], theirs: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    here, there = _senses(ours, theirs), _senses(theirs, ours)
    alone = {sense: word for sense, word in (*here.items(), *there.items()) if not (sense in here and sense in there)}
    lines = {line for line, _ in here.keys() - there.keys()} & {line for line, _ in there.keys() - here.keys()}
    swapped = _swapped(ours, theirs)
    return tuple(sorted({*alone.values(), *swapped})), bool(swapped or lines or _NEGATION in alone)


def _senses(words: Sequence[str], others: Sequence[str]) -> dict[tuple[int, int], str]:
    """The senses of one title's own words, but of those that the other misspells ("erly")."""
    found = {_SENSES[word]: word for word in words if word in _SENSES}
    if not found:
        return found
    slips = [word for word in others if word not in _SENSES and len(word) > 3]
    return {sense: word for sense, word in found.items() if len(word) < 5 or not any(_misspelt(word, slip) for slip in slips)}


def _swapped(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Letters ("hepatitis B" and "C"), Roman numerals, and words of which a first syllable makes opposites, with one in each title."""
    letters = [word for word in ours if _is_letter(word)]
    found = letters if letters and any(map(_is_letter, theirs)) else []
    bare = {stem for word in theirs if (stem := _bare(word))}
    for word in ours:
        stem = _bare(word)
        if word in bare or (stem and (stem in bare or stem in theirs)):
            found.append(word)
    return found


def _is_letter(word: str) -> bool:
    return word in _ROMAN or (len(word) == 1 and word.isalpha())


@lru_cache(maxsize=32_768)
def _bare(word: str) -> str | None:
    """A word without the first syllable that can make it another's opposite."""
    found = _OPPOSITE.fullmatch(word) if len(word) > 5 else None
    return found.group(1) if found else None


_MANY = 3


def _strange(words: Sequence[str], others: Sequence[str], joined: str) -> int:
    """How many words have no counterpart; what is more than a few is not counted further."""
    count = 0
    for word in words:
        if len(word) > 2 and word not in joined and not any(_misspelt(word, other) for other in others):
            count += 1
            if count == _MANY:
                break
    return count


def _misspelt(left: str, right: str) -> bool:
    """A slip or two of the pen, or another ending: "studies" for "study"."""
    apart = abs(len(left) - len(right))
    if apart > 3:
        return False
    shorter = min(len(left), len(right))
    if shorter >= 5 and left[: max(4, shorter - 2)] == right[: max(4, shorter - 2)]:
        return True
    most = 2 if shorter > 5 else 1
    return apart <= most and OSA.distance(left, right, score_cutoff=most) <= most


_SENSES: dict[str, tuple[int, int]] = {
    spelled(word): (line, sense)
    for line, senses in enumerate(_SENSES_BY_LINE.strip().splitlines())
    for sense, words in enumerate(senses.split("|"))
    for word in words.split()
}
_NEGATION = (0, 0)
_GENERIC = frozenset(map(spelled, _GENERIC_TITLES))
