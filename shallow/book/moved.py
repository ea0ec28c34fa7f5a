"""Addresses of former editions: a link to a part that has moved arrives where it is now.

`moved.csv` beside the chapters has a row for each: the page and anchor that once were, and the
page and anchor of today. An anchor that ends in ``?`` is a widget's, whose state comes along.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

LOGGER = logging.getLogger(__name__)
TABLE = "chapters/moved.csv"


@dataclass(frozen=True)
class Move:
    """From one place to another.

    Attributes
    ----------
    page, anchor : str
        The former place; the anchor of a widget ends in ``?``.
    now, at : str
        The page of today, and its anchor.
    """

    page: str
    anchor: str
    now: str
    at: str

    @property
    def widget(self) -> bool:
        """Tell whether a state follows the anchor."""
        return self.anchor.endswith("?")


def moves(folder: Path) -> list[Move]:
    """Return the rows of a book's table; none if it has no table."""
    path = folder / TABLE
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Move(**row) for row in csv.DictReader(file)]


def note_table(app: Sphinx, page: str, _source: list[str]) -> None:
    """Write a page again when its moves change."""
    if any(move.page == page for move in moves(Path(app.srcdir))):
        app.env.note_dependency(str(Path(app.srcdir) / TABLE))


def add_pointers(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """End a page with a pointer for each anchor that it had; only the one asked for shows."""
    mine = [move for move in moves(Path(app.srcdir)) if move.page == page]
    if not mine or "body" not in context:
        return
    for move in mine:
        address = f"{app.builder.get_relative_uri(page, move.now)}#{move.at}"
        title = app.env.titles[move.now].astext()
        place = f'data-from="{move.anchor[:-1]}"' if move.widget else f'id="{escape(move.anchor)}"'
        kind = ' class="widget-link"' if move.widget else ""
        context["body"] += (
            f'<p class="moved" {place}>This part is now in <a{kind} href="{escape(address)}">'
            f"<em>{escape(title)}</em></a>.</p>\n"
        )
    app.add_css_file("moved.css")
    app.add_js_file("moved.js", loading_method="defer")


def check_moves(app: Sphinx, exception: Exception | None) -> None:
    """Warn about a row that leads nowhere, or from where something still is."""
    if exception or app.builder.format != "html":
        return
    rows = [move for move in moves(Path(app.srcdir)) if not move.widget]
    html = {page: _html(app, page) for move in rows for page in {move.now, move.page}}
    for move in rows:
        if f'id="{move.at}"' not in html[move.now]:
            _warn(f"{move.now} has no {move.at!r}")
        if html[move.page].count(f'id="{move.anchor}"') > 1:
            _warn(f"{move.page} still has {move.anchor!r}")


def _html(app: Sphinx, page: str) -> str:
    path = Path(app.outdir) / f"{page}.html"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _warn(message: str) -> None:
    LOGGER.warning("%s: %s", TABLE, message, type="shallow", subtype="moved")


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.connect("source-read", note_table)
    app.connect("html-page-context", add_pointers)
    app.connect("build-finished", check_moves)
