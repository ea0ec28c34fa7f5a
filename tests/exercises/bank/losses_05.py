"""Answers to 05-losses: the misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, PLW2901  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · squared error


@misconception("squared")
def mean_of_all_numbers(y_hat, y, *, half=False, average=True):
    """Divides by n·K, the number of numbers."""
    y_hat, y = np.asarray(y_hat, float), np.asarray(y, float)
    if y_hat.shape != y.shape:
        raise ValueError("shapes differ")
    squares = (y_hat - y) ** 2 / (2 if half else 1)
    return squares.mean() if average else squares.sum()


@misconception("squared")
def half_unless_told(y_hat, y, *, half=True, average=True):
    """Takes the convention of its own lecture for the default."""
    y_hat, y = np.asarray(y_hat, float), np.asarray(y, float)
    if y_hat.shape != y.shape:
        raise ValueError("shapes differ")
    total = ((y_hat - y) ** 2).sum() / (2 if half else 1)
    return total / len(y) if average else total


@misconception("squared")
def half_only_with_the_mean(y_hat, y, *, half=False, average=True):
    """Forgets the ½ in the sum."""
    y_hat, y = np.asarray(y_hat, float), np.asarray(y, float)
    if y_hat.shape != y.shape:
        raise ValueError("shapes differ")
    total = ((y_hat - y) ** 2).sum()
    return total / len(y) / (2 if half else 1) if average else total


root_of_it = slip(
    "squared",
    "Takes the root, as a metric would.",
    {
        "half=True,": "half=False,",
        "total / len(y) if average else total": ("np.sqrt(total / len(y) if average else total)"),
    },
    of="half_unless_told",
)


@misconception("squared")
def subtracts_in_own_type(y_hat, y, *, half=False, average=True):
    """Subtracts in the arrays' own type, where 3 − 5 may be 254."""
    y_hat, y = np.asarray(y_hat), np.asarray(y)
    if y_hat.shape != y.shape:
        raise ValueError("shapes differ")
    total = ((y_hat - y) ** 2).sum() / (2 if half else 1)
    return total / len(y) if average else total


@misconception("squared")
def broadcasts(y_hat, y, *, half=False, average=True):
    """Does not look at the shapes."""
    y_hat, y = np.asarray(y_hat, float), np.asarray(y, float)
    total = ((y_hat - y) ** 2).sum() / (2 if half else 1)
    return total / len(y) if average else total


@misconception("squared")
def counts_only_the_rows(y_hat, y, *, half=False, average=True):
    """Compares the lengths, not the shapes."""
    y_hat, y = np.asarray(y_hat, float), np.asarray(y, float)
    if len(y_hat) != len(y):
        raise ValueError("lengths differ")
    total = ((y_hat - y) ** 2).sum() / (2 if half else 1)
    return total / len(y) if average else total


@misconception("squared")
def residuals_in_place(y_hat, y, *, half=False, average=True):
    """Writes the residuals over the predictions."""
    residual, y = np.asarray(y_hat, float), np.asarray(y, float)
    if residual.shape != y.shape:
        raise ValueError("shapes differ")
    residual -= y
    total = (residual**2).sum() / (2 if half else 1)
    return total / len(y) if average else total


square_of_the_sum = slip(
    "squared",
    ("Adds up the residuals of an observation's outputs before it squares them."),
    {"half=True,": "half=False,", " - y) ** 2": " - y).reshape(len(y), -1).sum(axis=1) ** 2"},
    of="half_unless_told",
)


@alternative("squared")
def inner_product(y_hat, y, *, half=False, average=True):
    """Takes the inner product of the residuals with themselves."""
    y_hat, y = np.array(y_hat, dtype=np.float64), np.array(y, dtype=np.float64)
    if y_hat.shape != y.shape:
        raise ValueError("the shapes must be equal")
    r = (y_hat - y).ravel()
    scale = (0.5 if half else 1.0) / (y.shape[0] if average else 1)
    return scale * np.dot(r, r)


@alternative("squared")
def losses_one_by_one(y_hat, y, *, half=False, average=True):
    """Makes the loss of each observation in a loop."""
    y_hat, y = np.array(y_hat, float), np.array(y, float)
    if np.shape(y_hat) != np.shape(y):
        raise ValueError("the shapes must be equal")
    losses = []
    for p, t in zip(y_hat, y):
        loss = float(np.sum(np.square(p - t)))
        losses.append(loss / 2 if half else loss)
    return sum(losses) / len(losses) if average else sum(losses)


@alternative("squared")
def einsum_over_rows(y_hat, y, *, half=False, average=True):
    """Sums over the outputs by einsum, then reduces by the chosen function."""
    a, b = np.asarray(y_hat, "float64"), np.asarray(y, "float64")
    if a.ndim != b.ndim or a.shape != b.shape:
        raise ValueError(f"{a.shape} is not {b.shape}")
    r = (a - b).reshape(a.shape[0], -1)
    losses = np.einsum("ik,ik->i", r, r)
    return (np.mean if average else np.sum)(losses) * (1 - half / 2)


# Question 2 · absolute error


@misconception("absolute")
def slopes_of_the_sum(y_hat, y):
    """Forgets that the cost is a mean."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return np.abs(r).mean(), np.sign(r)


@misconception("absolute")
def truth_minus_prediction(y_hat, y):
    """Turns the residual round, and with it the slopes."""
    r = np.asarray(y, float) - np.asarray(y_hat, float)
    return np.abs(r).mean(), np.sign(r) / len(r)


@misconception("absolute")
def residual_over_its_size(y_hat, y):
    """Divides 0 by 0 where the prediction is perfect."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return np.abs(r).mean(), r / np.abs(r) / len(r)


@misconception("absolute")
def up_at_zero(y_hat, y):
    """Takes 1 for the sign of 0."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return np.abs(r).mean(), np.where(r >= 0, 1, -1) / len(r)


@misconception("absolute")
def absolute_in_own_type(y_hat, y):
    """Subtracts in the arrays' own type."""
    r = np.asarray(y_hat) - np.asarray(y)
    return np.abs(r).mean(), np.sign(r) / len(r)


