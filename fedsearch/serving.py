"""Running the service and the sandbox under uvicorn: sockets of our own, quiet logs, one process or several."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from fedsearch.errors import SettingsError

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that hands TCP_NODELAY on to its connections; uvicorn's own with several workers does not, which costs
    44 ms an answer (uvicorn issue 3149). Raises SettingsError where the address is taken or not ours."""
    listening: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(1024)
        listening.set_inheritable(True)
    except OSError as exc:
        if listening is not None:
            listening.close()
        raise SettingsError(
            f"{host}:{port} cannot be listened on: {exc.strerror or exc}.", "Choose another with --port (0 takes a free one)."
        ) from exc
    return listening


def port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port


def quiet_logs(level: int = logging.INFO) -> None:
    """Our own lines only. httpx logs whole addresses, uvicorn every request: both would put questions and keys into the log."""
    logging.basicConfig(level=level, format=LOG_FORMAT, force=True)
    for name in ("httpx", "httpcore", "uvicorn.access", "sse_starlette"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _config(app: ASGIApp | str, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
    )


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until a signal ends it. uvicorn raises the signal again when it has stopped; SIGTERM then unwinds like any other exit,
    so that what was opened around it is closed."""
    signal.signal(signal.SIGTERM, _leave)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(_config(app)).run(sockets=[listening])


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def serve_workers(factory: str, listening: socket.socket, workers: int) -> None:
    """Serve with several processes that share one socket; `factory` is "package.module:function"."""
    config = _config(factory, workers)
    Multiprocess(config, sockets=[listening]).run()


def end_with_parent() -> None:
    """Let this worker stop when the process that started it is gone, however it went: orphans would keep the port."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


@contextmanager
def in_background(app: ASGIApp, listening: socket.socket) -> Iterator[str]:
    """Serve in a thread for as long as the context lasts; gives the server's address."""
    server = uvicorn.Server(_config(app))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://{listening.getsockname()[0]}:{port_of(listening)}"
    finally:
        server.should_exit = True
        thread.join(timeout=15)
