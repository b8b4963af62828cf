"""Recorded answers are read by what is in them; what cannot be read is named and the rest is served."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from fedsearch.sandbox.files import read_crossref, read_pubmed

ARTICLE = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{}</PMID>\n  <Article><ArticleTitle>Ödema '
    "&amp; <i>more</i></ArticleTitle></Article></MedlineCitation></PubmedArticle>"
)
BOOK = (
    '<PubmedBookArticle><BookDocument><PMID Version="1">77</PMID><Book><BookTitle>Nursing handbook</BookTitle></Book>'
    "</BookDocument></PubmedBookArticle>"
)
MEDLINE = """
PMID- 88
OWN - NLM
STAT- MEDLINE
IS  - 2049-3630 (Print)
VI  - 3
DP  - 2014 Sep 11
TI  - A title that goes on
      over two lines.
PG  - 12-9
FAU - Karimi, Sara
AU  - Karimi S
LA  - eng
PT  - Journal Article
DEP - 20140830
TA  - J Invent Med
MH  - Heart Failure/*drug therapy
RIN - J Invent Med. 2015;4:1. PMID: 89
AID - 10.5555/m88 [doi]
"""
WORK = {"DOI": "10.5555/A", "type": "journal-article", "title": ["One"]}


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        f'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "x" "http://nowhere.invalid/x.dtd">\n<PubmedArticleSet>{ARTICLE.format(5)}'
        "</PubmedArticleSet>".replace("\n", "\n"),
        ARTICLE.format(5),
        f"<PubmedArticleSet>{ARTICLE.format(5)}</PubmedArticleSet>\n<PubmedArticleSet>{BOOK}</PubmedArticleSet>",
        f"<html><body>saved page {ARTICLE.format(5)}</body></html>",
    ],
)
def test_a_record_is_served_byte_for_byte_whatever_stands_around_it(tmp_path: Path, content: str) -> None:
    articles, _ = read_pubmed([written(tmp_path, "saved.txt", content)])
    assert articles["5"].xml == ARTICLE.format(5).encode()


def test_compressed_files_and_whole_folders_are_read(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    written(tmp_path / "deep", "a.xml.gz", gzip.compress(ARTICLE.format(5).encode()))
    written(tmp_path, "b.xml", BOOK)
    articles, reading = read_pubmed([tmp_path])
    assert set(articles) == {"5", "77"}
    assert sum(reading.served.values()) == 2


def test_another_declared_encoding_becomes_utf_8(tmp_path: Path) -> None:
    latin = f'<?xml version="1.0" encoding="iso-8859-1"?>{ARTICLE.format(5)}'.encode("iso-8859-1")
    articles, _ = read_pubmed([written(tmp_path, "latin.xml", latin)])
    assert "Ödema".encode() in articles["5"].xml


def test_the_first_of_several_records_with_one_number_is_served(tmp_path: Path) -> None:
    path = written(tmp_path, "twice.xml", ARTICLE.format(5) + ARTICLE.format("0005"))
    articles, reading = read_pubmed([path])
    assert len(articles) == 1
    assert list(reading.lines()) == [f"{path}: 1 records served, 1 repeated ones left out"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "neither PubMed XML"),
        (b"Dear colleague", "neither PubMed XML"),
        (b"<PubmedArticleSet><PubmedArticle>", "no whole PubMed record"),
        (b"<PubmedArticle></PubmedArticle>", "no PMID"),
        (b"<PubmedArticle><PMID>5</PMIT></PubmedArticle>", "cannot be read"),
        (ARTICLE.format(5).encode() + b"<PubmedArticle><PMID>6", "breaks off"),
        (b"\x1f\x8bnot gzip at all", "compression is damaged"),
        (b"PMID- 5\nTA  - J\n", "no PMID or no title"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, content: bytes, said: str) -> None:
    good = written(tmp_path, "good.xml", BOOK)
    path = written(tmp_path, "poor.xml", content)
    articles, reading = read_pubmed([path, good])
    assert "77" in articles
    (line,) = [line for line in reading.lines() if "left out" in line]
    assert line.startswith(str(path))
    assert said in line


def test_medline_text_is_kept_as_it_is_and_given_an_xml_form(tmp_path: Path) -> None:
    articles, _ = read_pubmed([written(tmp_path, "pubmed.nbib", MEDLINE)])
    article = articles["88"]
    assert article.medline == MEDLINE.strip()
    assert b"<ArticleTitle>A title that goes on over two lines.</ArticleTitle>" in article.xml
    assert b'IdType="doi">10.5555/m88<' in article.xml
    assert b'RefType="RetractionIn"><RefSource>J Invent Med. 2015;4:1</RefSource><PMID Version="1">89</PMID>' in article.xml
    assert b"<Year>2014</Year><Month>Sep</Month><Day>11</Day>" in article.xml


@pytest.mark.parametrize(
    "value",
    [
        {"status": "ok", "message": {"items": [WORK], "total-results": 1}},
        {"status": "ok", "message-type": "work", "message": WORK},
        {"items": [WORK]},
        [WORK],
        WORK,
        {"request_uri": "https://api.crossref.org/works", "body": json.dumps({"message": {"items": [WORK]}})},
    ],
)
def test_crossref_works_are_found_wherever_an_answer_has_them(tmp_path: Path, value: object) -> None:
    works, _ = read_crossref([written(tmp_path, "answer", json.dumps(value))])
    assert works == {"10.5555/a": WORK}


@pytest.mark.parametrize("indent", [None, 2])
def test_works_one_after_the_other_are_all_read(tmp_path: Path, indent: int | None) -> None:
    lines = "\n".join(json.dumps({**WORK, "DOI": f"10.5555/{n}"}, indent=indent) for n in range(3))
    works, _ = read_crossref([written(tmp_path, "lines.json.gz", gzip.compress(lines.encode()))])
    assert len(works) == 3


def test_a_bad_line_between_good_ones_is_named_and_passed_over(tmp_path: Path) -> None:
    lines = f"{json.dumps(WORK)}\n{{broken\n{json.dumps({**WORK, 'DOI': '10.5555/b'})}\n"
    works, reading = read_crossref([written(tmp_path, "lines.jsonl", lines)])
    assert set(works) == {"10.5555/a", "10.5555/b"}
    assert "it is not JSON" in reading.left_out[0]


def test_of_several_forms_of_a_work_the_fullest_is_served(tmp_path: Path) -> None:
    fuller = {**WORK, "volume": "3"}
    works, _ = read_crossref([written(tmp_path, "two.json", json.dumps([WORK, fuller, WORK]))])
    assert works["10.5555/a"] == fuller


@pytest.mark.parametrize("content", ["{}", "[1, 2]", "{broken", "no JSON", '{"message": {"DOI": "10.13039/1", "name": "A funder"}}'])
def test_a_file_without_works_is_named(tmp_path: Path, content: str) -> None:
    works, reading = read_crossref([written(tmp_path, "other.json", content)])
    assert works == {}
    assert len(reading.left_out) == 1
