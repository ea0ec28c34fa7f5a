"""The scheduler of this machine."""

import os
from contextlib import closing

from autograder import grade_one
from autograder.classroom.pool import Pool, cores_for
from autograder.sandbox import launcher
from tests.support.processes import children, kill
from tests.support.toy import check, notebook, solution


def test_a_workers_processes_stay_on_one_core_unless_there_are_more_workers_than_cores():
    cores = os.sched_getaffinity(0)
    assert set.union(*cores_for(len(cores))) == cores
    assert cores_for(len(cores) + 1) == [cores] * (len(cores) + 1)
    with closing(Pool(1)) as pool:
        ((_, allowed),) = pool.run(os.sched_getaffinity, [0])
    assert len(allowed) == 1


def grade(content):
    score = grade_one(content, content, levels="split").score
    return score, hasattr(launcher.launcher("bwrap"), "process")


def test_workers_share_what_loads_and_go_on_without_it():
    content = notebook(solution("def f(x): return x"), check("assert f(1) == 1"))
    with closing(Pool(2, "bwrap")) as pool:
        graded = pool.run(grade, [content] * 6)
        found = [next(graded)[1]]
        shared = launcher.launched("bwrap").process
        for process in children(shared.pid):
            kill(process)
        found += [done for _, done in graded]
    assert [score for score, _ in found] == [2] * 6
    own = [launched for _, launched in found]
    assert (own[0], own[-1]) == (False, True)
    assert shared.poll() is not None
