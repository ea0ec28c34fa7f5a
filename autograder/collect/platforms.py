"""How each learning platform names what students handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from autograder.collect import times


@dataclass(frozen=True)
class Handed:
    """What a path says of the file.

    Attributes
    ----------
    file : str
        The file's name as the student gave it.
    student : str
        Identifier, login or name, as the platform has it.
    number : str
        The platform's number of the student, or of the submission; empty if it has none.
    time : datetime or None
        When it was handed in, in UTC.
    attempt : int
        Orders what has no time.
    """

    file: str
    student: str
    number: str = ""
    time: datetime | None = None
    attempt: int = 0


@dataclass(frozen=True)
class Platform:
    """The form of a platform's paths.

    Attributes
    ----------
    pattern : re.Pattern
        Groups ``student`` and ``file``; ``number``, ``time`` and ``attempt`` where there are such.
    times : tuple of str
        Formats of ``time``.
    """

    pattern: re.Pattern[str]
    times: tuple[str, ...] = ()

    def parse(self, path: str) -> Handed | None:
        """Read `path`; None if it has not this platform's form.

        Raises
        ------
        ValueError
            If its date is impossible.
        """
        match = self.pattern.search(path)
        if match is None:
            return None
        found = match.groupdict()
        stamp = re.sub(r" (\d{3} [AP]M)$", r" 0\1", found.get("time") or "")  # 114 PM is 1:14
        time = times.read(stamp, *self.times) if stamp else None
        attempt = int(found.get("attempt") or 0)
        return Handed(found["file"], found["student"], found.get("number") or "", time, attempt)


STAMP = r"(?P<time>\d{4}(?:-\d\d){5})"
PLATFORMS = {
    "moodle": Platform(
        re.compile(
            r"(?:^|/)(?P<student>[^/]+?)_(?P<number>\d+)_assignsubmission_file"
            r"(?:_/?|/)(?:[^/]+/)*(?P<file>[^/]+)$"
        )
    ),
    "blackboard": Platform(
        re.compile(rf"(?:^|/)[^/]*?_(?P<student>[^/]+)_attempt_{STAMP}_(?:.*/)?(?P<file>[^/]+)$"),
        (times.DASHES,),
    ),
    "brightspace": Platform(
        re.compile(
            r"(?:^|/)(?P<number>\d+)-\d+ - (?P<student>[^/]+?) ?- ?"
            r"(?P<time>[A-Z][a-z]{2,8} \d{1,2}, \d{4} \d{3,4} [AP]M)/(?:.*/)?(?P<file>[^/]+)$"
        ),
        ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p"),
    ),
    "canvas": Platform(
        re.compile(
            r"(?:^|/)(?P<student>[^/_]+)_(?:LATE_)?(?P<number>\d+)_(?P<attempt>\d+)_"
            r"(?:.*/)?(?P<file>[^/]+)$"
        )
    ),
    "plain": Platform(
        re.compile(rf"(?:^|/)(?P<student>[^/]+?)_{STAMP}_(?:.*/)?(?P<file>[^/]+)$"), (times.DASHES,)
    ),
    "classroom": Platform(re.compile(r"(?:^|/)(?P<student>[^/]+?) - (?:.*/)?(?P<file>[^/]+)$")),
    "folders": Platform(re.compile(r"(?:^|/)(?P<student>[^/]+)/(?P<file>[^/]+)$")),
}


def recognise(paths: list[str]) -> str:
    """Return the platform whose form most of `paths` have, the most particular one first."""

    def fits(name: str) -> int:
        return sum(PLATFORMS[name].pattern.search(path) is not None for path in paths)

    return max(PLATFORMS, key=fits)  # the first of equals
