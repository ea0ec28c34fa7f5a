"""Every assignment is well formed, and its release is what nbgrader makes of it."""

import ast
import io
import re
import sys

import pytest
from nbgrader.validator import Validator

from tests.exercises.authoring import pack, unpack
from tests.exercises.grading import (
    ASSIGNMENTS,
    ROOT,
    new_course,
    notebook_path,
    plain_nbgrader,
    questions,
    read_notebook,
    sources,
)
from tests.exercises.hidden import REGION

STUBS = {"code": "# YOUR CODE HERE\nraise NotImplementedError()", "markdown": "YOUR ANSWER HERE"}

each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)


def signatures(source):
    """Return the arguments of every function, and the classes, by name."""
    return {
        node.name: ast.unparse(node.args) if isinstance(node, ast.FunctionDef) else "class"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }


def visible(source):
    """Return the source without its hidden tests."""
    return re.sub(r"\n### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", "", source, flags=re.DOTALL)


@each_assignment
def test_source_is_canonical(assignment):
    """No outputs, no execution counts, cell id = grade id, one way of writing the JSON."""
    text = notebook_path("solutions", assignment).read_text(encoding="utf-8")
    assert text == pack(unpack(text)), "unpack and pack it with tests/exercises/authoring.py"


@each_assignment
def test_grade_ids_are_unique_and_speak(assignment):
    notebook = read_notebook("solutions", assignment)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert not [name for name in ids if re.search(r"cell|test|\d{2,}|[0-9a-f]{8}", name)]
    for question, tests in questions(notebook).items():
        assert not [test for test in tests if not test.startswith(f"{question}-")], question
    for name, source in sources(notebook).items():
        assert name.endswith("-hidden") == ("### BEGIN HIDDEN TESTS" in source), name


@each_assignment
def test_points_sum_to_100_and_are_stated(assignment):
    notebook = read_notebook("solutions", assignment)
    cells = [cell.metadata.nbgrader for cell in notebook.cells]
    assert sum(cell.points for cell in cells if cell.grade) == 100
    assert [cell for cell in cells if cell.grade and cell.solution], (
        "one answer is graded by a person"
    )
    for question, tests in questions(notebook).items():
        statement = sources(notebook)[f"{question}-statement"]
        points = re.search(r"^## .*\((\d+) points, (\d+) minutes\)$", statement, re.MULTILINE)
        assert points, f"{question}: the heading of the statement says points and minutes"
        assert int(points[1]) == sum(tests.values()), f"{question}: the heading says other points"


@each_assignment
def test_every_question_has_visible_and_hidden_tests(assignment):
    for question, tests in questions(read_notebook("solutions", assignment)).items():
        hidden = [test for test in tests if test.endswith("-hidden")]
        assert 0 < len(hidden) < len(tests), question


@each_assignment
def test_every_test_compares_and_every_assert_has_a_message(assignment):
    notebook = read_notebook("solutions", assignment)
    for tests in questions(notebook).values():
        for test in tests:
            nodes = [*ast.walk(ast.parse(sources(notebook)[test]))]
            asserts = [node for node in nodes if isinstance(node, ast.Assert)]
            compared = [
                node
                for node in nodes
                if isinstance(node, ast.Attribute) and node.attr in {"check", "compare", "raises"}
            ]
            assert asserts or compared, test
            assert all(node.msg for node in asserts), test


@each_assignment
def test_stub_has_the_signature_of_the_solution(assignment):
    solution, release = (
        sources(read_notebook(kind, assignment)) for kind in ("solutions", "exercises")
    )
    for question in questions(read_notebook("solutions", assignment)):
        stub = release[question]
        assert "raise NotImplementedError()" in stub, question
        assert len([node for node in ast.parse(stub).body if hasattr(node, "name")]) == 1, (
            f"{question}: a solution cell defines one function or class"
        )
        assert signatures(stub).items() <= signatures(solution[question]).items(), question


@each_assignment
def test_students_need_only_numpy_and_matplotlib(assignment):
    code = "\n".join(
        visible(cell.source)
        for cell in read_notebook("solutions", assignment).cells
        if cell.cell_type == "code"
    )
    imported = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            imported.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported - sys.stdlib_module_names <= {"matplotlib", "numpy"}


@each_assignment
def test_release_equals_source_outside_hidden_regions(assignment):
    source, release = (read_notebook(kind, assignment) for kind in ("solutions", "exercises"))
    assert [cell.id for cell in release.cells] == [cell.id for cell in source.cells]
    for cell, released in zip(source.cells, release.cells, strict=True):
        kept = REGION.sub("<stub>", visible(cell.source))
        indents = re.findall(r"^( *)### BEGIN SOLUTION", cell.source, re.MULTILINE)
        for indent in indents:
            stub = STUBS[cell.cell_type].replace("\n", f"\n{indent}")
            kept = kept.replace("<stub>", indent + stub, 1)
        assert released.source == kept, cell.id


@pytest.mark.slow
def test_release_is_what_nbgrader_generates(tmp_path):
    for assignment in ASSIGNMENTS:
        new_course(tmp_path, assignment)
    api = plain_nbgrader(tmp_path)
    for assignment in ASSIGNMENTS:
        done = api.generate_assignment(assignment)
        assert done["success"], done["log"]
        made, kept = (
            {file.name: file.read_bytes() for file in (root / "exercises" / assignment).iterdir()}
            for root in (tmp_path, ROOT)
        )
        assert made == kept, f"{assignment}: run `make exercises`"


def test_every_release_has_a_source():
    assert sorted(p.name for p in (ROOT / "exercises").iterdir() if p.is_dir()) == ASSIGNMENTS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "assignment", "verdict"),
    [
        ("solutions", ASSIGNMENTS[-1], "Success!"),
        ("exercises", ASSIGNMENTS[0], "VALIDATION FAILED"),
    ],
)
def test_nbgrader_validate(kind, assignment, verdict):
    """A student's own check accepts a solution, all of which nbval runs, and refuses a release."""
    validator = Validator()
    validator.stream = io.StringIO()
    validator.validate_and_print(str(notebook_path(kind, assignment)))
    said = validator.stream.getvalue()
    assert verdict in said, said
