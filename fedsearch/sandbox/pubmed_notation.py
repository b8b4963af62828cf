"""A work's facts written as PubMed writes them: a PubmedArticle element that is valid by NLM's DTD of 2019."""

from __future__ import annotations

import re
from typing import TypeAlias

from lxml import etree

from fedsearch.sandbox.bundle import Related, Work, bodies, full_title, initials, name_parts, number_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What the other work is to this one, in PubMed's words. A preprint is linked to its article as an update:
# https://www.nlm.nih.gov/bsd/mms/medlineelements.html#cc
_REF_TYPES = {
    "retracted-by": "RetractionIn", "retracts": "RetractionOf",
    "corrected-by": "ErratumIn", "corrects": "ErratumFor",
    "concern-by": "ExpressionOfConcernIn", "concerns": "ExpressionOfConcernFor",
    "updated-by": "UpdateIn", "updates": "UpdateOf",
    "preprint-of": "UpdateIn", "has-preprint": "UpdateOf",
    "has-comment": "CommentIn", "comment-on": "CommentOn",
}  # fmt: skip
REF_TYPES = {**_REF_TYPES, **{name: name for name in _REF_TYPES.values()}}
# MeSH unique identifiers of the publication types met most: https://www.nlm.nih.gov/mesh/pubtypes.html
_TYPE_UI = {
    "Journal Article": "D016428", "Review": "D016454", "Systematic Review": "D000078182", "Meta-Analysis": "D017418",
    "Randomized Controlled Trial": "D016449", "Clinical Trial": "D016430", "Multicenter Study": "D016448",
    "Practice Guideline": "D017065", "Guideline": "D016431", "Comparative Study": "D003160", "Letter": "D016422",
    "Editorial": "D016421", "Comment": "D016420", "Case Reports": "D002363", "Published Erratum": "D016425",
    "Retracted Publication": "D016441", "Retraction of Publication": "D016440", "Preprint": "D000076942",
    "Observational Study": "D064888", "Expression of Concern": "D000075742",
}  # fmt: skip
Element: TypeAlias = etree._Element


def article_xml(work: Work) -> bytes:
    """One PubmedArticle element, UTF-8."""
    root = etree.Element("PubmedArticle")
    status = "MEDLINE" if work.get("mesh") else "PubMed-not-MEDLINE"
    citation = etree.SubElement(root, "MedlineCitation", Status=status, Owner="NLM")
    _child(citation, "PMID", work["pmid"], Version="1")
    _add_article(citation, work)
    _add_journal_info(citation, work)
    _add_relations(citation, work)
    _add_mesh(citation, work)
    if keywords := work.get("keywords"):
        listed = etree.SubElement(citation, "KeywordList", Owner="NOTNLM")
        for keyword in keywords:
            _child(listed, "Keyword", keyword, MajorTopicYN="N")
    data = etree.SubElement(root, "PubmedData")
    _child(data, "PublicationStatus", "ppublish" if work.get("volume") else "epublish")
    ids = etree.SubElement(data, "ArticleIdList")
    for kind, value in (("pubmed", work["pmid"]), ("pmc", work.get("pmcid")), ("doi", work.get("doi"))):
        if value:
            _child(ids, "ArticleId", value, IdType=kind)
    return etree.tostring(root, encoding="utf-8")


def short_pages(pages: str) -> str:
    """ "482-491" -> "482-91", as MedlinePgn has it; what is no range of plain numbers stays."""
    match = re.fullmatch(r"(\d+)-(\d+)", pages)
    if not match or len(match.group(1)) != len(match.group(2)):
        return pages
    first, last = match.groups()
    shared = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first) - 1)
    return f"{first}-{last[shared:]}"


def spoken_date(date: str) -> str:
    """ "2014-09-11" -> "2014 Sep 11"; what is no such date stays."""
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", date):
        return date
    year, *rest = date.split("-")
    return " ".join([year, *(MONTHS[int(part) - 1] if i == 0 else str(int(part)) for i, part in enumerate(rest))])


def source_line(work: Work) -> str:
    """The journal reference in one line: "N Engl J Med. 2014 Sep 11;371(11):993-1004"."""
    place = work.get("volume", "") + (f"({work['issue']})" if work.get("issue") else "")
    pages = f":{short_pages(work['pages'])}" if work.get("pages") else ""
    where = f";{place}{pages}" if place or pages else ""
    return f"{work.get('journal_abbrev') or work.get('journal', '')}. {spoken_date(work['published'])}{where}"


