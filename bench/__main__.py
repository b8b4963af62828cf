"""`make bench`: every benchmark, one table. What needs recorded data says so in a line where they are absent."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import deduplication, overhead, parsing, ranking

Row = tuple[str, str, str, str]
"""What is measured, the figure, the figure it stands beside, and whose that is."""

SHARED = Path(os.environ.get("FEDSEARCH_SHARED") or Path(__file__).parents[2] / "shared") / "data"


def rows() -> Iterator[Row]:
    told = overhead.measure()
    peer = "SearXNG 25, paper-search-mcp 19 (elsewhere)"
    yield "own overhead over the slowest source, one client, p50 ms", f"{told.p50_ms:.1f}", "≤ 25", peer
    yield "the same, p95 ms", f"{told.p95_ms:.1f}", "", ""
    yield (
        "searches a second, 16 clients",
        f"{told.per_second:.1f}",
        f"ceiling {told.ceiling:.0f}",
        "SearXNG 9 to 18, paper-search-mcp 9 (elsewhere)",
    )
    yield "processor time a search, ms", f"{told.cpu_ms:.1f}", "", ""
    yield "peak memory of the service, MB", f"{told.memory_mb:.0f}", "", ""
    yield from parsing.rows()
    if (SHARED / "dedup").is_dir():
        yield from deduplication.rows(SHARED / "dedup")
    else:
        yield "deduplication", "not measured", "", f"no labelled sets at {SHARED}"
    if (SHARED / "relevance").is_dir():
        yield from ranking.rows(SHARED / "relevance")
    else:
        yield "ranking", "not measured", "", f"no recorded collections at {SHARED}"


def main() -> None:
    table = Table("measured", "fedsearch", "to reach", "beside it", title="fedsearch benchmarks", title_justify="left")
    for row in rows():
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


if __name__ == "__main__":
    main()
