"""What the theme and its companions do that the book's rules forbid, undone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

LOGGER = logging.getLogger(__name__)
SCRIPT = "scripts/pydata-sphinx-theme.js"
_TAB_STOPS = re.compile(
    r'function (?P<name>\w+)\(\)\{const e=\(\)=>\{document\.querySelectorAll\(\["pre",.*?,e\(\)\}'
)


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


def quieten_script(app: Sphinx, error: Exception | None) -> None:
    """Leave out what ``tab-stops.js`` does without measuring the whole page after each change."""
    path = Path(app.outdir) / "_static" / SCRIPT
    if error is not None or not path.exists():
        return
    script, count = _TAB_STOPS.subn(r"function \g<name>(){}", path.read_text(encoding="utf-8"))
    if count != 1:
        LOGGER.warning("%s sets its tab stops in another way: see tab-stops.js", SCRIPT)
    path.write_text(script, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the hooks and the style."""
    app.add_css_file("theme.css")
    app.add_js_file("tab-stops.js", loading_method="defer")
    app.connect("config-inited", set_defaults)
    app.connect("doctree-resolved", remove_kernel_setup, priority=900)
    app.connect("html-page-context", remove_thebe, priority=900)
    app.connect("build-finished", quieten_script)
