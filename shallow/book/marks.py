"""Figures with many equal marks, drawn by one element instead of one for each mark.

Matplotlib writes a ``<use>`` for each point. A browser makes two elements of it, with a style of
their own; an SVG ``<marker>`` on the corners of one line looks the same, also where marks overlap.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MANY = 20  # equal marks in a row, for which a line of their own pays
_MARK = re.compile(
    r'\s*<use xlink:href="#(?P<name>[^"]+)" x="(?P<x>[^"]+)" y="(?P<y>[^"]+)"'
    r' style="(?P<style>[^"]*)"/>'
)
_MARKS = re.compile(rf"(?:{re.sub(r'[?]P<[a-z]+>', '?:', _MARK.pattern)})+")


def join_marks(svg: str) -> str:
    """Return a figure of Matplotlib's in which equal marks that follow each other are one line."""
    lines = 0

    def joined(run: re.Match[str]) -> str:
        nonlocal lines
        parts = []
        for (name, style), group in groupby(_MARK.finditer(run[0]), _kind):
            marks = list(group)
            if len(marks) < MANY:
                parts += [mark[0] for mark in marks]
                continue
            lines += 1
            parts.append(_line(f"marks-{lines}", name, style, marks))
        return "".join(parts)

    return _MARKS.sub(joined, svg)


def _kind(mark: re.Match[str]) -> tuple[str, str]:
    return mark["name"], mark["style"]


def _line(identity: str, name: str, style: str, marks: list[re.Match[str]]) -> str:
    corners = " ".join(f"{mark['x']} {mark['y']}" for mark in marks)
    every = " ".join(f"marker-{at}: url(#{identity});" for at in ("start", "mid", "end"))
    return (
        f'\n<marker id="{identity}" markerUnits="userSpaceOnUse" overflow="visible"'
        f' style="{style}"><use xlink:href="#{name}"/></marker>'
        f'\n<path d="M {corners}" style="fill: none; stroke: none; {every}"/>'
    )


def lighten_figures(app: Sphinx, error: Exception | None) -> None:
    """Join the marks of the figures that the pages show."""
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir, "_images").glob("*.svg"):
        before = path.read_text(encoding="utf-8")
        after = join_marks(before)
        if after != before:
            path.write_text(after, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the hook, after the figures have been copied."""
    app.connect("build-finished", lighten_figures)
