"""A picture of each widget as it opens: for paper, and for a reader without JavaScript.

Chromium draws them, all in one go, when a state or the code of a widget has changed; they are kept
in ``_build/stills``. Without Chromium a sentence stands in the place of the widget.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

from shallow.book.browser import BrowserError, open_in_chromium
from shallow.book.executed import WIDGET_STATE, views_of_widgets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOGGER = logging.getLogger(__name__)
LOADER = Path(__file__).parents[2] / "assets" / "static-widgets.js"
SCRIPT = Path(__file__).with_suffix(".js")
FOLDER = "_static/stills"
WIDTH = 688  # pixels, as wide as the text of a page
_VIEW = "application/vnd.jupyter.widget-view+json"
_FOUND = re.compile(r'<script type="application/json" id="stills">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Still:
    """A widget as it opens.

    Attributes
    ----------
    title, sentence : str
        Its name, and what it says of its state.
    width, height : int
        In pixels.
    svg : str
        The picture.
    """

    title: str
    sentence: str
    width: int
    height: int
    svg: str


def draw(states: list[dict[str, Any]]) -> list[Still]:
    """Return the picture of an anywidget in each of these states.

    Raises
    ------
    BrowserError
        If there is no Chromium, or it draws another number of pictures.
    """
    models = {str(number): {"state": state} for number, state in enumerate(states)}
    places = "".join(
        f'<div class="room"><script type="{_VIEW}">{{"model_id": "{name}"}}</script></div>'
        for name in models
    )
    state = json.dumps({"state": models}).replace("</", r"<\/")
    page = (
        '<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8">'
        f"<body>{places}"
        f'<script type="{WIDGET_STATE}">{state}</script>'
        f"<script>{LOADER.read_text(encoding='utf-8')}</script>"
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"
        f'<link rel="stylesheet" href="data:text/css,.room{{width:{WIDTH}px}}"></body></html>'
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stills.html"
        path.write_text(page, encoding="utf-8")
        dom = open_in_chromium(
            path, "--dump-dom", "--virtual-time-budget=60000", "--window-size=1280,4000"
        )
    found = _FOUND.search(dom)
    stills = [Still(**still) for still in json.loads(found[1])] if found else []
    if len(stills) != len(states):
        raise BrowserError(f"of {len(states)} widgets Chromium drew {len(stills)}")
    return stills


class Album:
    """The pictures of the widgets of a book, kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tools = LOADER.read_bytes() + SCRIPT.read_bytes()

    def key(self, state: dict[str, Any]) -> str:
        """Return what a picture is called: another name for another state, code or drawer."""
        text = json.dumps(state, sort_keys=True).encode()
        return hashlib.sha256(self._tools + text).hexdigest()[:16]

    def fill(self, states: list[dict[str, Any]]) -> None:
        """Draw the pictures that are not there yet."""
        missing = {self.key(state): state for state in states}
        missing = {key: state for key, state in missing.items() if not self._path(key).exists()}
        if not missing:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for key, still in zip(missing, draw(list(missing.values())), strict=True):
            self._path(key).write_text(json.dumps(asdict(still)), encoding="utf-8")

    def __getitem__(self, key: str) -> Still:
        """Return the picture of that name."""
        return Still(**json.loads(self._path(key).read_text(encoding="utf-8")))

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a picture of that name."""
        return self._path(key).exists()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"


@cache
def _album(folder: Path) -> Album:
    return Album(folder)


def _models(env: BuildEnvironment, docname: str) -> dict[str, Any]:
    """Return the models of the widgets that a page shows, by their names."""
    models: dict[str, Any] = {}
    for _, attributes in NbMetadataCollector.get_js_files(env, docname).values():
        if attributes.get("type") == WIDGET_STATE:
            models |= json.loads(attributes["body"])["state"]
    return models


def _drawable(state: dict[str, Any]) -> bool:
    return "_anywidget_id" in state and "_esm" in state


def _shown(env: BuildEnvironment) -> Iterator[dict[str, Any]]:
    for docname in sorted(env.found_docs):
        yield from (
            state for model in _models(env, docname).values() if _drawable(state := model["state"])
        )


def fill_album(app: Sphinx, env: BuildEnvironment) -> None:
    """Draw what is missing, once all pages are read."""
    if app.builder.format != "html":
        return
    try:
        _album(_folder(app)).fill(list(_shown(env)))
    except BrowserError as error:
        LOGGER.info("widgets have no pictures for paper: %s", error)


def _folder(app: Sphinx) -> Path:
    return Path(app.outdir).parent / "stills"


def add_stills(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Follow each widget's place by its picture and what it says, or by what it is."""
    places = list(views_of_widgets(doctree))
    if not places or app.builder.format != "html":
        return
    models = _models(app.env, docname)
    album = _album(_folder(app))
    for node, name in places:
        state = models[name]["state"]
        key = album.key(state)
        if _drawable(state) and key in album:
            html = _figure(album[key], key, app, docname)
        else:
            html = f'<p class="static-widget-still">{escape(describe(state))}</p>'
        position = node.parent.index(node) + 1
        following = node.parent[position] if position < len(node.parent) else None
        if following is not None and "static-widget-place" in following.astext():
            position += 1
        node.parent.insert(position, nodes.raw("", html, format="html"))


def _figure(still: Still, key: str, app: Sphinx, docname: str) -> str:
    path = Path(app.outdir) / FOLDER / f"{key}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(still.svg, encoding="utf-8")
    source = relative_uri(app.builder.get_target_uri(docname), f"{FOLDER}/{key}.svg")
    return (
        f'<figure class="static-widget-still"><img src="{source}" width="{still.width}" '
        f'height="{still.height}" alt="{escape(still.title)}, as it opens" loading="lazy" />'
        f"<figcaption><p>{escape(still.sentence)}</p>"
        "<p>On the page, JavaScript lets you move this picture.</p></figcaption></figure>"
    )


def describe(state: dict[str, Any]) -> str:
    """Return a sentence on the widget with this state: the first line of its docstring."""
    module, _, name = state.get("_anywidget_id", "").rpartition(".")
    if not module:
        return "Here a running notebook shows a control."
    summary = (getattr(import_module(module), name).__doc__ or name).partition("\n")[0]
    return f"Here JavaScript shows an interactive widget. {summary}"


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.connect("env-updated", fill_album)
    app.connect("doctree-resolved", add_stills)
