"""What sort of publication a record describes, and its title without the words that only say so."""

from __future__ import annotations

from typing import Any

import pytest

from fedsearch.folding import fold
from fedsearch.merge.kinds import kind_and_title
from fedsearch.model import Relation
from tests.building import record


@pytest.mark.parametrize(
    ("title", "kind", "bare"),
    [
        ("Statins in old age", "article", "statins in old age"),
        ("RETRACTED: Statins in old age", "article", "statins in old age"),
        ("Retracted article: Statins in old age", "article", "statins in old age"),
        ("WITHDRAWN: Statins in old age", "article", "statins in old age"),
        ("Statins in old age [Erratum appears in Heart. 2013;10:3]", "article", "statins in old age"),
        ("Statins in old age [corrected]", "article", "statins in old age"),
        ("Retraction: Statins in old age", "retraction", "statins in old age"),
        ("Retraction notice to “Statins in old age”", "retraction", "statins in old age"),
        ("Erratum to: Statins in old age", "correction", "statins in old age"),
        ("Author Correction: Statins in old age", "correction", "statins in old age"),
        ("Corrigendum: Statins in old age", "correction", "statins in old age"),
        ("Expression of Concern: Statins in old age", "concern", "statins in old age"),
        ("Reply to Statins in old age", "comment", "statins in old age"),
        ("Re: Statins in old age", "comment", "statins in old age"),
        ("Statins in old age: authors' reply", "comment", "statins in old age"),
        ("Correction to: Statins in old age", "correction", "statins in old age"),
        ("Correction to “Statins in old age”", "correction", "statins in old age"),
        ("Retraction—Statins in old age", "retraction", "statins in old age"),
        ("Response to: Statins in old age", "comment", "statins in old age"),
        ("Statins in old age. Authors’ reply.", "comment", "statins in old age"),
        ("Retraction of the lung after surgery", "article", "retraction of the lung after surgery"),
        ("Withdrawal of beta-blockers", "article", "withdrawal of beta blockers"),
        ("Response of asthma to steroids", "article", "response of asthma to steroids"),
        ("Correction of anaemia in kidney disease", "article", "correction of anaemia in kidney disease"),
        ("Re-operation after hip fracture", "article", "re operation after hip fracture"),
        ("Steroids in asthma: a dose-response", "article", "steroids in asthma a dose response"),
        ("Comment", "article", "comment"),
        ("“Correction”", "article", "correction"),
        ("Invited commentary on: Statins in old age", "comment", "statins in old age"),
        ("Letter to the editor regarding “Statins in old age”", "comment", "statins in old age"),
        ("In response to: Statins in old age", "comment", "statins in old age"),
        ("Letters to patients after discharge", "article", "letters to patients after discharge"),
        ("Data from: Statins in old age", "dataset", "statins in old age"),
        ('Review for "Statins in old age"', "peer-review", "statins in old age"),
        ("Review of statins in old age", "article", "review of statins in old age"),
        ("Discussion groups for carers", "article", "discussion groups for carers"),
        ("Reoperation after hip fracture", "article", "reoperation after hip fracture"),
        ("Repair of hernia", "article", "repair of hernia"),
    ],
)
def test_a_titles_first_words_tell_a_notice_from_the_article(title: str, kind: str, bare: str) -> None:
    found, rest = kind_and_title(record(title=title))
    assert (found, fold(rest)) == (kind, bare)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"type": "preprint"}, "preprint"),
        ({"type": "book"}, "book"),
        ({"type": "audio-visual"}, "book"),
        ({"type": "book-chapter"}, "part"),
        ({"type": "component"}, "part"),
        ({"type": "thesis"}, "thesis"),
        ({"type": "peer-review"}, "peer-review"),
        ({"publication_types": ("Published Erratum",)}, "correction"),
        ({"publication_types": ("Retraction of Publication", "Journal Article")}, "retraction"),
        ({"publication_types": ("Expression of Concern",)}, "concern"),
        ({"related": (Relation(kind="retracts", doi="10.1000/1"),)}, "retraction"),
        ({"related": (Relation(kind="retraction", doi="10.1000/1"),)}, "article"),
        ({"publication_types": ("Retracted Publication",)}, "article"),
    ],
)
def test_what_the_source_says_of_a_kind_is_believed(more: dict[str, Any], kind: str) -> None:
    assert kind_and_title(record(**more))[0] == kind
