"""Files of MARC in every state that libraries send them in."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pymarc
import pytest

from fedsearch.catalogue import SAMPLE
from fedsearch.catalogue.reading import Read, format_of, read_marc
from fedsearch.errors import CatalogueError

Written = Callable[..., pymarc.Record]


@pytest.fixture
def iso(marc: Written) -> Callable[..., bytes]:
    """A record in ISO 2709, in UTF-8 and declared so unless `leader` says otherwise."""

    def binary(number: str, title: str = "Title", text: bytes | None = None, unicode: bool = True) -> bytes:
        marked = "~" * len(text) if text else title
        data: bytes = marc(f"001 {number}", f"245 10 $a{marked}").as_marc()
        data = data.replace(marked.encode(), text) if text else data
        return data if unicode else data[:9] + b" " + data[10:]

    return binary


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], list[Read]]:
    def reads(content: bytes) -> list[Read]:
        path = tmp_path / "records"
        path.write_bytes(content)
        return list(read_marc(path))

    return reads


def titles(reads: list[Read]) -> list[str | None]:
    return [one.record["245"]["a"] if one.record else None for one in reads]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim">%s</marc:collection>"""


def xml_record(number: str, title: str, prefix: str = "marc:") -> str:
    text = (
        f'<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">{number}</controlfield>'
        f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{title}</subfield></datafield></record>'
    )
    return text.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")


def test_iso2709_and_marcxml_are_told_by_content_and_may_be_gzipped(tmp_path: Path, iso: Callable[..., bytes]) -> None:
    for name, content, form in (("a.dat", iso("1"), "iso2709"), ("b.dat", (XML % xml_record("1", "T")).encode(), "marcxml")):
        for packed in (content, gzip.compress(content)):
            path = tmp_path / name
            path.write_bytes(packed)
            assert format_of(path) == form
            assert len(list(read_marc(path))) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"title\tissn\n", "neither ISO 2709"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xff\xfe<\x00", "UTF-16"),
        (gzip.compress(b"%PDF-1.7"), "neither"),
        (gzip.compress(b"<collection>" * 5000)[:40], "cannot be read to its end"),
    ],
)
def test_what_is_not_marc_is_refused_with_what_would_help(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=words) as caught:
        list(read_marc(path))
    assert caught.value.hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.mrc cannot be read: No such file"):
        format_of(tmp_path / "none.mrc")


def test_junk_between_records_and_a_record_cut_off_at_the_end_harm_no_other(
    iso: Callable[..., bytes], read: Callable[[bytes], list[Read]]
) -> None:
    reads = read(iso("1", "One") + b"\r\n\r\n" + b"rubbish" + iso("2", "Two") + b"\n" + iso("3", "Three")[:-4])
    assert titles(reads) == ["One", "Two", None]
    assert (reads[2].number, reads[2].control_number, reads[2].reason) == (3, "3", "the record is cut off before its end")


def test_a_bad_record_in_the_middle_is_named_and_the_rest_goes_on(iso: Callable[..., bytes], read: Callable[[bytes], list[Read]]) -> None:
    broken = iso("2")[:12] + b"xxxxx" + iso("2")[17:]
    reads = read(iso("1", "One") + broken + iso("3", "Three"))
    assert titles(reads) == ["One", None, "Three"]
    assert reads[1].number == 2
    assert "damaged" in (reads[1].reason or "")


def test_a_wrong_length_in_the_leader_is_put_right(iso: Callable[..., bytes], read: Callable[[bytes], list[Read]]) -> None:
    assert titles(read(b"00007" + iso("1", "One")[5:] + b"09999" + iso("2", "Two")[5:] + iso("3", "Three"))) == ["One", "Two", "Three"]


def test_a_directory_counted_in_letters_instead_of_bytes_is_put_right(marc: Written, read: Callable[[bytes], list[Read]]) -> None:
    right = marc("001 1", "100 1_ $aمیری", "245 10 $aقلب").as_marc()
    base = int(right[12:17])
    fields = right[base:-1].split(b"\x1e")[:-1]
    directory, at = b"", 0
    for entry, text in zip((right[24 + 12 * n : 36 + 12 * n] for n in range(len(fields))), fields, strict=True):
        letters = len(text.decode()) + 1
        directory += b"%3s%04d%05d" % (entry[:3], letters, at)
        at += letters
    reads = read(right[:24] + directory + right[24 + len(directory) :])
    assert titles(reads) == ["قلب"]
    assert "directory" in reads[0].notes[0]


