"""Answers to 01-metrics: the misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, C408, RUF005  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · counts


@misconception("counts")
def fp_fn_swapped(y_true, y_pred):
    """Takes a false positive for a missed positive."""
    t, p = np.asarray(y_true, bool), np.asarray(y_pred, bool)
    return int((t & p).sum()), int((t & ~p).sum()), int((~t & p).sum()), int((~t & ~p).sum())


@misconception("counts")
def order_of_the_library(y_true, y_pred):
    """Returns tn, fp, fn, tp, the order in which scikit-learn's matrix unravels."""
    t, p = np.asarray(y_true, bool), np.asarray(y_pred, bool)
    return int((~t & ~p).sum()), int((~t & p).sum()), int((t & ~p).sum()), int((t & p).sum())


@misconception("counts")
def shares(y_true, y_pred):
    """Divides by the number of objects."""
    t, p = np.asarray(y_true, bool), np.asarray(y_pred, bool)
    n = max(len(t), 1)
    return (t & p).sum() / n, (~t & p).sum() / n, (t & ~p).sum() / n, (~t & ~p).sum() / n


@misconception("counts")
def floats(y_true, y_pred):
    """Counts in floats."""
    t, p = np.asarray(y_true, float), np.asarray(y_pred, float)
    return float(t @ p), float((1 - t) @ p), float(t @ (1 - p)), float((1 - t) @ (1 - p))


@misconception("counts")
def small_integers_overflow(y_true, y_pred):
    """Multiplies in the labels' own type, where a thousand does not fit."""
    t, p = np.asarray(y_true), np.asarray(y_pred)
    both = int(np.dot(t, p))
    return both, int(p.sum()) - both, int(t.sum()) - both, len(t) - int(t.sum() + p.sum()) + both


@misconception("counts")
def by_a_loop(y_true, y_pred):
    """Looks at one object after the other."""
    tp = fp = fn = tn = 0
    for t, p in zip(y_true, y_pred):
        if t == 1 and p == 1:
            tp += 1
        elif t == 0 and p == 1:
            fp += 1
        elif t == 1 and p == 0:
            fn += 1
        else:
            tn += 1
    return tp, fp, fn, tn


@misconception("counts")
def in_place(y_true, y_pred):
    """Uses the argument as scratch paper."""
    t, p = np.asarray(y_true), np.asarray(y_pred)
    n, positives, called = len(t), int(t.sum()), int(p.sum())
    t &= p
    tp = int(t.sum())
    return tp, called - tp, positives - tp, n - positives - called + tp


@alternative("counts")
def one_bincount(y_true, y_pred):
    """Counts the codes 0 to 3."""
    code = 2 * np.asarray(y_true, int) + np.asarray(y_pred, int)
    tn, fp, fn, tp = np.bincount(code, minlength=4).tolist()
    return tp, fp, fn, tn


@alternative("counts")
def comparisons(y_true, y_pred):
    """Compares with 0 and 1, and returns NumPy integers."""
    t, p = np.array(y_true), np.array(y_pred)
    return (
        np.sum((t == 1) & (p == 1)),
        np.sum((t == 0) & (p == 1)),
        np.sum((t == 1) & (p == 0)),
        np.sum((t == 0) & (p == 0)),
    )


@alternative("counts")
def from_margins(y_true, y_pred):
    """Gets three counts from the totals, in a list."""
    t, p = np.array(y_true, dtype="int64"), np.array(y_pred, dtype="int64")
    tp = int(t.dot(p))
    return [tp, int(p.sum()) - tp, int(t.sum()) - tp, t.size - int(p.sum()) - int(t.sum()) + tp]


# Question 2 · rates


@misconception("rates")
def zero_for_undefined(tp, fp, fn, tn):
    """Says 0 where a rate has no value."""

    def r(a, b):
        return a / b if b else 0.0

    n = tp + fp + fn + tn
    return {
        "accuracy": r(tp + tn, n),
        "prevalence": r(tp + fn, n),
        "tpr": r(tp, tp + fn),
        "fpr": r(fp, fp + tn),
        "tnr": r(tn, fp + tn),
        "ppv": r(tp, tp + fp),
        "fdr": r(fp, tp + fp),
        "npv": r(tn, tn + fn),
    }


warns = slip(
    "rates",
    "Lets NumPy make the nan, which warns.",
    {"a / b if b else 0.0": "float(np.float64(a) / b)"},
    of="zero_for_undefined",
)


@misconception("rates")
def plain_division(tp, fp, fn, tn):
    """Divides by zero."""
    n = tp + fp + fn + tn
    return {
        "accuracy": (tp + tn) / n,
        "prevalence": (tp + fn) / n,
        "tpr": tp / (tp + fn),
        "fpr": fp / (fp + tn),
        "tnr": tn / (fp + tn),
        "ppv": tp / (tp + fp),
        "fdr": fp / (tp + fp),
        "npv": tn / (tn + fn),
    }


fpr_is_contamination = slip(
    "rates",
    "Divides the false positives by all that was called positive.",
    {"b else 0.0": 'b else float("nan")', "fp, fp + tn),": "fp, tp + fp),"},
    of="zero_for_undefined",
)


fpr_is_specificity = slip(
    "rates",
    "Swaps the false positive rate and the specificity.",
    {
        "b else 0.0": 'b else float("nan")',
        ('fp, fp + tn),\n        "tnr": r(tn'): ('tn, fp + tn),\n        "tnr": r(fp'),
    },
    of="zero_for_undefined",
)


@misconception("rates")
def precision_is_recall(tp, fp, fn, tn):
    """Swaps precision and recall."""

    def r(a, b):
        return a / b if b else float("nan")

    n = tp + fp + fn + tn
    return {
        "accuracy": r(tp + tn, n),
        "prevalence": r(tp + fn, n),
        "tpr": r(tp, tp + fp),
        "fpr": r(fp, fp + tn),
        "tnr": r(tn, fp + tn),
        "ppv": r(tp, tp + fn),
        "fdr": r(fp, tp + fp),
        "npv": r(tn, tn + fn),
    }


@misconception("rates")
def undefined_everywhere(tp, fp, fn, tn):
    """Lets one undefined rate spoil all of them."""
    keys = ("accuracy", "prevalence", "tpr", "fpr", "tnr", "ppv", "fdr", "npv")
    n = tp + fp + fn + tn
    try:
        return dict(
            zip(
                keys,
                (
                    (tp + tn) / n,
                    (tp + fn) / n,
                    tp / (tp + fn),
                    fp / (fp + tn),
                    tn / (fp + tn),
                    tp / (tp + fp),
                    fp / (tp + fp),
                    tn / (tn + fn),
                ),
            )
        )
    except ZeroDivisionError:
        return dict.fromkeys(keys, float("nan"))


@misconception("rates")
def complement_of_the_undefined(tp, fp, fn, tn):
    """Takes FDR and TNR as complements of rates that were set to 0."""

    def r(a, b):
        return a / b if b else 0.0

    n = tp + fp + fn + tn
    ppv, fpr = r(tp, tp + fp), r(fp, fp + tn)
    return {
        "accuracy": r(tp + tn, n),
        "prevalence": r(tp + fn, n),
        "tpr": r(tp, tp + fn),
        "fpr": fpr,
        "tnr": 1 - fpr,
        "ppv": ppv,
        "fdr": 1 - ppv,
        "npv": r(tn, tn + fn),
    }


@alternative("rates")
def complements(tp, fp, fn, tn):
    """Takes FPR and FDR as complements; nan stays nan."""

    def r(a, b):
        try:
            return a / (a + b)
        except ZeroDivisionError:
            return np.nan

    tnr, ppv = r(tn, fp), r(tp, fp)
    return dict(
        accuracy=r(tp + tn, fp + fn),
        prevalence=r(tp + fn, fp + tn),
        tpr=r(tp, fn),
        fpr=1 - tnr,
        tnr=tnr,
        ppv=ppv,
        fdr=1 - ppv,
        npv=r(tn, fn),
    )


