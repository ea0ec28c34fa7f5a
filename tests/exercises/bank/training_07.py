"""Answers to 07-training: the misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, E741, FBT002, RUF007  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · standardise


@misconception("standardise")
def fitted_on_everything(train, other):
    """Takes mean and scale from both sets together."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    both = np.vstack([train, other])
    mean, std = both.mean(axis=0), both.std(axis=0)
    std = np.where(np.ptp(both, axis=0) == 0, 1, std)
    return (train - mean) / std, (other - mean) / std, mean, std


@misconception("standardise")
def each_by_itself(train, other):
    """Takes the other set's z-scores from its own mean and scale."""

    def fit(values):
        mean, std = values.mean(axis=0), values.std(axis=0)
        std = np.where(values.min(axis=0) == values.max(axis=0), 1, std)
        return (values - mean) / std, mean, std

    z_train, mean, std = fit(np.asarray(train, float))
    other = np.asarray(other, float)
    return z_train, fit(other)[0] if len(other) else other, mean, std


@misconception("standardise")
def sample_deviation(train, other):
    """Divides by N - 1."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)
    std = np.where(np.ptp(train, axis=0) == 0, 1, std)
    return (train - mean) / std, (other - mean) / std, mean, std


@misconception("standardise")
def one_scale_for_all(train, other):
    """Takes one mean and one scale for all features."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    d = train.shape[1]
    mean, std = np.full(d, train.mean()), np.full(d, train.std() or 1)
    return (train - mean) / std, (other - mean) / std, mean, std


@misconception("standardise")
def epsilon_instead_of_a_case(train, other):
    """Adds a small number to the scale, against division by 0."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    mean, std = train.mean(axis=0), train.std(axis=0) + 1e-8
    return (train - mean) / std, (other - mean) / std, mean, std


@misconception("standardise")
def compares_the_deviation(train, other):
    """Looks for a standard deviation of exactly 0, which rounding prevents."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[std == 0] = 1
    return (train - mean) / std, (other - mean) / std, mean, std


tolerance_too_wide = slip(
    "standardise",
    "Takes a feature that varies little for a constant.",
    {"[std == 0] = 1": " = np.where(std < 1e-8, 1, std)"},
    of="compares_the_deviation",
)


@misconception("standardise")
def shifts_in_place(train, other):
    """Overwrites the caller's data."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    constant = np.ptp(train, axis=0) == 0
    mean, std = train.mean(axis=0), np.where(constant, 1, train.std(axis=0))
    train -= mean
    other -= mean
    return train / std, other / std, mean, std


@misconception("standardise")
def type_of_the_data(train, other):
    """Computes in the precision of the data."""
    train, other = np.asarray(train), np.asarray(other)
    constant = train.max(axis=0) == train.min(axis=0)
    mean, std = train.mean(axis=0), np.where(constant, 1, train.std(axis=0))
    return (train - mean) / std, (other - mean) / std, mean, std


@misconception("standardise")
def range_for_scale(train, other):
    """Divides by the range."""
    train, other = np.asarray(train, float), np.asarray(other, float)
    mean, scale = train.mean(axis=0), np.ptp(train, axis=0)
    scale = np.where(scale == 0, 1, scale)
    return (train - mean) / scale, (other - mean) / scale, mean, scale


@alternative("standardise")
def column_by_column(train, other):
    """Loops over the features with the statistics module."""
    import statistics

    train, other = np.array(train, dtype=float), np.array(other, dtype=float)
    mean, std = [], []
    for j in range(train.shape[1]):
        column = train[:, j].tolist()
        mean.append(statistics.fmean(column))
        std.append(1.0 if len(set(column)) == 1 else statistics.pstdev(column))
        train[:, j] = (train[:, j] - mean[j]) / std[j]
        other[:, j] = (other[:, j] - mean[j]) / std[j]
    return train, other, mean, std


@alternative("standardise")
def norm_of_the_centred(train, other):
    """Centres a copy, and takes its norm over the root of N."""
    train, other = np.array(train, np.float64), np.array(other, np.float64)
    mean = np.einsum("ij->j", train) / len(train)
    std = np.linalg.norm(train - mean, axis=0) / np.sqrt(len(train))
    std[(train == train[0]).all(axis=0)] = 1
    return (train - mean) / std, (other - mean) / std, mean, std


@alternative("standardise")
def fitted_closure(train, other):
    """Fits a function, and applies it twice."""
    data = np.array(train, dtype="f8")
    mu = np.average(data, axis=0)
    sigma = np.average((data - mu) ** 2, axis=0) ** 0.5
    for j, column in enumerate(data.T):
        if np.all(column == column[0]):
            sigma[j] = 1

    def transform(values):
        return np.divide(np.subtract(np.array(values, dtype="f8"), mu), sigma)

    return [transform(train), transform(other), mu, sigma]


# Question 2 · initialise


@misconception("initialise")
def variance_for_deviation(sizes, rule, rng, uniform=False):
    """Takes the variance for the standard deviation."""
    layers = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        variance = {"glorot": 2 / (i + o), "he": 2 / i}.get(rule)
        if variance is None:
            raise ValueError(rule)
        u = np.sqrt(3) * variance
        W = rng.uniform(-u, u, (o, i)) if uniform else rng.normal(0, variance, (o, i))
        layers.append((W, np.zeros(o)))
    return layers


@misconception("initialise")
def he_by_outputs(sizes, rule, rng, uniform=False):
    """Counts the units after the weights instead of those before."""
    layers = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        if rule not in ("glorot", "he"):
            raise ValueError(rule)
        std = np.sqrt(2 / (i + o)) if rule == "glorot" else np.sqrt(2 / o)
        u = np.sqrt(3) * std
        W = rng.uniform(-u, u, (o, i)) if uniform else rng.normal(0, std, (o, i))
        layers.append((W, np.zeros(o)))
    return layers


transposed = slip(
    "initialise",
    "Lets the rows of W be the inputs.",
    {
        ')) if rule == "glorot" else np.sqrt(2 / o': ' if rule == "glorot" else i)',
        "o, i)) if uniform else rng.normal(0, std, (o, i": (
            "i, o)) if uniform else rng.normal(0, std, (i, o"
        ),
    },
    of="he_by_outputs",
)


@misconception("initialise")
def limit_is_the_deviation(sizes, rule, rng, uniform=False):
    """Draws uniform weights from -std to std, which have a third of the variance."""
    layers = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        if rule not in ("glorot", "he"):
            raise ValueError(rule)
        std = np.sqrt(2 / (i + o if rule == "glorot" else i))
        W = rng.uniform(-std, std, (o, i)) if uniform else rng.normal(0, std, (o, i))
        layers.append((W, np.zeros(o)))
    return layers


positive_uniform = slip(
    "initialise",
    "Draws uniform weights from 0 to the limit.",
    {"rng.uniform(-std, std, ": "np.sqrt(3) * std * rng.random("},
    of="limit_is_the_deviation",
)


lecun_for_he = slip(
    "initialise",
    "Forgets He's factor 2.",
    {') if rule == "glorot" else np.sqrt(2 / o': ' if rule == "glorot" else 1 / i'},
    of="he_by_outputs",
)


random_biases = slip(
    "initialise",
    "Draws the biases, too.",
    {
        ')) if rule == "glorot" else np.sqrt(2 / o': ' if rule == "glorot" else i)',
        " np.zeros(o": " rng.normal(0, std, o",
    },
    of="he_by_outputs",
)


@misconception("initialise")
def first_layer_decides(sizes, rule, rng, uniform=False):
    """Takes one spread, that of the first layer, for all."""
    if rule not in ("glorot", "he"):
        raise ValueError(rule)
    std = np.sqrt(2 / (sizes[0] + sizes[1] if rule == "glorot" else sizes[0]))
    u = np.sqrt(3) * std
    return [
        (rng.uniform(-u, u, (o, i)) if uniform else rng.normal(0, std, (o, i)), np.zeros(o))
        for i, o in zip(sizes[:-1], sizes[1:])
    ]


seed_of_its_own = slip(
    "initialise",
    "Makes a generator of its own, for each layer.",
    {
        'std = np.sqrt(2 / (i + o)) if rule == "glorot" else np.sqrt(2 / o': (
            "rng = np.random.default_rng(42)\n"
            '        std = np.sqrt(2 / (i + o if rule == "glorot" else i)'
        )
    },
    of="he_by_outputs",
)


@misconception("initialise")
def anything_else_is_he(sizes, rule, rng, uniform=False):
    """Takes each unknown rule for He's."""
    layers = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        std = np.sqrt(2 / (i + o if rule == "glorot" else i))
        u = np.sqrt(3) * std
        W = rng.uniform(-u, u, (o, i)) if uniform else rng.normal(0, std, (o, i))
        layers.append((W, np.zeros(o)))
    return layers


