"""NBIB, MEDLINE's text -> drafts of records; connectors/medline.py knows its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fedsearch.connectors.medline import read_entry
from fedsearch.dedupe.entries import Draft
from fedsearch.dedupe.slim import slim
from fedsearch.exports.wording import flags_told

_TAG = re.compile(r"^\ufeff?[A-Z]{2,4} {0,2}- ?")
_NOTE = re.compile(r"^GN  - (.+(?:\n {6}.+)*)", re.MULTILINE)
_NO_NUMBER = "without PMID"


def read_nbib(lines: Iterable[str]) -> Iterator[Draft]:
    """One draft for each entry; entries are parted by an empty line, or by the next PMID."""
    block: list[str] = []
    after_blank = False
    for line in lines:
        bare = line.rstrip("\r\n").lstrip("\ufeff")
        if not bare.strip():
            after_blank = True
            continue
        begins = bare.startswith("PMID") or (after_blank and not bare[0].isspace())
        if begins and block:
            yield _draft(block)
            block = []
        block.append(bare)
        after_blank = False
    if block:
        yield _draft(block)


def _draft(block: list[str]) -> Draft:
    text = "\n".join(block)
    if not any(map(_TAG.match, block)):
        return Draft(text, fault="no line of it has a tag")
    try:
        record = read_entry(text, _NO_NUMBER)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as exc:
        return Draft(text, fault=f"its lines cannot be read ({exc})")
    if record is None:
        return Draft(text, fault="no title")
    told = flags_told("; ".join(" ".join(note.split()) for note in _NOTE.findall(text)), record.source)
    kinds = {flag.kind for flag in record.flags}
    flags = record.flags + tuple(flag for flag in told if flag.kind not in kinds)
    slender = {"flags": flags, "ids": slim(record.ids), "authors": tuple(map(slim, record.authors))}
    return Draft(text, record=record.model_copy(update=slender))
