"""One PubMed record as served: its XML byte for byte, and what of it is searched, summarised and shown as MEDLINE text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from fedsearch import identifiers, languages
from fedsearch.sandbox.index import Entry, first_day
from fedsearch.sandbox.pubmed_notation import MONTHS

Element: TypeAlias = etree._Element
_MONTH_NUMBERS = {name.lower(): f"{i:02}" for i, name in enumerate(MONTHS, 1)}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_YEAR = re.compile(r"\b(1[5-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Heading:
    """One MeSH heading with its qualifiers, each with its star."""

    name: str
    major: bool
    qualifiers: tuple[tuple[str, bool], ...] = ()

    def __str__(self) -> str:
        return "/".join([("*" if self.major else "") + self.name, *(("*" if major else "") + q for q, major in self.qualifiers)])


@dataclass(frozen=True, slots=True)
class Person:
    """An author as PubMed has them, a person or a body."""

    family: str = ""
    given: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""

    @property
    def short(self) -> str:
        return self.collective or " ".join(part for part in (self.family, self.initials, self.suffix) if part)

    @property
    def full(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sandbox itself has to know of a record."""

    pmid: str
    title: str = ""
    vernacular: str = ""
    abstract: str = ""
    people: tuple[Person, ...] = ()
    journal: str = ""
    abbreviation: str = ""
    issns: tuple[tuple[str, str], ...] = ()
    nlm_id: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    published: str = ""
    online: str = ""
    languages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    keywords: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    isbns: tuple[str, ...] = ()
    publisher: str = ""
    related: tuple[tuple[str, str, str], ...] = ()
    status: str = ""
    pub_status: str = ""
    entered: str = ""

    def id(self, kind: str) -> str:
        return next((value for name, value in self.ids if name == kind), "")


@dataclass(frozen=True, slots=True)
class Article:
    """A record to serve: `xml` is its element, `medline` its MEDLINE text where it came as such."""

    xml: bytes
    facts: Facts
    medline: str | None = None

    @property
    def pmid(self) -> str:
        return self.facts.pmid


def read_article(xml: bytes, medline: str | None = None) -> Article | None:
    """An article from its element; None when it has no PMID. Raises XMLSyntaxError for what is not well-formed."""
    facts = facts_of(etree.fromstring(xml, _PARSER))
    return Article(xml, facts, medline) if facts else None


def facts_of(article: Element) -> Facts | None:
    """The facts of a PubmedArticle or PubmedBookArticle; None when it has no PMID."""
    body = article.find("MedlineCitation") if article.tag == "PubmedArticle" else article.find("BookDocument")
    pmid = identifiers.pmid(_text(body, "PMID")) if body is not None else None
    if body is None or pmid is None:
        return None
    data = article.find("PubmedData") if article.tag == "PubmedArticle" else article.find("PubmedBookData")
    inner = body.find("Article") if article.tag == "PubmedArticle" else body
    core, book = (body, None) if inner is None else (inner, inner.find("Book"))
    return Facts(
        pmid=pmid,
        title=_text(core, "ArticleTitle") or _text(core, "Book/BookTitle"),
        vernacular=_text(core, "VernacularTitle"),
        abstract=" ".join(_texts(core, "Abstract/AbstractText")),
        people=tuple(person for person in map(_person, core.iterfind(".//Author")) if person.short),
        journal=_text(core, "Journal/Title"),
        abbreviation=_text(body, "MedlineJournalInfo/MedlineTA") or _text(core, "Journal/ISOAbbreviation"),
        issns=_issns(body, core),
        nlm_id=_text(body, "MedlineJournalInfo/NlmUniqueID"),
        volume=_text(core, "Journal/JournalIssue/Volume"),
        issue=_text(core, "Journal/JournalIssue/Issue"),
        pages=_text(core, "Pagination/MedlinePgn"),
        published=_spoken(core.find("Journal/JournalIssue/PubDate") if book is None else book.find("PubDate")),
        online=_spoken(core.find("ArticleDate")),
        languages=tuple(language.lower() for language in _texts(core, "Language")),
        types=tuple(_texts(core, ".//PublicationType")),
        headings=tuple(_heading(heading) for heading in body.iterfind("MeshHeadingList/MeshHeading")),
        keywords=tuple(_texts(body, "KeywordList/Keyword")),
        substances=tuple(_texts(body, ".//NameOfSubstance")),
        affiliations=tuple(_texts(core, ".//Affiliation")),
        ids=_ids(data, body, core),
        isbns=tuple(_texts(core, "Book/Isbn")),
        publisher=_text(core, "Book/Publisher/PublisherName"),
        related=tuple(_relations(body)),
        status=body.get("Status", ""),
        pub_status=_text(data, "PublicationStatus"),
        entered=_entered(data),
    )


