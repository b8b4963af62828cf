"""MEDLINE text (.nbib, PubMed's "PubMed" format) -> Records; Biopython's Bio.Medline knows its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from Bio import Medline

from fedsearch import identifiers
from fedsearch.connectors import nlm
from fedsearch.connectors.base import readable
from fedsearch.connectors.nlm import Comment
from fedsearch.languages import two_letter
from fedsearch.model import Author, Identifiers, MeshHeading, Record

# A field's values: Bio.Medline gives a text for the fields it knows to stand once, a list for the others.
Fields = dict[str, str | list[str]]

_BETWEEN_RECORDS = re.compile(r"\n(?:[ \t]*\n)+(?=[A-Z]{2,4} {0,2}- )")
_ID = re.compile(r"(\S+) \[(\w+)\]")
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")
_SHORT_NAME = re.compile(r"^(?P<family>.+?)\s+(?P<given>[A-Z][A-Z-]{0,3}(?:\s+(?:Jr|Sr|\d(?:st|nd|rd|th)|I{2,3}|IV))?)$")
_COMMENT = re.compile(r"^(?P<source>.*?)\s*(?:PMID:\s*(?P<pmid>\d+))?\.?$", re.DOTALL)
_COMMENTS = {
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "CRI": "CorrectedandRepublishedIn",
    "CRF": "CorrectedandRepublishedFrom",
    "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "SPIN": "SummaryForPatientsIn",
    "ORI": "OriginalReportIn",
    "DDIN": "AssociatedDataset",
}


def parse_medline(text: str) -> tuple[list[Record], int, int]:
    """The records of a text, and how many were unreadable (no PMID, no lines of MEDLINE) and how many untitled."""
    unified = text.lstrip("\ufeff").replace("\r\n", "\n").strip("\n")
    return readable([block for block in _BETWEEN_RECORDS.split(unified) if block.strip()], read_entry, "MEDLINE")


def read_entry(block: str, id_without_pmid: str | None = None) -> Record | None:
    """One entry's record; None for one without a title. ValueError for one without a PMID, unless it is told what to be called by."""
    fields: Fields = dict(Medline.read([line for line in block.split("\n") if line.strip()]))  # type: ignore[no-untyped-call]
    pmid = identifiers.pmid(_one(fields, "PMID"))
    if pmid is None and (id_without_pmid is None or not fields):
        raise ValueError("a record without a PMID")
    spoken = tuple(dict.fromkeys(code for each in _many(fields, "LA") if (code := two_letter(each))))
    vernacular = nlm.without_stop(_one(fields, "TT")) or None
    own_title = nlm.title(_one(fields, "TI"), spoken, vernacular)
    book_title = nlm.without_stop(_one(fields, "BTI")) or None
    title = own_title or book_title
    if title is None:
        return None
    is_chapter = own_title is not None and own_title != book_title
    types = tuple(_many(fields, "PT"))
    comments = [_comment(reference, each) for tag, reference in _COMMENTS.items() for each in _many(fields, tag)]
    ids = _ids(fields)
    pmcid = identifiers.pmcid(_one(fields, "PMC"))
    authors, complete = _authors(fields)
    return Record(
        source=nlm.PUBMED_ID,
        id=pmid or id_without_pmid or "",
        ids=Identifiers(doi=ids.get("doi"), pmid=pmid, pmcid=pmcid, isbn=tuple(_many(fields, "ISBN"))),
        title=title,
        vernacular_title=vernacular,
        authors=authors,
        authors_complete=complete,
        journal=_one(fields, "JT") or (book_title if is_chapter else None),
        journal_abbreviation=_one(fields, "TA"),
        issn=tuple(_ISSN.findall(_one(fields, "IS") or "")),
        published=nlm.written_date(_one(fields, "DP") or ""),
        published_online=_online(_one(fields, "DEP")),
        volume=_one(fields, "VI"),
        issue=_one(fields, "IP"),
        pages=nlm.pages(_one(fields, "PG") or "") or nlm.article_number(ids.get("pii", "")),
        publisher=_one(fields, "PB"),
        place=_one(fields, "PL") if book_title else None,
        edition=_one(fields, "EN"),
        series=nlm.without_stop(_one(fields, "CTI")) or None,
        languages=spoken,
        type=nlm.work_type(types) if not book_title else "book-chapter" if is_chapter else "book",
        publication_types=types,
        abstract=_one(fields, "AB"),
        mesh=tuple(map(heading, _many(fields, "MH"))),
        keywords=tuple(dict.fromkeys(nlm.without_stop(each.lstrip("*")) for each in _many(fields, "OT"))),
        flags=nlm.flags(types, title, comments),
        related=nlm.relations(comments, types),
        links=nlm.full_texts(pmcid),
        url=nlm.page_of(pmid) if pmid else None,
    )


def _one(fields: Fields, tag: str) -> str | None:
    value = fields.get(tag)
    text = " ".join(value) if isinstance(value, list) else value
    return (" ".join(text.split()) or None) if text else None


def _many(fields: Fields, tag: str) -> list[str]:
    value = fields.get(tag, [])
    values: Iterable[str] = [value] if isinstance(value, str) else value
    return [text for each in values if (text := " ".join(each.split()))]


def _ids(fields: Fields) -> dict[str, str]:
    """Identifiers by type, from the article's list (AID) before the electronic place (LID)."""
    both = " ".join([*_many(fields, "LID"), *_many(fields, "AID")])
    return {kind: value for value, kind in _ID.findall(both)}


def _online(text: str | None) -> str | None:
    return nlm.date(text[:4], text[4:6], text[6:8]) if text else None


def _authors(fields: Fields) -> tuple[tuple[Author, ...], bool]:
    """Full names where there are any, then bodies, then editors; "et al." says that the list is cut."""
    names = _many(fields, "FAU") or _many(fields, "AU")
    editors = _many(fields, "FED") or _many(fields, "ED")
    people = [name for name in names if name.lower().rstrip(".") != "et al"]
    bodies = [Author(collective=nlm.without_stop(each)) for each in _many(fields, "CN")]
    return (*(_person(name) for name in people), *bodies, *(_person(name, "editor") for name in editors)), len(people) == len(names)


def _person(name: str, role: Literal["author", "editor"] = "author") -> Author:
    if "," in name:
        family, _, given = name.partition(",")
        return Author(family=family.strip(), given=given.strip() or None, role=role)
    short = _SHORT_NAME.match(name)
    return Author(family=short["family"], given=short["given"], role=role) if short else Author(family=name, role=role)


def heading(text: str) -> MeshHeading:
    """A heading in MEDLINE's notation: "Heart Failure/*drug therapy/mortality"."""
    name, *qualifiers = text.split("/")
    major = tuple(each[1:] for each in qualifiers if each.startswith("*"))
    return MeshHeading(
        name=name.removeprefix("*"),
        major=name.startswith("*") or bool(major),
        qualifiers=tuple(each.removeprefix("*") for each in qualifiers),
        major_qualifiers=major,
    )


def _comment(reference: str, text: str) -> Comment:
    found = _COMMENT.match(text)
    return Comment(reference, found["source"], found["pmid"]) if found else Comment(reference, text)
