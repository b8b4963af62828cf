"""Members of an entry, under our names and in whatever notation its file has -> a Record."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, get_args

from fedsearch import identifiers
from fedsearch.connectors import nlm
from fedsearch.connectors.crossref_markup import plain_text
from fedsearch.connectors.medline import heading
from fedsearch.dedupe.names import authors_of
from fedsearch.dedupe.slim import slim
from fedsearch.exports.wording import FLAG_WORDS, flags_told
from fedsearch.folding import fold, is_persian
from fedsearch.languages import two_letter
from fedsearch.model import Author, Flag, FlagKind, Identifiers, Record, Relation, RelationKind, SourceId, WorkType

Members = Mapping[str, Any]
"""Values by the names of Record's members, and "year", "date", "doi", "pmid", "pmcid", "serial" (ISBN or ISSN), "editors",
"translators", "notes", "language", "first_page", "last_page", "article_number"."""

NO_TITLE = "[no title]"

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
_NOTHING_SAID = frozenset(
    {"", "unknown", "n/a", "na", "none", "null", "nan", "-", "--", "—", "?", "not available", "[not available]", "not applicable"}
)
_YEAR = re.compile(r"(?<!\d)(1[3-9]\d\d|20\d\d)(?!\d)")
_NUMBERED_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_SOLAR = range(1300, 1450)
_PAGES_MARK = re.compile(r"^\s*(?:pp?|pages?|ص|صص)\.?\s*(?=[\w\d])(?:[:.]\s*)?", re.IGNORECASE)
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_SERIAL = re.compile(
    r"(?:97[89][\s\-\u2010-\u2015]?)?(?:\d[\s\-\u2010-\u2015]?){9}[\dXx](?![\d])|(?<!\d)\d{4}[\-\u2010-\u2015]?\d{3}[\dXx](?![\d\-])"
)
_PREPRINT_SERVER = re.compile(
    r"^(?:medrxiv|biorxiv|chemrxiv|psyarxiv|arxiv|ssrn|research square|preprints(?:\.org)?|osf preprints)\b", re.IGNORECASE
)
_FLAGGED = re.compile(r"^\W*(withdrawn|retracted)(?:\s+(?:article|chapter|paper))?\s*:", re.IGNORECASE)
_PMID_SAID = re.compile(r"\bPMID:?\s*(\d{4,9})\b")
_PMCID_SAID = re.compile(r"\bPMCID:?\s*(PMC\d+)\b")
_ASIDE = re.compile(r"^(?P<kind>[a-z-]+)(?:\s+(?P<number>\S+))?$")
_NO_NUMBERS = Identifiers()
_RELATION_KINDS: frozenset[str] = frozenset(get_args(RelationKind))
_WORK_TYPES: frozenset[str] = frozenset(get_args(WorkType))
# What other programs call our types, folded: RIS and BibTeX codes, EndNote's, Zotero's, Scopus' and Embase's words, Crossref's names.
_TYPE_NAMES: dict[WorkType, str] = {
        "journal-article": "jour,mgzn,ejour,inpr,jfull article,article,journal article,journalarticle,journal,electronic article,magazine article,"
        "article in press,in press,review,editorial,letter,note,short survey,conference review,erratum,news,research article,original article",
        "preprint": "unpb,preprint,posted content,unpublished,unpublished work,manuscript",
        "book": "book,edbook,ebook,edited book,electronic book,monograph,whole book,reference book,book set,booklet,clswk",
        "book-chapter": "chap,echap,incollection,inbook,book section,book chapter,chapter,electronic book section,booksection,book part,"
        "encyclopedia article,ency,dictionary entry,dict",
        "journal": "jfull,periodical,serial",
        "conference-paper": "conf,cpaper,inproceedings,conference,proceedings,conference paper,conference proceedings,conferencepaper,"
        "proceedings article,conference abstract,meeting abstract,proceedings paper",
        "thesis": "thes,phdthesis,mastersthesis,thesis,dissertation",
        "report": "rprt,techreport,report,technical report,government document,gov doc,govdoc",
        "guideline": "guideline,practice guideline,stand,standard",
        "dataset": "data,dataset,data set,dataset component",
        "peer-review": "peer review",
        "component": "component",
        "audio-visual": "video,mpct,sound,advs,film,audiovisual material,film or broadcast,video recording,videorecording,audiorecording",
        "website": "elec,web,online,web page,webpage,website,blog post,blog,electronic",
        "other": "gen,generic,misc,other,pat,patent,case,hear,computer program,comp,slide,figure,map,art,icomm,pamp,pcomm,serial book",
}  # fmt: skip
_TYPES: dict[str, WorkType] = {name: kind for kind, names in _TYPE_NAMES.items() for name in names.split(",")}


def text_of(value: Any) -> str | None:
    """One line of text; None for nothing, for "n/a" and its like, and for what is no text. Spreadsheets' "12.0" is 12."""
    if value is None:
        return None
    if isinstance(value, str):
        text = " ".join((value if value.isprintable() else _NOT_TEXT.sub(" ", value)).split())
        return None if len(text) < 17 and text.lower() in _NOTHING_SAID else text
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else None
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return next((found for each in value if (found := text_of(each))), None)
    return None


