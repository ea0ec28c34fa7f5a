"""Grade one class with this version and with an earlier one, and compare rows and files.

``python -m tests.benchmarks.compare_versions REVISION`` makes sixty different submissions, some of
them late, edited, broken or hostile, grades them with both, and prints what differs; it exits with
1 if anything does.
"""

from __future__ import annotations

import difflib
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from tests.exercises.grading import answer_with, new_course, questions, read_notebook
from tests.exercises.variants import read_bank
from tests.support.courses import hand_in, nbgrader

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "01-metrics"
STUDENTS = 60
DUE = "2026-03-01 12:00:00 UTC"
TIMES = {"punctual": "2026-03-01 11:00 UTC", "late": "2026-03-02 12:00 UTC"}
SETTINGS = """
c.Execute.timeout = 15
c.Sandbox.memory = 512 * 2**20
c.LateSubmissionPlugin.penalty_method = "zero"
"""
CODE = {
    "endless-loop": "while True:\n    pass",
    "exit": "import os\nos._exit(0)",
    "error": "def deep(n):\n    return deep(n - 1) if n else 1 / 0\ndeep(150)",
    "many-lines": "for i in range(3000):\n    print(i)",
    "warning": "import warnings\nwarnings.warn('careful')",
    "picture": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "table": "from IPython.display import HTML, display\ndisplay(HTML('<b>a\\nb</b>'))\n{'ü': [1]}",
    "too-much": "hoard = [bytearray(2**24) for _ in range(10**6)]",
}
QUERIES = {
    "student": "SELECT * FROM student",
    "submitted_assignment": "SELECT student_id, timestamp, extension FROM submitted_assignment",
    "submitted_notebook": """
        SELECT a.student_id, n.name, s.flagged, s.late_submission_penalty
        FROM submitted_notebook s JOIN submitted_assignment a ON a.id = s.assignment_id
        JOIN notebook n ON n.id = s.notebook_id""",
    **{
        table: f"""
        SELECT a.student_id, n.name, c.name, {columns}
        FROM {table} r JOIN submitted_notebook s ON s.id = r.notebook_id
        JOIN submitted_assignment a ON a.id = s.assignment_id
        JOIN notebook n ON n.id = s.notebook_id JOIN base_cell c ON c.id = r.cell_id"""
        for table, columns in {
            "grade": "r.auto_score, r.manual_score, r.extra_credit, r.needs_manual_grade",
            "comment": "r.auto_comment, r.manual_comment",
        }.items()
    },
}


def deleted(cells: dict[str, nbformat.NotebookNode], notebook: nbformat.NotebookNode) -> None:
    notebook.cells.remove(list(cells.values())[-1])


def duplicated(cells: dict[str, nbformat.NotebookNode], notebook: nbformat.NotebookNode) -> None:
    notebook.cells.append(nbformat.from_dict(next(iter(cells.values())) | {"id": "again"}))


def renamed(cells: dict[str, nbformat.NotebookNode], _: nbformat.NotebookNode) -> None:
    next(iter(cells.values())).metadata.nbgrader.grade_id = "mine"


def retyped(cells: dict[str, nbformat.NotebookNode], _: nbformat.NotebookNode) -> None:
    cell = list(cells.values())[1]
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


def retagged(cells: dict[str, nbformat.NotebookNode], _: nbformat.NotebookNode) -> None:
    cell = list(cells.values())[-1]
    cell.metadata.nbgrader.update(grade=False, locked=False, points=1000)


EDITS = (deleted, duplicated, renamed, retyped, retagged)


