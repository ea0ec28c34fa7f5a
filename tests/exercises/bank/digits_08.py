"""Answers to 08-digits: the misconceptions that its tests must catch, and other right answers."""

# ruff: noqa: B905, E741, PLW2901, RUF007, SIM113  (students write as they please)

import numpy as np

from tests.exercises.variants import alternative, misconception, slip

# Question 1 · prepare

not_scaled = slip("prepare", "Leaves the pixels as they are.", {" / top": ""})

always_by_16 = slip("prepare", "Divides by 16 whatever `top` is.", {" / top": " / 16"})

by_the_darkest = slip(
    "prepare", "Divides by the largest pixel that occurs.", {" / top": " / images.max()"}
)

column_by_column = slip(
    "prepare", "Reads the pictures by columns.", {"images), -1)": 'images), -1, order="F")'}
)

pixels_in_rows = slip(
    "prepare",
    "Makes a row for each pixel and turns the result, which mixes the pictures.",
    {".reshape(len(images), -1)": ".reshape(-1, len(images)).T"},
)

single_precision = slip("prepare", "Computes in single precision.", {"dtype=float": "dtype='f4'"})

type_of_the_pictures = slip("prepare", "Computes in the type of the data.", {", dtype=float": ""})

whole_quotients = slip("prepare", "Divides without a remainder.", {" / top": " // top"})

classes_that_occur = slip(
    "prepare",
    "Counts the classes up to the largest label.",
    {"eye(classes)": "eye(max(labels) + 1)"},
)

classes_in_rows = slip(
    "prepare",
    "Lets each class have a row of Y.",
    {"[np.asarray(labels)]": "[:, np.asarray(labels)]"},
)

whole_targets = slip(
    "prepare", "Returns Y as whole numbers.", {"eye(classes)": "eye(classes, dtype=int)"}
)

marked_by_true = slip(
    "prepare", "Returns Y as truth values.", {"eye(classes)": "eye(classes, dtype=bool)"}
)

pictures_stay_pictures = slip(
    "prepare", "Keeps height and width.", {".reshape(len(images), -1)": ""}
)

labels_count_from_one = slip(
    "prepare",
    "Takes the first class for number 1.",
    {"np.asarray(labels)]": "np.asarray(labels) - 1]"},
)

centred_pixels = slip(
    "prepare", "Shifts the pixels to the range from -1 to 1.", {" / top": " / top * 2 - 1"}
)


@misconception("prepare")
def scales_in_place(images, labels, classes=10, top=16):
    """Divides the pixels of the caller, if they are floats."""
    images = np.asarray(images, dtype=float)
    images /= top
    return images.reshape(len(images), -1).copy(), np.eye(classes)[np.asarray(labels)]


@misconception("prepare")
def only_what_is_shown(images, labels, classes=10, top=16):
    """Gives a column to the classes that some picture shows."""
    images = np.asarray(images, dtype=float)
    shown = np.unique(labels)
    Y = (np.asarray(labels)[:, np.newaxis] == shown).astype(float)
    return images.reshape(len(images), -1) / top, Y


@alternative("prepare")
def pixel_by_pixel(images, labels, classes=10, top=16):
    """Fills both arrays in loops."""
    n, height, width = np.shape(images)
    X, Y = np.zeros((n, height * width)), np.zeros((n, classes))
    for i in range(n):
        for j in range(height):
            for k in range(width):
                X[i, j * width + k] = float(images[i][j][k]) / top
        Y[i, int(labels[i])] = 1
    return X, Y


@alternative("prepare")
def by_comparison(images, labels, classes=10, top=16):
    """Compares each label with all classes."""
    rows = [np.ravel(picture).astype(np.float64) for picture in np.asarray(images)]
    Y = np.equal.outer(np.asarray(labels), np.arange(classes)).astype("f8")
    return np.stack(rows) / float(top), Y


@alternative("prepare")
def filled_by_index(images, labels, classes=10, top=16):
    """Sets the ones by an index of rows and columns."""
    X = np.multiply(np.array(images, float), 1.0).reshape((len(labels), -1))
    Y = np.zeros((len(labels), classes))
    Y[range(len(labels)), list(map(int, labels))] = 1.0
    return [np.divide(X, top), Y]


# Question 2 · forward

relu_forgotten = slip(
    "forward",
    "Has no activation in hidden layers.",
    {"np.maximum(A[-1] @ W.T + b, 0)": "A[-1] @ W.T + b"},
)

sigmoid_inside = slip(
    "forward",
    "Has sigmoids in hidden layers.",
    {"np.maximum(A[-1] @ W.T + b, 0)": "0.5 + 0.5 * np.tanh((A[-1] @ W.T + b) / 2)"},
)

leaky_inside = slip(
    "forward",
    "Lets a hundredth of negative sums through.",
    {"np.maximum(A[-1] @ W.T + b, 0)": "np.maximum(A[-1] @ W.T + b, 0.01 * (A[-1] @ W.T + b))"},
)

bias_after_relu = slip(
    "forward",
    "Adds the bias after the activation.",
    {"np.maximum(A[-1] @ W.T + b, 0)": "np.maximum(A[-1] @ W.T, 0) + b"},
)

no_hidden_bias = slip(
    "forward", "Forgets the biases of hidden layers.", {"(A[-1] @ W.T + b, 0)": "(A[-1] @ W.T, 0)"}
)

relu_at_the_end = slip(
    "forward",
    "Has ReLU before the softmax.",
    {"Z = A[-1] @ W.T + b": "Z = np.maximum(A[-1] @ W.T + b, 0)"},
)

softmax_down_the_columns = slip(
    "forward", "Sums over the observations.", {"P.sum(axis=1": "P.sum(axis=0"}
)

no_shift = slip(
    "forward",
    "Takes exponentials that overflow.",
    {"np.exp(Z - Z.max(axis=1, keepdims=True))": "np.exp(Z)"},
)

one_shift_for_all = slip(
    "forward",
    "Shifts all rows by the largest sum of the minibatch.",
    {"Z.max(axis=1, keepdims=True)": "Z.max()"},
)

