"""A problem document (RFC 9457) -> what happened, what would help, and the place in the search, in the searcher's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fedsearch.api.pages.form import Form
from fedsearch.api.pages.ladder import Payload
from fedsearch.api.pages.results import SourceLine, source_line
from fedsearch.api.pages.view import Phrase, sentence
from fedsearch.api.pages.words import Words

_WORTH_ANOTHER_TRY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class MarkedQuery:
    """The search as typed, in three parts; `at` is empty where something is missing at the very end."""

    before: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class ProblemView:
    status: int
    title: str
    advice: str | None
    detail: Phrase | None
    hint: Phrase | None
    marked: MarkedQuery | None
    sources: tuple[SourceLine, ...]
    retry: str | None


def problem_view(form: Form, problem: Payload, words: Words, names: Mapping[str, str]) -> ProblemView:
    """Known statuses have words of ours in both languages; detail and hint too where the page knows the sentence."""
    status = int(problem.get("status") or 500)
    hint = str(problem.get("hint") or "")
    known = words.has(f"problem.s{status}.title")
    position = problem.get("position")
    detail = str(problem.get("detail") or "").removesuffix(hint).strip()
    return ProblemView(
        status=status,
        title=words(f"problem.s{status}.title") if known else str(problem.get("title") or words("problem.heading")),
        advice=words(f"problem.s{status}.advice") if known and not (hint and (words.lang == "en" or words.retold(hint, names))) else None,
        detail=sentence(detail, words, names) if detail else None,
        hint=sentence(hint, words, names) if hint else None,
        marked=marked(form.q, position) if form.q and isinstance(position, int) else None,
        sources=tuple(source_line(source, words, names) for source in problem.get("sources") or ()),
        retry=form.with_changes(set_id=None, page=1, filters={}).address() if form.q and status in _WORTH_ANOTHER_TRY else None,
    )


def marked(text: str, position: int) -> MarkedQuery:
    """`position` counts characters from 0; one past the end marks the end."""
    at = min(max(position, 0), len(text))
    return MarkedQuery(text[:at], text[at : at + 1], text[at + 1 :])