def entry_of(facts: Facts) -> Entry:
    """What of the facts is searched, under the names that `fedsearch.query.FIELDS` gives to PubMed's fields."""
    names = [heading.name for heading in facts.headings]
    texts = {
        "title": (facts.title,),
        "vernacular": (facts.vernacular,),
        "abstract": (facts.abstract,),
        "mesh": tuple(name for heading in facts.headings for name in (heading.name, *(q for q, _ in heading.qualifiers))),
        "keyword": facts.keywords,
        "author": tuple(name for person in facts.people for name in dict.fromkeys((person.short, person.full))),
        "journal": (facts.journal, facts.abbreviation),
        "affiliation": facts.affiliations,
        "substance": facts.substances,
        "publication-type": facts.types,
        "publisher": (facts.publisher,),
        "number": (facts.pmid, *(value for _, value in facts.ids)),
    }
    values = {
        "author": [form for person in facts.people for form in _forms(person)],
        "first-author": _forms(facts.people[0]) if facts.people else [],
        "last-author": _forms(facts.people[-1]) if facts.people else [],
        "journal": [facts.journal, facts.abbreviation, *(number for _, number in facts.issns)],
        "issn": [number for _, number in facts.issns],
        "mesh": [form for heading in facts.headings for form in _paths(heading)],
        "mesh-major": [heading.name for heading in facts.headings if heading.major or any(major for _, major in heading.qualifiers)],
        "mesh-broader": [broader for name in names for broader in _broader(name)],
        "subheading": [q for heading in facts.headings for q, _ in heading.qualifiers],
        "substance": facts.substances,
        "publication-type": facts.types,
        "language": [*facts.languages, *(name for code in facts.languages if (name := languages.english_name(code)))],
        "pmid": [facts.pmid],
        "pmcid": [facts.id("pmc")],
        "doi": [facts.id("doi"), facts.id("pii")],
        "isbn": [found for isbn in facts.isbns if (found := identifiers.isbn(isbn))],
        "volume": [facts.volume],
        "issue": [facts.issue],
        "pages": [facts.pages, facts.pages.split("-")[0]],
        "subset": _subsets(facts, names),
    }
    published = [date for date in (_counted(facts.published), _counted(facts.online)) if date]
    dates = {"date": published, "entry-date": [facts.entered] if facts.entered else published}
    return Entry(facts.pmid, {name: [t for t in found if t] for name, found in texts.items()}, values, dates)


def _subsets(facts: Facts, names: list[str]) -> list[str]:
    """The names of the filters ([sb], [filter]) that let the record through."""
    found = ["humans" if name == "Humans" else "animals" for name in names if name in ("Humans", "Animals")]
    found += [facts.status, "all"]
    found += ["hasabstract", "has abstract"] if facts.abstract else []
    found += ["free full text", "full text", "pubmed pmc", "loattrfree full text"] if facts.id("pmc") else []
    found += ["systematic", "systematic review"] if "Systematic Review" in facts.types else []
    found += ["pubmed books"] if facts.isbns else []
    found += [name for code in facts.languages if (name := languages.english_name(code))]
    return [*found, *facts.types]


def _paths(heading: Heading) -> list[str]:
    return [heading.name, *(f"{heading.name} {qualifier}" for qualifier, _ in heading.qualifiers)]


