"""What keeps a page light: it carries, and loads at once, only what it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector

from shallow.book.executed import WIDGET_STATE, views_of_widgets
from shallow.book.theme import drop_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.config import Config

_REFERENCE = re.compile(r'"IPY_MODEL_(\w+)"')


def shown(models: dict[str, Any], views: Iterable[str]) -> dict[str, Any]:
    """Return the models that are viewed, and those that they refer to."""
    wanted = list(views)
    kept = set()
    while wanted:
        name = wanted.pop()
        if name in models and name not in kept:
            kept.add(name)
            wanted += _REFERENCE.findall(json.dumps(models[name]))
    return {name: model for name, model in models.items() if name in kept}


def lighten_state(app: Sphinx, doctree: nodes.document) -> None:
    """Carry the widgets that are shown, not those that the code only works with."""
    scripts = NbMetadataCollector.get_js_files(app.env, app.env.docname)
    for key, (uri, attributes) in scripts.items():
        if attributes.get("type") != WIDGET_STATE:
            continue
        state = json.loads(attributes["body"])
        state["state"] = shown(state["state"], (name for _, name in views_of_widgets(doctree)))
        scripts[key] = (uri, attributes | {"body": json.dumps(state).replace("</", r"<\/")})


def load_images_late(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Let the browser fetch a figure when the reader comes near it."""
    for image in doctree.findall(nodes.image):
        image["loading"] = "lazy"


def drop_unused_design(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the style of cards and grids only where there are some."""
    if 'class="sd-' not in context.get("body", ""):
        drop_files(context, "sphinx-design|design-tabs")


def add_templates(_app: Sphinx, config: Config) -> None:
    """Put the book's own templates before the theme's."""
    config.templates_path.append(str(Path(__file__).parent / "templates"))


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.connect("config-inited", add_templates)
    app.connect("doctree-read", lighten_state)
    app.connect("doctree-resolved", load_images_late)
    app.connect("html-page-context", drop_unused_design, priority=900)
