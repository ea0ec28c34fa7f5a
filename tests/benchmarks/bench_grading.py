"""How long a class takes: ours, plain ``nbgrader autograde`` and ``otter run``, in turn.

Writes ``_build/bench/grading.json``: wall clock, start-up included, and CPU of a command with all
that it starts; and what no grader can go below, the cells alone, executed by nobody but Python.
Prints what README.md and the page of what is checked state, once the record is ``measured.json``.
`SUBMISSIONS`, `ROUNDS` and `LARGE_CLASS` can be set in the environment, to look at something
quickly; `OTTER` is the command of an environment that has otter-grader, ipykernel and what the
notebooks import.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import itertools
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import psutil
import pytest

from autograder.core.notebook import Source, align, read
from autograder.course import assignment as courses
from tests.benchmarks.stated import stated
from tests.exercises.grading import answer_with, new_course, questions, read_notebook
from tests.exercises.variants import read_bank
from tests.support.courses import nbgrader

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "01-metrics"
SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "60"))
ROUNDS = int(os.environ.get("ROUNDS", "2"))
LARGE_CLASS = int(os.environ.get("LARGE_CLASS", "1000"))
FEW = 5  # submissions for otter, which takes one after the other
VARIED = 60  # that differ by more than a line
OTTER = shutil.which(os.environ.get("OTTER", "otter"))
OTTER_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}


@test_case()
def test(env):
    exec({source!r}, env)
"""
MiB = 2**20
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Run:
    """What one command took.

    Attributes
    ----------
    seconds, cpu_seconds : float
        Wall clock, and CPU of the command and all processes below it.
    own_cpu_seconds : float
        CPU of the command's own process.
    own_mib, below_mib : float
        Peak memory of the command itself, and of the largest process below it.
    """

    seconds: float
    cpu_seconds: float
    own_cpu_seconds: float
    own_mib: float
    below_mib: float


def run(command, directory):
    """Run a command, looking at its processes five times a second."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # so that the CPU of orphans is counted
    before, started = spent(), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, env=environment)
        root = psutil.Process(process.pid)
        own_cpu = own = below = 0.0
        while process.poll() is None:
            try:
                own_cpu = sum(root.cpu_times()[:2])
                own = max(own, root.memory_info().rss / MiB)
                for child in root.children(recursive=True):
                    below = max(below, child.memory_info().rss / MiB)
            except psutil.NoSuchProcess:
                pass
            time.sleep(0.2)
    seconds = time.perf_counter() - started
    while psutil.Process().children():
        os.wait()
    assert process.returncode == 0, (directory / "log").read_text()[-2000:]
    return Run(seconds, spent() - before, own_cpu, own, below)


def spent():
    """Return the CPU seconds of all processes that this one has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def hand_in(course, number):
    """Hand in `number` different honest submissions: right and wrong answers from the bank."""
    variants = read_bank(ASSIGNMENT)
    choices = {
        question: [None, *(variant for variant in variants if variant.question == question)]
        for question in questions(read_notebook("solutions", ASSIGNMENT))
    }
    draw = random.Random(0)
    notebooks = []
    for _ in range(min(number, VARIED)):
        drawn = {question: draw.choice(found) for question, found in choices.items()}
        notebook = answer_with(ASSIGNMENT, {q: variant for q, variant in drawn.items() if variant})
        notebook.cells.append(nbformat.v4.new_markdown_cell())
        notebooks.append(notebook)
    for i, notebook in zip(range(number), itertools.cycle(notebooks), strict=False):
        notebook.cells[-1].source = f"Submission {i}."
        path = course / f"grading/submitted/s{i:04d}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def class_of(directory, number):
    """Make a course with a class of `number` submissions, nothing graded."""
    directory.mkdir(parents=True)
    course = new_course(directory, ASSIGNMENT)
    assert nbgrader(course).generate_assignment(ASSIGNMENT)["success"]
    hand_in(course, number)
    return course


