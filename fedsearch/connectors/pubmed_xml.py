"""PubMed's XML -> Records: a pure function from the bytes of an EFetch answer.

Read with lxml: 0.37 ms a record of 17 kB, of which 0.16 are the tree, where Biopython's Entrez.read takes 4 ms, refuses one
real file in five (no XML declaration, an older DTD) and would fetch DTDs it does not know from the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from lxml import etree

from fedsearch import identifiers
from fedsearch.connectors import nlm
from fedsearch.connectors.base import read_xml, readable
from fedsearch.connectors.nlm import Comment
from fedsearch.errors import SourceBroken, SourceUnreadable
from fedsearch.languages import two_letter
from fedsearch.model import Author, Identifiers, MeshHeading, Record

_NAME = "PubMed"
_SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_XML_SPACE = " \t\r\n"

Parts = dict[str, etree._Element]


def parse_articles(body: bytes) -> tuple[list[Record], int, int]:
    """The records of a PubmedArticleSet (or of one article alone), and how many were unreadable and how many untitled.

    Raises SourceBroken for an error message in place of records, SourceUnreadable for anything else.
    """
    root = read_xml(body, _NAME)
    if root.tag in _SETS:
        return readable([element for element in root if element.tag in _READERS], _read, _NAME)
    if root.tag in _READERS:
        return readable([root], _read, _NAME)
    if root.find("ERROR") is not None:
        raise SourceBroken("PubMed sent an error message in place of records.", "It usually recovers by itself.")
    raise SourceUnreadable("PubMed sent XML without a PubmedArticleSet.", "Its format may have changed.")


def _read(element: etree._Element) -> Record | None:
    return _READERS[element.tag](element)


def _article(element: etree._Element) -> Record | None:
    whole = _parts(element)
    citation = _parts(whole.get("MedlineCitation"))
    article = _parts(citation.get("Article"))
    journal = _parts(article.get("Journal"))
    issue = _parts(journal.get("JournalIssue"))
    info = _parts(citation.get("MedlineJournalInfo"))
    pmid = _pmid(citation)
    spoken = _languages(article.get("Language"))
    vernacular = nlm.without_stop(_text(article.get("VernacularTitle"))) or None
    title = nlm.title(_text(article.get("ArticleTitle")), spoken, vernacular)
    if title is None:
        return None
    types = _texts(article.get("PublicationTypeList"), "PublicationType")
    comments = _comments(citation.get("CommentsCorrectionsList"))
    ids = _article_ids(_parts(whole.get("PubmedData")).get("ArticleIdList"))
    places = _electronic_places(article.get("ELocationID"))
    pmcid = identifiers.pmcid(ids.get("pmc"))
    authors, complete = _authors(article.get("AuthorList"))
    return Record(
        source=nlm.PUBMED_ID,
        id=pmid,
        ids=Identifiers(doi=identifiers.doi(ids.get("doi")) or places.get("doi"), pmid=pmid, pmcid=pmcid),
        title=title,
        vernacular_title=vernacular,
        authors=authors,
        authors_complete=complete,
        journal=_text(journal.get("Title")),
        journal_abbreviation=_text(journal.get("ISOAbbreviation")) or _text(info.get("MedlineTA")),
        issn=tuple(filter(None, (_text(journal.get("ISSN")), _text(info.get("ISSNLinking"))))),
        published=_date(issue.get("PubDate")),
        published_online=_online(article.get("ArticleDate")),
        volume=_text(issue.get("Volume")),
        issue=_text(issue.get("Issue")),
        pages=_pages(article.get("Pagination")) or nlm.article_number(places.get("pii", "")),
        languages=spoken,
        type=nlm.work_type(types),
        publication_types=types,
        abstract=_abstract(article.get("Abstract")) or _other_abstract(citation.get("OtherAbstract")),
        mesh=_mesh(citation.get("MeshHeadingList")),
        keywords=_keywords(citation.get("KeywordList")),
        flags=nlm.flags(types, title, comments),
        related=nlm.relations(comments, types),
        links=nlm.full_texts(pmcid),
        url=nlm.page_of(pmid),
    )


def _book(element: etree._Element) -> Record | None:
    """A book, or a chapter of it where the document has a title of its own."""
    document = _parts(_parts(element).get("BookDocument"))
    book = _parts(document.get("Book"))
    publisher = _parts(book.get("Publisher"))
    pmid = _pmid(document)
    spoken = _languages(document.get("Language"))
    vernacular = nlm.without_stop(_text(document.get("VernacularTitle"))) or None
    book_title = nlm.without_stop(_text(book.get("BookTitle"))) or None
    chapter_title = nlm.title(_text(document.get("ArticleTitle")), spoken, vernacular)
    title = chapter_title or book_title
    if title is None:
        return None
    is_chapter = chapter_title is not None
    types = tuple(filter(None, (_text(each) for each in _alike(document.get("PublicationType")))))
    ids = _article_ids(document.get("ArticleIdList"))
    places = _electronic_places(book.get("ELocationID"))
    authors, complete = _book_authors(document, book)
    return Record(
        source=nlm.PUBMED_ID,
        id=pmid,
        ids=Identifiers(
            doi=identifiers.doi(ids.get("doi")) or (None if is_chapter else places.get("doi")),
            pmid=pmid,
            isbn=tuple(filter(None, (_text(each) for each in _alike(book.get("Isbn"))))),
        ),
        title=title,
        vernacular_title=vernacular,
        authors=authors,
        authors_complete=complete,
        journal=book_title if is_chapter else None,
        # A chapter of a book that keeps growing has its own date; the book's says when the whole began.
        published=(_date(document.get("ContributionDate")) if is_chapter else None) or _date(book.get("PubDate")),
        volume=_text(book.get("Volume")),
        pages=_pages(document.get("Pagination")),
        publisher=_text(publisher.get("PublisherName")),
        place=_text(publisher.get("PublisherLocation")),
        edition=_text(book.get("Edition")),
        series=_text(book.get("CollectionTitle")),
        languages=spoken,
        type="book-chapter" if is_chapter else "book",
        publication_types=types,
        abstract=_abstract(document.get("Abstract")),
        keywords=_keywords(document.get("KeywordList")),
        flags=nlm.flags(types, title, ()),
        links=nlm.full_texts(None, ids.get("bookaccession")),
        url=nlm.page_of(pmid),
    )


_READERS: dict[str, Callable[[etree._Element], Record | None]] = {"PubmedArticle": _article, "PubmedBookArticle": _book}


def _parts(element: etree._Element | None) -> Parts:
    """Children by tag; of a repeated tag the first one, from which `_alike` reaches the others."""
    return {} if element is None else {child.tag: child for child in element.iterchildren(reversed=True)}


def _alike(first: etree._Element | None) -> Iterator[etree._Element]:
    """An element and the later siblings of the same tag."""
    if first is not None:
        yield first
        yield from first.itersiblings(first.tag)


def _text(element: etree._Element | None) -> str | None:
    """An element's whole text on one line, None if there is none; <i>, <sub>, MathML and the like leave only their words."""
    if element is None:
        return None
    text = "".join(_inline(element)) if len(element) else element.text
    return (" ".join(text.split()) or None) if text else None


