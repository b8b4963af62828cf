"""The tools that every connector reads with: bodies, items one at a time, statuses, and failures as SourceErrors."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from fedsearch.connectors.base import as_source_error, check_status, read_json, read_xml, readable, retry_after
from fedsearch.errors import (
    SourceBroken,
    SourceDenied,
    SourceError,
    SourceRejected,
    SourceThrottled,
    SourceTimeout,
    SourceUnreachable,
    SourceUnreadable,
)
from fedsearch.model import Record
from tests.building import record


def test_a_raw_newline_inside_a_json_string_is_let_pass() -> None:
    assert read_json(b'{"ERROR": "line one\nline two"}', "PubMed") == {"ERROR": "line one\nline two"}


@pytest.mark.parametrize(
    "body", [b"", b"<html>secret</html>", b'{"a": ', b"\xff\xfe\x00x", b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}"]
)
def test_what_is_no_json_is_unreadable_and_not_repeated(body: bytes) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_json(body, "PubMed")
    assert "PubMed sent what is not JSON" in str(caught.value)
    assert "secret" not in caught.value.detail


@pytest.mark.parametrize("body", [b"", b"plain", b"<a><b></a>", b"<a/><b/>", b"<a>" * 2_000, b"\x00<a/>"])
def test_what_is_no_xml_is_unreadable(body: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="PubMed sent what is not XML"):
        read_xml(body, "PubMed")


def test_an_unreadable_body_is_described_and_not_quoted() -> None:
    for body, said in ((b" \n", "an empty body"), (b"<!doctype html><html>key=1</html>", "an HTML page"), (b"key=1", "a body of 5 bytes")):
        with pytest.raises(SourceUnreadable, match=said) as caught:
            read_json(body, "PubMed")
        assert "key=1" not in caught.value.detail


def test_a_file_that_a_document_names_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    root = read_xml(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode(), "PubMed")
    assert not list(root.itertext(tag="a"))


def test_entities_that_multiply_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    with pytest.raises(SourceUnreadable):
        read_xml(f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'.encode(), "PubMed")


def test_items_that_break_are_counted_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def read(item: str) -> Record | None:
        return {"good": record(number="1"), "untitled": None}[item]

    with caplog.at_level(logging.WARNING):
        records, unreadable, untitled = readable(["good", "broken", "untitled", "good"], read, "PubMed")
    assert (len(records), unreadable, untitled) == (2, 1, 1)
    assert "PubMed: a record could not be read (KeyError" in caplog.text


def test_a_programming_error_stays_loud() -> None:
    def read(item: int) -> Record | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        readable([1], read, "PubMed")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (429, SourceThrottled),
        (401, SourceDenied),
        (403, SourceDenied),
        (408, SourceBroken),
        (500, SourceBroken),
        (503, SourceBroken),
        (302, SourceRejected),
        (400, SourceRejected),
        (404, SourceRejected),
        (414, SourceRejected),
    ],
)
def test_each_status_means_what_somebody_should_do_next(code: int, error: type[SourceError]) -> None:
    with pytest.raises(error):
        check_status(httpx.Response(code), "PubMed")
    check_status(httpx.Response(200), "PubMed")


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert retry_after(httpx.Response(429, headers={"Retry-After": "7"})) == 7
    assert retry_after(httpx.Response(429, headers={"Retry-After": in_a_minute})) == pytest.approx(60, abs=3)
    assert retry_after(httpx.Response(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})) == 0
    for nothing in ("", "soon", "-5", "²", "Wed, 21 Oct 2015 07:28:00"):
        assert retry_after(httpx.Response(429, headers=[(b"Retry-After", nothing.encode("latin-1"))])) is None


def test_a_throttled_source_says_how_long_to_wait() -> None:
    with pytest.raises(SourceThrottled) as caught:
        check_status(httpx.Response(429, headers={"Retry-After": "30"}), "Crossref")
    assert caught.value.retry_after == 30


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (TimeoutError(), SourceTimeout),
        (httpx.ReadTimeout("x"), SourceTimeout),
        (httpx.ConnectTimeout("x"), SourceTimeout),
        (httpx.DecodingError("x"), SourceUnreadable),
        (httpx.ConnectError("no route to host 10.0.0.1"), SourceUnreachable),
        (httpx.RemoteProtocolError("x"), SourceUnreachable),
        (SourceDenied("x"), SourceDenied),
    ],
)
def test_every_failure_at_a_connectors_edge_becomes_the_error_it_means(fault: Exception, error: type[SourceError]) -> None:
    found = as_source_error(fault, "PubMed")
    assert type(found) is error
    assert "10.0.0.1" not in found.detail
