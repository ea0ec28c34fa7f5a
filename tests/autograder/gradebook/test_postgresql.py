"""PostgreSQL as the gradebook, which is stopped in the middle of a class."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import autograder
from autograder.errors import GradebookError
from autograder.gradebook import writer
from autograder.gradebook.writer import Writer
from tests.support.commands import run
from tests.support.courses import POINTS, answer, dump, hand_in, marks
from tests.support.kernel_ports import find_available_port

pytestmark = pytest.mark.slow

PROGRAMS = [
    path
    for place in ("/usr/lib/postgresql", "/usr/local")
    for path in sorted(Path(place).glob("**/bin/initdb"), reverse=True)
]


class Server:
    """A server of its own, which only this machine reaches."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self.programs, self.data = programs, directory / "data"
        self.port = find_available_port()
        self.user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(directory, nobody.pw_uid, nobody.pw_gid)
            ids = f"--reuid={nobody.pw_uid} --regid={nobody.pw_gid} --clear-groups"
            self.user = ["setpriv", *ids.split()]
        self.run("initdb", "--username=ada", "--auth=trust", "--encoding=UTF8", "--no-sync")
        self.address = f"postgresql+psycopg2://ada:hush@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*self.user, self.programs / program, "-D", self.data, *words],
            cwd=self.data.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, program

    def start(self) -> None:
        settings = f"-p {self.port} -h 127.0.0.1 -k {self.data} -c fsync=off"
        self.run("pg_ctl", "start", "-w", "-o", settings)

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "-w", "-m", "immediate")


@pytest.fixture
def server():
    pytest.importorskip("psycopg2", reason="psycopg2 is missing: pip install psycopg2-binary")
    if not PROGRAMS:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and setpriv is missing")
    with tempfile.TemporaryDirectory(prefix="postgresql-") as directory:
        server = Server(PROGRAMS[0].parent, Path(directory))
        server.start()
        yield server
        server.stop()


def test_a_class_whose_gradebook_is_stopped_in_the_middle(course, server, scheduler, monkeypatch):
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = {server.address!r}\n")
    (course / "grading/gradebook.db").unlink()
    for student in ("ada", "bea", "cyd"):
        hand_in(course, student, answer(course))
    assert "autograder release ASSIGNMENT" in run(course, "grade", "small").err
    assert run(course, "release", "small").status == 0
    add, added = Writer.add, []

    def stopped(self, student, *about):
        if len(added) == 1:
            server.stop()
        added.append(student)
        return add(self, student, *about)

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "add", stopped)
        patched.setattr(writer, "TOGETHER", 1)
        with pytest.raises(GradebookError, match="run the same command again") as caught:
            autograder.grade(course, "small", scheduler=scheduler)
    assert "hush" not in str(caught.value)
    done = run(course, "report", "small")
    assert (done.status, "hush" in done.err, "Traceback" in done.err) == (1, False, False)
    server.start()
    summary = autograder.grade(course, "small", scheduler=scheduler)
    assert not summary.failed
    assert [outcome.how for outcome in summary.outcomes].count("unchanged") == 1
    assert marks(course) == dict.fromkeys(("ada", "bea", "cyd"), POINTS)
    before = dump(course)
    assert {o.how for o in autograder.grade(course, "small", scheduler=scheduler).outcomes} == {
        "unchanged"
    }
    assert dump(course) == before
    for words in (("feedback", "small", "--workers=1"), ("report", "small"), ("export", "small")):
        done = run(course, *words)
        assert done.status == 0, done.err
        assert "hush" not in done.out + done.err
    assert not (course / "grading/gradebook.db").exists()
