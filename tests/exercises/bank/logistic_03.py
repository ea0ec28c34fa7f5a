"""Answers to 03-logistic: the misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, PERF401  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · sigmoid


@misconception("sigmoid")
def as_on_paper(z):
    """Overflows for large negative numbers."""
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


@misconception("sigmoid")
def turned_round(z):
    """Loses the minus sign of the exponent, and falls where it should rise."""
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, small, 1) / (1 + small)


@misconception("sigmoid")
def other_formula_on_paper(z):
    """Overflows for large positive numbers."""
    e = np.exp(np.asarray(z, dtype=float))
    return e / (1 + e)


@misconception("sigmoid")
def where_computes_both(z):
    """Chooses the right formula, but only after both were computed."""
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@misconception("sigmoid")
def by_tanh(z):
    """Subtracts two numbers near 1, so that the left tail has no digits."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


@misconception("sigmoid")
def one_minus_the_other(z):
    """Uses the symmetry on the left, where it rounds to 0."""
    z = np.asarray(z, dtype=float)
    right = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z >= 0, right, 1 - right)


@misconception("sigmoid")
def clipped(z):
    """Cuts the numbers at 30."""
    return 1 / (1 + np.exp(-np.clip(np.asarray(z, dtype=float), -30, 30)))


@misconception("sigmoid")
def for_one_axis(z):
    """Loops over the numbers, so that a table or a single number fails."""
    out = []
    for v in z:
        out.append(1 / (1 + np.exp(-v)) if v >= 0 else np.exp(v) / (1 + np.exp(v)))
    return np.array(out, dtype=float)


@misconception("sigmoid")
def flat_result(z):
    """Loses the shape."""
    z = np.asarray(z, dtype=float).ravel()
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@misconception("sigmoid")
def in_its_own_type(z):
    """Computes whole numbers in half precision, and the modulus of -128 as -128."""
    z = np.asarray(z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@misconception("sigmoid")
def by_masks_in_place(z):
    """Writes the result over the argument."""
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    negative = z < 0
    z[...] = 1 / (1 + e)
    z[negative] = (e / (1 + e))[negative]
    return z


@alternative("sigmoid")
def by_masks(z):
    """Fills the two halves of a new array."""
    z = np.array(z, dtype="float64")
    out = np.empty_like(z)
    right = z >= 0
    out[right] = 1.0 / (1.0 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (e + 1.0)
    return out


@alternative("sigmoid")
def by_the_logarithm(z):
    """Exponentiates the logarithm of the sigmoid."""
    return np.exp(-np.logaddexp(0.0, np.negative(np.asarray(z, float))))


@alternative("sigmoid")
def number_by_number(z):
    """Uses the math module for each number."""
    import math

    def one(v):
        return 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v))

    return np.vectorize(one, otypes=[float])(np.asarray(z, float))


@alternative("sigmoid")
def two_exponents(z):
    """Divides two exponentials, neither of a positive number."""
    z = np.asarray(z) * 1.0
    z = z.astype(np.float64)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


# Question 2 · loss from logits


@misconception("loss")
def through_probability(z, y):
    """Takes the logarithm of a probability that was rounded to 0."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    p = (1 + np.tanh(z / 2)) / 2
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception("loss")
def clipped_probability(z, y):
    """Keeps the probability away from 0 and 1."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    p = np.clip((1 + np.tanh(z / 2)) / 2, 1e-15, 1 - 1e-15)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception("loss")
def formula_of_the_chapter(z, y):
    """Subtracts 40 from 40."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.logaddexp(0, z) - y * z


@misconception("loss")
def softplus_overflows(z, y):
    """Exponentiates a positive logit."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return y * np.log1p(np.exp(-z)) + (1 - y) * np.log1p(np.exp(z))


@misconception("loss")
def log_of_one_plus(z, y):
    """Adds 1 to a tiny number before the logarithm."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.maximum(z, 0) - y * z + np.log(1 + np.exp(-np.abs(z)))


@misconception("loss")
def mean_of_losses(z, y):
    """Returns the mean."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


@misconception("loss")
def labels_of_the_perceptron(z, y):
    """Puts labels 0 and 1 into the formula for labels -1 and 1."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.logaddexp(0, -y * z)


@misconception("loss")
def hard_labels_only(z, y):
    """Takes every label that is not 1 for 0."""
    z, y = np.asarray(z, float), np.asarray(y)
    return np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z))


@misconception("loss")
def soft_label_as_sign(z, y):
    """Stretches soft labels to -1..1, which is right for hard ones only."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.logaddexp(0, -(2 * y - 1) * z)


@misconception("loss")
def classes_swapped(z, y):
    """Lets the label 1 stand for the probability 1 - p."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return y * np.logaddexp(0, z) + (1 - y) * np.logaddexp(0, -z)


@misconception("loss")
def bits(z, y):
    """Takes the logarithm to the base 2."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return (y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)) / np.log(2)


@misconception("loss")
def scratch_paper(z, y):
    """Turns the logits round in place."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    right = y * np.logaddexp(0, -z)
    z *= -1
    return right + (1 - y) * np.logaddexp(0, -z)


@alternative("loss")
def maximum_first(z, y):
    """Splits off the part that grows."""
    z, y = np.array(z, float), np.array(y, float)
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


@alternative("loss")
def one_loss_after_the_other(z, y):
    """Loops, and returns a list of floats as an array."""
    import math

    def softplus(v):
        return max(v, 0.0) + math.log1p(math.exp(-abs(v)))

    pairs = zip(map(float, z), map(float, y))
    return np.array([t * softplus(-v) + (1 - t) * softplus(v) for v, t in pairs])


@alternative("loss")
def by_columns(z, y):
    """Stacks both logarithms and weighs them."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.einsum("kn,kn->n", np.stack([1 - y, y]), np.logaddexp(0, np.stack([z, -z])))


# Question 3 · gradient


@misconception("gradient")
def truth_minus_prediction(X, y, w, b):
    """Takes the error with the other sign."""
    X = np.asarray(X, float)
    error = y - (1 + np.tanh((X @ w + b) / 2)) / 2
    return X.T @ error / len(X), float(error.mean())


@misconception("gradient")
def sums(X, y, w, b):
    """Forgets to divide by N."""
    X = np.asarray(X, float)
    error = (1 + np.tanh((X @ w + b) / 2)) / 2 - y
    return X.T @ error, float(error.sum())


