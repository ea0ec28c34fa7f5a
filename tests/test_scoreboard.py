"""The scoreboard's columns are those of scikit-learn, and no row hangs on rounding."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from shallow import scoreboard

X, Y = scoreboard.new_galaxies()
BOARD = scoreboard.table("best possible")


@pytest.mark.parametrize("name", scoreboard.ROWS)
def test_a_row_says_what_scikit_learn_says(name):
    model, parameters = scoreboard.ROWS[name]
    answer = model(X)
    row = BOARD.loc[name]
    accuracy, error = map(float, row["accuracy, %"].split("\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}"))
    right = metrics.accuracy_score(Y, answer >= 0.5)
    assert accuracy == pytest.approx(100 * right, abs=0.0051)
    spread = np.std((answer >= 0.5) == Y) / np.sqrt(len(Y))
    assert error == pytest.approx(100 * spread, abs=0.0051)
    assert row["parameters"] == (parameters or "–")
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
    z = X @ scoreboard.PERCEPTRON.w + scoreboard.PERCEPTRON.b
    assert np.abs(z).min() > 1e-8
    assert np.abs(X[:, 1] - scoreboard.ONE_COLOUR).min() > 1e-8
    for name, (model, _) in scoreboard.ROWS.items():
        answer = model(X)
        if answer.dtype == bool:
            continue
        assert np.abs(answer - 0.5).min() > 1e-8, name
        for value in (scoreboard.calibration_error(Y, answer), metrics.log_loss(Y, answer)):
            assert abs(1000 * value % 1 - 0.5) > 1e-6, name


def test_two_rows_are_compared_galaxy_by_galaxy():
    """By the counts of McNemar's test, and bounded by what two separate test sets would give."""
    points, error = scoreboard.ahead("three hidden units", "wedge, by hand")
    one, other = ((m(X) >= 0.5) == Y for m in (scoreboard.hidden, scoreboard.wedge))
    b, c, n = np.sum(one & ~other), np.sum(~one & other), len(Y)
    assert points == pytest.approx(100 * (b - c) / n)
    assert error == pytest.approx(100 * np.sqrt(b + c - (b - c) ** 2 / n) / n)
    assert error < 100 * np.sqrt(np.var(one) + np.var(other)) / np.sqrt(n)
    assert scoreboard.ahead("wedge, by hand", "three hidden units") == pytest.approx(
        (-points, error)
    )


def test_no_row_is_better_than_the_best_possible():
    for name in list(scoreboard.ROWS)[:-1]:
        points, error = scoreboard.ahead("best possible", name)
        assert points > -2 * error, name
    costs = BOARD["cost"][BOARD["cost"] != "–"].astype(float)
    assert costs.idxmin() == "best possible"


def test_an_edge_is_where_a_model_says_a_half():
    line = scoreboard.LOGISTIC
    for vj in (0.2, 1.0, 1.6):
        at = -(line.w[0] * vj + line.b) / line.w[1]
        assert at <= scoreboard.edge(scoreboard.logistic, vj) < at + 0.01
    assert scoreboard.edge(lambda c: np.zeros(len(c)), 1.0) == np.inf


def test_it_grows_by_a_row_in_each_chapter():
    names = list(scoreboard.ROWS)
    assert list(BOARD.index) == names
    for length in (1, 2, 5):
        assert list(scoreboard.table(names[length - 1]).index) == names[:length]


def test_an_unknown_row_is_refused():
    with pytest.raises(
        ValueError, match="no row is named 'forest'; there are wedge, by hand, one "
    ):
        scoreboard.table("forest")
