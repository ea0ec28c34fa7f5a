"""The backends by name, and the one that this process and thread has started."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from autograder.sandbox.bwrap import Bubblewrap, BubblewrapWalls
from autograder.sandbox.plain import Plain, PlainWalls

if TYPE_CHECKING:
    from autograder.sandbox.backend import Backend, Isolation, Walls
    from autograder.sandbox.zygote import Ends

BACKENDS: dict[Isolation, type[Backend]] = {"bwrap": Bubblewrap, "none": Plain}
WALLS: dict[str, type[Walls]] = {"bwrap": BubblewrapWalls, "none": PlainWalls}

_started = threading.local()  # bubblewrap ends with the thread that started it


def launcher(isolation: Isolation) -> Backend:
    """Return the backend of this process and thread, started if there is none that works."""
    backend = launched(isolation)
    backend.start()
    return backend


def launched(isolation: Isolation) -> Backend:
    """Return the same backend, but do not wait until it has started."""
    known, key = _known(), (os.getpid(), isolation)
    if key not in known or known[key].closed:
        backend = BACKENDS[isolation]()
        backend.launch()
        known[key] = backend
    return known[key]


def dismiss(isolation: Isolation) -> None:
    """End the backend of this process and thread, if there is one."""
    backend = _known().pop((os.getpid(), isolation), None)
    if backend is not None:
        backend.close()


def adopt(isolation: Isolation, ends: Ends) -> None:
    """Let this process and thread have the zygote whose sockets are given."""
    backend = BACKENDS[isolation]()
    backend.adopt(ends)
    _known()[os.getpid(), isolation] = backend


def _known() -> dict[tuple[int, Isolation], Backend]:
    known: dict[tuple[int, Isolation], Backend] = _started.__dict__.setdefault("known", {})
    return known
