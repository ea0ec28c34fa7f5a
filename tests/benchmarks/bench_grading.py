"""How long a class takes: plain ``nbgrader autograde`` against ours, the same submissions in turn.

Writes ``_build/bench/grading.json``. `SUBMISSIONS`, `ROUNDS` and `LARGE_CLASS` can be set in the
environment, to look at something quickly.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.course import assignment as courses
from tests.exercises.grading import answer_with, new_course, questions, read_notebook
from tests.exercises.variants import read_bank
from tests.support.courses import nbgrader

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "01-metrics"
SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "60"))
ROUNDS = int(os.environ.get("ROUNDS", "2"))
LARGE_CLASS = int(os.environ.get("LARGE_CLASS", "1000"))
MiB = 2**20
OURS = """
import json, sys
import autograder
if __name__ == "__main__":
    summary = autograder.grade(".", sys.argv[1], workers=int(sys.argv[2]))
    assert not summary.failed, str(summary)
    json.dump([summary.seconds, summary.gradebook_seconds], open("summary.json", "w"))
"""


@dataclass(frozen=True)
class Run:
    """What one command took.

    Attributes
    ----------
    seconds, cpu_seconds : float
        Wall clock, and CPU of the command and all processes below it.
    writer_mib, worker_mib : float
        Peak memory of the command itself, and of the largest process below it.
    """

    seconds: float
    cpu_seconds: float
    writer_mib: float
    worker_mib: float


def run(command, directory):
    """Run a command, looking at its processes five times a second."""
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, env=environment)
        root = psutil.Process(process.pid)
        cpu = writer = worker = 0.0
        while process.poll() is None:
            try:
                tree = [root, *root.children(recursive=True)]
            except psutil.NoSuchProcess:
                break
            total = 0.0
            for member in tree:
                try:
                    total += sum(
                        member.cpu_times()[:4]
                    )  # its own, and of the children it has reaped
                    memory = member.memory_info().rss / MiB
                except psutil.NoSuchProcess:
                    continue
                if member is root:
                    writer = max(writer, memory)
                else:
                    worker = max(worker, memory)
            cpu = max(cpu, total)
            time.sleep(0.2)
    assert process.returncode == 0, (directory / "log").read_text()[-2000:]
    return Run(time.perf_counter() - started, cpu, writer, worker)


def hand_in(course, number):
    """Hand in `number` different honest submissions: right and wrong answers from the bank."""
    variants = read_bank(ASSIGNMENT)
    choices = {
        question: [None, *(variant for variant in variants if variant.question == question)]
        for question in questions(read_notebook("solutions", ASSIGNMENT))
    }
    draw = random.Random(0)
    for i in range(number):
        drawn = {question: draw.choice(found) for question, found in choices.items()}
        notebook = answer_with(ASSIGNMENT, {q: variant for q, variant in drawn.items() if variant})
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"Submission {i}."))
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


def plain(course):
    """Grade the class with nbgrader as it comes."""
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("\ndel c['Autograde']\n")
    return run([sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT], course)


def ours(course, workers):
    """Grade the class with ours."""
    (course / "grade.py").write_text(OURS)
    return run([sys.executable, "grade.py", ASSIGNMENT, str(workers)], course)


def usages(course):
    """Return what each submission used, from the journal."""
    loaded = courses.load(nbgrader(course).coursedir, ASSIGNMENT, nbgrader(course).config)
    keys = [path.name.split(".")[0] for path in loaded.journal.directory.rglob("*.gz")]
    return [loaded.journal.get(key).usage for key in keys]


@pytest.fixture(scope="module")
def record():
    """Return a dictionary that is written to ``_build/bench/grading.json`` at the end."""
    measured = {"submissions": SUBMISSIONS, "cores": os.cpu_count()}
    yield measured
    path = ROOT / "_build/bench/grading.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(measured, indent=1) + "\n")
    print(path.read_text())


def test_against_plain_nbgrader(tmp_path, record):
    numbers = itertools.count()
    runs = {"plain": [], "ours": []}
    for _ in range(ROUNDS):
        runs["plain"].append(plain(class_of(tmp_path / str(next(numbers)), SUBMISSIONS)))
        course = class_of(tmp_path / str(next(numbers)), SUBMISSIONS)
        runs["ours"].append(ours(course, os.cpu_count()))
    for side, found in runs.items():
        record[side] = {
            "seconds_per_submission": statistics.median(r.seconds for r in found) / SUBMISSIONS,
            "cpu_seconds_per_submission": statistics.median(r.cpu_seconds for r in found)
            / SUBMISSIONS,
            "writer_peak_mib": max(r.writer_mib for r in found),
            "worker_peak_mib": max(r.worker_mib for r in found),
        }
    record["ratio"] = (
        record["plain"]["seconds_per_submission"] / record["ours"]["seconds_per_submission"]
    )
    used = usages(course)
    total, gradebook = json.loads((course / "summary.json").read_text())
    record["split_seconds_per_submission"] = {
        "start": statistics.fmean(usage.start for usage in used),
        "execution": statistics.fmean(usage.execution for usage in used),
        "checks": statistics.fmean(usage.checks for usage in used),
        "grade_one": statistics.fmean(usage.seconds for usage in used),
        "gradebook": gradebook / SUBMISSIONS,
    }
    record["start_of_the_command_seconds"] = runs["ours"][-1].seconds - total


def test_second_worker_gains(tmp_path, record):
    one = ours(class_of(tmp_path / "one", SUBMISSIONS), 1)
    two = ours(class_of(tmp_path / "two", SUBMISSIONS), 2)
    record["gain_of_a_second_worker"] = one.seconds / two.seconds


def test_large_class_keeps_rate_and_memory(tmp_path, record):
    found = ours(class_of(tmp_path / "large", LARGE_CLASS), os.cpu_count())
    record["large_class"] = {
        "submissions": LARGE_CLASS,
        "seconds_per_submission": found.seconds / LARGE_CLASS,
        "writer_peak_mib": found.writer_mib,
        "worker_peak_mib": found.worker_mib,
    }
