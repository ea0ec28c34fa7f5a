"""What stands in a widget's place where JavaScript is off."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from docutils import nodes

from shallow.book.executed import WIDGET_STATE, executed_notebook, views_of_widgets

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def add_fallbacks(app: Sphinx, doctree: nodes.document) -> None:
    """Follow each widget's place by what the widget is, for readers without JavaScript."""
    places = list(views_of_widgets(doctree))
    notebook = executed_notebook(app, app.env.docname) if places else None
    if notebook is None:
        return
    models = notebook.metadata["widgets"][WIDGET_STATE]["state"]
    for node, model in places:
        text = f"<noscript><p>{escape(describe(models[model]['state']))}</p></noscript>"
        node.parent.insert(node.parent.index(node) + 1, nodes.raw("", text, format="html"))


def describe(state: dict[str, Any]) -> str:
    """Return a sentence on the widget with this state: the first line of its docstring."""
    module, _, name = state.get("_anywidget_id", "").rpartition(".")
    if not module:
        return "Here a running notebook shows a control."
    summary = (getattr(import_module(module), name).__doc__ or name).partition("\n")[0]
    return f"Here JavaScript shows an interactive widget. {summary}"


def setup(app: Sphinx) -> None:
    """Register the hook."""
    app.connect("doctree-read", add_fallbacks)
