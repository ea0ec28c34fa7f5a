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

        def submit() -> None:
            threads = sum(self.client.nthreads().values())
            room = max(3 * threads, 1) - len(under_way)
            for job in itertools.islice(waiting, max(room, 0)):
                under_way[self.client.submit(function, job, pure=False)] = job

        submit()
        suspects = []
        while under_way:
            for future in self._finished(under_way):
                job = under_way.pop(future)
                try:
                    done = _result(future)
                except KilledWorker:
                    suspects.append(job)  # or merely next to the job that killed the worker
                else:
                    yield job, done
                submit()
        for job in suspects:
            future = self.client.submit(function, job, pure=False)
            try:
                self._finished([future])
                yield job, _result(future)
            except KilledWorker:
                yield job, DIED

    def _finished(self, futures: Iterable[Future[Any]]) -> set[Future[Any]]:
        """Wait until some are finished; raise `ClusterError` if nobody is left who could."""
        seen = time.monotonic()
        while True:
            try:
                found: set[Future[Any]] = wait(
                    list(futures), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED"
                ).done
            except TimeoutError:
                if self.client.nthreads():
                    seen = time.monotonic()
                elif time.monotonic() - seen > ALONE_SECONDS:
                    raise ClusterError(
                        f"the Dask cluster has had no worker for {ALONE_SECONDS:g} s; what is "
                        "finished is kept: start `dask worker ADDRESS` on some machine, then run "
                        "the same command again"
                    ) from None
            else:
                return found


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
    """Return what a job gave, or `Lost` if it raised."""
    try:
        return future.result()
    except (CancelledError, KilledWorker, CommClosedError, *MACHINES_FAULTS):
        raise
    except Exception as error:  # noqa: BLE001  (one submission must not stop the class)
        return failed(error)
