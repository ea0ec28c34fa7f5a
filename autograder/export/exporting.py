"""Back to the platform: its own table with the marks filled in, and its archive of feedback."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.standing import Standing, standings
from autograder.collect import record
from autograder.collect.classlist import class_list
from autograder.collect.roster import Roster
from autograder.collect.tables import Table
from autograder.errors import CourseError
from autograder.export.plugin import table, text
from autograder.files import write_atomically
from autograder.gradebook.session import GradebookSession
from autograder.notes import Notes, counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbgrader.coursedir import CourseDirectory

    from autograder.collect.record import Record

UNMARKED = "Answers not marked yet"  # a column that Moodle passes over
POINTS_POSSIBLE = "Points Possible"  # begins Canvas's second line


@dataclass
class Exported:
    """What was written.

    Attributes
    ----------
    files : list of Path
        The table, and the archive of feedback if there is any.
    filled : int
        Students with a mark in the table.
    notes : Notes
        What is not in it, and why.
    """

    files: list[Path] = field(default_factory=list)
    filled: int = 0
    notes: Notes = field(default_factory=Notes)

    def __str__(self) -> str:
        filled = f"{counted(self.filled, 'mark')} filled in"
        return "\n".join([filled, *self.notes.lines(), *map(str, self.files)])


def export(  # noqa: PLR0913  (the command's options)
    coursedir: CourseDirectory,
    assignment: str,
    directory: Path,
    *,
    platform: str = "csv",
    template: Path | None = None,
    column: str = "",
    final: bool = False,
) -> Exported:
    """Write the marks of `assignment` as `platform` takes them, and the feedback as an archive.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's.
    assignment : str
        nbgrader's assignment id.
    directory : Path
        Where the files go.
    platform : str
        ``csv``, ``moodle`` or ``canvas``.
    template : Path, optional
        The platform's own table: Moodle's grading worksheet, Canvas's export of its gradebook.
    column : str, optional
        Canvas's column; the one named as the assignment if not given.
    final : bool, default False
        Leave out the totals in which answers are not marked yet.

    Raises
    ------
    CourseError
        If the template is missing, or is not that platform's table.
    """
    if platform != "csv" and template is None:
        raise CourseError(
            "name the table to fill: "
            + {
                "moodle": "in Moodle's assignment, Grading action → Download grading worksheet",
                "canvas": "in Canvas's gradebook, Export → Export entire gradebook",
            }[platform]
        )
    with GradebookSession(coursedir) as session:
        everybody = standings(coursedir, session, assignment)
    done, marks = Exported(), {s.student: s for s in everybody}
    seen = record.read(coursedir, assignment)
    names: dict[str, str] = {}
    if platform == "csv":
        content = text(table(assignment, everybody))
        done.filled = sum(s.graded for s in everybody)
        for standing in everybody:
            if standing.status in {"provisional", "missing"}:
                reason = f"{standing.status}: the column status says so"
                done.notes.add(reason, standing.student)
    else:
        filler = _Filler(done, marks, final=final)
        roster = class_list(coursedir) or Roster.of({"id": s.student} for s in everybody)
        filled = Table.read(template, "the table") if template else Table([], [])
        fill: Callable[..., dict[str, str]] = {"moodle": _moodle, "canvas": _canvas}[platform]
        names = fill(filler, filled, roster, seen, column or assignment)
        content = filled.text()
        for student in sorted(s.student for s in everybody if s.graded):
            if student not in filler.met:
                done.notes.add("has marks, but no line in the table", student)
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{assignment}-{platform}.csv"
    write_atomically(path, content.encode())
    done.files.append(path)
    _pack(coursedir, assignment, directory, platform, names, marks, done)
    return done


@dataclass
class _Filler:
    """Decides which mark goes into a line."""

    done: Exported
    marks: dict[str, Standing]
    met: set[str] = field(default_factory=set)
    final: bool = False

    def mark(self, student: str | None, shown: str, most: float | None) -> str | None:
        """Return what to fill in for `student`, None for nothing, with the reason as a note."""
        notes = self.done.notes
        if student is None or student not in self.marks:
            notes.add("is not on the class list, so the line stays as it is", shown)
            return None
        if student in self.met:
            notes.add("has two lines in the table, of which the second stays as it is", student)
            return None
        self.met.add(student)
        standing = self.marks[student]
        if not standing.graded:
            notes.add(f"{standing.status}: the line stays as it is", student)
        elif standing.waiting and self.final:
            notes.add("has answers that are not marked yet: the line stays as it is", student)
        elif most is not None and standing.total > most:
            notes.add(
                f"has more points than the {most:g} that the platform takes: left as it is", student
            )
        else:
            self.done.filled += 1
            if standing.waiting:
                notes.add("PROVISIONAL, answers are not marked yet; --final leaves it out", student)
            return f"{round(standing.total, 2):.10g}"
        return None


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _moodle(
    filler: _Filler, sheet: Table, roster: Roster, seen: dict[str, Record], _: str
) -> dict[str, str]:
    """Fill Moodle's grading worksheet; return the directory of each student's feedback."""
    _need(sheet, ("Identifier", "Grade"), "Moodle's grading worksheet")
    tickets = {record.ticket: student for student, record in seen.items() if record.ticket}
    if UNMARKED not in sheet.header:
        sheet.header.append(UNMARKED)
    directories, most = {}, {s.max_score for s in filler.marks.values()}
    for row in sheet.rows:
        number = row["Identifier"].rpartition(" ")[2]
        keys = [row.get(c, "") for c in ("Email address", "ID number", "Username", "Full name")]
        student = roster.find(*filter(None, keys)) or tickets.get(number)
        shown = row.get("Full name") or row["Identifier"]
        maximum = _number(row.get("Maximum grade", ""))
        if maximum is not None and {maximum} != most:
            filler.done.notes.add(
                f"takes {maximum:g} points, the assignment has {max(most, default=0):g}", "Moodle"
            )
            most = {maximum}  # said once
        if row.get("Grade can be changed") == "No":
            filler.done.notes.add("Moodle lets this mark not be changed", shown)
            continue
        mark = filler.mark(student, shown, maximum)
        if mark is not None and student is not None:
            row["Grade"] = mark
            row[UNMARKED] = str(filler.marks[student].waiting or "")
        if student is not None:
            name = re.sub(r'[_/\\:*?"<>|]', " ", row.get("Full name") or "Participant").strip()
            directories[student] = f"{name}_{number}_assignsubmission_file_/"
    return directories


def _canvas(
    filler: _Filler, book: Table, roster: Roster, seen: dict[str, Record], column: str
) -> dict[str, str]:
    """Fill Canvas's gradebook; return how the file of each student's feedback begins."""
    _need(book, ("Student", "ID"), "Canvas's gradebook")
    columns = [c for c in book.header if re.sub(r" \(\d+\)$", "", c) == column or c == column]
    if len(columns) != 1:
        raise CourseError(
            f"the table has {len(columns) or 'no'} columns {column!r}: "
            f"choose one with --column, of {', '.join(book.header[4:])}"
        )
    for row in book.rows:
        student_id, shown = row["ID"].strip(), row["Student"].strip()
        if shown == POINTS_POSSIBLE:
            maximum = _number(row[columns[0]])
            points = {s.max_score for s in filler.marks.values()}
            if maximum is not None and points and {maximum} != points:
                filler.done.notes.add(
                    f"has {maximum:g} points possible, the assignment {max(points):g}", "Canvas"
                )
        if not student_id:
            continue  # a line of Canvas's own
        keys = [student_id, row.get("SIS Login ID", ""), row.get("SIS User ID", ""), shown]
        mark = filler.mark(roster.find(*filter(None, keys)), shown, None)
        if mark is not None:
            row[columns[0]] = mark
    return {student: record.canvas for student, record in seen.items() if record.canvas}


def _need(given: Table, columns: tuple[str, ...], what: str) -> None:
    missing = [column for column in columns if column not in given.header]
    if missing:
        raise CourseError(
            f"this is not {what}: it has no column {' or '.join(missing)}, "
            f"but {', '.join(given.header[:8])}"
        )


def _pack(  # noqa: PLR0913, PLR0917
    coursedir: CourseDirectory,
    assignment: str,
    directory: Path,
    platform: str,
    names: dict[str, str],
    marks: dict[str, Standing],
    done: Exported,
) -> None:
    """Pack the pages of feedback as the platform's bulk upload takes them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, standing in sorted(marks.items()):
            if not standing.graded:
                continue
            place = coursedir.format_path(coursedir.feedback_directory, student, assignment)
            pages = sorted(Path(place).glob("*.html"))
            if not pages:
                done.notes.add(f"has no feedback: run `autograder feedback {assignment}`", student)
            start = names.get(student) if platform != "csv" else f"{student}/"
            if pages and not start:
                done.notes.add("feedback not packed: the platform's name of it is unknown", student)
                continue
            for page in pages:
                archive.writestr(f"{start}{page.name}", page.read_bytes())
        count = len(archive.namelist())
    if count:
        path = directory / f"{assignment}-{platform}-feedback.zip"
        write_atomically(path, packed.getvalue())
        done.files.append(path)
