"""Grade a class: submissions → isolated runs → journal → one writer of the gradebook."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import itertools
import json
import logging
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.classroom import graded
from autograder.classroom.connect import connect
from autograder.classroom.graded import Marked, marked
from autograder.classroom.interrupt import interruptible
from autograder.classroom.place import look
from autograder.classroom.progress import Progress
from autograder.classroom.scheduler import Lost, run_one
from autograder.course import submissions
from autograder.course.assignment import load
from autograder.errors import (
    BusyError,
    CourseError,
    UnusableError,
    printable,
)
from autograder.gradebook import extensions
from autograder.gradebook.autograded import KEY, autograded
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.session import GradebookSession, explained
from autograder.gradebook.writer import Writer
from autograder.notes import Notes, counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from autograder.classroom.graded import Graded
    from autograder.classroom.scheduler import Scheduler
    from autograder.course.assignment import Assignment
    from autograder.course.task import Task


log = logging.getLogger("autograder")  # nbgrader's reports; the summary says what matters
log.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Outcome:
    """What became of one student's submission.

    Attributes
    ----------
    student : str
        Who handed it in.
    how : str
        ``run`` now, from the ``journal``, ``unchanged`` since it was graded, or not ``graded``.
    score, max_score : float
        Points given by tests; marks by hand and late penalties are the gradebook's.
    problem : str or None
        Why it has no marks.
    notes : tuple of str
        What else an instructor should know.
    faults : tuple of str
        Tests that are at fault themselves, and wait for a person.
    penalty_changed : bool
        Whether an unchanged submission has another late penalty than before.
    """

    student: str
    how: str
    score: float = 0.0
    max_score: float = 0.0
    problem: str | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    penalty_changed: bool = False


@dataclass
class Summary:
    """What became of a class.

    Attributes
    ----------
    assignment : str
        Its name.
    outcomes : list of Outcome
        One for each student, in the order of the students' names.
    seconds, gradebook_seconds : float
        Wall-clock time of the whole, and of the part that wrote the gradebook.
    waiting : int
        Answers of the class that wait for a person.
    strangers : Notes
        Who is not on the class list, and what in the directory of submissions is none.
    """

    assignment: str
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0
    gradebook_seconds: float = 0.0
    waiting: int = 0
    strangers: Notes = field(default_factory=Notes)

    @property
    def failed(self) -> list[Outcome]:
        """Submissions without marks."""
        return [outcome for outcome in self.outcomes if outcome.problem]

    @property
    def noted(self) -> list[Outcome]:
        """Submissions with marks that an instructor may want to look at."""
        return [outcome for outcome in self.outcomes if outcome.notes and not outcome.problem]

    def __str__(self) -> str:
        """Return the lines that a command prints at its end."""
        counts = {
            how: sum(outcome.how == how for outcome in self.outcomes)
            for how in ("run", "journal", "unchanged", "failed")
        }
        handed_in = counted(len(self.outcomes), "submission")
        lines = [
            f"{self.assignment}: {handed_in} in {self.seconds:.1f} s: "
            f"{counts['run']} run, {counts['journal']} taken from the journal, "
            f"{counts['unchanged']} unchanged, {counts['failed']} without marks"
        ]
        moved = sum(outcome.penalty_changed for outcome in self.outcomes)
        if moved:
            unchanged = counted(moved, "unchanged submission")
            lines.append(f"{unchanged} with another late penalty than before")
        if self.waiting:
            lines.append(
                f"{counted(self.waiting, 'answer')} not marked yet, so totals are provisional: "
                f"`autograder mark {self.assignment}`"
            )
        lines += self.strangers.lines()
        if self.failed:
            lines.append("Without marks:")
            lines += [f"  {printable(o.student)}: {o.problem}" for o in self.failed]
        if self.noted:
            lines.append("Graded, but worth a look:")
            lines += [f"  {printable(o.student)}: {note}" for o in self.noted for note in o.notes]
        faults = Counter(fault for outcome in self.outcomes for fault in outcome.faults)
        if faults:
            lines.append("The course's own faults; these cells took no marks and wait for you:")
            lines += [f"  {fault} ({counted(n, 'submission')})" for fault, n in faults.items()]
        return "\n".join(lines)


def grade(  # noqa: PLR0913  (the options of the command)
    course_dir: str | Path,
    assignment: str,
    *,
    student: str = "*",
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    config: Config | None = None,
) -> Summary:
    """Grade every submission of an assignment, each in isolation, into nbgrader's gradebook.

    Submissions are run in parallel by workers; one writer, this process, runs nbgrader's own
    `Autograde` with the results.
    Results are kept in a journal by the hash of what was run: an interrupted call can be repeated
    and goes on where it was, and an unchanged submission is not run again.

    Parameters
    ----------
    course_dir : str or Path
        Directory of the course, with its ``nbgrader_config.py``.
    assignment : str
        nbgrader's assignment id; it must have been released with ``autograder release``.
    student : str, default "*"
        Only students whose identifier matches this glob.
    workers : int, optional
        Processes on this machine; as many as it has cores if not given.
    scheduler : str, optional
        Address of a Dask scheduler whose workers are used instead, such as ``tcp://10.0.0.5:8786``.
        They need this package and bubblewrap, but no shared file system.
    force : bool, default False
        Run again even what the journal already knows.
    config : Config, optional
        nbgrader's configuration; read from ``nbgrader_config.py`` if not given.

    Returns
    -------
    Summary
        What became of each submission. A submission that cannot be graded is in `Summary.failed`
        with a reason, has no automatic mark in the gradebook, and never stops the others.

    Raises
    ------
    CourseError
        If the assignment is not in the gradebook.
    SandboxError
        If a machine cannot isolate student code; nothing is run without isolation.
    ClusterError
        If the cluster cannot be reached or is lost.
    GradebookError
        If the gradebook cannot be written.
    BusyError
        If another process is grading the course.
    JournalError
        If the journal cannot be written, for example because the disk is full.

    Examples
    --------
    >>> summary = grade(".", "01-metrics", workers=4)  # doctest: +SKIP
    >>> print(summary)  # doctest: +SKIP
    """
    course_dir = Path(course_dir).resolve()
    if config is None:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(course_dir)).load_config()
    coursedir = CourseDirectory(config=config, root=str(course_dir), student_id=student)
    return grade_course(
        coursedir, config, assignment, workers=workers, scheduler=scheduler, force=force
    )


def grade_course(  # noqa: PLR0913
    coursedir: CourseDirectory,
    config: Config,
    assignment: str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
) -> Summary:
    """Do what `grade` says, with nbgrader's own course directory and configuration."""
    started = time.perf_counter()
    with contextlib.ExitStack() as stack:
        stack.enter_context(interruptible())
        stack.enter_context(explained(coursedir))
        stack.enter_context(warnings.catch_warnings(action="ignore"))
        known = load(coursedir, assignment, config)
        students = submissions.students(coursedir, assignment)
        strangers = look(coursedir, assignment, students)
        if not students:
            step = coursedir.submitted_directory
            said = [
                "there are no submissions that match "
                f"{coursedir.format_path(step, coursedir.student_id, assignment)}: "
                f"collect them with `autograder collect {assignment} ARCHIVE`",
                *strangers.lines(),
            ]
            raise CourseError("\n".join(said))
        stack.enter_context(_lock(known.journal.directory))
        jobs = len(students) * len(known.sources)

        @functools.cache
        def cluster() -> Scheduler:
            return stack.enter_context(connect(workers, scheduler, jobs, known.isolation))

        known.run = lambda task: run_one(cluster(), graded.run, task)
        known.check()
        session = stack.enter_context(GradebookSession(coursedir))
        granted = Extensions.read(coursedir).of(assignment)
        extensions.apply(session, assignment, granted)
        progress = stack.enter_context(Progress(len(students)))
        place = CourseDirectory(config=config)
        writer = Writer(known, session, granted, coursedir=place, config=config, log=log)
        run = _Run(coursedir, known, writer, progress, force=force)
        tasks = run.tasks(students)
        first = next(tasks, None)
        if first is not None:
            for task, result in cluster().run(graded.grade, itertools.chain([first], tasks)):
                run.receive(task, result)
        run.save()
        waiting = session.waiting(assignment)
    outcomes = sorted(run.outcomes, key=lambda outcome: outcome.student)
    seconds = time.perf_counter() - started
    return Summary(assignment, outcomes, seconds, run.gradebook_seconds, waiting, strangers)


