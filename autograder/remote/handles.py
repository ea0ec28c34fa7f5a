"""The student's objects as a test sees them.

An object that is no plain data stays in the student's process; the test holds a `Handle`, each use
of which is a request to that process, and whose answer is plain data or another handle.
What would let an object decide about itself is refused: a handle equals nothing, has no order and
no truth value, is no array, contains what its iteration gives, and arithmetic with it gives an
object again. After an operator that has told the object what the test expects, such as the
difference of the two, its answers are no plain data either (`Compared`).

::

    Exception
    ├─ StudentError        the student's code raised; also an instance of the builtin exception
    │                      that it raised, so that `except ValueError` works
    BaseException          (no `except Exception` of a test may hide these)
    ├─ HandleError         the test uses an answer as plain data that is none
    ├─ StudentLostError    the student's process is gone or does not answer
    └─ InstructorError     the test is at fault
"""

from __future__ import annotations

import builtins
import functools
import operator
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from autograder.remote.channel import Channel, RemoteError
from autograder.remote.wire import Reference, WireError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from typing_extensions import TypeIs

T = TypeVar("T")
READABLE_DUNDERS = {"__name__", "__qualname__", "__doc__", "__defaults__", "__annotations__"}
BINARY = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("and", "or", "xor", "lshift", "rshift"),
)
COMPARING = {"sub", "truediv", "floordiv", "mod", "matmul", "and", "or", "xor"}
UNARY = ("neg", "pos", "invert", "abs")
CONVERSIONS: dict[str, Callable[..., Any]] = {
    "float": float,
    "int": int,
    "complex": complex,
    "index": operator.index,
    "round": round,
    "len": len,
    "str": str,
    "repr": repr,
    "iter": iter,
    "next": next,
    "reversed": reversed,
}


def _operator(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(operator, name, None) or getattr(
        operator, f"{name}_"
    )  # and_, or_
    return function


OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: _operator(name) for name in BINARY + UNARY},
    **{f"i{name}": _operator(f"i{name}") for name in BINARY},
    **CONVERSIONS,
    "call": lambda function, *args, **keywords: function(*args, **keywords),
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": lambda manager: type(manager).__exit__(manager, None, None, None),
    "isinstance": isinstance,
    "issubclass": issubclass,
}
"""What a request may do to an object: the whole of it, besides looking up a name."""


class StudentError(Exception):
    """The student's code raised an exception.

    Attributes
    ----------
    name : str
        The name of the exception's class.
    traceback : str
        The student's own frames, as Python prints them.
    """

    name: str
    traceback: str


class HandleError(BaseException):
    """A test uses an answer of the student's code as plain data, and it is none."""


class StudentLostError(BaseException):
    """The student's process is gone, does not answer, or talks nonsense."""


class InstructorError(BaseException):
    """The test cell is at fault, whatever the student wrote."""


def _is(value: object, kind: type[T]) -> TypeIs[T]:
    """Do what `isinstance` does, without asking the object for its class."""
    return issubclass(type(value), kind)


def _refuse(self: Handle, *_arguments: object, **_keywords: object) -> NoReturn:
    _, _, name = _remote(self)
    raise HandleError(
        f"expected plain data such as a number or an array, but got an object of type {name}"
    )


