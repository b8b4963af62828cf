"""Records, pages and works for tests, from the few words that matter to a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from fedsearch.merge import merge_records
from fedsearch.model import Author, Hit, Identifiers, Page, RankedWork, Record, SourceId, Strategy, Work
from fedsearch.results import Result
from fedsearch.settings import load

POLICY = load({}).merging
_INITIALS = re.compile(r"[A-Z]{1,3}")


def author(name: str) -> Author:
    """ "Hansen K", "Hansen, Karen L." or "*A Body of Authors"."""
    if name.startswith("*"):
        return Author(collective=name[1:])
    family, comma, given = name.partition(",")
    if comma:
        return Author(family=family.strip(), given=given.strip())
    *rest, last = name.split()
    return Author(family=" ".join(rest), given=last) if rest and _INITIALS.fullmatch(last) else Author(family=name)


def record(
    source: str = "pubmed",
    number: str = "1",
    *,
    authors: Sequence[str] = (),
    doi: str | None = None,
    pmid: str | None = None,
    pmcid: str | None = None,
    isbn: Sequence[str] = (),
    **more: Any,
) -> Record:
    """A journal article unless `type` says otherwise; every member of Record can be given."""
    return Record.model_validate(
        {
            "source": source,
            "id": number,
            "title": "Early mobilisation after hip fracture surgery",
            "type": "journal-article",
            "authors": [author(name) for name in authors],
            "ids": Identifiers.model_validate({"doi": doi, "pmid": pmid, "pmcid": pmcid, "isbn": isbn}),
            **more,
        }
    )


def page(*records: Record) -> Page:
    """The answer of the records' source, ranked as they are given."""
    hits = tuple(Hit(rank, one) for rank, one in enumerate(records, 1))
    return Page(records[0].source if records else SourceId("pubmed"), hits, len(hits), Strategy(text="x"))


def work_of(*records: Record, ranks: Sequence[int] = ()) -> Work:
    """The one work that some records make."""
    (made,) = merge_records(records, {one.key: rank for one, rank in zip(records, ranks, strict=False)}, POLICY)
    return made


def work(source: str = "pubmed", number: str = "1", *, rank: int = 1, **more: Any) -> Work:
    """A work of one record, at a rank of its source."""
    return work_of(record(source, number, **more), ranks=[rank])


def result(made: Work, **more: Any) -> Result:
    return Result(ranked=RankedWork(work=made, score=0.5), **more)
