"""A duplicate set becomes a work field by field, as the table rules, with who said what."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from fedsearch.merge.fields import joined_relations, merged
from fedsearch.model import Author, Flag, Identifiers, Licence, Link, MeshHeading, Record, Relation, Work
from fedsearch.settings import MergePolicy
from tests.building import POLICY, record


def one(*records: Record, ranks: dict[str, int] | None = None) -> Work:
    """The work of some records, which is the same in any order of theirs."""
    made = merged(records, ranks or {}, (), POLICY)
    assert all(merged(order, ranks or {}, (), POLICY) == made for order in permutations(records))
    return made


def three(field: str, pubmed: Any, crossref: Any, catalogue: Any) -> Work:
    values = {"pubmed": pubmed, "crossref": crossref, "catalogue": catalogue}
    return one(*(record(source, "1", **({} if value is None else {field: value})) for source, value in values.items()))


def test_a_preferred_field_is_the_first_sources_word_and_the_next_ones_where_it_is_silent() -> None:
    assert three("title", "Title of PubMed", "Title of Crossref", "Title").title == "Title of PubMed"
    assert three("volume", None, "12", "13").volume == "12"
    assert three("publisher", "A", "B", "C").publisher == "C"
    assert three("series", None, None, None).series is None


def test_everyone_who_says_the_same_is_named_notation_aside() -> None:
    made = three("title", "Sepsis in the aged", "SEPSIS IN THE AGED.", "Sepsis")
    assert made.provenance["title"] == ("pubmed", "crossref")


def test_a_field_that_nobody_told_has_no_provenance() -> None:
    assert "abstract" not in three("title", "A", "B", "C").provenance


def test_the_longest_abstract_is_taken() -> None:
    made = three("abstract", "Short.", "Much longer than that.", None)
    assert (made.abstract, made.provenance["abstract"]) == ("Much longer than that.", ("crossref",))


def test_the_author_list_is_the_one_that_is_whole_then_long_then_with_names_in_full() -> None:
    cut = record("pubmed", "1", authors=["Aho M", "Berg S", "Cruz L"], authors_complete=False)
    brief = record("crossref", "1", authors=["Aho M", "Berg S"])
    full = record("catalogue", "1", authors=["Aho, Mika", "Berg, Sven"])
    made = one(cut, brief, full)
    assert made.authors == full.authors
    assert made.provenance["authors"] == ("catalogue", "crossref")
    assert made.authors_complete


def test_a_list_of_authors_that_is_cut_short_says_so_and_no_list_does_not() -> None:
    assert not one(record(authors=["Aho M"], authors_complete=False)).authors_complete
    assert one(record()).authors_complete
    assert one(record("pubmed", "1"), record("crossref", "2")).authors_complete


def test_lists_are_united_each_value_once() -> None:
    assert three("keywords", ("Sepsis", "Statins"), ("sepsis",), ("Gout",)).keywords == ("Sepsis", "Statins", "Gout")
    assert three("languages", ("en",), None, ("fa", "en")).languages == ("en", "fa")
    made = three("mesh", (MeshHeading(name="Sepsis", major=True),), None, (MeshHeading(name="Sepsis"), MeshHeading(name="Aged")))
    assert [str(heading) for heading in made.mesh] == ["*Sepsis", "Aged"]
    links = three("links", (Link(url="https://a.example"),), None, (Link(url="https://a.example", label="Full text"),)).links
    assert links == (Link(url="https://a.example", label="Full text"),)
    licences = (Licence(url="https://a.example"), Licence(url="https://a.example", version="vor"))
    assert three("licences", None, licences, None).licences == licences


def test_a_type_that_says_something_goes_before_other() -> None:
    assert three("type", "journal-article", "other", "other").type == "journal-article"
    assert one(record("crossref", "1", type="other"), record("pubmed", "1", type="other")).type == "other"


def test_identifiers_come_together_with_who_said_them() -> None:
    made = one(
        record("pubmed", "1", doi="10.1000/1", pmid="7"),
        record("crossref", "2", doi="10.1000/1", isbn=["0306406152"]),
        record("catalogue", "3", isbn=["9780306406157", "9780804429573"]),
    )
    assert made.ids == Identifiers(doi="10.1000/1", pmid="7", isbn=("9780306406157", "9780804429573"))
    assert {name: made.provenance[name] for name in ("doi", "pmid", "isbn")} == {
        "doi": ("pubmed", "crossref"),
        "pmid": ("pubmed",),
        "isbn": ("crossref", "catalogue"),
    }


def test_every_flag_is_kept_once_a_kind_with_the_notice_that_anyone_names() -> None:
    made = one(
        record("pubmed", "1", flags=(Flag(kind="retracted"), Flag(kind="corrected", notice_pmid="5"))),
        record("crossref", "2", flags=(Flag(kind="retracted", notice_doi="10.1000/n"),)),
    )
    assert [(flag.kind, flag.notice_doi, flag.notice_pmid, flag.said_by) for flag in made.flags] == [
        ("retracted", "10.1000/n", None, ("pubmed", "crossref")),
        ("corrected", None, "5", ("pubmed",)),
    ]


def test_a_work_keeps_its_records_and_their_ranks() -> None:
    made = one(record("crossref", "a", url="https://x.example"), record("pubmed", "1"), ranks={"crossref:a": 3})
    assert made.id == "pubmed:1"
    assert [kept.key for kept in made.records] == ["pubmed:1", "crossref:a"]
    assert [(hit.source, hit.id, hit.rank, hit.url) for hit in made.hits] == [("crossref", "a", 3, "https://x.example")]


def test_a_record_alone_keeps_every_field_as_it_is() -> None:
    alone = record(
        authors=["Aho M"], doi="10.1000/1", journal="Gut", published="2020-01", volume="1", issue="2", pages="3", abstract="A.",
        keywords=("x",), languages=("en",), cited_by=4, edition="2nd", place="Tehran", series="S", publisher="P", issn=("0028-4793",),
    )  # fmt: skip
    made = one(alone)
    shared = set(Record.model_fields) & set(Work.model_fields) - {"id"}
    assert {name: getattr(made, name) for name in shared} == {name: getattr(alone, name) for name in shared}
    assert set(made.provenance.values()) == {("pubmed",)}


def test_the_policys_table_rules(policy: MergePolicy) -> None:
    rule = policy.fields["title"].model_copy(update={"sources": ("crossref", "pubmed")})
    other = policy.model_copy(update={"fields": {**policy.fields, "title": rule}})
    made = merged((record("pubmed", "1", title="A"), record("crossref", "1", title="B")), {}, (), other)
    assert (made.title, made.id) == ("B", "crossref:1")


# Relations


@pytest.mark.parametrize(
    ("relations", "joined"),
    [
        (
            [Relation(kind="preprint", doi="10.1101/1"), Relation(kind="preprint", doi="10.1101/1", note="v2")],
            [Relation(kind="preprint", doi="10.1101/1", note="v2")],
        ),
        (
            [Relation(kind="retraction", pmid="9", note="told"), Relation(kind="retraction", doi="10.1000/n", pmid="9")],
            [Relation(kind="retraction", doi="10.1000/n", pmid="9", note="told")],
        ),
        (
            [Relation(kind="comment", doi="10.1000/c"), Relation(kind="correction", doi="10.1000/c")],
            [Relation(kind="comment", doi="10.1000/c"), Relation(kind="correction", doi="10.1000/c")],
        ),
        ([Relation(kind="version", doi="10.1000/own"), Relation(kind="version", pmid="1")], []),
        (
            [Relation(kind="comment", doi="10.1000/s", work_id="a:1"), Relation(kind="comment", doi="10.1000/s", work_id="a:2")],
            [Relation(kind="comment", doi="10.1000/s", work_id="a:1"), Relation(kind="comment", doi="10.1000/s", work_id="a:2")],
        ),
    ],
)
def test_a_relation_is_said_once_with_all_that_is_known_of_the_other(relations: list[Relation], joined: list[Relation]) -> None:
    assert joined_relations(relations, Identifiers(doi="10.1000/own", pmid="1")) == tuple(joined)


def test_editors_of_a_book_are_merged_as_authors_are() -> None:
    book = record("catalogue", "1").model_copy(update={"authors": (Author(family="Farsi", given="Reza", role="editor"),)})
    assert one(record("pubmed", "1"), book).authors == book.authors