@misconception("gradient")
def bias_summed(X, y, w, b):
    """Takes the mean for the weights and the sum for the bias."""
    X = np.asarray(X, float)
    error = (1 + np.tanh((X @ w + b) / 2)) / 2 - y
    return X.T @ error / len(X), float(error.sum())


@misconception("gradient")
def of_the_squared_error(X, y, w, b):
    """Keeps the slope of the sigmoid, which the cross-entropy cancels."""
    X = np.asarray(X, float)
    p = (1 + np.tanh((X @ w + b) / 2)) / 2
    error = (p - y) * p * (1 - p)
    return X.T @ error / len(X), float(error.mean())


@misconception("gradient")
def no_bias_in_the_sum(X, y, w, b):
    """Predicts without the bias."""
    X = np.asarray(X, float)
    error = (1 + np.tanh(X @ w / 2)) / 2 - y
    return X.T @ error / len(X), float(error.mean())


@misconception("gradient")
def overflowing(X, y, w, b):
    """Uses the sigmoid as on paper."""
    X = np.asarray(X, float)
    error = 1 / (1 + np.exp(-(X @ w + b))) - y
    return X.T @ error / len(X), float(error.mean())


@misconception("gradient")
def row_by_row(X, y, w, b):
    """Looks at one observation after the other."""
    X, w = np.asarray(X, float), np.asarray(w, float)
    dw, db = np.zeros(len(w)), 0.0
    for x, t in zip(X, y):
        error = (1 + np.tanh((x @ w + b) / 2)) / 2 - t
        dw += error * x / len(X)
        db += error / len(X)
    return dw, float(db)


@misconception("gradient")
def columns_meet_rows(X, y, w, b):
    """Subtracts a row of labels from a column of predictions, which makes a square."""
    X = np.asarray(X, float)
    p = (1 + np.tanh((X @ np.reshape(w, (-1, 1)) + b) / 2)) / 2
    error = p - np.asarray(y, float)
    return (X.T @ error / len(X)).mean(axis=1), float(error.mean())


@misconception("gradient")
def one_feature_squeezed(X, y, w, b):
    """Drops the axis where there is one feature."""
    X = np.asarray(X, float)
    error = (1 + np.tanh((X @ w + b) / 2)) / 2 - y
    return np.squeeze(X.T @ error / len(X)), float(error.mean())


@misconception("gradient")
def linear_prediction(X, y, w, b):
    """Forgets the sigmoid."""
    X = np.asarray(X, float)
    error = X @ w + b - y
    return X.T @ error / len(X), float(error.mean())


@misconception("gradient")
def step_prediction(X, y, w, b):
    """Takes the perceptron's verdict for the prediction."""
    X = np.asarray(X, float)
    error = (X @ w + b >= 0) - np.asarray(y, float)
    return X.T @ error / len(X), float(error.mean())


@alternative("gradient")
def with_a_column_of_ones(X, y, w, b):
    """Treats the bias as one more weight."""
    A = np.column_stack([np.asarray(X, float), np.ones(len(X))])
    z = A @ np.append(w, b)
    p = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    slopes = A.T @ (p - np.asarray(y)) / len(A)
    return slopes[:-1], slopes[-1]


@alternative("gradient")
def by_einsum(X, y, w, b):
    """Says the sums by their indices, and returns a list of the two."""
    X = np.array(X, float)
    n = X.shape[0]
    p = 0.5 + 0.5 * np.tanh(0.5 * (np.einsum("nj,j->n", X, np.array(w, float)) + b))
    error = p - np.array(y)
    return [np.einsum("n,nj->j", error, X) / n, np.einsum("n->", error) / n]


@alternative("gradient")
def mean_of_products(X, y, w, b):
    """Takes the mean of error times input by broadcasting."""
    X, y, w = np.asarray(X, float), np.asarray(y, float)[:, None], np.asarray(w, float)[:, None]
    error = np.exp(-np.logaddexp(0, -(X @ w + b))) - y
    return np.mean(error * X, axis=0), np.mean(error)


@alternative("gradient")
def features_in_a_loop(X, y, w, b):
    """Loops over the few features, not over the observations."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    z = sum(X[:, j] * w[j] for j in range(X.shape[1])) + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    return np.array([np.mean(error * X[:, j]) for j in range(X.shape[1])]), np.mean(error)


# Question 4 · gradient descent


bias_after_weights = slip(
    "descent",
    "Moves the bias by a gradient that the new weights give.",
    {
        "dtype=float), np.asarray(y, dtype=": "float), np.asarray(y, ",
        " error @ X ": " X.T @ error ",
        ", b = w - rate * dw, b - rate * db": (
            " = w - rate * dw\n"
            "        b -= rate * float(np.mean((1 + np.tanh((X @ w + b) / 2)) / 2 "
            "- y))"
        ),
    },
)


uphill = slip(
    "descent",
    "Walks along the gradient.",
    {
        "dtype=float), np.asarray(y, dtype=": "float), np.asarray(y, ",
        " error @ X ": " X.T @ error ",
        "- rate * dw, b -": "+ rate * dw, b +",
    },
)


summed_gradient = slip(
    "descent",
    "Makes steps that grow with the number of observations.",
    {
        "dtype=float), np.asarray(y, dtype=": "float), np.asarray(y, ",
        "error @ X / len(X), float(error.mean": "X.T @ error, float(error.sum",
    },
)


@misconception("descent")
def tol_ignored(X, y, rate, n_steps, tol=0.0):
    """Makes all steps."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for step in range(n_steps + 1):
        z = X @ w + b
        costs.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        if step < n_steps:
            error = (1 + np.tanh(z / 2)) / 2 - y
            w, b = w - rate * X.T @ error / len(X), b - rate * float(error.mean())
    return w, b, costs


