"""Answers to 02-perceptron: the misconceptions that its tests must catch, and right ones."""

# ruff: noqa: B905  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · predict


@misconception("predict")
def sign_of_z(X, w, b):
    """Takes np.sign, which is 0 on the boundary."""
    return np.sign(np.asarray(X, float) @ np.asarray(w, float) + b).astype(int)


@misconception("predict")
def strictly_positive(X, w, b):
    """Says -1 on the boundary."""
    return np.where(np.asarray(X, float) @ np.asarray(w, float) + b > 0, 1, -1)


@misconception("predict")
def zero_and_one(X, w, b):
    """Answers with the labels 0 and 1."""
    return (np.asarray(X, float) @ np.asarray(w, float) + b >= 0).astype(int)


@misconception("predict")
def without_bias(X, w, b):
    """Forgets the bias."""
    return np.where(np.asarray(X, float) @ np.asarray(w, float) >= 0, 1, -1)


@misconception("predict")
def bias_as_threshold(X, w, b):
    """Takes b for a threshold that z has to reach."""
    return np.where(np.asarray(X, float) @ np.asarray(w, float) >= b, 1, -1)


@misconception("predict")
def float_labels(X, w, b):
    """Answers in floats."""
    return np.where(np.asarray(X, float) @ np.asarray(w, float) + b >= 0, 1.0, -1.0)


@misconception("predict")
def in_their_own_type(X, w, b):
    """Multiplies small integers in their own type."""
    return np.where(np.asarray(X) @ np.asarray(w) + b >= 0, 1, -1)


@misconception("predict")
def column_of_labels(X, w, b):
    """Makes w a column, and so the result."""
    z = np.asarray(X, float) @ np.asarray(w, float)[:, None] + b
    return np.where(z >= 0, 1, -1)


@misconception("predict")
def point_by_point(X, w, b):
    """Loops over the points."""
    w = np.asarray(w, float)
    labels = [1 if np.dot(w, np.asarray(x, float)) + b >= 0 else -1 for x in X]
    return np.array(labels, dtype=int)


@misconception("predict")
def scales_in_place(X, w, b):
    """Multiplies the caller's points by the weights."""
    X = np.asarray(X, float)
    X *= np.asarray(w, float)
    return np.where(X.sum(axis=1) + b >= 0, 1, -1)


@alternative("predict")
def twice_minus_one(X, w, b):
    """Turns truth values into labels, with einsum."""
    z = np.einsum("ij,j->i", np.array(X, np.float64), np.array(w, np.float64)) + b
    return 2 * (z >= 0).astype(int) - 1


@alternative("predict")
def constant_input(X, w, b):
    """Appends the constant input 1, and starts from all labels -1."""
    X = np.asarray(X, float)
    tilde = np.hstack([X, np.ones((X.shape[0], 1))])
    labels = -np.ones(len(X), dtype=np.int8)
    labels[tilde.dot(np.r_[np.asarray(w, float), b]) >= 0] = 1
    return labels


@alternative("predict")
def input_by_input(X, w, b):
    """Loops over the few inputs instead of the many points."""
    z = float(b)
    for column, weight in zip(np.asarray(X).T, w):
        z = z + float(weight) * column.astype(float)
    return np.array([-1, 1])[(z >= 0).astype(int)]


# Question 2 · one visit


@misconception("update")
def always_updates(w, b, x, y, eta=1.0):
    """Moves the weights at a right point as well."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    return w + eta * y * x, b + eta * y


@misconception("update")
def boundary_is_right(w, b, x, y, eta=1.0):
    """Takes z = 0 for right."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    if y * (w @ x + b) < 0:
        return w + eta * y * x, b + eta * y
    return w, b


@misconception("update")
def compares_labels(w, b, x, y, eta=1.0):
    """Updates where the predicted label is wrong, which a +1 on the boundary is not."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    predicted = 1 if w @ x + b >= 0 else -1
    if predicted != y:
        return w + eta * y * x, b + eta * y
    return w, b


@misconception("update")
def bias_stays(w, b, x, y, eta=1.0):
    """Forgets to update the bias."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    return (w + eta * y * x if y * (w @ x + b) <= 0 else w), b


@misconception("update")
def rate_one(w, b, x, y, eta=1.0):
    """Forgets the learning rate."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    return (w + y * x, b + y) if y * (w @ x + b) <= 0 else (w, b)


@misconception("update")
def bias_at_rate_one(w, b, x, y, eta=1.0):
    """Forgets the learning rate of the bias."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    return (w + eta * y * x, b + y) if y * (w @ x + b) <= 0 else (w, b)


@misconception("update")
def always_adds(w, b, x, y, eta=1.0):
    """Adds the point whatever its label."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    return (w + eta * x, b + eta) if y * (w @ x + b) <= 0 else (w, b)


@misconception("update")
def difference_of_labels(w, b, x, y, eta=1.0):
    """Uses the formula for the labels 0 and 1 on -1 and +1, so that steps are twice as long."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    error = y - (1 if w @ x + b >= 0 else -1)
    return w + eta * error * x, b + eta * error


@misconception("update")
def follows_the_residual(w, b, x, y, eta=1.0):
    """Steps by y - z, as least squares does."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    z = w @ x + b
    return (w + eta * (y - z) * x, b + eta * (y - z)) if y * z <= 0 else (w, b)


@misconception("update")
def changes_the_weights_given(w, b, x, y, eta=1.0):
    """Adds to the caller's array."""
    w, x = np.asarray(w, float), np.asarray(x, float)
    if y * (w @ x + b) <= 0:
        w += eta * y * x
        b += eta * y
    return w, b


@misconception("update")
def keeps_the_type(w, b, x, y, eta=1.0):
    """Rounds half a step away where the weights are integers."""
    w, x = np.array(w), np.asarray(x)
    if y * (w.astype(float) @ x + b) <= 0:
        w = (w + eta * y * x.astype(float)).astype(w.dtype)
        b += eta * y
    return w, b


