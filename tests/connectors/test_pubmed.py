"""What the PubMed connector asks, in whose words, and what it makes of each kind of answer."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import respx

from fedsearch.connectors.pubmed import PUBMED, PubMed, fault
from fedsearch.errors import (
    SourceBroken,
    SourceDenied,
    SourceError,
    SourceRejected,
    SourceThrottled,
    SourceUnreadable,
    UnsupportedQuery,
)
from fedsearch.model import Page, Strategy
from fedsearch.query import FIELDS, Limits, Sort, parse

PAYLOADS = Path(__file__).parents[1] / "payloads" / "pubmed"
ADDRESS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
KEY = "not-a-real-key"


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def translate(text: str, limits: Limits = Limits(), sort: Sort = "relevance") -> Strategy:
    return PubMed(httpx.AsyncClient(), "test").translate(parse(text, limits, sort))


def search(limit: int = 50, strategy: Strategy = Strategy(text="asthma"), email: str | None = None, api_key: str | None = None) -> Page:
    async def ask() -> Page:
        async with httpx.AsyncClient(base_url=ADDRESS) as http:
            return await PubMed(http, "fedsearch", email, api_key).search(strategy, limit)

    return asyncio.run(ask())


def form(call: Any) -> dict[str, str]:
    return dict(parse_qsl(call.request.content.decode(), keep_blank_values=True))


def articles(pmids: list[str]) -> bytes:
    one = "<PubmedArticle><MedlineCitation><PMID>{0}</PMID><Article><ArticleTitle>T {0}.</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    return f"<PubmedArticleSet>{''.join(one.format(pmid) for pmid in pmids)}</PubmedArticleSet>".encode()


def named(pmids: list[str]) -> dict[str, Any]:
    return {"esearchresult": {"count": str(len(pmids)), "idlist": pmids}}


# Translation


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("heart failure in children", "heart failure in children"),
        ("asthma AND statins[tiab] NOT rats[mh:noexp]", "(asthma AND statins[tiab]) NOT rats[mh:noexp]"),
        ('"hip pain"[tiab:~2]', '"hip pain"[tiab:~2]'),
        ("10.1056/NEJMoa1911303", "10.1056/nejmoa1911303[doi]"),
        ("10.1016/S0140-6736(20)30183-5", '"10.1016/s0140-6736(20)30183-5"[doi]'),
        ("PMC3531190", "PMC3531190[pmcid]"),
        ("0028-4793", "0028-4793[ta]"),
        ("2019:2024[dp]", "2019:2024[dp]"),
    ],
)
def test_what_pubmed_can_express_goes_as_typed(typed: str, sent: str) -> None:
    strategy = translate(typed)
    assert (strategy.text, strategy.losses) == (sent, ())


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("asthma[su]", "asthma[mh] OR asthma[tiab]"),
        ("nursing AND asthma[su]", "nursing AND (asthma[mh] OR asthma[tiab])"),
        ("asthma AND WF 553[cn]", "asthma"),
        ("asthma NOT WF 553[cn]", "asthma"),
        ("(asthma OR 12345[001]) AND children", "asthma AND children"),
        ('"hip pain"[all:~2]', '"hip pain"[tiab:~2]'),
        ('"hip pain*"[tiab:~2]', "hip[tiab] AND pain*[tiab]"),
        ("ast*", "ast*"),
        ("آسم", "آسم"),
    ],
)
def test_what_pubmed_cannot_express_is_replaced_or_left_out_and_said(typed: str, sent: str) -> None:
    strategy = translate(typed)
    assert strategy.text == sent
    assert len(strategy.losses) == 1


def test_a_query_of_which_nothing_is_left_is_unsupported() -> None:
    with pytest.raises(UnsupportedQuery, match="call numbers"):
        translate("WF 553[cn] NOT asthma")


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        (Limits(year_from=2019, year_to=2024), "asthma AND 2019:2024[dp]"),
        (Limits(year_from=2019), "asthma AND 2019:3000[dp]"),
        (Limits(year_to=2024), "asthma AND 1000:2024[dp]"),
        (Limits(year_from=2020, year_to=2020), "asthma AND 2020[dp]"),
        (Limits(languages=("fa", "eng")), "asthma AND (persian[la] OR english[la])"),
        (Limits(languages=("el",)), "asthma AND gre[la]"),
        (Limits(types=("preprint",)), "asthma AND preprint[pt]"),
        (Limits(types=("guideline",)), "asthma AND (practice guideline[pt] OR guideline[pt])"),
        (Limits(types=("journal-article", "book")), "asthma AND (journal article[pt] OR pubmed books[filter])"),
    ],
)
def test_limits_stand_in_the_text_so_that_it_can_be_pasted_into_pubmed(limits: Limits, sent: str) -> None:
    assert translate("asthma", limits).text == sent


def test_limits_hold_for_the_whole_of_a_boolean_search() -> None:
    assert translate("asthma OR wheeze", Limits(year_from=2020)).text == "(asthma OR wheeze) AND 2020:3000[dp]"


def test_a_type_or_language_that_pubmed_lacks_is_a_loss_beside_others_and_unsupported_alone() -> None:
    strategy = translate("asthma", Limits(types=("preprint", "website"), languages=("fa", "klingon")))
    assert strategy.text == "asthma AND preprint[pt] AND persian[la]"
    assert len(strategy.losses) == 2
    with pytest.raises(UnsupportedQuery, match="website"):
        translate("asthma", Limits(types=("website",)))


def test_newest_first_is_pubmeds_sort_by_publication_date() -> None:
    assert translate("asthma", sort="newest").parameters == (("sort", "pub_date"),)
    assert translate("asthma").parameters == (("sort", "relevance"),)


def test_every_field_is_either_a_capability_or_a_loss() -> None:
    for field, (tag, *_) in FIELDS.items():
        if field in PUBMED.capabilities.fields and field not in ("date", "entry-date", "all"):
            assert translate(f"asthma[{tag}]").losses == ()


# Searching


@respx.mock(base_url=ADDRESS)
def test_a_search_finds_pmids_and_fetches_their_records_by_post(respx_mock: respx.MockRouter) -> None:
    found = respx_mock.post("esearch.fcgi").respond(content=payload("answer.json"))
    fetched = respx_mock.post("efetch.fcgi").respond(content=payload("answer.xml"))
    search(50, Strategy(text="asthma & wheeze", parameters=(("sort", "pub_date"),)), email="dev@example.org", api_key=KEY)
    who = {"db": "pubmed", "tool": "fedsearch", "email": "dev@example.org", "api_key": KEY}
    assert form(found.calls[0]) == {**who, "term": "asthma & wheeze", "retmode": "json", "retmax": "50", "sort": "pub_date"}
    assert form(fetched.calls[0]) == {**who, "id": "90000002,90000001", "retmode": "xml"}
    assert not found.calls[0].request.url.query


@respx.mock(base_url=ADDRESS)
def test_address_and_key_are_sent_only_when_there_are_any(respx_mock: respx.MockRouter) -> None:
    found = respx_mock.post("esearch.fcgi").respond(content=payload("empty.json"))
    search()
    assert {"email", "api_key"}.isdisjoint(form(found.calls[0]))


@respx.mock(base_url=ADDRESS)
def test_hits_stand_in_the_order_of_the_search_and_not_of_the_records(respx_mock: respx.MockRouter) -> None:
    respx_mock.post("esearch.fcgi").respond(content=payload("answer.json"))
    respx_mock.post("efetch.fcgi").respond(content=payload("answer.xml"))
    page = search()
    assert [(hit.rank, hit.record.id) for hit in page.hits] == [(1, "90000002"), (2, "90000001")]
    assert (page.total, page.unreadable, page.untitled) == (2, 0, 0)
    assert page.strategy.interpreted_as == '"asthma"[MeSH Terms] OR "asthma"[All Fields]'
    assert page.strategy.warnings == ()


@respx.mock(base_url=ADDRESS)
def test_nothing_found_is_an_answer_and_fetches_nothing(respx_mock: respx.MockRouter) -> None:
    respx_mock.post("esearch.fcgi").respond(content=payload("empty.json"))
    page = search()
    assert (page.hits, page.total, page.strategy.warnings) == ((), 0, ())


@respx.mock(base_url=ADDRESS)
def test_what_pubmed_did_with_the_words_is_said_in_sentences(respx_mock: respx.MockRouter) -> None:
    respx_mock.post("esearch.fcgi").respond(content=payload("warnings.json"))
    page = search()
    assert page.total == 115258
    assert page.strategy.warnings == (
        "PubMed does not know “fleegle[mh]” and searched without it.",
        "PubMed has no field “xyz” and searched without it.",
        "PubMed ignored “of”.",
        "PubMed does not hold “wheezing lungs” as a phrase and searched its words.",
        "PubMed says: Wildcard search used too few letters.",
        "PubMed found 115,258 records and gives out the first 9,999 at most.",
    )


@respx.mock(base_url=ADDRESS)
def test_more_than_the_most_is_never_asked_for(respx_mock: respx.MockRouter) -> None:
    found = respx_mock.post("esearch.fcgi").respond(content=payload("empty.json"))
    search(20_000)
    assert form(found.calls[0])["retmax"] == "9999"


@respx.mock(base_url=ADDRESS)
def test_records_are_fetched_two_hundred_at_a_time(respx_mock: respx.MockRouter) -> None:
    pmids = [str(90_000_000 + number) for number in range(450)]
    respx_mock.post("esearch.fcgi").respond(json=named(pmids))
    fetched = respx_mock.post("efetch.fcgi").mock(
        side_effect=lambda request: httpx.Response(200, content=articles(dict(parse_qsl(request.content.decode()))["id"].split(",")))
    )
    page = search(450)
    assert [len(form(call)["id"].split(",")) for call in fetched.calls] == [200, 200, 50]
    assert [hit.record.id for hit in page.hits] == pmids


@respx.mock(base_url=ADDRESS)
def test_records_that_do_not_come_are_counted_as_unreadable(respx_mock: respx.MockRouter) -> None:
    respx_mock.post("esearch.fcgi").respond(json=named(["90000021", "90000099", "90000022"]))
    respx_mock.post("efetch.fcgi").respond(content=payload("mixed_quality.xml"))
    page = search()
    assert [(hit.rank, hit.record.id) for hit in page.hits] == [(1, "90000022")]
    assert (page.total, page.unreadable, page.untitled) == (3, 1, 1)


# Failing

FAILURES = [
    (200, payload("backend_failed.json"), SourceBroken),
    (200, b'{"esearchresult":{"ERROR":"Unable to obtain query #1"}}', SourceBroken),
    (200, b'{"esearchresult":{"ERROR":"Invalid db name specified: pubmet"}}', SourceRejected),
    (200, b"<eSearchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eSearchResult>", SourceBroken),
    (200, payload("rate_limit.json"), SourceThrottled),
    (429, payload("rate_limit.json"), SourceThrottled),
    (500, payload("rate_limit.json"), SourceThrottled),
    (429, b"", SourceThrottled),
    (400, payload("bad_key.json"), SourceDenied),
    (200, b'{"error":"something else"}', SourceBroken),
    (400, b'{"error":"something else"}', SourceRejected),
    (502, payload("garbage.html"), SourceBroken),
    (200, payload("garbage.html"), SourceUnreadable),
    (200, b"", SourceUnreadable),
    (200, b"[1]", SourceUnreadable),
    (200, b'{"esearchresult":{"count":"3"}}', SourceUnreadable),
    (200, b'{"esearchresult":{"count":"many","idlist":[]}}', SourceUnreadable),
    (200, payload("answer.json")[:90], SourceUnreadable),
    (404, b"", SourceRejected),
]


@pytest.mark.parametrize(("status", "body", "error"), FAILURES)
@respx.mock(base_url=ADDRESS)
def test_an_error_of_the_search_is_never_an_empty_answer(
    respx_mock: respx.MockRouter, status: int, body: bytes, error: type[SourceError]
) -> None:
    respx_mock.post("esearch.fcgi").respond(status, content=body)
    with pytest.raises(SourceError) as raised:
        search(api_key=KEY)
    assert type(raised.value) is error
    assert KEY not in raised.value.detail
    assert "asthma" not in raised.value.detail


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, payload("efetch_error.xml"), SourceBroken),
        (400, payload("efetch_error.xml"), SourceRejected),
        (200, b"<PubmedArticleSet></PubmedArticleSet>", SourceBroken),
        (200, payload("answer.xml")[:3000], SourceUnreadable),
        (200, payload("garbage.html"), SourceUnreadable),
        (200, payload("rate_limit.json"), SourceThrottled),
    ],
)
@respx.mock(base_url=ADDRESS)
def test_an_error_of_the_fetch_is_never_an_empty_answer(
    respx_mock: respx.MockRouter, status: int, body: bytes, error: type[SourceError]
) -> None:
    respx_mock.post("esearch.fcgi").respond(content=payload("answer.json"))
    respx_mock.post("efetch.fcgi").respond(status, content=body)
    with pytest.raises(error):
        search()


def test_throttling_says_how_long_to_wait_where_pubmed_does() -> None:
    error = fault(httpx.Response(200, headers={"retry-after": "7"}, content=payload("rate_limit.json")))
    assert isinstance(error, SourceThrottled)
    assert error.retry_after == 7


@pytest.mark.parametrize("name", ["answer.json", "empty.json", "warnings.json", "answer.xml", "books.xml", "mixed_quality.xml"])
def test_a_good_answer_has_no_fault(name: str) -> None:
    assert fault(httpx.Response(200, content=payload(name))) is None


@respx.mock(base_url=ADDRESS)
def test_neither_the_search_nor_the_key_is_logged_by_us_above_debug(respx_mock: respx.MockRouter, caplog: pytest.LogCaptureFixture) -> None:
    respx_mock.post("esearch.fcgi").respond(content=payload("answer.json"))
    respx_mock.post("efetch.fcgi").respond(content=payload("mixed_quality.xml"))
    with caplog.at_level(logging.INFO):
        search(api_key=KEY)
    assert KEY not in caplog.text
    assert "asthma" not in caplog.text