cut_off = slip(
    "forward",
    "Cuts the sums off, so that none overflows.",
    {"np.exp(Z - Z.max(axis=1, keepdims=True))": "np.exp(np.clip(Z, -500, 500))"},
)

probabilities_alone = slip(
    "forward", "Returns the outputs without what came before.", {"return A": "return A[-1]"}
)

inputs_left_out = slip("forward", "Leaves the inputs out.", {"return A": "return A[1:]"})

sums_at_the_end = slip(
    "forward", "Returns the last sums.", {"P / P.sum(axis=1, keepdims=True)": "Z"}
)

inputs_as_they_came = slip(
    "forward", "Returns whole numbers as they came.", {"np.array(X, dtype=float)": "X"}
)

narrow_inputs = slip(
    "forward", "Rounds the inputs to single precision.", {"dtype=float": "dtype=np.float32"}
)


@misconception("forward")
def adds_in_place(layers, X):
    """Normalises the rows of the caller's inputs on its way."""
    X = np.asarray(X, dtype=float)
    A = [X.copy()]
    for W, b in layers[:-1]:
        A.append(np.maximum(A[-1] @ W.T + b, 0))
    W, b = layers[-1]
    Z = A[-1] @ W.T + b
    X -= X.max(axis=1, keepdims=True)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    A.append(P / P.sum(axis=1, keepdims=True))
    return A


@alternative("forward")
def row_by_row(layers, X):
    """Sends one observation after the other through the network."""
    rows = [[] for _ in range(len(layers) + 1)]
    for x in np.asarray(X).astype(float):
        rows[0].append(x)
        for k, (W, b) in enumerate(layers):
            z = W.dot(x) + b
            if k + 1 < len(layers):
                x = np.where(z > 0, z, 0.0)
            else:
                e = np.exp(z - np.max(z))
                x = e / np.sum(e)
            rows[k + 1].append(x)
    return [np.array(layer) for layer in rows]


@alternative("forward")
def by_columns(layers, X):
    """Keeps the observations in columns until the end."""
    A = [np.array(X, dtype="f8").T]
    for k, (W, b) in enumerate(layers):
        Z = W @ A[-1] + b[:, None]
        if k == len(layers) - 1:
            Z -= Z.max(0)
            Z = np.exp(Z)
            A.append(Z / Z.sum(0))
        else:
            A.append(Z * (Z > 0))
    return tuple(a.T for a in A)


@alternative("forward")
def by_einsum(layers, X):
    """Writes each product as a sum over an index, and softmax as a quotient of differences."""
    out = [np.asarray(X) * 1.0]
    for depth, (W, b) in enumerate(layers, start=1):
        Z = np.einsum("ij,kj->ik", out[-1], W) + b
        if depth < len(layers):
            out += [np.clip(Z, 0, None)]
        else:
            log_sum = np.logaddexp.reduce(Z, axis=1)[:, np.newaxis]
            out += [np.exp(Z - log_sum)]
    return out


# Question 3 · slopes

summed_cost = slip(
    "slopes", "Sums the cost over the minibatch.", {"Y * log_p) / len(X)": "Y * log_p)"}
)

summed_slopes = slip(
    "slopes",
    "Sums the slopes over the minibatch.",
    {"(np.exp(log_p) - Y) / len(X)": "(np.exp(log_p) - Y)"},
)

mean_over_classes_too = slip(
    "slopes",
    "Takes the mean over the classes as well.",
    {"Y * log_p) / len(X)": "Y * log_p) / Y.size"},
)

charge_without_half = slip("slopes", "Charges twice for the weights.", {"decay / 2 *": "decay *"})

charge_left_out_of_cost = slip(
    "slopes",
    "Has the charge in the slopes alone.",
    {" + decay / 2 * sum(np.sum(W**2) for W, _ in layers)": ""},
)

charge_left_out_of_slopes = slip(
    "slopes", "Has the charge in the cost alone.", {" + decay * W": ""}
)

charge_for_biases = slip(
    "slopes",
    "Charges for biases, too.",
    {"D.sum(axis=0)))": "D.sum(axis=0) + decay * layers[l][1]))"},
)

charge_per_observation = slip(
    "slopes", "Divides the charge by the minibatch.", {"+ decay / 2 *": "+ decay / 2 / len(X) *"}
)

slope_of_relu_forgotten = slip("slopes", "Lets slopes through silent units.", {" * (A[l] > 0)": ""})

one_at_the_kink = slip(
    "slopes", "Takes 1 for the slope of ReLU at 0.", {"(A[l] > 0)": "(A[l] >= 0)"}
)

slope_of_a_sigmoid = slip(
    "slopes", "Takes the slope of a sigmoid.", {"(A[l] > 0)": "A[l] * (1 - A[l])"}
)

the_other_sign = slip(
    "slopes", "Turns the slopes round.", {"(np.exp(log_p) - Y)": "(Y - np.exp(log_p))"}
)

logarithm_of_a_rounded_0 = slip(
    "slopes",
    "Takes the logarithm of a probability that may be 0.",
    {
        "log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))": (
            "log_p = np.log(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))"
        )
    },
)

floor_below_the_logarithm = slip(
    "slopes",
    "Adds a small number before the logarithm.",
    {
        "log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))": (
            "log_p = np.log(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True) + 1e-12)"
        )
    },
)

sums_that_overflow = slip(
    "slopes",
    "Takes exponentials that overflow.",
    {"Z = Z - Z.max(axis=1, keepdims=True)": "Z = Z * 1"},
)

last_layer_first = slip("slopes", "Returns the last layer first.", {"gradients[::-1]": "gradients"})

transposed_slopes = slip(
    "slopes",
    "Returns dW with a row for each input.",
    {"(D.T @ A[l] + decay * W": "(A[l].T @ D + decay * W.T"},
)

means_of_rows = slip(
    "slopes", "Takes the mean for the biases, once more.", {"D.sum(axis=0)": "D.mean(axis=0)"}
)


