"""BibTeX and biblatex -> drafts of records: entries found by their braces, LaTeX's letters and signs read as people see them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from fedsearch.dedupe.columns import member_of
from fedsearch.dedupe.entries import Draft
from fedsearch.dedupe.names import author
from fedsearch.model import Author

_BEGIN = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*([{(])", re.MULTILINE)
# BibTeX counts escaped braces too. A line that begins another entry says that a brace is missing.
_BRACE = re.compile(r"[{}()]|\n[ \t]*@\w+[ \t]*\{[^\s,{}=]*,")
_QUOTED_END = re.compile(r"[{}\"]")
_KEY = re.compile(r"\s*([^\s,={}\"]*)\s*(?:,|$)")
_NAME = re.compile(r"[\s,]*([^\s,={}\"#]+)\s*=\s*")
_PIECE = re.compile(r"[^\s,#{}\"]+")
_JOIN = re.compile(r"\s*#\s*")
_NOT_ENTRIES = frozenset({"comment", "preamble", "string"})
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c",
    "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
    "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "textbackslash": "\\", "textasciicircum": "^",
    "textendash": "–", "textemdash": "—", "textregistered": "®", "texttrademark": "™", "textdegree": "°", "degree": "°", "textquoteright": "’",
    "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textgreater": ">", "textless": "<", "textbar": "|", "ldots": "…",
    "dots": "…", "times": "×", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈", "cdot": "·", "rightarrow": "→",
    "textmu": "µ", "textsuperscript": "", "textsubscript": "", "infty": "∞", "circ": "°", "S": "§", "copyright": "©", "pounds": "£",
}  # fmt: skip
_GREEK = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}".replace("LAMBDA", "LAMDA"))
    for name in "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split()
}
_GREEK |= {f"text{name}": letter for name, letter in _GREEK.items()} | {
    name.capitalize(): letter.upper() for name, letter in _GREEK.items()
}
# A brace or dollar that the text itself holds, set aside while LaTeX's own are taken off.
_KEPT = {
    "textasciitilde": "\ue003",
    "~": "\ue003",
    "textbraceleft": "\ue000",
    "{": "\ue000",
    "textbraceright": "\ue001",
    "}": "\ue001",
    "$": "\ue002",
    "textdollar": "\ue002",
}
_BACK = str.maketrans({"\ue000": "{", "\ue001": "}", "\ue002": "$", "\ue003": "~"})
_ACCENTED = re.compile(
    r"\\(?:([`'^~\"=.])|([uvHckrdb])(?=[\s{\\]))\s*(?:\{\s*(\\[ij](?![A-Za-z])|[^\W\d_])\s*\}|(\\[ij](?![A-Za-z])|[^\W\d_]))"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*(?:\{\})?|\\([^A-Za-z])", re.DOTALL)
_MATHS = re.compile(r"\$([^$]*)\$")
_BRACES = re.compile(r"[{}]")
_ESCAPED = re.compile(r"\\([^A-Za-z])")
_LATEX = re.compile(r"[\\${}~\ue000-\ue003]")
_VERBATIM = frozenset({"doi", "url", "pmid", "pmcid", "isbn", "issn"})
_LEFT_OUT = frozenset({"id", "key", "type", "source", "database", "file"})
_OUR_NAMES = {
    "author": "authors", "editor": "editors", "translator": "translators", "journaltitle": "journal", "fjournal": "journal",
    "shortjournal": "journal_abbreviation", "origtitle": "vernacular_title", "school": "publisher", "institution": "publisher",
    "address": "place", "location": "place", "langid": "language", "annote": "notes", "eid": "article_number", "articleno": "article_number",
}  # fmt: skip
_PEOPLE = frozenset({"authors", "editors", "translators"})


def read_bibtex(text: str) -> Iterator[Draft]:
    """One draft for each entry. What stands between entries is comment, as BibTeX itself takes it."""
    strings: dict[str, str] = {}
    at = 0
    while begin := _BEGIN.search(text, at):
        kind = begin.group(1).lower()
        end = _closed(text, begin.end(), begin.group(2))
        if end is None:
            following = _BEGIN.search(text, begin.end())
            at = following.start() if following else len(text)
            if kind not in _NOT_ENTRIES:
                yield Draft(text[begin.start() : at].strip(), fault="an entry whose braces never close")
            continue
        at = end
        inside = text[begin.end() : end - 1]
        if kind == "string":
            strings |= {name.lower(): value for name, value in _fields(inside, strings)}
        elif kind not in _NOT_ENTRIES:
            yield _draft(kind, inside, text[begin.start() : end], strings)


def _closed(text: str, at: int, opening: str) -> int | None:
    """The position after the brace that closes what was opened before `at`; None where there is none."""
    closing = "}" if opening == "{" else ")"
    braces = brackets = 0
    for mark in _BRACE.finditer(text, at):
        found = mark.group()
        if found[0] == "\n":
            return None
        if found == closing and braces == 0 and (closing == "}" or brackets == 0):
            return mark.end()
        braces += (found == "{") - (found == "}" and braces > 0)
        if braces == 0:
            brackets += (found == "(") - (found == ")" and brackets > 0)
    return None


def _draft(kind: str, inside: str, whole: str, strings: dict[str, str]) -> Draft:
    key = _KEY.match(inside)
    members: dict[str, Any] = {"type": kind}
    if key and key.group(1):
        members["id"] = key.group(1)
    subtitle = month = ""
    for name, value in _fields(inside[key.end() :] if key else inside, strings):
        member = _OUR_NAMES.get(name) or member_of(name)
        if name == "subtitle":
            subtitle = plain(value)
        elif name == "month":
            month = plain(value)
        elif member in _PEOPLE:
            members[member] = _people(value)
        elif member and member not in _LEFT_OUT and member not in members:
            members[member] = _verbatim(value) if name in _VERBATIM else plain(value)
    if len(members) <= 2 and not ({"title", "doi", "url"} & members.keys()):
        return Draft(whole, fault="an entry with nothing in it")
    if subtitle and "title" in members:
        members["title"] = f"{members['title']}: {subtitle}"
    if month and "year" in members:
        members["date"] = members.get("date") or f"{members['year']} {month}"
    if "keywords" in members:
        members["keywords"] = re.split(r"\s*[,;]\s*", members["keywords"])
    return Draft(whole, members)


def _fields(text: str, strings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The fields' names in small letters and their values as written, without the marks around them."""
    at = 0
    while name := _NAME.search(text, at):
        value, at = _value(text, name.end(), strings)
        yield name.group(1).lower(), value


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """A value and where it ends: pieces in braces, in quotation marks, or bare, joined by "#"."""
    pieces: list[str] = []
    while at < len(text):
        if text[at] == "{":
            end = _closed(text, at + 1, "{") or len(text) + 1
            pieces.append(text[at + 1 : end - 1])
        elif text[at] == '"':
            end = _end_of_quoted(text, at + 1)
            pieces.append(text[at + 1 : end - 1])
        elif bare := _PIECE.match(text, at):
            end = bare.end()
            pieces.append(strings.get(bare.group().lower(), bare.group()))
        else:
            break
        at = end
        if not (join := _JOIN.match(text, at)):
            break
        at = join.end()
    return "".join(pieces), at


