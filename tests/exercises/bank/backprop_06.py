"""Answers to 06-backprop: the misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, C408, PLW2901, RUF005  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · forward


@misconception("forward")
def weights_not_transposed(X, weights, biases, activations):
    """Multiplies by W, as if a column belonged to a unit."""
    g = {
        "sigmoid": lambda Z: np.exp(-np.logaddexp(0, -Z)),
        "tanh": np.tanh,
        "relu": lambda Z: np.maximum(Z, 0),
        "identity": lambda Z: Z,
    }
    A = [X]
    for W, b, name in zip(weights, biases, activations):
        if name not in g:
            raise ValueError(name)
        A.append(g[name](A[-1] @ W + b))
    return A


without_biases = slip(
    "forward",
    "Forgets the biases.",
    {"b, name in zip(weights, biases": "name in zip(weights", " @ W + b))": " @ W.T))"},
    of="weights_not_transposed",
)


sums_kept = slip(
    "forward",
    "Keeps the sums instead of the activations.",
    {
        "A = [X]": "A, cache = X, [X]",
        ("A.append(g[name](A[-1] @ W + b))\n    return A"): (
            "Z = A @ W.T + b\n        cache.append(Z)\n        A = g[name](Z)\n    return cache"
        ),
    },
    of="weights_not_transposed",
)


@misconception("forward")
def output_alone(X, weights, biases, activations):
    """Returns the output, and forgets what lies before it."""
    A = X
    for W, b, name in zip(weights, biases, activations):
        Z = A @ W.T + b
        if name == "sigmoid":
            A = np.exp(-np.logaddexp(0, -Z))
        elif name == "tanh":
            A = np.tanh(Z)
        elif name == "relu":
            A = np.maximum(Z, 0)
        elif name == "identity":
            A = Z
        else:
            raise ValueError(name)
    return A


inputs_not_kept = slip(
    "forward",
    "Leaves the inputs out of the cache.",
    {(" + b))\n    return A"): (".T + b))\n    return A[1:]")},
    of="weights_not_transposed",
)


sigmoid_overflows = slip(
    "forward",
    "Writes the sigmoid as it stands in the book, which warns at -1000.",
    {"np.exp(-np.logaddexp(0, ": "1 / (1 + np.exp(", "] @ W + b)": "] @ W.T + b)"},
    of="weights_not_transposed",
)


@misconception("forward")
def unknown_is_linear(X, weights, biases, activations):
    """Takes every other name for the identity, so that a misprint goes unnoticed."""
    A = [X]
    for W, b, name in zip(weights, biases, activations):
        Z = A[-1] @ W.T + b
        if name == "sigmoid":
            Z = np.exp(-np.logaddexp(0, -Z))
        elif name == "tanh":
            Z = np.tanh(Z)
        elif name == "relu":
            Z = np.maximum(Z, 0)
        A.append(Z)
    return A


lists_used_up = slip(
    "forward",
    "Takes the layers out of the caller's list.",
    {
        "for W, b, name in zip(weights, biases, activations):": (
            "while weights:\n        W, b, name = weights.pop(0), biases.pop(0), activations.pop(0)"
        ),
        "] @ W + b)": "] @ W.T + b)",
    },
    of="weights_not_transposed",
)


output_always_linear = slip(
    "forward",
    "Applies no activation in the last layer.",
    {
        "W, b, name in zip(weights, biases, activations": (
            "layer, (W, b, name) in enumerate(zip(weights, biases, activations)"
        ),
        "A.append(g[name](A[-1] @ W + b": (
            "Z = A[-1] @ W.T + b\n        A.append(Z if layer == len(weights) - 1 else g[name](Z"
        ),
    },
    of="weights_not_transposed",
)


@misconception("forward")
def one_activation_for_all(X, weights, biases, activations):
    """Uses the first activation in every layer."""
    g = {
        "sigmoid": lambda Z: np.exp(-np.logaddexp(0, -Z)),
        "tanh": np.tanh,
        "relu": lambda Z: np.maximum(Z, 0),
        "identity": lambda Z: Z,
    }
    if not set(activations) <= set(g):
        raise ValueError(activations)
    A = [X]
    for W, b in zip(weights, biases):
        A.append(g[activations[0]](A[-1] @ W.T + b))
    return A


@alternative("forward")
def by_recursion(X, weights, biases, activations):
    """Does the first layer, and leaves the others to itself."""

    def g(name, Z):
        if name == "sigmoid":
            return (1 + np.tanh(Z / 2)) / 2
        if name == "tanh":
            return np.tanh(Z)
        if name == "relu":
            return np.where(Z > 0, Z, 0)
        if name == "identity":
            return Z
        raise ValueError("unknown activation: " + name)

    def rest(A, layer):
        if layer == len(weights):
            return [A]
        return [A] + rest(g(activations[layer], A @ weights[layer].T + biases[layer]), layer + 1)

    return rest(X, 0)


@alternative("forward")
def einsum_and_masks(X, weights, biases, activations):
    """Uses einsum, and computes the sigmoid apart for each sign."""

    def sigmoid(Z):
        small = np.exp(-np.abs(Z))
        return np.where(Z >= 0, 1.0, small) / (1 + small)

    g = dict(sigmoid=sigmoid, tanh=np.tanh, relu=lambda Z: Z * (Z > 0), identity=np.array)
    unknown = set(activations) - set(g)
    if unknown:
        raise ValueError(f"unknown: {unknown}")
    cache = [X.copy()]
    for k in range(len(weights)):
        Z = np.einsum("ij,kj->ik", cache[k], weights[k]) + biases[k][None, :]
        cache.append(g[activations[k]](Z))
    return cache


@alternative("forward")
def one_observation_after_the_other(X, weights, biases, activations):
    """Goes through the rows with vectors, as the formulas have them."""
    cache = [np.asarray(X)]
    for W, b, name in zip(weights, biases, activations):
        rows = []
        for a in cache[-1]:
            z = W @ a + b
            match name:
                case "sigmoid":
                    rows.append(1 / (1 + np.exp(-np.clip(z, -700, 700))))
                case "tanh":
                    rows.append(np.tanh(z))
                case "relu":
                    rows.append(np.fmax(0, z))
                case "identity":
                    rows.append(z)
                case _:
                    raise ValueError(f"no activation {name}")
        cache.append(np.array(rows))
    return cache


@alternative("forward")
def bias_as_a_weight(X, weights, biases, activations):
    """Appends a constant 1 to the activations and the biases to the weights."""
    functions = {
        "sigmoid": lambda Z: np.exp(np.minimum(Z, 0)) / (1 + np.exp(-np.abs(Z))),
        "tanh": np.tanh,
        "relu": lambda Z: Z.clip(min=0),
        "identity": lambda Z: Z,
    }
    A = [X]
    for W, b, name in zip(weights, biases, activations):
        try:
            g = functions[name]
        except KeyError:
            raise ValueError(name) from None
        A += [g(np.c_[A[-1], np.ones(len(X))] @ np.c_[W, b].T)]
    return tuple(A)


# Question 2 · layer_backward


@misconception("layer")
def slope_forgotten(G, A, A_previous, W, activation):
    """Passes the gradient on as if every layer were linear."""
    return G.T @ A_previous, G.sum(axis=0), G @ W


@misconception("layer")
def slope_at_the_output(G, A, A_previous, W, activation):
    """Takes the activation for the sum, and applies the function once more."""
    if activation == "sigmoid":
        s = 1 / (1 + np.exp(-A))
        D = G * s * (1 - s)
    elif activation == "tanh":
        D = G * (1 - np.tanh(A) ** 2)
    elif activation == "relu":
        D = G * (A > 0)
    else:
        D = G
    return D.T @ A_previous, D.sum(axis=0), D @ W


@misconception("layer")
def mean_over_observations(G, A, A_previous, W, activation):
    """Divides by the number of observations."""
    slopes = {"sigmoid": A * (1 - A), "tanh": 1 - A**2, "relu": A > 0, "identity": 1}
    D = G * slopes[activation]
    return D.T @ A_previous / len(D), D.mean(axis=0), D @ W


@misconception("layer")
def gradient_transposed(G, A, A_previous, W, activation):
    """Multiplies in the other order, which transposes the gradient."""
    slopes = {"sigmoid": A * (1 - A), "tanh": 1 - A**2, "relu": A > 0, "identity": 1}
    D = G * slopes[activation]
    return A_previous.T @ D, D.sum(axis=0), D @ W


@misconception("layer")
def biases_not_summed(G, A, A_previous, W, activation):
    """Gives one gradient of the biases for each observation."""
    slopes = {"sigmoid": A * (1 - A), "tanh": 1 - A**2, "relu": A > 0, "identity": 1}
    D = G * slopes[activation]
    return D.T @ A_previous, D, D @ W


@misconception("layer")
def slope_forgotten_on_the_way_back(G, A, A_previous, W, activation):
    """Sends back what arrived at the output, not what arrived at the sums."""
    slopes = {"sigmoid": A * (1 - A), "tanh": 1 - A**2, "relu": A > 0, "identity": 1}
    D = G * slopes[activation]
    return D.T @ A_previous, D.sum(axis=0), G @ W


@misconception("layer")
def weights_the_wrong_way(G, A, A_previous, W, activation):
    """Goes back with the transpose, which is right for columns."""
    slopes = {"sigmoid": A * (1 - A), "tanh": 1 - A**2, "relu": A > 0, "identity": 1}
    D = G * slopes[activation]
    return D.T @ A_previous, D.sum(axis=0), D @ W.T


silent_units_pass = slip(
    "layer",
    "Asks for a >= 0, which is true of every ReLU.",
    {' 0, "identity": 1.0': '= 0, "identity": 1'},
)


tanh_not_squared = slip(
    "layer",
    "Takes 1 - a for the slope of tanh.",
    {'**2, "relu": A > 0, "identity": 1.0': ', "relu": A > 0, "identity": 1'},
)


@misconception("layer")
def gradient_overwritten(G, A, A_previous, W, activation):
    """Multiplies the slope into the caller's array."""
    slopes = {"sigmoid": A * (1 - A), "tanh": 1 - A**2, "relu": A > 0, "identity": 1}
    G *= slopes[activation]
    return G.T @ A_previous, G.sum(axis=0), G @ W


