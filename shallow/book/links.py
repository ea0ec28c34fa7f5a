"""The ``{widget}`` role: a link in the prose that sets the state of a widget on the page."""

from __future__ import annotations

import importlib
import json
import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from traitlets import TraitError

from shallow.book.executed import widgets_shown
from shallow.widgets._settings import Choice, Text

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from shallow.widgets._settings import Setting

LOGGER = logging.getLogger(__name__)
WORDS = (Choice, Text)  # settings whose value a link writes as it is

_ROLE = re.compile(r"(?P<text>.+?)\s*<(?P<widget>\w+(?:-\d+)?)\?(?P<state>[^<>]+)>", re.DOTALL)


class LinkError(ValueError):
    """A link that no widget on the page can follow."""


class WidgetLink(nodes.inline):
    """A link to a `state`, a query, of a `widget`, a module of `shallow.widgets`."""


class WidgetRole(SphinxRole):
    """Read ``text <widget?setting=value&…>``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, or its bare text after a warning."""
        match = _ROLE.fullmatch(self.text)
        if not match:
            msg = "must read `text <widget?setting=value>`"
            _warn(self.text, msg, (self.env.docname, self.lineno))
            return [nodes.Text(self.text)], []
        link = WidgetLink("", match["text"], widget=match["widget"], state=match["state"])
        self.set_source_info(link)
        return [link], []


def check_links(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about each link that no widget on its page can follow."""
    links = list(doctree.findall(WidgetLink))
    if not links:
        return
    shown = widgets_shown(app, app.env.docname, doctree)
    for link in links:
        try:
            check_link(link["widget"], link["state"], shown)
        except LinkError as error:
            _warn(f"{link['widget']}?{link['state']}", str(error), link)


def check_link(widget: str, state: str, shown: list[str]) -> None:
    """Check that a link's widget is shown and takes the state.

    Parameters
    ----------
    widget : str
        Name of the widget's module in `shallow.widgets`; the second of a module is ``name-2``.
    state : str
        Settings and their values as a query.
    shown : list of str
        Full name of the class of each of the page's widgets.

    Raises
    ------
    LinkError
        If the page does not show the widget, or the widget refuses the state.
    """
    stem, _, number = widget.partition("-")
    module = f"shallow.widgets.{stem}"
    classes = [name.rpartition(".")[2] for name in shown if name.rpartition(".")[0] == module]
    if len(classes) < int(number or 1):
        raise LinkError(f"the page shows {len(classes)} widgets of {module}")
    kind = getattr(importlib.import_module(module), classes[0])
    try:
        pairs = parse_qsl(state, strict_parsing=True, keep_blank_values=True)
        settings = kind.settings()
        kind(**{key: _read_value(settings.get(key), value) for key, value in pairs})
    except (TypeError, TraitError, ValueError) as error:
        raise LinkError(str(error)) from error


def _read_value(setting: Setting | None, text: str) -> Any:
    """Read the value of a setting as the page does: a word as it is, anything else as JSON."""
    if isinstance(setting, WORDS):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _warn(link: str, message: str, location: Any) -> None:
    LOGGER.warning(
        "widget link %s: %s", link, message, location=location, type="shallow", subtype="widget"
    )


def visit_link(self: HTML5Translator, node: WidgetLink) -> None:
    """Open the link."""
    href = f"#{node['widget']}?{node['state']}"
    self.body.append(f'<a class="widget-link" href="{escape(href)}">')


def depart_link(self: HTML5Translator, _node: WidgetLink) -> None:
    """Close the link."""
    self.body.append("</a>")


def _ignore(_self: Any, _node: nodes.Element) -> None:
    """Show the text only."""


def setup(app: Sphinx) -> None:
    """Register the role, its node and its check."""
    plain = (_ignore, _ignore)
    app.add_node(WidgetLink, html=(visit_link, depart_link), latex=plain, text=plain)
    app.add_role("widget", WidgetRole())
    app.connect("doctree-read", check_links)
