"""Loading files: what came in, what was refused and why."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pymarc
import pytest

from fedsearch.catalogue import SAMPLE, LoadCounts, Progress, Refused, SqliteCatalogue, load_files
from fedsearch.errors import CatalogueError
from fedsearch.query import parse

Written = Callable[..., pymarc.Record]


@pytest.fixture
def file(tmp_path: Path, marc: Written) -> Path:
    """Two good records, one without a title, one cut off."""
    path = tmp_path / "new.mrc"
    records = [marc(f"001 {name}", f"245 10 $a{name}").as_marc() for name in ("one", "two")]
    untitled, last = marc("001 untitled", "100 1_ $aX").as_marc(), marc("001 last", "245 10 $aLast").as_marc()
    path.write_bytes(b"".join([records[0], untitled, records[1], last[:-5]]))
    return path


def test_the_report_counts_records_and_names_the_refused(catalogue: SqliteCatalogue, file: Path) -> None:
    report = load_files(catalogue, [file])
    assert report.counts == LoadCounts(added=2)
    assert report.refused == (
        Refused(file, 2, "untitled", "it has no title (245)"),
        Refused(file, 4, "last", "the record is cut off before its end"),
    )


def test_loading_again_adds_nothing(catalogue: SqliteCatalogue, file: Path) -> None:
    load_files(catalogue, [file])
    assert load_files(catalogue, [file]).counts == LoadCounts(unchanged=2)


def test_a_later_file_updates_and_deletes(catalogue: SqliteCatalogue, file: Path, tmp_path: Path, marc: Written) -> None:
    changes = tmp_path / "changes.mrc.gz"
    gone = marc("001 two", "245 10 $atwo", leader="00000dam a2200000 a 4500")
    changes.write_bytes(gzip.compress(marc("001 one", "245 10 $aOne, revised").as_marc() + gone.as_marc()))
    report = load_files(catalogue, [file, changes])
    assert report.counts == LoadCounts(added=2, updated=1, deleted=1)
    assert [(note.file, note.records) for note in report.notes] == [(changes, 1)]
    assert catalogue.search(parse("revised"), 5).records[0].id == "one"


def test_mis_declared_encodings_are_noted_once_with_their_number(catalogue: SqliteCatalogue, tmp_path: Path, marc: Written) -> None:
    path = tmp_path / "persian.mrc"
    raw = [marc(f"001 {number}", "245 10 $aکتاب").as_marc() for number in range(3)]
    path.write_bytes(b"".join(record[:9] + b" " + record[10:] for record in raw))
    (note,) = load_files(catalogue, [path]).notes
    assert (note.records, note.text) == (3, "the leader says MARC-8, the text is UTF-8: read as UTF-8")


def test_a_record_without_control_number_is_noted(catalogue: SqliteCatalogue, tmp_path: Path, marc: Written) -> None:
    path = tmp_path / "x.mrc"
    path.write_bytes(marc("001  ", "245 10 $aX").as_marc())
    assert [note.text for note in load_files(catalogue, [path]).notes] == ["no control number (001): one was made from the record"]


def test_a_wrong_file_among_good_ones_changes_nothing(catalogue: SqliteCatalogue, file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "holdings.csv"
    wrong.write_text("title,issn\n")
    with pytest.raises(CatalogueError, match=r"holdings\.csv is neither"):
        load_files(catalogue, [file, wrong])
    assert catalogue.count() == 0


def test_a_gzip_file_that_breaks_off_loads_nothing(catalogue: SqliteCatalogue, tmp_path: Path, marc: Written) -> None:
    path = tmp_path / "cut.mrc.gz"
    records = b"".join(marc(f"001 {number}", f"245 10 $a{number * 7919}").as_marc() for number in range(1500))
    path.write_bytes(gzip.compress(records)[:-800])
    with pytest.raises(CatalogueError, match="cannot be read to its end"):
        load_files(catalogue, [path])
    assert catalogue.count() == 0


def test_a_file_without_any_record_says_so(catalogue: SqliteCatalogue, tmp_path: Path) -> None:
    path = tmp_path / "other.xml"
    path.write_text('<?xml version="1.0"?><printout><form/></printout>')
    assert load_files(catalogue, [path]).refused == (Refused(path, 0, None, "the file holds no MARC record"),)


def test_progress_is_told_record_by_record_and_ends_at_the_end(catalogue: SqliteCatalogue, file: Path) -> None:
    told: list[Progress] = []
    load_files(catalogue, [file], told.append)
    assert [progress.records for progress in told] == [1, 2, 3, 4]
    assert told[-1].bytes_read == told[-1].bytes_in_all == file.stat().st_size


def test_the_sample_catalogue_loads_whole_and_is_found(catalogue: SqliteCatalogue) -> None:
    report = load_files(catalogue, [SAMPLE])
    assert report.refused == ()
    assert report.counts.added == catalogue.count() >= 130
    assert any("Harrison" in record.title for record in catalogue.search(parse("Harrison internal medicine"), 5).records)
    assert catalogue.search(parse("پرستاری"), 5).total > 0
    assert catalogue.search(parse("N Engl J Med[ta]"), 5).records[0].issn == ("0028-4793",)
    assert catalogue.holdings_of_journals(["0028-4793"])
