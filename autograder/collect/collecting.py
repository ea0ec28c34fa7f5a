"""From an archive to ``submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.abc import Exchange
from nbgrader.utils import parse_utc
from traitlets.config import Config

from autograder.collect import archive, platforms, record, times
from autograder.collect.platforms import PLATFORMS, Handed, Platform, recognise
from autograder.collect.roster import Roster, plain
from autograder.collect.tables import Table
from autograder.errors import CourseError, printable
from autograder.files import write_atomically
from autograder.notes import Notes, counted

WORKSHEET = (
    *("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M"),  # Saturday, 31 January 2026, 10:14 AM
    *("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"),  # 2026-01-31T10:14:26Z
)
COPY = re.compile(r"(?:-\d+| \(\d+\)| - copy|\(\d+\))$", re.IGNORECASE)  # of platforms and browsers
PACKED = re.compile(r"\.(?:tar|gz|tgz|bz2|xz|7z|rar)$", re.IGNORECASE)
READABLE = 0o644  # as what nbgrader collects
SHARED = 0.5  # of the release's cells: then a notebook of another name is a copy of it


@dataclass
class Collected:
    """What was collected, and what was not.

    Attributes
    ----------
    collected : list of str
        Students with a new submission.
    platform : str
        Whose forms the names in the archive have.
    zone : str
        The time zone in which its times were read.
    notes : Notes
        What an instructor should know, by reason.
    """

    collected: list[str] = field(default_factory=list)
    platform: str = ""
    zone: str = "UTC"
    notes: Notes = field(default_factory=Notes)

    def __str__(self) -> str:
        said = (
            f"{counted(len(self.collected), 'submission')} collected, names as {self.platform} "
            f"writes them, times read in the zone {self.zone}"
        )
        return "\n".join([said, *self.notes.lines()])


@dataclass(frozen=True)
class _Found:
    path: str
    content: bytes
    handed: Handed
    time: datetime | None
    changed: bool

    @property
    def order(self) -> tuple[bool, datetime, int]:
        """Later ones are greater; one that was changed goes before one that was not."""
        return self.changed, self.time or datetime.min.replace(tzinfo=UTC), self.handed.attempt


@dataclass(frozen=True)
class _Release:
    """A notebook as students got it."""

    cells: dict[str, str]
    sources: list[str]


def collect(  # noqa: PLR0913  (the command's options)
    coursedir: CourseDirectory,
    assignment: str,
    path: Path,
    *,
    roster: Roster,
    config: Config | None = None,
    platform: str = "",
    worksheet: Path | None = None,
    zone: str = "",
    force: bool = False,
) -> Collected:
    """Write the newest notebooks of each student of `roster` in the archive `path`.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's.
    assignment : str
        nbgrader's assignment id.
    path : Path
        A ZIP archive, or a directory.
    roster : Roster
        The class.
    config : Config, optional
        nbgrader's configuration.
    platform : str, optional
        Whose archive it is; recognised if not given.
    worksheet : Path, optional
        Moodle's grading worksheet, or a table with the columns *student* and *time*.
    zone : str, optional
        Time zone of the times; nbgrader's ``Exchange.timezone``, UTC if not set.
    force : bool, default False
        Replace also what is there and not known to be older.

    Raises
    ------
    CourseError
        If the assignment has no release, or the archive or a list cannot be read.
    """
    directory = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    released = {file.stem: _release(file.read_bytes()) for file in directory.glob("*.ipynb")}
    if not released:
        raise CourseError(
            f"{directory} has no notebooks: release the assignment first, "
            f"with `autograder release {assignment}`"
        )
    if not path.exists():
        raise CourseError(f"{path} does not exist: name the archive")
    zone = zone or Exchange(config=config).timezone
    done = Collected(zone=zone)
    rows = _worksheet(worksheet, roster) if worksheet else {}
    entries = _notebooks(path, done)
    done.platform = platform or recognise([entry.path for entry in entries])
    reader = _Reader(PLATFORMS[done.platform], times.zone(zone), rows, roster, released, done)
    found: dict[str, dict[str, list[_Found]]] = {}
    for entry in entries:
        who = reader.read(entry)
        if who is not None:
            student, notebook, item = who
            found.setdefault(student, {}).setdefault(notebook, []).append(item)
    paths: dict[str, str] = {}
    for student, notebooks in sorted(found.items()):
        chosen = {name: _choose(items, done) for name, items in notebooks.items()}
        where = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        _write(where, student, chosen, done, force=force)
        paths[student] = min(item.path for item in chosen.values())
    record.keep(coursedir, assignment, {student: paths[student] for student in done.collected})
    return done


@dataclass
class _Reader:
    """Finds out whose an entry is, which notebook, and of when."""

    form: Platform
    zone: tzinfo
    rows: dict[str, dict[str, str]]
    roster: Roster
    released: dict[str, _Release]
    done: Collected

    def read(self, entry: archive.Entry) -> tuple[str, str, _Found] | None:
        notes, file = self.done.notes, entry.path.rpartition("/")[2]
        try:
            handed = self.form.parse(entry.path, self.zone)
        except ValueError as error:
            notes.add(f"{error}: rename the file and collect again", entry.path)
            return None
        row = self.rows.get(handed.ticket, {}) if handed else {}
        student = self._student(handed, row) if handed else None
        if student is None and self.form is PLATFORMS["plain"]:
            named = platforms.beside(file, self.released)
            student = self._student(named, {}) if named else None
            handed = handed if student is None else named
        if handed is None:
            notes.add("whose it is is not known: the name has another form", entry.path)
            return None
        if student is None:
            said = row.get("Full name") or handed.students[0]
            near = self.roster.nearest(said, *handed.students)
            notes.add("is not on the class list, so not collected", f"{said}{near} ({entry.path})")
            return None
        time = handed.time or self._modified(row or self.rows.get(student, {}))
        cells = _cells(entry.content)
        notebook = _named(handed.file, self.released) or self._alike(entry, cells)
        if notebook is None:
            expected = " or ".join(f"{name}.ipynb" for name in sorted(self.released))
            notes.add(f"is another notebook than {expected}", entry.path)
            return None
        if handed.late and time is None:
            notes.add("late, says the platform, but not when: no penalty is taken", student)
        changed = cells is None or [text for _, text in cells] != self.released[notebook].sources
        return student, notebook, _Found(entry.path, entry.content, handed, time, changed)

    def _student(self, handed: Handed, row: dict[str, str]) -> str | None:
        keys = [row.get("Email address", ""), row.get("ID number", ""), row.get("Full name", "")]
        student = self.roster.find(*filter(None, [*keys, handed.number, *handed.students]))
        folded = [text for text in handed.students if student and plain(text) == plain(student)]
        if folded and student not in handed.students:
            self.done.notes.add(f"is taken for {student} of the class list", folded[0])
        return student

    def _alike(self, entry: archive.Entry, cells: list[tuple[str, str]] | None) -> str | None:
        """Return the release of which the notebook has most cells, whatever its name."""
        names = {name for name, _ in cells or ()}
        for notebook, release in self.released.items():
            if release.cells and len(names & release.cells.keys()) >= SHARED * len(release.cells):
                self.done.notes.add(f"has another name, but is {notebook}.ipynb", entry.path)
                return notebook
        return None

    def _modified(self, row: dict[str, str]) -> datetime | None:
        text = row.get("Last modified (submission)") or row.get("time") or ""
        text = " ".join(text.split())  # some have narrow spaces
        try:
            return times.read(text, *WORKSHEET, zone=self.zone) if text.strip("- ") else None
        except ValueError as error:
            whose = row.get("Identifier") or row.get("student") or ""
            self.done.notes.add(f"{error}: no penalty for being late", whose)
            return None


def _notebooks(path: Path, done: Collected) -> list[archive.Entry]:
    entries: list[archive.Entry] = []
    for entry in archive.read(path):
        if entry.problem:
            done.notes.add(entry.problem, entry.path)
        elif PACKED.search(entry.path):
            done.notes.add("is an archive of a kind that is not read: ask for a ZIP", entry.path)
        elif not entry.path.lower().endswith(".ipynb"):
            done.notes.add("is no notebook", entry.path)
        else:
            entries.append(entry)
    return entries


def _named(file: str, released: dict[str, _Release]) -> str | None:
    """Return the notebook that a file's name means, without what was added to it."""
    names = {plain(name): name for name in released}
    stem = plain(file[: -len(".ipynb")])
    while stem not in names and COPY.search(stem):
        stem = COPY.sub("", stem)
    return names.get(stem)


