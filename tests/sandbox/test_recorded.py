"""All recorded answers of the shared data start a sandbox, which gives every record back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from fedsearch.sandbox import Sandbox, create_sandbox
from fedsearch.sandbox.files import read_pubmed

SHARED = Path(os.environ.get("FEDSEARCH_SHARED") or Path(__file__).parents[2].parent / "shared") / "data" / "sources"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not SHARED.exists(), reason="the recorded data are not beside the repository")]


@pytest.fixture(scope="module")
def full() -> Sandbox:
    return create_sandbox([SHARED / "pubmed"], [SHARED / "crossref"])


def test_every_recorded_article_is_given_back_byte_for_byte(full: Sandbox, make_ask: Callable[..., Callable[..., httpx.Response]]) -> None:
    articles, _ = read_pubmed([SHARED / "pubmed"])
    assert len(articles) > 1_000
    response = make_ask(full)("/entrez/eutils/efetch.fcgi", "POST", data={"db": "pubmed", "id": ",".join(articles)})
    _, _, given_back = response.content.partition(b"<PubmedArticleSet>")
    assert given_back == b"".join(b"\n" + article.xml for article in articles.values()) + b"\n</PubmedArticleSet>"


def test_thousands_of_recorded_works_are_searched(full: Sandbox, make_ask: Callable[..., Callable[..., httpx.Response]]) -> None:
    message = make_ask(full)("/crossref/works?query=diabetes&rows=3").json()["message"]
    assert message["total-results"] > 10
    assert len(message["items"]) == 3


def test_each_file_that_is_left_out_is_named_with_the_reason(full: Sandbox) -> None:
    assert [line for line in full.report if "README.md" in line and "left out" in line]
    assert all(": " in line for line in full.report)