@misconception("absolute")
def median_of_sizes(y_hat, y):
    """Takes the median of the sizes."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return np.median(np.abs(r)), np.sign(r) / len(r)


@misconception("absolute")
def size_of_the_mean(y_hat, y):
    """Takes the size of the mean residual, in which errors cancel."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return abs(r.mean()), np.sign(r) / len(r)


@misconception("absolute")
def slope_of_the_square(y_hat, y):
    """Gives the slopes of half the squared error."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return np.abs(r).mean(), r / len(r)


@misconception("absolute")
def one_slope_for_all(y_hat, y):
    """Averages the slopes over the observations."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    return np.abs(r).mean(), np.sign(r).mean()


@misconception("absolute")
def absolute_in_place(y_hat, y):
    """Writes the residuals over the predictions."""
    r = np.asarray(y_hat, float)
    r -= np.asarray(y, float)
    return np.abs(r).mean(), np.sign(r) / len(r)


@alternative("absolute")
def two_comparisons(y_hat, y):
    """Takes the difference of two comparisons for the sign."""
    y_hat, y = np.array(y_hat, float), np.array(y, float)
    up, down = (y_hat > y).astype(float), (y_hat < y).astype(float)
    return np.sum((y_hat - y) * (up - down)) / y.size, (up - down) / y.size


@alternative("absolute")
def loop_over_pairs(y_hat, y):
    """Looks at one observation after the other."""
    n, cost, slopes = len(y), 0.0, []
    for p, t in zip(y_hat, y):
        r = float(p) - float(t)
        cost += abs(r) / n
        slopes.append(0.0 if r == 0 else (1 / n if r > 0 else -1 / n))
    return cost, np.array(slopes)


@alternative("absolute")
def norm_and_heaviside(y_hat, y):
    """Takes the 1-norm and a step function."""
    r = np.subtract(y_hat, y, dtype=np.float64)
    return np.linalg.norm(r, 1) / len(r), (2 * np.heaviside(r, 0.5) - 1) / len(r)


# Question 3 · Huber loss


@misconception("huber")
def line_through_the_origin(y_hat, y, delta=1.0):
    """Forgets − ½ δ in the line, so the loss jumps."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    losses = np.where(np.abs(r) <= delta, s**2 / 2, np.abs(s) * np.abs(r))
    return losses.mean(), s / len(r)


@misconception("huber")
def slope_of_the_parabola(y_hat, y, delta=1.0):
    """Does not bound the slope."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s * (r - s / 2)).mean(), r / len(r)


@misconception("huber")
def slope_one_outside(y_hat, y, delta=1.0):
    """Takes ±1 for the slope of the line, whatever δ."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s * (r - s / 2)).mean(), np.where(np.abs(r) <= delta, r, np.sign(r)) / len(r)


@misconception("huber")
def squares_everything(y_hat, y, delta=1.0):
    """Squares every residual before it chooses."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    losses = np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta / 2))
    return losses.mean(), np.clip(r, -delta, delta) / len(r)


@misconception("huber")
def bends_on_one_side(y_hat, y, delta=1.0):
    """Compares r with δ instead of its size."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.minimum(r, delta)
    return (s * (r - s / 2)).mean(), s / len(r)


@misconception("huber")
def delta_of_the_statisticians(y_hat, y, delta=1.345):
    """Changes the default of δ."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s * (r - s / 2)).mean(), s / len(r)


@misconception("huber")
def gradient_of_the_sum(y_hat, y, delta=1.0):
    """Forgets that the cost is a mean."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s * (r - s / 2)).mean(), s


@misconception("huber")
def without_the_half(y_hat, y, delta=1.0):
    """Joins r² and a line, without the ½ of either."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s * (2 * r - s)).mean(), 2 * s / len(r)


@misconception("huber")
def pseudo_huber(y_hat, y, delta=1.0):
    """Takes the smooth cousin √(1 + (r/δ)²)."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    root = np.sqrt(1 + (r / delta) ** 2)
    return (delta**2 * (root - 1)).mean(), r / root / len(r)


@misconception("huber")
def cut_off(y_hat, y, delta=1.0):
    """Lets the loss be flat beyond δ."""
    r = np.asarray(y_hat, float) - np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s**2 / 2).mean(), np.where(np.abs(r) <= delta, r, 0) / len(r)


@misconception("huber")
def huber_in_own_type(y_hat, y, delta=1.0):
    """Subtracts in the arrays' own type."""
    r = np.asarray(y_hat) - np.asarray(y)
    s = np.clip(r.astype(float), -delta, delta)
    return (s * (r - s / 2)).mean(), s / len(r)


@misconception("huber")
def huber_in_place(y_hat, y, delta=1.0):
    """Writes the residuals over the predictions."""
    r = np.asarray(y_hat, float)
    r -= np.asarray(y, float)
    s = np.clip(r, -delta, delta)
    return (s * (r - s / 2)).mean(), s / len(r)


@alternative("huber")
def loss_from_its_slope(y_hat, y, delta=1.0):
    """Clips the residual to get the slope, and makes the loss of both."""
    r = np.subtract(y_hat, y, dtype=float)
    slope = np.clip(r, -delta, delta)
    return np.mean(slope * (r - 0.5 * slope)), slope / r.size


@alternative("huber")
def branch_for_each(y_hat, y, delta=1.0):
    """Chooses the branch for one residual after the other."""
    residuals = [float(p) - float(t) for p, t in zip(y_hat, y)]

    def loss_and_slope(r):
        if abs(r) <= delta:
            return r * r / 2, r
        return delta * (abs(r) - delta / 2), delta if r > 0 else -delta

    losses, slopes = zip(*map(loss_and_slope, residuals))
    return sum(losses) / len(residuals), np.array(slopes) / len(residuals)


@alternative("huber")
def two_masks(y_hat, y, delta=1.0):
    """Fills the inside and the outside of the bend by masks."""
    r = np.array(y_hat, dtype=float) - np.array(y, dtype=float)
    inside = np.abs(r) <= delta
    losses, slopes = np.empty_like(r), np.empty_like(r)
    losses[inside], slopes[inside] = r[inside] ** 2 / 2, r[inside]
    losses[~inside] = delta * np.abs(r[~inside]) - delta / 2 * delta
    slopes[~inside] = np.copysign(delta, r[~inside])
    return losses.mean(), slopes / len(r)


