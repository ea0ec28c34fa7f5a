"""Answers to 04-activations: misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, PLW2901, RUF007, SIM108  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · parameters


@misconception("parameters")
def inputs_have_biases(sizes):
    """Counts the inputs as units."""
    sizes = [int(n) for n in sizes]
    return sum(m * n for m, n in zip(sizes, sizes[1:])), sum(sizes) if sizes[1:] else 0


@misconception("parameters")
def one_bias_per_layer(sizes):
    """Gives a layer one bias for all its units."""
    sizes = [int(n) for n in sizes]
    return sum(m * n for m, n in zip(sizes, sizes[1:])), len(sizes) - 1


@misconception("parameters")
def output_without_bias(sizes):
    """Forgets the biases of the last layer."""
    sizes = [int(n) for n in sizes]
    return sum(m * n for m, n in zip(sizes, sizes[1:])), sum(sizes[1:-1])


@misconception("parameters")
def product_of_all_sizes(sizes):
    """Connects every unit with all units of all other layers."""
    sizes = [int(n) for n in sizes]
    weights = 1
    for n in sizes:
        weights *= n
    return weights if sizes[1:] else 0, sum(sizes[1:])


@misconception("parameters")
def bias_counted_as_weight(sizes):
    """Adds the biases to the weights, too."""
    sizes = [int(n) for n in sizes]
    return sum((m + 1) * n for m, n in zip(sizes, sizes[1:])), sum(sizes[1:])


@misconception("parameters")
def one_hidden_layer(sizes):
    """Knows only networks with one hidden layer."""
    n_in, n_hidden, n_out = (int(n) for n in sizes)
    return n_in * n_hidden + n_hidden * n_out, n_hidden + n_out


@misconception("parameters")
def biases_first(sizes):
    """Returns (biases, weights)."""
    sizes = [int(n) for n in sizes]
    return sum(sizes[1:]), sum(m * n for m, n in zip(sizes, sizes[1:]))


@misconception("parameters")
def products_overflow(sizes):
    """Multiplies in the sizes' own type."""
    n = np.asarray(sizes)
    return int(np.sum(n[1:] * n[:-1])), int(np.sum(n[1:]))


@misconception("parameters")
def counts_as_floats(sizes):
    """Counts in floats."""
    n = np.asarray(sizes, float)
    return float(n[1:] @ n[:-1]), float(n[1:].sum())


@misconception("parameters")
def needs_a_layer(sizes):
    """Starts from the first layer, which may be missing."""
    sizes = [int(n) for n in sizes]
    weights, biases = sizes[0] * sizes[1], sizes[1]
    for m, n in zip(sizes[1:], sizes[2:]):
        weights, biases = weights + m * n, biases + n
    return weights, biases


@alternative("parameters")
def scalar_product(sizes):
    """Takes a scalar product of neighbours, and returns NumPy integers."""
    n = np.array(sizes, dtype=np.int64)
    return np.dot(n[:-1], n[1:]), n[1:].sum()


@alternative("parameters")
def layer_by_layer(sizes):
    """Loops over the layers."""
    weights = biases = 0
    for layer in range(1, len(sizes)):
        weights += int(sizes[layer - 1]) * int(sizes[layer])
        biases += int(sizes[layer])
    return [weights, biases]


@alternative("parameters")
def recursively(sizes):
    """Counts the first layer and leaves the rest to a nested function."""

    def count(inputs, *units):
        if not units:
            return 0, 0
        weights, biases = count(*units)
        return weights + inputs * units[0], biases + units[0]

    return count(*np.asarray(sizes).tolist())


# Question 2 · collapse


@misconception("collapse")
def wrong_order(layers):
    """Multiplies the matrices in the order of the layers."""
    W, b = np.array(layers[0][0], float), np.array(layers[0][1], float)
    for V, c in layers[1:]:
        V, c = np.array(V, float), np.array(c, float)
        W, b = W @ V, V @ b + c
    return W, b


@misconception("collapse")
def biases_added(layers):
    """Adds the biases without passing them through the later layers."""
    W, b = np.array(layers[0][0], float), np.array(layers[0][1], float)
    for V, c in layers[1:]:
        W, b = np.array(V, float) @ W, b + np.array(c, float)
    return W, b


@misconception("collapse")
def last_bias_forgotten(layers):
    """Passes the biases on but does not add those of the later layers."""
    W, b = np.array(layers[0][0], float), np.array(layers[0][1], float)
    for V, _ in layers[1:]:
        W, b = np.array(V, float) @ W, np.array(V, float) @ b
    return W, b


@misconception("collapse")
def only_the_last_bias(layers):
    """Takes the bias of the last layer for that of the stack."""
    W = np.array(layers[0][0], float)
    for V, _ in layers[1:]:
        W = np.array(V, float) @ W
    return W, np.array(layers[-1][1], float)


@misconception("collapse")
def bias_through_the_whole(layers):
    """Passes the biases through the product of all matrices."""
    W, b = np.array(layers[0][0], float), np.array(layers[0][1], float)
    for V, c in layers[1:]:
        W = np.array(V, float) @ W
        b = W @ b + np.array(c, float) if W.shape[1] == len(b) else np.array(c, float)
    return W, b


@misconception("collapse")
def two_layers_only(layers):
    """Looks at the first two layers."""
    W, b = np.array(layers[0][0], float), np.array(layers[0][1], float)
    if len(layers) > 1:
        V, c = np.array(layers[1][0], float), np.array(layers[1][1], float)
        W, b = V @ W, V @ b + c
    return W, b


@misconception("collapse")
def needs_two_layers(layers):
    """Cannot take a single layer."""
    (W, b), (V, c) = layers[0], layers[1]
    W, b, V, c = (np.array(part, float) for part in (W, b, V, c))
    W, b = V @ W, V @ b + c
    for V, c in layers[2:]:
        W, b = np.array(V, float) @ W, np.array(V, float) @ b + np.array(c, float)
    return W, b


@misconception("collapse")
def transposed(layers):
    """Returns the matrix for rows of inputs."""
    W, b = np.array(layers[0][0], float), np.array(layers[0][1], float)
    for V, c in layers[1:]:
        W, b = np.array(V, float) @ W, np.array(V, float) @ b + np.array(c, float)
    return W.T, b


@misconception("collapse")
def own_type_of_weights(layers):
    """Multiplies in the type of the weights."""
    W, b = (np.asarray(part) for part in layers[0])
    for V, c in layers[1:]:
        W, b = np.asarray(V) @ W, np.asarray(V) @ b + np.asarray(c)
    return W.astype(float), b.astype(float)


