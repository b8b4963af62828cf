"""Query -> Crossref's strategy: a bag of words, field queries and filters, and what is lost on the way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from fedsearch import identifiers
from fedsearch.errors import UnsupportedQuery
from fedsearch.model import Strategy, WorkType
from fedsearch.query import Boolean, DateRange, Limits, Node, Query, Term

# Crossref answers through Jetty, which reads request heads of 8 KiB; a Persian letter takes six bytes of an address.
MOST_BYTES_OF_WORDS = 5_000

_FIELD_QUERIES = {
    "author": "query.author", "first-author": "query.author", "last-author": "query.author",
    "affiliation": "query.affiliation",
    "journal": "query.container-title", "series": "query.container-title",
    "publisher": "query.publisher-name",
}  # fmt: skip
_FILTERS = {"doi": "doi", "issn": "issn", "isbn": "isbn", "author-id": "orcid"}
_PLAIN_WORDS = frozenset({"all", "text"})
_TITLE_WORDS = frozenset({"title", "abstract", "title-abstract", "keyword"})
_SUBJECT_WORDS = frozenset({"mesh", "mesh-major", "subheading", "substance", "pharmacologic-action", "subject"})
_TYPE_FILTERS: dict[WorkType, tuple[str, ...]] = {
    "journal-article": ("journal-article",),
    "preprint": ("posted-content",),
    "book": ("book", "monograph", "edited-book", "reference-book"),
    "book-chapter": ("book-chapter", "book-section", "book-part", "reference-entry"),
    "journal": ("journal",),
    "conference-paper": ("proceedings-article",),
    "thesis": ("dissertation",),
    "report": ("report",),
    "dataset": ("dataset",),
    "peer-review": ("peer-review",),
    "component": ("component",),
}

_BOOLEAN = "Crossref has no Boolean search: all words were sent as one bag of words."
_NOT = "Crossref cannot exclude words: what stands after NOT was left out."
_PHRASE = "Crossref has no phrase search: quoted words were sent as single words."
_TRUNCATION = "Crossref has no truncation: words with * were sent without it."
_PROXIMITY = "Crossref cannot search for words near each other: they were sent as single words."
_TITLE = "Crossref cannot search title or abstract alone: the words were sent to be found anywhere in the description."
_SUBJECT = "Crossref has no subject headings (MeSH): the headings were sent as plain words, without narrower terms."
_AUTHOR_ORDER = "Crossref cannot tell first or last authors apart: all authors were searched."
_ALTERNATIVE_FIELD = "Crossref cannot offer one field as an alternative to another: these words were sent without their fields."
_ALTERNATIVE = "Crossref cannot offer an identifier or a date as an alternative to words: it was left out."
_PUBMED_NUMBERS = "Crossref does not know PubMed numbers: they were left out."
_LANGUAGE = "Crossref has no language filter: works in every language were asked for."
_TOO_LONG = "The search has more words than Crossref takes: the last ones were left out."
_NEWEST = "Sorted by date, Crossref puts works first that hold only some of the words."
_UNASKABLE = {
    "pmid": _PUBMED_NUMBERS,
    "pmcid": _PUBMED_NUMBERS,
    "language": _LANGUAGE,
    "publication-type": "Crossref does not record publication types: they were left out.",
    "volume": "Crossref cannot search volume, issue or pages: they were left out.",
    "issue": "Crossref cannot search volume, issue or pages: they were left out.",
    "pages": "Crossref cannot search volume, issue or pages: they were left out.",
    "entry-date": "Crossref does not know when a record entered PubMed: the entry date was left out.",
}
_ORCID = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\b")
_MARKS = re.compile(r"[*/\"“”„‟«»()\[\]]")


def strategy_for(query: Query) -> Strategy:
    """Crossref's strategy for a query. Raises UnsupportedQuery if nothing of it can be asked."""
    draft = _Draft()
    draft.take(query.root)
    draft.limit(query.limits)
    if not draft.asks:
        numbers = {term.field for term in query.terms()} <= {"pmid", "pmcid"} and query.terms()
        raise UnsupportedQuery(
            "Crossref does not know PubMed numbers."
            if numbers
            else "Crossref needs a word, a name or an identifier that it can search for.",
            "Search by title, author or DOI, or leave Crossref out.",
        )
    if query.sort == "newest":
        draft.lose(_NEWEST)
    text = query.root.text if isinstance(query.root, Term) and query.is_plain else draft.words()
    return Strategy(text=draft.fitting(text), parameters=tuple(draft.parameters(query.sort)), losses=tuple(draft.losses))


def _place(term: Term) -> str | None:
    """The parameter that a term goes to: a field query, a filter, the bag of words, or None where Crossref has no place for it."""
    if term.field in _FIELD_QUERIES:
        return "filter.issn" if term.field == "journal" and identifiers.issn(term.text) else _FIELD_QUERIES[term.field]
    if term.field in _FILTERS:
        return f"filter.{_FILTERS[term.field]}"
    return "bag" if term.field in _PLAIN_WORDS | _TITLE_WORDS | _SUBJECT_WORDS else None


def _dated(node: Node) -> bool:
    """A date stands somewhere in the tree."""
    return isinstance(node, DateRange) or (isinstance(node, Boolean) and any(map(_dated, node.parts)))


