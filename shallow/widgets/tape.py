"""The tape explorer of the chapter *Backpropagation*."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Integer, Number, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLES = ("x", "y", "z", "w", "b")
FUNCTIONS = ("sigmoid", "tanh", "exp", "log", "relu", "sin", "cos")
OPERATIONS = 8  # at most, so that the graph can be read
CONSTANTS = 4
_SIGNS = str.maketrans({"−": "-", "·": "*", "×": "*"})
_WORDS = (("^", "**"), ("²", "**2"), ("³", "**3"), ("σ", "sigmoid"))
_TOKENS = re.compile(r"(?:[a-z]+|(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+|\*\*|[-+*/() ])*")

_PYTHON_ONLY = re.compile(r"(?<![\d.])0\d|[\d.][a-z]|\*\* *\(")


def check(text: str) -> str:
    """Say what is wrong with an expression; empty if nothing is.

    The browser reads the same language (``model/tape.js``); a test compares the two.
    """
    plain = text.strip(" ").translate(_SIGNS)
    for sign, word in _WORDS:
        plain = plain.replace(sign, word)
    if _PYTHON_ONLY.search(plain):
        return "a number is written like 0.5, with * after it, and a power like ^2"
    if not _TOKENS.fullmatch(plain):
        return "it has a sign that is none of these: letters, numbers, + - * / ^ ( )"
    try:
        body = ast.parse(plain, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        return "it is not a whole expression"
    return next(filter(None, _problems(_inner(body))), "")


def _problems(nodes: list[ast.AST]) -> Iterator[str]:
    """Say what is wrong with each node, and with all of them together."""
    yield from map(_problem, nodes)
    operations = sum(not isinstance(node, ast.Name | ast.Constant) for node in nodes)
    constants = sum(isinstance(node, ast.Constant) for node in nodes)
    yield "" if operations else "it has no operation"
    yield "" if operations <= OPERATIONS else f"it has more than {OPERATIONS} operations"
    yield "" if constants <= CONSTANTS else f"it has more than {CONSTANTS} numbers"


def _inner(node: ast.AST) -> list[ast.AST]:
    """Return a node and what it is made of, without the names of functions and exponents."""
    parts: list[ast.AST]
    match node:
        case ast.BinOp(left, ast.Pow(), _):
            parts = [left]
        case ast.BinOp(left, _, right):
            parts = [left, right]
        case ast.UnaryOp(_, operand):
            parts = [operand]
        case ast.Call():
            parts = list(node.args)
        case _:
            parts = []
    return [node, *(inner for part in parts for inner in _inner(part))]


def _problem(node: ast.AST) -> str:
    match node:
        case ast.BinOp(_, ast.Pow(), exponent):
            power = exponent.value if isinstance(exponent, ast.Constant) else None
            fine = type(power) is int and power in range(2, 10)
            return "" if fine else "a power is from 2 to 9"
        case ast.BinOp(_, ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
            return ""
        case ast.UnaryOp(ast.USub()) | ast.Constant():
            return ""
        case ast.Name(name):
            return "" if name in VARIABLES else f"{name} is none of {', '.join(VARIABLES)}"
        case ast.Call(ast.Name(name), [_], []):
            return "" if name in FUNCTIONS else f"{name} is none of {', '.join(FUNCTIONS)}"
        case _:
            return "it may hold + - * / ^, brackets and functions of one number"


class TapeExplorer(Widget):
    """An expression as a graph: values go forward, gradients come back, one line at a time.

    Attributes
    ----------
    expression : str
        What is computed, with up to eight operations: the variables x, y, z, w, b; numbers;
        + - * / and powers from ^2 to ^9; sigmoid (or σ), tanh, exp, log, relu, sin and cos.
    x, y, z, w, b : float
        Values of the variables, from −10 to 10.
    steps : int
        Steps of the backward pass, from 0 to 9: the first sets ∂f/∂f = 1, each other one goes back
        through a line of the tape.
    """

    expression = Text("(x + y)*x", longest=60, label="f =")
    x = Number(-2.0, min=-10, max=10, step=0.1, label="x")
    y = Number(5.0, min=-10, max=10, step=0.1, label="y")
    z = Number(-4.0, min=-10, max=10, step=0.1, label="z")
    w = Number(0.5, min=-10, max=10, step=0.1, label="w")
    b = Number(1.0, min=-10, max=10, step=0.1, label="b")
    steps = Integer(0, min=0, max=OPERATIONS + 1, step=1, label="Steps back")

    @t.validate("expression")
    def _check_expression(self, proposal: dict[str, Any]) -> object:
        if problem := check(proposal["value"]):
            raise t.TraitError(
                f"{type(self).__name__}.expression cannot be {proposal['value']!r}: {problem}."
            )
        return proposal["value"]
