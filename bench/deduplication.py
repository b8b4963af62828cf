"""Deduplication on labelled sets: what is found, what is joined wrongly, how fast and in how much memory, beside other tools.

    python -m bench.deduplication FILE...

Each FILE holds a record a line, with its publication as `cluster`, and is read as `fedsearch dedupe` reads it. The figures of other
tools were measured on the same sets, two cores; `make bench-peers` measures the nearest of them again, in one run with ours.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import multiprocessing
import random
import resource
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bench.sources import RECORDS, bodies
from fedsearch.catalogue import SAMPLE
from fedsearch.catalogue.marc import NotBibliographic, read_record
from fedsearch.catalogue.reading import read_marc
from fedsearch.connectors.crossref import parse_page
from fedsearch.connectors.pubmed_xml import parse_articles
from fedsearch.dedupe.entries import Entry
from fedsearch.dedupe.reading import read_files
from fedsearch.merge import find_duplicates, merge
from fedsearch.model import Hit, Identifiers, Page, Record, SourceId, Strategy
from fedsearch.settings import load

Row = tuple[str, str, str, str]
Pairs = frozenset[tuple[str, str]]

SETS = ("respiratory", "stroke", "copper", "digital_work", "mis_crossref_dblp")
# Precision / recall / F1, records removed wrongly, records a second; ASySD reports sensitivity for recall; "naive" joins where the
# DOI or PMID is equal, or the year is equal and the titles are 90 % alike.
ANCHORS: dict[str, str] = {
    "respiratory": "bib-dedupe 1 / .925 / .961, 0 wrong, 261 a second; ASySD .915, 0 wrong; naive F1 .946, 12 wrong",
    "stroke": "bib-dedupe 1 / .996 / .998, 0 wrong, 112 a second; ASySD .962, 0 wrong; naive F1 .973, 6 wrong",
    "copper": "bib-dedupe 1 / .994 / .997, 0 wrong, 137 a second; naive F1 .992, 2 wrong",
    "digital_work": "bib-dedupe 1 / .998 / .999, 0 wrong, 160 a second; ASySD .832, 20 wrong; naive F1 .661, 193 wrong",
    "mis_crossref_dblp": "bib-dedupe .997 / .986 / .992, 4 wrong, 163 a second; naive F1 .914, 90 wrong (labels made by a tool)",
}
# Labels that join what docs/merging.md keeps apart on purpose: an erratum and its article, an editorial and a guest editorial, two papers
# of one title and two DOIs; a Cochrane review over several years; a thesis and its abstract, abstracts of two meetings.
DISPUTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "digital_work": (("id_1005082", "id_1005083"), ("id_1000218", "id_1000339"), ("id_1003663", "id_1003664")),
    "respiratory": (("id_0000418", "id_0000419", "id_0000420"),),
    "stroke": (("id_0000009", "id_0000010"), ("id_0000428", "id_0000429")),
}
MANY = 100_000


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs found rightly, wrongly and not at all, and how many records a library would have removed wrongly."""

    right: int
    wrong: int
    missed: int
    removed_wrongly: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} / {self.recall:.3f} / {self.f1:.3f}, {self.removed_wrongly} wrong"


@dataclass(frozen=True, slots=True)
class Measured:
    """One set: its score with all labels and without the disputed ones, records a second of processor time, peak memory."""

    records: int
    all_labels: Score
    undisputed: Score
    per_second: float
    seconds: float
    peak_mb: float


def score(truth: Mapping[str, str], sets: Iterable[Sequence[str]], disputed: Iterable[Sequence[str]] = ()) -> Score:
    """`truth` is the publication of each record; `sets` are the duplicate sets that were found. Disputed pairs count on neither side."""
    by_publication = defaultdict(list)
    for record, publication in truth.items():
        by_publication[publication].append(record)
    sets = [tuple(record for record in found if record in truth) for found in sets]
    aside = _pairs(disputed)
    wanted, got = _pairs(by_publication.values()) - aside, _pairs(sets) - aside
    removed = sum(len({truth[record] for record in found}) - 1 for found in sets if _pairs([found]) - aside)
    return Score(len(wanted & got), len(got - wanted), len(wanted - got), removed)