@alternative("update")
def with_the_constant_input(w, b, x, y, eta=1.0):
    """Treats the bias as the weight of a constant input."""
    weights, point = np.append(w, b).astype(float), np.append(x, 1).astype(float)
    mistake = y * np.dot(weights, point) <= 0
    weights = weights + mistake * eta * y * point
    return weights[:-1], weights[-1]


@alternative("update")
def by_plain_loops(w, b, x, y, eta=1.0):
    """Sums and updates in loops over floats."""
    z = float(b)
    for j in range(len(w)):
        z += float(w[j]) * float(x[j])
    new = [float(v) for v in w]
    if (z > 0 and y == 1) or (z < 0 and y == -1):
        return np.array(new), b
    for j in range(len(w)):
        new[j] += eta * y * float(x[j])
    return np.array(new), b + eta * y


@alternative("update")
def two_kinds_of_mistakes(w, b, x, y, eta=1.0):
    """Tells the two kinds of mistakes apart, and returns a list."""
    new = np.array(w, dtype=np.float64)
    x = np.array(x, dtype=np.float64)
    z = np.inner(new, x) + b
    if y > 0 and z <= 0:
        new += eta * x
        b = b + eta
    elif y < 0 and z >= 0:
        new -= eta * x
        b = b - eta
    return [new, b]


# Question 3 · training


@misconception("fit")
def one_array_for_all_rows(X, y, order=None, epochs=100, eta=1.0):
    """Appends the same array again and again, so that all rows show the last weights."""
    T = np.column_stack([X, np.ones(len(X))])
    weights = np.zeros(T.shape[1])
    history, mistakes = [weights], []
    for _ in range(epochs):
        count = 0
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights += eta * y[i] * T[i]
                history.append(weights)
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return np.array(history), mistakes


@misconception("fit")
def boundary_is_no_mistake(X, y, order=None, epochs=100, eta=1.0):
    """Takes z = 0 for right, and so never leaves zero."""
    T = np.column_stack([X, np.ones(len(X))])
    history, mistakes = [np.zeros(T.shape[1])], []
    for _ in range(epochs):
        count = 0
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ history[-1]) < 0:
                history.append(history[-1] + eta * y[i] * T[i])
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return np.array(history), mistakes


never_stops_early = slip(
    "fit",
    "Runs all epochs.",
    {"[-1]) < 0:": "[-1]) <= 0:", ("        if count == 0:\n            break\n"): ""},
    of="boundary_is_no_mistake",
)


clean_epoch_not_counted = slip(
    "fit",
    "Stops before it notes the epoch without a mistake.",
    {
        "[-1]) < 0:": "[-1]) <= 0:",
        "        mistakes.append(count)\n": "",
        "break": ("break\n        mistakes.append(count)"),
    },
    of="boundary_is_no_mistake",
)


@misconception("fit")
def whole_epoch_at_once(X, y, order=None, epochs=100, eta=1.0):
    """Finds the mistakes of an epoch with the weights at its start."""
    T, y = np.column_stack([X, np.ones(len(X))]), np.asarray(y, float)
    rows = np.arange(len(T)) if order is None else np.asarray(order)
    history, mistakes = [np.zeros(T.shape[1])], []
    for _ in range(epochs):
        wrong = rows[y[rows] * (T[rows] @ history[-1]) <= 0]
        for i in wrong:
            history.append(history[-1] + eta * y[i] * T[i])
        mistakes.append(len(wrong))
        if not len(wrong):
            break
    return np.array(history), mistakes


@misconception("fit")
def row_for_each_visit(X, y, order=None, epochs=100, eta=1.0):
    """Makes a row of the history at each visit."""
    T = np.column_stack([X, np.ones(len(X))])
    history, mistakes = [np.zeros(T.shape[1])], []
    for _ in range(epochs):
        count = 0
        for i in range(len(T)) if order is None else order:
            wrong = y[i] * (T[i] @ history[-1]) <= 0
            history.append(history[-1] + wrong * eta * y[i] * T[i])
            count += int(wrong)
        mistakes.append(count)
        if count == 0:
            break
    return np.array(history), mistakes


history_without_start = slip(
    "fit",
    "Leaves the row of zeros out.",
    {
        (
            " = np.zeros(T.shape[1])\n    history, mistakes = [weights"
        ): ", history, mistakes = np.zeros(T.shape[1]), [",
        "weights += eta": "weights = weights + eta",
        "history), ": "history).reshape(-1, T.shape[1]), ",
    },
    of="one_array_for_all_rows",
)


bias_in_front = slip(
    "fit",
    "Puts the bias in the first column.",
    {"X, np.ones(len(X))": "np.ones(len(X)), X", "[-1]) < 0:": "[-1]) <= 0:"},
    of="boundary_is_no_mistake",
)


order_ignored = slip(
    "fit",
    "Visits the rows from first to last whatever the order.",
    {
        (" if order is None else order:\n            if y[i] * (T[i] @ history[-1]) <"): (
            ":\n            if y[i] * (T[i] @ history[-1]) <="
        )
    },
    of="boundary_is_no_mistake",
)


order_as_truth_value = slip(
    "fit",
    "Asks an array of row numbers whether it is true.",
    {
        (
            "range(len(T)) if order is None else order:\n"
            "            if y[i] * (T[i] @ history[-1]) <"
        ): ("order or range(len(T)):\n            if y[i] * (T[i] @ history[-1]) <=")
    },
    of="boundary_is_no_mistake",
)


@misconception("fit")
def stops_at_first_right_visit(X, y, order=None, epochs=100, eta=1.0):
    """Takes one right point for the end of training."""
    T = np.column_stack([X, np.ones(len(X))])
    history, mistakes = [np.zeros(T.shape[1])], []
    for _ in range(epochs):
        count = 0
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ history[-1]) > 0:
                mistakes.append(count)
                return np.array(history), mistakes
            history.append(history[-1] + eta * y[i] * T[i])
            count += 1
        mistakes.append(count)
    return np.array(history), mistakes


