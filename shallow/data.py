"""Small seeded data sets that the chapters share.

Every generator takes a ``seed`` and gives the same arrays for the same arguments,
so that a number on a page can be computed again by its reader.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def binormal(
    n: int, prevalence: float = 0.5, distance: float = 2.0, seed: int = 0
) -> tuple[Labels, Floats]:
    """Draw labels and the scores of a classifier of known quality.

    The score is N(0, 1) for a negative and N(``distance``, 1) for a positive,
    so the area under the ROC curve is Φ(``distance`` / √2) (Hanley and McNeil, 1982).

    Parameters
    ----------
    n
        Number of objects, at least 1; round(n · prevalence) of them are positive.
    prevalence
        Share of positives, from 0 to 1.
    distance
        Distance between the two means, in standard deviations.
    seed
        Seed of the random numbers.

    Returns
    -------
    truth : shape (n,), 1 for a positive and 0 for a negative, in random order
    score : shape (n,), higher means "more likely positive"

    Raises
    ------
    ValueError
        If ``n`` or ``prevalence`` is out of range.

    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if not 0 <= prevalence <= 1:
        raise ValueError(f"prevalence must lie between 0 and 1, got {prevalence}")
    rng = np.random.default_rng(seed)
    truth = (rng.permutation(n) < round(n * prevalence)).astype(np.int64)
    return truth, rng.normal(distance * truth)


def binormal_posterior(score: Floats, prevalence: float = 0.5, distance: float = 2.0) -> Floats:
    """Give the exact probability that an object of :func:`binormal` is positive.

    Bayes' rule for two normal densities of unit variance: the log-odds are linear,
    log(π / (1 - π)) + d · (score - d / 2).

    Parameters
    ----------
    score
        Scores, any shape.
    prevalence
        Share of positives π, strictly between 0 and 1.
    distance
        Distance d between the two means.

    Returns
    -------
    probability : same shape as ``score``

    Raises
    ------
    ValueError
        If ``prevalence`` is not strictly between 0 and 1.

    """
    if not 0 < prevalence < 1:
        raise ValueError(f"prevalence must lie strictly between 0 and 1, got {prevalence}")
    log_odds = np.log(prevalence / (1 - prevalence)) + distance * (score - distance / 2)
    probability: Floats = 1 / (1 + np.exp(-log_odds))
    return probability


