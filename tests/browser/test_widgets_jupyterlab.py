"""A widget live in JupyterLab: Python reads what the reader moves, and the other way round."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
CELLS = (
    "from shallow.widgets import ThresholdExplorer\n"
    "explorer = ThresholdExplorer(prevalence=0.2)\n"
    "explorer",
    "print('read', explorer.threshold, explorer)",
    "explorer.threshold = -1.5\nexplorer.shape = 'uniform'",
)
START_LIMIT = 120  # seconds


@pytest.fixture
def lab(tmp_path):
    """Address of a notebook in a JupyterLab of its own, on a free loopback port."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    course = tmp_path / "course"
    course.mkdir()
    nbformat.write(notebook, course / "live.ipynb")
    token = secrets.token_hex(16)
    directories = {
        name: str(tmp_path / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    }
    log = tmp_path / "lab.log"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--ServerApp.root_dir={course}"),
            f"--IdentityProvider.token={token}",
        ],
        env={**os.environ, **directories, "PYTHONPATH": str(ROOT)},
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    try:
        address = wait_for_address(tmp_path / "JUPYTER_RUNTIME_DIR", server, log)
        yield f"{address}lab/tree/live.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for_address(runtime, server, log):
    """Wait for the file in which Jupyter Server says its address."""
    deadline = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < deadline:
        for info in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError):  # still being written
                return json.loads(info.read_text(encoding="utf-8"))["url"]
        time.sleep(0.2)
    return pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def run(page, number):
    """Run one cell and wait for its end."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    prompt = cell.locator(".jp-InputPrompt").first
    expect(prompt).to_have_text(f"[{number + 1}]:", timeout=60_000)
    return cell.locator(".jp-OutputArea-output").first


@pytest.mark.slow
def test_python_reads_and_sets_a_live_widget(lab, page):
    page.goto(lab)
    expect(page.locator(".jp-CodeCell")).to_have_count(len(CELLS), timeout=60_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    run(page, 0)
    widget = page.get_by_role("region", name="Threshold explorer")
    expect(widget).to_be_visible(timeout=60_000)
    handle = widget.locator("g[role=slider]")
    handle.press("End")
    expect(handle).to_have_attribute("aria-valuenow", "6")
    expect(widget.get_by_role("button", name="Copy link")).to_have_count(0)

    said = run(page, 1)
    expect(said).to_have_text("read 6.0 ThresholdExplorer(threshold=6.0, prevalence=0.2)")

    run(page, 2)
    expect(handle).to_have_attribute("aria-valuenow", "-1.5")
    expect(widget.get_by_role("combobox", name="Shape")).to_have_value("uniform")
