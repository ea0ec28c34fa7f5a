"""The references keep their statements for drawn arguments: oracles are exact or independent."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import special

from tests.exercises.references import INTEGERS, answer

quick = settings(max_examples=40, deadline=None, derandomize=True)
counted = st.integers(0, 10**12)
logits = st.one_of(st.floats(-50, 50), st.floats(-1e6, 1e6), st.sampled_from([0.0, 40.0, -1000.0]))


@pytest.fixture(autouse=True)
def no_warning():
    with np.errstate(all="raise", under="ignore"):
        yield


def exact(part, whole):
    """Return a quotient of whole numbers, rounded once; 0/0 is nan."""
    return float(Fraction(part) / Fraction(whole)) if whole else math.nan


@st.composite
def labelled_scores(draw):
    """Return labels and scores with ties, as lists or as arrays of any type that holds them."""
    size = draw(st.integers(1, 12))
    kind = draw(st.sampled_from([*INTEGERS, np.dtype(bool), None]))
    labels = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    level = st.one_of(st.integers(-3, 3), st.floats(-1.7e308, 1.7e308))
    scores = draw(st.lists(level, min_size=size, max_size=size))
    return labels if kind is None else np.array(labels, dtype=kind), scores


@quick
@given(labelled_scores(), st.data())
def test_counts(data, more):
    truth, _ = data
    found = more.draw(st.lists(st.integers(0, 1), min_size=len(truth), max_size=len(truth)))
    pairs = list(zip(map(int, truth), found, strict=True))
    expected = tuple(map(pairs.count, [(1, 1), (0, 1), (1, 0), (0, 0)]))
    assert answer("01-metrics", "counts")(truth, found) == expected


@quick
@given(counted, counted, counted, counted)
def test_rates(tp, fp, fn, tn):
    got = answer("01-metrics", "rates")(tp, fp, fn, tn)
    total = tp + fp + fn + tn
    expected = {
        "accuracy": exact(tp + tn, total),
        "prevalence": exact(tp + fn, total),
        "tpr": exact(tp, tp + fn),
        "fpr": exact(fp, fp + tn),
        "tnr": exact(tn, fp + tn),
        "ppv": exact(tp, tp + fp),
        "fdr": exact(fp, tp + fp),
        "npv": exact(tn, tn + fn),
    }
    assert got.keys() == expected.keys()
    assert_allclose([got[key] for key in expected], list(expected.values()), rtol=1e-15)


@quick
@given(
    st.one_of(st.just(0), counted),
    st.one_of(st.just(0), counted),
    counted,
    st.one_of(st.sampled_from([0, 1, 2]), st.floats(1e-9, 1e9)),
)
def test_f_beta(tp, fp, fn, beta):
    square = Fraction(beta) ** 2
    expected = exact((1 + square) * tp, (1 + square) * tp + square * fn + fp)
    assert_allclose(answer("01-metrics", "f_beta")(tp, fp, fn, beta), expected, rtol=1e-14)


@quick
@given(labelled_scores())
def test_curves_and_area(data):
    truth, scores = data
    labels = [int(label) for label in truth]
    positives, size = sum(labels), len(labels)
    thresholds = [math.inf, *sorted(set(map(float, scores)), reverse=True)]
    hits, alarms = (
        [
            sum(label == kind and score >= t for label, score in zip(labels, scores, strict=True))
            for t in thresholds
        ]
        for kind in (1, 0)
    )
    fpr, tpr, levels = answer("01-metrics", "roc_curve")(truth, scores)
    assert_allclose(fpr, [exact(alarm, size - positives) for alarm in alarms], rtol=1e-15)
    assert_allclose(tpr, [exact(hit, positives) for hit in hits], rtol=1e-15)
    assert np.array_equal(levels, thresholds)
    precision, recall, levels = answer("01-metrics", "precision_recall_curve")(truth, scores)
    called = [exact(hit, hit + alarm) for hit, alarm in zip(hits, alarms, strict=True)]
    assert_allclose(precision, [1.0, *called[1:]], rtol=1e-15)
    assert_allclose(recall, [exact(hit, positives) for hit in hits], rtol=1e-15)
    assert np.array_equal(levels, thresholds)
    wins = sum(
        Fraction((a > b) - (a < b) + 1, 2)
        for a, one in zip(scores, labels, strict=True)
        for b, other in zip(scores, labels, strict=True)
        if one > other
    )
    area = answer("01-metrics", "auc")(truth, scores)
    assert_allclose(area, exact(wins, positives * (size - positives)), rtol=1e-14)


@quick
@given(st.integers(1, 4), st.sampled_from([*INTEGERS, None]), st.data())
def test_macro_and_micro_f1(classes, kind, data):
    top = min(2**40, np.iinfo(kind or np.int64).max)
    cell = st.one_of(st.just(0), st.just(top), st.integers(0, top))
    row = st.lists(cell, min_size=classes, max_size=classes)
    matrix = data.draw(st.lists(row, min_size=classes, max_size=classes))
    columns = [sum(column) for column in zip(*matrix, strict=True)]
    whole = [sum(row) + column for row, column in zip(matrix, columns, strict=True)]
    hits = [matrix[k][k] for k in range(classes)]
    scores = [Fraction(2 * hit, all_) for hit, all_ in zip(hits, whole, strict=True) if all_]
    expected = exact(sum(scores), len(scores)), exact(2 * sum(hits), sum(whole))
    got = answer("01-metrics", "macro_micro_f1")(matrix if kind is None else np.array(matrix, kind))
    assert_allclose(got, expected, rtol=1e-14)


@quick
@given(
    st.lists(st.integers(-128, 127), min_size=1, max_size=9),
    st.sampled_from([np.int8, np.int16, np.float16, np.float32, float, list]),
    st.sampled_from([0, 0.5, 1, 3, 7]),
    st.sampled_from([0.5, 1, 3]),
)
def test_decide(z, kind, cost_fp, cost_fn):
    expected = []
    for logit in z:
        left = math.log(cost_fp) if cost_fp else -math.inf
        expected.append(int(logit + math.log(cost_fn) >= left))
    given_z = z if kind is list else np.array(z, dtype=kind)
    assert np.array_equal(answer("03-logistic", "decide")(given_z, cost_fp, cost_fn), expected)


@quick
@given(st.lists(st.tuples(logits, st.floats(0, 1)), min_size=1, max_size=9))
def test_losses_from_logits(pairs):
    z, y = np.array(pairs).T
    losses = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
    assert_allclose(answer("03-logistic", "sigmoid")(z), special.expit(z), rtol=1e-13)
    assert_allclose(answer("03-logistic", "loss_from_logits")(z, y), losses, rtol=1e-13)
    cost, gradient = answer("05-losses", "binary_cross_entropy")(z, y)
    assert_allclose(cost, losses.mean(), rtol=1e-13)
    assert_allclose(gradient, (special.expit(z) - y) / len(z), rtol=1e-13, atol=1e-15)


@quick
@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_damped_newton_reaches_its_end(features, seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 30))
    X = rng.normal(size=(size, features)) * 10 ** rng.uniform(-2, 2)
    y = rng.permutation(np.arange(size) % 2)
    w, b = rng.normal(size=features), float(rng.normal(0, 9))
    w *= max(0, 20 - abs(b)) / max(1e-9, np.abs(X @ w).max()) * rng.random()
    lam = 10 ** rng.uniform(-3, 1)
    w, b, costs = answer("03-logistic", "damped_newton")(X, y, lam, w, b)
    error = special.expit(X @ w + b) - y
    assert max(abs(error.mean()), *abs(error @ X / size + lam * w)) <= 1.0001e-6
    assert len(costs) <= 101
    assert all(np.diff(costs) <= 0)


@quick
@given(
    st.lists(
        st.one_of(st.sampled_from([math.nan, math.inf, 0.0, 1.0]), st.floats(0, 2)),
        min_size=1,
        max_size=9,
    ),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.25]),
)
def test_early_stopping(losses, patience, min_delta):
    best = None
    for last, loss in enumerate(losses):
        if not math.isnan(loss) and (best is None or loss < losses[best] - min_delta):
            best = last
        if last - (-1 if best is None else best) >= patience:
            break
    weights, epoch, seen = answer("07-training", "early_stopping")(
        lambda epoch: (losses[epoch], [epoch]), patience, len(losses), min_delta
    )
    assert (weights, epoch) == (None if best is None else [best], best)
    assert np.array_equal(seen, losses[: last + 1], equal_nan=True)


residuals = st.one_of(st.integers(-9, 9), st.floats(-1e6, 1e6), st.sampled_from([1e200, -1e200]))


@quick
@given(st.lists(residuals, min_size=1, max_size=9), st.sampled_from([0.25, 1, 3]))
def test_absolute_and_huber_error(residual, delta):
    size, r = len(residual), [Fraction(value) for value in residual]
    signs = [(value > 0) - (value < 0) for value in r]
    zeros = np.zeros(size)
    cost, gradient = answer("05-losses", "absolute_error")(residual, zeros)
    assert_allclose(cost, exact(sum(map(abs, r)), size), rtol=1e-14)
    assert_allclose(gradient, [exact(sign, size) for sign in signs], rtol=1e-15)
    d = Fraction(delta)
    losses = [v**2 / 2 if abs(v) <= d else d * (abs(v) - d / 2) for v in r]
    cost, gradient = answer("05-losses", "huber_error")(residual, zeros, delta)
    assert_allclose(cost, exact(sum(losses), size), rtol=1e-14)
    slopes = [max(-d, min(d, v)) for v in r]
    assert_allclose(gradient, [exact(slope, size) for slope in slopes], rtol=1e-14)


@quick
@given(st.integers(1, 5), st.integers(1, 4), st.sampled_from([*INTEGERS, None]), st.data())
def test_squared_error(size, outputs, kind, data):
    top = min(10**6, np.iinfo(kind or np.int64).max)
    row = st.lists(st.integers(0, top), min_size=outputs, max_size=outputs)
    table = st.lists(row, min_size=size, max_size=size)
    y_hat, y = data.draw(table), data.draw(table)
    half, average = data.draw(st.booleans()), data.draw(st.booleans())
    total = int(np.sum((np.array(y_hat, dtype=object) - np.array(y, dtype=object)) ** 2))
    expected = exact(total, (2 if half else 1) * (size if average else 1))
    if kind is not None:
        y_hat, y = np.array(y_hat, kind), np.array(y, kind)
    got = answer("05-losses", "squared_error")(y_hat, y, half=half, average=average)
    assert_allclose(got, expected, rtol=1e-14)


@quick
@given(
    st.integers(1, 4).flatmap(
        lambda k: st.lists(st.lists(logits, min_size=k, max_size=k), min_size=1, max_size=5)
    ),
    st.sampled_from([0.001, 0.5, 1, 1000]),
    st.data(),
)
def test_cross_entropy_and_its_gradient(Z, temperature, data):
    classes = len(Z[0])
    index = st.integers(0, classes - 1)
    labels = data.draw(st.lists(index, min_size=len(Z), max_size=len(Z)))
    losses = special.logsumexp(Z, axis=1) - np.array(Z)[range(len(Z)), labels]
    size = np.abs(Z).max()
    got = answer("05-losses", "cross_entropy")(Z, labels)
    assert_allclose(got, losses, rtol=1e-13, atol=1e-15 * max(9, size))
    Y = np.eye(classes)[labels]
    gradient = answer("05-losses", "cross_entropy_gradient")(Z, Y, temperature)
    soft = special.softmax(np.array(Z) / temperature, axis=1)
    assert_allclose(gradient * len(Z) * temperature, soft - Y, atol=1e-14)


@quick
@given(st.lists(st.tuples(logits, st.integers(0, 1)), min_size=1, max_size=9))
def test_focal_loss_without_focus_is_the_cross_entropy(pairs):
    z, y = np.array(pairs).T
    losses, slopes = answer("05-losses", "focal_loss")(z, y, 0)
    expected = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
    assert_allclose(losses, expected, rtol=1e-13)
    assert_allclose(slopes, special.expit(z) - y, rtol=1e-13, atol=1e-15)


@quick
@given(st.integers(1, 6), st.integers(1, 4), st.sampled_from([*INTEGERS, None]), st.data())
def test_standardise(rows, features, kind, data):
    low, high = (-(10**6), 10**6)
    if kind is not None:
        low, high = max(low, np.iinfo(kind).min), min(high, np.iinfo(kind).max)
    row = st.lists(st.integers(low, high), min_size=features, max_size=features)
    train = data.draw(st.lists(row, min_size=rows, max_size=rows))
    scale = 1 if kind is not None else data.draw(st.sampled_from([1, 1e-90, 1e90]))
    values = np.array(train, dtype=kind) * scale if kind is None else np.array(train, dtype=kind)
    z, other, mean, std = answer("07-training", "standardise")(values, values[:1])
    for k, column in enumerate(zip(*values.tolist(), strict=True)):
        numbers = [Fraction(value) for value in column]
        centre = sum(numbers) / rows
        variance = sum((number - centre) ** 2 for number in numbers) / rows
        spread = float(variance / Fraction(scale) ** 2) ** 0.5 * scale if variance else 1.0
        assert_allclose(mean[k], float(centre), rtol=1e-13, atol=1e-9 * scale)
        assert_allclose(std[k], spread, rtol=1e-9)
        expected = [float((number - centre) / Fraction(spread)) for number in numbers]
        assert_allclose(z[:, k], expected, atol=1e-9)
        assert_allclose(other[:, k], expected[:1], atol=1e-9)