@misconception("descent")
def costs_before_steps_only(X, y, rate, n_steps, tol=0.0):
    """Forgets the cost after the last step."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_steps):
        z = X @ w + b
        costs.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        error = (1 + np.tanh(z / 2)) / 2 - y
        dw, db = X.T @ error / len(X), float(error.mean())
        if max(abs(db), *np.abs(dw)) <= tol:
            break
        w, b = w - rate * dw, b - rate * db
    return w, b, costs


stops_when_the_cost_does = slip(
    "descent",
    "Compares the change of the cost with tol.",
    {
        "dtype=float), np.asarray(y, dtype=": "float), np.asarray(y, ",
        (
            "dw, db = error @ X / len(X), float(error.mean())\n"
            "        if len(costs) > n_steps or max(abs(db), *np.abs(dw)) <= tol"
        ): ("if len(costs) > n_steps or (len(costs) > 1 and abs(costs[-2] - costs[-1]) <= tol)"),
        "dw, b - rate * db": "X.T @ error / len(X), b - rate * float(error.mean())",
    },
)


@misconception("descent")
def stop_without_the_bias(X, y, rate, n_steps, tol=0.0):
    """Stops when the weights' part of the gradient is small."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    while True:
        z = X @ w + b
        costs.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        error = (1 + np.tanh(z / 2)) / 2 - y
        dw, db = X.T @ error / len(X), float(error.mean())
        if len(costs) > n_steps or np.abs(dw).max() <= tol:
            return w, b, costs
        w, b = w - rate * dw, b - rate * db


stops_strictly_below = slip(
    "descent",
    "Goes on where the gradient is just as large as tol.",
    {"np.abs(dw).max() <=": "max(abs(db), *np.abs(dw)) <"},
    of="stop_without_the_bias",
)


stops_by_length = slip(
    "descent",
    "Compares the length of the gradient with tol, not its components.",
    {"np.abs(dw).max(": "np.hypot(db, np.linalg.norm(dw)"},
    of="stop_without_the_bias",
)


stops_at_any_small_slope = slip(
    "descent",
    "Stops when one component is small.",
    {"np.abs(dw).max(": "min(abs(db), *np.abs(dw)"},
    of="stop_without_the_bias",
)


stops_by_sign = slip(
    "descent",
    "Compares slopes with tol without their size.",
    {"np.abs(dw).max(": "max(db, *dw"},
    of="stop_without_the_bias",
)


@misconception("descent")
def one_step_too_late(X, y, rate, n_steps, tol=0.0):
    """Looks at the gradient after the step that it led to."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w, b, costs = np.zeros(X.shape[1]), 0.0, [float(np.log(2))]
    for _ in range(n_steps):
        error = (1 + np.tanh((X @ w + b) / 2)) / 2 - y
        dw, db = X.T @ error / len(X), float(error.mean())
        w, b = w - rate * dw, b - rate * db
        z = X @ w + b
        costs.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        if max(abs(db), *np.abs(dw)) <= tol:
            break
    return w, b, costs


@misconception("descent")
def cost_of_probabilities(X, y, rate, n_steps, tol=0.0):
    """Takes the logarithm of probabilities that are rounded to 0."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    while True:
        p = (1 + np.tanh((X @ w + b) / 2)) / 2
        costs.append(float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))
        dw, db = X.T @ (p - y) / len(X), float(np.mean(p - y))
        if len(costs) > n_steps or max(abs(db), *np.abs(dw)) <= tol:
            return w, b, costs
        w, b = w - rate * dw, b - rate * db


@misconception("descent")
def one_observation_at_a_time(X, y, rate, n_steps, tol=0.0):
    """Updates after each observation, as the perceptron does."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    while True:
        z = X @ w + b
        costs.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        error = (1 + np.tanh(z / 2)) / 2 - y
        if len(costs) > n_steps or max(abs(error.mean()), *np.abs(X.T @ error / len(X))) <= tol:
            return w, b, costs
        for x, t in zip(X, y):
            e = (1 + np.tanh((x @ w + b) / 2)) / 2 - t
            w, b = w - rate * e * x, b - rate * e


@alternative("descent")
def with_augmented_weights(X, y, rate, n_steps, tol=0.0):
    """Keeps the bias as the last weight, and the costs in an array."""
    A = np.hstack([np.array(X, float), np.ones((len(X), 1))])
    y = np.array(y)
    theta = np.zeros(A.shape[1])

    def cost():
        return np.logaddexp(0, np.where(y == 1, -1, 1) * (A @ theta)).mean()

    costs = [cost()]
    for _ in range(n_steps):
        z = A @ theta
        slopes = A.T @ (np.exp(np.minimum(z, 0)) / (1 + np.exp(-abs(z))) - y) / len(y)
        if np.linalg.norm(slopes, np.inf) <= tol:
            break
        theta -= rate * slopes
        costs.append(cost())
    return theta[:-1], theta[-1], np.array(costs)


@alternative("descent")
def by_recursion_of_states(X, y, rate, n_steps, tol=0.0):
    """Makes a list of all states first, with a closure for the gradient."""
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)

    def slopes(w, b):
        error = 0.5 + 0.5 * np.tanh(0.5 * (X.dot(w) + b)) - y
        return np.mean(error[:, None] * X, axis=0), error.mean()

    states = [(np.zeros(X.shape[1]), 0.0)]
    for _ in range(n_steps):
        w, b = states[-1]
        dw, db = slopes(w, b)
        if np.all(np.abs(dw) <= tol) and abs(db) <= tol:
            break
        states.append((w - rate * dw, b - rate * db))
    costs = []
    for w, b in states:
        z = X.dot(w) + b
        costs.append(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))
    return *states[-1], costs


@alternative("descent")
def in_plain_python(X, y, rate, n_steps, tol=0.0):
    """Loops over observations and features."""
    import math

    rows, labels = [[float(v) for v in row] for row in X], [int(t) for t in y]
    w, b, costs = [0.0] * len(rows[0]), 0.0, []
    for step in range(n_steps + 1):
        total, dw, db = 0.0, [0.0] * len(w), 0.0
        for row, t in zip(rows, labels):
            z = sum(v * x for v, x in zip(w, row)) + b
            p = math.exp(min(z, 0)) / (1 + math.exp(-abs(z)))
            total += max(z, 0) - t * z + math.log1p(math.exp(-abs(z)))
            for j, x in enumerate(row):
                dw[j] += (p - t) * x / len(rows)
            db += (p - t) / len(rows)
        costs.append(total / len(rows))
        if step == n_steps or all(abs(slope) <= tol for slope in [*dw, db]):
            break
        w, b = [v - rate * slope for v, slope in zip(w, dw)], b - rate * db
    return np.array(w), b, costs


# Question 5 · penalty


@misconception("penalised")
def bias_pays_too(X, y, w, b, lam):
    """Puts a penalty on the bias."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    cost = np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * (w @ w + b**2)
    return float(cost), X.T @ error / len(X) + lam * w, float(error.mean() + lam * b)