@misconception("slopes")
def descends_at_once(layers, X, Y, decay=0.0):
    """Takes a step in the arrays of the caller."""
    A = [X]
    for W, b in layers[:-1]:
        A.append(np.maximum(A[-1] @ W.T + b, 0))
    W, b = layers[-1]
    Z = A[-1] @ W.T + b
    Z = Z - Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    cost = -np.sum(Y * log_p) / len(X) + decay / 2 * sum(np.sum(W**2) for W, _ in layers)
    D, gradients = (np.exp(log_p) - Y) / len(X), []
    for l in reversed(range(len(layers))):
        W, b = layers[l]
        gradients.append((D.T @ A[l] + decay * W, D.sum(axis=0)))
        D = D @ W * (A[l] > 0)
        W -= 0.1 * gradients[-1][0]
        b -= 0.1 * gradients[-1][1]
    return cost, gradients[::-1]


@alternative("slopes")
def one_at_a_time(layers, X, Y, decay=0.0):
    """Adds the slopes of one observation after the other."""
    N, cost = len(X), 0.0
    found = [[np.zeros(W.shape), np.zeros(b.shape)] for W, b in layers]
    for x, y in zip(X, Y):
        a = [x]
        for k, (W, b) in enumerate(layers):
            z = W @ a[-1] + b
            a.append(np.maximum(z, 0) if k + 1 < len(layers) else z)
        shifted = a[-1] - a[-1].max()
        total = np.log(np.exp(shifted).sum())
        cost += (total - shifted[np.argmax(y)]) / N
        d = np.exp(shifted - total) - y
        for k in range(len(layers) - 1, -1, -1):
            found[k][0] += np.outer(d, a[k]) / N
            found[k][1] += d / N
            d = layers[k][0].T @ d
            d[a[k] <= 0] = 0
    for (dW, _), (W, _) in zip(found, layers):
        cost += 0.5 * decay * (W * W).sum()
        dW += decay * W
    return float(cost), [tuple(pair) for pair in found]


@alternative("slopes")
def by_columns_backwards(layers, X, Y, decay=0.0):
    """Keeps the observations in columns, and masks where sums were positive."""
    n, A, masks = X.shape[0], [X.T], []
    for W, b in layers:
        Z = W @ A[-1] + b.reshape(-1, 1)
        masks.append(Z > 0)
        A.append(np.where(masks[-1], Z, 0))
    top = Z.max(axis=0)
    log_sum = top + np.log(np.sum(np.exp(Z - top), axis=0))
    cost = np.mean(log_sum - np.sum(np.where(Y.T > 0, Z, 0), axis=0))
    D, out = (np.exp(Z - log_sum) - Y.T) / n, [None] * len(layers)
    for k in reversed(range(len(layers))):
        W, _ = layers[k]
        out[k] = [D @ A[k].T + decay * W, D @ np.ones(n)]
        cost = cost + decay * np.vdot(W, W) / 2
        if k:
            D = W.T @ D * masks[k - 1]
    return [cost, out]


@alternative("slopes")
def with_logaddexp(layers, X, Y, decay=0.0):
    """Adds the exponentials by logaddexp."""
    stack = [np.array(X, float)]
    for W, b in layers[:-1]:
        stack.append(np.fmax(stack[-1].dot(W.T) + b, 0.0))
    Z = stack[-1].dot(layers[-1][0].T) + layers[-1][1]
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    right = np.argmax(Y, axis=1)
    cost = -log_p[np.arange(len(Y)), right].mean()
    cost += 0.5 * decay * sum(float(np.linalg.norm(W)) ** 2 for W, _ in layers)
    D = np.exp(log_p)
    D[np.arange(len(Y)), right] -= 1
    D /= len(Y)
    gradients = ()
    for (W, _), a in zip(reversed(layers), reversed(stack)):
        gradients = ((np.tensordot(D, a, (0, 0)) + decay * W, np.add.reduce(D)), *gradients)
        D = (D @ W) * np.sign(np.maximum(a, 0))
    return np.float64(cost), list(gradients)


# Question 4 · train

counts_from_one = slip("train", "Calls the first update number 1.", {"rate(t)": "rate(t + 1)"})

first_rate_for_ever = slip("train", "Keeps the first learning rate.", {"rate(t)": "rate(0)"})

rate_inside_the_velocity = slip(
    "train",
    "Multiplies the slopes by the rate before they are added to the velocity.",
    {
        "(beta * v + dW, beta * u + db)": "(beta * v + rate(t) * dW, beta * u + rate(t) * db)",
        "eta = rate(t)": "eta = 1",
    },
)

running_mean = slip(
    "train",
    "Takes a running mean of the slopes.",
    {"(beta * v + dW, beta * u + db)": "(beta * v + (1 - beta) * dW, beta * u + (1 - beta) * db)"},
)

biases_stand_still = slip("train", "Moves the weights alone.", {"b - eta * u": "b"})

biases_without_momentum = slip("train", "Has momentum for weights alone.", {"beta * u + db": "db"})

uphill = slip("train", "Goes up.", {"W - eta * v, b - eta * u": "W + eta * v, b + eta * u"})

forgets_the_velocity = slip(
    "train", "Starts each update from rest.", {"beta * v + dW, beta * u + db": "dW, db"}
)

slopes_of_the_start = slip(
    "train",
    "Takes all slopes at the start.",
    {
        "velocity = [(np.zeros": "start = layers\n    velocity = [(np.zeros",
        "gradient(layers, batch)": "gradient(start, batch)",
    },
)

last_left_out = slip(
    "train", "Leaves out the last minibatch.", {"enumerate(batches)": "enumerate(batches[:-1])"}
)

backwards_through_the_batches = slip(
    "train", "Begins with the last minibatch.", {"enumerate(batches)": "enumerate(batches[::-1])"}
)

batches_as_arrays = slip(
    "train",
    "Hands each minibatch on as an array.",
    {"(layers, batch)": "(layers, np.array(batch))"},
)

