"""What the tests share: the built site, a loopback server, Chromium that reaches nothing else."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Generator, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from shallow.book.browser import QUIET, chromium_path
from tests.checks import pytest_sessionfinish  # noqa: F401  (a hook of pytest)
from tests.exercises.table import pytest_terminal_summary  # noqa: F401  (a hook of pytest)

ROOT = Path(__file__).parents[1]
DESK = {"width": 1280, "height": 900}
NO_BUBBLEWRAP = "bubblewrap is not installed"
CHROMIUM_FLAGS = (
    *QUIET,
    "--disable-smooth-scrolling",  # a test need not watch a page glide
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing else is reached
)
# Whether all sections are laid out, all widgets mounted and none folded by a question, as for a
# reader who was everywhere.
MOUNTED = """
() => {
  for (const section of document.querySelectorAll("main section")) {
    section.style.contentVisibility = "visible";
  }
  dispatchEvent(new WheelEvent("wheel"));
  for (const widget of document.querySelectorAll(".static-widget")) {
    widget.dispatchEvent(new Event("linked", { bubbles: true }));
  }
  return document.documentElement.dataset.widgets === "ready";
}
"""


expect.set_options(timeout=30_000)  # milliseconds, on a busy machine


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without a line for each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server:
    """Directories served on a free loopback port.

    Attributes
    ----------
    url : str
        Address of the served directory, without a trailing slash.
    """

    def __init__(self, directory: Path, handler: type[QuietHandler] = QuietHandler) -> None:
        served = functools.partial(handler, directory=str(directory))
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), served)
        self.url = f"http://127.0.0.1:{self._httpd.server_port}"
        threading.Thread(target=self._httpd.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._httpd.shutdown()
        self._httpd.server_close()


@pytest.fixture(scope="session")
def site() -> Path:
    """Directory of the built site."""
    path = Path(os.environ.get("SHALLOW_SITE", ROOT / "_build" / "html"))
    if not (path / "index.html").exists():
        pytest.fail(f"there is no built site at {path}: run `make book` first")
    return path


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """Address of the built site, served on loopback."""
    server = Server(site)
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def repo_url() -> Iterator[str]:
    """Address of the repository's files, served on loopback (for the ES modules of the widgets)."""
    server = Server(ROOT)
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole session."""
    with sync_playwright() as playwright:
        path = chromium_path() or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("no Chromium: run `make system`, or set CHROMIUM to the path of one")
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leave out what fails because bubblewrap is missing; `make test` says so, and fails."""
    report = yield
    if report.failed and not shutil.which("bwrap") and NO_BUBBLEWRAP in report.longreprtext:
        report.outcome = "skipped"
        report.longrepr = (report.fspath, 0, f"Skipped: {NO_BUBBLEWRAP}: run `make system`")
    return report


class WatchedContext:
    """A browser context that remembers what went wrong.

    Attributes
    ----------
    problems : list of str
        Requests to other machines, failed requests, console errors and uncaught exceptions.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.problems: list[str] = []
        context.on("request", self._look)

    def _look(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"file", "data", "blob"} and url.hostname != "127.0.0.1":
            self.problems.append(f"request to elsewhere: {request.url}")

    def new_page(self) -> Page:
        """Open a page whose errors are collected in `problems`."""
        page = self.context.new_page()
        page.on(
            "console",
            lambda m: self.problems.append(f"console: {m.text}") if m.type == "error" else None,
        )
        page.on("pageerror", lambda e: self.problems.append(f"page error: {e}"))
        page.on("requestfailed", self._look_at_failed)
        return page

    def _look_at_failed(self, request: Request) -> None:
        # A page that is left gives up what it still waits for: no fault of the page's.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed request: {request.url} ({request.failure})")


@pytest.fixture
def watched(browser: Browser) -> Iterator[WatchedContext]:
    """A fresh, watched browser context (empty storage) of a reader who asks for less motion."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    yield WatchedContext(context)
    context.close()


@pytest.fixture
def page(watched: WatchedContext) -> Page:
    """A fresh page in a watched context."""
    return watched.new_page()