def _end_of_quoted(text: str, at: int) -> int:
    depth = 0
    for mark in _QUOTED_END.finditer(text, at):
        if mark.group() == '"' and depth == 0:
            return mark.end()
        depth += (mark.group() == "{") - (mark.group() == "}")
    return len(text) + 1


def _people(value: str) -> list[Author | str]:
    """Names parted by "and" outside braces; what is wholly in braces is a body."""
    names: list[Author | str] = []
    for name in _parted_at_and(value):
        whole = name.startswith("{") and _closed(name, 1, "{") == len(name)
        if plain(name) == "others":
            names.append("et al.")
        elif whole:
            names.append(Author(collective=plain(name)) if plain(name) else "")
        elif made := author(plain(name)):
            names.append(made)
    return names


def _parted_at_and(value: str) -> list[str]:
    names, depth = [""], 0
    for piece in re.split(r"([{}]|\s+and\s+)", value, flags=re.IGNORECASE):
        if piece.strip().lower() == "and" and piece != piece.strip() and depth == 0:
            names.append("")
            continue
        depth += (piece == "{") - (piece == "}")
        names[-1] += piece
    return [name.strip() for name in names if name.strip()]


def _verbatim(value: str) -> str:
    return _BRACES.sub("", _ESCAPED.sub(r"\1", value)).strip()


def plain(value: str) -> str:
    """LaTeX as people read it: letters with their marks, Greek, signs; no braces and no commands."""
    if not _LATEX.search(value):
        return " ".join(value.split())
    if "\\" in value:
        value = _COMMAND.sub(_sign, _ACCENTED.sub(_letter, value))
    if "$" in value:
        value = _MATHS.sub(lambda maths: re.sub(r"[_^]", "", maths.group(1)), value)
    return " ".join(_BRACES.sub("", value).replace("~", " ").translate(_BACK).split())


def _letter(accented: re.Match[str]) -> str:
    mark = _ACCENTS[accented.group(1) or accented.group(2)]
    return unicodedata.normalize("NFC", (accented.group(3) or accented.group(4)).lstrip("\\") + mark)


def _sign(command: re.Match[str]) -> str:
    name, sign = command.groups()
    if sign is not None:
        return _KEPT.get(sign, "" if sign in "-,!;:/" else " " if sign in "\\ \n" else sign)
    return _KEPT.get(name) or _LETTERS.get(name, _GREEK.get(name, ""))