def _pairs(sets: Iterable[Sequence[str]]) -> Pairs:
    return frozenset(pair for found in sets for pair in combinations(sorted(found), 2))


def set_name(file: Path) -> str:
    return file.name.partition(".")[0]


def labelled(file: Path) -> tuple[list[Entry], dict[str, str]]:
    """The entries of a labelled file, and the publication of each by its record's key."""
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    clusters = [str(json.loads(line).get("cluster")) for line in body.splitlines() if line.strip()]
    entries, _ = read_files([file])
    return entries, {entry.record.key: cluster for entry, cluster in zip(entries, clusters, strict=True)}


def disputed_keys(file: Path, entries: Iterable[Entry]) -> list[tuple[str, ...]]:
    keys = {entry.name: entry.record.key for entry in entries}
    return [tuple(keys[name] for name in names) for names in DISPUTED.get(set_name(file), ()) if all(name in keys for name in names)]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(records: list[Record], truth: Mapping[str, str], disputed: Sequence[Sequence[str]]) -> Measured:
    policy = load({}).merging
    started = time.process_time()
    found = find_duplicates(records, policy)
    seconds = time.process_time() - started
    peak = _peak_mb()
    whole, fair = score(truth, found.sets), score(truth, found.sets, disputed)
    return Measured(len(truth), whole, fair, len(records) / seconds, seconds, peak)


def measure(file: Path) -> Measured:
    entries, truth = labelled(file)
    records = [entry.record for entry in entries if not entry.fault]
    return _measured(records, truth, disputed_keys(file, entries))


def measured_alone(file: Path) -> Measured:
    """The best of three processes, so that the peak memory is its own and no run finds folded what another has folded."""
    return max((_alone(measure, file) for _ in range(3)), key=lambda found: found.per_second)


def measure_many(file: Path) -> Measured:
    """100,000 records made out of a set's: other publications by mixing what two records say, and noisy copies of each."""
    entries, _ = labelled(file)
    made, truth = many([entry.record for entry in entries if not entry.fault], MANY)
    del entries
    return _measured(made, truth, ())


def many(base: Sequence[Record], count: int) -> tuple[list[Record], dict[str, str]]:
    chance = random.Random(20240501)
    made: list[Record] = []
    truth: dict[str, str] = {}
    number = 0
    while len(made) < count:
        number += 1
        publication = _other_publication(base[number % len(base)], chance.choice(base), number)
        for copy in range(min(chance.choice((1, 1, 1, 2, 2, 3)), count - len(made))):
            record = _noisy(publication, chance) if copy else publication
            record = record.model_copy(update={"source": SourceId(f"s{copy}"), "id": str(number)})
            made.append(record)
            truth[record.key] = str(number)
    return made, truth


def _other_publication(record: Record, other: Record, number: int) -> Record:
    words, others = record.title.split(), other.title.split()
    title = " ".join(words[: len(words) // 2] + others[len(others) // 2 :]) + f" among the people of place {number}"
    ids = Identifiers(doi=f"10.5555/{number}") if record.ids.doi else Identifiers()
    pages = f"{number % 900 + 1}-{number % 900 + 9}"
    return record.model_copy(update={"title": title, "authors": other.authors, "published": other.published, "ids": ids, "pages": pages})


def _noisy(record: Record, chance: random.Random) -> Record:
    """A record as another index has it: capitals, a slip of the pen, initials, no DOI, no abstract, the first page only."""
    at = chance.randrange(len(record.title))
    title = chance.choice((record.title, record.title.upper(), record.title[:at] + record.title[at + 1 :]))
    authors = tuple(author.model_copy(update={"given": (author.given or "")[:1] or None}) for author in record.authors)
    return record.model_copy(
        update={
            "title": title or record.title,
            "authors": chance.choice((record.authors, authors)),
            "ids": chance.choice((record.ids, Identifiers())),
            "pages": chance.choice((record.pages, (record.pages or "").partition("-")[0] or None)),
            "abstract": chance.choice((record.abstract, None)),
        }
    )


def _alone(task: Callable[[Path], Measured], file: Path) -> Measured:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task, file).result()


def merging_150() -> tuple[float, int]:
    """Milliseconds of processor time, the median, for 50 records of each source that become works; and how many works they make."""
    answers = asyncio.run(bodies())
    strategy = Strategy(text="heart failure")
    articles, _, _ = parse_articles(answers["/entrez/eutils/efetch.fcgi"][1])
    response = httpx.Response(200, content=answers["/crossref/works"][1], request=httpx.Request("GET", "http://localhost/"))
    pages = [_page("pubmed", articles), parse_page(response, strategy), _page("catalogue", list(_sample())[:RECORDS])]
    policy = load({}).merging
    taken = []
    for _ in range(50):
        started = time.process_time()
        works = merge(pages, policy)
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken), len(works)


