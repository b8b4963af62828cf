"""The list of formats, and the name of the file that a browser saves."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.exports import EXPORTS, attachment, export
from fedsearch.model import Flag, FlagKind, Work

HEADER = re.compile(r"attachment; filename=\"([ !#-~]+)\"; filename\*=UTF-8''([A-Za-z0-9._~%-]+)")


def test_the_formats_are_those_of_the_contract() -> None:
    assert list(EXPORTS) == ["ris", "nbib", "bibtex", "csv", "csl-json", "jsonl"]
    assert {name: one.extension for name, one in EXPORTS.items()} == {
        "ris": "ris", "nbib": "nbib", "bibtex": "bib", "csv": "csv", "csl-json": "json", "jsonl": "jsonl",
    }  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_every_format_can_be_written_without_works(name: str) -> None:
    assert isinstance(export([], name), bytes)


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("kind", ["retracted", "withdrawn", "concern", "corrected", "preprint"])
def test_every_flag_reaches_every_format(name: str, kind: FlagKind) -> None:
    flagged = Work(id="w", title="T", flags=(Flag(kind=kind, notice_doi="10.5555/notice"),))
    text = export([flagged], name).decode()
    assert kind in text.casefold()
    assert "10.5555/notice" in text


def test_a_byte_order_mark_is_written_where_asked_for() -> None:
    assert export([], "ris", bom=True) == b"\xef\xbb\xbf"
    assert export([], "ris") == b""


def test_a_persian_name_is_kept_in_full_and_has_an_ascii_stand_in() -> None:
    header = attachment("fedsearch آسم کودکان.ris")
    found = HEADER.fullmatch(header)
    assert found
    assert found.group(1) == "fedsearch.ris"
    assert unquote(found.group(2)) == "fedsearch آسم کودکان.ris"


@pytest.mark.parametrize(
    "name", ["", ".ris", "...", '"\r\nSet-Cookie: a=b\r\n.ris', "../../etc/passwd", "a" * 500 + ".ris", "٪\u202egnp.exe"]
)
def test_hostile_names_become_harmless_ones(name: str) -> None:
    found = HEADER.fullmatch(attachment(name))
    assert found
    assert len(unquote(found.group(2))) <= 140


@given(st.text(max_size=80))
def test_any_name_makes_one_header_of_ascii(name: str) -> None:
    found = HEADER.fullmatch(attachment(f"{name}.csv"))
    assert found
    assert found.group(1).endswith(".csv")
    assert unquote(found.group(2)).endswith(".csv")
