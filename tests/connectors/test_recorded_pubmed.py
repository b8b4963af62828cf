"""Real answers of PubMed, recorded beside the repository: every readable record becomes a Record with title and PMID."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from lxml import etree

from fedsearch import identifiers
from fedsearch.connectors.medline import parse_medline
from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.model import Record

SHARED = Path(os.environ.get("FEDSEARCH_SHARED") or Path(__file__).parents[3] / "shared")
RECORDED = SHARED / "data" / "sources" / "pubmed"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers of PubMed are not beside the repository (FEDSEARCH_SHARED)"),
]


def recorded(folder: str) -> list[bytes]:
    files = sorted(path for path in (RECORDED / folder).rglob("*") if path.is_file())
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]


def readable_in_xml(body: bytes) -> list[str]:
    """The PMIDs of the articles that have one and a title, found another way than the parser does."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    found = []
    for element in root.iter("MedlineCitation", "BookDocument"):
        titles = [title for tag in ("ArticleTitle", "BookTitle", "VernacularTitle") for title in element.iter(tag)]
        pmid = identifiers.pmid(element.findtext("PMID"))
        if pmid and any("".join(map(str, title.itertext())).strip() for title in titles):
            found.append(pmid)
    return found


def sound(record: Record) -> bool:
    return bool(record.title and record.ids.pmid == record.id and "<" not in record.title[:1] and not record.title.startswith(" "))


def test_every_readable_article_becomes_a_record_with_title_and_pmid() -> None:
    total = 0
    for body in recorded("efetch_xml"):
        if b"Article>" not in body:
            continue
        records, _, _ = parse_articles(body)
        assert [record.id for record in records] == readable_in_xml(body)
        assert all(map(sound, records))
        total += len(records)
    assert total > 0


def test_every_medline_text_with_number_and_title_becomes_a_record() -> None:
    total = 0
    for body in recorded("medline_text"):
        records, _, _ = parse_medline(body.decode("utf-8"))
        assert all(map(sound, records))
        total += len(records)
    assert total > 0
