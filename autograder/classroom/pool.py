"""The scheduler of this machine: processes forked from one that has the grader in memory."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import sys
import warnings
from multiprocessing import forkserver
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from autograder.classroom.scheduler import DIED, MACHINES_FAULTS, Done, Job, Lost, attempt
from autograder.errors import SandboxError
from autograder.inside.process import collect_seldom
from autograder.sandbox import launcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from multiprocessing.connection import Connection

    from autograder.sandbox.backend import Isolation
    from autograder.sandbox.zygote import Ends

# A server without threads forks the workers, so no lock is held in them for ever.
CONTEXT = multiprocessing.get_context("forkserver")


def serve(module: str) -> None:
    """Start the server, if there is none; it loads `module`, and this process need not wait."""
    CONTEXT.set_forkserver_preload([module])
    forkserver.ensure_running()


class Pool:
    """Workers on this machine, one process each, that are started as they are needed.

    Parameters
    ----------
    workers : int
        How many at most.
    isolation : str or None
        How all jobs isolate, if they do: what that takes is then started once for all workers.
    """

    def __init__(self, workers: int, isolation: Isolation | None = None) -> None:
        self.workers = workers
        self.isolation = isolation
        self._started: list[_Worker] = []
        self._cores = cores_for(workers)

    @property
    def cold(self) -> int:
        """How many have not loaded yet what the jobs need."""
        return self.workers - len(self._started)

    def close(self) -> None:
        """End the workers, and what they have in common."""
        for worker in self._started:
            worker.close()
        if self.isolation:
            launcher.dismiss(self.isolation)

    def run(
        self, function: Callable[[Job], Done], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Done | Lost]]:
        """Call `function` on each of `jobs`, in any order.

        A job whose worker died is tried once more, alone, when nothing else runs: the machine may
        have been out of memory.
        """
        serve(function.__module__)
        suspects: list[Job] = []
        yield from self._share(self.workers, function, iter(jobs), suspects)
        for job in suspects:
            died: list[Job] = []
            yield from self._share(1, function, iter([job]), died)
            if died:
                yield job, DIED

    def _share(
        self,
        workers: int,
        function: Callable[[Job], Done],
        waiting: Iterator[Job],
        suspects: list[Job],
    ) -> Iterator[tuple[Job, Done | Lost]]:
        """Give each worker a job at a time; put those whose worker died among `suspects`."""
        busy: dict[Connection, tuple[_Worker, Job]] = {}

        def give(worker: _Worker, job: Job) -> None:
            busy[worker.begin(function, job)] = worker, job

        try:
            for number, job in zip(range(workers), waiting, strict=False):
                if number == len(self._started):
                    self._started.append(_Worker(self._cores[number], self.isolation))
                give(self._started[number], job)
            following = next(waiting, None)
            while busy:
                ready = wait(list(busy))
                for connection in [each for each in busy if each in ready]:
                    worker, job = busy.pop(connection)
                    done = []
                    try:
                        done.append((job, worker.end()))
                    except (EOFError, OSError):
                        suspects.append(job)
                        worker.start()
                    if following is not None:
                        give(worker, following)
                    yield from done
                    following = next(waiting, None)  # made while the workers are busy
        finally:
            for worker, _ in busy.values():  # nobody waits any more for what they do
                self._started.remove(worker)
                worker.close()


class _Worker:
    """A process that does one job after the other."""

    def __init__(self, cores: set[int], isolation: Isolation | None) -> None:
        self._cores = cores
        self._isolation = isolation
        self.start()

    def start(self) -> None:
        self._connection, theirs = CONTEXT.Pipe()
        zygote: Ends | None = None
        if self._isolation:
            with contextlib.suppress(SandboxError, OSError):  # the worker will say so itself
                zygote = launcher.launched(self._isolation).branch()
        arguments = (theirs, self._cores, dict(os.environ), self._isolation, zygote)
        self._process = CONTEXT.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        for end in (theirs, *(zygote or ())):
            end.close()

    def begin(self, function: Callable[[Job], Done], job: Job) -> Connection:
        """Send a job; what is returned can be read when it is done."""
        with contextlib.suppress(OSError):  # it is dead, as `end` will say
            self._connection.send((function, job))
        return self._connection

    def end(self) -> Any:
        """Return what the job gave, or `Lost`; `EOFError` or `OSError` if the process died."""
        done = self._connection.recv()
        if isinstance(done, MACHINES_FAULTS):
            raise done
        return done

    def close(self) -> None:
        self._process.terminate()
        self._process.join()
        self._connection.close()


def cores_for(workers: int) -> list[set[int]]:
    """Return the cores of each worker: one, unless there are more workers than cores.

    A submission's processes wait for each other, so two cores gain nothing, and a message between
    them takes longer. Which one is left to chance, as other commands may run on this machine.
    """
    if sys.platform != "linux":
        return [set()] * workers
    cores = os.sched_getaffinity(0)
    if workers > len(cores):
        return [cores] * workers
    return [{core} for core in random.sample(sorted(cores), workers)]


def _work(
    connection: Connection,
    cores: set[int],
    environment: Mapping[str, str],
    isolation: Isolation | None,
    zygote: Ends | None,
) -> None:
    """Do what the other end asks for, until it is gone."""
    if cores:
        os.sched_setaffinity(0, cores)
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the command's to end its workers
    warnings.simplefilter("ignore")  # libraries' own are nothing for an instructor
    os.environ.clear()  # the server may be older than a change of it
    os.environ.update(environment)
    if isolation and zygote:
        launcher.adopt(isolation, zygote)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, job = connection.recv()
            try:
                done = attempt(function, job)
            except MACHINES_FAULTS as fault:
                done = fault
            connection.send(done)
