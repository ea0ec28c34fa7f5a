"""The shared drawings: what they show, and that they are drawn alike each time."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from shallow import plots


@pytest.fixture(autouse=True)
def _clean_figures():
    mpl.use("agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("name", ["BLUE", "ORANGE", "GREEN", "PINK", "GREY"])
def test_colours_stand_out_on_the_card(name):
    contrast = 1.05 / (luminance(getattr(plots, name)) + 0.05)
    assert contrast >= (7 if name == "GREY" else 3)


def test_classes_differ_in_more_than_colour():
    assert plots.NEGATIVE["marker"] != plots.POSITIVE["marker"]
    dashes = plots.STYLE["axes.prop_cycle"].by_key()["linestyle"]
    assert len(set(dashes)) == len(dashes)


def test_style_gives_svg_on_white():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        plots.use_style()
        formatter = shell.display_formatter.formatters["image/svg+xml"]
        _, axes = plt.subplots()
        axes.plot([0, 1], [0, 1])
        first, second = (formatter(axes.figure) for _ in range(2))
    finally:
        InteractiveShell.clear_instance()
    assert first == second, "a figure must be the same file in each build"
    assert "<dc:date>" not in first
    assert "fill: #ffffff" in first


def test_style_is_reproducible_in_a_new_figure():
    plt.style.use(plots.STYLE)
    files = []
    for _ in range(2):
        axes = plots.rate_axes("x", "y")
        axes.plot([0, 1], [0, 1], marker="o", clip_on=True)
        file = io.BytesIO()
        axes.figure.savefig(file, format="svg", metadata={"Date": None})
        files.append(file.getvalue())
    assert files[0] == files[1]


def test_score_line_puts_each_object_at_its_score():
    axes = plots.score_line([1, 0, 1], [0.2, 0.4, 0.9], threshold=0.5, names=("no", "yes"))
    _, negatives, positives = axes.lines
    assert negatives.get_xydata().tolist() == [[0.4, 0]]
    assert positives.get_xydata().tolist() == [[0.2, 1], [0.9, 1]]
    assert axes.lines[0].get_xdata() == [0.5, 0.5]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["no", "yes"]


def test_count_matrix_writes_each_count_in_its_cell():
    axes = plots.count_matrix([[5, 1], [0, 9]], ["a", "b"])
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {(0, 0): "5", (1, 0): "1", (0, 1): "0", (1, 1): "9"}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")


def test_count_matrix_is_legible_everywhere():
    counts = np.arange(9).reshape(3, 3) * 13
    axes = plots.count_matrix(counts, list("abc"))
    image = axes.images[0]
    for text in axes.texts:
        column, row = text.get_position()
        card = mpl.colors.to_hex(image.cmap(image.norm(counts[row, column])))
        light, dark = sorted((luminance(card), luminance(text.get_color())), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


@pytest.mark.parametrize("counts", [[[1, 2, 3], [4, 5, 6]], [1, 2], [[1]]])
def test_count_matrix_refuses_other_shapes(counts):
    with pytest.raises(ValueError, match=r"counts must have shape \(2, 2\) for 2 names"):
        plots.count_matrix(counts, ["a", "b"])
