"""Two models on the same objects, against SciPy, whole sums and exact integers."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import binom, binomtest, multinomial

Z = 1.959963984540054
MOST = 10_000  # objects that the widget offers


@pytest.fixture
def critical(js):
    return js("paired.js", "criticalCounts", [[MOST]])[0]


def test_binomial(js, rng):
    cases = [[int(n), p] for n, p in zip(rng.integers(1, MOST, 40), rng.random(40), strict=True)]
    cases += [[MOST, 0.06], [MOST, 0.5], [100, 0], [100, 1], [7, 0.5]]
    for (n, p), found in zip(cases, js("paired.js", "binomial", cases), strict=True):
        k = found["from"] + np.arange(len(found["chances"]))
        assert_allclose(found["chances"], binom.pmf(k, n, p), rtol=1e-8, atol=1e-300)
        assert np.isclose(sum(found["chances"]), 1, rtol=0, atol=1e-9), "nothing is left out"


def test_intervals(js, rng):
    n = rng.integers(1, MOST, 200)
    k, m = (rng.random((2, 200)) * (n + 1)).astype(int)
    shares = [[int(a), int(b)] for a, b in zip(k, n, strict=True)]
    ends = [
        [*binomtest(*case).proportion_ci(method="wilson")] for case in [*shares, [0, 9], [9, 9]]
    ]
    assert_allclose(
        js("paired.js", "wilsonInterval", [*shares, [0, 9], [9, 9]]), ends, rtol=0, atol=1e-12
    )
    a, b = k / n, m / n
    side = np.array([-1, 1])[:, None]
    assert_allclose(
        np.transpose(js("paired.js", "normalInterval", shares)),
        a + side * Z * np.sqrt(a * (1 - a) / n),
        rtol=0,
        atol=1e-12,
    )
    apart = js("paired.js", "separateInterval", list(zip(k, m, n, strict=True)))
    error = np.sqrt((a * (1 - a) + b * (1 - b)) / n)
    assert_allclose(np.transpose(apart), a - b + side * Z * error, rtol=0, atol=1e-12)


def test_paired_interval(js, rng):
    """The standard deviation of the objects' own differences 1, 0, −1, and one object more."""
    cases, want = [], []
    for n in rng.integers(100, 3000, 60):
        kinds = rng.choice([1, -1, 0], size=n, p=rng.dirichlet([1, 1, 8]))
        cases.append([(kinds == 1).sum(), (kinds == -1).sum(), n])
        half = Z * kinds.std() / np.sqrt(n) + 1 / n
        want.append([kinds.mean() - half, kinds.mean() + half])
    assert_allclose(js("paired.js", "pairedInterval", cases), want, rtol=0, atol=1e-12)


def test_mcnemar(js, rng):
    cases = [[0, 0], [6, 0], [0, 5], *rng.integers(0, 60, (60, 2)), [2400, 2600], [4000, 3700]]
    want = [binomtest(int(b), int(b + c)).pvalue if b + c else 1 for b, c in cases]
    assert_allclose(js("paired.js", "mcnemar", cases), want, rtol=1e-8)


def test_critical_counts(critical):
    """Each by whole numbers: 2 ΣC(m, k) / 2ᵐ ≤ 1/20, and no longer for one more."""
    for m in [*range(120), 999, 2500]:
        c = critical[m]
        below = sum(comb(m, k) for k in range(c + 1))
        assert 40 * below <= 2**m < 40 * (below + comb(m, c + 1)), m
    expected = binom.ppf(0.025, np.arange(1, MOST + 1), 0.5) - 1
    assert_array_equal(critical[1:], expected)


def test_seen_among(js, critical):
    m = np.arange(MOST + 1)
    few = np.array(critical)
    chances = [0.5, 0.52, 2 / 3, 0.9, 1]
    found = js("paired.js", "seenAmong", [[p, critical] for p in chances])
    for p, seen in zip(chances, found, strict=True):
        want = binom.cdf(few, m, p) + binom.sf(m - few - 1, m, p)
        assert_allclose(seen, want, rtol=0, atol=1e-9)


