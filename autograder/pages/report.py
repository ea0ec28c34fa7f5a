"""What an instructor wants to know of a class, as a page and as a table."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.core.result import Verdict
from autograder.course import assignment as course
from autograder.course import submissions
from autograder.course.journal import write_atomically
from autograder.errors import CourseError, UnusableError
from autograder.gradebook.session import GradebookSession
from autograder.limits import MiB
from autograder.pages import html as pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.core.result import Result

BINS = 10
COLUMNS = (
    *("student", "score", "max_score", "late_penalty"),
    *("needs_human", "seconds", "memory_mib", "notes"),
)


@dataclass(frozen=True)
class Row:
    """One student.

    Attributes
    ----------
    student : str
        Identifier.
    scores : dict of str to float
        Points by graded cell, as the gradebook has them: marks by hand included.
    score : float
        Their sum without the late penalty.
    late_penalty : float
        Points taken off.
    by_hand : bool
        Whether a person still has to mark something.
    seconds, memory : float
        Wall-clock seconds, and MiB at the peak; 0 if nothing was run.
    notes : tuple of str
        What went wrong.
    """

    student: str
    scores: dict[str, float]
    score: float
    late_penalty: float
    by_hand: bool
    seconds: float = 0.0
    memory: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def needs_human(self) -> bool:
        """Whether a person should look at it."""
        return self.by_hand or bool(self.notes)


@dataclass(frozen=True)
class Question:
    """One graded cell over the class.

    Attributes
    ----------
    name : str
        nbgrader's name of the cell.
    points : float
        What it can give.
    success : float
        Mean share of the points that students got, 0 to 1.
    discrimination : float or None
        Correlation of the points for this cell with the points for all the others
        (the corrected item-total correlation, for right or wrong answers a point-biserial one);
        None if either does not vary.
    failures : list of (str, int)
        Messages of the test, the commonest first, with their number.
    level : str
        Where the test ran, see `levels`; empty for what a person marks.
    """

    name: str
    points: float
    success: float
    discrimination: float | None
    failures: tuple[tuple[str, int], ...]
    level: str = ""


def discrimination(item: Sequence[float], total: Sequence[float]) -> float | None:
    """Return the corrected item-total correlation of an item.

    Parameters
    ----------
    item, total : sequence of float, shape (n_students,)
        Points for the item, and for the whole test with it.

    Returns
    -------
    float or None
        Pearson correlation between the item and the rest of the test; None if one is constant.

    References
    ----------
    Nunnally and Bernstein, *Psychometric Theory* (3rd ed., 1994), chapter 8.
    """
    rest = [whole - part for whole, part in zip(total, item, strict=True)]
    try:
        return statistics.correlation(item, rest)
    except statistics.StatisticsError:
        return None


def write(
    coursedir: CourseDirectory, config: Config, assignment: str, directory: Path
) -> tuple[Path, Path]:
    """Write the report on `assignment` as a page and as a table.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's.
    config : Config
        nbgrader's configuration.
    assignment : str
        nbgrader's assignment id.
    directory : Path
        Where the files go.

    Returns
    -------
    tuple of Path
        The page (HTML) and the table (CSV).

    Raises
    ------
    CourseError
        If the gradebook has no submission of the assignment.
    """
    course_assignment = course.load(coursedir, assignment, config)
    points = _points(course_assignment)
    messages: dict[str, Counter[str]] = {name: Counter() for name in points}
    rows = list(_rows(coursedir, course_assignment, messages))
    if not rows:
        raise CourseError(f"nothing of {assignment!r} was graded: run `autograder grade` first")
    levels = _levels(course_assignment)
    questions = [
        _question(name, points[name], rows, messages[name], levels.get(name, "")) for name in points
    ]
    page = pages.environment.get_template("report.html").render(
        assignment=assignment,
        rows=rows,
        questions=questions,
        max_score=sum(points.values()),
        bins=_bins([row.score for row in rows], sum(points.values())),
        statistics=statistics,
    )
    directory.mkdir(parents=True, exist_ok=True)
    html, table = directory / f"{assignment}.html", directory / f"{assignment}.csv"
    write_atomically(html, page.encode())
    write_atomically(table, _table(rows, points).encode())
    return html, table


def _points(course_assignment: course.Assignment) -> dict[str, float]:
    """Return what each graded cell can give, in the order of the notebooks."""
    several = len(course_assignment.sources) > 1
    return {
        _label(name, marked["grade_id"], several=several): float(marked["points"])
        for name, source in course_assignment.sources.items()
        for cell in json.loads(source)["cells"]
        if (marked := cell["metadata"].get("nbgrader", {})).get("grade") or marked.get("task")
    }


def _label(notebook: str, cell: str, *, several: bool) -> str:
    return f"{notebook}/{cell}" if several else cell


def _rows(
    coursedir: CourseDirectory,
    course_assignment: course.Assignment,
    messages: dict[str, Counter[str]],
) -> Iterator[Row]:
    """Yield a row for each student, and count the messages of failed tests on the way."""
    several = len(course_assignment.sources) > 1
    with GradebookSession(coursedir) as session:
        known = session.marks(course_assignment.name)
    for student in sorted({student for student, _ in known}):
        mine = {
            name: known[student, name]
            for name in course_assignment.sources
            if (student, name) in known
        }
        scores = {
            _label(name, cell, several=several): mark.score
            for name, marks in mine.items()
            for cell, mark in marks.cells.items()
        }
        results, problem = _results(coursedir, course_assignment, student)
        for name, result in results.items():
            for cell in result.cells if result.notebook else ():
                if cell.verdict in {Verdict.FAILED, Verdict.ERROR, Verdict.NOT_RUN}:
                    label = _label(name, cell.grade_id or "", several=several)
                    messages[label][cell.message] += 1
        penalty = sum(marks.late_penalty for marks in mine.values())
        notes = [failure.message for result in results.values() for failure in result.failures]
        yield Row(
            student,
            scores,
            score=sum(scores.values()) - penalty,
            late_penalty=penalty,
            by_hand=any(mark.by_hand for marks in mine.values() for mark in marks.cells.values()),
            seconds=sum(result.usage.seconds for result in results.values()),
            memory=max((result.usage.memory / MiB for result in results.values()), default=0.0),
            notes=(problem, *notes) if problem else tuple(notes),
        )


def _results(
    coursedir: CourseDirectory, course_assignment: course.Assignment, student: str
) -> tuple[dict[str, Result], str | None]:
    """Return what the journal knows of a submission, and why it could not be graded, if so."""
    try:
        tasks = course_assignment.tasks(
            submissions.read(coursedir, course_assignment.name, student)
        )
    except UnusableError as error:
        return {}, str(error)
    found = {name: course_assignment.journal.get(task.key) for name, task in tasks.items()}
    known = {name: result for name, result in found.items() if result is not None}
    return known, None if len(known) == len(tasks) else "changed since it was graded: grade again"


def _levels(course_assignment: course.Assignment) -> dict[str, str]:
    """Return where each test ran."""
    several = len(course_assignment.sources) > 1
    return {
        _label(name, cell, several=several): choice.level.value
        for name, choices in course_assignment.choices.items()
        for cell, choice in choices.items()
    }


def _question(
    name: str, points: float, rows: list[Row], messages: Counter[str], level: str
) -> Question:
    item = [row.scores.get(name, 0.0) for row in rows]
    total = [sum(row.scores.values()) for row in rows]
    return Question(
        name,
        points,
        success=statistics.fmean(item) / points if points else 0.0,
        discrimination=discrimination(item, total),
        failures=tuple(messages.most_common(3)),
        level=level,
    )


def _bins(scores: list[float], max_score: float) -> list[tuple[str, int]]:
    """Count marks by tenths of the points; the last tenth includes full marks."""
    counts = Counter(
        min(int(BINS * max(score, 0.0) / max_score), BINS - 1) if max_score else 0
        for score in scores
    )
    return [(f"{100 * i // BINS}–{100 * (i + 1) // BINS} %", counts[i]) for i in range(BINS)]


def _table(rows: list[Row], points: dict[str, float]) -> str:
    """Return the class as CSV, one line for each student."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, *points])
    for row in rows:
        about = (
            _inert(row.student),
            row.score,
            sum(points.values()),
            row.late_penalty,
            int(row.needs_human),
            f"{row.seconds:.2f}",
            f"{row.memory:.0f}",
            _inert("; ".join(row.notes)),
        )
        writer.writerow([*about, *(row.scores.get(name, 0.0) for name in points)])
    return text.getvalue()


def _inert(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
