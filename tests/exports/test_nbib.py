"""NBIB entries: PubMed's tags, notation and line width."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

from Bio import Medline
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.exports.nbib import write_nbib
from fedsearch.model import Author, Flag, Relation, Work

PAYLOADS = Path(__file__).parents[1] / "payloads" / "exports"
ARTICLE = Work.model_validate_json((PAYLOADS / "retracted_article.json").read_bytes())
CHAPTER = Work.model_validate_json((PAYLOADS / "catalogue_chapter.json").read_bytes())


def read(*works: Work) -> list[dict[str, Any]]:
    return list(Medline.parse(io.StringIO(write_nbib(works))))  # type: ignore[no-untyped-call]


def test_an_article_is_written_as_pubmed_writes_it() -> None:
    assert write_nbib([ARTICLE]).splitlines() == [
        "PMID- 38000001",
        "IS  - 1234-5679",
        "IS  - 2049-3630",
        "VI  - 12",
        "IP  - 3",
        "DP  - 2024 Mar 1",
        "TI  - Low-dose statins & mRNA vaccines in children: 50% fewer attacks",
        "PG  - 201-209",
        "LID - 10.5555/fs_2024.0101 [doi]",
        "AB  - BACKGROUND: Statins may help. METHODS: We gave statins to children for a long time",
        "      and counted what happened to them, then we counted again.",
        "FAU - Karimi, Mina-Sara",
        "AU  - Karimi MS",
        "FAU - Morrison, Barclay III",
        "AU  - Morrison B III",
        "CN  - STAR Trial Group, Shiraz",
        "FED - Handler, Hana",
        "ED  - Handler H",
        "LA  - eng",
        "LA  - per",
        "PT  - Journal Article",
        "PT  - Randomized Controlled Trial",
        "PT  - Retracted Publication",
        "TT  - استاتین با دوز کم در کودکان",
        "PL  - Shiraz",
        "PB  - Example Medical Press",
        "TA  - Ex J Paediatr",
        "JT  - Example Journal of Paediatrics",
        "MH  - Asthma/*drug therapy/mortality",
        "MH  - *Child",
        "EIN - PMID: 38000050",
        "RIN - doi: 10.5555/fs.2024.0199. PMID: 38000099",
        "UOF - doi: 10.5555/pre.7",
        "CIN - PMID: 38000070",
        "GN  - RETRACTED: notice doi:10.5555/fs.2024.0199, PMID 38000099 (said by PubMed,",
        "      Crossref)",
        "GN  - CORRECTED: notice PMID 38000050 (said by PubMed)",
        "PMC - PMC9000001",
        "OT  - statins",
        "OT  - wheeze; cough",
        "AID - 10.5555/fs_2024.0101 [doi]",
    ]


def test_biopython_reads_every_entry_and_joins_its_lines_again() -> None:
    article, chapter = read(ARTICLE, CHAPTER)
    assert article["AB"] == " ".join((ARTICLE.abstract or "").split())
    assert article["MH"] == ["Asthma/*drug therapy/mortality", "*Child"]
    assert (chapter["TI"], chapter["LA"]) == ("آسم در کودکان", ["per"])


def test_an_entry_without_a_pmid_begins_with_the_tag_all_the_same() -> None:
    assert write_nbib([CHAPTER]).splitlines()[0] == "PMID- "
    assert len(read(CHAPTER, CHAPTER, ARTICLE)) == 3


def test_a_chapter_names_its_book_and_a_book_its_own_title_for_zotero() -> None:
    assert "BTI - Handbook of the Lung" in write_nbib([CHAPTER]).splitlines()
    book = write_nbib([Work(id="w", title="Asthma", type="book")]).splitlines()
    assert "TI  - Asthma" in book
    assert "BTI - Asthma" in book


def test_no_line_is_wider_than_pubmeds_unless_one_word_is() -> None:
    text = write_nbib([ARTICLE.model_copy(update={"abstract": "word " * 100 + "x" * 200})])
    assert all(len(line) <= 88 or " " not in line[6:] for line in text.splitlines())


def test_a_notice_named_by_flag_and_relation_stands_once() -> None:
    work = Work(
        id="w",
        title="T",
        flags=(Flag(kind="retracted", notice_doi="10.5555/n"),),
        related=(Relation(kind="retraction", doi="10.5555/n"), Relation(kind="retracts", doi="10.5555/n")),
    )
    lines = write_nbib([work]).splitlines()
    assert [line for line in lines if line[:3] in ("RIN", "ROF")] == ["RIN - doi: 10.5555/n", "ROF - doi: 10.5555/n"]


def test_initials_of_persian_and_single_names_do_not_fail() -> None:
    work = Work(id="w", title="T", authors=(Author(family="کریمی", given="مینا سارا"), Author(family="Plato"), Author()))
    assert read(work)[0]["AU"] == ["کریمی مس", "Plato"]


@given(
    st.lists(st.text("ab آ", min_size=1, max_size=30).map(lambda text: text.strip() or "x"), min_size=1, max_size=40)
    .map(" ".join)
    .map(str.split)
    .map(" ".join)
)
def test_long_values_are_wrapped_as_textwrap_wraps_them(value: str) -> None:
    (_, *rest) = write_nbib([Work(id="w", title=value)]).split("TI  - ")
    lines = rest[0].removesuffix("PT  - Journal Article\n").rstrip("\n").split("\n      ")
    assert lines == textwrap.wrap(value, 82, break_long_words=False, break_on_hyphens=False)