@dataclass
class _Pending:
    """A submission on its way: its tasks' keys by notebook, and what came back by key.

    Of a result that the journal knows, the autograded notebook is made when it is written.
    """

    student: str
    timestamp: datetime | None
    keys: dict[str, str]
    notes: tuple[str, ...] = ()
    results: dict[str, Marked] = field(default_factory=dict)
    notebooks: dict[str, str | None] = field(default_factory=dict)
    ran: bool = False

    @property
    def complete(self) -> bool:
        return self.results.keys() == set(self.keys.values())


class _Run:
    """One run over a class: the gradebook follows the results as they come."""

    def __init__(
        self,
        coursedir: CourseDirectory,
        assignment: Assignment,
        writer: Writer,
        progress: Progress,
        *,
        force: bool,
    ) -> None:
        self.coursedir = coursedir
        self.assignment = assignment
        self.writer = writer
        self.progress = progress
        self.force = force
        self.outcomes: list[Outcome] = []
        self.gradebook_seconds = 0.0
        self._known = writer.session.marks(assignment.name)
        self._waiting: dict[str, list[_Pending]] = {}

    def tasks(self, students: list[str]) -> Iterator[Task]:
        """Yield what must be run; finish on the way what the journal knows."""
        for student in students:
            try:
                submission = submissions.read(self.coursedir, self.assignment.name, student)
                tasks = self.assignment.tasks(submission)
            except UnusableError as error:
                self._reject(student, str(error))
                continue
            except OSError as error:
                self._reject(student, f"it cannot be read ({error.strerror}): check its directory")
                continue
            keys = {notebook: task.key for notebook, task in tasks.items()}
            pending = _Pending(
                student, submission.timestamp, keys, tuple(map(printable, submission.left_out))
            )
            new = []
            for key, task in {task.key: task for task in tasks.values()}.items():
                result = None if self.force else self.assignment.journal.get(key)
                if result is not None:
                    pending.results[key] = marked(result)
                    continue
                if key not in self._waiting:  # else a classmate handed in the same
                    new.append(task)
                self._waiting.setdefault(key, []).append(pending)
            if pending.complete:
                self._finish(pending)
            yield from new

    def receive(self, task: Task, done: Graded | Lost) -> None:
        """Keep a result, and finish the submissions that waited for it."""
        if isinstance(done, Lost):
            marks, notebook = Marked(problem=f"{done.message}: grade it again"), None
        else:
            marks, notebook = done.marked, done.notebook
            self.assignment.journal.keep(task.key, done.entry)
        for pending in self._waiting.pop(task.key):
            pending.results[task.key] = marks
            pending.notebooks[task.key] = notebook
            pending.ran = True
            if pending.complete:
                self._finish(pending)

    def save(self) -> None:
        """Insert what waits."""
        started = time.perf_counter()
        self.writer.save()
        self.gradebook_seconds += time.perf_counter() - started

    def _finish(self, pending: _Pending) -> None:
        results = [pending.results[key] for key in pending.keys.values()]
        problem = next((marks.problem for marks in results if marks.problem), None)
        if problem:
            self._reject(pending.student, problem)
            return
        how, penalty_changed = "run" if pending.ran else "journal", False
        if self.force or not self._is_recorded(pending):
            started = time.perf_counter()
            problem = self._write(pending)
            self.gradebook_seconds += time.perf_counter() - started
        else:
            how = how if pending.ran else "unchanged"
            penalty_changed = self.writer.penalise(pending.student)
        if problem:
            self._reject(pending.student, problem)
            return
        self._done(
            Outcome(
                pending.student,
                how,
                score=sum(score or 0.0 for marks in results for score in marks.scores.values()),
                max_score=sum(marks.max_score for marks in results),
                notes=pending.notes + tuple(note for marks in results for note in marks.notes),
                faults=tuple(fault for marks in results for fault in marks.faults),
                penalty_changed=penalty_changed,
            )
        )

    def _write(self, pending: _Pending) -> str | None:
        """Bring the results into the gradebook; return why that did not work."""
        notebooks = {name: self._autograded(pending, key) for name, key in pending.keys.items()}
        try:
            if self.writer.add(pending.student, pending.timestamp, notebooks):
                return None
        except OSError as error:
            return f"it cannot be written ({error.strerror}): check the disk, then grade it again"
        results = {}
        for notebook, key in pending.keys.items():
            result = self.assignment.journal.get(key)
            if result is None:
                return "the journal has lost its result: grade it again"
            results[notebook] = key, result
        problem = self.writer.write(pending.student, pending.timestamp, results)
        if problem:
            return problem
        shown = self.writer.session.marks(self.assignment.name, pending.student)
        for notebook, key in pending.keys.items():
            marks = shown.get((pending.student, notebook))
            known = {cell: mark.auto_score for cell, mark in marks.cells.items()} if marks else {}
            scores = pending.results[key].scores
            if any(known.get(cell, "none") != score for cell, score in scores.items()):
                return "the gradebook shows other marks than were given: grade it again"
        return None

    def _autograded(self, pending: _Pending, key: str) -> str | None:
        """Return the autograded notebook that a worker made, or make it of what the journal has."""
        if key in pending.notebooks:
            return pending.notebooks[key]
        result = self.assignment.journal.get(key)
        return autograded(key, result) if result else None

    def _reject(self, student: str, problem: str) -> None:
        if submissions.has_room(student):
            self.writer.reject(student)
        self._done(Outcome(student, "failed", problem=printable(problem)))

    def _done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.progress.advance(printable(outcome.student), outcome.problem)

    def _is_recorded(self, pending: _Pending) -> bool:
        """Whether the gradebook and the autograded notebooks already show just this."""
        for notebook in self.assignment.sources:
            marks = self._known.get((pending.student, notebook))
            if marks is None:
                return False
            if pending.timestamp is not None and marks.timestamp != pending.timestamp:
                return False
            if notebook not in pending.keys:  # not handed in: no points
                if any(mark.auto_score for mark in marks.cells.values()):
                    return False
                continue
            key = pending.keys[notebook]
            scores = pending.results[key].scores
            known = {cell: mark.auto_score for cell, mark in marks.cells.items()}
            if any(known.get(cell) != score for cell, score in scores.items()):
                return False
            if self._recorded_key(pending.student, notebook) != key:
                return False
        return True

    def _recorded_key(self, student: str, notebook: str) -> str | None:
        """Key of the task that the autograded notebook shows, None if there is none."""
        path = Path(
            self.coursedir.format_path(
                self.coursedir.autograded_directory, student, self.assignment.name
            ),
            f"{notebook}.ipynb",
        )
        try:
            return json.loads(path.read_bytes())["metadata"][KEY]["key"]
        except (OSError, ValueError, KeyError, TypeError):
            return None


@contextlib.contextmanager
def _lock(directory: Path) -> Iterator[None]:
    """Let one process at a time grade the course; the system drops the lock when it ends."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                f"another process is grading this course (it holds {file.name}): wait until it ends"
            ) from None
        yield
