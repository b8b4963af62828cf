"""CSL-JSON, the form in which citation processors take works (https://github.com/citation-style-language/schema, csl-data.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fedsearch.exports.wording import best_address, date_of, flag_notes, one_line, source_names
from fedsearch.model import Author, Work, WorkType

_TYPES: dict[WorkType, str] = {
    "journal-article": "article-journal", "preprint": "article", "book": "book", "book-chapter": "chapter", "journal": "periodical",
    "conference-paper": "paper-conference", "thesis": "thesis", "report": "report", "guideline": "report", "dataset": "dataset",
    "peer-review": "review", "audio-visual": "motion_picture", "website": "webpage",
}  # fmt: skip
_GENRES: dict[WorkType, str] = {"preprint": "Preprint", "guideline": "Guideline", "peer-review": "Peer review"}


def write_csl(works: Iterable[Work]) -> str:
    """An array of items in the order of the works; a member that is not known is left out, as the schema wants."""
    return json.dumps([csl_item(work) for work in works], ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def csl_item(work: Work) -> dict[str, Any]:
    texts: dict[str, str | None] = {
        "title": work.title,
        "original-title": work.vernacular_title,
        "container-title": work.journal,
        "container-title-short": work.journal_abbreviation,
        "collection-title": work.series,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "publisher": work.publisher,
        "publisher-place": work.place,
        "edition": work.edition,
        "ISSN": ", ".join(work.issn),
        "ISBN": ", ".join(work.ids.isbn),
        "DOI": work.ids.doi,
        "PMID": work.ids.pmid,
        "PMCID": work.ids.pmcid,
        "URL": best_address(work),
        "language": next(iter(work.languages), None),
        "genre": _GENRES.get(work.type),
        "keyword": ", ".join((*work.keywords, *(heading.name for heading in work.mesh))),
        "source": source_names(work),
        "note": ". ".join(flag_notes(work)),
        "abstract": work.abstract,
    }
    names = {
        role: [name for author in work.authors if author.role == role and (name := _name(author))]
        for role in ("author", "editor", "translator")
    }
    date = [int(part) for part in date_of(work) if part]
    return {
        "id": work.id,
        "type": _TYPES.get(work.type, "document"),
        **{name: value for name, text in texts.items() if (value := one_line(text))},
        **{role: people for role, people in names.items() if people},
        **({"issued": {"date-parts": [date]}} if date else {}),
    }


def _name(author: Author) -> dict[str, str]:
    """A person who is known by one name only is a literal, which no style turns around."""
    if author.family and author.given:
        return {"family": one_line(author.family), "given": one_line(author.given)}
    name = one_line(author.collective or author.family or author.given)
    return {"literal": name} if name else {}