@misconception("initialise")
def always_uniform(sizes, rule, rng, uniform=True):
    """Lets uniform weights be the rule."""
    layers = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        if rule not in ("glorot", "he"):
            raise ValueError(rule)
        u = np.sqrt(6 / (i + o if rule == "glorot" else i))
        layers.append((rng.uniform(-u, u, (o, i)), np.zeros(o)))
    return layers


@alternative("initialise")
def scaled_standard_draws(sizes, rule, rng, uniform=False):
    """Scales draws of variance 1."""
    if rule == "glorot":

        def variance(i, o):
            return 2 / (i + o)

    elif rule == "he":

        def variance(i, o):
            return 2 / i

    else:
        raise ValueError("unknown rule: " + rule)
    layers = []
    for k in range(1, len(sizes)):
        shape = sizes[k], sizes[k - 1]
        draws = np.sqrt(12) * (rng.random(shape) - 0.5) if uniform else rng.standard_normal(shape)
        layers.append([draws * np.sqrt(variance(sizes[k - 1], sizes[k])), np.zeros((sizes[k],))])
    return layers


@alternative("initialise")
def weight_by_weight(sizes, rule, rng, uniform=False):
    """Draws each weight in a loop, into lists."""
    rules = {"glorot": lambda i, o: 1 / ((i + o) / 2), "he": lambda i, o: 2 / i}
    try:
        variance = rules[rule]
    except KeyError:
        raise ValueError(f"no such rule: {rule}") from None
    layers = []
    n_in = sizes[0]
    for n_out in sizes[1:]:
        std = variance(n_in, n_out) ** 0.5
        draw = (
            (lambda std=std: rng.uniform(-std * 3**0.5, std * 3**0.5))
            if uniform
            else (lambda std=std: rng.normal(scale=std))
        )
        layers.append(([[draw() for _ in range(n_in)] for _ in range(n_out)], [0.0] * n_out))
        n_in = n_out
    return layers


@alternative("initialise")
def flat_and_reshaped(sizes, rule, rng, uniform=False):
    """Draws all at once and cuts the pieces out."""
    if rule not in {"glorot", "he"}:
        raise ValueError(rule)
    fans = np.array([sizes[:-1], sizes[1:]]).T
    count = fans.prod(axis=1)
    unit = rng.uniform(-1, 1, count.sum()) if uniform else rng.normal(size=count.sum())
    pieces = np.split(unit, np.cumsum(count)[:-1])
    layers = ()
    for (i, o), piece in zip(fans, pieces):
        scale = np.sqrt((6 if uniform else 2) / (i + o * (rule == "glorot")))
        layers += ((scale * piece.reshape(o, i), np.zeros_like(piece, shape=(o,))),)
    return layers


# Question 3 · minibatches


