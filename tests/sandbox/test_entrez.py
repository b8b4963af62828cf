"""The stand-in E-utilities answer in PubMed's own bodies, errors included."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from Bio import Entrez, Medline

from fedsearch.sandbox import Sandbox
from fedsearch.sandbox.bundle import Work
from fedsearch.sandbox.entrez import MOST_FOUND
from fedsearch.sandbox.pubmed_notation import article_xml

Ask = Callable[..., httpx.Response]
Find = Callable[..., dict[str, Any]]
EUTILS = "/entrez/eutils"


def test_numbers_in_a_search_answer_are_strings_and_pages_are_slices(find: Find) -> None:
    result = find("all[sb]", retstart="2", retmax="3", sort="pub_date")
    assert (result["count"], result["retstart"], result["retmax"], len(result["idlist"])) == ("9", "2", "3", 3)
    assert result["idlist"] == find("all[sb]", sort="pub_date")["idlist"][2:5]


def test_an_empty_answer_says_so_and_is_no_error(find: Find) -> None:
    result = find("xylophone")
    assert (result["count"], result["idlist"]) == ("0", [])
    assert result["warninglist"]["outputmessages"] == ["No items found."]


def test_past_the_ceiling_the_error_comes_with_a_raw_newline_inside_http_200(ask: Ask) -> None:
    sent = {"db": "pubmed", "retmode": "json", "term": "insulin", "retstart": str(MOST_FOUND)}
    response = ask(f"{EUTILS}/esearch.fcgi", params=sent)
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert "'retstart' cannot be larger than 9998" in json.loads(response.text, strict=False)["esearchresult"]["ERROR"]


@pytest.mark.parametrize("sent", [{"db": "fleegle", "term": "x"}, {"term": "x"}])
def test_a_database_that_is_not_there_is_an_error_inside_http_200(ask: Ask, sent: dict[str, str]) -> None:
    response = ask(f"{EUTILS}/esearch.fcgi", params={**sent, "retmode": "json"})
    assert response.json()["esearchresult"]["ERROR"] == f"Invalid db name specified: {sent.get('db', '')}"
    assert b"<ERROR>Invalid db name" in ask(f"{EUTILS}/esearch.fcgi", params=sent).content
    assert ask(f"{EUTILS}/efetch.fcgi", params={"id": "1"}).status_code == 400


def test_an_empty_term_is_nothing_to_do(ask: Ask) -> None:
    response = ask(f"{EUTILS}/esearch.fcgi", params={"db": "pubmed", "retmode": "json", "term": " "})
    assert response.json()["esearchresult"]["ERROR"] == "Empty term and query_key - nothing todo"


def test_search_answers_in_xml_can_be_read_by_biopython(ask: Ask) -> None:
    response = ask(f"{EUTILS}/esearch.fcgi", params={"db": "pubmed", "term": "insulin zebra", "usehistory": "y"})
    read = Entrez.read(io.BytesIO(response.content))  # type: ignore[no-untyped-call]
    assert (read["Count"], list(read["IdList"])) == ("2", ["90000004", "90000003"])
    assert read["ErrorList"]["PhraseNotFound"] == ["zebra"]


def test_records_come_byte_for_byte_in_the_order_asked_and_unknown_ones_are_left_out(ask: Ask, works: tuple[Work, ...]) -> None:
    response = ask(f"{EUTILS}/efetch.fcgi", "POST", data={"db": "pubmed", "id": "90000007,1,90000003,abc", "retmode": "xml"})
    seventh, third = article_xml(works[6]), article_xml(works[2])
    assert response.content.endswith(b"\n" + seventh + b"\n" + third + b"\n</PubmedArticleSet>")
    assert response.content.count(b"<PubmedArticle>") == 2


def test_unknown_ids_alone_give_an_empty_set(ask: Ask) -> None:
    response = ask(f"{EUTILS}/efetch.fcgi", params={"db": "pubmed", "id": "1"})
    assert response.status_code == 200
    assert response.content.endswith(b"<PubmedArticleSet></PubmedArticleSet>")


def test_biopython_reads_the_records_by_nlm_s_own_document_type(ask: Ask) -> None:
    response = ask(f"{EUTILS}/efetch.fcgi", params={"db": "pubmed", "id": "90000007,90000008"})
    burns, asthma = Entrez.read(io.BytesIO(response.content), validate=True)["PubmedArticle"]  # type: ignore[no-untyped-call]
    assert burns["MedlineCitation"]["Article"]["ArticleTitle"] == "[Nursing care after burns.]"
    assert burns["MedlineCitation"]["Article"]["VernacularTitle"] == "مراقبت پرستاری پس از سوختگی"
    assert asthma["MedlineCitation"]["Article"]["ArticleTitle"] == "Asthma attacks in schools: a survey."


def test_medline_text_says_the_same_as_the_xml(ask: Ask) -> None:
    response = ask(f"{EUTILS}/efetch.fcgi", params={"db": "pubmed", "id": "90000001", "rettype": "medline", "retmode": "text"})
    (record,) = Medline.parse(io.StringIO(response.text))  # type: ignore[no-untyped-call]
    assert (record["PMID"], record["TI"], record["PG"]) == ("90000001", "Beta blockers in heart failure.", "482-91")
    assert (record["FAU"], record["AU"]) == (["Karimi, Sara", "Novak, Jan P"], ["Karimi S", "Novak JP"])
    assert (record["MH"], record["AID"]) == (["Heart Failure/*drug therapy", "Humans"], ["10.5555/sandbox.1 [doi]"])


def test_a_list_of_ids_can_be_had_as_text(ask: Ask) -> None:
    response = ask(f"{EUTILS}/efetch.fcgi", params={"db": "pubmed", "id": "90000001 90000002", "rettype": "uilist", "retmode": "text"})
    assert response.text == "90000001\n90000002\n"


def test_a_search_that_was_kept_can_be_fetched(ask: Ask, find: Find) -> None:
    kept = find("insulin", usehistory="y")
    sent = {"db": "pubmed", "WebEnv": kept["webenv"], "query_key": kept["querykey"], "rettype": "uilist", "retmode": "text"}
    assert ask(f"{EUTILS}/efetch.fcgi", params=sent).text == "90000004\n90000003\n"
    refused = ask(f"{EUTILS}/efetch.fcgi", params={**sent, "WebEnv": "MCID_gone"})
    assert refused.status_code == 400
    assert "Unable to obtain query #1" in refused.text


def test_nothing_to_fetch_is_an_error(ask: Ask) -> None:
    response = ask(f"{EUTILS}/efetch.fcgi", params={"db": "pubmed"})
    assert response.status_code == 400
    assert "<eFetchResult>" in response.text


def test_summaries_come_with_an_error_for_each_unknown_id(ask: Ask) -> None:
    result = ask(f"{EUTILS}/esummary.fcgi", params={"db": "pubmed", "retmode": "json", "id": "90000001,7"}).json()["result"]
    assert result["uids"] == ["90000001", "7"]
    assert result["90000001"]["source"] == "J Invent Med"
    assert result["7"]["error"] == "cannot get document summary"


def test_more_than_500_summaries_are_refused(ask: Ask) -> None:
    ids = ",".join(str(n) for n in range(501))
    response = ask(f"{EUTILS}/esummary.fcgi", "POST", data={"db": "pubmed", "retmode": "json", "id": ids})
    assert "Maximum number of UIDs is 500" in response.json()["error"]


def test_summaries_in_xml_can_be_read_by_biopython(ask: Ask) -> None:
    response = ask(f"{EUTILS}/esummary.fcgi", params={"db": "pubmed", "id": "90000001"})
    (summary,) = Entrez.read(io.BytesIO(response.content))  # type: ignore[no-untyped-call]
    assert (summary["Id"], summary["AuthorList"]) == ("90000001", ["Karimi S", "Novak JP"])


@pytest.mark.parametrize(("term", "corrected"), [("asthmaa insuline", "asthma insulin"), ("asthma insulin", ""), ("xqzzyv", "")])
def test_spelling_is_corrected_from_the_records_words(ask: Ask, term: str, corrected: str) -> None:
    read = Entrez.read(io.BytesIO(ask(f"{EUTILS}/espell.fcgi", params={"db": "pubmed", "term": term}).content))  # type: ignore[no-untyped-call]
    assert read["CorrectedQuery"] == corrected


def test_the_database_describes_itself(ask: Ask) -> None:
    info = ask(f"{EUTILS}/einfo.fcgi", params={"db": "pubmed", "retmode": "json"}).json()["einforesult"]["dbinfo"][0]
    assert info["count"] == "9"
    assert {"name": "MESH", "fullname": "MeSH Terms"} in info["fieldlist"]
    assert ask(f"{EUTILS}/einfo.fcgi", params={"retmode": "json"}).json()["einforesult"]["dblist"] == ["pubmed"]
    assert b"Can not retrieve DbInfo for db=fleegle" in ask(f"{EUTILS}/einfo.fcgi", params={"db": "fleegle"}).content


def test_the_key_bad_is_refused_with_the_key_in_the_body(ask: Ask) -> None:
    response = ask(f"{EUTILS}/esearch.fcgi", "POST", data={"db": "pubmed", "term": "insulin", "api_key": "bad"})
    assert response.status_code == 400
    assert response.json() == {"error": "API key invalid", "api-key": "bad", "type": "invalid"}


def test_a_body_beyond_all_sense_is_refused(sandbox: Sandbox, ask: Ask) -> None:
    assert ask(f"{EUTILS}/efetch.fcgi", "POST", content=b"id=" + b"1" * 1_100_000).status_code == 413
