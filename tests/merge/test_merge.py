"""The door of the room: labelled pairs, no chains, no order of arrival, every record in one work, and nothing lost."""

from __future__ import annotations

import tomllib
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.merge import merge, merge_records
from fedsearch.merge.fold import fold_record
from fedsearch.merge.judging import judge
from fedsearch.model import Flag, Hit, Page, Record, Relation, SourceId, Strategy, Work
from fedsearch.settings import MergePolicy
from tests.building import POLICY, page, record

PAIRS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("pairs.toml").read_text(encoding="utf-8"))["pair"]
TITLE = "Airborne spread in hospital wards"


def two(pair: dict[str, Any]) -> tuple[Record, Record]:
    both = pair.get("both", {})
    return record("crossref", "left", **{**both, **pair["left"]}), record("pubmed", "right", **{**both, **pair["right"]})


def works(*records: Record) -> tuple[Work, ...]:
    return merge_records(records, {}, POLICY)


def sets(*records: Record) -> set[str]:
    """Which record numbers stand together."""
    return {" ".join(sorted(one.id for one in made.records)) for made in works(*records)}


def verdict(*pair: Record) -> str:
    made = works(*pair)
    if len(made) == 1:
        return "same"
    named = [{relation.work_id for relation in one.related} for one in made]
    return "linked" if named == [{made[1].id}, {made[0].id}] else "apart" if named == [set(), set()] else f"half linked: {named}"


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["note"] for pair in PAIRS])
def test_a_labelled_pair_is_what_its_label_says(pair: dict[str, Any]) -> None:
    left, right = two(pair)
    assert verdict(left, right) == verdict(right, left) == pair["want"]


def test_there_are_pairs_of_every_kind() -> None:
    assert len(PAIRS) >= 30
    assert {pair["want"] for pair in PAIRS} == {"same", "linked", "apart"}
    assert all(pair["note"] for pair in PAIRS)


# No chain through a third record

SEPSIS: dict[str, Any] = {"authors": ["Berg S"], "journal": "Chest", "published": "2008", "volume": "133"}
ARTICLE: dict[str, Any] = {
    "authors": ["Vale S"],
    "journal": "J Inflamm",
    "published": "2012",
    "title": "Curcumin lowers interleukin-6 in sepsis",
}
BOOK: dict[str, Any] = {"type": "book", "title": "Principles of internal medicine", "authors": ["Jamison, J. Larry"]}
CHAINS = {
    "two parts and a record that names none": (
        record("pubmed", "i", title="Management of sepsis. Part I", pages="112-20", **SEPSIS),
        record("crossref", "any", title="Management of sepsis", **SEPSIS),
        record("pubmed", "ii", title="Management of sepsis. Part II", pages="121-30", **SEPSIS),
    ),
    "a preprint, its article, and a record that carries relations to both": (
        record("crossref", "preprint", title=TITLE, authors=["Lim W"], type="preprint", doi="10.1101/1", published="2020"),
        record(
            "crossref",
            "both",
            title=TITLE,
            authors=["Lim W"],
            published="2020",
            related=(Relation(kind="preprint", doi="10.1101/1"), Relation(kind="version", doi="10.1000/1")),
        ),
        record("pubmed", "article", title=TITLE, authors=["Lim W"], doi="10.1000/1", journal="J Hosp Infect", published="2021"),
    ),
    "two editions and a catalogue record that names none": (
        record("catalogue", "20", edition="20th ed.", published="2018", isbn=["9781259644030"], **BOOK),
        record("catalogue", "any", **BOOK),
        record("catalogue", "21", edition="21st ed.", published="2022", isbn=["9781264268504"], **BOOK),
    ),
    "an article, the article with a remark on its erratum, and the erratum": (
        record("pubmed", "article", pages="40-8", **ARTICLE),
        record("crossref", "remark", **{**ARTICLE, "title": f"{ARTICLE['title']} [Erratum appears in J Inflamm. 2013;10:3]"}),
        record("pubmed", "notice", pages="99", **{**ARTICLE, "title": f"Erratum: {ARTICLE['title']}"}),
    ),
}