learning_rate_ignored = slip(
    "fit",
    "Steps at the rate 1 always.",
    {
        (" 0:\n                history.append(history[-1] + eta *"): (
            "= 0:\n                history.append(history[-1] +"
        )
    },
    of="boundary_is_no_mistake",
)


@misconception("fit")
def weights_of_the_points_type(X, y, order=None, epochs=100, eta=1):
    """Keeps the weights in the type of the points, where they overflow or are cut."""
    X = np.array(X)
    T = np.column_stack([X, np.ones(len(X), X.dtype)])
    history, mistakes = [np.zeros(T.shape[1], X.dtype)], []
    for _ in range(epochs):
        count = 0
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ history[-1]) <= 0:
                history.append((history[-1] + eta * y[i] * T[i]).astype(X.dtype))
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return np.array(history), mistakes


@misconception("fit")
def points_times_labels_in_place(X, y, order=None, epochs=100, eta=1.0):
    """Turns the caller's points round where the label is -1."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    X *= y[:, None]
    T = np.column_stack([X, y])
    history, mistakes = [np.zeros(T.shape[1])], []
    for _ in range(epochs):
        before = len(history)
        for i in range(len(T)) if order is None else order:
            if T[i] @ history[-1] <= 0:
                history.append(history[-1] + eta * T[i])
        mistakes.append(len(history) - before)
        if mistakes[-1] == 0:
            break
    return np.array(history), mistakes


@alternative("fit")
def weights_and_bias_apart(X, y, order=None, epochs=100, eta=1.0):
    """Keeps w and b apart and copies them into the history."""
    X = np.asarray(X, dtype=float)
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    history, mistakes = [[0.0] * (d + 1)], []
    if order is None:
        order = np.arange(n)
    for _ in range(epochs):
        count = 0
        for i in order:
            if y[i] * (np.dot(w, X[i]) + b) <= 0:
                w += eta * y[i] * X[i]
                b += eta * y[i]
                history.append([*w.tolist(), float(b)])
                count += 1
        mistakes.append(count)
        if not count:
            return np.array(history), mistakes
    return np.array(history), mistakes


@alternative("fit")
def plain_python(X, y, order=None, epochs=100, eta=1.0):
    """Needs no arrays until the end; a while loop and a flag."""
    points = [[float(v) for v in row] + [1.0] for row in X]
    labels = [int(v) for v in y]
    rows = list(range(len(points))) if order is None else [int(i) for i in order]
    weights = [0.0] * len(points[0])
    history, mistakes, clean = [weights], [], False
    while len(mistakes) < epochs and not clean:
        mistakes.append(0)
        for i in rows:
            if labels[i] * sum(v * x for v, x in zip(weights, points[i])) <= 0:
                weights = [v + eta * labels[i] * x for v, x in zip(weights, points[i])]
                history.append(weights)
                mistakes[-1] += 1
        clean = mistakes[-1] == 0
    return np.array(history), np.array(mistakes, dtype=int)


single_precision_steps = slip(
    "fit",
    ("Collects the steps in single precision, in which points near the boundary are on it."),
    {
        (
            "np.float64)\n"
            "    steps = eta * y[:, None] * np.c_[np.array(X, np.float64), "
            "np.ones(len(y), np.float64"
        ): (
            "np.float32)\n"
            "    steps = eta * y[:, None] * np.c_[np.array(X, np.float32), "
            "np.ones(len(y), np.float32"
        )
    },
    of="steps_summed_up",
)


# Question 4 · margin


@alternative("fit")
def steps_summed_up(X, y, order=None, epochs=100, eta=1.0):
    """Collects the steps and sums them up; a closure makes one epoch."""
    y = np.array(y, dtype=np.float64)
    steps = eta * y[:, None] * np.c_[np.array(X, np.float64), np.ones(len(y), np.float64)]
    made = [np.zeros_like(steps[0])]
    rows = np.arange(len(y)) if order is None else np.array(order)

    def epoch():
        before = len(made)
        for step in steps[rows]:
            if np.sum(made, axis=0) @ step <= 0:
                made.append(step)
        return len(made) - before

    mistakes = []
    for _ in range(epochs):
        mistakes.append(epoch())
        if mistakes[-1] == 0:
            break
    return np.cumsum(made, axis=0), mistakes


# Question 4 · margin


@misconception("margin")
def length_without_bias(X, y, w, b):
    """Divides by the length of w, the distance in the plane."""
    w = np.asarray(w, float)
    if not w.any():
        return float("nan")
    return float(np.min(np.asarray(y) * (np.asarray(X, float) @ w + b)) / np.linalg.norm(w))


@misconception("margin")
def distance_without_sign(X, y, w, b):
    """Takes distances without their sign, so that wrong points count as right."""
    w = np.asarray(w, float)
    length = np.hypot(np.linalg.norm(w), b)
    return float(np.min(np.abs(np.asarray(X, float) @ w + b)) / length) if length else float("nan")


@misconception("margin")
def not_divided(X, y, w, b):
    """Forgets to divide by the length."""
    w = np.asarray(w, float)
    if not w.any() and b == 0:
        return float("nan")
    return float(np.min(np.asarray(y) * (np.asarray(X, float) @ w + b)))


@misconception("margin")
def labels_forgotten(X, y, w, b):
    """Takes the smallest z."""
    w = np.asarray(w, float)
    length = np.hypot(np.linalg.norm(w), b)
    return float(np.min(np.asarray(X, float) @ w + b) / length) if length else float("nan")


@misconception("margin")
def mean_for_minimum(X, y, w, b):
    """Averages over the points."""
    w = np.asarray(w, float)
    length = np.hypot(np.linalg.norm(w), b)
    yz = np.asarray(y) * (np.asarray(X, float) @ w + b)
    return float(yz.mean() / length) if length else float("nan")


@misconception("margin")
def squared_length(X, y, w, b):
    """Divides by the squared length."""
    w = np.asarray(w, float)
    square = w @ w + b * b
    yz = np.asarray(y) * (np.asarray(X, float) @ w + b)
    return float(yz.min() / square) if square else float("nan")


never_negative = slip(
    "margin",
    "Says 0 where the weights do not separate.",
    {"float(yz.mean() / length": "max(float(yz.min() / length), 0.0"},
    of="mean_for_minimum",
)


@misconception("margin")
def small_number_in_the_denominator(X, y, w, b):
    """Adds a small number to the length in order not to divide by zero."""
    w = np.asarray(w, float)
    length = np.hypot(np.linalg.norm(w), b)
    return float(np.min(np.asarray(y) * (np.asarray(X, float) @ w + b)) / (length + 1e-12))


@misconception("margin")
def divides_by_zero(X, y, w, b):
    """Lets NumPy divide 0 by 0, which warns."""
    w = np.asarray(w, float)
    yz = np.asarray(y) * (np.asarray(X, float) @ w + b)
    return float(yz.min() / np.linalg.norm(np.append(w, b)))


@misconception("margin")
def products_in_their_own_type(X, y, w, b):
    """Multiplies small integers in their own type."""
    X, y, w = np.asarray(X), np.asarray(y), np.asarray(w)
    length = float(np.linalg.norm(np.append(w, b)))
    return float(np.min(y * (X @ w + b)) / length) if length else float("nan")


@misconception("margin")
def signed_points_in_place(X, y, w, b):
    """Multiplies the caller's points by their labels."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    X *= y[:, None]
    length = np.hypot(np.linalg.norm(w), b)
    return float(np.min(X @ w + b * y) / length) if length else float("nan")


