"""One style for all pages, and its icons, without what no page uses: nine tenths of both."""

from __future__ import annotations

import hashlib
import logging
import posixpath
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydata_sphinx_theme
import tinycss2
from fontTools import subset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
# The styles of all pages, in the order in which they overrule each other.
STYLES = (
    "basic.css",
    "styles/theme.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "togglebutton.css",
    "copybutton.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
    "theme.css",
    "derivation.css",
    "moved.css",
    "predict.css",
)
JOINED = "book.css"
ICONS = "vendor/fontawesome/webfonts/fa-solid-900"
_LINK = re.compile(
    r'<link\b[^>]*\bhref="(?P<static>[^"]*\b_static/)(?P<name>[^"?]+\.css)(?P<version>[^"]*)"[^>]*>\s*'
)
_IMPORT = re.compile(r'@(import "\.\./basic\.css"|charset "[^"]*");')
_ADDRESS = re.compile(r"url\((?P<quote>[\"']?)(?!data:|/|#|\w+:)(?P<path>[^)\"']+)(?P=quote)\)")
_SOURCE = re.compile(rf"url\({ICONS}\.woff2\)[^}}]*?format\(\"truetype\"\)")
_VERSION = re.compile(rf"(/{JOINED}\?v=)\w+")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_ICON = re.compile(r"\\(?P<code>[ef][0-9a-f]{3})\b|[\ue000-\uf8ff]")


def words_of(texts: Iterable[str]) -> set[str]:
    """Return all words of pages and scripts, among which are the classes that these use."""
    return {word for text in texts for word in _WORD.findall(text)}


def slim(style: str, words: set[str]) -> str:
    """Return a style sheet without the rules for classes that are none of the words.

    A word that ends with a hyphen, such as ``bs-tooltip-``, is taken for the beginning of classes.
    """
    beginnings = tuple(word for word in words if word.endswith("-") and len(word) > 4)
    rules = tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, words, beginnings))


def _kept(rules: list[Any], words: set[str], beginnings: tuple[str, ...]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [
                selector
                for selector in _selectors(rule.prelude)
                if all(c in words or c.startswith(beginnings) for c in _CLASS.findall(selector))
            ]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports"}:
            nested = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            inner = "".join(_kept(nested, words, beginnings))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield rule.serialize()


def _selectors(prelude: list[Any]) -> Iterator[str]:
    """Yield the selectors of a list; commas in brackets separate none."""
    selector: list[Any] = []
    for token in [*prelude, None]:
        if token is None or (token.type == "literal" and token.value == ","):
            yield tinycss2.serialize(selector).strip()
            selector = []
        else:
            selector.append(token)


def slim_icons(source: Path, target: Path, codes: set[int]) -> None:
    """Write a font with the icons of these code points only."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # else it names each table it cuts
    options = subset.Options(flavor="woff", with_zopfli=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    with subset.load_font(str(source), options) as font:
        subsetter.subset(font)
        subset.save_font(font, str(target), options)


def join_styles(static: Path) -> tuple[str, list[str]]:
    """Return the styles of all pages as one, and the names of the files that it is made of."""
    parts, names = [], []
    for pattern in STYLES:
        for path in sorted(static.glob(pattern)):
            name = path.relative_to(static).as_posix()
            text = _IMPORT.sub("", path.read_text(encoding="utf-8"))
            parts.append(_ADDRESS.sub(partial(_from_root, posixpath.dirname(name)), text))
            names.append(name)
    return "\n".join(parts), names


def _from_root(folder: str, address: re.Match[str]) -> str:
    return f"url({posixpath.normpath(posixpath.join(folder, address['path']))})"


def link_joined(page: str, names: list[str], version: str) -> str:
    """Return a page that loads one style in the place of the first of these."""
    done = False

    def replaced(link: re.Match[str]) -> str:
        nonlocal done
        if link["name"] not in names:
            return link[0]
        first, done = not done, True
        return (
            f'<link rel="stylesheet" href="{link["static"]}{JOINED}?v={version}" />\n'
            if first
            else ""
        )

    return _LINK.sub(replaced, page)


def slim_theme(app: Sphinx, error: Exception | None) -> None:
    """Write one style, and its icons, as the built pages use them, and let all pages load it."""
    static = Path(app.outdir) / "_static"
    if error is not None or app.builder.format != "html" or not (static / STYLES[0]).exists():
        return
    pages = [path for path in Path(app.outdir).rglob("*.html") if static not in path.parents]
    texts = {path: path.read_text(encoding="utf-8") for path in pages}
    scripts = (path.read_text(encoding="utf-8") for path in static.rglob("*.js"))
    style, names = join_styles(static)
    style = slim(style, words_of([*texts.values(), *scripts]))
    style = _SOURCE.sub(f'url({ICONS}.woff) format("woff")', style)
    style = f'@charset "utf-8";{style}'
    (static / JOINED).write_text(style, encoding="utf-8")
    version = hashlib.sha256(style.encode()).hexdigest()[:8]
    for path, text in texts.items():
        linked = link_joined(text, names, version)
        path.write_text(_VERSION.sub(rf"\g<1>{version}", linked), encoding="utf-8")
    for name in names:
        (static / name).unlink()
    codes = {
        int(match["code"], 16) if match["code"] else ord(match[0])
        for match in _ICON.finditer(style)
    }
    slim_icons(THEME / f"{ICONS}.ttf", static / f"{ICONS}.woff", codes)
    for unused in ("woff2", "ttf"):
        (static / f"{ICONS}.{unused}").unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Register the hook, after the pages and their files have been written."""
    app.connect("build-finished", slim_theme, priority=900)
