"""The CSV table: columns, lists in cells, and no formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from fedsearch.exports import export
from fedsearch.exports.table import COLUMNS, write_csv
from fedsearch.model import Work

PAYLOADS = Path(__file__).parents[1] / "payloads" / "exports"
ARTICLE = Work.model_validate_json((PAYLOADS / "retracted_article.json").read_bytes())


def row(work: Work) -> dict[str, str]:
    (only,) = csv.DictReader(io.StringIO(write_csv([work]), newline=""))
    return only


def test_a_row_holds_every_field_and_lists_are_parted_by_semicolons() -> None:
    assert row(ARTICLE) == {
        "id": "w1",
        "type": "journal-article",
        "title": "Low-dose statins & mRNA vaccines in children: 50% fewer attacks",
        "vernacular_title": "استاتین با دوز کم در کودکان",
        "authors": "Karimi, Mina-Sara; Morrison, Barclay III; STAR Trial Group Shiraz",
        "editors": "Handler, Hana",
        "translators": "",
        "journal": "Example Journal of Paediatrics",
        "journal_abbreviation": "Ex J Paediatr",
        "year": "2024",
        "published": "2024-03-01",
        "volume": "12",
        "issue": "3",
        "pages": "201-209",
        "publisher": "Example Medical Press",
        "place": "Shiraz",
        "edition": "",
        "series": "",
        "issn": "1234-5679; 2049-3630",
        "isbn": "",
        "doi": "10.5555/fs_2024.0101",
        "pmid": "38000001",
        "pmcid": "PMC9000001",
        "languages": "en; fa",
        "publication_types": "Journal Article; Randomized Controlled Trial",
        "evidence": "randomised-trial",
        "evidence_basis": "indexed",
        "flags": "RETRACTED: notice doi:10.5555/fs.2024.0199, PMID 38000099 (said by PubMed, Crossref); "
        "CORRECTED: notice PMID 38000050 (said by PubMed)",
        "mesh": "Asthma/*drug therapy/mortality; *Child",
        "keywords": "statins; wheeze; cough",
        "related": "retraction 10.5555/fs.2024.0199; preprint 10.5555/pre.7; comment 38000070",
        "cited_by": "17",
        "sources": "PubMed, Crossref",
        "url": "https://doi.org/10.5555/fs_2024.0101",
        "abstract": "BACKGROUND: Statins may help. METHODS: We gave statins to children for a long time and counted what happened to them, "
        "then we counted again.",
    }


def test_no_works_make_a_table_of_column_names() -> None:
    assert write_csv([]) == ",".join(COLUMNS) + "\r\n"


def test_a_file_begins_with_the_mark_that_excel_needs_for_persian() -> None:
    assert export([ARTICLE], "csv").startswith(b"\xef\xbb\xbfid,type,title")
    assert export([ARTICLE], "csv", bom=False).startswith(b"id,type,title")


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\x00=1",
        " =1",
        "\ufeff=1",
        "\u200e=1",
        "\u200b @x",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "−1",
    ],
)
def test_a_cell_that_would_run_as_a_formula_is_made_text(title: str) -> None:
    assert row(Work(id="w", title=title))["title"].startswith("'")


@pytest.mark.parametrize("title", ["Asthma = wheeze", "α-blockers", "5-HT", "(-)-Epinephrine", "“Quoted”, and more"])
def test_other_cells_stay_as_they_are(title: str) -> None:
    assert row(Work(id="w", title=title))["title"] == title


def test_a_cell_of_zero_is_not_empty() -> None:
    assert row(Work(id="w", title="T", cited_by=0))["cited_by"] == "0"
