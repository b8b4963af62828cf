"""Records -> their comparison forms, and the blocks within which records are worth comparing."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from fedsearch.folding import fold, fold_spaced
from fedsearch.merge import titles
from fedsearch.merge.kinds import Kind, kind_and_title
from fedsearch.model import Author, Record

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


_NONE: frozenset[str] = frozenset()
OPEN_TYPES = frozenset({"other", "report", "guideline", "website"})
"""Types that say so little that the same publication may be a book elsewhere."""


@dataclass(frozen=True)
class Folded:
    """What of a record is compared, in comparison form. An empty string is never compared.

    Most records are compared with none: what only comparing needs is made when it is first asked for.
    """

    record: Record
    key: str
    kind: Kind
    titles: tuple[str, ...]
    main_titles: tuple[str, ...]
    numbers: frozenset[str]
    generic: bool
    titled_edition: int | None
    year: int | None
    volume: str | None
    first_page: str | None
    doi: str | None
    cochrane: str | None
    cochrane_version: int | None

    @property
    def pmid(self) -> str | None:
        return self.record.ids.pmid

    @property
    def isbn(self) -> tuple[str, ...]:
        """Those of a whole publication: a chapter's is its book's."""
        return self.record.ids.isbn if self.kind == "book" or self.record.type in OPEN_TYPES else ()

    @cached_property
    def people(self) -> tuple[Author, ...]:
        """The authors; where there are none, the editors and translators."""
        authors = self.record.authors
        return tuple([author for author in authors if author.role == "author"]) or authors

    @property
    def first_family(self) -> str | None:
        for author in self.record.authors:
            if author.role == "author" and author.family and (name := family_form(author.family)):
                return name
        return self.families[0] if self.families else None

    @cached_property
    def families(self) -> tuple[str, ...]:
        return tuple([name for author in self.people if author.family and (name := family_form(author.family))])

    @cached_property
    def everyone(self) -> frozenset[str]:
        """The family names of authors, editors and translators."""
        return frozenset([family_form(author.family) for author in self.record.authors if author.family])

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of the authors' names, without initials."""
        parts = [part for author in self.people for part in (author.family, author.given) if part]
        return frozenset([word for part in parts for word in family_form(part).split() if len(word) > 2])

    @cached_property
    def collectives(self) -> frozenset[str]:
        return frozenset([fold(author.collective) for author in self.people if author.collective])

    @cached_property
    def journals(self) -> tuple[str, ...]:
        """The journal's names as written."""
        record = self.record
        return tuple(dict.fromkeys([name for name in (record.journal, record.journal_abbreviation) if name]))

    @cached_property
    def issue(self) -> str | None:
        return fold(self.record.issue) or None if self.record.issue else None

    @cached_property
    def other_pages(self) -> frozenset[str]:
        """The first pages of an article that is spread over several runs ("233-8, 230-5"): two or more, else none."""
        pages = self.record.pages
        runs = _RUNS.split(pages) if pages and ("," in pages or "+" in pages or ";" in pages) else []
        starts = frozenset([start for run in runs if (start := _first_page(run))])
        return starts if len(starts) > 1 else _NONE

    @cached_property
    def alone_on_page(self) -> bool:
        """Whether nothing else can begin on the first page: three pages or more, or an article number. Abstracts share their pages."""
        folded = fold_spaced(self.record.pages or "")
        if _ARTICLE_NUMBER.match(folded):
            return True
        found = _RANGE.match(folded)
        if not found:
            return False
        first, last = found.groups()
        return int(first[: -len(last)] + last if len(last) < len(first) else last) - int(first) > 1

    @cached_property
    def edition(self) -> int | None:
        return _edition(self.record.edition) or self.titled_edition

    @cached_property
    def translated(self) -> bool:
        """Whether the title may be an indexer's translation: in brackets, or of an article in another language. Books keep their titles."""
        languages = self.record.languages
        return titles.is_translated(self.record.title) or bool(self.kind != "book" and languages and languages != ("en",))


def fold_record(record: Record) -> Folded:
    kind, bare = kind_and_title(record)
    title = titles.read(bare, of_book=kind == "book")
    wholes, mains = title.wholes, title.mains
    if record.vernacular_title:
        other = titles.read(record.vernacular_title, of_book=kind == "book")
        wholes, mains = tuple(dict.fromkeys(wholes + other.wholes)), tuple(dict.fromkeys(mains + other.mains))
    doi = record.ids.doi
    cochrane, version = _cochrane(record)
    return Folded(
        record=record,
        key=record.key,
        kind=kind,
        titles=wholes,
        main_titles=mains,
        numbers=title.numbers,
        generic=title.generic,
        titled_edition=title.edition,
        year=record.year,
        volume=_volume(record),
        first_page=_first_page(record.pages) if record.pages else None,
        doi=_PREPRINT_VERSION.sub("", doi) if doi and kind == "preprint" else doi,
        cochrane=cochrane,
        cochrane_version=version,
    )


@lru_cache(maxsize=32_768)
def family_form(name: str) -> str:
    """A family name with German umlauts in one spelling (Müller, Mueller and Muller are one) and Cyrillic letters romanised, whichever
    way (Yuriev, Iuriev)."""
    return _UMLAUT_E.sub("", titles.romanised(fold(name))).replace("yu", "iu").replace("ya", "ia")


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
    # Numbers for the keys take a third of the memory; two keys that share one by chance cost a comparison, no more.
    kept = [tuple([hash(key) for key in _keys(folded)]) for folded in ordered]
    counts = Counter(key for keys in kept for key in set(keys))
    members: defaultdict[int, list[int]] = defaultdict(list)
    for at, keys in enumerate(kept):
        kept[at] = tuple([key for key in set(keys) if counts[key] > 1])
        for key in kept[at]:
            members[key].append(at)
    del counts
    for at, left in enumerate(ordered):
        others: set[int] = set()
        for key in kept[at]:
            block = members[key]
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
    family = folded.first_family
    if family and year:
        author = family[:5]
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