asks_twice = slip(
    "train",
    "Calls gradient once for weights and once for biases.",
    {
        "pairs = zip(velocity, gradient(layers, batch), strict=True)": (
            "both = gradient(layers, batch), gradient(layers, batch)\n"
            "        found = [(one[0], two[1]) for one, two in zip(*both)]\n"
            "        pairs = zip(velocity, found, strict=True)"
        )
    },
)


@misconception("train")
def looks_ahead(gradient, layers, batches, rate, beta=0.0):
    """Takes Nesterov's step, which adds the slope once more."""
    layers = [(W.copy(), b.copy()) for W, b in layers]
    velocity = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in layers]
    for t, batch in enumerate(batches):
        slopes = gradient(layers, batch)
        velocity = [(beta * v + dW, beta * u + db) for (v, u), (dW, db) in zip(velocity, slopes)]
        layers = [
            (W - rate(t) * (dW + beta * v), b - rate(t) * (db + beta * u))
            for (W, b), (v, u), (dW, db) in zip(layers, velocity, slopes)
        ]
    return layers


the_whole_path = slip(
    "train",
    "Returns the networks after all updates.",
    {"return layers": "return [layers]"},
)


@misconception("train")
def moves_the_start(gradient, layers, batches, rate, beta=0.0):
    """Moves the arrays of the caller."""
    velocity = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in layers]
    for t, batch in enumerate(batches):
        pairs = zip(velocity, gradient(layers, batch))
        velocity = [(beta * v + dW, beta * u + db) for (v, u), (dW, db) in pairs]
        for (W, b), (v, u) in zip(layers, velocity):
            W -= rate(t) * v
            b -= rate(t) * u
    return [(W.copy(), b.copy()) for W, b in layers]


@misconception("train")
def velocity_in_the_slopes(gradient, layers, batches, rate, beta=0.0):
    """Keeps the arrays that gradient returned, and adds to them."""
    layers = [(W.copy(), b.copy()) for W, b in layers]
    velocity = None
    for t, batch in enumerate(batches):
        slopes = gradient(layers, batch)
        if velocity is not None:
            for (v, u), (dW, db) in zip(velocity, slopes):
                dW += beta * v
                db += beta * u
        velocity = [(dW.copy(), db.copy()) for dW, db in slopes]
        layers = [(W - rate(t) * v, b - rate(t) * u) for (W, b), (v, u) in zip(layers, velocity)]
    return layers


start_itself = slip(
    "train",
    "Returns the arrays of the start if there is no minibatch.",
    {"(W.copy(), b.copy())": "(W, b)"},
)


@alternative("train")
def in_copies(gradient, layers, batches, rate, beta=0.0):
    """Moves copies in place, and hands copies out."""
    mine = [[np.array(W, float), np.array(b, float)] for W, b in layers]
    speed = [[np.zeros_like(W), np.zeros_like(b)] for W, b in mine]
    for t in range(len(batches)):
        found = gradient([(W.copy(), b.copy()) for W, b in mine], batches[t])
        eta = rate(t)
        for layer, velocity, slope in zip(mine, speed, found):
            for k in (0, 1):
                velocity[k] *= beta
                velocity[k] += slope[k]
                layer[k] -= eta * velocity[k]
    return [tuple(layer) for layer in mine]


@alternative("train")
def flattened(gradient, layers, batches, rate, beta=0.0):
    """Keeps all parameters in one vector."""
    shapes = [np.shape(a) for layer in layers for a in layer]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def flat(pairs):
        return np.concatenate([np.ravel(a) for pair in pairs for a in pair])

    def pairs(vector):
        arrays = [p.reshape(s).copy() for p, s in zip(np.split(vector, ends), shapes)]
        return list(zip(arrays[::2], arrays[1::2]))

    w = flat(layers).astype(float)
    v = np.zeros_like(w)
    t = 0
    for batch in batches:
        v = v * beta + flat(gradient(pairs(w), batch))
        w = w - v * rate(t)
        t += 1
    return pairs(w)


@alternative("train")
def step_of_the_step(gradient, layers, batches, rate, beta=0.0):
    """Keeps the slopes seen, and weighs them anew for each update."""
    now = [(W + 0.0, b + 0.0) for W, b in layers]
    seen = []
    for t, batch in enumerate(batches):
        seen.append([(np.array(dW), np.array(db)) for dW, db in gradient(now, batch)])
        after = []
        for k, (W, b) in enumerate(now):
            v = sum(beta ** (t - s) * seen[s][k][0] for s in range(t + 1))
            u = sum(beta ** (t - s) * seen[s][k][1] for s in range(t + 1))
            after.append((W - rate(t) * v, b - rate(t) * u))
        now = after
    return now


# Question 5 · judge

in_per_cent = slip(
    "judge",
    "Gives the accuracy in per cent.",
    {"np.mean(guesses == labels)": "100 * np.mean(guesses == labels)"},
)

share_of_errors = slip(
    "judge",
    "Gives the share of wrong guesses.",
    {"np.mean(guesses == labels)": "np.mean(guesses != labels)"},
)

number_right = slip(
    "judge", "Counts the right guesses.", {"accuracy = np.mean(": "accuracy = np.sum("}
)

variance_for_error = slip(
    "judge",
    "Forgets the root.",
    {"np.sqrt(accuracy * (1 - accuracy) / N)": "accuracy * (1 - accuracy) / N"},
)

deviation_for_error = slip(
    "judge", "Gives the spread of one guess.", {"(1 - accuracy) / N)": "(1 - accuracy))"}
)

one_less = slip(
    "judge", "Divides by N - 1.", {"(1 - accuracy) / N)": "(1 - accuracy) / max(N - 1, 1))"}
)

guesses_in_rows = slip(
    "judge", "Counts guesses in rows.", {"(labels, guesses)": "(guesses, labels)"}
)

counted_once = slip(
    "judge",
    "Adds by an index with repetitions, of which NumPy counts one.",
    {"np.add.at(confusion, (labels, guesses), 1)": "confusion[labels, guesses] += 1"},
)

