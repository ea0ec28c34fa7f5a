"""From an archive to ``submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb``."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.collect import archive, times
from autograder.collect.platforms import PLATFORMS, Handed, recognise
from autograder.collect.roster import Roster
from autograder.errors import CourseError, printable

WORKSHEET = "%A, %d %B %Y, %I:%M %p"  # Saturday, 31 January 2026, 10:14 AM
COPY = re.compile(r"(?:-\d+| \(\d+\))$")  # what platforms and browsers add to a name


@dataclass
class Collected:
    """What was collected, and what was not.

    Attributes
    ----------
    collected : list of str
        Students with a new submission.
    notes : list of str
        What an instructor should know, file by file.
    """

    collected: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([f"{len(self.collected)} submissions collected", *self.notes])

    def note(self, where: str, what: str) -> None:
        """Add a line."""
        self.notes.append(printable(f"{where}: {what}"))


@dataclass(frozen=True)
class _Found:
    path: str
    content: bytes
    handed: Handed
    time: datetime | None

    @property
    def order(self) -> tuple[datetime, int]:
        return self.time or datetime.min.replace(tzinfo=UTC), self.handed.attempt


def collect(  # noqa: PLR0913  (the command's options; each way out is a note)
    coursedir: CourseDirectory,
    assignment: str,
    path: Path,
    *,
    roster: Path,
    platform: str = "",
    worksheet: Path | None = None,
) -> Collected:
    """Write the newest notebooks of each student of `roster` in the archive `path`.

    Raises
    ------
    CourseError
        If the assignment has no release, or the archive or a list cannot be read.
    """
    release = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    released = {file.stem: file.read_bytes() for file in release.glob("*.ipynb")}
    if not released:
        raise CourseError(f"{release} has no notebooks: check the name {assignment!r}")
    if not path.exists():
        raise CourseError(f"{path} does not exist: name the archive")
    done, people = Collected(), Roster.read(roster)
    rows = _worksheet(worksheet) if worksheet else {}
    entries = _notebooks(path, done)
    form = PLATFORMS[platform or recognise([entry.path for entry in entries])]
    found: dict[str, dict[str, list[_Found]]] = {}
    for entry in entries:
        row: dict[str, str] = {}
        try:
            handed = form.parse(entry.path)
            row = rows.get(handed.number, {}) if handed else {}
            time = (handed and handed.time) or _modified(row)
        except ValueError as error:
            done.note(entry.path, str(error))
            continue
        if handed is None:
            done.note(entry.path, "its name does not have the platform's form")
            continue
        keys = [row.get("Email address", ""), row.get("Full name", ""), handed.student]
        if form is not PLATFORMS["moodle"]:  # whose number belongs to one assignment
            keys.append(handed.number)
        student = people.find(*keys)
        name = _notebook(handed.file, released)
        if student is None:
            nearest = people.nearest(handed.student)
            done.note(entry.path, f"{handed.student} is not on the class list{nearest}")
        elif name is None:
            done.note(entry.path, f"is none of the notebooks {', '.join(sorted(released))}")
        else:
            item = _Found(entry.path, entry.content, handed, time)
            found.setdefault(student, {}).setdefault(name, []).append(item)
    for student, notebooks in sorted(found.items()):
        chosen = {n: _choose(items, released[n], done) for n, items in notebooks.items()}
        where = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        _write(where, student, chosen, done)
    return done


def _notebooks(path: Path, done: Collected) -> list[archive.Entry]:
    entries: list[archive.Entry] = []
    for entry in archive.read(path):
        if entry.problem:
            done.note(entry.path, entry.problem)
        elif not entry.path.lower().endswith(".ipynb"):
            done.note(entry.path, "is no notebook")
        else:
            entries.append(entry)
    return entries


def _notebook(file: str, released: dict[str, bytes]) -> str | None:
    stem = file[: -len(".ipynb")]
    while stem not in released and COPY.search(stem):
        stem = COPY.sub("", stem)
    return stem if stem in released else None


def _choose(items: list[_Found], stub: bytes, done: Collected) -> _Found:
    """Take the latest that was changed, and say so of the others."""
    changed = [item for item in items if item.content != stub]
    best = max(changed or items, key=lambda item: item.order)
    for item in items:
        if item is not best:
            why = "is as it was released" if item.content == stub else "is not the latest"
            done.note(item.path, f"{why}; {best.path} is taken")
    return best


def _write(where: Path, student: str, chosen: dict[str, _Found], done: Collected) -> None:
    """Write notebooks, then the time; a newer submission that is there stays."""
    time = max((item.time for item in chosen.values() if item.time), default=None)
    stamp = where / "timestamp.txt"
    try:
        before = parse_utc(stamp.read_text().strip()).replace(tzinfo=UTC)
    except (OSError, ValueError, OverflowError):
        before = None
    if any(_differs(where / f"{n}.ipynb", item.content) for n, item in chosen.items()) and (
        before is None or time is None or time < before
    ):
        when = f"{before:%Y-%m-%d %H:%M:%S} UTC" if before else "an unknown time"
        done.note(student, f"what was handed in at {when} stays; remove {where} to replace it")
        return
    where.mkdir(parents=True, exist_ok=True)
    for name, item in chosen.items():
        _replace(where / f"{name}.ipynb", item.content)
    if time is not None:
        _replace(stamp, f"{time:%Y-%m-%d %H:%M:%S} UTC\n".encode())
    else:
        done.note(student, "no time is known, so no penalty for being late")
    done.collected.append(student)


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".collect-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _worksheet(path: Path) -> dict[str, dict[str, str]]:
    """Read Moodle's grading worksheet by the number in *Identifier* (*Participant 1234567*)."""
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        return {row["Identifier"].rpartition(" ")[2]: row for row in rows}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise CourseError(f"{path} is no grading worksheet of Moodle: {error}") from error


def _modified(row: dict[str, str]) -> datetime | None:
    text = row.get("Last modified (submission)") or ""
    return times.read(text, WORKSHEET) if text.strip("- ") else None
