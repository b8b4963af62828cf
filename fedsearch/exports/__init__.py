"""Works -> the files that reference managers, spreadsheets and programs read. Pure; EXPORTS is the list of formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from fedsearch.exports.bibtex import write_bibtex
from fedsearch.exports.csl import write_csl
from fedsearch.exports.jsonl import work_json, write_jsonl
from fedsearch.exports.nbib import write_nbib
from fedsearch.exports.ris import write_ris
from fedsearch.exports.table import write_csv
from fedsearch.model import Work

__all__ = ["EXPORTS", "ExportFormat", "attachment", "export", "work_json"]

_LONGEST_NAME = 120
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\\/:*?\"<>|;%]+")


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format by its name in addresses. `bom`: its readers take UTF-8 for something else without a byte order mark."""

    name: str
    media_type: str
    extension: str
    write: Callable[[Iterable[Work]], str]
    bom: bool = False


EXPORTS: dict[str, ExportFormat] = {
    one.name: one
    for one in (
        ExportFormat("ris", "application/x-research-info-systems", "ris", write_ris),
        ExportFormat("nbib", "application/nbib", "nbib", write_nbib),
        ExportFormat("bibtex", "application/x-bibtex", "bib", write_bibtex),
        # Excel on a Persian Windows reads a CSV file as Windows-1256 unless it begins with a mark.
        ExportFormat("csv", "text/csv; charset=utf-8", "csv", write_csv, bom=True),
        ExportFormat("csl-json", "application/vnd.citationstyles.csl+json", "json", write_csl),
        ExportFormat("jsonl", "application/jsonl", "jsonl", write_jsonl),
    )
}


def export(works: Iterable[Work], format: str, bom: bool | None = None) -> bytes:  # noqa: A002
    """A file of all the works in their order, one entry each. `bom` overrules the format's own habit. KeyError: no such format."""
    chosen = EXPORTS[format]
    text = chosen.write(works)
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
