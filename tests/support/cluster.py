"""A Dask cluster on this machine, for the tests of classes."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

import dask
from distributed import LocalCluster


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Yield the address of a scheduler with so many workers, until the block ends."""
    settings = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
            memory_limit=0,
        ) as running,
    ):
        yield running.scheduler_address
