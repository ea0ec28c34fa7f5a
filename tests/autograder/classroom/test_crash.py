"""Whatever is killed, full, locked or read-only: the next run makes up for it."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from distributed import LocalCluster

import autograder
from autograder.classroom.connect import connect
from autograder.classroom.scheduler import Local, Lost
from autograder.errors import ClusterError, GradebookError, SandboxError
from tests.support.courses import ROOT, answer, dump, hand_in
from tests.support.processes import SLOWLY, start, wait_for_entries

pytestmark = pytest.mark.slow
STUDENTS = 6
SOURCES = 1  # the journal knows the result of the source, too


@pytest.fixture(scope="module")
def undisturbed(generated, tmp_path_factory, scheduler):
    """Return a course with a class that is not graded, and what its gradebook should say."""
    directory = tmp_path_factory.mktemp("undisturbed")
    course = shutil.copytree(generated, directory / "course")
    for i in range(STUDENTS):
        mean = f"{SLOWLY}def mean(x):\n    return sum(x) / {i}"
        hand_in(course, f"s{i}", answer(course, mean=mean))
    graded = shutil.copytree(course, directory / "graded")
    summary = autograder.grade(graded, "small", scheduler=scheduler)
    assert not summary.failed + summary.noted, str(summary)
    return course, dump(graded)


@pytest.fixture
def ungraded(undisturbed, tmp_path):
    return shutil.copytree(undisturbed[0], tmp_path / "course")


def assert_undisturbed(course, undisturbed, scheduler):
    summary = autograder.grade(course, "small", scheduler=scheduler)
    assert len(summary.outcomes) == STUDENTS
    assert not summary.failed, str(summary)
    assert dump(course) == undisturbed[1]
    return summary


def test_killed_command_goes_on(ungraded, undisturbed, scheduler):
    process = start(ungraded, f"--scheduler={scheduler}")
    wait_for_entries(ungraded, SOURCES + 2, process)
    process.kill()
    process.wait()
    kept = len(list((ungraded / "grading/journal").rglob("*.gz"))) - SOURCES
    summary = assert_undisturbed(ungraded, undisturbed, scheduler)
    assert sum(outcome.how == "run" for outcome in summary.outcomes) == STUDENTS - kept


def test_interrupted_command_says_so(ungraded, undisturbed, scheduler):
    process = start(
        ungraded,
        f"--scheduler={scheduler}",
        # The tests may run in the background, where a shell has it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for_entries(ungraded, SOURCES + 1, process)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "Interrupted: what is done is kept" in said
    assert_undisturbed(ungraded, undisturbed, scheduler)


@pytest.mark.parametrize("size", [1_000, 40_000])  # of the journal, of the gradebook
def test_full_disk(ungraded, undisturbed, scheduler, size):
    process = start(
        ungraded,
        f"--scheduler={scheduler}",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    said, _ = process.communicate()
    assert process.returncode == 1
    assert re.search("run the same command again", said)
    assert "Traceback" not in said
    assert_undisturbed(ungraded, undisturbed, scheduler)


def test_read_only_gradebook(ungraded, undisturbed, scheduler):
    gradebook = str(ungraded / "grading/gradebook.db")
    command = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", gradebook, gradebook, sys.executable]
    said = subprocess.run(
        [*command, "-m", "autograder", "grade", "small", f"--scheduler={scheduler}"],
        cwd=ungraded,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert re.search("gradebook.*readonly.*run the same command again", said.stderr, re.DOTALL)
    assert "Traceback" not in said.stderr
    assert_undisturbed(ungraded, undisturbed, scheduler)


def test_locked_gradebook(ungraded, undisturbed, scheduler):
    lock = sqlite3.connect(ungraded / "grading/gradebook.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(GradebookError, match="locked"):
        autograder.grade(ungraded, "small", scheduler=scheduler)
    lock.execute("ROLLBACK")
    assert_undisturbed(ungraded, undisturbed, scheduler)


# Seconds that a worker lives before it dies: Dask does not restart one that dies as it starts.
ALIVE = 0.5


def die_at_two(number):
    if number == 2:
        time.sleep(ALIVE)
        os._exit(1)
    return 10 * number


@pytest.fixture(params=["pool", "dask"])
def connection(request):
    """What runs jobs beside each other: this machine's pool, or a cluster."""
    scheduler = request.getfixturevalue("scheduler") if request.param == "dask" else None
    with connect(workers=2, scheduler=scheduler) as found:
        yield found


def test_job_that_kills_its_worker_is_given_up(connection):
    found = dict(connection.run(die_at_two, range(6)))
    assert isinstance(found[2], Lost)
    assert "worker died" in found[2].message
    assert {k: v for k, v in found.items() if k != 2} == {0: 0, 1: 10, 3: 30, 4: 40, 5: 50}


def test_one_job_needs_no_worker():
    with connect(jobs=1) as here:
        assert isinstance(here, Local)
        assert dict(here.run(fail_at_two, [1])) == {1: 1}
        assert dict(here.run(fail_at_two, [2])) == {
            2: Lost("the grader failed: ZeroDivisionError: two")
        }


def fail_at_two(number):
    if number == 2:
        raise ZeroDivisionError("two")
    return number


def die_once(marker):
    if not marker.exists():
        marker.touch()
        time.sleep(ALIVE)
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def test_killed_worker_costs_a_retry(connection, tmp_path):
    marker = tmp_path / "died"
    assert list(connection.run(die_once, [marker])) == [(marker, "alive")]


def say_variable(name):
    return os.environ.get(name)


def test_workers_see_the_environment_of_now(monkeypatch):
    for value in ("1", "2"):
        monkeypatch.setenv("SHALLOW_TEST", value)
        with connect(workers=1) as pool:
            assert dict(pool.run(say_variable, ["SHALLOW_TEST"])) == {"SHALLOW_TEST": value}


def isolate_badly(number):
    raise SandboxError(f"no walls for {number}")


def test_machine_that_cannot_isolate_ends_the_class(connection):
    with pytest.raises(SandboxError, match="no walls for"):
        list(connection.run(isolate_badly, range(3)))


def test_job_that_raises_costs_only_itself(connection):
    found = dict(connection.run(fail_at_two, range(50)))
    assert found.pop(2) == Lost("the grader failed: ZeroDivisionError: two")
    assert found == {i: i for i in range(50) if i != 2}


def test_few_jobs_are_taken_ahead(connection):
    taken = []

    def jobs():
        for i in range(100):
            taken.append(i)
            yield i

    for done, _ in enumerate(connection.run(fail_at_two, jobs())):
        assert len(taken) <= done + 1 + 3 * 2


def test_a_cluster_whose_workers_are_all_lost_is_not_waited_for(monkeypatch):
    from autograder.classroom import dask

    monkeypatch.setattr(dask, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(dask, "ALONE_SECONDS", 0.5)
    with (
        LocalCluster(1, 1, processes=False, dashboard_address=None) as running,
        connect(scheduler=running.scheduler_address) as lost,
    ):
        found = lost.run(fail_at_two, range(100))
        next(found)
        running.scale(0)
        while lost.client.nthreads():
            time.sleep(0.01)
        with pytest.raises(ClusterError, match=r"no worker for 0.5 s.*run the same command again"):
            list(found)
