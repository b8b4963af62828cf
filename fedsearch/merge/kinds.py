"""What sort of publication a record describes: an article, a notice about one, a preprint, a book, a part of one ..."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from fedsearch.model import Record

Kind: TypeAlias = Literal[
    "article", "preprint", "retraction", "correction", "concern", "comment", "book", "part", "journal", "thesis", "dataset", "peer-review",
]  # fmt: skip

_OF_TYPE: dict[str, Kind] = {
    "preprint": "preprint", "book": "book", "audio-visual": "book", "book-chapter": "part", "component": "part", "journal": "journal",
    "thesis": "thesis", "dataset": "dataset", "peer-review": "peer-review",
}  # fmt: skip
_OF_PUBLICATION_TYPE: dict[str, Kind] = {
    "retraction of publication": "retraction", "retraction notice": "retraction", "published erratum": "correction", "expression of concern": "concern",
}  # fmt: skip
_OF_RELATION: dict[str, Kind] = {"retracts": "retraction", "corrects": "correction", "concerns": "concern"}
_MARK = r"(?:\s*[:—]|\s*[-–]\s|\s*(?=[\"“«„]))"
# Words that only a notice or a letter begins with, and words that need a mark after them: "Correction: ..." is a notice,
# "Correction of anaemia in kidney disease" is an article.
_NOTICE = re.compile(
    r"^(?:(?P<retraction>retraction (?:notice|note)|notice of retraction|withdrawal notice)"
    r"|(?P<correction>erratum|errata|corrigendum|corrigenda|(?:author|publisher) correction|addendum)"
    r"|(?P<concern>(?:editorial )?expression of concern)"
    r"|(?P<comment>reply|replies|(?:invited |editorial )?comment(?:s|ary)?|in reply|authors?['’]? (?:reply|response))"
    r"|(?P<dataset>data from(?=\s*:)|supplementary (?:data|material)s? (?:for|from|to)(?=\s*:))"
    r"|(?P<peer>(?:peer )?review (?:for|of)(?=\s*[\"“«„:])))"
    rf"(?:\s+(?:to|on|for|in|of|from)\b|{_MARK}|$)[\s:]*",
    re.IGNORECASE,
)
_MARKED_NOTICE = re.compile(
    r"^(?:(?P<retraction>retraction|withdrawal)|(?P<correction>correction)|(?P<comment>re|(?:in )?response|discussion|letter(?: to the editor)?))"
    rf"(?:\s+(?:to|on|for|of|from|regarding|concerning))?(?:{_MARK}|$)[\s:]*",
    re.IGNORECASE,
)
_FIRST_LETTERS = frozenset("rnwecapidslRNWECAPIDSL")
_COMMENT_TAIL = re.compile(r"(?:[:.—]|\s[-–])\s*(?:authors?['’]?\s*)?(?:reply|response|comment|in reply)\W*$", re.IGNORECASE)
_SELF_MARK = re.compile(
    r"^(?:retracted(?: article)?|withdrawn|removed)\s*[:\-–—]\s*"
    r"|\s*\[(?:erratum appears|erratum in|corrected|retracted|published erratum|correction|see comment)[^\]]*\]\s*"
    r"|\s*\((?:vol|retraction of vol)\.?\s+\d+[^)]*\)\s*$",
    re.IGNORECASE,
)


def kind_and_title(record: Record) -> tuple[Kind, str]:
    """The kind, and the title without the words that only say so ("Erratum:", "RETRACTED:")."""
    title = record.title
    if "[" in title or "(" in title or title[:1] in "rwRW":
        title = _SELF_MARK.sub(" ", title).strip() or title
    notice = (_NOTICE.match(title) or _MARKED_NOTICE.match(title)) if title[:1] in _FIRST_LETTERS else None
    bare = title[notice.end() :].strip(' "“”«»') if notice else title
    tail = _COMMENT_TAIL.search(bare, max(0, len(bare) - 30))
    if tail and tail.start() > 0:
        bare = bare[: tail.start()]
    return _kind(record, notice.lastgroup if notice and bare else None, bool(tail)), bare or title


def _kind(record: Record, notice: str | None, tail: bool) -> Kind:
    if found := _OF_TYPE.get(record.type):
        return found
    for name in record.publication_types:
        if found := _OF_PUBLICATION_TYPE.get(name.lower()):
            return found
    for relation in record.related:
        if found := _OF_RELATION.get(relation.kind):
            return found
    if notice:
        return "peer-review" if notice == "peer" else notice  # type: ignore[return-value]
    return "comment" if tail else "article"