def texts_of(value: Any, between: str = r"\s*[;؛|\r\n]\s*") -> tuple[str, ...]:
    """Several texts, from a list or from one text that parts them."""
    if not value:
        return ()
    if isinstance(value, str):
        value = re.split(between, value)
    elif not isinstance(value, list | tuple):
        value = [value]
    return tuple(dict.fromkeys(text for each in value if (text := text_of(each))))


def number_of(value: Any) -> str | None:
    """A volume, issue or the like; "12.0" as spreadsheets write it is 12."""
    text = text_of(value)
    return text[:-2] if text and re.fullmatch(r"\d+\.0", text) else text


def describe(members: Members, source: SourceId, number: str) -> Record:
    """The record that an entry's members make; its title is NO_TITLE where they hold none."""
    told = {name: found for name, value in members.items() if (rule := _RULES.get(name)) and (found := rule(value))}
    spoken = told.get("languages") or _languages(members.get("language"))
    title = _title(members.get("title"), spoken, told.get("vernacular_title")) or NO_TITLE
    isbn, issn = _serials(members)
    authors, whole = _authors(members)
    kind, publication_types = _type(members, bool(isbn))
    told |= {
        "authors": authors,
        "issn": issn,
        "published": date_of(members, spoken, title),
        "pages": _pages(members),
        "languages": spoken,
        "publication_types": publication_types,
        "flags": _flags(members, source, kind, title, publication_types),
    }
    if told["flags"] and "keywords" in told:
        told["keywords"] = _without_flags(told["keywords"], told["flags"])
    if not whole or members.get("authors_complete") is False:
        told["authors_complete"] = False
    told = {name: value for name, value in told.items() if value is not None and value != ()}
    return slim(Record(source=source, id=number, ids=_identifiers(members, isbn), title=title, type=kind, **told))


def _without_flags(keywords: tuple[str, ...], flags: tuple[Flag, ...]) -> tuple[str, ...]:
    """Keywords without those by which our RIS shows a flag to programs that show no notes."""
    words = {FLAG_WORDS[flag.kind].partition(",")[0] for flag in flags}
    return tuple(keyword for keyword in keywords if keyword.upper() not in words)


def _languages(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for each in texts_of(value, r"[;,|]") if (code := two_letter(each))))


def _authors(members: Members) -> tuple[tuple[Author, ...], bool]:
    """Authors, editors and translators, and whether the list of authors is whole."""
    authors, whole = authors_of(members.get("authors"))
    if "editors" in members:
        authors += authors_of(members["editors"], "editor")[0]
    if "translators" in members:
        authors += authors_of(members["translators"], "translator")[0]
    return authors, whole


def _address(value: Any) -> str | None:
    return next((url for url in texts_of(value, r"\s+") if url.startswith(("http://", "https://"))), None)


def _marked_up(text: str | None) -> str | None:
    return plain_text(text) if text and ("<" in text or "&" in text) else text