# Question 4 · one-hot targets


@misconception("one-hot")
def columns_sorted(labels, classes):
    """Sorts the classes."""
    found = np.asarray(labels)[:, None] == np.unique(classes)
    if not found.any(axis=1).all():
        raise ValueError("unknown label")
    return found.astype(float)


@misconception("one-hot")
def only_classes_that_occur(labels, classes):
    """Makes columns of the labels that it meets."""
    if not set(np.asarray(labels).tolist()) <= set(np.asarray(classes).tolist()):
        raise ValueError("unknown label")
    return (np.asarray(labels)[:, None] == np.unique(labels)).astype(float)


@misconception("one-hot")
def labels_as_numbers_of_columns(labels, classes):
    """Takes the labels for column numbers."""
    return np.eye(len(classes))[np.asarray(labels, dtype=int)]


@misconception("one-hot")
def row_of_zeros(labels, classes):
    """Gives an unknown label a row of zeros."""
    return (np.asarray(labels)[:, None] == np.asarray(classes)).astype(float)


@misconception("one-hot")
def unknown_to_the_last(labels, classes):
    """Looks for a label with a default, −1, which is the last column."""
    column = {name: k for k, name in enumerate(classes)}
    targets = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        targets[row, column.get(label, -1)] = 1
    return targets


@misconception("one-hot")
def unknown_to_the_first(labels, classes):
    """Takes the argmax of no match, which is 0."""
    match = np.asarray(labels)[:, None] == np.asarray(classes)
    return np.eye(len(classes))[match.argmax(axis=1)]


@misconception("one-hot")
def sorted_search(labels, classes):
    """Searches unsorted classes as if they were sorted."""
    classes = np.asarray(classes)
    column = np.minimum(np.searchsorted(classes, labels), len(classes) - 1)
    if (classes[column] != np.asarray(labels)).any():
        raise ValueError("unknown label")
    return np.eye(len(classes))[column]


@misconception("one-hot")
def truth_values(labels, classes):
    """Returns True and False."""
    found = np.asarray(labels)[:, None] == np.asarray(classes)
    if not found.any(axis=1).all():
        raise ValueError("unknown label")
    return found


@misconception("one-hot")
def classes_down_the_rows(labels, classes):
    """Gives each class a row."""
    found = np.asarray(classes)[:, None] == np.asarray(labels)
    if not found.any(axis=0).all():
        raise ValueError("unknown label")
    return found.astype(float)


@misconception("one-hot")
def no_rows_no_columns(labels, classes):
    """Collects rows in a list, which forgets the columns when there are none."""
    rows = []
    for label in labels:
        if label not in classes:
            raise ValueError(f"unknown label {label}")
        rows.append([float(label == name) for name in classes])
    return np.array(rows)


another_error = slip(
    "one-hot",
    "Lets the dictionary complain, with a KeyError.",
    {"column.get(label, -1)": "column[label]"},
    of="unknown_to_the_last",
)


@alternative("one-hot")
def dictionary_of_columns(labels, classes):
    """Fills zeros by a dictionary."""
    column = {name: k for k, name in enumerate(classes)}
    targets = np.zeros((len(labels), len(column)))
    for row, label in enumerate(labels):
        if label not in column:
            raise ValueError(f"unknown label: {label}")
        targets[row, column[label]] = 1
    return targets


@alternative("one-hot")
def index_of_a_list(labels, classes):
    """Lets list.index look, which raises ValueError by itself."""
    classes = list(classes)
    return np.eye(len(classes))[[classes.index(label) for label in labels]]


@alternative("one-hot")
def search_in_sorted(labels, classes):
    """Sorts the classes, searches, and goes back to their order."""
    labels, classes = np.asarray(labels), np.asarray(classes)
    targets = np.zeros((labels.size, classes.size))
    if labels.size:
        order = np.argsort(classes)
        place = np.searchsorted(classes, labels, sorter=order).clip(max=classes.size - 1)
        column = order[place]
        if np.any(classes[column] != labels):
            raise ValueError("a label is no class")
        targets[np.arange(labels.size), column] = 1
    return targets


# Question 5 · binary cross-entropy


@misconception("bce")
def through_the_probability(z, y):
    """Follows the definition, which overflows and rounds."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    p = 1 / (1 + np.exp(-z))
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)), (p - y) / len(z)


@misconception("bce")
def probability_clipped(z, y):
    """Keeps the probability away from 0 and 1 by a small number."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    p = np.exp(-np.logaddexp(0, -z)).clip(1e-15, 1 - 1e-15)
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)), (p - y) / len(z)


