"""Starts processes for submissions: the worker's side of the zygote."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from autograder._channel import Channel, RemoteError
from autograder._sandbox import SandboxError, bwrap_command, environment
from autograder._wire import WireError

if TYPE_CHECKING:
    from autograder._limits import Limits

Isolation = Literal["bwrap", "none"]

START_SECONDS = 60.0
ANSWER_SECONDS = 20.0


class Launcher:
    """A zygote of this worker's, started when first needed and kept.

    Parameters
    ----------
    isolation : {"bwrap", "none"}
        Whether its forks are isolated.

    Raises
    ------
    SandboxError
        If it does not start.
    """

    def __init__(self, isolation: Isolation) -> None:
        self.preloaded: set[str] = set()
        self.directory = tempfile.TemporaryDirectory(prefix="autograder-")
        control, control_end = socket.socketpair()
        self.passing, passing_end = socket.socketpair()
        arguments = ["-P", "-m", "autograder._zygote"]
        arguments += [str(control_end.fileno()), str(passing_end.fileno()), isolation]
        if isolation == "bwrap":
            command, variables = bwrap_command(arguments), {}
        else:
            command = [sys.executable, *arguments]
            home, package = self.directory.name, str(Path(__file__).parent.parent)
            variables = environment(home, home, package)
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        with control_end, passing_end:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
                cwd=self.directory.name,
                env=variables,
                pass_fds=(control_end.fileno(), passing_end.fileno()),
            )
        self.channel = Channel(control, _refuse)
        self.ask("preload", [], seconds=START_SECONDS)

    def preload(self, modules: tuple[str, ...]) -> None:
        """Import modules before the next fork."""
        if not self.preloaded.issuperset(modules):
            self.ask("preload", list(modules), seconds=START_SECONDS)
            self.preloaded.update(modules)

    def fork(
        self, role: Literal["student", "checker"], limits: Limits, *ends: socket.socket
    ) -> int:
        """Start a process that gets the given sockets; return its number."""
        socket.send_fds(self.passing, [b"\0"], [end.fileno() for end in ends])
        number: int = self.ask("fork", role, dataclasses.asdict(limits))
        return number

    def end(self, number: int) -> tuple[int, float, int]:
        """End a process and all that it started; return status, CPU seconds and memory."""
        usage: tuple[int, float, int] = self.ask("end", number)
        return usage

    def ask(self, operation: str, *arguments: object, seconds: float = ANSWER_SECONDS) -> Any:
        """Ask the zygote."""
        self.channel.deadline = time.monotonic() + seconds
        try:
            return self.channel.request(operation, *arguments)
        except RemoteError as error:
            raise SandboxError(str(error.error)) from None
        except WireError as error:
            self.close()
            self.errors.seek(0)
            said = self.errors.read().decode(errors="replace").strip()
            raise SandboxError(f"{said or error}") from None

    def close(self) -> None:
        """End the zygote and every process that it started."""
        self.channel.close()
        self.passing.close()
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.directory.cleanup()


def _refuse(operation: str, _arguments: list[Any], _keywords: dict[str, Any]) -> object:
    raise WireError(f"the zygote asks for {operation!r}")


_launchers = threading.local()  # bubblewrap ends with the thread that started it


def launcher(isolation: Isolation) -> Launcher:
    """Return this thread's launcher, started if there is none that works."""
    known: dict[str, Launcher] = _launchers.__dict__
    if isolation not in known or known[isolation].channel.closed:
        known[isolation] = Launcher(isolation)
    return known[isolation]
