"""The stand-in E-utilities: ESearch, EFetch, ESummary, ESpell and EInfo for db=pubmed, with PubMed's own bodies and errors."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedsearch import identifiers
from fedsearch.sandbox import medline, summary
from fedsearch.sandbox.article import Article, entry_of
from fedsearch.sandbox.entrez_bodies import (
    article_set,
    fetch_error,
    info_xml,
    json_answer,
    search_error,
    search_result,
    search_xml,
    spelling_xml,
    text_answer,
    uilist,
    xml_answer,
)
from fedsearch.sandbox.entrez_search import NAMES, WEIGHTS, Answer, BackendError, PubMedSearch
from fedsearch.sandbox.index import Index
from fedsearch.sandbox.limits import Limits

MOST_FOUND = 9_999
_MOST_IDS = 10_000
_MOST_SUMMARIES = 500
_MOST_HISTORY = 200
_MOST_BODY = 1_000_000
_TOO_FAR = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve the first 9,999 "
    "records matching the query. To obtain more than 9,999 PubMed records, consider using EDirect that contains additional logic to batch "
    "PubMed search results automatically so that an arbitrary number can be retrieved. For details see "
    "https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
_TOO_MANY_SUMMARIES = "Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."
_DATE_TYPES = {"pdat": "date", "edat": "entry-date", "mdat": "entry-date", "crdt": "entry-date"}
Parameters: TypeAlias = Mapping[str, str]


class EUtilities:
    """The E-utilities over a set of articles; `today` is what reldate counts back from."""

    def __init__(self, articles: Mapping[str, Article], limits: Limits, today: Callable[[], date] = date.today) -> None:
        self.articles = articles
        self._limits = limits
        self._today = today
        self.search = PubMedSearch(Index([entry_of(article.facts) for article in articles.values()], WEIGHTS))
        self._spellings = self.search.index.word_counts(WEIGHTS)
        self._history: OrderedDict[str, list[list[str]]] = OrderedDict()
        self._environments = itertools.count(1)

    def routes(self) -> list[Route]:
        """Each utility at its own address, by GET and by POST."""
        utilities = {"esearch": self.esearch, "efetch": self.efetch, "esummary": self.esummary, "espell": self.espell, "einfo": self.einfo}
        return [Route(f"/{name}.fcgi", _endpoint(utility, self._limits), methods=["GET", "POST"]) for name, utility in utilities.items()]

    # ESearch

    def esearch(self, sent: Parameters) -> Response:
        as_json = sent.get("retmode") == "json"
        if sent.get("db") != "pubmed":
            return search_error(f"Invalid db name specified: {sent.get('db', '')}", as_json)
        if not sent.get("term", "").strip():
            return search_error("Empty term and query_key - nothing todo", as_json)
        start, most = _number(sent, "retstart", 0), min(_number(sent, "retmax", 20), MOST_FOUND)
        if start >= MOST_FOUND:
            return search_error(_TOO_FAR, as_json)
        try:
            answer = self.search.search(_with_field(sent))
        except BackendError as exc:
            return search_error(str(exc), as_json)
        ids = self._sorted(self._within_dates(answer.found, sent), answer, sent.get("sort", ""))
        shown = ids[start : min(start + most, MOST_FOUND)]
        result = search_result(len(ids), start, shown, answer)
        if sent.get("usehistory") == "y":
            result["querykey"], result["webenv"] = self._remember(ids, sent.get("WebEnv", ""))
        return json_answer({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}) if as_json else search_xml(result)

    def _within_dates(self, found: set[int], sent: Parameters) -> set[int]:
        name = _DATE_TYPES.get(sent.get("datetype", "pdat"), "date")
        if (days := sent.get("reldate", "")).isdigit():
            since = self._today() - timedelta(days=min(int(days), 365_000))
            return found & self.search.index.dated(name, since.strftime("%Y/%m/%d"), "3000")
        first, last = sent.get("mindate", ""), sent.get("maxdate", "")
        if re.fullmatch(r"\d{4}(/\d{1,2}){0,2}", first) and re.fullmatch(r"\d{4}(/\d{1,2}){0,2}", last):
            return found & self.search.index.dated(name, first, last)
        return found

    def _sorted(self, found: set[int], answer: Answer, sort: str) -> list[str]:
        entries = self.search.index.entries
        newest = sorted(found, key=lambda n: int(entries[n].id), reverse=True)
        if sort == "relevance":
            scores = self.search.index.scores(found, answer.words)
            newest.sort(key=lambda n: -scores[n])
        elif sort in ("pub_date", "pub date", "pub+date"):
            newest.sort(key=lambda n: max(entries[n].dates["date"], default=""), reverse=True)
        elif sort in ("Author", "JournalName"):
            named = "first-author" if sort == "Author" else "journal"
            newest.sort(key=lambda n: next(iter(entries[n].values[named]), "").lower())
        return [entries[n].id for n in newest]

    def _remember(self, ids: list[str], environment: str) -> tuple[str, str]:
        name = environment if environment in self._history else f"MCID_sandbox_{next(self._environments)}"
        kept = self._history.setdefault(name, [])
        kept.append(ids)
        while len(self._history) > _MOST_HISTORY:
            self._history.popitem(last=False)
        return str(len(kept)), name

    # EFetch, ESummary

    def _asked(self, sent: Parameters) -> list[str] | None:
        """The ids asked for, from the parameter or the history; None when the history has no such search."""
        if sent.get("id", "").strip():
            return re.split(r"[\s,]+", sent["id"].strip(" ,"))[:_MOST_IDS]
        if not sent.get("WebEnv"):
            return []
        kept, key = self._history.get(sent["WebEnv"], []), _number(sent, "query_key", 0)
        if not 1 <= key <= len(kept):
            return None
        start = _number(sent, "retstart", 0)
        return kept[key - 1][start : start + min(_number(sent, "retmax", 20), _MOST_IDS)]

    def efetch(self, sent: Parameters) -> Response:
        if sent.get("db") != "pubmed":
            return fetch_error(f"Invalid db name specified: {sent.get('db', '')}")
        asked = self._asked(sent)
        if asked is None:
            return fetch_error("Unable to obtain query #1")
        if not asked:
            return fetch_error("Empty id list - nothing todo")
        known = [pmid for pmid in map(identifiers.pmid, asked) if pmid in self.articles]
        articles = [self.articles[pmid] for pmid in dict.fromkeys(known) if pmid is not None]
        kind = sent.get("rettype", "").lower()
        if kind == "uilist":
            return uilist(articles, sent.get("retmode", "") == "xml")
        if kind == "medline":
            records = (article.medline or medline.text_of(article.facts) for article in articles)
            return text_answer("".join(f"\n{record}\n" for record in records))
        return article_set(articles)

    def esummary(self, sent: Parameters) -> Response:
        as_json = sent.get("retmode") == "json"
        header = {"header": {"type": "esummary", "version": "0.3"}}
        if sent.get("db") != "pubmed":
            said = f"Invalid db name specified: {sent.get('db', '')}"
            return json_answer({**header, "esummaryresult": [said]}) if as_json else xml_answer(summary.xml_error(said))
        asked = self._asked(sent)
        if not asked:
            said = "Unable to obtain query #1" if asked is None else "Empty id list - nothing todo"
            return json_answer({**header, "esummaryresult": [said]}) if as_json else xml_answer(summary.xml_error(said))
        if as_json and len(asked) > _MOST_SUMMARIES:
            return json_answer({**header, "error": _TOO_MANY_SUMMARIES})
        if not as_json:
            return xml_answer(summary.as_xml([self.articles[pmid].facts for pmid in asked if pmid in self.articles]))
        members = {
            pmid: summary.as_json(self.articles[pmid].facts)
            if pmid in self.articles
            else {"uid": pmid, "error": "cannot get document summary"}
            for pmid in asked
        }
        return json_answer({**header, "result": {"uids": list(members), **members}})

    # ESpell, EInfo

    def espell(self, sent: Parameters) -> Response:
        term = sent.get("term", "")
        replaced = [self._spelled(word) for word in term.split()]
        corrected = " ".join(replaced) if replaced != term.split() else ""
        return spelling_xml(term, corrected)

    def _spelled(self, word: str) -> str:
        """The nearest word of titles, headings and abstracts, the commoner of equals, where the word itself stands in none."""
        bare = word.lower()
        if not bare.isalpha() or len(bare) < 4 or self._spellings[bare]:
            return word
        near = [known for known in self._spellings if known[:1] == bare[:1] and abs(len(known) - len(bare)) <= 2]
        close = difflib.get_close_matches(bare, near, n=5, cutoff=0.75)
        likeness = {known: round(difflib.SequenceMatcher(None, bare, known).ratio(), 2) for known in close}
        return max(close, key=lambda known: (likeness[known], self._spellings[known], known), default=word)

    def einfo(self, sent: Parameters) -> Response:
        as_json, name = sent.get("retmode") == "json", sent.get("db", "")
        header = {"header": {"type": "einfo", "version": "0.3"}}
        if name and name != "pubmed":
            said = f"Can not retrieve DbInfo for db={name}"
            return (
                json_answer({**header, "einforesult": {"ERROR": said}})
                if as_json
                else xml_answer(info_xml(f"<ERROR>{escape(said)}</ERROR>"))
            )
        if not name:
            listed = {"einforesult": {"dblist": ["pubmed"]}}
            return json_answer({**header, **listed}) if as_json else xml_answer(info_xml("<DbList><DbName>pubmed</DbName></DbList>"))
        described = {"dbname": "pubmed", "menuname": "PubMed", "description": "Training records in PubMed's notation"}
        info: dict[str, Any] = {**described, "count": str(len(self.articles))}
        if as_json:
            info["fieldlist"] = [{"name": key.upper(), "fullname": full} for key, full in NAMES.items()]
            return json_answer({**header, "einforesult": {"dbinfo": [info]}})
        fields = "".join(f"<Field><Name>{key.upper()}</Name><FullName>{full}</FullName></Field>" for key, full in NAMES.items())
        return xml_answer(
            info_xml(
                f"<DbInfo><DbName>pubmed</DbName><MenuName>PubMed</MenuName><Description>{info['description']}</Description>"
                f"<Count>{info['count']}</Count><FieldList>{fields}</FieldList></DbInfo>"
            )
        )


def _endpoint(utility: Callable[[Parameters], Response], limits: Limits) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        sent = dict(request.query_params)
        if request.method == "POST":
            body = await _body(request)
            if body is None:
                return Response("Request Entity Too Large", 413, media_type="text/plain")
            sent |= dict(parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True))
        key = sent.get("api_key", "")
        headers, refusal = limits.pubmed(request.client.host if request.client else "", key)
        if key == "bad":
            refusal = json_answer({"error": "API key invalid", "api-key": key, "type": "invalid"}, 400)
        response = refusal or utility(sent)
        response.headers.update(headers)
        return response

    return answer


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is longer than any that makes sense."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return None
    return bytes(body)


def _number(sent: Parameters, name: str, default: int) -> int:
    value = sent.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def _with_field(sent: Parameters) -> str:
    """The term, with the `field` parameter as its tag where the term has none."""
    term = sent["term"].strip()
    return f"{term}[{sent['field']}]" if sent.get("field") and "[" not in term else term
