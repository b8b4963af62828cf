"""BibTeX entries: types, keys, escaping and balanced braces."""

from __future__ import annotations

from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string

from fedsearch.exports.bibtex import write_bibtex
from fedsearch.model import Author, Identifiers, Work, WorkType

PAYLOADS = Path(__file__).parents[1] / "payloads" / "exports"
ARTICLE = Work.model_validate_json((PAYLOADS / "retracted_article.json").read_bytes())
CHAPTER = Work.model_validate_json((PAYLOADS / "catalogue_chapter.json").read_bytes())


def keys(*works: Work) -> list[str]:
    return [entry.key for entry in parse_string(write_bibtex(works)).entries]


def by(family: str | None, title: str = "Asthma", published: str | None = "2024") -> Work:
    return Work(id="w", title=title, published=published, authors=(Author(family=family),) if family else ())


def test_an_article_is_one_entry_that_latex_can_set() -> None:
    assert write_bibtex([ARTICLE]) == (
        "@article{karimi2024lowdose,\n"
        "  title = {Low-dose statins \\& {mRNA} vaccines in children: 50\\% fewer attacks},\n"
        "  author = {Karimi, Mina-Sara and Morrison, Barclay III and {STAR Trial Group, Shiraz}},\n"
        "  editor = {Handler, Hana},\n"
        "  month = mar,\n"
        "  journal = {Example Journal of Paediatrics},\n"
        "  shortjournal = {Ex J Paediatr},\n"
        "  year = {2024},\n"
        "  volume = {12},\n"
        "  number = {3},\n"
        "  publisher = {Example Medical Press},\n"
        "  address = {Shiraz},\n"
        "  origtitle = {استاتین با دوز کم در کودکان},\n"
        "  issn = {1234-5679, 2049-3630},\n"
        "  pmid = {38000001},\n"
        "  pmcid = {PMC9000001},\n"
        "  language = {English, Persian},\n"
        "  keywords = {statins, wheeze; cough, Asthma, Child},\n"
        "  note = {RETRACTED: notice doi:10.5555/fs.2024.0199, PMID 38000099 (said by PubMed, Crossref). "
        "CORRECTED: notice PMID 38000050 (said by PubMed)},\n"
        "  abstract = {BACKGROUND: Statins may help. METHODS: We gave statins to children for a long time and counted what happened "
        "to them, then we counted again.},\n"
        "  pages = {201--209},\n"
        "  doi = {10.5555/fs_2024.0101},\n"
        "  url = {https://doi.org/10.5555/fs_2024.0101},\n"
        "}\n"
    )


def test_a_chapter_stands_in_its_book() -> None:
    text = write_bibtex([CHAPTER])
    assert text.startswith("@incollection{krymy2019asm,")
    assert "booktitle = {Handbook of the Lung}" in text
    assert "translator = {Sadr, Sara}" in text


@pytest.mark.parametrize(
    ("kind", "entry"), [("book", "book"), ("conference-paper", "inproceedings"), ("thesis", "phdthesis"), ("preprint", "misc")]
)
def test_each_type_of_work_has_its_entry_type(kind: WorkType, entry: str) -> None:
    assert write_bibtex([Work(id="w", title="T", type=kind)]).startswith(f"@{entry}{{")


def test_keys_are_ascii_and_no_two_are_the_same() -> None:
    assert keys(by("Müller-Lüdenscheidt"), by("Smith"), by("Smith"), by("Smith"), by("کریمی"), by(None), by(None, "؟", None)) == [
        "mullerludenscheidt2024asthma",
        "smith2024asthma",
        "smith2024asthmaa",
        "smith2024asthmab",
        "krymy2024asthma",
        "2024asthma",
        "work",
    ]


def test_a_suffixed_key_does_not_meet_a_key_that_ends_in_that_letter() -> None:
    found = keys(by("Smith", "Asthma"), by("Smith", "Asthmaa"), by("Smith", "Asthma"))
    assert len(set(found)) == 3


def test_braces_stay_balanced_and_no_value_ends_early() -> None:
    hostile = Work(id="w", title="A} ,x={y}} @book{evil, title={z\n@book{worse,", authors=(Author(family="Smith and", given="J}"),))
    library = parse_string(write_bibtex([hostile]))
    assert (len(library.entries), library.failed_blocks) == (1, [])
    assert "x" not in library.entries[0].fields_dict


def test_a_backslash_before_a_brace_escapes_nothing() -> None:
    text = write_bibtex([Work(id="w", title=r"\{ \input{secret} \\ DNA\ ~ ^ _ # $")])
    assert r"\textbackslash{}\textbraceleft{} \textbackslash{}input\textbraceleft{}secret\textbraceright{}" in text
    assert text.count("{") == text.count("}")


def test_a_body_whose_name_holds_and_is_one_author() -> None:
    text = write_bibtex([Work(id="w", title="T", authors=(Author(collective="Centers for Health and Care"), Author(family="Plato")))])
    assert "author = {{Centers for Health and Care} and {Plato}}" in text


def test_braces_in_an_address_are_percent_encoded() -> None:
    assert "doi = {10.5555/a%7Bb}" in write_bibtex([Work(id="w", title="T", ids=Identifiers(doi="10.5555/a{b"))])
