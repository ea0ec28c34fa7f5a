"""The points of the perceptron trainer and the logistic playground against NumPy and SciPy."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose
from scipy.stats import norm


def test_gate(js):
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    tables = {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor}
    for got, gate in zip(
        js("clouds.js", "gate", [[name] for name in tables]), tables.values(), strict=True
    ):
        assert got == [[a, b, 2 * int(gate(a, b)) - 1] for a, b in corners]


def test_separable(js):
    cases = [
        (n, gap, turn, seed) for seed in range(12) for n, gap, turn in ((7, 0.1, 0.3), (16, 0.4, 0))
    ]
    draws = js("random.js", "uniforms", [[seed, 2 * n] for n, _, _, seed in cases])
    for (n, gap, turn, _), u, got in zip(
        cases, draws, js("clouds.js", "separable", cases), strict=True
    ):
        y = np.where(np.arange(n) % 2, 1, -1)
        across, along = np.reshape(u, (n, 2)).T
        turned = (y * (gap + across) + 1j * (3 * along - 1.5)) * np.exp(2j * np.pi * turn)
        assert_allclose(got, np.c_[0.5 + turned.real, 0.5 + turned.imag, y], atol=0.00501)
        side = (np.array(got)[:, :2] - 0.5) @ [np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)]
        assert (y * side > gap - 0.01).all()


def test_overlapping(js):
    cases = [(n, 1.4, 0.7, seed) for seed in range(12) for n in (9, 30)]
    draws = js("random.js", "uniforms", [[seed, 2 * n] for n, _, _, seed in cases])
    for (n, distance, spread, _), u, got in zip(
        cases, draws, js("clouds.js", "overlapping", cases), strict=True
    ):
        y = np.where(np.arange(n) % 2, 1, -1)
        X = 0.5 + (y * distance / np.sqrt(8))[:, None] + spread * norm.ppf(np.reshape(u, (n, 2)))
        assert_allclose(got, np.c_[X, y], atol=0.00501)


def test_order(js):
    assert js("clouds.js", "order", [[4, "listed", 1], [4, "reversed", 1]]) == [
        [0, 1, 2, 3],
        [3, 2, 1, 0],
    ]
    cases = [[n, "shuffled", seed] for n in (2, 9, 30) for seed in range(6)]
    keys = js("random.js", "uniforms", [[seed, n] for n, _, seed in cases])
    assert js("clouds.js", "order", cases) == [np.argsort(k).tolist() for k in keys]
