"""The ``{timeline}`` directive: the history that a page tells in a table, as years to press."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from shallow.history import EVENTS, WINTERS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "timeline"
ROW = re.compile(r"^\| ([^|]*?(\d{4})[^|]*?) \| (.+) \|$", re.MULTILINE)
ORDINALS = ("first", "second")


def names() -> dict[int, str]:
    """Return what happened in each year, in its order; a winter is named by its first year."""
    winters = {
        begin: f"the {ordinal} winter"
        for ordinal, (begin, _) in zip(ORDINALS, WINTERS, strict=True)
    }
    return dict(sorted((EVENTS | winters).items()))


class Timeline(SphinxDirective):
    """A list of years, as far apart as they were; each unfolds the row of the table that tells it.

    Its argument is the page with the table, whose rows begin with the years of `shallow.history`.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list; an error if a year has no row or a row no name."""
        source = Path(self.env.doc2path(self.arguments[0]))
        self.env.note_dependency(str(source))
        rows = ROW.findall(source.read_text(encoding="utf-8"))
        told = {int(year): (when, text) for when, year, text in rows}
        if list(told) != list(names()):
            apart = sorted(set(told) ^ set(names())) or list(told)
            raise self.error(
                f"timeline: the table of {self.arguments[0]} and shallow/history.py must have "
                f"the same years in the same order; look at {', '.join(map(str, apart))}"
            )
        box = nodes.container(classes=[NAME])
        box += nodes.raw("", "<ol>", format="html")
        before = min(told)
        for year, name in names().items():
            when, text = told[year]
            cold = any(begin <= year <= end for begin, end in WINTERS)
            box += nodes.raw(
                "",
                f'<li{" class=winter" * cold} style="--years: {year - before}"><details>'
                f"<summary><b>{when}</b> {name}</summary>",
                format="html",
            )
            self.state.nested_parse(StringList([f"*{when}.* {text}"]), self.content_offset, box)
            box += nodes.raw("", "</details></li>", format="html")
            before = year
        box += nodes.raw("", "</ol>", format="html")
        return [box]


def add_style(
    app: Sphinx,
    _page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the style on the pages that have a line of time."""
    if doctree and any(NAME in box["classes"] for box in doctree.findall(nodes.container)):
        app.add_css_file("timeline.css")


def setup(app: Sphinx) -> None:
    """Register the directive and its hook."""
    app.add_directive(NAME, Timeline)
    app.connect("html-page-context", add_style)
