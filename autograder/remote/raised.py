"""What is raised in one process, in the other.

::

    Exception
    ├─ StudentError        the student's code raised; also an instance of the exception's own class,
    │                      as far as there is one here, so that `except ValueError` works
    BaseException          (no `except Exception` of a test may hide these)
    ├─ HandleError         the test uses an answer as plain data that is none
    ├─ StudentLostError    the student's process is gone or does not answer
    └─ InstructorError     the test is at fault
"""

from __future__ import annotations

import functools
import traceback
from pathlib import Path
from types import FunctionType
from typing import Any

from autograder.remote.classes import known_exception, place
from autograder.remote.values import WireError

MAX_TEXT = 2**13
PLAIN_ARGUMENTS = (str, int, float, bool, type(None))
OWN_DIRECTORY = str(Path(__file__).parents[1])


class StudentError(Exception):
    """The student's code raised an exception.

    Attributes
    ----------
    student_name : str
        The name of the exception's class.
    student_text : str
        Its message.
    student_traceback : str
        The student's own frames, as Python prints them.
    student_object : Handle or None
        The exception itself.
    """

    student_name = ""
    student_text = ""
    student_traceback = ""
    student_object: Any = None

    def __str__(self) -> str:
        """Return what the student's exception says."""
        return self.student_text

    def __getattr__(self, name: str) -> Any:
        if self.student_object is None or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.student_object, name)


class HandleError(BaseException):
    """A test uses an answer of the student's code as plain data, and it is none."""


class StudentLostError(BaseException):
    """The student's process is gone, does not answer, or talks nonsense."""


class InstructorError(BaseException):
    """The test cell is at fault, whatever the student wrote."""


def text(error: BaseException) -> str:
    """Return the message of an exception."""
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:  # noqa: BLE001 - of an exception class of the student's
        return "an exception without a message"


def describe(error: BaseException) -> dict[str, Any]:
    """Say what was raised as plain data, with its classes, the most special one first."""
    plain = all(type(item) in PLAIN_ARGUMENTS for item in error.args)
    arguments = error.args if plain and len(repr(error.args)) < MAX_TEXT else (text(error),)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(OWN_DIRECTORY)]
    lines = traceback.format_list(own) + traceback.format_exception_only(error)
    return {
        "kind": "refused" if isinstance(error, WireError) else "raised",
        "name": type(error).__name__,
        "text": text(error),
        "args": arguments,
        "traceback": "".join(lines)[-MAX_TEXT:],
        "class": place(type(error)),
    }


def exception_of(described: Any) -> type[Exception]:
    """Return the class of a described exception, or the nearest that there is here."""
    match described:
        case (module, name):
            return known_exception(module, name) or Exception
        case type() if issubclass(described, Exception):
            return described
    return Exception


def student_error(error: Any, operation: str) -> BaseException:
    """Make an exception of what the student's process says that it raised.

    The end of an iteration is one only if `operation` asked for the next item:
    from a call, it would end the test's own loop, such as ``all(map(check, cases))``.
    """
    match error:
        case {
            "kind": str(kind),
            "name": str(name),
            "text": str(said),
            "args": tuple(args),
            "traceback": str(lines),
            "class": described,
        }:
            pass
        case _:
            raise StudentLostError("the other process sends an error that is none")
    if kind == "refused":
        return HandleError(str(args[0]) if args else "")
    nearest: Any = exception_of(described)
    if issubclass(nearest, StopIteration | StopAsyncIteration) and operation != "next":
        nearest = RuntimeError
    exception = made(_student_error_class(nearest), args)
    exception.student_name = name
    exception.student_text = said
    exception.student_traceback = lines
    exception.student_object = error.get("object")
    return exception


def made(kind: type[Exception], args: tuple[Any, ...]) -> Any:
    """Make an exception without running what a class has of its own to do so."""
    if type(kind.__init__) is FunctionType:
        exception = kind.__new__(kind)
        exception.args = args
        return exception
    try:
        return kind(*args)
    except TypeError:
        return kind.__new__(kind)


@functools.lru_cache(maxsize=256)
def _student_error_class(kind: Any) -> type[StudentError]:
    """Return `StudentError` as a subclass of an exception's class."""
    if issubclass(kind, UnicodeError):  # its subclasses take five arguments
        kind = UnicodeError
    if kind is Exception or issubclass(kind, BaseExceptionGroup):
        return StudentError
    try:
        return type(f"Student{kind.__name__}", (StudentError, kind), {})
    except TypeError:  # two layouts that do not fit together
        return StudentError
