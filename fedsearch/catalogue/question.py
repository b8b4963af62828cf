"""Query tree -> SQLite conditions: full-text expressions for words, plain SQL for years, languages and numbers.

Every word of the searcher's goes into a quoted FTS5 string, in which no character means anything (https://sqlite.org/fts5.html, 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from fedsearch import identifiers
from fedsearch.catalogue.words import STOP_WORDS, phrase_readings, question_words
from fedsearch.folding import fold, fold_spaced
from fedsearch.languages import two_letter
from fedsearch.query import Boolean, DateRange, Limits, Node, Query, Term

# The columns of the index with their weights in bm25: what stands in a title says most.
COLUMNS: dict[str, float] = {
    "titles": 10.0,
    "authors": 5.0,
    "subjects": 4.0,
    "series": 2.0,
    "publishers": 1.0,
    "journals": 3.0,
    "numbers": 6.0,
    "call_numbers": 3.0,
    "notes": 1.0,
}
FIELD_COLUMNS: dict[str, tuple[str, ...]] = {
    "all": (),
    "text": (),
    "title": ("titles",),
    "abstract": ("notes",),
    "title-abstract": ("titles", "subjects", "notes"),
    "author": ("authors",),
    "first-author": ("authors",),
    "last-author": ("authors",),
    "journal": ("journals",),
    "mesh": ("subjects",),
    "mesh-major": ("subjects",),
    "subheading": ("subjects",),
    "substance": ("subjects",),
    "publication-type": ("subjects",),
    "keyword": ("subjects",),
    "subject": ("subjects",),
    "series": ("series",),
    "publisher": ("publishers",),
    "call-number": ("call_numbers",),
}
NUMBER_FIELDS = frozenset({"isbn", "issn", "doi", "control-number"})
_HEADINGS = frozenset({"mesh", "mesh-major", "subheading", "substance"})
_AUTHORS = frozenset({"author", "first-author", "last-author"})
_NOTHING = "0"
# FTS5's parser keeps a stack of a hundred symbols, and an operator in parentheses takes several.
_DEEPEST_MATCH = 8
_SETS = {"AND": "INTERSECT", "OR": "UNION", "NOT": "EXCEPT"}
_NO_WORD = '""'

Sql: TypeAlias = tuple[str, tuple[str | int, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A query as the engine asks it: a full-text expression that also ranks, and further conditions, all to be met."""

    match: str | None
    conditions: tuple[Sql, ...] = ()


def question_of(query: Query) -> Question:
    """The whole query with its limits."""
    parts = query.root.parts if isinstance(query.root, Boolean) and query.root.operator == "AND" else (query.root,)
    matches = [match for part in parts if (match := _match(part)) is not None]
    others = [_condition(part) for part in parts if _match(part) is None]
    return Question(" AND ".join(f"({match})" for match in matches) or None, (*others, *_limits(query.limits)))


def any_word(words: Iterable[tuple[str, ...]], limits: Limits) -> Question:
    """Any one of the words, within the limits."""
    return Question(_or(_quoted(form) for forms in words for form in forms), _limits(limits))


def _match(node: Node) -> str | None:
    """A full-text expression for the node, or None where words alone cannot say it."""
    if isinstance(node, Boolean):
        if _depth(node) > _DEEPEST_MATCH:
            return None
        parts = [_match(part) for part in node.parts]
        said = [f"({part})" for part in parts if part is not None]
        return f" {node.operator} ".join(said) if len(said) == len(parts) else None
    if isinstance(node, DateRange) or node.field not in FIELD_COLUMNS:
        return None
    words = _words(node)
    columns = FIELD_COLUMNS[node.field]
    return f"{{{' '.join(columns)}}} : ({words})" if columns else words


def _words(term: Term) -> str:
    if term.near is not None:
        return f"NEAR({' '.join(_quoted(word) for word in fold_spaced(term.text).split())}, {term.near})"
    if term.phrase or (term.field in _HEADINGS and not term.truncated):
        # A heading and its qualifier ("Heart Failure/therapy") are two phrases of one field.
        phrases = term.text.split("/") if term.field in _HEADINGS else [term.text]
        return _and(_phrase(phrase) for phrase in phrases if fold(phrase))
    if term.field in _AUTHORS:
        return _author(term.text)
    if term.field == "journal":
        # Abbreviations are asked for more than names: "N Engl J Med" begins every word of the journal's title.
        return _and(f"{_quoted(word)}*" for word in fold_spaced(_without(term.text, _is_stop_word)).split())
    return _and([*_asked(_without(term.text, _is_truncated), term.field == "call-number"), *_beginnings(term.text)])


def _asked(text: str, keep_stop_words: bool) -> list[str]:
    return [_or(map(_quoted, forms)) for forms in question_words(text, keep_stop_words)]


