"""A class of honest students: marks, what is run again, what is not."""

import shutil

import pytest
from nbgrader.api import Gradebook

import autograder
from autograder.errors import BusyError, CourseError
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.release import release as release_again
from tests.support import courses
from tests.support.courses import POINTS, answer, dump, hand_in, marks, nbgrader, release

pytestmark = pytest.mark.slow

WRONG_MEAN = "def mean(x):\n    return sum(x)"


@pytest.fixture
def graded(course, scheduler):
    """Return a course with three students that was graded."""
    hand_in(course, "ada", answer(course))
    hand_in(course, "bea", answer(course, mean=WRONG_MEAN))
    hand_in(course, "cyd", release(course))
    summary = autograder.grade(course, "small", scheduler=scheduler)
    assert not summary.failed + summary.noted, str(summary)
    return course


def how(summary):
    return {outcome.student: outcome.how for outcome in summary.outcomes}


def test_marks_and_notebooks(graded):
    found = marks(graded)
    assert found["ada"] == POINTS
    assert found["bea"] == POINTS | {"mean-example": 0, "mean-hidden": 0}
    assert found["cyd"] == dict.fromkeys(POINTS, 0)
    for student in found:
        assert (graded / f"grading/autograded/{student}/small/small.ipynb").exists()


def test_gradebook_equals_nbgraders(graded):
    ours = dump(graded)
    api = nbgrader(graded)
    for student in ("ada", "bea", "cyd"):
        outcome = api.autograde("small", student, force=True)
        assert outcome["success"], outcome["log"]
    assert dump(graded) == ours


def test_unchanged_class_is_not_run_again(graded, scheduler):
    before = dump(graded)
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert set(how(summary).values()) == {"unchanged"}
    assert dump(graded) == before


def test_lost_gradebook_comes_back_from_the_journal(graded, scheduler):
    before = dump(graded)
    (graded / "grading/gradebook.db").unlink()
    assert nbgrader(graded).generate_assignment("small", force=True)["success"]
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert set(how(summary).values()) == {"journal"}
    assert dump(graded) == before


def test_changed_submission_runs_alone(graded, scheduler):
    hand_in(graded, "bea", answer(graded, mean="def mean(x):\n    return np.average(x)"))
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert how(summary) == {"ada": "unchanged", "bea": "run", "cyd": "unchanged"}
    assert marks(graded)["bea"] == POINTS


def test_same_submission_of_two_students_runs_once(graded, scheduler):
    hand_in(graded, "dan", answer(graded))
    assert how(autograder.grade(graded, "small", scheduler=scheduler))["dan"] == "journal"
    assert marks(graded)["dan"] == POINTS


def test_force_runs_again(graded, scheduler):
    summary = autograder.grade(graded, "small", scheduler=scheduler, student="a*", force=True)
    assert how(summary) == {"ada": "run"}


def test_broken_journal_entry_is_done_again(graded, scheduler):
    journal = (graded / "grading/journal").rglob("*.gz")
    _, *entries = sorted(journal, key=lambda path: path.stat().st_mtime_ns)  # the source came first
    assert len(entries) == 3
    entries[0].write_bytes(entries[0].read_bytes()[:-20])
    entries[1].write_bytes(b"")
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert sorted(how(summary).values()) == ["run", "run", "unchanged"]