def _page(source: str, records: Sequence[Record]) -> Page:
    return Page(SourceId(source), tuple(Hit(rank, record) for rank, record in enumerate(records, 1)), len(records), Strategy(text="x"))


def _sample() -> Iterator[Record]:
    for read in read_marc(SAMPLE):
        if read.record:
            try:
                yield read_record(read.record).record
            except NotBibliographic:
                continue


def set_rows(file: Path) -> Iterator[Row]:
    found = measured_alone(file)
    name = set_name(file)
    beside = ANCHORS.get(name, "")
    bar = beside.split(" / ")[1] if beside else ""
    what = f"duplicates in {name} ({found.records:,} records): precision / recall / F1"
    yield what, str(found.undisputed), f"1 / {bar}" if bar else "", beside
    if found.undisputed != found.all_labels:
        yield "  counting the disputed labels too", str(found.all_labels), "", f"disputed: {_listed(DISPUTED[name])}"
    yield "  records a second, best of three", f"{found.per_second:,.0f}", "≥ 10,000", f"peak {found.peak_mb:.0f} MB with the records"


def _listed(disputed: Iterable[Iterable[str]]) -> str:
    return "; ".join(" = ".join(names) for names in disputed)


def pair_rows(folder: Path) -> Iterator[Row]:
    """Pairs that are each a case of their own."""
    policy = load({}).merging
    cases = folder / "bibdedupe_cases.jsonl.gz"
    if cases.is_file():
        entries, truth = labelled(cases)
        by_case = defaultdict(list)
        for entry in entries:
            by_case[entry.name[:-1]].append(entry.record)
        told = Counter[str]()
        for left, right in by_case.values():
            same, want = len(find_duplicates((left, right), policy).sets) == 1, truth[left.key] == truth[right.key]
            told["right" if same == want else "wrong" if same else "missed"] += 1
        yield (
            f"bib-dedupe's own {len(by_case)} cases: right",
            f"{told['right']}, {told['wrong']} wrongly merged",
            "",
            "one case joins two versions of a Cochrane review",
        )


def many_rows(file: Path) -> Iterator[Row]:
    found = _alone(measure_many, file)
    what = f"{found.records:,} records made out of {set_name(file)}: precision / recall / F1"
    yield what, str(found.all_labels), "", ""
    yield "  seconds of processor time", f"{found.seconds:.0f}", "≤ 60", ""
    yield "  peak memory with the records, MB", f"{found.peak_mb:.0f}", "≤ 1,000", ""


def rows(folder: Path) -> Iterator[Row]:
    """Every labelled set in the folder, the made set, and a merge as a search does it."""
    files = [path for name in SETS if (path := folder / f"{name}.jsonl.gz").is_file()]
    for file in files:
        yield from set_rows(file)
    yield from pair_rows(folder)
    largest = max(files, key=lambda path: path.stat().st_size, default=None)
    if largest:
        yield from many_rows(largest)
    milliseconds, works = merging_150()
    yield f"merging 150 records of three sources into {works} works, ms", f"{milliseconds:.1f}", "≤ 10", ""


def main(files: Sequence[Path]) -> None:
    table = Table("measured", "fedsearch", "to reach", "beside it", title="deduplication", title_justify="left")
    for file in files:
        for row in set_rows(file):
            table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
