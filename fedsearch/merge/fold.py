"""Records -> their comparison forms, and the blocks within which records are worth comparing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from fedsearch.folding import fold, fold_spaced
from fedsearch.merge import titles
from fedsearch.merge.kinds import Kind, kind_and_title
from fedsearch.model import Author, Record

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_NUMBER = re.compile(r"\d+")
_RUNS = re.compile(r"[,;+]")
_PAGE_COUNT = re.compile(r"^\s*\d+\s*(?:p|pp|pages|s|ص)\.?\s*$", re.IGNORECASE)
_COCHRANE_DOI = re.compile(r"^10\.1002/14651858\.cd(\d+)(?:\.pub(\d+))?$")
_COCHRANE_NUMBER = re.compile(r"^cd(\d{6})")
_PREPRINT_VERSION = re.compile(r"(?:/v|\.v|v)\d+$")
_UMLAUT_E = re.compile(r"(?<=[aou])e")


@dataclass(frozen=True, slots=True)
class Folded:
    """What of a record is compared, in comparison form. An empty string is never compared."""

    record: Record
    key: str
    kind: Kind
    titles: tuple[str, ...]
    main_titles: tuple[str, ...]
    numbers: frozenset[str]
    generic: bool
    translated: bool
    families: tuple[str, ...]
    names: frozenset[str]
    collectives: frozenset[str]
    year: int | None
    journals: tuple[str, ...]
    volume: str | None
    first_page: str | None
    other_pages: frozenset[str]
    edition: int | None
    doi: str | None
    cochrane: str | None
    cochrane_version: int | None


def fold_record(record: Record) -> Folded:
    kind, bare = kind_and_title(record)
    wholes, mains, edition = titles.forms(titles.plain(bare), of_book=kind == "book")
    if record.vernacular_title:
        more, more_mains, _ = titles.forms(titles.plain(record.vernacular_title), of_book=kind == "book")
        wholes, mains = tuple(dict.fromkeys(wholes + more)), tuple(dict.fromkeys(mains + more_mains))
    people = [author for author in record.authors if author.role == "author"] or list(record.authors)
    families = tuple(name for author in people if author.family and (name := family_form(author.family)))
    cochrane, version = _cochrane(record)
    doi = record.ids.doi
    return Folded(
        record=record,
        key=record.key,
        kind=kind,
        titles=wholes,
        main_titles=mains,
        numbers=titles.numbers(wholes[0]) if wholes else frozenset(),
        generic=bool(wholes) and titles.is_generic(wholes[0]),
        translated=titles.is_translated(record.title) or bool(record.languages and record.languages != ("en",)),
        families=families,
        names=frozenset(_name_words(people)),
        collectives=frozenset(fold(author.collective) for author in people if author.collective),
        year=record.year,
        journals=tuple(dict.fromkeys(name for name in (record.journal, record.journal_abbreviation) if name)),
        volume=_volume(record),
        first_page=_first_page(record.pages),
        other_pages=_run_starts(record.pages),
        edition=_edition(record.edition) or edition,
        doi=_PREPRINT_VERSION.sub("", doi) if doi and kind == "preprint" else doi,
        cochrane=cochrane,
        cochrane_version=version,
    )


@lru_cache(maxsize=32_768)
def family_form(name: str) -> str:
    """A family name with German umlauts in one spelling: Müller, Mueller and Muller are one."""
    return _UMLAUT_E.sub("", fold(name))


def _name_words(people: Iterable[Author]) -> Iterator[str]:
    for author in people:
        for part in (author.family, author.given):
            if part:
                yield from (word for word in family_form(part).split() if len(word) > 2)


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
    members: defaultdict[str, list[Folded]] = defaultdict(list)
    for folded in records:
        for key in set(_keys(folded)):
            members[key].append(folded)
    seen: set[tuple[str, str]] = set()
    for block in members.values():
        for at, left in enumerate(block):
            for right in block[at + 1 :]:
                pair = (left.key, right.key) if left.key < right.key else (right.key, left.key)
                if pair not in seen:
                    seen.add(pair)
                    yield (left, right) if left.key < right.key else (right, left)


def _keys(folded: Folded) -> Iterator[str]:
    ids = folded.record.ids
    if folded.doi:
        yield f"doi {folded.doi}"
    if ids.pmid:
        yield f"pmid {ids.pmid}"
    for number in ids.isbn:
        yield f"isbn {number}"
    for title in (*folded.titles, *folded.main_titles):
        beginning = title.replace(" ", "")[:20]
        if len(beginning) == 20:
            yield f"title {beginning}"
        else:  # "Editorial": so many bear it that only those of about a year are worth comparing
            yield f"title {beginning} {folded.year}"
            yield f"title {beginning} {folded.year + 1 if folded.year else None}"
    if folded.families and folded.year:
        for year in (folded.year, folded.year + 1):
            yield f"author {folded.families[0][:5]} {year} {folded.first_page or folded.volume or ''}"
    if folded.first_page and folded.volume and folded.year:
        yield f"place {folded.volume} {folded.first_page} {folded.year}"
    if folded.cochrane:
        yield f"cochrane {folded.cochrane}"


@lru_cache(maxsize=32_768)
def script(text: str) -> str:
    """The script of a text's first letter: texts in two scripts cannot be compared letter by letter."""
    first = next((character for character in text if character.isalpha()), "a")
    return "LATIN" if first.isascii() else unicodedata.name(first, "LATIN").split()[0]


def same_script(left: str, right: str) -> bool:
    return script(left) == script(right)
