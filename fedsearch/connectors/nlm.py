"""NLM's own notation, the same in PubMed's XML and in MEDLINE text: titles, dates, pages, types, notices -> our nouns.

Everything here is pure and reads one value. What each notation means: NLM, "MEDLINE/PubMed Data Element (Field)
Descriptions" (https://www.nlm.nih.gov/bsd/mms/medlineelements.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fedsearch import identifiers
from fedsearch.model import Flag, FlagKind, Link, Relation, RelationKind, SourceId, WorkType

PUBMED_ID = SourceId("pubmed")

_MONTHS = {
    name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_MONTH = re.compile(r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
_PAGE_RANGE = re.compile(r"(?<![\w-])([A-Za-z]{0,8})(\d{1,9})[-–](\d{1,9})(?![\w-])")
_ARTICLE_NUMBER = re.compile(r"^[A-Za-z]{0,6}[-.]?\d{1,10}$")
_INITIALISM_AT_END = re.compile(r"(?:\b\w\.){2,}$")
_NO_TITLE = re.compile(r"^\[?(not available|in process citation|no title available)\]?$", re.IGNORECASE)
_PREFIX = re.compile(r"^\W*(withdrawn|retracted)(?:\s+(?:article|chapter|paper))?\s*:", re.IGNORECASE)
_PREPRINT_SERVER = re.compile(
    r"(?:^|\. )(?:medrxiv|biorxiv|chemrxiv|psyarxiv|arxiv|res(?:earch)? sq(?:uare)?|ssrn|preprints|osf preprints)\b", re.IGNORECASE
)


def title(text: str | None, languages: Sequence[str] = (), vernacular: str | None = None) -> str | None:
    """A title as people write it: no full stop, and no brackets where they mean "translated by NLM".

    A placeholder such as "[Not Available]." is no title; the vernacular one then serves.
    """
    bare = without_stop(text)
    translated = vernacular is not None or tuple(languages) != ("en",)
    if translated and _bracketed(bare):
        bare = without_stop(bare[1:-1].strip())
    if not bare or _NO_TITLE.match(bare):
        return vernacular
    return bare


def without_stop(text: str | None) -> str:
    """Without the full stop that NLM puts after every title; "…", "..." and "U.S." keep theirs."""
    bare = (text or "").strip()
    if bare.endswith(".") and not bare.endswith("..") and not _INITIALISM_AT_END.search(bare):
        return bare[:-1].rstrip()
    return bare


def _bracketed(text: str) -> bool:
    """The first bracket is closed by the last character: true of "[Asthma]", not of "[18F]FDG and [11C]choline]"."""
    if not (text.startswith("[") and text.endswith("]")):
        return False
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if depth == 0:
            return at == len(text) - 1
    return False


def date(year: str | None, month: str | None = None, day: str | None = None) -> str | None:
    """ "YYYY[-MM[-DD]]" from year, month ("Sep", "09") and day; "Sep-Oct" gives September, a season only the year."""
    found = _YEAR.search(year or "")
    if found is None:
        return None
    number = _month(month)
    if number is None:
        return found.group()
    whole = f"{found.group()}-{number:02d}"
    return f"{whole}-{int(day):02d}" if day and day.isdecimal() and 1 <= int(day) <= 31 else whole


def _month(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    found = _MONTH.search(text)
    return _MONTHS[found.group(1).lower()] if found else None


def written_date(text: str) -> str | None:
    """A date in words: "1998 Dec-1999 Jan" is 1998-12, "2019 Winter" is 2019, "2021 Mar 13" is 2021-03-13.

    A range of days ("2008 Jan 15-21") is given to the month, since no day of it is the right one.
    """
    year = _YEAR.search(text)
    if year is None:
        return None
    after = text[year.end() :]
    first = after[: following.start()] if (following := _YEAR.search(after)) else after
    day = re.fullmatch(r"\s+[A-Za-z]{3,9}\.?\s+(\d{1,2})\s*", first)
    return date(year.group(), first if not first.strip().isdecimal() else None, day.group(1) if day else None)


def pages(text: str) -> str | None:
    """NLM's shortened page ranges written out: "482-91" is 482-491, "S63-6" is S63-S66."""
    return _PAGE_RANGE.sub(_whole_range, text.strip()) or None


def _whole_range(match: re.Match[str]) -> str:
    letters, first, last = match.groups()
    whole = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    if int(whole) < int(first):
        return match.group()
    return f"{letters}{first}-{letters}{whole}"


def article_number(pii: str) -> str | None:
    """A publisher item identifier where it is an article number that readers cite ("e000988"), not "S0140-6736(20)30183-5"."""
    return pii if _ARTICLE_NUMBER.match(pii) else None


_TYPES: tuple[tuple[str, WorkType], ...] = (
    ("preprint", "preprint"),
    ("practice guideline", "guideline"),
    ("guideline", "guideline"),
    ("dataset", "dataset"),
    ("academic dissertation", "thesis"),
    ("technical report", "report"),
    ("video-audio media", "audio-visual"),
    ("webcast", "audio-visual"),
)
PUBLICATION_TYPES_OF: dict[WorkType, tuple[str, ...]] = {
    "journal-article": ("journal article",),
    **{work_type: tuple(name for name, other in _TYPES if other == work_type) for work_type in dict.fromkeys(found for _, found in _TYPES)},
}
"""Our type -> the publication types that PubMed knows it by; a type that is missing here is one that PubMed lacks."""


