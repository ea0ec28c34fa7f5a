"""A real Dask scheduler and workers in processes of their own, which cannot see the course."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest

import autograder
from autograder.classroom.grading import grade
from autograder.errors import ClusterError
from tests.support.courses import ROOT, answer, dump, hand_in
from tests.support.processes import SLOWLY, start, wait_for_entries

pytestmark = pytest.mark.slow
STUDENTS = 6


class Machines:
    """A scheduler and two workers, each in its own directory, the courses hidden from all.

    Attributes
    ----------
    address : str
        Where the scheduler listens.
    scheduler : Popen
        Its process.
    workers : list of Popen
        Their processes.
    """

    def __init__(self, directory, hidden):
        self.hide = ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--die-with-parent"]
        self.hide += ["--tmpfs", str(hidden)]
        if os.geteuid() == 0:  # who is not root makes a user namespace, in each sandbox again
            self.hide += ["--cap-add", "ALL"]
        where = directory / "scheduler.json"
        quiet = ["--scheduler-file", str(where), "--no-dashboard"]
        self.log = (directory / "log").open("w")
        self.scheduler = self._start(
            directory / "scheduler", "scheduler", "--host=127.0.0.1", "--port=0", *quiet
        )
        self.workers = [
            self._start(directory / name, "worker", "--nthreads=1", "--host=127.0.0.1", *quiet)
            for name in ("first", "second")
        ]
        self.address = None
        while not self.address:
            assert self.scheduler.poll() is None, (directory / "log").read_text()
            time.sleep(0.05)
            with suppress(FileNotFoundError, json.JSONDecodeError):  # not yet, or not yet whole
                self.address = json.loads(where.read_text())["address"]

    def _start(self, directory, *arguments):
        directory.mkdir()
        return subprocess.Popen(
            [*self.hide, "--chdir", str(directory), sys.executable, "-m", "dask", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=self.log,
            stderr=self.log,
        )

    def stop(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def machines(tmp_path_factory, courses):
    """Return the machines; each test finds what the one before it has left of them."""
    started = Machines(tmp_path_factory.mktemp("machines"), courses)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """Return the directory that the machines cannot see."""
    return tmp_path_factory.mktemp("courses")


@pytest.fixture(scope="module")
def expected(generated, courses, scheduler):
    """Return what the gradebook says of the class after a run on this machine."""
    course = shutil.copytree(generated, courses / "ungraded")
    for i in range(STUDENTS):
        mean = f"{SLOWLY}def mean(x):\n    return sum(x) / {i}"
        hand_in(course, f"s{i}", answer(course, mean=mean))
    graded = shutil.copytree(course, courses / "graded")
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert not summary.failed + summary.noted, str(summary)
    return dump(graded)


@pytest.fixture
def ungraded(expected, courses, request):
    return shutil.copytree(courses / "ungraded", courses / request.node.name)


def test_same_marks_on_machines_without_the_course(machines, ungraded, expected):
    summary = grade(ungraded, "small", scheduler=machines.address)
    assert {outcome.how for outcome in summary.outcomes} == {"run"}
    assert dump(ungraded) == expected


def test_killed_worker_loses_nothing(machines, ungraded, expected):
    process = start(ungraded, f"--scheduler={machines.address}")
    wait_for_entries(ungraded, 2, process)  # the source is one
    for member in psutil.Process(machines.workers[0].pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # a student's process may have ended by itself
            member.kill()
    machines.workers[0].kill()
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert dump(ungraded) == expected


def test_killed_scheduler_is_named_and_loses_nothing(machines, ungraded, expected, scheduler):
    process = start(ungraded, f"--scheduler={machines.address}")
    wait_for_entries(ungraded, 2, process)  # the source is one
    kept = len(list((ungraded / "grading/journal").rglob("*.gz"))) - 1
    machines.scheduler.kill()
    said, _ = process.communicate()
    assert process.returncode == 1, said
    assert "connection to the Dask scheduler was lost" in said, said[-2000:]
    summary = grade(ungraded, "small", scheduler=scheduler)
    assert sum(outcome.how == "run" for outcome in summary.outcomes) <= STUDENTS - kept
    assert dump(ungraded) == expected


def test_absent_scheduler_is_named(ungraded, monkeypatch):
    monkeypatch.setattr("autograder.classroom.dask.WAIT_SECONDS", 1)
    with pytest.raises(ClusterError, match=r"tcp://127.0.0.1:9 does not answer.*dask scheduler"):
        grade(ungraded, "small", scheduler="tcp://127.0.0.1:9")
