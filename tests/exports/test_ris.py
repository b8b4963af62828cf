"""RIS entries: tags, types, names, dates and warnings."""

from __future__ import annotations

from pathlib import Path

import pytest
import rispy

from fedsearch.exports.ris import write_ris
from fedsearch.model import Author, Work, WorkType

PAYLOADS = Path(__file__).parents[1] / "payloads" / "exports"
ARTICLE = Work.model_validate_json((PAYLOADS / "retracted_article.json").read_bytes())
CHAPTER = Work.model_validate_json((PAYLOADS / "catalogue_chapter.json").read_bytes())


def lines(work: Work) -> list[str]:
    return write_ris([work]).split("\r\n")


def test_an_article_is_one_entry_with_every_field_under_its_tag() -> None:
    assert lines(ARTICLE) == [
        "TY  - JOUR",
        "TI  - Low-dose statins & mRNA vaccines in children: 50% fewer attacks",
        "TT  - استاتین با دوز کم در کودکان",
        "AU  - Karimi, Mina-Sara",
        "AU  - Morrison, Barclay III",
        "AU  - STAR Trial Group Shiraz",
        "ED  - Handler, Hana",
        "T2  - Example Journal of Paediatrics",
        "JF  - Example Journal of Paediatrics",
        "JO  - Ex J Paediatr",
        "PY  - 2024",
        "DA  - 2024/03/01/",
        "VL  - 12",
        "IS  - 3",
        "SP  - 201",
        "EP  - 209",
        "PB  - Example Medical Press",
        "CY  - Shiraz",
        "SN  - 1234-5679, 2049-3630",
        "DO  - 10.5555/fs_2024.0101",
        "UR  - https://doi.org/10.5555/fs_2024.0101",
        "AN  - 38000001",
        "C2  - PMC9000001",
        "AB  - BACKGROUND: Statins may help. METHODS: We gave statins to children for a long time and counted what happened to them, "
        "then we counted again.",
        "KW  - Asthma/*drug therapy/mortality",
        "KW  - *Child",
        "KW  - statins",
        "KW  - wheeze, cough",
        "KW  - Corrected",
        "KW  - Retracted",
        "N1  - RETRACTED: notice doi:10.5555/fs.2024.0199, PMID 38000099 (said by PubMed, Crossref)",
        "N1  - CORRECTED: notice PMID 38000050 (said by PubMed)",
        "LA  - en, fa",
        "DB  - PubMed, Crossref",
        "DP  - fedsearch",
        "ER  - ",
        "",
        "",
    ]


def test_a_chapter_names_its_book_its_series_its_editor_and_its_translator() -> None:
    (entry,) = rispy.loads(write_ris([CHAPTER]))
    assert entry["type_of_reference"] == "CHAP"
    assert (entry["secondary_title"], entry["tertiary_title"]) == ("Handbook of the Lung", "Lecture Notes in Breathing")
    assert (entry["secondary_authors"], entry["subsidiary_authors"]) == (["Reza, Ali"], ["Sadr, Sara"])
    assert (entry["issn"], entry["edition"], entry["start_page"]) == ("9780306406157", "2", "e4")
    assert (entry["urls"], entry["name_of_database"]) == (["https://library.example/000123"], "Library catalogue")


@pytest.mark.parametrize(
    ("kind", "tag"),
    [("preprint", "UNPB"), ("book", "BOOK"), ("thesis", "THES"), ("guideline", "RPRT"), ("conference-paper", "CONF"), ("other", "GEN")],
)
def test_each_type_of_work_has_its_type_of_reference(kind: WorkType, tag: str) -> None:
    assert lines(Work(id="w", title="T", type=kind))[0] == f"TY  - {tag}"


def test_what_is_not_known_has_no_line() -> None:
    assert lines(Work(id="w", title="T")) == ["TY  - GEN", "TI  - T", "DP  - fedsearch", "ER  - ", "", ""]


def test_a_date_without_a_day_leaves_its_place_empty() -> None:
    assert "DA  - 2024/03//" in lines(Work(id="w", title="T", published="2024-03"))


def test_a_title_cannot_begin_another_entry() -> None:
    hostile = Work(id="w", title="A\r\nER  - \r\nTY  - BOOK\u2028TI  - B", authors=(Author(family="A\nER  - ", given="B, C"),))
    (entry,) = rispy.loads(write_ris([hostile]))
    assert (entry["title"], entry["authors"]) == ("A ER - TY - BOOK TI - B", ["A ER -, B C"])
