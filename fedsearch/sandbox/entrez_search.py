"""PubMed's search language over the sandbox's index: automatic term mapping, fields, dates, and what PubMed says of it all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fedsearch.errors import QuerySyntaxError
from fedsearch.folding import fold_spaced, stem
from fedsearch.query import MOST_CHARACTERS, MOST_TERMS, TAGS, Boolean, DateRange, Node, Term, parse
from fedsearch.sandbox.index import Index, first_day, last_day

WEIGHTS = {"title": 3.0, "vernacular": 3.0, "mesh": 2.0, "keyword": 2.0, "abstract": 1.0}
# The names by which PubMed shows its fields in "Search details".
NAMES = {
    "all": "All Fields", "title": "Title", "abstract": "Abstract", "title-abstract": "Title/Abstract", "text": "Text Word",
    "author": "Author", "first-author": "Author - First", "last-author": "Author - Last", "author-id": "Author - Identifier",
    "affiliation": "Affiliation", "journal": "Journal", "mesh": "MeSH Terms", "mesh-major": "MeSH Major Topic",
    "subheading": "MeSH Subheading", "substance": "Supplementary Concept", "pharmacologic-action": "Pharmacological Action",
    "publication-type": "Publication Type", "language": "Language", "date": "Date - Publication", "entry-date": "Date - Entry",
    "pmid": "UID", "pmcid": "PMCID", "doi": "DOI", "issn": "ISSN", "isbn": "ISBN", "volume": "Volume", "issue": "Issue",
    "pages": "Pagination", "keyword": "Other Term", "subset": "Filter", "publisher": "Publisher",
    "conflict-of-interest": "Conflict of Interest Statements", "grant": "Grants and Funding",
}  # fmt: skip
# Fields read word by word, and where the index has their words; every other field is a value as a whole.
_WORD_FIELDS = {
    "title": ("title", "vernacular"),
    "abstract": ("abstract",),
    "title-abstract": ("title", "vernacular", "abstract", "keyword"),
    "text": ("title", "vernacular", "abstract", "keyword", "mesh", "substance", "publication-type"),
    "affiliation": ("affiliation",),
    "keyword": ("keyword",),
    "publisher": ("publisher",),
}
_AUTHORS = frozenset({"author", "first-author", "last-author"})
# MeSH entry terms of searches that are often shown: https://meshb.nlm.nih.gov
_ENTRY_TERMS = {
    "cancer": "neoplasms", "tumor": "neoplasms", "breast cancer": "breast neoplasms", "lung cancer": "lung neoplasms",
    "colorectal cancer": "colorectal neoplasms", "prostate cancer": "prostatic neoplasms", "children": "child",
    "heart attack": "myocardial infarction", "high blood pressure": "hypertension", "diabetes": "diabetes mellitus",
    "type 2 diabetes": "diabetes mellitus type 2", "type 1 diabetes": "diabetes mellitus type 1", "elderly": "aged",
    "cardiac failure": "heart failure", "ckd": "renal insufficiency chronic", "copd": "pulmonary disease chronic obstructive",
    "tb": "tuberculosis", "covid": "covid 19", "aids": "acquired immunodeficiency syndrome", "atrial fibrillation": "atrial fibrillation",
    "gestational diabetes": "diabetes gestational", "septicemia": "sepsis", "babies": "infant", "vaccine": "vaccines",
}  # fmt: skip
# PubMed Help, "Stopwords": words that are passed over where they are neither tagged nor quoted.
_STOPWORDS = frozenset(
    "a about again all almost also although always among an and another any are as at be because been before being between both "
    "but by can could did do does done due during each either enough especially etc for found from further had has have having "
    "here how however i if in into is it its itself just kg km made mainly make may mg might ml mm most mostly must nearly neither "
    "no nor obtained of often on our overall perhaps pmid quite rather really regarding seem seen several should show showed shown "
    "shows significantly since so some such than that the their theirs them then there therefore these they this those through "
    "thus to upon use used using various very was we were what when which while with within without would".split()
)
_TAG = re.compile(r"\s?\[([^\[\]]{1,40})\]")
# What is taken out of a search that cannot be read, a little more each time.
_REPAIRS = (
    None,
    re.compile(r"[()]"),
    re.compile(r"[()\"“”„‟«»]"),
    re.compile(r"[()\"“”„‟«»]|^\s*(?:AND|OR|NOT)\b|\b(?:AND|OR|NOT)\s*$"),
    re.compile(r"[()\"“”„‟«»]|\[[^\[\]]*\]|[\[\]]|\b(?:AND|OR|NOT)\b|[\x00-\x08\x0b\x0c\x0e-\x1f]"),
)


class BackendError(Exception):
    """What PubMed answers as ERROR inside an HTTP 200."""


@dataclass(slots=True)
class Answer:
    """Record numbers, PubMed's words on how it read the search, and the words that count for relevance."""

    found: set[int] = field(default_factory=set)
    translation: str = ""
    translations: list[tuple[str, str]] = field(default_factory=list)
    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)
    words: list[Sequence[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    """Part of a search: its records and how PubMed would write it; a part that was dropped has no records to offer."""

    found: set[int]
    text: str
    dropped: bool = False
    compound: bool = False

    @property
    def bracketed(self) -> str:
        return f"({self.text})" if self.compound else self.text


def headings_by_stem(index: Index) -> dict[str, str]:
    """Every MeSH heading of the index by the stems of its words, for the term mapping; entry terms lead to theirs."""
    headings = {_stems(heading): heading for heading in sorted(index.values("mesh"))}
    known = set(headings.values())
    return {**headings, **{_stems(entry): heading for entry, heading in _ENTRY_TERMS.items() if heading in known}}


def _stems(words: str) -> str:
    return " ".join(stem(word) for word in words.split())


class PubMedSearch:
    """One index, searched as PubMed is."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.headings = headings_by_stem(index)
        self._longest_heading = max((len(stems.split()) for stems in self.headings), default=1)

    def search(self, text: str) -> Answer:
        """Run a search. Raises BackendError for a text that PubMed's backend would not take."""
        answer = Answer()
        tree = _tree(text, answer)
        if tree is not None:
            part = self._part(tree, answer)
            answer.found, answer.translation = set(part.found), part.text
        return answer

    def _part(self, node: Node, answer: Answer) -> _Part:
        if isinstance(node, DateRange):
            first, last = first_day(node.first), last_day(node.last)
            return _Part(self.index.dated(node.field, first, last), f"{first}:{last}[{NAMES[node.field]}]")
        if isinstance(node, Boolean):
            return self._boolean(node, answer)
        if node.plain:
            return self._mapped(node.text, answer)
        part = self._term(node)
        if not part.found and node.phrase and (node.field in ("all", "mesh", "mesh-major") or node.field in _WORD_FIELDS):
            answer.quoted_not_found.append(part.text)
        if node.phrase and node.field == "all" and not part.found and " " in node.text:
            # A quoted phrase that PubMed does not have is searched as words: PubMed Help, "Phrase not found".
            return self._mapped(node.text, answer)
        answer.words.extend([word] for word in fold_spaced(node.text).split() if node.field in ("all", *_WORD_FIELDS))
        return part

    def _boolean(self, node: Boolean, answer: Answer) -> _Part:
        parts = [self._part(part, answer) for part in node.parts]
        kept = [part for part in parts if not part.dropped]
        if not kept:
            return parts[0]
        found = set(kept[0].found)
        for part in kept[1:]:
            if node.operator == "AND":
                found &= part.found
            elif node.operator == "OR":
                found |= part.found
            else:
                found -= part.found
        if node.operator == "NOT" and parts[0].dropped:
            found = set()
        if len(kept) == 1:
            return _Part(found, kept[0].text, compound=kept[0].compound)
        return _Part(found, f" {node.operator} ".join(part.bracketed for part in kept), compound=True)

    def _mapped(self, text: str, answer: Answer) -> _Part:
        """Automatic term mapping: the longest MeSH headings first, every other word in all fields with its variants."""
        words = fold_spaced(text).split()
        parts: list[_Part] = []
        at = 0
        while at < len(words):
            length, heading = self._heading_at(words, at)
            run = words[at : at + length]
            at += length
            if heading is None and run[0] in _STOPWORDS:
                continue
            parts.append(self._heading_part(run, heading, answer) if heading else self._word_part(run[0], answer))
        kept = [part for part in parts if not part.dropped]
        if not kept:
            answer.phrases_ignored.extend([text] if not parts else [])
            return _Part(set(), text, dropped=True)
        if len(kept) == 1:
            return kept[0]
        return _Part(set.intersection(*(part.found for part in kept)), " AND ".join(part.bracketed for part in kept), compound=True)

    def _heading_at(self, words: Sequence[str], at: int) -> tuple[int, str | None]:
        for length in range(min(self._longest_heading, len(words) - at), 0, -1):
            if heading := self.headings.get(_stems(" ".join(words[at : at + length]))):
                return length, heading
        return 1, None

    def _word_part(self, word: str, answer: Answer) -> _Part:
        variants = self.index.variants(word)
        if not variants:
            answer.phrases_not_found.append(word)
            return _Part(set(), word, dropped=True)
        shown = " OR ".join(f'"{variant}"[All Fields]' for variant in variants)
        if len(variants) > 1:
            answer.translations.append((word, shown))
        answer.words.append(variants)
        return _Part(set().union(*map(self.index.with_word, variants)), shown, compound=len(variants) > 1)

    def _heading_part(self, run: Sequence[str], heading: str, answer: Answer) -> _Part:
        variants = [self.index.variants(word) or [word] for word in run]
        answer.words.extend(variants)
        in_all = set.intersection(*(set().union(*map(self.index.with_word, words)) for words in variants))
        shown = [f'"{heading}"[MeSH Terms]']
        if len(run) == 1:
            shown += [f'"{variant}"[All Fields]' for variant in variants[0]]
        else:
            shown.append("(" + " AND ".join(f'"{word}"[All Fields]' for word in run) + ")")
            shown.append(f'"{" ".join(run)}"[All Fields]')
        text = " OR ".join(shown)
        answer.translations.append((" ".join(run), text))
        return _Part(self._with_heading(heading, explode=True) | in_all, text, compound=True)

    def _with_heading(self, heading: str, explode: bool) -> set[int]:
        found = self.index.with_value("mesh", heading)
        return found | self.index.with_value("mesh-broader", heading) if explode else found

    def _term(self, term: Term) -> _Part:
        """A term with a tag, quotation marks or an asterisk."""
        name = NAMES.get(term.field, "All Fields")
        words = fold_spaced(term.text.replace("*", " "))
        if term.near is not None:
            fields = _WORD_FIELDS.get(term.field, ("title", "vernacular", "abstract", "affiliation"))
            return _Part(self.index.with_near(words.split(), term.near, fields), f'"{term.text}"[{name}:~{term.near}]')
        if term.field == "all" or term.field in _WORD_FIELDS:
            return self._in_words(term, words, name)
        if term.field not in NAMES:
            return self._in_words(Term(term.text, "all", term.phrase), words, name)
        shown = f"{term.text.lower()}[{name}]" if term.truncated else f'"{term.text.lower()}"[{name}]'
        if not term.explode:
            shown = f"{shown[:-1]}:noexp]"
        return _Part(self._with_value(term, words), shown)

    def _in_words(self, term: Term, words: str, name: str) -> _Part:
        fields = _WORD_FIELDS.get(term.field)
        if term.truncated and not term.phrase:
            pieces = [fold_spaced(piece) + "*" * ("*" in piece) for piece in term.text.split()]
            found = [self.index.with_phrase(piece, fields) for piece in pieces if piece.strip("*")]
            together = set.intersection(*found) if found else set()
            return _Part(together, " AND ".join(f"{piece}[{name}]" for piece in pieces), compound=len(pieces) > 1)
        beginning = "*" if term.truncated else ""
        found_whole = self.index.with_phrase(words + beginning, fields)
        if found_whole or term.phrase or " " not in words:
            return _Part(found_whole, f'"{words}{beginning}"[{name}]')
        every = set.intersection(*(self.index.with_word(word, fields) for word in words.split()))
        return _Part(every, " AND ".join(f'"{word}"[{name}]' for word in words.split()), compound=True)

    def _with_value(self, term: Term, words: str) -> set[int]:
        if term.truncated:
            return self.index.with_value_beginning(term.field, words)
        if term.field == "mesh":
            return self._with_heading(words, term.explode)
        if term.field in _AUTHORS and not term.phrase and " " in words:
            return self.index.with_value_beginning(term.field, words)
        if term.field == "pmid":
            return set().union(*(self.index.with_value("pmid", word) for word in words.split()))
        return self.index.with_value(term.field, words)


def _tree(text: str, answer: Answer) -> Node | None:
    """The parsed search; PubMed refuses none for its form, so as little as possible is taken out until it can be read."""
    known = _TAG.sub(lambda match: _known_tag(match, answer), text)
    fault = ""
    for signs in _REPAIRS:
        repaired = signs.sub(" ", known) if signs else known
        if not repaired.strip():
            answer.phrases_ignored.append(text.strip())
            return None
        try:
            tree = parse(repaired).root
        except QuerySyntaxError as exc:
            fault = str(exc)
            if len(repaired) > MOST_CHARACTERS or len(repaired.split()) > MOST_TERMS:
                break
            continue
        answer.phrases_ignored.extend(dict.fromkeys(signs.findall(known)) if signs else ())
        return tree
    raise BackendError(f"Search Backend failed: {fault}")


def _known_tag(match: re.Match[str], answer: Answer) -> str:
    name = " ".join(match.group(1).lower().split()).partition(":")[0]
    if name in TAGS:
        return match.group()
    answer.fields_not_found.append(match.group(1))
    return " "
