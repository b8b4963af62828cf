"""The connector for PubMed: ESearch finds the PMIDs, EFetch brings the records.

The E-utilities as documented in https://www.ncbi.nlm.nih.gov/books/NBK25499/ (ESearch, EFetch) and NBK25497 (manners).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from fedsearch.connectors import nlm
from fedsearch.connectors.base import check_status, read_json, throttled
from fedsearch.connectors.pubmed_strategy import FIELDS_OF_PUBMED, strategy_for
from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.errors import SourceBroken, SourceDenied, SourceError, SourceRejected, SourceUnreadable
from fedsearch.model import Capabilities, Hit, Page, Record, Source, Strategy
from fedsearch.query import Query

MOST_RECORDS = 9_999
"""ESearch documents 10,000 and gives out one less: https://github.com/biopython/biopython/issues/4189"""
BATCH = 200

PUBMED = Source(
    id=nlm.PUBMED_ID,
    name="PubMed",
    capabilities=Capabilities(
        boolean=True,
        phrases=True,
        truncation=True,
        proximity=True,
        fields=FIELDS_OF_PUBMED,
        mesh_explosion=True,
        years=True,
        types=True,
        languages=True,
        newest_first=True,
        most_records=MOST_RECORDS,
    ),
)

_ERROR_XML = re.compile(rb"<e(?:Fetch|Search)Result\b[^>]*>\s*<ERROR>", re.IGNORECASE)
_RECOVERS = "It usually recovers by itself."
_CHANGED = "Its format may have changed."
_WARNINGS = {
    ("errorlist", "phrasesnotfound"): "PubMed does not know “{}” and searched without it.",
    ("errorlist", "fieldsnotfound"): "PubMed has no field “{}” and searched without it.",
    ("warninglist", "phrasesignored"): "PubMed ignored “{}”.",
    ("warninglist", "quotedphrasesnotfound"): "PubMed does not hold “{}” as a phrase and searched its words.",
    ("warninglist", "outputmessages"): "PubMed says: {}",
}
_NOTHING_FOUND = "No items found."


@dataclass(frozen=True, slots=True)
class PubMed:
    """PubMed by NCBI's E-utilities; `http` has their folder as base URL, `email` is the developer's (NBK25497)."""

    http: httpx.AsyncClient
    tool: str
    email: str | None = None
    api_key: str | None = field(default=None, repr=False)
    source: Source = PUBMED

    def translate(self, query: Query) -> Strategy:
        return strategy_for(query)

    async def search(self, strategy: Strategy, limit: int) -> Page:
        most = max(0, min(limit, MOST_RECORDS))
        sort = dict(strategy.parameters).get("sort", "relevance")
        answer = await self._ask("esearch.fcgi", {"term": strategy.text, "retmode": "json", "retmax": str(most), "sort": sort})
        found = parse_found(answer)
        records: list[Record] = []
        untitled = 0
        for start in range(0, len(found.pmids), BATCH):
            pmids = ",".join(found.pmids[start : start + BATCH])
            # What breaks the parser is missing among the records, and counted as missing.
            batch, _, without_title = parse_articles(await self._ask("efetch.fcgi", {"id": pmids, "retmode": "xml"}))
            records += batch
            untitled += without_title
        return _page(found, records, untitled, strategy)

    async def _ask(self, utility: str, form: dict[str, str]) -> bytes:
        """By POST: keeps the search and the key out of addresses, and takes any number of PMIDs."""
        who = {"tool": self.tool, "email": self.email, "api_key": self.api_key}
        response = await self.http.post(utility, data={"db": "pubmed", **form, **{name: value for name, value in who.items() if value}})
        if error := fault(response):
            raise error
        return response.content


@dataclass(frozen=True, slots=True)
class Found:
    """What ESearch says: PMIDs in its order, how many there are in all, and how it understood the search."""

    pmids: tuple[str, ...]
    total: int
    interpreted_as: str | None = None
    warnings: tuple[str, ...] = ()


