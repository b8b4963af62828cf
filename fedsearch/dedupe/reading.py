"""Files of references -> entries, each with a name and a record key of its own; nothing that stands in a file is dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from fedsearch.dedupe.bibtex import read_bibtex
from fedsearch.dedupe.describing import NO_TITLE, Members, describe, text_of
from fedsearch.dedupe.entries import Draft, Entry
from fedsearch.dedupe.files import Format, format_of, reading
from fedsearch.dedupe.jsonl import read_jsonl
from fedsearch.dedupe.nbib import read_nbib
from fedsearch.dedupe.ris import read_ris
from fedsearch.dedupe.slim import slim
from fedsearch.dedupe.table import read_csv
from fedsearch.errors import DedupeError
from fedsearch.exports.wording import SOURCE_NAMES
from fedsearch.model import Record, SourceId

UNREADABLE = "[unreadable record]"
_UNTITLED = "no title"
_SOURCES = {name.casefold(): source for source, name in SOURCE_NAMES.items()}
_LONGEST_SOURCE = 60
_CITATION = re.compile(r"\(\d{4}\)|\d\s*[(:]\s*\d")
_EVERY = 500

Reader = Callable[[TextIO], Iterator[Draft]]
_READERS: dict[Format, Reader] = {
    "jsonl": read_jsonl,
    "ris": read_ris,
    "nbib": read_nbib,
    "csv": read_csv,
    "bibtex": lambda text: read_bibtex(text.read()),
}


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file held: entries, how many of them could not be read, and a note on its encoding where that was not plain UTF-8."""

    file: Path
    entries: int
    unreadable: int
    note: str | None = None


def read_files(files: Sequence[Path], on_position: Callable[[Path, int], None] | None = None) -> tuple[list[Entry], tuple[FileRead, ...]]:
    """The entries of all files in their order. Raises DedupeError for a file that is not what its ending says."""
    found: list[tuple[str | None, Entry]] = []
    told: list[FileRead] = []
    keys: set[str] = set()
    for file in files:
        begin = len(found)
        kind = format_of(file)
        with reading(file) as opened:
            for number, draft in enumerate(_drafts(file, kind, opened.text), 1):
                found.append(_entry(file, number, draft, keys))
                if on_position and number % _EVERY == 0:
                    on_position(file, opened.position())
        entries = [entry for _, entry in found[begin:]]
        if not any(entry.fault in ("", _UNTITLED) for entry in entries):
            _refuse_stranger(file, kind, entries)
        told.append(FileRead(file, len(entries), sum(bool(entry.fault) for entry in entries), opened.encoding.note))
    return _named(found), tuple(told)


def _drafts(file: Path, kind: Format, text: TextIO) -> Iterator[Draft]:
    try:
        yield from _READERS[kind](text)
    except DedupeError as exc:
        raise DedupeError(f"{file.name}: {exc}", exc.hint) from exc


def _refuse_stranger(file: Path, kind: Format, entries: Sequence[Entry]) -> None:
    """Nothing readable in a file: right where it is empty, or a table of headings only; else it is something else than its ending says."""
    if not entries and kind == "csv":
        return
    with reading(file) as opened:
        blank = not entries and not any(line.strip("\ufeff\r\n \t") for line in opened.text)
    if not blank:
        why = f" (the first: {entries[0].fault})" if entries else ""
        raise DedupeError(
            f"{file.name}: no record in it can be read{why}.", "Is it really what its ending says? Export it again, or name it rightly."
        )


def _entry(file: Path, number: int, draft: Draft, keys: set[str]) -> tuple[str | None, Entry]:
    """An entry without a name yet, and the identifier that it brings along."""
    record, own, fault = _record(file, number, draft)
    if record.key in keys:
        stem, count = f"{record.id}~", 2
        while f"{record.source}:{stem}{count}" in keys:
            count += 1
        record = slim(record.model_copy(update={"id": f"{stem}{count}"}))
    keys.add(record.key)
    return own, Entry(file, number, "", record, fault, draft.text if fault else "")


def _record(file: Path, number: int, draft: Draft) -> tuple[Record, str | None, str]:
    """The record of a draft or a stand-in for it, its own identifier where it has one, and its fault."""
    place = f"{_stem(file)}-{number}"
    if draft.record is not None:
        pmid = draft.record.ids.pmid
        named = {} if pmid else {"source": SourceId(_stem(file)), "id": place}
        return slim(draft.record.model_copy(update=named)), pmid, ""
    if draft.members is None:
        return Record(source=SourceId(_stem(file)), id=place, title=UNREADABLE, abstract=draft.text or None), None, draft.fault
    members = draft.members
    source = _source(members, file)
    own = text_of(members.get("id")) or text_of(members.get("pmid")) or text_of(members.get("accession"))
    try:
        record = describe(members, source, (own or place).removeprefix(f"{source}:") or place)
    except (ValueError, TypeError, OverflowError) as exc:
        fault = f"its members cannot be read ({str(exc).splitlines()[0]})"
        return Record(source=source, id=place, title=UNREADABLE, abstract=draft.text or None), own, fault
    return record, own, _UNTITLED if record.title == NO_TITLE else ""


def _stem(file: Path) -> str:
    """A file's name without its endings, which is the best name there is for where its records come from."""
    return file.name.removesuffix(".gz").rpartition(".")[0] or file.name


def _source(members: Members, file: Path) -> SourceId:
    """The database that an entry names; what is long or has volume and page is a citation and no name of one."""
    for name in filter(None, (text_of(members.get("source")), text_of(members.get("database")))):
        known = next((_SOURCES[part] for part in name.casefold().split(", ") if part in _SOURCES), None)
        if known:
            return known
        if len(name) <= _LONGEST_SOURCE and not _CITATION.search(name) and name != "fedsearch":
            return SourceId(name)
    return SourceId(_stem(file))


def _named(found: Sequence[tuple[str | None, Entry]]) -> list[Entry]:
    """Entries under names of which no two are the same: their own identifiers where those are."""
    wanted = [own or entry.record.key for own, entry in found]
    counts = Counter(wanted)
    taken = {name for name, count in counts.items() if count == 1}
    entries = []
    for name, (_, entry) in zip(wanted, found, strict=True):
        if counts[name] > 1:
            stem, count = entry.record.key, 2
            name = stem
            while name in taken:
                name, count = f"{stem}~{count}", count + 1
            taken.add(name)
        entries.append(replace(entry, name=name))
    return entries