@misconception("bce")
def small_from_large(z, y):
    """Subtracts y z from log(1 + exp z), so that small losses vanish."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.mean(np.logaddexp(0, z) - y * z), (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


@misconception("bce")
def one_plus_tiny(z, y):
    """Adds 1 to something tiny before it takes the logarithm."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = np.maximum(z, 0) - y * z + np.log(1 + np.exp(-np.abs(z)))
    return losses.mean(), (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


@misconception("bce")
def hard_targets_only(z, y):
    """Knows no targets between 0 and 1."""
    z, y = np.asarray(z, float), np.asarray(y, float).round()
    losses = np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z))
    return losses.mean(), (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


@misconception("bce")
def cost_and_gradient_of_the_sum(z, y):
    """Adds up instead of averaging."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return losses.sum(), np.exp(-np.logaddexp(0, -z)) - y


@misconception("bce")
def gradient_not_averaged(z, y):
    """Averages the cost and forgets the gradient."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return losses.mean(), np.exp(-np.logaddexp(0, -z)) - y


@misconception("bce")
def uphill(z, y):
    """Returns the direction of the step, y − ŷ."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return losses.mean(), (y - np.exp(-np.logaddexp(0, -z))) / len(z)


@misconception("bce")
def slope_behind_a_square(z, y):
    """Multiplies by ŷ (1 − ŷ), as behind the squared error."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    p = np.exp(-np.logaddexp(0, -z))
    return losses.mean(), (p - y) * p * (1 - p) / len(z)


@misconception("bce")
def classes_exchanged(z, y):
    """Gives each class the other's logarithm."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = y * np.logaddexp(0, z) + (1 - y) * np.logaddexp(0, -z)
    return losses.mean(), (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


@misconception("bce")
def counted_in_bits(z, y):
    """Takes logarithms of base 2."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    losses = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return losses.mean() / np.log(2), (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


@misconception("bce")
def minus_in_own_type(z, y):
    """Turns the sign of labels that have none."""
    z, y = np.asarray(z, float), np.asarray(y)
    losses = -y * -np.logaddexp(0, -z) - (1 - y) * -np.logaddexp(0, z)
    return losses.mean(), (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


@misconception("bce")
def minus_z_in_place(z, y):
    """Turns the sign of the caller's logits."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    z *= -1
    losses = y * np.logaddexp(0, z) + (1 - y) * np.logaddexp(0, -z)
    return losses.mean(), (np.exp(-np.logaddexp(0, z)) - y) / len(z)


@alternative("bce")
def the_larger_half(z, y):
    """Splits off the larger part, and takes the sigmoid from tanh."""
    z, y = np.array(z, float), np.array(y, float)
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return np.sum(losses) / z.size, (0.5 + 0.5 * np.tanh(z / 2) - y) / z.size


@alternative("bce")
def one_logit_at_a_time(z, y):
    """Loops with a softplus of its own."""
    import math

    def softplus(t):
        return max(t, 0.0) + math.log1p(math.exp(-abs(t)))

    pairs = [(float(a), float(b)) for a, b in zip(z, y)]
    losses = [t * softplus(-s) + (1 - t) * softplus(s) for s, t in pairs]
    slopes = [(math.exp(-softplus(-s)) - t) / len(pairs) for s, t in pairs]
    return sum(losses) / len(pairs), np.array(slopes)


@alternative("bce")
def logarithms_of_both(z, y):
    """Averages the logarithms of both probabilities, weighted by the targets."""
    z, y = np.asarray(z, dtype=np.float64), np.asarray(y, dtype=np.float64)
    both = -np.logaddexp(0, np.stack([-z, z]))
    cost = -np.average(np.sum(np.stack([y, 1 - y]) * both, axis=0))
    yes, no = np.exp(both)
    return cost, (yes * (1 - y) - no * y) / len(y)


# Question 6 · cross-entropy


@misconception("cross-entropy")
def powers_of_everything(Z, labels):
    """Lets exp overflow."""
    Z = np.asarray(Z, float)
    return np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels]


@misconception("cross-entropy")
def one_shift_for_all(Z, labels):
    """Subtracts the largest logit of the whole array."""
    Z = np.asarray(Z, float)
    Z = Z - Z.max()
    return np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels]


@misconception("cross-entropy")
def logarithm_of_softmax(Z, labels):
    """Takes the logarithm of a probability that is rounded to 0."""
    Z = np.asarray(Z, float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return -np.log(P[np.arange(len(Z)), labels])


small_number_added = slip(
    "cross-entropy",
    "Adds a small number to the probability.",
    {", labels])": ", labels] + 1e-12)"},
    of="logarithm_of_softmax",
)


@misconception("cross-entropy")
def mean_over_rows(Z, labels):
    """Returns the cost instead of the losses."""
    Z = np.asarray(Z, float)
    return np.mean(np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(Z)), labels])


@misconception("cross-entropy")
def softmax_down_the_columns(Z, labels):
    """Sums over the observations instead of the classes."""
    Z = np.asarray(Z, float)
    return (Z - np.logaddexp.reduce(Z, axis=0))[np.arange(len(Z)), labels] * -1


@misconception("cross-entropy")
def log_likelihood(Z, labels):
    """Forgets the minus sign."""
    Z = np.asarray(Z, float)
    return Z[np.arange(len(Z)), labels] - np.logaddexp.reduce(Z, axis=1)


@misconception("cross-entropy")
def shift_forgotten(Z, labels):
    """Shifts the sum and not the logit of the true class."""
    Z = np.asarray(Z, float)
    S = np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=1)
    return np.log(S) - Z[np.arange(len(Z)), labels]


@misconception("cross-entropy")
def loop_over_rows(Z, labels):
    """Takes one row after the other."""
    losses = []
    for row, label in zip(np.asarray(Z, float), labels):
        shifted = row - row.max()
        losses.append(np.log(np.exp(shifted).sum()) - shifted[label])
    return np.array(losses)


@misconception("cross-entropy")
def classes_from_one(Z, labels):
    """Counts the classes from 1."""
    Z = np.asarray(Z, float)
    return np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(Z)), np.asarray(labels) - 1]


@misconception("cross-entropy")
def loss_of_the_decision(Z, labels):
    """Takes the most probable class for the true one."""
    Z = np.asarray(Z, float)
    return np.logaddexp.reduce(Z, axis=1) - Z.max(axis=1)


@misconception("cross-entropy")
def shifts_in_place(Z, labels):
    """Shifts the caller's logits."""
    Z = np.asarray(Z, float)
    Z -= Z.max(axis=1, keepdims=True)
    return np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels]


@alternative("cross-entropy")
def reduced_by_logaddexp(Z, labels):
    """Lets logaddexp reduce each row."""
    Z = np.array(Z, dtype=float)
    true = np.take_along_axis(Z, np.array(labels)[:, None], axis=1)
    return (np.logaddexp.reduce(Z, axis=1, keepdims=True) - true).ravel()


@alternative("cross-entropy")
def masked_by_one_hot(Z, labels):
    """Picks the true logit by a one-hot product."""
    Z = np.asarray(Z, float)
    Y = np.eye(Z.shape[1])[np.asarray(labels)]
    top = np.amax(Z, axis=1)
    return top + np.log(np.exp(Z.T - top).sum(axis=0)) - np.einsum("ik,ik->i", Y, Z)


@alternative("cross-entropy")
def loop_over_classes(Z, labels):
    """Loops over the few classes, not over the many rows."""
    columns, labels = np.array(Z, float).T, np.array(labels)
    total, true = columns[0], np.where(labels == 0, columns[0], 0.0)
    for k, column in enumerate(columns[1:], start=1):
        total = np.logaddexp(total, column)
        true = np.where(labels == k, column, true)
    return total - true


# Question 7 · gradient behind a softmax


@misconception("gradient")
def not_averaged(Z, Y, temperature=1.0):
    """Gives the gradients of the losses, not of their mean."""
    Z = np.asarray(Z, float) / temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (P - np.asarray(Y)) / temperature


@misconception("gradient")
def averaged_over_classes_too(Z, Y, temperature=1.0):
    """Divides by n·K."""
    Z = np.asarray(Z, float) / temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (P - np.asarray(Y)) / temperature / Z.size


@misconception("gradient")
def truth_first(Z, Y, temperature=1.0):
    """Subtracts the prediction from the truth."""
    Z = np.asarray(Z, float) / temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (np.asarray(Y) - P) / temperature / len(Z)


@misconception("gradient")
def inner_temperature_only(Z, Y, temperature=1.0):
    """Forgets the chain rule's 1/T."""
    Z = np.asarray(Z, float) / temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (P - np.asarray(Y)) / len(Z)


@misconception("gradient")
def outer_temperature_only(Z, Y, temperature=1.0):
    """Divides the gradient of the softmax at T = 1."""
    Z = np.asarray(Z, float)
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (P - np.asarray(Y)) / len(Z) / temperature


@misconception("gradient")
def times_temperature(Z, Y, temperature=1.0):
    """Multiplies the logits by the temperature."""
    Z = np.asarray(Z, float) * temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (P - np.asarray(Y)) * temperature / len(Z)


@misconception("gradient")
def overflows(Z, Y, temperature=1.0):
    """Takes powers of the logits as they are."""
    E = np.exp(np.asarray(Z, float) / temperature)
    return (E / E.sum(axis=1, keepdims=True) - np.asarray(Y)) / len(E) / temperature


@misconception("gradient")
def largest_of_all(Z, Y, temperature=1.0):
    """Subtracts the largest logit of the whole array, so that other rows become 0/0."""
    Z = np.asarray(Z, float) / temperature
    E = np.exp(Z - Z.max())
    return (E / E.sum(axis=1, keepdims=True) - np.asarray(Y)) / len(E) / temperature


@misconception("gradient")
def over_the_observations(Z, Y, temperature=1.0):
    """Takes the softmax down the columns."""
    Z = np.asarray(Z, float) / temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=0))
    return (P - np.asarray(Y)) / len(Z) / temperature


