"""Records -> their comparison forms, and the blocks within which records are worth comparing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from fedsearch.folding import fold, fold_spaced, is_persian
from fedsearch.model import Record

Kind: TypeAlias = Literal[
    "article", "preprint", "retraction", "correction", "concern", "comment", "book", "part", "journal", "thesis", "dataset", "peer-review",
]  # fmt: skip

_OF_TYPE: dict[str, Kind] = {
    "preprint": "preprint", "book": "book", "audio-visual": "book", "book-chapter": "part", "component": "part", "journal": "journal",
    "thesis": "thesis", "dataset": "dataset", "peer-review": "peer-review",
}  # fmt: skip
_OF_PUBLICATION_TYPE: dict[str, Kind] = {
    "retraction of publication": "retraction", "retraction notice": "retraction", "published erratum": "correction", "expression of concern": "concern",
}  # fmt: skip
_OF_RELATION: dict[str, Kind] = {"retracts": "retraction", "corrects": "correction", "concerns": "concern"}
_MARK = r"(?:\s*[:—]|\s*[-–]\s|\s*(?=[\"“«„]))"
# Words that only a notice or a letter begins with, and words that need a mark after them: "Correction: ..." is a notice,
# "Correction of anaemia in kidney disease" is an article.
_NOTICE = re.compile(
    r"^(?:(?P<retraction>retraction (?:notice|note)|notice of retraction|withdrawal notice)"
    r"|(?P<correction>erratum|errata|corrigendum|corrigenda|(?:author|publisher) correction|addendum)"
    r"|(?P<concern>(?:editorial )?expression of concern)"
    r"|(?P<comment>reply|replies|comment|comments|commentary|in reply|authors?['’]? (?:reply|response)))"
    rf"(?:\s+(?:to|on|for|in|of|from)\b|{_MARK}|$)[\s:]*",
    re.IGNORECASE,
)
_MARKED_NOTICE = re.compile(
    r"^(?:(?P<retraction>retraction|withdrawal)|(?P<correction>correction)|(?P<comment>re|response))"
    rf"(?:\s+(?:to|on|for|of|from))?(?:{_MARK}|$)[\s:]*",
    re.IGNORECASE,
)
_COMMENT_TAIL = re.compile(r"(?:[:.—]|\s[-–])\s*(?:authors?['’]?\s*)?(?:reply|response|comment|in reply)\W*$", re.IGNORECASE)
_SELF_MARK = re.compile(
    r"^(?:retracted(?: article)?|withdrawn|removed)\s*[:\-–—]\s*|\s*\[(?:erratum appears|corrected|retracted|published erratum)[^\]]*\]\s*",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"\s*[:;=/]\s+|\s+[–—]\s+|\?\s+")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_COUNTED = re.compile(r"\b(?:part|volume|vol|chapter|phase|type|stage|section|series|book)\s+([ivx]+|[a-h])\b")
_LAST_ROMAN = re.compile(r"\b(ii|iii|iv|vi|vii|viii|ix)\b")
_NUMBER = re.compile(r"\d+")
_EDITION = re.compile(r"\d+")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_PAGE = re.compile(r"([a-z]*)(\d+)")
# Titles that many publications share. Two of a kind are no sign that they are one work.
_GENERIC = frozenset(
    """editorial|letter|letters|letter to the editor|letters to the editor|correspondence|reply|in reply|authors reply|author reply|response|comment
    |commentary|introduction|preface|foreword|news|book review|book reviews|obituary|from the editor|editors note|case report|a case report|abstracts
    |erratum|corrigendum|correction|errata|retraction|announcement|announcements|in this issue|table of contents|index|conclusion|discussion|summary
    |images in clinical medicine|clinical images|سرمقاله|نامه به سردبیر|مقدمه|پیشگفتار""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)


@dataclass(frozen=True, slots=True)
class Folded:
    """What of a record is compared, in comparison form. An empty string is never compared."""

    record: Record
    kind: Kind
    titles: tuple[str, ...]
    main_titles: tuple[str, ...]
    numbers: frozenset[str]
    generic: bool
    families: tuple[str, ...]
    collectives: frozenset[str]
    year: int | None
    journals: frozenset[str]
    volume: str | None
    first_page: str | None
    edition: int | None

    @property
    def key(self) -> str:
        return self.record.key


