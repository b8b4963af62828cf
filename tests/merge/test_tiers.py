"""How strong a kind of study: by its indexing where there is one, else by its own words."""

from __future__ import annotations

import pytest

from fedsearch.merge.tiers import study_evidence
from fedsearch.model import MeshHeading


def told(*types: str, mesh: tuple[str, ...] = (), title: str = "Statins in old age", abstract: str | None = None) -> tuple[str, str]:
    found = study_evidence(types, [MeshHeading(name=name) for name in mesh], title, abstract)
    return found.tier, found.basis


@pytest.mark.parametrize(
    ("types", "tier"),
    [
        (("Journal Article", "Practice Guideline"), "guideline"),
        (("Meta-Analysis", "Review"), "systematic-review"),
        (("Systematic Review",), "systematic-review"),
        (("Randomized Controlled Trial", "Multicenter Study"), "randomised-trial"),
        (("Clinical Trial, Phase III",), "clinical-trial"),
        (("Observational Study",), "observational"),
        (("Case Reports", "Review"), "case-report"),
        (("Journal Article", "Review"), "review"),
        (("Letter",), "editorial"),
        (("Editorial", "Comment"), "editorial"),
    ],
)
def test_the_strongest_publication_type_gives_the_tier(types: tuple[str, ...], tier: str) -> None:
    assert told(*types) == (tier, "indexed")


def test_a_study_heading_serves_where_no_type_tells() -> None:
    assert told("Journal Article", mesh=("Aged", "Cohort Studies")) == ("observational", "indexed")


@pytest.mark.parametrize(
    "types", [("Retraction of Publication",), ("Published Erratum", "Randomized Controlled Trial"), ("Expression of Concern",)]
)
def test_a_notice_is_no_evidence(types: tuple[str, ...]) -> None:
    assert told(*types, title="Retraction: a randomised trial") == ("other", "indexed")


@pytest.mark.parametrize(
    ("title", "tier"),
    [
        ("2020 ESC Guidelines for atrial fibrillation", "guideline"),
        ("دستورالعمل درمان دیابت", "guideline"),
        ("Statins: a systematic review and meta-analysis of randomised controlled trials", "systematic-review"),
        ("مرور نظام‌مند مطالعات آسم", "systematic-review"),
        ("Statins in old age: a randomised, double-blind trial", "randomised-trial"),
        ("اثر ورزش: کارآزمایی بالینی تصادفی شده", "randomised-trial"),
        ("A phase 2 study of X", "clinical-trial"),
        ("Gout of the spine: case report", "case-report"),
        ("گزارش یک مورد سپسیس", "case-report"),
        ("Statins and cancer: a cohort study", "observational"),
        ("شیوع دیابت: مطالعه مقطعی", "observational"),
        ("Statins: an overview", "review"),
        ("Editorial: statins", "editorial"),
        ("نامه به سردبیر", "editorial"),
        ("Statins in old age", "other"),
    ],
)
def test_without_indexing_the_title_tells_and_says_that_it_is_inferred(title: str, tier: str) -> None:
    assert told("Journal Article", title=title) == (tier, "inferred")


@pytest.mark.parametrize(
    ("abstract", "tier"),
    [
        ("Patients were randomly assigned to statin or placebo.", "randomised-trial"),
        ("We systematically searched four databases.", "systematic-review"),
        ("In this retrospective cohort we saw little.", "observational"),
        ("We describe the ward.", "other"),
    ],
)
def test_the_abstract_tells_where_the_title_does_not(abstract: str, tier: str) -> None:
    assert told(abstract=abstract) == (tier, "inferred")


def test_types_that_name_no_design_leave_it_to_the_words() -> None:
    assert told("Multicenter Study", "Comparative Study", title="Statins: a randomized controlled trial") == (
        "randomised-trial",
        "inferred",
    )
