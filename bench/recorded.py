"""How much of real recorded data becomes records: `python -m bench.recorded FOLDER` prints docs/recorded-data.md's tables.

FOLDER holds pubmed/, crossref/ and marc/ with answers and files as they were recorded.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fedsearch.catalogue import SqliteCatalogue, load_files
from fedsearch.connectors.base import readable
from fedsearch.connectors.crossref_json import read_work
from fedsearch.connectors.medline import parse_medline
from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.errors import CatalogueError, SourceError
from fedsearch.sandbox.files import read_crossref, read_pubmed

Row = tuple[str, int, int, str]
"""What, how many records there are, how many became Records, and why the rest did not."""


def _content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "README.md")


def pubmed(folder: Path) -> Iterator[Row]:
    """XML and MEDLINE text, by kind. An element or text record that parses counts as one there is."""
    there, became, reasons = 0, 0, Counter[str]()
    for path in _files(folder / "efetch_xml"):
        body = _content(path)
        try:
            records, unreadable, untitled = parse_articles(body)
        except SourceError:
            reasons["a file that is no answer of EFetch's XML"] += 1
            continue
        there += len(records) + unreadable + untitled
        became += len(records)
        reasons["no PMID, or broken"] += unreadable
        reasons["no title"] += untitled
    yield "PubMed XML", there, became, _why(reasons)
    there, became, reasons = 0, 0, Counter[str]()
    for path in _files(folder / "medline_text"):
        records, unreadable, untitled = parse_medline(_content(path).decode("utf-8", "replace"))
        there += len(records) + unreadable + untitled
        became += len(records)
        reasons["no PMID"] += unreadable
        reasons["no title"] += untitled
    yield "MEDLINE text", there, became, _why(reasons)


def crossref(folder: Path) -> Iterator[Row]:
    works, _ = read_crossref([folder / "works"])
    records, unreadable, untitled = readable(works.values(), read_work, "Crossref")
    yield "Crossref works (different DOIs)", len(works), len(records), _why(Counter({"no title": untitled, "broken": unreadable}))


def marc(folder: Path) -> Iterator[Row]:
    """File by file, since each has its own faults."""
    for path in _files(folder):
        if path.name.endswith("items.xml.gz"):
            continue
        with tempfile.TemporaryDirectory() as place, SqliteCatalogue(Path(place) / "one.sqlite") as catalogue:
            try:
                report = load_files(catalogue, [path])
            except CatalogueError as exc:
                yield f"MARC {path.relative_to(folder)}", 0, 0, str(exc)
                continue
            counts = report.counts
            came = counts.added + counts.updated + counts.unchanged
            refused = Counter(refused.reason for refused in report.refused)
            notes = "; ".join(f"{note.records}: {note.text}" for note in report.notes)
            again = f"{counts.updated + counts.unchanged} under a number that came before; " if counts.updated + counts.unchanged else ""
            yield (
                f"MARC {path.relative_to(folder)}",
                came + len(report.refused),
                came,
                f"{again}{_why(refused)}{'; ' if notes and refused else ''}{notes}",
            )


def _why(reasons: Counter[str]) -> str:
    return "; ".join(f"{count} {reason}" for reason, count in reasons.most_common() if count)


def sandbox(folder: Path) -> Iterator[str]:
    articles, read = read_pubmed([folder / "pubmed"])
    yield f"The sandbox serves {len(articles):,} PubMed records and names {len(read.left_out)} records or files that it leaves out."
    works, read = read_crossref([folder / "crossref"])
    yield f"It serves {len(works):,} Crossref works and names {len(read.left_out)} records or files that it leaves out."


def main(folder: Path) -> None:
    print("| what | records there | became Records | why not, and notes |\n| --- | ---: | ---: | --- |")
    for rows in (pubmed(folder / "pubmed"), crossref(folder / "crossref"), marc(folder / "marc")):
        for what, there, became, why in rows:
            print(f"| {what} | {there:,} | {became:,} | {why.replace('|', '¦')} |")
    print()
    print("\n".join(sandbox(folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
