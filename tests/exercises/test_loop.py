"""From release to grades with nbgrader's own commands and this course's configuration."""

import csv
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.exercises.grading import all_points, answer, nbgrader, new_course, reference
from tests.exercises.variants import read_bank

pytestmark = pytest.mark.slow

ASSIGNMENT = "01-metrics"
DUE = "2026-01-31 23:59:00 UTC"
WRONG = "zero_for_undefined"  # fails the two test cells of `rates` that look at 0/0


def run(course, *arguments):
    done = nbgrader(course, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def download(course, submissions):
    """Lay the submissions out as a learning platform's download: loose files, and one archive."""
    archive = course / "grading" / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    for student, (time, submission) in submissions.items():
        nbformat.write(submission, archive / f"{student}_{time}_{ASSIGNMENT}.ipynb")
    zipped = next(archive.iterdir())
    with zipfile.ZipFile(archive / "more.zip", "w") as archived:
        archived.write(zipped, zipped.name)
    zipped.unlink()


def grades(course):
    with (course / "grading" / "grades.csv").open(encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def feedback(course, student):
    """Return the text of a student's feedback page."""
    page = course / "grading" / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text()


def test_release_collect_autograde_feedback_export(tmp_path):
    course = new_course(tmp_path, ASSIGNMENT)
    run(course, "db", "assignment", "add", ASSIGNMENT, f"--duedate={DUE}")
    run(course, "generate_assignment", ASSIGNMENT)
    right = reference(ASSIGNMENT)
    (variant,) = (v for v in read_bank(ASSIGNMENT) if v.name == WRONG)
    submissions = {
        "right": ("2026-01-31-12-00-00", answer(ASSIGNMENT, right)),
        "wrong": (
            "2026-01-31-12-00-00",
            answer(ASSIGNMENT, right | {"rates": variant.cell("rates")}),
        ),
        "empty": ("2026-01-31-12-00-00", answer(ASSIGNMENT, {})),
        "late": ("2026-02-01-12-00-00", answer(ASSIGNMENT, right)),
    }
    download(course, submissions)

    run(course, "zip_collect", ASSIGNMENT)
    late_is_zero = "--LateSubmissionPlugin.penalty_method=zero"
    run(course, "autograde", ASSIGNMENT, "--create", late_is_zero)
    run(course, "generate_feedback", ASSIGNMENT)
    run(course, "export")

    points = all_points(ASSIGNMENT)
    auto = sum(points.values())
    lost = points["rates-example"] + points["rates-nan-hidden"]
    expected = {"right": auto, "wrong": auto - lost, "empty": 0, "late": auto}
    rows = grades(course)
    assert {student: float(row["raw_score"]) for student, row in rows.items()} == expected
    assert {float(row["max_score"]) for row in rows.values()} == {100}
    assert {student: float(row["score"]) for student, row in rows.items()} == expected | {"late": 0}
    assert rows["late"]["timestamp"] > rows["late"]["duedate"]

    for student, row in rows.items():
        assert f"{student}: {float(row['score']):g} of 100 points" in feedback(course, student)
    message = "rates(tp = 0, fp = 0, fn = 3, tn = 7):\nexpected ppv to be nan, got 0.0"
    assert message in feedback(course, "wrong")
    assert message not in feedback(course, "right")
