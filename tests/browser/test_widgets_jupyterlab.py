"""A widget live in JupyterLab: Python reads what the reader moves, and the other way round."""

from __future__ import annotations

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import PATIENCE, jupyterlab, open_notebook, run

CELLS = (
    "from shallow.widgets import ThresholdExplorer\n"
    "explorer = ThresholdExplorer(prevalence=0.2)\n"
    "explorer",
    "print('read', explorer.threshold, explorer)",
    "explorer.threshold = -1.5\nexplorer.shape = 'uniform'",
)


@pytest.fixture
def lab(tmp_path):
    """Address of a notebook in a JupyterLab of its own."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    course = tmp_path / "course"
    course.mkdir()
    nbformat.write(notebook, course / "live.ipynb")
    with jupyterlab(course, tmp_path) as address:
        yield address.format("live.ipynb")


def test_python_reads_and_sets_a_live_widget(lab, page):
    open_notebook(page, lab)
    cells = page.locator(".jp-CodeCell")
    expect(cells).to_have_count(len(CELLS))
    run(page, cells.nth(0))
    widget = page.get_by_role("region", name="Threshold explorer")
    expect(widget).to_be_visible(timeout=PATIENCE)
    handle = widget.locator("g[role=slider]")
    handle.press("End")
    expect(handle).to_have_attribute("aria-valuenow", "6")
    expect(widget.get_by_role("button", name="Copy link")).to_have_count(0)

    said = run(page, cells.nth(1))
    expect(said).to_have_text("read 6.0 ThresholdExplorer(threshold=6.0, prevalence=0.2)")

    run(page, cells.nth(2))
    expect(handle).to_have_attribute("aria-valuenow", "-1.5")
    widget.get_by_text("Shape and sample").click()
    expect(widget.get_by_role("combobox", name="Shape")).to_have_value("uniform")