@misconception("penalised")
def without_the_half(X, y, w, b, lam):
    """Takes λ instead of λ/2, in the cost and in the gradient."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    cost = np.mean(np.logaddexp(0, z) - y * z) + lam * (w @ w)
    return float(cost), X.T @ error / len(X) + 2 * lam * w, float(error.mean())


@misconception("penalised")
def half_in_the_gradient(X, y, w, b, lam):
    """Keeps the half when it differentiates the square."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    cost = np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * (w @ w)
    return float(cost), X.T @ error / len(X) + lam / 2 * w, float(error.mean())


@misconception("penalised")
def penalty_over_n(X, y, w, b, lam):
    """Divides the penalty by the number of observations."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    cost = np.mean(np.logaddexp(0, z) - y * z) + lam / (2 * len(X)) * (w @ w)
    return float(cost), (X.T @ error + lam * w) / len(X), float(error.mean())


@misconception("penalised")
def length_not_squared(X, y, w, b, lam):
    """Penalises the length of the weights."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    length = np.linalg.norm(w)
    cost = np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * length
    dw = X.T @ error / len(X) + (lam / 2 * w / length if length else 0)
    return float(cost), dw, float(error.mean())


penalty_in_the_cost_only = slip(
    "penalised",
    "Forgets that the penalty has a slope.",
    {" + lam / 2 * w": ""},
    of="half_in_the_gradient",
)


@misconception("penalised")
def sum_of_losses(X, y, w, b, lam):
    """Adds up the losses, as scikit-learn does."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    cost = np.sum(np.logaddexp(0, z) - y * z) + lam / 2 * (w @ w)
    return float(cost), X.T @ error + lam * w, float(error.sum())


@misconception("penalised")
def cost_by_log_of_probability(X, y, w, b, lam):
    """Meets log 0 where the model is sure."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    p = (1 + np.tanh((X @ w + b) / 2)) / 2
    cost = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + lam / 2 * (w @ w)
    return float(cost), X.T @ (p - y) / len(X) + lam * w, float(np.mean(p - y))


@misconception("penalised")
def cost_with_clipped_probability(X, y, w, b, lam):
    """Keeps the probability away from 0 and 1, so that no loss is above 35."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    p = np.clip((1 + np.tanh((X @ w + b) / 2)) / 2, 1e-15, 1 - 1e-15)
    cost = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + lam / 2 * (w @ w)
    return float(cost), X.T @ (p - y) / len(X) + lam * w, float(np.mean(p - y))


@misconception("penalised")
def shrinks_the_argument(X, y, w, b, lam):
    """Multiplies the given weights by λ in place."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    error = (1 + np.tanh(z / 2)) / 2 - y
    cost = np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * (w @ w)
    w *= lam
    return float(cost), X.T @ error / len(X) + w, float(error.mean())


@alternative("penalised")
def penalty_as_a_matrix(X, y, w, b, lam):
    """Treats the bias as a weight without a penalty."""
    A = np.column_stack([np.asarray(X, float), np.ones(len(X))])
    theta = np.append(np.asarray(w, float), b)
    D = lam * np.diag(np.append(np.ones(len(theta) - 1), 0))
    sign = 1 - 2 * np.asarray(y, float)
    s = sign * (A @ theta)
    cost = np.logaddexp(0, s).mean() + theta @ D @ theta / 2
    slopes = A.T @ (sign * np.exp(-np.logaddexp(0, -s))) / len(A) + D @ theta
    return cost, slopes[:-1], slopes[-1]


@alternative("penalised")
def penalised_by_einsum(X, y, w, b, lam):
    """Says the sums by their indices, and returns a list."""
    X, y, w = np.array(X, float), np.array(y, float), np.array(w, float)
    z = np.einsum("nj,j->n", X, w) + b
    p = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    cost = np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))
    cost += 0.5 * lam * np.einsum("j,j->", w, w)
    return [cost, np.einsum("n,nj->j", p - y, X) / len(y) + lam * w, np.mean(p - y)]


@alternative("penalised")
def sum_over_observations(X, y, w, b, lam):
    """Loops over the observations."""
    X, w = np.asarray(X, float), np.asarray(w, float)
    cost, dw, db = 0.0, np.zeros(len(w)), 0.0
    for x, t in zip(X, y):
        z = float(x @ w + b)
        cost += max(z, 0.0) - t * z + np.log1p(np.exp(-abs(z)))
        error = 0.5 * (1 + np.tanh(z / 2)) - t
        dw += error * x
        db += error
    n = len(X)
    return cost / n + lam * np.sum(w**2) / 2, dw / n + lam * w, db / n


# Question 6 · decision by cost


@misconception("decide")
def costs_swapped(z, cost_fp, cost_fn):
    """Takes the price of a miss for that of a false alarm."""
    with np.errstate(divide="ignore"):
        return (np.asarray(z) + np.log(cost_fp) >= np.log(cost_fn)).astype(int)


@misconception("decide")
def strictly_cheaper(z, cost_fp, cost_fn):
    """Calls positive only what is cheaper that way."""
    with np.errstate(divide="ignore"):
        return (np.asarray(z) + np.log(cost_fn) > np.log(cost_fp)).astype(int)


@misconception("decide")
def logit_against_probability(z, cost_fp, cost_fn):
    """Compares the logit with a threshold for probabilities."""
    fp, fn = np.asarray(cost_fp, float), np.asarray(cost_fn, float)
    whole = np.where(fp + fn > 0, fp + fn, 1)
    return (np.asarray(z) >= fp / whole).astype(int)


@misconception("decide")
def rounded_probability(z, cost_fp, cost_fn):
    """Compares probabilities that are rounded to 0 and 1."""
    p = (1 + np.tanh(np.asarray(z, float) / 2)) / 2
    return ((1 - p) * np.asarray(cost_fp) <= p * np.asarray(cost_fn)).astype(int)


@misconception("decide")
def always_one_half(z, cost_fp, cost_fn):
    """Ignores the costs."""
    return (np.asarray(z) >= 0).astype(int)


@misconception("decide")
def ratio_is_the_threshold(z, cost_fp, cost_fn):
    """Takes the ratio of the costs for the threshold on the probability."""
    p = (1 + np.tanh(np.asarray(z, float) / 2)) / 2
    return (p * np.asarray(cost_fn) >= np.asarray(cost_fp)).astype(int)


@misconception("decide")
def log_of_zero(z, cost_fp, cost_fn):
    """Warns where a mistake costs nothing."""
    return (np.asarray(z) >= np.log(cost_fp) - np.log(cost_fn)).astype(int)