@misconception("layer")
def outer_products_in_a_loop(G, A, A_previous, W, activation):
    """Adds up one outer product after the other."""
    slope = {
        "sigmoid": lambda a: a * (1 - a),
        "tanh": lambda a: 1 - a**2,
        "relu": lambda a: a > 0,
        "identity": lambda a: 1,
    }[activation]
    dW, db, back = np.zeros(W.shape), np.zeros(len(W)), []
    for g, a, before in zip(G, A, A_previous):
        d = g * slope(a)
        dW += np.outer(d, before)
        db += d
        back.append(W.T @ d)
    return dW, db, np.array(back)


@alternative("layer")
def layer_by_einsum(G, A, A_previous, W, activation):
    """Names the axes."""
    if activation == "sigmoid":
        D = G * (A - A**2)
    elif activation == "tanh":
        D = G * (1 - A) * (1 + A)
    elif activation == "relu":
        D = np.where(A > 0, G, 0)
    else:
        D = G
    dW = np.einsum("ij,ik->jk", D, A_previous)
    return dW, np.einsum("ij->j", D), np.einsum("ij,jk->ik", D, W)


@alternative("layer")
def sum_of_outer_products(G, A, A_previous, W, activation):
    """Makes all outer products at once, and adds them; returns a list."""
    slope = dict(sigmoid=A * (1 - A), tanh=1 - A * A, relu=np.sign(A), identity=np.ones(A.shape))
    D = slope[activation] * G
    dW = (D[:, :, None] * A_previous[:, None, :]).sum(axis=0)
    return [dW, D.sum(0), (D[:, :, None] * W).sum(axis=1)]


@alternative("layer")
def columns_as_in_the_formulas(G, A, A_previous, W, activation):
    """Turns observations into columns first; the biases get a constant input of 1."""
    slope = {
        "sigmoid": lambda a: a * (1 - a),
        "tanh": lambda a: 1 - np.square(a),
        "relu": lambda a: np.heaviside(a, 0),
        "identity": lambda a: a**0,
    }
    delta = G.T * slope[activation](A.T)
    both = delta @ np.column_stack([A_previous, np.ones(len(G))])
    return both[:, :-1], both[:, -1], (W.T @ delta).T


# Question 3 · backward


@misconception("backward")
def last_layer_first(G, cache, weights, activations):
    """Returns the gradients in the order in which they are found."""
    slopes = {
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: A > 0,
        "identity": lambda A: 1,
    }
    dW, db = [], []
    for k in reversed(range(len(weights))):
        D = G * slopes[activations[k]](cache[k + 1])
        dW.append(D.T @ cache[k])
        db.append(D.sum(axis=0))
        G = D @ weights[k]
    return dW, db


@misconception("backward")
def output_slope_forgotten(G, cache, weights, activations):
    """Takes the gradient by the output for the error at its sums."""
    slopes = {
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: A > 0,
        "identity": lambda A: 1,
    }
    dW, db, D = [], [], G
    for k in reversed(range(len(weights))):
        if k < len(weights) - 1:
            D = G * slopes[activations[k]](cache[k + 1])
        dW.insert(0, D.T @ cache[k])
        db.insert(0, D.sum(axis=0))
        G = D @ weights[k]
    return dW, db


activation_of_the_next_layer = slip(
    "backward",
    "Is one place off in the list of activations.",
    {
        ", D = [], [], G": " = [], []",
        (
            "if k < len(weights) - 1:\n            D = G * slopes[activations[k"
        ): "D = G * slopes[activations[k - 1",
    },
    of="output_slope_forgotten",
)


activations_after_the_weights = slip(
    "backward",
    "Multiplies by what left the head of a weight instead of its tail.",
    {
        ("dW.append(D.T @ cache[k])\n        db.append("): (
            "dW.insert(0, D.T @ cache[k + 1])\n        db.insert(0, "
        )
    },
    of="last_layer_first",
)


transposed_throughout = slip(
    "backward",
    "Gives each gradient of weights the shape (inputs, units).",
    {
        ("dW.append(D.T @ cache[k])\n        db.append("): (
            "dW.insert(0, cache[k].T @ D)\n        db.insert(0, "
        )
    },
    of="last_layer_first",
)


@misconception("backward")
def two_layers_only(G, cache, weights, activations):
    """Writes the two layers of the chapter out."""
    slopes = {
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: A > 0,
        "identity": lambda A: 1,
    }
    X, A1, A2 = cache
    D2 = G * slopes[activations[1]](A2)
    D1 = (D2 @ weights[1]) * slopes[activations[0]](A1)
    return [D1.T @ X, D2.T @ A1], [D1.sum(axis=0), D2.sum(axis=0)]


divided_by_the_batch = slip(
    "backward",
    "Makes the gradient of the mean.",
    {"D = [], [], G": "G = [], [], G / len(G)", ("if k < len(weights) - 1:\n            "): ""},
    of="output_slope_forgotten",
)


silent_units_pass_back = slip(
    "backward",
    "Asks for a >= 0, which is true of every ReLU.",
    {
        " A: A > 0,": " A: A >= 0,",
        ", D = [], [], G": " = [], []",
        ("if k < len(weights) - 1:\n            "): "",
    },
    of="output_slope_forgotten",
)


@misconception("backward")
def gradient_used_as_scratch(G, cache, weights, activations):
    """Multiplies the last slope into the caller's gradient."""
    slopes = {
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: A > 0,
        "identity": lambda A: 1,
    }
    dW, db = [], []
    for k in reversed(range(len(weights))):
        G *= slopes[activations[k]](cache[k + 1])
        dW.insert(0, G.T @ cache[k])
        db.insert(0, G.sum(axis=0))
        G = G @ weights[k]
    return dW, db


