"""The executed notebooks behind the pages, as myst-nb leaves them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from docutils import nodes
from jupyter_cache import get_cache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
_VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">(?P<view>.*)</script>'
)


def executed_notebook(app: Sphinx, docname: str) -> nbformat.NotebookNode | None:
    """Return a page's notebook with its outputs, or None if the page is no notebook."""
    config: Any = app.env.mystnb_config  # type: ignore[attr-defined]  # set by myst-nb
    path = Path(config.output_folder) / f"{docname}.ipynb"
    if "kernelspec" not in app.env.metadata[docname] or not path.exists():
        return None
    notebook = nbformat.read(path, as_version=4)
    # myst-nb writes the outputs only when it has just executed the notebook: else they are cached
    with suppress(KeyError):  # a notebook that failed is not cached
        _, notebook = get_cache(config.execution_cache_path).merge_match_into_notebook(notebook)
    return notebook


def views_of_widgets(doctree: nodes.Element) -> Iterator[tuple[nodes.raw, str]]:
    """Yield each place of a page where a widget is shown, and the name of its model."""
    for node in doctree.findall(nodes.raw):
        if match := _VIEW.fullmatch(node.astext()):
            yield node, json.loads(match["view"])["model_id"]


def is_view(node: nodes.raw) -> bool:
    """Tell whether a node is the place of a widget."""
    return _VIEW.fullmatch(node.astext()) is not None


def widgets_shown(app: Sphinx, docname: str, doctree: nodes.document) -> list[str]:
    """Return the full name of the class of each widget that a page shows, in its order."""
    notebook = executed_notebook(app, docname)
    if notebook is None:
        return []
    models: dict[str, Any] = (
        notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    )
    names = dict.fromkeys(name for _, name in views_of_widgets(doctree))
    states = [models[name]["state"] for name in names]
    return [state["_anywidget_id"] for state in states if "_anywidget_id" in state]