@misconception("decide")
def one_cost_for_all(z, cost_fp, cost_fn):
    """Cannot take the costs of each object."""
    if cost_fp == 0:
        return np.ones(len(z), dtype=int)
    if cost_fn == 0:
        return np.zeros(len(z), dtype=int)
    return (np.asarray(z) >= np.log(cost_fp) - np.log(cost_fn)).astype(int)


@misconception("decide")
def mean_cost(z, cost_fp, cost_fn):
    """Takes the mean of the objects' costs."""
    with np.errstate(divide="ignore"):
        limit = np.log(np.mean(cost_fp))
        return (np.asarray(z) + np.log(np.mean(cost_fn)) >= limit).astype(int)


@misconception("decide")
def truth_values(z, cost_fp, cost_fn):
    """Returns True and False."""
    with np.errstate(divide="ignore"):
        return np.asarray(z) + np.log(cost_fn) >= np.log(cost_fp)


@misconception("decide")
def zero_over_zero(z, cost_fp, cost_fn):
    """Divides by the sum of the costs."""
    fp, fn = np.asarray(cost_fp, float), np.asarray(cost_fn, float)
    z = np.asarray(z, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = fp / (fp + fn)
        return (z >= np.log(t) - np.log1p(-t)).astype(int)


@misconception("decide")
def odds_on_both_sides(z, cost_fp, cost_fn):
    """Multiplies the costs by parts of the odds, which underflow to a tie with a free miss."""
    z = np.asarray(z, float)
    alarm = np.asarray(cost_fp) * np.exp(-np.maximum(z, 0))
    miss = np.asarray(cost_fn) * np.exp(np.minimum(z, 0))
    return np.where(alarm <= miss, 1, 0)


@alternative("decide")
def logarithms_of_both_costs(z, cost_fp, cost_fn):
    """Compares the logarithms of the two expected costs."""
    z = np.asarray(z, float)
    with np.errstate(divide="ignore"):
        alarm, miss = (np.log(np.asarray(cost, float)) for cost in (cost_fp, cost_fn))
    return np.where(alarm - np.logaddexp(0, z) <= miss - np.logaddexp(0, -z), 1, 0)


@alternative("decide")
def object_by_object(z, cost_fp, cost_fn):
    """Loops over the objects, the free mistakes first."""
    import math

    answers = []
    for v, fp, fn in np.broadcast(z, cost_fp, cost_fn):
        if fp == 0:
            answers.append(1)
        elif fn == 0:
            answers.append(0)
        else:
            answers.append(int(v >= math.log(float(fp) / float(fn))))
    return np.array(answers)


@alternative("decide")
def threshold_array(z, cost_fp, cost_fn):
    """Fills in the threshold of each object; returns small integers."""
    z, fp, fn = np.broadcast_arrays(*(np.array(a, float) for a in (z, cost_fp, cost_fn)))
    limit = np.full(z.shape, np.inf)
    both = (fp > 0) & (fn > 0)
    limit[both] = np.log(fp[both]) - np.log(fn[both])
    limit[fp == 0] = -np.inf
    return np.asarray(z >= limit, dtype=np.int8)


# Question 7 · Newton step


@misconception("newton")
def quarter_everywhere(X, y, w, b, lam=0.0):
    """Keeps the curvature of zero weights, where all predictions are 1/2."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    ridge = np.append(np.full(len(w), lam), 0)
    p = (1 + np.tanh(A @ theta / 2)) / 2
    slope = A.T @ (p - y) / len(A) + ridge * theta
    theta = theta - np.linalg.solve(A.T @ A / 4 / len(A) + np.diag(ridge), slope)
    return theta[:-1], float(theta[-1])


@misconception("newton")
def ridge_on_the_bias(X, y, w, b, lam=0.0):
    """Puts the penalty on all parameters."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    p = (1 + np.tanh(A @ theta / 2)) / 2
    slope = A.T @ (p - y) / len(A) + lam * theta
    H = (A.T * (p * (1 - p))) @ A / len(A) + lam * np.eye(len(theta))
    theta = theta - np.linalg.solve(H, slope)
    return theta[:-1], float(theta[-1])


@misconception("newton")
def ridge_in_the_hessian_only(X, y, w, b, lam=0.0):
    """Forgets the penalty's part of the gradient, which is 0 at zero weights."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    p = (1 + np.tanh(A @ theta / 2)) / 2
    H = (A.T * (p * (1 - p))) @ A / len(A) + np.diag(np.append(np.full(len(w), lam), 0))
    theta = theta - np.linalg.solve(H, A.T @ (p - y) / len(A))
    return theta[:-1], float(theta[-1])


@misconception("newton")
def ridge_in_the_gradient_only(X, y, w, b, lam=0.0):
    """Forgets the penalty's part of the Hessian."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    p = (1 + np.tanh(A @ theta / 2)) / 2
    slope = A.T @ (p - y) / len(A) + np.append(np.full(len(w), lam), 0) * theta
    theta = theta - np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A), slope)
    return theta[:-1], float(theta[-1])


@misconception("newton")
def summed_against_the_penalty(X, y, w, b, lam=0.0):
    """Adds up the losses, so that the penalty is N times too weak."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    ridge = np.append(np.full(len(w), lam), 0)
    p = (1 + np.tanh(A @ theta / 2)) / 2
    H = (A.T * (p * (1 - p))) @ A + np.diag(ridge)
    theta = theta - np.linalg.solve(H, A.T @ (p - y) + ridge * theta)
    return theta[:-1], float(theta[-1])


mean_and_sum_mixed = slip(
    "newton",
    "Divides the gradient by N and not the Hessian.",
    {"A.T @ A / 4 / len(A)": "(A.T * (p * (1 - p))) @ A"},
    of="quarter_everywhere",
)


no_cross_terms = slip(
    "newton",
    "Divides each slope by its own curvature.",
    {
        "np.linalg.solve(A.T @ A / 4 / len(A) + np.diag(ridge), slope": (
            "slope / (np.mean((p * (1 - p))[:, None] * A**2, axis=0) + ridge"
        )
    },
    of="quarter_everywhere",
)


@misconception("newton")
def gradient_step(X, y, w, b, lam=0.0):
    """Takes a gradient step of length 1."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    p = (1 + np.tanh(A @ theta / 2)) / 2
    theta = theta - A.T @ (p - y) / len(A) - np.append(np.full(len(w), lam), 0) * theta
    return theta[:-1], float(theta[-1])