@alternative("margin")
def unit_vector_first(X, y, w, b):
    """Makes the weights a unit vector first."""
    u = np.concatenate([np.asarray(w, np.float64), [float(b)]])
    length = np.sqrt(np.sum(u**2))
    if length == 0:
        return np.nan
    signed = np.c_[np.asarray(X, float), np.ones(len(y))] * np.asarray(y, float).reshape(-1, 1)
    return np.einsum("ij,j->i", signed, u / length).min()


@alternative("margin")
def point_after_point(X, y, w, b):
    """Loops over the points with the standard library."""
    import math

    weights = [float(v) for v in w]
    length = math.hypot(*weights, float(b))
    if length == 0:
        return math.nan
    worst = math.inf
    for x, label in zip(X, y):
        z = sum(v * float(u) for v, u in zip(weights, x)) + b
        worst = min(worst, float(label) * z / length)
    return worst


@alternative("margin")
def both_classes(X, y, w, b):
    """Compares the lowest positive with the highest negative."""
    X, y, w = np.array(X, float), np.array(y), np.array(w, float)
    if np.all(w == 0) and b == 0:
        return float("nan")
    z = (X * w).sum(axis=1) + b
    lowest = np.min(z[y > 0], initial=np.inf)
    highest = np.max(z[y < 0], initial=-np.inf)
    return np.minimum(lowest, -highest) / np.linalg.norm([*w, b])


# Question 5 · bound


@misconception("bound")
def no_constant_input(X, margin, start=None, eta=1.0):
    """Measures the points without their constant input."""
    if margin <= 0:
        return np.inf
    R = np.linalg.norm(np.asarray(X, float), axis=1).max()
    debt = 0.0 if start is None else np.linalg.norm(start)
    return float((R / margin) ** 2 + 2 * debt / (eta * margin))


ratio_not_squared = slip(
    "bound",
    "Forgets the square.",
    {
        "np.asarray(X, float": "np.column_stack([X, np.ones(len(X))]",
        "(R / margin) ** 2": "R / margin",
    },
    of="no_constant_input",
)


norm_of_the_matrix = slip(
    "bound",
    "Takes the norm of the whole array for the length of its longest row.",
    {"np.asarray(X, float), axis=1).max(": "np.column_stack([X, np.ones(len(X))])"},
    of="no_constant_input",
)


rate_forgotten = slip(
    "bound",
    "Leaves the learning rate out.",
    {"np.asarray(X, float": "np.column_stack([X, np.ones(len(X))]", "(eta * margin)": "margin"},
    of="no_constant_input",
)


rate_in_both_terms = slip(
    "bound",
    "Divides the first term by the learning rate as well.",
    {
        "np.asarray(X, float": "np.column_stack([X, np.ones(len(X))]",
        "/ margin) ": "/ (eta * margin)) ",
    },
    of="no_constant_input",
)


@misconception("bound")
def start_ignored(X, margin, start=None, eta=1.0):
    """Always starts from zero."""
    if margin <= 0:
        return np.inf
    return float(
        (np.linalg.norm(np.column_stack([X, np.ones(len(X))]), axis=1).max() / margin) ** 2
    )


@misconception("bound")
def start_without_bias(X, margin, start=None, eta=1.0):
    """Measures the start without its bias."""
    if margin <= 0:
        return np.inf
    R = np.linalg.norm(np.column_stack([X, np.ones(len(X))]), axis=1).max()
    debt = 0.0 if start is None else np.linalg.norm(np.asarray(start)[:-1])
    return float((R / margin) ** 2 + 2 * debt / (eta * margin))


square_hides_the_sign = slip(
    "bound",
    "Bounds the mistakes by a margin that is negative.",
    {"margin <= ": "margin == ", "np.asarray(X, float": "np.column_stack([X, np.ones(len(X))]"},
    of="no_constant_input",
)


@misconception("bound")
def divides_by_no_margin(X, margin, start=None, eta=1.0):
    """Divides by a margin of zero."""
    R = np.linalg.norm(np.column_stack([X, np.ones(len(X))]), axis=1).max()
    debt = 0.0 if start is None else np.linalg.norm(start)
    bound = float((R / margin) ** 2 + 2 * debt / (eta * margin))
    return bound if margin > 0 else np.inf


@misconception("bound")
def whole_mistakes(X, margin, start=None, eta=1.0):
    """Rounds the bound down."""
    if margin <= 0:
        return np.inf
    R = np.linalg.norm(np.column_stack([X, np.ones(len(X))]), axis=1).max()
    debt = 0.0 if start is None else np.linalg.norm(start)
    return float(np.floor((R / margin) ** 2 + 2 * debt / (eta * margin)))


