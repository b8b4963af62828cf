"""How records are merged, in words for librarians: `python -m fedsearch.merge.explain` prints docs/merging.md.

The sentences are the docstrings of the comparisons and rules that the service runs, and the numbers those of its policy.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from fedsearch.merge.compare import COMPARISONS
from fedsearch.merge.fields import RULES
from fedsearch.merge.judging import RELATIONS
from fedsearch.merge.kinds import Kind
from fedsearch.model import RelationKind
from fedsearch.settings import MergePolicy, load

# Which points a comparison can give or take, best first.
POINTS: Mapping[str, tuple[str, ...]] = {
    "same_doi": ("same_doi", "second_doi", "other_doi"),
    "same_pmid": ("same_pmid", "other_pmid"),
    "same_isbn": ("same_isbn", "other_isbn"),
    "same_title": (
        "same_title", "close_title", "contained_title", "misspelt_title", "generic_title", "unlike_title", "other_title", "other_part",
    ),
    "same_first_author": ("same_first_author", "same_authors", "other_first_author"),
    "same_authors": ("same_authors", "other_authors"),
    "same_year": ("same_book_year", "same_year", "next_year", "other_year"),
    "same_journal": ("same_journal", "renamed_journal", "other_journal"),
    "same_pages": ("same_pages", "other_pages"),
    "same_volume": ("same_issue", "same_volume", "other_volume", "other_part"),
    "same_place": ("same_place",),
    "same_edition": ("other_edition",),
    "same_version": ("other_edition",),
    "same_kind": ("other_kind",),
    "same_numbers": ("number_at_same_place", "other_part"),
}  # fmt: skip
KINDS: Mapping[Kind, str] = {
    "article": "an article, report, letter or meeting abstract: whatever is none of the others",
    "preprint": "a preprint; its versions are one work, the newest shown",
    "retraction": "the notice that retracts an article; “RETRACTED: …” in front of a title is the article itself",
    "correction": "an erratum, corrigendum or correction; “[corrected]” or “[Erratum appears in …]” behind a title is the article itself",
    "concern": "an expression of concern",
    "comment": "a reply, comment or letter on another publication",
    "book": "a book, or a film or recording",
    "part": "a chapter of a book, or a figure or table with a DOI of its own",
    "journal": "a journal as a whole",
    "thesis": "a thesis",
    "dataset": "a data set",
    "peer-review": "a reviewer's report",
}
LINKS: Mapping[RelationKind, str] = {
    "preprint": "the preprint of the article",
    "retraction": "the notice that retracts it",
    "correction": "the notice that corrects it",
    "concern": "the expression of concern about it",
    "comment": "a reply or letter about it",
    "dataset": "its data",
    "peer-review": "a reviewer's report on it",
    "version": "another version: the thesis that it came out of",
    "part": "a part of it: a figure, a chapter",
}

_BEGINNING = """# What is merged, linked and kept apart

A search and `fedsearch dedupe` follow the same rules, and this page is printed by the program that follows them
(`python -m fedsearch.merge.explain`). A missed duplicate is a nuisance, a wrong merge hides a publication: doubt stays apart.

1. **Only likely pairs are compared**: records that share an identifier, the beginning of a title, a place in a journal, or the first
   author in about the same year.
2. **Each comparison below gives points or takes them, and says why.** What a source does not tell is neither for nor against.
3. **The points add up.** {same:g} or more: one work. {unsure:g} or more: unsure; the two stay apart and are reported for somebody to
   decide. Fewer: two works.
4. **No chains.** If A is B and B is C, but A contradicts C, the best-founded pair is joined and the third stays apart: a record without
   details never joins Part I to Part II.
5. **A librarian's decision outweighs all points**, for and against.
6. **Nothing is lost.** A merged work keeps every record with its source and number, and the reasons why they were merged.

## Comparisons

| compared | points |
| --- | --- |
"""
_KINDS = """
## Kinds

A record's type, its publication types, its relations and the first words of its title tell what it is. Two kinds are never merged, but for
what is a chapter or a book to one index and an article or a report to another.

| kind | is |
| --- | --- |
"""
_LINKS = """
## Links

Two works that belong together stay two and name each other. For an article or a book, these can be named:

| link | to |
| --- | --- |
"""
_MORE_LINKS = """
Books of one title and author with other ISBNs or editions are linked as editions, versions of a Cochrane review as newer and earlier
ones, and what two journals publish under one title by the same authors in about a year (a joint guideline, an abstract of two
meetings) as republications. Relations that a source itself tells (Crossref's, PubMed's) are shown as well, on both works.

## Fields

A merged work takes each field by its rule; who said it is kept with it.

| rule | takes |
| --- | --- |
"""
_FIELDS = """
| field | rule | whose word comes first |
| --- | --- | --- |
"""
_END = """
All numbers and field rules stand in `config/merging.toml` and can be changed there.
"""


def explanation(policy: MergePolicy) -> str:
    """The page, with the points and rules of a policy."""
    return "".join(
        [
            _BEGINNING.format(same=policy.thresholds.same, unsure=policy.thresholds.unsure),
            *_comparisons(policy),
            _KINDS,
            *(f"| {kind} | {told} |\n" for kind, told in KINDS.items()),
            _LINKS,
            *(f"| {there} | {LINKS[there]} |\n" for there in dict.fromkeys(there for there, _ in RELATIONS.values())),
            _MORE_LINKS,
            *(f"| {name} | {_sentence(rule.__doc__)} |\n" for name, rule in RULES.items()),
            _FIELDS,
            *(f"| {name} | {rule.rule} | {', '.join(rule.sources) or 'none'} |\n" for name, rule in policy.fields.items()),
            _END,
        ]
    )


def _comparisons(policy: MergePolicy) -> Iterator[str]:
    for comparison in COMPARISONS:
        points = ", ".join(f"{name.replace('_', ' ')} {getattr(policy.weights, name):+g}" for name in POINTS[comparison.__name__])
        yield f"| {_sentence(comparison.__doc__)} | {points} |\n"


def _sentence(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def main() -> None:
    sys.stdout.write(explanation(load({}).merging))


if __name__ == "__main__":
    main()
