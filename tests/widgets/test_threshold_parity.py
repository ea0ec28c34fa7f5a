"""The threshold explorer's model against scikit-learn, SciPy and NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from sklearn import metrics

SHAPES = {
    "normal": stats.norm(),
    "logistic": stats.logistic(scale=np.sqrt(3) / np.pi),
    "uniform": stats.uniform(-np.sqrt(3), 2 * np.sqrt(3)),
    "exponential": stats.expon(loc=-1),
}


def mulberry32(seed, n):
    """The generator in Python, from its definition, with numbers cut to 32 bits by hand."""
    mask, state, out = 0xFFFFFFFF, seed & 0xFFFFFFFF, []
    for _ in range(n):
        state = (state + 0x6D2B79F5) & mask
        t = (state ^ (state >> 15)) * (1 | state) & mask
        t = (t + ((t ^ (t >> 7)) * (61 | t) & mask)) & mask ^ t
        out.append(((t ^ (t >> 14)) + 0.5) / 2**32)
    return out


def oracle_sample(shape, distance, spread, prevalence, samples, seed):
    """The sample from SciPy's quantiles."""
    n_pos = int(np.floor(prevalence * samples + 0.5))
    low, high = mulberry32(2 * seed, samples - n_pos), mulberry32(2 * seed + 1, n_pos)
    ppf = SHAPES[shape].ppf
    scores = [-distance / 2 + ppf(low), distance / 2 + spread * ppf(high)]
    return np.clip(np.concatenate(scores), -5.5, 5.5), np.repeat([0, 1], [samples - n_pos, n_pos])


@pytest.fixture
def data(rng):
    """Scores and labels: continuous, with many ties, constant; all prevalences, also 0 and 1."""
    cases = []
    for i in range(300):
        n = int(rng.integers(1, 60))
        labels = (rng.random(n) < rng.choice([0, 0.02, 0.3, 0.5, 0.98, 1])).astype(int)
        scores = rng.normal(labels, 1)
        cases.append((np.round(scores, [0, 1, 12][i % 3]) if i % 10 else np.zeros(n), labels))
    return cases


def both_classes(data):
    return [(s, y) for s, y in data if 0 < y.sum() < y.size]


def with_positives(data):
    return [(s, y) for s, y in data if y.any()]


def test_the_cases_are_varied(data):
    assert len(data) == 300
    assert sum(np.unique(s).size < s.size for s, _ in data) > 100, "ties"
    assert len(data) - len(both_classes(data)) > 30, "one class only"


def test_confusion(js, data, rng):
    thresholds = [rng.choice([*s, np.inf, -np.inf]) for s, _ in data]
    got = js(
        "metrics.js", "confusion", [[s, y, t] for (s, y), t in zip(data, thresholds, strict=True)]
    )
    for (s, y), t, counts in zip(data, thresholds, got, strict=True):
        tn, fp, fn, tp = metrics.confusion_matrix(y, s >= t, labels=[0, 1]).ravel()
        assert counts == {"tp": tp, "fp": fp, "fn": fn, "tn": tn}


def test_rates(js, rng):
    cases = rng.integers(0, 4, size=(300, 4)) * rng.integers(1, 9, size=(300, 4))
    cases = cases[cases.sum(axis=1) > 0]
    got = js(
        "metrics.js",
        "rates",
        [[dict(zip(("tp", "fp", "fn", "tn"), c, strict=True))] for c in cases],
    )
    for (tp, fp, fn, tn), rates in zip(cases, got, strict=True):
        y = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
        called = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
        (npv, precision), (tnr, tpr), (_, f1), _ = metrics.precision_recall_fscore_support(
            y, called, labels=[0, 1], zero_division=np.nan
        )
        expected = {
            "accuracy": metrics.accuracy_score(y, called),
            "prevalence": y.mean(),
            "precision": precision,
            "npv": npv,
            "tpr": tpr,
            "fpr": 1 - tnr,
            "fnr": 1 - tpr,
            "tnr": tnr,
            "f1": f1,
        }
        assert rates.keys() == expected.keys()
        for name, value in expected.items():
            assert_allclose(rates[name], value, atol=1e-15, err_msg=name)


def test_roc_curve(js, data):
    cases = both_classes(data)
    got = js("metrics.js", "rocCurve", [list(case) for case in cases])
    for (s, y), curve in zip(cases, got, strict=True):
        expected = metrics.roc_curve(y, s, drop_intermediate=False)
        for name, values in zip(("fpr", "tpr", "threshold"), expected, strict=True):
            assert_allclose([point[name] for point in curve], values, err_msg=name)


def test_auc(js, data):
    got = js("metrics.js", "auc", [list(case) for case in data])
    for (s, y), area in zip(data, got, strict=True):
        one_class = y.all() or not y.any()
        assert_allclose(area, np.nan if one_class else metrics.roc_auc_score(y, s))


def test_precision_recall_curve(js, data):
    cases = with_positives(data)
    got = js("metrics.js", "prCurve", [list(case) for case in cases])
    for (s, y), curve in zip(cases, got, strict=True):
        precision, recall, thresholds = metrics.precision_recall_curve(y, s)
        assert_allclose([p["precision"] for p in curve], precision[::-1])
        assert_allclose([p["recall"] for p in curve], recall[::-1])
        assert_allclose([p["threshold"] for p in curve[1:]], thresholds[::-1])


