"""How each learning platform names what students handed in.

The forms are those of Moodle's `download_submissions`, of Canvas's `content_zipper`, and of the
archives that Blackboard and Brightspace give, as the tools that read them describe them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from autograder.collect import times


@dataclass(frozen=True)
class Handed:
    """What a path says of the file.

    Attributes
    ----------
    file : str
        The file's name as the student gave it.
    students : tuple of str
        What may be the student's identifier, login or name, the likeliest first.
    number : str
        The platform's number of the student; empty if it has none that lasts.
    ticket : str
        The platform's number of the student in this assignment alone; empty if it has none.
    time : datetime or None
        When it was handed in, in UTC.
    attempt : int
        Orders what has no time.
    late : bool
        Whether the platform says so.
    """

    file: str
    students: tuple[str, ...]
    number: str = ""
    ticket: str = ""
    time: datetime | None = None
    attempt: int = 0
    late: bool = False


@dataclass(frozen=True)
class Platform:
    """The forms of a platform's paths.

    Attributes
    ----------
    patterns : tuple of re.Pattern
        Groups ``student`` and ``file``; ``number``, ``ticket``, ``time``, ``attempt`` and ``late``
        where there are such.
    times : tuple of str
        Formats of ``time``.
    before : str
        What stands between the student and something in front, a group or the assignment;
        ``/`` if any directory above the file can name the student.
    """

    patterns: tuple[re.Pattern[str], ...]
    times: tuple[str, ...] = ()
    before: str = ""

    def fits(self, path: str) -> bool:
        """Whether `path` has this platform's form."""
        return any(pattern.search(path) for pattern in self.patterns)

    def parse(self, path: str, zone: tzinfo = UTC) -> Handed | None:
        """Read `path`, with its time in `zone`; None if it has not this platform's form.

        Raises
        ------
        ValueError
            If its date is impossible.
        """
        match = next(filter(None, (pattern.search(path) for pattern in self.patterns)), None)
        if match is None:
            return None
        found = match.groupdict()
        stamp = re.sub(r" (\d{3} [AP]M)$", r" 0\1", found.get("time") or "")  # 114 PM is 1:14
        return Handed(
            found["file"],
            tuple(self._students(found["student"])),
            number=found.get("number") or "",
            ticket=found.get("ticket") or "",
            time=times.read(stamp, *self.times, zone=zone) if stamp else None,
            attempt=int(found.get("attempt") or 0),
            late=bool(found.get("late")),
        )

    def _students(self, text: str) -> list[str]:
        """Return `text`, and what follows each `before` in it, the longest first."""
        if not self.before:
            return [text]
        parts = text.split(self.before)
        if self.before == "/":
            return parts
        return [self.before.join(parts[start:]) for start in range(len(parts))]


STAMP = r"(?P<time>\d{4}(?:-\d\d){5})"
ATTEMPT = "(?i:attempt|intento|poging|tentativa|tentative|versuch)"  # in the platform's language
BRIGHTSPACE_TIME = r"(?P<time>[A-Z][a-z]{2,8} \d{1,2}, \d{4} \d{3,4} [AP]M)"
# The most particular form first: a path may fit several.
PLATFORMS = {
    "moodle": Platform(
        (
            re.compile(
                r"(?:^|/)(?P<student>[^/]+?)_(?P<ticket>\d+)_assignsubmission_file"
                r"(?:_/?|/)(?:[^/]+/)*(?P<file>[^/]+)$"
            ),
        ),
        before="-",  # a group
    ),
    "blackboard": Platform(
        (re.compile(rf"(?:^|/)(?P<student>[^/]+?)_{ATTEMPT}_{STAMP}_(?:.*/)?(?P<file>[^/]+)$"),),
        (times.DASHES,),
        before="_",  # the assignment
    ),
    "brightspace": Platform(
        (
            re.compile(
                rf"(?:^|/)\d+-\d+ - (?P<student>[^/]+?) ?- ?{BRIGHTSPACE_TIME}"
                r"(?:/| - )(?:.*/)?(?P<file>[^/]+)$"
            ),
        ),
        ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p"),
    ),
    "canvas": Platform(
        (
            re.compile(
                r"(?:^|/)(?P<student>[^/]+?)_(?:(?P<late>LATE)_)?(?P<number>\d+)_(?P<attempt>\d+)_"
                r"(?:.*/)?(?P<file>[^/]+)$"
            ),
        )
    ),
    "classroom": Platform(
        (re.compile(r"(?:^|/)(?P<student>[^/]+?) - (?:.*/)?(?P<file>[^/]+)$"),),
    ),
    "plain": Platform(
        (
            re.compile(rf"(?:^|/)(?P<student>[^/]+?)_{STAMP}_(?:.*/)?(?P<file>[^/]+)$"),
            re.compile(r"^(?P<student>.+)/(?P<file>[^/]+)$"),
        ),
        (times.DASHES,),
        before="/",
    ),
}


def recognise(paths: Collection[str]) -> str:
    """Return the first platform whose form at least half of `paths` have."""
    for name, platform in PLATFORMS.items():
        if paths and 2 * sum(map(platform.fits, paths)) >= len(paths):
            return name
    return "plain"


def beside(file: str, notebooks: Collection[str]) -> Handed | None:
    """Read a file whose name is a student and one of `notebooks`, in any order."""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    for name in sorted(notebooks, key=len, reverse=True):
        copy = rf"{re.escape(name)}(?:-\d+| \(\d+\))?"
        for form in (rf"(?P<student>.+?)[_ -]+{copy}", rf"{copy}[_ -]+(?P<student>.+?)"):
            match = re.fullmatch(form, stem, re.IGNORECASE)
            if match:
                return Handed(f"{name}.ipynb", (match["student"],))
    return None