classes_of_the_labels = slip(
    "judge",
    "Counts as many classes as occur.",
    {
        "np.zeros((K, K), dtype=int)": (
            "np.zeros([1 + max(labels.max(), guesses.max())] * 2, dtype=int)"
        ),
    },
)

counts_as_floats = slip("judge", "Counts in floats.", {", dtype=int)": ")"})

shares_for_counts = slip(
    "judge",
    "Gives the shares of each class.",
    {
        "wrong = np.flat": (
            "confusion = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)\n"
            "    wrong = np.flat"
        ),
    },
)

by_the_guess = slip(
    "judge",
    "Orders by the probability of the guess.",
    {"P[wrong, labels[wrong]]": "-P[wrong, guesses[wrong]]"},
)

best_of_the_wrong_first = slip(
    "judge", "Begins with the least bad.", {"np.argsort(given": "np.argsort(-given"}
)

all_pictures = slip(
    "judge", "Lists the right ones, too.", {"np.flatnonzero(guesses != labels)": "np.arange(N)"}
)

positions_among_the_wrong = slip(
    "judge",
    "Gives the places among the wrong guesses.",
    {'wrong[np.argsort(given, kind="stable")]': 'np.argsort(given, kind="stable")'},
)

any_order_of_equals = slip(
    "judge", "Sorts by a method that shuffles equals.", {', kind="stable"': ""}
)

turned_round = slip(
    "judge",
    "Sorts upwards and turns round, and so the equals.",
    {'wrong[np.argsort(given, kind="stable")]': 'wrong[np.argsort(-given, kind="stable")[::-1]]'},
)

last_of_the_largest = slip(
    "judge",
    "Takes the last of equal classes.",
    {"P.argmax(axis=1)": "K - 1 - P[:, ::-1].argmax(axis=1)"},
)


@misconception("judge")
def ticks_off(P, labels):
    """Sets the probabilities of wrong guesses to 0 as it goes."""
    N, K = P.shape
    guesses = P.argmax(axis=1)
    accuracy = np.mean(guesses == labels)
    error = np.sqrt(accuracy * (1 - accuracy) / N)
    confusion = np.zeros((K, K), dtype=int)
    np.add.at(confusion, (labels, guesses), 1)
    wrong = np.flatnonzero(guesses != labels)
    worst = wrong[np.argsort(P[wrong, labels[wrong]], kind="stable")]
    P[wrong] = 0
    return accuracy, error, confusion, worst


@alternative("judge")
def with_lists(P, labels):
    """Counts in lists and sorts pairs."""
    n, classes = len(P), len(P[0])
    confusion = [[0] * classes for _ in range(classes)]
    ranked = []
    for i in range(n):
        row = P[i].tolist()
        guess, label = row.index(max(row)), int(labels[i])
        confusion[label][guess] += 1
        if guess != label:
            ranked.append((row[label], i))
    a = 1 - len(ranked) / n
    return a, (a * (1 - a) / n) ** 0.5, np.array(confusion), [i for _, i in sorted(ranked)]


@alternative("judge")
def by_bincount(P, labels):
    """Counts pairs as one number, and sorts by two keys."""
    n, k = P.shape
    truth = labels.astype(np.int64)
    guess = np.argmax(P, 1)
    table = np.bincount(truth * k + guess, minlength=k * k).reshape(k, k)
    a = float(np.trace(table)) / n
    index = np.arange(n)
    order = np.lexsort((index, P[index, truth]))
    return [a, np.std(guess == truth) / np.sqrt(n), table, order[(guess != truth)[order]]]


@alternative("judge")
def by_one_hot(P, labels):
    """Multiplies tables of zeros and ones."""
    N, K = P.shape
    T = (np.arange(K) == np.asarray(labels)[:, None]).astype(int)
    G = (np.arange(K) == P.argmax(1)[:, None]).astype(int)
    confusion = T.T @ G
    right = (T * G).sum(1) == 1
    share = right.mean()
    wrong = [int(i) for i in np.where(~right)[0]]
    wrong.sort(key=lambda i: float(P[i][T[i] == 1][0]))
    return (
        share,
        np.sqrt(share - share**2) / np.sqrt(N) if 0 < share < 1 else 0.0,
        confusion,
        np.array(wrong, int),
    )


# Question 6 · prune

signed_size = slip("prune", "Compares with the sign.", {"np.abs(W).ravel()": "W.ravel()"})

smallest_stay = slip(
    "prune", "Keeps the smallest.", {"np.argsort(-magnitude": "np.argsort(magnitude"}
)

removes_so_many = slip(
    "prune",
    "Takes `keep` weights away.",
    {"[:keep]] = True": "[: max(0, magnitude.size - keep)]] = True"},
)

last_of_equals = slip(
    "prune",
    "Lets the last of equal weights stay.",
    {
        'np.argsort(-magnitude, kind="stable")[:keep]': (
            'np.argsort(magnitude, kind="stable")[::-1][:keep]'
        ),
    },
)

whichever_of_equals = slip(
    "prune", "Sorts by a method that shuffles equals.", {', kind="stable"': ""}
)

one_too_many = slip("prune", "Keeps one more.", {"[:keep]": "[: keep + 1]"})

magnitudes_stay = slip(
    "prune", "Returns the magnitudes.", {"W.shape), W, 0.0)": "W.shape), np.abs(W), 0.0)"}
)

masks_alone = slip(
    "prune", "Returns what stays, not the weights.", {"W.shape), W, 0.0)": "W.shape), 1.0, 0.0)"}
)

by_columns_of_w = slip(
    "prune",
    "Reads each W by columns.",
    {
        "np.abs(W).ravel()": "np.abs(W).T.ravel()",
        "part.reshape(W.shape)": "part.reshape(W.T.shape).T",
    },
)

biases_go = slip("prune", "Sets all biases to 0.", {"b.copy()": "0 * b"})

biases_shared = slip("prune", "Returns the biases of the caller.", {"b.copy()": "b"})


