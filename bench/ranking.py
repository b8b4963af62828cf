"""The order of the merged list, on labelled collections: what three partly overlapping sources answered, ranked as a search ranks it.

The recorded lists hold, for each question, which documents each source would return at which rank and with which fields.
nDCG@10 (for known items: the mean reciprocal rank) with the gains as graded. The anchors were measured on the same lists
with the same scorer by rank_baselines.py, which stands beside the data.
"""

from __future__ import annotations

import gzip
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fedsearch.merge.rank import rank
from fedsearch.model import MeshHeading, SourceHit, SourceId, Work
from fedsearch.query import Query, Term
from fedsearch.settings import load

# Beside the data's own figures: reciprocal rank fusion, round robin, one BM25 index over everything.
ANCHORS = {
    "nfc_dev": (0.226, 0.257, 0.299),
    "cohen_dev": (0.288, 0.284, 0.325),
    "known_dev": (0.425, 0.842, 0.921),
    "cranfield": (0.253, 0.298, 0.352),
}
RECIPE = {"nfc_dev": 0.285, "cohen_dev": 0.313, "known_dev": 0.918, "cranfield": 0.344}
_FIELDS = {"T": "title", "A": "abstract", "M": "mesh"}


def rows(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    policy = load({}).merging
    scores: defaultdict[str, list[float]] = defaultdict(list)
    documents = {name: _documents(folder / name) for name in ANCHORS}
    wanted = {name: _judgements(folder / name) for name in ANCHORS}
    taken = []
    for line in gzip.decompress((folder / "federated_dev.jsonl.gz").read_bytes()).splitlines():
        asked = json.loads(line)
        name = asked["collection"]
        works = _works(asked["sources"], documents[name])
        started = time.process_time()
        order = [ranked.work.id for ranked in rank(works, Query(asked["query"], Term(asked["query"])), policy)]
        taken.append(time.process_time() - started)
        scores[name].append(_score(name, order, wanted[name][asked["qid"]]))
    for name, (fusion, robin, everything) in ANCHORS.items():
        measure = "MRR" if name == "known_dev" else "nDCG@10"
        beside = f"reciprocal rank fusion {fusion}, round robin {robin}, one index {everything}"
        yield f"ranking, {name}, {measure}", f"{sum(scores[name]) / len(scores[name]):.3f}", str(RECIPE[name]), beside
    yield "ranking, ms a question", f"{1000 * sum(taken) / len(taken):.1f}", "≤ 10", ""


def _documents(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in map(json.loads, gzip.decompress((folder / "docs.jsonl.gz").read_bytes()).splitlines())}


def _judgements(folder: Path) -> defaultdict[str, dict[str, int]]:
    graded: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text().splitlines():
        query, document, grade = line.split("\t")[:3]
        if grade.isdigit():
            graded[query][document] = int(grade)
    return graded


def _works(sources: Mapping[str, Any], documents: Mapping[str, dict[str, Any]]) -> list[Work]:
    hits: defaultdict[str, list[SourceHit]] = defaultdict(list)
    told: defaultdict[str, set[str]] = defaultdict(set)
    for source, answer in sources.items():
        for result in answer["results"]:
            hits[result["docid"]].append(SourceHit(source=SourceId(source), id=result["docid"], rank=result["rank"]))
            told[result["docid"]].update(result["fields"])
    return [_work(document, documents[document], told[document], found) for document, found in hits.items()]


def _work(document: str, text: Mapping[str, Any], told: set[str], hits: list[SourceHit]) -> Work:
    values = {name: text.get(name) for letter, name in _FIELDS.items() if letter in told}
    mesh = values.get("mesh") or []
    headings = mesh.split(";") if isinstance(mesh, str) else mesh
    return Work(
        id=document,
        title=values.get("title") or "-",
        abstract=values.get("abstract"),
        mesh=tuple(MeshHeading(name=heading) for heading in headings),
        hits=tuple(hits),
    )


def _score(name: str, order: list[str], grades: Mapping[str, int]) -> float:
    if name == "known_dev":
        return next((1 / place for place, document in enumerate(order, 1) if grades.get(document)), 0.0)
    best = sum(grade / math.log2(place + 1) for place, grade in enumerate(sorted(grades.values(), reverse=True)[:10], 1))
    gained = sum(grades.get(document, 0) / math.log2(place + 1) for place, document in enumerate(order[:10], 1))
    return gained / best if best else 0.0
