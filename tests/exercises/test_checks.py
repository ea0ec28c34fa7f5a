"""The test cells themselves: how they are written, and what an answer that knows nothing earns."""

import ast

import numpy as np
import pytest

from autograder.core.levels import Level, choose
from autograder.core.notebook import Source
from tests.exercises.authoring import CARRIED, carried
from tests.exercises.carried import grading
from tests.exercises.grading import (
    ASSIGNMENTS,
    all_points,
    notebook_path,
    questions,
    read_notebook,
    reference,
    sources,
)
from tests.exercises.running import failures, namespace, run_cell, task

each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)
BARE = {"allclose", "isclose", "array_equal", "array_equiv"}
# A question without arguments: who knows what its visible check accepts knows a right answer.
WITHOUT_DATA = {"xor"}
# What all visible cells of an assignment may be worth together.
VISIBLE = 15


def cells(assignment):
    """Return the source of each test cell that belongs to a question."""
    notebook = read_notebook("solutions", assignment)
    text = sources(notebook)
    return {name: text[name] for tests in questions(notebook).values() for name in tests}


@each_assignment
def test_every_assignment_carries_the_same(assignment):
    assert sources(read_notebook("solutions", assignment))[CARRIED] == carried()


@each_assignment
def test_no_answer_takes_the_name_of_what_is_carried(assignment):
    assert CARRIED not in {
        node.id
        for text in reference(assignment).values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name)
    }


@each_assignment
def test_cells_compare_by_the_helper_and_leave_no_name(assignment):
    """A cell is one function that runs and goes; no comparison that broadcasts or stops early."""
    for name, source in cells(assignment).items():
        body = ast.parse(source).body
        assert [ast.dump(n) for n in body[0].decorator_list] == [
            ast.dump(ast.parse("grading.test", mode="eval").body)
        ], f"{name}: a function under @grading.test"
        assert [node.name for node in body] == ["_"], f"{name}: one function `_`, and nothing else"
        for node in ast.walk(body[0]):
            if isinstance(node, ast.Attribute):
                assert node.attr not in BARE, f"{name}: compare by `grading`, not {node.attr}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {*BARE, "zip"}:
                arguments = [k.arg for k in node.keywords]
                assert node.func.id == "zip", f"{name}: compare by `grading`, not {node.func.id}"
                assert "strict" in arguments, f"{name}: zip says whether it is strict"
            assert not isinstance(node, ast.Global), f"{name}: a test sets no global name"


@each_assignment
def test_every_cell_runs_apart_from_the_student(assignment):
    """What runs inside can be forged, and would take the helper that all cells share with it."""
    source = Source.read(notebook_path("solutions", assignment).read_bytes())
    inside = {name: c.why for name, c in choose(source, None).items() if c.level != Level.SPLIT}
    assert not inside


@each_assignment
def test_validating_changes_no_name_of_the_student(assignment):
    names = namespace(assignment)
    for source in reference(assignment).values():
        exec(source, names)
    before = dict(names)
    for name, source in cells(assignment).items():
        assert not run_cell(compile(source, name, "exec"), names), name
    assert {k: v for k, v in names.items() if k != "_"} == before
    assert names["_"] is None


class Everything:
    """Answers every question about itself with itself, and every comparison with yes."""

    def __getattr__(self, name):
        return self

    def __call__(self, *a, **k):
        return self

    def _yes(self, *a):
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _yes
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __getitem__ = (
        __array_ufunc__
    ) = __call__
    __hash__ = object.__hash__

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __float__(self):
        return 0.0

    def __array__(self, *a, **k):
        return np.empty((0, 1))