def photometric_redshifts(
    n: int = 500, outliers: float = 0.04, seed: int = 0
) -> tuple[Floats, Floats]:
    """Draw true redshifts of galaxies and the estimates of an imperfect regression.

    The error grows as 1 + z: a bias of 0.01 and a normal scatter of 0.03, in units of 1 + z,
    and a share of catastrophic outliers whose estimate is uniform between 0 and 3.

    Parameters
    ----------
    n
        Number of galaxies, at least 1.
    outliers
        Share of catastrophic outliers, from 0 to 1; round(n · outliers) of them are drawn.
    seed
        Seed of the random numbers.

    Returns
    -------
    z_true : shape (n,), from 0.05 to 1.5
    z_estimated : shape (n,)

    Raises
    ------
    ValueError
        If ``n`` or ``outliers`` is out of range.

    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if not 0 <= outliers <= 1:
        raise ValueError(f"outliers must lie between 0 and 1, got {outliers}")
    rng = np.random.default_rng(seed)
    z_true = rng.uniform(0.05, 1.5, n)
    z_estimated = z_true + (1 + z_true) * rng.normal(0.01, 0.03, n)
    lost = rng.permutation(n) < round(n * outliers)
    return z_true, np.where(lost, rng.uniform(0, 3, n), z_estimated)


def galaxy_colours(n: int, seed: int = 0) -> tuple[Floats, Labels]:
    """Draw two rest-frame colours of galaxies and whether they still form stars.

    An imitation of the diagram in which Williams et al. (2009) tell the two kinds apart:
    quiescent galaxies are a clump, star-forming ones a slanted band below it.

    Parameters
    ----------
    n
        Number of galaxies, at least 1; n // 2 of them are quiescent.
    seed
        Seed of the random numbers.

    Returns
    -------
    colours : shape (n, 2), V - J and U - V in magnitudes
    quiescent : shape (n,), 1 for a quiescent and 0 for a star-forming galaxy, in random order

    Raises
    ------
    ValueError
        If ``n`` is out of range.

    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    rng = np.random.default_rng(seed)
    quiescent = (rng.permutation(n) < n // 2).astype(np.int64)
    vj = np.where(quiescent, rng.normal(1.05, 0.22, n), rng.uniform(0.2, 1.9, n))
    uv_quiescent = 1.8 + 0.5 * (vj - 1.05) + rng.normal(0, 0.16, n)
    uv_star_forming = 0.45 + 0.72 * vj + rng.normal(0, 0.2, n)
    return np.c_[vj, np.where(quiescent, uv_quiescent, uv_star_forming)], quiescent


def galaxy_posterior(colours: Floats) -> Floats:
    """Give the exact probability that a galaxy of :func:`galaxy_colours` is quiescent.

    Bayes' rule for the two densities from which they are drawn, half of them each.

    Parameters
    ----------
    colours
        V - J and U - V in magnitudes, shape (n, 2).

    Returns
    -------
    probability : shape (n,); no rule from the two colours is right more often than its greater side

    """
    vj, uv = colours.T
    quiescent = _normal(vj, 1.05, 0.22) * _normal(uv, 1.8 + 0.5 * (vj - 1.05), 0.16)
    within = (vj >= 0.2) & (vj <= 1.9)
    star_forming = within / (1.9 - 0.2) * _normal(uv, 0.45 + 0.72 * vj, 0.2)
    probability: Floats = quiescent / (quiescent + star_forming)
    return probability


def _normal(x: Floats, mean: Floats | float, sd: float) -> Floats:
    density: Floats = np.exp(-(((x - mean) / sd) ** 2) / 2) / (sd * np.sqrt(2 * np.pi))
    return density


def noisy_sine(n: int, noise: float = 0.3, seed: int = 0) -> tuple[Floats, Floats]:
    """Draw points of sin(πx) on [-1, 1] with normal noise, one from each of n equal slices.

    Parameters
    ----------
    n
        Number of points, at least 1.
    noise
        Standard deviation of the noise, at least 0.
    seed
        Seed of the random numbers.

    Returns
    -------
    x : shape (n,), ascending
    y : shape (n,)

    Raises
    ------
    ValueError
        If ``n`` or ``noise`` is out of range.

    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if noise < 0:
        raise ValueError(f"noise must be at least 0, got {noise}")
    rng = np.random.default_rng(seed)
    x = (2 * np.arange(n) + 2 * rng.random(n)) / n - 1
    return x, np.sin(np.pi * x) + rng.normal(0, noise, n)


def separable(n: int, gap: float = 0.3, seed: int = 0) -> tuple[Floats, Labels]:
    """Draw two classes that a line through (1/2, 1/2) separates, with an empty strip along it.

    Parameters
    ----------
    n
        Number of points, at least 1; n // 2 of them are positive.
    gap
        Least distance of a point from the line, at least 0.
    seed
        Seed of the direction of the line and of the points.

    Returns
    -------
    X : shape (n, 2)
    y : shape (n,), +1 on one side of the line and -1 on the other, in random order

    Raises
    ------
    ValueError
        If ``n`` or ``gap`` is out of range.

    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if gap < 0:
        raise ValueError(f"gap must be at least 0, got {gap}")
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi)
    y = np.where(rng.permutation(n) < n // 2, 1, -1)
    across = y * (gap + rng.uniform(0, 2, n))
    along = rng.uniform(-2, 2, n)
    normal, tangent = [np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]
    return 0.5 + np.outer(across, normal) + np.outer(along, tangent), y
