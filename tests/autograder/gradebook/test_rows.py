"""A new submission's rows and files are those that nbgrader's own path makes of it."""

from __future__ import annotations

import shutil

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

import autograder
from autograder.gradebook import writer
from autograder.gradebook.rows import NewSubmissions
from autograder.gradebook.writer import Writer
from tests.support.courses import answer, dump, hand_in, nbgrader, release

pytestmark = pytest.mark.slow

ROWS = {"right", "wrong", "untouched", "own-cells", "with-a-file"}
OWN_PATH = {"late", "many-lines"}


def files(course):
    """Return what lies in the directory of autograded work, and beside the journal."""
    places = [course / "grading/autograded", course / "grading/journal/marked"]
    found = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return {path.relative_to(course): (path.read_bytes(), path.stat().st_mode) for path in found}


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, scheduler):
    """Return a course with a class that was graded, and who was written as rows."""
    course = shutil.copytree(generated, tmp_path_factory.mktemp("rows") / "course")
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment("small", duedate="2026-03-01 12:00:00 UTC")
        gradebook.add_student("right", first_name="Ada")
    hand_in(course, "right", answer(course))
    hand_in(course, "wrong", answer(course, mean="def mean(x):\n    return sum(x)"))
    hand_in(course, "untouched", release(course))
    for student, code in (
        ("own-cells", "import sys\nprint('one\\ntwo', file=sys.stderr)\n{'<b>': [1, 'ü']}"),
        ("many-lines", "print('\\n' * 2000)"),
    ):
        notebook = answer(course)
        notebook.cells.append(new_code_cell(code))
        hand_in(course, student, notebook)
    (hand_in(course, "with-a-file", answer(course)) / "notes.txt").write_text("kept")
    (hand_in(course, "late", answer(course)) / "timestamp.txt").write_text("2026-03-02 12:00 UTC")
    taken = set()
    with pytest.MonkeyPatch.context() as patched:
        add = Writer.add

        def noted(self, student, *about):
            if add(self, student, *about):
                taken.add(student)
                return True
            return False

        patched.setattr(Writer, "add", noted)
        summary = autograder.grade(course, "small", scheduler=scheduler)
    assert not summary.failed, str(summary)
    return course, taken


def test_rows_and_files_are_nbgraders(graded, generated, tmp_path, scheduler, monkeypatch):
    course, taken = graded
    assert taken == ROWS
    again = shutil.copytree(course, tmp_path / "again")
    shutil.rmtree(again / "grading/autograded")
    shutil.rmtree(again / "grading/journal/marked")
    shutil.copy(generated / "grading/gradebook.db", again / "grading/gradebook.db")
    with Gradebook(nbgrader(again).coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment("small", duedate="2026-03-01 12:00:00 UTC")
        gradebook.add_student("right", first_name="Ada")
    monkeypatch.setattr(Writer, "add", lambda *_: False)
    summary = autograder.grade(again, "small", scheduler=scheduler)
    assert {outcome.how for outcome in summary.outcomes} == {"journal"}
    assert dump(again) == dump(course)
    assert files(again) == files(course)


def test_a_crash_between_two_transactions_is_repaired(graded, generated, tmp_path, scheduler):
    course, _ = graded
    broken = shutil.copytree(generated, tmp_path / "broken")
    shutil.copytree(course / "grading/submitted", broken / "grading/submitted")
    with Gradebook(nbgrader(broken).coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment("small", duedate="2026-03-01 12:00:00 UTC")
    with pytest.MonkeyPatch.context() as patched:
        insert, inserted = NewSubmissions.insert, []

        def die_at_the_second(self):
            if inserted and self.waiting:
                raise SystemExit
            if self.waiting:
                inserted.append(self.waiting)
            insert(self)

        patched.setattr(writer, "TOGETHER", 2)
        patched.setattr(NewSubmissions, "insert", die_at_the_second)
        with pytest.raises(SystemExit):
            autograder.grade(broken, "small", scheduler=scheduler)
    assert len(inserted) == 1
    summary = autograder.grade(broken, "small", scheduler=scheduler)
    assert not summary.failed
    kept = sum(outcome.how == "unchanged" for outcome in summary.outcomes)
    assert inserted[0] <= kept < len(summary.outcomes)
    assert dump(broken) == dump(course)
    assert files(broken) == files(course)
