"""ESummary's two forms of a record: an object of JSON and a DocSum of XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from fedsearch.sandbox.article import Facts

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSummaryResult PUBLIC "-//NLM//DTD esummary v1 20041029//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20041029/esummary-v1.dtd">\n'
)


def as_json(facts: Facts) -> dict[str, Any]:
    """The members that ESummary gives a PubMed record, as far as the record has them."""
    names = [
        {"name": person.short, "authtype": "CollectiveName" if person.collective else "Author", "clusterid": ""} for person in facts.people
    ]
    return {
        "uid": facts.pmid,
        "pubdate": facts.published,
        "epubdate": facts.online,
        "source": facts.abbreviation,
        "authors": names,
        "lastauthor": facts.people[-1].short if facts.people else "",
        "title": facts.title,
        "sorttitle": facts.title.lower().rstrip("."),
        "volume": facts.volume,
        "issue": facts.issue,
        "pages": facts.pages,
        "lang": list(facts.languages),
        "nlmuniqueid": facts.nlm_id,
        "issn": _issn(facts, "Print"),
        "essn": _issn(facts, "Electronic"),
        "pubtype": list(facts.types),
        "recordstatus": facts.status,
        "articleids": [{"idtype": kind, "idtypen": 0, "value": value} for kind, value in facts.ids],
        "attributes": ["Has Abstract"] if facts.abstract else [],
        "fulljournalname": facts.journal,
        "elocationid": f"doi: {facts.id('doi')}" if facts.id("doi") else "",
        "vernaculartitle": facts.vernacular,
        "publishername": facts.publisher,
    }


def as_xml(records: Sequence[Facts]) -> str:
    """The DocSums of the records."""
    return f"{_HEAD}<eSummaryResult>{''.join(_doc_sum(facts) for facts in records)}\n</eSummaryResult>"


def xml_error(said: str) -> str:
    """The body that says what went wrong."""
    return f"{_HEAD}<eSummaryResult>\n\t<ERROR>{escape(said)}</ERROR>\n</eSummaryResult>"


def _doc_sum(facts: Facts) -> str:
    described = as_json(facts)
    single = {
        "PubDate": described["pubdate"], "EPubDate": described["epubdate"], "Source": described["source"],
        "LastAuthor": described["lastauthor"], "Title": described["title"], "Volume": described["volume"], "Issue": described["issue"],
        "Pages": described["pages"], "NlmUniqueID": described["nlmuniqueid"], "ISSN": described["issn"], "ESSN": described["essn"],
        "RecordStatus": described["recordstatus"], "DOI": facts.id("doi"), "FullJournalName": described["fulljournalname"],
    }  # fmt: skip
    items = "".join(_item(name, value) for name, value in single.items())
    items += _list("AuthorList", "Author", [person.short for person in facts.people])
    items += _list("LangList", "Lang", facts.languages)
    items += _list("PubTypeList", "PubType", facts.types)
    return f"\n<DocSum>\n\t<Id>{facts.pmid}</Id>{items}\n</DocSum>"


def _item(name: str, value: str) -> str:
    kind = "Date" if name.endswith("Date") else "String"
    return f'\n\t<Item Name={quoteattr(name)} Type="{kind}">{escape(value)}</Item>'


def _list(name: str, member: str, values: Sequence[str]) -> str:
    return f'\n\t<Item Name="{name}" Type="List">' + "".join(_item(member, value) for value in values) + "</Item>"


def _issn(facts: Facts, kind: str) -> str:
    return next((number for name, number in facts.issns if name == kind), "")
