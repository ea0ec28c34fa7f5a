"""One submission in, one result out."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from autograder.core.levels import Choice, Level, Setting, choose, needs
from autograder.core.marking import error_output, judge, score_of
from autograder.core.notebook import (
    Cell,
    Notebook,
    Source,
    align,
    grade_id,
    grading,
    is_code,
    is_manual,
    is_test,
    read,
)
from autograder.core.outputs import INTERRUPTED
from autograder.core.result import CellResult, Failure, Reason, Result, Usage, Verdict
from autograder.core.session import ExhaustedError, LostError, Session
from autograder.errors import KilledError, SandboxError, UnreadableError
from autograder.limits import Limits, MiB
from autograder.sandbox.launcher import launcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograder.remote.answer import Answer
    from autograder.sandbox.backend import Isolation

Output = dict[str, Any]
REASONS = {
    "instructor": Reason.INSTRUCTOR,
    "timeout": Reason.TIMEOUT,
    "lost": Reason.CRASHED,
    "unjudged": Reason.UNJUDGED,
    "forged": Reason.FORGED,
}
PAGE = 4096
PLACES = 16  # directories that take a page of the working directory's file system
TRIES = 3  # where the machine is at fault
LOST_NAMES = {Reason.TIMEOUT: INTERRUPTED, Reason.CRASHED: "DeadKernelError"}  # nbgrader's names


def grade_one(  # noqa: PLR0913 - the first two or three, as a rule
    submission: bytes,
    source: bytes,
    limits: Limits | None = None,
    *,
    data: Mapping[str, bytes] | None = None,
    files: Mapping[str, bytes] | None = None,
    isolation: Isolation = "bwrap",
    levels: Mapping[str, str] | Setting = "auto",
) -> Result:
    """Run and mark one notebook of one submission.

    The student's cells run in a process that is isolated and limited.
    At the level *split*, the test cells of the source run in another process, which asks the first
    for the student's functions and values; at the level *inside*, they run in the first.

    Parameters
    ----------
    submission : bytes
        The student's notebook.
    source : bytes
        The instructor's source notebook, with hidden tests.
    limits : Limits, optional
        What the submission may use.
    data : mapping of str to bytes, optional
        The assignment's data files by relative path, which both processes find in their working
        directory.
    files : mapping of str to bytes, optional
        What the student handed in besides the notebook; only the student's process sees it.
    isolation : {"bwrap", "none"}
        ``"none"`` runs the student's code with all rights of this process's user: only for code
        that is trusted. The test cells keep to a process of their own all the same.
    levels : {"auto", "split", "inside"} or mapping of str to str
        The level of each test by grade id. ``"auto"`` grades the source itself first, once in this
        process; a test at whose level nothing is said runs split.

    Returns
    -------
    Result
        Outputs, verdicts and marks. A mistake of the student's is reported there, never raised.

    Raises
    ------
    ValueError
        If the source is no notebook that can be graded, or a path leaves the working directory.
    SandboxError
        If this machine cannot isolate.
    KilledError
        If something else ended the submission's processes each time that it was tried.
    """
    started = time.perf_counter()
    limits = limits or Limits()
    parsed = Source.read(source)
    data, files = checked_paths(data or {}), checked_paths(files or {})
    try:
        notebook, failures = align(read(submission), parsed)
    except UnreadableError as error:
        return unreadable(parsed, str(error), time.perf_counter() - started)
    data, files, left_out = fitting(data, files, limits)
    failures = [*failures, *left_out]
    if isinstance(levels, str):
        chosen = choices_of(source, limits, data, isolation, levels)
        levels = {name: choice.level.value for name, choice in chosen.items()}
    for tried in range(1, TRIES + 1):
        start = launcher(isolation)
        try:
            start.preload(parsed.modules)
            with Session(start, parsed, limits, data, files) as session:
                run = Grading(session, notebook, [*failures], levels)
                cells = run.run()
            break
        except KilledError:  # the machine's fault, as the next one if the zygote was lost
            if tried == TRIES:
                raise
        except SandboxError:
            if tried == TRIES or not start.closed:
                raise
    usage = Usage(
        time.perf_counter() - started,
        **dataclasses.asdict(session.spent),
        restarts=session.restarts,
    )
    return Result(json.dumps(notebook), tuple(cells), tuple(run.failures), usage)


_choices: dict[tuple[object, ...], dict[str, Choice]] = {}
MAX_CHOICES = 64


def choices_of(
    source: bytes,
    limits: Limits,
    data: Mapping[str, bytes],
    isolation: Isolation,
    setting: Setting = "auto",
) -> dict[str, Choice]:
    """Return the level of each test, found by grading the source once in this process."""
    key = (source, limits, tuple(sorted(data.items())), isolation, setting)
    if key not in _choices:

        def run(levels: Mapping[str, str]) -> Result:
            return grade_one(source, source, limits, data=data, isolation=isolation, levels=levels)

        while len(_choices) >= MAX_CHOICES:
            del _choices[next(iter(_choices))]
        reads = setting == "auto" and Source.read(source).tests
        _choices[key] = choose(Source.read(source), run if reads else None, setting)
    return _choices[key]


def checked_paths(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files if all of their paths stay below the working directory."""
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.name or "\0" in name:
            raise ValueError(f"the path {name!r} does not stay below the working directory")
    return dict(files)


