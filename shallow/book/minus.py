"""A minus sign, not a hyphen, for the negative numbers that code puts on a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_HYPHEN = re.compile(r"^-(?=\d)")


def minus(number: str) -> str:
    """Return a printed number with a minus sign for its hyphen, if it has one."""
    return _HYPHEN.sub("−", number)


class MinusSigns(SphinxPostTransform):
    """Replaces the hyphen before a glued number."""

    default_priority = 10  # after MyST-NB has put the values in, at 5

    def run(self, **_: object) -> None:
        """Look at every value that `glue` stored and a role showed."""
        for glued in self.document.findall(nodes.inline):
            if "pasted-text" in glued["classes"]:
                glued[0] = nodes.Text(minus(glued.astext()))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(MinusSigns)
