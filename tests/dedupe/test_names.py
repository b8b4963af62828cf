"""Authors in the notations that exports use."""

from __future__ import annotations

from typing import Any

import pytest

from fedsearch.dedupe.names import authors_of
from fedsearch.model import Author


def names(value: Any) -> list[str]:
    return [each.collective or f"{each.family}|{each.given or ''}" for each in authors_of(value)[0]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Hansen K", "Hansen|K"),
        ("Hansen KL", "Hansen|KL"),
        ("Hansen, Karen L.", "Hansen|Karen L."),
        ("Karen Hansen", "Hansen|Karen"),
        ("K. L. Hansen", "Hansen|K. L."),
        ("Hansen", "Hansen|"),
        ("van der Berg, Karen Louise", "van der Berg|Karen Louise"),
        ("Ludwig van Beethoven", "van Beethoven|Ludwig"),
        ("Morrison, Barclay, III", "Morrison|Barclay III"),
        ("LoCurto, J. J., Jr.", "LoCurto|J. J. Jr."),
        ("Müller Ö", "Müller|Ö"),
        ("АЗЬМУК, Н. А.", "АЗЬМУК|Н. А."),
        ("이종호", "이종호|"),
        ("احمدی، مریم", "احمدی|مریم"),
        ("مریم احمدی", "احمدی|مریم"),
        ("Hansen, K. (57190001)", "Hansen|K."),
        ("World Health Organization", "World Health Organization"),
        ("STAR Trial Group, Shiraz", "STAR Trial Group, Shiraz"),
        ("انجمن قلب ایران", "انجمن قلب ایران"),
    ],
)
def test_one_name_in_any_notation(written: str, read: str) -> None:
    assert names(written) == [read]
    assert names([written]) == [read]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Hansen KL; Moreau P", ["Hansen|KL", "Moreau|P"]),
        ("Hansen, Karen; Moreau, Pierre", ["Hansen|Karen", "Moreau|Pierre"]),
        ("Stahl, Bernd Carsten and Elbeltagi, Ibrahim", ["Stahl|Bernd Carsten", "Elbeltagi|Ibrahim"]),
        ("A, B.C., D, E.F.", ["A|B.C.", "D|E.F."]),
        ("Smith, A.B., Jones, C.D., van der Berg, E.", ["Smith|A.B.", "Jones|C.D.", "van der Berg|E."]),
        ("Hansen K, Moreau P and Iyer S", ["Hansen|K", "Moreau|P", "Iyer|S"]),
        ("Karen Hansen, Pierre Moreau", ["Hansen|Karen", "Moreau|Pierre"]),
        ("Hansen, Karen, Moreau, Pierre", ["Hansen|Karen", "Moreau|Pierre"]),
        ("Adeli K.Lewis G. F.O'Donnell C.", ["Adeli|K.", "Lewis|G. F.", "O'Donnell|C."]),
        ("احمدی، مریم؛ رضایی، علی", ["احمدی|مریم", "رضایی|علی"]),
        ("HIPFAST Group; Hansen K", ["HIPFAST Group", "Hansen|K"]),
    ],
)
def test_a_list_in_one_text(written: str, read: list[str]) -> None:
    assert names(written) == read


@pytest.mark.parametrize(
    "written",
    ["Hansen K, Moreau P, et al.", "Hansen K; Moreau P; et al", ["Hansen K", "Moreau P", "et al."], "Hansen K and Moreau P and others"],
)
def test_et_al_says_that_the_list_is_cut(written: Any) -> None:
    assert names(written) == ["Hansen|K", "Moreau|P"]
    assert authors_of(written)[1] is False


@pytest.mark.parametrize(
    "written", [None, "", "Anonymous", "[Anonymous]", "UNKNOWN", "nan", [], ["", None, 3], " ; , ", {"role": "editor"}]
)
def test_nobody_is_named_where_nobody_is(written: Any) -> None:
    assert authors_of(written) == ((), True)


def test_members_of_json_are_understood() -> None:
    given = [{"family": "Hansen", "given": "Karen"}, {"literal": "WHO"}, {"name": "Pierre Moreau", "role": "editor"}]
    assert authors_of(given)[0] == (
        Author(family="Hansen", given="Karen"),
        Author(collective="WHO"),
        Author(family="Moreau", given="Pierre", role="editor"),
    )