def _beginnings(text: str) -> list[str]:
    """Truncated words: all that stands before the first asterisk of each."""
    starts = [word.split("*", 1)[0] for word in text.split() if _is_truncated(word)]
    return [_or(_quoted(reading) + "*" for reading in phrase_readings(start)) for start in starts if fold(start)]


def _is_truncated(word: str) -> bool:
    return "*" in word


def _is_stop_word(word: str) -> bool:
    return fold(word) in STOP_WORDS


def _is_initials(word: str) -> bool:
    return len(word) <= 3 and word.isascii() and word.isalpha() and word.isupper()


def _without(text: str, unwanted: Callable[[str], bool]) -> str:
    return " ".join(word for word in text.split() if not unwanted(word))


def _phrase(text: str) -> str:
    prefix = "*" if text.rstrip().endswith("*") else ""
    return _or(_quoted(reading) + prefix for reading in phrase_readings(text.replace("*", " ")))


def _author(text: str) -> str:
    """Names in any order; short capitals are initials ("Smith JA"), of which the first begins a given name."""
    names = _without(_without(text, _is_truncated), _is_initials)
    initials = [fold(word) for word in text.split() if _is_initials(word)]
    if not names and not _is_truncated(text):
        return _and(_asked(text, keep_stop_words=True))
    given = [f"{_quoted(word)} OR {_quoted(word[:1])}*" for word in initials]
    return _and([*_asked(names, keep_stop_words=True), *given, *_beginnings(text)])


def _condition(node: Node) -> Sql:
    """A node as an SQL condition over `records`."""
    match = _match(node)
    if match is not None:
        return "id IN (SELECT rowid FROM words WHERE words MATCH ?)", (match,)
    if isinstance(node, DateRange):
        return _years(int(node.first[:4]), int(node.last[:4])) if node.field == "date" else (_NOTHING, ())
    if isinstance(node, Term):
        return _number(node)
    compound, values = _compound(node)
    return f"id IN ({compound})", values


def _compound(node: Boolean) -> Sql:
    """SELECTs joined by INTERSECT, UNION and EXCEPT, which SQLite applies from left to right as PubMed does its operators.

    So however long a row of operators is, nothing is nested in it but what the searcher put in parentheses.
    """
    first, *rest = node.parts
    said = [_compound(first) if isinstance(first, Boolean) and _match(first) is None else _select(first), *map(_select, rest)]
    return f" {_SETS[node.operator]} ".join(sql for sql, _ in said), tuple(value for _, values in said for value in values)


def _select(node: Node) -> Sql:
    if isinstance(node, Boolean) and _match(node) is None:
        compound, values = _compound(node)
        return f"SELECT id FROM ({compound})", values  # noqa: S608 - made of our own pieces
    sql, values = _condition(node)
    return f"SELECT id FROM records WHERE {sql}", values  # noqa: S608 - made of our own pieces


def _number(term: Term) -> Sql:
    if term.field == "language":
        code = two_letter(term.text)
        return ("instr(languages, ?) > 0", (f"|{code}|",)) if code else (_NOTHING, ())
    if term.field not in NUMBER_FIELDS:
        return _NOTHING, ()
    if term.field == "control-number":
        return "control_number = ?", (term.text.strip(),)
    read = {"isbn": identifiers.isbn, "issn": identifiers.issn, "doi": identifiers.doi}[term.field]
    return "id IN (SELECT record_id FROM identifiers WHERE kind = ? AND value = ?)", (term.field, read(term.text) or term.text.strip())


def _limits(limits: Limits) -> tuple[Sql, ...]:
    said: list[Sql] = []
    if limits.year_from or limits.year_to:
        said.append(_years(limits.year_from or 0, limits.year_to or 9999))
    if limits.types:
        said.append((f"type IN ({', '.join('?' * len(limits.types))})", tuple(limits.types)))
    if limits.languages:
        codes = [f"|{two_letter(language) or language}|" for language in limits.languages]
        said.append((f"({' OR '.join(['instr(languages, ?) > 0'] * len(codes))})", tuple(codes)))
    return tuple(said)


def _years(first: int, last: int) -> Sql:
    """Came out within these years; for what comes out over many years, in one of them."""
    return "(year <= ? AND coalesce(last_year, year) >= ?)", (last, first)


def _depth(node: Node) -> int:
    """How deep operators are nested, on either side."""
    depth, level = 0, [node]
    while level := [part for node in level if isinstance(node, Boolean) for part in node.parts]:
        depth += 1
    return depth


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _or(parts: Iterable[str]) -> str:
    return " OR ".join(parts) or _NO_WORD


def _and(parts: Iterable[str]) -> str:
    return " AND ".join(f"({part})" for part in parts) or _NO_WORD
