"""The command in a process of its own, and the processes that a process has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.courses import ROOT

# In an answer, so that a command is not done before it is disturbed.
SLOWLY = "import time\ntime.sleep(0.7)\n"


def children(process):
    """Return the process numbers of all descendants, on the host."""
    found = []
    with contextlib.suppress(OSError):  # it has ended meanwhile
        for task in Path(f"/proc/{process}/task").iterdir():
            found += (task / "children").read_text().split()
    return found + [pid for child in found for pid in children(child)]


def kill(process):
    """Kill a process, unless it has ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(process), signal.SIGKILL)


def start(course, *options, **settings):
    """Start the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", "small", *options],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **settings,
    )


def wait_for_entries(course, number, process):
    """Wait until the journal holds so many results; the class must not be finished by then."""
    while len(list((course / "grading/journal").rglob("*.gz"))) < number:
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.02)
