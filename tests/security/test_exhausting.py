"""Attacks on what all submissions share: time, memory, processes, disks, and the grader's patience."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import json

import pytest

from tests.security.attacks import FULL, Attack, Notebook

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class


def many_cells(notebook: Notebook) -> None:
    cell = {"cell_type": "raw", "metadata": {}, "source": "x"}
    notebook["cells"] += [cell | {"id": f"x{i}"} for i in range(3000)]


ATTACKS = [
    Attack(
        "endless-loop",
        "Loops without end and ignores every interrupt; it ends at its time, and the answers count.",
        """
import signal, time
print("looping")
while True:
    try:
        time.sleep(9)
    except BaseException:
        signal.setitimer(signal.ITIMER_REAL, 0)
""",
        right=True,
        finishes=False,
        says=("ignored its interrupt",),
    ),
    Attack(
        "fork-bomb",
        "Forks without end; the number of processes is limited.",
        """
import os, time
made = 0
try:
    while True:
        if os.fork() == 0:
            try:
                while True: os.fork()
            except OSError: time.sleep(60)
        made += 1
except OSError as error:
    print("stopped", made < 20, error)
""",
        right=True,
        says=("stopped True",),
    ),
    Attack(
        "thread-bomb",
        "Starts threads without end; their number is limited.",
        """
import threading, time
try:
    while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
except RuntimeError as error:
    print("stopped", threading.active_count() < 20, error)
""",
        right=True,
        finishes=True,
        says=("stopped True",),
    ),
    Attack(
        "memory-bomb",
        "Takes memory without end, in every way that a process can.",
        """
import ctypes, mmap, os
libc = ctypes.CDLL(None)
hoard = []
try:
    while len(hoard) < 32: hoard.append(mmap.mmap(-1, 2**26))
except OSError as error:
    print("refused", len(hoard) < 8, error.strerror)
hoard.clear()
attempt(bytearray, 2**30)
attempt(np.empty, 2**28)
attempt(os.memfd_create, "x")
print("segment", libc.shmget(0, ctypes.c_size_t(2**28), 0o1600))
""",
        right=True,
        says=(
            "refused True",
            "bytearray MemoryError",
            "memfd_create PermissionError",
            "segment -1",
        ),
    ),
    Attack(
        "full-disk",
        "Fills the scratch directory, shared memory and the table of files.",
        """
import os
def fill(place):
    try:
        for i in range(99): open(f"{place}/{i}", "wb").write(bytes(2**23))
    except OSError as error: print("full:", error.strerror)
    for name in os.listdir(place): os.path.isdir(f"{place}/{name}") or os.unlink(f"{place}/{name}")
for place in (".", "/dev/shm", "/scratch/tmp"): fill(place)
attempt(lambda: open("large", "wb").write(bytes(2**26)))
try:
    for i in range(99_999): open(f"f{i}", "w").close()
except OSError as error: print("full:", error.strerror)
""",
        right=True,
        says=("full: No space left on device", "File too large"),
    ),
    Attack(
        "descriptors-and-pipes",
        "Opens files, pipes and sockets until there are no more; the limit is its own.",
        """
import os, socket
hoard = []
for get in (lambda: open("/dev/null"), os.pipe, socket.socketpair, lambda: os.dup(0)):
    try:
        while True: hoard.append(get())
    except OSError as error: print("stopped", error.strerror, len(hoard) < 200)
    for thing in hoard:
        for part in thing if isinstance(thing, tuple) else (thing,):
            os.close(part) if isinstance(part, int) else part.close()
    hoard.clear()
""",
        right=True,
        says=("stopped Too many open files True",),
    ),
    Attack(
        "output-flood",
        "Prints without end, in lines and without; what is too much is dropped.",
        """
import sys
for i in range(50_000): print(i)
print("x" * 50_000_000, end="")
sys.stderr.write("y" * 50_000_000)
for i in range(200): display("z" * 10_000)
""",
        right=True,
        finishes=False,
        says=("longer than 200000 bytes",),
    ),
    Attack(
        "slow-answer",
        "Is slow in one test; that one loses its time, and the others count.",
        """
import time
right = double
def double(x):
    if x == 7: time.sleep(60)
    return right(x)
""",
        right=True,
        earns=FULL - 1,
    ),
    Attack(
        "many-cells",
        "Hands in thousands of cells.",
        right=True,
        edit=many_cells,
    ),
    Attack(
        "empty-file",
        "Hands in nothing: no points, and a reason.",
        content=b"",
        problem="the file is empty",
    ),
    Attack(
        "deep-json",
        "Hands in JSON nested so deep that a parser runs out of stack: no points, and a reason.",
        content=b"[" * 10**6,
        problem="nested too deep",
    ),
    Attack(
        "foreign-format",
        "Hands in a notebook of a format that does not exist yet.",
        content=json.dumps(
            {"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}
        ).encode(),
        problem="unknown notebook format 5",
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
