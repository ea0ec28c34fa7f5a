"""Attacks that rewrite the tests, the notebook or the libraries that the tests use."""

import pytest

from tests.security.attacks import Attack

ATTACKS = [
    Attack(
        "input-transformer",
        "Drops every assert from the cells that follow; the tests run in another process.",
        """
def drop(lines):
    return [line.replace("assert", "lambda: ") for line in lines]
get_ipython().input_transformers_post.append(drop)
""",
        plain=True,
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
