"""Result sets in reference managers' formats."""

from __future__ import annotations

import csv
import io
import json

import pytest

from fedsearch.exports import EXPORTS
from tests.library import Library

pytestmark = pytest.mark.anyio


async def exported(library: Library, format: str, q: str = "asthma") -> tuple[str, int]:  # noqa: A002
    """The file as text, and how many works the set has."""
    shown = await library.search(q, per_page=2)
    response = await library.get(f"/api/v1/searches/{shown['search_id']}/export", format=format)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(EXPORTS[format].media_type)
    return response.content.decode("utf-8-sig"), shown["works"]


@pytest.mark.parametrize(
    ("format", "entry"),
    [("ris", "\r\nER  - "), ("nbib", "\nTI  - "), ("bibtex", "\n@"), ("jsonl", "\n"), ("csv", "\n"), ("csl-json", "title")],
)
async def test_an_export_holds_the_whole_set_and_not_one_page(library: Library, format: str, entry: str) -> None:  # noqa: A002
    text, works = await exported(library, format)
    if format == "csl-json":
        assert len(json.loads(text)) == works
    elif format == "csv":
        assert len(list(csv.reader(io.StringIO(text)))) == works + 1
    else:
        assert ("\n" + text).count(entry) in (works, works + 1)
    assert works > 2


async def test_an_export_keeps_the_order_of_the_list(library: Library) -> None:
    shown = await library.search("asthma", per_page=100)
    response = await library.get(f"/api/v1/searches/{shown['search_id']}/export", format="csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    dois = next(name for name in rows[0] if name.lower() == "doi")
    assert [row[dois] or None for row in rows] == [work["doi"] for work in shown["results"]]


async def test_a_retraction_goes_along_into_every_format(library: Library) -> None:
    for name in EXPORTS:
        text, _ = await exported(library, name, "thunderstorms")
        assert "retract" in text.lower(), name


async def test_an_empty_set_is_an_empty_file(library: Library) -> None:
    text, works = await exported(library, "ris", "zzyzx")
    assert (text.strip(), works) == ("", 0)


@pytest.mark.parametrize(
    "q", ['asthma "cat\\ \r\n Set-Cookie: a=b', "آسم کودکان", "asthma; filename=evil.exe", "asthma %0d%0a/../x", "a" * 500]
)
async def test_the_name_of_a_file_is_made_of_the_question_and_stays_one_header(library: Library, q: str) -> None:
    parameters = {"q": q.replace('"', "")}
    shown = (await library.http.post("/api/v1/search", json=parameters)).json()
    response = await library.get(f"/api/v1/searches/{shown['search_id']}/export", format="ris")
    disposition = response.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.isascii()
    assert not set("\r\n") & set(disposition)
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(("format", "status"), [("endnote", 422), ("", 422), (None, 422)])
async def test_a_format_that_is_not_known_or_not_given_is_refused_with_help(library: Library, format: str | None, status: int) -> None:  # noqa: A002
    shown = await library.search("asthma")
    response = await library.get(f"/api/v1/searches/{shown['search_id']}/export", **({} if format is None else {"format": format}))
    assert response.status_code == status
    assert response.json()["type"] == "urn:fedsearch:problem:parameters"
    assert "format" in response.json()["detail"]


async def test_an_export_of_a_set_that_is_gone_is_not_found(library: Library) -> None:
    response = await library.get("/api/v1/searches/gone/export", format="ris")
    assert response.status_code == 404
