"""What every test may use: the shipped policy, the recorded data where it is there; and no way out to the network."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from fedsearch.settings import MergePolicy
from tests.building import POLICY

# The same examples on every machine, however slow it is.
settings.register_profile("calm", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

SHARED = Path(os.environ.get("FEDSEARCH_SHARED") or Path(__file__).parents[2] / "shared")


class OutsideNetwork(AssertionError):
    """A test tried to leave this machine."""


def _stays_here(address: Any) -> bool:
    """Paths of local sockets, and addresses or names of this machine."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")


@pytest.fixture(scope="session", autouse=True)
def _no_outside_network() -> Iterator[None]:
    """Connecting to another machine, or asking for its address, fails the test at once."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not _stays_here(address):
            raise OutsideNetwork(f"a test connects to {address}")
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if not _stays_here(address):
            raise OutsideNetwork(f"a test connects to {address}")
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not (_stays_here((name,)) or name == "0.0.0.0"):
            raise OutsideNetwork(f"a test looks up {name}")
        return getaddrinfo(host, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def policy() -> MergePolicy:
    """The policy that ships with fedsearch."""
    return POLICY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The recorded data beside the repository; a test that needs it is skipped where it is not."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("the recorded data is not beside the repository (FEDSEARCH_SHARED)")
    return data
