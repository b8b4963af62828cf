"""Text -> Query: PubMed's search language read into a tree with positions.

Operators are AND, OR, NOT in capitals and are applied from left to right without precedence, as PubMed does
(PubMed Help, "Boolean operators"); words that stand together form one term; `*` truncates; `[tag]` names a field.
The parser keeps its own stack and looks at each character a bounded number of times, so hostile input costs no more
than its length.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from fedsearch import identifiers
from fedsearch.errors import QuerySyntaxError
from fedsearch.model import WorkType

MOST_CHARACTERS = 2_000
MOST_TERMS = 200
DEEPEST = 50

Operator: TypeAlias = Literal["AND", "OR", "NOT"]
Sort: TypeAlias = Literal["relevance", "newest"]

# PubMed's tags (PubMed Help, "Search field tags"), and two of ours for the catalogue: su (subject) and cn (call number).
FIELDS: dict[str, tuple[str, ...]] = {
    "all": ("all", "all fields"),
    "title": ("ti", "title"),
    "abstract": ("ab", "abstract"),
    "title-abstract": ("tiab", "title/abstract"),
    "text": ("tw", "text word", "text words"),
    "author": ("au", "author", "author name", "fau", "full author name", "cau"),
    "first-author": ("1au", "author - first", "first author name"),
    "last-author": ("lastau", "author - last", "last author name"),
    "author-id": ("auid", "author - identifier"),
    "affiliation": ("ad", "affiliation"),
    "journal": ("ta", "jour", "journal", "so", "jt"),
    "mesh": ("mh", "mesh", "mesh terms"),
    "mesh-major": ("majr", "mesh major topic"),
    "subheading": ("sh", "mesh subheading", "subheading"),
    "substance": ("nm", "supplementary concept", "rn", "substance name"),
    "pharmacologic-action": ("pa", "pharmacological action"),
    "publication-type": ("pt", "publication type"),
    "language": ("la", "lang", "language"),
    "date": ("dp", "pdat", "date - publication", "publication date", "ppdat", "epdat"),
    "entry-date": ("edat", "date - entry", "crdt", "date - create", "mhda", "lr", "dcom"),
    "pmid": ("pmid", "uid"),
    "pmcid": ("pmcid", "pmc"),
    "doi": ("doi", "aid", "lid", "article identifier"),
    "issn": ("is", "issn"),
    "isbn": ("isbn",),
    "volume": ("vi", "volume"),
    "issue": ("ip", "issue"),
    "pages": ("pg", "pagination"),
    "keyword": ("ot", "other term"),
    "subset": ("sb", "subset", "filter"),
    "conflict-of-interest": ("cois",),
    "grant": ("gr", "grant number"),
    "publisher": ("pubn", "publisher"),
    "subject": ("su", "subject"),
    "series": ("se", "series"),
    "call-number": ("cn", "call number"),
    "control-number": ("001", "control number"),
}
TAGS: dict[str, str] = {tag: name for name, tags in FIELDS.items() for tag in tags}
_PROXIMITY_FIELDS = frozenset({"title", "title-abstract", "affiliation", "all"})
_MESH_FIELDS = frozenset({"mesh", "mesh-major", "subheading"})

_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "»": "»", "‟": "”"}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<open>\() | (?P<close>\))
      | (?P<range>"?\d{4}(?:/\d{1,2}){0,2}"?\s?(?:\[[^\[\]]{1,40}\])?\s?:\s?"?\d{4}(?:/\d{1,2}){0,2}"?\s?\[[^\[\]]{1,40}\])
      | (?P<doi>10\.\d{4,9}/[^\s\[\]"]+)
      | (?P<tag>\[[^\[\]]{1,40}\])
      | (?P<quote>["“”„‟«»])
      | (?P<word>[^\s()\[\]"“”„‟«»]+)
      | (?P<stray>[\[\]])""",
    re.VERBOSE,
)
_PUNCTUATION = str.maketrans("،؛؟٪", ",;?%")
_HISTORY = re.compile(r"#\d+")
_DATE = re.compile(r"^(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?$")
_DATE_RANGE = re.compile(r"^(\d{4}(?:/\d{1,2}){0,2})\s*:\s*(\d{4}(?:/\d{1,2}){0,2})$")
_WORD = re.compile(r"\w+(?:['’\-\u200c]\w+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Term:
    """Words to be found in a field: as a phrase, truncated, near one another, or as PubMed's own mapping reads them."""

    text: str
    field: str = "all"
    phrase: bool = False
    explode: bool = True
    near: int | None = None
    position: int = 0

    @property
    def truncated(self) -> bool:
        return "*" in self.text

    @property
    def plain(self) -> bool:
        """Neither tagged, quoted nor truncated: free for a source to map as it thinks best."""
        return self.field == "all" and not self.phrase and not self.truncated


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates from `first` to `last` (YYYY[/MM[/DD]]), in the publication date or another date field."""

    first: str
    last: str
    field: str = "date"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Boolean:
    """AND and OR hold two or more parts; NOT holds two: what is wanted, and what is not."""

    operator: Operator
    parts: tuple[Node, ...]


Node: TypeAlias = Term | DateRange | Boolean


@dataclass(frozen=True, slots=True)
class Limits:
    """What the searcher narrows a whole search to, beside the words."""

    year_from: int | None = None
    year_to: int | None = None
    types: tuple[WorkType, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.year_from or self.year_to or self.types or self.languages)


@dataclass(frozen=True, slots=True)
class Query:
    """What the searcher means."""

    text: str
    root: Node
    limits: Limits = Limits()
    sort: Sort = "relevance"

    def terms(self) -> tuple[Term, ...]:
        """The terms that are wanted, in reading order; what stands after NOT is left out."""
        return tuple(_wanted(self.root))

    @property
    def words(self) -> tuple[str, ...]:
        """Every wanted word, in reading order and as typed."""
        return tuple(word for term in self.terms() for word in _WORD.findall(term.text))

    @property
    def is_plain(self) -> bool:
        """One run of plain words: no operator, tag, quotation or truncation."""
        return isinstance(self.root, Term) and self.root.plain


def _wanted(root: Node) -> Iterator[Term]:
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Term):
            yield node
        elif isinstance(node, Boolean):
            parts = node.parts[:1] if node.operator == "NOT" else node.parts
            stack.extend(reversed(parts))


def parse(text: str, limits: Limits = Limits(), sort: Sort = "relevance") -> Query:
    """Read a query. Raises QuerySyntaxError with the position of the fault and what would help."""
    cleaned = _cleaned(text)
    return Query(text.strip(), _known_item(cleaned) or _Parser(cleaned).tree(), limits, sort)


def _cleaned(text: str) -> str:
    """The text with every character in its place, or the error that says which one cannot be there."""
    if not text.strip():
        raise QuerySyntaxError("The search is empty.", "Type a word, a phrase, a DOI or a PMID.", 0)
    if len(text) > MOST_CHARACTERS:
        raise QuerySyntaxError(
            f"The search has {len(text):,} characters; at most {MOST_CHARACTERS:,} can be read.",
            "Shorten it, or split it into several searches.",
            MOST_CHARACTERS,
        )
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if (category == "Cc" and not character.isspace()) or category == "Cs":
            raise QuerySyntaxError(
                f"There is a control character (U+{ord(character):04X}) at position {position + 1}.",
                "Delete it and type the text again there.",
                position,
            )
    # Bidirectional marks come along when Persian and English are pasted together; they mean nothing here.
    # Persian digits and punctuation mean what their Western ones do, which is what the sources know.
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", " ", identifiers.western_digits(text).translate(_PUNCTUATION))


def _known_item(text: str) -> Term | None:
    """A text that is nothing but one identifier."""
    bare = text.strip().strip('"“”<>«»').strip()
    if (" " in bare and not re.match(r"^(doi|pmid|pmcid|pmc|isbn|issn)\b", bare, re.IGNORECASE)) or re.search(r"\[[^\[\]]+\]$", bare):
        return None
    if found := identifiers.doi(bare) or (identifiers.doi_in(bare) if re.match(r"^https?://\S+$", bare) else None):
        return Term(found, "doi")
    digits = identifiers.western_digits(bare)
    if re.match(r"^(?:pmcid[:\s]*|https?://\S+/)?pmc\s?\d+/?$", digits, re.IGNORECASE) and (found := identifiers.pmcid(digits)):
        return Term(found, "pmcid")
    if re.match(r"^(isbn[:\s]*)?[\d\-]{9,16}[\dx]$", digits, re.IGNORECASE) and (found := identifiers.isbn(digits)):
        return Term(found, "isbn")
    if re.match(r"^(?:issn[:\s]*\d{4}[-\s]?|\d{4}-)\d{3}[\dx]$", digits, re.IGNORECASE) and (
        found := identifiers.issn(digits[-9:].replace(" ", ""))
    ):
        return Term(found, "issn")
    if (found := identifiers.pmid(bare)) and (len(found) >= 5 or not digits.isdigit()):
        return Term(found, "pmid")
    return None


@dataclass(slots=True)
class _Level:
    """One pair of parentheses being read."""

    position: int
    node: Node | None = None
    operator: Operator | None = None
    operator_at: int = 0


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.levels = [_Level(0)]
        self.run: list[str] = []
        self.run_at = 0
        self.terms = 0

    def tree(self) -> Node:
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            at = self._take(match) if match else at + 1
        self._end_run()
        if len(self.levels) > 1:
            raise QuerySyntaxError(
                f"The parenthesis at position {self.levels[-1].position + 1} is never closed.",
                "Add a “)” or delete the “(”.",
                self.levels[-1].position,
            )
        return self._closed(self.levels[0], "in the search")

    def _take(self, match: re.Match[str]) -> int:
        kind, token, at = match.lastgroup, match.group(), match.start()
        if kind == "open":
            self._end_run()
            self._open(at)
        elif kind == "close":
            self._end_run()
            self._close(at)
        elif kind == "quote":
            return self._quoted(at)
        elif kind == "range":
            self._range(token, at)
        elif kind == "tag":
            return self._bracketed(token, at, match.end())
        elif kind == "doi":
            token = _up_to_unopened(token)
            self._word(token, at)
            return at + len(token)
        elif kind == "word":
            self._word(token, at)
        elif token.startswith("[") and self.run and self.text[at - 1] not in " \t\n":
            raise QuerySyntaxError(f"The field tag at position {at + 1} is never closed.", "Add a “]” or delete the “[”.", at)
        return match.end()

    def _bracketed(self, token: str, at: int, end: int) -> int:
        """A field tag, or brackets of a title: "[18F]FDG", "[Asthma in children]."."""
        known = _tag_name(token[1:-1])[0] in TAGS
        if self.run and (known or not self.text[end : end + 1].isalnum()):
            return self._tagged(token, at, end)
        if known:
            raise QuerySyntaxError(
                f"The field tag {token} at position {at + 1} has no term before it.",
                "Write it directly after each term that it is for.",
                at,
            )
        return at + 1

    def _word(self, token: str, at: int) -> None:
        if token in ("AND", "OR", "NOT"):
            self._end_run()
            self._operator(token, at)  # type: ignore[arg-type]
            return
        if _HISTORY.fullmatch(token):
            raise QuerySyntaxError(
                f"{token} at position {at + 1} names an earlier search, and none are kept.", "Write that search out in parentheses.", at
            )
        if not self.run:
            self.run_at = at
        self.run.append(token)

    def _end_run(self) -> None:
        words, self.run = " ".join(self.run), []
        if _says_something(words):
            self._term(Term(words, position=self.run_at))

    def _quoted(self, at: int) -> int:
        self._end_run()
        closing = {'"', "“", "”", "«", "»"} if self.text[at] != '"' else {'"'}
        end = next((i for i in range(at + 1, len(self.text)) if self.text[i] in closing), -1)
        if end < 0:
            raise QuerySyntaxError(
                f"The quotation mark at position {at + 1} is never closed.", "Add a closing quotation mark or delete this one.", at
            )
        phrase = " ".join(self.text[at + 1 : end].split())
        after = re.compile(r"\s?(\[[^\[\]]{1,40}\])").match(self.text, end + 1)
        if after:
            self._field_term(phrase, True, after.group(1), at, after.start(1))
        elif _says_something(phrase):
            self._term(Term(phrase, phrase=True, position=at))
        return after.end() if after else end + 1

    def _range(self, token: str, at: int) -> None:
        self._end_run()
        tag_at = token.rindex("[")
        dates = re.sub(r"[\s\"]|\[[^\[\]]*\]", "", token[:tag_at])
        self._field_term(dates, False, token[tag_at:], at, at + tag_at)

    def _tagged(self, tag: str, at: int, end: int) -> int:
        words, self.run = " ".join(self.run), []
        self._field_term(words, False, tag, self.run_at, at)
        return end

    def _field_term(self, words: str, phrase: bool, tag: str, at: int, tag_at: int) -> None:
        name, explode, near = _field(tag[1:-1], tag_at)
        if not _says_something(words):
            raise QuerySyntaxError(f"There is no letter or digit before {tag} at position {tag_at + 1}.", "Type a word there.", at)
        if name in ("date", "entry-date"):
            self._term(_dates(words, name, at))
            return
        if near is not None and len(words.split()) < 2:
            raise QuerySyntaxError("A proximity search needs two words or more.", 'For example "hip pain"[tiab:~2].', at)
        self._term(Term(words, name, phrase or near is not None, explode, near, at))

    def _term(self, node: Node) -> None:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise QuerySyntaxError(f"The search has more than {MOST_TERMS} terms.", "Split it into several searches.", _position(node))
        self._add(node)

    def _operator(self, operator: Operator, at: int) -> None:
        level = self.levels[-1]
        if level.operator is not None:
            raise QuerySyntaxError(
                f"{level.operator} at position {level.operator_at + 1} is followed by {operator}.", "Leave one of them out.", at
            )
        if level.node is None:
            raise QuerySyntaxError(
                f"Nothing stands before {operator} at position {at + 1}.",
                f"Type a term before it, or write “{operator.lower()}” for the word itself.",
                at,
            )
        level.operator, level.operator_at = operator, at

    def _open(self, at: int) -> None:
        if len(self.levels) > DEEPEST:
            raise QuerySyntaxError(
                f"Parentheses are nested more than {DEEPEST} deep.", "Split the search, or take out parentheses that change nothing.", at
            )
        self.levels.append(_Level(at))

    def _close(self, at: int) -> None:
        if len(self.levels) == 1:
            raise QuerySyntaxError(
                f"The closing parenthesis at position {at + 1} has no opening one.", "Add a “(” before it or delete it.", at
            )
        level = self.levels.pop()
        self._add(self._closed(level, "between the parentheses"))

    def _closed(self, level: _Level, where: str) -> Node:
        if level.operator is not None:
            raise QuerySyntaxError(
                f"Nothing stands after {level.operator} at position {level.operator_at + 1}.",
                "Type a term after it or delete it.",
                level.operator_at,
            )
        if level.node is None:
            raise QuerySyntaxError(f"There is nothing to search for {where}.", "Type a word there.", level.position)
        return level.node

    def _add(self, node: Node) -> None:
        level = self.levels[-1]
        if level.node is None:
            level.node = node
        else:
            level.node = _joined(level.node, level.operator or "AND", node)
        level.operator = None


def _joined(left: Node, operator: Operator, right: Node) -> Node:
    if isinstance(left, Boolean) and left.operator == operator and operator != "NOT":
        return Boolean(operator, (*left.parts, right))
    return Boolean(operator, (left, right))


def _says_something(words: str) -> bool:
    return any(character.isalnum() for character in words)


def _up_to_unopened(doi: str) -> str:
    """A DOI may hold parentheses in pairs; one that closes what it did not open belongs to the query around it."""
    depth = 0
    for at, character in enumerate(doi):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return doi[:at]
    return doi


def _position(node: Node) -> int:
    return 0 if isinstance(node, Boolean) else node.position


def _tag_name(tag: str) -> tuple[str, str]:
    """A tag's name as TAGS has it, and what follows its colon."""
    name, _, modifier = " ".join(tag.lower().split()).partition(":")
    return name, modifier


def _field(tag: str, at: int) -> tuple[str, bool, int | None]:
    """A tag's field, whether MeSH is exploded, and the distance of a proximity search."""
    name, modifier = _tag_name(tag)
    field = TAGS.get(name)
    if field is None:
        close = difflib.get_close_matches(name, TAGS, n=1, cutoff=0.6)
        hint = f"Did you mean [{close[0]}]? " if close else ""
        raise QuerySyntaxError(
            f"The field tag [{tag}] at position {at + 1} is not known.",
            f"{hint}Usual ones are [ti], [tiab], [au], [ta], [mh], [pt], [dp], [la].",
            at,
        )
    if not modifier:
        return field, True, None
    if modifier in ("noexp", "no exp", "no explosion") and field in _MESH_FIELDS:
        return field, False, None
    distance = re.fullmatch(r"~(\d{1,4})", identifiers.western_digits(modifier))
    if distance and field in _PROXIMITY_FIELDS:
        return field, True, int(distance.group(1))
    raise QuerySyntaxError(
        f"The field tag [{tag}] at position {at + 1} cannot take “:{modifier}”.",
        "MeSH tags take :noexp; [ti], [tiab] and [ad] take :~N.",
        at,
    )


def _dates(words: str, field: str, at: int) -> DateRange:
    digits = identifiers.western_digits(words).replace("-", "/")
    span = _DATE_RANGE.match(digits)
    first, last = span.groups() if span else (digits, digits)
    order: list[tuple[int, ...]] = []
    for date in (first, last):
        parts = _DATE.match(date)
        if parts is None or not (1 <= int(parts.group(2) or 1) <= 12 and 1 <= int(parts.group(3) or 1) <= 31):
            raise QuerySyntaxError(f"“{words}” is not a date.", "Write YYYY, YYYY/MM or YYYY/MM/DD, or a range such as 2019:2024[dp].", at)
        order.append(tuple(int(part) for part in date.split("/")))
    # Compared as precisely as both are given: 2020/05 to 2020 is May to December.
    shared = min(map(len, order))
    if order[0][:shared] > order[1][:shared]:
        raise QuerySyntaxError(f"The dates {words} run backwards.", f"Write {last}:{first}.", at)
    return DateRange(first, last, field, at)


def render(node: Node) -> str:
    """A tree in PubMed's notation; parsing the answer gives the same tree, positions aside."""
    if isinstance(node, DateRange):
        dates = node.first if node.first == node.last else f"{node.first}:{node.last}"
        return f"{dates}[{FIELDS[node.field][0]}]"
    if isinstance(node, Boolean):
        return f" {node.operator} ".join(f"({render(part)})" if isinstance(part, Boolean) else render(part) for part in node.parts)
    words = f'"{node.text}"' if node.phrase else node.text
    if node.near is not None:
        return f"{words}[{FIELDS[node.field][0]}:~{node.near}]"
    if node.field == "all":
        return words
    return f"{words}[{FIELDS[node.field][0]}{'' if node.explode else ':noexp'}]"


def without_positions(node: Node) -> Node:
    """The same tree for comparing, every position 0."""
    if isinstance(node, Boolean):
        return Boolean(node.operator, tuple(without_positions(part) for part in node.parts))
    return replace(node, position=0)
