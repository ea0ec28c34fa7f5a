"""The reference solutions of 01-metrics agree with scikit-learn and SciPy on random data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sklearn import metrics

ASSIGNMENT = "01-metrics"


@pytest.fixture(params=range(20))
def scored(request):
    """Return labels of both classes and scores with ties."""
    rng = np.random.default_rng(request.param)
    truth = rng.permutation(np.arange(rng.integers(2, 400)) % rng.integers(2, 6) == 0).astype(int)
    return truth, rng.integers(0, 30, len(truth)) / 10 + truth


def test_counts_rates_and_f_score(student, scored):
    truth, score = scored
    found = (score > 1.5).astype(int)
    tp, fp, fn, tn = student["counts"](truth, found)
    assert_allclose([[tn, fp], [fn, tp]], metrics.confusion_matrix(truth, found, labels=[0, 1]))
    rates = student["rates"](tp, fp, fn, tn)
    undefined = {"zero_division": np.nan}
    assert_allclose(rates["accuracy"], metrics.accuracy_score(truth, found))
    assert_allclose(rates["tpr"], metrics.recall_score(truth, found, **undefined))
    assert_allclose(rates["tnr"], metrics.recall_score(truth, found, pos_label=0, **undefined))
    assert_allclose(rates["ppv"], metrics.precision_score(truth, found, **undefined))
    assert_allclose(rates["npv"], metrics.precision_score(truth, found, pos_label=0, **undefined))
    for beta in (0.5, 1, 2):
        expected = metrics.fbeta_score(truth, found, beta=beta, **undefined)
        assert_allclose(student["f_beta"](tp, fp, fn, beta), expected)


def test_roc_curve_and_area(student, scored):
    truth, score = scored
    expected = metrics.roc_curve(truth, score, drop_intermediate=False)
    for got, right in zip(student["roc_curve"](truth, score), expected, strict=True):
        assert_allclose(got, right)
    area = student["auc"](truth, score)
    assert_allclose(area, metrics.roc_auc_score(truth, score))
    rank_statistic = stats.mannwhitneyu(score[truth == 1], score[truth == 0]).statistic
    assert_allclose(area * truth.sum() * (1 - truth).sum(), rank_statistic)


def test_precision_recall_curve_and_average(student, scored):
    truth, score = scored
    precision, recall, thresholds = student["precision_recall_curve"](truth, score)
    expected = metrics.precision_recall_curve(truth, score, drop_intermediate=False)
    for got, right in zip((precision, recall, thresholds[1:]), expected, strict=True):
        assert_allclose(got, right[::-1])
    average = student["average_precision"](precision, recall)
    assert_allclose(average, metrics.average_precision_score(truth, score))


def test_many_classes(student, scored):
    truth, score = scored
    classes = 5
    found = (score * 10).astype(int) % classes
    matrix = student["confusion_matrix"](truth, found, classes)
    assert_allclose(matrix, metrics.confusion_matrix(truth, found, labels=range(classes)))
    macro, micro = student["macro_micro_f1"](matrix)
    options = {"labels": range(classes), "zero_division": np.nan}
    assert_allclose(macro, metrics.f1_score(truth, found, average="macro", **options))
    assert_allclose(micro, metrics.f1_score(truth, found, average="micro", **options))


def test_residuals(student, scored):
    truth, prediction = scored
    bias, scatter, nmad = student["residual_summary"](truth, prediction)
    d = prediction - truth
    assert_allclose(bias, d.mean())
    assert_allclose(scatter, stats.tstd(d) * np.sqrt(1 - 1 / len(d)))
    assert_allclose(nmad, stats.median_abs_deviation(d, scale=1 / 1.4826), atol=1e-12)


def test_threshold_of_least_cost(student, scored):
    truth, score = scored
    fpr, tpr, thresholds = metrics.roc_curve(truth, score, drop_intermediate=False)
    cost = 2 * fpr * np.mean(truth == 0) + 3 * (1 - tpr) * np.mean(truth == 1)
    threshold, least = student["best_threshold"](truth, score, 2, 3)
    assert_allclose(least, cost.min())
    assert_allclose(cost[thresholds == threshold], least)