def make_class(directory: Path) -> Path:
    """Return a course with a class, nothing graded."""
    directory.mkdir()
    course = new_course(directory, ASSIGNMENT)
    api = nbgrader(course)
    assert api.generate_assignment(ASSIGNMENT)["success"]
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(SETTINGS)
    with Gradebook(api.coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=DUE)
        gradebook.add_student("s00", first_name="Ada")
    (course / "grading/extensions.csv").write_text(
        f"assignment,student,extension\n{ASSIGNMENT},extended,2d\n"
    )
    variants = read_bank(ASSIGNMENT)
    choices = {
        question: [None, *(variant for variant in variants if variant.question == question)]
        for question in questions(read_notebook("solutions", ASSIGNMENT))
    }
    draw = random.Random(0)

    def drawn() -> nbformat.NotebookNode:
        answers = {question: draw.choice(found) for question, found in choices.items()}
        return answer_with(ASSIGNMENT, {q: variant for q, variant in answers.items() if variant})

    def put(student: str, notebook: nbformat.NotebookNode | bytes, **about: str) -> Path:
        return hand_in(course, student, notebook, ASSIGNMENT, **about)

    for name, code in CODE.items():
        notebook = drawn()
        notebook.cells.insert(len(notebook.cells) // 2, new_code_cell(code))
        put(name, notebook)
    for edit in EDITS:
        notebook = drawn()
        edit({c.metadata.nbgrader.grade_id: c for c in notebook.cells if is_test(c)}, notebook)
        put(edit.__name__, notebook)
    for student, time in (*TIMES.items(), ("extended", TIMES["late"])):
        (put(student, drawn()) / "timestamp.txt").write_text(time)
    (put("with-a-file", drawn()) / "notes.txt").write_text("kept")
    put("untouched", read_notebook("exercises", ASSIGNMENT))
    put("broken", nbformat.writes(drawn()).encode()[:5000])
    put("empty", b"")
    put("wrong-name", drawn(), name="mine.ipynb")
    same = drawn()
    put("same-1", same)
    put("same-2", same)
    for i in range(STUDENTS - len(list((course / "grading/submitted").iterdir()))):
        put(f"s{i:02d}", drawn())
    return course


def is_test(cell: nbformat.NotebookNode) -> bool:
    """Tell whether a cell is an automatic test."""
    marks = cell.metadata.nbgrader
    return bool(marks.grade and not marks.solution and cell.cell_type == "code")


def grade(course: Path, package: Path) -> str:
    """Grade the class with the autograder that lies in `package`; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", ASSIGNMENT],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr  # some have no marks
    return re.sub(r"in [\d.]+ s", "", done.stdout)


def found_in(course: Path) -> dict[str, list[str]]:
    """Return the rows of each table and the lines of each file, without what chance decides."""
    with sqlite3.connect(course / "grading/gradebook.db") as gradebook:
        found = {
            table: sorted(map(repr, gradebook.execute(query))) for table, query in QUERIES.items()
        }
    for path in sorted((course / "grading/autograded").rglob("*")):
        if path.is_file():
            text = path.read_text("utf-8")
            text = re.sub(r'"key": "\w{64}"', '"key": ""', text)  # it names the grader's version
            lines = [f"mode {path.stat().st_mode:o}", *text.splitlines()]
            found[str(path.relative_to(course))] = lines
    return found


def main() -> None:
    """Compare, and say what differs."""
    (revision,) = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="compare-") as directory:
        place = Path(directory)
        before = place / "before"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", before, revision], check=True)
        try:
            new = make_class(place / "new")
            old = Path(shutil.copytree(new, place / "old", symlinks=True))
            said = (
                {"what was said": grade(old, before).splitlines()},
                {"what was said": grade(new, ROOT).splitlines()},
            )
        finally:
            subprocess.run([*git, "remove", "--force", before], check=True)
        ours, theirs = found_in(new) | said[1], found_in(old) | said[0]
    different = 0
    for name in sorted(ours.keys() | theirs.keys()):
        changes = list(difflib.unified_diff(theirs.get(name, []), ours.get(name, []), n=0))[2:]
        different += bool(changes)
        print(*[f"{name}: {line}" for line in changes], sep="\n", end="\n" if changes else "")
    rows = sum(len(ours[table]) for table in QUERIES)
    print(
        f"{STUDENTS} submissions, {rows} rows, {len(ours) - len(QUERIES) - 1} files: "
        f"{different or 'no'} differences"
    )
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
