"""Mistakes are answered with the right remedy, in one sentence, and make nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.apps import Autograder
from tests.support.commands import run
from tests.support.courses import answer, hand_in

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(Autograder.subcommands.default_args[0])


def listed(directory):
    return sorted(path for path in directory.rglob("*"))


MISTAKES = {
    "name": (("grade", "smalle"), "did you mean small? This course has small"),
    "no-name": (("grade",), "Name one assignment: autograder grade ASSIGNMENT"),
    "option": (("grade", "small", "--worker=8"), "did you mean --workers?"),
    "setting": (("grade", "small", "--Sandbox.memry=1"), "did you mean --Sandbox.memory?"),
    "command": (("grad", "small"), "did you mean grade?"),
    "scheduler": (("grade", "small", "--scheduler=tcp://10.0.0.5"), "such as tcp://10.0.0.5:8786"),
    "nothing": (("grade", "small"), "autograder collect small ARCHIVE"),
    "not-graded": (("report", "small"), "run `autograder grade` first"),
    "no-archive": (("collect", "small", "x.zip", "--roster=list.csv"), "x.zip does not exist"),
    "no-list": (("collect", "small", "x.zip", "--roster=none.csv"), "there is no class list none"),
    "no-class": (("collect", "small", "x.zip"), "write grading/students.csv with the columns id"),
    "extension": (("extend", "ada", "small", "soon"), "'soon' is no extension"),
    "no-table": (("export", "small", "--to=moodle"), "Download grading worksheet"),
    "other-table": (("export", "small", "--to=canvas", "list.csv"), "not Canvas's gradebook"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_names_its_remedy_and_makes_nothing(course, mistake):
    words, remedy = MISTAKES[mistake]
    (course / "list.csv").write_text("id\nada\n")
    before = listed(course)
    done = run(course, *words)
    assert done.status == 1
    assert remedy in done.err, done.err
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1
    assert listed(course) == before


@pytest.mark.parametrize("command", ["grade", "report", "release", "extend"])
def test_outside_a_course_nothing_is_made(tmp_path, command):
    done = run(tmp_path, command, "small")
    assert (done.status, listed(tmp_path)) == (1, [])
    assert "is no course" in done.err or "Say who" in done.err


@pytest.mark.parametrize("content", [b"my diary", b"\x00" * 100])
def test_what_is_no_gradebook_stays_as_it_is(course, content):
    (course / "grading/gradebook.db").write_bytes(content)
    for words in (("grade", "small"), ("release", "small"), ("report", "small")):
        assert "is no gradebook" in run(course, *words).err
    assert (course / "grading/gradebook.db").read_bytes() == content


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3, "nbformat": 4}'])
def test_a_source_that_is_no_notebook_is_named(course, content):
    hand_in(course, "ada", answer(course), "small")
    (source,) = course.glob("s*/small/small.ipynb")
    source.write_text(content)
    done = run(course, "grade", "small")
    assert done.status == 1
    assert f"{source} cannot be read: the file is" in done.err


def test_a_gradebook_of_an_older_nbgrader(course):
    with sqlite3.connect(course / "grading/gradebook.db") as gradebook:
        gradebook.execute("UPDATE alembic_version SET version_num = '724cde206c17'")
    assert "nbgrader db upgrade" in run(course, "grade", "small").err


def test_a_password_is_in_no_message(course):
    address = "--db=postgresql+psycopg2://ada:secret@127.0.0.1:1/grades"
    done = run(course, "report", "small", address)
    assert done.status == 1
    assert "secret" not in done.out + done.err


def test_without_a_gradebook_the_way_to_one_is_named(course):
    (course / "grading/gradebook.db").unlink()
    assert "autograder release ASSIGNMENT" in run(course, "grade", "small").err
    assert not (course / "grading/gradebook.db").exists()
    assert run(course, "release", "small").status == 0
    assert "autograder collect small" in run(course, "grade", "small").err


def test_what_lies_in_the_wrong_place_is_listed(course):
    hand_in(course, "small", answer(course), "ada")  # submitted/small/ada
    hand_in(course, "small", answer(course), "böb [x]*")
    place = course / "grading/submitted"
    shutil.copy(place / "small/ada/ada.ipynb", place / "small.ipynb")
    (place / "cyd").mkdir()
    shutil.copy(place / "small.ipynb", place / "cyd/small.ipynb")
    said = run(course, "grade", "small").err
    assert "submitted/small/ada" in said
    assert "the wrong way round, use submitted/STUDENT/small/NOTEBOOK.ipynb" in said
    assert "submitted/small/böb [x]*" in said
    assert "submitted/small.ipynb" in said
    assert "submitted/cyd/small.ipynb" in said


READ_ONLY = (
    ("collect", "small", "archive.zip"),
    ("grade", "small", "--workers=1"),
    ("feedback", "small", "--workers=1"),
    ("report", "small"),
    ("export", "small"),
    ("extend", "ada", "small", "3d"),
)
RUN_THEM = "import json, sys; from pathlib import Path; from tests.support.commands import run\n"
RUN_THEM += "for words in json.loads(sys.argv[1]):\n"
RUN_THEM += "    done = run(Path(), *words); print(json.dumps([done.status, done.out, done.err]))"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
def test_read_only_grading(course):
    """Each command that writes there says what it cannot write, and nothing is changed."""
    hand_in(course, "ada", answer(course))
    (course / "grading/students.csv").write_text("id\nada\n")
    with zipfile.ZipFile(course / "archive.zip", "w") as archive:
        archive.write(course / "grading/submitted/ada/small/small.ipynb", "ada/small.ipynb")
    assert run(course, "grade", "small", "--workers=1").status == 0
    hand_in(course, "ada", answer(course, mean="mean = 0"))
    before = {path: path.stat().st_mtime_ns for path in listed(course)}
    place = str(course / "grading")
    view = ["--dev-bind", "/", "/", "--ro-bind", place, place]
    done = subprocess.run(
        ["bwrap", *view, sys.executable, "-c", RUN_THEM, json.dumps(READ_ONLY)],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    for words, line in zip(READ_ONLY, done.stdout.splitlines(), strict=True):
        status, out, err = json.loads(line)
        assert status == 1, words
        assert re.search(r"grading/\w[^:]*: Read-only file system", err), (words, err)
        assert "Traceback" not in out + err
    assert {path: path.stat().st_mtime_ns for path in listed(course)} == before


@pytest.mark.slow
def test_without_bubblewrap_the_command_that_installs_it_is_named(course, monkeypatch):
    hand_in(course, "ada", answer(course))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    done = run(course, "grade", "small", "--workers=1")
    assert done.status == 1
    assert "apt-get install bubblewrap" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_short_and_its_examples_are_commands(tmp_path, command):
    said = run(tmp_path, command, "--help-all").out
    assert len(said.splitlines()) < 300
    assert "nbconvert" not in said
    app, _ = Autograder.subcommands.default_args[0][command]
    examples = re.findall(r"^ *autograder (\w+)", app.examples, re.MULTILINE)
    assert examples
    assert set(examples) == {command}


def test_help_lists_what_can_be_set(tmp_path):
    said = run(tmp_path, "grade", "--help-all").out
    for option in ("--workers", "--Sandbox.memory", "--Execute.timeout", "--Grader.level"):
        assert option in said


def test_version_and_the_installed_command():
    program = Path(sys.executable).with_name("autograder")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{version('shallow')}\n"
