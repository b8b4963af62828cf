"""The page for librarians is what the program that merges says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from fedsearch.merge.compare import COMPARISONS
from fedsearch.merge.explain import KINDS, LINKS, POINTS, explanation, main
from fedsearch.merge.judging import RELATIONS
from fedsearch.merge.kinds import Kind
from fedsearch.settings import MergePolicy, Weights

PAGE = Path(__file__).parents[2] / "docs" / "merging.md"


def test_the_page_in_docs_is_what_the_program_prints(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8")


def test_every_comparison_and_every_weight_is_explained() -> None:
    assert list(POINTS) == [comparison.__name__ for comparison in COMPARISONS]
    assert {name for names in POINTS.values() for name in names} == set(Weights.model_fields)


def test_every_kind_and_every_link_is_explained() -> None:
    assert set(KINDS) == set(get_args(Kind))
    assert set(LINKS) == {there for there, _ in RELATIONS.values()}


def test_the_page_tells_the_numbers_of_its_policy(policy: MergePolicy) -> None:
    weights = policy.weights.model_copy(update={"same_doi": 7.25})
    assert "same doi +7.25" in explanation(policy.model_copy(update={"weights": weights}))
    assert "| title | preferred | pubmed, crossref, catalogue |" in explanation(policy)
