"""Evidence: each comparison says one thing with its reason, and what cannot be compared says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from fedsearch.merge import compare
from fedsearch.merge.compare import COMPARISONS, NOTHING_TO_COMPARE, Comparison, Judgement
from fedsearch.merge.fold import Folded, fold_record
from fedsearch.merge.judging import decided, judge
from fedsearch.settings import MergePolicy
from tests.building import POLICY, record


def folded(number: str, **more: Any) -> Folded:
    return fold_record(record("pubmed", number, **more))


def weighed(comparison: Comparison, left: dict[str, Any], right: dict[str, Any]) -> tuple[float, str]:
    here = comparison(folded("1", **left), folded("2", **right), POLICY)
    there = comparison(folded("2", **right), folded("1", **left), POLICY)
    assert here.weight == there.weight, "evidence does not depend on the side"
    return here.weight, here.reason


def book(isbn: str, **more: Any) -> dict[str, Any]:
    return {"type": "book", "isbn": [isbn], **more}


def judged(left: dict[str, Any], right: dict[str, Any]) -> Judgement:
    return judge(folded("1", **left), folded("2", **right), POLICY)


def title(text: str, **more: Any) -> dict[str, Any]:
    return {"title": text, **more}


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.__name__)
def test_every_comparison_explains_itself_to_a_librarian(comparison: Comparison) -> None:
    assert comparison.__doc__
    assert comparison.__doc__.endswith(".")


@pytest.mark.parametrize("comparison", [c for c in COMPARISONS if c is not compare.same_title], ids=lambda comparison: comparison.__name__)
def test_where_a_source_does_not_tell_nothing_is_for_or_against(comparison: Comparison, policy: MergePolicy) -> None:
    told = folded(
        "1", doi="10.1000/1", pmid="1", isbn=["0306406152"], type="other", authors=["Berg S"], published="2008", journal="Gut", pages="1", volume="1", edition="2"
    )  # fmt: skip
    assert comparison(told, folded("2"), policy) is NOTHING_TO_COMPARE
    assert comparison(folded("2"), told, policy) is NOTHING_TO_COMPARE


@pytest.mark.parametrize(
    ("comparison", "left", "right", "weight", "reason"),
    [
        (compare.same_doi, {"doi": "10.1000/A"}, {"doi": "doi:10.1000/a"}, "same_doi", "same DOI, 10.1000/a"),
        (compare.same_doi, {"doi": "10.1000/a"}, {"doi": "10.1000/b"}, "other_doi", "DOIs differ, 10.1000/a and 10.1000/b"),
        (compare.same_pmid, {"pmid": "1"}, {"pmid": "1"}, "same_pmid", "same PMID, 1"),
        (compare.same_pmid, {"pmid": "1"}, {"pmid": "2"}, "other_pmid", "PMIDs differ, 1 and 2"),
        (compare.same_isbn, book("0306406152"), book("9780306406157"), "same_isbn", "same ISBN, 9780306406157"),
        (compare.same_isbn, book("0306406152"), book("9780804429573"), "other_isbn", "no ISBN in common"),
        (compare.same_title, title("Sepsis in the aged."), title("SEPSIS IN THE AGED"), "same_title", "same title"),
        (compare.same_title, title("Editorial"), title("Editorial"), "generic_title", "same title"),
        (compare.same_title, title("Editorial notes"), title("Editoril notes"), "generic_title", None),
        (compare.same_title, title("Sepsis in pregnancy: a study"), title("Sepsis in pregnancy"), "contained_title", "same title but for the subtitle or its end"),
        (compare.same_title, title("Sepsis in late pregnancy: a register study"), title("Sepsis in late pregnancy: an opinion poll"), "unlike_title", None),
        (compare.same_title, book("0306406152", title="Nephrology: a primer"), book("0306406152", title="Nephrology: for nurses"), "contained_title", None),
        (compare.same_title, title("Randomised trial of oedema care"), title("Randomized trial of edema care"), "same_title", "same title"),
        (compare.same_title, title("Early weaning of ventilated people"), title("Erly weaning of ventilated peoples"), "close_title", "titles 97 % alike"),
        (compare.same_title, title("Early weaning of ventilated people in large wards"), title("Early weaning of ventilated people in wards"), "misspelt_title", None),
        (compare.same_title, title("Aspirin against stroke in men"), title("Aspirin against stroke in women"), "other_part", "only one title says “men”"),
        (compare.same_title, title("Effect of atorvastatin on stiff vessels"), title("Effect of rosuvastatin on stiff vessels"), "unlike_title", None),
        (compare.same_title, title("Sepsis in pregnancy"), title("Asthma of the aged"), "other_title", "titles differ"),
        (compare.same_first_author, {"authors": ["Müller K"]}, {"authors": ["Muller, Karl"]}, "same_first_author", "same first author, Müller"),
        (compare.same_first_author, {"authors": ["Müller K"]}, {"authors": ["Mueller K"]}, "same_first_author", None),
        (compare.same_first_author, {"authors": ["Berg S"]}, {"authors": ["Costa R"]}, "other_first_author", "first authors differ"),
        (compare.same_first_author, {"authors": ["*A Group"]}, {"authors": ["*A group."]}, "same_first_author", "same corporate author"),
        (compare.same_year, {"published": "2020"}, {"published": "2020-05"}, "same_year", "same year, 2020"),
        (compare.same_year, {"published": "2020"}, {"published": "2021"}, "next_year", "a year apart, 2020 and 2021"),
        (compare.same_year, {"published": "2020"}, {"published": "2022"}, "other_year", "years differ, 2020 and 2022"),
        (compare.same_journal, {"journal": "Ann Intern Med"}, {"journal": "Annals of Internal Medicine"}, "same_journal", "same journal"),
        (compare.same_journal, {"journal": "X", "issn": ["0028-4793"]}, {"journal": "Y", "issn": ["0028-4793"]}, "same_journal", "same journal (ISSN)"),
        (compare.same_journal, {"journal": "Gut"}, {"journal": "Heart"}, "other_journal", "journals differ"),
        (compare.same_pages, {"pages": "482-91"}, {"pages": "482-491"}, "same_pages", "same first page, 482"),
        (compare.same_pages, {"pages": "2-9"}, {"pages": "10"}, "other_pages", "first pages differ, 2 and 10"),
        (compare.same_pages, {"pages": "233-8, 230-5"}, {"pages": "230-5, 233-8"}, "same_pages", "the same runs of pages, in another order"),
        (compare.same_volume, {"volume": "7"}, {"volume": "۷"}, "same_volume", "same volume, 7"),
        (compare.same_volume, {"volume": "7", "issue": "2"}, {"volume": "7", "issue": "2"}, "same_issue", "same volume and issue, 7 (2)"),
        (compare.same_volume, {"volume": "7"}, {"volume": "8"}, "other_volume", "volumes differ, 7 and 8"),
        (compare.same_volume, {"volume": "1", "type": "book"}, {"volume": "2", "type": "book"}, "other_part", "volumes differ, 1 and 2"),
        (compare.same_edition, {"edition": "20th"}, {"edition": "21st"}, "other_edition", "editions differ, 20 and 21"),
        (compare.same_kind, {"type": "preprint"}, {}, "other_kind", "preprint and article are different publications"),
        (compare.same_numbers, title("Sepsis care, part I"), title("Sepsis care, part II"), "other_part", "numbers in the titles differ"),
    ],
)  # fmt: skip
def test_a_comparison_weighs_what_its_policy_says(
    comparison: Comparison, left: dict[str, Any], right: dict[str, Any], weight: str, reason: str | None
) -> None:
    found = weighed(comparison, left, right)
    assert found[0] == getattr(POLICY.weights, weight)
    assert reason in (None, found[1])


@pytest.mark.parametrize(
    ("comparison", "left", "right"),
    [
        (compare.same_first_author, {"authors": ["Bo S", "Costa R", "Dahl T"]}, {"authors": ["Costa R", "Vale U", "Bo S", "Wu V"]}),
        (compare.same_first_author, {"authors": ["احمدی, علی"]}, {"authors": ["Ahmadi, Ali"]}),
        (compare.same_first_author, {"authors": ["*A Group"]}, {"authors": ["Berg S"]}),
        (compare.same_journal, {"journal": "مجله پرستاری"}, {"journal": "Iran J Nurs"}),
        (compare.same_title, title("سپسیس در بارداری"), title("Sepsis in pregnancy")),
        (compare.same_title, title("Sepsis in pregnancy", languages=["de"]), title("Blutvergiftung bei Schwangeren")),
        (compare.same_numbers, title("Sepsis in pregnancy"), title("Sepsis in pregnancy: a register study, 2001-2010")),
        (compare.same_edition, {"edition": "Rev. ed."}, {"edition": "2nd ed."}),
        (compare.same_year, book("0306406152", published="2011"), book("0306406152", published="2015")),
        (compare.same_pages, {"pages": "1-6", "published": "2013"}, {"pages": "2422-7", "published": "2013", "volume": "27"}),
        (compare.same_isbn, {"isbn": ["0306406152"], "type": "book-chapter"}, {"isbn": ["0306406152"], "type": "book-chapter"}),
        (compare.same_kind, {"type": "book-chapter", "doi": "10.1000/1"}, {"doi": "10.1000/1"}),
        (compare.same_kind, book("0306406152"), {"isbn": ["0306406152"], "type": "report"}),
    ],
)
def test_what_may_only_be_told_otherwise_says_nothing(comparison: Comparison, left: dict[str, Any], right: dict[str, Any]) -> None:
    assert weighed(comparison, left, right)[0] == 0


def test_the_first_author_may_stand_further_down_the_same_list() -> None:
    found = weighed(compare.same_first_author, {"authors": ["Berg S", "Costa R"]}, {"authors": ["Costa R", "Berg S"]})
    assert found == (POLICY.weights.same_authors, "the first author stands in both lists")


@pytest.mark.parametrize("pages", ["12-9", "e045678"])
def test_where_nothing_else_can_begin_a_reworded_title_is_the_same(pages: str) -> None:
    shared = {"volume": "7", "pages": pages}
    left, right = (
        title("Needle for ascites in outpatients of a clinic", **shared),
        title("Device for ascites in outpatients of a clinic", **shared),
    )
    assert weighed(compare.same_title, left, right)[0] == POLICY.weights.misspelt_title


def test_on_a_page_of_abstracts_a_reworded_title_is_another() -> None:
    shared = {"volume": "7", "pages": "A33"}
    left, right = (
        title("Needle for ascites in outpatients of a clinic", **shared),
        title("Device for ascites in outpatients of a clinic", **shared),
    )
    assert weighed(compare.same_title, left, right)[0] == POLICY.weights.unlike_title


def test_a_part_that_only_one_title_names_is_not_taken_for_its_subtitle() -> None:
    left, right = title("Management of sepsis in the ward"), title("Management of sepsis in the ward: part II")
    assert weighed(compare.same_numbers, left, right)[0] == POLICY.weights.other_part
    assert weighed(compare.same_numbers, left, title("Management of sepsis in the ward: 2001-2010"))[0] == 0


def test_reasons_come_weightiest_first() -> None:
    found = judged(
        title("Sepsis in the aged", doi="10.1000/1", published="2020"), title("Sepsis in the aged", doi="10.1000/1", published="2021")
    )
    assert found.reasons == ("same DOI, 10.1000/1", "same title", "a year apart, 2020 and 2021")
    assert (found.verdict, found.weight) == ("same", 11.5)


def test_between_the_thresholds_a_pair_is_unsure() -> None:
    found = judged(title("Sepsis in the aged", authors=["Berg S"]), title("Sepsis in the aged", authors=["Berg S"]))
    assert (found.verdict, found.contradicts) == ("unsure", False)


def test_want_of_evidence_is_different_but_contradicts_nothing() -> None:
    sparse = judged(title("Sepsis in the aged", published="2020"), title("Sepsis in the aged", published="2020"))
    assert (sparse.verdict, sparse.contradicts) == ("different", False)
    against = judged(title("Sepsis in the aged", published="2020"), title("Sepsis in the aged", published="2009"))
    assert (against.verdict, against.contradicts) == ("different", True)


def test_a_librarians_decision_outweighs_everything_and_a_refusal_contradicts() -> None:
    assert decided("a", "b", True).weight > 1_000
    assert decided("a", "b", False).contradicts
    assert not decided("a", "b", True).contradicts


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ({"type": "preprint"}, {}, ("article", "preprint")),
        ({}, {"type": "preprint"}, ("preprint", "article")),
        ({"doi": "10.1002/14651858.cd1.pub3"}, {"doi": "10.1002/14651858.cd1.pub2"}, ("earlier-version", "newer-version")),
        ({"doi": "10.1002/14651858.cd1"}, {"doi": "10.1002/14651858.cd1.pub2"}, ("newer-version", "earlier-version")),
        ({"doi": "10.1000/a.1"}, {"doi": "10.1000/a.2"}, None),
        (
            {"doi": "10.1000/a", "journal": "Thorax", "published": "2018"},
            {"doi": "10.1000/b", "journal": "Eur Respir J", "published": "2018"},
            ("republication", "republication"),
        ),
        ({"type": "book", "edition": "1st"}, {"type": "book", "edition": "2nd"}, ("edition", "edition")),
        ({"type": "book", "volume": "1"}, {"type": "book", "volume": "2"}, None),
        ({"type": "journal"}, {}, None),
    ],
)
def test_publications_that_belong_together_are_related(
    left: dict[str, Any], right: dict[str, Any], relation: tuple[str, str] | None
) -> None:
    shared = title("Airborne spread in hospital wards", authors=["Lim W"])
    assert judged(shared | left, shared | right).relation == relation


def test_versions_of_one_preprint_are_one_work() -> None:
    first, twelfth = ({"type": "preprint", "doi": f"10.21203/rs.3.rs-1/v{number}"} for number in (1, 12))
    assert judged(first, twelfth).verdict == "same"


def test_titles_that_many_share_relate_nothing() -> None:
    assert judged(title("Editorial", type="preprint"), title("Editorial")).relation is None