def work_type(publication_types: Iterable[str], otherwise: WorkType = "journal-article") -> WorkType:
    """Our type for PubMed's publication types; notices of retraction and errata are journal articles as well."""
    names = {name.lower() for name in publication_types}
    return next((found for name, found in _TYPES if name in names), otherwise)


@dataclass(frozen=True, slots=True)
class Comment:
    """One entry of a record's comments and corrections: `reference` is XML's RefType ("ErratumIn")."""

    reference: str
    source: str = ""
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class _Meaning:
    relation: RelationKind
    flag: FlagKind | None = None
    words: str = ""


_MEANINGS: dict[str, _Meaning] = {
    "RetractionIn": _Meaning("retraction", "retracted"),
    "RetractionOf": _Meaning("retracts"),
    "RetractedandRepublishedIn": _Meaning("republication", "retracted", "Retracted and republished in"),
    "RetractedandRepublishedFrom": _Meaning("republication", None, "Retracted and republished from"),
    "PartialRetractionIn": _Meaning("correction", "corrected", "Partial retraction in"),
    "PartialRetractionOf": _Meaning("corrects", None, "Partial retraction of"),
    "ExpressionOfConcernIn": _Meaning("concern", "concern"),
    "ExpressionOfConcernFor": _Meaning("concerns"),
    "ErratumIn": _Meaning("correction", "corrected"),
    "ErratumFor": _Meaning("corrects"),
    "CorrectedandRepublishedIn": _Meaning("republication", "corrected", "Corrected and republished in"),
    "CorrectedandRepublishedFrom": _Meaning("republication", None, "Corrected and republished from"),
    "RepublishedIn": _Meaning("republication", None, "Republished in"),
    "RepublishedFrom": _Meaning("republication", None, "Republished from"),
    "ReprintIn": _Meaning("republication", None, "Reprinted in"),
    "ReprintOf": _Meaning("republication", None, "Reprint of"),
    "UpdateIn": _Meaning("newer-version"),
    "UpdateOf": _Meaning("earlier-version"),
    "PreprintIn": _Meaning("preprint"),
    "PreprintOf": _Meaning("article"),
    "CommentIn": _Meaning("comment"),
    "CommentOn": _Meaning("comments-on"),
    "SummaryForPatientsIn": _Meaning("other", None, "Summary for patients in"),
    "OriginalReportIn": _Meaning("other", None, "Original report in"),
    "AssociatedDataset": _Meaning("dataset"),
    "AssociatedPublication": _Meaning("other", None, "Associated publication"),
}


def flags(publication_types: Iterable[str], heading: str, comments: Iterable[Comment]) -> tuple[Flag, ...]:
    """The warnings a record carries. What a notice says of another publication is no flag on the notice itself."""
    types = {name.lower() for name in publication_types}
    found = [
        Flag(kind=meaning.flag, notice_doi=identifiers.doi_in(comment.source), notice_pmid=comment.pmid, said_by=(PUBMED_ID,))
        for comment in comments
        if (meaning := _MEANINGS.get(comment.reference)) and meaning.flag
    ]
    kinds = {flag.kind for flag in found}
    said: list[FlagKind] = []
    if "retracted publication" in types:
        said.append("retracted")
    # Hindawi and Wiley print "Retracted: …" above the notice as well as above the article.
    prefix = _PREFIX.match(heading) if "retraction of publication" not in types else None
    if prefix:
        said.append("withdrawn" if prefix.group(1).lower() == "withdrawn" else "retracted")
    if "preprint" in types:
        said.append("preprint")
    found += [Flag(kind=kind, said_by=(PUBMED_ID,)) for kind in dict.fromkeys(said) if kind not in kinds]
    return tuple(dict.fromkeys(found))


def matters(reference: str) -> bool:
    """Whether an entry of this kind says something of the record: most are plain references ("Cites")."""
    return reference in _MEANINGS


def relations(comments: Iterable[Comment], publication_types: Iterable[str]) -> tuple[Relation, ...]:
    """What other publications are to this one."""
    preprint = "preprint" in {name.lower() for name in publication_types}
    return tuple(
        Relation(
            kind=_kind(comment, meaning, preprint),
            doi=identifiers.doi_in(comment.source),
            pmid=comment.pmid,
            note=f"{meaning.words} {comment.source}".strip() or None,
        )
        for comment in comments
        if (meaning := _MEANINGS.get(comment.reference))
    )


def _kind(comment: Comment, meaning: _Meaning, preprint: bool) -> RelationKind:
    """PubMed writes "update" both for a new version and for the article that came of a preprint."""
    other_is_preprint = bool(_PREPRINT_SERVER.search(comment.source))
    if comment.reference == "UpdateIn" and preprint and not other_is_preprint:
        return "article"
    if comment.reference == "UpdateOf" and not preprint and other_is_preprint:
        return "preprint"
    return meaning.relation


def page_of(pmid: str) -> str:
    """The record's page for people."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def full_texts(pmcid: str | None, bookshelf: str | None = None) -> tuple[Link, ...]:
    """Where NLM itself keeps the text: PubMed Central, or Bookshelf for a book (NBK number)."""
    links = []
    if pmcid:
        links.append(Link(url=f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/", label="PubMed Central", kind="full-text"))
    if bookshelf:
        links.append(Link(url=f"https://www.ncbi.nlm.nih.gov/books/{bookshelf}/", label="NCBI Bookshelf", kind="full-text"))
    return tuple(links)
