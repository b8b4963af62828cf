"""NLM's notation of single values: titles, dates, pages, types."""

from __future__ import annotations

import pytest

from fedsearch.connectors import nlm


@pytest.mark.parametrize(
    ("written", "languages", "vernacular", "title"),
    [
        ("Asthma in children.", ("en",), None, "Asthma in children"),
        ("What is asthma?", ("en",), None, "What is asthma?"),
        ("And so on...", ("en",), None, "And so on..."),
        ("Asthma in the U.S.", ("en",), None, "Asthma in the U.S."),
        ("[Asthma in Shiraz].", ("fa",), None, "Asthma in Shiraz"),
        ("[Asthma in Shiraz.]", ("fa", "en"), None, "Asthma in Shiraz"),
        ("[Asthma in Shiraz].", (), "Titel", "Asthma in Shiraz"),
        ("[Comment on asthma].", ("en",), None, "[Comment on asthma]"),
        ("[18F]FDG and [11C]choline]", ("de",), None, "[18F]FDG and [11C]choline]"),
        ("[Not Available].", ("fr",), "Traitement de l'asthme", "Traitement de l'asthme"),
        ("[Not Available].", ("fr",), None, None),
        (None, ("fr",), "Titre", "Titre"),
        (".", ("en",), None, None),
    ],
)
def test_a_title_is_what_people_would_write(
    written: str | None, languages: tuple[str, ...], vernacular: str | None, title: str | None
) -> None:
    assert nlm.title(written, languages, vernacular) == title


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2019 Winter", "2019"),
        ("1998 Dec-1999 Jan", "1998-12"),
        ("2018 May - Jun", "2018-05"),
        ("2019 Sep/Oct", "2019-09"),
        ("1944-1945", "1944"),
        ("2008", "2008"),
        ("2008 Jan 15-21", "2008-01"),
        ("2021 Mar 3", "2021-03-03"),
        ("Spring 2003", "2003"),
        ("no date", None),
    ],
)
def test_a_date_in_words_is_read_as_far_as_it_is_certain(written: str, date: str | None) -> None:
    assert nlm.written_date(written) == date


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        (("2021", "Feb", "7"), "2021-02-07"),
        (("2021", "02", None), "2021-02"),
        (("2021", "Sep-Dec", None), "2021-09"),
        (("2021", "Spring", None), "2021"),
        (("2021", "13", "1"), "2021"),
        (("2021", None, "7"), "2021"),
        (("2021", "Feb", "40"), "2021-02"),
        ((None, "Feb", "7"), None),
    ],
)
def test_a_date_in_parts_is_as_precise_as_its_parts(parts: tuple[str | None, str | None, str | None], date: str | None) -> None:
    assert nlm.date(*parts) == date


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("482-91", "482-491"),
        ("S63-6", "S63-S66"),
        ("e247-346", "e247-e346"),
        ("H1270-H1280", "H1270-H1280"),
        ("1S-20S", "1S-20S"),
        ("77-95, viii", "77-95, viii"),
        ("100-4; discussion 104-5", "100-104; discussion 104-105"),
        ("SUPPL:4309-22", "SUPPL:4309-4322"),
        ("CD002020", "CD002020"),
        ("91-12", "91-12"),
        ("", None),
    ],
)
def test_shortened_page_ranges_are_written_out(written: str, pages: str | None) -> None:
    assert nlm.pages(written) == pages


@pytest.mark.parametrize(("pii", "number"), [("e000988", "e000988"), ("32822", "32822"), ("S0140-6736(20)30183-5", None), ("", None)])
def test_only_what_looks_like_an_article_number_is_one(pii: str, number: str | None) -> None:
    assert nlm.article_number(pii) == number


def test_our_types_and_publication_types_are_each_others_inverse() -> None:
    for work_type, names in nlm.PUBLICATION_TYPES_OF.items():
        assert names
        assert all(nlm.work_type([name.title()]) == work_type for name in names)
