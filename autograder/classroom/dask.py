"""The scheduler that is Dask's: this machine's cores, or any cluster."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError

from autograder.classroom.scheduler import MACHINES_FAULTS, Done, Job, Local, Lost, failed
from autograder.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dask.typing import Key

    from autograder.classroom.scheduler import Scheduler

DEATHS = 2  # a job whose worker died so often is tried once more when nothing else runs
WAIT_SECONDS = 10  # for the scheduler, and for its first worker


class Dask:
    """A scheduler of Dask's with its workers.

    Parameters
    ----------
    client : Client
        Connected to it.

    Attributes
    ----------
    address : str
        Where others can join it.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.address = str(client.scheduler_info()["address"])

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
        under_way: dict[Key, Job] = {}
        completed = as_completed()

        def submit() -> None:
            threads = sum(self.client.nthreads().values())
            room = max(3 * threads, 1) - len(under_way)
            for job in itertools.islice(waiting, max(room, 0)):
                future = self.client.submit(function, job, pure=False)
                under_way[future.key] = job
                completed.add(future)

        submit()
        suspects = []
        for future in completed:
            job = under_way.pop(future.key)
            try:
                done = _result(future)
            except KilledWorker:
                suspects.append(job)  # or merely next to the job that killed the worker
            else:
                yield job, done
            submit()
        for job in suspects:
            try:
                yield job, _result(self.client.submit(function, job, pure=False))
            except KilledWorker:
                yield job, Lost("the worker died each time that it was tried")


@contextlib.contextmanager
def connect(
    workers: int | None = None, scheduler: str | None = None, jobs: int | None = None
) -> Iterator[Scheduler]:
    """Start a cluster on this machine, or join the one at `scheduler`, until the block ends.

    For a single job, and where nothing else is asked for, this very process will do.

    Parameters
    ----------
    workers : int or None
        Processes on this machine; as many as it has cores if None.
    scheduler : str or None
        Address of a running Dask scheduler, such as ``tcp://10.0.0.5:8786``.
    jobs : int or None
        How many jobs there will be at most, if known: no more processes are started.

    Raises
    ------
    ClusterError
        If the scheduler cannot be reached, or has no workers.
    """
    if scheduler is None and workers is None and jobs == 1:
        yield Local()
        return
    settings = {
        "distributed.scheduler.allowed-failures": DEATHS - 1,
        "distributed.comm.timeouts.connect": WAIT_SECONDS,
        "distributed.admin.large-graph-warning-threshold": "1 GiB",  # tasks hold submissions
        "distributed.admin.low-level-log-length": 100,  # it holds tasks, too
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        if scheduler is None:
            wanted = workers or os.cpu_count() or 1
            cluster = LocalCluster(
                n_workers=min(wanted, jobs or wanted),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                worker_dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,  # what matters becomes an error or a `Lost`
                memory_limit=0,  # students' processes have limits of their own
            )
            scheduler = stack.enter_context(cluster)
        try:
            client = stack.enter_context(Client(scheduler))
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except OSError as error:
            raise ClusterError(
                f"the Dask cluster at {scheduler} does not answer or has no workers ({error}): "
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