def copied(course, directory, number=None):
    """Return a copy of a course, with the first `number` submissions."""
    copy = Path(shutil.copytree(course, directory))
    for student in sorted((copy / "grading/submitted").iterdir())[number:] if number else ():
        shutil.rmtree(student)
    return copy


def plain(course):
    """Grade the class with nbgrader as it comes."""
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("\ndel c['Autograde']\n")
    return run([sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT], course)


def ours(course, *options):
    """Grade the class with ours."""
    return run([sys.executable, "-m", "autograder", "grade", ASSIGNMENT, *options], course)


def inside(course):
    """Grade the class with ours, all tests in the students' processes."""
    return ours(course, "--Grader.level=inside")


def otter(course):
    """Grade a few submissions with otter, one after the other: it isolates nothing."""
    tests = course / "tests"
    tests.mkdir()
    for cell in read_notebook("solutions", ASSIGNMENT).cells:
        about = cell.metadata.nbgrader
        if cell.cell_type == "code" and about.grade and not about.solution:
            test = OTTER_TEST.format(name=about.grade_id, points=about.points, source=cell.source)
            (tests / f"{about.grade_id}.py").write_text(test)
    generate = [OTTER, "generate", "-t", tests, "-o", "autograder.zip", "--no-environment"]
    subprocess.run(generate, cwd=course, check=True, capture_output=True)
    paths = sorted((course / "grading/submitted").rglob("*.ipynb"))
    each = 'for path; do "$0" run -a autograder.zip "$path" || exit 1; done'
    return run(["sh", "-c", each, OTTER, *paths], course)


