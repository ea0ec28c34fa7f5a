"""The scoreboard's columns are those of scikit-learn, and no row hangs on rounding."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from shallow import scoreboard

X, Y = scoreboard.new_galaxies()
BOARD = scoreboard.table("three hidden units")


@pytest.mark.parametrize("name", scoreboard.ROWS)
def test_a_row_says_what_scikit_learn_says(name):
    model, parameters = scoreboard.ROWS[name]
    answer = model(X)
    row = BOARD.loc[name]
    accuracy, error = map(float, row["accuracy, %"].split(" ± "))
    right = metrics.accuracy_score(Y, answer >= 0.5)
    assert accuracy == pytest.approx(100 * right, abs=0.0051)
    spread = np.std((answer >= 0.5) == Y) / np.sqrt(len(Y))
    assert error == pytest.approx(100 * spread, abs=0.0051)
    assert row["parameters"] == parameters
    if answer.dtype == bool:
        assert row["calibration"] == row["cost"] == "–"
    else:
        assert float(row["cost"]) == pytest.approx(metrics.log_loss(Y, answer), abs=0.00051)
        found, said = calibration_curve(Y, answer, n_bins=10)
        counts = np.histogram(answer, 10, (0, 1))[0]
        distance = np.average(np.abs(found - said), weights=counts[counts > 0])
        assert float(row["calibration"]) == pytest.approx(distance, abs=0.00051)


def test_no_galaxy_lies_on_a_boundary():
    """And no share on the edge of its last decimal: every machine prints the same table."""
    for model in (scoreboard.logistic, scoreboard.hidden):
        assert np.abs(model(X) - 0.5).min() > 1e-8
    z = X @ scoreboard.PERCEPTRON.w + scoreboard.PERCEPTRON.b
    assert np.abs(z).min() > 1e-8
    for value in (
        scoreboard.calibration_error(Y, scoreboard.logistic(X)),
        scoreboard.calibration_error(Y, scoreboard.hidden(X)),
        metrics.log_loss(Y, scoreboard.logistic(X)),
        metrics.log_loss(Y, scoreboard.hidden(X)),
    ):
        assert abs(1000 * value % 1 - 0.5) > 1e-6


def test_it_grows_by_a_row_in_each_chapter():
    names = list(scoreboard.ROWS)
    for length, name in enumerate(names, 1):
        assert list(scoreboard.table(name).index) == names[:length]


def test_an_unknown_row_is_refused():
    with pytest.raises(
        ValueError, match="no row is named 'forest'; there are wedge, by hand, perc"
    ):
        scoreboard.table("forest")
