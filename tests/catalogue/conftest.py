"""MARC records for tests, written line by line as cataloguers read them: "245 10 $aTitle :$bsubtitle /$cA. Uthor."."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pymarc
import pytest

from fedsearch.catalogue import LoadedRecord, SqliteCatalogue
from fedsearch.catalogue.marc import read_record

Written = Callable[..., pymarc.Record]
FIXED = "200101s2014    enk           000 0 eng d"


def written(*lines: str, leader: str = "00000nam a2200000 a 4500") -> pymarc.Record:
    """A record from its lines; 001 and 008 are filled in where no line gives them."""
    fields = [field(line) for line in lines]
    tags = {found.tag for found in fields}
    given = [] if "001" in tags else [pymarc.Field("001", data="n1")]
    given += [] if "008" in tags else [pymarc.Field("008", data=FIXED)]
    record = pymarc.Record(fields=sorted([*given, *fields], key=lambda found: min("010", found.tag)))
    record.leader = pymarc.Leader(leader)
    return record


def field(line: str) -> pymarc.Field:
    tag, indicators, text = line[:3], line[4:6], line[7:]
    if tag < "010":
        return pymarc.Field(tag, data=line[4:])
    subfields = [pymarc.Subfield(part[0], part[1:]) for part in text.split("$")[1:]]
    return pymarc.Field(tag, pymarc.Indicators(*indicators.replace("_", " ")), subfields)


@pytest.fixture
def marc() -> Written:
    return written


@pytest.fixture
def reading() -> Callable[..., LoadedRecord]:
    """Lines -> the record as it goes into a catalogue."""

    def read(*lines: str, leader: str = "00000nam a2200000 a 4500") -> LoadedRecord:
        return read_record(written(*lines, leader=leader))

    return read


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[SqliteCatalogue]:
    with SqliteCatalogue(tmp_path / "catalogue.db") as opened:
        yield opened
