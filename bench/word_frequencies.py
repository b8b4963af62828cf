"""Make fedsearch/merge/word_frequencies.tsv.gz out of a table of document frequencies.

    python bench/word_frequencies.py TABLE.tsv.gz

The table's first line is "#documents N", each further one a word and the number of documents it stands in. Words are
folded and stemmed as the ranking does; forms that fall together add up, as far as there are documents.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from pathlib import Path

from fedsearch.folding import fold, stem

OUT = Path(__file__).parent.parent / "fedsearch" / "merge" / "word_frequencies.tsv.gz"


def main(table: Path) -> None:
    first, *rows = gzip.decompress(table.read_bytes()).decode().splitlines()
    documents = int(first.split()[-1])
    counts: Counter[str] = Counter()
    for row in rows:
        word, count = row.split("\t")
        for part in fold(word).split():
            counts[stem(part)] += int(count)
    lines = [f"#documents\t{documents}", *(f"{word}\t{min(count, documents)}" for word, count in sorted(counts.items()) if count >= 3)]
    OUT.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{len(lines) - 1} words of {documents} documents, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
