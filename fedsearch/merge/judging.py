"""All evidence on two records -> one judgement: the same work, two works (related or not), or unsure until somebody decides."""

from __future__ import annotations

import math
import re

from fedsearch.merge.compare import (
    COMPARISONS,
    NOTHING_TO_COMPARE,
    Evidence,
    Judgement,
    Verdict,
    same_authors,
    same_first_author,
    same_journal,
    same_numbers,
    same_title,
    same_volume,
    same_year,
    share_identifier,
)
from fedsearch.merge.fold import Folded
from fedsearch.model import RelationKind
from fedsearch.settings import MergePolicy

_VERSION = re.compile(r"(?P<stem>.+?)(?:(?:\.pub|[/.]v)(?P<number>\d{1,4}))?$")
# What the right one is to the left one, and the other way round, by their kinds.
RELATIONS: dict[tuple[str, str], tuple[RelationKind, RelationKind]] = {
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
    """Weigh every comparison of two records. Where the titles or their numbers differ and no identifier is shared, nothing else can mend it."""
    sharing = share_identifier(left, right) or bool(left.cochrane and left.cochrane == right.cochrane)
    if not sharing and left.kind == right.kind == "article":
        numbers = same_numbers(left, right, policy)
        if numbers.weight == policy.weights.other_part:
            return Judgement(left.key, right.key, "different", numbers.weight, (numbers.reason,))
    title = same_title(left, right, policy)
    if not sharing and title.weight in (policy.weights.other_title, policy.weights.other_part):
        return Judgement(left.key, right.key, "different", title.weight, (title.reason,))
    found = [title if compare is same_title else compare(left, right, policy) for compare in COMPARISONS]
    evidence = sorted([piece for piece in found if piece is not NOTHING_TO_COMPARE], key=lambda piece: (-abs(piece.weight), piece.reason))
    weight = sum(piece.weight for piece in evidence)
    verdict: Verdict = "same" if weight >= policy.thresholds.same else "unsure" if weight >= policy.thresholds.unsure else "different"
    relation = _relation(left, right, title, policy) if verdict != "same" else None
    against = any(piece.weight < 0 for piece in evidence)
    return Judgement(left.key, right.key, verdict, weight, tuple(piece.reason for piece in evidence), relation, against)


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


def _relation(left: Folded, right: Folded, title: Evidence, policy: MergePolicy) -> tuple[RelationKind, RelationKind] | None:
    """Two publications that belong together without being one: their titles and first authors agree, their kinds or editions do not."""
    if found := _versions(left, right):
        return found
    if left.cochrane and left.cochrane == right.cochrane:
        return _by_year(left, right)
    if left.generic or right.generic or title.weight < policy.weights.contained_title:
        return None
    author = same_first_author(left, right, policy)
    if left.kind == right.kind == "book":
        return ("edition", "edition") if author.weight >= 0 and same_volume(left, right, policy).weight >= 0 else None
    if (left.kind, right.kind) in RELATIONS:
        there, back = RELATIONS[left.kind, right.kind]
    elif (right.kind, left.kind) in RELATIONS:
        back, there = RELATIONS[right.kind, left.kind]
    elif left.kind == right.kind == "article":
        return ("republication", "republication") if _published_twice(left, right, title, policy) else None
    else:
        return None
    notice = {left.kind, right.kind} & {"retraction", "correction", "concern"}
    agreed = author.weight > 0 or (notice and same_journal(left, right, policy).weight > 0)
    return (there, back) if agreed else None


def _published_twice(left: Folded, right: Folded, title: Evidence, policy: MergePolicy) -> bool:
    """The same title and authors in two journals of about one year, each to be cited by itself: a joint guideline, an abstract of two meetings."""
    return (
        title.weight == policy.weights.same_title
        and same_journal(left, right, policy).weight == policy.weights.other_journal
        and same_year(left, right, policy).weight > 0
        and same_first_author(left, right, policy).weight == policy.weights.same_first_author
        and same_authors(left, right, policy).weight >= 0
    )


def _by_year(left: Folded, right: Folded) -> tuple[RelationKind, RelationKind]:
    """Which of two versions of a Cochrane review is the newer one, where the DOIs do not count them."""
    if not left.year or not right.year or left.year == right.year:
        return "version", "version"
    return ("newer-version", "earlier-version") if left.year < right.year else ("earlier-version", "newer-version")