def test_paired_power_as_the_sum_over_all_test_sets(js, critical):
    """Over every pair of counts, with the multinomial distribution."""
    n = 100
    for difference, disagreement in ((0.02, 0.06), (0.1, 0.1), (0, 0.3), (0.1, 0.4)):
        only = (disagreement + difference) / 2, (disagreement - difference) / 2
        b, c = np.mgrid[: n + 1, : n + 1].reshape(2, -1)
        b, c = b[b + c <= n], c[b + c <= n]
        chances = multinomial.pmf(np.c_[b, c, n - b - c], n, [*only, 1 - sum(only)])
        seen = 2 * binom.cdf(np.minimum(b, c), b + c, 0.5) <= 0.05
        (among,) = js("paired.js", "seenAmong", [[(1 + difference / disagreement) / 2, critical]])
        (found,) = js("paired.js", "pairedPower", [[n, disagreement, among]])
        assert found == pytest.approx(chances[seen].sum(), abs=1e-9)


def test_separate_power_as_the_sum_over_all_pairs_of_test_sets(js):
    cases = [[100, 0.85, 0.83], [300, 0.98, 0.9], [700, 0.6, 0.55], [200, 0.99, 0.99]]
    for (n, first, second), found in zip(
        cases, js("paired.js", "separatePower", cases), strict=True
    ):
        k = np.arange(n + 1)
        a, b = k[:, None] / n, k / n
        error = np.sqrt((a * (1 - a) + b * (1 - b)) / n)
        chances = binom.pmf(k[:, None], n, first) * binom.pmf(k, n, second)
        assert found == pytest.approx(chances[np.abs(a - b) > Z * error].sum(), abs=1e-9)


def test_possible_and_a_test_set(js):
    """As rarely as one is right wherever the other is; as often as no object is wrong twice."""
    models = [(0.85, 0.02, 0.06), (0.98, 0.005, 0.015), (0.6, 0.1, 0.5), (0.99, 0.1, 0.1)]
    for (accuracy, difference, _), (low, high) in zip(
        models, js("paired.js", "possible", [m[:2] for m in models]), strict=True
    ):
        for disagreement in (low, high):
            only = np.array([disagreement + difference, disagreement - difference]) / 2
            rest = np.array([accuracy - only[0], 1 - accuracy - only[1]])
            assert min(*only, *rest) == pytest.approx(0, abs=1e-9)
    n = 4000
    names = ("accuracy", "difference", "disagreement")
    cases = [[dict(zip(names, m, strict=True)), n, 3] for m in models]
    draws = np.array(js("random.js", "uniforms", [[3, n]])[0])
    for (accuracy, difference, disagreement), counts in zip(
        models, js("paired.js", "testSet", cases), strict=True
    ):
        only = (disagreement + difference) / 2, (disagreement - difference) / 2
        ends = np.cumsum([*only, accuracy - only[0]])
        kinds = np.bincount(np.searchsorted(ends, draws, side="right"), minlength=4)
        assert [counts[k] for k in ("first", "second", "both", "none")] == kinds.tolist()
        expected = n * np.array([*only, accuracy - only[0], 1 - accuracy - only[1]])
        assert np.all(np.abs(kinds - expected) < 5 * np.sqrt(expected) + 1e-9)


def test_the_interval_leaves_out_zero_where_the_exact_test_sees_a_difference(js, critical):
    """Nearly always: where the two part, zero lies at the very end of the interval."""
    cases = [
        (b, m - b, n)
        for n in (100, 600, 1500, MOST)
        for m in range(1, n // 2 + 1)
        for b in (critical[m], critical[m] + 1)
        if 0 <= b <= m // 2
    ]
    found = np.array(js("paired.js", "pairedInterval", cases))
    b, c, n = np.transpose(cases)
    sees = b <= np.array(critical)[b + c]
    parted = sees != (found[:, 1] < 0)
    assert parted.mean() < 0.01
    assert np.abs(found[parted, 1] * n[parted]).max() < 0.2, "of an object"
