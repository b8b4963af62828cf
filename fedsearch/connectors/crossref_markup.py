"""Crossref's marked-up text -> plain text: JATS, HTML and MathML tags, escaped twice or broken, without losing a word.

Publishers deposit titles and abstracts with whatever markup they have, often cut or escaped again on the way, so no parser
that asks for well-formed input is used: what has the form of a known tag is taken as one, everything else is text.
"""

from __future__ import annotations

import html
import re

# A tag counts when its name is prefixed (jats:p, mml:mi) or known, and its attributes are quoted: "p<0.05", "x <y and z> w" are text.
_KNOWN = (
    "abstract|alternatives|annotation|article-title|a|bold|break|big|br|b|caption|def-list|disp-formula|disp-quote|div|emph|em|"
    "ext-link|fig|font|h[1-6]|inline-formula|inline-graphic|italic|i|label|list-item|list|li|math|mi|mn|mo|mover|mrow|msqrt|msubsup|"
    "msub|msup|mtext|munder|monospace|named-content|ol|overline|p|roman|sans-serif|sc|scp|sec|semantics|small|span|strike|strong|"
    "styled-content|sub|subtitle|sup|s|table|tbody|td|tex-math|title|tr|tt|ul|underline|uri|u|xref"
)
_TAG = re.compile(
    rf"""<(?P<close>/)?(?P<name>[a-zA-Z][\w.]*:[\w.-]+|(?:{_KNOWN})(?![\w.:-]))"""
    r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>""",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,31});")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
_LINES = frozenset(
    "abstract break br caption def-list disp-quote div fig h1 h2 h3 h4 h5 h6 label li list list-item ol p sec subtitle table tr ul".split()
)
# The same formula stands beside it as MathML, or as plain text.
_UNREAD = frozenset({"tex-math", "annotation"})
_RAISED = frozenset({"sub", "sup"})
_SLANTED = frozenset({"i", "em", "italic"})
_ABSTRACT_HEADINGS = frozenset(
    "abstract,summary,zusammenfassung,abstrakt,résumé,resume,resumen,resumo,riassunto,samenvatting,sammanfattning,özet,öz,"
    "аннотация,резюме,چکیده,خلاصه,الملخص,ملخص,摘要,要旨,초록,streszczenie".split(",")
)
# Indented deposits break the line around every element, so a break before a stop or inside a bracket is no blank.
_BREAK = re.compile(r"(?<=[(\[])[ \t]*\n\s*|\s*\n\s*(?=[.,;:)\]]|['’]s\b)")
_SPELT_HEADING = re.compile(r"^(?:ABSTRACT\b[:.]?|Abstract[:.])\s+")


def plain_text(marked_up: str) -> str:
    """One line of plain text, for titles and names."""
    text = _unescaped(marked_up)
    if "<" in text:
        return " ".join(words for _, words in _lines(text))
    return _one_line(text)


def plain_abstract(marked_up: str) -> str | None:
    """An abstract, one paragraph a line; a section's heading stands before it as "METHODS: ". None when nothing is left."""
    lines: list[str] = []
    heading = ""
    for is_heading, words in _lines(_unescaped(marked_up)):
        if is_heading:
            if heading:
                lines.append(heading)
            heading = "" if not lines and words.casefold().strip(" :.") in _ABSTRACT_HEADINGS else words.rstrip(" :.").upper()
        else:
            lines.append(f"{heading}: {words}" if heading else words)
            heading = ""
    text = _SPELT_HEADING.sub("", "\n".join(lines))
    return text or None


def _unescaped(text: str) -> str:
    """Entities resolved as often as they were escaped, and what is no character of a text taken out."""
    for _ in range(3):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return _NOT_TEXT.sub("", text)


def _lines(text: str) -> list[tuple[bool, str]]:
    """The lines that a text's block elements make, and whether each is a heading."""
    lines: list[tuple[bool, str]] = []
    line = ""
    unread = 0
    at = 0
    slanted_at = -1
    for tag in _TAG.finditer(text):
        name = tag.group("name").lower().rpartition(":")[2]
        if not unread:
            line += text[at : tag.start()]
        at = tag.end()
        closes, empty = bool(tag.group("close")), tag.group().endswith("/>")
        if name in _UNREAD and not empty:
            unread = max(0, unread - 1) if closes else unread + 1
        elif name in _LINES or name in ("title", "article-title"):
            _end_line(lines, line, heading=closes and name == "title")
            line, slanted_at = "", -1
        elif name in _RAISED:
            line = _without_break(line)
        elif name in _SLANTED and not empty:
            line, slanted_at = _spaced(line, slanted_at, text, at) if closes else (line, len(line))
        elif name in ("td", "th"):
            line += " "
    # An element that is never closed hides nothing.
    _end_line(lines, line + text[at:], heading=False)
    return lines


def _end_line(lines: list[tuple[bool, str]], line: str, heading: bool) -> None:
    if words := _one_line(line):
        lines.append((heading, words))


def _one_line(text: str) -> str:
    if "\n" in text:
        text = _BREAK.sub("", text)
    return " ".join(text.split())


def _without_break(line: str) -> str:
    """Indented deposits break the line before an index: "CO\\n   <sub>2</sub>" is CO2."""
    bare = line.rstrip()
    return bare if "\n" in line[len(bare) :] else line


def _spaced(line: str, begins: int, text: str, at: int) -> tuple[str, int]:
    """Several words in italics that touch a letter lost a space on the way: "SCI<i>in vivo</i>"; "<i>N</i>-acetyl" did not."""
    if begins < 0 or " " not in line[begins:].strip():
        return line, -1
    if begins and line[begins - 1].isalpha() and line[begins].isalpha():
        line = f"{line[:begins]} {line[begins:]}"
    if line[-1].isalpha() and at < len(text) and text[at].isalpha():
        line += " "
    return line, -1