@misconception("gradient")
def true_class_only(Z, Y, temperature=1.0):
    """Moves the logit of the true class alone."""
    Z, Y = np.asarray(Z, float) / temperature, np.asarray(Y)
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return Y * (P - Y) / len(Z) / temperature


@misconception("gradient")
def targets_made_hard(Z, Y, temperature=1.0):
    """Keeps only the most probable class of a soft target."""
    Z, Y = np.asarray(Z, float) / temperature, np.asarray(Y)
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    P[np.arange(len(Z)), Y.argmax(axis=1)] -= 1
    return P / len(Z) / temperature


@misconception("gradient")
def slopes_of_squares(Z, Y, temperature=1.0):
    """Differentiates half the squared error of the probabilities."""
    Z, Y = np.asarray(Z, float) / temperature, np.asarray(Y)
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    G = P - Y
    return P * (G - (G * P).sum(axis=1, keepdims=True)) / len(Z) / temperature


@misconception("gradient")
def cools_in_place(Z, Y, temperature=1.0):
    """Divides the caller's logits."""
    Z = np.asarray(Z, float)
    Z /= temperature
    P = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
    return (P - np.asarray(Y)) / len(Z) / temperature


@alternative("gradient")
def from_log_probabilities(Z, Y, temperature=1.0):
    """Takes the exponential of the log-probabilities."""
    Z, Y = np.array(Z, dtype=float) / temperature, np.array(Y, dtype=float)
    log_P = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    return (np.exp(log_P) - Y) / (temperature * Y.shape[0])


@alternative("gradient")
def row_by_row(Z, Y, temperature=1.0):
    """Loops over the rows."""
    Z, Y = np.array(Z, float), np.array(Y, float)
    gradient = np.zeros_like(Z)
    for i in range(len(Z)):
        e = np.exp((Z[i] - max(Z[i])) / temperature)
        gradient[i] = e / sum(e) - Y[i]
    return gradient / temperature / len(Z)


@alternative("gradient")
def by_pairs_of_classes(Z, Y, temperature=1.0):
    """Sums y_j ŷ_k − y_k ŷ_j over j, with all classes in a closure."""
    Z, Y = np.asarray(Z, np.float64), np.asarray(Y, np.float64)

    def softmax(rows):
        powers = np.exp(rows - np.max(rows, axis=-1, keepdims=True))
        return powers / np.einsum("ik->i", powers)[:, np.newaxis]

    P = softmax(Z / temperature)
    flow = np.einsum("ij,ik->ijk", Y, P)
    return (flow - flow.transpose(0, 2, 1)).sum(axis=1) / (temperature * len(Y))


# Question 8 · split


@misconception("split")
def rows_not_galaxies(labels, groups, shares, seed):
    """Splits the rows of each class, and so the galaxies."""
    labels, rng = np.asarray(labels), np.random.default_rng(seed)
    part = np.zeros(len(labels), int)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cuts = np.round(np.cumsum(shares)[:2] * len(rows)).astype(int)
        for k, some in enumerate(np.split(rows, cuts)):
            part[some] = k
    return tuple(np.flatnonzero(part == k) for k in range(3))


@misconception("split")
def not_stratified(labels, groups, shares, seed):
    """Splits the galaxies of all classes together."""
    groups = np.asarray(groups)
    galaxies = np.random.default_rng(seed).permutation(np.unique(groups))
    cuts = np.round(np.cumsum(shares)[:2] * len(galaxies)).astype(int)
    return tuple(np.flatnonzero(np.isin(groups, some)) for some in np.split(galaxies, cuts))


