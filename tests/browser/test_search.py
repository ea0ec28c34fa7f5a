"""What a reader types, and the section that must come first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

S, M, P, L = "start#", "metrics#", "perceptron#", "logistic#"
A, U, C, B, T = "activations#", "approximation#", "losses#", "backprop#", "training#"
R = "regularisation#"
FIRST = {
    "kullback leibler": C + "when-the-answer-is-one-of-k-classes",
    "KL divergence": C + "when-the-answer-is-one-of-k-classes",
    "k-fold": S + "three-sets-of-data",
    "statistical power": M + "how-many-test-objects",
    "p-value": M + "two-models-the-same-objects",
    "normal equations": P + "unit-zero-linear-regression",
    "ill-conditioned": T + "gradient-descent",
    "spirals": T + "the-playground",
    "bayes rule": M + "what-prevalence-does",
    "bayes error": R + "the-galaxies-for-the-last-time",
    "heaviside": P + "a-neuron-twice",
    "argmax": A + "softmax-several-outputs-one-decision",
    "exploding gradient": R + "where-to-start",
    "overfitting": S + "too-stiff-too-supple",
    "over-fitting": S + "too-stiff-too-supple",
    "underfitting": S + "too-stiff-too-supple",
    "bias variance tradeoff": S + "too-stiff-too-supple",
    "validation set": S + "three-sets-of-data",
    "test set": S + "three-sets-of-data",
    "data leakage": S + "leakage",
    "empirical risk": S + "a-loss-and-the-empirical-risk",
    "supervised learning": S + "supervised-learning-on-one-page",
    "reading time": S + "how-to-use-this-book",
    "confusion matrix": M + "four-kinds-of-outcome",
    "false positive": M + "four-kinds-of-outcome",
    "sensitivity": M + "the-whole-family-of-rates",
    "specificity": M + "the-whole-family-of-rates",
    "Recall": M + "the-whole-family-of-rates",
    "f1 score": M + "one-number-to-compare-models",
    "matthews correlation": M + "one-number-to-compare-models",
    "ROC": M + "the-roc-curve",
    "roc curve": M + "the-roc-curve",
    "AUC": M + "the-area-under-it",
    "area under the curve": M + "the-area-under-it",
    "precision recall curve": M + "the-precisionrecall-curve",
    "average precision": M + "the-precisionrecall-curve",
    "base rate": M + "what-prevalence-does",
    "prevalence": M + "what-prevalence-does",
    "calibration": M + "are-the-probabilities-honest",
    "brier score": M + "are-the-probabilities-honest",
    "mean squared error": M + "when-the-answer-is-a-number",
    "multiclass": M + "more-than-two-classes",
    "sklearn": M + "your-own-code-or-scikit-learn",
    "perceptron rule": P + "the-learning-rule",
    "XOR": P + "what-one-unit-cannot-do",
    "linear separability": P + "what-one-unit-cannot-do",
    "logic gates": P + "gates-by-hand",
    "novikoff": P + "it-must-end-the-mistake-bound",
    "decision boundary": P + "the-geometry-of-a-unit",
    "sigmoid": L + "the-sigmoid",
    "log odds": L + "view-i-log-odds",
    "maximum likelihood": L + "maximum-likelihood-gives-the-loss",
    "separable data": L + "too-good-to-be-true-separable-data",
    "activation function": A + "a-gallery",
    "leaky relu": A + "a-gallery",
    "vanishing gradients": A + "where-learning-stops",
    "dead relu": A + "the-dying-relu",
    "softmax": A + "softmax-several-outputs-one-decision",
    "universal approximation theorem": U + "the-theorems",
    "cross entropy": C + "when-the-answer-is-one-of-two-classes",
    "cross-entropy": C + "when-the-answer-is-one-of-two-classes",
    "log loss": C + "when-the-answer-is-one-of-two-classes",
    "huber loss": C + "when-the-answer-is-a-number",
    "loss function": C + "loss-cost-risk-metric",
    "saddle point": C + "the-shape-of-the-cost",
    "gradient checking": B + "is-the-gradient-right",
    "autograd": B + "a-tape",
    "computational graph": B + "a-graph-with-numbers-on-it",
    "learning rate": T + "gradient-descent",
    "stochastic gradient descent": T + "minibatches",
    "adam": T + "momentum-and-adam",
    "early stopping": T + "when-to-stop",
    "weight decay": R + "regularisation",
    "regularization": R + "regularisation",
    "weight initialization": R + "where-to-start",
    "dropout": R + "regularisation",
    "overfiting": S + "too-stiff-too-supple",
}
# Whose page comes first, whatever its section.
PAGES = {
    "back propagation": "backprop",
    "backpropagation": "backprop",
    "logistic regression": "logistic",
    "glossary": "glossary",
    "install": "exercises",
    "hand in": "exercises",
}


@pytest.fixture
def search(page: Page, site):
    """The page of the search, opened from a file."""
    page.goto((site / "search.html").as_uri() + "?q=sensitivity")
    page.wait_for_function("!!window.searchBook")
    return page


def test_the_section_that_answers_comes_first(search: Page) -> None:
    script = (
        """queries => queries.map((q) => searchBook(q).find((entry) => !entry.term)?.url ?? "")"""
    )
    queries = [*FIRST, *PAGES]
    assert len(queries) >= 60
    found = dict(zip(queries, search.evaluate(script, queries), strict=True))
    wanted = {query: f"chapters/{first.replace('#', '.html#')}" for query, first in FIRST.items()}
    wrong = [f"{q}: {found[q]}, not {url}" for q, url in wanted.items() if found[q] != url]
    wrong += [
        f"{q}: {found[q]}" for q, name in PAGES.items() if f"chapters/{name}.html" not in found[q]
    ]
    assert not wrong, "\n".join(wrong)


def test_from_a_file_a_search_shows_the_definition_and_excerpts(search: Page, watched) -> None:
    expect(search.locator(".search-term")).to_contain_text("recall")
    first = search.locator(".search-sections li").first
    expect(first.locator("mark").first).to_be_visible()
    first.get_by_role("link").click()
    expect(search).to_have_url(re.compile(r"metrics\.html#the-whole-family-of-rates$"))
    assert watched.problems == []
