"""One class with one of everything that goes wrong: nothing in it touches another student."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

import autograder
from tests.support.courses import POINTS, answer, hand_in, marks

pytestmark = pytest.mark.slow

# Seconds that a process is told to sleep, to find it again, and none of another run.
MARKER = str(10**11 + secrets.randbelow(10**11))
NOTHING = dict.fromkeys(POINTS, 0)
UNGRADED = dict.fromkeys(POINTS)

# Each runs in a cell of its own after right answers, which therefore keep their points.
CODE = {
    "endless-loop": "while True:\n    pass",
    "endless-loop-that-ignores-interrupts": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass"
    ),
    "exit": "import os\nos._exit(0)",
    "segmentation-fault": "import ctypes\nctypes.string_at(0)",
    "memory-bomb": "hoard = []\nwhile True:\n    hoard.append(bytearray(2**24))",
    "fork-bomb": "import os\nwhile True:\n    os.fork()",
    "long-line": "for _ in range(500):\n    print('x' * 2**20, end='')",
    "many-lines": "for i in range(2_000_000):\n    print(i)",
    "large-file": (
        "with open('large', 'wb') as f:\n    for _ in range(1024):\n        f.write(bytes(2**20))"
    ),
    "detached-process": (
        f"import subprocess\nsubprocess.Popen(['sleep', '{MARKER}'], start_new_session=True)"
    ),
    "network": "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=60)",
}


def cells(notebook, grade_id):
    return [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]


def after_answers(course, code):
    notebook = answer(course)
    place = notebook.cells.index(cells(notebook, "mean")[0]) + 1
    notebook.cells.insert(place, new_code_cell(code))
    return notebook


def deleted(notebook):
    notebook.cells = [c for c in notebook.cells if c.metadata.nbgrader.grade_id != "mean-hidden"]


def duplicated(notebook):
    notebook.cells.append(nbformat.from_dict(cells(notebook, "mean-hidden")[0] | {"id": "again"}))


def renamed(notebook):
    cells(notebook, "double-hidden")[0].metadata.nbgrader.grade_id = "mine"


def retyped(notebook):
    cell = cells(notebook, "mean-example")[0]
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


def retagged(notebook):
    cell = cells(notebook, "mean-hidden")[0]
    cell.metadata.nbgrader.update(grade=False, locked=False, points=1000)
    cell.metadata.tags = ["skip-execution"]


def foreign_schema(notebook):
    for cell in notebook.cells:
        cell.metadata.nbgrader.schema_version = 99


def unknown_cells(notebook):
    for i in range(3000):
        cell = new_code_cell(f"x = {i}", metadata={"nbgrader": {"grade_id": f"\x1b[3{i}m"}})
        notebook.cells.append(cell)


def many_cells(notebook):
    notebook.cells += [new_code_cell(f"x = {i}") for i in range(10_000)]


EDITS = [deleted, duplicated, renamed, retyped, retagged, foreign_schema, many_cells, unknown_cells]
HONEST = [
    ({}, {}),
    ({"mean": "def mean(x):\n    return sum(x)"}, {"mean-example": 0, "mean-hidden": 0}),
    ({"double": "def double(x):\n    return 6"}, {"double-hidden": 0}),
    ({"mean": "def mean(x):\n    return 3"}, {"mean-hidden": 0}),
    ({"double": "def double(x:"}, {"double-example": 0, "double-hidden": 0}),
]


def byte_order_mark(content):
    return b"\xef\xbb\xbf" + content


def as_json(change):
    """Return what changes the notebook as JSON."""

    def changed(content):
        notebook = json.loads(content)
        change(notebook)
        return json.dumps(notebook).encode()

    return changed


def deep(notebook):
    nest = notebook["metadata"]
    for _ in range(400):
        nest["a"] = nest = {}


def empty_outputs(notebook):
    notebook["cells"][1]["outputs"] = [{}] * 20_000


FORMS = {
    "byte-order-mark": byte_order_mark,
    "metadata-that-is-a-list": as_json(lambda nb: nb.update(metadata=[])),
    "no-metadata": as_json(lambda nb: nb.pop("metadata")),
    "odd-outputs": as_json(lambda nb: nb["cells"][1].update(outputs=[{"output_type": 5}, "x"])),
    "empty-outputs": as_json(empty_outputs),
    "deep-metadata": as_json(deep),
    "no-cell-metadata": as_json(lambda nb: [c.update(id=None) for c in nb["cells"]]),
}
NAMES = ["[abc]*", "a?c", "abc", "a*", "trailing ", " leading", "ünï", "a'b\"c", "<b>"]
UNUSABLE_NAMES = {"x" * 200: "200 characters", os.fsdecode(b"M\xfcller"): "not UTF-8"}


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, scheduler):
    """Return the course and the summary of a class with everything in it."""
    import shutil

    course = shutil.copytree(generated, tmp_path_factory.mktemp("class") / "course")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Execute.timeout = 5\nc.Sandbox.memory = 256 * 2**20\n")
    for i in range(20):
        answers, _ = HONEST[i % len(HONEST)]
        notebook = answer(course, **answers)
        notebook.cells.append(new_code_cell(f"number = {i}"))
        hand_in(course, f"honest-{i:02d}", notebook)
    for name, code in CODE.items():
        hand_in(course, name, after_answers(course, code))
    for edit in EDITS:
        notebook = answer(course)
        edit(notebook)
        hand_in(course, edit.__name__, notebook)
    right = nbformat.writes(answer(course)).encode()
    hand_in(course, "broken-json", right[: len(right) // 2])
    hand_in(course, "empty-file", b"")
    hand_in(course, "not-utf-8", right.replace(b"Because", b"\xff\xfe\xff"))
    hand_in(course, "wrong-name", right, name="my homework.ipynb")
    hand_in(course, "no-notebook", b"see my mail", name="note.txt")
    other = json.loads(right)
    other["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    hand_in(course, "other-language", json.dumps(other).encode())
    linked = hand_in(course, "linked-file", right)
    (linked / "grades").symlink_to(course / "grading/gradebook.db")
    target = hand_in(course, "linked-notebook", b"")
    (target / "small.ipynb").unlink()
    (target / "small.ipynb").symlink_to(course / "solutions/small/small.ipynb")
    shadowing = hand_in(course, "shadowing-files", right)
    for name in ("numpy.py", "pathlib.py", "json.py"):
        (shadowing / name).write_text("raise SystemExit('shadowed')")
    for name, form in FORMS.items():
        hand_in(course, name, form(right))
    for i, name in enumerate(NAMES):
        hand_in(course, name, answer(course, **HONEST[i % len(HONEST)][0]))
    for name in UNUSABLE_NAMES:
        hand_in(course, name, right)
    (hand_in(course, "time-of-many-digits", right) / "timestamp.txt").write_text("9" * 900)
    (hand_in(course, "large-file-beside", right) / "film.mp4").write_bytes(bytes(70 * 2**20))
    for path in (course / "grading/journal").rglob("*.gz"):
        path.write_bytes(b"damaged")
    return course, autograder.grade(course, "small", scheduler=scheduler)


@pytest.fixture(scope="module")
def found(graded):
    """Return the marks of the class, read once."""
    return marks(graded[0])


def test_class_is_large_enough(graded):
    assert len(graded[1].outcomes) >= 40


def test_every_honest_submission_gets_its_own_marks(found):
    for i in range(20):
        _, lost = HONEST[i % len(HONEST)]
        assert found[f"honest-{i:02d}"] == POINTS | lost, i


@pytest.mark.parametrize("name", CODE)
def test_right_answers_keep_their_points(graded, found, name):
    assert found[name] == POINTS, str(graded[1])


@pytest.mark.parametrize("edit", EDITS)
def test_edited_cells_are_the_instructors_again(graded, found, edit):
    assert found[edit.__name__] == POINTS, str(graded[1])


@pytest.mark.parametrize("name", FORMS)
def test_what_was_graded_is_what_is_stored(graded, found, name):
    course, summary = graded
    assert found[name] == POINTS, str(summary)
    stored = json.loads((course / f"grading/autograded/{name}/small/small.ipynb").read_text())
    sources = {c["metadata"]["nbgrader"]["grade_id"]: c["source"] for c in stored["cells"]}
    assert "np.asarray(x) + np.asarray(x)" in "".join(sources["double"])


def test_names_are_taken_as_they_are(graded, found):
    course, summary = graded
    for i, name in enumerate(NAMES):
        assert found[name] == POINTS | HONEST[i % len(HONEST)][1], (name, str(summary))
        assert (course / "grading/autograded" / name / "small/small.ipynb").exists()


@pytest.mark.parametrize("name", UNUSABLE_NAMES)
def test_a_name_that_no_gradebook_holds_is_named(graded, name):
    problems = {outcome.student: outcome.problem for outcome in graded[1].failed}
    assert UNUSABLE_NAMES[name] in problems[name]


def test_many_notes_of_a_kind_are_one_line(graded):
    notes = {o.student: o.notes for o in graded[1].noted}["unknown_cells"]
    assert len(notes) == 1
    assert notes[0].startswith("3000 × unknown cell: ")
    assert "\x1b" not in str(graded[1])


def test_a_file_that_is_too_large_is_left_out(graded, found):
    assert found["large-file-beside"] == POINTS
    notes = {o.student: o.notes for o in graded[1].noted}["large-file-beside"]
    assert "film.mp4 (70 MiB) was left out" in notes[0]


@pytest.mark.parametrize("name", ["shadowing-files", "other-language"])
def test_what_is_beside_the_answers_costs_nothing(graded, found, name):
    assert found[name] == POINTS, str(graded[1])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("broken-json", "JSON"),
        ("empty-file", "empty"),
        ("not-utf-8", "UTF-8"),
        ("wrong-name", "my homework.ipynb where small.ipynb was expected"),
        ("no-notebook", "no notebook where small.ipynb was expected"),
        ("linked-file", "grades is a symbolic link"),
        ("linked-notebook", "small.ipynb is a symbolic link"),
        ("time-of-many-digits", "timestamp.txt says '999"),
    ],
)
def test_unusable_submissions_have_no_marks_and_a_reason(graded, found, name, reason):
    course, summary = graded
    problems = {outcome.student: outcome.problem for outcome in summary.failed}
    assert reason in problems[name]
    assert found[name] == UNGRADED
    assert not (course / "grading/autograded" / name / "small").exists()


def test_only_unusable_submissions_are_without_marks(graded):
    assert len(graded[1].failed) == 8 + len(UNUSABLE_NAMES), str(graded[1])


@pytest.mark.parametrize("name", ["endless-loop", "exit", "renamed", "long-line", "other-language"])
def test_summary_says_what_to_look_at(graded, name):
    assert name in {outcome.student for outcome in graded[1].noted}
    assert f"  {name}: " in str(graded[1])


def test_no_process_of_a_student_is_left(graded):
    left = [
        path.parent.name
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if MARKER in _command(path)
    ]
    assert left == []


def _command(path):
    try:
        return path.read_text()
    except OSError:  # the process has just ended
        return ""
