"""Results and reports as text for a terminal of 80 columns or more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fedsearch.catalogue import LoadReport
from fedsearch.model import Author, Work
from fedsearch.results import Result, ResultSet, SourceReport

_TIERS = {
    "guideline": "guideline",
    "systematic-review": "systematic review",
    "randomised-trial": "randomised trial",
    "clinical-trial": "clinical trial",
    "observational": "observational study",
    "case-report": "case report",
    "review": "review",
    "editorial": "editorial or letter",
}


def print_results(found: ResultSet, per_page: int, console: Console) -> None:
    """The first works as a table, then one line for each source."""
    shown = found.results[:per_page]
    if shown:
        table = Table(show_header=True, header_style="bold", box=None, pad_edge=False, padding=(0, 1, 1, 0), expand=True)
        table.add_column("#", justify="right", width=3, no_wrap=True)
        table.add_column("Work", ratio=3, overflow="fold")
        table.add_column("How to get it", ratio=1, min_width=22, overflow="fold")
        for place, result in enumerate(shown, 1):
            table.add_row(str(place), "\n".join(_lines(result.ranked.work)), _access(result))
        console.print(table)
    else:
        silent = [report.name for report in found.reports if report.status not in ("ok", "partial", "stale")]
        where = f" in the sources that answered; {' and '.join(silent)} did not" if silent else ""
        console.print(f"Nothing found{where}. Try fewer or other words.\n")
    console.print(f"{len(shown)} of {len(found.results)} works; {found.duplicates_removed} duplicates removed.")
    for report in found.reports:
        console.print(_source(report))


def _lines(work: Work) -> Iterator[str]:
    for flag in work.flags:
        yield f"[bold red]{flag.kind.upper()}[/]"
    yield f"[bold]{escape(work.title)}[/]"
    if work.vernacular_title:
        yield escape(work.vernacular_title)
    yield escape(". ".join(part for part in (_authors(work.authors), _place(work)) if part))
    numbers = [
        f"PMID {work.ids.pmid}" if work.ids.pmid else "",
        f"doi:{work.ids.doi}" if work.ids.doi else "",
        *(f"ISBN {n}" for n in work.ids.isbn[:1]),
    ]
    told = _TIERS.get(work.evidence.tier, "")
    if told and work.evidence.basis == "inferred":
        told += " (inferred)"
    yield f"[dim]{escape(' · '.join(part for part in (told, ', '.join(work.sources), *numbers) if part))}[/]"


def _authors(authors: tuple[Author, ...]) -> str:
    names = [author.collective or " ".join(part for part in (author.family, _initials(author.given)) if part) for author in authors]
    return ", ".join(names[:3]) + (" et al" if len(names) > 3 else "")


def _initials(given: str | None) -> str:
    return "".join(part[0] for part in (given or "").replace("-", " ").split() if part[0].isalpha())


def _place(work: Work) -> str:
    """Journal year;volume(issue):pages, or publisher and year for a book."""
    where = work.journal_abbreviation or work.journal or work.publisher or ""
    number = (work.volume or "") + (f"({work.issue})" if work.issue else "") + (f":{work.pages}" if work.pages else "")
    date = str(work.year or "") + (f";{number}" if number and work.type != "book" else "")
    edition = f"{work.edition}. " if work.edition else ""
    return f"{edition}{where} {date}".strip()


def _access(result: Result) -> str:
    best = result.access[:2]
    return "\n".join(escape(option.label) for option in best) or "[dim]ask the library[/]"


def _source(report: SourceReport) -> str:
    name = f"{report.name:<17}"
    if report.status in ("ok", "partial", "stale"):
        total = f"{report.total:,}" if report.total is not None else "?"
        text = f"{name} {report.returned} of {total} found, {report.elapsed_ms} ms"
        return escape(text + (f" — {report.message}" if report.message else ""))
    return f"[yellow]{escape(f'{name} {report.status}: {report.message}')}[/]"


def load_text(report: LoadReport, held: int) -> str:
    """What a load did, with every refused record and its reason."""
    counts = report.counts
    lines = [
        f"{counts.added:,} added, {counts.updated:,} updated, {counts.unchanged:,} unchanged, {counts.deleted:,} deleted, {len(report.refused):,} refused. "
        f"The catalogue holds {held:,} records."
    ]
    lines += [f"  note: {note.file.name}: {note.records:,} records: {note.text}" for note in report.notes]
    for refused in report.refused:
        number = f" ({refused.control_number})" if refused.control_number else ""
        lines.append(f"  refused: {refused.file.name}, record {refused.number}{number}: {refused.reason}")
    return "\n".join(lines)


def load_json(report: LoadReport, held: int) -> str:
    document = asdict(report) | {"records_held": held}
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)