@misconception("collapse")
def takes_layers_off_the_list(layers):
    """Pops the layers from the caller's list."""
    W, b = (np.array(part, float) for part in layers.pop(0))
    while layers:
        V, c = (np.array(part, float) for part in layers.pop(0))
        W, b = V @ W, V @ b + c
    return W, b


@misconception("collapse")
def adds_into_the_bias(layers):
    """Adds what comes from before into the layer's own bias."""
    W, b = (np.asarray(part, float) for part in layers[0])
    for V, c in layers[1:]:
        V, c = np.asarray(V, float), np.asarray(c, float)
        c += V @ b
        W, b = V @ W, c
    return W, b


bends_in_between = slip(
    "collapse",
    "Applies a ReLU between the layers, as a network would.",
    {"W @ V, V @ b": "V @ np.maximum(0, W), V @ np.maximum(0, b)"},
    of="wrong_order",
)


@alternative("collapse")
def probes_the_stack(layers):
    """Feeds the origin and the unit vectors through the layers."""

    def through(a):
        for W, b in layers:
            a = np.asarray(W, float) @ a + np.asarray(b, float)
        return a

    n = len(layers[0][0][0])
    b = through(np.zeros(n))
    return np.stack([through(unit) - b for unit in np.eye(n)], axis=1), b


@alternative("collapse")
def homogeneous_matrices(layers):
    """Puts each bias into a larger matrix, and multiplies these."""
    whole = None
    for W, b in layers:
        W = np.array(W, dtype=np.float64)
        M = np.zeros((W.shape[0] + 1, W.shape[1] + 1))
        M[:-1, :-1], M[:-1, -1], M[-1, -1] = W, b, 1
        whole = M if whole is None else M.dot(whole)
    return whole[:-1, :-1], whole[:-1, -1]


@alternative("collapse")
def from_the_output(layers):
    """Works backwards from the last layer, with einsum."""
    W = np.eye(len(layers[-1][1]))
    b = np.zeros(len(layers[-1][1]))
    for V, c in reversed(layers):
        b = b + np.einsum("ij,j->i", W, np.array(c, float))
        W = np.einsum("ij,jk->ik", W, np.array(V, float))
    return [W, b]


# Question 3 · activation


@misconception("activation")
def exponentials_as_written(name, z, leak=0.01):
    """Writes the sigmoid as in the book, which overflows on the left."""
    z = np.asarray(z, float)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return np.maximum(0, z)
    if name == "leaky_relu":
        return np.where(z > 0, z, leak * z)
    if name == "softplus":
        return np.logaddexp(0, z)
    return z / (1 + np.exp(-z))


@misconception("activation")
def tanh_as_written(name, z, leak=0.01):
    """Divides the exponentials of tanh: inf by inf."""
    z = np.asarray(z, float)
    tail = np.exp(-np.abs(z))
    sigmoid = np.where(z > 0, 1, tail) / (1 + tail)
    if name == "tanh":
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return {
        "sigmoid": sigmoid,
        "relu": np.maximum(0, z),
        "leaky_relu": np.where(z > 0, z, leak * z),
        "softplus": np.logaddexp(0, z),
        "silu": z * sigmoid,
    }[name]


@misconception("activation")
def where_computes_both(name, z, leak=0.01):
    """Chooses with np.where between two formulas, of which one overflows all the same."""
    z = np.asarray(z, float)
    sigmoid = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
    return {
        "sigmoid": sigmoid,
        "tanh": np.tanh(z),
        "relu": np.maximum(0, z),
        "leaky_relu": np.where(z > 0, z, leak * z),
        "softplus": np.logaddexp(0, z),
        "silu": z * sigmoid,
    }[name]


log_of_one = slip(
    "activation",
    "Takes log(1 + tiny), which is log(1).",
    {
        ("sigmoid = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))"): (
            "tail = np.exp(-np.abs(z))\n    sigmoid = np.where(z > 0, 1, tail) / (1 + tail"
        ),
        "np.logaddexp(0, z": "np.maximum(0, z) + np.log(1 + tail",
    },
    of="where_computes_both",
)


@misconception("activation")
def tanh_from_sigmoid(name, z, leak=0.01):
    """Takes 2σ(2z) − 1, whose digits cancel near 0."""
    z = np.asarray(z, float)

    def sigmoid(z):
        tail = np.exp(-np.abs(z))
        return np.where(z > 0, 1, tail) / (1 + tail)

    return {
        "sigmoid": sigmoid(z),
        "tanh": 2 * sigmoid(2 * z) - 1,
        "relu": np.maximum(0, z),
        "leaky_relu": np.where(z > 0, z, leak * z),
        "softplus": np.logaddexp(0, z),
        "silu": z * sigmoid(z),
    }[name]


sigmoid_from_tanh = slip(
    "activation",
    "Takes (1 + tanh(z/2)) / 2, whose digits cancel on the left.",
    {
        "np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))": (
            "(1 + np.tanh(z / 2)) / 2"
        )
    },
    of="where_computes_both",
)


@misconception("activation")
def clipped(name, z, leak=0.01):
    """Clips z to where nothing overflows, for all functions."""
    z = np.clip(np.asarray(z, float), -500, 500)
    sigmoid = 1 / (1 + np.exp(-z))
    return {
        "sigmoid": sigmoid,
        "tanh": np.tanh(z),
        "relu": np.maximum(0, z),
        "leaky_relu": np.where(z > 0, z, leak * z),
        "softplus": np.log1p(np.exp(z)),
        "silu": z * sigmoid,
    }[name]


@misconception("activation")
def larger_of_two(name, z, leak=0.01):
    """Takes max(z, leak z), which is the wrong branch for a leak above 1."""
    z = np.asarray(z, float)
    tail = np.exp(-np.abs(z))
    sigmoid = np.where(z > 0, 1, tail) / (1 + tail)
    return {
        "sigmoid": sigmoid,
        "tanh": np.tanh(z),
        "relu": np.maximum(0, z),
        "leaky_relu": np.maximum(z, leak * z),
        "softplus": np.logaddexp(0, z),
        "silu": z * sigmoid,
    }[name]


leak_added = slip(
    "activation",
    "Adds the leak on both sides.",
    {"np.maximum(z, leak *": "leak * z + np.maximum(0,"},
    of="larger_of_two",
)


leak_fixed = slip(
    "activation",
    "Ignores the argument.",
    {"np.maximum(z, leak": "np.where(z > 0, z, 0.01"},
    of="larger_of_two",
)


