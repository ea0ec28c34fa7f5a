"""The reference solutions of 08-digits agree with scikit-learn, and so do its digits."""

import base64
import re
import zlib
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import approx_fprime
from scipy.special import log_softmax
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._stochastic_optimizers import SGDOptimizer
from sklearn.preprocessing import OneHotEncoder

from tests.exercises.grading import questions, read_notebook, sources
from tests.exercises.running import namespace

ASSIGNMENT = "08-digits"
SCORES = {"learn-first-hidden": 70, "learn-second-hidden": 80, "learn-third-hidden": 91}


@pytest.fixture(params=range(5))
def rng(request):
    return np.random.default_rng(request.param)


def drawn(rng, sizes):
    return [(rng.normal(size=(o, i)), rng.normal(size=o)) for i, o in pairwise(sizes)]


def packed(source):
    """Return the digits in a cell: a row of pixels and the label for each."""
    text = max(re.findall(r'"([\w=-]{5000,})"', source), key=len)
    table = np.frombuffer(zlib.decompress(base64.urlsafe_b64decode(text)), np.uint8)
    return table.reshape(-1, 65)


def test_digits_are_those_of_scikit_learn_and_none_is_told():
    every = load_digits()
    rows = {bytes(row) for row in np.column_stack([every.data, every.target]).astype(np.uint8)}
    cells = sources(read_notebook("solutions", ASSIGNMENT))
    known = packed(cells["setup"])
    names = namespace(ASSIGNMENT)
    assert_array_equal(names["images"].reshape(1000, 64), known[:, :64])
    assert_array_equal(names["labels"], known[:, 64])
    told = {bytes(row) for row in known}
    assert len(told) == 1000
    assert told <= rows
    released = "".join(sources(read_notebook("exercises", ASSIGNMENT)).values())
    for name, source in cells.items():
        if name.startswith("learn-") and name.endswith("-hidden"):
            held = {bytes(row) for row in packed(source)}
            assert len(held) == 400
            assert held <= rows - told
            assert max(re.findall(r"[\w=-]{5000,}", source), key=len) not in released


def test_prepare(student):
    digits = load_digits()
    X, Y = student["prepare"](digits.images, digits.target)
    assert_array_equal(X, digits.data / 16)
    encoder = OneHotEncoder(sparse_output=False)
    assert_array_equal(Y, encoder.fit_transform(digits.target[:, np.newaxis]))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_probabilities_of_a_library_s_network(student, rng):
    X, y = rng.normal(size=(60, 5)), rng.integers(0, 4, 60)
    library = MLPClassifier((7, 3), max_iter=3, random_state=0).fit(X, y)
    layers = [(W.T, b) for W, b in zip(library.coefs_, library.intercepts_, strict=True)]
    assert_allclose(student["forward"](layers, X)[-1], library.predict_proba(X), atol=1e-12)


def test_slopes(student, rng):
    layers = drawn(rng, (3, 4, 3))
    X, Y = rng.normal(size=(5, 3)), np.eye(3)[rng.integers(0, 3, 5)]
    cost, gradients = student["slopes"](layers, X, Y, 0.3)
    arrays = [array for layer in layers for array in layer]
    ends = np.cumsum([array.size for array in arrays])[:-1]

    def penalised(flat):
        U, p, V, q = (
            part.reshape(array.shape)
            for part, array in zip(np.split(flat, ends), arrays, strict=True)
        )
        log_p = log_softmax(np.maximum(X @ U.T + p, 0) @ V.T + q, axis=1)
        return -(Y * log_p).sum() / 5 + 0.15 * ((U**2).sum() + (V**2).sum())

    flat = np.concatenate([array.ravel() for array in arrays])
    assert_allclose(cost, penalised(flat))
    found = np.concatenate([slope.ravel() for pair in gradients for slope in pair])
    assert_allclose(found, approx_fprime(flat, penalised), atol=1e-5)