@misconception("prune")
def layer_by_layer(layers, keep):
    """Keeps `keep` weights in each layer."""
    new = []
    for W, b in layers:
        order = np.argsort(-np.abs(W).ravel(), kind="stable")
        stays = np.zeros(W.size, dtype=bool)
        stays[order[:keep]] = True
        new.append((np.where(stays.reshape(W.shape), W, 0.0), b.copy()))
    return new


@misconception("prune")
def all_above_the_threshold(layers, keep):
    """Keeps every weight of the size of the last that stays."""
    every = np.sort(np.concatenate([np.abs(W).ravel() for W, _ in layers]))[::-1]
    least = every[min(keep, every.size) - 1] if keep else np.inf
    return [(np.where(np.abs(W) >= least, W, 0.0), b.copy()) for W, b in layers]


@misconception("prune")
def only_above_the_next(layers, keep):
    """Keeps only what is larger than the first that goes."""
    every = np.sort(np.concatenate([np.abs(W).ravel() for W, _ in layers]))[::-1]
    least = every[keep] if keep < every.size else -1.0
    return [(np.where(np.abs(W) > least, W, 0.0), b.copy()) for W, b in layers]


@misconception("prune")
def no_more_than_there_are(layers, keep):
    """Fails if all are to stay, and keeps all if none is."""
    every = np.sort(np.concatenate([np.abs(W).ravel() for W, _ in layers]))
    return [(np.where(np.abs(W) >= every[-keep], W, 0.0), b.copy()) for W, b in layers]


@misconception("prune")
def biases_compete(layers, keep):
    """Counts the biases as weights."""
    sizes = [a for layer in layers for a in layer]
    magnitude = np.concatenate([np.abs(a).ravel() for a in sizes])
    stays = np.zeros(magnitude.size, dtype=bool)
    stays[np.argsort(-magnitude, kind="stable")[:keep]] = True
    parts = np.split(stays, np.cumsum([a.size for a in sizes])[:-1])
    new = [np.where(part.reshape(a.shape), a, 0.0) for part, a in zip(parts, sizes)]
    return list(zip(new[::2], new[1::2]))


@misconception("prune")
def zeroes_in_place(layers, keep):
    """Sets the weights of the caller to 0."""
    magnitude = np.concatenate([np.abs(W).ravel() for W, _ in layers])
    goes = np.ones(magnitude.size, dtype=bool)
    goes[np.argsort(-magnitude, kind="stable")[:keep]] = False
    parts = np.split(goes, np.cumsum([W.size for W, _ in layers])[:-1])
    for part, (W, _) in zip(parts, layers):
        W[part.reshape(W.shape)] = 0
    return [(W.copy(), b.copy()) for W, b in layers]


@alternative("prune")
def sorted_places(layers, keep):
    """Sorts the places of all weights in Python."""
    places = [
        (-abs(float(W[j, k])), l, j, k)
        for l, (W, _) in enumerate(layers)
        for j in range(W.shape[0])
        for k in range(W.shape[1])
    ]
    new = [(np.zeros(W.shape), np.array(b)) for W, b in layers]
    for _, l, j, k in sorted(places)[:keep]:
        new[l][0][j, k] = layers[l][0][j, k]
    return new


@alternative("prune")
def threshold_and_the_first_of_equals(layers, keep):
    """Keeps what is above a threshold, and counts the equals that still fit."""
    sizes = sorted((abs(w) for W, _ in layers for w in W.flatten().tolist()), reverse=True)
    if keep >= len(sizes):
        return [(W + 0.0, b + 0.0) for W, b in layers]
    least = sizes[keep]
    room = keep - sum(size > least for size in sizes)
    new = []
    for W, b in layers:
        out = W.flatten()
        for k, w in enumerate(out):
            if abs(w) < least or (abs(w) == least and room <= 0):
                out[k] = 0
            elif abs(w) == least:
                room -= 1
        new.append([out.reshape(W.shape), b.copy()])
    return new


@alternative("prune")
def by_rank(layers, keep):
    """Gives each weight its rank."""
    flat = np.concatenate([W.flatten() for W, _ in layers])
    rank = np.empty(len(flat), int)
    rank[np.lexsort((np.arange(len(flat)), -np.abs(flat)))] = np.arange(len(flat))
    flat = flat * (rank < keep) + 0.0
    out, start = (), 0
    for W, b in layers:
        out += ((flat[start : start + W.size].reshape(W.shape), b[:].copy()),)
        start += W.size
    return out


# Question 7 · fool

towards_the_truth = slip("fool", "Moves down the slope.", {"X + size": "X - size"})

not_cut_off = slip(
    "fool", "Leaves the range.", {"np.clip(X + size * np.sign(D), 0, 1)": "X + size * np.sign(D)"}
)

only_cut_above = slip(
    "fool",
    "Cuts off above alone.",
    {"np.clip(X + size * np.sign(D), 0, 1)": "np.minimum(X + size * np.sign(D), 1)"},
)

the_slope_itself = slip("fool", "Moves by the slope.", {"np.sign(D)": "D"})

of_one_length = slip(
    "fool",
    "Moves by the slope, scaled to the length 1.",
    {"np.sign(D)": "D / np.maximum(np.linalg.norm(D, axis=1, keepdims=True), 1e-300)"},
)

largest_moves_by_size = slip(
    "fool",
    "Scales the slopes by the largest.",
    {"np.sign(D)": "D / np.maximum(np.abs(D).max(axis=1, keepdims=True), 1e-300)"},
)

through_silent_units = slip("fool", "Forgets the slope of ReLU.", {" * (A[l + 1] > 0)": ""})

kink_lets_through = slip(
    "fool", "Takes 1 for the slope of ReLU at 0.", {"(A[l + 1] > 0)": "(A[l + 1] >= 0)"}
)

wrong_layer_masks = slip(
    "fool",
    "Masks by the sign of the slope instead of the activation.",
    {"(A[l + 1] > 0)": "(D > 0)"},
)

against_the_guess = slip(
    "fool",
    "Moves away from the guess, right or wrong.",
    {"keepdims=True) - Y)": "keepdims=True) - (P == P.max(axis=1, keepdims=True)))"},
)