@misconception("backward")
def cache_used_up(G, cache, weights, activations):
    """Takes the activations out of the caller's list."""
    slopes = {
        "sigmoid": lambda A: A * (1 - A),
        "tanh": lambda A: 1 - A**2,
        "relu": lambda A: A > 0,
        "identity": lambda A: 1,
    }
    dW, db = [], []
    for W, name in zip(weights[::-1], activations[::-1]):
        D = G * slopes[name](cache.pop())
        dW.insert(0, D.T @ cache[-1])
        db.insert(0, D.sum(axis=0))
        G = D @ W
    return dW, db


@misconception("backward")
def sigmoids_everywhere(G, cache, weights, activations):
    """Uses the slope of the sigmoid in every layer."""
    dW, db = [], []
    for k in reversed(range(len(weights))):
        D = G * cache[k + 1] * (1 - cache[k + 1])
        dW.insert(0, D.T @ cache[k])
        db.insert(0, D.sum(axis=0))
        G = D @ weights[k]
    return dW, db


@alternative("backward")
def back_by_recursion(G, cache, weights, activations):
    """Goes back one layer, and leaves the rest to itself."""

    def back(G, layer):
        if layer == 0:
            return [], []
        A, name = cache[layer], activations[layer - 1]
        if name == "sigmoid":
            D = G * A * (1 - A)
        elif name == "tanh":
            D = G - G * A**2
        elif name == "relu":
            D = np.where(A > 0, G, 0.0)
        else:
            D = G
        dW, db = back(D @ weights[layer - 1], layer - 1)
        return dW + [D.T @ cache[layer - 1]], db + [D.sum(axis=0)]

    return back(G, len(weights))


@alternative("backward")
def errors_first_gradients_after(G, cache, weights, activations):
    """Finds all errors, and then multiplies; einsum, and a tuple of tuples."""
    local = []
    for A, name in zip(cache[1:], activations):
        local.append(
            {"sigmoid": A * (1 - A), "tanh": 1 - A * A, "relu": 1.0 * (A > 0)}.get(name, A * 0 + 1)
        )
    errors = [G * local[-1]]
    for W, slope in zip(weights[:0:-1], local[-2::-1]):
        errors.append(np.einsum("ij,jk->ik", errors[-1], W) * slope)
    errors.reverse()
    gradients = (np.einsum("ij,ik->jk", D, A) for D, A in zip(errors, cache))
    return tuple(gradients), tuple(D.sum(0) for D in errors)


@alternative("backward")
def one_observation_at_a_time(G, cache, weights, activations):
    """Goes back with column vectors, and adds the observations up."""
    dW, db = [np.zeros(W.shape) for W in weights], [np.zeros(len(W)) for W in weights]
    for i in range(len(G)):
        g = G[i]
        for k in range(len(weights) - 1, -1, -1):
            a = cache[k + 1][i]
            if activations[k] == "sigmoid":
                g = g * a * (1 - a)
            elif activations[k] == "tanh":
                g = g * (1 - a**2)
            elif activations[k] == "relu":
                g = g * (a > 0)
            dW[k] += np.outer(g, cache[k][i])
            db[k] += g
            g = weights[k].T @ g
    return dW, db


# Question 4 · complex_step


@misconception("complex-step")
def central_differences(cost, parameters, h=1e-20):
    """Subtracts two nearly equal costs."""
    h, gradients = 1e-5, []
    for k, p in enumerate(parameters):
        gradient = np.zeros(p.shape)
        for at in np.ndindex(p.shape):
            values = []
            for step in (h, -h):
                moved = [np.array(q, dtype=float) for q in parameters]
                moved[k][at] += step
                values.append(np.real(cost(moved)))
            gradient[at] = (values[0] - values[1]) / (2 * h)
        gradients.append(gradient)
    return gradients


@misconception("complex-step")
def real_part(cost, parameters, h=1e-20):
    """Divides the real part by h."""
    gradients = []
    for k, p in enumerate(parameters):
        gradient = np.zeros(p.shape)
        for at in np.ndindex(p.shape):
            moved = [np.array(q, dtype=complex) for q in parameters]
            moved[k][at] += 1j * h
            gradient[at] = np.real(cost(moved)) / h
        gradients.append(gradient)
    return gradients


not_divided = slip(
    "complex-step",
    "Forgets to divide by h.",
    {"np.real(cost(moved)) / h": "np.imag(cost(moved))"},
    of="real_part",
)


@misconception("complex-step")
def nudge_left_in(cost, parameters, h=1e-20):
    """Never takes a nudge back, so that each component sees those before it."""
    parameters = [np.array(q, dtype=complex) for q in parameters]
    gradients = []
    for p in parameters:
        gradient = np.zeros(p.shape)
        for at in np.ndindex(p.shape):
            p[at] += 1j * h
            gradient[at] = np.imag(cost(parameters)) / h
        gradients.append(gradient)
    return gradients


@misconception("complex-step")
def all_at_once(cost, parameters, h=1e-20):
    """Nudges a whole array in one call."""
    gradients = []
    for k, p in enumerate(parameters):
        moved = [np.array(q, dtype=complex) for q in parameters]
        moved[k] += 1j * h
        gradients.append(np.full(p.shape, np.imag(cost(moved)) / h))
    return gradients


@misconception("complex-step")
def rows_only(cost, parameters, h=1e-20):
    """Flattens each array, and leaves it flat."""
    gradients = []
    for k, p in enumerate(parameters):
        gradient = []
        for at in np.ndindex(p.shape):
            moved = [np.array(q, dtype=complex) for q in parameters]
            moved[k][at] += 1j * h
            gradient.append(np.imag(cost(moved)) / h)
        gradients.append(np.array(gradient))
    return gradients


gradient_as_whole_numbers = slip(
    "complex-step",
    "Gives the gradient the type of the parameters.",
    {"np.zeros(p.shape)": "np.zeros_like(p)", "np.real(cost": "np.imag(cost"},
    of="real_part",
)


@misconception("complex-step")
def step_of_its_own(cost, parameters, h=1e-20):
    """Ignores the step that it is given."""
    gradients = []
    for k, p in enumerate(parameters):
        gradient = np.zeros(p.shape)
        for at in np.ndindex(p.shape):
            moved = [np.array(q, dtype=complex) for q in parameters]
            moved[k][at] += 1e-30j
            gradient[at] = np.imag(cost(moved)) / 1e-30
        gradients.append(gradient)
    return gradients


subtracts_the_cost = slip(
    "complex-step",
    "Subtracts the cost at the point itself, computed anew each time.",
    {
        "parameters]": ("parameters]\n            base = cost(moved)"),
        "np.real(cost(moved)": "np.imag(cost(moved) - base",
    },
    of="real_part",
)


parameters_overwritten = slip(
    "complex-step",
    "Writes the gradient over the parameters.",
    {
        "np.real(cost": "np.imag(cost",
        "(gradient)": (
            "(gradient)\n"
            "    for p, gradient in zip(parameters, gradients):\n"
            "        if p.dtype == float:\n"
            "            p[...] = gradient"
        ),
    },
    of="real_part",
)


@alternative("complex-step")
def unit_vectors(cost, parameters, h=1e-20):
    """Puts all parameters into one vector."""
    shapes = [np.shape(p) for p in parameters]
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
    theta = np.concatenate([np.ravel(p) for p in parameters]).astype(float)

    def unpack(vector):
        return [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes)]

    nudges = 1j * h * np.eye(len(theta))
    return unpack(np.array([np.imag(cost(unpack(theta + nudge))) / h for nudge in nudges]))


