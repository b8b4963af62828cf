"""Running the service: sockets of our own, several processes, and logs that hold no questions."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from fedsearch.errors import SettingsError
from fedsearch.serving import in_background, listening_socket, port_of, quiet_logs
from tests.library import environment, logging_as_it_was


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    with logging_as_it_was():
        yield


async def _hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


HELLO = Starlette(routes=[Route("/", _hello)])


def test_the_socket_hands_nodelay_on_to_its_connections() -> None:
    with listening_socket("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()) as client:
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert client.getpeername()[1] == port_of(listening)


def test_port_0_takes_a_free_one() -> None:
    with listening_socket("127.0.0.1", 0) as one, listening_socket("127.0.0.1", 0) as other:
        assert port_of(one) != port_of(other) != 0


def test_an_address_that_is_taken_says_so_and_how_to_choose_another() -> None:
    with listening_socket("127.0.0.1", 0) as taken, pytest.raises(SettingsError, match=r"127\.0\.0\.1:\d+ cannot be listened on") as raised:
        listening_socket("127.0.0.1", port_of(taken))
    assert "--port" in raised.value.hint


def test_a_server_in_the_background_answers_for_as_long_as_it_is_needed() -> None:
    with in_background(HELLO, listening_socket("127.0.0.1", 0)) as address:
        response = httpx.get(address)
        assert response.text == "hello"
        assert "server" not in response.headers
    with pytest.raises(httpx.TransportError):
        httpx.get(address)


def test_whole_addresses_stay_out_of_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    quiet_logs(logging.INFO)
    with in_background(HELLO, listening_socket("127.0.0.1", 0)) as address:
        httpx.get(address, params={"q": "thunderstorms", "api_key": "secret"})
    logging.getLogger("fedsearch").info("a line of ours")
    said = capfd.readouterr().err
    assert "a line of ours" in said
    assert "thunderstorms" not in said
    assert "secret" not in said


def test_several_processes_share_one_socket_and_end_together(tmp_path: Path) -> None:
    variables = environment(tmp_path, tmp_path / "catalogue.sqlite", PATH=os.environ["PATH"], FEDSEARCH_SOURCES__CROSSREF__ENABLED="false")
    command = [sys.executable, "-c", "from fedsearch.cli import main; main()", "serve", "--port", "0", "--workers", "2"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            address = service.stdout.readline().split()[-1]
            with httpx.Client(base_url=address, timeout=30) as http:
                ready = http.get("/readyz").json()
                found = http.get("/api/v1/search", params={"q": "thunderstorms", "sources": "catalogue"}).json()
                kept = [httpx.get(f"{address}api/v1/searches/{found['search_id']}").status_code for _ in range(6)]
        finally:
            service.send_signal(signal.SIGTERM)
            _, err = service.communicate(timeout=20)
    assert ready == {"status": "ok", "parts": {"result_sets": True, "catalogue": True}}
    assert kept == [200] * 6
    assert "source=catalogue outcome=ok" in err
    assert "thunderstorms" not in err
    assert "Traceback" not in err
