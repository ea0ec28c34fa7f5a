"""The tape explorer from Python: what its expressions may hold."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import TapeExplorer


@pytest.mark.parametrize(
    "text", ["x*y", "-x", "σ(w·x + b)", "(x − 1.5)²", "2*x^3/(y+.5)", "exp(-relu(z))", " x + y "]
)
def test_an_expression_is_kept_as_it_is_written(text):
    widget = TapeExplorer(expression=text)
    assert widget.expression == text
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "it has no operation"),
        ("x +", "it is not a whole expression"),
        ("(x + y", "it is not a whole expression"),
        ("2x", "a number is written like 0.5, with \\* after it"),
        ("xy + 1", "xy is none of x, y, z, w, b"),
        ("sqrt(x)", "sqrt is none of sigmoid, tanh, exp, log"),
        ("x^10", "a power is from 2 to 9"),
        ("x if y else z", "it may hold"),
        ("__import__('os')", "it has a sign that is none of these"),
        ("x+x+x+x+x+x+x+x+x+x", "it has more than 8 operations"),
        ("1+2+3+4+5", "it has more than 4 numbers"),
        ("", "a text of at most 60 characters"),
        ("x" * 61, "a text of at most 60 characters"),
        (3, "a text of at most 60 characters"),
    ],
)
def test_what_is_no_expression_is_refused_and_why(text, message):
    widget = TapeExplorer()
    with pytest.raises(t.TraitError, match=message):
        widget.expression = text
    assert widget.expression == "(x + y)*x"
