"""The bibliography as a plain HTML list.

The text cites by author and year, so the keys of the list would only be noise;
and the roles that docutils gives to its entries are not valid ARIA together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


def visit(self: HTML5Translator, node: nodes.citation) -> None:
    """Open the entry, and the list before its first one."""
    node.pop(0)  # the key
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<ul class="simple bibliography">\n')
    self.body.append(self.starttag(node, "li"))


def depart(self: HTML5Translator, node: nodes.citation) -> None:
    """Close the entry, and the list after its last one."""
    self.body.append("</li>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        self.body.append("</ul>\n")


def setup(app: Sphinx) -> None:
    """Replace docutils' way of writing an entry, in HTML only."""
    app.add_node(nodes.citation, override=True, html=(visit, depart))
