"""Wrong and right answers of imagined students: what a bank module declares, and how it is read.

A bank module (``bank/metrics_01.py`` for the assignment ``01-metrics``) holds ordinary functions
or classes. Each says which question it answers, and its docstring why it is wrong or different:

    @misconception("roc")
    def ties_split(y_true, score):
        \"\"\"One point for each object, so that ties make a staircase.\"\"\"
        ...

Put under the name that the student has to write, its source replaces the solution cell.

A misconception that is one slip in an answer is written as that, old text and new:

    ties_split = slip(
        "roc",
        "One point for each object, so that ties make a staircase.",
        {"np.unique(score)": "np.sort(score)"},
    )
"""

import ast
import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

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


@dataclass(frozen=True)
class Slip:
    """A misconception that is a right or wrong answer with a few words changed.

    Attributes
    ----------
    question : str
        Grade id of the solution cell.
    changes : dict of str to str
        Old text, which the answer has exactly once, and new text.
    of : str
        The variant that is changed; the reference solution if empty.
    """

    question: str
    changes: dict[str, str]
    of: str

    def source(self, name: str, answer: str, known_as: str) -> str:
        """Return the definition of `name`: the `answer` of a student, changed."""
        for old, new in self.changes.items():
            if answer.count(old) != 1:
                raise ValueError(f"{name}: not exactly once in {self.of or 'the reference'}: {old}")
            answer = answer.replace(old, new)
        return re.sub(rf"(def|class) {known_as}\b", rf"\1 {name}", answer, count=1)


def slip(question: str, why: str, changes: dict[str, str], of: str = "") -> Slip:
    """Declare a wrong answer that differs from the reference, or from a variant, by a slip."""
    if not why:
        raise ValueError("say why it is wrong")
    return Slip(question, changes, of)


def read_bank(assignment: str) -> list[Variant]:
    """Return the variants of an assignment, in the order in which its bank declares them."""
    from tests.exercises.grading import reference  # here, as it reads banks, too

    number, topic = assignment.split("-")
    bank = importlib.import_module(f"tests.exercises.bank.{topic}_{number}")
    text = inspect.getsource(bank)
    answers = reference(assignment)
    declared: dict[str, Variant] = {}
    slips: dict[str, Slip] = {}
    for node in ast.parse(text).body:
        name = node.targets[0].id if _is_assigned(node) else getattr(node, "name", "")
        if name in declared:
            raise ValueError(f"{bank.__file__}: two variants have the name {name}")
        value = vars(bank).get(name)
        if isinstance(value, Slip):
            slips[name] = value
            declared[name] = Variant(value.question, MISCONCEPTION, name, "")
        elif hasattr(value, "answers"):
            lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
            declared[name] = Variant(*value.answers, name, "\n".join(lines))
    for name, made in slips.items():
        answer = answers[made.question]
        task = next(node.name for node in ast.parse(answer).body if hasattr(node, "name"))
        answer = declared[made.of].cell(task) if made.of else answer
        declared[name] = replace(declared[name], source=made.source(name, answer, task))
    return list(declared.values())


def _is_assigned(node: ast.stmt) -> TypeGuard[Any]:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
