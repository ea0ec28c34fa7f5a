"""Glued values in alternative texts: a figure is described with the numbers that it shows.

``{glue:text}`name:format` `` in the alternative text of an image stands for the value that a cell
of the page, before or after it, glues under that name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.core.variables import format_plain_text
from myst_nb.ext.glue.crossref import read_glue_cache
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from shallow.book.minus import minus
from shallow.book.rounding import ROLE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_logger = logging.getLogger(__name__)


class GluedAlternatives(SphinxPostTransform):
    """Puts the values into the alternative texts."""

    default_priority = 10  # as for the minus signs of the sentences

    def run(self, **_: object) -> None:
        """Look at every image of the page."""
        folder = self.env.mystnb_config.output_folder  # type: ignore[attr-defined]  # set by myst-nb
        glued: dict[str, Any] = read_glue_cache(folder, self.env.docname)
        for image in self.document.findall(nodes.image):
            if "{glue" in image.get("alt", ""):
                image["alt"] = self._filled(image, glued)

    def _filled(self, image: nodes.image, glued: dict[str, Any]) -> str:
        def value(role: re.Match[str]) -> str:
            try:
                text = glued[role["name"]]["data"]["text/plain"]
                return minus(format_plain_text(text, role["spec"] or ""))
            except (KeyError, ValueError, TypeError):
                _logger.warning(
                    "the alternative text says %s, but no cell of the page glues a value of that "
                    "name, or its format does not fit the value",
                    role[0],
                    location=image,
                )
                return role[0]

        return ROLE.sub(value, str(image["alt"]))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(GluedAlternatives)