def test_momentum(student, rng):
    (start,) = drawn(rng, (3, 2))
    slopes = rng.normal(size=(12, 2, 3)), rng.normal(size=(12, 2))
    moved = [array.copy() for array in start]  # scikit-learn's optimizer changes them in place
    library = SGDOptimizer(moved, 0.1, momentum=0.8, nesterov=False)
    for pair in zip(*slopes, strict=True):
        library.update_params(moved, list(pair))
    ((W, b),) = student["train"](
        lambda _, k: [(slopes[0][k], slopes[1][k])], [start], range(12), lambda _: 0.1, 0.8
    )
    assert_allclose(W, moved[0])
    assert_allclose(b, moved[1])


def test_judge(student, rng):
    P, labels = rng.dirichlet(np.ones(6), 90), rng.integers(0, 6, 90)
    accuracy, error, confusion, worst = student["judge"](P, labels)
    guesses = P.argmax(axis=1)
    assert_allclose(accuracy, accuracy_score(labels, guesses))
    again = rng.binomial(90, accuracy, 20_000) / 90
    assert_allclose(error, again.std(), rtol=0.05)
    assert_array_equal(confusion, confusion_matrix(labels, guesses, labels=range(6)))
    assert set(worst) == set(np.flatnonzero(labels != guesses))
    assert np.all(np.diff(P[worst, labels[worst]]) >= 0)


def test_pruned_networks_are_nested(student, rng):
    layers = drawn(rng, (4, 5, 3))
    size = 0
    for keep in range(36):
        pruned = student["prune"](layers, keep)
        left = sum(np.count_nonzero(W) for W, _ in pruned)
        assert left == min(keep, 35)
        norm = sum(np.sum(W**2) for W, _ in pruned)
        assert norm >= size
        size = norm


def test_fooled_pictures_cost_more(student, rng):
    layers = drawn(rng, (6, 8, 3))
    X, Y = rng.uniform(0.2, 0.8, (20, 6)), np.eye(3)[rng.integers(0, 3, 20)]
    fooled = student["fool"](layers, X, Y, 1e-4)
    before, after = (student["slopes"](layers, pictures, Y)[0] for pictures in (X, fooled))
    for _ in range(20):
        other = X + 1e-4 * rng.choice([-1, 1], X.shape)
        assert student["slopes"](layers, other, Y)[0] <= after
    assert before < after


def test_what_the_statement_says_of_scores():
    cells = sources(read_notebook("solutions", ASSIGNMENT))
    statement = cells["learn-statement"]
    points = questions(read_notebook("solutions", ASSIGNMENT))["learn"]
    scores = re.search(
        r"score of (\d+) is worth (\d) points, one of (\d+) another (\d), "
        r"and one of (\d+) another (\d)",
        statement,
    )
    values = [int(value) for value in scores.groups()]
    assert dict(zip(SCORES, values[::2], strict=True)) == SCORES
    assert [points[name] for name in SCORES] == values[1::2]
    for name, score in SCORES.items():
        assert f"got >= {score} - 0.5" in cells[name]
    assert 95 - 400 / 100 >= 91


def test_what_the_last_question_shows(student):
    """The model answer holds for any seed: a network, and so its figures, are another elsewhere."""
    names = namespace(ASSIGNMENT)
    X, Y = student["prepare"](names["images"], names["labels"])
    truth = names["labels"][700:]
    for seed in range(2):
        layers = student["learn"](X[:700], names["labels"][:700], np.random.default_rng(seed))
        accuracy, error, _, worst = student["judge"](student["forward"](layers, X[700:])[-1], truth)
        assert 0.91 < accuracy < 0.97
        assert 0.01 < error < 0.017
        assert len(worst) >= 6
        moved = student["fool"](layers, X[700:], Y[700:], 0.1)
        fooled, *_ = student["judge"](student["forward"](layers, moved)[-1], truth)
        assert 0.35 < fooled < 0.65
