"""A number from the code reads like a number of the text."""

from __future__ import annotations

import pytest

from shallow.book.minus import minus


@pytest.mark.parametrize(
    ("printed", "shown"), [("-0.25", "−0.25"), ("0.25", "0.25"), ("1e-05", "1e-05"), ("-", "-")]
)
def test_minus(printed, shown) -> None:
    assert minus(printed) == shown


def test_negative_number_has_a_minus_sign(everything) -> None:
    assert ">−0.25<" in everything.page("everything")
