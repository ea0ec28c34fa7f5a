"""Times in the forms that platforms write, each read by its own format and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

DASHES = "%Y-%m-%d-%H-%M-%S"  # 2026-01-31-10-14-26: nbgrader's documentation and Blackboard


def read(text: str, *formats: str) -> datetime:
    """Read `text` by the first of `formats` that fits; without a zone, the time is UTC.

    Raises
    ------
    ValueError
        If none fits, such as for 31 February.
    """
    for form in formats:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no date and time")
