"""Each format's reader on exports in the notation of real programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedsearch.dedupe.bibtex import plain, read_bibtex
from fedsearch.dedupe.entries import Entry
from fedsearch.dedupe.reading import read_files
from fedsearch.errors import DedupeError
from fedsearch.model import Author, Flag, SourceId

PAYLOADS = Path(__file__).parents[1] / "payloads" / "dedupe"
ABSTRACT = "BACKGROUND: We walked.\nRESULTS: it helped."


def entries(name: str) -> list[Entry]:
    return read_files([PAYLOADS / name])[0]


def written(folder: Path, name: str, text: str) -> list[Entry]:
    (folder / name).write_bytes(text.encode())
    return read_files([folder / name])[0]


def test_ris_of_ovid_is_read_whole() -> None:
    article = entries("ovid.ris")[0].record
    assert (article.title, article.journal, article.journal_abbreviation) == (
        "Early mobilisation after hip fracture surgery",
        "Journal of Made-up Surgery",
        "J Madeup Surg",
    )
    assert (article.volume, article.issue, article.pages, article.published) == ("11", "4", "482-491", "2021-04-02")
    assert (article.ids.doi, article.ids.pmid, article.issn) == ("10.5555/fs.2021.1", "38000001", ("1234-5679",))
    assert article.authors == (Author(family="Karimi", given="Mina"), Author(family="Hosseini-Tehrani", given="Ali"))
    assert (article.abstract, article.keywords, article.type, article.source) == (
        ABSTRACT,
        ("Hip Fractures",),
        "journal-article",
        "Ovid MEDLINE(R)",
    )


def test_books_and_chapters_in_ris() -> None:
    _, book, chapter, _ = (entry.record for entry in entries("ovid.ris"))
    assert (book.type, book.ids.isbn, book.publisher, book.place) == ("book", ("9780306406157",), "Test Press", "Shiraz")
    assert book.authors == (Author(family="Writer", given="Ann"), Author(family="Keeper", given="Bea", role="editor"))
    assert (chapter.type, chapter.journal) == ("book-chapter", "A handbook of made-up diseases")
    assert chapter.authors == (Author(collective="WHO Study Group"), Author(family="Keeper", given="Bea", role="editor"))


def test_an_entry_of_ris_without_end_ends_at_the_next_one() -> None:
    assert [entry.fault for entry in entries("ovid.ris")] == ["", "", "", "no title"]


def test_csv_of_scopus_is_read_whole() -> None:
    article, review = (entry.record for entry in entries("scopus.csv"))
    assert article.authors == (Author(family="Karimi", given="M."), Author(family="Hosseini-Tehrani", given="A."))
    assert (article.pages, article.issn, article.languages, article.source) == ("482-491", ("1234-5679",), ("en",), "Scopus")
    assert article.abstract == 'Background: "We" walked.\nResults: it helped.'
    assert article.keywords == ("hip", "walking")
    assert review.authors == (Author(family="Hansen", given="K."), Author(family="van der Berg", given="P."))
    assert (review.pages, review.type) == ("e12", "journal-article")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_and_persian_headings(delimiter: str, tmp_path: Path) -> None:
    text = (
        "\ufeff"
        + "\r\n".join(delimiter.join(row) for row in (("عنوان", "نویسندگان", "سال", "مجله"), ("خواب", "احمدی", "۱۴۰۰", "مجله پزشکی")))
        + "\r\n"
    )
    (only,) = written(tmp_path, "a.csv", text)
    assert (only.record.title, only.record.journal, only.record.published) == ("خواب", "مجله پزشکی", "2021")


def test_a_quotation_mark_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    found = written(tmp_path, "a.csv", 'title,year\n"lost,2020\nkept,2021\n5" of rain,2022\n')
    assert [entry.record.title for entry in found] == ["[unreadable record]", "kept", '5" of rain']
    assert found[0].fault.startswith("a quotation mark that is never closed")
    assert found[0].record.abstract == '"lost,2020\n'


def test_a_guarded_cell_of_our_own_loses_its_guard(tmp_path: Path) -> None:
    (only,) = written(tmp_path, "a.csv", "title,notes\n'=1+1 and other sums,RETRACTED: notice doi:10.5555/n (said by PubMed)\n")
    assert only.record.title == "=1+1 and other sums"
    assert only.record.flags == (Flag(kind="retracted", notice_doi="10.5555/n", said_by=(SourceId("pubmed"),)),)


def test_a_source_beside_no_journal_is_the_journal(tmp_path: Path) -> None:
    (only,) = written(tmp_path, "central.csv", "Title,Author(s),Source,Year\nWalking,Hansen K,Sleep Letters,2020\n")
    assert (only.record.journal, only.record.source) == ("Sleep Letters", "central")


def test_bibtex_is_read_as_people_see_it() -> None:
    article, broken, book = entries("zotero.bib")
    assert article.record.title == "Early mobilisation after hip fracture surgery: TNF-α & 5% of Müller's patients"
    assert article.record.authors == (
        Author(family="Karimi", given="Mina"),
        Author(collective="HIPFAST and Friends Group"),
        Author(family="Müller", given="Jörg"),
        Author(family="van Damme", given="Pierre"),
    )
    assert not article.record.authors_complete
    assert (article.record.journal, article.record.published, article.record.pages) == ("Journal of Made-up Surgery", "2021-04", "482-491")
    assert (article.record.ids.doi, article.name) == ("10.5555/fs_2021.1", "karimi2021")
    assert (broken.fault, broken.text.startswith("@article{broken")) == ("an entry whose braces never close", True)
    assert (book.record.title, book.record.ids.isbn) == ("A handbook: Made-up diseases", ("9780306406157",))
    assert book.record.authors == (Author(family="Writer", given="Ann Jr."),)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Erd\H{o}s, \v{S}koda, \c{c}, \'{\i}ndice, \~n, \o{}re, stra\ss e", "Erdős, Škoda, ç, índice, ñ, øre, straße"),
        (r"\emph{in vivo} $H_{2}O$ \textit{x} \% \# \$5", "in vivo H2O x % # $5"),
        (r"\textbraceleft{}a\textbraceright{} \textbackslash{} \textasciitilde{} a~b", "{a} \\ ~ a b"),
        ("no commands at all", "no commands at all"),
    ],
)
def test_latex_letters_and_signs(latex: str, text: str) -> None:
    assert plain(latex) == text


def test_an_entry_in_parentheses_is_an_entry() -> None:
    (draft,) = read_bibtex('@article(key, title = "One (two) three", year = 1999)')
    assert draft.members == {"type": "article", "id": "key", "title": "One (two) three", "year": "1999"}


def test_nbib_without_a_pmid_is_read_under_the_name_of_its_file() -> None:
    with_pmid, without, tagless, untitled = entries("without_pmid.nbib")
    assert (with_pmid.record.key, with_pmid.name) == ("pubmed:38000001", "38000001")
    assert (without.record.source, without.record.id, without.record.url) == ("without_pmid", "without_pmid-2", None)
    assert without.record.flags == (Flag(kind="corrected", notice_doi="10.5555/notice", said_by=(SourceId("crossref"),)),)
    assert (tagless.fault, untitled.fault) == ("no line of it has a tag", "no title")


def test_json_lines_are_read_with_members_in_any_notation() -> None:
    first, second, preprint, untitled, persian, broken, not_object = entries("mixed.jsonl")
    assert first.record.ids.doi == second.record.ids.doi == "10.5555/fs.2021.1"
    assert first.record.pages == second.record.pages == "482-491"
    assert (second.record.issue, second.record.issn, second.record.year) == (None, ("1234-5679",), 2021)
    assert (preprint.record.type, preprint.record.flags[0].kind) == ("preprint", "preprint")
    assert (persian.record.published, persian.record.source) == ("2020", "mixed")
    assert untitled.fault == "no title"
    assert broken.fault.startswith("not JSON")
    assert not_object.fault == "JSON, but not an object"


@pytest.mark.parametrize(
    "member",
    ['"year": 1e999', '"year": NaN', '"volume": {"a": 1}', '"authors": {"a": [1]}', '"doi": ["10.5555/x"]', '"flags": [{"kind": "x"}, 1]',
     '"related": [{"kind": "preprint", "doi": 5}]', '"published": "2021-99-99"', '"isbn": 12, "pages": ["1", "2"]', '"id": {"a": 1}',
     '"title2": "\\ud800", "journal": "\\ud800"', '"ids": 5, "records": [1]', '"languages": {"a": 1}, "language": 5', '"notes": {"a": 1}, "url": 1'],
)  # fmt: skip
def test_members_of_unexpected_kinds_never_break_an_entry(member: str, tmp_path: Path) -> None:
    (only,) = written(tmp_path, "a.jsonl", f'{{"title": "A title of its own", {member}}}\n')
    assert (only.fault, only.record.title) == ("", "A title of its own")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ris", "title,year\nx,2020\n"),
        ("a.bib", "TY  - JOUR\nTI  - x\nER  - \n"),
        ("a.nbib", "title,year\nx,2020\n"),
        ("a.csv", "TY  - JOUR\nTI  - x\nER  - \n"),
        ("a.jsonl", "TY  - JOUR\nTI  - x\nER  - \n"),
        ("a.jsonl", "\x00\x01\x02\n"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(DedupeError, match=r"a\.\w+: .*"):
        written(tmp_path, name, text)


@pytest.mark.parametrize("name", ["a.ris", "a.bib", "a.nbib", "a.csv", "a.jsonl"])
@pytest.mark.parametrize("text", ["", "\n \r\n", "\ufeff"])
def test_an_empty_file_holds_nothing_and_is_no_fault(name: str, text: str, tmp_path: Path) -> None:
    assert written(tmp_path, name, text) == []
