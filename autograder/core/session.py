"""One submission's processes: started, replaced when they are lost, and ended together."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autograder.core.marking import of_outputs, received
from autograder.core.outputs import CellOutputs
from autograder.core.result import Reason
from autograder.errors import KilledError
from autograder.inside.compiled import compiled
from autograder.remote.answer import Answer
from autograder.remote.channel import Channel, DeadlineError, RemoteError
from autograder.remote.values import WireError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from autograder.core.notebook import Scope, Source
    from autograder.limits import Limits
    from autograder.sandbox.backend import Backend

GRACE = 2.0  # for what ignores the interrupt at the end of its time
CHECKER_GRACE = 5.0
PATIENCE = 1.0  # until a process whose connection has ended is gone


class LostError(Exception):
    """The student's process is gone.

    Attributes
    ----------
    reason : Reason
        Timeout or crash.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ExhaustedError(Exception):
    """The submission's time, or its restarts, are used up."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass
class Spent:
    """What was used so far, see `Usage`."""

    start: float = 0.0
    execution: float = 0.0
    checks: float = 0.0
    cpu_seconds: float = 0.0
    memory: int = 0


class Session:
    """Runs cells and tests of one submission.

    Parameters
    ----------
    backend : Backend
        Starts the processes.
    source : Source
        The instructor's notebook.
    limits : Limits
        What the submission may use.
    data, files : mapping of str to bytes
        The assignment's data, for both processes, and the student's own files.
    """

    def __init__(
        self,
        backend: Backend,
        source: Source,
        limits: Limits,
        data: Mapping[str, bytes],
        files: Mapping[str, bytes],
    ) -> None:
        self.backend = backend
        self.source = source
        self.limits = limits
        self.data = data
        self.files = files
        self.deadline = time.monotonic() + limits.submission_seconds
        self.spent = Spent()
        self.student: Channel | None = None
        self.checker: Channel | None = None
        self.processes: dict[str, int] = {}
        self.passing: socket.socket | None = None
        self.replay: list[str] = []
        self.starts = 0
        self.output_budget = limits.submission_output_bytes
        self.outputs = CellOutputs(0)
        self.test = ("", "")  # of a cell that runs inside: its text, and its nonce
        self.finished = self.ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for role in list(self.processes):
            self.end(role)

    @property
    def restarts(self) -> int:
        """Return how often the student's process was replaced."""
        return max(self.starts - 1, 0)

    def run(self, code: str) -> None:
        """Run a cell of the student's; `outputs` has what it put out.

        Raises
        ------
        LostError
            If the cell ends the process or ignores the end of its time.
        ExhaustedError
            If nothing can be run any more.
        """
        self.outputs = CellOutputs(0)
        student = self.ready_student()
        self.outputs = CellOutputs(min(self.limits.output_bytes, self.output_budget))
        started = time.perf_counter()
        try:
            self.ask_student(student, "run", code)
        except RemoteError as error:  # out of IPython's hands, such as while a figure is drawn
            self.outputs.add({"output_type": "error", "traceback": [], **described(error)})
        finally:
            self.spent.execution += time.perf_counter() - started
            self.output_budget -= self.outputs.size - self.outputs.budget
        if not self.outputs.interrupted:
            self.replay.append(code)

    def inside(self, code: str, *, kept: bool) -> Answer:
        """Run a test cell in the student's process.

        The process forks and its child asks for the text, so that no later cell of the student's
        runs where the text was. It also gets a nonce, which the shell must show when the cell has
        ended: a process that runs no cells any more, but gives prepared answers, does not know it.

        Parameters
        ----------
        code : str
            The test cell.
        kept : bool
            Run it in the process itself, because later cells use the names that it defines.

        Raises
        ------
        ExhaustedError
            If nothing can be run any more.
        """
        student = self.ready_student()
        self.outputs = CellOutputs(min(self.limits.output_bytes, self.output_budget))
        self.test, self.finished = (code, secrets.token_hex(16)), False
        self.ended = False
        started = time.perf_counter()
        lost = Answer()
        try:
            self.ask_student(student, "test", kept)
        except RemoteError as error:
            self.outputs.add({"output_type": "error", "traceback": [], **described(error)})
        except LostError as error:
            status = "timeout" if error.reason is Reason.TIMEOUT else "lost"
            lost = Answer(status, "StudentLostError", str(error))
        finally:
            self.test = ("", "")
            self.spent.checks += time.perf_counter() - started
            self.output_budget -= self.outputs.size - self.outputs.budget
        if lost.status != "passed":
            return lost
        if not self.ended and not self.outputs.interrupted:
            return Answer("lost", "StudentLostError", "the process of the test ended before it did")
        answer = of_outputs(self.outputs.finish(), finished=self.finished)
        if kept and answer.status != "timeout":
            self.replay.append(code)
        return answer

    def check(self, code: str, scope: Scope) -> Answer:
        """Run a test cell in the checker's process.

        Parameters
        ----------
        code : str
            The test cell.
        scope : Scope
            What the source's cells before it give names to.

        Raises
        ------
        ExhaustedError
            If nothing can be run any more.
        """
        checker = self.ready_checker()
        started = time.perf_counter()
        limit = min(time.monotonic() + self.limits.cell_seconds, self.deadline)
        checker.deadline = limit + CHECKER_GRACE
        try:
            answer = received(checker.request("check", compiled(code), scope.sent))
        except (WireError, RemoteError) as error:
            if not isinstance(error, DeadlineError):
                self.lose("checker")
            self.end("checker")
            self.end("student")
            status = "timeout" if isinstance(error, DeadlineError) else "lost"
            message = "the test's own process ended: its memory or its time were used up"
            return Answer(status, "CheckerLostError", message)
        finally:
            self.spent.checks += time.perf_counter() - started
        if not answer.lost:
            return answer
        ending = self.end if answer.status == "timeout" else self.lose
        return replace(answer, evalue=ending("student"))

    def ready_student(self) -> Channel:
        """Return the student's process, or a fresh one in which the earlier cells were run."""
        while self.student is None:
            if self.starts > self.limits.restarts:
                raise ExhaustedError(
                    Reason.RESTARTS, f"the notebook ended its process {self.starts} times"
                )
            self.check_time()
            with contextlib.suppress(LostError):
                student = self.start_student()
                for code in self.replay:
                    self.check_time()
                    with contextlib.suppress(RemoteError):
                        self.ask_student(student, "run", code)
        self.check_time()
        return self.student

    def start_student(self) -> Channel:
        """Start the student's process."""
        started = time.perf_counter()
        self.starts += 1
        ours, theirs = socket.socketpair()
        with theirs:
            self.processes["student"] = self.backend.fork("student", self.limits, theirs)
        self.student = student = Channel(ours, self.serve, limit=self.limits.message_bytes)
        try:
            self.ask_student(student, "files", {**self.files, **self.data})
        except (RemoteError, WireError) as error:
            message = f"the files do not fit into the scratch directory ({error})"
            raise ExhaustedError(Reason.UNREADABLE, message) from None
        self.attach()
        self.spent.start += time.perf_counter() - started
        return student

    def ready_checker(self) -> Channel:
        """Return the checker's process, connected to the student's."""
        self.ready_student()
        if self.checker is None:
            started = time.perf_counter()
            ours, theirs = socket.socketpair()
            self.passing, passing_end = socket.socketpair()
            with theirs, passing_end:
                self.processes["checker"] = self.backend.fork(
                    "checker", self.limits, theirs, passing_end
                )
            self.checker = checker = Channel(ours, self.serve_checker)
            checker.deadline = time.monotonic() + CHECKER_GRACE
            try:
                checker.request("prepare", dict(self.data))
            except (WireError, RemoteError) as error:
                self.lose("checker")
                raise KilledError(f"the process of the tests did not start ({error})") from None
            self.attach()
            self.spent.start += time.perf_counter() - started
        if self.checker is None:
            raise KilledError("the process of the tests ended while it started")
        return self.checker

    def attach(self) -> None:
        """Give the checker, if there is one, its end of the connection to the student's process.

        Worker and checker use it in turn: never while a request of the other is under way.
        """
        if self.student and self.checker and self.passing:
            self.checker.deadline = time.monotonic() + CHECKER_GRACE
            try:
                socket.send_fds(self.passing, [b"\0"], [self.student.connection.fileno()])
                self.checker.request("attach")
            except (WireError, RemoteError, OSError):
                self.end("checker")

    def ask_student(self, student: Channel, operation: str, *arguments: object) -> object:
        """Ask the student's process, within the time of a cell.

        Raises
        ------
        LostError
            If it does not answer: it was ended.
        RemoteError
            If it answers with an error.
        """
        limit = time.monotonic() + self.limits.cell_seconds + GRACE
        student.deadline = min(limit, self.deadline)
        try:
            return student.request(operation, *arguments)
        except DeadlineError:
            self.end("student")
            self.check_time()
            seconds = self.limits.cell_seconds
            message = f"the cell ran longer than {seconds:g} s and ignored its interrupt"
            raise LostError(Reason.TIMEOUT, message) from None
        except WireError:
            if not student.closed:
                raise
            raise LostError(Reason.CRASHED, self.lose("student")) from None

    def serve(self, operation: str, arguments: list[Any], _keywords: dict[str, Any]) -> object:
        """Take the outputs that the student's process sends while a cell runs."""
        code, nonce = self.test
        match operation, arguments:
            case "output", [{"output_type": "display_data", "data": {"text/plain": str(text)}}] if (
                nonce and text == nonce
            ):
                self.finished = True
                return None
            case "output", [output]:
                if not (nonce and self.finished):
                    self.outputs.add(output)
                return None
            case "ended", [] if nonce:
                self.ended = True
                return None
            case "text", [] if nonce:
                return code, nonce
        raise WireError(f"the student's process asks for {operation!r}")

    def serve_checker(
        self, operation: str, arguments: list[Any], _keywords: dict[str, Any]
    ) -> object:
        """Tell a test how much time of the processor the student's process has used."""
        if (operation, arguments) != ("clock", []):
            raise WireError(f"the checker asks for {operation!r}")
        return self.backend.clock(self.processes["student"]) if self.student else 0.0

    def check_time(self) -> None:
        """Raise `ExhaustedError` if the submission's time is used up."""
        if time.monotonic() > self.deadline:
            seconds = self.limits.submission_seconds
            message = f"the notebook took longer than {seconds:g} s"
            raise ExhaustedError(Reason.TIMEOUT, message)

    def end(self, role: str) -> str:
        """End a process, if there is one; return why it was lost."""
        return self._end(role, 0.0)[0]

    def lose(self, role: str) -> str:
        """End a process whose connection has ended; return why it was lost.

        Raises
        ------
        KilledError
            If it was ended from outside, such as by the system when memory runs out.
        """
        said, killed = self._end(role, PATIENCE)
        if killed:
            whose = "student's code" if role == "student" else "tests"
            raise KilledError(
                f"the process of the {whose} was ended from outside, as the system does "
                "when memory runs out: start fewer workers, or lower `c.Sandbox.memory`"
            )
        return said

    def _end(self, role: str, patience: float) -> tuple[str, bool]:
        """End a process; say why it was lost, and whether it was ended from outside."""
        number = self.processes.pop(role, None)
        if number is None:
            return "", False
        status, cpu, memory, alive = self.backend.end(number, patience)
        self.spent.cpu_seconds += cpu
        if role == "student":
            self.spent.memory = max(self.spent.memory, memory)
            channel, self.student = self.student, None
        else:
            channel, self.checker = self.checker, None
            if self.passing is not None:
                self.passing.close()
                self.passing = None
        if channel is not None:
            channel.close()
        killed = not alive and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        at_limit = round(cpu) >= self.limits.cpu_seconds  # the kernel counts in ticks
        outside = killed and not at_limit and self.backend.isolates
        return how_it_ended(status, cpu, self.limits, alive=alive), outside


def described(error: RemoteError) -> dict[str, str]:
    """Return name and text of what the student's process says that it raised."""
    match error.error:
        case {"name": str(name), "args": tuple(args)}:
            return {"ename": name, "evalue": ", ".join(map(str, args))}
    return {"ename": "Error", "evalue": "an error that cannot be described"}


def how_it_ended(status: int, cpu: float, limits: Limits, *, alive: bool) -> str:
    """Say in words what the status of a process means that used `cpu` seconds."""
    if alive:
        return "the process closed its connection, or broke the protocol"
    if os.WIFEXITED(status):
        return f"the process exited with status {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL and round(cpu) >= limits.cpu_seconds:  # the kernel counts in ticks
        return f"the code used more than {limits.cpu_seconds} s of CPU time"
    return f"the process was ended by {signal.Signals(number).name}"