def fitting(
    data: dict[str, bytes], files: dict[str, bytes], limits: Limits
) -> tuple[dict[str, bytes], dict[str, bytes], list[Failure]]:
    """Leave out the files that do not fit into the working directory, the largest ones first.

    Returns
    -------
    data, files : dict of str to bytes
        What fits; the assignment's goes first.
    failures : list of Failure
        What does not, and the setting that would let it.
    """
    room = limits.scratch_bytes - PLACES * PAGE
    failures = []
    kept: list[dict[str, bytes]] = []
    for own, reason in ((data, Reason.INSTRUCTOR), (files, Reason.LEFT_OUT)):
        taken = {}
        for name, content in sorted(own.items(), key=lambda item: len(item[1])):
            size = -(-len(content) // PAGE) * PAGE + PAGE
            if size <= room and len(content) <= limits.file_bytes:
                room -= size
                taken[name] = content
                continue
            name_of_limit = "file_bytes" if len(content) > limits.file_bytes else "scratch_bytes"
            message = (
                f"{name} ({len(content) / MiB:.1f} MiB) was left out: "
                f"c.Sandbox.{name_of_limit} is {getattr(limits, name_of_limit) / MiB:.1f} MiB"
            )
            failures.append(Failure(reason, message))
        kept.append({name: taken[name] for name in own if name in taken})
    return kept[0], kept[1], failures


def unreadable(source: Source, message: str, seconds: float) -> Result:
    """Return the result of a submission that is no notebook: no points."""
    cells = []
    for index, cell in enumerate(source.notebook["cells"]):
        if is_test(cell) or is_manual(cell):
            points = float(grading(cell).get("points", 0))
            cells.append(
                CellResult(
                    index,
                    grade_id(cell),
                    verdict=Verdict.NOT_RUN,
                    message=message,
                    score=0.0,
                    max_score=points,
                )
            )
    failure = Failure(Reason.UNREADABLE, f"{message}; ask for the notebook again")
    return Result(None, tuple(cells), (failure,), Usage(seconds=seconds))


class Grading:
    """Runs the cells of one notebook in order.

    Attributes
    ----------
    notebook : dict
        Gets the outputs.
    failures : list of Failure
        Grows as things go wrong.
    """

    def __init__(
        self,
        session: Session,
        notebook: Notebook,
        failures: list[Failure],
        levels: Mapping[str, str],
    ) -> None:
        self.session = session
        self.levels = levels
        self.notebook = notebook
        self.failures = failures
        self.exhausted: ExhaustedError | None = None
        self.count = 0

    def run(self) -> list[CellResult]:
        """Run all cells."""
        return [self.run_cell(index, cell) for index, cell in enumerate(self.notebook["cells"])]

    def run_cell(self, index: int, cell: Cell) -> CellResult:
        """Run one cell, or say why it was not run."""
        started = time.perf_counter()
        marks: dict[str, Any] = {}
        if is_test(cell):
            marks = self.test(index, cell)
        elif is_code(cell):
            self.execute(index, cell)
        if is_manual(cell):
            points = float(grading(cell).get("points", 0))
            marks = {"verdict": Verdict.MANUAL, "max_score": points}
        return CellResult(
            index,
            grade_id(cell),
            cell.get("outputs", []),
            time.perf_counter() - started,
            **marks,
        )

    def execute(self, index: int, cell: Cell) -> None:
        """Run a cell of the student's and keep its outputs."""
        self.count += 1
        cell["execution_count"] = self.count
        if self.exhausted or not cell["source"].strip():
            return
        ending: list[Output] = []
        try:
            self.session.run(cell["source"])
        except LostError as error:
            self.fail(index, cell, error.reason, str(error))
            ending = [error_output(LOST_NAMES[error.reason], str(error))]
        except ExhaustedError as error:
            self.exhaust(index, cell, error)
        outputs = self.session.outputs
        if outputs.interrupted:
            message = f"the cell ran longer than {self.session.limits.cell_seconds:g} s"
            self.fail(index, cell, Reason.TIMEOUT, message)
        if outputs.shortened:
            self.fail(
                index, cell, Reason.OUTPUT, f"the output was longer than {outputs.size} bytes"
            )
        cell["outputs"] = outputs.finish() + ending
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = self.count

    def test(self, index: int, cell: Cell) -> dict[str, Any]:
        """Run a test cell and mark it."""
        self.count += 1
        cell["execution_count"] = self.count
        points = float(grading(cell)["points"])
        level = Level(self.levels.get(str(grade_id(cell)), Level.SPLIT))
        marks = {"max_score": points, "level": level.value}
        if not self.exhausted:
            try:
                answer = self.answer(cell, level)
            except ExhaustedError as error:
                self.exhaust(index, cell, error)
        if self.exhausted:
            message = f"not run: {self.exhausted}"
            cell["outputs"] = [error_output("NotRun", message)]
            return marks | {"verdict": Verdict.NOT_RUN, "message": message, "score": 0.0}
        verdict, message, outputs = judge(answer, points, self.count)
        reason = REASONS.get(answer.status)
        if verdict == Verdict.ERROR:
            reason = Reason.INSTRUCTOR
        elif answer.ename == INTERRUPTED:
            reason = Reason.TIMEOUT
        if reason is not None:
            self.fail(index, cell, reason, message)
        cell["outputs"] = outputs
        score = score_of(verdict, answer, points)
        return marks | {"verdict": verdict, "message": message, "score": score}

    def answer(self, cell: Cell, level: Level) -> Answer:
        """Run a test cell at its level."""
        if level is Level.INSIDE:
            kept = grade_id(cell) in needs(self.session.source)
            return self.session.inside(cell["source"], kept=kept)
        return self.session.check(cell["source"], self.session.source.scopes[str(grade_id(cell))])

    def fail(self, index: int, cell: Cell, reason: Reason, message: str) -> None:
        """Note what went wrong with a cell."""
        self.failures.append(Failure(reason, message, grade_id(cell), index))

    def exhaust(self, index: int, cell: Cell, error: ExhaustedError) -> None:
        """Run nothing any more."""
        self.exhausted = error
        self.fail(index, cell, error.reason, f"{error}; the cells from here on were not run")
