"""The class as a whole: the harness gives points where they are due, and nobody was touched."""

import pytest
from nbgrader.api import Gradebook

import autograder
from tests.security.attacks import FULL, Attack, attacks, canaries
from tests.security.conftest import new_course, submission
from tests.support.courses import hand_in, nbgrader

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class


def test_a_right_submission_has_all_points(graded):
    for student in ("right", "victim"):
        assert graded.outcome(student).score == FULL
        assert graded.outcome(student).notes == ()
    assert canaries()["journal"] in graded.feedback("right")


def test_an_untouched_submission_has_none(graded):
    assert graded.outcome("untouched").score == 0


def test_the_course_and_the_submissions_are_as_they_were(graded):
    assert graded.changed == []


def test_no_process_and_no_file_is_left(graded):
    assert graded.left == []
    assert graded.scratch == []


def test_a_regrade_keeps_no_stale_mark(tmp_path):
    course = new_course(tmp_path / "course")
    crash = Attack(
        "first", "", "import os\ndef double(*_): os._exit(0)\nscale = apply = Total = double"
    )
    scores = []
    for attack in (Attack("first", "", right=True), crash, Attack("first", "", content=b"{")):
        hand_in(course, "first", submission(course, attack), "toy")
        autograder.grade(course, "toy")
        with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
            scores.append(gradebook.find_submission("toy", "first").score)
    assert scores == [FULL, 0, 0]


def test_every_attack_has_a_name_of_its_own_and_a_sentence():
    found = attacks()
    assert len({attack.name for attack in found}) == len(found)
    assert all(attack.about.endswith(".") for attack in found)
