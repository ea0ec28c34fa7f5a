"""The ``{derivation}`` directive: a long derivation that unfolds one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LOGGER = logging.getLogger(__name__)
NAME = "derivation"


class Derivation(SphinxDirective):
    """A numbered list; ``derivation.js`` shows its items one after another."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list, or nothing after a warning that names file and line."""
        box = nodes.container(classes=[NAME])
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        match box.children:
            case [nodes.enumerated_list(children=[_, _, *_])]:
                return [box]
        LOGGER.warning(
            "derivation: write one numbered list of two or more steps, and nothing else",
            location=(self.env.docname, self.lineno),
            type="shallow",
            subtype=NAME,
        )
        return []


def add_assets(
    app: Sphinx,
    _page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load script and style on the pages that have steps."""
    if doctree and any(NAME in box["classes"] for box in doctree.findall(nodes.container)):
        app.add_css_file("derivation.css")
        app.add_js_file("derivation.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive and its hook."""
    app.add_directive(NAME, Derivation)
    app.connect("html-page-context", add_assets)
