"""The commands, as an instructor types them."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.classroom.progress import Progress
from tests.support.courses import POINTS, answer, hand_in, marks
from tests.support.warm import run


@pytest.mark.slow
def test_grade_feedback_report(course, scheduler):
    hand_in(course, "ada", answer(course))
    hand_in(course, "bea", b"{")
    done = run(course, "autograder", "grade", "small", f"--scheduler={scheduler}")
    assert done.returncode == 1  # as nbgrader's, when a submission has no marks
    assert "small: 2 submissions" in done.stdout
    assert "bea: the file is not JSON" in done.stdout
    assert "2 of 2 submissions" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert marks(course)["ada"] == POINTS
    done = run(course, "autograder", "grade", "small", "--student=ada")
    assert (done.returncode, "1 unchanged" in done.stdout) == (0, True)
    done = run(course, "autograder", "feedback", "small", "--workers=1")
    assert done.returncode == 0, done.stderr
    assert (course / "grading/feedback/ada/small/small.html").exists()
    done = run(course, "autograder", "report", "small")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)


@pytest.mark.slow
def test_plain_nbgrader_is_isolated_too(course):
    code = "import os\nopen('/etc/hostname').read() if os.path.exists('/etc/hostname') else ''\n"
    code += f"leak = os.path.exists({str(course)!r})\nassert not leak, 'the course is in sight'"
    notebook = answer(course, mean=f"{code}\ndef mean(x):\n    return sum(x) / len(x)")
    hand_in(course, "ada", notebook)
    done = run(course, "nbgrader", "autograde", "small")
    assert done.returncode == 0, done.stderr
    assert marks(course)["ada"] == POINTS
    assert list((course / "grading/journal").rglob("*.gz"))
    hand_in(course, "ada", b"{")
    done = run(course, "nbgrader", "autograde", "small", "--force")
    assert done.returncode == 1
    assert set(marks(course)["ada"].values()) == {None}


def test_plain_lines_when_there_is_no_terminal():
    written = io.StringIO()
    with Progress(3, console=Console(file=written, force_terminal=False)) as progress:
        for name, problem in (("ada", None), ("[red]bea", "[bold]lost"), ("cyd", None)):
            progress.advance(name, problem)
    lines = written.getvalue().splitlines()
    assert lines[0] == "[red]bea: [bold]lost"
    assert lines[-1].startswith("3 of 3 submissions, ")
    assert lines[-1].endswith(", 1 failed")


def test_bar_on_a_terminal():
    written = io.StringIO()
    with Progress(2, console=Console(file=written, force_terminal=True, width=120)) as progress:
        progress.advance("ada")
        progress.advance("bea", "lost")
    assert "bea: lost" in written.getvalue()
    assert "2/2" in written.getvalue()
    assert "1 failed" in written.getvalue()


def test_the_last_ones_are_never_said_to_take_no_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("autograder.classroom.progress.time.monotonic", lambda: now[0])
    progress = Progress(200, console=Console(file=io.StringIO(), force_terminal=False))
    assert progress.left == "– left"
    for second in range(199):
        now[0] = second / 20
        progress.advance("ada")
    assert progress.left == "1 s left"
    now[0] += 70  # the last one is an endless loop
    assert progress.left == "1 min 10 s left"
    progress.advance("bea")
    assert progress.left == "done"