@pytest.mark.parametrize("records", CHAINS.values(), ids=CHAINS)
def test_a_third_record_never_joins_two_publications(records: tuple[Record, Record, Record]) -> None:
    first, _, last = (one.id for one in records)
    for order in permutations(records):
        made = sets(*order)
        assert not any({first, last} <= set(joined.split()) for joined in made)
        assert made == sets(*records)


def test_a_sparse_record_joins_the_one_it_shares_an_identifier_with_whoever_else_is_there() -> None:
    whole = record("pubmed", "whole", title=TITLE, authors=["Lim W"], journal="J Hosp Infect", published="2021", doi="10.1000/1")
    plain = record("catalogue", "plain", title=TITLE, authors=["Lim W"], journal="J Hosp Infect", published="2021")
    sparse = record("crossref", "sparse", title=TITLE, doi="10.1000/1")
    assert sets(whole, plain, sparse) == {"plain sparse whole"}


# The order of arrival


def pages() -> list[Page]:
    shared: dict[str, Any] = {"title": TITLE, "authors": ["Lim W", "Horn P"], "published": "2021", "journal": "J Hosp Infect"}
    retracted: dict[str, Any] = {"flags": (Flag(kind="retracted", notice_doi="10.1000/n"),)}
    return [
        page(record("pubmed", "1", doi="10.1000/1", **shared, **retracted), record("pubmed", "2", title="Another matter", authors=["Ito H"])),
        page(record("crossref", "10.1000/1", doi="10.1000/1", **shared), record("crossref", "10.1101/1", **{**shared, "type": "preprint", "doi": "10.1101/1"})),
        page(record("catalogue", "hl1", **shared), record("catalogue", "hl2", type="book", **{**shared, "title": "Hospital wards"})),
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_of_arrival_gives_the_same_works(order: tuple[int, ...]) -> None:
    arrived = pages()
    assert merge([arrived[at] for at in order], POLICY) == merge(pages(), POLICY)


def test_one_source_asked_twice_is_merged_the_same_in_either_order() -> None:
    def answer(title: str, rank: int) -> Page:
        return Page(SourceId("pubmed"), (Hit(rank, record("pubmed", "1", title=title)),), 1, Strategy(text="x"))

    first, second = answer("Title", 3), answer("Title as corrected", 1)
    made = merge([first, second], POLICY)
    assert made == merge([second, first], POLICY)
    assert [hit.rank for hit in made[0].hits] == [1]


titles = st.sampled_from(
    ["Management of sepsis", "Management of sepsis. Part I", "Management of sepsis. Part II", "Erratum: Management of sepsis", "Reply",
     "RETRACTED: Management of sepsis", "مدیریت سپسیس", "Early mobilisation after stroke", "Early mobilization after stroke: a trial"]
)  # fmt: skip


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


drawn_records = st.lists(
    st.builds(
        lambda source, title, authors, **more: (source, {"title": title, "authors": [authors] if authors else [], **more}),
        st.sampled_from(["pubmed", "crossref", "catalogue"]),
        titles,
        maybe("Berg S", "Vale, Sara", "*A Group"),
        doi=maybe("10.1000/1", "10.1000/2"),
        pmid=maybe("11", "22"),
        published=maybe("2008", "2009", "2015"),
        journal=maybe("Chest", "Gut"),
        pages=maybe("1-9", "10-19"),
        volume=maybe("1", "2"),
        type=st.sampled_from(["journal-article", "preprint", "book", "other"]),
        flags=st.sampled_from([(), (Flag(kind="retracted"),)]),
        related=st.sampled_from([(), (Relation(kind="preprint", doi="10.1000/2"),), (Relation(kind="retracts", doi="10.1000/1"),)]),
    ),
    min_size=1,
    max_size=7,
).map(lambda drawn: [record(source, str(number), **more) for number, (source, more) in enumerate(drawn)])


@given(st.data(), drawn_records)
def test_shuffled_records_give_the_same_works(data: st.DataObject, records: list[Record]) -> None:
    assert works(*data.draw(st.permutations(records))) == works(*records)


@given(drawn_records)
def test_every_record_is_in_exactly_one_work(records: list[Record]) -> None:
    assert sorted(one.key for made in works(*records) for one in made.records) == sorted(one.key for one in records)


@given(drawn_records)
def test_no_two_records_of_a_work_contradict_one_another(records: list[Record]) -> None:
    for made in works(*records):
        for left, right in combinations(made.records, 2):
            assert not contradict(left, right)


def contradict(left: Record, right: Record) -> bool:
    first, second = sorted((fold_record(left), fold_record(right)), key=lambda folded: folded.key)
    return judge(first, second, POLICY).contradicts


@given(drawn_records)
def test_no_retracted_flag_is_ever_lost(records: list[Record]) -> None:
    flagged = {one.key for one in records if one.flags}
    for made in works(*records):
        assert bool(made.flags) == any(one.key in flagged for one in made.records)


@given(drawn_records)
def test_merging_a_merged_list_changes_nothing(records: list[Record]) -> None:
    once = works(*records)
    assert works(*(one for made in once for one in made.records)) == once


@given(drawn_records)
def test_every_link_inside_a_list_is_named_on_both_sides(records: list[Record]) -> None:
    made = {one.id: one for one in works(*records)}
    for one in made.values():
        for relation in one.related:
            if relation.work_id:
                assert relation.work_id != one.id
                assert any(back.work_id == one.id for back in made[relation.work_id].related)


def test_pages_without_records_give_no_works() -> None:
    assert merge([], POLICY) == merge([page()], POLICY) == ()


# Links and flags


def test_a_link_that_one_source_tells_is_shown_on_both_works() -> None:
    article = record(
        "pubmed", "1", title="Airborne spread in wards", doi="10.1000/1", related=(Relation(kind="preprint", doi="10.1101/1"),)
    )
    preprint = record("crossref", "2", title="A wholly other title before review", doi="10.1101/1", type="preprint")
    made = {one.id: one for one in works(article, preprint)}
    assert [(r.kind, r.work_id) for r in made["pubmed:1"].related] == [("preprint", "crossref:2")]
    assert [(r.kind, r.work_id) for r in made["crossref:2"].related] == [("article", "pubmed:1")]


def test_a_link_to_a_work_outside_the_list_is_kept_as_told() -> None:
    (made,) = works(record(related=(Relation(kind="correction", doi="10.1000/n", note="2013;10:3"),)))
    assert made.related == (Relation(kind="correction", doi="10.1000/n", note="2013;10:3"),)


def test_the_retracted_flag_survives_the_merge_with_everyone_who_says_so() -> None:
    shared = {"title": TITLE, "doi": "10.1000/1"}
    flagged = record("crossref", "2", flags=(Flag(kind="retracted", notice_doi="10.1000/n"),), **shared)
    (made,) = works(
        record("pubmed", "1", flags=(Flag(kind="retracted", notice_pmid="99"),), **shared), flagged, record("catalogue", "3", **shared)
    )
    assert made.flags == (
        Flag(kind="retracted", notice_doi="10.1000/n", notice_pmid="99", said_by=(SourceId("pubmed"), SourceId("crossref"))),
    )


def test_the_reasons_of_a_merge_are_kept() -> None:
    (made,) = works(record("pubmed", "1", title=TITLE, doi="10.1000/1"), record("crossref", "2", title=TITLE, doi="10.1000/1"))
    assert made.merged_because == ("same DOI, 10.1000/1", "same title")


# A librarian's decision


def test_a_decision_outweighs_the_evidence(policy: MergePolicy) -> None:
    left, right = record("pubmed", "1", title=TITLE, doi="10.1000/1"), record("crossref", "2", title=TITLE, doi="10.1000/1")
    assert len(merge_records((left, right), {}, policy, {("crossref:2", "pubmed:1"): False})) == 2
    other = record("crossref", "2", title="Another matter", doi="10.1000/2")
    (made,) = merge_records((left, other), {}, policy, {("crossref:2", "pubmed:1"): True})
    assert made.merged_because == ("a librarian decided: the same",)


def test_a_decision_on_records_that_are_not_there_changes_nothing(policy: MergePolicy) -> None:
    assert merge_records((record(),), {}, policy, {("crossref:2", "pubmed:9"): True}) == works(record())