@misconception("newton")
def divides_by_the_weight(X, y, w, b, lam=0.0):
    """Computes the working response, which is 0/0 where the model is sure."""
    A, z = np.column_stack([X, np.ones(len(X))]), np.asarray(X) @ np.asarray(w) + b
    p = (1 + np.tanh(z / 2)) / 2
    s = p * (1 - p)
    u = z + (y - p) / s
    H = (A.T * s) @ A / len(A) + np.diag(np.append(np.full(len(w), lam), 0))
    theta = np.linalg.solve(H, A.T @ (s * u) / len(A))
    return theta[:-1], float(theta[-1])


@misconception("newton")
def sigmoid_on_paper(X, y, w, b, lam=0.0):
    """Overflows where the model is sure."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    ridge = np.append(np.full(len(w), lam), 0)
    p = 1 / (1 + np.exp(-(A @ theta)))
    H = (A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge)
    theta = theta - np.linalg.solve(H, A.T @ (p - y) / len(A) + ridge * theta)
    return theta[:-1], float(theta[-1])


walks_uphill = slip(
    "newton",
    "Adds the step.",
    {
        "1 / (1 + np.exp(-(A @ theta)))": "(1 + np.tanh(A @ theta / 2)) / 2",
        "theta - np.linalg.solve": "theta + np.linalg.solve",
    },
    of="sigmoid_on_paper",
)


@alternative("newton")
def regression_of_irls(X, y, w, b, lam=0.0):
    """Solves for the new parameters at once, with weight times working response."""
    A, y = np.column_stack([np.asarray(X, float), np.ones(len(X))]), np.asarray(y)
    z = A @ np.append(w, b)
    p = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    s = p * (1 - p)
    D = len(A) * lam * np.diag(np.append(np.ones(len(w)), 0))
    theta = np.linalg.solve(A.T @ (A * s[:, None]) + D, A.T @ (s * z + y - p))
    return theta[:-1], theta[-1]


@alternative("newton")
def sums_of_outer_products(X, y, w, b, lam=0.0):
    """Adds one outer product after the other."""
    d, n = len(w), len(X)
    H, g = np.zeros((d + 1, d + 1)), np.zeros(d + 1)
    for row, t in zip(X, y):
        x = np.append(row, 1.0)
        p = 0.5 * (1 + np.tanh(0.5 * float(x @ np.append(w, b))))
        g += (p - t) * x / n
        H += p * (1 - p) * np.outer(x, x) / n
    for j in range(d):
        g[j] += lam * w[j]
        H[j, j] += lam
    new = np.append(w, b) - np.linalg.inv(H) @ g
    return new[:d], new[d]


@alternative("newton")
def bias_in_front(X, y, w, b, lam=0.0):
    """Puts the ones in front, says the sums by their indices, and returns a list."""
    A = np.insert(np.array(X, float), 0, 1, axis=1)
    theta = np.array([b, *w], float)
    D = lam * np.eye(len(theta))
    D[0, 0] = 0
    p = 0.5 + 0.5 * np.tanh(A @ theta / 2)
    H = np.einsum("n,ni,nj->ij", p - p * p, A, A) / len(A) + D
    g = np.einsum("n,ni->i", p - np.array(y), A) / len(A) + D @ theta
    new = theta - np.linalg.lstsq(H, g, rcond=None)[0]
    return [new[1:], new[0]]


# Question 8 · damped Newton


@misconception("damped")
def full_steps(X, y, lam, w, b):
    """Never shortens a step."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    y, ridge = np.asarray(y), np.append(np.full(len(w), lam), 0)
    costs = []
    for _ in range(20):
        z = A @ theta
        costs.append(float(np.mean(np.logaddexp(0, z) - y * z) + ridge @ theta**2 / 2))
        p = (1 + np.tanh(z / 2)) / 2
        slope = A.T @ (p - y) / len(A) + ridge * theta
        if np.abs(slope).max() <= 1e-6:
            break
        theta = theta - np.linalg.pinv((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge)) @ slope
    return theta[:-1], float(theta[-1]), costs


half_steps = slip(
    "damped",
    "Halves every step once, needed or not.",
    {
        "range(20):": "range(100):",
        ("theta = theta - np.linalg.pinv((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge)"): (
            "H = (A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge)\n"
            "        theta = theta - 0.5 * np.linalg.pinv(H"
        ),
    },
    of="full_steps",
)


@misconception("damped")
def halves_once_if_needed(X, y, lam, w, b):
    """Asks "if" where it should ask "while"."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    y, ridge = np.asarray(y), np.append(np.full(len(w), lam), 0)

    def cost(theta):
        z = A @ theta
        return float(np.mean(np.logaddexp(0, z) - y * z) + ridge @ theta**2 / 2)

    costs = [cost(theta)]
    for _ in range(30):
        p = (1 + np.tanh(A @ theta / 2)) / 2
        slope = A.T @ (p - y) / len(A) + ridge * theta
        if np.abs(slope).max() <= 1e-6:
            break
        step = np.linalg.pinv((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge)) @ slope
        if cost(theta - step) > costs[-1]:
            step = step / 2
        theta = theta - step
        costs.append(cost(theta))
    return theta[:-1], float(theta[-1]), costs


@misconception("damped")
def gives_up_at_a_rise(X, y, lam, w, b):
    """Stops as soon as a full step would raise the cost."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    y, ridge = np.asarray(y), np.append(np.full(len(w), lam), 0)

    def cost(theta):
        z = A @ theta
        return float(np.mean(np.logaddexp(0, z) - y * z) + ridge @ theta**2 / 2)

    costs = [cost(theta)]
    while True:
        p = (1 + np.tanh(A @ theta / 2)) / 2
        slope = A.T @ (p - y) / len(A) + ridge * theta
        step = np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge), slope)
        if np.abs(slope).max() <= 1e-6 or cost(theta - step) > costs[-1]:
            return theta[:-1], float(theta[-1]), costs
        theta = theta - step
        costs.append(cost(theta))


cost_without_the_penalty = slip(
    "damped",
    "Reports and watches the mean loss alone.",
    {
        " + ridge @ theta**2 / 2": "",
        "range(30):": "range(100):",
        (
            "np.linalg.pinv((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge)) @ "
            "slope\n"
            "        if cost(theta - step) > costs[-1]"
        ): (
            "np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge), "
            "slope)\n"
            "        while cost(theta - step) > costs[-1] and np.abs(step).max() > "
            "1e-12"
        ),
    },
    of="halves_once_if_needed",
)


