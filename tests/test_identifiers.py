"""Identifiers: every usual notation of one identifier reads as its bare form, and what is none reads as None."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch import identifiers
from fedsearch.identifiers import doi, doi_in, isbn, issn, pmcid, pmid


@pytest.mark.parametrize(
    "written",
    [
        "10.1056/NEJMoa1409077",
        "10.1056/nejmoa1409077",
        " doi:10.1056/NEJMoa1409077 ",
        "DOI: 10.1056/NEJMoa1409077",
        "doi 10.1056/NEJMoa1409077",
        "info:doi/10.1056/NEJMoa1409077",
        "https://doi.org/10.1056/NEJMoa1409077",
        "http://dx.doi.org/10.1056/NEJMoa1409077",
        "https://www.doi.org/10.1056/NEJMoa1409077",
        "https://doi.org/10.1056%2FNEJMoa1409077",
        "10.1056/NEJMoa1409077.",
        "10.1056/NEJMoa1409077).",
        "10.1056/NEJMoa1409077;",
    ],
)
def test_every_notation_of_a_doi_is_one_doi(written: str) -> None:
    assert doi(written) == "10.1056/nejmoa1409077"


@pytest.mark.parametrize(
    "whole",
    [
        "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
        "10.1016/s0140-6736(05)67889-0",
        "10.1016/0091-6749(90)90073-x(1)",
        "10.1000.10/123456",
        "10.1890/0012-9658(2006)87[1150:ttcoms]2.0.co;2",
    ],
)
def test_marks_inside_a_doi_belong_to_it(whole: str) -> None:
    assert doi(whole.upper()) == whole


@pytest.mark.parametrize(
    "other", [None, "", " ", "10.1056", "10.1056/", "11.1056/abc", "abc", "10.1/x", "10.1056/two words", "doi:", "/10.1056/abc"]
)
def test_what_is_no_doi_is_none(other: str | None) -> None:
    assert doi(other) is None


def test_a_doi_is_found_inside_a_sentence() -> None:
    assert doi_in("Lancet 2005;365:1415 (doi:10.1016/S0140-6736(05)66378-7).") == "10.1016/s0140-6736(05)66378-7"
    assert doi_in("no number here") is None


def test_a_long_tail_of_brackets_is_cut_in_one_go() -> None:
    assert doi("10.1000/abc" + ")" * 200_000) == "10.1000/abc"


@pytest.mark.parametrize(
    "written",
    ["25176015", "PMID: 25176015", "pmid25176015", "025176015", "۲۵۱۷۶۰۱۵", "https://pubmed.ncbi.nlm.nih.gov/25176015/",
     "http://www.ncbi.nlm.nih.gov/pubmed/25176015", "info:pmid/25176015"],
)  # fmt: skip
def test_every_notation_of_a_pmid_is_one_pmid(written: str) -> None:
    assert pmid(written) == "25176015"


@pytest.mark.parametrize("other", [None, "", "0", "PMC25176015", "2517601512345", "10.1000/1", "pmid", "25176015a"])
def test_what_is_no_pmid_is_none(other: str | None) -> None:
    assert pmid(other) is None


@pytest.mark.parametrize(
    "written",
    ["PMC4280750", "pmc4280750", "PMC 4280750", "PMC4280750.2", "PMC۴۲۸۰۷۵۰", "https://pmc.ncbi.nlm.nih.gov/articles/PMC4280750/"],
)
def test_every_notation_of_a_pmcid_is_one_pmcid(written: str) -> None:
    assert pmcid(written) == "PMC4280750"


@pytest.mark.parametrize("other", [None, "", "4280750", "PMC", "EPMC4280750", "PMC0"])
def test_what_is_no_pmcid_is_none(other: str | None) -> None:
    assert pmcid(other) is None


@pytest.mark.parametrize(
    "written",
    [
        "0-306-40615-2",
        "0306406152",
        "978-0-306-40615-7",
        "9780306406157 (hbk.)",
        "ISBN 978 0 306 40615 7",
        "978‐0‐306‐40615‐7",
        "۹۷۸۰۳۰۶۴۰۶۱۵۷",
    ],
)
def test_every_notation_of_an_isbn_is_thirteen_digits(written: str) -> None:
    assert isbn(written) == "9780306406157"


def test_an_isbn_may_end_in_x() -> None:
    assert isbn("0-8044-2957-x (pbk.)") == "9780804429573"


@pytest.mark.parametrize("other", [None, "", "9780306406158", "0306406153", "12345", "ISBN"])
def test_an_isbn_with_a_wrong_check_digit_is_none(other: str | None) -> None:
    assert isbn(other) is None


@pytest.mark.parametrize(
    ("written", "bare"),
    [("0028-4793", "0028-4793"), ("00284793", "0028-4793"), ("1234-567x", None), ("2434-561x", "2434-561X"), ("۰۰۲۸-۴۷۹۳", "0028-4793")],
)
def test_an_issn_has_a_hyphen_and_a_right_check_digit(written: str, bare: str | None) -> None:
    assert issn(written) == bare


@given(st.text(max_size=60))
@pytest.mark.parametrize("read", [doi, pmid, pmcid, isbn, issn])
def test_a_bare_form_reads_as_itself(read: Callable[[str], str | None], text: str) -> None:
    found = read(text)
    assert found is None or read(found) == found


@given(st.from_regex(r"10\.\d{4}/[a-z0-9()\[\].;-]{1,20}[a-z0-9]", fullmatch=True))
def test_a_doi_survives_every_prefix_and_percent_encoding(bare: str) -> None:
    expected = doi(bare)
    assert {doi(f"{prefix}{bare.upper()}") for prefix in ("", "doi:", "https://doi.org/", "http://dx.doi.org/", "info:doi/")} == {expected}


def test_other_text_keeps_its_digits_readable() -> None:
    assert identifiers.western_digits("سال ۱۴۰۲ و ٢٠٢٤") == "سال 1402 و 2024"
