"""What starts a submission's processes and keeps them apart: the protocol of a backend.

A backend has two ends.
`Backend` is the worker's: it starts a zygote and asks it for forks.
`Walls` is the zygote's: what is done around each fork, so that it can touch nothing else.
To add one, write both in a file beside `bwrap` and name it in `launcher.BACKENDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import socket

    from autograder.limits import Limits

Isolation = Literal["bwrap", "none"]
Role = Literal["student", "checker"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isolation needs.

    Attributes
    ----------
    what : str
        The thing.
    ok : bool
        Whether this machine has it.
    remedy : str
        What to do if it has not.
    needed : bool
        Whether grading is refused without it.
    """

    what: str
    ok: bool
    remedy: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Probe:
    """Code that must fail in a student's process.

    Attributes
    ----------
    what : str
        What its failure shows.
    code : str
        A cell; ``{port}`` and ``{path}`` are a server and a file of the worker's, which a leak
        would reach.
    remedy : str
        What to do if it does not fail.
    needed : bool
        Whether grading is refused without it.
    """

    what: str
    code: str
    remedy: str
    needed: bool = True


class Backend(Protocol):
    """Starts the processes of submissions and keeps them apart: the worker's end.

    Attributes
    ----------
    probes : tuple of Probe
        What must fail in a student's process.
    closed : bool
        Whether the zygote is gone, and another backend has to be started.
    isolates : bool
        Whether a process cannot end itself or another one as the system's lack of memory does.
    """

    probes: tuple[Probe, ...]
    isolates: bool

    @property
    def closed(self) -> bool:
        """Whether a zygote was there and is gone."""

    @classmethod
    def findings(cls) -> list[Finding]:
        """Say what of the things that it needs this machine has, before anything is started."""

    @classmethod
    def remedy(cls, error: str) -> str:
        """Say what to do if it does not start, with the error that it gave."""

    def launch(self) -> None:
        """Begin to start a zygote; raise `SandboxError` if that cannot even begin."""

    def branch(self) -> tuple[socket.socket, socket.socket]:
        """Fork a zygote for another worker of this machine from the one that was launched.

        Raises
        ------
        SandboxError
            If it did not start.
        """

    def adopt(self, ends: tuple[socket.socket, socket.socket]) -> None:
        """Take over a zygote that another process has branched off, instead of a start."""

    def start(self) -> None:
        """Wait until a zygote is there, and launch it if nobody has.

        Raises
        ------
        SandboxError
            If it does not start.
        """

    def preload(self, modules: tuple[str, ...]) -> None:
        """Import modules before the next fork."""

    def fork(self, role: Role, limits: Limits, *ends: socket.socket) -> int:
        """Start a process that gets the given sockets; return its number."""

    def clock(self, number: int) -> float:
        """Return the CPU seconds that a process has used so far, by the kernel."""

    def end(self, number: int, patience: float = 0.0) -> tuple[int, float, int, bool]:
        """End a process and all that it started, `patience` seconds after its connection ended.

        Returns
        -------
        tuple of (int, float, int, bool)
            Status, CPU seconds, bytes of memory, and whether it was still alive.
        """

    def close(self) -> None:
        """End the zygote and every process that it started."""


class Walls(Protocol):
    """Keeps a fork of the zygote's apart from everything else: the zygote's end."""

    def prepare(self) -> None:
        """Do once, in the first zygote, what every fork needs."""

    def branch(self) -> None:
        """In a fork of the first zygote, whose next fork is a worker's: what goes with it ends."""

    def fork(self) -> int:
        """Fork a submission's first process, as `os.fork` does."""

    def enter(self, limits: Limits) -> None:
        """In the submission's process: hide, limit, and go to its working directory."""

    def kill(self, process: int) -> None:
        """End a submission's process with all that it started."""

    def clean(self, process: int) -> None:
        """Remove what an ended process has left."""
