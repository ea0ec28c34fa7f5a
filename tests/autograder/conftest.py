"""A course to grade, and one warm cluster for all tests of the class grader."""

from __future__ import annotations

import shutil

import pytest

from tests.support import courses as classes
from tests.support.cluster import cluster


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Directory of a course whose assignment is generated; copied, never used."""
    return classes.new_course(tmp_path_factory.mktemp("course") / "generated")


@pytest.fixture
def course(generated, tmp_path):
    """Directory of a fresh course with the small assignment."""
    return shutil.copytree(generated, tmp_path / "course")


@pytest.fixture(scope="session")
def scheduler():
    """Address of a cluster with two workers."""
    with cluster(workers=2) as address:
        yield address


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Keep the tests that need the cluster in one process of xdist: it is started once."""
    for item in items:
        if "scheduler" in getattr(item, "fixturenames", ()) and "autograder" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("cluster"))
