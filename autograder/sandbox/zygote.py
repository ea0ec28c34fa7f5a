"""What backends with a zygote have in common: starting it, and asking it for forks.

Each worker has a zygote of its own, but they are all forks of the first one on the machine: only
that one imports anything.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from autograder.errors import SandboxError
from autograder.remote.channel import Channel, RemoteError
from autograder.remote.values import WireError

if TYPE_CHECKING:
    from autograder.limits import Limits
    from autograder.sandbox.backend import Role

START_SECONDS = 60.0
ANSWER_SECONDS = 20.0
END_SECONDS = 2.0
RUN = "import gc; gc.disable(); from autograder.inside.zygote import main; main()"  # no garbage yet

Ends = tuple[socket.socket, socket.socket]  # for requests, and for the sockets of forks


class Command(NamedTuple):
    """How a zygote is run: its command line, its environment and its working directory."""

    arguments: list[str]
    environment: dict[str, str]
    directory: str


def environment(home: str, temporary: str, package: str) -> dict[str, str]:
    """Return all that a sandboxed process finds in its environment."""
    return {
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "LANG": "C.UTF-8",
        # Where a Python finds its library that has it beside itself: /proc, which knows, is empty.
        "LD_ORIGIN_PATH": str(Path(sys.executable).resolve().parent),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "NBGRADER_EXECUTION": "autograde",  # as nbgrader tells the notebooks that it grades
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_RETRIES": "0",  # there is no network to wait for
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": package,
        "TMPDIR": temporary,
    }


class ZygoteBackend:
    """A backend whose zygote is a process of this machine, ended with the worker at the latest.

    Attributes
    ----------
    name : str
        Of the backend; the zygote finds its walls by it.
    process : subprocess.Popen
        The first zygote, if this backend has launched it.
    """

    name: ClassVar[str]

    def __init__(self) -> None:
        self.preloaded: set[str] = set()
        self.first: Channel | None = None
        self.channel: Channel | None = None
        self.resources = contextlib.ExitStack()
        self.close = weakref.finalize(self, _close, self.resources, os.getpid())

    def command(self, arguments: list[str]) -> Command:
        """Return how this Python is run with `arguments`."""
        raise NotImplementedError

    @property
    def closed(self) -> bool:
        """Whether the zygote is gone."""
        channel = self.channel or self.first
        return channel is not None and channel.closed

    def launch(self) -> None:
        """Start the first zygote, and do not wait until it is ready."""
        self.errors = self.resources.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        control, control_end = socket.socketpair()
        self.first_passing, passing_end = socket.socketpair()
        self.resources.enter_context(self.first_passing)
        descriptors = control_end.fileno(), passing_end.fileno()
        zygote = ["-P", "-c", RUN, *map(str, descriptors), self.name]
        with control_end, passing_end:
            command = self.command(zygote)
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command.arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
                cwd=command.directory,
                env=command.environment,
                pass_fds=descriptors,
            )
        self.resources.enter_context(control)
        self.resources.callback(self.process.wait)
        self.resources.callback(self.process.kill)
        self.first = Channel(control, _refuse)

    def branch(self) -> Ends:
        """Let the first zygote, once it is ready, fork one for a worker; return its sockets."""
        if self.first is None:
            raise SandboxError("no zygote was launched here")
        control, control_end = socket.socketpair()
        passing, passing_end = socket.socketpair()
        with control_end, passing_end:
            _pass(self.first_passing, control_end, passing_end)
            self._ask(self.first, START_SECONDS, "branch")
        self.resources.callback(_let_end, self.first.connection, self.process)
        return control, passing

    def adopt(self, ends: Ends) -> None:
        """Take a zygote that another process has let fork."""
        control, self.passing = (self.resources.enter_context(end) for end in ends)
        self.channel = Channel(control, _refuse)

    def start(self) -> None:
        """Have a zygote that is ready."""
        if self.channel is None:
            if self.first is None:
                self.launch()
            self.adopt(self.branch())

    def preload(self, modules: tuple[str, ...]) -> None:
        """Import modules before the next fork."""
        if not self.preloaded.issuperset(modules):
            self.ask("preload", list(modules), seconds=START_SECONDS)
            self.preloaded.update(modules)

    def fork(self, role: Role, limits: Limits, *ends: socket.socket) -> int:
        """Start a process that gets the given sockets; return its number."""
        _pass(self.passing, *ends)
        number: int = self.ask("fork", role, dataclasses.asdict(limits))
        return number

    def clock(self, number: int) -> float:
        """Return the CPU seconds that a process has used so far, by the kernel."""
        seconds: float = self.ask("clock", number)
        return seconds

    def end(self, number: int, patience: float = 0.0) -> tuple[int, float, int, bool]:
        """End a process; return status, CPU seconds, memory and whether it had to be ended."""
        usage: tuple[int, float, int, bool] = self.ask("end", number, float(patience))
        return usage

    def ask(self, operation: str, *arguments: object, seconds: float = ANSWER_SECONDS) -> Any:
        """Ask the zygote."""
        self.start()
        return self._ask(cast("Channel", self.channel), seconds, operation, *arguments)

    def _ask(self, channel: Channel, seconds: float, operation: str, *arguments: object) -> Any:
        channel.deadline = time.monotonic() + seconds
        try:
            return channel.request(operation, *arguments)
        except RemoteError as error:
            raise SandboxError(str(error.error)) from None
        except WireError as error:
            channel.close()
            said = ""
            if self.first is not None:
                self.errors.seek(0)
                said = self.errors.read().decode(errors="replace").strip()
            self.close()
            raise SandboxError(f"{said or error}") from None


def _pass(passing: socket.socket, *ends: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is gone, as the request that follows will say
        socket.send_fds(passing, [b"\0"], [end.fileno() for end in ends])


def _let_end(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    """Give the first zygote time to end after those that it has forked."""
    control.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)


def _close(resources: contextlib.ExitStack, owner: int) -> None:
    if os.getpid() == owner:  # a fork of the worker leaves its parent's zygote alone
        resources.close()


def _refuse(operation: str, _arguments: list[Any], _keywords: dict[str, Any]) -> object:
    raise WireError(f"the zygote asks for {operation!r}")
