"""Every block of commands of *For instructors* is run, in order, in a course with a class."""

from __future__ import annotations

import contextlib
import csv
import http
import http.client
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.exercises.grading import all_points, answer, reference
from tests.exercises.hidden import REGION
from tests.exercises.variants import read_bank
from tests.support import warm
from tests.support.kernel_ports import find_available_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("instructors")]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "chapters" / "instructors.md").read_text(encoding="utf-8")
ASSIGNMENT = "01-metrics"
FENCE = re.compile(r"^(`{3,})([^\n]*)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
BLOCKS = [match[3] for match in FENCE.finditer(PAGE)]
ACTIVATE = BLOCKS[0]
SERVER = "jupyter lab\n"  # this block and the next go on until somebody stops them
MARKING = "autograder mark 01-metrics\n"
TOKEN = "instructor"
COLD = range(3)  # the first blocks are run by what they activate, the rest in warm processes
WRONG = "zero_for_undefined"
ON_TIME, LATE = "2026-01-31-12-00-00", "2026-02-02-12-00-00"  # the latter in the second day


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course as git would clone it, and the learning platform's archive in ``~/Downloads``."""
    home = tmp_path_factory.mktemp("instructor")
    course = home / "course"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # not deleted since
            (course / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, course / name)
    (course / "grading").mkdir()
    run(course, "git init --quiet && git add . && git commit --quiet --message=course")
    (course / ".venv").symlink_to(sys.prefix)
    archive(home / "Downloads" / "submissions.zip")
    return course


def archive(path):
    """Write what the class hands in."""
    right = reference(ASSIGNMENT)
    (wrong,) = (variant for variant in read_bank(ASSIGNMENT) if variant.name == WRONG)
    class_ = {
        "s101": (ON_TIME, right),
        "s102": (ON_TIME, right | {"rates": wrong.cell("rates")}),
        "s103": (ON_TIME, {}),
        "s104": (LATE, right),
        "s105": (LATE, right),
    }
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as zipped:
        for student, (uploaded, answers) in class_.items():
            notebook = nbformat.writes(answer(ASSIGNMENT, answers))
            zipped.writestr(f"{student}_{uploaded}_{ASSIGNMENT}.ipynb", notebook)


def environment(course):
    """Return what an instructor's terminal has: their own home, and nothing activated."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "JUPYTER"))}
    names = {
        f"GIT_{who}_{what}": f"{what}@example.org".lower()
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return {**inherited, **names, "HOME": str(course.parent), "JUPYTER_TOKEN": TOKEN}


def start(course, script):
    """Start a script; what it says goes to the log."""
    with (course.parent / "log").open("w", encoding="utf-8") as log:
        return subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=course,
            env=environment(course),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop(process):
    """End a script and all that it has started in the background."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(course, script):
    """Run a script to its end; fail with what it said."""
    process = start(course, script)
    status = process.wait()
    stop(process)
    said = (course.parent / "log").read_text(encoding="utf-8")
    assert status == 0, f"{script}\nends with {status}:\n{said[-6000:]}"


def serve(course, script):
    """Run a server until formgrader answers."""
    port = find_available_port()
    process = start(course, f"{script.strip()} --no-browser --allow-root --port={port}")
    address, headers = "/formgrader/manage_assignments", {"Authorization": f"token {TOKEN}"}
    try:
        while True:
            said = (course.parent / "log").read_text(encoding="utf-8")
            assert process.poll() is None, said
            with contextlib.suppress(ConnectionRefusedError):  # it has not begun to listen
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", address, headers=headers)
                answered = connection.getresponse()
                assert answered.status == http.HTTPStatus.OK, said
                assert "nbgrader formgrade" in answered.read().decode()
                return
            time.sleep(0.1)
    finally:
        stop(process)


def mark(course, script):
    """Start marking until its page answers, with the names hidden."""
    process = start(course, f"{script.strip()} --no-browser")
    try:
        while True:
            said = (course.parent / "log").read_text(encoding="utf-8")
            assert process.poll() is None, said
            if found := re.search(r"http://127\.0\.0\.1:(\d+)(/\S+)", said):
                connection = http.client.HTTPConnection("127.0.0.1", int(found[1]))
                connection.request("GET", found[2])
                page = connection.getresponse().read().decode()
                assert "answers to mark" in page
                assert "s101" not in page
                return
            time.sleep(0.1)
    finally:
        stop(process)


def test_every_block_is_one_of_commands():
    languages = [match[2] for match in FENCE.finditer(PAGE)]
    assert set(languages) == {"sh"}, "write commands as ```sh, or this test does not run them"
    assert ACTIVATE == ". .venv/bin/activate\n"
    assert (BLOCKS.count(SERVER), BLOCKS.count(MARKING)) == (1, 1)


@pytest.mark.parametrize("number", range(len(BLOCKS)), ids=lambda n: f"{n + 1}")
def test_block(course, number):
    script = BLOCKS[number].replace("8786", str(find_available_port()))
    if number not in COLD and "dask" not in script:  # Dask's own commands start as slowly as ever
        script = f"export PATH={shlex.quote(warm.path())}\n{script}"
    script = ACTIVATE + script
    if BLOCKS[number] == SERVER:
        serve(course, script)
    elif BLOCKS[number] == MARKING:
        mark(course, script)
    else:
        run(course, script)


def test_the_public_copy_holds_no_secret(course):
    public = course.parent / "public"
    assert (public / "chapters" / "metrics.md").exists()
    source = nbformat.read(course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    secrets = [match[2].strip() for cell in source.cells for match in REGION.finditer(cell.source)]
    secrets = [secret for secret in secrets if "\n" in secret]
    assert secrets
    text = "\n".join(
        path.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n")
        for path in public.rglob("*")
        if path.is_file() and path.suffix in {".py", ".md", ".ipynb"}
    )
    assert [secret for secret in secrets if secret in text.replace('\\"', '"')] == []


def test_the_class_has_its_marks_and_pages(course):
    with (course / "grading" / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    points = all_points(ASSIGNMENT)
    total = sum(points.values())
    lost = points["rates-example"] + points["rates-nan-hidden"]
    late = total - 20  # the second day has begun; s105 was granted three
    expected = {"s101": total, "s102": total - lost, "s103": 0, "s104": late, "s105": total}
    assert scores == expected
    exported = course / "grading" / "export" / f"{ASSIGNMENT}-csv-feedback.zip"
    with zipfile.ZipFile(exported) as pages:
        for student in expected:
            assert f"{student}/{ASSIGNMENT}.html" in pages.namelist()
    assert len(list((course / "grading" / "report").glob("*"))) == 2


def test_what_students_get_has_not_changed(course):
    """Packing the notebook and releasing it again give the exercise that was there."""
    done = subprocess.run(
        ["git", "diff", "--stat", "exercises"],
        cwd=course,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
