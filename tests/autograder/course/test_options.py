import pytest
from traitlets.config import Config

from autograder.course.options import Sandbox


def limits(**timeout):
    config = Config()
    config.Execute.update(timeout)
    config.Sandbox.submission_seconds = 77.0
    return Sandbox(config=config).limits()


@pytest.mark.parametrize("endless", [-1, None])
def test_no_timeout_of_a_cell_is_that_of_the_whole(endless):
    """As in nbgrader, where -1 and None mean that a cell may run for ever."""
    assert limits(timeout=endless).cell_seconds == 77.0


def test_the_timeout_of_a_cell_is_nbgraders():
    assert limits(timeout=9).cell_seconds == 9.0
    assert limits().cell_seconds == 30.0
