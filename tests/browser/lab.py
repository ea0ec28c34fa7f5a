"""A JupyterLab of a test's own, on a free loopback port."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
START_LIMIT = 120  # seconds
PATIENCE = 60_000  # milliseconds: kernels start slowly on a busy machine


@contextlib.contextmanager
def jupyterlab(directory: Path, settings: Path) -> Iterator[str]:
    """Serve `directory`, with settings of its own; yield the address that takes a notebook's name.

    Raises
    ------
    Failed
        If the server does not start, with what it said.
    """
    token = secrets.token_hex(16)
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    log = settings / "lab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
                *(f"--ServerApp.root_dir={directory}", f"--IdentityProvider.token={token}"),
            ],
            env={**os.environ, **{n: str(settings / n) for n in own}, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        address = _wait_for_address(settings / "JUPYTER_RUNTIME_DIR", server, log)
        yield f"{address}lab/tree/{{}}?token={token}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for_address(runtime: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for the file in which Jupyter Server says its address."""
    deadline = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < deadline:
        for info in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError):  # still being written
                return json.loads(info.read_text(encoding="utf-8"))["url"]
        time.sleep(0.2)
    return pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def open_notebook(page: Page, address: str) -> None:
    """Open a notebook and wait for its kernel."""
    page.goto(address)
    kernel = page.get_by_text("Python 3 (ipykernel) | Idle")
    expect(kernel).to_be_visible(timeout=PATIENCE)


def run(page: Page, cell: Locator) -> Locator:
    """Run one cell, wait for its end, and return its first output."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt").first).to_have_text(
        re.compile(r"\[\d+\]:"), timeout=PATIENCE
    )
    return cell.locator(".jp-OutputArea-output").first
