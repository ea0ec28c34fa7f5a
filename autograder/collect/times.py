"""Times in the forms that platforms write, each read by its own format and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.errors import CourseError

DASHES = "%Y-%m-%d-%H-%M-%S"  # 2026-01-31-10-14-26: nbgrader's documentation and Blackboard


def read(text: str, *formats: str, zone: tzinfo = UTC) -> datetime:
    """Read `text` by the first of `formats` that fits, in `zone` if it names none; return UTC.

    Raises
    ------
    ValueError
        If none fits, such as for 31 February.
    """
    for form in formats:
        try:
            time = datetime.strptime(text, form)  # noqa: DTZ007  (the next line gives the zone)
            return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
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