@misconception("bound")
def squares_overflow(X, margin, start=None, eta=1.0):
    """Squares small integers in their own type."""
    if margin <= 0:
        return np.inf
    R_squared = np.max(np.sum(np.asarray(X) ** 2, axis=1) + 1)
    debt = 0.0 if start is None else np.linalg.norm(start)
    return float(R_squared / margin**2 + 2 * debt / (eta * margin))


@alternative("bound")
def squared_radius(X, margin, start=None, eta=1.0):
    """Never takes the root of R squared."""
    X = np.asarray(X, dtype=float)
    start = np.zeros(X.shape[1] + 1) if start is None else np.asarray(start, dtype=float)
    if not margin > 0:
        return float("inf")
    return np.max((X * X).sum(axis=1) + 1) / margin**2 + 2 * np.sqrt(start @ start) / eta / margin


@alternative("bound")
def by_hypot(X, margin, start=None, eta=1.0):
    """Uses the standard library, row by row."""
    import math

    longest = max(math.hypot(1.0, *(float(v) for v in row)) for row in X)
    debt = math.hypot(*(float(v) for v in start)) if start is not None else 0
    return (longest / margin) ** 2 + 2 * debt / (margin * eta) if margin > 0 else math.inf


@alternative("bound")
def by_einsum(X, margin, start=None, eta=1.0):
    """Takes the squared lengths by einsum, and returns a NumPy float."""
    if margin > 0:
        tilde = np.pad(np.array(X, float), [(0, 0), (0, 1)], constant_values=1)
        bound = np.einsum("ij,ij->i", tilde, tilde).max() / np.square(margin)
        if start is not None:
            bound = bound + 2 * np.linalg.norm(np.array(start, float)) / (eta * margin)
        return bound
    return np.float64("inf")


# Question 6 · averaged perceptron


@misconception("averaged")
def last_weights(X, y, order=None, epochs=10, eta=1.0):
    """Returns the last weights."""
    T = np.column_stack([X, np.ones(len(X))])
    weights = np.zeros(T.shape[1])
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights = weights + eta * y[i] * T[i]
    return weights[:-1], weights[-1]


@misconception("averaged")
def mean_over_mistakes(X, y, order=None, epochs=10, eta=1.0):
    """Averages over the mistakes, so that weights that survive count once."""
    T = np.column_stack([X, np.ones(len(X))])
    rows = [np.zeros(T.shape[1])]
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ rows[-1]) <= 0:
                rows.append(rows[-1] + eta * y[i] * T[i])
    mean = np.mean(rows[1:], axis=0)
    return mean[:-1], mean[-1]


@misconception("averaged")
def mean_over_epochs(X, y, order=None, epochs=10, eta=1.0):
    """Averages the weights at the ends of the epochs."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, ends = np.zeros(T.shape[1]), []
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights = weights + eta * y[i] * T[i]
        ends.append(weights)
    mean = np.mean(ends, axis=0)
    return mean[:-1], mean[-1]


@misconception("averaged")
def before_the_visit(X, y, order=None, epochs=10, eta=1.0):
    """Counts the weights before each visit."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, seen = np.zeros(T.shape[1]), []
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            seen.append(weights)
            if y[i] * (T[i] @ weights) <= 0:
                weights = weights + eta * y[i] * T[i]
    mean = np.mean(seen, axis=0)
    return mean[:-1], mean[-1]


@misconception("averaged")
def start_counts(X, y, order=None, epochs=10, eta=1.0):
    """Counts the zeros at the start, by a counter that begins at 1."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, late, c = np.zeros(T.shape[1]), np.zeros(T.shape[1]), 1
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights = weights + eta * y[i] * T[i]
                late = late + c * eta * y[i] * T[i]
            c += 1
    mean = weights - late / c
    return mean[:-1], mean[-1]


@misconception("averaged")
def stops_when_clean(X, y, order=None, epochs=10, eta=1.0):
    """Stops after an epoch without a mistake."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, seen = np.zeros(T.shape[1]), []
    for _ in range(epochs):
        clean = True
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights, clean = weights + eta * y[i] * T[i], False
            seen.append(weights)
        if clean:
            break
    mean = np.mean(seen, axis=0)
    return mean[:-1], mean[-1]


@misconception("averaged")
def sum_of_weights(X, y, order=None, epochs=10, eta=1.0):
    """Forgets to divide the sum."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, total = np.zeros(T.shape[1]), np.zeros(T.shape[1])
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights = weights + eta * y[i] * T[i]
            total += weights
    return total[:-1], total[-1]


@misconception("averaged")
def decides_by_the_mean(X, y, order=None, epochs=10, eta=1.0):
    """Decides by the mean so far whether a visit is a mistake."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, total, visits = np.zeros(T.shape[1]), np.zeros(T.shape[1]), 0
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ total) <= 0:
                weights = weights + eta * y[i] * T[i]
            total += weights
            visits += 1
    return total[:-1] / visits, total[-1] / visits


@misconception("averaged")
def last_bias(X, y, order=None, epochs=10, eta=1.0):
    """Averages the weights, but not the bias."""
    T = np.column_stack([X, np.ones(len(X))])
    weights, seen = np.zeros(T.shape[1]), []
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if y[i] * (T[i] @ weights) <= 0:
                weights = weights + eta * y[i] * T[i]
            seen.append(weights)
    return np.mean(seen, axis=0)[:-1], weights[-1]


sums_the_same_array = slip(
    "averaged",
    "Collects one array many times, so that the mean is the last weights.",
    {
        "= weights +": "+=",
        "return np.mean(seen, axis=0)[:-1], weights": (
            "mean = np.mean(seen, axis=0)\n    return mean[:-1], mean"
        ),
    },
    of="last_bias",
)