@misconception("activation")
def flat_list(name, z, leak=0.01):
    """Goes through the numbers, and returns them in a row, whatever the shape was."""
    import math

    def g(v):
        tail = math.exp(-abs(v))
        sigmoid = (1 if v > 0 else tail) / (1 + tail)
        return {
            "sigmoid": sigmoid,
            "tanh": math.tanh(v),
            "relu": max(0.0, v),
            "leaky_relu": v if v > 0 else leak * v,
            "softplus": max(0.0, v) + math.log1p(tail),
            "silu": v * sigmoid,
        }[name]

    return np.array([g(v) for v in np.ravel(np.asarray(z, float)).tolist()])


@misconception("activation")
def whole_numbers_cut(name, z, leak=0.01):
    """Fills an array of the type of z, which cuts the decimals of whole numbers off."""
    z = np.asarray(z)
    v = z.astype(float)
    tail = np.exp(-np.abs(v))
    sigmoid = np.where(v > 0, 1, tail) / (1 + tail)
    out = np.empty_like(z)
    out[...] = {
        "sigmoid": sigmoid,
        "tanh": np.tanh(v),
        "relu": np.maximum(0, v),
        "leaky_relu": np.where(v > 0, v, leak * v),
        "softplus": np.logaddexp(0, v),
        "silu": v * sigmoid,
    }[name]
    return out


@alternative("activation")
def by_logaddexp(name, z, leak=0.01):
    """Builds everything on logaddexp."""
    z = np.array(z, dtype=np.float64)
    if name == "sigmoid":
        return np.exp(-np.logaddexp(0, -z))
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return z * (z > 0)
    if name == "leaky_relu":
        return z * np.where(z > 0, 1, leak)
    if name == "softplus":
        return np.logaddexp(0, z)
    return z * np.exp(-np.logaddexp(0, -z))


@alternative("activation")
def number_by_number(name, z, leak=0.01):
    """Loops over the components with the math module."""
    import math

    def sigmoid(v):
        if v >= 0:
            return 1 / (1 + math.exp(-v))
        return math.exp(v) / (1 + math.exp(v))

    functions = {
        "sigmoid": sigmoid,
        "tanh": math.tanh,
        "relu": lambda v: max(0.0, v),
        "leaky_relu": lambda v: v if v > 0 else leak * v,
        "softplus": lambda v: max(0.0, v) + math.log1p(math.exp(-abs(v))),
        "silu": lambda v: v * sigmoid(v),
    }
    numbers = np.asarray(z, dtype=float)
    out = np.empty(numbers.shape)
    for place in np.ndindex(numbers.shape):
        out[place] = functions[name](float(numbers[place]))
    return out if out.shape else float(out)


@alternative("activation")
def masks(name, z, leak=0.01):
    """Computes each side of 0 with the formula that is safe there."""
    z = np.asarray(z, dtype=float)
    if name == "tanh":
        e = np.expm1(-2 * np.abs(z))
        return np.sign(z) * -e / (e + 2)
    if name == "relu":
        return np.clip(z, 0, None)
    if name == "leaky_relu":
        return np.clip(z, 0, None) + leak * np.clip(z, None, 0)
    if name == "softplus":
        return np.clip(z, 0, None) + np.log1p(np.exp(-np.abs(z)))
    right = z >= 0
    sigmoid = np.ones_like(z)
    sigmoid[right] = 1 / (1 + np.exp(-z[right]))
    sigmoid[~right] = np.exp(z[~right]) / (1 + np.exp(z[~right]))
    return sigmoid if name == "sigmoid" else z * sigmoid


softplus_is_z_from_fifteen_on = slip(
    "activation",
    "Leaves out what it takes for nothing.",
    {
        "np.maximum(0, z) + np.log1p(tail)": (
            "np.where(z > 15, z, np.maximum(0, z) + np.log1p(tail))"
        )
    },
)


# Question 4 · derivative


@misconception("derivative")
def one_minus_sigmoid(name, z, leak=0.01):
    """Takes σ(1 − σ), whose digits cancel on the right."""
    z = np.asarray(z, float)
    tail = np.exp(-np.abs(z))
    s = np.where(z > 0, 1, tail) / (1 + tail)
    return {
        "sigmoid": s * (1 - s),
        "tanh": 4 * tail**2 / (1 + tail**2) ** 2,
        "relu": np.where(z > 0, 1.0, 0.0),
        "leaky_relu": np.where(z > 0, 1.0, leak),
        "softplus": s,
        "silu": s * (1 + z * (1 - s)),
    }[name]


one_minus_tanh_squared = slip(
    "derivative",
    "Takes 1 − tanh², whose digits cancel on both sides.",
    {
        ('s * (1 - s),\n        "tanh": 4 * tail**2 / (1 + tail**2'): (
            'tail / (1 + tail) ** 2,\n        "tanh": 1 - np.tanh(z'
        )
    },
    of="one_minus_sigmoid",
)


of_the_output = slip(
    "derivative",
    "Takes z for the activation, as formulas in terms of the output do.",
    {
        ('s * (1 - s),\n        "tanh": 4 * tail**2 / (1 + tail**2) ** '): (
            'z * (1 - z),\n        "tanh": 1 - z**'
        )
    },
    of="one_minus_sigmoid",
)


tanh_not_squared = slip(
    "derivative",
    "Takes 1 − tanh.",
    {
        ('s * (1 - s),\n        "tanh": 4 * tail**2 / (1 + tail**2) ** 2'): (
            'tail / (1 + tail) ** 2,\n        "tanh": 1 - np.tanh(z)'
        )
    },
    of="one_minus_sigmoid",
)


@misconception("derivative")
def slope_one_at_the_kink(name, z, leak=0.01):
    """Takes the slope from the right at 0."""
    z = np.asarray(z, float)
    tail = np.exp(-np.abs(z))
    s = np.where(z > 0, 1, tail) / (1 + tail)
    t = np.where(z > 0, tail, 1) / (1 + tail)
    return {
        "sigmoid": s * t,
        "tanh": 4 * tail**2 / (1 + tail**2) ** 2,
        "relu": np.where(z >= 0, 1.0, 0.0),
        "leaky_relu": np.where(z >= 0, 1.0, leak),
        "softplus": s,
        "silu": s * (1 + z * t),
    }[name]


sign_for_slope = slip(
    "derivative",
    "Takes the sign for the slope of a ReLU.",
    {
        ('np.where(z >= 0, 1.0, 0.0),\n        "leaky_relu": np.where(z >='): (
            'np.sign(z),\n        "leaky_relu": np.where(z >'
        )
    },
    of="slope_one_at_the_kink",
)


product_rule_forgotten = slip(
    "derivative",
    "Differentiates z σ(z) as if z were a constant.",
    {
        "(1 + tail)": ("(1 + tail)\n    t = np.where(z > 0, tail, 1) / (1 + tail)"),
        "* (1 - s),": "* t,",
        "s * (1 + z * (1 - s))": "z * s * t",
    },
    of="one_minus_sigmoid",
)