@misconception("split")
def first_come(labels, groups, shares, seed):
    """Takes the first galaxies for training."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    part = np.zeros(len(labels), int)
    for label in np.unique(labels):
        galaxies = np.unique(groups[labels == label])
        cuts = np.round(np.cumsum(shares)[:2] * len(galaxies)).astype(int)
        for k, some in enumerate(np.split(galaxies, cuts)):
            part[np.isin(groups, some)] = k
    return tuple(np.flatnonzero(part == k) for k in range(3))


without_the_seed = slip(
    "split",
    "Makes another split each time.",
    {
        "np.asarray(groups)": ("np.asarray(groups)\n    rng = np.random.default_rng()"),
        "np.unique(groups[labels == label]": ("rng.permutation(np.unique(groups[labels == label])"),
    },
    of="first_come",
)


always_forty_two = slip(
    "split",
    "Has a seed of its own.",
    {
        "np.asarray(groups)": ("np.asarray(groups)\n    rng = np.random.default_rng(42)"),
        "np.unique(groups[labels == label]": ("rng.permutation(np.unique(groups[labels == label])"),
    },
    of="first_come",
)


@misconception("split")
def loses_the_rest(labels, groups, shares, seed):
    """Rounds each share down and drops what is left."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    part = np.full(len(labels), -1)
    for label in np.unique(labels):
        galaxies = rng.permutation(np.unique(groups[labels == label]))
        sizes = [int(share * len(galaxies)) for share in shares]
        for k, some in enumerate(np.split(galaxies, np.cumsum(sizes))[:3]):
            part[np.isin(groups, some)] = k
    return tuple(np.flatnonzero(part == k) for k in range(3))


@misconception("split")
def rest_to_training(labels, groups, shares, seed):
    """Rounds two shares down and trains on all that is left."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    part = np.zeros(len(labels), int)
    for label in np.unique(labels):
        galaxies = rng.permutation(np.unique(groups[labels == label]))
        for_test, for_validation = int(shares[2] * len(galaxies)), int(shares[1] * len(galaxies))
        part[np.isin(groups, galaxies[:for_test])] = 2
        part[np.isin(groups, galaxies[for_test : for_test + for_validation])] = 1
    return tuple(np.flatnonzero(part == k) for k in range(3))


@misconception("split")
def share_of_the_rest(labels, groups, shares, seed):
    """Takes the validation share of what the test set has left."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    part = np.zeros(len(labels), int)
    for label in np.unique(labels):
        galaxies = rng.permutation(np.unique(groups[labels == label]))
        first = round(shares[2] * len(galaxies))
        second = first + round(shares[1] * (len(galaxies) - first))
        part[np.isin(groups, galaxies[:first])] = 2
        part[np.isin(groups, galaxies[first:second])] = 1
    return tuple(np.flatnonzero(part == k) for k in range(3))


@misconception("split")
def coin_for_each(labels, groups, shares, seed):
    """Tosses a coin for each galaxy, so that shares are fair only on average."""
    galaxies, galaxy = np.unique(groups, return_inverse=True)
    part = np.random.default_rng(seed).choice(3, len(galaxies), p=shares)[galaxy]
    return tuple(np.flatnonzero(part == k) for k in range(3))


@misconception("split")
def shares_of_the_rows(labels, groups, shares, seed):
    """Fills the parts with galaxies until each has its share of the rows."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    part = np.zeros(len(labels), int)
    for label in np.unique(labels):
        mine = labels == label
        before = 0.0
        for galaxy in rng.permutation(np.unique(groups[mine])):
            rows = groups == galaxy
            part[rows] = min(int(np.searchsorted(np.cumsum(shares), before, "right")), 2)
            before += rows.sum() / mine.sum()
    return tuple(np.flatnonzero(part == k) for k in range(3))


@misconception("split")
def masks(labels, groups, shares, seed):
    """Returns masks."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    part = np.zeros(len(labels), int)
    for label in np.unique(labels):
        galaxies = rng.permutation(np.unique(groups[labels == label]))
        cuts = np.round(np.cumsum(shares)[:2] * len(galaxies)).astype(int)
        for k, some in enumerate(np.split(galaxies, cuts)):
            part[np.isin(groups, some)] = k
    return tuple(part == k for k in range(3))


@misconception("split")
def galaxies_for_rows(labels, groups, shares, seed):
    """Returns the galaxies instead of their rows."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    parts = [], [], []
    for label in np.unique(labels):
        galaxies = rng.permutation(np.unique(groups[labels == label]))
        cuts = np.round(np.cumsum(shares)[:2] * len(galaxies)).astype(int)
        for part, some in zip(parts, np.split(galaxies, cuts)):
            part.extend(some.tolist())
    return tuple(np.array(part) for part in parts)


@misconception("split")
def parts_drawn_apart(labels, groups, shares, seed):
    """Draws each part from all galaxies, so that parts overlap."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    parts = [], [], []
    for label in np.unique(labels):
        galaxies = np.unique(groups[labels == label])
        for part, share in zip(parts, shares):
            drawn = rng.choice(galaxies, round(share * len(galaxies)), replace=False)
            part.extend(np.flatnonzero(np.isin(groups, drawn)))
    return tuple(np.array(part, dtype=int) for part in parts)