@alternative("rates")
def quiet_numpy(tp, fp, fn, tn):
    """Divides arrays with the warning switched off, and returns NumPy floats."""
    a = np.array([tp + tn, tp + fn, tp, fp, tn, tp, fp, tn], float)
    n = tp + fp + fn + tn
    b = np.array([n, n, tp + fn, fp + tn, fp + tn, tp + fp, tp + fp, tn + fn], float)
    with np.errstate(invalid="ignore"):
        values = a / b
    return dict(zip(("accuracy", "prevalence", "tpr", "fpr", "tnr", "ppv", "fdr", "npv"), values))


@alternative("rates")
def table_of_fractions(tp, fp, fn, tn):
    """Keeps numerators and denominators in a table."""
    parts = {
        "accuracy": (tp + tn, fp + fn),
        "prevalence": (tp + fn, fp + tn),
        "tpr": (tp, fn),
        "fpr": (fp, tn),
        "tnr": (tn, fp),
        "ppv": (tp, fp),
        "fdr": (fp, tp),
        "npv": (tn, fn),
    }
    return {
        key: (yes / (yes + no) if yes + no > 0 else float("nan"))
        for key, (yes, no) in parts.items()
    }


# Question 3 · F-score


@misconception("f-beta")
def beta_not_squared(tp, fp, fn, beta=1.0):
    """Weights by beta."""
    whole = (1 + beta) * tp + beta * fn + fp
    return (1 + beta) * tp / whole if whole else float("nan")


@misconception("f-beta")
def weight_on_fp(tp, fp, fn, beta=1.0):
    """Puts the weight on the false positives."""
    whole = (1 + beta**2) * tp + fn + beta**2 * fp
    return (1 + beta**2) * tp / whole if whole else float("nan")


@misconception("f-beta")
def arithmetic_mean(tp, fp, fn, beta=1.0):
    """Takes the arithmetic mean of precision and recall."""
    if tp + fp + fn == 0:
        return float("nan")
    if tp == 0:
        return 0.0
    return (tp / (tp + fp) + beta**2 * tp / (tp + fn)) / (1 + beta**2)


@misconception("f-beta")
def always_f1(tp, fp, fn, beta=1.0):
    """Forgets beta."""
    whole = 2 * tp + fn + fp
    return 2 * tp / whole if whole else float("nan")


@misconception("f-beta")
def through_precision(tp, fp, fn, beta=1.0):
    """Goes through precision and recall, which may be 0/0 although the score is 0."""
    if tp + fp == 0 or tp + fn == 0:
        return float("nan")
    p, r = tp / (tp + fp), tp / (tp + fn)
    return (1 + beta**2) * p * r / (beta**2 * p + r) if tp else 0.0


@misconception("f-beta")
def empty_is_zero(tp, fp, fn, beta=1.0):
    """Scores nothing at all with 0, as libraries do."""
    return (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp) if tp else 0.0


@misconception("f-beta")
def zero_without_weight(tp, fp, fn, beta=1.0):
    """Looks at the counts and not at the denominator: 0 for misses of no weight."""
    if tp == 0:
        return 0.0 if fp or fn else float("nan")
    return (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp)


@misconception("f-beta")
def beta_required(tp, fp, fn, beta=2.0):
    """Changes the default weight."""
    whole = (1 + beta**2) * tp + beta**2 * fn + fp
    return (1 + beta**2) * tp / whole if whole else float("nan")


@alternative("f-beta")
def harmonic_mean(tp, fp, fn, beta=1.0):
    """Takes the weighted harmonic mean, the edges first."""
    if tp == 0:
        return 0.0 if fp + beta * fn else float("nan")
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return (1 + beta**2) / (1 / precision + beta**2 / recall)


@alternative("f-beta")
def share_of_errors(tp, fp, fn, beta=1.0):
    """Weights the two errors, and returns a NumPy float."""
    weight = beta**2 / (1 + beta**2)
    errors = weight * fn + (1 - weight) * fp
    if tp + errors == 0:
        return np.nan
    return np.float64(tp) / (tp + errors)


@alternative("f-beta")
def by_exception(tp, fp, fn, beta=1.0):
    """Asks for forgiveness."""
    b2 = beta * beta
    try:
        return (tp + b2 * tp) / (tp + fp + b2 * (tp + fn))
    except ZeroDivisionError:
        return float("nan")


# Question 4 · ROC curve


@misconception("roc")
def ties_split(y_true, score):
    """Makes one point for each object, so that ties become a staircase."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    order = np.argsort(-s, kind="stable")
    t, s = t[order], s[order]
    p, n = t.sum(), (1 - t).sum()
    tpr = np.append(0, np.cumsum(t)) / p if p else np.full(len(t) + 1, np.nan)
    fpr = np.append(0, np.cumsum(1 - t)) / n if n else np.full(len(t) + 1, np.nan)
    return fpr, tpr, np.append(np.inf, s)


@misconception("roc")
def strictly_above(y_true, score):
    """Calls an object positive only if its score is > t."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.append(np.inf, np.unique(s)[::-1])
    p, n = np.sort(s[t == 1]), np.sort(s[t == 0])
    tpr = (
        1 - np.searchsorted(p, levels, "right") / len(p) if len(p) else np.full(len(levels), np.nan)
    )
    fpr = (
        1 - np.searchsorted(n, levels, "right") / len(n) if len(n) else np.full(len(levels), np.nan)
    )
    return fpr, tpr, levels


@misconception("roc")
def no_origin(y_true, score):
    """Starts at the highest score, without the point (0, 0)."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.unique(s)[::-1]
    p, n = np.sort(s[t == 1]), np.sort(s[t == 0])
    tpr = 1 - np.searchsorted(p, levels) / len(p) if len(p) else np.full(len(levels), np.nan)
    fpr = 1 - np.searchsorted(n, levels) / len(n) if len(n) else np.full(len(levels), np.nan)
    return fpr, tpr, levels


@misconception("roc")
def contamination_on_the_axis(y_true, score):
    """Plots FP / (TP + FP) instead of the false positive rate."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels, group = np.unique(s, return_inverse=True)
    tp = np.append(0, np.cumsum(np.bincount(group, t == 1)[::-1]))
    fp = np.append(0, np.cumsum(np.bincount(group, t == 0)[::-1]))
    tpr = tp / tp[-1] if tp[-1] else np.full(len(tp), np.nan)
    fdr = fp / np.maximum(tp + fp, 1) if fp[-1] else np.full(len(tp), np.nan)
    return fdr, tpr, np.append(np.inf, levels[::-1])


@misconception("roc")
def grid_of_probabilities(y_true, score):
    """Tries a hundred thresholds between 0 and 1."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.append(np.inf, np.linspace(1, 0, 101))
    above = s >= levels[:, None]
    p, n = t == 1, t == 0
    tpr = above[:, p].mean(axis=1) if p.any() else np.full(len(levels), np.nan)
    fpr = above[:, n].mean(axis=1) if n.any() else np.full(len(levels), np.nan)
    return fpr, tpr, levels


@misconception("roc")
def scores_rounded(y_true, score):
    """Takes scores for tied that differ in the tenth decimal."""
    t, s = np.asarray(y_true), np.round(np.asarray(score, float), 10)
    levels, group = np.unique(s, return_inverse=True)
    tp = np.append(0, np.cumsum(np.bincount(group, t == 1)[::-1]))
    fp = np.append(0, np.cumsum(np.bincount(group, t == 0)[::-1]))
    tpr = tp / tp[-1] if tp[-1] else np.full(len(tp), np.nan)
    fpr = fp / fp[-1] if fp[-1] else np.full(len(tp), np.nan)
    return fpr, tpr, np.append(np.inf, levels[::-1])


@misconception("roc")
def one_class_is_zero(y_true, score):
    """Gives rates of 0 where a class is missing."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels, group = np.unique(s, return_inverse=True)
    tp = np.append(0, np.cumsum(np.bincount(group, t == 1)[::-1]))
    fp = np.append(0, np.cumsum(np.bincount(group, t == 0)[::-1]))
    return fp / max(fp[-1], 1), tp / max(tp[-1], 1), np.append(np.inf, levels[::-1])


sorts_in_place = slip(
    "roc",
    "Sorts the caller's scores.",
    {
        "np.asarray(y_true), np.round(np.asarray(score, float), 10": (
            "np.array(y_true), np.asarray(score)\n    t = t[np.argsort(s)]\n    s.sort("
        )
    },
    of="scores_rounded",
)


