"""Recorded answers in files: PubMed XML, MEDLINE text and Crossref JSON, told apart by what is in them.

Nothing is corrected: a record is served as it was recorded. What cannot be read is named, and the rest goes on.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from lxml import etree

from fedsearch.sandbox.article import Article, read_article
from fedsearch.sandbox.medline import records_in, xml_of

Item: TypeAlias = dict[str, Any]

_ARTICLE = re.compile(rb"<(PubmedArticle|PubmedBookArticle)(?=[\s>]).*?</\1\s*>", re.DOTALL)
_ARTICLE_START = re.compile(rb"<(?:PubmedArticle|PubmedBookArticle)[\s>]")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([\w.-]+)[\"']")
_MEDLINE = re.compile(rb"^PMID ?- ?\d", re.MULTILINE)
_NOT_SPACE = re.compile(r"\S")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0x7F])


@dataclass(slots=True)
class Reading:
    """How the files fared: records served by file, records left out with the reason, files left out with the reason."""

    served: dict[Path, int] = field(default_factory=dict)
    repeated: dict[Path, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """One line a file, and one for whatever was left out."""
        for path, count in self.served.items():
            again = self.repeated.get(path, 0)
            yield f"{path}: {count} records served" + (f", {again} repeated ones left out" if again else "")
        yield from self.left_out


class _Unreadable(Exception):
    """A file from which nothing can be served; says why."""


def read_pubmed(paths: Sequence[Path]) -> tuple[dict[str, Article], Reading]:
    """The articles of the files by PMID, the first of each."""
    reading = Reading()
    articles: dict[str, Article] = {}
    for path, found in _each(paths, _articles, reading):
        served = 0
        for article in found:
            if isinstance(article, str):
                reading.left_out.append(f"{path}: {article}")
            elif articles.setdefault(article.pmid, article) is article:
                served += 1
            else:
                reading.repeated[path] = reading.repeated.get(path, 0) + 1
        if served or path in reading.repeated:
            reading.served[path] = served
    return articles, reading


def read_crossref(paths: Sequence[Path]) -> tuple[dict[str, Item], Reading]:
    """The works of the files by DOI in lower case; of several with one DOI the fullest, since `select` makes thin ones."""
    reading = Reading()
    works: dict[str, Item] = {}
    for path, found in _each(paths, _works, reading):
        for work in found:
            if isinstance(work, str):
                reading.left_out.append(f"{path}: {work}")
                continue
            doi = work["DOI"].lower()
            reading.served.setdefault(path, 0)
            if doi in works:
                reading.repeated[path] = reading.repeated.get(path, 0) + 1
            else:
                reading.served[path] += 1
            if doi not in works or len(work) > len(works[doi]):
                works[doi] = work
    return works, reading


def _each(paths: Sequence[Path], read: Callable[[bytes], list[Any]], reading: Reading) -> Iterator[tuple[Path, list[Any]]]:
    for path in _all_files(paths):
        try:
            found = read(_content(path))
        except _Unreadable as exc:
            reading.left_out.append(f"{path}: left out, {exc}")
        except OSError as exc:
            reading.left_out.append(f"{path}: left out, it cannot be opened ({exc.strerror or exc})")
        else:
            yield path, found


def _all_files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
        else:
            yield path


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise _Unreadable(f"its compression is damaged ({exc})") from exc


def _articles(content: bytes) -> list[Article | str]:
    """Articles, and a line for each record that cannot be served."""
    if b"<PubmedArticle" in content or b"<PubmedBookArticle" in content:
        return _xml_articles(_as_utf8(content)) or _nothing("no whole PubMed record in it")
    if _MEDLINE.search(content.replace(b"\r", b"\n")):
        return [_medline_article(record) for record in records_in(_decoded(content).translate(_CONTROL))]
    return _nothing("neither PubMed XML with records nor MEDLINE text")


def _xml_articles(content: bytes) -> list[Article | str]:
    found = [_xml_article(match.group()) for match in _ARTICLE.finditer(content)]
    if found and len(_ARTICLE_START.findall(content)) > len(found):
        found.append("a record left out, it breaks off before its end")
    return found


def _nothing(reason: str) -> list[Any]:
    raise _Unreadable(reason)


def _as_utf8(content: bytes) -> bytes:
    declared = _ENCODING.match(content)
    if declared is None or declared.group(1).lower() in (b"utf-8", b"utf8", b"us-ascii"):
        return content
    try:
        return content.decode(declared.group(1).decode()).encode()
    except (LookupError, UnicodeDecodeError) as exc:
        raise _Unreadable(f"it is not in the encoding that it declares ({exc})") from exc


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _xml_article(element: bytes) -> Article | str:
    try:
        return read_article(element) or "a record left out, it has no PMID"
    except (etree.XMLSyntaxError, ValueError) as exc:
        return f"a record left out, its XML cannot be read ({exc})"


def _medline_article(record: str) -> Article | str:
    built = xml_of(record)
    return (
        read_article(built, medline=record) if built else None
    ) or f"a record left out, it has no PMID or no title: {record.splitlines()[0]}"


def _works(content: bytes) -> list[Item | str]:
    """Works, and a line for each stretch of the file that is not JSON."""
    values, notes = _json_values(_decoded(content)) if content.lstrip()[:1] in (b"{", b"[") else _nothing("not JSON")
    works = [work for value in values for work in _works_in(value)]
    return [*works, *notes] if works else _nothing("not JSON" if notes and not values else "no Crossref works in it")


def _json_values(text: str) -> tuple[list[Any], list[str]]:
    """The JSON values that a file holds: one, one a line, or one after the other."""
    decoder, values, notes = json.JSONDecoder(strict=False), [], []
    at = _next(text, 0)
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
            values.append(value)
        except (ValueError, RecursionError):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            notes.append(f"what stands from character {at + 1} to {end} left out, it is not JSON")
        at = _next(text, end)
    return values, notes


def _next(text: str, at: int) -> int:
    """The place of the next character that is no space."""
    found = _NOT_SPACE.search(text, at)
    return found.start() if found else len(text)


def _works_in(value: Any) -> Iterator[Item]:
    """Works wherever an answer has them: bare, in a list, in `message`, in `items`, or in the body of a recorded exchange."""
    if isinstance(value, list):
        for part in value:
            yield from _works_in(part)
    elif isinstance(value, dict):
        if isinstance(value.get("DOI"), str) and "/" in value["DOI"] and not _is_member_of_something_else(value):
            yield value
            return
        for name in ("message", "items"):
            yield from _works_in(value.get(name))
        if isinstance(body := value.get("body"), str) and body.lstrip()[:1] in ("{", "["):
            try:
                yield from _works_in(json.loads(body, strict=False))
            except (ValueError, RecursionError):
                return


def _is_member_of_something_else(value: Item) -> bool:
    """An object with a DOI that is not a work: a funder or a reference has neither a type nor a title list."""
    return "type" not in value and not isinstance(value.get("title"), list)