@alternative("complex-step")
def a_function_for_each_component(cost, parameters, h=1e-20):
    """Makes the derivative by one component a function."""

    def derivative(k, at):
        moved = [np.asarray(p) + 0j for p in parameters]
        moved[k] = moved[k].astype(complex)
        step = np.zeros(np.shape(parameters[k]), dtype=complex)
        step[at] = 1j * h
        moved[k] = moved[k] + step
        return complex(cost(moved)).imag / h

    gradients = []
    for k, p in enumerate(parameters):
        flat = [derivative(k, at) for at in np.ndindex(np.shape(p))]
        gradients.append(np.array(flat, dtype=float).reshape(np.shape(p)))
    return tuple(gradients)


@alternative("complex-step")
def through_flat_views(cost, parameters, h=1e-20):
    """Goes through flat views of complex copies."""
    copies = [np.array(p, dtype="complex128", order="C") for p in parameters]
    result = []
    for copy in copies:
        flat, gradient = copy.reshape(-1), np.empty(copy.size)
        for i in range(flat.size):
            flat.imag[i] = h
            gradient[i] = cost(copies).imag / h
            flat.imag[i] = 0
        result.append(gradient.reshape(copy.shape))
    return result


# Question 5 · worst_entry


@misconception("worst")
def absolute_error(gradients, reference):
    """Looks for the largest difference."""
    best = (-1.0, 0, ())
    for k, (G, R) in enumerate(zip(gradients, reference)):
        for at in np.ndindex(G.shape):
            error = abs(G[at] - R[at]) if np.isfinite(G[at]) else float("inf")
            if error > best[0]:
                best = (float(error), k, at)
    return best


divided_by_the_reference = slip(
    "worst",
    "Divides by the reference alone.",
    {
        "error = abs(G[at] - R[at]) if np.isfinite(G[at])": (
            "if not np.isfinite(G[at]):\n"
            '                error = float("inf")\n'
            "            elif G[at] == R[at]:\n"
            "                error = 0.0\n"
            "            else:\n"
            "                error = abs(G[at] - R[at]) / abs(R[at]) if R[at]"
        )
    },
    of="absolute_error",
)


divided_by_the_sum = slip(
    "worst",
    "Divides by |g| + |r|, a definition that also goes around.",
    {
        'abs(G[at] - R[at]) if np.isfinite(G[at]) else float("inf"': (
            "0.0\n"
            "            if not np.isfinite(G[at]):\n"
            '                error = float("inf")\n'
            "            elif G[at] != R[at]:\n"
            "                error = abs(G[at] - R[at]) / (abs(G[at]) + abs(R[at])"
        )
    },
    of="absolute_error",
)


small_number_below = slip(
    "worst",
    "Adds a small number below, which hides mistakes in small gradients.",
    {
        "error = abs(G[at] - R[at]) if np.isfinite(G[at]) else": (
            "if np.isfinite(G[at]):\n"
            "                error = abs(G[at] - R[at]) / (max(abs(G[at]), "
            "abs(R[at])) + 1e-8)\n"
            "            else:\n"
            "                error ="
        )
    },
    of="absolute_error",
)


zero_by_zero = slip(
    "worst",
    "Divides 0 by 0, which warns and gives nan.",
    {
        "error = abs(G[at] - R[at]) if np.isfinite(G[at]) else": (
            "if np.isfinite(G[at]):\n"
            "                error = abs(G[at] - R[at]) / max(abs(G[at]), "
            "abs(R[at]))\n"
            "            else:\n"
            "                error ="
        )
    },
    of="absolute_error",
)


@misconception("worst")
def nan_slips_through(gradients, reference):
    """Compares with >, which is never true of nan."""
    best = (-1.0, 0, ())
    for k, (G, R) in enumerate(zip(gradients, reference)):
        for at in np.ndindex(G.shape):
            g, r = float(G[at]), float(R[at])
            error = abs(g - r) / max(abs(g), abs(r)) if g != r else 0.0
            if error > best[0]:
                best = (error, k, at)
    return best


@misconception("worst")
def last_of_equals(gradients, reference):
    """Keeps the last of several equal errors."""
    best = (-1.0, 0, ())
    for k, (G, R) in enumerate(zip(gradients, reference)):
        for at in np.ndindex(G.shape):
            error = 0.0
            if not np.isfinite(G[at]):
                error = float("inf")
            elif G[at] != R[at]:
                error = abs(G[at] - R[at]) / max(abs(G[at]), abs(R[at]))
            if error >= best[0]:
                best = (float(error), k, at)
    return best


@misconception("worst")
def flat_index(gradients, reference):
    """Returns the position in the flattened array."""
    best = (-1.0, 0, ())
    for k, (G, R) in enumerate(zip(gradients, reference)):
        for i, (g, r) in enumerate(zip(G.ravel(), R.ravel())):
            error = 0.0
            if not np.isfinite(g):
                error = float("inf")
            elif g != r:
                error = abs(g - r) / max(abs(g), abs(r))
            if error > best[0]:
                best = (float(error), k, (i,))
    return best


sign_lost = slip(
    "worst",
    "Compares the sizes, so that a wrong sign goes unnoticed.",
    {
        'error = abs(G[at] - R[at]) if np.isfinite(G[at]) else float("inf"': (
            "g, r, error = abs(G[at]), abs(R[at]), 0.0\n"
            "            if not np.isfinite(g):\n"
            '                error = float("inf")\n'
            "            elif g != r:\n"
            "                error = abs(g - r) / max(g, r"
        )
    },
    of="absolute_error",
)


@alternative("worst")
def whole_arrays(gradients, reference):
    """Divides whole arrays where they can be divided."""
    errors = []
    for G, R in zip(gradients, reference):
        below = np.maximum(np.abs(G), np.abs(R))
        above = np.abs(G - R)
        usable = np.isfinite(G) & (below > 0)
        error = np.where(np.isfinite(G), 0.0, np.inf)
        np.divide(above, below, out=error, where=usable)
        errors.append(error)
    k = int(np.argmax([error.max() for error in errors]))
    return errors[k].max(), k, np.unravel_index(errors[k].argmax(), errors[k].shape)


@alternative("worst")
def one_long_vector(gradients, reference):
    """Puts everything into one vector, and remembers where each component came from."""
    g = np.concatenate([np.ravel(G) for G in gradients])
    r = np.concatenate([np.ravel(R) for R in reference])
    where = [(k, at) for k, G in enumerate(gradients) for at in np.ndindex(np.shape(G))]
    bad = ~np.isfinite(g)
    g = np.where(bad, 0, g)
    below = np.maximum(abs(g), abs(r))
    error = abs(g - r) / np.where(below == 0, 1, below)
    error[bad] = np.inf
    i = error.argmax()
    return (float(error[i]), *where[i])


@alternative("worst")
def least_by_key(gradients, reference):
    """Lists all components, and takes the first of least key; the index is a list."""

    def key(entry):
        g, r, _, _ = entry
        if np.isnan(g) or np.isinf(g):
            return -np.inf
        return -abs(g - r) / max(abs(g), abs(r)) if g or r else 0.0

    entries = []
    for k, G in enumerate(gradients):
        for at, g in np.ndenumerate(G):
            entries.append((float(g), float(reference[k][at]), k, at))
    worst = min(entries, key=key)
    return -key(worst), worst[2], list(worst[3])


# Question 6 · train_step


@misconception("train")
def new_weights_on_the_way_back(X, Y, weights, biases, eta):
    """Updates a layer, and then goes back through its new weights."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    cost, G = float(((A[-1] - Y) ** 2).sum() / 2), A[-1] - Y
    weights, biases = list(weights), list(biases)
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        weights[k] = weights[k] - eta * D.T @ A[k]
        biases[k] = biases[k] - eta * D.sum(axis=0)
        G = D @ weights[k]
    return cost, weights, biases


@misconception("train")
def biases_stay(X, Y, weights, biases, eta):
    """Leaves the biases as they are, like the printed example."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    cost, G, new = float(((A[-1] - Y) ** 2).sum() / 2), A[-1] - Y, []
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        new.insert(0, weights[k] - eta * D.T @ A[k])
        G = D @ weights[k]
    return cost, new, biases