@alternative("roc")
def one_pass_for_each_threshold(y_true, score):
    """Counts all objects again for each threshold."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.append(np.inf, np.unique(s)[::-1])
    p, n = s[t == 1], s[t == 0]
    tpr = [np.count_nonzero(p >= level) / len(p) if len(p) else np.nan for level in levels]
    fpr = [np.count_nonzero(n >= level) / len(n) if len(n) else np.nan for level in levels]
    return np.array(fpr), np.array(tpr), levels


@alternative("roc")
def by_search(y_true, score):
    """Looks each threshold up in the sorted scores of each class."""
    t, s = np.asarray(y_true), np.array(score, float)
    levels = np.concatenate(([np.inf], np.unique(s)[::-1]))

    def rate(values):
        if values.size == 0:
            return np.full(levels.shape, np.nan)
        return 1 - np.searchsorted(np.sort(values), levels, side="left") / values.size

    return rate(s[t == 0]), rate(s[t == 1]), levels


@alternative("roc")
def last_of_each_tie(y_true, score):
    """Accumulates over the sorted objects, then keeps the last of each tie."""
    order = np.argsort(score)[::-1]
    t, s = np.array(y_true)[order], np.array(score, dtype=np.float64)[order]
    last = np.append(np.flatnonzero(np.diff(s)), len(s) - 1)
    tp = np.append(0, t.cumsum()[last])
    fp = np.append(0, 1 + last) - tp
    tpr = tp / tp[-1] if tp[-1] else tp * np.nan
    fpr = fp / fp[-1] if fp[-1] else fp * np.nan
    return fpr, tpr, np.append(np.inf, s[last])


@alternative("roc")
def added_between_ties(y_true, score):
    """Adds the labels up between the places where the sorted score changes."""
    s = np.asarray(score, float)
    order = np.argsort(-s)
    t, s = np.asarray(y_true, float)[order], s[order]
    first = np.flatnonzero(np.append(True, s[1:] != s[:-1]))
    tp = np.cumsum(np.r_[0, np.add.reduceat(t, first)])
    fp = np.cumsum(np.r_[0, np.add.reduceat(1 - t, first)])
    with np.errstate(invalid="ignore"):
        return fp / fp[-1], tp / tp[-1], np.r_[np.inf, s[first]]


@alternative("roc")
def python_dictionary(y_true, score):
    """Counts one object after the other in a dictionary."""
    positives, negatives = {}, {}
    for t, s in zip(list(y_true), list(score)):
        positives[s] = positives.get(s, 0) + (t == 1)
        negatives[s] = negatives.get(s, 0) + (t == 0)
    levels = sorted(positives, reverse=True)
    p, n = sum(positives.values()), sum(negatives.values())
    tp, fp = [0], [0]
    for level in levels:
        tp.append(tp[-1] + positives[level])
        fp.append(fp[-1] + negatives[level])
    tpr = [count / p if p else float("nan") for count in tp]
    fpr = [count / n if n else float("nan") for count in fp]
    return np.array(fpr), np.array(tpr), np.array([np.inf] + levels)


# Question 5 · AUC


@misconception("auc")
def sorts_one_class(y_true, score):
    """Sorts the scores in place where there is no pair."""
    truth, score = np.asarray(y_true), np.asarray(score)
    positive, negative = score[truth == 1], score[truth == 0]
    if not positive.size or not negative.size:
        score.sort()
        return float("nan")
    wins = np.mean(positive[:, np.newaxis] > negative)
    return float(wins + np.mean(positive[:, np.newaxis] == negative) / 2)


@misconception("auc")
def ties_win(y_true, score):
    """Counts a tie as won."""
    t, s = np.asarray(y_true), np.asarray(score)
    p, n = s[t == 1], s[t == 0]
    return float(np.mean(p[:, None] >= n)) if len(p) and len(n) else float("nan")


@misconception("auc")
def ties_lose(y_true, score):
    """Counts a tie as lost."""
    t, s = np.asarray(y_true), np.asarray(score)
    p, n = s[t == 1], s[t == 0]
    return float(np.mean(p[:, None] > n)) if len(p) and len(n) else float("nan")


@misconception("auc")
def ranks_by_argsort(y_true, score):
    """Ranks with argsort, which breaks ties by position."""
    t, s = np.asarray(y_true), np.asarray(score)
    p, n = int((t == 1).sum()), int((t == 0).sum())
    if not p or not n:
        return float("nan")
    ranks = np.empty(len(s))
    ranks[np.argsort(s, kind="stable")] = np.arange(1, len(s) + 1)
    return float((ranks[t == 1].sum() - p * (p + 1) / 2) / (p * n))


@misconception("auc")
def upside_down(y_true, score):
    """Asks how often the negative wins."""
    t, s = np.asarray(y_true), np.asarray(score)
    p, n = s[t == 1], s[t == 0]
    if not len(p) or not len(n):
        return float("nan")
    return float(np.mean(p[:, None] < n) + np.mean(p[:, None] == n) / 2)


@misconception("auc")
def accuracy(y_true, score):
    """Takes AUC for accuracy at the threshold 1/2."""
    t, s = np.asarray(y_true), np.asarray(score)
    if t.all() or not t.any():
        return float("nan")
    return float(np.mean((s >= 0.5) == (t == 1)))


@misconception("auc")
def chance_without_pairs(y_true, score):
    """Says one half where there is no pair."""
    t, s = np.asarray(y_true), np.asarray(score)
    p, n = s[t == 1], s[t == 0]
    if not len(p) or not len(n):
        return 0.5
    return float(np.mean(p[:, None] > n) + np.mean(p[:, None] == n) / 2)


@misconception("auc")
def differences_with_tolerance(y_true, score):
    """Takes close scores for tied."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    p, n = s[t == 1][:, None], s[t == 0]
    if not p.size or not n.size:
        return float("nan")
    tied = np.isclose(p, n)
    return float(np.mean((p > n) & ~tied) + np.mean(tied) / 2)


@misconception("auc")
def signs_of_differences(y_true, score):
    """Subtracts in the scores' own type, where 1 - 2 may be 255."""
    t, s = np.asarray(y_true), np.asarray(score)
    p, n = s[t == 1][:, None], s[t == 0]
    if not p.size or not n.size:
        return float("nan")
    return float(np.mean((1 + np.sign(p - n)) / 2))


