"""The tape explorer's model against Python's own reading of expressions, and the complex step."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from shallow.widgets.tape import VARIABLES, check

SMOOTH = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
}


def python(text):
    """The expression as Python writes it."""
    for sign, word in (("−", "-"), ("·", "*"), ("×", "*"), ("^", "**"), ("²", "**2")):
        text = text.replace(sign, word)
    return text.replace("³", "**3").replace("σ", "sigmoid")


def evaluate(text, values):
    return eval(python(text), {"relu": lambda z: np.maximum(0, z), **SMOOTH}, values)


@pytest.fixture
def variables(rng):
    return [dict(zip(VARIABLES, rng.uniform(0.2, 2, 5).tolist(), strict=True)) for _ in range(80)]


def grow(rng, depth):
    """A random expression."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice([*VARIABLES, "2", "0.5"])
    kind = rng.integers(6)
    if kind < 3:
        left, right = grow(rng, depth - 1), grow(rng, depth - 1)
        return f"({left} {rng.choice(['+', '-', '−', '*', '·', '/'])} {right})"
    if kind == 3:
        return f"{rng.choice([*SMOOTH, 'σ'])}({grow(rng, depth - 1)})"
    if kind == 4:
        return f"({grow(rng, depth - 1)}){rng.choice(['^2', '²', '³', '^4', '**5'])}"
    return f"(-{grow(rng, depth - 1)})"


@pytest.fixture
def expressions(rng):
    """Eighty that both readers take."""
    found = []
    while len(found) < 80:
        text = grow(rng, 3)
        if len(text) <= 60 and not check(text):
            found.append(text)
    return found


@pytest.fixture
def tapes(js, expressions):
    read = js("tape.js", "parse", [[text] for text in expressions])
    assert not any(one["problem"] for one in read), read
    return [one["nodes"] for one in read]


def test_run_and_the_text_of_each_line(js, tapes, expressions, variables):
    values = js("tape.js", "run", list(zip(tapes, variables, strict=True)))
    for text, nodes, at, got in zip(expressions, tapes, variables, values, strict=True):
        with np.errstate(all="ignore"):
            floats = {name: np.float64(value) for name, value in at.items()}
            assert_allclose(got[-1], evaluate(text, floats), rtol=1e-9)
            for node, value in zip(nodes, got, strict=True):
                assert_allclose(evaluate(node["text"], floats), value, rtol=1e-9)


def test_backward_by_the_complex_step(js, tapes, expressions, variables):
    values = js("tape.js", "run", list(zip(tapes, variables, strict=True)))
    got = js("tape.js", "backward", [(n, v, 99) for n, v in zip(tapes, values, strict=True)])
    compared = 0
    for text, nodes, at, back in zip(expressions, tapes, variables, got, strict=True):
        for k, node in enumerate(nodes):
            if node["sign"] not in VARIABLES:
                continue
            nudged = {**at, node["sign"]: at[node["sign"]] + 1e-30j}
            with np.errstate(all="ignore"):
                nudged = {name: np.complex128(value) for name, value in nudged.items()}
                want = evaluate(text, nudged).imag / 1e-30
            if np.isfinite(want) and "log" not in text:  # of a negative number it is complex
                assert_allclose(back["slopes"][k], want, rtol=1e-8, atol=1e-12, err_msg=text)
                compared += 1
    assert compared > 60


def test_backward_stops_between_the_lines(js):
    (read,) = js("tape.js", "parse", [["(x + y)*x"]])
    cases = [(read["nodes"], [-2, 5, 3, -6], steps) for steps in range(4)]
    slopes = [back["slopes"] for back in js("tape.js", "backward", cases)]
    assert slopes == [
        [None, None, None, None],
        [None, None, None, 1],
        [3, None, -2, 1],
        [1, -2, -2, 1],
    ]


