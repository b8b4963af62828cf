"""CSL-JSON items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fedsearch.exports.csl import csl_item, write_csl
from fedsearch.model import Author, Work, WorkType

PAYLOADS = Path(__file__).parents[1] / "payloads" / "exports"
ARTICLE = Work.model_validate_json((PAYLOADS / "retracted_article.json").read_bytes())
CHAPTER = Work.model_validate_json((PAYLOADS / "catalogue_chapter.json").read_bytes())
# Members of an item in csl-data.json that we use.
MEMBERS = frozenset(
    "id type title original-title container-title container-title-short collection-title volume issue page publisher publisher-place "
    "edition ISSN ISBN DOI PMID PMCID URL language genre keyword source note abstract author editor translator issued".split()
)


def test_an_article_is_an_item_with_the_schemas_names() -> None:
    item = csl_item(ARTICLE)
    assert set(item) <= MEMBERS
    assert (item["type"], item["DOI"], item["PMID"], item["PMCID"]) == ("article-journal", "10.5555/fs_2024.0101", "38000001", "PMC9000001")
    assert item["issued"] == {"date-parts": [[2024, 3, 1]]}
    assert item["author"] == [
        {"family": "Karimi", "given": "Mina-Sara"},
        {"family": "Morrison", "given": "Barclay III"},
        {"literal": "STAR Trial Group, Shiraz"},
    ]
    assert item["note"].startswith("RETRACTED: notice doi:10.5555/fs.2024.0199")
    assert (item["ISSN"], item["page"], item["language"]) == ("1234-5679, 2049-3630", "201-209", "en")


def test_a_chapter_keeps_book_series_editor_and_translator() -> None:
    item = csl_item(CHAPTER)
    assert (item["type"], item["container-title"], item["collection-title"]) == (
        "chapter", "Handbook of the Lung", "Lecture Notes in Breathing",
    )  # fmt: skip
    assert (item["editor"], item["translator"]) == ([{"family": "Reza", "given": "Ali"}], [{"family": "Sadr", "given": "Sara"}])
    assert item["issued"] == {"date-parts": [[2019]]}


def test_what_is_not_known_is_left_out() -> None:
    assert csl_item(Work(id="w", title="T", authors=(Author(),))) == {"id": "w", "type": "document", "title": "T"}


@pytest.mark.parametrize(
    ("kind", "name"), [("preprint", "article"), ("thesis", "thesis"), ("website", "webpage"), ("component", "document")]
)
def test_each_type_of_work_has_its_item_type(kind: WorkType, name: str) -> None:
    assert csl_item(Work(id="w", title="T", type=kind))["type"] == name


def test_the_file_is_an_array_in_the_order_of_the_works() -> None:
    assert [item["id"] for item in json.loads(write_csl([CHAPTER, ARTICLE]))] == ["w2", "w1"]
    assert json.loads(write_csl([])) == []
