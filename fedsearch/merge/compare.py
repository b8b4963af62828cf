"""Two records -> evidence for or against their being one work, each piece with its reason.

Every comparison is a small function whose docstring is one sentence that a librarian can read. Nothing to compare is
not evidence against.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz import fuzz

from fedsearch.merge.fold import Folded, same_script
from fedsearch.model import RelationKind
from fedsearch.settings import MergePolicy

Verdict: TypeAlias = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison's weight and reason."""

    weight: float
    reason: str


NOTHING_TO_COMPARE = Evidence(0.0, "")
Comparison = Callable[[Folded, Folded, MergePolicy], Evidence]


def same_doi(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Both records carry the same DOI, or different ones."""
    ours, theirs = left.record.ids.doi, right.record.ids.doi
    if not ours or not theirs:
        return NOTHING_TO_COMPARE
    if ours == theirs:
        return Evidence(policy.weights.same_doi, f"same DOI, {ours}")
    return Evidence(policy.weights.other_doi, f"DOIs differ, {ours} and {theirs}")


def same_pmid(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Both records carry the same PubMed number, or different ones."""
    ours, theirs = left.record.ids.pmid, right.record.ids.pmid
    if not ours or not theirs:
        return NOTHING_TO_COMPARE
    if ours == theirs:
        return Evidence(policy.weights.same_pmid, f"same PMID, {ours}")
    return Evidence(policy.weights.other_pmid, f"PMIDs differ, {ours} and {theirs}")


def same_isbn(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Both books carry the same ISBN, or none in common."""
    ours, theirs = left.record.ids.isbn, right.record.ids.isbn
    if not ours or not theirs:
        return NOTHING_TO_COMPARE
    shared = sorted(set(ours) & set(theirs))
    if shared:
        return Evidence(policy.weights.same_isbn, f"same ISBN, {shared[0]}")
    return Evidence(policy.weights.other_isbn, "no ISBN in common")


def same_title(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The titles are the same, nearly the same, or one of them leaves out the subtitle."""
    weights, thresholds = policy.weights, policy.thresholds
    pairs = [(a, b) for a in left.titles for b in right.titles if same_script(a, b)]
    if not pairs:
        return NOTHING_TO_COMPARE
    if any(a == b for a, b in pairs):
        return Evidence(weights.generic_title if left.generic or right.generic else weights.same_title, "same title")
    if any(a == b or a in right.titles or b in left.titles for a in left.main_titles for b in right.main_titles if same_script(a, b)):
        return Evidence(weights.contained_title, "same title but for the subtitle")
    likeness = max(fuzz.ratio(a, b) for a, b in pairs)
    if likeness >= thresholds.close_title:
        return Evidence(weights.close_title, f"titles {likeness:.0f} % alike")
    if _in_translation(left, right):
        return NOTHING_TO_COMPARE
    if likeness < thresholds.other_title:
        return Evidence(weights.other_title, "titles differ")
    return Evidence(weights.unlike_title, f"titles only {likeness:.0f} % alike")


def _in_translation(left: Folded, right: Folded) -> bool:
    """One record may give a translated title and the other the original one."""
    return any(set(side.record.languages) - {"en"} for side in (left, right))


def same_first_author(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The first author has the same family name; a body of authors in one source may stand for the persons in the other."""
    if left.collectives & right.collectives and not (left.families and right.families):
        return Evidence(policy.weights.same_first_author, "same corporate author")
    if not left.families or not right.families:
        return NOTHING_TO_COMPARE
    ours, theirs = left.families[0], right.families[0]
    if not same_script(ours, theirs):
        return NOTHING_TO_COMPARE
    if ours == theirs or ours in theirs.split() or theirs in ours.split() or fuzz.ratio(ours, theirs) >= 85:
        return Evidence(policy.weights.same_first_author, f"same first author, {left.record.authors[0].family or ours}")
    if ours in right.families or theirs in left.families:
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_first_author, "first authors differ")


def same_year(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The years of publication agree; one year apart is usual between online and print."""
    if left.year is None or right.year is None:
        return NOTHING_TO_COMPARE
    apart = abs(left.year - right.year)
    if apart == 0:
        return Evidence(policy.weights.same_year, f"same year, {left.year}")
    if apart == 1:
        return Evidence(policy.weights.next_year, f"a year apart, {left.year} and {right.year}")
    return Evidence(policy.weights.other_year, f"years differ, {left.year} and {right.year}")


def same_journal(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The journals share an ISSN or a name, abbreviated or not."""
    if set(left.record.issn) & set(right.record.issn):
        return Evidence(policy.weights.same_journal, "same journal (ISSN)")
    if not left.journals or not right.journals:
        return NOTHING_TO_COMPARE
    if left.journals & right.journals or any(_abbreviates(a, b) or _abbreviates(b, a) for a in left.journals for b in right.journals):
        return Evidence(policy.weights.same_journal, "same journal")
    if not any(same_script(a, b) for a in left.journals for b in right.journals):
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_journal, "journals differ")


def _abbreviates(short: str, whole: str) -> bool:
    """Each word of the short title begins the word at its place in the whole one."""
    brief, long = short.split(), whole.split()
    return len(brief) == len(long) and all(b.startswith(a) for a, b in zip(brief, long, strict=True))


def same_pages(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The first pages (or article numbers) agree."""
    if not left.first_page or not right.first_page:
        return NOTHING_TO_COMPARE
    if left.first_page == right.first_page:
        return Evidence(policy.weights.same_pages, f"same first page, {left.first_page}")
    return Evidence(policy.weights.other_pages, f"first pages differ, {left.first_page} and {right.first_page}")


def same_volume(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The volumes agree; two volumes of one set of books are two books, though they may share the set's ISBN."""
    if not left.volume or not right.volume:
        return NOTHING_TO_COMPARE
    if left.volume == right.volume:
        return Evidence(policy.weights.same_volume, f"same volume, {left.volume}")
    weight = policy.weights.other_part if left.kind == right.kind == "book" else policy.weights.other_volume
    return Evidence(weight, f"volumes differ, {left.volume} and {right.volume}")


def same_edition(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Two books name different editions."""
    if left.edition is None or right.edition is None or left.edition == right.edition:
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_edition, f"editions differ, {left.edition} and {right.edition}")


def same_kind(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """One is a notice, preprint, chapter or the like, and the other is not."""
    if left.kind == right.kind:
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_kind, f"{left.kind} and {right.kind} are different publications")


def same_numbers(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """A number or part stands in one title and another, or none, in the other title."""
    if left.numbers == right.numbers or (left.titles and left.titles[0] in right.titles):
        return NOTHING_TO_COMPARE
    if left.numbers <= right.numbers or right.numbers <= left.numbers:
        shorter = left if len(left.titles[0]) < len(right.titles[0]) else right
        longer = right if shorter is left else left
        if (
            any(longer_title.startswith(title) for title in shorter.main_titles for longer_title in longer.titles)
            and shorter.numbers <= longer.numbers
        ):
            return NOTHING_TO_COMPARE  # a missing subtitle takes its numbers along
    if _in_translation(left, right) and not any(same_script(a, b) for a in left.titles for b in right.titles):
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_part, "numbers in the titles differ")


COMPARISONS: tuple[Comparison, ...] = (
    same_doi,
    same_pmid,
    same_isbn,
    same_title,
    same_first_author,
    same_year,
    same_journal,
    same_pages,
    same_volume,
    same_edition,
    same_kind,
    same_numbers,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Same, different or unsure; the evidence that counted, weightiest first; and how two different works are related."""

    left: str
    right: str
    verdict: Verdict
    weight: float
    reasons: tuple[str, ...]
    relation: tuple[RelationKind, RelationKind] | None = None
    against: bool = True

    @property
    def contradicts(self) -> bool:
        """Different because something speaks against it, not for want of anything to compare."""
        return self.verdict == "different" and self.against


_VERSION = re.compile(r"(?P<stem>.+?)(?:(?:\.pub|[/.]v)(?P<number>\d{1,4}))?$")
# What the right one is to the left one, and the other way round, by their kinds.
_RELATIONS: dict[tuple[str, str], tuple[RelationKind, RelationKind]] = {
    ("article", "preprint"): ("preprint", "article"),
    ("article", "retraction"): ("retraction", "retracts"),
    ("article", "correction"): ("correction", "corrects"),
    ("article", "concern"): ("concern", "concerns"),
    ("article", "comment"): ("comment", "comments-on"),
    ("article", "dataset"): ("dataset", "other"),
    ("article", "peer-review"): ("peer-review", "other"),
    ("article", "thesis"): ("version", "version"),
    ("article", "part"): ("part", "whole"),
    ("book", "part"): ("part", "whole"),
}


def judge(left: Folded, right: Folded, policy: MergePolicy) -> Judgement:
    """Weigh every comparison of two records."""
    evidence = [found for compare in COMPARISONS if (found := compare(left, right, policy)) is not NOTHING_TO_COMPARE]
    weight = sum(piece.weight for piece in evidence)
    verdict: Verdict = "same" if weight >= policy.thresholds.same else "unsure" if weight >= policy.thresholds.unsure else "different"
    reasons = tuple(piece.reason for piece in sorted(evidence, key=lambda piece: (-abs(piece.weight), piece.reason)))
    relation = _relation(left, right, policy) if verdict != "same" else None
    return Judgement(left.key, right.key, verdict, weight, reasons, relation, any(piece.weight < 0 for piece in evidence))


def decided(left: str, right: str, same: bool) -> Judgement:
    """A librarian's decision of two records, as the weightiest of judgements."""
    verdict: Verdict = "same" if same else "different"
    return Judgement(
        left, right, verdict, math.inf if same else -math.inf, (f"a librarian decided: {'the same' if same else 'not the same'}",)
    )


def _versions(left: Folded, right: Folded) -> tuple[RelationKind, RelationKind] | None:
    """Updates of one Cochrane review, and versions of one preprint, whose DOIs count them: ".pub3", "/v2"."""
    ours, theirs = (_VERSION.match(side.record.ids.doi or "") for side in (left, right))
    if not ours or not theirs or ours["stem"] != theirs["stem"] or not (ours["number"] or theirs["number"]):
        return None
    earlier, later = int(ours["number"] or 1), int(theirs["number"] or 1)
    if earlier == later:
        return None
    return ("newer-version", "earlier-version") if earlier < later else ("earlier-version", "newer-version")


def _relation(left: Folded, right: Folded, policy: MergePolicy) -> tuple[RelationKind, RelationKind] | None:
    """Two publications that belong together without being one: their titles and first authors agree, their kinds or editions do not."""
    if found := _versions(left, right):
        return found
    if left.generic or right.generic or same_title(left, right, policy).weight < policy.weights.contained_title:
        return None
    author = same_first_author(left, right, policy)
    if left.kind == right.kind == "book":
        return ("edition", "edition") if author.weight >= 0 and same_volume(left, right, policy).weight >= 0 else None
    if (left.kind, right.kind) in _RELATIONS:
        there, back = _RELATIONS[left.kind, right.kind]
    elif (right.kind, left.kind) in _RELATIONS:
        back, there = _RELATIONS[right.kind, left.kind]
    else:
        return None
    notice = {left.kind, right.kind} & {"retraction", "correction", "concern"}
    agreed = author.weight > 0 or (notice and same_journal(left, right, policy).weight > 0)
    return (there, back) if agreed else None