def _title(value: Any, spoken: tuple[str, ...], vernacular: str | None) -> str | None:
    return nlm.title(_unquoted(_marked_up(text_of(value))), spoken, vernacular)


def _unquoted(text: str | None) -> str | None:
    """Without the quotation marks that a spreadsheet left around the whole."""
    return text[1:-1].strip() if text and text[0] == text[-1] == '"' and text.count('"') == 2 else text


def _abstract(value: Any) -> str | None:
    """An abstract with its paragraphs."""
    if not isinstance(value, str):
        return text_of(value)
    lines = [" ".join(line.split()) for line in _NOT_TEXT.sub(" ", value).splitlines()]
    joined = "\n".join(line for line in lines if line)
    return None if joined.lower() in _NOTHING_SAID else joined


def _identifiers(members: Members, isbn: tuple[str, ...]) -> Identifiers:
    """Identifiers from their own members, else from addresses and notes that name them."""
    doi, pmid, pmcid = (text_of(members.get(name)) for name in ("doi", "pmid", "pmcid"))
    elsewhere = " ".join(texts_of(members.get("url"), r"\s+") + texts_of(members.get("notes"), r"\n")) if not (doi and pmid) else ""
    said_pmid, said_pmcid = _PMID_SAID.search(elsewhere), _PMCID_SAID.search(elsewhere)
    found = Identifiers(
        doi=(identifiers.doi(doi) or identifiers.doi_in(doi)) if doi else _linked_doi(elsewhere),
        pmid=pmid or (said_pmid.group(1) if said_pmid else _linked_pmid(elsewhere)),
        pmcid=f"PMC{pmcid}" if pmcid and pmcid.isdecimal() else pmcid or (said_pmcid.group(1) if said_pmcid else None),
        isbn=isbn,
    )
    return slim(found) if found != _NO_NUMBERS else _NO_NUMBERS


def _linked_doi(text: str) -> str | None:
    found = re.search(r"(?:doi\.org/|\bdoi:\s*)(10\.\S+)", text, re.IGNORECASE) if "doi" in text.lower() else None
    return identifiers.doi_in(found.group(1)) if found else None


def _linked_pmid(text: str) -> str | None:
    return next((found for address in text.split() if "/" in address and (found := identifiers.pmid(address))), None)


def _serials(members: Members) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISBNs and ISSNs, whichever member they stand in: reference managers write both into one."""
    books: dict[str, None] = {}
    journals: dict[str, None] = {}
    for name in ("isbn", "issn", "serial"):
        for text in texts_of(members.get(name), r"\s*[;,|\r\n]\s*"):
            for candidate in _SERIAL.findall(identifiers.western_digits(text)):
                if book := identifiers.isbn(candidate):
                    books[book] = None
                elif journal := identifiers.issn(candidate):
                    journals[journal] = None
    return tuple(books), tuple(journals)


def date_of(members: Members, spoken: tuple[str, ...] = (), title: str = "") -> str | None:
    """A date as precise as it is given; a year of the Persian calendar as the Western year in which it begins."""
    texts = [identifiers.western_digits(text) for name in ("published", "date", "year") if (text := text_of(members.get(name)))]
    for text in texts:
        if numbered := _NUMBERED_DATE.search(text):
            year, month, day = numbered.groups()
            if int(year) not in _SOLAR and (found := nlm.date(year, month, day)):
                return found
    persian = "fa" in spoken or is_persian(title)
    for text in texts:
        if year_said := _YEAR.search(text):
            year_number = int(year_said.group())
            if year_number in _SOLAR:
                return str(year_number + 621) if persian else str(year_number)
            return nlm.written_date(text) or str(year_number)
    return None


def _pages(members: Members) -> str | None:
    """First to last page written out in full, or an article number."""
    text = text_of(members.get("pages")) or ""
    if not text:
        first, last = number_of(members.get("first_page")), number_of(members.get("last_page"))
        text = first or ""
        if first and last and last != first and not _DASH.search(first):
            text = f"{first}-{last}"
    text = text or number_of(members.get("article_number")) or ""
    bare = _DASH.sub("-", _PAGES_MARK.sub("", re.sub(r"^(\d+)\.0$", r"\1", text))).strip(" -.,;")
    return nlm.pages(identifiers.western_digits(bare)) if bare else None


@lru_cache(maxsize=4_096)
def type_named(name: str) -> WorkType | None:
    """Our type for any program's word for one; None for a word that is no type of publication."""
    if name in _WORK_TYPES:
        return name  # type: ignore[return-value]
    return _TYPES.get(fold(name))


