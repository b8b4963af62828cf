"""PubMed's XML -> Records, on small sets written for the case."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.errors import SourceBroken, SourceUnreadable
from fedsearch.model import Author, Flag, Link, MeshHeading, Record, Relation

PAYLOADS = Path(__file__).parents[1] / "payloads" / "pubmed"


def records(name: str) -> dict[str, Record]:
    found, _, _ = parse_articles((PAYLOADS / name).read_bytes())
    return {record.id: record for record in found}


@pytest.fixture(scope="module")
def trial() -> Record:
    return records("answer.xml")["90000001"]


@pytest.fixture(scope="module")
def persian() -> Record:
    return records("answer.xml")["90000002"]


def with_title(inner: str) -> Record:
    article = f"<ArticleTitle>{inner}</ArticleTitle><Language>eng</Language>"
    body = f"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article>{article}</Article></MedlineCitation></PubmedArticle>"
    return parse_articles(body.encode())[0][0]


def test_markup_in_a_title_leaves_its_words_and_spaces(trial: Record) -> None:
    assert trial.title == "Inhaled CO2 and Aspergillus fumigatus in asthma: a randomized trial"


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("In <i>E. coli</i>, <b>two</b> genes.", "In E. coli, two genes"),
        ("Over\n   two <i>long\n lines</i>.", "Over two long lines"),
        (
            'A <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">\n <mml:mrow>\n  <mml:mi>f</mml:mi>\n  <mml:mo>=</mml:mo>'
            "<mml:mfrac><mml:mn>1</mml:mn> <mml:mn>2</mml:mn></mml:mfrac></mml:mrow></mml:math> rule.",
            "A f=1/2 rule",
        ),
        ("Less &lt; more &amp; more.", "Less < more & more"),
    ],
)
def test_inline_elements_become_text(inner: str, title: str) -> None:
    assert with_title(inner).title == title


def test_the_doi_and_pmcid_are_the_articles_own_and_not_those_of_its_references(trial: Record) -> None:
    assert (trial.ids.doi, trial.ids.pmid, trial.ids.pmcid) == ("10.1056/example2021", "90000001", "PMC9000001")


def test_only_a_valid_electronic_doi_stands_in_where_the_list_has_none(persian: Record) -> None:
    assert persian.ids.doi == "10.1000/tanaffos.988"


def test_authors_keep_given_names_suffixes_and_bodies_and_the_list_says_that_it_is_cut(trial: Record) -> None:
    assert trial.authors == (
        Author(family="Karimi", given="Sara M"),
        Author(family="Smith", given="John A Jr"),
        Author(collective="CO2 Study Group"),
    )
    assert trial.authors_complete is False


def test_the_issue_is_told_whole(trial: Record) -> None:
    assert (trial.journal, trial.journal_abbreviation) == ("The New England journal of medicine", "N Engl J Med")
    assert trial.issn == ("1533-4406", "0028-4793")
    assert (trial.published, trial.published_online) == ("2021-02-11", "2020-12-05")
    assert (trial.volume, trial.issue, trial.pages) == ("384", "6", "482-491")
    assert (trial.languages, trial.type) == (("en",), "journal-article")
    assert trial.publication_types == ("Journal Article", "Randomized Controlled Trial")
    assert trial.url == "https://pubmed.ncbi.nlm.nih.gov/90000001/"


def test_the_sections_of_an_abstract_keep_their_labels(trial: Record) -> None:
    assert trial.abstract == "BACKGROUND: Little is known of CO2.\nRESULTS: Risk fell (P < 0.001)."


def test_mesh_headings_keep_qualifiers_and_stars(trial: Record) -> None:
    assert [str(heading) for heading in trial.mesh] == ["Asthma/*drug therapy/mortality", "*Carbon Dioxide", "Humans"]
    assert trial.mesh[0] == MeshHeading(
        name="Asthma", major=True, qualifiers=("drug therapy", "mortality"), major_qualifiers=("drug therapy",)
    )


def test_keywords_come_without_their_full_stops(trial: Record) -> None:
    assert trial.keywords == ("carbon dioxide", "wheeze")


def test_pubmed_central_is_a_link_to_the_full_text(trial: Record) -> None:
    assert trial.links == (Link(url="https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/", label="PubMed Central", kind="full-text"),)


def test_an_erratum_is_a_flag_and_a_relation_and_a_mere_reference_is_neither(trial: Record) -> None:
    assert trial.flags == (Flag(kind="corrected", notice_doi="10.1056/example-err", notice_pmid="90000077", said_by=("pubmed",)),)  # type: ignore[arg-type]
    assert [(each.kind, each.pmid) for each in trial.related] == [("correction", "90000077"), ("comment", "90000078")]


def test_a_translated_title_loses_its_brackets_and_stands_beside_the_vernacular_one(persian: Record) -> None:
    assert (persian.title, persian.vernacular_title) == ("Asthma in the schools of Shiraz", "آسم در مدارس شیراز")
    assert persian.languages == ("fa", "en")


def test_what_is_not_told_is_absent(persian: Record) -> None:
    assert persian.published == "2019"
    assert (persian.issue, persian.published_online, persian.abstract, persian.ids.pmcid) == (None, None, None, None)
    assert (persian.authors, persian.mesh, persian.flags, persian.issn) == ((), (), (), ())


def test_an_article_number_stands_for_pages_where_there_are_none(persian: Record) -> None:
    assert persian.pages == "e000988"


def test_the_medline_abbreviation_serves_where_the_iso_one_is_missing(persian: Record) -> None:
    assert persian.journal_abbreviation == "Tanaffos"


def test_another_abstract_serves_only_where_there_is_none() -> None:
    citation = (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T.</ArticleTitle>{}<Language>eng</Language></Article>"
        '<OtherAbstract Type="AAMC" Language="spa"><AbstractText>Otro.</AbstractText></OtherAbstract>'
        '<OtherAbstract Type="PIP" Language="eng"><AbstractText Label="UNLABELLED">Other.</AbstractText></OtherAbstract>'
        "</MedlineCitation></PubmedArticle>"
    )
    assert parse_articles(citation.format("").encode())[0][0].abstract == "Other."
    own = "<Abstract><AbstractText>Own.</AbstractText></Abstract>"
    assert parse_articles(citation.format(own).encode())[0][0].abstract == "Own."


def test_a_retracted_article_carries_its_notice_once() -> None:
    retracted = records("notices.xml")["90000031"]
    assert [(flag.kind, flag.notice_doi, flag.notice_pmid) for flag in retracted.flags] == [
        ("concern", "10.1000/concern", None),
        ("retracted", "10.1000/notice", "90000032"),
    ]
    assert retracted.related[1] == Relation(
        kind="retraction", doi="10.1000/notice", pmid="90000032", note="Test J. 2021;2:3. doi: 10.1000/NOTICE."
    )


def test_a_notice_of_retraction_is_not_itself_retracted() -> None:
    notice = records("notices.xml")["90000032"]
    assert notice.flags == ()
    assert notice.type == "journal-article"
    assert [(each.kind, each.pmid) for each in notice.related] == [("retracts", "90000031")]


def test_a_title_that_says_withdrawn_is_a_flag() -> None:
    assert [flag.kind for flag in records("notices.xml")["90000033"].flags] == ["withdrawn"]


def test_a_preprint_knows_its_article_and_the_article_its_preprint() -> None:
    found = records("notices.xml")
    preprint, article = found["90000034"], found["90000035"]
    assert preprint.type == "preprint"
    assert [flag.kind for flag in preprint.flags] == ["preprint"]
    assert [(each.kind, each.pmid, each.doi) for each in preprint.related] == [("article", "90000035", "10.1000/final")]
    assert [(each.kind, each.pmid) for each in article.related] == [("preprint", "90000034"), ("earlier-version", "90000036")]
    assert article.type == "guideline"


def test_a_chapter_names_its_book_editors_and_own_date() -> None:
    chapter = records("books.xml")["90000041"]
    assert (chapter.type, chapter.title, chapter.journal) == ("book-chapter", "How not to diagnose", "A Handbook of Made-up Diseases®")
    assert chapter.authors == (Author(family="Writer", given="Ann"), Author(family="Keeper", given="Bea", role="editor"))
    assert (chapter.published, chapter.edition, chapter.series) == ("2006-02-15", "2nd", "Handbooks for Testing")
    assert (chapter.publisher, chapter.place) == ("Test University Press", "Shiraz")
    assert chapter.ids.isbn == ("9780306406157",)
    assert chapter.ids.doi is None
    assert chapter.links == (Link(url="https://www.ncbi.nlm.nih.gov/books/NBK900041/", label="NCBI Bookshelf", kind="full-text"),)


def test_a_book_stands_for_itself() -> None:
    book = records("books.xml")["90000042"]
    assert (book.type, book.title, book.journal) == ("book", "A Handbook of Made-up Diseases", None)
    assert (book.authors, book.published, book.ids.doi) == ((Author(collective="A committee"),), "2009-02", "10.1000/whole-book")


def test_untitled_and_unreadable_records_are_counted_and_the_rest_is_read() -> None:
    found, unreadable, untitled = parse_articles((PAYLOADS / "mixed_quality.xml").read_bytes())
    assert [record.title for record in found] == ["Readable"]
    assert (unreadable, untitled) == (2, 1)


def test_an_empty_set_holds_nothing() -> None:
    assert parse_articles(b"<PubmedArticleSet></PubmedArticleSet>") == ([], 0, 0)


def test_an_error_in_place_of_records_says_that_pubmed_is_broken() -> None:
    with pytest.raises(SourceBroken):
        parse_articles((PAYLOADS / "efetch_error.xml").read_bytes())


@pytest.mark.parametrize(
    "body",
    [b"", b"no markup", b"<html><body/></html>", (PAYLOADS / "garbage.html").read_bytes(), (PAYLOADS / "answer.xml").read_bytes()[:2000]],
    ids=["empty", "text", "html", "outage", "truncated"],
)
def test_what_is_no_set_of_records_is_unreadable(body: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        parse_articles(body)


def test_entities_of_its_own_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    article = b"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T &b;</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    assert parse_articles(bomb + article)[0][0].title == "T"
