"""The drawings of two classes and their boundary."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

from shallow import plane, plots


@pytest.fixture
def axes():
    mpl.use("agg")
    _, axes = plt.subplots()
    axes.set(xlim=(-2, 3), ylim=(-1, 4))
    yield axes
    plt.close("all")


@pytest.mark.parametrize("negative", [-1, 0])
def test_points_have_the_look_of_their_class(axes, negative):
    X = [[0, 0], [1, 2], [2, 1]]
    plane.draw_points(axes, X, [negative, 1, negative], ms=3)
    first, second = axes.lines
    assert first.get_xydata().tolist() == [[0, 0], [2, 1]]
    assert second.get_xydata().tolist() == [[1, 2]]
    assert first.get_marker() == plots.NEGATIVE["marker"]
    assert second.get_marker() == plots.POSITIVE["marker"]
    assert first.get_markersize() == 3


@pytest.mark.parametrize(("w", "b"), [((3, 4), -10), ((1, 0), -0.5), ((0, -2), 1), ((5, -0.1), 2)])
def test_the_boundary_is_where_z_is_zero_and_moves_no_limits(axes, w, b):
    plane.draw_boundary(axes, w, b)
    ends = axes.lines[0].get_xydata()
    np.testing.assert_allclose(ends @ w + b, 0, atol=1e-9)
    assert np.ptp(ends[:, 0]) >= 5 or np.ptp(ends[:, 1]) >= 5, "it crosses the axes"
    assert (*axes.get_xlim(), *axes.get_ylim()) == (-2, 3, -1, 4)


def test_no_weights_no_boundary(axes):
    with pytest.raises(ValueError, match=r"w = \(0, 0\) has no boundary"):
        plane.draw_boundary(axes, (0, 0), 1)
