"""The reference solutions of one assignment, for the tests of them."""

import numpy as np
import pytest

from tests.exercises.grading import reference


@pytest.fixture(scope="module")
def student(request):
    """Return the names that the reference solutions of the module's ASSIGNMENT define."""
    names = {"np": np}
    for source in reference(request.module.ASSIGNMENT).values():
        exec(source, names)
    return names