def _release(content: bytes) -> _Release:
    cells = _cells(content) or []
    return _Release({name: text for name, text in cells if name}, [text for _, text in cells])


def _cells(content: bytes) -> list[tuple[str, str]] | None:
    """Return grade id and text of each cell, None if it cannot be read."""
    try:
        cells = json.loads(content.decode("utf-8-sig"))["cells"]
        return [
            (
                str((cell.get("metadata", {}).get("nbgrader") or {}).get("grade_id", "")),
                "".join(cell["source"]).strip(),
            )
            for cell in cells
            if "".join(cell["source"]).strip()
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _choose(items: list[_Found], done: Collected) -> _Found:
    """Take the latest that was changed, and say so of the others."""
    best = max(items, key=lambda item: item.order)
    for item in items:
        if item is best:
            continue
        if item.content == best.content:
            why = "is the same once more"
        elif best.changed and not item.changed:
            why = "is as it was released, so another notebook of the student is taken"
        elif item.order == best.order:
            why = f"is as new as {best.path}, which is taken: look which one counts"
        else:
            why = "is not the student's latest"
        done.notes.add(why, item.path)
    if not best.changed:
        done.notes.add("is as it was released: nothing was answered", best.path)
    return best


def _write(
    where: Path, student: str, chosen: dict[str, _Found], done: Collected, *, force: bool
) -> None:
    """Write notebooks, then the time; a newer submission that is there stays."""
    time = max((item.time for item in chosen.values() if item.time), default=None)
    stamp = where / "timestamp.txt"
    try:
        before = parse_utc(stamp.read_text().strip()).replace(tzinfo=UTC)
    except (OSError, ValueError, OverflowError):
        before = None
    differs = any(_differs(where / f"{name}.ipynb", item.content) for name, item in chosen.items())
    if differs and not force and (before is None or time is None or time < before):
        when = f"{before:%Y-%m-%d %H:%M:%S} UTC" if before else "an unknown time"
        done.notes.add(
            "has another submission, not known to be older, which stays; --force replaces it",
            f"{student}, of {when}",
        )
        return
    where.mkdir(parents=True, exist_ok=True)
    for name, item in chosen.items():
        write_atomically(where / f"{name}.ipynb", item.content, READABLE)
    if time is not None:
        write_atomically(stamp, f"{time:%Y-%m-%d %H:%M:%S} UTC\n".encode(), READABLE)
    else:
        if differs:
            stamp.unlink(missing_ok=True)  # of what was replaced
        done.notes.add("no time is known, so no penalty for being late", student)
    done.collected.append(student)


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content


def _worksheet(path: Path, roster: Roster) -> dict[str, dict[str, str]]:
    """Read Moodle's grading worksheet by the number in *Identifier* (*Participant 1234567*).

    Of another table with times, the keys are the students.
    """
    table = Table.read(path, "the grading worksheet")
    if {"student", "time"} <= set(table.header):
        named = ((roster.find(row["student"]), row) for row in table.rows)
        return {student: row for student, row in named if student}
    if "Identifier" not in table.header:
        raise CourseError(
            f"{printable(str(path))} is no grading worksheet of Moodle, which has the column "
            "Identifier, nor a table with the columns student and time"
        )
    return {row["Identifier"].rpartition(" ")[2]: row for row in table.rows}