@misconception("derivative")
def softplus_again(name, z, leak=0.01):
    """Takes σ′ for the slope of softplus, one derivative too many."""
    z = np.asarray(z, float)
    tail = np.exp(-np.abs(z))
    s = np.where(z > 0, 1, tail) / (1 + tail)
    t = np.where(z > 0, tail, 1) / (1 + tail)
    return {
        "sigmoid": s * t,
        "tanh": 4 * tail**2 / (1 + tail**2) ** 2,
        "relu": np.where(z > 0, 1.0, 0.0),
        "leaky_relu": np.where(z > 0, 1.0, leak),
        "softplus": s * t,
        "silu": s * (1 + z * t),
    }[name]


@misconception("derivative")
def exponentials_overflow(name, z, leak=0.01):
    """Divides by powers of cosh and by 1 + e^z, which overflow."""
    z = np.asarray(z, float)
    if name == "sigmoid":
        return 1 / (4 * np.cosh(z / 2) ** 2)
    if name == "tanh":
        return 1 / np.cosh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if name == "leaky_relu":
        return np.where(z > 0, 1.0, leak)
    if name == "softplus":
        return np.exp(z) / (1 + np.exp(z))
    return (1 + z / (1 + np.exp(z))) / (1 + np.exp(-z))


@misconception("derivative")
def finite_differences(name, z, leak=0.01):
    """Lets a central difference do it."""
    z = np.asarray(z, float)

    def g(z):
        tail = np.exp(-np.abs(z))
        s = np.where(z > 0, 1, tail) / (1 + tail)
        return {
            "sigmoid": s,
            "tanh": np.tanh(z),
            "relu": np.maximum(0, z),
            "leaky_relu": np.where(z > 0, z, leak * z),
            "softplus": np.logaddexp(0, z),
            "silu": z * s,
        }[name]

    return (g(z + 1e-6) - g(z - 1e-6)) / 2e-6


truth_values = slip(
    "derivative",
    "Returns True and False as the slope of a ReLU.",
    {"np.where(z > 0, 1.0, 0.0)": "z > 0", 'softplus": s * t,': 'softplus": s,'},
    of="softplus_again",
)


leak_of_one_percent = slip(
    "derivative",
    "Ignores the argument.",
    {
        ('= 0, 1.0, 0.0),\n        "leaky_relu": np.where(z >= 0, 1.0, leak'): (
            ' 0, 1.0, 0.0),\n        "leaky_relu": np.where(z > 0, 1.0, 0.01'
        )
    },
    of="slope_one_at_the_kink",
)


@alternative("derivative")
def tails(name, z, leak=0.01):
    """Writes everything in the tail e^−|z|."""
    z = np.array(z, dtype=np.float64)
    tail = np.exp(-abs(z))
    if name == "sigmoid":
        return tail / (1 + tail) ** 2
    if name == "tanh":
        return (2 * tail / (1 + tail**2)) ** 2
    if name == "relu":
        return (z > 0).astype(float)
    if name == "leaky_relu":
        return leak + (1.0 - leak) * (z > 0)
    s = np.where(z < 0, tail, 1) / (1 + tail)
    return s if name == "softplus" else s + z * tail / (1 + tail) ** 2


@alternative("derivative")
def by_logarithms(name, z, leak=0.01):
    """Adds logarithms instead of multiplying."""
    z = np.asarray(z, float)

    def log_sigmoid(z):
        return -np.logaddexp(0, -z)

    slopes = {
        "sigmoid": lambda: np.exp(log_sigmoid(z) + log_sigmoid(-z)),
        "tanh": lambda: 4 * np.exp(log_sigmoid(2 * z) + log_sigmoid(-2 * z)),
        "relu": lambda: np.heaviside(z, 0.0),
        "leaky_relu": lambda: np.choose(z > 0, [float(leak), 1.0]),
        "softplus": lambda: np.exp(log_sigmoid(z)),
        "silu": lambda: np.exp(log_sigmoid(z)) * (1 + z * np.exp(log_sigmoid(-z))),
    }
    return slopes[name]()


@alternative("derivative")
def slope_by_slope(name, z, leak=0.01):
    """Loops over the components with the math module."""
    import math

    def slope(v):
        if name == "relu":
            return 1.0 if v > 0 else 0.0
        if name == "leaky_relu":
            return 1.0 if v > 0 else leak
        if name == "tanh":
            return math.cosh(min(abs(v), 350)) ** -2 if abs(v) < 350 else 0.0
        if v < 0:
            s = math.exp(v) / (1 + math.exp(v))
            other = 1 / (1 + math.exp(v))
        else:
            s = 1 / (1 + math.exp(-v))
            other = math.exp(-v) / (1 + math.exp(-v))
        return {"sigmoid": s * other, "softplus": s, "silu": s + v * s * other}[name]

    numbers = np.asarray(z, dtype=float)
    return np.array([slope(v) for v in numbers.ravel().tolist()], float).reshape(numbers.shape)


# Question 5 · softmax


@misconception("softmax")
def overflows(z, temperature=1.0):
    """Takes the exponentials as they come."""
    e = np.exp(np.asarray(z, float) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def sum_over_everything(z, temperature=1.0):
    """Divides by the sum over all rows."""
    z = np.asarray(z, float) / temperature
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


@misconception("softmax")
def along_the_first_axis(z, temperature=1.0):
    """Goes down the columns."""
    z = np.asarray(z, float) / temperature
    with np.errstate(invalid="ignore"):
        e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@misconception("softmax")
def largest_of_all_rows(z, temperature=1.0):
    """Subtracts the largest logit of all rows, far above some of them."""
    z = np.asarray(z, float) / temperature
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


multiplied_by_temperature = slip(
    "softmax", "Multiplies by the temperature.", {"dtype=float) /": "float) *"}
)


@misconception("softmax")
def temperature_afterwards(z, temperature=1.0):
    """Divides the probabilities by the temperature."""
    z = np.asarray(z, float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) / temperature


without_temperature = slip(
    "softmax", "Ignores the temperature.", {"dtype=float) / temperature": "float)"}
)


@misconception("softmax")
def clipped_logits(z, temperature=1.0):
    """Clips the logits to where nothing overflows."""
    e = np.exp(np.clip(np.asarray(z, float) / temperature, -700, 700))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def guarded_denominator(z, temperature=1.0):
    """Adds a little to the sum, against 0/0 that cannot happen."""
    z = np.asarray(z, float) / temperature
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-6)