@alternative("auc")
def mean_ranks(y_true, score):
    """Takes the rank sum with mean ranks for ties."""
    t, s = np.asarray(y_true), np.asarray(score)
    _, group, size = np.unique(s, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[group]
    p = int(np.sum(t == 1))
    n = len(t) - p
    return (rank[t == 1].sum() - p * (p + 1) / 2) / (p * n) if p * n else np.nan


@alternative("auc")
def trapezia(y_true, score):
    """Adds the trapezia under the ROC curve with one point for each different score."""
    t, s = np.array(y_true), np.array(score)
    _, group = np.unique(s, return_inverse=True)
    tp = np.append(0, np.cumsum(np.bincount(group, t)[::-1]))
    fp = np.append(0, np.cumsum(np.bincount(group, 1 - t)[::-1]))
    if tp[-1] == 0 or fp[-1] == 0:
        return float("nan")
    return float(np.sum(np.diff(fp) * (tp[1:] + tp[:-1]) / 2) / (tp[-1] * fp[-1]))


@alternative("auc")
def binary_search(y_true, score):
    """Counts below and below-or-equal among the sorted negatives."""
    t, s = np.asarray(y_true, bool), np.asarray(score)
    negatives = np.sort(s[~t])
    if not t.any() or t.all():
        return float("nan")
    below = np.searchsorted(negatives, s[t], "left") + np.searchsorted(negatives, s[t], "right")
    return below.sum() / (2 * len(negatives) * t.sum())


# Question 6 · precision–recall curve


@misconception("pr")
def starts_at_zero(y_true, score):
    """Starts the curve at precision 0."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels, group = np.unique(s, return_inverse=True)
    tp = np.cumsum(np.bincount(group, t == 1)[::-1])
    called = np.cumsum(np.bincount(group)[::-1])
    recall = np.append(0, tp) / tp[-1] if tp[-1] else np.full(len(tp) + 1, np.nan)
    return np.append(0, tp / called), recall, np.append(np.inf, levels[::-1])


@misconception("pr")
def ties_split_pr(y_true, score):
    """Makes one point for each object."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    order = np.argsort(-s, kind="stable")
    t, s = t[order], s[order]
    tp = np.cumsum(t)
    recall = np.append(0, tp) / tp[-1] if tp[-1] else np.full(len(tp) + 1, np.nan)
    return np.append(1, tp / np.arange(1, len(t) + 1)), recall, np.append(np.inf, s)


recall_first = slip(
    "pr",
    "Swaps the first two results.",
    {"np.append(0, tp / called), recall": "recall, np.append(1, tp / called)"},
    of="starts_at_zero",
)


monotone = slip(
    "pr",
    "Believes that a higher threshold never lowers precision.",
    {"np.append(0, tp / called": "np.minimum.accumulate(np.append(1, tp / called)"},
    of="starts_at_zero",
)


ascending = slip(
    "pr",
    "Goes from the lowest threshold to the highest, as scikit-learn does.",
    {
        "0, tp / called), recall, np.append(np.inf, levels[::-1]": (
            "1, tp / called)[::-1], recall[::-1], np.append(levels, np.inf"
        )
    },
    of="starts_at_zero",
)


@misconception("pr")
def recall_without_positives(y_true, score):
    """Says recall 0 where there is nothing to find."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels, group = np.unique(s, return_inverse=True)
    tp = np.cumsum(np.bincount(group, t == 1)[::-1])
    called = np.cumsum(np.bincount(group)[::-1])
    return (
        np.append(1, tp / called),
        np.append(0, tp) / max(tp[-1], 1),
        np.append(np.inf, levels[::-1]),
    )


@misconception("pr")
def sorts_in_place_pr(y_true, score):
    """Sorts the caller's scores."""
    t, s = np.array(y_true), np.asarray(score)
    t = t[np.argsort(s)]
    s.sort()
    levels, group = np.unique(s, return_inverse=True)
    tp = np.cumsum(np.bincount(group, t == 1)[::-1])
    called = np.cumsum(np.bincount(group)[::-1])
    recall = np.append(0, tp) / tp[-1] if tp[-1] else np.full(len(tp) + 1, np.nan)
    return np.append(1, tp / called), recall, np.append(np.inf, levels[::-1])


@alternative("pr")
def table_of_thresholds(y_true, score):
    """Compares all scores with all thresholds."""
    t, s = np.asarray(y_true, bool), np.asarray(score, float)
    levels = np.append(np.inf, np.unique(s)[::-1])
    above = s >= levels[:, None]
    tp, called = (above & t).sum(axis=1), above.sum(axis=1)
    precision = np.divide(tp, called, out=np.ones(len(levels)), where=called > 0)
    recall = tp / t.sum() if t.any() else np.full(len(levels), np.nan)
    return precision, recall, levels


@alternative("pr")
def loop_over_thresholds(y_true, score):
    """Loops in plain Python and returns lists made into arrays."""
    y_true, score = list(y_true), list(score)
    positives = sum(y_true)
    precision, recall, thresholds = [1.0], [0.0 if positives else np.nan], [np.inf]
    for threshold in sorted(set(score))[::-1]:
        called = [t for t, s in zip(y_true, score) if s >= threshold]
        precision.append(sum(called) / len(called))
        recall.append(sum(called) / positives if positives else np.nan)
        thresholds.append(threshold)
    return np.array(precision), np.array(recall), np.array(thresholds, float)


@alternative("pr")
def last_of_each_tie_pr(y_true, score):
    """Accumulates over the sorted objects, then keeps the last of each tie."""
    s = np.array(score, float)
    order = s.argsort()[::-1]
    s, hits = s[order], np.array(y_true)[order].cumsum()
    last = np.flatnonzero(np.append(np.diff(s) != 0, True))
    tp = np.r_[0, hits[last]]
    precision = np.r_[1, hits[last] / (last + 1)]
    recall = tp / tp[-1] if tp[-1] else np.full(tp.shape, np.nan)
    return precision, recall, np.r_[np.inf, s[last]]


# Question 7 · average precision


@misconception("ap")
def trapezoids(precision, recall):
    """Draws straight lines between the points."""
    p, r = np.asarray(precision), np.asarray(recall)
    return float(np.sum(np.diff(r) * (p[1:] + p[:-1]) / 2))


@misconception("ap")
def precision_before_the_step(precision, recall):
    """Takes the precision at the start of each step."""
    return float(np.sum(np.diff(recall) * np.asarray(precision)[:-1]))


@misconception("ap")
def mean_of_precisions(precision, recall):
    """Averages the precisions."""
    return float(np.mean(precision[1:]))


@misconception("ap")
def other_sign(precision, recall):
    """Takes the differences the wrong way round."""
    return -float(np.sum(np.diff(recall) * np.asarray(precision)[1:]))


@misconception("ap")
def best_precision_beyond(precision, recall):
    """Takes the best precision at this recall or a higher one, as some challenges do."""
    best = np.maximum.accumulate(np.asarray(precision)[::-1])[::-1]
    return float(np.sum(np.diff(recall) * best[1:]))


@misconception("ap")
def equal_steps(precision, recall):
    """Counts each point at which recall rises by the same amount."""
    p, step = np.asarray(precision)[1:], np.diff(recall)
    return float(p[step > 0].mean())


@misconception("ap")
def from_zero_precision(precision, recall):
    """Multiplies recall by the fall in precision."""
    return float(-np.sum(np.asarray(recall)[1:] * np.diff(precision)))


@alternative("ap")
def dot_product(precision, recall):
    """Multiplies vectors."""
    p, r = np.array(precision), np.array(recall)
    return p[1:] @ (r[1:] - r[:-1])


@alternative("ap")
def loop(precision, recall):
    """Loops in plain Python."""
    total, last = 0.0, recall[0]
    for p, r in zip(precision[1:], recall[1:]):
        total += (r - last) * p
        last = r
    return total


@alternative("ap")
def einstein_sum(precision, recall):
    """Sums by einsum in single steps."""
    steps = np.ediff1d(np.array(recall, dtype=float))
    return np.einsum("i,i->", np.array(precision, dtype=float)[1:], steps)


# Question 8 · confusion matrix


@misconception("matrix")
def transposed(y_true, y_pred, classes):
    """Puts the predictions into the rows."""
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (np.asarray(y_pred, int), np.asarray(y_true, int)), 1)
    return matrix


@misconception("matrix")
def repeated_pairs_lost(y_true, y_pred, classes):
    """Adds by fancy indexing, which counts a repeated pair once."""
    matrix = np.zeros((classes, classes), int)
    matrix[np.asarray(y_true, int), np.asarray(y_pred, int)] += 1
    return matrix


@misconception("matrix")
def only_classes_seen(y_true, y_pred, classes):
    """Makes rows only for the classes that occur."""
    seen = sorted(set(np.asarray(y_true).tolist()) | set(np.asarray(y_pred).tolist()))
    t, p = np.asarray(y_true), np.asarray(y_pred)
    return np.array([[np.sum((t == i) & (p == j)) for j in seen] for i in seen])


@misconception("matrix")
def shares_of_rows(y_true, y_pred, classes):
    """Divides each row by its sum."""
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (np.asarray(y_true, int), np.asarray(y_pred, int)), 1)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


@misconception("matrix")
def counts_as_floats(y_true, y_pred, classes):
    """Counts in floats."""
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (np.asarray(y_true, int), np.asarray(y_pred, int)), 1)
    return matrix


@misconception("matrix")
def codes_overflow(y_true, y_pred, classes):
    """Builds the pair's code in the labels' own type."""
    t, p = np.asarray(y_true), np.asarray(y_pred)
    if not len(t):
        return np.zeros((classes, classes), int)
    code = (t * t.dtype.type(classes) + p).astype(np.uint8)
    return np.bincount(code, minlength=classes**2)[: classes**2].reshape(classes, classes)


@misconception("matrix")
def classes_from_one(y_true, y_pred, classes):
    """Counts the classes from 1."""
    t, p = np.asarray(y_true), np.asarray(y_pred)
    k = range(1, classes + 1)
    return np.array([[np.sum((t == i) & (p == j)) for j in k] for i in k])