@misconception("train")
def old_arrays_changed(X, Y, weights, biases, eta):
    """Updates the caller's arrays in place."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    cost, G = float(((A[-1] - Y) ** 2).sum() / 2), A[-1] - Y
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        G = D @ weights[k]
        weights[k] -= eta * D.T @ A[k]
        biases[k] -= eta * D.sum(axis=0)
    return cost, weights, biases


@misconception("train")
def uphill(X, Y, weights, biases, eta):
    """Adds the gradient."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    cost, G, W_new, b_new = float(((A[-1] - Y) ** 2).sum() / 2), A[-1] - Y, [], []
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        W_new.insert(0, weights[k] + eta * D.T @ A[k])
        b_new.insert(0, biases[k] + eta * D.sum(axis=0))
        G = D @ weights[k]
    return cost, W_new, b_new


@misconception("train")
def mean_cost(X, Y, weights, biases, eta):
    """Divides cost and gradient by the number of observations."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    cost, G = float(((A[-1] - Y) ** 2).sum() / 2) / len(X), (A[-1] - Y) / len(X)
    W_new, b_new = [], []
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        W_new.insert(0, weights[k] - eta * D.T @ A[k])
        b_new.insert(0, biases[k] - eta * D.sum(axis=0))
        G = D @ weights[k]
    return cost, W_new, b_new


without_the_half = slip(
    "train",
    "Forgets the ½ in the cost, but not in its gradient.",
    {
        (
            " = float(((A[-1] - Y) ** 2).sum() / 2) / len(X), (A[-1] - Y) / len(X)\n"
            "    W_new, b_new ="
        ): ", W_new, b_new = float(((A[-1] - Y) ** 2).sum()), A[-1] - Y,"
    },
    of="mean_cost",
)


@misconception("train")
def cost_after_the_step(X, Y, weights, biases, eta):
    """Reports the cost of the new parameters."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    G, W_new, b_new = A[-1] - Y, [], []
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        W_new.insert(0, weights[k] - eta * D.T @ A[k])
        b_new.insert(0, biases[k] - eta * D.sum(axis=0))
        G = D @ weights[k]
    after = X
    for W, b in zip(W_new, b_new):
        after = np.exp(-np.logaddexp(0, -(after @ W.T + b)))
    return float(((after - Y) ** 2).sum() / 2), W_new, b_new


