"""What the student and the checker process have in common."""

from __future__ import annotations

import functools
import gc
import resource
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_TEXT = 2**13
GRADERS = {"autograder", "numpy", "IPython", "traitlets"}  # the process itself needs them


class CellTimeoutError(BaseException):
    """The cell ran longer than it may; no `except Exception` of the student's hides it."""


def raise_timeout(*_signal: object) -> None:
    """Interrupt the cell; the handler of the alarm."""
    raise CellTimeoutError("the cell ran longer than it may")


class time_limit:  # noqa: N801 - used as a function
    """Interrupts what runs longer than so many seconds in a block; 0 for no limit."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if self.seconds:
            signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_error: object) -> None:
        if self.seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)


def all_memory_but(kept: int) -> tuple[int, int]:
    """Return the limit on memory that keeps so many bytes of what the process may have."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    return (most - kept if kept < most != resource.RLIM_INFINITY else most), most


def limit_memory(values: tuple[int, int]) -> None:
    """Set the limit on memory, unless the student's code has set one itself that is final."""
    try:  # noqa: SIM105 - at each call
        resource.setrlimit(resource.RLIMIT_AS, values)
    except ValueError:
        pass


class keep_memory:  # noqa: N801 - used as a function
    """Keeps so many bytes of memory from what runs in a block, for what comes after it."""

    def __init__(self, kept: int) -> None:
        self.limit = all_memory_but(kept)

    def __enter__(self) -> None:
        self.before = resource.getrlimit(resource.RLIMIT_AS)
        limit_memory(self.limit)

    def __exit__(self, *_error: object) -> None:
        limit_memory(self.before)


def collect_seldom() -> None:
    """Look for cycles less often, and never in what has been imported: forks share it so."""
    gc.set_threshold(20_000, 10, 10)
    gc.freeze()


def keep_time() -> None:
    """Let `time.process_time` tell the time until now.

    Of a process whose time is limited, the kernel else tells what it was at the last tick or
    switch; to ask for that of a thread brings it up to date.
    """
    for name in ("process_time", "process_time_ns"):
        setattr(time, name, _brought_up_to_date(getattr(time, name), time.thread_time))


def _brought_up_to_date(clock: Any, update: Callable[[], float]) -> Any:
    @functools.wraps(clock)
    def now() -> Any:
        update()
        return clock()

    return now


def write_files(files: Mapping[str, bytes]) -> None:
    """Write the given files below the working directory.

    A module among them wins over an installed one that the zygote has imported.
    """
    for name, content in files.items():
        module = name.removesuffix(".py").partition("/")[0]
        if name.endswith(".py") and module not in sys.stdlib_module_names | GRADERS:
            for known in [key for key in sys.modules if key.partition(".")[0] == module]:
                del sys.modules[known]
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