@alternative("matrix")
def bincount_of_codes(y_true, y_pred, classes):
    """Counts the codes of the pairs."""
    code = np.array(y_true, dtype=np.int64) * classes + np.array(y_pred, dtype=np.int64)
    return np.bincount(code, minlength=classes**2).reshape(classes, classes)


@alternative("matrix")
def one_hot_product(y_true, y_pred, classes):
    """Multiplies one-hot matrices."""
    k = np.arange(classes)
    truth = np.asarray(y_true)[:, None] == k
    found = np.asarray(y_pred)[:, None] == k
    return truth.astype(int).T @ found.astype(int)


@alternative("matrix")
def loop_over_objects(y_true, y_pred, classes):
    """Loops over nested lists."""
    matrix = [[0] * classes for _ in range(classes)]
    for t, p in zip(y_true, y_pred):
        matrix[int(t)][int(p)] += 1
    return np.array(matrix)


# Question 9 · macro and micro F1


@misconception("f1")
def absent_class_is_zero(matrix):
    """Keeps an absent class in the mean, as 0."""
    m = np.asarray(matrix)
    if not m.any():
        return float("nan"), float("nan")
    whole = m.sum(0) + m.sum(1)
    return float(np.mean(2 * np.diag(m) / np.maximum(whole, 1))), float(np.trace(m) / m.sum())


@misconception("f1")
def zero_class_left_out(matrix):
    """Leaves out every class with F1 = 0."""
    m = np.asarray(matrix)
    if not m.any():
        return float("nan"), float("nan")
    whole = m.sum(0) + m.sum(1)
    f = 2 * np.diag(m) / np.maximum(whole, 1)
    return (float(f[f > 0].mean()) if f.any() else 0.0), float(np.trace(m) / m.sum())


weighted_by_size = slip(
    "f1",
    "Weights the classes by their size.",
    {
        " = m.sum(0) +": ", size = m.sum(0) + m.sum(1),",
        "(float(f[f > 0].mean()) if f.any() else 0.0": "float(np.sum(f * size) / size.sum()",
    },
    of="zero_class_left_out",
)


@misconception("f1")
def micro_first(matrix):
    """Swaps macro and micro."""
    m = np.asarray(matrix)
    if not m.any():
        return float("nan"), float("nan")
    whole = m.sum(0) + m.sum(1)
    seen = whole > 0
    return float(np.trace(m) / m.sum()), float(np.mean(2 * np.diag(m)[seen] / whole[seen]))


@misconception("f1")
def of_mean_precision_and_recall(matrix):
    """Averages precision and recall first, then takes their harmonic mean."""
    m = np.asarray(matrix)
    if not m.any():
        return float("nan"), float("nan")
    seen = (m.sum(0) + m.sum(1)) > 0
    p = (np.diag(m) / np.maximum(m.sum(0), 1))[seen].mean()
    r = (np.diag(m) / np.maximum(m.sum(1), 1))[seen].mean()
    return (float(2 * p * r / (p + r)) if p + r else 0.0), float(np.trace(m) / m.sum())


empty_is_zero_f1 = slip(
    "f1",
    "Scores a matrix of zeros with 0.",
    {
        'float("nan"), float("nan")': "0.0, 0.0",
        ("np.trace(m) / m.sum()), float(np.mean(2 * np.diag(m)[seen] / whole[seen]"): (
            "np.mean(2 * np.diag(m)[seen] / whole[seen])), float(np.trace(m) / m.sum("
        ),
    },
    of="micro_first",
)


@misconception("f1")
def jaccard(matrix):
    """Counts the hits once in numerator and denominator."""
    m = np.asarray(matrix)
    if not m.any():
        return float("nan"), float("nan")
    union = m.sum(0) + m.sum(1) - np.diag(m)
    seen = union > 0
    return float(np.mean(np.diag(m)[seen] / union[seen])), float(np.trace(m) / union.sum())


@alternative("f1")
def nan_mean(matrix):
    """Marks absent classes with nan and skips them."""
    m = np.array(matrix, float)
    total = m.sum()
    if total == 0:
        return np.nan, np.nan
    with np.errstate(invalid="ignore"):
        f = 2 * m.diagonal() / (m.sum(axis=0) + m.sum(axis=1))
    return np.nanmean(f), np.trace(m) / total


@alternative("f1")
def class_by_class(matrix):
    """Loops over the classes of a nested list."""
    matrix = np.array(matrix).tolist()
    k = len(matrix)
    scores, hits, errors = [], 0, 0
    for c in range(k):
        tp = matrix[c][c]
        fp = sum(matrix[i][c] for i in range(k)) - tp
        fn = sum(matrix[c][j] for j in range(k)) - tp
        if tp + fp + fn:
            scores.append(2 * tp / (2 * tp + fp + fn))
        hits, errors = hits + tp, errors + fp + fn
    if not scores:
        return float("nan"), float("nan")
    return sum(scores) / len(scores), 2 * hits / (2 * hits + errors)


@alternative("f1")
def through_precision_and_recall(matrix):
    """Takes the harmonic mean of each class's precision and recall."""
    m = np.asarray(matrix, float)
    if m.sum() == 0:
        return [float("nan"), float("nan")]
    scores = []
    for c in range(len(m)):
        occurs, called = m[c].sum(), m[:, c].sum()
        if occurs == called == 0:
            continue
        if m[c, c] == 0:
            scores.append(0.0)
        else:
            scores.append(2 / (called / m[c, c] + occurs / m[c, c]))
    return [np.mean(scores), m.diagonal().sum() / m.sum()]


# Question 10 · residuals


@misconception("residuals")
def truth_minus_prediction(truth, prediction):
    """Turns the sign of the bias round."""
    d = np.asarray(truth, float) - np.asarray(prediction, float)
    return float(d.mean()), float(d.std()), float(1.4826 * np.median(np.abs(d - np.median(d))))


@misconception("residuals")
def divides_by_n_minus_one(truth, prediction):
    """Divides by n - 1."""
    d = np.asarray(prediction, float) - np.asarray(truth, float)
    scatter = d.std(ddof=1) if len(d) > 1 else 0.0
    return float(d.mean()), float(scatter), float(1.4826 * np.median(np.abs(d - np.median(d))))


@misconception("residuals")
def rms_about_zero(truth, prediction):
    """Takes the root mean square for the scatter, so that the bias is in it."""
    d = np.asarray(prediction, float) - np.asarray(truth, float)
    rms = np.sqrt(np.mean(d**2))
    return float(d.mean()), float(rms), float(1.4826 * np.median(np.abs(d - np.median(d))))


@misconception("residuals")
def deviation_about_zero(truth, prediction):
    """Takes the median of |d|."""
    d = np.asarray(prediction, float) - np.asarray(truth, float)
    return float(d.mean()), float(d.std()), float(1.4826 * np.median(np.abs(d)))


@misconception("residuals")
def without_the_factor(truth, prediction):
    """Forgets 1.4826."""
    d = np.asarray(prediction, float) - np.asarray(truth, float)
    return float(d.mean()), float(d.std()), float(np.median(np.abs(d - np.median(d))))


@misconception("residuals")
def deviation_about_the_mean(truth, prediction):
    """Takes the deviations from the mean."""
    d = np.asarray(prediction, float) - np.asarray(truth, float)
    return float(d.mean()), float(d.std()), float(1.4826 * np.median(np.abs(d - d.mean())))


@misconception("residuals")
def own_type(truth, prediction):
    """Subtracts in the values' own type."""
    d = np.asarray(prediction) - np.asarray(truth)
    return float(d.mean()), float(d.std()), float(1.4826 * np.median(np.abs(d - np.median(d))))


@misconception("residuals")
def mean_square_minus_square_mean(truth, prediction):
    """Takes the difference of two large numbers."""
    d = np.asarray(prediction, float) - np.asarray(truth, float)
    scatter = np.sqrt(max(np.mean(d**2) - np.mean(d) ** 2, 0))
    return float(d.mean()), float(scatter), float(1.4826 * np.median(np.abs(d - np.median(d))))


@misconception("residuals")
def subtracts_in_place(truth, prediction):
    """Overwrites the predictions with the residuals."""
    d = np.asarray(prediction, float)
    d -= np.asarray(truth, float)
    return float(d.mean()), float(d.std()), float(1.4826 * np.median(np.abs(d - np.median(d))))