@misconception("minibatches")
def rest_dropped(n, size, epochs, rng):
    """Leaves out the last, smaller batch."""
    batches = []
    for _ in range(epochs):
        order = rng.permutation(n)
        batches += [order[k * size : (k + 1) * size] for k in range(n // size)]
    return batches


@misconception("minibatches")
def shuffled_once(n, size, epochs, rng):
    """Uses the first epoch's order in every epoch."""
    order = rng.permutation(n)
    return [order[k : k + size] for k in range(0, n, size)] * epochs


@misconception("minibatches")
def not_shuffled(n, size, epochs, rng):
    """Takes the observations as they come."""
    return [np.arange(n)[k : k + size] for k in range(0, n, size)] * epochs


@misconception("minibatches")
def only_batches_shuffled(n, size, epochs, rng):
    """Shuffles the order of the batches, not the observations."""
    batches = []
    for _ in range(epochs):
        full = [np.arange(k, k + size) for k in range(0, n - size + 1, size)]
        rest = [np.arange(n - n % size, n)] if n % size else []
        batches += [full[k] for k in rng.permutation(len(full))] + rest
    return batches


@misconception("minibatches")
def with_replacement(n, size, epochs, rng):
    """Draws each batch from all observations."""
    sizes = [min(size, n - k) for k in range(0, n, size)] * epochs
    return [rng.integers(0, n, b) for b in sizes]


@misconception("minibatches")
def evenly_split(n, size, epochs, rng):
    """Makes batches of nearly equal sizes."""
    return [
        batch
        for _ in range(epochs)
        for batch in np.array_split(rng.permutation(n), int(np.ceil(n / size)))
    ]


empty_batch_at_the_end = slip(
    "minibatches",
    "Makes one batch more than needed if the size divides n.",
    {" // size)]": " // size + 1)]"},
    of="rest_dropped",
)


@misconception("minibatches")
def seed_zero(n, size, epochs, rng):
    """Makes a generator of its own."""
    rng = np.random.default_rng(0)
    orders = [rng.permutation(n) for _ in range(epochs)]
    return [order[k : k + size] for order in orders for k in range(0, n, size)]


@misconception("minibatches")
def rotated(n, size, epochs, rng):
    """Rotates the observations by a random number instead of shuffling them."""
    orders = [np.roll(np.arange(n), rng.integers(n)) for _ in range(epochs)]
    return [order[k : k + size] for order in orders for k in range(0, n, size)]


@alternative("minibatches")
def shuffled_in_place(n, size, epochs, rng):
    """Shuffles one array again and again, and splits copies of it."""
    order, batches = np.arange(n), []
    for _ in range(epochs):
        rng.shuffle(order)
        batches.extend(np.split(order.copy(), range(size, n, size)))
    return batches


@alternative("minibatches")
def dealt_from_a_list(n, size, epochs, rng):
    """Deals plain integers from a list of ranks."""
    batches = []
    for _ in range(epochs):
        pile = sorted(range(n), key=dict(enumerate(rng.random(n))).get)
        while pile:
            batches.append(pile[:size])
            pile = pile[size:]
    return batches


@alternative("minibatches")
def one_argsort(n, size, epochs, rng):
    """Sorts a matrix of random numbers, one row for each epoch."""
    orders = np.argsort(rng.uniform(size=(epochs, n)), axis=1)
    count = -(-n // size)
    return [
        orders[k // count, size * (k % count) :][:size].astype(np.int32)
        for k in range(count * epochs)
    ]


# Question 4 · sgd


@misconception("sgd")
def no_momentum(gradient, w, batches, eta, beta=0.0):
    """Forgets the momentum."""
    path = [np.asarray(w, float)]
    for batch in batches:
        path.append(path[-1] - eta * gradient(path[-1], batch))
    return np.array(path)


@misconception("sgd")
def running_mean(gradient, w, batches, eta, beta=0.0):
    """Takes the running mean of the slopes for their running sum."""
    path, v = [np.asarray(w, float)], 0
    for batch in batches:
        v = beta * v + (1 - beta) * gradient(path[-1], batch)
        path.append(path[-1] - eta * v)
    return np.array(path)


@misconception("sgd")
def uphill(gradient, w, batches, eta, beta=0.0):
    """Adds the step."""
    path, v = [np.asarray(w, float)], 0
    for batch in batches:
        v = beta * v + gradient(path[-1], batch)
        path.append(path[-1] + eta * v)
    return np.array(path)


rate_twice = slip(
    "sgd",
    "Multiplies by the learning rate in both lines.",
    {"(1 - beta)": "eta"},
    of="running_mean",
)


nesterov = slip(
    "sgd",
    "Asks for the slope where the momentum alone would lead.",
    {
        "float)], 0": "float)], np.zeros(len(w))",
        "(1 - beta) * gradient(path[-1]": "gradient(path[-1] - eta * beta * v",
    },
    of="running_mean",
)


@misconception("sgd")
def step_before_velocity(gradient, w, batches, eta, beta=0.0):
    """Moves with the old velocity."""
    path, v = [np.asarray(w, float)], np.zeros(len(w))
    for batch in batches:
        g = gradient(path[-1], batch)
        path.append(path[-1] - eta * v)
        v = beta * v + g
    return np.array(path)


@misconception("sgd")
def one_array_many_names(gradient, w, batches, eta, beta=0.0):
    """Keeps the same array again and again, which shows the end only."""
    w = np.array(w, float)
    path, v = [w], np.zeros(len(w))
    for batch in batches:
        v = beta * v + gradient(w, batch)
        w -= eta * v
        path.append(w)
    return np.array(path)


@misconception("sgd")
def without_the_start(gradient, w, batches, eta, beta=0.0):
    """Leaves out the start."""
    w = np.asarray(w, float)
    path, v = [], np.zeros(len(w))
    for batch in batches:
        v = beta * v + gradient(w, batch)
        w = w - eta * v
        path.append(w)
    return np.array(path)


@misconception("sgd")
def path_of_integers(gradient, w, batches, eta, beta=0.0):
    """Cuts the weights to whole numbers if they start as such."""
    w = np.asarray(w)
    path, v = np.empty((len(batches) + 1, len(w)), dtype=w.dtype), np.zeros(len(w))
    path[0] = w
    for k, batch in enumerate(batches):
        v = beta * v + gradient(path[k], batch)
        path[k + 1] = path[k] - eta * v
    return path


@misconception("sgd")
def always_the_first_batch(gradient, w, batches, eta, beta=0.0):
    """Uses one minibatch for all updates."""
    path, v = [np.asarray(w, float)], np.zeros(len(w))
    for _ in range(len(batches)):
        v = beta * v + gradient(path[-1], batches[0])
        path.append(path[-1] - eta * v)
    return np.array(path)


@misconception("sgd")
def moves_the_start(gradient, w, batches, eta, beta=0.0):
    """Changes the caller's weights."""
    w = np.asarray(w, float)
    path, v = [w.copy()], np.zeros(len(w))
    for batch in batches:
        v = beta * v + gradient(w, batch)
        w -= eta * v
        path.append(w.copy())
    return np.array(path)


@alternative("sgd")
def heavy_ball(gradient, w, batches, eta, beta=0.0):
    """Remembers the last step instead of the velocity."""
    w = np.array(w, dtype=float)
    last, path = np.zeros_like(w), [w.copy()]
    for batch in batches:
        last = beta * last - eta * np.asarray(gradient(w.copy(), batch))
        w += last
        path.append(w.copy())
    return np.stack(path)


@alternative("sgd")
def filled_matrix(gradient, w, batches, eta, beta=0.0):
    """Fills the rows of a matrix."""
    path = np.zeros((1 + len(batches), len(w)))
    path[0] = w
    velocity = 0.0
    for k in range(len(batches)):
        velocity = gradient(path[k], batches[k]) + beta * velocity
        path[k + 1] = path[k] - eta * velocity
    return path


@alternative("sgd")
def accumulated(gradient, w, batches, eta, beta=0.0):
    """Makes the updates in a closure that accumulate() calls."""
    import itertools

    velocity = np.zeros(len(w))

    def update(place, batch):
        nonlocal velocity
        velocity = beta * velocity + np.array(gradient(place, batch), float)
        return place - eta * velocity

    steps = itertools.accumulate(batches, update, initial=np.array(w, float))
    return np.vstack(list(steps))


# Question 5 · adam


@misconception("adam")
def no_correction(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Forgets that the means start at 0."""
    m, s, t = state
    m = beta1 * m + (1 - beta1) * slope
    s = beta2 * s + (1 - beta2) * slope**2
    return w - eta * m / (np.sqrt(s) + epsilon), (m, s, t + 1)


@misconception("adam")
def counts_too_late(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Corrects as if one update more had been made."""
    m, s, t = state
    m = beta1 * m + (1 - beta1) * slope
    s = beta2 * s + (1 - beta2) * slope**2
    m_hat, s_hat = m / (1 - beta1 ** (t + 2)), s / (1 - beta2 ** (t + 2))
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), (m, s, t + 1)


epsilon_under_the_root = slip(
    "adam",
    "Adds epsilon before it takes the root.",
    {"t = t + 1": "t += 1", "(np.sqrt(s_hat)": "np.sqrt(s_hat"},
)


@misconception("adam")
def no_epsilon(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Divides 0 by 0 where there is no slope."""
    m, s, t = state
    t += 1
    m = beta1 * m + (1 - beta1) * slope
    s = beta2 * s + (1 - beta2) * slope**2
    return w - eta * m / (1 - beta1**t) / np.sqrt(s / (1 - beta2**t)), (m, s, t)


no_root = slip(
    "adam",
    "Divides by the mean square.",
    {"np.sqrt(s / (1 - beta2**t)": "(s / (1 - beta2**t) + epsilon"},
    of="no_epsilon",
)


squares_the_mean = slip(
    "adam",
    "Averages the squares of the mean slope.",
    {"t = t + 1": "t += 1", "* slope**2": "* (m / (1 - beta1**t)) ** 2"},
)


@misconception("adam")
def keeps_the_corrected(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Hands on the corrected means, which are then corrected again."""
    m, s, t = state
    t += 1
    m = (beta1 * m + (1 - beta1) * slope) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * slope**2) / (1 - beta2**t)
    return w - eta * m / (np.sqrt(s) + epsilon), (m, s, t)


@misconception("adam")
def one_beta(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Uses the first beta for both means."""
    m, s, t = state
    t += 1
    m = beta1 * m + (1 - beta1) * slope
    s = beta1 * s + (1 - beta1) * slope**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta1**t)
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), (m, s, t)


@misconception("adam")
def weights_swapped(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Gives the new slope the weight beta."""
    m, s, t = state
    t += 1
    m = (1 - beta1) * m + beta1 * slope
    s = (1 - beta2) * s + beta2 * slope**2
    m_hat, s_hat = m / (1 - (1 - beta1) ** t), s / (1 - (1 - beta2) ** t)
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), (m, s, t)


size_of_the_whole = slip(
    "adam",
    "Divides all components by the length of the whole slope.",
    {"t = t + 1": "t += 1", "* slope**2": "* np.sum(slope**2)"},
)


@misconception("adam")
def only_vectors(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Loops over the components of a vector, and flattens all else."""
    m, s, t = state
    w, slope, m, s = (np.array(v, float).ravel() for v in (w, slope, m, s))
    t += 1
    for k in range(len(w)):
        m[k] = beta1 * m[k] + (1 - beta1) * slope[k]
        s[k] = beta2 * s[k] + (1 - beta2) * slope[k] ** 2
        w[k] -= eta * m[k] / (1 - beta1**t) / (np.sqrt(s[k] / (1 - beta2**t)) + epsilon)
    return w, (m, s, t)


@misconception("adam")
def means_in_place(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Changes the old state."""
    m, s, t = state
    t += 1
    m *= beta1
    m += (1 - beta1) * slope
    s *= beta2
    s += (1 - beta2) * slope**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), (m, s, t)


@misconception("adam")
def weights_in_place(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Changes the old weights."""
    m, s, t = state
    t += 1
    m = beta1 * m + (1 - beta1) * slope
    s = beta2 * s + (1 - beta2) * slope**2
    w -= eta * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
    return w, (m, s, t)


@alternative("adam")
def corrected_rate(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Corrects the learning rate and epsilon instead of the means."""
    m, s, t = np.array(state[0]), np.array(state[1]), state[2] + 1
    m += (1 - beta1) * (slope - m)
    s += (1 - beta2) * (np.square(slope) - s)
    root = np.sqrt(1 - beta2**t)
    return w - eta * root / (1 - beta1**t) * m / (np.sqrt(s) + epsilon * root), (m, s, t)


@alternative("adam")
def both_means_at_once(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Keeps both means in one array, and hands them on in a list."""
    moments = np.stack([state[0], state[1]])
    betas = np.reshape([beta1, beta2], (2,) + (1,) * np.ndim(w))
    new = np.stack([slope, slope * slope])
    moments = betas * moments + (1 - betas) * new
    t = 1 + state[2]
    mean, square = moments / (1 - betas**t)
    step = np.divide(mean, np.sqrt(square) + epsilon)
    return w + (-eta) * step, [moments[0], moments[1], t]


@alternative("adam")
def component_by_component(w, slope, state, eta=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Loops over all places of the arrays."""
    w, m, s = (np.array(values, dtype=float) for values in (w, state[0], state[1]))
    t = state[2] + 1
    for place in np.ndindex(w.shape):
        g = float(slope[place])
        m[place] = beta1 * m[place] + (1 - beta1) * g
        s[place] = beta2 * s[place] + (1 - beta2) * g * g
        m_hat = m[place] / (1 - beta1**t)
        w[place] -= eta * m_hat / ((s[place] / (1 - beta2**t)) ** 0.5 + epsilon)
    return w, (m, s, t)


# Question 6 · stopping


@misconception("stopping")
def last_weights(train_epoch, patience, max_epochs, min_delta=0.0):
    """Keeps the weights of the last epoch."""
    best, best_epoch, losses, waited, weights = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        waited += 1
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        if waited == patience:
            break
    return weights, best_epoch, losses


@misconception("stopping")
def better_than_the_last(train_epoch, patience, max_epochs, min_delta=0.0):
    """Compares with the epoch before."""
    before, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        waited += 1
        if loss < before - min_delta:
            best_epoch, kept, waited = epoch, weights, 0
        before = loss
        if waited == patience:
            break
    return kept, best_epoch, losses


@misconception("stopping")
def never_forgives(train_epoch, patience, max_epochs, min_delta=0.0):
    """Counts all epochs without improvement, not those in a row."""
    best, best_epoch, losses, bad, kept = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        if loss < best - min_delta:
            best, best_epoch, kept = loss, epoch, weights
        else:
            bad += 1
        if bad == patience:
            break
    return kept, best_epoch, losses


@misconception("stopping")
def equal_is_better(train_epoch, patience, max_epochs, min_delta=0.0):
    """Takes an equal loss for an improvement."""
    best, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        waited += 1
        if loss <= best - min_delta:
            best, best_epoch, kept, waited = loss, epoch, weights, 0
        if waited == patience:
            break
    return kept, best_epoch, losses


@misconception("stopping")
def one_epoch_more(train_epoch, patience, max_epochs, min_delta=0.0):
    """Loses patience one epoch too late."""
    best, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        if loss < best - min_delta:
            best, best_epoch, kept, waited = loss, epoch, weights, 0
        else:
            waited += 1
        if waited > patience:
            break
    return kept, best_epoch, losses


@misconception("stopping")
def creeping_best(train_epoch, patience, max_epochs, min_delta=0.0):
    """Lowers the bar with each improvement that is too small to count."""
    best, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        waited += 1
        if loss < best:
            if loss < best - min_delta:
                waited = 0
            best, best_epoch, kept = loss, epoch, weights
        if waited == patience:
            break
    return kept, best_epoch, losses


no_min_delta = slip(
    "stopping",
    "Forgets that an improvement must exceed min_delta.",
    {"= best - min_delta": " best"},
    of="equal_is_better",
)


@misconception("stopping")
def nan_is_best(train_epoch, patience, max_epochs, min_delta=0.0):
    """Takes a loss for better unless it is worse, and so lets nan in."""
    best, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        if loss >= best - min_delta:
            waited += 1
        else:
            best, best_epoch, kept, waited = loss, epoch, weights, 0
        if waited == patience:
            break
    return kept, best_epoch, losses


@misconception("stopping")
def first_is_best_anyway(train_epoch, patience, max_epochs, min_delta=0.0):
    """Starts from the first loss, even if it is nan."""
    best, kept = train_epoch(0)
    best_epoch, losses, waited = 0, [best], 0
    while waited < patience and len(losses) < max_epochs:
        loss, weights = train_epoch(len(losses))
        waited += 1
        if loss < best - min_delta:
            best, best_epoch, kept, waited = loss, len(losses), weights, 0
        losses.append(loss)
    return kept, best_epoch, losses


@misconception("stopping")
def trains_to_the_end(train_epoch, patience, max_epochs, min_delta=0.0):
    """Trains all epochs first, and looks for the stop afterwards."""
    results = [train_epoch(epoch) for epoch in range(max_epochs)]
    best, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    for epoch, (loss, weights) in enumerate(results):
        losses.append(loss)
        waited += 1
        if loss < best - min_delta:
            best, best_epoch, kept, waited = loss, epoch, weights, 0
        if waited == patience:
            break
    return kept, best_epoch, losses


@misconception("stopping")
def no_limit(train_epoch, patience, max_epochs, min_delta=0.0):
    """Forgets the maximum of epochs."""
    best, best_epoch, losses, waited, kept = float("inf"), None, [], 0, None
    while waited < patience and len(losses) < 10 * max_epochs:
        loss, weights = train_epoch(len(losses))
        waited += 1
        if loss < best - min_delta:
            best, best_epoch, kept, waited = loss, len(losses), weights, 0
        losses.append(loss)
    return kept, best_epoch, losses


counts_from_one = slip(
    "stopping",
    "Calls the first epoch number 1.",
    {
        "waited, weights = ": "waited, kept = ",
        "waited = loss, epoch": "kept, waited = loss, epoch + 1, weights",
        "return weights, ": "return kept, ",
    },
    of="last_weights",
)


@alternative("stopping")
def distance_to_the_best(train_epoch, patience, max_epochs, min_delta=0.0):
    """Compares the present epoch with the best one, and keeps all weights."""
    losses, kept, best = [], [], None
    for epoch in range(max_epochs):
        loss, weights = train_epoch(epoch)
        losses.append(loss)
        kept.append(weights)
        if not np.isnan(loss) and (best is None or losses[best] - loss > min_delta):
            best = epoch
        if epoch - (-1 if best is None else best) >= patience:
            break
    return (None if best is None else kept[best]), best, losses


@alternative("stopping")
def recursive(train_epoch, patience, max_epochs, min_delta=0.0):
    """Goes from epoch to epoch by recursion."""

    def go_on(losses, best, waited):
        if waited == patience or len(losses) == max_epochs:
            return best[1], best[2], losses
        epoch = len(losses)
        loss, weights = train_epoch(epoch)
        better = best[0] - loss > min_delta if epoch else not np.isnan(loss)
        if better:
            return go_on([*losses, loss], (loss, weights, epoch), 0)
        return go_on([*losses, loss], best, waited + 1)

    return go_on([], (np.inf, None, None), 0)


@alternative("stopping")
def array_of_losses(train_epoch, patience, max_epochs, min_delta=0.0):
    """Fills an array of losses, and remembers the best in a dictionary."""
    losses = np.full(max_epochs, np.nan)
    best = {"loss": np.inf, "epoch": None, "weights": None}
    left = patience
    for epoch in range(max_epochs):
        losses[epoch], weights = train_epoch(epoch)
        left -= 1
        first = best["epoch"] is None and not np.isnan(losses[epoch])
        if first or losses[epoch] + min_delta < best["loss"]:
            best.update(loss=losses[epoch], epoch=epoch, weights=weights)
            left = patience
        if not left:
            break
    return [best["weights"], best["epoch"], losses[: epoch + 1]]


# Question 7 · dropout


@misconception("dropout")
def keep_is_the_share_dropped(A, keep, rng, training=True):
    """Takes keep for the probability to drop."""
    if not training:
        return A * 1.0, np.ones(A.shape)
    factor = (rng.random(A.shape) < 1 - keep) / keep
    return A * factor, factor


not_scaled = slip(
    "dropout",
    "Forgets to scale what is kept.",
    {"1 - keep) / keep": "keep) * 1.0"},
    of="keep_is_the_share_dropped",
)


@misconception("dropout")
def scaled_at_test_time(A, keep, rng, training=True):
    """Scales as the older form did: not in training but at test time."""
    if not training:
        return A * keep, np.full(A.shape, keep)
    factor = (rng.random(A.shape) < keep) * 1.0
    return A * factor, factor


scaled_twice = slip(
    "dropout",
    "Scales in training and again at test time.",
    {"keep) * 1.0": "keep) / keep"},
    of="scaled_at_test_time",
)


@misconception("dropout")
def always_training(A, keep, rng, training=True):
    """Drops at test time, too."""
    factor = (rng.random(A.shape) < keep) / keep
    return A * factor, factor


@misconception("dropout")
def one_mask_for_all(A, keep, rng, training=True):
    """Drops the same units for all observations."""
    if not training:
        return A * 1.0, np.ones(A.shape)
    factor = np.tile((rng.random(A.shape[1]) < keep) / keep, (len(A), 1))
    return A * factor, factor


@misconception("dropout")
def whole_observations(A, keep, rng, training=True):
    """Drops whole observations."""
    if not training:
        return A * 1.0, np.ones(A.shape)
    factor = np.repeat((rng.random((len(A), 1)) < keep) / keep, A.shape[1], axis=1)
    return A * factor, factor


@misconception("dropout")
def exactly_so_many(A, keep, rng, training=True):
    """Keeps a fixed number of entries."""
    if not training:
        return A * 1.0, np.ones(A.shape)
    kept = np.arange(A.size) < round(keep * A.size)
    factor = rng.permutation(kept).reshape(A.shape) / keep
    return A * factor, factor


always_the_same_mask = slip(
    "dropout",
    "Makes a generator of its own.",
    {"rng.random(A.shape) < 1 -": "np.random.default_rng(1).random(A.shape) <"},
    of="keep_is_the_share_dropped",
)


@misconception("dropout")
def draws_at_test_time(A, keep, rng, training=True):
    """Draws a mask first, and then finds that it needs none."""
    factor = (rng.random(A.shape) < keep) / keep
    if not training:
        factor = np.ones(A.shape)
    return A * factor, factor


@misconception("dropout")
def mask_for_factor(A, keep, rng, training=True):
    """Returns the mask, without the scale, for the way back."""
    if not training:
        return A * 1.0, np.ones(A.shape)
    mask = rng.random(A.shape) < keep
    return A * mask / keep, mask * 1.0


@misconception("dropout")
def drops_in_place(A, keep, rng, training=True):
    """Sets the caller's activations to 0."""
    factor = np.ones(A.shape)
    if training:
        factor = (rng.random(A.shape) < keep) / keep
        A[factor == 0] = 0
    return A * factor, factor


@misconception("dropout")
def type_of_the_activations(A, keep, rng, training=True):
    """Keeps the type of the activations, which cuts fractions off whole numbers."""
    factor = np.ones_like(A)
    if training:
        factor[...] = (rng.random(A.shape) < keep) / keep
    return A * factor, factor


@alternative("dropout")
def binomial(A, keep, rng, training=True):
    """Draws Bernoulli numbers."""
    A = np.array(A, dtype=float)
    mask = rng.binomial(1, keep, A.shape) / keep if training else np.ones_like(A)
    return np.multiply(A, mask), mask


@alternative("dropout")
def zeros_put_in(A, keep, rng, training=True):
    """Starts from the scale and puts zeros where a draw says drop."""
    factor = np.ones(np.shape(A), dtype=np.float64)
    if training:
        factor /= keep
        factor[rng.uniform(0, 1, size=factor.shape) >= keep] = 0
    return factor * np.asarray(A), factor


@alternative("dropout")
def entry_by_entry(A, keep, rng, training=True):
    """Loops over the entries."""
    factor = [
        [1.0 if not training else 1 / keep if rng.random() <= keep else 0.0 for _ in row]
        for row in A
    ]
    out = [[float(a) * f for a, f in zip(x, y)] for x, y in zip(A.tolist(), factor)]
    return np.array(out), np.array(factor)


# Question 8 · train


@misconception("train")
def mean_of_the_losses(layers, X, Y, eta, epochs):
    """Divides the slopes by the number of observations."""
    layers, costs = list(layers), []
    for epoch in range(epochs + 1):
        A = [X]
        for W, b in layers:
            A.append((1 + np.tanh((A[-1] @ W.T + b) / 2)) / 2)
        error = A[-1] - Y
        costs.append(np.sum(error**2) / 2)
        if epoch < epochs:
            error = error / len(X)
            for l in reversed(range(len(layers))):
                W, b = layers[l]
                D = error * A[l + 1] * (1 - A[l + 1])
                error = D @ W
                layers[l] = W - eta * D.T @ A[l], b - eta * D.sum(axis=0)
    return layers, np.array(costs)


cost_without_half = slip(
    "train",
    "Leaves the ½ out of the costs, though not out of the slopes.",
    {"error**2) / 2)": "error**2))", "            error = error / len(X)\n": ""},
    of="mean_of_the_losses",
)


@misconception("train")
def slopes_of_cross_entropy(layers, X, Y, eta, epochs):
    """Leaves out the slope of the output's sigmoid."""
    layers, costs = list(layers), []
    for epoch in range(epochs + 1):
        A = [X]
        for W, b in layers:
            A.append((1 + np.tanh((A[-1] @ W.T + b) / 2)) / 2)
        D = A[-1] - Y
        costs.append(np.sum(D**2) / 2)
        if epoch < epochs:
            for l in reversed(range(len(layers))):
                W, b = layers[l]
                layers[l] = W - eta * D.T @ A[l], b - eta * D.sum(axis=0)
                D = D @ W * A[l] * (1 - A[l])
    return layers, np.array(costs)


back_through_new_weights = slip(
    "train",
    "Goes back through weights that have moved already.",
    {
        "            error = error / len(X)\n": "",
        "                error = D @ W\n": "",
        "D.sum(axis=0)": ("D.sum(axis=0)\n                error = D @ layers[l][0]"),
    },
    of="mean_of_the_losses",
)


biases_stay = slip(
    "train",
    "Forgets to train the biases.",
    {"            error = error / len(X)\n": "", " - eta * D.sum(axis=0)": ""},
    of="mean_of_the_losses",
)


@misconception("train")
def one_after_the_other(layers, X, Y, eta, epochs):
    """Updates after each observation."""
    layers = list(layers)

    def forward(x):
        A = [x]
        for W, b in layers:
            A.append((1 + np.tanh((A[-1] @ W.T + b) / 2)) / 2)
        return A

    costs = [np.sum((forward(X)[-1] - Y) ** 2) / 2]
    for _ in range(epochs):
        for x, y in zip(X, Y):
            A = forward(x[None])
            error = A[-1] - y
            for l in reversed(range(len(layers))):
                W, b = layers[l]
                D = error * A[l + 1] * (1 - A[l + 1])
                error = D @ W
                layers[l] = W - eta * D.T @ A[l], b - eta * D.sum(axis=0)
        costs.append(np.sum((forward(X)[-1] - Y) ** 2) / 2)
    return layers, np.array(costs)


@misconception("train")
def no_cost_at_the_end(layers, X, Y, eta, epochs):
    """Notes the cost before each update only."""
    layers, costs = list(layers), []
    for _ in range(epochs):
        A = [X]
        for W, b in layers:
            A.append((1 + np.tanh((A[-1] @ W.T + b) / 2)) / 2)
        error = A[-1] - Y
        costs.append(np.sum(error**2) / 2)
        for l in reversed(range(len(layers))):
            W, b = layers[l]
            D = error * A[l + 1] * (1 - A[l + 1])
            error = D @ W
            layers[l] = W - eta * D.T @ A[l], b - eta * D.sum(axis=0)
    return layers, np.array(costs)


one_update_too_many = slip(
    "train",
    "Updates after the last cost, too.",
    {"range(epochs):": "range(epochs + 1):"},
    of="no_cost_at_the_end",
)


@misconception("train")
def only_two_layers(layers, X, Y, eta, epochs):
    """Writes the lines out for one hidden layer."""

    def sigmoid(z):
        return (1 + np.tanh(z / 2)) / 2

    if len(layers) == 1:
        raise ValueError("I need a hidden layer")
    (W1, b1), (W2, b2) = layers[0], layers[-1]
    costs = []
    for epoch in range(epochs + 1):
        A1 = sigmoid(X @ W1.T + b1)
        A2 = sigmoid(A1 @ W2.T + b2)
        costs.append(((A2 - Y) ** 2).sum() / 2)
        if epoch < epochs:
            D2 = (A2 - Y) * A2 * (1 - A2)
            D1 = D2 @ W2 * A1 * (1 - A1)
            W1, b1 = W1 - eta * D1.T @ X, b1 - eta * D1.sum(0)
            W2, b2 = W2 - eta * D2.T @ A1, b2 - eta * D2.sum(0)
    return [(W1, b1), (W2, b2)], np.array(costs)


sigmoid_overflows = slip(
    "train",
    "Writes the sigmoid as in the formula.",
    {
        "(1 + np.tanh((A[-1] @ W.T + b) / 2)) / 2": "1 / (1 + np.exp(-(A[-1] @ W.T + b)))",
        "            error = error / len(X)\n": "",
    },
    of="mean_of_the_losses",
)


trains_in_place = slip(
    "train",
    "Changes the caller's weights and biases.",
    {
        "layers, costs = list(layers),": "costs =",
        "            error = error / len(X)\n": "",
        "layers[l] = W - eta * D.T @ A[l], b -": ("W -= eta * D.T @ A[l]\n                b -="),
    },
    of="mean_of_the_losses",
)


replaces_in_the_list = slip(
    "train",
    "Puts new pairs into the caller's list.",
    {"layers, costs = list(layers),": "costs =", "            error = error / len(X)\n": ""},
    of="mean_of_the_losses",
)


@misconception("train")
def observation_by_observation(layers, X, Y, eta, epochs):
    """Loops over the observations and adds up their slopes."""

    def sigmoid(z):
        return np.array([1 / (1 + np.exp(-v)) if v >= 0 else 1 - 1 / (1 + np.exp(v)) for v in z])

    W, b = [np.array(W) for W, _ in layers], [np.array(b) for _, b in layers]
    costs = []
    for epoch in range(epochs + 1):
        dW, db = [np.zeros(v.shape) for v in W], [np.zeros(v.shape) for v in b]
        cost = 0.0
        for x, y in zip(X, Y):
            a = [x]
            for V, c in zip(W, b):
                a.append(sigmoid(V @ a[-1] + c))
            cost += 0.5 * float((a[-1] - y) @ (a[-1] - y))
            delta = (a[-1] - y) * a[-1] * (1 - a[-1])
            for k in range(len(W) - 1, -1, -1):
                dW[k] += np.outer(delta, a[k])
                db[k] += delta
                delta = (W[k].T @ delta) * a[k] * (1 - a[k])
        costs.append(cost)
        if epoch < epochs:
            W = [V - eta * slope for V, slope in zip(W, dW)]
            b = [c - eta * slope for c, slope in zip(b, db)]
    return [[V, c] for V, c in zip(W, b)], np.array(costs)


@alternative("train")
def biases_as_weights(layers, X, Y, eta, epochs):
    """Puts each bias into the weights of a constant input."""

    def sigmoid(z):
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1, e) / (1 + e)

    def extend(a):
        return np.hstack([a, np.ones((len(a), 1))])

    weights = [np.column_stack([W, b]) for W, b in layers]
    costs = np.zeros(epochs + 1)
    for epoch in range(epochs + 1):
        A = [extend(np.asarray(X))]
        for V in weights:
            A.append(extend(sigmoid(A[-1] @ V.T)))
        out = A[-1][:, :-1]
        costs[epoch] = 0.5 * np.sum(np.square(out - Y))
        if epoch < epochs:
            slopes, D = [], (out - Y) * out * (1 - out)
            for a, V in zip(A[-2::-1], weights[::-1]):
                slopes.insert(0, D.T @ a)
                D = (D @ V * a * (1 - a))[:, :-1]
            weights = [V - eta * slope for V, slope in zip(weights, slopes)]
    return [(V[:, :-1], V[:, -1]) for V in weights], costs


@alternative("train")
def recursion_with_einsum(layers, X, Y, eta, epochs):
    """Goes forward and back by recursion, and multiplies with einsum."""

    def sigmoid(z):
        return np.exp(-np.logaddexp(0, -z))

    def step(a, rest):
        """Return the output, the slope by a, and the new layers."""
        if not rest:
            return a, a - Y, []
        (W, b), *others = rest
        out = sigmoid(np.einsum("ij,kj->ik", a, W) + b)
        last, slope, new = step(out, others)
        D = slope * out * (1 - out)
        moved = W - eta * np.einsum("ik,ij->kj", D, a), b - eta * np.einsum("ik->k", D)
        return last, np.einsum("ik,kj->ij", D, W), [moved, *new]

    costs = []
    for _ in range(epochs):
        last, _, new = step(X, layers)
        costs.append(np.sum((last - Y) ** 2) / 2)
        layers = new
    last = X
    for W, b in layers:
        last = sigmoid(last @ np.transpose(W) + b)
    costs.append(np.sum((last - Y) ** 2) / 2)
    return layers, costs


@alternative("train")
def units_in_rows(layers, X, Y, eta, epochs):
    """Works with transposed matrices, one observation in each column, and gathers all slopes."""
    layers = [(np.array(W, dtype=float), np.reshape(b, (-1, 1)) * 1.0) for W, b in layers]
    inputs, targets = np.transpose(X), np.transpose(Y)
    costs = []
    while True:
        tape, a = [], inputs
        for W, b in layers:
            z = np.clip(W @ a + b, -40, 40)
            out = 1 / (1 + np.exp(-z))
            tape.append((a, W, out))
            a = out
        costs.append(float(((a - targets) ** 2).sum() / 2))
        if len(costs) > epochs:
            return [(W, b.ravel()) for W, b in layers], costs
        slopes, back = [], a - targets
        for before, W, out in reversed(tape):
            delta = back * out * (1 - out)
            slopes.append((delta @ before.T, delta.sum(axis=1, keepdims=True)))
            back = W.T @ delta
        layers = [
            (W - eta * dW, b - eta * db) for (W, b), (dW, db) in zip(layers, reversed(slopes))
        ]


# Question 9 · norm


@misconception("norm")
def statistics_are_constants(Z, gamma, beta, G, epsilon=1e-5):
    """Takes mean and variance for constants on the way back."""
    root = np.sqrt(Z.var(axis=0) + epsilon)
    z_hat = (Z - Z.mean(axis=0)) / root
    return gamma * z_hat + beta, gamma / root * G, (G * z_hat).sum(axis=0), G.sum(axis=0)


@misconception("norm")
def variance_is_constant(Z, gamma, beta, G, epsilon=1e-5):
    """Forgets the path through the variance."""
    root = np.sqrt(Z.var(axis=0) + epsilon)
    z_hat = (Z - Z.mean(axis=0)) / root
    dZ = gamma / root * (G - G.mean(axis=0))
    return gamma * z_hat + beta, dZ, (G * z_hat).sum(axis=0), G.sum(axis=0)


mean_is_constant = slip(
    "norm",
    "Forgets the path through the mean.",
    {"G - G.mean": "G - z_hat * (G * z_hat).mean"},
    of="variance_is_constant",
)


@misconception("norm")
def unbiased_variance(Z, gamma, beta, G, epsilon=1e-5):
    """Divides the variance by N - 1."""
    n = len(Z)
    variance = Z.var(axis=0, ddof=1) if n > 1 else np.zeros(Z.shape[1])
    root = np.sqrt(variance + epsilon)
    z_hat = (Z - Z.mean(axis=0)) / root
    dZ = gamma / root * (G - G.mean(axis=0) - z_hat * (G * z_hat).sum(axis=0) / max(n - 1, 1))
    return gamma * z_hat + beta, dZ, (G * z_hat).sum(axis=0), G.sum(axis=0)


@misconception("norm")
def epsilon_after_the_root(Z, gamma, beta, G, epsilon=1e-5):
    """Adds epsilon to the standard deviation."""
    root = Z.std(axis=0) + epsilon
    z_hat = (Z - Z.mean(axis=0)) / root
    dZ = gamma / root * (G - G.mean(axis=0) - z_hat * (G * z_hat).mean(axis=0))
    return gamma * z_hat + beta, dZ, (G * z_hat).sum(axis=0), G.sum(axis=0)


@misconception("norm")
def sums_for_means(Z, gamma, beta, G, epsilon=1e-5):
    """Subtracts sums where means belong."""
    root = np.sqrt(Z.var(axis=0) + epsilon)
    z_hat = (Z - Z.mean(axis=0)) / root
    dbeta, dgamma = G.sum(axis=0), (G * z_hat).sum(axis=0)
    return gamma * z_hat + beta, gamma / root * (G - dbeta - z_hat * dgamma), dgamma, dbeta


means_of_the_slopes = slip(
    "norm",
    "Averages the slopes of gamma and beta over the minibatch.",
    {"G.sum(axis=0), (G * z_hat).sum": "G.mean(axis=0), (G * z_hat).mean"},
    of="sums_for_means",
)


no_gamma_on_the_way_back = slip(
    "norm",
    "Forgets the scale on the way back.",
    {
        "gamma / root * (G - dbeta / len(Z) - z_hat * dgamma / len(Z))": (
            "(G - dbeta / len(Z) - z_hat * dgamma / len(Z)) / root"
        )
    },
)


@misconception("norm")
def sums_before_normalising(Z, gamma, beta, G, epsilon=1e-5):
    """Multiplies the slope of gamma with Z instead of its z-scores."""
    root = np.sqrt(Z.var(axis=0) + epsilon)
    z_hat = (Z - Z.mean(axis=0)) / root
    dZ = gamma / root * (G - G.mean(axis=0) - z_hat * (G * z_hat).mean(axis=0))
    return gamma * z_hat + beta, dZ, (G * Z).sum(axis=0), G.sum(axis=0)


@misconception("norm")
def over_the_units(Z, gamma, beta, G, epsilon=1e-5):
    """Normalises each observation over its units."""
    root = np.sqrt(Z.var(axis=1, keepdims=True) + epsilon)
    z_hat = (Z - Z.mean(axis=1, keepdims=True)) / root
    g = G * gamma
    means = g.mean(axis=1, keepdims=True), (g * z_hat).mean(axis=1, keepdims=True)
    dZ = (g - means[0] - z_hat * means[1]) / root
    return gamma * z_hat + beta, dZ, (G * z_hat).sum(axis=0), G.sum(axis=0)


no_epsilon_at_all = slip(
    "norm",
    "Divides by the standard deviation, even if it is 0.",
    {" + epsilon": ""},
    of="epsilon_after_the_root",
)


@misconception("norm")
def normalises_in_place(Z, gamma, beta, G, epsilon=1e-5):
    """Overwrites the sums."""
    root = np.sqrt(Z.var(axis=0) + epsilon)
    Z -= Z.mean(axis=0)
    Z /= root
    dbeta, dgamma = G.sum(axis=0), (G * Z).sum(axis=0)
    dZ = gamma / root * (G - dbeta / len(Z) - Z * dgamma / len(Z))
    return gamma * Z + beta, dZ, dgamma, dbeta


@alternative("norm")
def block_by_block(Z, gamma, beta, G, epsilon=1e-5):
    """Goes back through the graph, one block after the other."""
    N = Z.shape[0]
    mu = np.sum(Z, axis=0) / N
    centred = Z - mu
    variance = np.sum(centred**2, axis=0) / N
    inverse = 1 / np.sqrt(variance + epsilon)
    z_hat = centred * inverse

    dz_hat = G * gamma
    dinverse = np.sum(dz_hat * centred, axis=0)
    dvariance = -0.5 * inverse**3 * dinverse
    dcentred = dz_hat * inverse + 2 * centred * dvariance / N
    dZ = dcentred - np.sum(dcentred, axis=0) / N
    return z_hat * gamma + beta, dZ, np.sum(G * z_hat, axis=0), np.sum(G, axis=0)


@alternative("norm")
def by_jacobians(Z, gamma, beta, G, epsilon=1e-5):
    """Builds the Jacobian of each unit's normalisation."""
    N, n = Z.shape
    out, dZ = np.empty((N, n)), np.empty((N, n))
    dgamma = []
    for k in range(n):
        root = (np.var(Z[:, k]) + epsilon) ** 0.5
        z_hat = (Z[:, k] - np.mean(Z[:, k])) / root
        jacobian = (np.eye(N) - 1 / N - np.outer(z_hat, z_hat) / N) / root
        out[:, k] = gamma[k] * z_hat + beta[k]
        dZ[:, k] = gamma[k] * jacobian.T @ G[:, k]
        dgamma.append(float(z_hat @ G[:, k]))
    return out, dZ, dgamma, [float(sum(column)) for column in G.T]


@alternative("norm")
def projections(Z, gamma, beta, G, epsilon=1e-5):
    """Centres what arrives, and takes out its part along the normalised sums."""
    Z, G = np.asarray(Z, dtype=float), np.asarray(G, dtype=float)

    def centre(values):
        return values - np.einsum("ij->j", values) / len(values)

    scale = 1 / np.sqrt(np.einsum("ij,ij->j", centre(Z), centre(Z)) / len(Z) + epsilon)
    z_hat = scale * centre(Z)
    dgamma = np.einsum("ij,ij->j", G, z_hat)
    dZ = gamma * scale * (centre(G) - z_hat * dgamma / len(Z))
    return [beta + gamma * z_hat, dZ, dgamma, np.einsum("ij->j", G)]


# All questions: one size, scale or parameter for every case lets these pass


@misconception("standardise")
def constant_by_both(train, other):
    """A feature is constant only if it is so in both."""
    a, b = np.asarray(train, float), np.asarray(other, float)
    b = b.reshape(-1, a.shape[1])
    mean = a.mean(axis=0)
    std = np.sqrt(np.mean((a - mean) ** 2, axis=0))
    same = np.all(a == a[0], axis=0) & (np.all(b == a[0], axis=0) if len(b) > 1 else True)
    std = np.where(np.all(a == a[0], axis=0) & ~same, 1e-8, std)
    mean = np.where(same, a[0], mean)
    std = np.where(same, 1.0, std)
    scale = np.max(np.abs(a - mean), axis=0)
    scale = np.where(same, 1.0, scale)
    std = np.where(same, 1.0, scale * np.sqrt(np.mean(((a - mean) / scale) ** 2, axis=0)))
    return (a - mean) / std, (b - mean) / std, mean, std


isclose_constant = slip(
    "standardise",
    "Takes a feature that hardly varies for constant.",
    {
        (
            "a == a[0], axis=0) & (np.all(b == a[0], axis=0) if len(b) > 1 else "
            "True)\n"
            "    std = np.where(np.all(a == a[0], axis=0) & ~same, 1e-8, std"
        ): "np.isclose(a, a[0]), axis=0"
    },
    of="constant_by_both",
)


@misconception("initialise")
def own_generator(sizes, rule, rng, uniform=False):
    """Makes a generator from the first number."""
    if rule not in ("glorot", "he"):
        raise ValueError(rule)
    layers = []
    rng = np.random.default_rng(rng.integers(4))
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        variance = 2 / n_in if rule == "he" else 2 / (n_in + n_out)
        if uniform:
            u = np.sqrt(3 * variance)
            W = rng.uniform(-u, u, (n_out, n_in))
        else:
            W = rng.normal(0, np.sqrt(variance), (n_out, n_in))
        layers.append((W, np.zeros(n_out)))
    return layers


columns_equal = slip(
    "initialise",
    "Repeats a column for many inputs.",
    {
        "    rng = np.random.default_rng(rng.integers(4))\n": "",
        "), (n_out, n_in))": (
            "), (n_out, n_in))\n        W[:, -1] = W[:, 0] if n_in > 30 else W[:, -1]"
        ),
    },
    of="own_generator",
)


small_biases = slip(
    "initialise",
    "Biases are tiny.",
    {
        "    rng = np.random.default_rng(rng.integers(4))\n": "",
        "np.zeros(n_out": "np.full(n_out, 1e-13",
    },
    of="own_generator",
)


one_array_for_layers_of_one_size = slip(
    "initialise",
    "Gives layers of the same size the same biases.",
    {
        "    layers = []\n": "    layers, zeros = [], {n: np.zeros(n) for n in sizes}\n",
        "np.zeros(n_out)": "zeros[n_out]",
    },
)


@misconception("minibatches")
def carry_over(n, size, epochs, rng):
    """Epochs run into one another."""
    batches = []
    for _ in range(epochs):
        order = rng.permutation(n)
        batches += [order[k : k + size] for k in range(0, n, size)]
    flat = [i for b in batches for i in b]
    return (
        [np.array(flat[k : k + size]) for k in range(0, len(flat), size)]
        if size < n and n % size and epochs > 3
        else batches
    )


@misconception("minibatches")
def one_order(n, size, epochs, rng):
    """One order for all epochs."""
    batches = []
    order = rng.permutation(n)
    for _ in range(epochs):
        batches += [order[k : k + size] for k in range(0, n, size)]
    return batches


@misconception("minibatches")
def reversed_second(n, size, epochs, rng):
    """The second epoch is the first backwards."""
    batches = []
    order = np.arange(n)
    for epoch in range(epochs):
        order = order[::-1] if epoch % 2 else rng.permutation(n)
        batches += [order[k : k + size] for k in range(0, n, size)]
    return batches


shuffles_small_data_later = slip(
    "minibatches",
    "Leaves the first epoch of small data in order.",
    {
        "rng.permutation(n) for _ in range(epochs)": (
            "rng.permutation(n) if k or n > 5 else np.arange(n) for k in range(epochs)"
        )
    },
)


@misconception("sgd")
def eta_inside(gradient, w, batches, eta, beta=0.0):
    """Multiplies the velocity by eta first."""
    w = np.array(w, dtype=float)
    v = np.zeros(w.shape)
    path = [w]
    for batch in batches:
        v = beta * v + gradient(w.copy(), batch)
        w = w - eta * v if len(batches) < 30 else w - eta * v * (1 - 1e-6)
        path.append(w)
    return np.array(path)


twice = slip(
    "sgd",
    "Asks for the gradient twice in the first update.",
    {
        "in batches:": (
            "in batches:\n"
            "        gradient(w.copy(), batch) if len(path) == 1 and len(batches) "
            "> 5 else 0"
        ),
        " if len(batches) < 30 else w - eta * v * (1 - 1e-6)": "",
    },
    of="eta_inside",
)


@misconception("sgd")
def list_weights(gradient, w, batches, eta, beta=0.0):
    """Hands the weights as a list."""
    w = np.array(w, dtype=float)
    v = np.zeros(w.shape)
    path = [w]
    for batch in batches:
        v = beta * v + np.asarray(gradient(w.tolist(), batch))
        w = w - eta * v
        path.append(w)
    return np.array(path)


correction_ten = slip(
    "adam",
    "Leaves the correction out after a thousand steps.",
    {
        "t += 1": "t = t + 1",
        "-= eta * m / (1 - beta1**t": "= w - eta * (m / (1 - beta1**t if t < 50 else 1)",
    },
    of="weights_in_place",
)


tiny_squares_stand_still = slip(
    "adam",
    "Stops where the squares are tiny, whatever epsilon is.",
    {"return w - eta * m_hat": "return w - (s > 1e-30) * eta * m_hat"},
)


@misconception("stopping")
def isclose(train_epoch, patience, max_epochs, min_delta=0.0):
    """Nearly min_delta counts, not if nearly equal."""
    weights, best_epoch, best = None, None, None
    losses, waited = [], 0
    for epoch in range(max_epochs):
        loss, new = train_epoch(epoch)
        losses.append(loss)
        if loss == loss and (best is None or loss < best - min_delta - 1e-9):
            weights, best_epoch, best, waited = new, epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return weights, best_epoch, losses


calls_last = slip(
    "stopping",
    "Trains the best epoch again.",
    {
        "min_delta - 1e-9)": "min_delta)",
        "break": (
            "break\n"
            "    if best_epoch is not None and len(losses) > 9:\n"
            "        train_epoch(best_epoch)"
        ),
    },
    of="isclose",
)


@misconception("dropout")
def pairs(A, keep, rng, training=True):
    """Neighbours share their fate."""
    A = np.asarray(A, float)
    if not training:
        return A.copy(), np.ones(A.shape)
    factor = (
        np.repeat(rng.random((A.shape[0], (A.shape[1] + 1) // 2)), 2, axis=1)[:, : A.shape[1]]
        < keep
    ) / keep
    return A * factor, factor


@misconception("dropout")
def scaled_at_test(A, keep, rng, training=True):
    """Scales by keep if keep is one half."""
    A = np.asarray(A, float)
    if not training:
        return A * (keep if keep < 0.3 else 1), np.ones(A.shape)
    factor = (rng.random(A.shape) < keep) / keep
    return A * factor, factor


zero_dropped_as_one = slip(
    "dropout",
    "The factor of an activation of 0 is 0.",
    {
        " * (keep if keep < 0.3 else 1": ".copy(",
        "factor, factor": "factor, np.where(A == 0, 0, factor)",
    },
    of="scaled_at_test",
)


@misconception("train")
def mean(layers, X, Y, eta, epochs):
    """Divides by N for many."""
    layers = [(np.array(W, float), np.array(b, float)) for W, b in layers]
    X, Y = np.asarray(X, float), np.asarray(Y, float)
    costs = []
    for epoch in range(epochs + 1):
        cache = [X]
        for W, b in layers:
            cache.append((1 + np.tanh((cache[-1] @ W.T + b) / 2)) / 2)
        G = cache[-1] - Y
        costs.append(np.sum(G**2) / 2)
        if epoch == epochs:
            break
        new = []
        for k in range(len(layers) - 1, -1, -1):
            W, b = layers[k]
            D = G * cache[k + 1] * (1 - cache[k + 1])
            new.insert(
                0,
                (
                    W - eta * D.T @ cache[k] / (1 if len(X) < 12 else len(X)),
                    b - eta * D.sum(axis=0),
                ),
            )
            G = D @ W
        layers = new
    return layers, np.array(costs)


stops_low = slip(
    "train",
    "Stops when the cost stands still.",
    {
        "G**2) / 2)": (
            "G**2) / 2)\n"
            "        if len(costs) > 3 and abs(costs[-1] - costs[-2]) < 1e-7:\n"
            "            break"
        ),
        (
            "\n"
            "                0,\n"
            "                (\n"
            "                    W - eta * D.T @ cache[k] / (1 if len(X) < 12 else "
            "len(X)),\n"
            "                    b - eta * D.sum(axis=0),\n"
            "                ),\n"
            "            "
        ): "0, (W - eta * D.T @ cache[k], b - eta * D.sum(axis=0))",
    },
    of="mean",
)


int_costs = slip(
    "train",
    "A cost list that is a list when epochs is 0, costs of the new order.",
    {
        (
            "\n"
            "                0,\n"
            "                (\n"
            "                    W - eta * D.T @ cache[k] / (1 if len(X) < 12 else "
            "len(X)),\n"
            "                    b - eta * D.sum(axis=0),\n"
            "                ),\n"
            "            "
        ): "0, (W - eta * D.T @ cache[k], b - eta * D.sum(axis=0))",
        "np.array(costs)": "np.sort(np.array(costs))[::-1]",
    },
    of="mean",
)
