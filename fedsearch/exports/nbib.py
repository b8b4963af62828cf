"""NBIB, the MEDLINE text that PubMed's "Send to: Citation manager" writes.

Tags: https://pubmed.ncbi.nlm.nih.gov/help/#citation-manager and https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fedsearch import languages
from fedsearch.exports.wording import date_of, flag_notes, inverted, one_line
from fedsearch.model import Author, FlagKind, RelationKind, Work, WorkType

_WIDTH = 88
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TYPES: dict[WorkType, str] = {
    "journal-article": "Journal Article", "preprint": "Preprint", "book": "Book", "book-chapter": "Book Chapter",
    "conference-paper": "Congress", "thesis": "Academic Dissertation", "report": "Technical Report", "guideline": "Guideline",
    "dataset": "Dataset", "audio-visual": "Video-Audio Media",
}  # fmt: skip
_FLAG_TYPES: dict[FlagKind, str] = {"retracted": "Retracted Publication", "preprint": "Preprint"}
_NOTICE_TAGS: dict[FlagKind, str] = {"retracted": "RIN", "withdrawn": "RIN", "concern": "ECI", "corrected": "EIN"}
_RELATION_TAGS: dict[RelationKind, str] = {
    "retraction": "RIN", "retracts": "ROF", "correction": "EIN", "corrects": "EFR", "concern": "ECI", "concerns": "ECF",
    "comment": "CIN", "comments-on": "CON", "newer-version": "UIN", "earlier-version": "UOF", "article": "UIN", "preprint": "UOF",
    "republication": "RPI",
}  # fmt: skip
_SUFFIX = re.compile(r"^(?:jr|sr|\d(?:st|nd|rd|th)|i{2,3}|iv)\.?$", re.IGNORECASE)


def write_nbib(works: Iterable[Work]) -> str:
    """One entry a work, each begun by PMID, since Zotero and EndNote know the format and the next entry by that tag."""
    return "".join(nbib_entries(works))


def nbib_entries(works: Iterable[Work]) -> Iterator[str]:
    """Entries, all but the first after an empty line."""
    return ("\n" * (number > 0) + "".join(_wrapped(tag, value) for tag, value in _entry(work)) for number, work in enumerate(works))


def _wrapped(tag: str, value: str) -> str:
    """A field in lines of PubMed's width, the further ones indented by six; a longer word stays whole."""
    return f"{tag:<4}- " + "\n      ".join(_lines(value, _WIDTH - 6)) + "\n"


def _lines(value: str, width: int) -> list[str]:
    """What textwrap makes of a text whose words are parted by single spaces, in a tenth of its time."""
    if len(value) <= width:
        return [value]
    lines: list[str] = []
    words: list[str] = []
    length = -1
    for word in value.split(" "):
        if words and length + 1 + len(word) > width:
            lines.append(" ".join(words))
            words, length = [], -1
        words.append(word)
        length += 1 + len(word)
    return [*lines, " ".join(words)]


def _entry(work: Work) -> Iterator[tuple[str, str]]:
    yield "PMID", work.ids.pmid or ""
    for tag, value in _description(work):
        if line := one_line(value):
            yield tag, line


def _description(work: Work) -> Iterator[tuple[str, str | None]]:
    yield from (("IS", issn) for issn in work.issn)
    yield from (("ISBN", isbn) for isbn in work.ids.isbn)
    yield from (("VI", work.volume), ("IP", work.issue), ("DP", _date(work)), ("TI", work.title))
    # Zotero takes a book's title from BTI.
    yield "BTI", {"book": work.title, "book-chapter": work.journal}.get(work.type)
    yield from (("CTI", work.series), ("EN", work.edition), ("PG", work.pages))
    yield "LID", f"{work.ids.doi} [doi]" if work.ids.doi else None
    yield "AB", work.abstract
    yield from _names(work.authors)
    yield from (("LA", languages.bibliographic(language) or language) for language in work.languages)
    yield from (("PT", kind) for kind in _publication_types(work))
    yield from (("TT", work.vernacular_title), ("PL", work.place), ("PB", work.publisher))
    yield from (("TA", work.journal_abbreviation), ("JT", work.journal if work.type != "book-chapter" else None))
    yield from (("MH", str(heading)) for heading in work.mesh)
    yield from _notices(work)
    yield from (("GN", note) for note in flag_notes(work))
    yield "PMC", work.ids.pmcid
    yield from (("OT", keyword) for keyword in work.keywords)
    yield "AID", f"{work.ids.doi} [doi]" if work.ids.doi else None


def _date(work: Work) -> str:
    year, month, day = date_of(work)
    return " ".join(filter(None, (year, _MONTHS[int(month or 0)], str(int(day)) if day else "")))


def _names(authors: Sequence[Author]) -> Iterator[tuple[str, str]]:
    for author in authors:
        if author.collective:
            yield "CN", author.collective
        elif author.role == "editor":
            yield from (("FED", inverted(author)), ("ED", _initialled(author)))
        elif author.role == "author":
            yield from (("FAU", inverted(author)), ("AU", _initialled(author)))


def _initialled(author: Author) -> str:
    """ "Morrison B 3rd": family name, initials, suffix."""
    parts = re.split(r"[\s\-\u2010]+", one_line(author.given))
    initials = "".join(part[0].upper() for part in parts if part and not _SUFFIX.match(part))
    suffix = next((part.rstrip(".") for part in parts[1:] if _SUFFIX.match(part)), "")
    return " ".join(filter(None, (one_line(author.family), initials, suffix)))


def _publication_types(work: Work) -> list[str]:
    said = work.publication_types or tuple(filter(None, [_TYPES.get(work.type)]))
    return list(dict.fromkeys([*said, *(_FLAG_TYPES[flag.kind] for flag in work.flags if flag.kind in _FLAG_TYPES)]))


def _notices(work: Work) -> Iterator[tuple[str, str]]:
    """Notices and related works, each address once a tag: "RIN - doi: 10.5555/x. PMID: 1"."""
    flags = ((_NOTICE_TAGS.get(flag.kind), flag.notice_doi, flag.notice_pmid) for flag in work.flags)
    relations = ((_RELATION_TAGS.get(other.kind), other.doi, other.pmid) for other in work.related)
    seen: set[tuple[str, str]] = set()
    for tag, doi, pmid in (*flags, *relations):
        addresses = {(tag, address) for address in (doi, pmid) if tag and address}
        if tag and addresses and not addresses & seen:
            yield tag, ". ".join(filter(None, (f"doi: {doi}" if doi else "", f"PMID: {pmid}" if pmid else "")))
        seen |= addresses
