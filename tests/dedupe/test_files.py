"""Endings, encodings, packed files, and writing all or nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from fedsearch.dedupe.files import encoding_of, format_of, reading, writing
from fedsearch.errors import DedupeError

PERSIAN = "اثر زعفران بر خواب کودکان در شیراز"


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.jsonl", "jsonl"), ("a.JSONL.GZ", "jsonl"), ("a.ris", "ris"), ("a.nbib", "nbib"), ("a.b.bib", "bibtex"), ("a.csv", "csv")],
)
def test_an_ending_says_the_format(name: str, format_: str) -> None:
    assert format_of(Path(name)) == format_


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.gz", "a.json", ".ris"])
def test_another_ending_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(DedupeError) as raised:
        format_of(Path(name))
    assert ".nbib" in raised.value.hint


@pytest.mark.parametrize(
    ("text", "written", "note"),
    [
        (PERSIAN, "utf-8", None),
        (PERSIAN, "utf-8-sig", None),
        (PERSIAN, "utf-16", "UTF-16"),
        (PERSIAN.replace("ی", "ي"), "cp1256", "1256"),
        ("Müller und die Größe der Löffel, naïve señor", "cp1252", "1252"),
    ],
)
def test_text_is_read_in_the_encoding_that_its_bytes_speak_for(text: str, written: str, note: str | None, tmp_path: Path) -> None:
    file = tmp_path / "a.ris"
    file.write_bytes((text + "\r\n").encode(written))
    with reading(file) as opened:
        assert opened.text.read() == text + "\r\n"
    assert opened.encoding.note is None if note is None else note in (opened.encoding.note or "")


def test_a_few_bad_bytes_in_utf8_are_shown_and_noted(tmp_path: Path) -> None:
    file = tmp_path / "a.ris"
    file.write_bytes(PERSIAN.encode() + b"\xff")
    with reading(file) as opened:
        assert opened.text.read() == PERSIAN + "\ufffd"
    assert encoding_of(file).note == "some bytes are not UTF-8: shown as \ufffd"


def test_a_packed_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"title": "x"}\n' * 1000)[:-20])
    with pytest.raises(DedupeError, match="breaks off or is damaged"), reading(file) as opened:
        opened.text.read()


def test_what_is_named_gz_and_is_not_packed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_text('{"title": "x"}\n')
    with pytest.raises(DedupeError, match="damaged"), reading(file):
        pass


def fail_half_way(file: Path) -> None:
    with writing(file) as text:
        text.write("half")
        raise ValueError("on the way")


def test_a_file_appears_only_when_all_of_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a.ris"
    file.write_text("before")
    with pytest.raises(ValueError, match="on the way"):
        fail_half_way(file)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_packed_file_is_written_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        with writing(tmp_path / name) as text:
            text.write(PERSIAN)
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()).decode() == PERSIAN
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