one_direction_for_all = slip(
    "fool",
    "Moves all pictures alike, by the mean slope.",
    {"np.sign(D)": "np.sign(D.mean(axis=0))"},
)

zero_moves_up = slip(
    "fool", "Moves pixels without a slope.", {"np.sign(D)": "np.where(D >= 0, 1, -1)"}
)

slope_of_the_output = slip(
    "fool",
    "Forgets the probabilities of the other classes.",
    {"(P / P.sum(axis=1, keepdims=True) - Y)": "(-Y)"},
)

change_alone = slip("fool", "Returns the change.", {"X + size": "size"})


@misconception("fool")
def in_the_picture(layers, X, Y, size):
    """Moves the pixels of the caller."""
    A = [X.copy()]
    for W, b in layers[:-1]:
        A.append(np.maximum(A[-1] @ W.T + b, 0))
    W, b = layers[-1]
    P = np.exp(A[-1] @ W.T + b)
    D = (P / P.sum(axis=1, keepdims=True) - Y) @ W
    for l in reversed(range(len(layers) - 1)):
        D = D * (A[l + 1] > 0) @ layers[l][0]
    X += size * np.sign(D)
    return np.clip(X, 0, 1)


@alternative("fool")
def picture_by_picture(layers, X, Y, size):
    """Multiplies the matrices of one picture after the other."""
    out = np.empty(X.shape)
    for i, x in enumerate(X):
        a, J = x, np.eye(len(x))
        for k, (W, b) in enumerate(layers):
            z = W @ a + b
            J = W @ J
            if k < len(layers) - 1:
                J[z <= 0] = 0
                a = np.maximum(z, 0)
        e = np.exp(z - z.max())
        slope = (e / e.sum() - Y[i]) @ J
        out[i] = np.minimum(1, np.maximum(0, x + size * np.sign(slope)))
    return out


@alternative("fool")
def slopes_of_the_mean(layers, X, Y, size):
    """Takes the slopes of the mean, whose signs are the same."""
    stack = [X]
    for W, b in layers:
        stack.append(stack[-1] @ W.T + b)
        if len(stack) <= len(layers):
            stack[-1] = stack[-1] * (stack[-1] > 0)
    Z = stack.pop()
    log_p = Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)
    G = (np.exp(log_p) - Y) / len(X)
    while stack:
        G = G @ layers[len(stack) - 1][0]
        if len(stack) > 1:
            G = np.where(stack[-1] > 0, G, 0)
        stack.pop()
    return np.clip(X + np.where(G > 0, size, np.where(G < 0, -size, 0)), 0.0, 1.0)


@alternative("fool")
def by_columns_of_pictures(layers, X, Y, size):
    """Keeps the pictures in columns."""
    a, masks = X.T, []
    for W, b in layers[:-1]:
        z = W @ a + b[:, None]
        masks.append(z > 0)
        a = z.clip(0)
    W, b = layers[-1]
    z = W @ a + b[:, None]
    e = np.exp(z - z.max(0))
    g = W.T @ (e / e.sum(0) - Y.T)
    for (W, _), mask in zip(layers[-2::-1], masks[::-1]):
        g = W.T @ (g * mask)
    moved = X + (g.T > 0) * size - (g.T < 0) * size
    moved[moved < 0] = 0
    moved[moved > 1] = 1
    return moved


# Question 8 · learn

never_trained = slip(
    "learn", "Trains for no epoch at all.", {"(64, 24, 10), 25": "(64, 24, 10), 0"}
)

no_weight_pruned = slip("learn", "Keeps all weights.", {"(1776, 700, 300)": "(1776,)"})

many_units = slip(
    "learn",
    "Has more units than the score allows.",
    {"(64, 24, 10)": "(64, 96, 10)", "(1776, 700, 300)": "(10**6,)"},
)

sixteen_units = slip(
    "learn",
    "Has 16 units, and prunes none of their weights.",
    {"(64, 24, 10)": "(64, 16, 10)", "(1776, 700, 300)": "(10**6,)"},
)

pruned_at_the_end = slip(
    "learn",
    "Prunes, and trains no more.",
    {
        "(1776, 700, 300)": "(1776, 250)",
        "for epoch in range(epochs)": "for epoch in range(epochs if keep > 250 else 0)",
    },
)

pruned_before = slip("learn", "Prunes before it trains.", {"(1776, 700, 300)": "(150,)"})

pruned_weights_grow_again = slip(
    "learn", "Lets the weights that went come back.", {"dW * mask": "dW + 0 * mask"}
)

climbs = slip(
    "learn",
    "Goes up the slope.",
    {"(W - eta * v, b - eta * u)": "(W + 0.01 * eta * v, b + 0.01 * eta * u)"},
)

digits_of_the_notebook = slip(
    "learn",
    "Trains on the digits of the notebook instead of its arguments.",
    {
        "Y, sizes, epochs": (
            "images, labels = globals()['images'].reshape(-1, 64) / 16, globals()['labels']\n"
            "    Y, sizes, epochs"
        ),
    },
)

classes_one_off = slip(
    "learn", "Counts the classes from 1.", {"np.eye(10)[labels]": "np.eye(10)[labels - 1]"}
)

inputs_in_rows = slip(
    "learn",
    "Returns each W with a row for each input.",
    {"    return layers": "    return [(W.T, b) for W, b in layers]"},
)

lists_for_arrays = slip(
    "learn",
    "Returns lists.",
    {"    return layers": "    return [(W.tolist(), b.tolist()) for W, b in layers]"},
)

function_for_layers = slip(
    "learn", "Returns a function that guesses.", {"    return layers": "    return lambda X: X"}
)

a_seed_from_the_clock = slip(
    "learn",
    "Makes a generator of its own.",
    {"Y, sizes, epochs": "rng = np.random.default_rng()\n    Y, sizes, epochs"},
)

whole_numbers = slip(
    "learn",
    "Turns the inputs into whole numbers.",
    {"X = images[batch]": "X = images[batch].astype(int)"},
)