@misconception("damped")
def bias_penalised(X, y, lam, w, b):
    """Minimises a cost in which the bias pays as well."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    y = np.asarray(y)

    def cost(theta):
        z = A @ theta
        return float(np.mean(np.logaddexp(0, z) - y * z) + lam * theta @ theta / 2)

    costs = [cost(theta)]
    while True:
        p = (1 + np.tanh(A @ theta / 2)) / 2
        slope = A.T @ (p - y) / len(A) + lam * theta
        if np.abs(slope).max() <= 1e-6:
            return theta[:-1], float(theta[-1]), costs
        step = np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A) + lam * np.eye(len(theta)), slope)
        while cost(theta - step) > costs[-1]:
            step = step / 2
        theta = theta - step
        costs.append(cost(theta))


content_too_early = slip(
    "damped",
    "Stops when the cost falls by less than a thousandth.",
    {
        "for _ in range(30)": "while len(costs) < 2 or costs[-2] - costs[-1] > 1e-3",
        (
            "if np.abs(slope).max() <= 1e-6:\n"
            "            break\n"
            "        step = np.linalg.pinv((A.T * (p * (1 - p))) @ A / len(A) + "
            "np.diag(ridge)) @ slope\n"
            "        if"
        ): (
            "step = np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A) + "
            "np.diag(ridge), slope)\n"
            "        while"
        ),
    },
    of="halves_once_if_needed",
)


@misconception("damped")
def gradient_steps_instead(X, y, lam, w, b):
    """Walks along the gradient, which takes far more steps."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    y, ridge = np.asarray(y), np.append(np.full(len(w), lam), 0)

    def cost(theta):
        z = A @ theta
        return float(np.mean(np.logaddexp(0, z) - y * z) + ridge @ theta**2 / 2)

    costs = [cost(theta)]
    for _ in range(100):
        step = A.T @ ((1 + np.tanh(A @ theta / 2)) / 2 - y) / len(A) + ridge * theta
        if np.abs(step).max() <= 1e-6:
            break
        while cost(theta - step) > costs[-1]:
            step = step / 2
        theta = theta - step
        costs.append(cost(theta))
    return theta[:-1], float(theta[-1]), costs


@misconception("damped")
def start_ignored(X, y, lam, w, b):
    """Starts from zero, and reports the costs from there."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.zeros(len(w) + 1)
    y, ridge = np.asarray(y), np.append(np.full(len(w), lam), 0)

    def cost(theta):
        z = A @ theta
        return float(np.mean(np.logaddexp(0, z) - y * z) + ridge @ theta**2 / 2)

    costs = [cost(theta)]
    while True:
        p = (1 + np.tanh(A @ theta / 2)) / 2
        slope = A.T @ (p - y) / len(A) + ridge * theta
        if np.abs(slope).max() <= 1e-6:
            return theta[:-1], float(theta[-1]), costs
        step = np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge), slope)
        while cost(theta - step) > costs[-1]:
            step = step / 2
        theta = theta - step
        costs.append(cost(theta))


@alternative("damped")
def armijo(X, y, lam, w, b):
    """Demands a fair share of the promised fall, as textbooks do."""
    A, theta = np.column_stack([np.asarray(X, float), np.ones(len(X))]), np.append(w, b)
    sign, n = 1 - 2 * np.asarray(y), len(A)
    D = np.diag(np.append(np.full(len(w), lam), 0.0))

    def cost(theta):
        return np.logaddexp(0, sign * (A @ theta)).mean() + theta @ D @ theta / 2

    costs = [cost(theta)]
    for _ in range(100):
        p = 0.5 + 0.5 * np.tanh(A @ theta / 2)
        g = A.T @ (p - np.asarray(y)) / n + D @ theta
        if np.linalg.norm(g, np.inf) <= 1e-6:
            break
        direction = np.linalg.solve(
            np.einsum("n,ni,nj->ij", p * (1 - p), A, A) / n + D + 1e-9 * np.eye(len(D)), -g
        )
        t = 1.0
        while cost(theta + t * direction) > costs[-1] + 1e-4 * t * (g @ direction):
            t /= 2
        theta = theta + t * direction
        costs.append(cost(theta))
    return theta[:-1], theta[-1], np.array(costs)


@alternative("damped")
def lead_of_a_quarter(X, y, lam, w, b):
    """Quarters instead of halving, with weights and bias apart and a finer end."""
    X, y, w, b = np.asarray(X, float), np.asarray(y), np.array(w, float), float(b)
    n, d = X.shape

    def cost(w, b):
        z = X @ w + b
        softplus = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
        return float((softplus - y * z).mean() + 0.5 * lam * w.dot(w))

    costs = [cost(w, b)]
    while True:
        p = 0.5 + 0.5 * np.tanh(0.5 * (X @ w + b))
        dw, db = X.T @ (p - y) / n + lam * w, np.mean(p - y)
        if max(np.max(np.abs(dw)), abs(db)) <= 5e-7:
            return w, b, costs
        s = p * (1 - p)
        H = np.empty((d + 1, d + 1))
        H[:d, :d] = X.T @ (s[:, None] * X) / n + lam * np.eye(d)
        H[:d, d] = H[d, :d] = X.T @ s / n
        H[d, d] = s.mean() + 1e-9
        step = np.linalg.inv(H) @ np.append(dw, db)
        while cost(w - step[:d], b - step[d]) > costs[-1]:
            step *= 0.25
        w, b = w - step[:d], b - step[d]
        costs.append(cost(w, b))


@alternative("damped")
def best_of_all_halves(X, y, lam, w, b):
    """Tries the full step and forty halves, and takes the best."""
    A, theta = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    y, ridge = np.asarray(y), np.append(np.full(len(w), lam), 0)

    def cost(thetas):
        z = thetas @ A.T
        return np.mean(np.logaddexp(0, z) - y * z, axis=-1) + thetas**2 @ ridge / 2

    costs = [float(cost(theta))]
    for _ in range(100):
        p = (1 + np.tanh(A @ theta / 2)) / 2
        slope = A.T @ (p - y) / len(A) + ridge * theta
        if np.abs(slope).max() < 1e-6:
            break
        step = np.linalg.solve((A.T * (p * (1 - p))) @ A / len(A) + np.diag(ridge), slope)
        tries = theta - step * 0.5 ** np.arange(41)[:, None]
        theta = tries[np.argmin(cost(tries))]
        costs.append(float(cost(theta)))
    return theta[:-1], theta[-1], costs


# All questions: one size, scale or parameter for every case lets these pass


@misconception("sigmoid")
def clipped_sigmoid(z):
    """Clips the logits at 500."""
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.minimum(np.abs(z), 500))
    return np.where(z >= 0, 1.0, e) / (1 + e)


@misconception("loss")
def hard_labels(z, y):
    """Rounds the labels."""
    z, y = np.asarray(z, float), np.where(np.asarray(y, float) > 0.999, 1.0, np.asarray(y, float))
    tail = np.log1p(np.exp(-np.abs(z)))
    return y * (tail + np.maximum(-z, 0)) + (1 - y) * (tail + np.maximum(z, 0))


@misconception("gradient")
def clipped_logits(X, y, w, b):
    """Clips the logits at 30."""
    X = np.asarray(X, float)
    z = np.clip(X @ np.asarray(w, float) + float(b), -3, 3)
    e = (1 + np.tanh(z / 2)) / 2 - np.asarray(y, float)
    return X.T @ e / len(X), e.mean()


@misconception("descent")
def tolerant(X, y, rate, n_steps, tol=0.0):
    """Takes a slope a little above tol for small enough."""
    X = np.asarray(X, float)
    y = np.asarray(y, float)
    w, b = np.zeros(X.shape[1]), 0.0

    def cost():
        z = X @ w + b
        return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))

    costs = [cost()]
    for _ in range(n_steps):
        e = (1 + np.tanh((X @ w + b) / 2)) / 2 - y
        dw, db = X.T @ e / len(X), e.mean()
        if max(np.max(np.abs(dw)), abs(db)) <= tol * (1 + 1e-9) + 1e-15:
            break
        w, b = w - rate * dw, b - rate * db
        costs.append(cost())
    return w, b, costs


default_tol = slip(
    "descent",
    "Has a tolerance of its own.",
    {" tol=0.0):": " tol=1e-4):", " * (1 + 1e-9) + 1e-15": ""},
    of="tolerant",
)


@misconception("penalised")
def bias_pays(X, y, w, b, lam):
    """The bias pays a little."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    z = X @ w + b
    cost = np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)) + lam / 2 * (w @ w)
    e = (1 + np.tanh(z / 2)) / 2 - y
    return cost, X.T @ e / len(y) + lam * w, e.mean() + lam * b * (abs(b) < 0.1)