rows_in_sequence = slip(
    "averaged",
    "Ignores the order.",
    {
        " if order is None else order": "",
        "return np.mean(seen, axis=0)[:-1], weights": (
            "mean = np.mean(seen, axis=0)\n    return mean[:-1], mean"
        ),
    },
    of="last_bias",
)


always_rate_one = slip(
    "averaged",
    "Ignores the learning rate.",
    {
        "+ eta * y[": "+ y[",
        "return np.mean(seen, axis=0)[:-1], weights": (
            "mean = np.mean(seen, axis=0)\n    return mean[:-1], mean"
        ),
    },
    of="last_bias",
)


@misconception("averaged")
def turns_points_in_place(X, y, order=None, epochs=10, eta=1.0):
    """Turns the caller's points round where the label is -1."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    X *= y[:, None]
    T = np.column_stack([X, y])
    weights, seen = np.zeros(T.shape[1]), []
    for _ in range(epochs):
        for i in range(len(T)) if order is None else order:
            if T[i] @ weights <= 0:
                weights = weights + eta * T[i]
            seen.append(weights)
    mean = np.mean(seen, axis=0)
    return mean[:-1], mean[-1]


@alternative("averaged")
def counts_down(X, y, order=None, epochs=10, eta=1.0):
    """Weights each step by the share of the visits that still see it."""
    X = np.asarray(X, dtype=float)
    rows = list(range(len(X)) if order is None else order) * epochs
    w, b = np.zeros(X.shape[1]), 0.0
    mean_w, mean_b = np.zeros(X.shape[1]), 0.0
    for visit, i in enumerate(rows):
        if y[i] * (w @ X[i] + b) <= 0:
            share = (len(rows) - visit) / len(rows)
            w, b = w + eta * y[i] * X[i], b + eta * y[i]
            mean_w, mean_b = mean_w + share * eta * y[i] * X[i], mean_b + share * eta * y[i]
    return mean_w, mean_b


@alternative("averaged")
def running_mean(X, y, order=None, epochs=10, eta=1.0):
    """Moves the mean a little at each visit, in plain Python."""
    points = [[*map(float, row), 1.0] for row in X]
    rows = [int(i) for i in order] if order is not None else list(range(len(points)))
    weights = [0.0] * len(points[0])
    mean, visits = weights, 0
    for _ in range(epochs):
        for i in rows:
            if float(y[i]) * sum(v * x for v, x in zip(weights, points[i])) <= 0:
                weights = [v + eta * float(y[i]) * x for v, x in zip(weights, points[i])]
            visits += 1
            mean = [m + (v - m) / visits for m, v in zip(mean, weights)]
    return [np.array(mean[:-1]), mean[-1]]


@misconception("averaged")
def single_precision_weights(X, y, order=None, epochs=10, eta=1.0):
    """Lets a generator give the weights after each visit, in single precision."""

    def weights_after_visits():
        tilde = np.c_[np.asarray(X, np.float32), np.ones(len(y), np.float32)]
        weights = np.zeros(tilde.shape[1], np.float32)
        for _ in range(epochs):
            for i in np.arange(len(y)) if order is None else order:
                if y[i] * tilde[i].dot(weights) <= 0:
                    weights = weights + np.float32(eta * y[i]) * tilde[i]
                yield weights

    mean = np.array(list(weights_after_visits()), np.float64).mean(axis=0)
    *w, b = mean
    return np.array(w), b


# Question 7 · XOR


@alternative("averaged")
def all_weights_kept(X, y, order=None, epochs=10, eta=1.0):
    """Lets a generator give the weights after each visit."""

    def weights_after_visits():
        tilde = np.c_[np.asarray(X, np.float64), np.ones(len(y), np.float64)]
        weights = np.zeros(tilde.shape[1], np.float64)
        for _ in range(epochs):
            for i in np.arange(len(y)) if order is None else order:
                if y[i] * tilde[i].dot(weights) <= 0:
                    weights = weights + np.float64(eta * y[i]) * tilde[i]
                yield weights

    mean = np.array(list(weights_after_visits()), np.float64).mean(axis=0)
    *w, b = mean
    return np.array(w), b


# Question 7 · XOR


@misconception("xor")
def values_of_the_chapter():
    """Copies the weights for 0 and 1."""
    return np.array([[1, -1], [-1, 1]]), np.array([-0.5, -0.5]), np.array([1, 1]), -0.5


@misconception("xor")
def gates_of_zero_and_one():
    """Combines OR, NAND and AND with the biases for 0 and 1."""
    return np.array([[1, 1], [-1, -1]]), np.array([-0.5, 1.5]), np.array([1, 1]), -1.5


@misconception("xor")
def equal_for_different():
    """Turns the output round: +1 where the inputs are the same."""
    return np.array([[1, 1], [-1, -1]]), np.array([1, 1]), np.array([-1, -1]), 1


@misconception("xor")
def only_or():
    """Computes OR: the second hidden unit has no say."""
    return np.array([[1, 1], [-1, -1]]), np.array([1, 1]), np.array([1, 0]), 0


@misconception("xor")
def boundaries_through_the_corners():
    """Is right at the corners, two of which lie on a boundary."""
    return np.array([[1, 1], [-1, -1]]), np.array([0, 0]), np.array([1, 1]), -1


@misconception("xor")
def off_centre():
    """Is right at the corners, but with boundaries too close to some of them."""
    return np.array([[1, 1], [-1, -1]]), np.array([0.5, 0.5]), np.array([1, 1]), -1


@misconception("xor")
def column_of_biases():
    """Makes the biases of the hidden layer a column."""
    return np.array([[1, 1], [-1, -1]]), np.array([[1], [1]]), np.array([1, 1]), -1


@misconception("xor")
def columns_for_units():
    """Puts the weights of a hidden unit in a column."""
    return np.array([[1, -1], [1, -1]]), np.array([1, 1]), np.array([1, 1]), -1


@misconception("xor")
def one_step_only():
    """Has no boundary in the hidden layer that matters: one unit on the sum."""
    return np.array([[1, 1], [1, 1]]), np.array([0, 0]), np.array([1, 1]), 0


@alternative("xor")
def one_but_not_the_other():
    """Takes the chapter's plan: the first and not the second, or the second and not the first."""
    return [[1, -1], [-1, 1]], [-1, -1], [1, 1], 1


