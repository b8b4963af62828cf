"""The librarian's hand: decisions are remembered, outweigh each other by date, and are undone without being forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedsearch.decisions import DecisionStore
from fedsearch.errors import DecisionError, NotKept, SettingsError


@pytest.fixture
def store(tmp_path: Path) -> DecisionStore:
    return DecisionStore(tmp_path / "data" / "decisions.sqlite")


def test_a_decision_says_who_when_and_why(store: DecisionStore) -> None:
    made = store.decide("pubmed:2", "crossref:10.5555/1", False, "Karimi", "Part I and Part II")
    assert (made.left, made.right, made.same, made.who, made.why) == (
        "crossref:10.5555/1",
        "pubmed:2",
        False,
        "Karimi",
        "Part I and Part II",
    )
    assert made.made_at.tzinfo is not None
    assert store.listed() == (made,)


def test_the_order_of_the_two_records_does_not_matter(store: DecisionStore) -> None:
    store.decide("pubmed:2", "crossref:1", True, "Karimi", "")
    assert store.in_force(["pubmed:2", "crossref:1", "pubmed:9"]) == {("crossref:1", "pubmed:2"): True}


def test_only_decisions_on_the_records_at_hand_are_in_force(store: DecisionStore) -> None:
    store.decide("pubmed:2", "crossref:1", True, "Karimi", "")
    assert store.in_force(["pubmed:2"]) == {}


def test_a_new_decision_takes_the_place_of_the_earlier_one_and_keeps_it_in_the_list(store: DecisionStore) -> None:
    store.decide("pubmed:2", "crossref:1", True, "Karimi", "")
    store.decide("crossref:1", "pubmed:2", False, "Novak", "other authors")
    assert store.in_force(["pubmed:2", "crossref:1"]) == {("crossref:1", "pubmed:2"): False}
    newest, first = store.listed()
    assert (newest.who, newest.undone_at) == ("Novak", None)
    assert first.undone_at is not None


def test_an_undone_decision_is_out_of_force_and_still_listed(store: DecisionStore) -> None:
    made = store.decide("pubmed:2", "crossref:1", True, "Karimi", "")
    undone = store.undo(made.id)
    assert undone.undone_at is not None
    assert store.in_force(["pubmed:2", "crossref:1"]) == {}
    assert store.listed() == (undone,)
    with pytest.raises(NotKept, match="no decision"):
        store.undo(made.id)


def test_decisions_outlive_the_process(tmp_path: Path) -> None:
    DecisionStore(tmp_path / "d.sqlite").decide("pubmed:2", "crossref:1", True, "Karimi", "")
    assert DecisionStore(tmp_path / "d.sqlite").in_force(["pubmed:2", "crossref:1"]) == {("crossref:1", "pubmed:2"): True}


def test_one_record_cannot_be_compared_with_itself(store: DecisionStore) -> None:
    with pytest.raises(DecisionError, match="itself"):
        store.decide("pubmed:2", "pubmed:2", True, "Karimi", "")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        DecisionStore(tmp_path / "file" / "decisions.sqlite")
