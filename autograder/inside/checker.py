"""The checker process: runs the test cells of one submission, and nothing of the student's.

It is trusted, but what it is told is not: it has limits and a sandbox like the student's process.
Names that test cells assign stay for later test cells, as in a kernel; the student's cells do not
see them.
"""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import functools
import importlib
import inspect
import io
import json
import marshal
import random
import signal
import socket
import sys
import time
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, cast

import numpy as np

from autograder.inside.compiled import execute
from autograder.inside.process import CellTimeoutError, raise_timeout, time_limit, write_files
from autograder.remote.answer import Answer
from autograder.remote.channel import Channel
from autograder.remote.classes import NotMadeError
from autograder.remote.handles import Handle, Student, source_of
from autograder.remote.kept import UNCHANGEABLE
from autograder.remote.raised import (
    MAX_TEXT,
    HandleError,
    InstructorError,
    StudentError,
    StudentLostError,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autograder.limits import Limits

GRACE = 1.0


class Namespace(dict[str, Any]):
    """The globals of the test cells: names that they lack are looked up in the student's process.

    What the source's cells import is imported here, so that ``np`` in a test is never a module that
    a student has changed.

    Attributes
    ----------
    student : Student or None
        Whom to ask.
    expected : frozenset of str
        Names that the source's cells before the test define: a student without them is at fault.
    imports : mapping of str to (str, str)
        Names that the source's cells before the test import: module, and name in it. Those that are
        expected are the student's, unless they are modules.
    borrowed : dict of str to object
        What is kept until the test ends or its name means something else: of the student's, handles
        and what nobody can change; and builtins, which Python would look for here at each use.
    """

    student: Student | None = None
    expected: frozenset[str] = frozenset()
    imports: Mapping[str, tuple[str, str]] = MappingProxyType({})

    def __init__(self) -> None:
        super().__init__(__name__="__main__")
        self.borrowed: dict[str, object] = {}

    def begin(
        self,
        expected: frozenset[str],
        imports: Mapping[str, tuple[str, str]],
        rebound: frozenset[str],
    ) -> None:
        """Begin a test; only builtins are kept, and not those that the cells have replaced."""
        replaced = expected | imports.keys()
        for name, value in [*self.borrowed.items()]:
            if name in replaced or getattr(builtins, name, self) is not value:
                self.give_back([name])
        for name in rebound:
            self.pop(name, None)
        self.expected, self.imports = expected, imports

    def __missing__(self, name: str) -> Any:
        if name in self.imports and name not in self.expected:
            return self.load(name)
        if hasattr(builtins, name) and name not in self.expected:
            return self.borrow(name, getattr(builtins, name), kept=True)
        if self.student is None:
            raise StudentLostError("the student's process is gone")
        try:
            return self.borrow(name, self.student.name(name))
        except (HandleError, NameError) as error:
            if isinstance(error, HandleError) and name in self.imports:
                value = self.load(name)
                if isinstance(value, ModuleType):  # the student has it, but it is never theirs
                    return value
                del self[name]
            if name in self.expected:
                raise
        return self.raise_unknown(name)

    def __setitem__(self, name: str, value: object) -> None:
        self.borrowed.pop(name, None)  # from now on it is the test's own
        super().__setitem__(name, value)

    def borrow(self, name: str, value: Any, *, kept: bool = False) -> Any:
        """Keep what a name means, if asked to or if it is no copy that could grow old."""
        if kept or issubclass(type(value), Handle) or type(value) in UNCHANGEABLE:
            self[name] = value
            self.borrowed[name] = value
        return value

    def give_back(self, names: list[str]) -> None:
        """Keep these names no more, unless the test has given them a meaning of its own."""
        for name in names:
            value = self.borrowed.pop(name, self)
            if self.get(name) is value:
                del self[name]

    def load(self, name: str) -> Any:
        """Import what a cell of the source imports under this name."""
        module, attribute = self.imports[name]
        value = importlib.import_module(module)
        if attribute:
            try:
                value = getattr(value, attribute)
            except AttributeError:
                value = importlib.import_module(f"{module}.{attribute}")
        self[name] = value
        return value

    def raise_unknown(self, name: str) -> NoReturn:
        """Say that a name is nobody's."""
        raise InstructorError(
            f"the test uses the name {name!r}, which is neither its own nor the student's; "
            "if it is a module, import it in the test cell"
        )


class Builtins(ModuleType):
    """The module of the builtins, which says when a test replaces one."""

    replaced: Callable[[list[str]], None]

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        Builtins.replaced([name])

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        Builtins.replaced([name])


class CheckerProcess:
    """Serves ``prepare``, ``attach`` and ``check``."""

    def __init__(self, control: socket.socket, passing: socket.socket, limits: Limits) -> None:
        self.passing = passing
        self.limits = limits
        self.namespace = Namespace()
        Builtins.replaced = self.namespace.give_back
        builtins.__class__ = Builtins
        self.streams = {"stdout": io.StringIO(), "stderr": io.StringIO()}
        self.channel = Channel(control, self.serve)

    def run(self) -> None:
        """Serve until the worker ends the process."""
        signal.signal(signal.SIGALRM, raise_timeout)
        self.channel.listen()

    def serve(self, operation: str, arguments: list[Any], _keywords: dict[str, Any]) -> object:
        """Answer one request of the worker."""
        match operation, arguments:
            case "prepare", [dict(files)]:
                write_files(files)
                self.reach_the_student()
            case "attach", []:
                self.attach()
            case "check", [str() | bytes() as cell, bytes(scope)]:
                expected, imports, rebound = marshal.loads(scope)  # noqa: S302 - the worker's
                self.namespace.begin(expected, imports, rebound)
                return self.check(cell)
            case _:
                raise ValueError(f"the checker does not know {operation!r}")
        return None

    def attach(self) -> None:
        """Receive the socket of a new student process."""
        _, (descriptor,), _, _ = socket.recv_fds(self.passing, 1, 1)
        self.namespace.student = Student(
            socket.socket(fileno=descriptor),
            self.limits.message_bytes,
            self.on_output,
            self.namespace.give_back,
        )

    def reach_the_student(self) -> None:
        """Let functions that ask or change a process reach the student's, too."""
        for module, name in ((np.random, "numpy"), (random, "random")):
            setattr(module, "seed", self.seeding(module.seed, name))  # noqa: B010 - mypy knows better
        getsource, process_time = inspect.getsource, time.process_time

        def time_of_both() -> float:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # no half of a message
            try:
                return process_time() + cast("float", self.channel.request("clock"))
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

        time.process_time = time_of_both

        def getsource_of(function: Any) -> str:
            return (
                source_of(function) if issubclass(type(function), Handle) else getsource(function)
            )

        inspect.getsource = getsource_of  # type: ignore[assignment]

    def seeding(self, seed: Any, name: str) -> Any:
        """Return a function that seeds the generator of both processes."""

        @functools.wraps(seed)
        def seed_both(*arguments: object, **keywords: object) -> None:
            seed(*arguments, **keywords)
            if self.namespace.student:
                self.namespace.student.ask("seed", name, *arguments, *keywords.values())

        return seed_both

    def on_output(self, output: dict[str, Any]) -> None:
        """Print what the student's code prints during a test where the test prints."""
        match output:
            case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(said)}:
                stream = getattr(sys, name)
                if stream is not self.streams[name] or stream.tell() < MAX_TEXT:
                    stream.write(said)

    def check(self, cell: bytes | str) -> str:
        """Run one test cell; return the fields of `Answer` as JSON."""
        student = self.namespace.student
        self.streams = {"stdout": io.StringIO(), "stderr": io.StringIO()}
        answer = Answer()
        if student:
            student.channel.deadline = time.monotonic() + self.limits.cell_seconds + GRACE
        try:
            with (
                contextlib.redirect_stdout(self.streams["stdout"]),
                contextlib.redirect_stderr(self.streams["stderr"]),
                time_limit(self.limits.cell_seconds + 2 * GRACE),
            ):
                answer = points_of(execute(cell, self.namespace))
        except BaseException as error:  # noqa: BLE001 - whatever a test raises is its verdict
            answer = verdict_of(error)
        if answer.status == "timeout" and student:
            student.channel.close()  # it may have been waiting for half a message
        if student and student.channel.closed:
            answer = dataclasses.replace(answer, lost=True)
            if answer.status == "passed":  # a bare except in the test must not hide it
                answer = dataclasses.replace(answer, status="lost", ename="StudentLostError")
        stdout, stderr = (self.streams[n].getvalue()[:MAX_TEXT] for n in ("stdout", "stderr"))
        answer = dataclasses.replace(answer, stdout=stdout, stderr=stderr)
        return json.dumps({name: getattr(answer, name) for name in Answer.__slots__})


def points_of(value: object) -> Answer:
    """Return the points that a test cell's last line computed; any other value is all of them."""
    if value is None:
        return Answer()
    if issubclass(type(value), Handle):  # it could be a number in disguise
        raise HandleError("the test's last line gives an object of the student's, and no number")
    number = type(value) in (int, float) or issubclass(type(value), np.integer | np.floating)
    return Answer(points=float(value) if number else None)  # type: ignore[arg-type]


def verdict_of(error: BaseException) -> Answer:
    """Say what an exception of a test cell means, without a word of the test's source."""
    answer = Answer("failed", type(error).__name__, text(error))
    match error:
        case StudentError():
            name, lines = error.student_name, error.student_traceback
            return dataclasses.replace(answer, ename=name, traceback=lines)
        case StudentLostError():
            return dataclasses.replace(answer, status="lost")
        case CellTimeoutError():
            return dataclasses.replace(answer, status="timeout")
        case HandleError() | NotMadeError():
            return dataclasses.replace(answer, status="unjudged")
        case InstructorError() | SyntaxError() | ImportError() | SystemExit():
            return dataclasses.replace(answer, status="instructor")
    return answer
