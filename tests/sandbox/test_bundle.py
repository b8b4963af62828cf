"""The shipped bundle is large, varied and sound, and each source's own search finds what people will try first."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter

import httpx
import pytest
from lxml import etree

from fedsearch import identifiers, languages
from fedsearch.sandbox import Sandbox, create_sandbox
from fedsearch.sandbox.article import facts_of
from fedsearch.sandbox.bundle import WORKS, Work, bundled_works
from fedsearch.sandbox.crossref_notation import item
from fedsearch.sandbox.pubmed_notation import article_xml

TOPICS = [
    "heart failure",
    "diabetes",
    "asthma in children",
    "sepsis",
    "stroke",
    "breast cancer",
    "depression",
    "pregnancy",
    "COVID-19",
    "nursing",
]
KINDS = {
    "retracted-by", "retracts", "corrected-by", "corrects", "concern-by", "concerns", "preprint-of", "has-preprint", "updated-by", "updates",
    "comment-on", "has-comment",
}  # fmt: skip
DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
pytestmark = pytest.mark.skipif(not WORKS.exists(), reason="the bundle is not in this tree")


@pytest.fixture(scope="module")
def bundle() -> tuple[Work, ...]:
    return bundled_works()


@pytest.fixture(scope="module")
def bundled() -> Sandbox:
    return create_sandbox()


def test_there_are_more_than_300_works_and_a_good_share_in_both_sources(bundle: tuple[Work, ...]) -> None:
    assert len(bundle) > 300
    assert sum(len(work["sources"]) == 2 for work in bundle) > 100
    assert any(work["sources"] == ["pubmed"] for work in bundle)
    assert any(work["sources"] == ["crossref"] for work in bundle)


@pytest.mark.parametrize("name", ["pmid", "doi", "pmcid"])
def test_no_identifier_stands_twice(bundle: tuple[Work, ...], name: str) -> None:
    counts = Counter(work[name] for work in bundle if name in work)  # type: ignore[literal-required]
    assert [value for value, count in counts.items() if count > 1] == []


def test_every_identifier_is_in_its_bare_form(bundle: tuple[Work, ...]) -> None:
    for work in bundle:
        assert work.get("doi") == identifiers.doi(work.get("doi")), work["title"]
        assert work.get("pmid") == identifiers.pmid(work.get("pmid")), work["title"]
        assert work.get("pmcid") == identifiers.pmcid(work.get("pmcid")), work["title"]
        assert all(number == identifiers.issn(number) for number in work.get("issn", [])), work["title"]
        assert all(identifiers.isbn(number) for number in work.get("isbn", [])), work["title"]


def test_every_work_has_what_its_sources_need(bundle: tuple[Work, ...]) -> None:
    for work in bundle:
        assert work["sources"]
        assert "pubmed" not in work["sources"] or "pmid" in work, work["title"]
        assert "crossref" not in work["sources"] or "doi" in work, work["title"]
        assert work["title"] == work["title"].strip().removesuffix("."), work["title"]
        assert languages.bibliographic(work["language"]) == work["language"], work["title"]
        assert all(DATE.match(date) for date in (work["published"], work.get("epub", work["published"]))), work["title"]


def test_relations_are_of_a_known_kind_and_lead_somewhere(bundle: tuple[Work, ...]) -> None:
    for work in bundle:
        for related in work.get("relations", []):
            assert related["kind"] in KINDS
            assert related.get("pmid") or related.get("doi"), work["title"]
            assert related.get("other") is not work, work["title"]


@pytest.mark.parametrize("kind", ["retracted-by", "retracts", "corrected-by", "corrects", "preprint-of", "has-preprint"])
def test_works_of_every_fate_are_there(bundle: tuple[Work, ...], kind: str) -> None:
    assert any(related["kind"] == kind for work in bundle for related in work.get("relations", []))


def test_a_retracted_work_and_its_notice_are_both_there(bundle: tuple[Work, ...]) -> None:
    assert any(related["kind"] == "retracted-by" and "other" in related for work in bundle for related in work.get("relations", []))


def test_persian_and_other_languages_are_there(bundle: tuple[Work, ...]) -> None:
    spoken = {work["language"] for work in bundle}
    assert "per" in spoken
    assert len(spoken) >= 3


def test_every_pubmed_record_can_be_read_back_with_title_and_number(bundle: tuple[Work, ...]) -> None:
    for work in bundle:
        if "pubmed" in work["sources"]:
            facts = facts_of(etree.fromstring(article_xml(work)))
            assert facts is not None
            assert facts.pmid == work["pmid"]
            assert work["title"] in facts.title


def test_every_crossref_item_is_json_with_title_and_doi(bundle: tuple[Work, ...]) -> None:
    for work in bundle:
        if "crossref" in work["sources"]:
            made = json.loads(json.dumps(item(work)))
            assert (made["DOI"], made["title"]) == (work["doi"], [work["title"]])


@pytest.mark.parametrize("topic", TOPICS)
def test_each_source_finds_the_topic_by_its_own_search(bundled: Sandbox, topic: str) -> None:
    async def counts() -> tuple[int, int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bundled), base_url="http://sandbox") as client:
            found = await client.get("/entrez/eutils/esearch.fcgi", params={"db": "pubmed", "retmode": "json", "term": topic})
            listed = await client.get("/crossref/works", params={"query.bibliographic": topic, "rows": 5})
            return int(found.json()["esearchresult"]["count"]), listed.json()["message"]["total-results"]

    in_pubmed, in_crossref = asyncio.run(counts())
    assert in_pubmed >= 3
    assert in_crossref >= 3