class Handle:
    """An object in the student's process."""

    __slots__ = ("__remote", "__weakref__")
    __remote: tuple[Student, int, str]
    __array_ufunc__ = None  # let `array * handle` ask the handle

    def __init__(self, student: Student, number: int, name: str) -> None:
        object.__setattr__(self, "_Handle__remote", (student, number, name))

    def __getattr__(self, name: str) -> Any:
        # numpy and copy look for hooks such as __array_interface__, which could name any memory
        if name.startswith("__") and name.endswith("__") and name not in READABLE_DUNDERS:
            raise AttributeError(f"the test cannot use {name} of an object of the student's")
        return _frozen(_ask(self, "getattr", name))

    def __setattr__(self, name: str, value: object) -> None:
        _ask(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delattr", name)

    def __getitem__(self, key: object) -> Any:
        return _frozen(_ask(self, "getitem", key))

    def __setitem__(self, key: object, value: object) -> None:
        _ask(self, "setitem", key, value)

    def __delitem__(self, key: object) -> None:
        _ask(self, "delitem", key)

    def __enter__(self) -> Any:
        return _ask(self, "enter")

    def __exit__(self, *_exception: object) -> None:
        _ask(self, "exit")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What `isinstance` asks: an object of the student's own class is none of the test's."""
        student, number, _ = _remote(self)
        if number not in student.own:
            _refuse(self)
        return type(self)

    __hash__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __array__ = __reduce_ex__ = __copy__ = __deepcopy__ = _refuse


class CallableHandle(Handle):
    """A function, a class or another callable object in the student's process."""

    __slots__ = ()

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        """Call it in the student's process."""
        return _ask(self, "call", *arguments, **keywords)

    def __instancecheck__(self, instance: object) -> bool:
        student, _, _ = _remote(self)
        return _plain(student.ask("isinstance", instance, self), bool)

    def __subclasscheck__(self, subclass: object) -> bool:
        student, _, _ = _remote(self)
        return _plain(student.ask("issubclass", subclass, self), bool)


class Compared(Handle):
    """What a comparing operator gave: it could have seen what the test expects.

    It keeps its attributes, as in ``(Value(3) - 1).data``, but ``abs(f(x) - expected) < 1e-9`` and
    ``(f(x) - expected).max() < 1e-9`` would take its word for it, and are refused.
    """

    __slots__ = ()


class ComparedCallable(Compared, CallableHandle):
    """The same, such as a method of it."""

    __slots__ = ()


def _compared(handle: Handle) -> Compared:
    kind = ComparedCallable if _is(handle, CallableHandle) else Compared
    return kind(*_remote(handle))


def _method(name: str) -> Callable[..., Any]:
    def method(self: Handle, *arguments: object) -> Any:
        return _ask(self, name, *arguments)

    return method


def _binary(name: str, *, swapped: bool = False) -> Callable[..., Handle]:
    """Return an operator whose answer must be an object again.

    Its right side may be what the test expects: an object that saw it could answer with a
    difference of zero.
    """
    compares = name.removeprefix("i") in COMPARING

    def method(self: Handle, other: object) -> Handle:
        student, _, _ = _remote(self)
        answer = student.ask(name, *((other, self) if swapped else (self, other)))
        if not _is(answer, Handle):
            _refuse(self)
        if _is(self, Compared) or _is(other, Compared):
            return _compared(answer)
        return _compared(answer) if compares and not _is(other, Handle) else answer

    return method


for _name in [*UNARY, *CONVERSIONS]:
    setattr(Handle, f"__{_name}__", _method(_name))
for _name in BINARY:
    setattr(Handle, f"__{_name}__", _binary(_name))
    setattr(Handle, f"__i{_name}__", _binary(f"i{_name}"))
    setattr(Handle, f"__r{_name}__", _binary(_name, swapped=True))


def _remote(handle: Handle) -> tuple[Student, int, str]:
    remote: tuple[Student, int, str] = object.__getattribute__(handle, "_Handle__remote")
    return remote


def _ask(handle: Handle, operation: str, *arguments: object, **keywords: object) -> Any:
    student, _, _ = _remote(handle)
    answer = student.ask(operation, handle, *arguments, **keywords)
    if not _is(handle, Compared):
        return answer
    if _is(answer, Handle):
        return _compared(answer)
    if answer is not None and operation not in {"getattr", "str", "repr"}:
        _refuse(handle)
    return answer


def _plain(value: object, kind: type[T]) -> T:
    if type(value) is not kind:
        raise HandleError(f"expected a {kind.__name__} but got {type(value).__name__}")
    return value


def _frozen(value: Any) -> Any:
    """Make a copy of the student's array read-only: a change would not reach the student."""
    if type(value) is np.ndarray:
        value.flags.writeable = False
    return value


class Student:
    """The student's process as the checker sees it.

    Parameters
    ----------
    connection : socket.socket
        Connected to the student's process.
    limit : int
        Largest value either way, in bytes.
    on_output : callable
        Takes what the student's code prints while it serves a test.
    """

    def __init__(
        self,
        connection: socket.socket,
        limit: int,
        on_output: Callable[[dict[str, Any]], None],
    ) -> None:
        self.channel = Channel(
            connection,
            self.serve,
            refer=self.refer,
            resolve=self.resolve,
            limit=limit,
        )
        self.on_output = on_output
        self.handles: dict[int, Handle] = {}
        self.own: set[int] = set()  # objects whose classes are the notebook's, all the way up
        self.functions: list[Callable[..., Any]] = []

    def name(self, name: str) -> Any:
        """Return the value of a global name of the student's notebook."""
        return _frozen(self.ask("name", name))

    def ask(self, operation: str, *arguments: object, **keywords: object) -> Any:
        """Do one of `OPERATIONS` in the student's process."""
        try:
            return self.channel.request(operation, *arguments, **keywords)
        except RemoteError as error:
            raise student_error(error.error, operation) from None
        except WireError as error:
            if self.channel.closed:
                raise StudentLostError(str(error)) from None
            raise InstructorError(f"the test passes what cannot be passed: {error}") from None

    def serve(self, operation: str, arguments: list[Any], keywords: dict[str, Any]) -> object:
        """Do what the student's process may ask: call what it was given, and print."""
        match operation, arguments:
            case "output", [dict(output)]:
                return self.on_output(output)
            case "call", [function, *rest] if any(function is own for own in self.functions):
                return function(*rest, **keywords)
        raise WireError("only functions that the test passed can be called")

    def refer(self, value: object) -> Reference:
        """Send an object by reference: the student's own, or a function of the test's."""
        if _is(value, Handle):
            _, number, name = _remote(value)
            return Reference(own=False, number=number, kind="object", name=name)
        if not callable(value):
            raise WireError(f"a {type(value).__name__} is neither plain data nor a function")
        self.functions.append(value)
        return Reference(own=True, number=len(self.functions) - 1, kind="callable", name="function")

    def resolve(self, reference: Reference) -> object:
        """Receive an object by reference."""
        if not reference.own:
            if not 0 <= reference.number < len(self.functions):
                raise WireError("a reference to an object that was never sent")
            return self.functions[reference.number]
        own, _, what = reference.kind.rpartition(" ")
        kind = CallableHandle if what == "callable" else Handle
        handle = self.handles.get(reference.number)
        if handle is None:
            if own:
                self.own.add(reference.number)
            handle = self.handles[reference.number] = kind(self, reference.number, reference.name)
        return handle


def student_error(error: object, operation: str) -> BaseException:
    """Make an exception of what the student's process says that it raised.

    The end of an iteration is one only if `operation` asked for the next item:
    from a call, it would end the test's own loop, such as ``all(map(check, cases))``.
    """
    match error:
        case {
            "kind": str(kind),
            "name": str(name),
            "builtin": str(builtin),
            "args": tuple(args),
            "traceback": str(traceback),
        }:
            pass
        case _:
            raise StudentLostError("the other process sends an error that is none")
    if kind == "refused":
        return HandleError(str(args[0]) if args else "")
    if builtin == "StopIteration" and operation != "next":
        builtin = "RuntimeError"
    exception = _student_error_class(builtin)(*args)
    exception.name = name
    exception.traceback = traceback
    return exception


@functools.cache
def _student_error_class(name: str) -> type[StudentError]:
    """Return `StudentError` as a subclass of the builtin exception of that name, if any."""
    builtin = getattr(builtins, name, None)
    if not isinstance(builtin, type) or not issubclass(builtin, Exception):
        return StudentError
    if issubclass(builtin, UnicodeError):  # its subclasses take five arguments
        builtin = UnicodeError
    if builtin is Exception or issubclass(builtin, BaseExceptionGroup):
        return StudentError
    return type(f"Student{name}", (StudentError, builtin), {})
