"""What a reader can download: each page's executed notebook, and the package that it imports."""

from __future__ import annotations

import base64
import mimetypes
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from hatchling.builders.wheel import WheelBuilder
from nbformat.v4 import new_markdown_cell, new_notebook

from shallow.book.executed import executed_notebook
from shallow.book.notebooks import name_cells
from shallow.book.plain import Markdown
from shallow.book.rounding import formats, round_outputs

if TYPE_CHECKING:
    from docutils import nodes
    from nbformat import NotebookNode
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
WHEEL = f"shallow-{version('shallow')}-py3-none-any.whl"
KEPT_METADATA = ("kernelspec", "language_info", "widgets")


def publish_notebook(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the page's notebook beside its source, where the theme's download button finds it."""
    executed = executed_notebook(app, pagename) if doctree else None
    if executed is None or doctree is None:
        return
    page = Path(app.env.doc2path(pagename))
    round_outputs(executed, formats(page.read_text(encoding="utf-8")))
    name = f"{pagename}.ipynb"
    path = Path(app.outdir) / "_sources" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = Markdown(Path(app.srcdir), _numbers(app, pagename))
    nbformat.write(plain_notebook(executed, doctree, writer), path)
    context["ipynb_source"] = name


def plain_notebook(
    executed: NotebookNode, doctree: nodes.document, writer: Markdown
) -> NotebookNode:
    """Return a notebook of the page's text in plain Markdown and its code with the outputs.

    Parameters
    ----------
    executed : NotebookNode
        The page's notebook as it was executed.
    doctree : nodes.document
        The page with everything resolved.
    writer : Markdown
        Writes the page's text.

    Returns
    -------
    NotebookNode
        All code cells of `executed`, in order, those that the page does not show folded.
    """
    cells = [new_markdown_cell(_how_to_run())]
    done = 0  # cells of `executed` that are in `cells`
    for piece in writer.pieces(doctree):
        if isinstance(piece, int):
            cells += _code_cells(executed.cells[done : piece + 1])
            done = piece + 1
        else:
            if cells[-1].cell_type == "code" or piece.startswith("#"):
                cells.append(new_markdown_cell(""))
            cells[-1].source = f"{cells[-1].source}\n\n{piece}".strip()
            _attach(cells[-1], writer.take_attachments())
    cells += _code_cells(executed.cells[done:])
    metadata = {key: executed.metadata[key] for key in KEPT_METADATA if key in executed.metadata}
    notebook = new_notebook(cells=cells, metadata=metadata)
    name_cells(notebook)
    return notebook


def _numbers(app: Sphinx, pagename: str) -> dict[str, str]:
    """Return what the page's figures, tables and formulas are called, by their ids."""
    formats = {"displaymath": "%s", **app.config.numfig_format}
    return {
        name: formats[kind] % ".".join(map(str, number))
        for kind, numbers in app.env.toc_fignumbers.get(pagename, {}).items()
        for name, number in numbers.items()
        if kind in formats
    }


def _how_to_run() -> str:
    return (
        f"*To run this notebook: download `{WHEEL}` (Package in the download menu of the book's "
        f"pages) beside it, then `pip install jupyterlab '{WHEEL}[book]'` and `jupyter lab`.*"
    )


def _code_cells(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the code cells, folded where the page hides them.

    Glued values stay among the outputs: Jupyter shows nothing of them, a strict test compares them.
    """
    code = [cell for cell in cells if cell.cell_type == "code"]
    for cell in code:
        tags = {tag.replace("_", "-") for tag in cell.metadata.get("tags", [])}
        folded = {
            "source_hidden": bool(
                tags & {"hide-input", "hide-cell", "remove-input", "remove-cell"}
            ),
            "outputs_hidden": bool(
                tags & {"hide-output", "hide-cell", "remove-output", "remove-cell"}
            ),
        }
        if any(folded.values()):
            cell.metadata["jupyter"] = {key: True for key, is_on in folded.items() if is_on}
        cell.metadata.pop("execution", None)
    return code


def _attach(cell: NotebookNode, images: dict[str, Path]) -> None:
    for name, path in images.items():
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        cell.setdefault("attachments", {})[name] = {
            kind: base64.b64encode(path.read_bytes()).decode()
        }


def build_package(app: Sphinx, error: Exception | None) -> None:
    """Build the package's wheel into the site."""
    if error is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        list(WheelBuilder(str(ROOT)).build(directory=str(static), versions=["standard"]))


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.connect("html-page-context", publish_notebook)
    app.connect("build-finished", build_package)
