"""Labelled records that stand beside the repository: what must stay apart is never merged, and what should be merged is."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from fedsearch.catalogue.marc import read_record
from fedsearch.catalogue.reading import read_marc
from fedsearch.dedupe.describing import describe
from fedsearch.dedupe.jsonl import members_of
from fedsearch.merge import find_duplicates, merge_records
from fedsearch.model import Record, SourceId
from tests.building import POLICY

pytestmark = pytest.mark.shared
Rows = list[dict[str, Any]]

# Labels that join what the rules keep apart on purpose: an erratum and its article, an editorial and a guest editorial, two papers of one
# title and two DOIs; a Cochrane review over several years; a thesis and its abstract, abstracts of two meetings.
DISPUTED = {
    "digital_work": ({"id_1005082", "id_1005083"}, {"id_1000218", "id_1000339"}, {"id_1003663", "id_1003664"}),
    "respiratory": ({"id_0000418", "id_0000419", "id_0000420"},),
    "stroke": ({"id_0000009", "id_0000010"}, {"id_0000428", "id_0000429"}),
}


def rows(file: Path) -> Rows:
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return [json.loads(line) for line in body.splitlines()]


def read(row: dict[str, Any], number: str, source: str = "x") -> Record:
    """A record as `fedsearch dedupe` reads it."""
    return describe(members_of(row), SourceId(source), number)


def test_every_labelled_trap_is_passed(shared_data: Path) -> None:
    traps = rows(shared_data / "dedup" / "traps_dev.jsonl")
    assert len(traps) == 46
    assert [trap["slug"] for trap in traps if not passed(trap)] == []


def passed(trap: dict[str, Any]) -> bool:
    works = merge_records((read(trap["a"], "a", "left"), read(trap["b"], "b", "right")), {}, POLICY)
    if trap["want"] == "merge":
        return len(works) == 1
    return len(works) == 2 and (trap["want"] == "apart" or all(work.related for work in works))


def test_no_case_of_another_tools_tests_is_wrongly_merged(shared_data: Path) -> None:
    cases = rows(shared_data / "dedup" / "bibdedupe_cases.jsonl.gz")
    told = Counter(
        (left["cluster"] == right["cluster"], len(find_duplicates((read(left, "a"), read(right, "b")), POLICY).sets) == 1)
        for left, right in zip(cases[::2], cases[1::2], strict=True)
    )
    assert told[False, True] == 0
    assert told[True, True] + told[False, False] >= 23


@pytest.mark.parametrize(("name", "recall"), [("respiratory", 0.97), ("stroke", 0.995), ("copper", 1.0), ("digital_work", 0.995)])
def test_of_a_labelled_set_nothing_is_merged_wrongly_and_nearly_everything_that_should_be(
    name: str, recall: float, shared_data: Path
) -> None:
    labelled = {row["id"]: row for row in rows(shared_data / "dedup" / f"{name}.jsonl.gz")}
    found = find_duplicates((read(row, number) for number, row in labelled.items()), POLICY)
    disputed = DISPUTED.get(name, ())
    wanted = pairs(together(labelled, lambda number: str(labelled[number]["cluster"])), disputed)
    got = pairs(([key.removeprefix("x:") for key in keys] for keys in found.sets), disputed)
    assert got - wanted == set()
    assert len(got & wanted) / len(wanted) >= recall


def together(numbers: Iterable[str], of: Callable[[str], str]) -> list[list[str]]:
    sets: dict[str, list[str]] = {}
    for number in numbers:
        sets.setdefault(of(number), []).append(number)
    return list(sets.values())


def pairs(sets: Iterable[Iterable[str]], disputed: Iterable[set[str]]) -> set[tuple[str, str]]:
    found = {pair for numbers in sets for pair in combinations(sorted(numbers), 2)}
    return {pair for pair in found if not any(set(pair) <= names for names in disputed)}


@pytest.fixture(scope="module")
def persian(shared_data: Path) -> list[Record]:
    """The same Persian books twice: as brief romanised records and as full ones with the original script."""
    folder = shared_data / "sources" / "marc" / "nyu_persian"
    return [
        read_record(found.record).record.model_copy(update={"source": SourceId(side)})
        for side in ("brief", "enriched")
        for file in sorted(folder.glob(f"*__{side}.mrc"))
        for found in read_marc(file)
        if found.record
    ]


def test_no_two_persian_books_are_merged(persian: list[Record]) -> None:
    merged = find_duplicates(persian, POLICY).sets
    assert [keys for keys in merged if len({key.partition(":")[2] for key in keys}) > 1] == []


def test_a_persian_book_is_found_again_in_its_other_record_wherever_they_share_an_isbn_or_title_author_and_year(
    persian: list[Record],
) -> None:
    sets = {key: keys for keys in find_duplicates(persian, POLICY).sets for key in keys}
    by_number = together(sets, lambda key: key.partition(":")[2])
    assert len(by_number) == 146
    apart = [keys for keys in by_number if sets[keys[0]] is not sets[keys[1]]]
    by_key = {record.key: record for record in persian}
    assert len(apart) <= 10
    assert sum(bool(set(by_key[a].ids.isbn) & set(by_key[b].ids.isbn)) for a, b in apart) <= 2