KNOW_NOTHING = {
    **{
        repr(value): f"lambda *a, **k: {value}"
        for value in (
            *("None", "0", "1", "-1", "0.0", "1.0", "0.5", "True", "False", "''", "()", "[]", "{}"),
            *("float('nan')", "float('inf')", "(0, 0, 0, 0)", "(0.0, 0.0)", "(1.0, 1.0)"),
            *("(float('nan'),) * 2", "(float('nan'),) * 3", "(0.0,) * 3", "[0]", "[1]", "[[]]"),
            *("np.nan", "np.inf", "np.empty(0)", "np.zeros(1)", "np.ones(1)", "np.ones((1, 1))"),
            *("np.empty((0, 1))", "[np.empty((0, 1))]", "np.array(0.0)", "np.array(np.nan)"),
            *("(np.empty((0, 1)),) * 2", "(np.empty((0, 1)),) * 3", "(np.empty((0, 1)),) * 4"),
            *(
                "(np.empty(0),) * 4",
                "(np.zeros(1), 0.0)",
                "(np.zeros(2), 0.0)",
                "(0.0, np.zeros(2))",
            ),
            *("a", "list(a)", "a[0] if a else 0", "a[-1] if a else 0", "a[:2]", "(a[0], a[0])"),
            *("a[1] if len(a) > 1 else 0", "np.asarray(a[0]) if a else 0"),
            *("np.zeros_like(a[0], float) if a else 0", "np.ones_like(a[0], float) if a else 0"),
            *("np.asarray(a[0], float) if a else 0", "np.full(np.shape(a[0]), np.nan) if a else 0"),
            *("Everything()", "[Everything()] * 3", "(Everything(), Everything())"),
        )
    },
    "raises ValueError": "lambda *a, **k: (_ for _ in ()).throw(ValueError('no'))",
    "object": "Everything()",
    "class": "Everything",
}


@pytest.mark.slow
@each_assignment
def test_who_knows_nothing_earns_nothing(assignment):
    points = all_points(assignment)
    earned = []
    for question in reference(assignment):
        tests = questions(read_notebook("solutions", assignment))[question]
        name = task(assignment, question)
        for what, source in KNOW_NOTHING.items():
            failed = failures(
                assignment, question, f"{name} = {source}", {"Everything": Everything}
            )
            earned += [
                f"{test} gives {points[test]} for {what}" for test in tests if test not in failed
            ]
    assert not earned, "\n".join(earned)


@each_assignment
def test_visible_checks_are_worth_little(assignment):
    """Known by heart they earn at most this, as the hidden checks look at other data."""
    points = all_points(assignment)
    assert sum(p for test, p in points.items() if not test.endswith("-hidden")) <= VISIBLE
    heart = recorded(assignment)
    for question in reference(assignment).keys() - WITHOUT_DATA:
        failed = failures(assignment, question, heart[question], {"learnt": heart.answers})
        hidden = [
            t
            for t in questions(read_notebook("solutions", assignment))[question]
            if t.endswith("-hidden")
        ]
        passed = [test for test in hidden if test not in failed]
        assert not passed, f"{passed} pass an answer that knows only the visible checks"


class recorded(dict):  # noqa: N801 - a function with state
    """Answers that know the visible checks of an assignment by heart, by question."""

    def __init__(self, assignment):
        self.answers = {}
        for question, text in reference(assignment).items():
            name, answers = task(assignment, question), []
            self.answers[question] = answers
            if f"class {name}" in text:
                self[question] = f"class {name}:\n    pass"
                continue
            names = namespace(assignment)
            exec(text, names)
            right = names[name]

            def record(*a, right=right, answers=answers, **k):
                given = grading.copy((a, k))
                result = right(*a, **k)
                answers.append((given, result))
                return result

            names[name] = record
            for test, source in cells(assignment).items():
                if test.startswith(question) and not test.endswith("-hidden"):
                    run_cell(compile(source, test, "exec"), names)
            self[question] = (
                f"def {name}(*a, **k):\n"
                f"    for given, result in learnt[{question!r}]:\n"
                "        if grading.alike((a, k), given):\n"
                "            return result\n"
                "    raise LookupError\n"
            )