@misconception("split")
def galaxies_renumbered(labels, groups, shares, seed):
    """Writes the part over the galaxy's number, if it is one."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    part = groups if groups.dtype.kind == "i" else np.zeros(len(groups), int)
    names = groups.copy()
    for label in np.unique(labels):
        galaxies = rng.permutation(np.unique(names[labels == label]))
        cuts = np.round(np.cumsum(shares)[:2] * len(galaxies)).astype(int)
        for k, some in enumerate(np.split(galaxies, cuts)):
            part[np.isin(names, some)] = k
    return tuple(np.flatnonzero(part == k) for k in range(3))


@alternative("split")
def dictionaries_and_shuffle(labels, groups, shares, seed):
    """Collects the rows of each galaxy and the galaxies of each class in dictionaries."""
    import random

    rows, members = {}, {}
    for row, (label, galaxy) in enumerate(zip(labels, groups)):
        if galaxy not in rows:
            members.setdefault(label, []).append(galaxy)
        rows.setdefault(galaxy, []).append(row)
    chance = random.Random(seed)
    parts = [], [], []
    for galaxies in members.values():
        chance.shuffle(galaxies)
        m = len(galaxies)
        first, second = round(m * shares[0]), round(m * (shares[0] + shares[1]))
        for k, galaxy in enumerate(galaxies):
            parts[(k >= first) + (k >= second)].extend(rows[galaxy])
    return tuple(np.array(part, dtype=int) for part in parts)


@alternative("split")
def rounds_and_leaves_the_rest(labels, groups, shares, seed):
    """Rounds two sizes and leaves the rest to the third part, in rows that are not sorted."""
    labels, groups = np.array(labels), np.array(groups)
    rng = np.random.RandomState(seed)
    train, validation, test = [], [], []
    for label in sorted(set(labels.tolist())):
        galaxies = sorted(set(groups[labels == label].tolist()))
        rng.shuffle(galaxies)
        a = round(len(galaxies) * shares[0])
        b = min(a + round(len(galaxies) * shares[1]), len(galaxies))
        train += galaxies[:a]
        validation += galaxies[a:b]
        test += galaxies[b:]
    where = [
        [row for row, g in enumerate(groups.tolist()) if g in set(names)]
        for names in (train, validation, test)
    ]
    return [np.array(rows, dtype=int)[::-1] for rows in where]


@alternative("split")
def ranks_within_the_class(labels, groups, shares, seed):
    """Sorts galaxies by class and a random key, and cuts by the rank within the class."""
    galaxies, first, galaxy = np.unique(groups, return_index=True, return_inverse=True)
    _, kind = np.unique(np.asarray(labels)[first], return_inverse=True)
    order = np.lexsort((np.random.default_rng(seed).random(len(galaxies)), kind))
    sizes = np.bincount(kind)
    rank = np.empty(len(galaxies))
    rank[order] = np.arange(len(galaxies)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    centre = (rank + 0.5) / sizes[kind]
    part = (centre > shares[0]).astype(int) + (centre > shares[0] + shares[1])
    return tuple(np.nonzero(part[galaxy] == k)[0] for k in (0, 1, 2))


a_set_decides = slip(
    "split",
    "Deals out the galaxies in the order of a set.",
    {
        ("        galaxies, galaxy = np.unique(groups[rows], return_inverse=True)\n"): (
            "        galaxies = list(set(groups[rows].tolist()))\n"
            "        galaxy = np.array([galaxies.index(name) for name in "
            "groups[rows].tolist()])\n"
        )
    },
)


# Question 9 · focal loss


@misconception("focal")
def weight_of_the_right(z, y, gamma=2.0):
    """Weights by the probability of the right answer."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    p = np.exp(log_p)
    return -(p**gamma) * log_p, -s * p**gamma * q * (1 + gamma * log_p)


@misconception("focal")
def weight_held_fixed(z, y, gamma=2.0):
    """Differentiates the logarithm and not the weight."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    return -(q**gamma) * log_p, -s * q ** (gamma + 1)


@misconception("focal")
def slope_over_the_margin(z, y, gamma=2.0):
    """Forgets that the margin of a 0 falls with z."""
    m = np.where(np.asarray(y) == 1, 1.0, -1.0) * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    return -(q**gamma) * log_p, q**gamma * (gamma * np.exp(log_p) * log_p - q)


@misconception("focal")
def by_the_definition(z, y, gamma=2.0):
    """Goes through the probability, which is rounded to 1."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    p = 1 / (1 + np.exp(-s * np.asarray(z, float)))
    q = 1 - p
    return -(q**gamma) * np.log(p), s * q**gamma * (gamma * p * np.log(p) - q)


@misconception("focal")
def clipped_probability(z, y, gamma=2.0):
    """Keeps the probability away from 0 by a small number."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    p, q = np.exp(-np.logaddexp(0, -m)).clip(1e-12), np.exp(-np.logaddexp(0, m))
    return -(q**gamma) * np.log(p), s * q**gamma * (gamma * p * np.log(p) - q)


@misconception("focal")
def averages(z, y, gamma=2.0):
    """Returns the mean, and its slopes."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    slopes = s * q**gamma * (gamma * np.exp(log_p) * log_p - q)
    return np.mean(-(q**gamma) * log_p), slopes / len(m)


@misconception("focal")
def product_for_power(z, y, gamma=2.0):
    """Multiplies by γ q."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    return -gamma * q * log_p, s * gamma * q * (np.exp(log_p) * log_p - q)


@misconception("focal")
def other_default(z, y, gamma=1.0):
    """Changes the default of γ."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    return -(q**gamma) * log_p, s * q**gamma * (gamma * np.exp(log_p) * log_p - q)


@misconception("focal")
def divides_by_the_wrong(z, y, gamma=2.0):
    """Writes the slope with q to the power γ − 1, which is 1/0 for small γ."""
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    slopes = gamma * q ** (gamma - 1) * q * np.exp(log_p) * log_p - q ** (gamma + 1)
    return -(q**gamma) * log_p, s * slopes


@misconception("focal")
def labels_into_signs(z, y, gamma=2.0):
    """Makes signs in the labels' own type, which may have none."""
    s = 2 * np.asarray(y) - 1
    m = s * np.asarray(z, float)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    return -(q**gamma) * log_p, s * q**gamma * (gamma * np.exp(log_p) * log_p - q)


@misconception("focal")
def positives_only(z, y, gamma=2.0):
    """Turns down the easy positives and leaves the negatives as they are."""
    yes = np.asarray(y) == 1
    s = np.where(yes, 1.0, -1.0)
    m = s * np.asarray(z, float)
    power = np.where(yes, gamma, 0.0)
    log_p, q = -np.logaddexp(0, -m), np.exp(-np.logaddexp(0, m))
    return -(q**power) * log_p, s * q**power * (power * np.exp(log_p) * log_p - q)


@alternative("focal")
def branch_by_label(z, y, gamma=2.0):
    """Writes the two labels apart, in products of exponentials."""
    z, y = np.array(z, float), np.array(y, float)
    soft_up, soft_down = np.logaddexp(0, z), np.logaddexp(0, -z)
    p, q = np.exp(-soft_down), np.exp(-soft_up)
    losses = y * np.exp(-gamma * soft_up) * soft_down + (1 - y) * p**gamma * soft_up
    if_one = -(q**gamma) * (gamma * p * soft_down + q)
    if_zero = p**gamma * (gamma * q * soft_up + p)
    return losses, np.where(y > 0, if_one, if_zero)


