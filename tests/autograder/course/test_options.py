import math
from dataclasses import fields

import pytest
from traitlets import TraitError
from traitlets.config import Config

from autograder.apps import FeedbackApp, GradeApp
from autograder.course.options import OWN, Grader, Sandbox
from autograder.errors import CourseError
from autograder.limits import Limits


def limits(**timeout):
    config = Config()
    config.Execute.update(timeout)
    config.Sandbox.submission_seconds = 77.0
    return Sandbox(config=config).limits()


@pytest.mark.parametrize("endless", [-1, None, 10**9])
def test_no_timeout_of_a_cell_is_that_of_the_whole(endless):
    """As in nbgrader, where -1 and None mean that a cell may run for ever."""
    assert limits(timeout=endless).cell_seconds == 77.0


def test_the_timeout_of_a_cell_is_nbgraders():
    assert limits(timeout=9).cell_seconds == 9.0
    assert limits().cell_seconds == 30.0


def test_each_limit_is_declared_once():
    traits = Sandbox.class_traits(config=True)
    for limit in OWN:
        trait, known = traits[limit.name], limit.metadata
        assert (trait.default_value, trait.help) == (limit.default, known["help"])
        assert (trait.min, trait.max) == (known["least"], known["most"])
    assert {limit.name for limit in fields(Limits)} - traits.keys() == {"cell_seconds"}


BAD = [math.nan, math.inf, -math.inf, None, "many", -1, 10**40, "1 GiB", [1]]


@pytest.mark.parametrize("name", [limit.name for limit in OWN])
def test_a_bad_limit_is_named_with_what_is_allowed(name):
    for value in BAD:
        with pytest.raises((TraitError, CourseError), match=f"{name}.*(int|number|float|than)"):
            Sandbox(config=Config({"Sandbox": {name: value}})).limits()


@pytest.mark.parametrize("limit", fields(Limits), ids=lambda limit: limit.name)
def test_a_bad_limit_of_the_core_is_named(limit):
    below = limit.metadata["least"] - 1
    for value in [*BAD, below]:
        with pytest.raises(ValueError, match=f"{limit.name} is .*; it must be .* from"):
            Limits(**{limit.name: value})


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (Sandbox.isolation, "docker"),
        (Sandbox.journal, 5),
        (Grader.level, "outside"),
        (GradeApp.workers, 0),
        (GradeApp.workers, "two"),
        (FeedbackApp.workers, -3),
    ],
)
def test_another_bad_option_is_named(option, value):
    owner = option.this_class
    config = Config({owner.__name__: {option.name: value}})
    with pytest.raises(TraitError, match=f"'{option.name}' trait.*{value!r}|{value} was spec"):
        owner(config=config)
