"""What runs many jobs: the protocol that a cluster, a pool and this very process implement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from autograder.errors import ClusterError, MachineError, SandboxError, VersionError

Job = TypeVar("Job")
Done = TypeVar("Done")

MACHINES_FAULTS = (SandboxError, VersionError)  # of every job that this machine runs


@dataclass(frozen=True)
class Lost:
    """A job without a result.

    Attributes
    ----------
    message : str
        What happened, each time that it was tried.
    """

    message: str


DIED = Lost("the worker died each time that it was tried")


class Scheduler(Protocol):
    """Runs jobs somewhere; what is raised for one of them stops none of the others."""

    @property
    def cold(self) -> int:
        """Workers on this machine that have not loaded yet what the jobs need."""

    def run(
        self, function: Callable[[Job], Done], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Done | Lost]]:
        """Call `function` on each of `jobs`; yield each job with its result as it is there.

        Only a few jobs are taken ahead of the results, so a class of any size needs the same
        memory.

        Raises
        ------
        ClusterError
            If the connection is lost.
        SandboxError, VersionError
            If a worker cannot isolate, or is of another version.
        """


class Local:
    """Runs one job after the other in this process: a few need no worker."""

    cold = 0

    def run(
        self, function: Callable[[Job], Done], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Done | Lost]]:
        """Call `function` on each of `jobs`."""
        for job in jobs:
            yield job, attempt(function, job)


def attempt(function: Callable[[Job], Done], job: Job) -> Done | Lost:
    """Call `function` on one job; what it raises, but for the machine's faults, is a loss."""
    try:
        return function(job)
    except MACHINES_FAULTS:
        raise
    except Exception as error:  # noqa: BLE001  (one submission must not stop the class)
        return failed(error)


def failed(error: Exception) -> Lost:
    """Say that a job raised: the machine's fault, or ours."""
    if isinstance(error, MachineError):
        return Lost(str(error))
    return Lost(f"the grader failed: {type(error).__name__}: {error}")


def run_one(scheduler: Scheduler, function: Callable[[Job], Done], job: Job) -> Done:
    """Call `function` on one job; raise what `run` raises, and `ClusterError` if it is lost.

    Workers that would have to load it later do it, too, meanwhile.
    """
    found = [done for _, done in scheduler.run(function, [job] * max(1, scheduler.cold))]
    done = next((done for done in found if not isinstance(done, Lost)), found[0])
    if isinstance(done, Lost):
        raise ClusterError(done.message)
    return done
