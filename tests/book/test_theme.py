"""What the theme and its companions would do against the book's rules."""

from __future__ import annotations


def test_pages_follow_the_system_in_light_and_dark(everything) -> None:
    assert 'data-default-mode="auto"' in everything.page("index")
