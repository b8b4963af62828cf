"""The bodies of the E-utilities' answers, in JSON and XML, with their document types and their ways of saying no."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

from fedsearch.sandbox.article import Article
from fedsearch.sandbox.entrez_search import Answer

_DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd"
_SET_HEAD = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n<PubmedArticleSet>'
)


def article_set(articles: Sequence[Article]) -> Response:
    """A PubmedArticleSet of the articles as they were recorded."""
    return xml_answer(b"".join([_SET_HEAD, *(b"\n" + article.xml for article in articles), b"\n" * bool(articles), b"</PubmedArticleSet>"]))


def spelling_xml(term: str, corrected: str) -> Response:
    """ESpell's answer; an empty correction says that there is none."""
    spelled = f"<Replaced>{escape(corrected)}</Replaced>" if corrected else f"<Original>{escape(term)}</Original>"
    return xml_answer(
        '<?xml version="1.0"?>\n<!DOCTYPE eSpellResult PUBLIC "-//NLM//DTD eSpellResult, 23 November 2004//EN" '
        '"https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eSpell.dtd">\n'
        f"<eSpellResult><Database>pubmed</Database><Query>{escape(term)}</Query><CorrectedQuery>{escape(corrected)}</CorrectedQuery>"
        f"<SpelledQuery>{spelled}</SpelledQuery><ERROR/></eSpellResult>"
    )


def search_result(count: int, start: int, shown: Sequence[str], answer: Answer) -> dict[str, Any]:
    result: dict[str, Any] = {
        "count": str(count),
        "retmax": str(len(shown)),
        "retstart": str(start),
        "idlist": list(shown),
        "translationset": [{"from": said, "to": meant} for said, meant in answer.translations],
        "querytranslation": answer.translation,
    }
    if answer.phrases_not_found or answer.fields_not_found:
        result["errorlist"] = {"phrasesnotfound": answer.phrases_not_found, "fieldsnotfound": answer.fields_not_found}
    if answer.phrases_ignored or answer.quoted_not_found or not count:
        result["warninglist"] = {
            "phrasesignored": answer.phrases_ignored,
            "quotedphrasesnotfound": answer.quoted_not_found,
            "outputmessages": [] if count else ["No items found."],
        }
    return result


def search_xml(result: Mapping[str, Any]) -> Response:
    """The XML form of the same result."""
    translations = "".join(
        f"<Translation><From>{escape(t['from'])}</From><To>{escape(t['to'])}</To></Translation>" for t in result["translationset"]
    )
    history = f"<QueryKey>{result['querykey']}</QueryKey><WebEnv>{escape(result['webenv'])}</WebEnv>" if "webenv" in result else ""
    ids = "".join(f"\n<Id>{pmid}</Id>" for pmid in result["idlist"])
    notes = _notes("ErrorList", result.get("errorlist", {}), {"phrasesnotfound": "PhraseNotFound", "fieldsnotfound": "FieldNotFound"})
    notes += _notes(
        "WarningList",
        result.get("warninglist", {}),
        {"phrasesignored": "PhraseIgnored", "quotedphrasesnotfound": "QuotedPhraseNotFound", "outputmessages": "OutputMessage"},
    )
    return xml_answer(
        f"{_search_head()}<eSearchResult><Count>{result['count']}</Count><RetMax>{result['retmax']}</RetMax>"
        f"<RetStart>{result['retstart']}</RetStart>{history}<IdList>{ids}\n</IdList><TranslationSet>{translations}</TranslationSet>"
        f"<QueryTranslation>{escape(result['querytranslation'])}</QueryTranslation>{notes}</eSearchResult>"
    )


def _notes(name: str, said: Mapping[str, Sequence[str]], elements: Mapping[str, str]) -> str:
    inner = "".join(f"<{element}>{escape(text)}</{element}>" for key, element in elements.items() for text in said.get(key, ()))
    return f"<{name}>{inner}</{name}>" if inner else ""


def _search_head() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
        f'"{_DTD}/20060628/esearch.dtd">\n'
    )


def search_error(said: str, as_json: bool) -> Response:
    if not as_json:
        return xml_answer(f"{_search_head()}<eSearchResult><ERROR>{escape(said)}</ERROR></eSearchResult>")
    response = json_answer({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": {"ERROR": said}})
    # PubMed sends the newline of its message as it is, which strict readers of JSON refuse.
    return Response(bytes(response.body).replace(b"\\n", b"\n"), media_type="application/json; charset=UTF-8")


def fetch_error(said: str) -> Response:
    return xml_answer(
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" '
        f'"{_DTD}/20131226/efetch.dtd">\n<eFetchResult>\n\t<ERROR>{escape(said)}</ERROR>\n</eFetchResult>',
        400,
    )


def uilist(articles: Sequence[Article], as_xml: bool) -> Response:
    if not as_xml:
        return text_answer("".join(f"{article.pmid}\n" for article in articles))
    return xml_answer('<?xml version="1.0" ?>\n<IdList>' + "".join(f"<Id>{article.pmid}</Id>" for article in articles) + "</IdList>")


def info_xml(inner: str) -> str:
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE eInfoResult PUBLIC "-//NLM//DTD eInfoResult, 11 May 2002//EN" '
        f'"https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eInfo_020511.dtd">\n<eInfoResult>{inner}</eInfoResult>'
    )


def json_answer(value: Mapping[str, Any], status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, media_type="application/json; charset=UTF-8")


def xml_answer(body: str | bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="text/xml; charset=UTF-8")


def text_answer(body: str) -> Response:
    return Response(body, media_type="text/plain; charset=UTF-8")