@dataclass(slots=True)
class _Draft:
    """A strategy in the making."""

    bag: list[str] = field(default_factory=list)
    field_queries: dict[str, list[str]] = field(default_factory=dict)
    filters: dict[str, list[str]] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    losses: dict[str, None] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        return bool(self.bag or self.field_queries or self.filters.keys() - {"type"})

    def lose(self, sentence: str) -> None:
        self.losses[sentence] = None

    def take(self, node: Node, fixed: bool = True, either: bool = False) -> None:
        """Take a tree in. `fixed`: only ANDs stand above, so a filter is true to it; `either`: alternatives for one place."""
        if isinstance(node, Term):
            self._term(node, fixed, either)
        elif isinstance(node, DateRange):
            self._dates(node, fixed)
        elif node.operator == "NOT":
            self.lose(_NOT)
            self.take(node.parts[0], fixed)
        elif node.operator == "AND":
            for part in node.parts:
                self.take(part, fixed)
        else:
            places = {place for term in Query("", node).terms() if (place := _place(term))}
            one_place = fixed and len(places) == 1
            if not one_place and any(place.startswith("query.") for place in places):
                self.lose(_ALTERNATIVE_FIELD)
            for part in node.parts:
                self.take(part, one_place and not _dated(part), one_place)

    def _term(self, term: Term, fixed: bool, either: bool) -> None:
        place = _place(term)
        if place is None:
            self.lose(_UNASKABLE.get(term.field, f"Crossref cannot search by {term.field.replace('-', ' ')}: it was left out."))
        elif place.startswith("filter."):
            self._filter(place.removeprefix("filter."), term, fixed, either)
        else:
            self._words(place if fixed else "bag", term)

    def _words(self, place: str, term: Term) -> None:
        words = " ".join(_MARKS.sub(" ", term.text).split())
        if not words:
            return
        for lost, sentence in (
            (term.truncated, _TRUNCATION),
            (term.near is not None, _PROXIMITY),
            (term.phrase and term.near is None and len(words.split()) > 1 and place == "bag" and term.field not in _SUBJECT_WORDS, _PHRASE),
            (term.field in _TITLE_WORDS, _TITLE),
            (term.field in _SUBJECT_WORDS, _SUBJECT),
            (term.field in ("first-author", "last-author"), _AUTHOR_ORDER),
        ):
            if lost:
                self.lose(sentence)
        held = self.bag if place == "bag" else self.field_queries.setdefault(place, [])
        if held:
            self.lose(_BOOLEAN)
        held.append(words)

    def _filter(self, name: str, term: Term, fixed: bool, either: bool) -> None:
        if not fixed:
            self.lose(_ALTERNATIVE)
            return
        orcid = _ORCID.search(term.text)
        value = {
            "doi": identifiers.doi(term.text),
            "issn": identifiers.issn(term.text),
            "isbn": identifiers.isbn(term.text),
            "orcid": orcid.group().upper() if orcid else None,
        }[name]
        if value is None:
            self.lose(f"“{term.text}” is not {'an' if name != 'doi' else 'a'} {name.upper()}: it was left out.")
        elif "," in value:
            self.lose(f"Crossref's filters cannot carry the comma in {value}: it was left out.")
        else:
            if name in self.filters and not either:
                self.lose(_BOOLEAN)
            self.filters.setdefault(name, []).append(value)

    def _dates(self, dates: DateRange, fixed: bool) -> None:
        if dates.field != "date":
            self.lose(_UNASKABLE["entry-date"])
        elif not fixed:
            self.lose(_ALTERNATIVE)
        else:
            self._between(_iso(dates.first), _iso(dates.last))

    def _between(self, first: str, last: str) -> None:
        """Narrow the dates. A bare year counts from its first day, and to its last."""
        self.first = max(self.first, first)
        self.last = min(filter(None, (self.last, last)), key=lambda date: date.ljust(10, "~"), default="")

    def limit(self, limits: Limits) -> None:
        self._between(str(limits.year_from or ""), str(limits.year_to or ""))
        if limits.languages:
            self.lose(_LANGUAGE)
        unknown = [kind for kind in limits.types if kind not in _TYPE_FILTERS]
        if unknown:
            self.lose(f"Crossref has no type for {', '.join(sorted(unknown))}: works of every type were asked for.")
        elif limits.types:
            self.filters["type"] = [name for kind in limits.types for name in _TYPE_FILTERS[kind]]

    def words(self) -> str:
        """The bag, each word once."""
        first_spelling: dict[str, str] = {}
        for word in " ".join(self.bag).split():
            first_spelling.setdefault(word.casefold(), word)
        return " ".join(first_spelling.values())

    def fitting(self, text: str) -> str:
        if len(quote(text)) <= MOST_BYTES_OF_WORDS:
            return text
        self.lose(_TOO_LONG)
        words = text.split()
        while words and len(quote(" ".join(words))) > MOST_BYTES_OF_WORDS:
            words.pop()
        return " ".join(words)

    def parameters(self, sort: str) -> Iterator[tuple[str, str]]:
        for name, words in self.field_queries.items():
            yield name, self.fitting(" ".join(dict.fromkeys(words)))
        filters = [f"{name}:{value}" for name, values in self.filters.items() for value in dict.fromkeys(values)]
        filters += [f"{name}:{date}" for name, date in (("from-pub-date", self.first), ("until-pub-date", self.last)) if date]
        if filters:
            yield "filter", ",".join(filters)
        if sort == "newest":
            yield from (("sort", "published"), ("order", "desc"))


def _iso(date: str) -> str:
    """Crossref's notation of a date: "2019/3" is 2019-03."""
    year, *rest = date.split("/")
    return "-".join([year, *(part.zfill(2) for part in rest)])