def test_kinks_and_logarithms(js):
    cases = [("relu(x)", 0, 0), ("relu(x)", 2, 1), ("relu(x)", -2, 0), ("log(x)", 4, 0.25)]
    read = js("tape.js", "parse", [[text] for text, _, _ in cases])
    at = [(one["nodes"], {"x": x}) for one, (_, x, _) in zip(read, cases, strict=True)]
    passes = [(n, v, 2) for (n, _), v in zip(at, js("tape.js", "run", at), strict=True)]
    found = [back["slopes"][0] for back in js("tape.js", "backward", passes)]
    assert found == [want for _, _, want in cases]


def test_backward_order(js, tapes):
    for nodes, order in zip(
        tapes, js("tape.js", "backwardOrder", [[n] for n in tapes]), strict=True
    ):
        assert order == sorted((k for k, n in enumerate(nodes) if n["inputs"]), reverse=True)
        assert order[0] == len(nodes) - 1


def test_difference(js, tapes, variables):
    values = js("tape.js", "run", list(zip(tapes, variables, strict=True)))
    back = js("tape.js", "backward", [(n, v, 99) for n, v in zip(tapes, values, strict=True)])
    cases, want = [], []
    for nodes, at, value, passed in zip(tapes, variables, values, back, strict=True):
        for k, node in enumerate(nodes):
            slope = passed["slopes"][k]
            if node["sign"] in VARIABLES and np.isfinite(value[-1]) and 1e-3 < abs(slope) < 1e3:
                cases.append((nodes, at, node["sign"], 1e-5))
                want.append(slope)
    assert_allclose(js("tape.js", "difference", cases), want, rtol=1e-4)


def test_layout_has_room_for_each_node_and_goes_forward(js, tapes):
    for nodes, graph in zip(tapes, js("tape.js", "layout", [[n] for n in tapes]), strict=True):
        places = [tuple(place) for place in graph["places"]]
        assert len(set(places)) == len(nodes)
        assert len(graph["edges"]) == sum(len(node["inputs"]) for node in nodes)
        passed = {}
        for edge in graph["edges"]:
            way = [tuple(place) for place in edge["way"]]
            assert [way[0], way[-1]] == [places[edge["from"]], places[edge["to"]]]
            assert [c for c, _ in way] == list(range(way[0][0], way[-1][0] + 1))
            for place in way[1:-1]:  # no edge runs through a node or where another one runs
                assert place not in places
                assert passed.setdefault(place, edge) == edge
        assert graph["columns"] == 1 + max(column for column, _ in places)
        heights = np.array([height for _, height in places])
        assert ((heights > 0) & (heights < 1)).all()


SIGNS = [*"xyzwb", *"0123.", *"+-*/^()", "²", "σ", "sin", "exp", " ", "**", "e", "·", ","]


def test_parse_takes_what_python_takes(js, rng, expressions):
    """Random signs, and whole expressions with one sign lost or put in."""
    texts = ["".join(rng.choice(SIGNS, rng.integers(1, 7))) for _ in range(600)]
    for text in expressions * 4:
        k = int(rng.integers(len(text)))
        texts += [text[:k] + text[k + 1 :], text[:k] + rng.choice(SIGNS) + text[k:]]
    texts += [
        "00*x",
        "1e5*x",
        "x^(2)",
        "x²³",
        "x\n+y",
        "x\u00a0+y",
        "x or y",
        "not x",
        "x//y",
        "01*x",
    ]
    texts += ["f(*x)", "x+True", "()", "x**2**2", "-x^2", "--x", "+x", "x^2.", "2.*x", "x y"]
    read = js("tape.js", "parse", [[text] for text in texts])
    differ = [
        (text, one["problem"], check(text))
        for text, one in zip(texts, read, strict=True)
        if bool(one["problem"]) != bool(check(text))
    ]
    assert not differ, differ[:5]
    assert 50 < sum(not one["problem"] for one in read) < len(texts) - 50