def bare(course):
    """Execute the cells of each submission, hidden tests included, in a fork of this process."""
    plt.close("all")  # it is loaded, as in a zygote
    source = Source.read((course / f"solutions/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").read_bytes())
    before, started = spent(), time.perf_counter()
    for path in sorted((course / "grading/submitted").rglob("*.ipynb")):
        notebook, _ = align(read(path.read_bytes()), source)
        if os.fork() == 0:
            os.chdir(course / "solutions" / ASSIGNMENT)
            execute(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
        os.wait()
    return Run(time.perf_counter() - started, spent() - before, 0.0, 0.0, 0.0)


def side_by_side(course, processes):
    """Return the seconds in which so many processes, each on a core, do what `bare` does."""
    started = time.perf_counter()
    for core in sorted(os.sched_getaffinity(0))[:processes]:
        if os.fork() == 0:
            os.sched_setaffinity(0, {core})
            bare(course)
            os._exit(0)
    for _ in range(processes):
        os.wait()
    return time.perf_counter() - started


def execute(cells):
    """Execute cells, whatever they raise, and end this process."""
    sys.stdout = sys.stderr = io.StringIO()
    warnings.simplefilter("ignore")
    namespace = {"__name__": "__main__"}
    for cell in cells:
        with contextlib.suppress(BaseException):
            exec(cell, namespace)
    os._exit(0)


def usages(course):
    """Return what each submission used, from the journal."""
    loaded = courses.load(nbgrader(course).coursedir, ASSIGNMENT, nbgrader(course).config)
    keys = [path.name.split(".")[0] for path in loaded.journal.directory.rglob("*.gz")]
    return [loaded.journal.get(key).usage for key in keys]


def median(runs, attribute, submissions):
    """Return the median of what the runs took for one submission."""
    return statistics.median(getattr(run, attribute) for run in runs) / submissions


@pytest.fixture(scope="module")
def record():
    """Return a dictionary that is written to ``_build/bench/grading.json`` at the end."""
    measured = {"submissions": SUBMISSIONS, "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    yield measured
    path = ROOT / "_build/bench/grading.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(measured, indent=1) + "\n")
    print(path.read_text())
    if {"ours", "large_class"} <= measured.keys():  # else a part has failed
        print(*stated(measured), sep="\n")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return a course with a class of `SUBMISSIONS`, to be copied."""
    return class_of(tmp_path_factory.mktemp("whole") / "class", SUBMISSIONS)


def test_against_peers(tmp_path, whole, record):
    peers = dict.fromkeys((bare, plain, ours, inside), SUBMISSIONS)
    peers |= {otter: FEW} if OTTER else {}
    numbers = itertools.count()
    runs = {peer: [] for peer in peers}
    for peer, submissions in [*peers.items()] * ROUNDS:
        course = copied(whole, tmp_path / str(next(numbers)), submissions)
        runs[peer].append(peer(course))
        print(peer.__name__, submissions, runs[peer][-1])
        if peer is ours:
            used = usages(course)
    for peer, submissions in peers.items():
        record[peer.__name__] = {
            "seconds_per_submission": median(runs[peer], "seconds", submissions),
            "cpu_seconds_per_submission": median(runs[peer], "cpu_seconds", submissions),
            "own_peak_mib": max(run.own_mib for run in runs[peer]),
            "below_peak_mib": max(run.below_mib for run in runs[peer]),
        }
    for peer in peers.keys() - {plain}:
        ratios = {
            kind: record["plain"][kind] / record[peer.__name__][kind]
            for kind in ("seconds_per_submission", "cpu_seconds_per_submission")
        }
        record[peer.__name__]["times_as_fast_as_plain"] = ratios["seconds_per_submission"]
        record[peer.__name__]["times_less_cpu_than_plain"] = ratios["cpu_seconds_per_submission"]
    record["parts_seconds_per_submission"] = {
        part: statistics.fmean(getattr(usage, part) for usage in used)
        for part in ("start", "execution", "checks", "seconds")
    }
    total = record["ours"]["cpu_seconds_per_submission"]
    command = median(runs[ours], "own_cpu_seconds", SUBMISSIONS)
    processes = statistics.fmean(usage.cpu_seconds for usage in used)
    record["parts_of_the_cpu_seconds"] = {
        "students' and tests' processes": processes / total,
        "the command, which writes": command / total,
        "workers, zygotes and the source": 1 - (processes + command) / total,
    }
    record["command_cpu_seconds"] = median(runs[ours], "own_cpu_seconds", 1)


def test_two_submissions(tmp_path, whole, record):
    """Nearly all of it is start-up."""
    found = ours(copied(whole, tmp_path / "ours", 2))
    peer = plain(copied(whole, tmp_path / "plain", 2))
    record["two_submissions"] = {
        "seconds": found.seconds,
        "cpu_seconds": found.cpu_seconds,
        "plain_seconds": peer.seconds,
        "plain_cpu_seconds": peer.cpu_seconds,
    }


def test_second_worker_gains(tmp_path, whole, record):
    one = ours(copied(whole, tmp_path / "one"), "--workers=1")
    two = ours(copied(whole, tmp_path / "two"), "--workers=2")
    record["gain_of_a_second_worker"] = one.seconds / two.seconds
    cells = copied(whole, tmp_path / "cells", VARIED // 3)
    alone, both = (side_by_side(cells, processes) for processes in (1, 2))
    record["gain_of_a_second_core_for_bare_cells"] = 2 * alone / both  # what the machine allows
    record["cpu_seconds_with_a_second_worker"] = two.cpu_seconds / one.cpu_seconds


def test_large_class_keeps_rate_and_memory(tmp_path, record):
    """Plain nbgrader takes half an hour for it, one after the other: its rate is that of before."""
    found = ours(class_of(tmp_path / "large", LARGE_CLASS))
    seconds = found.seconds / LARGE_CLASS
    more = LARGE_CLASS - SUBMISSIONS
    record["large_class"] = {
        "submissions": LARGE_CLASS,
        "seconds_per_submission": seconds,
        "cpu_seconds_per_submission": found.cpu_seconds / LARGE_CLASS,
        "times_as_fast_as_plain": record["plain"]["seconds_per_submission"] / seconds,
        "writer_cpu_ms_per_submission": 1000
        * (found.own_cpu_seconds - record["command_cpu_seconds"])
        / more,
        "writer_peak_mib": found.own_mib,
        "worker_peak_mib": found.below_mib,
    }