@alternative("xor")
def and_with_or():
    """Fires where OR does and AND does not, with other lengths, in single precision."""
    W1 = np.array([[5.0, 5.0], [0.1, 0.1]], dtype=np.float32)
    return W1, np.array([5.0, -0.1], np.float32), np.array([2, -3], np.float32), np.float32(-2)


@alternative("xor")
def from_a_function():
    """Makes each unit by a helper from the corner that it cuts off."""

    def fires_only_at(*corner):
        return list(corner), 1 - len(corner)

    (first, b_first), (second, b_second) = fires_only_at(1, 1), fires_only_at(-1, -1)
    return np.vstack([first, second]), [b_first, b_second], np.full(2, -1.0), -1.0


# Question 8 · truth table


@misconception("table")
def last_digit_first(outputs):
    """Takes the first input for the last digit."""
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n) & 1
    return 2 * corners - 1, 0.5 - corners.sum(axis=1), np.asarray(outputs), -0.5


@misconception("table")
def zeros_have_no_weight(outputs):
    """Gives the weight 0 to digits that must be 0, so that a unit fires at other corners, too."""
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    return corners, 0.5 - corners.sum(axis=1), np.asarray(outputs), -0.5


@misconception("table")
def bias_counts_inputs(outputs):
    """Sets the threshold by the number of inputs, whatever the corner."""
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    return 2 * corners - 1, np.full(2**n, 0.5 - n), np.asarray(outputs), -0.5


@misconception("table")
def all_hidden_units_together(outputs):
    """Combines the hidden units by AND."""
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    w2 = np.asarray(outputs)
    return 2 * corners - 1, 0.5 - corners.sum(axis=1), w2, 0.5 - w2.sum()


@misconception("table")
def output_without_threshold(outputs):
    """Forgets that z = 0 fires."""
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    return 2 * corners - 1, 0.5 - corners.sum(axis=1), np.asarray(outputs), 0.0


@misconception("table")
def no_unit_for_no_one(outputs):
    """Makes a hidden unit for each 1, and so none where the table is 0."""
    n = len(outputs).bit_length() - 1
    corners = np.array(
        [[k >> j & 1 for j in reversed(range(n))] for k in range(2**n) if outputs[k]]
    )
    if len(corners) == 0:
        return [], [], [], -0.5
    return 2 * corners - 1, 0.5 - corners.sum(axis=1), np.ones(len(corners)), -0.5


@misconception("table")
def one_unit_by_training(outputs):
    """Trains one unit, which learns no more than a line."""
    n = len(outputs).bit_length() - 1
    X = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    w, b = np.zeros(n), -1.0
    for _ in range(50):
        for x, target in zip(X, outputs):
            error = target - (w @ x + b >= 0)
            w, b = w + error * x, b + error
    return [w], [b], [1], -0.5


@misconception("table")
def counts_ones(outputs):
    """Looks only at how many inputs are 1, as is enough for parity."""
    n = len(outputs).bit_length() - 1
    wanted = np.array([outputs[2**k - 1] for k in range(n + 1)], dtype=int)
    b1 = 0.5 - np.arange(n + 1)
    return np.ones((n + 1, n))[: 2**n], b1[: 2**n], np.diff(wanted, prepend=0)[: 2**n], -0.5


@misconception("table")
def columns_of_weights(outputs):
    """Puts the weights of a hidden unit in a column."""
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    return 2 * corners.T - 1, 0.5 - corners.sum(axis=1), np.asarray(outputs), -0.5


@misconception("table")
def labels_in_place(outputs):
    """Turns the caller's table into weights of -1 and +1."""
    outputs = np.asarray(outputs)
    n = len(outputs).bit_length() - 1
    corners = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    outputs *= 2
    outputs -= 1
    return 2 * corners - 1, 0.5 - corners.sum(axis=1), outputs, -0.5


@alternative("table")
def unit_for_each_one(outputs):
    """Makes a hidden unit for each 1, or one that never fires."""
    import itertools

    n = int(np.log2(len(outputs)))
    W1, b1 = [], []
    for corner, wanted in zip(itertools.product([0, 1], repeat=n), outputs):
        if wanted == 1:
            W1.append([1 if digit else -1 for digit in corner])
            b1.append(0.5 - sum(corner))
    if not W1:
        W1, b1 = [[0] * n], [-1]
    return W1, b1, [1] * len(W1), -1


@alternative("table")
def number_line(outputs):
    """Reads the inputs as a number, and steps up or down wherever the table changes."""
    table = np.array(outputs, dtype=float)
    n = round(np.log2(table.size))
    place = 2.0 ** np.arange(n - 1, -1, -1)
    W1 = np.tile(place, (table.size, 1))
    b1 = 0.5 - np.arange(table.size)
    return W1, b1, np.diff(table, prepend=0), -0.5


@alternative("table")
def unit_for_each_zero(outputs):
    """Fires unless a unit vetoes: one for each 0, and one at rest that fills up, in float32."""
    n = len(outputs).bit_length() - 1
    zeros = [k for k, wanted in enumerate(outputs) if not wanted] or [0]
    digits = np.array([[int(c) for c in np.binary_repr(k, n)] for k in zeros], np.float32)
    signs = 2 * digits - 1
    veto = -1.0 if 0 in [int(wanted) for wanted in outputs] else 0.0
    b1 = np.float32(0.5) - np.einsum("ij->i", digits)
    return signs, b1, np.full(len(zeros), veto), 0.5


# All questions: one size, scale or parameter for every case lets these pass


@misconception("predict")
def single_weights(X, w, b):
    """Keeps the weights in single precision."""
    z = np.asarray(X, float) @ np.asarray(w, np.float32).astype(float) + float(b)
    return np.where(z >= 0, 1, -1)


