"""How strong a kind of study a work is: from its publication types and study MeSH, else from its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from fedsearch.model import EvidenceTier, MeshHeading, StudyEvidence

# PubMed's publication types (https://www.nlm.nih.gov/mesh/pubtypes.html) and study-design headings, strongest first.
_INDEXED: tuple[tuple[EvidenceTier, frozenset[str]], ...] = (
    (
        "guideline",
        frozenset(
            {
                "guideline",
                "practice guideline",
                "consensus development conference",
                "consensus development conference, nih",
                "consensus statement",
            }
        ),
    ),
    ("systematic-review", frozenset({"systematic review", "meta-analysis", "network meta-analysis"})),
    ("randomised-trial", frozenset({"randomized controlled trial", "equivalence trial", "pragmatic clinical trial"})),
    (
        "clinical-trial",
        frozenset(
            {"clinical trial", "controlled clinical trial", "adaptive clinical trial", "clinical study"}
            | {f"clinical trial, phase {n}" for n in ("i", "ii", "iii", "iv")}
        ),
    ),
    ("case-report", frozenset({"case reports"})),
    ("observational", frozenset({"observational study", "twin study"})),
    ("review", frozenset({"review", "scoping review"})),
    (
        "editorial",
        frozenset({"editorial", "letter", "comment", "news", "newspaper article", "biography", "portrait", "interview", "address"}),
    ),
)
_STUDY_HEADINGS = frozenset(
    {
        "cohort studies",
        "case-control studies",
        "cross-sectional studies",
        "prospective studies",
        "retrospective studies",
        "longitudinal studies",
        "follow-up studies",
    }
)
_NOTICES = frozenset({"retraction of publication", "retraction notice", "published erratum", "expression of concern"})

Patterns: TypeAlias = tuple[tuple[EvidenceTier, str], ...]
_IN_TITLE: Patterns = (
    (
        "guideline",
        r"\bguidelines?\b(?! adherence)|\bconsensus (?:statement|report)|\bpractice parameter|\bscientific statement|دستورالعمل|راهنمای بالینی",
    ),
    (
        "systematic-review",
        r"\bsystematic (?:literature )?review|\bmeta-?analys[ie]s|\bcochrane review|مرور نظام.?مند|متاآنالیز|فراتحلیل",
    ),
    ("randomised-trial", r"\brandomi[sz]ed\b.*\btrial|\brandomi[sz]ed (?:controlled|clinical)|\brct\b|کارآزمایی بالینی تصادفی"),
    ("clinical-trial", r"\bclinical trial|\bphase (?:i{1,3}|iv|[1-4])\b.*\b(?:trial|study)|\bplacebo.controlled|کارآزمایی بالینی"),
    ("case-report", r"\bcase (?:report|series)|\ba case of\b|گزارش (?:یک )?مورد"),
    (
        "observational",
        r"\bcohort\b|\bcase.control|\bcross.sectional|\bobservational|\bprospective study|\bretrospective|\bpopulation.based|مطالعه مقطعی|هم.?گروهی",
    ),
    ("review", r"\breview\b|\boverview\b|\bstate of the art|مقاله مروری|مروری بر"),
    ("editorial", r"^(?:editorial|commentary|letter|viewpoint|perspective)\b|سرمقاله|نامه به سردبیر"),
)
_IN_ABSTRACT: Patterns = (
    (
        "systematic-review",
        r"\b(?:we|this) (?:conducted|performed|did)? ?a? ?(?:systematic review|meta-?analysis)|\bsystematically (?:searched|reviewed)",
    ),
    ("randomised-trial", r"\brandomly (?:assigned|allocated)|\bwere randomi[sz]ed (?:to|in)|\bparticipants were randomi[sz]ed"),
    (
        "observational",
        r"\b(?:retrospective|prospective) (?:cohort|study|analysis)|\bcase.control study|\bcross.sectional (?:study|survey)",
    ),
)
# Without one of these letters in a row no pattern can match; looking for them first is ten times as fast.
_HINTS = (
    "guideline|consensus|parameter|statement|systematic|meta|cochrane|random|rct|trial|phase|placebo|case|cohort|sectional|observational"
    "|spective|population|review|overview|state of|editorial|commentary|letter|viewpoint|راهنما|دستورالعمل|مرور|متا|فراتحلیل|کارآزمایی"
    "|مورد|مقطعی|گروهی|سرمقاله|سردبیر"
).split("|")


def study_evidence(publication_types: Sequence[str], mesh: Sequence[MeshHeading], title: str, abstract: str | None) -> StudyEvidence:
    """The strongest tier that the indexing gives; without one, the tier that the title, then the abstract, speaks of."""
    types = {name.lower() for name in publication_types}
    if types & _NOTICES:
        return StudyEvidence(tier="other", basis="indexed")
    for tier, names in _INDEXED:
        if types & names:
            return StudyEvidence(tier=tier, basis="indexed")
    if any(heading.name.lower() in _STUDY_HEADINGS for heading in mesh):
        return StudyEvidence(tier="observational", basis="indexed")
    return StudyEvidence(tier=_inferred(title, abstract or ""), basis="inferred")


@lru_cache(maxsize=4_096)
def _inferred(title: str, abstract: str) -> EvidenceTier:
    for patterns, text in ((_IN_TITLE, title.lower()), (_IN_ABSTRACT, abstract.lower())):
        if any(map(text.__contains__, _HINTS)):
            for tier, pattern in patterns:
                if re.search(pattern, text):
                    return tier
    return "other"
