"""Reading 50 records of each source, merging and ranking them: milliseconds of processor time, the median of many runs."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator

import httpx

from bench.sources import RECORDS, bodies
from fedsearch.connectors.crossref import parse_page
from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.merge import merge
from fedsearch.merge.rank import rank
from fedsearch.model import Hit, Page, SourceId, Strategy
from fedsearch.query import parse
from fedsearch.settings import load


def _median_ms(run: Callable[[], object], times: int = 25) -> float:
    taken = []
    for _ in range(times):
        started = time.process_time()
        run()
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def rows() -> Iterator[tuple[str, str, str, str]]:
    answers = asyncio.run(bodies())
    xml, works = answers["/entrez/eutils/efetch.fcgi"][1], answers["/crossref/works"][1]
    strategy, policy = Strategy(text="heart failure treatment"), load({}).merging
    response = httpx.Response(200, content=works, request=httpx.Request("GET", "http://localhost/"))
    records, _, _ = parse_articles(xml)
    pages = [
        Page(SourceId("pubmed"), tuple(Hit(n, record) for n, record in enumerate(records, 1)), RECORDS, strategy),
        parse_page(response, strategy),
    ]
    found = merge(pages, policy)
    query = parse("heart failure treatment")
    yield f"reading {RECORDS} PubMed records, ms", f"{_median_ms(lambda: parse_articles(xml)):.1f}", "", "lxml, finished records"
    yield f"reading {RECORDS} Crossref works, ms", f"{_median_ms(lambda: parse_page(response, strategy)):.1f}", "", ""
    yield f"merging {2 * RECORDS} records into {len(found)} works, ms", f"{_median_ms(lambda: merge(pages, policy)):.1f}", "", ""
    yield f"ranking {len(found)} works, ms", f"{_median_ms(lambda: rank(found, query, policy)):.1f}", "", ""
