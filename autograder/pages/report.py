"""What an instructor wants to know of a class, as a page and as a table."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from autograder.classroom import said
from autograder.classroom.similar import alike
from autograder.classroom.standing import Standing, standings
from autograder.core.result import Verdict
from autograder.course import assignment as course
from autograder.course import submissions
from autograder.errors import CourseError, UnusableError, printable
from autograder.export.plugin import inert
from autograder.files import write_atomically
from autograder.gradebook.session import GradebookSession
from autograder.limits import MiB
from autograder.pages import html as pages
from autograder.pages.questions import titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.core.result import Result

BINS = 10
COLUMNS = (
    *("student", "score", "max_score", "late_penalty", "status", "waiting", "late"),
    *("needs_human", "seconds", "memory_mib", "notes"),
)
NOT_HERE = ("missing", "excused", "not graded")


@dataclass(frozen=True)
class Row:
    """One student of the class.

    Attributes
    ----------
    standing : Standing
        Who it is, what was handed in, what waits.
    scores : dict of str to float
        Points by graded cell, as the gradebook has them: marks by hand included.
    waits : frozenset of str
        Cells that a person has still to mark.
    seconds, memory : float
        Wall-clock seconds, and MiB at the peak; 0 if nothing was run.
    notes : tuple of str
        What went wrong.
    """

    standing: Standing
    scores: dict[str, float]
    waits: frozenset[str] = frozenset()
    seconds: float = 0.0
    memory: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def student(self) -> str:
        """Identifier."""
        return self.standing.student

    @property
    def score(self) -> float:
        """Points without those taken off for being late."""
        return sum(self.scores.values()) - self.standing.penalty

    @property
    def needs_human(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.standing.waiting or self.notes)


@dataclass(frozen=True)
class Question:
    """One graded cell over the class.

    Attributes
    ----------
    name : str
        nbgrader's name of the cell, or the title of a question.
    points : float
        What it can give.
    success : float or None
        Mean share of the points that students got, 0 to 1; None if nothing is marked yet.
    discrimination : float or None
        Correlation of the points for this cell with the points for all the others
        (the corrected item-total correlation, for right or wrong answers a point-biserial one);
        None if either does not vary.
    failures : list of (str, int)
        Messages of the test, the commonest first, with their number.
    level : str
        Where the test ran, see `levels`; empty for what a person marks.
    waiting : int
        Answers that are not marked yet, and count for nothing here.
    cells : tuple of Question
        The cells of a question; empty for a cell.
    """

    name: str
    points: float
    success: float | None
    discrimination: float | None
    failures: tuple[tuple[str, int], ...]
    level: str = ""
    waiting: int = 0
    cells: tuple[Question, ...] = ()


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
    coursedir: CourseDirectory,
    config: Config,
    assignment: str,
    directory: Path,
    *,
    similar: bool = False,
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
    similar : bool, default False
        Whether to list similar answers.

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
    everybody = list(_rows(coursedir, course_assignment, messages))
    rows = [row for row in everybody if row.standing.status not in NOT_HERE]
    if not rows:
        raise CourseError(f"nothing of {assignment!r} was graded: run `autograder grade` first")
    page = pages.environment.get_template("report.html").render(
        assignment=assignment,
        rows=rows,
        everybody=everybody,
        status=Counter(row.standing.status for row in everybody),
        late=sum(bool(row.standing.seconds_late) for row in everybody),
        waiting=sum(row.standing.waiting for row in rows),
        questions=_questions(course_assignment, points, rows, messages),
        max_score=sum(points.values()),
        bins=_bins([row.score for row in rows], sum(points.values())),
        statistics=statistics,
        pairs=alike(coursedir, course_assignment) if similar else None,
    )
    directory.mkdir(parents=True, exist_ok=True)
    html, table = directory / f"{assignment}.html", directory / f"{assignment}.csv"
    write_atomically(html, page.encode())
    write_atomically(table, _table(everybody, points).encode())
    return html, table


def _questions(
    course_assignment: course.Assignment,
    points: dict[str, float],
    rows: list[Row],
    messages: dict[str, Counter[str]],
) -> list[Question]:
    """Return the questions with their cells, in the order of the notebooks."""
    levels, several = _levels(course_assignment), len(course_assignment.sources) > 1
    named = {
        _label(notebook, cell, several=several): (notebook, title)
        for notebook, source in course_assignment.sources.items()
        for cell, title in titles(json.loads(source)["cells"]).items()
    }
    found = []
    for (_, title), names in groupby(points, key=lambda name: named[name]):
        cells = tuple(
            _question([n], n, points, rows, messages[n], levels.get(n, "")) for n in names
        )
        every = [cell.name for cell in cells]
        whole = _question(every, title, points, rows, Counter(), "")
        found.append(replace(whole, cells=cells))
    return found


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
        everybody = standings(coursedir, session, course_assignment.name)
    for standing in everybody:
        student = standing.student
        scores = {
            _label(name, cell, several=several): mark.score
            for name in course_assignment.sources
            if (student, name) in known
            for cell, mark in known[student, name].cells.items()
        }
        if not standing.handed_in:
            yield Row(standing, scores)
            continue
        waits = frozenset(
            _label(name, cell, several=several)
            for name in course_assignment.sources
            if standing.graded and (student, name) in known
            for cell, mark in known[student, name].cells.items()
            if mark.by_hand
        )
        results, problem = _results(coursedir, course_assignment, student)
        for name, result in results.items():
            for cell in result.cells if result.notebook else ():
                if cell.verdict in {Verdict.FAILED, Verdict.ERROR, Verdict.NOT_RUN}:
                    label = _label(name, cell.grade_id or "", several=several)
                    messages[label][cell.message] += 1
        notes = [line for result in results.values() for line in said.lines(result)]
        yield Row(
            standing,
            scores,
            waits,
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


def _question(  # noqa: PLR0913, PLR0917
    names: list[str],
    shown: str,
    points: dict[str, float],
    rows: list[Row],
    messages: Counter[str],
    level: str,
) -> Question:
    marked = [row for row in rows if row.waits.isdisjoint(names)]
    item = [sum(row.scores.get(name, 0.0) for name in names) for row in marked]
    total = [sum(row.scores.values()) for row in marked]
    worth = sum(points[name] for name in names)
    return Question(
        shown,
        worth,
        success=statistics.fmean(item) / worth if worth and item else None,
        discrimination=discrimination(item, total),
        failures=tuple(messages.most_common(3)),
        level=level,
        waiting=len(rows) - len(marked),
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
        standing = row.standing
        about = (
            inert(row.student),
            row.score,
            sum(points.values()),
            standing.penalty,
            standing.status,
            standing.waiting,
            standing.late,
            int(row.needs_human),
            f"{row.seconds:.2f}",
            f"{row.memory:.0f}",
            inert(printable("; ".join(row.notes))),
        )
        writer.writerow([*about, *(row.scores.get(name, 0.0) for name in points)])
    return text.getvalue()
