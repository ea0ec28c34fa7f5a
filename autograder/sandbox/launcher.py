"""Starts processes for submissions: the worker's side of the zygote."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from autograder.errors import SandboxError
from autograder.remote.channel import Channel, RemoteError
from autograder.remote.values import WireError
from autograder.sandbox.namespaces import bwrap_command, environment

if TYPE_CHECKING:
    from autograder.limits import Limits

Isolation = Literal["bwrap", "none"]

START_SECONDS = 60.0
ANSWER_SECONDS = 20.0


class Launcher:
    """A zygote of this worker's, started when first needed and kept.

    Parameters
    ----------
    isolation : {"bwrap", "none"}
        Whether its forks are isolated.

    Attributes
    ----------
    close : callable
        Ends the zygote and every process that it started; called at the latest at exit.

    Raises
    ------
    SandboxError
        If it does not start.
    """

    def __init__(self, isolation: Isolation) -> None:
        self.preloaded: set[str] = set()
        resources = contextlib.ExitStack()
        self.close = weakref.finalize(self, _close, resources, os.getpid())
        self.errors = resources.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        control, control_end = socket.socketpair()
        self.passing, passing_end = socket.socketpair()
        resources.enter_context(control)
        resources.enter_context(self.passing)
        arguments = ["-P", "-m", "autograder.inside.zygote"]
        arguments += [str(control_end.fileno()), str(passing_end.fileno()), isolation]
        if isolation == "bwrap":
            command, variables, directory = bwrap_command(arguments), {}, "/"
        else:
            command = [sys.executable, *arguments]
            directory = resources.enter_context(tempfile.TemporaryDirectory(prefix="autograder-"))
            package = str(Path(__file__).parents[2])
            variables = environment(directory, directory, package)
        with control_end, passing_end:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
                cwd=directory,
                env=variables,
                pass_fds=(control_end.fileno(), passing_end.fileno()),
            )
        resources.callback(self.process.wait)
        resources.callback(self.process.kill)
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

    def clock(self, number: int) -> float:
        """Return the CPU seconds that a process has used so far, by the kernel."""
        seconds: float = self.ask("clock", number)
        return seconds

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


_launchers = threading.local()  # bubblewrap ends with the thread that started it


def launcher(isolation: Isolation) -> Launcher:
    """Return the launcher of this process and thread, started if there is none that works."""
    known: dict[tuple[int, Isolation], Launcher] = _launchers.__dict__.setdefault("known", {})
    key = os.getpid(), isolation
    if key not in known or known[key].channel.closed:
        known[key] = Launcher(isolation)
    return known[key]
