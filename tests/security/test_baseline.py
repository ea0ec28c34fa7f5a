"""What works on nbgrader alone: the harness tells an attack that earns from one that does not."""

from __future__ import annotations

import pytest
from nbgrader.api import Gradebook
from traitlets.config import PyFileConfigLoader

from tests.security.attacks import FULL, Attack, attacks
from tests.security.conftest import new_course, submission
from tests.support.courses import hand_in, nbgrader

WORKING = [attack for attack in attacks() if attack.plain]
pytestmark = pytest.mark.xdist_group("security-baseline")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return a course that nbgrader grades in students' own kernels."""
    return new_course(tmp_path_factory.mktemp("plain") / "course")


def score(course, attack: Attack) -> float:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    del config.Autograde  # this is where the course plugs in its autograder
    config.Execute.timeout = 30
    hand_in(course, attack.name, submission(course, attack), "toy")
    api = nbgrader(course, config)
    outcome = api.autograde("toy", attack.name)
    assert outcome["success"], outcome["log"]
    with Gradebook(api.coursedir.db_url) as gradebook:
        return gradebook.find_submission("toy", attack.name).score


def test_a_right_submission_has_all_points(plain):
    assert score(plain, Attack("right-answers", "", right=True)) == FULL


def test_an_untouched_submission_has_none(plain):
    assert score(plain, Attack("no-answers", "")) == 0


@pytest.mark.parametrize("attack", WORKING, ids=lambda attack: attack.name)
def test_works(attack, plain):
    assert score(plain, attack) > 0