def fold_record(record: Record) -> Folded:
    kind, bare = _kind_and_title(record)
    texts = [bare, *([record.vernacular_title] if record.vernacular_title else [])]
    titles = tuple(dict.fromkeys(folded for text in texts if (folded := fold(text))))
    mains = tuple(dict.fromkeys(folded for text in texts if (folded := fold(_SUBTITLE.split(text, maxsplit=1)[0]))))
    people = [author for author in record.authors if author.role == "author"] or list(record.authors)
    return Folded(
        record=record,
        kind=kind,
        titles=titles,
        main_titles=mains,
        numbers=_numbers(titles[0] if titles else ""),
        generic=bool(titles) and _is_generic(titles[0]),
        families=tuple(name for author in people if author.family and (name := fold(author.family))),
        collectives=frozenset(fold(author.collective) for author in people if author.collective),
        year=record.year,
        journals=frozenset(name for text in (record.journal, record.journal_abbreviation) if text and (name := _journal(text))),
        volume=fold(record.volume) or None if record.volume else None,
        first_page=_first_page(record.pages),
        edition=_edition(record.edition),
    )


def _kind_and_title(record: Record) -> tuple[Kind, str]:
    """What sort of publication it is, and its title without the words that only say so ("Erratum:", "RETRACTED:")."""
    title = _SELF_MARK.sub(" ", record.title).strip() or record.title
    notice = _NOTICE.match(title) or _MARKED_NOTICE.match(title)
    bare = title[notice.end() :].strip() if notice else title
    tail = _COMMENT_TAIL.search(bare)
    bare = bare[: tail.start()] if tail and tail.start() > 0 else bare
    kind = _OF_TYPE.get(record.type)
    if kind is None:
        kind = next((_OF_PUBLICATION_TYPE[t.lower()] for t in record.publication_types if t.lower() in _OF_PUBLICATION_TYPE), None)
    if kind is None:
        kind = next((_OF_RELATION[r.kind] for r in record.related if r.kind in _OF_RELATION), None)
    if kind is None and notice and bare:
        kind = notice.lastgroup  # type: ignore[assignment]
    if kind is None and tail:
        kind = "comment"
    return kind or "article", bare or title


def _is_generic(title: str) -> bool:
    words = title.split()
    return title in _GENERIC or len(title) < 12 or ("editor" in title and len(words) < 8)


def _numbers(title: str) -> frozenset[str]:
    """Every number of a title, parts in Roman numerals or letters included ("Part II" = "Part 2")."""
    parts = {_ROMAN.get(part, part) for part in _COUNTED.findall(title)}
    romans = {_ROMAN[numeral] for numeral in _LAST_ROMAN.findall(title)}
    return frozenset(parts | romans | set(_NUMBER.findall(title)))


def _journal(text: str) -> str:
    words = [word for word in fold(re.sub(r"\([^)]*\)", " ", text)).split() if word not in ("the", "of", "and", "for", "in", "on", "a")]
    return " ".join(words)


def _first_page(pages: str | None) -> str | None:
    found = _PAGE.search(fold_spaced(pages)) if pages else None
    return found.group(2).lstrip("0") or None if found else None


def _edition(text: str | None) -> int | None:
    """The edition's number; a text without one counts as no statement."""
    if not text:
        return None
    folded = fold(text)
    if found := _EDITION.search(folded):
        return int(found.group())
    return next((number for number, word in enumerate(_ORDINALS, 1) if word in folded.split()), None)


def blocks(records: Iterable[Folded]) -> Iterator[tuple[Folded, Folded]]:
    """Each pair worth comparing, once: records that share an identifier, the start of a title, or the first author and year."""
    members: defaultdict[str, list[Folded]] = defaultdict(list)
    for folded in records:
        for key in sorted(set(_keys(folded))):
            members[key].append(folded)
    seen: set[tuple[str, str]] = set()
    for key in sorted(members):
        block = members[key]
        for at, left in enumerate(block):
            for right in block[at + 1 :]:
                pair = (left.key, right.key) if left.key < right.key else (right.key, left.key)
                if pair not in seen:
                    seen.add(pair)
                    yield (left, right) if left.key < right.key else (right, left)


def _keys(folded: Folded) -> Iterator[str]:
    ids = folded.record.ids
    if ids.doi:
        yield f"doi {ids.doi}"
    if ids.pmid:
        yield f"pmid {ids.pmid}"
    for number in ids.isbn:
        yield f"isbn {number}"
    for title in folded.main_titles:
        yield f"title {title[:24]}"
    if folded.families and folded.year:
        for year in (folded.year, folded.year + 1):
            yield f"author {folded.families[0][:6]} {year}"
    if folded.first_page and folded.volume and folded.year:
        yield f"place {folded.volume} {folded.first_page} {folded.year}"


def same_script(left: str, right: str) -> bool:
    return is_persian(left) == is_persian(right)
