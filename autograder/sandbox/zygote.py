"""What backends with a zygote have in common: starting it, and asking it for forks."""

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
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from autograder.errors import SandboxError
from autograder.remote.channel import Channel, RemoteError
from autograder.remote.values import WireError

if TYPE_CHECKING:
    from autograder.limits import Limits
    from autograder.sandbox.backend import Role

START_SECONDS = 60.0
ANSWER_SECONDS = 20.0


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
    """

    name: ClassVar[str]

    def __init__(self) -> None:
        self.preloaded: set[str] = set()
        self.resources = contextlib.ExitStack()
        self.close = weakref.finalize(self, _close, self.resources, os.getpid())

    def command(self, arguments: list[str]) -> Command:
        """Return how this Python is run with `arguments`."""
        raise NotImplementedError

    @property
    def closed(self) -> bool:
        """Whether the zygote is gone."""
        return self.channel.closed

    def start(self) -> None:
        """Start the zygote."""
        self.errors = self.resources.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        control, control_end = socket.socketpair()
        self.passing, passing_end = socket.socketpair()
        self.resources.enter_context(control)
        self.resources.enter_context(self.passing)
        descriptors = control_end.fileno(), passing_end.fileno()
        zygote = ["-P", "-m", "autograder.inside.zygote", *map(str, descriptors), self.name]
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
        self.resources.callback(self.process.wait)
        self.resources.callback(self.process.kill)
        self.channel = Channel(control, _refuse)
        self.ask("preload", [], seconds=START_SECONDS)

    def preload(self, modules: tuple[str, ...]) -> None:
        """Import modules before the next fork."""
        if not self.preloaded.issuperset(modules):
            self.ask("preload", list(modules), seconds=START_SECONDS)
            self.preloaded.update(modules)

    def fork(self, role: Role, limits: Limits, *ends: socket.socket) -> int:
        """Start a process that gets the given sockets; return its number."""
        socket.send_fds(self.passing, [b"\0"], [end.fileno() for end in ends])
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
        self.channel.deadline = time.monotonic() + seconds
        try:
            return self.channel.request(operation, *arguments)
        except RemoteError as error:
            raise SandboxError(str(error.error)) from None
        except WireError as error:
            self.channel.close()
            self.errors.seek(0)
            said = self.errors.read().decode(errors="replace").strip()
            self.close()
            raise SandboxError(f"{said or error}") from None


def _close(resources: contextlib.ExitStack, owner: int) -> None:
    if os.getpid() == owner:  # a fork of the worker leaves its parent's zygote alone
        resources.close()


def _refuse(operation: str, _arguments: list[Any], _keywords: dict[str, Any]) -> object:
    raise WireError(f"the zygote asks for {operation!r}")