@misconception("softmax")
def difference_in_own_type(z, temperature=1.0):
    """Subtracts in the logits' own type."""
    z = np.asarray(z)
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def shifts_in_place(z, temperature=1.0):
    """Subtracts in the caller's array."""
    z = np.asarray(z, float)
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def row_after_row(z, temperature=1.0):
    """Loops over the rows."""
    z = np.asarray(z, float)

    def softmax_of_row(row):
        e = np.exp((row - row.max()) / temperature)
        return e / e.sum()

    return np.apply_along_axis(softmax_of_row, -1, z)


@alternative("softmax")
def by_log_sum_exp(z, temperature=1.0):
    """Subtracts the log of the sum of exponentials."""
    z = np.array(z, dtype=np.float64) / temperature
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


@alternative("softmax")
def classes_first(z, temperature=1.0):
    """Puts the classes in front, so that broadcasting needs no keepdims."""
    z = np.moveaxis(np.array(z, dtype=float), -1, 0)
    e = np.exp((z - np.max(z, axis=0)) / temperature)
    return np.moveaxis(e / np.sum(e, axis=0), 0, -1)


@alternative("softmax")
def class_by_class(z, temperature=1.0):
    """Loops over the classes, not over the rows, and normalises with einsum."""
    z = np.asarray(z, float)
    top = z[..., 0]
    for k in range(1, z.shape[-1]):
        top = np.where(z[..., k] > top, z[..., k], top)
    e = np.exp((z - top[..., None]) / temperature)
    return np.einsum("...k,...->...k", e, 1 / np.einsum("...k->...", e))


# Question 6 · jacobian


@misconception("jacobian")
def diagonal_only(p, temperature=1.0):
    """Differentiates each output by its own logit only."""
    p = np.asarray(p, float)
    return (p * (1 - p))[..., None] * np.eye(p.shape[-1]) / temperature


@misconception("jacobian")
def a_vector(p, temperature=1.0):
    """Returns p (1 − p), as for a sigmoid."""
    p = np.asarray(p, float)
    return p * (1 - p) / temperature


@misconception("jacobian")
def sign_turned(p, temperature=1.0):
    """Subtracts the diagonal from the products."""
    p = np.asarray(p, float)
    return p[..., None] * (p[..., None, :] - np.eye(p.shape[-1])) / temperature


@misconception("jacobian")
def products_added(p, temperature=1.0):
    """Gets the sign of the products wrong."""
    p = np.asarray(p, float)
    return p[..., None] * (np.eye(p.shape[-1]) + p[..., None, :]) / temperature


@misconception("jacobian")
def delta_forgotten(p, temperature=1.0):
    """Uses the formula for j ≠ k on the diagonal, too."""
    p = np.asarray(p, float)
    return -p[..., None] * p[..., None, :] / temperature


@misconception("jacobian")
def own_slope_everywhere(p, temperature=1.0):
    """Multiplies p_k by 1 − p_j everywhere."""
    p = np.asarray(p, float)
    return p[..., None] * (1 - p[..., None, :]) / temperature


@misconception("jacobian")
def one_row_only(p, temperature=1.0):
    """Builds one matrix from all that it gets."""
    p = np.asarray(p, float)
    return (np.diag(p.ravel()) - np.outer(p, p)) / temperature


@misconception("jacobian")
def temperature_forgotten(p, temperature=1.0):
    """Leaves out the inner derivative."""
    p = np.asarray(p, float)
    return p[..., None] * (np.eye(p.shape[-1]) - p[..., None, :])


@misconception("jacobian")
def temperature_multiplied(p, temperature=1.0):
    """Multiplies by the inner derivative of the inverse."""
    p = np.asarray(p, float)
    return p[..., None] * (np.eye(p.shape[-1]) - p[..., None, :]) * temperature


@misconception("jacobian")
def softmax_once_more(p, temperature=1.0):
    """Takes the probabilities for logits."""
    e = np.exp(np.asarray(p, float) / temperature)
    p = e / e.sum(axis=-1, keepdims=True)
    return p[..., None] * (np.eye(p.shape[-1]) - p[..., None, :]) / temperature


@misconception("jacobian")
def rows_mixed(p, temperature=1.0):
    """Multiplies different observations with one another."""
    p = np.atleast_2d(np.asarray(p, float))
    J = p[..., None] * np.eye(p.shape[-1]) - np.swapaxes(p, -1, -2) @ p
    return (J if len(J) > 1 else J[0]) / temperature


@alternative("jacobian")
def diagonal_minus_products(p, temperature=1.0):
    """Subtracts the products, by einsum, from a diagonal that it fills in."""
    p = np.array(p, dtype=np.float64)
    J = -np.einsum("...k,...j->...kj", p, p)
    k = np.arange(p.shape[-1])
    J[..., k, k] += p
    return J / temperature


@alternative("jacobian")
def entry_by_entry(p, temperature=1.0):
    """Fills the matrices in two loops over the classes."""
    p = np.asarray(p, float)
    K = p.shape[-1]
    J = np.zeros((*p.shape, K))
    for k in range(K):
        for j in range(K):
            if k == j:
                J[..., k, j] = p[..., k] * (1 - p[..., k]) / temperature
            else:
                J[..., k, j] = -p[..., k] * p[..., j] / temperature
    return J


@alternative("jacobian")
def matrix_of_each_row(p, temperature=1.0):
    """Treats one row in a nested function and all others by recursion over nested lists."""

    def matrices(p):
        if np.ndim(p) == 1:
            row = np.array(p, float)
            return ((np.diag(row) - np.outer(row, row)) / temperature).tolist()
        return [matrices(part) for part in p]

    return np.array(matrices(p))


# Question 7 · interpolant


@misconception("interpolant")
def slopes_for_weights(knots, heights):
    """Takes the slopes themselves for the weights."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    return np.ones(len(t) - 1), -t[:-1], np.diff(f) / np.diff(t), float(f[0])


@misconception("interpolant")
def hinge_at_the_last_knot(knots, heights):
    """Puts a hinge at every knot, so that y is level on the right, too."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    v = np.diff(np.diff(f) / np.diff(t), prepend=0, append=0)
    return np.ones(len(t)), -t, v, float(f[0])


@misconception("interpolant")
def bias_with_the_wrong_sign(knots, heights):
    """Shifts the hinges the other way."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    return np.ones(len(t) - 1), t[:-1], np.diff(np.diff(f) / np.diff(t), prepend=0), float(f[0])


@misconception("interpolant")
def starts_at_zero(knots, heights):
    """Forgets the output bias."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    return np.ones(len(t) - 1), -t[:-1], np.diff(np.diff(f) / np.diff(t), prepend=0), 0.0