def test_a_record_longer_than_iso2709_can_say_is_refused_with_a_way_out(
    iso: Callable[..., bytes], read: Callable[[bytes], list[Read]]
) -> None:
    long = iso("1", "x" * 200)
    reads = read(long[:-2] + b"y" * 100_000 + long[-2:] + iso("2", "Two"))
    assert titles(reads) == [None, "Two"]
    assert "MARCXML" in (reads[0].reason or "")


@pytest.mark.parametrize(
    ("text", "unicode", "title", "note"),
    [
        ("کتاب".encode(), True, "کتاب", None),
        ("کتاب".encode(), False, "کتاب", "the leader says MARC-8, the text is UTF-8"),
        (b"Caf\xe2e", False, "Café", None),
        (b"Caf\xe2e", True, "Café", "the leader says UTF-8, the text is MARC-8"),
        (b"\x1b(3GV\x1b(B", False, "اض"[:1], None),
        ("Медицина и здоровье".encode("cp1251"), False, "Медицина и здоровье", "code page 1251"),
        ("کتاب پزشكي ايران".replace("ک", "ك").encode("cp1256"), False, "كتاب پزشكي ايران", "code page 1256"),
        (b"Universit\xe9 de Gen\xe8ve", True, "Université de Genève", "code page 1252"),
        ("بهداشت".encode() + b"\xff", True, "بهداشت\N{REPLACEMENT CHARACTER}", "some bytes are not UTF-8"),
    ],
)
def test_text_is_read_by_what_its_bytes_say_and_a_wrong_leader_is_noted(
    iso: Callable[..., bytes], read: Callable[[bytes], list[Read]], text: bytes, unicode: bool, title: str, note: str | None
) -> None:
    (one,) = read(iso("1", text=text, unicode=unicode))
    assert (titles([one])[0] or "").startswith(title)
    assert (note in one.notes[0]) if note else not one.notes


def test_marcxml_is_read_with_any_prefix_and_inside_other_envelopes(read: Callable[[bytes], list[Read]]) -> None:
    inner = f"<record><header/><metadata>{xml_record('1', 'One', 'm:').replace('<m:record>', '<m:record xmlns:m=&quot;u&quot;>')}</metadata></record>"
    assert titles(read(inner.replace("&quot;", '"').encode())) == ["One"]
    assert titles(read((XML % xml_record("2", "Two")).encode())) == ["Two"]


def test_records_that_follow_one_another_without_a_root_are_all_read(read: Callable[[bytes], list[Read]]) -> None:
    assert titles(read("\n".join(xml_record(str(n), f"T{n}", "") for n in range(3)).encode())) == ["T0", "T1", "T2"]


def test_a_bad_record_in_marcxml_is_named_and_the_rest_goes_on(read: Callable[[bytes], list[Read]]) -> None:
    reads = read((XML % (xml_record("1", "One") + xml_record("2", "A & B") + xml_record("3", "Three"))).encode()[:-60])
    assert titles(reads) == ["One", None, None]
    assert [one.control_number for one in reads] == ["1", "2", "3"]
    assert reads[2].reason == "the record is cut off before its end"


def test_the_encoding_that_xml_declares_counts(read: Callable[[bytes], list[Read]]) -> None:
    content = (XML % xml_record("1", "كتاب")).replace("UTF-8", "windows-1256").encode("cp1256")
    assert titles(read(content)) == ["كتاب"]


def test_entities_of_a_file_are_never_expanded(tmp_path: Path, read: Callable[[bytes], list[Read]]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE c [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "yyy">]>'
    reads = read(f"{doctype}<c>{xml_record('1', '&x;', '')}{xml_record('2', '&y;', '')}{xml_record('3', 'Three', '')}</c>".encode())
    assert titles(reads) == [None, None, "Three"]


def test_a_large_file_is_read_in_blocks(read: Callable[[bytes], list[Read]], iso: Callable[..., bytes]) -> None:
    assert len(read(b"".join(iso(str(n), "x" * 900) for n in range(700)))) == 700
    assert len(read((XML % "".join(xml_record(str(n), "x" * 900) for n in range(700))).encode())) == 700


def test_every_record_of_the_sample_is_read() -> None:
    assert all(one.record and one.control_number for one in read_marc(SAMPLE))
