"""The page in Chromium: the running service over the sandbox and the sample catalogue, and a reader who watches for faults."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, ViewportSize, sync_playwright

from fedsearch import settings
from fedsearch.api.app import create_app
from fedsearch.catalogue import SAMPLE, SqliteCatalogue, load_files
from fedsearch.connectors import polite
from fedsearch.sandbox import create_sandbox
from fedsearch.serving import in_background, listening_socket

CHROMIUM = shutil.which("chromium") or shutil.which("/usr/bin/chromium")
MISSING = "Chromium is not installed here (apt-get install chromium): the page was not tried in a browser"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a page that asks elsewhere gets no answer
]
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
PATIENCE_MS = 5_000


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium one test is left, which says so in one line for all of them."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if ours and not CHROMIUM and os.environ.get("FEDSEARCH_REQUIRE_ALL") != "1":
        ours[0].add_marker(pytest.mark.skip(reason=MISSING))
        config.hook.pytest_deselected(items=ours[1:])
        items[:] = [item for item in items if item not in ours[1:]]


@dataclass(eq=False)
class Reader:
    """Somebody at a page. What must never happen is noted, and fails the test in the end."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    asked_elsewhere: list[str] = field(default_factory=list)

    def goes(self, address: str) -> Page:
        self.page.goto(self.base + address)
        return self.page

    def searches(self, text: str) -> Page:
        """Type and press Enter, as people do."""
        self.page.locator("#q").fill(text)
        self.page.locator("#q").press("Enter")
        self.page.wait_for_url("**/search?**")
        return self.page

    def watch(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("dialog", self._stopped)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            self.asked_elsewhere.append(request.url)

    def _heard(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith("Failed to load resource") and message.location.get("url") == self.page.url
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"console: {message.text}")

    def _stopped(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


Meet: TypeAlias = Callable[..., Reader]
Windows: TypeAlias = Callable[..., BrowserContext]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here; closed with them, since its event loop gets in the way of those of other tests."""
    if not CHROMIUM:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def sandbox() -> Iterator[str]:
    with in_background(create_sandbox(), listening_socket("127.0.0.1", 0)) as address:
        yield address


@contextmanager
def served(folder: Path, sandbox: str, marc: Path, **networks: Any) -> Iterator[str]:
    """The service with a catalogue of its own, as the demo runs it; without second attempts, which take time."""
    own = settings.load(
        {
            "FEDSEARCH_DATA": str(folder),
            "FEDSEARCH_SOURCES__PUBMED__URL": f"{sandbox}/entrez/eutils/",
            "FEDSEARCH_SOURCES__CROSSREF__URL": f"{sandbox}/crossref/",
            "FEDSEARCH_SOURCES__CROSSREF__MAILTO": "tests@localhost",
            "FEDSEARCH_SOURCES__PUBMED__PER_SECOND": "50",
            "FEDSEARCH_SOURCES__CROSSREF__PER_SECOND": "50",
            "FEDSEARCH_BREAKER__FAILURES": "1000",
        }
    )
    with SqliteCatalogue(own.catalogue_file) as catalogue:
        assert not load_files(catalogue, [marc]).refused
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polite, "ATTEMPTS", 1)
        with in_background(create_app(own, networks, demo=True), listening_socket("127.0.0.1", 0)) as address:
            yield address


@pytest.fixture(scope="package")
def service(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("service"), sandbox, SAMPLE) as address:
        yield address


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Iterator[Windows]:
    """One browsing context for each kind of window: the files of the page are fetched once for all tests in it."""
    opened: dict[str, BrowserContext] = {}

    def window(**kind: Any) -> BrowserContext:
        name = repr(sorted(kind.items()))
        if name not in opened:
            opened[name] = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce", **kind})
            opened[name].set_default_timeout(PATIENCE_MS)
        return opened[name]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture
def meet(windows: Windows, service: str) -> Iterator[Meet]:
    """Readers with a page of their own each: `meet(viewport=PHONE, java_script_enabled=False)`."""
    readers: list[Reader] = []

    def new_reader(base: str = service, **window: Any) -> Reader:
        reader = Reader(windows(**window).new_page(), base)
        reader.watch()
        readers.append(reader)
        return reader

    yield new_reader
    for reader in readers:
        reader.page.close()
    assert [fault for reader in readers for fault in reader.faults] == []
    assert [address for reader in readers for address in reader.asked_elsewhere] == []


@pytest.fixture
def reader(meet: Meet) -> Reader:
    return meet()


@pytest.fixture
def take_down(sandbox: str) -> Iterator[Callable[[str], None]]:
    """Put sources of the sandbox out of order until the test is over."""

    def down(names: str) -> None:
        httpx.post(f"{sandbox}/sandbox/down", params={"source": names}).raise_for_status()

    yield down
    down("none")
