"""The class as a list: who has handed in, when, what waits for a person, what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from nbgrader.api import MissingEntry, SubmittedAssignment

from autograder.collect.classlist import class_list
from autograder.course import submissions
from autograder.gradebook.extensions import Extensions

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

    from autograder.gradebook.session import GradebookSession

NAMES = ("first_name", "last_name", "email")


@dataclass(frozen=True)
class Standing:
    """Where one student stands.

    Attributes
    ----------
    student, first_name, last_name, email : str
        Of the class list, or of the gradebook.
    handed_in : bool
        Whether there is work, graded or not.
    seen : bool
        Whether it was graded, or it was tried.
    graded : bool
        Whether it has marks in the gradebook.
    excused : bool
        Whether it need not be there.
    extension : str
        What was granted, such as ``3d``.
    timestamp, duedate : datetime or None
        In UTC, without a zone, as nbgrader keeps them.
    seconds_late : float
        After the due date and what was granted.
    waiting : int
        Answers that wait for a person.
    raw_score, penalty, max_score : float
        Points, points off for being late, and points to be had.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    handed_in: bool = False
    seen: bool = False
    graded: bool = False
    excused: bool = False
    extension: str = ""
    timestamp: datetime | None = None
    duedate: datetime | None = None
    seconds_late: float = 0.0
    waiting: int = 0
    raw_score: float = 0.0
    penalty: float = 0.0
    max_score: float = 0.0

    @property
    def total(self) -> float:
        """Points that count."""
        return max(0.0, self.raw_score - self.penalty)

    @property
    def status(self) -> str:
        """In a word or two: what is to be done, or that nothing is."""
        if not self.handed_in:
            return "excused" if self.excused else "missing"
        if not self.graded:
            return "no marks" if self.seen else "not graded"
        return "provisional" if self.waiting else "marked"

    @property
    def late(self) -> str:
        """How late, in days and hours; empty if it was not."""
        hours, rest = divmod(int(self.seconds_late), 3600)
        days, hours = divmod(hours, 24)
        if not self.seconds_late:
            return ""
        return f"{days} d {hours} h" if days else f"{hours} h {rest // 60} min"


def standings(
    coursedir: CourseDirectory, session: GradebookSession, assignment: str
) -> list[Standing]:
    """Return where everybody stands: the class list, and whoever has handed in besides.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's; its ``student_id`` filters nobody here.
    session : GradebookSession
        The gradebook.
    assignment : str
        nbgrader's assignment id; the gradebook knows it.
    """
    known = session.find_assignment(assignment)
    roster, granted = class_list(coursedir), Extensions.read(coursedir)
    people = dict(roster.people) if roster else {}
    lying = set(submissions.students(coursedir, assignment))
    for student in session.students:
        about = {name: getattr(student, name) or "" for name in NAMES}
        people[student.id] = about | {k: v for k, v in people.get(student.id, {}).items() if v}
    for name in lying:
        people.setdefault(name, {})
    excused = granted.excused(assignment)
    found = []
    for name, about in sorted(people.items()):
        standing = Standing(
            name,
            first_name=about.get("first_name", ""),
            last_name=about.get("last_name", ""),
            email=about.get("email", ""),
            handed_in=name in lying,
            excused=name in excused,
            extension=granted.granted.get((assignment, name), ""),
            duedate=known.duedate,
            max_score=known.max_score,
        )
        try:
            submission = session.find_submission(assignment, name)
        except MissingEntry:
            if roster is None or name in roster.people or name in lying:
                found.append(standing)
        else:
            found.append(_graded(standing, submission))
    return found


def _graded(standing: Standing, submission: SubmittedAssignment) -> Standing:
    """Add what the gradebook knows of a submission."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    marks = [mark for grade in grades for mark in (grade.auto_score, grade.manual_score)]
    graded = any(mark is not None for mark in marks)
    return replace(
        standing,
        handed_in=True,
        seen=True,
        graded=graded,
        timestamp=submission.timestamp,
        seconds_late=submission.total_seconds_late,
        waiting=sum(grade.needs_manual_grade for grade in grades) if graded else 0,
        raw_score=submission.score,
        penalty=submission.late_submission_penalty or 0.0,
    )