def _broader(name: str) -> list[str]:
    """Headings that this one stands under by its own name: "Diabetes Mellitus, Type 2" under "Diabetes Mellitus"."""
    parts = name.split(", ")
    return [", ".join(parts[:i]) for i in range(1, len(parts))]


def _forms(person: Person) -> list[str]:
    """The ways in which PubMed finds an author: "mcmurray jjv", "mcmurray john j v" and "john j v mcmurray"."""
    if person.collective:
        return [person.collective]
    return [
        person.family,
        f"{person.family} {person.initials}".strip(),
        f"{person.family} {person.given}".strip(),
        f"{person.given} {person.family}".strip(),
    ]


def _text(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return "" if found is None else " ".join("".join(str(t) for t in found.itertext()).split())


def _texts(element: Element, path: str) -> list[str]:
    return [text for found in element.iterfind(path) if (text := " ".join("".join(str(t) for t in found.itertext()).split()))]


def _person(author: Element) -> Person:
    return Person(*(_text(author, name) for name in ("LastName", "ForeName", "Initials", "Suffix", "CollectiveName")))


def _heading(heading: Element) -> Heading:
    name = heading.find("DescriptorName")
    qualifiers = ((_flat(q), q.get("MajorTopicYN") == "Y") for q in heading.iterfind("QualifierName"))
    return Heading(_flat(name), name is not None and name.get("MajorTopicYN") == "Y", tuple(qualifiers))


def _flat(element: Element | None) -> str:
    return "" if element is None else " ".join((element.text or "").split())


def _issns(body: Element, core: Element) -> tuple[tuple[str, str], ...]:
    found = [(issn.get("IssnType", ""), _flat(issn)) for issn in core.iterfind("Journal/ISSN")]
    return (*found, *(("Linking", _flat(issn)) for issn in body.iterfind("MedlineJournalInfo/ISSNLinking")))


def _ids(data: Element | None, body: Element, core: Element) -> tuple[tuple[str, str], ...]:
    """The record's own identifiers; those of its references stand in ReferenceList and are left alone."""
    listed = [*(data.iterfind("ArticleIdList/ArticleId") if data is not None else ()), *body.iterfind("ArticleIdList/ArticleId")]
    found = [(i.get("IdType", ""), _flat(i)) for i in listed]
    kinds = {kind for kind, _ in found}
    located = ((i.get("EIdType", ""), _flat(i)) for i in core.iterfind("ELocationID") if i.get("ValidYN") != "N")
    return (*found, *(pair for pair in located if pair[0] not in kinds))


def _relations(body: Element) -> Iterator[tuple[str, str, str]]:
    for related in body.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        yield related.get("RefType", ""), _text(related, "RefSource"), _text(related, "PMID")


def _spoken(date: Element | None) -> str:
    """A date element as one line: "2014 Sep 11", or what stands in MedlineDate."""
    if date is None:
        return ""
    parts = [_text(date, name) for name in ("Year", "Season", "Month", "Day")]
    if parts[2].isdigit() and 1 <= int(parts[2]) <= 12:
        parts[2] = MONTHS[int(parts[2]) - 1]
    return " ".join(part for part in parts if part) or _text(date, "MedlineDate")


def _counted(spoken: str) -> str:
    """A spoken date as YYYY/MM/DD, missing parts as 01, as PubMed sorts and limits; "" when no year is in it."""
    year = _YEAR.search(spoken)
    if year is None:
        return ""
    rest = spoken[year.end() :].split()
    month = _MONTH_NUMBERS.get(rest[0][:3].lower(), "01") if rest else "01"
    day = rest[1] if len(rest) > 1 and rest[1].isdigit() and len(rest[1]) < 3 else "01"
    return f"{year.group()}/{month}/{day.zfill(2)}"


def _entered(data: Element | None) -> str:
    for wanted in ("entrez", "pubmed"):
        for date in data.iterfind("History/PubMedPubDate") if data is not None else ():
            if date.get("PubStatus") == wanted:
                return first_day("/".join(part for name in ("Year", "Month", "Day") if (part := _text(date, name))))
    return ""
