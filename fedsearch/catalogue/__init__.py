"""The library's own catalogue: MARC files in, full-text search out. What is named here is public."""

from __future__ import annotations

from pathlib import Path

from fedsearch.catalogue.base import Catalogue, CatalogueAnswer, LoadCounts, LoadedRecord, Searchable
from fedsearch.catalogue.loading import NOTHING_LOADED, LoadReport, Note, Progress, Refused, load_files
from fedsearch.catalogue.sqlite import SqliteCatalogue

SAMPLE = Path(__file__).with_name("sample.marcxml")
"""A sample catalogue, for trying the service."""

__all__ = [
    "NOTHING_LOADED",
    "SAMPLE",
    "Catalogue",
    "CatalogueAnswer",
    "LoadCounts",
    "LoadReport",
    "LoadedRecord",
    "Note",
    "Progress",
    "Refused",
    "Searchable",
    "SqliteCatalogue",
    "load_files",
]