def _inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == _MATHML + "math":
            yield _formula(child)
        elif isinstance(child.tag, str):
            yield from _inline(child)
        yield child.tail or ""


def _formula(element: etree._Element) -> str:
    """A formula on one line. The space between its elements is layout, and a fraction keeps its stroke."""
    parts = [(element.text or "").strip(_XML_SPACE)]
    for child in element:
        parts.append(_formula(child))
        parts.append((child.tail or "").strip(_XML_SPACE))
    return ("/" if element.tag == _MATHML + "mfrac" else "").join(filter(None, parts))


def _texts(parent: etree._Element | None, tag: str) -> tuple[str, ...]:
    if parent is None:
        return ()
    return tuple(dict.fromkeys(text for child in parent.iterchildren(tag) if (text := _text(child))))


def _pmid(parts: Parts) -> str:
    pmid = identifiers.pmid(_text(parts.get("PMID")))
    if pmid is None:
        raise ValueError("a record without a PMID")
    return pmid


def _languages(first: etree._Element | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for each in _alike(first) if (code := two_letter(each.text))))


def _article_ids(listed: etree._Element | None) -> dict[str, str]:
    """The publication's own identifiers by type; those of its references are in lists further down."""
    if listed is None:
        return {}
    return {child.get("IdType", ""): child.text.strip() for child in listed if child.text}


def _electronic_places(first: etree._Element | None) -> dict[str, str]:
    """What the publisher says is valid of DOI and pii."""
    return {each.get("EIdType", ""): each.text.strip() for each in _alike(first) if each.text and each.get("ValidYN", "Y") == "Y"}


def _date(element: etree._Element | None) -> str | None:
    parts = _parts(element)
    if "MedlineDate" in parts:
        return nlm.written_date(_text(parts["MedlineDate"]) or "")
    month = _text(parts.get("Month")) or _text(parts.get("Season"))
    return nlm.date(_text(parts.get("Year")), month, _text(parts.get("Day")))


def _online(first: etree._Element | None) -> str | None:
    return next((_date(each) for each in _alike(first) if each.get("DateType", "Electronic") == "Electronic"), None)