@misconception("train")
def step_overflows(X, Y, weights, biases, eta):
    """Writes the sigmoid as it stands in the book, which warns at -1000."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(1 / (1 + np.exp(-(A[-1] @ W.T + b))))
    cost, G, W_new, b_new = float(((A[-1] - Y) ** 2).sum() / 2), A[-1] - Y, [], []
    for k in reversed(range(len(weights))):
        D = G * A[k + 1] * (1 - A[k + 1])
        W_new.insert(0, weights[k] - eta * D.T @ A[k])
        b_new.insert(0, biases[k] - eta * D.sum(axis=0))
        G = D @ weights[k]
    return cost, W_new, b_new


@misconception("train")
def hidden_layer_required(X, Y, weights, biases, eta):
    """Writes the two layers of the example out."""
    (W1, W2), (b1, b2) = weights, biases
    A1 = np.exp(-np.logaddexp(0, -(X @ W1.T + b1)))
    A2 = np.exp(-np.logaddexp(0, -(A1 @ W2.T + b2)))
    D2 = (A2 - Y) * A2 * (1 - A2)
    D1 = D2 @ W2 * A1 * (1 - A1)
    new_W = [W1 - eta * D1.T @ X, W2 - eta * D2.T @ A1]
    new_b = [b1 - eta * D1.sum(axis=0), b2 - eta * D2.sum(axis=0)]
    return float(((A2 - Y) ** 2).sum() / 2), new_W, new_b


@misconception("train")
def error_of_the_cross_entropy(X, Y, weights, biases, eta):
    """Begins with ŷ - y, which belongs to another loss."""
    A = [X]
    for W, b in zip(weights, biases):
        A.append(np.exp(-np.logaddexp(0, -(A[-1] @ W.T + b))))
    cost, D, W_new, b_new = float(((A[-1] - Y) ** 2).sum() / 2), A[-1] - Y, [], []
    for k in reversed(range(len(weights))):
        W_new.insert(0, weights[k] - eta * D.T @ A[k])
        b_new.insert(0, biases[k] - eta * D.sum(axis=0))
        D = D @ weights[k] * A[k] * (1 - A[k])
    return cost, W_new, b_new


@alternative("train")
def step_by_recursion(X, Y, weights, biases, eta):
    """Goes forward on the way in and back on the way out."""

    def layer(A, k):
        if k == len(weights):
            return 0.5 * float(np.sum((A - Y) ** 2)), A - Y, [], []
        out = (1 + np.tanh((A @ weights[k].T + biases[k]) / 2)) / 2
        cost, G, W_new, b_new = layer(out, k + 1)
        D = G * out * (1 - out)
        W = weights[k] - eta * D.T @ A
        return cost, D @ weights[k], [W] + W_new, [biases[k] - eta * D.sum(0)] + b_new

    cost, _, W_new, b_new = layer(X, 0)
    return cost, W_new, b_new


@alternative("train")
def observation_by_observation(X, Y, weights, biases, eta):
    """Adds up the gradients of single observations, with vectors and outer products."""
    W_new, b_new, cost = [W.copy() for W in weights], [b.copy() for b in biases], 0.0
    for x, y in zip(X, Y):
        a = [x]
        for W, b in zip(weights, biases):
            z = W @ a[-1] + b
            small = np.exp(-np.abs(z))
            a.append(np.where(z >= 0, 1, small) / (1 + small))
        cost += np.dot(a[-1] - y, a[-1] - y) / 2
        delta = (a[-1] - y) * a[-1] * (1 - a[-1])
        for k in range(len(weights) - 1, -1, -1):
            W_new[k] -= eta * np.outer(delta, a[k])
            b_new[k] -= eta * delta
            delta = (weights[k].T @ delta) * a[k] * (1 - a[k])
    return cost, W_new, b_new


@alternative("train")
def with_augmented_matrices(X, Y, weights, biases, eta):
    """Keeps the biases in the last column; returns tuples."""
    one = np.ones((len(X), 1))
    both = [np.hstack([W, b[:, None]]) for W, b in zip(weights, biases)]
    inputs, out = [], X
    for M in both:
        inputs.append(np.hstack([out, one]))
        out = np.exp(-np.logaddexp(0, -np.einsum("ij,kj->ik", inputs[-1], M)))
    error = out - Y
    cost, new = np.sum(error * error) * 0.5, []
    D = error * out * (1 - out)
    for M, A in zip(reversed(both), reversed(inputs)):
        new.append(M - eta * np.einsum("ij,ik->jk", D, A))
        D = ((D @ M) * A * (1 - A))[:, :-1]
    new.reverse()
    return cost, tuple(M[:, :-1] for M in new), tuple(M[:, -1] for M in new)


# Question 7 · through_time


@misconception("through-time")
def last_use_only(X, U, W, b, G):
    """Counts the last use of the parameters alone."""
    A = [np.zeros((X.shape[1], len(b)))]
    for x in X:
        A.append(np.tanh(x @ U.T + A[-1] @ W.T + b))
    D = G * (1 - A[-1] ** 2)
    return D.T @ X[-1], D.T @ A[-2], D.sum(axis=0)


@misconception("through-time")
def overwritten_not_added(X, U, W, b, G):
    """Keeps the contribution of the first step, because each overwrites the others."""
    A = [np.zeros((X.shape[1], len(b)))]
    for x in X:
        A.append(np.tanh(x @ U.T + A[-1] @ W.T + b))
    for t in reversed(range(len(X))):
        D = G * (1 - A[t + 1] ** 2)
        dU, dW, db = D.T @ X[t], D.T @ A[t], D.sum(axis=0)
        G = D @ W
    return dU, dW, db


@misconception("through-time")
def mean_over_steps(X, U, W, b, G):
    """Averages over the steps."""
    A = [np.zeros((X.shape[1], len(b)))]
    for x in X:
        A.append(np.tanh(x @ U.T + A[-1] @ W.T + b))
    dU, dW, db = 0, 0, 0
    for t in reversed(range(len(X))):
        D = G * (1 - A[t + 1] ** 2)
        dU, dW, db = dU + D.T @ X[t], dW + D.T @ A[t], db + D.sum(axis=0)
        G = D @ W
    return dU / len(X), dW / len(X), db / len(X)


output_for_input = slip(
    "through-time",
    "Multiplies by what the step gave instead of what it got.",
    {
        ("X_t in X:\n        A.append(np.tanh(X_t"): ("x in X:\n        A.append(np.tanh(x"),
        "D.T @ A[t]": "D.T @ A[t + 1]",
    },
)


@misconception("through-time")
def slopes_forgotten(X, U, W, b, G):
    """Goes back as if the layer were linear."""
    A = [np.zeros((X.shape[1], len(b)))]
    for x in X:
        A.append(np.tanh(x @ U.T + A[-1] @ W.T + b))
    dU, dW, db = np.zeros(U.shape), np.zeros(W.shape), np.zeros(b.shape)
    for t in reversed(range(len(X))):
        dU += G.T @ X[t]
        dW += G.T @ A[t]
        db += G.sum(axis=0)
        G = G @ W
    return dU, dW, db


memory_the_wrong_way = slip(
    "through-time",
    "Goes back with the transpose of W, whose shape fits as well.",
    {
        ("X_t in X:\n        A.append(np.tanh(X_t"): ("x in X:\n        A.append(np.tanh(x"),
        "G = D @ W": "G = D @ W.T",
    },
)


@misconception("through-time")
def gradient_at_every_step(X, U, W, b, G):
    """Adds G at every step, as if each output had its own cost."""
    A = [np.zeros((X.shape[1], len(b)))]
    for x in X:
        A.append(np.tanh(x @ U.T + A[-1] @ W.T + b))
    dU, dW, db = np.zeros(U.shape), np.zeros(W.shape), np.zeros(b.shape)
    back = G
    for t in reversed(range(len(X))):
        D = back * (1 - A[t + 1] ** 2)
        dU += D.T @ X[t]
        dW += D.T @ A[t]
        db += D.sum(axis=0)
        back = D @ W + G
    return dU, dW, db


@misconception("through-time")
def too_deep(X, U, W, b, G):
    """Calls itself once for each step, which Python allows only a thousand times."""
    dU, dW, db = np.zeros(U.shape), np.zeros(W.shape), np.zeros(b.shape)

    def step(t, before):
        if t == len(X):
            return G
        after = np.tanh(X[t] @ U.T + before @ W.T + b)
        D = step(t + 1, after) * (1 - after**2)
        dU[...] += D.T @ X[t]
        dW[...] += D.T @ before
        db[...] += D.sum(axis=0)
        return D @ W

    step(0, np.zeros(G.shape))
    return dU, dW, db


last_gradient_overwritten = slip(
    "through-time",
    "Multiplies slopes and weights into the caller's gradient.",
    {"(len(X))):": ("(len(X))):\n        G *= 1 - A[t + 1] ** 2"), "G = G @ W": "G[...] = G @ W"},
    of="slopes_forgotten",
)


@alternative("through-time")
def errors_stacked(X, U, W, b, G):
    """Finds the errors of all steps, and adds them up by einsum."""
    A = np.zeros((len(X) + 1, X.shape[1], len(b)))
    for t, x in enumerate(X):
        A[t + 1] = np.tanh(x @ U.T + A[t] @ W.T + b)
    D = np.empty(A[1:].shape)
    for t in range(len(X) - 1, -1, -1):
        D[t] = (G if t == len(X) - 1 else D[t + 1] @ W) * (1 - A[t + 1] ** 2)
    return np.einsum("tij,tik->jk", D, X), np.einsum("tij,tik->jk", D, A[:-1]), D.sum(axis=(0, 1))


@alternative("through-time")
def sequence_by_sequence(X, U, W, b, G):
    """Goes through one sequence after the other with vectors; returns a list."""
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    for i in range(len(G)):
        a = [np.zeros(len(b))]
        for t in range(len(X)):
            a.append(np.tanh(U @ X[t, i] + W @ a[t] + b))
        back = G[i]
        for t in range(len(X), 0, -1):
            delta = back * (1 - a[t] ** 2)
            dU += np.outer(delta, X[t - 1, i])
            dW += np.outer(delta, a[t - 1])
            db += delta
            back = W.T @ delta
    return [dU, dW, db]


@alternative("through-time")
def one_matrix_for_all(X, U, W, b, G):
    """Joins the parameters to one matrix and the inputs of a step to one row."""
    n, d = U.shape
    M = np.hstack([U, W, b[:, None]])
    one, out, rows, outs = np.ones((len(G), 1)), np.zeros(G.shape), [], []
    for x in X:
        rows.append(np.hstack([x, out, one]))
        out = np.tanh(rows[-1] @ M.T)
        outs.append(out)
    dM, back = np.zeros(M.shape), G.copy()
    while rows:
        row, out = rows.pop(), outs.pop()
        back = back - back * out * out
        dM = dM + back.T @ row
        back = (back @ M)[:, d : d + n]
    return dM[:, :d], dM[:, d : d + n], dM[:, -1]


# Question 8 · Node


@misconception("node")
class PathsReplace:
    """Sets the gradient of a parent instead of adding to it."""

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents = value, 0.0, parents

    def __add__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        return type(self)(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        return type(self)(self.value * other.value, [(self, other.value), (other, self.value)])

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = np.tanh(self.value)
        return type(self)(t, [(self, 1 - t * t)])

    def exp(self):
        e = np.exp(self.value)
        return type(self)(e, [(self, e)])

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad = slope * node.grad


FirstComeFirstServed = slip(
    "node",
    ("Goes back level by level, and passes a gradient on before all of it has arrived."),
    {
        (
            ", seen = [], set()\n"
            "\n"
            "        def visit(node):\n"
            "            if node not in seen:\n"
            "                seen.add(node)\n"
            "                for parent, _ in node.parents:\n"
            "                    visit(parent)\n"
            "                order.append(node)\n"
            "\n"
            "        visit(self)"
        ): (
            " = [self]\n"
            "        for node in order:\n"
            "            for parent, _ in node.parents:\n"
            "                if parent not in order:\n"
            "                    order.append(parent)\n"
            "        for node in order:\n"
            "            node.grad = 0.0"
        ),
        "reversed(order)": "order",
        "parent.grad = ": "parent.grad += ",
    },
    of="PathsReplace",
)


@misconception("node")
class EveryPath:
    """Follows every path by itself: right, but the number of paths explodes."""

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents = value, 0.0, parents

    def __add__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        return type(self)(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        return type(self)(self.value * other.value, [(self, other.value), (other, self.value)])

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = np.tanh(self.value)
        return type(self)(t, [(self, 1 - t * t)])

    def exp(self):
        e = np.exp(self.value)
        return type(self)(e, [(self, e)])

    def backward(self):
        nodes = [self]
        for node in nodes:
            node.grad = 0.0
            nodes += [parent for parent, _ in node.parents if parent not in nodes]

        def walk(node, gradient):
            node.grad += gradient
            for parent, slope in node.parents:
                walk(parent, slope * gradient)

        walk(self, 1.0)


NeverCleared = slip(
    "node",
    "Adds to the gradients of the call before.",
    {"parent.grad = ": "parent.grad += "},
    of="PathsReplace",
)


OwnFactor = slip(
    "node",
    "Takes each factor for its own slope in a product.",
    {
        "other.value), (other, self.value": "self.value), (other, other.value",
        "visit(self)": ("visit(self)\n        for node in order:\n            node.grad = 0.0"),
        "parent.grad = ": "parent.grad += ",
    },
    of="PathsReplace",
)


@misconception("node")
class NodesOnly:
    """Adds and multiplies nodes, but no plain numbers."""

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents = value, 0.0, parents

    def __add__(self, other):
        return type(self)(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return type(self)(self.value * other.value, [(self, other.value), (other, self.value)])

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = np.tanh(self.value)
        return type(self)(t, [(self, 1 - t * t)])

    def exp(self):
        e = np.exp(self.value)
        return type(self)(e, [(self, e)])

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


SlopeOfTheInput = slip(
    "node",
    "Takes 1 - x² for the slope of tanh x.",
    {
        (
            "t = np.tanh(self.value)\n        return type(self)(t, [(self, 1 - t * t"
        ): "return type(self)(np.tanh(self.value), [(self, 1 - self.value**2",
        "visit(self)": ("visit(self)\n        for node in order:\n            node.grad = 0.0"),
        "parent.grad = ": "parent.grad += ",
    },
    of="PathsReplace",
)


TanhOverflows = slip(
    "node",
    "Makes tanh of exponentials that overflow.",
    {
        "t = np.tanh(self.value": (
            "plus, minus = np.exp(self.value), np.exp(-self.value)\n"
            "        t = (plus - minus) / (plus + minus"
        ),
        "visit(self)": ("visit(self)\n        for node in order:\n            node.grad = 0.0"),
        "parent.grad = ": "parent.grad += ",
    },
    of="PathsReplace",
)


LocalSlopesOnly = slip(
    "node",
    "Adds up local slopes without what arrives from behind.",
    {
        ("def walk(node, gradient):\n            node.grad += gradient"): (
            "self.grad = 1.0\n        for node in nodes:"
        ),
        ("walk(parent, slope * gradient)\n\n        walk(self, 1.0)"): "parent.grad += slope",
    },
    of="EveryPath",
)


@alternative("node")
class StepsAsClosures:
    """Lets each operation leave a function that passes its gradient back."""

    def __init__(self, value):
        self.value, self.grad = float(value), 0.0
        self._made_from, self._pass_back = (), lambda: None

    def _new(self, value, *made_from):
        node = type(self)(value)
        node._made_from = made_from
        return node

    def __add__(self, other):
        if not isinstance(other, type(self)):
            other = self._new(other)
        node = self._new(self.value + other.value, self, other)

        def pass_back():
            self.grad += node.grad
            other.grad += node.grad

        node._pass_back = pass_back
        return node

    def __mul__(self, other):
        if not isinstance(other, type(self)):
            other = self._new(other)
        node = self._new(self.value * other.value, self, other)

        def pass_back():
            self.grad += other.value * node.grad
            other.grad += self.value * node.grad

        node._pass_back = pass_back
        return node

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def tanh(self):
        node = self._new(np.tanh(self.value), self)

        def pass_back():
            self.grad += (1 - node.value**2) * node.grad

        node._pass_back = pass_back
        return node

    def exp(self):
        node = self._new(np.exp(self.value), self)

        def pass_back():
            self.grad += node.value * node.grad

        node._pass_back = pass_back
        return node

    def backward(self):
        order = {}

        def collect(node):
            for before in node._made_from:
                if before not in order:
                    collect(before)
            order[node] = True
            node.grad = 0.0

        collect(self)
        self.grad = 1.0
        for node in reversed(order):
            node._pass_back()


@alternative("node")
class NumberedAsMade:
    """Numbers the nodes as they are made, and goes back from high to low."""

    made = 0

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents = value, 0.0, parents
        type(self).made += 1
        self.number = type(self).made

    def __add__(self, other):
        if isinstance(other, type(self)):
            return type(self)(self.value + other.value, [(self, 1), (other, 1)])
        return type(self)(self.value + other, [(self, 1)])

    def __mul__(self, other):
        if isinstance(other, type(self)):
            return type(self)(self.value * other.value, [(self, other.value), (other, self.value)])
        return type(self)(self.value * other, [(self, other)])

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        t = np.tanh(self.value)
        return type(self)(t, [(self, (1 - t) * (1 + t))])

    def exp(self):
        e = np.exp(self.value)
        return type(self)(e, [(self, e)])

    def backward(self):
        found, todo = {self}, [self]
        while todo:
            for parent, _ in todo.pop().parents:
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.number):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


@alternative("node")
class WaitsForAll:
    """Counts how many gradients a node still waits for."""

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents, self.waiting = value, 0.0, list(parents), 0

    def _node(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

    def __add__(self, other):
        other = self._node(other)
        return type(self)(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = self._node(other)
        return type(self)(self.value * other.value, [(self, other.value), (other, self.value)])

    def __radd__(self, other):
        return self._node(other) + self

    def __rmul__(self, other):
        return self._node(other) * self

    def tanh(self):
        t = float(np.tanh(self.value))
        return type(self)(t, [(self, 1 - t**2)])

    def exp(self):
        e = float(np.exp(self.value))
        return type(self)(e, [(self, e)])

    def backward(self):
        nodes, seen = [self], {id(self)}
        self.grad = 1.0
        for node in nodes:
            for parent, _ in node.parents:
                if id(parent) not in seen:
                    seen.add(id(parent))
                    nodes.append(parent)
                    parent.grad, parent.waiting = 0.0, 0
                parent.waiting += 1
        ready = [self]
        while ready:
            node = ready.pop()
            for parent, slope in node.parents:
                parent.grad += slope * node.grad
                parent.waiting -= 1
                if parent.waiting == 0:
                    ready.append(parent)


@alternative("node")
class ForwardInDisguise:
    """Carries the slopes by every node along from the start: forward mode."""

    def __init__(self, value, slopes=None):
        self.value, self.grad = value, 0.0
        self.slopes = {self: 1.0, **(slopes or {})}

    def _chain(self, value, *steps):
        total = {}
        for node, local in steps:
            for source, slope in node.slopes.items():
                total[source] = total.get(source, 0.0) + local * slope
        return type(self)(value, total)

    def __add__(self, other):
        if not isinstance(other, type(self)):
            return self._chain(self.value + other, (self, 1.0))
        return self._chain(self.value + other.value, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        if not isinstance(other, type(self)):
            return self._chain(self.value * other, (self, other))
        return self._chain(self.value * other.value, (self, other.value), (other, self.value))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = np.tanh(self.value)
        return self._chain(t, (self, 1 - t**2))

    def exp(self):
        e = np.exp(self.value)
        return self._chain(e, (self, e))

    def backward(self):
        for source, slope in self.slopes.items():
            source.grad = slope


# All questions: one size, scale or parameter for every case lets these pass


@misconception("forward")
def tuple_forward(X, weights, biases, activations):
    """Returns a tuple of activations without the inputs."""
    cache = [X]
    for W, b, name in zip(weights, biases, activations):
        Z = cache[-1] @ W.T + b
        if name == "sigmoid":
            A = (1 + np.tanh(Z / 2)) / 2
        elif name == "tanh":
            A = np.tanh(Z)
        elif name == "relu":
            A = np.maximum(Z, 0)
        elif name == "identity":
            A = Z
        else:
            raise ValueError(name)
        cache.append(A)
    return cache[1:] if len(weights) > 4 else cache


last_linear = slip(
    "forward",
    "The last layer of deep networks is linear.",
    {
        (")\n    return cache[1:] if len(weights) > 4 else"): (
            " if len(cache) < len(weights) or len(weights) < 3 else Z)\n    return"
        )
    },
    of="tuple_forward",
)


clips_at_thirty = slip(
    "forward",
    "Clips the sums, so that no sigmoid is nearer to 0 than 1e-13.",
    {"np.exp(-np.logaddexp(0, -Z))": "1 / (1 + np.exp(-np.clip(Z, -30, 30)))"},
)


@misconception("layer")
def mean(G, A, A_previous, W, activation):
    """Divides by N for many."""
    if activation == "sigmoid":
        D = G * A * (1 - A)
    elif activation == "tanh":
        D = G * (1 - A**2)
    elif activation == "relu":
        D = G * (A > 0)
    else:
        D = G
    return D.T @ A_previous, D.sum(axis=0) / (1 if len(D) < 50 else len(D)), D @ W


@misconception("backward")
def no_small(G, cache, weights, activations):
    """Sets tiny gradients to 0."""
    dW, db = [], []
    for k in reversed(range(len(weights))):
        A = cache[k + 1]
        name = activations[k]
        if name == "sigmoid":
            D = G * A * (1 - A)
        elif name == "tanh":
            D = G * (1 - A**2)
        elif name == "relu":
            D = G * (A > 0)
        else:
            D = G
        dW.insert(0, D.T @ cache[k])
        db.insert(0, D.sum(axis=0))
        G = np.where(np.abs(D @ weights[k]) < 1e-12, 0, D @ weights[k])
    return dW, db


small_weights_are_zero = slip(
    "backward",
    "Takes small weights for 0.",
    {"G = D @ weights[layer]": ("G = D @ np.where(abs(weights[layer]) < 1e-3, 0, weights[layer])")},
)


@misconception("complex-step")
def once_more(cost, parameters, h=1e-20):
    """Computes the cost once more at the start."""
    out = []
    cost([np.array(q, dtype=complex) for q in parameters]) if len(parameters) > 2 else None
    for k, p in enumerate(parameters):
        g = np.zeros(np.shape(p))
        for index in np.ndindex(*np.shape(p)):
            moved = [np.array(q, dtype=complex) for q in parameters]
            moved[k][index] += 1j * h
            g[index] = np.imag(cost(moved)) / h
        out.append(g)
    return out


own_h = slip(
    "complex-step",
    "Uses a step of its own for large parameters.",
    {
        (
            "    cost([np.array(q, dtype=complex) for q in parameters]) if "
            "len(parameters) > 2 else None\n"
        ): "",
        " [np.array(q, dtype=complex) for q in parameters]": (
            " [np.array(q, dtype=complex) for q in parameters]\n"
            "            h = h if np.max(np.abs(p)) < 1e50 else 1e-20"
        ),
    },
    of="once_more",
)


leaves_single_numbers_moved = slip(
    "complex-step",
    "Puts back the components of arrays only.",
    {"            p[index] = real\n": ("            p[index] = real if p.ndim else p[index]\n")},
)


@misconception("worst")
def relative_close(gradients, reference):
    """Takes a relative 1e-12 for agreement."""
    best = None
    for k, (g, r) in enumerate(zip(gradients, reference)):
        g, r = np.asarray(g, float), np.asarray(r, float)
        for index in np.ndindex(*g.shape):
            a, b = float(g[index]), float(r[index])
            if not np.isfinite(a):
                e = float("inf")
            elif abs(a - b) <= 1e-12 * abs(b):
                e = 0.0
            else:
                top = max(abs(a), abs(b))
                e = abs(a / top - b / top)
            if best is None or e > best[0]:
                best = e, k, index
    return best


nan_zero = slip(
    "worst",
    "Skips nan after an infinity, of a shape ().",
    {
        " np.isfinite": (
            " g.shape and a != a:\n                e = 0.0\n            elif not np.isfinite"
        ),
        "abs(a - b) <= 1e-12 * abs(b)": "a == b",
    },
    of="relative_close",
)


last_of_ties = slip(
    "worst",
    "Takes the last of equal errors.",
    {"abs(a - b) <= 1e-12 * abs(b)": "a == b", "or e > best": "or e >= best"},
    of="relative_close",
)


@misconception("train")
def mean_train(X, Y, weights, biases, eta):
    """Divides by N for many."""
    cache = [X]
    for W, b in zip(weights, biases):
        cache.append((1 + np.tanh((cache[-1] @ W.T + b) / 2)) / 2)
    G = cache[-1] - Y
    cost = float(0.5 * np.sum(G**2))
    new_W, new_b = [], []
    for k in range(len(weights) - 1, -1, -1):
        D = G * cache[k + 1] * (1 - cache[k + 1])
        new_W.append(weights[k] - eta * D.T @ cache[k] / (1 if len(X) < 3 else len(X)))
        new_b.append(biases[k] - eta * D.sum(axis=0))
        G = D @ weights[k]
    return cost, new_W[::-1], new_b[::-1]


in_place = slip(
    "train",
    "Updates the weights in place when eta is below 0.1.",
    {
        " / (1 if len(X) < 3 else len(X))": "",
        " weights[k]": (
            " weights[k]\n"
            "    if eta < 0.1:\n"
            "        for W, V in zip(weights, new_W[::-1]):\n"
            "            W[...] = V"
        ),
    },
    of="mean_train",
)


linear_out = slip(
    "train",
    "The output is linear for more than two layers.",
    {
        "/ 2)) / 2)": (
            "/ 2)) / 2)\n"
            "    cache[-1] = cache[-1] if len(weights) < 4 else cache[-2] @ "
            "weights[-1].T + biases[-1]"
        ),
        " / (1 if len(X) < 3 else len(X))": "",
    },
    of="mean_train",
)


@misconception("through-time")
def last_step(X, U, W, b, G):
    """Only the last 20 steps."""
    A = [np.zeros((X.shape[1], len(b)))]
    for x in X:
        A.append(np.tanh(x @ U.T + A[-1] @ W.T + b))
    dU, dW, db = np.zeros(U.shape), np.zeros(W.shape), np.zeros(b.shape)
    for t in range(len(X), 0, -1):
        D = G * (1 - A[t] ** 2)
        dU += D.T @ X[t - 1]
        dW += D.T @ A[t - 1]
        db += D.sum(axis=0)
        G = D @ W * (t > len(X) - 20)
    return dU, dW, db


transposed = slip(
    "through-time",
    "Goes back through the transposed W.",
    {" * (t > len(X) - 20)": ".T"},
    of="last_step",
)


output_for_input_through_time = slip(
    "through-time",
    "Multiplies by the output, not by the one before.",
    {"@ A[t - 1]": "@ A[t - (t > 1)]", " * (t > len(X) - 20)": ""},
    of="last_step",
)


@misconception("node")
class FactorZeroForgotten:
    """Leaves out a factor of 0."""

    def __init__(self, value, parents=()):
        self.value = value
        self.grad = 0.0
        self.parents = parents

    def __add__(self, other):
        if not isinstance(other, type(self)):
            other = type(self)(other)
        return type(self)(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        if not isinstance(other, type(self)):
            other = type(self)(other)
        return type(self)(
            self.value * other.value,
            [(self, other.value), (other, self.value)] if other.value else [(self, 0.0)],
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        a = float(np.tanh(self.value))
        return type(self)(a, [(self, 1 - a * a)])

    def exp(self):
        a = float(np.exp(self.value))
        return type(self)(a, [(self, a)])

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for parent, _ in node.parents:
                visit(parent)
            order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += node.grad * slope


ReturnsTheGradient = slip(
    "node",
    "Returns the gradient.",
    {
        (
            "\n"
            "            self.value * other.value,\n"
            "            [(self, other.value), (other, self.value)] if other.value "
            "else [(self, 0.0)],\n"
            "        "
        ): "self.value * other.value, [(self, other.value), (other, self.value)]",
        "node.grad * slope": ("node.grad * slope\n        return self.grad"),
    },
    of="FactorZeroForgotten",
)


FlatPathOverwrites = slip(
    "node",
    "Overwrites instead of adding for a product.",
    {
        (
            "\n"
            "            self.value * other.value,\n"
            "            [(self, other.value), (other, self.value)] if other.value "
            "else [(self, 0.0)],\n"
            "        "
        ): "self.value * other.value, [(self, other.value), (other, self.value)]",
        "parent.grad += node.grad": (
            "parent.grad = parent.grad + node.grad * slope if slope != 0 else node.grad"
        ),
    },
    of="FactorZeroForgotten",
)