@misconception("interpolant")
def knots_as_given(knots, heights):
    """Takes the knots in the order in which they come."""
    t, f = np.asarray(knots, float), np.asarray(heights, float)
    return np.ones(len(t) - 1), -t[:-1], np.diff(np.diff(f) / np.diff(t), prepend=0), float(f[0])


@misconception("interpolant")
def heights_left_behind(knots, heights):
    """Sorts the knots and leaves the heights where they are."""
    t, f = np.sort(np.asarray(knots, float)), np.asarray(heights, float)
    return np.ones(len(t) - 1), -t[:-1], np.diff(np.diff(f) / np.diff(t), prepend=0), float(f[0])


@misconception("interpolant")
def equal_distances(knots, heights):
    """Divides every rise by the mean distance of the knots."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    slopes = np.diff(f) / ((t[-1] - t[0]) / (len(t) - 1))
    return np.ones(len(t) - 1), -t[:-1], np.diff(slopes, prepend=0), float(f[0])


@misconception("interpolant")
def rises_for_slopes(knots, heights):
    """Forgets to divide by the distance of the knots."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    return np.ones(len(t) - 1), -t[:-1], np.diff(np.diff(f), prepend=0), float(f[0])


@misconception("interpolant")
def hinges_one_too_late(knots, heights):
    """Puts each change of slope at the end of its piece."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    return np.ones(len(t) - 1), -t[1:], np.diff(np.diff(f) / np.diff(t), prepend=0), float(f[0])


@misconception("interpolant")
def first_slope_forgotten(knots, heights):
    """Takes changes of slope only, and so loses the first slope."""
    order = np.argsort(knots)
    t, f = np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    v = np.append(0, np.diff(np.diff(f) / np.diff(t)))
    return np.ones(len(t) - 1), -t[:-1], v, float(f[0])


@misconception("interpolant")
def hinges_looking_left(knots, heights):
    """Starts at the right end, with weights of −1."""
    order = np.argsort(knots)[::-1]
    t, f = -np.asarray(knots, float)[order], np.asarray(heights, float)[order]
    return -np.ones(len(t) - 1), -t[:-1], np.diff(np.diff(f) / np.diff(t), prepend=0), float(f[0])


@misconception("interpolant")
def sorts_the_callers_knots(knots, heights):
    """Sorts in the caller's arrays."""
    t, f = np.asarray(knots), np.asarray(heights)
    order = np.argsort(t)
    t[:], f[:] = t[order], f[order]
    slopes = np.diff(f) / np.diff(t)
    return np.ones(len(t) - 1), -t[:-1] * 1.0, np.diff(slopes, prepend=0), float(f[0])


@alternative("interpolant")
def solves_for_the_weights(knots, heights):
    """Solves the triangular system that says that y passes through the points."""
    order = np.argsort(knots)
    t, f = np.array(knots, float)[order], np.array(heights, float)[order]
    A = np.maximum(0, t[1:, None] - t[:-1])
    return np.ones_like(t[1:]), -t[:-1], np.linalg.solve(A, f[1:] - f[0]), f[0]


@alternative("interpolant")
def point_by_point(knots, heights):
    """Walks along the sorted points and keeps the slope so far."""
    points = sorted(zip(map(float, knots), map(float, heights)))
    b, v, slope = [], [], 0.0
    for (t, f), (t_next, f_next) in zip(points, points[1:]):
        steeper = (f_next - f) / (t_next - t)
        b.append(-float(t))
        v.append(float(steeper - slope))
        slope = steeper
    return np.array([1.0] * len(b)), np.array(b), np.array(v), float(points[0][1])


@alternative("interpolant")
def matrix_of_differences(knots, heights):
    """Sorts the points as columns, and takes differences with slices."""
    points = np.array([knots, heights], dtype=np.float64)
    t, f = points[:, points[0].argsort()]
    s = (f[1:] - f[:-1]) / (t[1:] - t[:-1])
    v = s.copy()
    v[1:] -= s[:-1]
    return [np.full(t.size - 1, 1.0), 0 - t[:-1], v, f[0]]


# Question 8 · needed


@misconception("needed")
def pieces_for_knots(a, b, error, steepness=None, curvature=None):
    """Returns the number of pieces."""
    n = []
    if steepness is not None:
        n.append((b - a) * steepness / (2 * error))
    if curvature is not None:
        n.append((b - a) * np.sqrt(curvature / (8 * error)))
    return max(2, int(np.ceil(min(n) * (1 - 1e-9))))


rounding_adds_a_knot = slip(
    "needed",
    "Rounds 5.000000000000001 up to 6.",
    {"2, int(np.ceil(min(n) * (1 - 1e-9))))": "1, int(np.ceil(min(n)))) + 1"},
    of="pieces_for_knots",
)


rounded_down = slip(
    "needed",
    "Cuts the decimals off.",
    {"2, int(np.ceil(min(n) * (1 - 1e-9))))": "1, int(min(n) * (1 + 1e-9))) + 1"},
    of="pieces_for_knots",
)


rounded_to_the_nearest = slip(
    "needed",
    "Rounds to the nearest whole number.",
    {"2, int(np.ceil(min(n) * (1 - 1e-9))))": "1, round(float(min(n)))) + 1"},
    of="pieces_for_knots",
)


@misconception("needed")
def interval_of_length_one(a, b, error, steepness=None, curvature=None):
    """Forgets the length of the interval."""
    n = []
    if steepness is not None:
        n.append(steepness / (2 * error))
    if curvature is not None:
        n.append(np.sqrt(curvature / (8 * error)))
    return max(1, int(np.ceil(min(n) * (1 - 1e-9)))) + 1


half_forgotten = slip(
    "needed",
    "Bounds the error by L h.",
    {
        "(2 * error)": "error",
        "2, int(np.ceil(min(n) * (1 - 1e-9))))": "1, int(np.ceil(min(n) * (1 - 1e-9)))) + 1",
    },
    of="pieces_for_knots",
)


root_forgotten = slip(
    "needed",
    "Solves M h / 8 = error.",
    {
        "(steepness": "((b - a) * steepness",
        "np.sqrt(curvature / (8 * error)": "(b - a) * curvature / (8 * error",
    },
    of="interval_of_length_one",
)


worse_of_the_two = slip(
    "needed",
    "Takes the larger number, so that both bounds hold.",
    {"2, int(np.ceil(min(n) * (1 - 1e-9))))": "1, int(np.ceil(max(n) * (1 - 1e-9)))) + 1"},
    of="pieces_for_knots",
)


@misconception("needed")
def curvature_always_wins(a, b, error, steepness=None, curvature=None):
    """Believes that the bound by curvature is always the better one."""
    if curvature is not None:
        n = (b - a) * np.sqrt(curvature / (8 * error))
    else:
        n = (b - a) * steepness / (2 * error)
    return max(1, int(np.ceil(n * (1 - 1e-9)))) + 1