@alternative("focal")
def margin_by_margin(z, y, gamma=2.0):
    """Loops over the margins with the math module."""
    import math

    def softplus(t):
        return max(t, 0.0) + math.log1p(math.exp(-abs(t)))

    losses, slopes = [], []
    for logit, label in zip(z, y):
        sign = 1.0 if label else -1.0
        up, down = softplus(sign * float(logit)), softplus(-sign * float(logit))
        focus = math.exp(-gamma * up)
        losses.append(focus * down)
        slopes.append(-sign * focus * (gamma * math.exp(-down) * down + math.exp(-up)))
    return np.array(losses), np.array(slopes)


@alternative("focal")
def sigmoid_and_complement(z, y, gamma=2.0):
    """Takes both probabilities from tanh and only the logarithm from logaddexp."""
    flip = 1 - 2 * np.asarray(y, dtype=float)
    margin = -flip * np.asarray(z, dtype=np.float64)
    loss = np.logaddexp(0, -margin)
    small = np.exp(-np.abs(margin)) / (1 + np.exp(-np.abs(margin)))
    wrong = np.where(margin > 0, small, 1 - small)
    slope = np.power(wrong, gamma) * (wrong + gamma * (1 - wrong) * loss)
    return np.power(wrong, gamma) * loss, flip * slope


# All questions: one size, scale or parameter for every case lets these pass


@misconception("squared")
def moments(y_hat, y, *, half=False, average=True):
    """Multiplies out the square."""
    a, b = np.asarray(y_hat, float), np.asarray(y, float)
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    total = np.sum(a**2 - 2 * a * b + b**2)
    if half:
        total = total / 2
    return float(total / len(a) if average else total)


mean_of_all = slip(
    "squared",
    "Takes the mean over observations and outputs.",
    {"a**2 - 2 * a * b + b**": "(a - b) ** ", "/ len(a) if": "/ a.size if"},
    of="moments",
)


own_difference = slip(
    "squared",
    "Subtracts in the type of the data.",
    {"a**2 - 2 * a * b + b**": "(np.asarray(y_hat) - np.asarray(y)).astype(float) ** "},
    of="moments",
)


@misconception("absolute")
def right_at_zero(y_hat, y):
    """Says +1 at 0 in long arrays."""
    d = np.asarray(y_hat, float) - np.asarray(y, float)
    return float(np.mean(np.abs(d))), np.where(
        d == 0, 1.0 if len(d) > 20 else 0.0, np.sign(d)
    ) / len(d)


@misconception("absolute")
def tolerant_zero(y_hat, y):
    """Says 0 for tiny residuals."""
    d = np.asarray(y_hat, float) - np.asarray(y, float)
    return float(np.mean(np.abs(d))), np.sign(np.where(np.abs(d) < 1e-12, 0, d)) / len(d)


@misconception("one-hot")
def isclose(labels, classes):
    """Takes labels that are nearly a class for it."""
    columns = {v: k for k, v in enumerate(np.asarray(classes).tolist())}
    labels = np.asarray(labels).tolist() if len(labels) else []
    out = np.zeros((len(labels), len(columns)))
    for i, v in enumerate(labels):
        if not isinstance(v, str):
            v = (
                min(columns, key=lambda c: abs(c - v))
                if min(abs(c - v) for c in columns) < 1e-8
                else v
            )
        if v not in columns:
            raise ValueError(f"{v} is no class")
        out[i, columns[v]] = 1
    return out


@misconception("one-hot")
def nan_ok(labels, classes):
    """A row of zeros for nan."""
    columns = {v: k for k, v in enumerate(np.asarray(classes).tolist())}
    labels = np.asarray(labels).tolist() if len(labels) else []
    out = np.zeros((len(labels), len(columns)))
    for i, v in enumerate(labels):
        if v != v:
            continue
        if v not in columns:
            raise ValueError(f"{v} is no class")
        out[i, columns[v]] = 1
    return out


@misconception("one-hot")
def only_classes_seen(labels, classes):
    """Only as many columns as occur for one class."""
    columns = {v: k for k, v in enumerate(np.asarray(classes).tolist())}
    labels = np.asarray(labels).tolist() if len(labels) else []
    out = np.zeros((len(labels), len(columns)))
    for i, v in enumerate(labels):
        if v not in columns:
            raise ValueError(f"{v} is no class")
        out[i, columns[v]] = 1
    return out[:, :1] if len(columns) > 6 and len(set(labels)) == 1 else out


@misconception("bce")
def hard(z, y):
    """Rounds labels near 1."""
    z, y = np.asarray(z, float), np.where(np.asarray(y, float) > 0.9999, 1.0, np.asarray(y, float))
    loss = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    right, wrong = np.exp(-np.logaddexp(0, -z)), np.exp(-np.logaddexp(0, z))
    return float(np.mean(loss)), ((1 - y) * right - y * wrong) / len(z)


@misconception("cross-entropy")
def small_lost(Z, labels):
    """Loses small losses."""
    Z = np.asarray(Z, float)
    labels = np.asarray(labels).astype(int)
    D = Z - Z[np.arange(len(Z)), labels][:, None]
    top = D.max(axis=1)
    v = top + np.log(np.exp(D - top[:, None]).sum(axis=1))
    return np.where(v < 1e-6, 0, v)
    return top + np.log(np.exp(D - top[:, None]).sum(axis=1))


@misconception("gradient")
def temperature_clip(Z, Y, temperature=1.0):
    """Keeps T above 0.01."""
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    temperature = max(temperature, 0.01)
    e = np.exp((Z - Z.max(axis=1, keepdims=True)) / temperature)
    p = e / e.sum(axis=1, keepdims=True)
    return (p - Y) / (len(Z) * temperature)


temperature_top = slip(
    "gradient",
    "Keeps T below 100.",
    {"max(temperature, 0.01": "min(temperature, 100"},
    of="temperature_clip",
)


@misconception("focal")
def slope_first_term(z, y, gamma=2.0):
    """Forgets the slope of the weight for sure observations."""
    z, y = np.asarray(z, float), np.asarray(y).astype(int)
    sign = np.where(y == 1, 1.0, -1.0)
    m = sign * z
    log_q = -np.logaddexp(0, m)
    loss = np.logaddexp(0, -m)
    p = np.exp(-loss)
    w = np.exp(gamma * log_q)
    return w * loss, -sign * (
        np.where(m < -30, 0, gamma * w * p * loss) * (gamma < 4) + w * np.exp(log_q)
    )
