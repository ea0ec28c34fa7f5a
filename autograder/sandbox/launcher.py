"""The backends by name, and the one that this process and thread has started."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from autograder.sandbox.bwrap import Bubblewrap, BubblewrapWalls
from autograder.sandbox.plain import Plain, PlainWalls

if TYPE_CHECKING:
    from autograder.sandbox.backend import Backend, Isolation, Walls

BACKENDS: dict[Isolation, type[Backend]] = {"bwrap": Bubblewrap, "none": Plain}
WALLS: dict[str, type[Walls]] = {"bwrap": BubblewrapWalls, "none": PlainWalls}

_started = threading.local()  # bubblewrap ends with the thread that started it


def launcher(isolation: Isolation) -> Backend:
    """Return the backend of this process and thread, started if there is none that works."""
    known: dict[tuple[int, Isolation], Backend] = _started.__dict__.setdefault("known", {})
    key = os.getpid(), isolation
    if key not in known or known[key].closed:
        backend = BACKENDS[isolation]()
        backend.start()
        known[key] = backend
    return known[key]
