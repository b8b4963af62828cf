"""Files in, one file and a report out: what is merged, what is linked, what is kept, and what is said of it."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from fedsearch.dedupe import DedupeReport, Progress, dedupe_files, report_text
from fedsearch.errors import DedupeError
from fedsearch.exports import EXPORTS, export
from fedsearch.settings import MergePolicy
from tests.building import POLICY, work

PAYLOADS = Path(__file__).parents[1] / "payloads" / "dedupe"
MIXED = PAYLOADS / "mixed.jsonl"
LINES = [line for line in MIXED.read_text(encoding="utf-8").splitlines() if line]


def run(tmp_path: Path, *files: Path, name: str = "out.jsonl", report: str | None = None) -> DedupeReport:
    return dedupe_files(files, tmp_path / name, tmp_path / report if report else None, POLICY)


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_record_is_written_once_in_order_with_its_cluster(tmp_path: Path) -> None:
    run(tmp_path, MIXED)
    written = lines_of(tmp_path / "out.jsonl")
    assert [each["cluster"] for each in written] == ["a1", "a1", "c1", "d1", "e1", "mixed:mixed-6", "mixed:mixed-7"]


def test_the_members_of_json_survive_letter_by_letter(tmp_path: Path) -> None:
    run(tmp_path, MIXED)
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    for before, after in list(zip(LINES, written, strict=True))[:5]:
        assert after.startswith(before[:-1])
        added = json.loads(after).keys() - json.loads(before).keys()
        assert added in ({"cluster"}, {"cluster", "linked"})


def test_what_is_no_object_is_kept_as_text(tmp_path: Path) -> None:
    run(tmp_path, MIXED)
    broken, listed = lines_of(tmp_path / "out.jsonl")[-2:]
    assert (broken["unreadable"], listed["unreadable"]) == ("this line is broken", "[1, 2]")
    assert broken["reason"].startswith("not JSON")


def test_linked_works_have_their_own_clusters_and_name_each_other(tmp_path: Path) -> None:
    run(tmp_path, MIXED)
    linked = {each["cluster"]: each["linked"] for each in lines_of(tmp_path / "out.jsonl") if "linked" in each}
    assert linked == {"a1": ["c1"], "c1": ["a1"]}


def test_a_told_relation_links_by_doi(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        '{"id": 1, "title": "A made-up article", "doi": "10.5555/a"}\n'
        '{"id": 2, "title": "What we got wrong", "related": [{"kind": "corrects", "doi": "10.5555/A"}]}\n'
    )
    done = run(tmp_path, tmp_path / "in.jsonl")
    assert [[(other.cluster, other.kind) for other in cluster.linked] for cluster in done.clusters] == [
        [("2", "correction")],
        [("1", "corrects")],
    ]


def test_an_old_cluster_is_replaced_and_everything_else_kept(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "x", "cluster": "old", "linked": ["y"], "title": "A made-up article", "n": -Infinity}\n{}\n')
    run(tmp_path, tmp_path / "in.jsonl")
    kept = {"id": "x", "title": "A made-up article", "n": -math.inf, "cluster": "x"}
    assert lines_of(tmp_path / "out.jsonl") == [kept, {"cluster": "in:in-2"}]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(LINES[0] + "\n" + LINES[1] + "\n", encoding="utf-8")

    def shorten(progress: Progress) -> None:
        if progress.step == "comparing":
            file.write_text(LINES[0], encoding="utf-8")

    with pytest.raises(DedupeError, match="changed while it was read"):
        dedupe_files([file], tmp_path / "out.jsonl", None, POLICY, shorten)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_lone_surrogate_stays_an_escape(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "\\ud800", "cluster": 1, "title": "A made-up article \\ud83d"}\n')
    run(tmp_path, tmp_path / "in.jsonl")
    assert "\\ud83d" in (tmp_path / "out.jsonl").read_text()


def test_identifiers_that_repeat_still_give_each_cluster_a_name_of_its_own(tmp_path: Path) -> None:
    one = '{"id": "1", "title": "Early mobilisation", "authors": ["Hansen K"]}\n{"id": "2", "title": "Zinc and sleep in the elderly"}\n'
    (tmp_path / "a.jsonl").write_text(one)
    (tmp_path / "b.jsonl").write_text(one.replace("Early mobilisation", "Something else altogether, seen in mice").replace('"2"', '"a:1"'))
    run(tmp_path, tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    names = [each["cluster"] for each in lines_of(tmp_path / "out.jsonl")]
    assert len(set(names)) == 4


def test_files_of_all_formats_together_give_each_publication_once(tmp_path: Path) -> None:
    files = [MIXED, *(PAYLOADS / name for name in ("scopus.csv", "ovid.ris", "zotero.bib", "without_pmid.nbib"))]
    done = run(tmp_path, *files)
    (walking, *_) = done.merged
    assert Counter(entry.file.suffix for entry in walking.entries) == {".jsonl": 2, ".csv": 1, ".ris": 1, ".nbib": 1}
    assert done.identified == len(lines_of(tmp_path / "out.jsonl")) == done.kept + done.duplicates_removed == 20


@pytest.mark.parametrize(("ending", "format_"), [("ris", "ris"), ("nbib", "nbib"), ("bib", "bibtex"), ("csv", "csv")])
def test_each_publication_is_written_once_in_a_reference_format(ending: str, format_: str, tmp_path: Path) -> None:
    done = run(tmp_path, MIXED, name=f"out.{ending}")
    again = run(tmp_path, tmp_path / f"out.{ending}", name="again.jsonl")
    assert again.identified == again.kept == done.kept == 6
    first = again.clusters[0].entries[0].record
    assert (first.title, first.ids.doi, first.ids.pmid) == (
        "Early mobilisation after hip fracture surgery",
        "10.5555/fs.2021.1",
        "38000001",
    )


@pytest.mark.parametrize("ending", ["ris", "nbib", "bib", "csv"])
def test_an_unreadable_record_is_kept_in_a_reference_format_with_its_text(ending: str, tmp_path: Path) -> None:
    run(tmp_path, MIXED, name=f"out.{ending}")
    text = (tmp_path / f"out.{ending}").read_text(encoding="utf-8-sig")
    assert "this line is broken" in text
    assert "10.5555/issue" in text


HOLDS = {
    "ris": ("title", "journal", "volume", "issue", "pages", "abstract", "keywords", "flags", "authors", "languages", "publisher", "type"),
    "nbib": (
        "title",
        "journal",
        "volume",
        "issue",
        "pages",
        "abstract",
        "keywords",
        "authors",
        "languages",
        "publisher",
        "type",
        "published",
    ),
    "bibtex": (
        "title",
        "journal",
        "volume",
        "issue",
        "pages",
        "abstract",
        "keywords",
        "flags",
        "authors",
        "languages",
        "publisher",
        "type",
    ),
    "csv": (
        "title",
        "journal",
        "volume",
        "issue",
        "pages",
        "abstract",
        "keywords",
        "flags",
        "authors",
        "languages",
        "publisher",
        "type",
        "published",
    ),
    "jsonl": (
        "title",
        "journal",
        "volume",
        "issue",
        "pages",
        "abstract",
        "keywords",
        "flags",
        "authors",
        "languages",
        "publisher",
        "type",
        "published",
    ),
}


@pytest.mark.parametrize("format_", HOLDS)
def test_our_own_exports_are_read_back(format_: str, tmp_path: Path) -> None:
    made = work(
        "pubmed",
        "38000001",
        pmid="38000001",
        doi="10.5555/a_b(1)",
        pmcid="PMC123",
        title="{Braces}, 50% & =signs of آسم",
        authors=["Hansen, Karen L.", "van der Berg, Piet", "*STAR Trial Group"],
        journal="Journal of Made-up Surgery",
        issn=["1234-5679"],
        published="2021-04-02",
        volume="11",
        issue="4",
        pages="482-491",
        abstract="We walked; it helped.",
        keywords=["hip", "walking"],
        languages=["en"],
        publisher="Test Press",
        flags=[{"kind": "retracted", "notice_doi": "10.5555/n", "said_by": ["pubmed"]}],
    )
    file = tmp_path / f"own.{EXPORTS[format_].extension}"
    file.write_bytes(export([made], format_))
    (cluster,) = run(tmp_path, file).clusters
    read = cluster.entries[0].record
    assert read.ids == made.ids
    assert {name: getattr(read, name) for name in HOLDS[format_]} == {name: getattr(made, name) for name in HOLDS[format_]}


def test_the_report_in_json_counts_and_names_everything(tmp_path: Path) -> None:
    run(tmp_path, MIXED, report="report.json")
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert told["counts"] == {
        "identified": 7, "duplicates_removed": 1, "kept": 6, "sets_of_duplicates": 1, "unsure_pairs": 0, "linked": 2, "unreadable": 3,
    }  # fmt: skip
    assert {each["source"]: each["records"] for each in told["by_source"]} == {"crossref": 3, "mixed": 3, "pubmed": 1}
    assert told["by_file"] == [{"file": str(MIXED), "records": 7, "unreadable": 3, "note": None}]
    assert [each["number"] for each in told["unreadable"]] == [4, 6, 7]
    assert [len(each["records"]) for each in told["clusters"]] == [2, 1, 1, 1, 1, 1]
    assert "same DOI, 10.5555/fs.2021.1" in told["clusters"][0]["reasons"]
    assert told["clusters"][0]["linked"] == [{"cluster": "c1", "kind": "preprint"}]


def test_the_report_in_html_is_one_page_without_script_or_foreign_parts(tmp_path: Path) -> None:
    run(tmp_path, MIXED, report="report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page: Any = html.fromstring(text)
    assert page.xpath("//script | //link | //img | //iframe | //@src | //@style") == []
    assert all(address.startswith("#") for address in page.xpath("//@href"))
    assert "url(" not in text
    cells = {row[0].text_content().strip(): row[1].text_content() for row in page.xpath("//tr[th and td]")}
    assert (cells["Records identified"], cells["Duplicate records removed before screening"], cells["Records kept for screening"]) == (
        "7",
        "1",
        "6",
    )
    assert "same DOI, 10.5555/fs.2021.1" in page.xpath("string(//section[@aria-label='Set 1'])")
    assert "its preprint" in page.xpath("string(//h2[@id='linked']/following-sibling::section)")


def test_markup_in_a_title_is_shown_and_not_run(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "<script>", "doi": "10.5555/a", "title": "<script>alert(1)</script> of it"}\n' * 2)
    run(tmp_path, tmp_path / "in.jsonl", report="report.html")
    assert "<script>" not in (tmp_path / "report.html").read_text()


def test_unsure_pairs_are_shown_and_stay_apart(tmp_path: Path) -> None:
    policy = MergePolicy.model_validate(
        POLICY.model_dump() | {"thresholds": POLICY.thresholds.model_dump() | {"same": 99.0, "unsure": 3.0}}
    )
    done = dedupe_files([MIXED], tmp_path / "out.jsonl", tmp_path / "report.html", policy)
    assert [(pair.left.name, pair.right.name) for pair in done.unsure if not pair.left.record.related] == [("b1", "a1")]
    assert done.duplicates_removed == 0
    assert "Pair 1" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_terminal_is_told_the_numbers_and_the_unreadable_ones(tmp_path: Path) -> None:
    told = report_text(run(tmp_path, MIXED))
    assert told.splitlines()[0] == "7 records identified, 1 duplicates removed, 6 kept in out.jsonl."
    assert "unreadable: mixed.jsonl, record 4: no title" in told


def test_any_order_of_the_files_finds_the_same_sets(tmp_path: Path) -> None:
    files = [MIXED, PAYLOADS / "scopus.csv", PAYLOADS / "ovid.ris"]
    sets = [
        {frozenset((entry.file.name, entry.number) for entry in cluster.entries) for cluster in run(tmp_path, *order).clusters}
        for order in (files, files[::-1])
    ]
    assert sets[0] == sets[1]


def test_progress_goes_from_reading_to_the_end(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(f'{{"id": {n}, "title": "Title number {n} of very many"}}\n' for n in range(1200)))
    seen: list[Progress] = []
    dedupe_files([many], tmp_path / "out.jsonl", None, POLICY, seen.append)
    assert [each.step for each in seen] == ["reading", "reading", "comparing", "writing", "writing"]
    assert seen[-1] == Progress("writing", 1200, 1200)
    assert all(each.done <= each.of for each in seen)


@pytest.mark.parametrize(
    ("files", "output", "report", "message"),
    [
        ([], "out.ris", None, "No file"),
        (["missing.ris"], "out.ris", None, "no such file"),
        (["folder.ris"], "out.ris", None, "a folder, not a file"),
        (["a.jsonl", "a.jsonl"], "out.ris", None, "named twice"),
        (["a.jsonl"], "a.jsonl", None, "read already"),
        (["a.jsonl"], "out.xlsx", None, "ending does not say"),
        (["a.jsonl"], "out.ris", "report.pdf", "HTML or JSON"),
        (["a.jsonl"], "nowhere/out.ris", None, "there is no folder"),
        (["a.jsonl"], "out.ris", "a.jsonl.html/x.html", "there is no folder"),
    ],
)
def test_names_that_cannot_be_used_are_refused_before_anything_is_written(
    files: list[str], output: str, report: str | None, message: str, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(LINES[0])
    (tmp_path / "folder.ris").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DedupeError, match=re.escape(message)):
        dedupe_files([tmp_path / name for name in files], tmp_path / output, tmp_path / report if report else None, POLICY)
    assert sorted(tmp_path.iterdir()) == before
