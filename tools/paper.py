"""Print the built site as one PDF, with a table of contents and links that lead inside it.

``make pdf`` runs it. The pages are joined into `_build/paper.html`, which Chromium prints.
"""

from __future__ import annotations

import base64
import posixpath
import re
import sys
from html import escape
from pathlib import Path

import yaml

from shallow.book.browser import BrowserError, open_in_chromium
from shallow.book.paper import CODE_ON_PAPER, FILE

ROOT = Path(__file__).parents[1]
JOINED = "paper.html"
_ARTICLE = re.compile(r'<article class="bd-article">(.*)</article>', re.DOTALL)
_FORMULAS = re.compile(r"<style>(@font-face.*?)</style>", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_ATTRIBUTE = re.compile(
    r'(?P<space>\s)(?P<name>id|href|src|for|aria-labelledby)="(?P<value>[^"]*)"'
)
_TITLE = re.compile(r'<article class="bd-article">.*?<h1>(.*?)<a class="headerlink"', re.DOTALL)
# A link to a widget, which has a name only where a script gives it one, leads to its page.
_INSIDE = re.compile(r'(?P<page>href="#(?:(?!--)[^"])+)--[^"]+')
_ANSWER = '<details class="predict-reveal"'
_CELL = re.compile(r'(?=<div class="cell\b)')
_FONT = re.compile(r'url\("(?P<path>_static/mathjax/[^"]+)"\)')
# What nobody can use on paper.
_LEFT_OUT = re.compile(
    r"<script\b.*?</script>|<noscript>.*?</noscript>|<template>.*?</template>"
    r'|<a class="headerlink".*?</a>|<div class="static-widget-place">.*?</div></div>'
    r'|<button\b.*?</button>|<style>@container.*?</style>|<div class="predict-controls.*?</div>',
    re.DOTALL,
)
STYLE = """
@page {
  size: A4; margin: 20mm 18mm 22mm;
  @bottom-center { content: counter(page); font: 9pt sans-serif; }
}
@page :first { @bottom-center { content: none; } }
html { font-size: 10.5pt; }
body { max-width: none; background: #fff; }
.paper-page { break-before: page; }
.paper-cover { padding-top: 30vh; text-align: center; }
.paper-cover h1 { font-size: 3.2rem; }
.paper-contents ol { padding: 0; list-style: none; }
.paper-contents li { margin: 0.3rem 0; }
.paper-contents h3 { margin-top: 1.4rem; }
.static-widget-still { display: block; break-inside: avoid; }
.static-widget-still img { max-height: 210mm; max-width: 100%; width: auto; }
.predict { break-inside: avoid; }
.predict-controls, .predict-skip, .predict-plot input { display: none !important; }
h1, h2, h3, h4, h5, .rubric { break-after: avoid; }
figure, img, table, pre, div.math { break-inside: avoid; }
pre { white-space: pre-wrap; }
div.cell_output img, figure img { max-width: 100%; height: auto; }
aside.margin { float: none !important; width: auto !important; margin: 1rem 0 !important; }
details > summary { list-style: none; }
details.hide > summary { display: none !important; }
section { content-visibility: visible !important; }
.onlyprint { display: none !important; }
a { text-decoration: none; }
.book-pdf { display: none; }
"""


def documents() -> list[tuple[str, list[str]]]:
    """Return the parts of the book: their captions, and their pages in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [(part["caption"], [c["file"] for c in part["chapters"]]) for part in toc["parts"]]
    return [("", [toc["root"]]), *parts]


def anchor(page: str, name: str = "") -> str:
    """Return the name that a place of a page has in the joined one."""
    return f"{page.replace('/', '-')}--{name}" if name else page.replace("/", "-")


def lead(page: str, address: str, pages: set[str]) -> str:
    """Return where a link of a page leads in the joined one; nowhere if paper has no such thing."""
    if re.match(r"[a-z]+:|//", address):
        return address
    path, _, place = address.partition("#")
    stem = _target(page, path).removesuffix(".html") if path else page
    if stem not in pages:
        return ""
    return "#" + anchor(stem, "" if "?" in place else place)  # no state of a widget


def _target(page: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def article(page: str, text: str, pages: set[str]) -> str:
    """Return the text of a built page, with names and addresses that hold among the others.

    Answers are open; code that the page folds stays folded where a picture says what it does.
    """
    body = _ARTICLE.search(text)
    if body is None:
        raise ValueError(f"{page} has no article: build the book first")
    content = _LEFT_OUT.sub("", body[1])

    def renamed(attribute: re.Match[str]) -> str:
        name, value = attribute["name"], attribute["value"]
        if name == "href":
            value = lead(page, value, pages)
        elif name == "src":
            value = _target(page, value)
        else:
            value = " ".join(anchor(page, one) for one in value.split())
        return f'{attribute["space"]}{name}="{value}"' if value else ""

    content = _TAG.sub(lambda tag: _ATTRIBUTE.sub(renamed, tag[0]), content)
    content = content.replace(' loading="lazy"', "").replace(" hidden=", " data-hidden=")
    content = content.replace(_ANSWER, _ANSWER.replace("<details", "<details open"))
    content = "".join(
        cell.replace("<details", "<details open")
        if CODE_ON_PAPER in cell.partition(">")[0]
        else cell
        for cell in _CELL.split(content)
    )
    return f'<section class="paper-page" id="{anchor(page)}">{content}</section>'


def join(site: Path) -> str:
    """Return the whole book as one page that lies beside the index of the site."""
    parts = documents()
    pages = {page for _, files in parts for page in files}
    texts = {page: (site / f"{page}.html").read_text(encoding="utf-8") for page in pages}
    formulas = "".join(
        dict.fromkeys(
            rule
            for text in texts.values()
            for found in _FORMULAS.findall(text)
            for rule in re.findall(r"[^}]*\}", found.replace("../_static", "_static"))
        )
    )
    formulas = _FONT.sub(lambda font: _embedded(site / font["path"]), formulas)
    contents = []
    for caption, files in parts[1:]:
        titles = {page: _TITLE.search(texts[page]) for page in files}
        lines = "".join(
            f'<li><a href="#{anchor(page)}">{title[1] if title else escape(page)}</a></li>'
            for page, title in titles.items()
        )
        contents.append(f"<h3>{escape(caption)}</h3><ol>{lines}</ol>")
    articles = (article(page, texts[page], pages) for _, files in parts for page in files)
    text = (
        '<!doctype html><html lang="en" data-theme="light" data-mode="light"><head>'
        '<meta charset="utf-8"><title>Shallow</title>'
        '<link rel="stylesheet" href="_static/book.css">'
        f"<style>{formulas}</style><style>{STYLE}</style></head><body>"
        '<div class="paper-cover"><p style="font-size:3.2rem;font-weight:600">Shallow</p>'
        "<p>An open course on neural networks, from one neuron up</p></div>"
        f'<nav class="paper-page paper-contents"><h2>Contents</h2>{"".join(contents)}</nav>'
        f'<main class="bd-content"><div class="bd-article">{"".join(articles)}</div></main>'
        "</body></html>"
    )
    names = set(re.findall(r'\sid="([^"]+)"', text))
    return _INSIDE.sub(lambda link: link[0] if link[0][7:] in names else link["page"], text)


def _embedded(font: Path) -> str:
    """Return a font as an address: the browser prints without waiting for files of fonts."""
    return f"url(data:font/woff;base64,{base64.b64encode(font.read_bytes()).decode()})"


def main() -> int:
    """Print the site; return 1 with the reason if that fails."""
    site, target = ROOT / "_build" / "html", ROOT / FILE
    page = site / JOINED
    page.write_text(join(site), encoding="utf-8")
    draft = target.with_suffix(".part")
    try:
        open_in_chromium(
            page,
            f"--print-to-pdf={draft}",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            "--virtual-time-budget=30000",
        )
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        page.unlink()
    draft.replace(target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