def test_mark_by_hand_survives_a_regrade_and_counts_as_marked(graded, scheduler):
    """It waits again only if the answer, or the source's rubric, is another than it was for."""
    api = nbgrader(graded)

    def why(student):
        with Gradebook(api.coursedir.db_url) as gradebook:
            grade = gradebook.find_grade("why", "small", "small", student)
            return grade.manual_score, grade.needs_manual_grade

    def mark(cell, student, score):
        with Gradebook(api.coursedir.db_url) as gradebook:
            grade = gradebook.find_grade(cell, "small", "small", student)
            grade.manual_score, grade.needs_manual_grade = score, False
            gradebook.db.commit()

    mark("why", "ada", 4)
    mark("why", "bea", 3)
    mark("mean-hidden", "bea", 1)
    hand_in(graded, "ada", answer(graded, mean=WRONG_MEAN))
    hand_in(graded, "bea", answer(graded, mean=WRONG_MEAN, why="Since."))
    autograder.grade(graded, "small", scheduler=scheduler, force=True)
    assert why("ada") == (4, False)
    assert why("bea") == (3, True)
    assert marks(graded)["ada"]["mean-example"] == 0
    mark("why", "bea", 3)
    assert api.autograde("small", "bea", force=True)["success"]  # formgrader's button, too
    assert why("bea") == (3, False)
    with Gradebook(api.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade("mean-hidden", "small", "small", "bea")
        assert (grade.manual_score, grade.needs_manual_grade) == (1, True)  # the code had changed
    source = graded / "solutions/small/small.ipynb"
    source.write_text(source.read_text().replace("Say why.", "Say why, in a word."))
    release_again(api.coursedir, api.config, "small")
    autograder.grade(graded, "small", scheduler=scheduler)
    assert why("ada") == (4, True)


@pytest.mark.parametrize("broken", [b"", b"{", b"no notebook", b"\xff\xfe\x00"])
def test_regrade_keeps_no_stale_mark(graded, scheduler, broken):
    hand_in(graded, "ada", broken)
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert [outcome.student for outcome in summary.failed] == ["ada"]
    assert set(marks(graded)["ada"].values()) == {None}
    assert not (graded / "grading/autograded/ada/small").exists()
    assert marks(graded)["bea"]["double-hidden"] == 2


def test_late_penalty_follows_the_timestamp(course, scheduler):
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment("small", duedate="2026-03-01 12:00:00 UTC")
    directory = hand_in(course, "ada", answer(course))

    def penalty(summary):
        with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
            found = gradebook.find_submission_notebook("small", "small", "ada")
            return found.late_submission_penalty, summary.outcomes[0].how

    penalties = []
    for day in (1, 2, 1):
        (directory / "timestamp.txt").write_text(f"2026-03-0{day} 11:00:00 UTC")
        penalties.append(penalty(autograder.grade(course, "small", scheduler=scheduler)))
    assert penalties == [(None, "run"), (10, "journal"), (None, "journal")]

    # A due date that moved, and an extension, are noticed; nothing is run for it.
    penalties = []
    for duedate, extension in (("03-01 10:00", "0"), ("03-01 10:00", "3h"), ("03-01 12:00", "0")):
        with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
            gradebook.update_or_create_assignment("small", duedate=f"2026-{duedate}:00 UTC")
        Extensions.read(nbgrader(course).coursedir).grant("small", "ada", extension)
        summary = autograder.grade(course, "small", scheduler=scheduler)
        penalties.append((*penalty(summary), summary.outcomes[0].penalty_changed))
    assert [how for _, how, _ in penalties] == ["unchanged"] * 3
    assert [points for points, _, _ in penalties] == [10, None, None]
    assert [changed for _, _, changed in penalties] == [True, True, False]


def test_two_runs_at_once_are_refused(graded, scheduler):
    from autograder.classroom.grading import _lock

    with _lock(graded / "grading/journal"), pytest.raises(BusyError, match="another process"):
        autograder.grade(graded, "small", scheduler=scheduler)


def test_what_is_missing_is_named(course, scheduler):
    with pytest.raises(CourseError, match="no submissions that match"):
        autograder.grade(course, "small", scheduler=scheduler)
    with pytest.raises(CourseError, match="autograder release large"):
        autograder.grade(course, "large", scheduler=scheduler)
    shutil.rmtree(course / "grading")
    with pytest.raises(CourseError, match="gradebook"):
        autograder.grade(course, "small", scheduler=scheduler)


def test_two_notebooks_that_are_the_same_count_each_and_are_one_submission(tmp_path, scheduler):
    course = courses.new_course(tmp_path / "course")
    place = course / "solutions/small"
    shutil.copy(place / "small.ipynb", place / "twin.ipynb")
    assert nbgrader(course).generate_assignment("small", force=True)["success"]
    for name in ("small", "twin"):
        hand_in(course, "ada", answer(course), name=f"{name}.ipynb")
    summary = autograder.grade(course, "small", scheduler=scheduler)
    (outcome,) = summary.outcomes
    assert (outcome.how, outcome.score) == ("run", 2 * sum(POINTS.values()))
    assert set(dict(marks(course)["ada"]).items()) == set(POINTS.items())