def fault(response: httpx.Response) -> SourceError | None:
    """The error that an answer of the E-utilities means, None for a good answer: errors come inside HTTP 200 as well.

    Nothing of the body goes into a message: NCBI repeats the API key in its complaints, and the search in others.
    """
    body = response.content.strip()
    answer = _object(body)
    complaint = str(answer.get("error", "")).lower()
    if "rate limit" in complaint:
        return throttled(PUBMED.name, response)
    if "api key" in complaint:
        return SourceDenied("PubMed does not accept the API key.", "Check FEDSEARCH_SOURCES__PUBMED__API_KEY.")
    try:
        check_status(response, PUBMED.name)
    except SourceError as exc:
        return exc
    if complaint:
        return SourceBroken("PubMed reports an error in place of an answer.", _RECOVERS)
    return _fault_in_xml(body) if body.startswith(b"<") else _fault_in_json(answer)


def _object(body: bytes) -> dict[str, Any]:
    """A JSON object, empty for any other body."""
    if not body.startswith(b"{"):
        return {}
    try:
        answer = read_json(body, PUBMED.name)
    except SourceUnreadable:
        return {}
    return answer if isinstance(answer, dict) else {}


def _fault_in_json(answer: dict[str, Any]) -> SourceError | None:
    result = answer.get("esearchresult")
    if not isinstance(result, dict):
        return SourceUnreadable("PubMed sent an answer without a search result.", _CHANGED)
    if error := " ".join(str(result.get("ERROR", "")).split()):
        if error.startswith(("Invalid db", "Empty term")) or "cannot be larger" in error:
            return SourceRejected("PubMed found no sense in the request.", "Please report this search.")
        return SourceBroken("PubMed's search engine reports a failure.", _RECOVERS)
    if not isinstance(result.get("idlist"), list) or not str(result.get("count", "")).isdecimal():
        return SourceUnreadable("PubMed sent a search result without a count or a list of PMIDs.", _CHANGED)
    return None


def _fault_in_xml(body: bytes) -> SourceError | None:
    beginning = body[:2_000]
    if _ERROR_XML.search(beginning):
        return SourceBroken("PubMed sent an error message in place of records.", _RECOVERS)
    if b"ArticleSet" not in beginning:
        return SourceUnreadable("PubMed sent a page that is not a set of records.", _CHANGED)
    if not body.endswith((b"ArticleSet>", b"ArticleSet/>")):
        return SourceUnreadable("PubMed's answer was cut off.", "Try again.")
    # Asked only for PMIDs that ESearch has just named, EFetch has at least one of them to send.
    if b"</PubmedArticle>" not in body and b"</PubmedBookArticle>" not in body:
        return SourceBroken("PubMed found records and sent none of them.", _RECOVERS)
    return None


def parse_found(body: bytes) -> Found:
    """ESearch's JSON, once `fault` has let it pass. Its numbers are strings."""
    result = read_json(body, PUBMED.name)["esearchresult"]
    total = int(result["count"])
    warnings = [
        sentence.format(said)
        for (group, name), sentence in _WARNINGS.items()
        for said in _said(result, group, name)
        if said != _NOTHING_FOUND
    ]
    if total > MOST_RECORDS:
        warnings.append(f"PubMed found {total:,} records and gives out the first {MOST_RECORDS:,} at most.")
    return Found(
        pmids=tuple(dict.fromkeys(str(pmid) for pmid in result["idlist"])),
        total=total,
        interpreted_as=str(result.get("querytranslation") or "").strip() or None,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _said(result: dict[str, Any], group: str, name: str) -> list[str]:
    said = group_of.get(name) if isinstance(group_of := result.get(group), dict) else None
    listed = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return [text for each in listed if (text := " ".join(str(each).replace('"', "").split()))]


def _page(found: Found, records: Iterable[Record], untitled: int, strategy: Strategy) -> Page:
    """Hits in ESearch's order; a PMID for which no record came is one that could not be read."""
    by_pmid = {record.id: record for record in records}
    ordered = [by_pmid[pmid] for pmid in found.pmids if pmid in by_pmid]
    return Page(
        source=nlm.PUBMED_ID,
        hits=tuple(Hit(rank, record) for rank, record in enumerate(ordered, start=1)),
        total=found.total,
        strategy=strategy.model_copy(update={"interpreted_as": found.interpreted_as, "warnings": found.warnings}),
        unreadable=max(0, len(found.pmids) - len(ordered) - untitled),
        untitled=untitled,
    )
