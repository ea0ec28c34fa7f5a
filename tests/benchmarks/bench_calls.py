"""How long a test waits for the student's code, against a bare round trip of the same bytes.

All processes stay on one core. Writes ``_build/bench/calls.json``: microseconds of wall clock and
of CPU of both processes, the least of all rounds, and the median ratios to the bare round trip.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
from pathlib import Path

from autograder import Limits, grade_one
from tests.support.toy import check, notebook, solution

PATH = Path(__file__).parents[2] / "_build/bench/calls.json"
ROUNDS = 5
BARE_TRIPS = 20_000
LIMITS = Limits(cell_seconds=120.0, submission_seconds=180.0)
ANSWER = """
def same(x):
    return x

class Counter:
    total = 0
"""
TEST = """
import json, time
import numpy as np

def measured(number, act):
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(number):
        act()
    return [1e6 * (now - then) / number
            for now, then in ((time.perf_counter(), wall), (time.process_time(), cpu))]

integers, floats = list(range(100_000)), [i / 7 for i in range(100_000)]
texts, array, counter = [str(i) for i in range(10_000)], np.zeros(1_000_000), Counter()
print(json.dumps({
    "call of a plain number": measured(1000, lambda: same(1.0)),
    "attribute of an object": measured(1000, lambda: counter.total),
    "call of an array of a hundred": measured(500, lambda: same(array[:100])),
    "100 000 integers both ways": measured(3, lambda: same(integers)),
    "100 000 floats both ways": measured(3, lambda: same(floats)),
    "10 000 texts both ways": measured(3, lambda: same(texts)),
    "a million floats in an array both ways": measured(3, lambda: same(array)),
}))
"""


def bare_round_trip() -> list[float]:
    """Return wall clock and CPU of forty bytes to a fork and back, in microseconds."""
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        while received := theirs.recv(4096):
            theirs.sendall(received)
        os._exit(0)
    theirs.close()
    before = os.times()
    with ours:
        for _ in range(BARE_TRIPS):
            ours.sendall(bytes(40))
            ours.recv(4096)
    os.wait()
    after = os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    return [1e6 * seconds / BARE_TRIPS for seconds in (after.elapsed - before.elapsed, cpu)]


def calls() -> dict[str, list[float]]:
    """Return wall clock and CPU of each kind of call, as a test measures them."""
    content = notebook(solution(ANSWER), check(TEST))
    (output,) = grade_one(content, content, LIMITS, levels="split").cells[1].outputs
    measured: dict[str, list[float]] = json.loads(output["text"])
    return measured


def least(measured: list[list[float]]) -> dict[str, float]:
    """Return the least of all rounds."""
    wall, cpu = (min(column) for column in zip(*measured, strict=True))
    return {"wall_us": wall, "cpu_us": cpu}


def test_calls_on_one_core():
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        rounds = [(bare_round_trip(), calls()) for _ in range(ROUNDS)]
    finally:
        os.sched_setaffinity(0, cores)
    record: dict[str, object] = {"bare round trip": least([bare for bare, _ in rounds])}
    for kind in rounds[0][1]:
        ratios = [
            [here / there for here, there in zip(found[kind], bare, strict=True)]
            for bare, found in rounds
        ]
        ratio = [statistics.median(column) for column in zip(*ratios, strict=True)]
        record[kind] = least([found[kind] for _, found in rounds]) | {
            "wall_to_bare": ratio[0],
            "cpu_to_bare": ratio[1],
        }
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(json.dumps(record, indent=1) + "\n")
    print(PATH.read_text())