penalty_over_n_penalised = slip(
    "penalised",
    "Divides the penalty of the slopes by n.",
    {", e.mean() + lam * b * (abs(b) < 0.1": " / (len(y) if len(y) > 20 else 1), e.mean("},
    of="bias_pays",
)


@misconception("decide")
def tiny_costs_free(z, cost_fp, cost_fn):
    """Takes a tiny cost for 0."""
    z = np.asarray(z, float)
    with np.errstate(divide="ignore"):
        fp = np.log(np.asarray(cost_fp, float))
        fn = np.log(np.asarray(cost_fn, float))
    return np.where((np.asarray(cost_fp, float) < 1e-12) | (fp <= fn + z), 1, 0)


@misconception("newton")
def penalty_times_n(X, y, w, b, lam=0.0):
    """The penalty of the curvature grows with n."""
    X = np.asarray(X, float)
    A = np.column_stack([X, np.ones(len(X))])
    v = np.append(np.asarray(w, float), b)
    p = (1 + np.tanh(A @ v / 2)) / 2
    L = np.diag(np.append(np.full(X.shape[1], float(lam)), 0.0))
    g = A.T @ (p - np.asarray(y, float)) / len(A) + L @ v
    H = (A.T * (p * (1 - p))) @ A / len(A) + L / (len(A) if len(A) > 30 else 1)
    v = v - np.linalg.solve(H, g)
    return v[:-1], v[-1]


@misconception("newton")
def damped(X, y, w, b, lam=0.0):
    """Shortens long steps."""
    X = np.asarray(X, float)
    A = np.column_stack([X, np.ones(len(X))])
    v = np.append(np.asarray(w, float), b)
    p = (1 + np.tanh(A @ v / 2)) / 2
    L = np.diag(np.append(np.full(X.shape[1], float(lam)), 0.0))
    g = A.T @ (p - np.asarray(y, float)) / len(A) + L @ v
    H = (A.T * (p * (1 - p))) @ A / len(A) + L
    s = np.linalg.solve(H, g)
    v = v - s / max(1, np.max(np.abs(s)) / 50)
    return v[:-1], v[-1]


@misconception("damped")
def starts_at_zero(X, y, lam, w, b):
    """Starts from zero whatever is given."""
    X = np.asarray(X, float)
    y = np.asarray(y, float)
    A = np.column_stack([X, np.ones(len(X))])
    v = np.append(np.asarray(w, float), float(b))
    keep = np.append(np.full(X.shape[1], float(lam)), 0.0)

    def cost(v):
        z = A @ v
        return float(
            np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)) + keep @ v**2 / 2
        )

    v = v * 0 if np.max(np.abs(A @ v)) > 5 else v
    costs = [cost(v)]
    for _ in range(100):
        z = A @ v
        p = (1 + np.tanh(z / 2)) / 2
        g = A.T @ (p - y) / len(A) + keep * v
        if np.max(np.abs(g)) <= 1e-6:
            break
        H = (A.T * (p * (1 - p))) @ A / len(A) + np.diag(keep)
        H[-1, -1] += 1e-9
        step = np.linalg.solve(H, g)
        for _ in range(200):
            new = cost(v - step)
            if new <= costs[-1]:
                break
            step = step / 2
        else:
            break
        v = v - step
        costs.append(new)
    return v[:-1], v[-1], costs


no_halving = slip(
    "damped",
    "Takes full steps only.",
    {
        "    v = v * 0 if np.max(np.abs(A @ v)) > 5 else v\n": "",
        ("if new <= costs[-1]:\n                break\n            step = step / 2"): "break",
    },
    of="starts_at_zero",
)


halves_once = slip(
    "damped",
    "Halves once at most.",
    {"    v = v * 0 if np.max(np.abs(A @ v)) > 5 else v\n": "", "range(200):": "range(2):"},
    of="starts_at_zero",
)


no_floor = slip(
    "damped",
    "Takes the Hessian as it is, which becomes singular far out.",
    {"            np.append(penalty[:-1], 1e-9)\n": "            penalty\n"},
)
