"""Wrong and right answers of imagined students: what a bank module declares, and how it is read.

A bank module (``bank/metrics_01.py`` for the assignment ``01-metrics``) holds ordinary functions
or classes. Each says which question it answers, and its docstring why it is wrong or different:

    @misconception("roc")
    def ties_split(y_true, score):
        \"\"\"One point for each object, so that ties make a staircase.\"\"\"
        ...

Put under the name that the student has to write, its source replaces the solution cell.
"""

import ast
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MISCONCEPTION = "misconception"
ALTERNATIVE = "alternative"


@dataclass(frozen=True)
class Variant:
    """One way to answer a question.

    Attributes
    ----------
    question : str
        Grade id of the solution cell that it replaces.
    kind : str
        MISCONCEPTION (must lose points here) or ALTERNATIVE (must get full marks).
    name : str
        Name within the question.
    source : str
        Definition of a function or class `name`, without its decorator.
    """

    question: str
    kind: str
    name: str
    source: str

    def cell(self, name: str) -> str:
        """Return the source that defines the answer under the student's `name`."""
        return self.source.replace(f" {self.name}", f" {name}", 1)


def _declare(kind: str, question: str) -> Callable[[Any], Any]:
    def mark(answer: Any) -> Any:
        answer.answers = (question, kind)
        return answer

    return mark


def misconception(question: str) -> Callable[[Any], Any]:
    """Declare a wrong answer to `question`, one that real students give."""
    return _declare(MISCONCEPTION, question)


def alternative(question: str) -> Callable[[Any], Any]:
    """Declare a right answer to `question` in another style than the reference solution."""
    return _declare(ALTERNATIVE, question)


def read_bank(assignment: str) -> list[Variant]:
    """Return the variants of an assignment, in the order in which its bank declares them."""
    number, topic = assignment.split("-")
    bank = importlib.import_module(f"tests.exercises.bank.{topic}_{number}")
    text = inspect.getsource(bank)
    variants = []
    for node in ast.parse(text).body:
        declared = getattr(vars(bank).get(getattr(node, "name", "")), "answers", None)
        if declared:
            lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
            variants.append(Variant(*declared, node.name, "\n".join(lines)))
    names = [variant.name for variant in variants]
    if len(set(names)) < len(names):
        raise ValueError(
            f"two variants share a name in {bank.__file__}: the later one hides the other"
        )
    return variants
