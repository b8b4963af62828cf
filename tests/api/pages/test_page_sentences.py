"""The service's own English sentences in Persian: every one that the code can write is known, whatever stands in its places."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from fedsearch import query
from fedsearch.api.pages.words import load
from fedsearch.connectors import base, catalogue, crossref_strategy, pubmed
from fedsearch.errors import QuerySyntaxError
from fedsearch.merge import compare, rank

EN, FA = load("en"), load("fa")
SOURCES = {"pubmed": "PubMed", "catalogue": "فهرست کتابخانه"}


def sentences(module: ModuleType, *calls: str) -> Iterator[str]:
    """The texts that a module hands to these calls, with 7 at every place."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in calls:
            for argument in node.args:
                if text := written(argument):
                    yield text


def written(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return ""


def unknown(texts: Iterator[str] | list[str]) -> list[str]:
    found = list(texts)
    assert found
    return [text for text in found if FA.retold(text, SOURCES) is None]


def test_every_reason_for_a_merge_has_persian_words() -> None:
    assert unknown(sentences(compare, "Evidence")) == []


@pytest.mark.parametrize(
    "reason",
    [
        "2 of 3 words of the question in the title",
        "3 of 3 anywhere in the record",
        "number 4 at pubmed",
        "randomised trial: slightly raised",
        "retracted: placed below the rest",
        "its title is the question",
        "its DOI is the question",
    ],
)
def test_every_reason_for_a_place_in_the_list_has_persian_words(reason: str) -> None:
    assert FA.retold(reason, SOURCES)
    fixed = [part for part in reason.replace("randomised trial", "").split(" ") if not part.isdigit() and part not in ("pubmed", "DOI")]
    assert all(part.strip(":") in inspect.getsource(rank) for part in fixed)


def test_every_mistake_in_a_search_has_persian_words() -> None:
    texts = [text for text in sentences(query, "QuerySyntaxError") if "7Usual" not in text and "to search for 7" not in text]
    assert unknown(texts) == []


@pytest.mark.parametrize(
    "q", ["", "(a", "a)", "()", "AND", "a AND", "a AND OR b", "a[zz]", "a[titel]", '"a', "[ti]", "x[dp]", "2020:2010[dp]", '"a"[ti:~2]']
)
def test_the_whole_message_of_a_mistake_is_told_in_persian(q: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        query.parse(q)
    assert FA.retold(str(caught.value), SOURCES)
    assert FA.retold(caught.value.hint, SOURCES)


def test_every_failure_of_a_source_has_persian_words() -> None:
    errors = ("SourceDenied", "SourceBroken", "SourceRejected", "SourceThrottled", "SourceTimeout", "SourceUnreachable")
    assert unknown(sentences(base, *errors)) == []


def test_every_loss_has_persian_words() -> None:
    crossref = [text for name, text in vars(crossref_strategy).items() if name.isupper() and isinstance(text, str) and text.endswith(".")]
    assert unknown([*crossref, *crossref_strategy._UNASKABLE.values(), *catalogue._LOST.values()]) == []


def test_every_remark_of_pubmed_but_its_free_words_has_persian_words() -> None:
    remarks = [text.format("xyz") for text in pubmed._WARNINGS.values() if not text.startswith("PubMed says")]
    assert unknown(remarks) == []


def test_values_stay_as_they_are_and_counts_are_in_persian_digits() -> None:
    assert FA.retold("same DOI, 10.5555/a.1", SOURCES) == "DOI یکسان: \u206810.5555/a.1\u2069"
    assert FA.retold("titles 97 % alike", SOURCES) == "عنوان‌ها ۹۷ درصد شبیه‌اند"


def test_sources_and_kinds_of_evidence_have_their_names() -> None:
    assert FA.retold("number 12 at catalogue", SOURCES) == "رتبهٔ ۱۲ در فهرست کتابخانه"
    assert EN.retold("number 12 at pubmed", SOURCES) == "number 12 at PubMed"
    assert FA.retold("systematic review: slightly raised", SOURCES) == "مرور نظام‌مند: اندکی بالاتر آورده شد"


def test_several_sentences_are_told_together_or_not_at_all() -> None:
    known = "PubMed is out of order (HTTP 503). It usually recovers by itself."
    assert (
        FA.retold(known, SOURCES) == "\u2068PubMed\u2069 از کار افتاده است (\u2068HTTP \u2068503\u2069\u2069). معمولاً خودبه‌خود درست می‌شود."
    )
    assert FA.retold(f"{known} Nobody has heard of this.", SOURCES) is None
