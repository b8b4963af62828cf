"""bib-dedupe on one labelled file, run by its own interpreter: `python bench/peer_bibdedupe.py FILE` prints what it found as JSON.

Needs nothing of ours. Its merging is measured from the records in memory to the duplicate sets, as ours is.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

import pandas  # type: ignore[import-not-found,import-untyped,unused-ignore]
from bib_dedupe.bib_dedupe import block, cluster, match, prep  # type: ignore[import-not-found,unused-ignore]

_SAME = ("title", "journal", "year", "volume", "pages", "doi", "abstract")


def main(file: Path) -> None:
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    table = pandas.DataFrame([_row(json.loads(line)) for line in body.splitlines() if line.strip()])
    used = time.process_time()
    with contextlib.redirect_stdout(sys.stderr):
        found = cluster(match(block(prep(table, cpu=1), cpu=1), cpu=1))
    print(json.dumps({"sets": [[str(number) for number in numbers] for numbers in found], "seconds": time.process_time() - used}))


def _row(row: dict[str, Any]) -> dict[str, str]:
    """A record under BibTeX's names; it compares only what it takes for the same type of entry."""
    authors, kind = row.get("authors") or "", str(row.get("type") or "article").lower()
    return {
        "ID": row["id"],
        "ENTRYTYPE": "article" if "article" in kind else kind,
        "author": " and ".join(authors) if isinstance(authors, list) else authors,
        "number": str(row.get("issue") or ""),
        "booktitle": "",
        "isbn": "",
        **{name: str(row.get(name) or "") for name in _SAME},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
