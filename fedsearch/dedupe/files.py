"""Files of references on the disk: formats by ending, text in whatever encoding, packed or not; written all or nothing."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, TextIO, TypeAlias, cast

from fedsearch.errors import DedupeError

Format: TypeAlias = Literal["jsonl", "ris", "nbib", "bibtex", "csv"]

FORMATS: dict[str, Format] = {".jsonl": "jsonl", ".ris": "ris", ".nbib": "nbib", ".bib": "bibtex", ".csv": "csv"}
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_WORD = re.compile(rb"[\x80-\xff]{3,}")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def format_of(path: Path) -> Format:
    """A file's format by its ending, with or without .gz. Raises DedupeError for any other ending."""
    bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    try:
        return FORMATS[bare.suffix.lower()]
    except KeyError:
        endings = ", ".join(FORMATS)
        raise DedupeError(f"{path.name}: the ending does not say what the file is.", f"Known are {endings}, each also with .gz.") from None


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes are to be read, and a note where that is not plain UTF-8."""

    name: str
    note: str | None = None


def encoding_of(path: Path) -> Encoding:
    """UTF-8 or UTF-16 by mark, UTF-8 by its bytes, else the Windows code page that the bytes look like."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for number, chunk in enumerate(_chunks(path)):
            mark = next((name for mark, name in _BOMS if chunk.startswith(mark)), None) if number == 0 else None
            if mark:
                return Encoding(mark, "UTF-16: read as such" if mark == "utf-16" else None)
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _not_utf8(path)
    return Encoding("utf-8")


def _not_utf8(path: Path) -> Encoding:
    good = bad = in_words = 0
    for chunk in _chunks(path):
        if not chunk.isascii():
            good += len(_MULTIBYTE.findall(chunk))
            bad += len(_HIGH.findall(_MULTIBYTE.sub(b"", chunk)))
            in_words += sum(map(len, _HIGH_WORD.findall(chunk)))
    if good > bad:
        return Encoding("utf-8", "some bytes are not UTF-8: shown as \N{REPLACEMENT CHARACTER}")
    # Whole words of high bytes are Persian or Arabic; in Western text one high letter stands among plain ones.
    page = "1256" if in_words * 2 > bad + 2 * good else "1252"
    return Encoding(f"cp{page}", f"not UTF-8: read as Windows code page {page}")


def _chunks(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if _is_packed(path) else path.open("rb")


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file being read: its text with line ends as they are, and `position`, the bytes of the file that have been read so far."""

    text: TextIO
    encoding: Encoding
    position: Callable[[], int]


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Opened]:
    """A file's text. Raises DedupeError, at any point of the reading, for a packed file that breaks off."""
    try:
        encoding = encoding_of(path)
        with path.open("rb") as lying:
            plain = cast(BinaryIO, gzip.GzipFile(fileobj=lying, mode="rb")) if _is_packed(path) else lying
            with io.TextIOWrapper(plain, encoding.name, "replace", "") as text:
                yield Opened(text, encoding, lying.tell)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise DedupeError(f"{path.name}: the packed file breaks off or is damaged ({exc}).", "Copy or export it again.") from exc


@contextlib.contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """A file of UTF-8 text that appears under its name only when all of it has been written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as lying:
            # No name and no time inside, so that the same text always makes the same bytes.
            plain = cast(BinaryIO, gzip.GzipFile("", "wb", 6, lying, mtime=0)) if _is_packed(path) else lying
            with io.TextIOWrapper(plain, "utf-8", newline="") as text:
                yield text
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
