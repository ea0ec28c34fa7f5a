"""Kernels of this process bind ports that nobody else is given, not even another run of the tests.

Jupyter chooses a free port and the kernel binds it a second later: meanwhile the system, or another
process, may take it. So each process holds a block of ports below those that systems give out by
themselves (RFC 6056 and Linux begin higher), for as long as it lives, by listening on the first.
Importing this module is enough; pytest does so with ``-p tests.support.kernel_ports``.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import socket
from collections.abc import Iterator

from jupyter_client.connect import LocalPortCache

BLOCK = 500  # a port rests for a minute after a kernel, which takes five
FIRST, LAST = 10_000, 32_000


def _listen(port: int) -> socket.socket | None:
    """Listen on a loopback port; None if somebody has it."""
    guard = socket.socket()
    with contextlib.suppress(OSError):
        guard.bind(("127.0.0.1", port))
        guard.listen()
        return guard
    guard.close()
    return None


@functools.cache
def _block() -> tuple[socket.socket, Iterator[int]]:
    """Return the guard of this process's block, and its other ports, again and again."""
    for first in range(FIRST, LAST, BLOCK):
        if guard := _listen(first):
            return guard, itertools.cycle(range(first + 1, first + BLOCK))
    msg = f"no block of {BLOCK} ports is free between {FIRST} and {LAST}"
    raise OSError(msg)


def find_available_port(*_: object) -> int:
    """Return the next port of this process's block that nothing listens on."""
    _, ports = _block()
    for port in itertools.islice(ports, BLOCK):
        if probe := _listen(port):
            probe.close()
            return port
    msg = f"all {BLOCK} ports of this process are taken"
    raise OSError(msg)


LocalPortCache.find_available_port = find_available_port
