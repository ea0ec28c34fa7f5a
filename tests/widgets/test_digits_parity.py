"""The digit pad's model against NumPy, SciPy and the data of scikit-learn."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import log_softmax, softmax
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

from shallow import networks

VIEW = Path(__file__).parents[2] / "shallow" / "widgets" / "digits.js"


@pytest.fixture(scope="module")
def shipped():
    return networks.digit_reader()


def plain(network):
    return {name: values.tolist() for name, values in network._asdict().items()}


@pytest.fixture
def pictures(rng):
    """Real digits, noise, blank and full."""
    noise = rng.uniform(0, 16, (20, 64))
    return np.concatenate(
        [load_digits().data[::60], noise, np.zeros((1, 64)), np.full((1, 64), 16)]
    )


def scores(network, x):
    W1, b1, W2, b2 = network
    return np.maximum(0, x @ W1.T + b1) @ W2.T + b2


def test_forward(js, shipped, pictures):
    got = js("digits.js", "forward", [(plain(shipped), picture) for picture in pictures])
    z = pictures / 16 @ shipped.W1.T + shipped.b1
    assert_allclose([one["z"] for one in got], z, rtol=1e-11, atol=1e-12)
    assert_allclose([one["a"] for one in got], z.clip(0), rtol=1e-11, atol=1e-12)
    want = softmax(scores(shipped, pictures / 16), axis=1)
    assert_allclose([one["p"] for one in got], want, rtol=1e-10, atol=1e-15)


def test_forward_against_scikit_learn(js, shipped):
    data = load_digits()
    model = MLPClassifier((32,), max_iter=1, random_state=0)
    model.partial_fit(data.data[:20] / 16, data.target[:20], classes=range(10))
    model.coefs_, model.intercepts_ = [shipped.W1.T, shipped.W2.T], [shipped.b1, shipped.b2]
    got = js("digits.js", "forward", [(plain(shipped), x) for x in data.data[1000::20]])
    want = model.predict_proba(data.data[1000::20] / 16)
    assert_allclose([one["p"] for one in got], want, rtol=1e-9, atol=1e-14)
    assert_allclose(np.argmax([one["p"] for one in got], axis=1), want.argmax(axis=1))


def test_pixel_slopes_by_the_central_difference(js, shipped, pictures, rng):
    # One ReLU's bend lies within the step now and then: those few are left out.
    digits = rng.integers(10, size=len(pictures)).tolist()
    cases = [(plain(shipped), x, k) for x, k in zip(pictures, digits, strict=True)]
    got = np.array(js("digits.js", "pixelSlopes", cases))
    h = 1e-6
    loss = lambda x: -log_softmax(scores(shipped, x), axis=-1)  # noqa: E731
    for x, k, slopes in zip(pictures / 16, digits, got, strict=True):
        ways = h * np.eye(64)
        want = (loss(x + ways)[:, k] - loss(x - ways)[:, k]) / (2 * h)
        bends = np.abs(x @ shipped.W1.T + shipped.b1).min() < 2 * h
        assert bends or np.abs(slopes - want).max() < 1e-6
    assert np.abs(got).max() > 1


def test_adversarial_step(js, shipped, pictures):
    cases = [(plain(shipped), x, 3, 0.05) for x in pictures]
    got = np.array(js("digits.js", "adversarialStep", cases))
    slopes = np.array(js("digits.js", "pixelSlopes", [case[:3] for case in cases]))
    assert_allclose(got, np.clip(pictures + 0.8 * np.sign(slopes), 0, 16), atol=1e-12)
    before, after = (softmax(scores(shipped, x / 16), axis=1)[:, 3] for x in (pictures, got))
    assert np.mean(after <= before) > 0.95  # a step along a slope, not a promise


def test_stroke_covers_a_capsule(js, rng):
    centres = (np.arange(32) + 0.5) / 4
    X, Y = np.meshgrid(centres, centres)
    cases = [
        ((rng.random(1024) < 0.1).astype(int), *rng.uniform(0, 8, (2, 2)), rng.uniform(0.3, 2))
        for _ in range(30)
    ]
    cases += [(np.zeros(1024, int), [2.1, 3.3], [2.1, 3.3], 0.7)]  # a dot
    for (ink, start, end, radius), got in zip(cases, js("digits.js", "stroke", cases), strict=True):
        along = np.linspace(0, 1, 801)[:, None, None]
        (x0, y0), (x1, y1) = start, end
        far = np.hypot(X - x0 - along * (x1 - x0), Y - y0 - along * (y1 - y0)).min(axis=0)
        clear = np.abs(far - radius) > 1e-4  # the sampled line is a little off at the rim
        want = (ink.reshape(32, 32) > 0) | (far <= radius)
        assert (np.reshape(got, (32, 32)) == want)[clear].all()


def test_counts(js, rng):
    cases = [[(rng.random(1024) < share).astype(int)] for share in np.linspace(0, 1, 12)]
    want = [case[0].reshape(8, 4, 8, 4).sum(axis=(1, 3)).ravel() for case in cases]
    assert js("digits.js", "counts", cases) == np.array(want).tolist()


def test_shift(js, pictures):
    for columns in (-2, -1, 0, 1, 3):
        got = js("digits.js", "shift", [(picture, columns) for picture in pictures])
        squares = np.pad(pictures.reshape(-1, 8, 8), ((0, 0), (0, 0), (3, 3)))
        assert_allclose(got, squares[:, :, 3 - columns : 11 - columns].reshape(-1, 64))


def test_decode_gives_test_digits_of_the_chapter(js):
    texts = re.findall(r'decode\("(\w{64})"\)', VIEW.read_text(encoding="utf-8"))
    assert len(texts) == 2
    got = js("digits.js", "decode", [[text] for text in texts])
    data = load_digits()
    held_out = np.random.default_rng(0).permutation(len(data.target))[1300:]
    for pixels, digit in zip(got, (3, 8), strict=True):
        (row,) = np.flatnonzero((data.data == pixels).all(axis=1))
        assert data.target[row] == digit
        assert row in held_out