def _child(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = etree.SubElement(parent, name, {key: value for key, value in attributes.items() if value is not None})
    element.text = text
    return element


def _optional(parent: Element, name: str, text: str | None, **attributes: str) -> None:
    if text:
        _child(parent, name, text, **attributes)


def _add_article(citation: Element, work: Work) -> None:
    article = etree.SubElement(citation, "Article", PubModel=_pub_model(work))
    _add_journal(article, work)
    title = full_title(work)
    title = title if title.endswith((".", "?", "!")) else f"{title}."
    translated = work["language"] != "eng" and bool(work.get("vernacular_title"))
    _child(article, "ArticleTitle", f"[{title}]" if translated and not title.startswith("[") else title)
    if work.get("pages") or not work.get("doi"):
        _child(etree.SubElement(article, "Pagination"), "MedlinePgn", short_pages(work.get("pages", "")))
    _optional(article, "ELocationID", work.get("doi"), EIdType="doi", ValidYN="Y")
    if abstract := work.get("abstract"):
        _child(etree.SubElement(article, "Abstract"), "AbstractText", abstract)
    _add_authors(article, work)
    _child(article, "Language", work["language"])
    types = etree.SubElement(article, "PublicationTypeList")
    for name in work.get("publication_types") or ["Journal Article"]:
        _child(types, "PublicationType", name, UI=_TYPE_UI.get(name, ""))
    _optional(article, "VernacularTitle", work.get("vernacular_title"))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", work.get("epub", "")):
        date = etree.SubElement(article, "ArticleDate", DateType="Electronic")
        for name, part in zip(("Year", "Month", "Day"), work["epub"].split("-"), strict=True):
            _child(date, name, part)


def _pub_model(work: Work) -> str:
    if work["type"] == "posted-content" or not work.get("volume"):
        return "Electronic"
    return "Print-Electronic" if work.get("epub") else "Print"


def _add_journal(article: Element, work: Work) -> None:
    journal = etree.SubElement(article, "Journal")
    numbers = work.get("issn", [])
    if numbers:
        _child(journal, "ISSN", numbers[-1], IssnType="Electronic" if len(numbers) > 1 else "Print")
    issue = etree.SubElement(journal, "JournalIssue", CitedMedium="Internet" if len(numbers) > 1 else "Print")
    _optional(issue, "Volume", work.get("volume"))
    _optional(issue, "Issue", work.get("issue"))
    _add_pub_date(issue, work["published"])
    _optional(journal, "Title", work.get("journal"))
    _optional(journal, "ISOAbbreviation", work.get("journal_abbrev"))


def _add_pub_date(issue: Element, published: str) -> None:
    date = etree.SubElement(issue, "PubDate")
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", published):
        _child(date, "MedlineDate", published)
        return
    parts = published.split("-")
    _child(date, "Year", parts[0])
    if len(parts) > 1:
        _child(date, "Month", MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        _child(date, "Day", parts[2])


def _add_authors(article: Element, work: Work) -> None:
    if not work.get("authors") and not bodies(work):
        return
    authors = etree.SubElement(article, "AuthorList", CompleteYN="Y" if work.get("authors_complete", True) else "N")
    for name in work.get("authors", []):
        family, given, suffix = name_parts(name)
        author = etree.SubElement(authors, "Author", ValidYN="Y")
        _child(author, "LastName", family)
        _optional(author, "ForeName", given)
        _optional(author, "Initials", initials(given))
        _optional(author, "Suffix", suffix)
    for body in bodies(work):
        _child(etree.SubElement(authors, "Author", ValidYN="Y"), "CollectiveName", body)


def _add_journal_info(citation: Element, work: Work) -> None:
    info = etree.SubElement(citation, "MedlineJournalInfo")
    _child(info, "MedlineTA", work.get("journal_abbrev") or work.get("journal"))
    if numbers := work.get("issn"):
        _child(info, "ISSNLinking", numbers[0])


def _add_relations(citation: Element, work: Work) -> None:
    related = [relation for relation in work.get("relations", []) if relation["kind"] in REF_TYPES]
    if not related:
        return
    listed = etree.SubElement(citation, "CommentsCorrectionsList")
    for relation in related:
        entry = etree.SubElement(listed, "CommentsCorrections", RefType=REF_TYPES[relation["kind"]])
        _child(entry, "RefSource", _ref_source(relation))
        _optional(entry, "PMID", number_of(relation, "pmid"), Version="1")


def _ref_source(relation: Related) -> str:
    if "source" in relation:
        return relation["source"]
    parts = [source_line(relation["other"])] if "other" in relation else []
    if doi := number_of(relation, "doi"):
        parts.append(f"doi: {doi}")
    return ". ".join(parts) or f"PMID: {number_of(relation, 'pmid')}"


def _add_mesh(citation: Element, work: Work) -> None:
    headings: dict[str, tuple[bool, list[str]]] = {}
    for line in work.get("mesh", []):
        name, *qualifiers = line.split("/")
        bare = name.strip("*")
        major, known = headings.get(bare, (False, []))
        headings[bare] = (major or "*" in name, known + qualifiers)
    if not headings:
        return
    listed = etree.SubElement(citation, "MeshHeadingList")
    for name, (major, qualifiers) in headings.items():
        heading = etree.SubElement(listed, "MeshHeading")
        # The bundle holds names only; an empty identifier says that it is not known.
        _child(heading, "DescriptorName", name, UI="", MajorTopicYN="Y" if major else "N")
        for qualifier in qualifiers:
            _child(heading, "QualifierName", qualifier.strip("*"), UI="", MajorTopicYN="Y" if "*" in qualifier else "N")
