"""The zygote: a process that has imported everything and forks one process per request.

The first one forks a zygote for each worker of the machine; they are alike.
It runs no student code, opens no file of the course, and never sees a submission or a test:
those travel on the socket of the fork they are for, so that no fork inherits another's.
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import select
import socket
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.errors import SandboxError
from autograder.inside.checker import CheckerProcess
from autograder.inside.process import collect_seldom, keep_time
from autograder.inside.shell import Shell, make_shell
from autograder.inside.student import StudentProcess
from autograder.limits import Limits
from autograder.remote.channel import Channel
from autograder.remote.values import WireError
from autograder.sandbox.launcher import WALLS

if TYPE_CHECKING:
    from autograder.sandbox.backend import Walls

BRANCH_SECONDS = 1.0  # that one may take to end when its worker has


class Zygote:
    """Serves ``branch``, and in a branch ``preload``, ``fork``, ``clock`` and ``end``.

    Parameters
    ----------
    control : socket.socket
        Requests of the worker.
    passing : socket.socket
        The sockets for the next fork arrive here.
    walls : Walls
        What keeps its forks apart.
    """

    def __init__(self, control: socket.socket, passing: socket.socket, walls: Walls) -> None:
        self.passing = passing
        self.walls = walls
        self.branches: list[int] = []  # what can be read when they have ended
        self.shell: Shell = make_shell()
        keep_time()
        self.channel = Channel(control, self.serve)

    def serve(self, operation: str, arguments: list[Any], _keywords: dict[str, Any]) -> object:
        """Answer one request of the worker."""
        match operation, arguments:
            case "branch", []:
                self.branch()
                return None
            case "preload", [list(modules)]:
                preload(modules)
                return None
            case "fork", [str(role), dict(limits)]:
                return self.fork(role, Limits(**limits))
            case "clock", [int(process)]:
                return cpu_seconds(process)
            case "end", [int(process), float(patience)]:
                return self.end(process, patience)
        raise WireError(f"the zygote does not know {operation!r}")

    def branch(self) -> None:
        """Fork a zygote for a worker; it ends with the worker, and its forks with it."""
        _, descriptors, _, _ = socket.recv_fds(self.passing, 1, 2)
        reader, writer = os.pipe()
        ended, living = os.pipe()
        between = os.fork()
        if between == 0:
            self.become_branch(descriptors, writer, living)
        self.branches.append(ended)
        hear(reader, writer, living, *descriptors, of=between)
        os.waitpid(between, 0)

    def wait_for_branches(self) -> None:
        """Give the branches, whose workers are gone, time to end by themselves."""
        for ended in self.branches:
            select.select([ended], [], [], BRANCH_SECONDS)

    def become_branch(self, descriptors: list[int], report: int, living: int) -> None:
        """Become a worker's zygote; never return."""
        try:
            self.walls.branch()
            if os.fork():
                os._exit(0)
            close_all_but(*descriptors, report, living)
        except BaseException as error:  # noqa: BLE001 - reported to the worker
            tell(report, error)
        os.close(report)
        try:
            control, self.passing = (socket.socket(fileno=number) for number in descriptors)
            channel = Channel(control, self.serve)
            gc.freeze()
            channel.listen()
        finally:
            os._exit(0)

    def fork(self, role: str, limits: Limits) -> int:
        """Fork a student or checker process and return its number."""
        _, descriptors, _, _ = socket.recv_fds(self.passing, 1, 2)
        reader, writer = os.pipe()
        child = self.walls.fork()
        if child == 0:
            self.become(role, descriptors, writer, limits)
        hear(reader, writer, *descriptors, of=child)
        return child

    def end(self, process: int, patience: float) -> tuple[int, float, int, bool]:
        """End a process with all that it started.

        The first process of a pid namespace is waited for only when all others in it are gone.

        Parameters
        ----------
        process : int
            Its number.
        patience : float
            Seconds to wait for it to end by itself, if its connection has ended already.

        Returns
        -------
        status : int
            As `os.wait4` gives it.
        seconds, memory : float, int
            Of the processor, and resident in bytes.
        alive : bool
            Whether it had to be ended.
        """
        deadline = time.monotonic() + patience
        while not (ended := has_ended(process)) and time.monotonic() < deadline:
            time.sleep(0.005)
        self.walls.kill(process)
        _, status, usage = os.wait4(process, 0)
        self.walls.clean(process)
        unit = 1 if sys.platform == "darwin" else 1024
        return status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, not ended

    def become(self, role: str, descriptors: list[int], report: int, limits: Limits) -> None:
        """Become a student or checker process; never return."""
        try:
            os.setsid()
            close_all_but(*descriptors, report)
            self.walls.enter(limits)
        except BaseException as error:  # noqa: BLE001 - reported to the worker
            tell(report, error)
        os.close(report)
        sys.path.insert(0, "")  # a notebook imports from its own directory
        try:
            connections = [socket.socket(fileno=descriptor) for descriptor in descriptors]
            if role == "student":
                StudentProcess(connections[0], self.shell, limits).run()
            else:
                CheckerProcess(connections[0], connections[1], limits).run()
        finally:
            os._exit(0)


def hear(reader: int, writer: int, *passed: int, of: int) -> None:
    """Wait until a fork is ready; raise `SandboxError` if it says what went wrong."""
    for descriptor in (writer, *passed):
        os.close(descriptor)
    with os.fdopen(reader) as report:
        error = report.read()
    if error:
        os.waitpid(of, 0)
        raise SandboxError(error)


def tell(report: int, error: BaseException) -> NoReturn:
    """Say what went wrong in a fork, and end it."""
    os.write(report, f"{error or type(error).__name__}".encode())
    os._exit(1)


def cpu_seconds(process: int) -> float:
    """Return the CPU time of a process by the kernel; where it tells none, that of the wall."""
    if sys.platform != "linux":
        return time.monotonic()
    return time.clock_gettime(~process << 3 | 2)  # what clock_getcpuclockid(3) gives


def has_ended(process: int) -> bool:
    """Tell whether a process is waited for only."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def preload(modules: list[str]) -> None:
    """Import what test cells import, so that each fork has it already."""
    for module in modules:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                importlib.import_module(module)
            except Exception:  # noqa: BLE001, S112 - the test cell that imports it will say so
                continue
    gc.collect()
    gc.enable()
    collect_seldom()


def close_all_but(*keep: int) -> None:
    """Close every other descriptor, and read from and write to nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    start = 3
    for descriptor in sorted(keep):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, highest)


def warm_up(shell: Shell) -> None:
    """Draw a figure and show an error once, so that fonts are found and caches filled."""
    shell.execute("import matplotlib.pyplot as plt; plt.plot([0, 1]); plt.title('x'); 1")
    shell.run_cell("def f(x):\n    return x\n\nf(1 / 0)", store_history=False)  # type: ignore[no-untyped-call]
    gc.freeze()  # %reset looks for garbage itself, twice
    shell.execute("%reset -f")
    gc.unfreeze()
    from matplotlib import font_manager  # noqa: PLC0415

    font_manager._get_font.cache_clear()  # type: ignore[attr-defined]  # noqa: SLF001 - open files


def main() -> None:
    """Serve the worker whose sockets are given by number."""
    control, passing, isolation = sys.argv[1:]
    walls = WALLS[isolation]()
    walls.prepare()
    zygote = Zygote(socket.socket(fileno=int(control)), socket.socket(fileno=int(passing)), walls)
    warm_up(zygote.shell)
    preload([])
    try:
        zygote.channel.listen()
    except WireError:  # the worker is gone
        zygote.wait_for_branches()
