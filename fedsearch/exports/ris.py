"""RIS, as EndNote, Zotero and Mendeley read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fedsearch.exports.wording import FLAG_WORDS, best_address, date_of, flag_notes, inverted, one_line, page_range, source_names
from fedsearch.model import Work, WorkType

_TYPES: dict[WorkType, str] = {
    "journal-article": "JOUR", "preprint": "UNPB", "book": "BOOK", "book-chapter": "CHAP", "journal": "JFULL", "conference-paper": "CONF",
    "thesis": "THES", "report": "RPRT", "guideline": "RPRT", "dataset": "DATA", "audio-visual": "VIDEO", "website": "ELEC",
}  # fmt: skip
_IN_BOOKS = frozenset({"CHAP", "CONF"})
# Where a tag has another meaning for other types (Zotero reads C2 of a chapter as the book's author), it is left out.
_WITH_PMCID = frozenset({"JOUR", "UNPB"})


def write_ris(works: Iterable[Work]) -> str:
    """One TY ... ER for each work; lines end in CR LF."""
    return "".join(ris_entries(works))


def ris_entries(works: Iterable[Work]) -> Iterator[str]:
    return ("".join(f"{tag}  - {value}\r\n" if tag else "\r\n" for tag, value in _entry(work)) for work in works)


def _entry(work: Work) -> Iterator[tuple[str, str]]:
    kind = _TYPES.get(work.type, "GEN")
    yield "TY", kind
    for tag, value in _description(work, kind):
        if line := one_line(value):
            yield tag, line
    yield "ER", ""
    yield "", ""


def _description(work: Work, kind: str) -> Iterator[tuple[str, str | None]]:
    yield "TI", work.title
    yield "TT", work.vernacular_title
    yield from _names(work, kind)
    yield from _containers(work, kind)
    year, month, day = date_of(work)
    if year:
        yield "PY", year
        yield "DA", f"{year}/{month}/{day}/"
    first, last = page_range(work.pages)
    yield from (("VL", work.volume), ("IS", work.issue), ("SP", first), ("EP", last), ("ET", work.edition))
    yield from (("PB", work.publisher), ("CY", work.place))
    yield "SN", ", ".join(work.ids.isbn if work.ids.isbn and kind not in ("JOUR", "JFULL") else work.issn)
    yield from (("DO", work.ids.doi), ("UR", best_address(work)), ("AN", work.ids.pmid))
    yield "C2" if kind in _WITH_PMCID else "N1", work.ids.pmcid
    yield "AB", work.abstract
    # Zotero parts keywords at semicolons.
    yield from (("KW", keyword.replace(";", ",")) for keyword in (*map(str, work.mesh), *work.keywords))
    yield from (("KW", FLAG_WORDS[flag.kind].split(",")[0].capitalize()) for flag in work.flags)
    yield from (("N1", note) for note in flag_notes(work))
    yield from (("LA", ", ".join(work.languages)), ("DB", source_names(work)), ("DP", "fedsearch"))


def _names(work: Work, kind: str) -> Iterator[tuple[str, str]]:
    tags = {"author": "AU", "editor": "A2" if kind in _IN_BOOKS else "ED", "translator": "A4"}
    yield from ((tags[author.role], inverted(author)) for author in work.authors)


def _containers(work: Work, kind: str) -> Iterator[tuple[str, str | None]]:
    if kind in _IN_BOOKS:
        yield from (("T2", work.journal), ("T3", work.series))
    elif kind == "BOOK":
        yield "T2", work.series
    else:
        yield from (("T2", work.journal), ("JF", work.journal), ("JO", work.journal_abbreviation))