def _pages(element: etree._Element | None) -> str | None:
    parts = _parts(element)
    if whole := _text(parts.get("MedlinePgn")):
        return nlm.pages(whole)
    return "-".join(filter(None, (_text(parts.get("StartPage")), _text(parts.get("EndPage"))))) or None


def _authors(listed: etree._Element | None, role: Literal["author", "editor"] = "author") -> tuple[tuple[Author, ...], bool]:
    """The names of one list, and whether the list is whole. A name marked invalid has been replaced by another entry."""
    if listed is None:
        return (), True
    named: list[Parts] = []
    # Affiliations are the bulk of a list: lxml passes over them without making objects of them.
    for element in listed.iter("Author", "LastName", "ForeName", "Initials", "Suffix", "CollectiveName"):
        if element.tag == "Author":
            named.append({element.tag: element})
        else:
            named[-1][element.tag] = element
    valid = (_author(parts, role) for parts in named if parts["Author"].get("ValidYN") != "N")
    return tuple([author for author in valid if author]), listed.get("CompleteYN") != "N"


def _author(parts: Parts, role: Literal["author", "editor"]) -> Author | None:
    family = _text(parts.get("LastName"))
    if family is None:
        body = _text(parts.get("CollectiveName"))
        return Author(collective=nlm.without_stop(body), role=role) if body else None
    given = _text(parts.get("ForeName")) or _text(parts.get("Initials"))
    if suffix := _text(parts.get("Suffix")):
        given = f"{given} {suffix}" if given else suffix
    return Author(family=family, given=given, role=role)


def _book_authors(document: Parts, book: Parts) -> tuple[tuple[Author, ...], bool]:
    """A chapter's own authors, or else the book's; and the editors of both."""
    authors: list[Author] = []
    editors: list[Author] = []
    complete = True
    for owner in (document, book):
        named: list[Author] = []
        for listed in _alike(owner.get("AuthorList")):
            is_editors = listed.get("Type") == "editors"
            found, whole = _authors(listed, "editor" if is_editors else "author")
            (editors if is_editors else named).extend(found)
            complete = complete and whole
        authors = authors or named
    return (*authors, *dict.fromkeys(editors)), complete


def _abstract(element: etree._Element | None) -> str | None:
    """Every section on its own line, with its label: "METHODS: We …"."""
    if element is None:
        return None
    return "\n".join(filter(None, map(_section, element.iterchildren("AbstractText")))) or None


def _section(element: etree._Element) -> str | None:
    text = _text(element)
    label = " ".join(element.get("Label", "").split()).rstrip(":")
    return f"{label}: {text}" if text and label and label != "UNLABELLED" else text


def _other_abstract(first: etree._Element | None) -> str | None:
    """Another abstract where the journal gave none, in English if there is one; "available from the publisher" is none."""
    usable = [each for each in _alike(first) if each.get("Type") != "Publisher"]
    usable.sort(key=lambda each: two_letter(each.get("Language", "eng")) != "en")
    return next((text for each in usable if (text := _abstract(each))), None)


def _mesh(listed: etree._Element | None) -> tuple[MeshHeading, ...]:
    return tuple(map(_heading, listed.iterchildren("MeshHeading"))) if listed is not None else ()


def _heading(element: etree._Element) -> MeshHeading:
    descriptor, *qualifiers = element
    return _mesh_heading(
        _text(descriptor) or "",
        descriptor.get("MajorTopicYN") == "Y",
        tuple([each.text or "" for each in qualifiers]),
        tuple([each.text or "" for each in qualifiers if each.get("MajorTopicYN") == "Y"]),
    )


@lru_cache(maxsize=10_000)
def _mesh_heading(name: str, major: bool, qualifiers: tuple[str, ...], major_qualifiers: tuple[str, ...]) -> MeshHeading:
    """The same few headings ("Humans", "Female") stand in most records: one frozen value serves them all."""
    return MeshHeading(name=name, major=major or bool(major_qualifiers), qualifiers=qualifiers, major_qualifiers=major_qualifiers)


def _keywords(first: etree._Element | None) -> tuple[str, ...]:
    words = (_text(word) for listed in _alike(first) for word in listed.iterchildren("Keyword"))
    return tuple(dict.fromkeys(nlm.without_stop(word) for word in words if word))


def _comments(listed: etree._Element | None) -> tuple[Comment, ...]:
    if listed is None:
        return ()
    return tuple(_comment(child) for child in listed.iterchildren("CommentsCorrections") if nlm.matters(child.get("RefType", "")))


def _comment(element: etree._Element) -> Comment:
    parts = _parts(element)
    return Comment(element.get("RefType", ""), _text(parts.get("RefSource")) or "", identifiers.pmid(_text(parts.get("PMID"))))
