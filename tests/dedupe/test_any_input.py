"""Whatever stands in a file: nothing raises but a clear refusal, nothing is lost, and what our exports write is read back in full."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from fedsearch.dedupe import dedupe_files
from fedsearch.dedupe.reading import read_files
from fedsearch.errors import DedupeError
from fedsearch.exports import EXPORTS, export
from fedsearch.model import Work
from tests.building import POLICY
from tests.exports.test_round_trip import WORKS

few = settings(max_examples=40, deadline=None)
SCRAPS = st.sampled_from(
    ["TY  - JOUR\n", "ER  - \n", "TI  - A title\n", "AU  - Hansen, K\n", "PMID- 1\n", "\n", "@article{a,", "title = {x}", "}", "{", '"', "\\",
     "title,authors\n", 'x,"y\n', "a;b\n", '{"title": "x"}\n', '{"title": ["x", 1]}\n', "null\n", "\x00", "\ufeff", "\r", "آسم", "$", "#", "@string{a = b}\n", "="]
)  # fmt: skip
TEXTS = st.lists(SCRAPS | st.text(max_size=8), max_size=14).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    "id",
    "title",
    "authors",
    "year",
    "date",
    "volume",
    "pages",
    "doi",
    "pmid",
    "isbn",
    "issn",
    "type",
    "abstract",
    "source",
    "flags",
    "related",
    "mesh",
    "url",
)


@few
@given(TEXTS, st.sampled_from(["ris", "nbib", "bib", "csv", "jsonl"]))
def test_any_text_is_read_or_refused(text: str, ending: str) -> None:
    with TemporaryDirectory() as folder, contextlib.suppress(DedupeError):
        file = Path(folder) / f"a.{ending}"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        done = dedupe_files([file], Path(folder) / "out.jsonl", Path(folder) / "out.html", POLICY)
        assert len((Path(folder) / "out.jsonl").read_bytes().splitlines()) == done.identified


@few
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8), min_size=1, max_size=4))
def test_json_of_any_kind_is_kept_as_it_is(objects: list[dict[str, object]]) -> None:
    with TemporaryDirectory() as folder:
        file, out = Path(folder) / "a.jsonl", Path(folder) / "out.jsonl"
        file.write_text("".join(json.dumps(each) + "\n" for each in objects), encoding="utf-8")
        dedupe_files([file], out, Path(folder) / "out.json", POLICY)
        for before, after in zip(objects, out.read_text(encoding="utf-8").splitlines(), strict=True):
            kept = {name: value for name, value in json.loads(after).items() if name not in ("cluster", "linked")}
            assert json.dumps(kept) == json.dumps(before)


@few
@given(WORKS, st.sampled_from(["ris", "nbib", "bibtex", "csv", "jsonl"]))
def test_each_work_of_our_own_exports_is_read_back_as_one(works: list[Work], format_: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"a.{EXPORTS[format_].extension}"
        file.write_bytes(export(works, format_))
        entries, _ = read_files([file])
        assert [entry.record.ids.doi for entry in entries] == [work.ids.doi for work in works]


def test_what_rispy_writes_is_read(tmp_path: Path) -> None:
    given_ = [
        {
            "type_of_reference": "JOUR",
            "title": "A made-up article",
            "authors": ["Hansen, Karen"],
            "year": "2020",
            "doi": "10.5555/a",
            "start_page": "1",
        }
    ]
    (tmp_path / "a.ris").write_text(rispy.dumps(given_), encoding="utf-8")
    ((only,), _) = read_files([tmp_path / "a.ris"])
    assert (only.record.title, only.record.ids.doi, only.record.pages, only.record.year) == ("A made-up article", "10.5555/a", "1", 2020)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "untitled"), [("copper", 0), ("respiratory", 0), ("stroke", 0), ("bibdedupe_cases", 3), ("mis_crossref_dblp", 27)]
)
def test_every_record_of_the_labelled_sets_is_read(name: str, untitled: int, shared_data: Path) -> None:
    file = shared_data / "dedup" / f"{name}.jsonl.gz"
    entries, (told,) = read_files([file])
    with gzip.open(file, "rb") as lines:
        assert told.entries == sum(1 for _ in lines)
    assert {entry.fault for entry in entries} <= {"", "no title"}
    assert told.unreadable == untitled


@pytest.mark.shared
def test_a_bibliography_from_pubmed_is_read(shared_data: Path) -> None:
    file = shared_data / "sources" / "pubmed" / "medline_text" / "manubot_manubot__bibliography.nbib"
    entries, _ = read_files([file])
    assert entries
    assert not [entry.fault for entry in entries if entry.fault]
