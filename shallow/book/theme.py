"""What the theme and its companions do that the book's rules forbid, undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def set_defaults(_app: Sphinx, config: Config) -> None:
    """Follow the reader's system in light and dark; without a value the theme logs an error."""
    config.html_context.setdefault("default_mode", "auto")


def drop_files(context: dict[str, Any], pattern: str) -> None:
    """Let a page load no script or style whose name or text has the pattern, in either case."""
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context[kind]
            if not re.search(
                pattern, f"{file.filename} {file.attributes.get('body')}", re.IGNORECASE
            )
        ]


def remove_thebe(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Drop Thebe, which Jupyter Book loads even when it is off, and twice, which is an error."""
    drop_files(context, "thebe")


def remove_kernel_setup(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Drop the scripts that tell Thebe which kernel to start."""
    for node in list(doctree.findall(nodes.raw)):
        if "x-thebe-config" in node.astext() or "kernelName =" in node.astext():
            node.parent.remove(node)


def setup(app: Sphinx) -> None:
    """Register the hooks and the style."""
    app.add_css_file("theme.css")
    app.connect("config-inited", set_defaults)
    app.connect("doctree-resolved", remove_kernel_setup, priority=900)
    app.connect("html-page-context", remove_thebe, priority=900)
