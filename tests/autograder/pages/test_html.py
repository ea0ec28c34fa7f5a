"""Markdown and formulas of strangers on pages without scripts."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from autograder.pages import html

ROOT = Path(__file__).parents[3]
STATEMENTS = [
    "".join(cell["source"])
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb"))
    for cell in json.loads(path.read_text("utf-8"))["cells"]
    if cell["cell_type"] == "markdown"
]


def maths(source: str) -> list:
    return BeautifulSoup(html.markdown(source), "html.parser").find_all("math")


def test_each_formula_of_the_course_is_typeset():
    """No dollar and no command of LaTeX is left for the reader."""
    shown = [BeautifulSoup(html.markdown(source), "html.parser") for source in STATEMENTS]
    assert sum(len(page.find_all("math")) for page in shown) > 100
    for page in shown:
        for code in page.find_all(["code", "pre"]):
            code.decompose()
        assert not re.search(r"\\$|\\\\[a-z]+", page.get_text())


@pytest.mark.parametrize(
    ("source", "display", "parts"),
    [
        ("$x^2$", "inline", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"$$\frac{1}{1 + e^{-z}}$$", "block", "<mfrac>"),
        (r"\begin{align}a &= b \\ c &= d\end{align}", "block", "<mtable"),
        (r"$a < b$", "inline", "<mo>&lt;</mo>"),
        (r"$\text{if } y \le 0$", "inline", "<mo>≤</mo>"),
    ],
)
def test_a_formula_is_mathml(source, display, parts):
    (math,) = maths(source)
    assert math["display"] == display
    assert parts in str(math)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac",  # its parts are missing
        "a^b^c",  # ambiguous
        pytest.param("{" * 999 + "x", id="deeper than Python goes"),
        pytest.param("x + " * 1000 + "x", id="too long"),
        r"\def\a{\b\b}\def\b{\c\c}\def\c{xx}\a",  # grows
        r"\newcommand{\a}{xx}\a",
    ],
)
def test_what_cannot_be_typeset_stays_as_typed(latex):
    assert not maths(f"${latex}$")
    assert f"${latex}$" in BeautifulSoup(html.markdown(f"${latex}$"), "html.parser").get_text()


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>steal()</script>}",
        r"\text{<img src=x onerror=steal()>}",
        r"\text{</mtext></math><script>steal()</script>}",
        r"\href{javascript:steal()}{x}",
        r"\style{background:url(http://elsewhere.invalid)}{x}",
        r"\class{x}{y}",
        r"\text{&lt;script&gt;steal()&lt;/script&gt;}",
        r"\text{&#x3c;script&#x3e;steal()}",
    ],
)
def test_a_formula_runs_and_fetches_nothing(latex):
    page = BeautifulSoup(html.markdown(f"${latex}$"), "html.parser")
    assert not page.find_all(["script", "img", "a", "style"])
    assert not page.select("[href], [style], [class]")


def test_commands_of_one_formula_are_unknown_to_the_next():
    html.markdown(r"$\def\secret{42}$")
    assert "42" not in html.markdown(r"$\secret$")


def test_a_wide_formula_scrolls_alone(page: Page):
    page.set_viewport_size({"width": 360, "height": 640})
    body = html.markdown("$$" + " + ".join(f"x_{{{i}}}" for i in range(60)) + "$$")
    page.set_content(
        html.environment.from_string(
            '{% extends "page.html" %}{% block body %}{{ body }}{% endblock %}'
        ).render(body=body)
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("(m => m.scrollWidth > m.clientWidth)(document.querySelector('math'))")
