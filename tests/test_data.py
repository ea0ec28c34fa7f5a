"""The chapters' data against SciPy, scikit-learn and their own promises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score
from sklearn.svm import LinearSVC

from shallow import data


@pytest.mark.parametrize(
    "generate",
    [lambda s: data.binormal(50, seed=s), lambda s: data.photometric_redshifts(50, seed=s)],
)
def test_same_seed_same_data(generate):
    first, again, other = generate(7), generate(7), generate(8)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[1], other[1])


@pytest.mark.parametrize(
    ("n", "prevalence", "positives"),
    [(10, 0, 0), (10, 1, 10), (1, 1, 1), (7, 0.5, 4), (1000, 0.1, 100)],
)
def test_binormal_holds_the_prevalence(n, prevalence, positives):
    truth, score = data.binormal(n, prevalence)
    assert truth.shape == score.shape == (n,)
    assert set(truth) <= {0, 1}
    assert truth.sum() == positives


@pytest.mark.parametrize("distance", [0, 1, 2.5])
def test_binormal_has_the_area_of_theory(distance):
    truth, score = data.binormal(40_000, 0.3, distance, seed=1)
    assert roc_auc_score(truth, score) == pytest.approx(
        stats.norm.cdf(distance / np.sqrt(2)), abs=0.01
    )
    for label in (0, 1):
        own = score[truth == label]
        assert stats.kstest(own, stats.norm(distance * label).cdf).pvalue > 0.001


@pytest.mark.parametrize("prevalence", [0.01, 0.5, 0.9])
def test_posterior_is_bayes_rule(prevalence):
    score = np.linspace(-6, 8, 57).reshape(3, 19)
    positive = prevalence * stats.norm.pdf(score, 1.7)
    negative = (1 - prevalence) * stats.norm.pdf(score)
    posterior = data.binormal_posterior(score, prevalence, 1.7)
    np.testing.assert_allclose(posterior, positive / (positive + negative), rtol=1e-9)


def test_redshifts_have_the_promised_errors():
    z, z_hat = data.photometric_redshifts(20_000, outliers=0, seed=2)
    delta = (z_hat - z) / (1 + z)
    assert 0.05 <= z.min() < z.max() <= 1.5
    assert delta.mean() == pytest.approx(0.01, abs=0.001)
    assert delta.std() == pytest.approx(0.03, abs=0.001)


def test_redshift_outliers_do_not_disturb_the_others():
    z, clean = data.photometric_redshifts(400, outliers=0, seed=3)
    same_z, dirty = data.photometric_redshifts(400, outliers=0.05, seed=3)
    assert np.array_equal(z, same_z)
    assert (clean != dirty).sum() == 20


def test_galaxies_come_in_two_groups_that_the_published_wedge_separates():
    colours, quiescent = data.galaxy_colours(20_001, seed=4)
    assert colours.shape == (20_001, 2)
    assert quiescent.sum() == 10_000
    vj, uv = colours.T
    wedge = (uv > 1.3) & (vj < 1.6) & (uv > 0.88 * vj + 0.59)
    assert 0.9 < wedge[quiescent == 1].mean() < 1
    assert 0 < wedge[quiescent == 0].mean() < 0.1
    same, _ = data.galaxy_colours(20_001, seed=4)
    assert np.array_equal(colours, same)


def test_the_posterior_of_galaxies_is_that_of_their_two_densities():
    colours, quiescent = data.galaxy_colours(200_000, seed=6)
    found = data.galaxy_posterior(colours)
    vj, uv = colours.T
    clump = stats.norm(1.05, 0.22).pdf(vj) * stats.norm(1.8 + 0.5 * (vj - 1.05), 0.16).pdf(uv)
    band = stats.uniform(0.2, 1.7).pdf(vj) * stats.norm(0.45 + 0.72 * vj, 0.2).pdf(uv)
    assert np.allclose(found, clump / (clump + band))
    for low in np.arange(10) / 10:  # and it keeps its promise
        bin_ = (found >= low) & (found < low + 0.1)
        spread = np.sqrt(0.25 / bin_.sum())
        assert quiescent[bin_].mean() == pytest.approx(found[bin_].mean(), abs=4 * spread)


def test_noisy_sine_has_one_point_in_each_slice_and_the_promised_noise():
    x, y = data.noisy_sine(20_000, noise=0.2, seed=5)
    assert np.array_equal(np.floor((x + 1) * 10_000), np.arange(20_000))
    residual = y - np.sin(np.pi * x)
    assert residual.mean() == pytest.approx(0, abs=0.005)
    assert residual.std() == pytest.approx(0.2, abs=0.005)
    assert np.array_equal(data.noisy_sine(7, noise=0)[1], np.sin(np.pi * data.noisy_sine(7)[0]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.binormal(0), "n must be at least 1, got 0"),
        (lambda: data.binormal(5, prevalence=1.2), "prevalence must lie between 0 and 1"),
        (lambda: data.binormal(5, prevalence=float("nan")), "prevalence must lie between 0 and 1"),
        (lambda: data.binormal_posterior(np.zeros(2), prevalence=0), "strictly between 0 and 1"),
        (lambda: data.photometric_redshifts(0), "n must be at least 1"),
        (lambda: data.photometric_redshifts(5, outliers=-0.1), "outliers must lie between 0 and 1"),
        (lambda: data.galaxy_colours(0), "n must be at least 1, got 0"),
        (lambda: data.noisy_sine(0), "n must be at least 1, got 0"),
        (lambda: data.noisy_sine(5, noise=-1), "noise must be at least 0, got -1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_separable_keeps_its_gap():
    for seed in range(20):
        X, y = data.separable(41, gap=0.25, seed=seed)
        assert X.shape == (41, 2)
        assert (y == 1).sum() == 20
        line = LinearSVC(loss="hinge", C=1e6, max_iter=10**6).fit(X, y)
        assert (line.predict(X) == y).all(), f"no line separates the classes of seed {seed}"
        distance = y * line.decision_function(X) / np.linalg.norm(line.coef_)
        assert distance.min() >= 0.25 - 1e-3, "the widest strip is at least the promised one"


def test_separable_is_reproducible_and_checks_its_arguments():
    first, again, other = (data.separable(9, seed=seed)[0] for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        data.separable(0)
    with pytest.raises(ValueError, match=r"gap must be at least 0, got -0\.1"):
        data.separable(5, gap=-0.1)