def test_average_precision(js, data):
    cases = with_positives(data)
    got = js("metrics.js", "averagePrecision", [list(case) for case in cases])
    assert_allclose(got, [metrics.average_precision_score(y, s) for s, y in cases])


def mean_cost(scores, labels, threshold, cost_ratio):
    """The cost from NumPy, item by item."""
    called = scores >= threshold
    return np.mean(np.where(labels == 1, cost_ratio * ~called, called))


def test_expected_cost(js, data, rng):
    cases = [(s, y, rng.choice(s), 10 ** rng.uniform(-1, 1)) for s, y in data]
    counts = js("metrics.js", "confusion", [[s, y, t] for s, y, t, _ in cases])
    got = js(
        "metrics.js", "expectedCost", [[c, r] for c, (*_, r) in zip(counts, cases, strict=True)]
    )
    assert_allclose(got, [mean_cost(*case) for case in cases])


def test_cost_curve_and_its_minimum(js, data, rng):
    cases = [(s, y, 10 ** rng.uniform(-1, 1)) for s, y in data]
    curves = js("metrics.js", "costCurve", [list(case) for case in cases])
    least = js("metrics.js", "leastCost", [list(case) for case in cases])
    for (s, y, r), curve, best in zip(cases, curves, least, strict=True):
        thresholds = [np.inf, *np.unique(s)[::-1]]
        costs = [mean_cost(s, y, t, r) for t in thresholds]
        assert_array_equal([point["threshold"] for point in curve], thresholds)
        assert_allclose([point["cost"] for point in curve], costs)
        assert_allclose(best["cost"], min(costs))
        assert best["threshold"] == max(
            t for t, c in zip(thresholds, costs, strict=True) if np.isclose(c, min(costs))
        )


@pytest.mark.parametrize("shape", SHAPES)
def test_density(js, shape):
    x = np.linspace(-8, 8, 401)
    assert_allclose(
        js("distributions.js", "density", [[shape, v] for v in x]), SHAPES[shape].pdf(x), rtol=1e-12
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_quantile(js, shape, rng):
    p = np.concatenate([rng.random(300), [0.5, 1e-3, 1 - 1e-3, 1e-12, 1e-100, 0.075, 0.925]])
    got = js("distributions.js", "quantile", [[shape, v] for v in p])
    assert_allclose(got, SHAPES[shape].ppf(p), rtol=1e-13, atol=1e-14)
    assert_allclose([SHAPES[shape].mean(), SHAPES[shape].std()], [0, 1], atol=1e-15)


def test_uniforms(js):
    seeds = [0, 1, 42, 9999, 2**31, -1]
    assert js("random.js", "uniforms", [[seed, 50] for seed in seeds]) == [
        mulberry32(seed, 50) for seed in seeds
    ]


def test_uniforms_are_uniform(js):
    (numbers,) = js("random.js", "uniforms", [[7, 20000]])
    assert stats.kstest(numbers, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.03


def test_sample(js, rng):
    cases = [
        {
            "shape": str(rng.choice(list(SHAPES))),
            "distance": rng.uniform(0, 4),
            "spread": rng.uniform(0.4, 2.5),
            "prevalence": float(rng.choice([0, 0.01, 0.5, 0.99, 1])),
            "samples": int(rng.integers(20, 300)),
            "seed": int(rng.integers(0, 10000)),
        }
        for _ in range(100)
    ]
    for case, got in zip(cases, js("scores.js", "sample", [[case] for case in cases]), strict=True):
        scores, labels = oracle_sample(**case)
        assert_allclose(got["scores"], scores, rtol=1e-10, atol=1e-12)
        assert_array_equal(got["labels"], labels)


def test_an_item_keeps_its_score_when_prevalence_changes(js):
    fixed = {"shape": "normal", "distance": 2, "spread": 1, "samples": 100, "seed": 3}
    few, many = js("scores.js", "sample", [[{**fixed, "prevalence": p}] for p in (0.1, 0.4)])
    assert few["scores"][90:] == many["scores"][60:70]
    assert few["scores"][:60] == many["scores"][:60]


def test_histogram(js, rng):
    cases = [
        (rng.normal(size=rng.integers(0, 200)), *args)
        for args in [(-6, 0.25, 48), (-1, 0.5, 4)] * 40
    ]
    got = js("scores.js", "histogram", [list(case) for case in cases])
    for (values, low, width, bins), counts in zip(cases, got, strict=True):
        inside = values[values < low + width * bins]  # NumPy alone closes the last bin
        expected, _ = np.histogram(inside, bins=bins, range=(low, low + width * bins))
        assert_array_equal(counts, expected)


def test_shortest_threshold_decides_alike(js, data, rng):
    cases = [(rng.choice([*s, np.inf]), np.clip(s, -5.5, 5.5)) for s, _ in data]
    cases = [(min(t, 5.5) if np.isfinite(t) else t, s) for t, s in cases]
    got = js("scores.js", "shortest", [list(case) for case in cases])
    for (threshold, scores), plain in zip(cases, got, strict=True):
        assert_array_equal(scores >= plain, scores >= threshold)
        assert -6 <= plain <= 6
    lengths = [len(repr(plain)) for plain in got]
    assert np.median(lengths) <= 5, "short: a sign, a digit, a point and one or two decimals"