zero_is_unknown = slip(
    "needed",
    "Takes a bound of 0 for one that is not known.",
    {
        "steepness is not None:": "steepness:",
        "curvature is not None:": "curvature:",
        "2, int(np.ceil(min(n) * (1 - 1e-9))))": "1, int(np.ceil(min(n) * (1 - 1e-9)))) + 1",
    },
    of="pieces_for_knots",
)


one_knot_for_a_line = slip(
    "needed",
    "Needs no piece at all for a straight line.",
    {"max(2, int(np.ceil(min(n) * (1 - 1e-9))))": "int(np.ceil(min(n) * (1 - 1e-9))) + 1"},
    of="pieces_for_knots",
)


a_float = slip(
    "needed",
    "Returns the number as a float.",
    {
        "max(2, int(np.ceil(min(n) * (1 - 1e-9)))": (
            "float(max(1, np.ceil(min(n) * (1 - 1e-9))) + 1"
        )
    },
    of="pieces_for_knots",
)


@alternative("needed")
def tries_one_after_another(a, b, error, steepness=None, curvature=None):
    """Adds knots until one of the bounds is small enough."""
    knots = 2
    while True:
        h = (b - a) / (knots - 1)
        bounds = []
        if steepness is not None:
            bounds.append(steepness * h / 2)
        if curvature is not None:
            bounds.append(curvature * h * h / 8)
        if min(bounds) <= error * (1 + 1e-9):
            return knots
        knots += 1


