"""The book on paper: what shows there, and the PDF, offered where `make pdf` has made it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from shallow.book.executed import views_of_widgets

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "shallow.pdf"
FILE = f"_build/{NAME}"
CODE_ON_PAPER = "code-on-paper"


class Paper(SphinxDirective):
    """A sentence that links to the PDF with its size; nothing where there is none."""

    def run(self) -> list[nodes.Node]:
        """Return the sentence or nothing; the page is read again when the PDF changes."""
        path = Path(self.env.srcdir, FILE)
        self.env.note_dependency(str(path))
        if not path.exists():
            return []
        size = path.stat().st_size / 1e6
        text = (
            f'<p class="book-pdf">For paper, or to keep: <a href="{NAME}" download>'
            f"the whole book as a PDF</a> ({size:.0f} MB).</p>"
        )
        return [nodes.raw("", text, format="html")]


def mark_code(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Mark the cells whose folded code is read on paper: nothing else says what they did."""
    for cell in doctree.findall(nodes.container):
        if "cell" in cell["classes"] and any("hide" in name for name in cell["classes"]):
            shown = any(cell.findall(nodes.image)) or any(views_of_widgets(cell))
            if not shown:
                cell["classes"].append(CODE_ON_PAPER)


def publish(app: Sphinx, error: Exception | None) -> None:
    """Put the PDF beside the landing page."""
    path = Path(app.srcdir, FILE)
    if error is None and path.exists() and app.builder.format == "html":
        shutil.copy2(path, app.outdir)


def setup(app: Sphinx) -> None:
    """Register the directive and its hook."""
    app.add_directive("paper", Paper)
    app.add_js_file("paper.js", loading_method="defer")
    app.connect("doctree-resolved", mark_code)
    app.connect("build-finished", publish)
