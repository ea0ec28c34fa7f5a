"""The browser that draws what only a browser can: pictures of widgets, and the book on paper."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# The first is Chromium without windows, which is a third faster.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
# A browser that asks nothing and fetches nothing of its own.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
FILES_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND"  # those of this machine
LIMIT = 300  # seconds


class BrowserError(RuntimeError):
    """There is no browser, or it has failed."""


def chromium_path() -> str | None:
    """Return the path of ``$CHROMIUM`` or of the first Chromium on ``PATH``, if there is one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def open_in_chromium(page: Path, *flags: str) -> str:
    """Open a file in Chromium and return what it prints.

    Raises
    ------
    BrowserError
        If there is no Chromium, or it does not end well.
    """
    program = chromium_path()
    if program is None:
        raise BrowserError("there is no Chromium: run `make system`, or set CHROMIUM to one")
    with tempfile.TemporaryDirectory() as profile:
        own = ("--headless", FILES_ONLY, f"--user-data-dir={profile}")
        command = [program, *QUIET, *own, *flags, page.resolve().as_uri()]
        try:
            done = subprocess.run(  # noqa: S603 (the browser of the machine)
                command, capture_output=True, text=True, timeout=LIMIT, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise BrowserError(f"{program} failed on {page}: {error}") from error
    return done.stdout
