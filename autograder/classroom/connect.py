"""Where the jobs of a class run: in this process, on this machine's cores, or on a cluster."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from autograder.classroom.pool import Pool
from autograder.classroom.scheduler import Local

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from autograder.classroom.scheduler import Scheduler
    from autograder.sandbox.backend import Isolation

FEW = 3  # jobs that are done before workers would have started


def connect(
    workers: int | None = None,
    scheduler: str | None = None,
    jobs: int | None = None,
    isolation: Isolation | None = None,
) -> AbstractContextManager[Scheduler]:
    """Return what runs the jobs, until the block ends that it is entered for.

    For a few jobs, and where nothing else is asked for, this very process will do.

    Parameters
    ----------
    workers : int or None
        Processes on this machine; as many as it has cores if None.
    scheduler : str or None
        Address of a running Dask scheduler, such as ``tcp://10.0.0.5:8786``.
    jobs : int or None
        How many jobs there will be at most, if known: no more processes are started.
    isolation : str or None
        How the jobs isolate, if all of them do.

    Raises
    ------
    ClusterError
        If the scheduler cannot be reached, or has no workers; when jobs are run, if it is lost.
    """
    if scheduler:
        from autograder.classroom.dask import join  # noqa: PLC0415  (most runs need no Dask)

        return join(scheduler)
    if workers is None and jobs is not None and jobs <= FEW:
        return contextlib.nullcontext(Local())
    wanted = workers or os.cpu_count() or 1
    return contextlib.closing(Pool(min(wanted, jobs or wanted), isolation))
