"""Two records -> evidence for or against their being one work, each piece with its reason.

Every comparison is a small function whose docstring is one sentence that a librarian can read. Nothing to compare is
not evidence against.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from rapidfuzz import fuzz

from fedsearch.merge import titles
from fedsearch.merge.fold import OPEN_TYPES, Folded, same_script
from fedsearch.merge.journals import is_meeting, same_name
from fedsearch.model import RelationKind
from fedsearch.settings import MergePolicy

Verdict: TypeAlias = Literal["same", "different", "unsure"]


class Evidence(NamedTuple):
    """One comparison's weight and reason."""

    weight: float
    reason: str


NOTHING_TO_COMPARE = Evidence(0.0, "")
Comparison = Callable[[Folded, Folded, MergePolicy], Evidence]


def share_identifier(left: Folded, right: Folded) -> bool:
    """The same DOI, PMID or an ISBN in common."""
    return bool((left.doi and left.doi == right.doi) or (left.pmid and left.pmid == right.pmid) or _share_isbn(left, right))


def _share_isbn(left: Folded, right: Folded) -> bool:
    return bool(left.isbn and right.isbn) and not set(left.isbn).isdisjoint(right.isbn)


def same_doi(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Both records carry the same DOI, or different ones; two DOIs of one article are believed only where everything else agrees."""
    ours, theirs = left.doi, right.doi
    if not ours or not theirs:
        return NOTHING_TO_COMPARE
    if ours == theirs:
        return Evidence(policy.weights.same_doi, f"same DOI, {ours}")
    if left.cochrane and left.cochrane == right.cochrane:
        return NOTHING_TO_COMPARE
    if _all_else_agrees(left, right):
        return Evidence(policy.weights.second_doi, f"two DOIs for one article, {ours} and {theirs}")
    return Evidence(policy.weights.other_doi, f"DOIs differ, {ours} and {theirs}")


def _all_else_agrees(left: Folded, right: Folded) -> bool:
    """Title, authors, year, journal, volume and first page are all there and all the same."""
    return bool(
        left.kind == right.kind
        and not left.generic
        and left.titles
        and left.titles[0] == right.titles[0]
        and left.families
        and left.families == right.families
        and left.year
        and left.year == right.year
        and _same_place(left, right)
        and _same_journal_name(left, right)
    )


def same_pmid(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Both records carry the same PubMed number, or different ones."""
    ours, theirs = left.pmid, right.pmid
    if not ours or not theirs:
        return NOTHING_TO_COMPARE
    if ours == theirs:
        return Evidence(policy.weights.same_pmid, f"same PMID, {ours}")
    return Evidence(policy.weights.other_pmid, f"PMIDs differ, {ours} and {theirs}")


def same_isbn(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Both books carry the same ISBN, or none in common; print and e-book have one each."""
    if not left.isbn or not right.isbn:
        return NOTHING_TO_COMPARE
    if shared := set(left.isbn) & set(right.isbn):
        return Evidence(policy.weights.same_isbn, f"same ISBN, {min(shared)}")
    return Evidence(policy.weights.other_isbn, "no ISBN in common")


def same_title(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The titles are the same, nearly the same, or one of them leaves out the subtitle or its end."""
    weights, thresholds = policy.weights, policy.thresholds
    pairs = [(a, b) for a in left.titles for b in right.titles if same_script(a, b)]
    if not pairs:
        return NOTHING_TO_COMPARE
    generic = left.generic or right.generic
    if any(a == b for a, b in pairs):
        return Evidence(weights.generic_title if generic else weights.same_title, "same title")
    if _cut(left, right):
        return Evidence(weights.generic_title if generic else weights.contained_title, "same title but for the subtitle or its end")
    likeness, (a, b) = max((fuzz.ratio(*pair, score_cutoff=thresholds.other_title), pair) for pair in pairs)
    if likeness and (found := _nearly_same(likeness, titles.difference(a, b), left, right, policy)):
        return found._replace(weight=min(found.weight, weights.generic_title)) if generic else found
    if left.translated or right.translated or _in_two_languages(a, b):
        return NOTHING_TO_COMPARE
    if not likeness:
        return Evidence(weights.other_title, "titles differ")
    return Evidence(weights.unlike_title, f"titles only {likeness:.0f} % alike")


def _nearly_same(likeness: float, difference: titles.Difference, left: Folded, right: Folded, policy: MergePolicy) -> Evidence | None:
    weights, close = policy.weights, likeness >= policy.thresholds.close_title
    here = _same_spot(left, right)
    if difference.telling and (difference.opposed or not here):
        return Evidence(weights.other_part, f"only one title says “{difference.telling[0]}”")
    if likeness < policy.thresholds.unlike_title:
        return None
    ours, theirs = difference.strange()
    if close and not ours and not theirs:
        return Evidence(weights.close_title, f"titles {likeness:.0f} % alike")
    misspelt = not (ours or theirs) or (close and ours + theirs <= 2 and not (ours and theirs))
    reworded = not difference.about and (here or _share_isbn(left, right))
    if misspelt or reworded:
        return Evidence(weights.misspelt_title, f"titles {likeness:.0f} % alike, nearly word for word")
    return None


def _in_two_languages(left: str, right: str) -> bool:
    ours, theirs = titles.language(left), titles.language(right)
    return ours is not None and theirs is not None and ours != theirs


def _cut(left: Folded, right: Folded) -> bool:
    """One title is the other without its subtitle, without its end where a system cut it, or without a heading before it.
    Where an identifier is shared, the same main title is enough, whatever the subtitles."""
    if share_identifier(left, right) and any(len(title) > 5 for title in set(left.main_titles) & set(right.main_titles)):
        return True
    return _leaves_out(left, right) or _leaves_out(right, left)


def _leaves_out(shorter: Folded, longer: Folded) -> bool:
    for title in shorter.titles:
        length = len(title)
        if length > 14 and title in longer.main_titles:
            return True
        for whole in longer.titles if length >= 25 else ():
            if len(whole) > length and (titles.is_headed(whole, title) or (length >= 50 and titles.begins(whole, title))):
                return True
    return False


def same_first_author(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The first author has the same family name; a body of authors in one source may stand for the persons in the other."""
    if left.collectives & right.collectives and not (left.families and right.families):
        return Evidence(policy.weights.same_first_author, "same corporate author")
    if not left.families or not right.families:
        return NOTHING_TO_COMPARE
    ours, theirs = left.families[0], right.families[0]
    if not same_script(ours, theirs):
        return NOTHING_TO_COMPARE
    if ours == theirs or ours in theirs.split() or theirs in ours.split() or fuzz.ratio(ours, theirs) >= policy.thresholds.close_name:
        return Evidence(policy.weights.same_first_author, f"same first author, {left.record.authors[0].family or ours}")
    if left.names and _shared_names(left, right) >= policy.thresholds.shared_names:
        return Evidence(policy.weights.same_authors, "the first author stands in both lists")
    if ours in right.everyone or theirs in left.everyone:
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_first_author, "first authors differ")


def same_authors(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The author lists, where both name several, hold the same people or wholly other ones."""
    if min(len(left.families), len(right.families)) < 2 or not same_script(left.families[0], right.families[0]):
        return NOTHING_TO_COMPARE
    shared = _shared_names(left, right)
    if shared >= policy.thresholds.shared_names:
        return Evidence(policy.weights.same_authors, "same authors")
    if shared == 0:
        return Evidence(policy.weights.other_authors, "no author in common")
    return NOTHING_TO_COMPARE


def _shared_names(left: Folded, right: Folded) -> float:
    """Which share of the shorter list's names stands in the longer one, family and given names alike."""
    few = min(len(left.names), len(right.names))
    return len(left.names & right.names) / few if few else 0.0


def same_year(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The years of publication agree; one year apart is usual between online and print. A book's year is that of its edition, and
    where the ISBN is the same, another year is that of a reprint."""
    if left.year is None or right.year is None:
        return NOTHING_TO_COMPARE
    apart = abs(left.year - right.year)
    if apart == 0:
        books = left.kind == right.kind == "book"
        return Evidence(policy.weights.same_book_year if books else policy.weights.same_year, f"same year, {left.year}")
    if left.kind == right.kind == "book" and _share_isbn(left, right):
        return NOTHING_TO_COMPARE
    if apart == 1:
        return Evidence(policy.weights.next_year, f"a year apart, {left.year} and {right.year}")
    return Evidence(policy.weights.other_year, f"years differ, {left.year} and {right.year}")


def same_journal(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The journals share an ISSN or a name, abbreviated or not; where volume and page agree, another name is most likely the same journal's."""
    if left.record.issn and not set(left.record.issn).isdisjoint(right.record.issn):
        return Evidence(policy.weights.same_journal, "same journal (ISSN)")
    if not left.journals or not right.journals:
        return NOTHING_TO_COMPARE
    if _same_journal_name(left, right):
        return Evidence(policy.weights.same_journal, "same journal")
    if not any(same_script(a, b) for a in left.journals for b in right.journals):
        return NOTHING_TO_COMPARE
    if _same_place(left, right) or _same_issue(left, right) or _same_meeting(left, right):
        return Evidence(policy.weights.renamed_journal, "journal names differ, though the place in them agrees")
    return Evidence(policy.weights.other_journal, "journals differ")


def _same_journal_name(left: Folded, right: Folded) -> bool:
    return any(same_name(a, b) for a in left.journals for b in right.journals)


def _same_place(left: Folded, right: Folded) -> bool:
    return bool(left.volume and left.first_page and left.volume == right.volume and left.first_page == right.first_page)


def _same_spot(left: Folded, right: Folded) -> bool:
    """The same first page, of the same volume or year of a journal or with an identifier in common, where nothing else can begin."""
    if not left.first_page or left.first_page != right.first_page or not (left.alone_on_page or right.alone_on_page):
        return False
    if _same_place(left, right) or share_identifier(left, right):
        return True
    return left.year == right.year and not (left.volume and right.volume) and _same_journal_name(left, right)


def _same_issue(left: Folded, right: Folded) -> bool:
    """Volume and issue agree, and no page speaks against it."""
    return bool(
        left.volume
        and left.volume == right.volume
        and left.issue
        and left.issue == right.issue
        and (not left.first_page or not right.first_page)
    )


def _same_meeting(left: Folded, right: Folded) -> bool:
    """Proceedings, worded differently, with the same first page."""
    if not left.first_page or left.first_page != right.first_page or (left.volume and right.volume):
        return False
    return any(is_meeting(name) for name in left.journals) and any(is_meeting(name) for name in right.journals)


def same_pages(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The first pages (or article numbers) agree. What is online ahead of its issue begins at page 1, which says nothing."""
    if not left.first_page or not right.first_page:
        return NOTHING_TO_COMPARE
    if left.first_page == right.first_page:
        return Evidence(policy.weights.same_pages, f"same first page, {left.first_page}")
    if left.other_pages & right.other_pages:
        return Evidence(policy.weights.same_pages, "the same runs of pages, in another order")
    if left.year == right.year and any(side.first_page == "1" and not side.volume for side in (left, right)):
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_pages, f"first pages differ, {left.first_page} and {right.first_page}")


def same_volume(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """The volumes agree, or volume and issue; two volumes of one set of books are two books, though they may share the set's ISBN."""
    if not left.volume or not right.volume:
        return NOTHING_TO_COMPARE
    if left.volume == right.volume:
        if left.issue and left.issue == right.issue:
            return Evidence(policy.weights.same_issue, f"same volume and issue, {left.volume} ({left.issue})")
        return Evidence(policy.weights.same_volume, f"same volume, {left.volume}")
    weight = policy.weights.other_part if left.kind == right.kind == "book" else policy.weights.other_volume
    return Evidence(weight, f"volumes differ, {left.volume} and {right.volume}")


def same_place(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Year, journal, volume and first page agree all together: few works share one place."""
    if not _same_place(left, right) or left.year != right.year or not _same_journal_name(left, right):
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.same_place, "same place in the same journal")


def same_edition(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Two books name different editions."""
    if left.edition is None or right.edition is None or left.edition == right.edition:
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_edition, f"editions differ, {left.edition} and {right.edition}")


def same_version(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """Two versions of one Cochrane review, with conclusions of their own."""
    if not left.cochrane or left.cochrane != right.cochrane:
        return NOTHING_TO_COMPARE
    ours, theirs = left.cochrane_version, right.cochrane_version
    apart = ours != theirs if ours and theirs else left.year and right.year and left.year != right.year
    return (
        Evidence(policy.weights.other_edition, f"versions of Cochrane review CD{left.cochrane.zfill(6)}") if apart else NOTHING_TO_COMPARE
    )


def same_kind(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """One is a notice, preprint, chapter or the like, and the other is not; what some indexes call a chapter or a book is to others
    an article or a report."""
    if left.kind == right.kind or _called_otherwise(left, right) or _called_otherwise(right, left):
        return NOTHING_TO_COMPARE
    return Evidence(policy.weights.other_kind, f"{left.kind} and {right.kind} are different publications")


def _called_otherwise(left: Folded, right: Folded) -> bool:
    """PubMed has the chapters of a series as articles; reports are books to a catalogue. Only where an identifier or the place is shared."""
    if right.kind != "article" or not (share_identifier(left, right) or _same_place(left, right)):
        return False
    return left.record.type == "book-chapter" or (left.kind == "book" and right.record.type in OPEN_TYPES)


def same_numbers(left: Folded, right: Folded, policy: MergePolicy) -> Evidence:
    """A number or part stands in one title and another, or none, in the other title."""
    if left.numbers == right.numbers or not left.titles or not right.titles or left.titles[0] in right.titles:
        return NOTHING_TO_COMPARE
    if not same_script(left.titles[0], right.titles[0]) or left.translated or right.translated:
        return NOTHING_TO_COMPARE
    nested = left.numbers <= right.numbers or right.numbers <= left.numbers
    if nested and titles.parts(left.titles[0]) == titles.parts(right.titles[0]) and _cut(left, right):
        return NOTHING_TO_COMPARE  # a missing subtitle takes its numbers along, though not that of a part
    if _same_spot(left, right) and (nested or share_identifier(left, right)):
        return Evidence(policy.weights.number_at_same_place, "numbers in the titles differ, at the same place in the journal")
    return Evidence(policy.weights.other_part, "numbers in the titles differ")


COMPARISONS: tuple[Comparison, ...] = (
    same_doi,
    same_pmid,
    same_isbn,
    same_title,
    same_first_author,
    same_authors,
    same_year,
    same_journal,
    same_pages,
    same_volume,
    same_place,
    same_edition,
    same_version,
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
