"""Works -> the files that reference managers, spreadsheets and programs read. Pure; EXPORTS is the list of formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from fedsearch.exports.bibtex import bibtex_entries
from fedsearch.exports.csl import write_csl
from fedsearch.exports.jsonl import jsonl_lines, work_json
from fedsearch.exports.nbib import nbib_entries
from fedsearch.exports.ris import ris_entries
from fedsearch.exports.table import csv_rows
from fedsearch.model import Work

__all__ = ["EXPORTS", "ExportFormat", "attachment", "export", "work_json"]

_LONGEST_NAME = 120
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\\/:*?\"<>|;%]+")


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format by its name in addresses. `bom`: its readers take UTF-8 for something else without a byte order mark.

    `pieces` make the file's text one after the other, so that a large file need not stand in memory.
    """

    name: str
    media_type: str
    extension: str
    pieces: Callable[[Iterable[Work]], Iterable[str]]
    bom: bool = False


EXPORTS: dict[str, ExportFormat] = {
    one.name: one
    for one in (
        ExportFormat("ris", "application/x-research-info-systems", "ris", ris_entries),
        ExportFormat("nbib", "application/nbib", "nbib", nbib_entries),
        ExportFormat("bibtex", "application/x-bibtex", "bib", bibtex_entries),
        # Excel on a Persian Windows reads a CSV file as Windows-1256 unless it begins with a mark.
        ExportFormat("csv", "text/csv; charset=utf-8", "csv", csv_rows, bom=True),
        ExportFormat("csl-json", "application/vnd.citationstyles.csl+json", "json", lambda works: [write_csl(works)]),
        ExportFormat("jsonl", "application/jsonl", "jsonl", jsonl_lines),
    )
}


def export(works: Iterable[Work], format: str, bom: bool | None = None) -> bytes:  # noqa: A002
    """A file of all the works in their order, one entry each. `bom` overrules the format's own habit. KeyError: no such format."""
    chosen = EXPORTS[format]
    text = "".join(chosen.pieces(works))
    return text.encode("utf-8-sig" if (chosen.bom if bom is None else bom) else "utf-8")


def attachment(filename: str) -> str:
    """A Content-Disposition value: the name in ASCII for old clients, and in full (RFC 6266, RFC 8187)."""
    stem, dot, extension = " ".join(_NOT_IN_NAMES.sub(" ", filename).split()).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    ending = f".{extension}" if extension.isascii() and extension.isalnum() else ""
    stem = stem.strip(" .")[:_LONGEST_NAME].rstrip() or "fedsearch"
    plain = " ".join(unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().split()).strip(" .") or "fedsearch"
    return f"attachment; filename=\"{plain}{ending}\"; filename*=UTF-8''{quote(stem + ending, safe='')}"
