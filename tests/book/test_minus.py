"""A number from the code reads like a number of the text."""

from __future__ import annotations


def test_negative_number_has_a_minus_sign(everything) -> None:
    assert ">−0.25<" in everything.page("everything")
