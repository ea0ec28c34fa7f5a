"""One submission in, one result out."""

from __future__ import annotations

import dataclasses
import json
import math
import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from autograder._launcher import Isolation, launcher
from autograder._limits import Limits
from autograder._notebook import (
    Cell,
    Notebook,
    Source,
    UnreadableError,
    align,
    grade_id,
    grading,
    is_code,
    is_manual,
    is_test,
    read,
)
from autograder._outputs import INTERRUPTED, encodable
from autograder._result import CellResult, Failure, Reason, Result, Usage, Verdict
from autograder._sandbox import SandboxError
from autograder._session import ExhaustedError, LostError, Session

if TYPE_CHECKING:
    from collections.abc import Mapping

Output = dict[str, Any]
MAX_QUOTE = 500
LOST_NAMES = {Reason.TIMEOUT: INTERRUPTED, Reason.CRASHED: "DeadKernelError"}  # nbgrader's names


def grade_one(  # noqa: PLR0913 - the first two or three, as a rule
    submission: bytes,
    source: bytes,
    limits: Limits | None = None,
    *,
    data: Mapping[str, bytes] | None = None,
    files: Mapping[str, bytes] | None = None,
    isolation: Isolation = "bwrap",
) -> Result:
    """Run and mark one notebook of one submission.

    The student's cells run in a process that is isolated and limited; the test cells of the source
    run in another, which asks the first for the student's functions and values.

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
    """
    started = time.perf_counter()
    limits = limits or Limits()
    parsed = Source.read(source)
    data, files = checked_paths(data or {}), checked_paths(files or {})
    try:
        notebook, failures = align(read(submission), parsed)
    except UnreadableError as error:
        return unreadable(parsed, str(error), time.perf_counter() - started)
    for last in (False, True):
        start = launcher(isolation)
        try:
            start.preload(parsed.modules)
            with Session(start, parsed, limits, data, files) as session:
                run = Grading(session, notebook, [*failures])
                cells = run.run()
            break
        except SandboxError:  # again if the zygote was lost, such as to a lack of memory
            if last or not start.channel.closed:
                raise
    usage = Usage(
        time.perf_counter() - started,
        **dataclasses.asdict(session.spent),
        restarts=session.restarts,
    )
    return Result(json.dumps(notebook, indent=1), tuple(cells), tuple(run.failures), usage)


def checked_paths(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files if all of their paths stay below the working directory."""
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.name or "\0" in name:
            raise ValueError(f"the path {name!r} does not stay below the working directory")
    return dict(files)


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

    def __init__(self, session: Session, notebook: Notebook, failures: list[Failure]) -> None:
        self.session = session
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
        if not self.exhausted:
            try:
                answer = encodable_texts(self.session.check(cell["source"]))
            except ExhaustedError as error:
                self.exhaust(index, cell, error)
        if self.exhausted:
            message = f"not run: {self.exhausted}"
            cell["outputs"] = [error_output("NotRun", message)]
            return {
                "verdict": Verdict.NOT_RUN,
                "message": message,
                "score": 0.0,
                "max_score": points,
            }
        verdict, message, outputs = judge(answer, points, self.count)
        if verdict == Verdict.ERROR:
            self.fail(index, cell, Reason.INSTRUCTOR, message)
        elif answer["status"] == "timeout" or answer["ename"] == INTERRUPTED:
            self.fail(index, cell, Reason.TIMEOUT, message)
        elif answer["status"] == "lost":
            self.fail(index, cell, Reason.CRASHED, message)
        cell["outputs"] = outputs
        score = nbgrader_score(cell)
        return {"verdict": verdict, "message": message, "score": score, "max_score": points}

    def fail(self, index: int, cell: Cell, reason: Reason, message: str) -> None:
        self.failures.append(Failure(reason, message, grade_id(cell), index))

    def exhaust(self, index: int, cell: Cell, error: ExhaustedError) -> None:
        """Run nothing any more."""
        self.exhausted = error
        self.fail(index, cell, error.reason, f"{error}; the cells from here on were not run")


def nbgrader_score(cell: Cell) -> float:
    """Mark a cell by its outputs, as nbgrader does."""
    from nbformat import from_dict  # noqa: PLC0415 - as the next one
    from nbgrader.utils import determine_grade  # noqa: PLC0415 - takes seconds to import

    score, _ = determine_grade(from_dict(cell))
    return float(score)


def encodable_texts(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what the checker says with texts that UTF-8 can hold: some are the student's."""
    return {k: encodable(value) if type(value) is str else value for k, value in answer.items()}


def judge(answer: dict[str, Any], points: float, count: int) -> tuple[Verdict, str, list[Output]]:
    """Turn what the checker says into verdict, message and outputs.

    nbgrader marks a cell by its outputs: an error or something on stderr is no points, a number as
    the last value is that many points, and everything else is all points. What it would take for
    all points though it is none, such as NaN, is an error here.
    """
    outputs = [
        {"output_type": "stream", "name": name, "text": answer[name]}
        for name in ("stdout", "stderr")
        if answer.get(name)
    ]
    number = answer.get("points")
    if answer["status"] == "instructor":
        verdict, message = Verdict.ERROR, f"{answer['ename']}: {answer['evalue']}"
    elif answer["status"] != "passed":
        verdict, message = Verdict.FAILED, failure_message(answer)
    elif answer["odd"] is not None:
        verdict = Verdict.ERROR
        message = f"the test's last line gives a {answer['odd']} and not a number of points"
    elif number is not None and not (math.isfinite(number) and 0 <= number <= points):
        verdict, message = Verdict.ERROR, f"the test gives {number} of {points:g} points"
    elif answer["stderr"]:
        verdict = Verdict.FAILED
        message = f"the code wrote to stderr: {answer['stderr'].strip()[:MAX_QUOTE]}"
    elif number is None or number == points:
        verdict, message = Verdict.PASSED, ""
    else:
        verdict, message = Verdict.PARTIAL, f"{number:g} of {points:g} points"
    if verdict == Verdict.ERROR or answer["status"] != "passed":
        name = answer["ename"] or "InstructorError"
        outputs.append(error_output(name, answer["evalue"] or message, answer.get("traceback", "")))
    elif number is not None and verdict != Verdict.FAILED:
        outputs.append(
            {
                "output_type": "execute_result",
                "data": {"text/plain": repr(number)},
                "metadata": {},
                "execution_count": count,
            }
        )
    return verdict, message, outputs


def failure_message(answer: dict[str, Any]) -> str:
    """Say why a test failed."""
    name, text = answer["ename"], answer["evalue"]
    if answer["status"] == "lost":
        return f"the code ended its process: {text}"
    if answer["status"] == "timeout" or name == INTERRUPTED:
        return "the code took too long"
    if name == "AssertionError":
        return text or "the assertion failed"
    return f"{name}: {text}" if text else name


def error_output(name: str, message: str, traceback: str = "") -> Output:
    """Return a notebook's output for an error."""
    lines = traceback.splitlines() or [f"{name}: {message}"]
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": lines}