@misconception("predict")
def near_boundary(X, w, b):
    """Counts sums just below 0 as 0."""
    z = np.asarray(X, float) @ np.asarray(w, float) + float(b)
    return np.where(z >= -1e-12, 1, -1)


@misconception("update")
def near(w, b, x, y, eta=1.0):
    """Takes a point very near the boundary for a mistake."""
    w = np.array(w, dtype=float)
    x = np.asarray(x, dtype=float)
    if y * (x @ w + b) <= 1e-9:
        return w + eta * y * x, b + eta * y
    return w, b


@misconception("fit")
def near_boundary_fit(X, y, order=None, epochs=100, eta=1.0):
    """Takes points near the boundary for mistakes."""
    X = np.asarray(X, float)
    X = np.hstack([X, np.ones((len(X), 1))])
    y = np.asarray(y, float)
    order = range(len(X)) if order is None else [int(i) for i in order]
    v = np.zeros(X.shape[1])
    history, mistakes = [v], []
    for _ in range(epochs):
        wrong = 0
        for i in order:
            if y[i] * (X[i] @ v) <= 1e-9:
                v = v + eta * y[i] * X[i]
                history.append(v)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return np.array(history), mistakes


hundred = slip(
    "fit",
    "Never runs more than a hundred epochs.",
    {"range(epochs):": "range(min(epochs, 100)):", ") <= 1e-9:": ") <= 0:"},
    of="near_boundary_fit",
)


single_points = slip(
    "fit",
    "Reads points in single precision.",
    {"np.asarray(X, float": "np.asarray(X, np.float32).astype(float", ") <= 1e-9:": ") <= 0:"},
    of="near_boundary_fit",
)


two_hundred_epochs_are_enough = slip(
    "fit",
    "Has a limit of its own.",
    {"for _ in range(epochs):": "for _ in range(min(epochs, 200)):"},
)


@misconception("margin")
def without_bias_margin(X, y, w, b):
    """Takes the length of w alone when it is not 0."""
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    v = np.append(w, float(b))
    size = np.max(np.abs(v))
    if size == 0:
        return float("nan")
    v = v / size
    return float(np.min(y * (X @ v[:-1] + v[-1])) / (np.linalg.norm(v[:-1]) or np.linalg.norm(v)))


@misconception("bound")
def rounded_up(X, margin, start=None, eta=1.0):
    """Rounds up where it is nearly whole."""
    if margin <= 0:
        return float("inf")
    X = np.asarray(X, float)
    R = np.sqrt(np.max(np.sum(X**2, axis=1)) + 1)
    extra = 0.0 if start is None else 2 * np.linalg.norm(np.asarray(start, float)) / (eta * margin)
    value = (R / margin) ** 2 + extra
    return (
        float(np.round(value))
        if abs(value - round(value)) < 1e-3
        else float((R / margin) ** 2 + extra)
    )


@misconception("bound")
def start_if_true(X, margin, start=None, eta=1.0):
    """Takes a start of small numbers for none."""
    if margin <= 0:
        return float("inf")
    X = np.asarray(X, float)
    R = np.sqrt(np.max(np.sum(X**2, axis=1)) + 1)
    extra = (
        0.0
        if start is None or np.max(np.abs(start)) < 1e-6
        else 2 * np.linalg.norm(np.asarray(start, float)) / (eta * margin)
    )
    return float((R / margin) ** 2 + extra)


@misconception("averaged")
def default_hundred(X, y, order=None, epochs=100, eta=1.0):
    """Takes a hundred epochs if they are not given."""
    X = np.asarray(X, float)
    X = np.hstack([X, np.ones((len(X), 1))])
    y = np.asarray(y, float)
    order = list(range(len(X))) if order is None else [int(i) for i in order]
    v = np.zeros(X.shape[1])
    total = np.zeros(X.shape[1])
    visits = 0
    for _ in range(epochs):
        for i in order:
            if y[i] * (X[i] @ v) <= 0:
                v = v + eta * y[i] * X[i]
            total += v
            visits += 1
    mean = total / visits
    return mean[:-1], mean[-1]


tolerance = slip(
    "averaged",
    "Calls points near the boundary mistakes.",
    {"epochs=100, eta": "epochs=10, eta", "@ v) <= 0:": "@ v) <= 1e-9:"},
    of="default_hundred",
)


@misconception("xor")
def tight():
    """Leaves no room for the noise."""
    return np.array([[1.0, 1], [-1, -1]]), np.array([0.1, 0.1]), np.array([1.0, 1]), -1.0


@misconception("xor")
def just_too_tight():
    """Leaves room for 0.35 only."""
    return np.array([[1.0, 1], [-1, -1]]), np.array([0.75, 0.75]), np.array([1.0, 1]), -1.0


@misconception("xor")
def too_wide():
    """Leaves room on one side only."""
    return np.array([[1.0, 1], [-1, -1]]), np.array([1.3, 1.3]), np.array([1.0, 1]), -1.0


@misconception("table")
def last_digit_first_table(outputs):
    """Reads the digits from the other end."""
    t = [int(v) for v in outputs]
    n = len(t).bit_length() - 1
    ones = [k for k, v in enumerate(t) if v]
    if not ones:
        return np.zeros((1, n)), np.zeros(1), np.zeros(1), -1.0
    bits = np.array([[k >> (j) & 1 for j in range(n)] for k in ones])
    return 2.0 * bits - 1, 0.5 - bits.sum(axis=1), np.ones(len(ones)), -0.5


@misconception("table")
def bytes_of_digits(outputs):
    """Computes biases in bytes."""
    t = [int(v) for v in outputs]
    n = len(t).bit_length() - 1
    ones = [k for k, v in enumerate(t) if v]
    if not ones:
        return np.zeros((1, n)), np.zeros(1), np.zeros(1), -1.0
    bits = np.array([[k >> (n - 1 - j) & 1 for j in range(n)] for k in ones])
    return (
        2.0 * (bits if n < 8 else bits[:, ::-1]) - 1,
        0.5 - bits.sum(axis=1),
        np.ones(len(ones)),
        -0.5,
    )
