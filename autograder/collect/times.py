"""Times in the forms that platforms write, each read by its own format and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.errors import CourseError

DASHES = "%Y-%m-%d-%H-%M-%S"  # 2026-01-31-10-14-26: nbgrader's documentation and Blackboard


def read(text: str, *formats: str, zone: tzinfo = UTC) -> datetime:
    """Read `text`, a time in `zone`, by the first of `formats` that fits; return it in UTC.

    Raises
    ------
    ValueError
        If none fits, such as for 31 February.
    """
    for form in formats:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise ValueError(f"{text!r} is no date and time")


def zone(name: str) -> tzinfo:
    """Return the time zone `name`.

    Raises
    ------
    CourseError
        If there is none.
    """
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CourseError(
            f"{name!r} is no time zone: give one such as UTC or Europe/Berlin"
        ) from None
