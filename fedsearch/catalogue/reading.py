"""Files of MARC 21 (ISO 2709 or MARCXML, gzipped or not) -> MARC records one at a time, each fault named and survived."""

from __future__ import annotations

import gzip
import logging
import re
import unicodedata
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, TypeAlias, cast

import pymarc
from lxml import etree
from pymarc.exceptions import BadSubfieldCodeWarning, PymarcException

from fedsearch.catalogue.encodings import encoding_of
from fedsearch.errors import CatalogueError

Format: TypeAlias = Literal["iso2709", "marcxml"]
LONGEST_RECORD = 16 * 2**20
_LONGEST_ISO2709 = 99_999
_BLOCK = 2**18
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIELD_END, _RECORD_END = b"\x1e", b"\x1d"
# Length, four codes that are never digits (so that no directory looks like a leader), and 45 for the directory's measure.
_LEADER = re.compile(rb"\d{5}[^\d\x00-\x1f\x7f-\xff]{4}[\x20-\x7e]{3}[\d ]{5}[\x20-\x7e]{3}45..")
_DAMAGED_LEADER = re.compile(rb"(?<!\d)\d{5}[^\d\x00-\x1f\x7f-\xff]{4}[\x20-\x7e]{15}")
_XML_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_XML_RECORD = re.compile(rb"<(?:([\w.-]+):)?record[\s>]")
_XML_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[\w.-]+[\s=>/]")
_XML_RECORD_END = re.compile(rb"</(?:[\w.-]+:)?record\s*>")
_READING_ERRORS = (PymarcException, ValueError, IndexError, KeyError, etree.XMLSyntaxError)

# pymarc logs each field with odd indicators; the fields are read all the same, and the report of a load says what matters.
logging.getLogger("pymarc").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Read:
    """One record of a file, by its number from 1: the record and what had to be put right in it, or why it is refused."""

    number: int
    record: pymarc.Record | None
    control_number: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()


class _Bytes:
    """A file's bytes, unpacked where they (not the file's name) say that they are gzipped; faults become CatalogueError."""

    def __init__(self, path: Path, on_bytes: Callable[[int], None] | None = None) -> None:
        self.path = path
        self._on_bytes = on_bytes
        try:
            self._raw = path.open("rb")
            packed = self._raw.read(2) == b"\x1f\x8b"
            self._raw.seek(0)
        except OSError as exc:
            raise CatalogueError(f"{path} cannot be read: {exc.strerror}.", "Check the name and the permissions.") from exc
        self._file = cast(IO[bytes], gzip.GzipFile(fileobj=self._raw)) if packed else self._raw

    def read(self, size: int = _BLOCK) -> bytes:
        try:
            block = self._file.read(size)
        except (OSError, EOFError, zlib.error) as exc:
            raise CatalogueError(f"{self.path.name} cannot be read to its end: {exc}.", "Copy the file again.") from exc
        if self._on_bytes:
            self._on_bytes(self._raw.tell())
        return block

    def __enter__(self) -> _Bytes:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._raw.close()


def format_of(path: Path) -> Format:
    """What a file holds, by its first bytes. Raises CatalogueError for what is not MARC."""
    with _Bytes(path) as file:
        text = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n\x1a\x00")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise CatalogueError(f"{path.name} is UTF-16 text.", "Save it as UTF-8 and load it again.")
    if text[:1] == b"<":
        if re.match(rb"<!doctype html|<html", text, re.IGNORECASE):
            raise CatalogueError(f"{path.name} is a web page, not MARC.", "Export the records as MARCXML or ISO 2709.")
        return "marcxml"
    if _LEADER.search(text) or re.match(rb"\d{5}", text):
        return "iso2709"
    what = "is empty" if not text else "is neither ISO 2709 (which begins with five digits) nor MARCXML (which begins with “<”)"
    raise CatalogueError(f"{path.name} {what}.", "Export the records from the library system as MARC 21 (.mrc) or MARCXML (.xml).")


def read_marc(path: Path, on_bytes: Callable[[int], None] | None = None) -> Iterator[Read]:
    """Every record of a file in turn, in memory for one record. Raises CatalogueError for what is not MARC at all.

    `on_bytes` is told how many bytes of the file (as it lies on the disk) have been read.
    """
    form = format_of(path)
    with _Bytes(path, on_bytes) as file:
        yield from _iso2709(file) if form == "iso2709" else _marcxml(file)


