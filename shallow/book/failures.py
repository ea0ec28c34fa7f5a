"""Cells that failed: told in a few lines each, and shown on their page, where the others go on.

Cells may fail without an end to the build (``allow_errors``), so that every page is made.
Each failure is a warning, which ends a strict build with an error once all pages are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from jupyter_cache import get_cache
from sphinx.util import logging

from shallow.book.executed import executed_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.application import Sphinx

LOGGER = logging.getLogger(__name__)
SHOWN = 3  # failures of a page that are told one by one: later ones mostly follow from them
ALLOWED = "raises-exception"  # the tag of a cell that is meant to fail


def failures(notebook: NotebookNode) -> dict[int, str]:
    """Return the cells that failed, by index: the first line of each, and what it raised."""
    found = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or ALLOWED in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                first_line = cell.source.strip().split("\n", 1)[0]
                raised = f"{output.ename}: {output.evalue}".rstrip(": \n").split("\n", 1)[0]
                found[index] = f"the cell `{first_line}` failed\n    {raised}"
    return found


def tell_failures(app: Sphinx, doctree: nodes.document) -> None:
    """Warn of each failure, say so at the cell, and keep the page out of the caches."""
    notebook = executed_notebook(app, app.env.docname)
    failed = failures(notebook) if notebook else {}
    if notebook is None or not failed:
        return
    told = list(failed.values())[:SHOWN]
    if more := len(failed) - len(told):
        told.append(f"and {more} more cells failed")
    for text in told:
        LOGGER.warning(text, location=app.env.docname, type="shallow", subtype="cell")
    app.env.metadata[app.env.docname]["failed_cells"] = told
    cells = [node for node in doctree.findall(nodes.container) if node.get("cell_index") in failed]
    for cell in cells:
        cell.parent.insert(cell.parent.index(cell), _notice("This cell"))
    if len(cells) < len(failed):
        title = next(iter(doctree.findall(nodes.title)))
        title.parent.insert(title.parent.index(title) + 1, _notice("A hidden cell"))
    _forget(app, notebook)


def list_failures(app: Sphinx, _error: Exception | None) -> None:
    """Tell all failures once more at the end, where somebody looks for them."""
    for page, metadata in app.env.metadata.items():
        for text in metadata.get("failed_cells", []):
            LOGGER.info("%s: %s", page, text, color="red")


def _notice(cell: str) -> nodes.warning:
    text = (
        f"{cell} failed when the page was built. "
        "What follows from it on this page may be missing or wrong; other pages are not affected."
    )
    return nodes.warning("", nodes.paragraph("", text))


def _forget(app: Sphinx, notebook: NotebookNode) -> None:
    """Run the page's cells again at the next build, instead of taking their failure as a result."""
    app.env.note_reread()
    cache = get_cache(app.env.mystnb_config.execution_cache_path)  # type: ignore[attr-defined]
    cache.remove_cache(cache.match_cache_notebook(notebook).pk)


def setup(app: Sphinx) -> None:
    """Register the hooks, the first before one that looks at what widgets a page shows."""
    app.connect("doctree-read", tell_failures, priority=400)
    app.connect("build-finished", list_failures, priority=900)
