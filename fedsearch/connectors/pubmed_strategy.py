"""Query -> PubMed's search language: one text that finds the same set when a librarian pastes it into PubMed.

PubMed Help (https://pubmed.ncbi.nlm.nih.gov/help/) is the reference for tags, truncation, proximity and filters.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fedsearch import languages
from fedsearch.connectors import nlm
from fedsearch.errors import UnsupportedQuery
from fedsearch.model import Strategy, WorkType
from fedsearch.query import FIELDS, Boolean, DateRange, Limits, Node, Query, Term, render

_LACKING = {"call-number": "call numbers", "control-number": "catalogue control numbers", "series": "series"}
FIELDS_OF_PUBMED = frozenset(FIELDS) - _LACKING.keys() - {"subject"}

_BOOKS = "pubmed books[filter]"
# Languages whose names PubMed writes otherwise than we do; their codes do as well.
_BY_CODE = frozenset({"el", "ps", "gd", "no", "mi", "ky"})
_EARLIEST, _LATEST = 1000, 3000
_SPECIAL_IN_DOI = re.compile(r"[^\w./\-*]")
_SHORT_STEM = re.compile(r"(?<!\S)\S{0,3}\*")
_PERSIAN = re.compile(r"[\u0600-\u06ff]")


def strategy_for(query: Query) -> Strategy:
    """Words go as typed, so that PubMed's automatic term mapping reads them. Raises UnsupportedQuery if nothing is left."""
    losses: dict[str, None] = {}
    root = _expressible(query.root, losses)
    if root is None:
        raise UnsupportedQuery(" ".join(losses), "Ask the catalogue, or add words, a title or an author.")
    if any(_PERSIAN.search(term.text) for term in query.terms()):
        losses["PubMed's records are in English: words in Persian or Arabic letters find next to nothing there."] = None
    text = render(root)
    if limits := _limits(query.limits, losses):
        text = " AND ".join([f"({text})" if isinstance(root, Boolean) else text, *limits])
    sort = "pub_date" if query.sort == "newest" else "relevance"
    return Strategy(text=text, parameters=(("sort", sort),), losses=tuple(losses))


def _expressible(node: Node, losses: dict[str, None]) -> Node | None:
    """What PubMed can be asked of a tree; what it cannot is left out or replaced, and said."""
    if isinstance(node, DateRange):
        return node
    if isinstance(node, Term):
        return _term(node, losses)
    parts = [_expressible(part, losses) for part in node.parts]
    if node.operator == "NOT":
        wanted, unwanted = parts
        return wanted if wanted is None or unwanted is None else Boolean("NOT", (wanted, unwanted))
    left = tuple(part for part in parts if part is not None)
    return Boolean(node.operator, left) if len(left) > 1 else left[0] if left else None


def _term(term: Term, losses: dict[str, None]) -> Node | None:
    if term.field in _LACKING:
        losses[f"PubMed has no {_LACKING[term.field]}: “{term.text}” is left out."] = None
        return None
    if term.near is not None:
        return _near(term, losses)
    if term.truncated and _SHORT_STEM.search(term.text):
        losses[f"PubMed truncates only after four letters or more: “{term.text}” may not find what it means."] = None
    if term.field == "subject":
        losses[f"PubMed has no subject field: “{term.text}” is searched as a MeSH heading and in titles and abstracts."] = None
        return Boolean("OR", (replace(term, field="mesh"), replace(term, field="title-abstract")))
    if term.field == "issn":
        # The journal field holds the ISSN beside the titles (PubMed Help, "Journal").
        return replace(term, field="journal")
    if term.field == "doi" and not term.phrase and _SPECIAL_IN_DOI.search(term.text):
        return replace(term, phrase=True)
    return term


def _near(term: Term, losses: dict[str, None]) -> Node:
    """Proximity as far as PubMed has it: in titles, titles with abstracts, and affiliations, and for whole words."""
    field = "title-abstract" if term.field == "all" else term.field
    if term.truncated:
        losses[f"PubMed has no truncation near other words: “{term.text}” is searched as separate words."] = None
        return Boolean("AND", tuple(Term(word, field, position=term.position) for word in term.text.split()))
    if term.field == "all":
        losses[f"PubMed has no proximity in all fields: “{term.text}” is searched in titles and abstracts."] = None
    return replace(term, field=field)


def _limits(limits: Limits, losses: dict[str, None]) -> list[str]:
    found: list[str] = []
    if limits.year_from or limits.year_to:
        first, last = limits.year_from or _EARLIEST, limits.year_to or _LATEST
        found.append(f"{first}[dp]" if first == last else f"{first}:{last}[dp]")
    if limits.types:
        found.append(_any_of([tag for work_type in limits.types for tag in _type(work_type, losses)], losses))
    if limits.languages:
        found.append(_any_of([tag for language in limits.languages for tag in _language(language, losses)], losses))
    return found


def _any_of(tags: list[str], losses: dict[str, None]) -> str:
    if not tags:
        raise UnsupportedQuery(" ".join(losses), "Choose another type or language, or leave the limit out.")
    one_each = list(dict.fromkeys(tags))
    return one_each[0] if len(one_each) == 1 else f"({' OR '.join(one_each)})"


def _type(work_type: WorkType, losses: dict[str, None]) -> list[str]:
    if work_type in ("book", "book-chapter"):
        losses["PubMed does not tell books from their chapters: both are found."] = None
        return [_BOOKS]
    names = nlm.PUBLICATION_TYPES_OF.get(work_type, ())
    if not names:
        losses[f"PubMed has no publications of the type “{work_type}”."] = None
    return [f"{name}[pt]" for name in names]


def _language(language: str, losses: dict[str, None]) -> list[str]:
    two = languages.two_letter(language)
    if two is None:
        losses[f"“{language}” is no language that PubMed can be limited to."] = None
        return []
    name = languages.bibliographic(two) if two in _BY_CODE else languages.english_name(two)
    return [f"{(name or two).lower()}[la]"]
