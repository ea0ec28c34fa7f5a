"""Processes without walls: for code that is trusted, where there is no bubblewrap."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox import namespaces
from autograder.sandbox.zygote import Command, ZygoteBackend, environment

if TYPE_CHECKING:
    from autograder.limits import Limits
    from autograder.sandbox.backend import Finding, Probe


class Plain(ZygoteBackend):
    """Starts the zygote as it is, with all rights of the worker's user."""

    name = "none"
    isolates = False
    probes: tuple[Probe, ...] = ()

    @classmethod
    def findings(cls) -> list[Finding]:
        """Return none: it runs wherever Python does."""
        return []

    @classmethod
    def remedy(cls, error: str) -> str:
        """Say what to do if it does not start."""
        return f"the environment is broken ({error}): install it again"

    def command(self, arguments: list[str]) -> Command:
        """Return how this Python is run with `arguments` in a directory of its own."""
        directory = self.resources.enter_context(tempfile.TemporaryDirectory(prefix="autograder-"))
        package = str(Path(__file__).parents[2])
        variables = environment(directory, directory, package)
        return Command([sys.executable, *arguments], variables, directory)


class PlainWalls:
    """Gives each fork a group of processes and a directory of its own, and limits on Linux."""

    def prepare(self) -> None:
        """Do nothing."""

    def branch(self) -> None:
        """Do nothing: a zygote ends when its worker has."""

    def fork(self) -> int:
        """Fork."""
        return os.fork()

    def enter(self, limits: Limits) -> None:
        """Limit what the kernel counts for each process, and go to the working directory."""
        if sys.platform == "linux":
            namespaces.limit(limits, processes=False)
        scratch(os.getpid()).mkdir()
        os.chdir(scratch(os.getpid()))

    def kill(self, process: int) -> None:
        """End the group of the process."""
        os.killpg(process, signal.SIGKILL)

    def clean(self, process: int) -> None:
        """Remove its directory."""
        shutil.rmtree(scratch(process), ignore_errors=True)


def scratch(process: int) -> Path:
    """Return the working directory of a process."""
    return Path(f"scratch-{process}")
