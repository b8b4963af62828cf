"""Records -> their comparison forms, and the blocks within which records are worth comparing."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from fedsearch.folding import fold, fold_spaced
from fedsearch.merge import titles
from fedsearch.merge.kinds import Kind, kind_and_title
from fedsearch.model import Record

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_NUMBER = re.compile(r"\d+")
_RUNS = re.compile(r"[,;+]")
_PAGE_COUNT = re.compile(r"^\s*\d+\s*(?:p|pp|pages|s|ص)\.?\s*$", re.IGNORECASE)
_RANGE = re.compile(r"[a-z]{0,3}(\d{1,7}) [a-z]{0,3}(\d{1,7})(?!\d)")
_ARTICLE_NUMBER = re.compile(r"(?:e|cd|art|article|no)? ?\d{5,}$|(?:e|cd) ?\d{3,}$")
_COCHRANE_DOI = re.compile(r"^10\.1002/14651858\.cd(\d+)(?:\.pub(\d+))?$")
_COCHRANE_NUMBER = re.compile(r"^cd(\d{6})")
_PREPRINT_VERSION = re.compile(r"(?:/v|\.v|v)\d+$")
_UMLAUT_E = re.compile(r"(?<=[aou])e")


@dataclass(frozen=True, slots=True)
class Folded:
    """What of a record is compared, in comparison form. `isbn` are those of a whole publication: a chapter's is its book's."""

    record: Record
    key: str
    kind: Kind
    titles: tuple[str, ...]
    main_titles: tuple[str, ...]
    numbers: frozenset[str]
    generic: bool
    translated: bool
    families: tuple[str, ...]
    everyone: frozenset[str]
    names: frozenset[str]
    collectives: frozenset[str]
    year: int | None
    journals: tuple[str, ...]
    volume: str | None
    issue: str | None
    first_page: str | None
    other_pages: frozenset[str]
    alone_on_page: bool
    edition: int | None
    doi: str | None
    pmid: str | None
    isbn: frozenset[str]
    cochrane: str | None
    cochrane_version: int | None


_NONE: frozenset[str] = frozenset()
OPEN_TYPES = frozenset({"other", "report", "guideline", "website"})
"""Types that say so little that the same publication may be a book elsewhere."""


def fold_record(record: Record) -> Folded:
    kind, bare = kind_and_title(record)
    title = titles.read(bare, of_book=kind == "book")
    wholes, mains = title.wholes, title.mains
    if record.vernacular_title:
        other = titles.read(record.vernacular_title, of_book=kind == "book")
        wholes, mains = tuple(dict.fromkeys(wholes + other.wholes)), tuple(dict.fromkeys(mains + other.mains))
    people = [author for author in record.authors if author.role == "author"] or record.authors
    families = tuple([name for author in people if author.family and (name := family_form(author.family))])
    ids = record.ids
    cochrane, version = _cochrane(record)
    return Folded(
        record=record,
        key=record.key,
        kind=kind,
        titles=wholes,
        main_titles=mains,
        numbers=title.numbers,
        generic=title.generic,
        translated=_is_translated(record, kind),
        families=families,
        everyone=frozenset([family_form(author.family) for author in record.authors if author.family]),
        names=_name_words(tuple([(author.family, author.given) for author in people])),
        collectives=frozenset([fold(author.collective) for author in people if author.collective])
        if len(families) < len(people)
        else _NONE,
        year=record.year,
        journals=tuple(dict.fromkeys([name for name in (record.journal, record.journal_abbreviation) if name])),
        volume=_volume(record),
        issue=fold(record.issue) if record.issue else None,
        first_page=_first_page(record.pages) if record.pages else None,
        other_pages=_run_starts(record.pages) if record.pages else _NONE,
        alone_on_page=bool(record.pages) and _is_alone_on_page(record.pages),
        edition=_edition(record.edition) or title.edition,
        doi=_PREPRINT_VERSION.sub("", ids.doi) if ids.doi and kind == "preprint" else ids.doi,
        pmid=ids.pmid,
        isbn=frozenset(ids.isbn) if ids.isbn and (kind == "book" or record.type in OPEN_TYPES) else _NONE,
        cochrane=cochrane,
        cochrane_version=version,
    )


def _is_translated(record: Record, kind: Kind) -> bool:
    """Whether the title may be an indexer's translation: in brackets, or of an article in another language. Books keep their titles."""
    return titles.is_translated(record.title) or bool(kind != "book" and record.languages and record.languages != ("en",))


@lru_cache(maxsize=32_768)
def family_form(name: str) -> str:
    """A family name with German umlauts in one spelling (Müller, Mueller and Muller are one) and Cyrillic letters romanised, whichever
    way (Yuriev, Iuriev)."""
    return _UMLAUT_E.sub("", titles.romanised(fold(name))).replace("yu", "iu").replace("ya", "ia")


