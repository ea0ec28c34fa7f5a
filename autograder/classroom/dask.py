"""The scheduler that is Dask's: any cluster of machines."""

from __future__ import annotations

import contextlib
import itertools
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, Future, KilledWorker, wait
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError

from autograder.classroom.scheduler import DIED, MACHINES_FAULTS, Done, Job, Lost, failed
from autograder.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WAIT_SECONDS = 10  # for the scheduler, and for its first worker
LOOK_SECONDS = 5.0  # between two looks whether there are workers, while nothing is finished
ALONE_SECONDS = 60.0  # without any, though one that died is soon replaced


class Dask:
    """A scheduler of Dask's with its workers.

    Parameters
    ----------
    client : Client
        Connected to it.
    """

    cold = 0

    def __init__(self, client: Client) -> None:
        self.client = client
        self._seen = time.monotonic()  # when there was a worker

    def run(
        self, function: Callable[[Job], Done], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Done | Lost]]:
        """Call `function` on each of `jobs`, on any worker, in any order."""
        try:
            yield from self._run(function, iter(jobs))
        except (CancelledError, ClosedClientError, OSError) as error:
            lost = isinstance(error, (CancelledError, ClosedClientError, CommClosedError))
            if not lost and self.client.status == "running":  # an error of this machine's
                raise
            raise ClusterError(
                "the connection to the Dask scheduler was lost; what is finished is kept: "
                "run the same command again"
            ) from error

    def _run(
        self, function: Callable[[Job], Done], waiting: Iterator[Job]
    ) -> Iterator[tuple[Job, Done | Lost]]:
        under_way: dict[Future[Any], Job] = {}
        self._seen = time.monotonic()

        def submit() -> None:
            threads = sum(self.client.nthreads().values())
            room = max(3 * threads, 1) - len(under_way)
            for job in itertools.islice(waiting, max(room, 0)):
                under_way[self.client.submit(function, job, pure=False)] = job

        submit()
        suspects = []
        while under_way:
            for future in self._finished(under_way):
                try:
                    done = _result(future)
                except TimeoutError:  # lost with the worker that had it: another one does it again
                    self._look()
                    continue
                except KilledWorker:
                    suspects.append(under_way.pop(future))  # or merely next to what killed it
                else:
                    yield under_way.pop(future), done
                submit()
        for job in suspects:
            yield job, self._alone(function, job)

    def _alone(self, function: Callable[[Job], Done], job: Job) -> Done | Lost:
        """Call `function` on a job beside which a worker has died, when nothing else runs."""
        future = self.client.submit(function, job, pure=False)
        while True:
            self._finished([future])
            try:
                done: Done | Lost = _result(future)
            except TimeoutError:
                self._look()
            except KilledWorker:
                return DIED
            else:
                return done

    def _finished(self, futures: Iterable[Future[Any]]) -> set[Future[Any]]:
        """Wait until some are finished; raise `ClusterError` if nobody is left who could."""
        while True:
            try:
                found: set[Future[Any]] = wait(
                    list(futures), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED"
                ).done
            except TimeoutError:
                self._look()
            else:
                return found

    def _look(self) -> None:
        """Raise `ClusterError` if there has been no worker for long."""
        now = time.monotonic()
        if self.client.nthreads():
            self._seen = now
        elif now - self._seen > ALONE_SECONDS:
            raise ClusterError(
                f"the Dask cluster has had no worker for {ALONE_SECONDS:g} s; what is finished is "
                "kept: start `dask worker ADDRESS` on some machine, then run the same command again"
            )


@contextlib.contextmanager
def join(address: str) -> Iterator[Dask]:
    """Join the cluster whose scheduler is at `address` until the block ends.

    Raises
    ------
    ClusterError
        If the scheduler cannot be reached, or has no workers.
    """
    settings = {
        "distributed.comm.timeouts.connect": WAIT_SECONDS,
        "distributed.admin.large-graph-warning-threshold": "1 GiB",  # tasks hold submissions
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        try:
            client = stack.enter_context(Client(address))
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except OSError as error:
            raise ClusterError(
                f"the Dask cluster at {address} does not answer or has no workers ({error}): "
                "start `dask scheduler`, then `dask worker ADDRESS` on every machine"
            ) from error
        yield Dask(client)


def _result(future: Future[Any]) -> Any:
    """Return what a job gave, or `Lost` if it raised; raise `TimeoutError` if it is nowhere."""
    try:
        return future.result(timeout=LOOK_SECONDS)
    except (CancelledError, KilledWorker, CommClosedError, *MACHINES_FAULTS):
        raise
    except Exception as error:
        if future.status != "error":  # not the job's own
            raise
        return failed(error)
