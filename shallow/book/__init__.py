"""The book's own Sphinx extension: ``README.md`` beside this file says what a chapter can write."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PARTS = (
    "alternatives",
    "buttons",
    "checks",
    "citations",
    "derivation",
    "downloads",
    "failures",
    "formulas",
    "found",
    "launch",
    "light",
    "links",
    "machine",
    "marks",
    "minus",
    "moved",
    "paper",
    "predict",
    "search",
    "slim",
    "stills",
    "theme",
    "timeline",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the roles, directives and hooks; called by Sphinx."""
    for part in PARTS:  # imported only here: `notebooks` alone should not cost Sphinx's start
        import_module(f"{__name__}.{part}").setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True}