@lru_cache(maxsize=16_384)
def _name_words(people: tuple[tuple[str | None, str | None], ...]) -> frozenset[str]:
    """The words of several people's names, without initials."""
    parts = [part for name in people for part in name if part]
    return frozenset([word for part in parts for word in family_form(part).split() if len(word) > 2])


def _cochrane(record: Record) -> tuple[str | None, int | None]:
    """The number of a Cochrane review, and which of its versions this is, where the DOI says so: protocol and first review have no .pub."""
    if record.ids.doi and (found := _COCHRANE_DOI.match(record.ids.doi)):
        return found.group(1).lstrip("0"), int(found.group(2) or 1)
    if record.pages and record.pages[:2].lower() == "cd" and (number := _COCHRANE_NUMBER.match(record.pages.lower())):
        return number.group(1).lstrip("0"), None
    return None, None


def _volume(record: Record) -> str | None:
    """The volume's number; a year in its place, or a word, says nothing."""
    found = _NUMBER.search(fold_spaced(record.volume)) if record.volume else None
    number = found.group().lstrip("0") if found else None
    return number if number and number != str(record.year) else None


@lru_cache(maxsize=32_768)
def _first_page(pages: str | None) -> str | None:
    """Digits only, without leading zeros; a count of pages ("215 p") is none. "01-Dec" is what a spreadsheet makes of "1-12"."""
    found = _NUMBER.search(fold_spaced(pages)) if pages and not _PAGE_COUNT.search(pages) else None
    return found.group().lstrip("0") or None if found else None


@lru_cache(maxsize=32_768)
def _is_alone_on_page(pages: str) -> bool:
    """Whether nothing else can begin on the first page: three pages or more, or an article number. Abstracts share their pages."""
    folded = fold_spaced(pages)
    if _ARTICLE_NUMBER.match(folded):
        return True
    found = _RANGE.match(folded)
    if not found:
        return False
    first, last = found.groups()
    return int(first[: -len(last)] + last if len(last) < len(first) else last) - int(first) > 1


@lru_cache(maxsize=32_768)
def _run_starts(pages: str | None) -> frozenset[str]:
    """The first pages of an article that is spread over several runs ("233-8, 230-5"): two or more, else none."""
    runs = _RUNS.split(pages) if pages and ("," in pages or "+" in pages or ";" in pages) else []
    starts = frozenset(start for run in runs if (start := _first_page(run)))
    return starts if len(starts) > 1 else frozenset()


def _edition(text: str | None) -> int | None:
    """The edition's number; a text without one counts as no statement."""
    if not text:
        return None
    folded = fold(text)
    if found := _NUMBER.search(folded):
        return int(found.group())
    return next((number for number, word in enumerate(_ORDINALS, 1) if word in folded.split()), None)


def blocks(records: Iterable[Folded]) -> Iterator[tuple[Folded, Folded]]:
    """Each pair worth comparing, once: records that share an identifier, the start of a title, a place in a journal, or the
    first author and about the year."""
    ordered = sorted(records, key=lambda folded: folded.key)
    members: defaultdict[str, list[int]] = defaultdict(list)
    kept = [set(_keys(folded)) for folded in ordered]
    for at, keys in enumerate(kept):
        for key in keys:
            members[key].append(at)
    shared = {key: block for key, block in members.items() if len(block) > 1}
    del members
    for at, left in enumerate(ordered):
        others: set[int] = set()
        for key in kept[at]:
            if block := shared.get(key):
                others.update(block[bisect_right(block, at) :])
        for other in sorted(others):
            yield left, ordered[other]


def _keys(folded: Folded) -> Iterator[str]:
    if folded.doi:
        yield f"doi {folded.doi}"
    if folded.pmid:
        yield f"pmid {folded.pmid}"
    for number in folded.isbn:
        yield f"isbn {number}"
    year, place = folded.year, folded.first_page or folded.volume or ""
    for title in {*folded.titles, *folded.main_titles}:
        beginning = title.replace(" ", "")[:20]
        if folded.generic:  # "Editorial": so many bear it that only those of one place are worth comparing
            yield f"title {beginning} {year} {place}"
        elif len(beginning) == 20:
            yield f"title {beginning}"
        else:
            yield f"title {beginning} {year}"
            yield f"title {beginning} {year + 1 if year else None}"
    if folded.families and year:
        author = folded.families[0][:5]
        yield f"author {author} {year} {place}"
        yield f"author {author} {year + 1} {place}"
    if folded.first_page and folded.volume and year:
        yield f"place {folded.volume} {folded.first_page} {year}"
    if folded.cochrane:
        yield f"cochrane {folded.cochrane}"


@lru_cache(maxsize=32_768)
def script(text: str) -> str:
    """The script of a text's first letter: texts in two scripts cannot be compared letter by letter."""
    first = next((character for character in text if character.isalpha()), "a")
    return "LATIN" if first.isascii() else unicodedata.name(first, "LATIN").split()[0]


def same_script(left: str, right: str) -> bool:
    return script(left) == script(right)