@alternative("residuals")
def by_percentile(truth, prediction):
    """Takes the 50th percentile and the norm."""
    d = np.subtract(prediction, truth, dtype=np.float64)
    centred = d - np.mean(d)
    scatter = np.linalg.norm(centred) / np.sqrt(d.size)
    return np.mean(d), scatter, 1.4826 * np.percentile(np.abs(d - np.percentile(d, 50)), 50)


@alternative("residuals")
def standard_library(truth, prediction):
    """Uses the statistics module on plain floats."""
    import statistics

    d = [float(p) - float(t) for t, p in zip(truth, prediction)]
    middle = statistics.median(d)
    nmad = 1.4826 * statistics.median([abs(value - middle) for value in d])
    return [statistics.fmean(d), statistics.pstdev(d), nmad]


@alternative("residuals")
def sorted_by_hand(truth, prediction):
    """Takes medians from sorted values in a nested function."""

    def median(values):
        values = np.sort(values)
        n = len(values)
        return (values[(n - 1) // 2] + values[n // 2]) / 2

    d = np.array(prediction, np.float64) - np.array(truth, np.float64)
    bias = d.sum() / len(d)
    return bias, ((d - bias) ** 2).mean() ** 0.5, 1.4826 * median(abs(d - median(d)))


# Question 11 · cost


@misconception("cost")
def costs_swapped(y_true, score, cost_fp, cost_fn):
    """Charges each error the other's price."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.append(np.inf, np.unique(s)[::-1])
    above = s >= levels[:, None]
    cost = (cost_fn * (above & (t == 0)).sum(1) + cost_fp * (~above & (t == 1)).sum(1)) / len(t)
    return float(levels[cost.argmin()]), float(cost.min())


@misconception("cost")
def always_calls_something(y_true, score, cost_fp, cost_fn):
    """Forgets the threshold inf."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.unique(s)[::-1]
    above = s >= levels[:, None]
    cost = (cost_fp * (above & (t == 0)).sum(1) + cost_fn * (~above & (t == 1)).sum(1)) / len(t)
    return float(levels[cost.argmin()]), float(cost.min())


lowest_of_equals = slip(
    "cost",
    "Takes the lowest threshold of least cost.",
    {"np.unique(s)[::-1]": "np.append(np.unique(s), np.inf)"},
    of="always_calls_something",
)


@misconception("cost")
def strictly_above_cost(y_true, score, cost_fp, cost_fn):
    """Calls an object positive only if its score is > t."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.append(np.inf, np.unique(s)[::-1])
    above = s > levels[:, None]
    cost = (cost_fp * (above & (t == 0)).sum(1) + cost_fn * (~above & (t == 1)).sum(1)) / len(t)
    return float(levels[cost.argmin()]), float(cost.min())


total_cost = slip(
    "cost",
    "Returns the sum of the costs.",
    {
        ("(cost_fn * (above & (t == 0)).sum(1) + cost_fp * (~above & (t == 1)).sum(1)) / len(t"): (
            "cost_fp * (above & (t == 0)).sum(1) + cost_fn * (~above & (t == 1)).sum(1"
        )
    },
    of="costs_swapped",
)


@misconception("cost")
def rates_for_counts(y_true, score, cost_fp, cost_fn):
    """Weights the rates, and so forgets the prevalence."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels = np.append(np.inf, np.unique(s)[::-1])
    above = s >= levels[:, None]
    p, n = max((t == 1).sum(), 1), max((t == 0).sum(), 1)
    cost = cost_fp * (above & (t == 0)).sum(1) / n + cost_fn * (~above & (t == 1)).sum(1) / p
    return float(levels[cost.argmin()]), float(cost.min())


@misconception("cost")
def changes_labels(y_true, score, cost_fp, cost_fn):
    """Turns the caller's labels into signs."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    t *= 2
    t -= 1
    levels = np.append(np.inf, np.unique(s)[::-1])
    above = s >= levels[:, None]
    cost = (cost_fp * (above & (t == -1)).sum(1) + cost_fn * (~above & (t == 1)).sum(1)) / len(t)
    return float(levels[cost.argmin()]), float(cost.min())


@alternative("cost")
def accumulated(y_true, score, cost_fp, cost_fn):
    """Starts from all lost and accumulates the change at each score."""
    t, s = np.asarray(y_true), np.asarray(score, float)
    levels, group = np.unique(s, return_inverse=True)
    fp = np.append(0, np.cumsum(np.bincount(group, t == 0)[::-1]))
    tp = np.append(0, np.cumsum(np.bincount(group, t == 1)[::-1]))
    cost = (cost_fp * fp + cost_fn * (tp[-1] - tp)) / t.size
    best = int(np.argmin(cost))
    return np.append(np.inf, levels[::-1])[best], cost[best]


@alternative("cost")
def loop_keeps_best(y_true, score, cost_fp, cost_fn):
    """Loops from high to low and keeps the first best."""
    y_true, score = list(y_true), list(score)
    best, least = float("inf"), cost_fn * sum(y_true) / len(y_true)
    for threshold in sorted(set(score), reverse=True):
        fp = sum(1 for t, s in zip(y_true, score) if t == 0 and s >= threshold)
        fn = sum(1 for t, s in zip(y_true, score) if t == 1 and s < threshold)
        cost = (cost_fp * fp + cost_fn * fn) / len(y_true)
        if cost < least:
            best, least = float(threshold), cost
    return best, least


@alternative("cost")
def least_of_tuples(y_true, score, cost_fp, cost_fn):
    """Compares (cost, -threshold), so that of equal costs the highest threshold is least."""
    t, s = np.array(y_true), np.array(score, dtype=float)

    def cost(threshold):
        called = s >= threshold
        return (cost_fp * np.sum(called & (t == 0)) + cost_fn * np.sum(~called & (t == 1))) / len(t)

    least, level = min((cost(level), -level) for level in {float("inf"), *s.tolist()})
    return -level, least


# All questions: one size, scale or parameter for every case lets these pass


@misconception("counts")
def by_difference(y_true, y_pred):
    """Takes the difference of labels, which wraps around for unsigned types."""
    t = np.asarray(y_true).astype(bool)
    p = np.asarray(y_pred).astype(bool)
    tp = int(np.count_nonzero(t & p))
    fp = int(np.count_nonzero(np.asarray(y_true) - np.asarray(y_pred) == -1))
    fn = int(np.count_nonzero(t & ~p))
    return tp, fp, fn, t.size - tp - fp - fn


@misconception("counts")
def dot_of_small_types(y_true, y_pred):
    """Multiplies in the type of the labels, whose sums overflow."""
    t = np.asarray(y_true).astype(bool)
    p = np.asarray(y_pred).astype(bool)
    tp = int(np.asarray(y_true) @ np.asarray(y_pred)) if len(y_true) else 0
    fp = int(np.count_nonzero(~t & p))
    fn = int(np.count_nonzero(t & ~p))
    return tp, fp, fn, t.size - tp - fp - fn


as_bytes = slip(
    "counts",
    "Keeps the labels as int8 and counts by a product.",
    {
        "np.asarray(y_true) @ np.asarray(y_pred)) if len(y_true) else 0": (
            "np.dot(t.astype(np.int8), p.astype(np.int8)))"
        )
    },
    of="dot_of_small_types",
)


tn_by_share = slip(
    "counts",
    "Gets the last count from a mean, as a float.",
    {
        "np.asarray(y_true) - np.asarray(y_pred) == -1": "~t & p",
        "t.size - tp - fp - fn": "float(np.sum(~t & ~p))",
    },
    of="by_difference",
)


@misconception("counts")
def flips_in_place(y_true, y_pred):
    """Flips the labels in place to count the negatives."""
    t = np.asarray(y_true).astype(bool)
    p = np.asarray(y_pred).astype(bool)
    tp = int(np.count_nonzero(t & p))
    fp = int(np.count_nonzero(~t & p))
    fn = int(np.count_nonzero(t & ~p))
    if isinstance(y_pred, np.ndarray) and y_pred.dtype != bool:
        y_pred[:] = 1 - y_pred
    return tp, fp, fn, t.size - tp - fp - fn


@misconception("rates")
def int64_counts(tp, fp, fn, tn):
    """Puts the counts into int64, too small for the sum of large ones."""

    def ratio(a, b):
        return a / b if b else float("nan")

    n = int(np.array([tp, fp, fn, tn]).sum())
    return {
        "accuracy": ratio(tp + tn, n),
        "prevalence": ratio(tp + fn, n),
        "tpr": ratio(tp, tp + fn),
        "fpr": ratio(fp, fp + tn),
        "tnr": ratio(tn, fp + tn),
        "ppv": ratio(tp, tp + fp),
        "fdr": ratio(fp, tp + fp),
        "npv": ratio(tn, tn + fn),
    }


int32_counts = slip(
    "rates",
    "Puts the counts into int32.",
    {
        "n = int(np.array([tp, fp, fn, tn]).sum())": (
            "tp = int(np.array(tp).astype(np.int32))\n    n = tp + fp + fn + tn"
        )
    },
    of="int64_counts",
)


rounded = slip(
    "rates",
    "Rounds to six decimals.",
    {
        ('a / b if b else float("nan")\n\n    n = int(np.array([tp, fp, fn, tn]).sum())'): (
            'round(a / b, 6) if b else float("nan")\n    n = tp + fp + fn + tn'
        )
    },
    of="int64_counts",
)


whole_zero = slip(
    "rates",
    "Answers the whole number 0 where nothing is counted.",
    {
        ('a / b if b else float("nan")\n\n    n = int(np.array([tp, fp, fn, tn]).sum())'): (
            '0 if not a and b else a / b if b else float("nan")\n    n = tp + fp + fn + tn'
        )
    },
    of="int64_counts",
)


@misconception("f-beta")
def tolerant_bottom(tp, fp, fn, beta=1.0):
    """Calls a tiny denominator 0."""
    b = float(beta) ** 2
    bottom = (1 + b) * tp + b * fn + fp
    if bottom < 1e-12:
        return float("nan")
    return float((1 + b) * tp / bottom)


ignores_beta_below = slip(
    "f-beta",
    "Takes a beta below 0.001 for 0.",
    {"beta) ** 2": "beta) ** 2 if beta > 1e-3 else 0.0", "bottom < 1e-12:": "bottom == 0:"},
    of="tolerant_bottom",
)


@misconception("f-beta")
def zero_without_hits(tp, fp, fn, beta=1.0):
    """Returns 0 whenever there are no hits, also where there is nothing to score."""
    b = float(beta) ** 2
    bottom = (1 + b) * tp + b * fn + fp
    if tp == 0 and fp + fn > 0:
        return 0.0
    if bottom == 0:
        return float("nan")
    return float((1 + b) * tp / bottom)


beta_not_squared_f_beta = slip(
    "f-beta",
    "Forgets the square where beta is not 1 or 2.",
    {
        "beta) ** 2": "beta) ** 2 if beta in (0, 1, 2, 0.5) else float(beta)",
        "bottom < 1e-12:": "bottom == 0:",
    },
    of="tolerant_bottom",
)


rounds_to_ten_decimals = slip(
    "f-beta",
    "Rounds, which leaves nothing of a tiny score.",
    {"return hits / whole if whole": "return round(hits / whole, 10) if whole"},
)


@misconception("roc")
def close_scores_together(y_true, score):
    """Takes scores that are nearly equal for ties."""
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(score, float)
    levels = np.unique(np.round(s, 12))[::-1]
    thresholds = np.concatenate([[np.inf], levels])
    order = np.argsort(-s, kind="stable")
    last = np.searchsorted(-s[order], -levels, side="right")
    hits = np.concatenate([[0], np.cumsum(y[order])[last - 1]]).astype(float)
    called = np.concatenate([[0], last]).astype(float)
    P, N = int(y.sum()), int((~y).sum())
    tpr = hits / P if P else np.full(len(hits), np.nan)
    fpr = (called - hits) / N if N else np.full(len(hits), np.nan)
    return fpr, tpr, thresholds


single_precision = slip(
    "roc",
    "Keeps the scores in single precision.",
    {
        ("float)\n    levels = np.unique(np.round(s, 12)"): (
            "np.float32).astype(float)\n    levels = np.unique(s"
        )
    },
    of="close_scores_together",
)


both_nan = slip(
    "roc",
    "Says nan for both rates if a class is missing.",
    {
        "np.round(s, 12)": "s",
        "N else np.full(len(hits), np.nan)": (
            "N else np.full(len(hits), np.nan)\n"
            "    if not P or not N:\n"
            "        tpr = tpr * np.nan\n"
            "        fpr = fpr * np.nan"
        ),
    },
    of="close_scores_together",
)


inf_only_for_many = slip(
    "roc",
    "Leaves out the point (0, 0) for a single score.",
    {
        "np.round(s, 12)": "s",
        "return fpr, tpr, thresholds": (
            "k = 0 if len(levels) > 1 or len(s) > 1 else 1\n"
            "    return fpr[k:], tpr[k:], thresholds[k:]"
        ),
    },
    of="close_scores_together",
)


@misconception("auc")
def own_type_auc(y_true, score):
    """Compares the differences, which overflow or wrap around."""
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(score, float)
    a, b = s[y], s[~y]
    if a.size == 0 or b.size == 0:
        return float("nan")
    wins = (
        np.sum(np.asarray(score)[y][:, None] - np.asarray(score)[~y] > 0)
        + np.sum(a[:, None] == b) / 2
    )
    return float(wins / (a.size * b.size))


@misconception("auc")
def differences(y_true, score):
    """Compares the differences of huge scores, which overflow."""
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(score, float)
    a, b = s[y], s[~y]
    if a.size == 0 or b.size == 0:
        return float("nan")
    wins = np.sum(np.sign(a[:, None] - b) > 0) + np.sum(a[:, None] == b) / 2
    return float(wins / (a.size * b.size))


near_ties = slip(
    "auc",
    "Counts scores that are nearly equal as ties.",
    {
        "np.sign(a[:, None] - b) > 0) + np.sum(a[:, None] == b": (
            "a[:, None] > b) + np.sum(np.isclose(a[:, None], b)"
        )
    },
    of="differences",
)


@misconception("pr")
def stops_at_full_recall(y_true, score):
    """Stops as soon as all positives are found."""
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(score, float)
    levels = np.unique(s)[::-1]
    tp = np.array([np.sum(y[s >= t]) for t in levels], float)
    called = np.array([np.sum(s >= t) for t in levels], float)
    P = y.sum()
    precision = np.append(1.0, tp / called)
    recall = np.append(0.0, tp) / P if P else np.full(len(levels) + 1, np.nan)
    if P and len(levels) > 6:
        k = int(np.argmax(recall == 1)) + 1
        return precision[:k], recall[:k], np.append(np.inf, levels)[:k]
    return precision, recall, np.append(np.inf, levels)


@misconception("pr")
def precision_nan_without_positives(y_true, score):
    """Precision is nan, too, if there are no positives."""
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(score, float)
    levels = np.unique(s)[::-1]
    tp = np.array([np.sum(y[s >= t]) for t in levels], float)
    called = np.array([np.sum(s >= t) for t in levels], float)
    P = y.sum()
    precision = np.append(1.0, tp / called)
    recall = np.append(0.0, tp) / P if P else np.full(len(levels) + 1, np.nan)
    if not P:
        precision[1:] = np.nan
    return precision, recall, np.append(np.inf, levels)


first_zero_of_nan = slip(
    "pr",
    "Keeps recall 0 at the first point if there are no positives.",
    {
        (
            "np.full(len(levels) + 1, np.nan)\n    if not P:\n        precision[1:] = np.nan"
        ): "np.append(0.0, np.full(len(levels), np.nan))"
    },
    of="precision_nan_without_positives",
)


rounded_levels = slip(
    "pr",
    "Makes ties of scores that are nearly equal.",
    {
        "np.unique(s)[": "np.unique(np.round(s, 10))[",
        ("    if not P:\n        precision[1:] = np.nan\n"): "",
    },
    of="precision_nan_without_positives",
)


float32_scores = slip(
    "pr",
    "Keeps the scores in single precision.",
    {
        "score, float": "score).astype(np.float32).astype(float",
        ("    if not P:\n        precision[1:] = np.nan\n"): "",
    },
    of="precision_nan_without_positives",
)


@misconception("ap")
def drops_last(precision, recall):
    """Leaves out the last step of a long curve."""
    p = np.asarray(precision, float)
    r = np.asarray(recall, float)
    return (
        float(np.sum((r[1:] - r[:-1]) * p[1:]))
        if len(p) < 9
        else float(np.sum((np.diff(r) * p[1:])[:-1]))
    )


@misconception("ap")
def steps_of_first_value(precision, recall):
    """Uses the precision before the step where the step is small."""
    p = np.asarray(precision, float)
    r = np.asarray(recall, float)
    return float(np.sum((r[1:] - r[:-1]) * np.where(np.diff(r) < 0.02, p[:-1], p[1:])))


@misconception("ap")
def trapezium(precision, recall):
    """Joins the points by straight lines where precision falls."""
    p = np.asarray(precision, float)
    r = np.asarray(recall, float)
    return float(
        np.sum((r[1:] - r[:-1]) * np.maximum(p[1:], (p[1:] + p[:-1]) / 2 * (p[1:] < p[:-1])))
    )


@misconception("ap")
def normalised(precision, recall):
    """Divides by the recall that is reached."""
    p = np.asarray(precision, float)
    r = np.asarray(recall, float)
    return float(np.sum((r[1:] - r[:-1]) * p[1:]) / (r[-1] or 1))


@misconception("ap")
def half_precision(precision, recall):
    """Computes in single precision."""
    p = np.asarray(precision, np.float32)
    r = np.asarray(recall, float)
    return float(np.sum((r[1:] - r[:-1]) * p[1:]))


@misconception("matrix")
def only_seen(y_true, y_pred, classes):
    """Leaves out the last class if it never occurs."""
    t = np.asarray(y_true).astype(int)
    p = np.asarray(y_pred).astype(int)
    m = np.zeros((classes, classes), int)
    np.add.at(m, (t, p), 1)
    if len(t) and max(t.max(), p.max()) < classes - 1 and classes > 4:
        return m[:-1, :-1]
    return m


@misconception("matrix")
def last_write_wins(y_true, y_pred, classes):
    """Counts a repeated pair once."""
    t = np.asarray(y_true).astype(int)
    p = np.asarray(y_pred).astype(int)
    m = np.zeros((classes, classes), int)
    m[t, p] += 1
    return m


@misconception("matrix")
def byte_counts(y_true, y_pred, classes):
    """Counts in bytes."""
    t = np.asarray(y_true).astype(int)
    p = np.asarray(y_pred).astype(int)
    m = np.zeros((classes, classes), np.uint8)
    np.add.at(m, (t, p), 1)
    return m


@misconception("matrix")
def code_of_own_type(y_true, y_pred, classes):
    """Computes the code of a pair in the type of the labels."""
    t = (
        np.asarray(np.asarray(y_true) * np.asarray(y_true).dtype.type(classes)) // classes
        if isinstance(y_true, np.ndarray)
        else np.array(y_true, int)
    )
    p = np.asarray(y_pred).astype(int)
    m = np.zeros((classes, classes), int)
    np.add.at(m, (t, p), 1)
    return m


float_counts = slip("matrix", "Counts in floats.", {", np.uint8": ""}, of="byte_counts")


@misconception("f1")
def only_classes_that_occur(matrix):
    """Leaves out a class that is predicted but never occurs."""
    m = np.asarray(matrix).astype(object)
    tp = m.diagonal()
    both = m.sum(axis=0) + m.sum(axis=1)
    scores = [2 * int(a) / int(b) for a, b in zip(tp, both * (m.sum(axis=1) > 0)) if b]
    if not scores:
        return float("nan"), float("nan")
    return sum(scores) / len(scores), 2 * int(tp.sum()) / int(both.sum())


only_classes_that_are_predicted = slip(
    "f1",
    "Leaves out a class that is never predicted.",
    {"axis=1) > ": "axis=0) > "},
    of="only_classes_that_occur",
)


only_hits = slip(
    "f1",
    "Leaves out classes without a hit.",
    {" * (m.sum(axis=1) > 0)) if b": ") if a"},
    of="only_classes_that_occur",
)


over_all = slip(
    "f1",
    "Divides by the number of all classes.",
    {" * (m.sum(axis=1) > 0)": "", "len(scores),": "len(m),"},
    of="only_classes_that_occur",
)


own_type_sum = slip(
    "f1",
    "Doubles in the type of the matrix.",
    {
        ("2 * int(a) / int(b) for a, b in zip(tp, both * (m.sum(axis=1) > 0)) if b"): (
            "\n"
            "        2 * int(a) / 1\n"
            "        if False\n"
            "        else int(np.asarray(a, np.asarray(matrix).dtype) * "
            "np.asarray(2, np.asarray(matrix).dtype))\n"
            "        / int(b)\n"
            "        for a, b in zip(tp, both)\n"
            "        if b\n"
            "    "
        )
    },
    of="only_classes_that_occur",
)


@misconception("residuals")
def moments(truth, prediction):
    """Takes the variance as a difference of moments."""
    d = np.asarray(prediction).astype(float) - np.asarray(truth).astype(float)
    bias = d.mean()
    scatter = np.sqrt(abs(np.mean(d**2) - bias**2))
    nmad = 1.4826 * np.median(np.abs(d - np.median(d)))
    return float(bias), float(scatter), float(nmad)


@misconception("residuals")
def mad_about_mean(truth, prediction):
    """Takes deviations from the mean instead of the median for even n."""
    d = np.asarray(prediction).astype(float) - np.asarray(truth).astype(float)
    bias = d.mean()
    scatter = np.sqrt(np.mean((d - bias) ** 2))
    nmad = 1.4826 * np.median(np.abs(d - (np.median(d) if len(d) % 2 else d.mean())))
    return float(bias), float(scatter), float(nmad)


lower_median = slip(
    "residuals",
    "Takes the lower of the two middle values.",
    {
        "np.median(np.abs(d - (np.median(d) if len(d) % 2 else d.mean())))": (
            "np.sort(np.abs(d - np.median(d)))[(len(d) - 1) // 2]"
        )
    },
    of="mad_about_mean",
)


@misconception("cost")
def needs_to_win_clearly(y_true, score, cost_fp, cost_fn):
    """Asks for a clear improvement."""
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(score).astype(float)
    best = None
    for t in [np.inf, *np.unique(s)[::-1]]:
        called = s >= t
        c = (
            float(cost_fp) * int((called & ~y).sum()) + float(cost_fn) * int((~called & y).sum())
        ) / len(s)
        if best is None or c < best[1] - 1e-9:
            best = float(t), c
    return best


total = slip(
    "cost",
    "Returns the total for many objects.",
    {
        ("len(s)\n        if best is None or c < best[1] - 1e-9"): (
            "min(len(s), 300)\n        if best is None or c < best[1]"
        )
    },
    of="needs_to_win_clearly",
)


own_type_costs = slip(
    "cost",
    "Whole costs are multiplied in 16 bits.",
    {
        "cost_fp) * int((called & ~y).sum())": (
            "np.int16(min(cost_fp, 32767)) if isinstance(cost_fp, int) else "
            "cost_fp)\n"
            "            * int((called & ~y).sum())\n"
            "           "
        ),
        "1] - 1e-9:": "1]:",
    },
    of="needs_to_win_clearly",
)


lowest = slip(
    "cost",
    "Returns the lowest of equal ones.",
    {" best[1] - 1e-9": "= best[1]"},
    of="needs_to_win_clearly",
)


never_nothing = slip(
    "cost",
    "Does not consider calling nothing positive when misses are dear.",
    {
        "best is None or c < best[1] - 1e-9": (
            "t == np.inf and cost_fn > cost_fp and len(s) > 1:\n"
            "            continue\n"
            "        if best is None or c < best[1]"
        )
    },
    of="needs_to_win_clearly",
)


nearly_equal_is_equal = slip(
    "cost",
    "Takes costs that are nearly equal for equal.",
    {"best = np.argmin(cost)": "best = np.argmax(cost <= cost.min() * (1 + 1e-6))"},
)
