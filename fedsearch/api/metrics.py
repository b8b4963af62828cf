"""What a monitor may know: how many searches, how the sources fared. No label ever holds a query, an address or a key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from fedsearch.errors import FedsearchError, NoSourceAnswered, QueryError
from fedsearch.results import ResultSet, SourceReport, report

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


class Metrics:
    """Counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.searches = Counter("fedsearch_searches", "Searches by how they ended.", ["outcome"], registry=self.registry)
        self.seconds = Histogram("fedsearch_search_seconds", "How long searches took.", registry=self.registry, buckets=_SECONDS)
        self.sources = Counter("fedsearch_source_outcomes", "Outcomes of sources.", ["source", "status"], registry=self.registry)
        self.source_seconds = Histogram(
            "fedsearch_source_seconds", "How long sources took.", ["source"], registry=self.registry, buckets=_SECONDS
        )
        self.duplicates = Counter("fedsearch_duplicates_removed", "Records merged into a work that was there.", registry=self.registry)

    def searched(self, found: ResultSet) -> None:
        self.searches.labels("answered").inc()
        self.seconds.observe(found.elapsed_ms / 1000)
        self.duplicates.inc(found.duplicates_removed)
        for told in found.reports:
            self.source(told)

    def source(self, report: SourceReport) -> None:
        self.sources.labels(report.id, report.status).inc()
        if report.elapsed_ms is not None:
            self.source_seconds.labels(report.id).observe(report.elapsed_ms / 1000)

    @contextmanager
    def counting_failures(self) -> Iterator[None]:
        """Count a search that ends in an error: refused for its words, or failed by its sources."""
        try:
            yield
        except FedsearchError as exc:
            self.searches.labels("refused" if isinstance(exc, QueryError) else "failed").inc()
            for outcome in exc.outcomes if isinstance(exc, NoSourceAnswered) else ():
                self.source(report(outcome))
            raise

    def text(self) -> bytes:
        """The current figures in Prometheus' text format."""
        return generate_latest(self.registry)
