"""Figures whose equal marks are one element."""

from __future__ import annotations

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from shallow.book.marks import MANY, join_marks


@pytest.fixture(scope="module")
def figure() -> str:
    """Two kinds of many marks, and a few of a third."""
    x = np.linspace(0, 1, 3 * MANY)
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.scatter(x, x, color="C0", alpha=0.5)
    ax.plot(x, 1 - x, "s", color="C1")
    ax.scatter(x[:3], [0.2, 0.5, 0.8], color="C2")
    file = io.StringIO()
    fig.savefig(file, format="svg")
    plt.close(fig)
    return file.getvalue()


def test_equal_marks_are_one_line_with_as_many_corners(figure: str) -> None:
    joined = join_marks(figure)
    assert figure.count("<use") - joined.count("<use") == 2 * (3 * MANY - 1)
    lines = re.findall(r'<path d="M ([^"]*)" style="fill: none; stroke: none; marker', joined)
    assert [len(line.split()) // 2 for line in lines] == [3 * MANY, 3 * MANY]


def test_figure_without_many_marks_stays_as_it_is(figure: str) -> None:
    few = figure[: figure.index("</defs>")]
    assert join_marks(few) == few


def test_joined_figure_looks_the_same(figure: str, browser) -> None:
    page = browser.new_page()
    shots = []
    for svg in (figure, join_marks(figure)):
        page.set_content(svg)
        shots.append(page.screenshot())
    page.close()
    assert shots[0] == shots[1]