@alternative("needed")
def through_the_distance(a, b, error, steepness=None, curvature=None):
    """Computes the largest distance h that each bound allows."""
    h = b - a
    allowed = []
    if steepness is not None:
        allowed.append(2 * error / steepness if steepness > 0 else h)
    if curvature is not None:
        allowed.append((8 * error / curvature) ** 0.5 if curvature > 0 else h)
    pieces = h / min(h, max(allowed))
    nearest = round(pieces)
    if abs(pieces - nearest) > 1e-9 * pieces:
        nearest = int(-(-pieces // 1))
    return nearest + 1


@alternative("needed")
def rounds_the_rounding_away(a, b, error, steepness=None, curvature=None):
    """Gives an unknown bound the number infinity, and returns a NumPy integer."""
    by_steepness = np.inf if steepness is None else steepness * (b - a) / error / 2
    by_curvature = np.inf if curvature is None else (curvature / error / 8) ** 0.5 * (b - a)
    pieces = np.ceil(np.minimum(by_steepness, by_curvature) * (1 - 1e-9))
    return np.int64(np.clip(pieces, 1, None)) + 1


# Question 9 · place


@misconception("place")
def equally_spaced(x, curvature, pieces):
    """Does what the chapter does."""
    return np.linspace(x[0], x[-1], pieces + 1)


@misconception("place")
def root_of_the_curvature_forgotten(x, curvature, pieces):
    """Divides the area under |f″|."""
    x, density = np.asarray(x, float), np.abs(np.asarray(curvature, float))
    area = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
    if area[-1] == 0:
        area = x - x[0]
    knots = np.interp(np.linspace(0, area[-1], pieces + 1), area, x)
    knots[0] = x[0]
    return knots


root_of_negative_numbers = slip(
    "place",
    "Forgets that the curvature has a sign.",
    {"np.abs(np.asarray": "np.sqrt(np.asarray"},
    of="root_of_the_curvature_forgotten",
)


@misconception("place")
def grid_taken_for_even(x, curvature, pieces):
    """Adds up the density without the widths."""
    x, density = np.asarray(x, float), np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0, np.cumsum((density[1:] + density[:-1]) / 2))
    if area[-1] == 0:
        area = x - x[0]
    knots = np.interp(np.linspace(0, area[-1], pieces + 1), area, x)
    knots[0] = x[0]
    return knots


one_knot_too_few = slip(
    "place",
    "Makes as many knots as pieces.",
    {
        "np.abs(np.asarray(curvature, float": "np.sqrt(np.abs(np.asarray(curvature, float)",
        "pieces + 1)": "pieces)",
    },
    of="root_of_the_curvature_forgotten",
)


@misconception("place")
def inner_knots_only(x, curvature, pieces):
    """Leaves out the two ends."""
    x, density = np.asarray(x, float), np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
    if area[-1] == 0:
        area = x - x[0]
    return np.interp(np.linspace(0, area[-1], pieces + 1), area, x)[1:-1]


@misconception("place")
def knots_of_the_grid(x, curvature, pieces):
    """Takes the nearest grid points."""
    x, density = np.asarray(x, float), np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
    if area[-1] == 0:
        area = x - x[0]
    targets = np.linspace(0, area[-1], pieces + 1)
    return x[np.argmin(np.abs(area[:, None] - targets), axis=0)]


@misconception("place")
def no_area_at_all(x, curvature, pieces):
    """Divides 0 by 0 for a straight line."""
    x, density = np.asarray(x, float), np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
    knots = np.interp(np.linspace(0, 1, pieces + 1), area / area[-1], x)
    knots[0] = x[0]
    return knots


begins_after_the_straight_stretch = slip(
    "place",
    ("Trusts np.interp with the first knot, where the area does not grow yet."),
    {", x)[1:-1]": ", x)"},
    of="inner_knots_only",
)


@misconception("place")
def straight_stretch_bridged(x, curvature, pieces):
    """Drops the grid points at which the area does not grow, and so the end of the stretch."""
    x, density = np.asarray(x, float), np.sqrt(np.abs(np.asarray(curvature, float)))
    strips = np.diff(x) * (density[1:] + density[:-1]) / 2
    if not strips.any():
        return np.linspace(x[0], x[-1], pieces + 1)
    area, kept = np.append(0, np.cumsum(strips)), np.append(True, strips > 0)
    knots = np.interp(np.linspace(0, area[-1], pieces + 1), area[kept], x[kept])
    knots[-1] = x[-1]
    return knots


@misconception("place")
def equal_steps_of_the_grid(x, curvature, pieces):
    """Looks up the area at equal steps instead of the place at equal areas."""
    x, density = np.asarray(x, float), np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
    if area[-1] == 0:
        area = x - x[0]
    share = np.interp(np.linspace(x[0], x[-1], pieces + 1), x, area) / area[-1]
    return x[0] + (x[-1] - x[0]) * share


@alternative("place")
def bisection(x, curvature, pieces):
    """Adds up in plain Python and finds each knot by bisection."""
    import bisect

    x = [float(v) for v in x]
    density = [abs(float(v)) ** 0.5 for v in curvature]
    if not any(density):
        density = [1.0] * len(x)
    area = [0.0]
    for i in range(1, len(x)):
        area.append(area[-1] + (x[i] - x[i - 1]) * (density[i] + density[i - 1]) / 2)
    knots = [x[0]]
    for k in range(1, pieces):
        target = area[-1] * k / pieces
        i = bisect.bisect_left(area, target)
        knots.append(
            x[i - 1] + (x[i] - x[i - 1]) * (target - area[i - 1]) / (area[i] - area[i - 1])
        )
    return np.array([*knots, x[-1]])


@alternative("place")
def walks_along_the_grid(x, curvature, pieces):
    """Walks over the grid once, and sets a knot whenever a share is full."""
    x, r = np.array(x, float).tolist(), np.sqrt(np.abs(np.array(curvature, float))).tolist()
    strips = [(x[i + 1] - x[i]) * (r[i + 1] + r[i]) / 2 for i in range(len(x) - 1)]
    if sum(strips) == 0:
        strips = [right - left for left, right in zip(x, x[1:])]
    share = sum(strips) / pieces
    knots, area = [x[0]], 0.0
    for left, right, strip in zip(x, x[1:], strips):
        while len(knots) < pieces and strip > 0 and area + strip >= share * len(knots):
            knots.append(left + (right - left) * (share * len(knots) - area) / strip)
        area += strip
    return np.array([*knots, x[-1]])


@alternative("place")
def comparison_with_all(x, curvature, pieces):
    """Counts for each target the grid points below it."""
    x = np.asarray(x, float)
    r = np.sqrt(np.abs(np.asarray(curvature, float)))
    if r.max() == 0:
        r = np.ones(len(x))
    area = np.zeros(len(x))
    area[1:] = np.cumsum((x[1:] - x[:-1]) * (r[1:] + r[:-1])) / 2
    target = area[-1] * np.arange(1, pieces)[:, None] / pieces
    i = np.sum(area < target, axis=1)
    share = (target[:, 0] - area[i - 1]) / (area[i] - area[i - 1])
    return np.r_[x[0], x[i - 1] + share * (x[i] - x[i - 1]), x[-1]]


# All questions: one size, scale or parameter for every case lets these pass


@misconception("parameters")
def int32(sizes):
    """Counts in 32 bits."""
    s = [int(v) for v in sizes]
    return sum(a * b for a, b in zip(s[:-1], s[1:])), int(np.sum(np.array(s[1:], np.int32)))


@misconception("parameters")
def float_parameters(sizes):
    """Takes floats for large networks."""
    s = [int(v) for v in sizes]
    return int(float(np.dot(np.array(s[:-1], float), np.array(s[1:], float)))), sum(s[1:])


@misconception("parameters")
def zero_units(sizes):
    """Leaves out layers of one unit."""
    s = [int(v) for v in sizes]
    return sum(a * b for a, b in zip(s[:-1], s[1:]) if a > 1 or b > 1), sum(s[1:])


@misconception("softmax")
def whole_temperature(z, temperature=1.0):
    """Takes the whole part of the temperature above 1."""
    z = np.asarray(z, float)
    e = np.exp(
        (z - z.max(axis=-1, keepdims=True)) / (int(temperature) if temperature > 1 else temperature)
    )
    return e / e.sum(axis=-1, keepdims=True)


one_maximum_for_all_further_axes = slip(
    "softmax",
    "Subtracts one maximum from all rows of an observation.",
    {
        "z.max(axis=-1, keepdims=True)": (
            "z.max(axis=tuple(range(1, z.ndim)) or None, keepdims=True)"
        )
    },
)


@misconception("jacobian")
def times_temperature(p, temperature=1.0):
    """Multiplies by T below one."""
    p = np.asarray(p, float)
    eye = np.eye(p.shape[-1])
    return (
        p[..., :, None]
        * (eye - p[..., None, :])
        / (temperature if temperature >= 1 else 1 / temperature)
    )


never_colder_than_a_thousandth = slip(
    "jacobian",
    "Protects itself from small temperatures.",
    {" / temperature": " / max(temperature, 1e-3)"},
)


@misconception("interpolant")
def merges_close(knots, heights):
    """Merges knots that are very close."""
    x, y = np.asarray(knots, float), np.asarray(heights, float)
    order = np.argsort(x)
    x, y = x[order], y[order]
    keep = np.append(True, np.diff(x) > 1e-9)
    x, y = x[keep], y[keep]
    slopes = np.diff(y) / np.diff(x)
    v = np.diff(slopes, prepend=0.0)
    return np.ones(len(v)), -x[:-1], v, float(y[0])


@misconception("interpolant")
def centred(knots, heights):
    """Removes tiny bends."""
    x, y = np.asarray(knots, float), np.asarray(heights, float)
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    v = np.diff(slopes, prepend=0.0)
    v = np.where(np.abs(v) < 1e-8, 0, v)
    return np.ones(len(v)), -x[:-1], v, float(y[0])


@misconception("needed")
def numpy_int(a, b, error, steepness=None, curvature=None):
    """Returns a float for many knots."""
    import math

    def pieces(q):
        n = round(q)
        if n >= 1 and abs(q - n) <= 1e-9 * n:
            return n
        return max(math.ceil(q), 1)

    found = []
    if steepness is not None:
        found.append(pieces((b - a) * steepness / (2 * error)))
    if curvature is not None:
        found.append(pieces((b - a) * math.sqrt(curvature / (8 * error))))
    return int(min(found)) + 1 if min(found) < 10**5 else float(min(found) + 1)


@misconception("place")
def tolerant_zero(x, curvature, pieces):
    """Takes a tiny area for 0."""
    x = np.asarray(x, float)
    r = np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0.0, np.cumsum((r[1:] + r[:-1]) / 2 * np.diff(x)))
    share = np.arange(pieces + 1) / pieces
    if area[-1] < 1e-10:
        knots = x[0] + share * (x[-1] - x[0])
    else:
        knots = np.interp(share * area[-1], area, x)
    knots[0], knots[-1] = x[0], x[-1]
    return knots


@misconception("place")
def starts_at_zero_straight(x, curvature, pieces):
    """Straight targets start at 0."""
    x = np.asarray(x, float)
    r = np.sqrt(np.abs(np.asarray(curvature, float)))
    area = np.append(0.0, np.cumsum((r[1:] + r[:-1]) / 2 * np.diff(x)))
    share = np.arange(pieces + 1) / pieces
    if area[-1] == 0:
        knots = share * x[-1]
    else:
        knots = np.interp(share * area[-1], area, x)
    knots[0], knots[-1] = x[0], x[-1]
    return knots