def _type(members: Members, has_isbn: bool) -> tuple[WorkType, tuple[str, ...]]:
    """Our type, and the words that say more than it ("Randomized Controlled Trial")."""
    said = texts_of(members.get("type"))
    more = texts_of(members.get("publication_types"))
    kinds = [kind for word in (*said, *more) if (kind := type_named(word))]
    unknown = tuple(word for word in said if type_named(word) is None)
    journal = text_of(members.get("journal")) or ""
    kind = next((kind for kind in kinds if kind not in ("journal-article", "other")), kinds[0] if kinds else None)
    if kind in (None, "journal-article", "other") and _PREPRINT_SERVER.match(journal):
        kind = "preprint"
    if kind is None:
        kind = "journal-article" if journal or not has_isbn else "book"
    return kind, tuple(dict.fromkeys((*more, *unknown)))


def _flags(members: Members, source: SourceId, kind: WorkType, title: str, publication_types: Iterable[str]) -> tuple[Flag, ...]:
    """Warnings as our own exports write them, and those that a title or a type makes plain."""
    found = [flag for note in texts_of(members.get("notes"), r"[\r\n]+") for flag in flags_told(note, source)]
    given = members.get("flags")
    if isinstance(given, list):
        found += [_flag(each, source) for each in given if isinstance(each, Mapping) and each.get("kind") in get_args(FlagKind)]
    types = {name.lower() for name in publication_types}
    plain: list[FlagKind] = ["retracted"] if "retracted publication" in types else []
    if (prefix := _FLAGGED.match(title)) and "retraction of publication" not in types:
        plain.append("withdrawn" if prefix.group(1).lower() == "withdrawn" else "retracted")
    if kind == "preprint":
        plain.append("preprint")
    said = {flag.kind for flag in found}
    return tuple(dict.fromkeys([*found, *(Flag(kind=each, said_by=(source,)) for each in plain if each not in said)]))


def _flag(given: Mapping[str, Any], source: SourceId) -> Flag:
    said_by = tuple(SourceId(name) for name in texts_of(given.get("said_by"))) or (source,)
    return Flag(
        kind=given["kind"], notice_doi=text_of(given.get("notice_doi")), notice_pmid=text_of(given.get("notice_pmid")), said_by=said_by
    )


def _related(value: Any) -> tuple[Relation, ...]:
    """Relations as our own exports write them: members of JSON, or "preprint 10.5555/x; comment 38000001" in a cell."""
    found = []
    for each in value if isinstance(value, list) else texts_of(value):
        if isinstance(each, str) and (aside := _ASIDE.match(each)):
            each = {"kind": aside["kind"], "doi": identifiers.doi(aside["number"]), "pmid": identifiers.pmid(aside["number"])}
        if isinstance(each, Mapping) and each.get("kind") in _RELATION_KINDS:
            relation = Relation(
                kind=each["kind"], doi=text_of(each.get("doi")), pmid=text_of(each.get("pmid")), note=text_of(each.get("note"))
            )
            if relation.doi or relation.pmid:
                found.append(relation)
    return tuple(found)


# Members that need no other one to be understood.
_RULES: dict[str, Callable[[Any], Any]] = {
    "vernacular_title": lambda value: nlm.without_stop(text_of(value)),
    "journal": lambda value: nlm.without_stop(_unquoted(_marked_up(text_of(value)))),
    "volume": number_of,
    "issue": number_of,
    "languages": _languages,
    "abstract": _abstract,
    "mesh": lambda value: tuple(map(heading, texts_of(value))),
    "keywords": texts_of,
    "related": _related,
    "url": _address,
    **dict.fromkeys(("journal_abbreviation", "publisher", "place", "edition", "series", "published_online"), text_of),
}