centres_in_place = slip(
    "learn",
    "Shifts the inputs of the caller.",
    {"Y, sizes, epochs": "images -= 0.01\n    Y, sizes, epochs"},
)


@misconception("learn")
def sigmoids_inside(images, labels, rng):
    """Trains sigmoids, which the check takes for ReLU."""
    Y = np.eye(10)[labels]
    U, p = rng.normal(0, 0.3, (16, 64)), np.zeros(16)
    V, q = rng.normal(0, 0.3, (10, 16)), np.zeros(10)
    for _ in range(60):
        for batch in np.array_split(rng.permutation(len(images)), 20):
            X = images[batch]
            H = 1 / (1 + np.exp(-(X @ U.T + p)))
            Z = H @ V.T + q
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            D = (P / P.sum(axis=1, keepdims=True) - Y[batch]) / len(batch)
            E = D @ V * H * (1 - H)
            U, p = U - E.T @ X, p - E.sum(axis=0)
            V, q = V - D.T @ H, q - D.sum(axis=0)
    return [(U, p), (V, q)]


@misconception("learn")
def pools_neighbours(images, labels, rng):
    """Takes means of pixels that are neighbours, in pictures whose pixels are in order."""
    pool = np.zeros((16, 64))
    for j in range(8):
        for k in range(8):
            pool[4 * (j // 2) + k // 2, 8 * j + k] = 0.25
    F, Y = images @ pool.T, np.eye(10)[labels]
    V, q = np.zeros((10, 16)), np.zeros(10)
    for _ in range(300):
        Z = F @ V.T + q
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        D = (P / P.sum(axis=1, keepdims=True) - Y) / len(F)
        V, q = V - 2 * D.T @ F, q - 2 * D.sum(axis=0)
    return [(pool, np.zeros(16)), (V, q)]


@misconception("learn")
def softmax_regression(images, labels, rng):
    """Trains one layer and keeps all its weights."""
    Y = np.eye(10)[labels]
    W, b = np.zeros((10, 64)), np.zeros(10)
    for _ in range(400):
        Z = images @ W.T + b
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        D = (P / P.sum(axis=1, keepdims=True) - Y) / len(images)
        W, b = W - D.T @ images, b - D.sum(axis=0)
    return [(W, b)]


@alternative("learn")
def one_layer_pruned(images, labels, rng):
    """Trains softmax regression on all digits at once, and prunes it in three rounds."""
    Y, N = np.eye(10)[labels], len(images)
    W, b, mask = np.zeros((10, 64)), np.zeros(10), np.ones((10, 64))
    for keep in (640, 400, 250):
        mask = (np.abs(W) >= np.sort(np.abs(W), axis=None)[-keep]).astype(float)
        W, v, u = W * mask, 0 * W, 0 * b
        for _ in range(300):
            Z = images @ W.T + b
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            D = (P / P.sum(axis=1, keepdims=True) - Y) / N
            v = 0.9 * v + (D.T @ images + 0.0005 * W) * mask
            u = 0.9 * u + D.sum(axis=0)
            W, b = W - 0.3 * v, b - 0.3 * u
    return ((W, b),)


@alternative("learn")
def adam_with_three_rounds(images, labels, rng):
    """Trains a hidden layer by Adam, pruned in three rounds."""
    N, t, sizes = len(images), 0, [64, 20, 10]
    w = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        w += [rng.standard_normal((o, i)) * (2 / i) ** 0.5, np.zeros(o)]
    masks = [np.ones_like(a) for a in w]
    for keep in (None, 700, 500, 340):
        if keep:
            least = np.sort(np.abs(np.concatenate([w[0].ravel(), w[2].ravel()])))[-keep]
            masks[0], masks[2] = (np.abs(w[k]) >= least for k in (0, 2))
            w = [a * m for a, m in zip(w, masks)]
        m1, m2, t = [0 * a for a in w], [0 * a for a in w], 0
        for epoch in range(25):
            order = rng.permutation(N)
            for batch in (order[k : k + 50] for k in range(0, N, 50)):
                X, y = images[batch], labels[batch]
                H = np.maximum(X @ w[0].T + w[1], 0)
                Z = H @ w[2].T + w[3]
                P = np.exp(Z - Z.max(1)[:, None])
                P /= P.sum(1)[:, None]
                P[np.arange(len(y)), y] -= 1
                P /= len(y)
                E = (P @ w[2]) * (H > 0)
                slopes = [E.T @ X + 0.001 * w[0], E.sum(0), P.T @ H + 0.001 * w[2], P.sum(0)]
                t += 1
                for k in range(4):
                    g = slopes[k] * masks[k]
                    m1[k] = 0.9 * m1[k] + 0.1 * g
                    m2[k] = 0.99 * m2[k] + 0.01 * g * g
                    step = m1[k] / (1 - 0.9**t) / (np.sqrt(m2[k] / (1 - 0.99**t)) + 1e-8)
                    w[k] = w[k] - 0.01 * (1 - epoch / 25) * step
    return [[w[0], w[1]], [w[2], w[3]]]


@alternative("learn")
def shrinks_to_zero(images, labels, rng):
    """Lets a charge for magnitudes set weights of one layer to 0, then trains the rest."""
    Y, N = np.eye(10)[labels], len(images)
    W, b = np.zeros((10, 64)), np.zeros(10)

    def slope(W, b):
        Z = images @ W.T + b
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        D = (P / P.sum(axis=1, keepdims=True) - Y) / N
        return D.T @ images, D.sum(axis=0)

    for _ in range(600):
        dW, db = slope(W, b)
        W, b = W - 0.7 * dW, b - 0.7 * db
        W = np.sign(W) * np.maximum(np.abs(W) - 0.7 * 0.0015, 0)
    stays = W != 0
    v, u = 0 * W, 0 * b
    for _ in range(300):
        dW, db = slope(W, b)
        v, u = 0.9 * v + (dW + 0.0003 * W) * stays, 0.9 * u + db
        W, b = W - 0.3 * v, b - 0.3 * u
    return [(W, b)]
