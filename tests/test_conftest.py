"""The guard itself: no test leaves this machine."""

from __future__ import annotations

import socket

import pytest

from tests.conftest import OutsideNetwork


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 443, 0, 0), ("eutils.ncbi.nlm.nih.gov", 443)])
def test_connecting_to_another_machine_is_refused_before_anything_is_sent(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as own, pytest.raises(OutsideNetwork):
        own.connect(address)


def test_looking_up_a_name_outside_is_refused() -> None:
    with pytest.raises(OutsideNetwork):
        socket.getaddrinfo("api.crossref.org", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as client:
        assert client.getpeername() == server.getsockname()