def _iso2709(file: _Bytes) -> Iterator[Read]:
    number = 0
    for chunk in _chunks(file):
        leader = _LEADER.search(chunk) or _DAMAGED_LEADER.search(chunk)
        if leader is None and not re.search(rb"[^\s\x00\x1a\x1d\xef\xbb\xbf]", chunk):
            continue
        number += 1
        if leader is None:
            yield Read(number, None, reason=f"{len(chunk):,} bytes without a MARC leader")
        else:
            yield _record(chunk[leader.start() :], number)


def _chunks(file: _Bytes) -> Iterator[bytes]:
    """The bytes up to each record terminator; a terminator inside the length that the leader states ends nothing."""
    rest = b""
    while True:
        block = file.read()
        rest += block
        start = 0
        while (end := _end_of_record(rest, start, last=not block)) > 0:
            yield rest[start:end]
            start = end
        rest = rest[start:]
        if not block or len(rest) > LONGEST_RECORD:
            if rest:
                yield rest
            rest = b""
        if not block:
            return


def _end_of_record(data: bytes, start: int, last: bool) -> int:
    """Where the record at `start` ends; 0 when more of the file is needed to tell, or nothing more ends."""
    first = data.find(_RECORD_END, start) + 1
    leader = _LEADER.search(data, start, first) if first else None
    if leader is None:
        return first
    stated = leader.start() + int(leader.group()[:5])
    if stated <= first:
        return first
    if stated > len(data) and not last:
        return 0
    return stated if data[stated - 1 : stated] == _RECORD_END and not _LEADER.search(data, first, stated) else first


def _record(chunk: bytes, number: int) -> Read:
    if not chunk.endswith(_RECORD_END):
        return Read(number, None, _first_field(chunk), "the record is cut off before its end")
    if len(chunk) > _LONGEST_ISO2709:
        reason = f"the record has {len(chunk):,} bytes, ISO 2709 holds at most {_LONGEST_ISO2709:,}: export it as MARCXML"
        return Read(number, None, _first_field(chunk), reason)
    encoding = encoding_of(chunk, chunk[9:10] == b"a")
    try:
        mended = _mended(chunk)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BadSubfieldCodeWarning)
            raw = pymarc.Record(mended, to_unicode=False)
        fields = [_decoded(field, encoding.decode) for field in raw.fields]
    except _READING_ERRORS as exc:
        return Read(number, None, _first_field(chunk), _words(exc))
    raw.fields = fields
    notes = (encoding.note, None if mended == chunk else "the directory's lengths were wrong: fields were told apart by their ends")
    return Read(number, raw, control_number(raw), None, tuple(note for note in notes if note))


def _mended(chunk: bytes) -> bytes:
    """The record with a right length and, where its directory does not meet the ends of its fields, a new directory."""
    base = int(chunk[12:17])
    directory = chunk[24 : chunk.find(_FIELD_END, 24)]
    entries = [directory[at : at + 12] for at in range(0, len(directory) - 11, 12)]
    if int(chunk[:5]) == len(chunk) and all(_meets(chunk, base, entry) for entry in entries):
        return chunk
    fields = chunk[24 + len(directory) + 1 : -1].split(_FIELD_END)[:-1]
    if len(fields) != len(entries) or len(directory) % 12:
        # What pymarc makes of it, or the reason that it gives.
        return b"%05d" % len(chunk) + chunk[5:]
    placed, at = b"", 0
    for entry, field in zip(entries, fields, strict=True):
        placed += b"%3s%04d%05d" % (entry[:3], len(field) + 1, at)
        at += len(field) + 1
    data = b"".join(field + _FIELD_END for field in fields) + _RECORD_END
    base = 24 + len(placed) + 1
    return b"%05d" % (base + len(data)) + chunk[5:12] + b"%05d" % base + chunk[17:24] + placed + _FIELD_END + data


def _meets(chunk: bytes, base: int, entry: bytes) -> bool:
    end = base + int(entry[7:12]) + int(entry[3:7])
    return chunk[end - 1 : end] == _FIELD_END


def _decoded(field: pymarc.Field, decode: Callable[[bytes], str]) -> pymarc.Field:
    """A field whose parts pymarc left as bytes (its types do not know that they can be), with the text they stand for."""
    if field.control_field:
        return pymarc.Field(field.tag, data=_text(decode(cast(bytes, field.data))))
    subfields = [pymarc.Subfield(part.code, _text(decode(cast(bytes, part.value)))) for part in field.subfields]
    return pymarc.Field(field.tag, field.indicators, subfields)


