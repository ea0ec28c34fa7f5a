"""Marks back to the platform, in its own table; what is not marked is never a number unsaid."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from tests.support.commands import run
from tests.support.courses import nbgrader

STUDENTS = """id,first_name,last_name,email,lms_user_id
ada,Ada,Lovelace,ada@example.org,4711
"=bea",Bea,"Ohm, Lady",bea@example.org,4712
cyd,Cyd,Curie,cyd@example.org,4713
dan,Dan,Dirac,dan@example.org,4714
"""
SHEET = """Identifier;Full name;Email address;Grade;Maximum grade;Grade can be changed
Participant 11;Ada Lovelace;ADA@example.org;;100,00;Yes
Participant 12;Bea Ohm;bea@example.org;;100,00;Yes
Participant 13;Cyd Curie;;7;100,00;No
Participant 14;;;;100,00;Yes
Participant 15;Eve Nobody;eve@example.org;;100,00;Yes
"""
BOOK = """Student,ID,SIS User ID,SIS Login ID,Section,small (99),Other (5)
    Points Possible,,,,,15,10
"Lovelace, Ada",4711,,,A,,1
"Ohm, Bea",4799,,bea@example.org,A,,2
"Student, Test",17,,,A,,
"""


@pytest.fixture
def graded(course):
    """A course whose gradebook has marks: one complete, one not."""
    (course / "grading/students.csv").write_text(STUDENTS)
    (course / "grading/collected").mkdir()
    (course / "grading/collected/small.csv").write_text(
        "student,path\ncyd,Participant_14_assignsubmission_file_/small.ipynb\n"
        "ada,lovelaceada_LATE_4711_998_my_small.ipynb\n=bea,ohmbea_4712_999_small-1.ipynb\n"
    )
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment("small", duedate=datetime(2026, 1, 31))  # noqa: DTZ001
        for student, why in (("ada", 4.25), ("=bea", None), ("cyd", 0)):
            gradebook.add_student(student)
            notebook = gradebook.add_submission("small", student).notebooks[0]
            for grade in notebook.grades:
                by_hand = grade.name == "why"
                grade.manual_score = why if by_hand else None
                grade.auto_score = None if by_hand else 2
                grade.needs_manual_grade = by_hand and why is None
        gradebook.db.commit()
    for student in ("ada", "=bea", "cyd"):
        page = course / f"grading/feedback/{student}/small/small.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"page of {student}")
    return course


def rows(path, delimiter=","):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=delimiter))


def packed(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_moodle(graded):
    (graded / "sheet.csv").write_text(SHEET, "utf-8-sig")
    done = run(graded, "export", "small", "--to=moodle", "sheet.csv")
    assert done.status == 0, done.err
    path = graded / "grading/export/small-moodle.csv"
    assert path.read_text("utf-8").startswith("\ufeffIdentifier;")
    found = rows(path, ";")
    assert [row["Grade"] for row in found] == ["12.25", "8", "7", "8", ""]
    assert [row["Answers not marked yet"] for row in found] == ["", "1", "", "", ""]
    assert "=bea: PROVISIONAL" in done.out
    assert "Eve Nobody: is not on the class list" in done.out
    assert "Cyd Curie: Moodle lets this mark not be changed" in done.out
    assert "takes 100 points, the assignment has 15" in done.out
    assert packed(graded / "grading/export/small-moodle-feedback.zip") == {
        "Ada Lovelace_11_assignsubmission_file_/small.html": "page of ada",
        "Bea Ohm_12_assignsubmission_file_/small.html": "page of =bea",
        "Participant_14_assignsubmission_file_/small.html": "page of cyd",
    }


def test_canvas(graded):
    (graded / "book.csv").write_text(BOOK)
    done = run(graded, "export", "small", "book.csv", "--to=canvas", "--final")
    assert done.status == 0, done.err
    found = rows(graded / "grading/export/small-canvas.csv")
    assert [row["small (99)"] for row in found] == ["15", "12.25", "", ""]
    assert [row["Other (5)"] for row in found] == ["10", "1", "2", ""]
    assert "=bea: has answers that are not marked yet" in done.out
    assert "cyd: has marks, but no line in the table" in done.out
    assert packed(graded / "grading/export/small-canvas-feedback.zip") == {
        "lovelaceada_LATE_4711_998_small.html": "page of ada",
        "ohmbea_4712_999_small.html": "page of =bea",
    }
    done = run(graded, "export", "small", "book.csv", "--to=canvas", "--column=Nothing")
    assert "choose one with --column, of Section, small (99), Other (5)" in done.err


def test_csv_is_nbgraders_with_what_waits(graded):
    run(graded, "extend", "dan", "small", "excused")
    done = run(graded, "export", "small")
    assert done.status == 0, done.err
    found = {row["student_id"]: row for row in rows(graded / "grading/export/small-csv.csv")}
    assert {name: row["status"] for name, row in found.items()} == {
        "ada": "marked",
        "'=bea": "provisional",
        "cyd": "marked",
        "dan": "excused",
    }
    assert found["'=bea"]["waiting"] == "1"
    assert found["'=bea"]["last_name"] == "Ohm, Lady"
    assert packed(graded / "grading/export/small-csv-feedback.zip").keys() == {
        f"{student}/small.html" for student in ("ada", "=bea", "cyd")
    }


def test_nbgraders_own_command_writes_the_same_columns(graded, monkeypatch):
    from nbgrader.apps.exportapp import ExportApp

    monkeypatch.chdir(graded)
    try:
        app = ExportApp.instance()
        app.initialize([])
        app.start()
    finally:
        ExportApp.clear_instance()
    found = rows(graded / "grading/grades.csv")
    assert {row["student_id"]: row["score"] for row in found}["ada"] == "12.25"
    assert "waiting" in found[0]
