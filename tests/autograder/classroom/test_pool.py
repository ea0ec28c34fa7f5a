"""The scheduler of this machine."""

import os
from contextlib import closing

from autograder.classroom.pool import Pool, cores_for


def test_a_workers_processes_stay_on_one_core_unless_there_are_more_workers_than_cores():
    cores = os.sched_getaffinity(0)
    assert set.union(*cores_for(len(cores))) == cores
    assert cores_for(len(cores) + 1) == [cores] * (len(cores) + 1)
    with closing(Pool(1)) as pool:
        ((_, allowed),) = pool.run(os.sched_getaffinity, [0])
    assert len(allowed) == 1