def _text(value: str) -> str:
    """Composed letters, without the control characters that no reader sees and XML cannot hold."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", value))


def _words(exc: Exception) -> str:
    """A reason for a person: pymarc's own words, or what a slip in the numbers means."""
    said = " ".join(str(exc).split())
    if isinstance(exc, PymarcException | etree.XMLSyntaxError) and said:
        return said
    return f"the leader or the directory is damaged ({said or type(exc).__name__})"


def _first_field(chunk: bytes) -> str | None:
    """The control number of a record that cannot be read, where its first field is in place."""
    directory_end = chunk.find(_FIELD_END)
    if directory_end < 0 or chunk[24:27] != b"001":
        return None
    found = re.match(rb"[\x20-\x7e]{1,64}(?=\x1e)", chunk[directory_end + 1 :])
    return found.group().decode("ascii").strip() or None if found else None


def control_number(record: pymarc.Record) -> str | None:
    """Field 001, if it is there and not empty."""
    return next((value for field in record.get_fields("001") if (value := (field.data or "").strip())), None)


def _marcxml(file: _Bytes) -> Iterator[Read]:
    """The innermost `record` elements, each parsed for itself: what is wrong in one or between two hurts no other."""
    number, prolog = 0, b""
    for piece in _xml_pieces(file):
        prolog = prolog or piece[:4096]
        starts = list(_XML_RECORD.finditer(piece))
        if not starts:
            continue
        number += 1
        yield _xml_record(piece[starts[-1].start() :], _declared_encoding(prolog), number)


def _xml_pieces(file: _Bytes) -> Iterator[bytes]:
    """The bytes up to each end tag of a record, and the rest."""
    rest = b""
    while block := file.read():
        # An end tag can lie across two blocks, so the search goes on a little before the new one.
        at = max(0, len(rest) - 64)
        rest += block
        start = 0
        while end := _XML_RECORD_END.search(rest, max(at, start)):
            yield rest[start : end.end()]
            start = end.end()
        rest = rest[start:]
        if len(rest) > LONGEST_RECORD:
            yield rest
            rest = b""
    yield rest


def _declared_encoding(prolog: bytes) -> str:
    found = _XML_ENCODING.search(prolog)
    return found.group(1).decode("ascii") if found else "UTF-8"


def _xml_record(xml: bytes, encoding: str, number: int) -> Read:
    if not _XML_RECORD_END.search(xml):
        return Read(number, None, _xml_control_number(xml), "the record is cut off before its end")
    prefixes = {b"xsi", *(found for found in _XML_PREFIX.findall(xml) if found not in (b"xml", b"xmlns"))}
    spaces = b" ".join(b'xmlns:%s="urn:undeclared:%s"' % (prefix, prefix) for prefix in sorted(prefixes))
    whole = b'<?xml version="1.0" encoding="%s"?><one %s>%s</one>' % (encoding.encode("ascii"), spaces, xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        record = _from_xml(etree.fromstring(whole, parser)[0])
    except (*_READING_ERRORS, LookupError) as exc:
        return Read(number, None, _xml_control_number(xml), _words(exc))
    return Read(number, record, control_number(record))


def _xml_control_number(xml: bytes) -> str | None:
    found = re.search(rb"tag=[\"']001[\"'][^>]*>\s*([\x21-\x7e]{1,64}?)\s*<", xml)
    return found.group(1).decode("ascii") if found else None


def _from_xml(element: etree._Element) -> pymarc.Record:
    record = pymarc.Record()
    for child in element:
        name, tag = etree.QName(child).localname, child.get("tag", "")
        if name == "leader":
            record.leader = pymarc.Leader((child.text or "").ljust(24)[:24])
        elif name == "controlfield":
            record.fields.append(pymarc.Field(tag, data=_text(child.text or "")))
        elif name == "datafield":
            indicators = pymarc.Indicators(child.get("ind1") or " ", child.get("ind2") or " ")
            subfields = [pymarc.Subfield(part.get("code", ""), _text("".join(map(str, part.itertext())))) for part in child]
            record.fields.append(pymarc.Field(tag, indicators, subfields))
    if not record.fields:
        raise ValueError("no field of MARC in it")
    return record
