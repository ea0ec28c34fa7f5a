"""The scheduler of this machine: processes forked from one that has the grader in memory."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import warnings
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic

from autograder.classroom.scheduler import DIED, MACHINES_FAULTS, Done, Job, Lost, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from multiprocessing.connection import Connection

# A server without threads forks the workers, so no lock is held in them for ever.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["autograder.course.task", "autograder.core.grade_one", "nbgrader.utils"]
)


class Pool:
    """Workers on this machine, one process each, that live while `run` does.

    Parameters
    ----------
    workers : int
        How many.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(
        self, function: Callable[[Job], Done], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Done | Lost]]:
        """Call `function` on each of `jobs`, in any order.

        A job whose worker died is tried once more, alone, when nothing else runs: the machine may
        have been out of memory.
        """
        suspects: list[Job] = []
        with contextlib.ExitStack() as stack:
            workers = [
                stack.enter_context(contextlib.closing(_Worker(function)))
                for _ in range(self.workers)
            ]
            yield from _share(workers, iter(jobs), suspects)
            for job in suspects:
                died: list[Job] = []
                yield from _share(workers[:1], iter([job]), died)
                if died:
                    yield job, DIED


def _share(
    workers: list[_Worker[Job, Done]], waiting: Iterator[Job], suspects: list[Job]
) -> Iterator[tuple[Job, Done | Lost]]:
    """Give each worker a job at a time; put those whose worker died among `suspects`."""
    busy: dict[Connection, tuple[_Worker[Job, Done], Job]] = {}

    def give(worker: _Worker[Job, Done]) -> None:
        for job in itertools.islice(waiting, 1):
            busy[worker.begin(job)] = worker, job

    for worker in workers:
        give(worker)
    while busy:
        ready = wait(list(busy))
        for connection in [each for each in busy if each in ready]:
            worker, job = busy.pop(connection)
            try:
                done = worker.end()
            except (EOFError, OSError):
                suspects.append(job)
                worker.start()
                give(worker)
            else:
                give(worker)  # before the caller takes its time
                yield job, done


class _Worker(Generic[Job, Done]):
    """A process that calls a function on one job after the other."""

    def __init__(self, function: Callable[[Job], Done]) -> None:
        self._function = function
        self.start()

    def start(self) -> None:
        self._connection, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(
            target=_work, args=(self._function, theirs, dict(os.environ)), daemon=True
        )
        self._process.start()
        theirs.close()

    def begin(self, job: Job) -> Connection:
        """Send a job; what is returned can be read when it is done."""
        with contextlib.suppress(OSError):  # it is dead, as `end` will say
            self._connection.send(job)
        return self._connection

    def end(self) -> Done | Lost:
        """Return what the job gave; `EOFError` or `OSError` if the process died."""
        done = self._connection.recv()
        if isinstance(done, MACHINES_FAULTS):
            raise done
        return done

    def close(self) -> None:
        self._process.terminate()
        self._process.join()
        self._connection.close()


def _work(
    function: Callable[[Any], Any], connection: Connection, environment: Mapping[str, str]
) -> None:
    """Do what the other end asks for, until it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the command's to end its workers
    warnings.simplefilter("ignore")  # libraries' own are nothing for an instructor
    os.environ.clear()  # the server may be older than a change of it
    os.environ.update(environment)
    with contextlib.suppress(EOFError, OSError):
        while True:
            job = connection.recv()
            try:
                done = attempt(function, job)
            except MACHINES_FAULTS as fault:
                done = fault
            connection.send(done)
