"""The student's objects as a test sees them.

An object that is no plain data stays in the student's process; the test holds a `Handle`, each use
of which is a request to that process, and whose answer is plain data or another handle.
A handle has the special methods that its object has, so that a test that an object has no length
fails or passes as it does beside it.
What would let an object decide about itself is refused: a handle has no truth value, is no array,
contains what its iteration gives, equals no plain data and has no order with any; two handles are
compared by their own class. Arithmetic of a handle and plain data gives an object again.
After an operator that has told the object what the test expects, such as the difference of the two,
its answers are no plain data either.
"""

from __future__ import annotations

import functools
import inspect
import operator
import types
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from autograder.remote.channel import Channel, RemoteError
from autograder.remote.kept import is_kept
from autograder.remote.raised import (
    HandleError,
    InstructorError,
    StudentLostError,
    describe,
    exception_of,
    made,
    student_error,
)
from autograder.remote.values import WireError
from autograder.remote.wire import Reference

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from typing_extensions import TypeIs

T = TypeVar("T")
MAX_RAISED = 1000
PARAMETER_KINDS = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)
READABLE_DUNDERS = {
    *("__name__", "__qualname__", "__doc__", "__defaults__", "__annotations__", "__dict__"),
    *("__kwdefaults__", "__match_args__"),
}
BINARY = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("and", "or", "xor", "lshift", "rshift"),
)
COMPARING = {"sub", "truediv", "floordiv", "mod", "matmul", "and", "or", "xor"}
ORDER = ("lt", "le", "gt", "ge")
UNARY = ("neg", "pos", "invert", "abs")
CONVERSIONS: dict[str, Callable[..., Any]] = {
    "float": float,
    "int": int,
    "complex": complex,
    "index": operator.index,
    "round": round,
    "len": len,
    "iter": iter,
    "next": next,
    "reversed": reversed,
}
TEXTS: dict[str, Callable[..., Any]] = {"str": str, "repr": repr, "format": format}
BUILTIN = {
    kind.__name__: kind
    for kind in (
        *(types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.GeneratorType),
        *(types.CoroutineType, map, filter, zip, enumerate, reversed, type, functools.partial),
    )
}


def _operator(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(operator, name, None) or getattr(
        operator, f"{name}_"
    )  # and_, or_
    return function


def leave(manager: Any, described: Any) -> bool:
    """Leave the block of a context manager, with the exception that ends it."""
    error = made(exception_of(described["class"]), described["args"]) if described else None
    return bool(type(manager).__exit__(manager, type(error) if error else None, error, None))


OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: _operator(name) for name in BINARY + UNARY},
    **{f"i{name}": _operator(f"i{name}") for name in BINARY},
    **{name: getattr(operator, name) for name in (*ORDER, "eq", "ne")},
    **CONVERSIONS,
    **TEXTS,
    "hash": hash,
    "dir": dir,
    "signature": lambda function: parameters_of(inspect.signature(function)),
    "source": inspect.getsource,
    "call": lambda function, *args, **keywords: function(*args, **keywords),
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": leave,
    "isinstance": isinstance,
    "issubclass": issubclass,
}
"""What a request may do to an object: the whole of it, besides looking up a name."""


def _is(value: object, kind: type[T]) -> TypeIs[T]:
    """Do what `isinstance` does, without asking the object for its class."""
    return issubclass(type(value), kind)


def _refuse(self: Handle, *_arguments: object, **_keywords: object) -> NoReturn:
    raise HandleError(
        "expected plain data such as a number or an array, but got an object of type " + _name(self)
    )


class Handle:
    """An object in the student's process; `capable` adds the special methods of its class."""

    __slots__ = ("__remote", "__weakref__")
    __array_ufunc__ = None  # let `array * handle` ask the handle

    def __init__(self, student: Student, number: int, name: str, *, seen: bool = False) -> None:
        object.__setattr__(self, "_Handle__remote", (student, number, name, seen))

    def __getattr__(self, name: str) -> Any:
        # numpy and copy look for hooks such as __array_interface__, which could name any memory
        if name == "__signature__":
            return signature_of(_ask(self, "signature"))
        if name.startswith("__") and name.endswith("__") and name not in READABLE_DUNDERS:
            raise AttributeError(f"the test cannot use {name} of an object of the student's")
        student, number, *_ = _remote(self)
        if name != "__name__" or student.classes.get(number) != "function":
            return _frozen(_ask(self, "getattr", name))
        if number not in student.called:
            student.called[number] = _plain(_ask(self, "getattr", name), str)
        return student.called[number]

    def __setattr__(self, name: str, value: object) -> None:
        _ask(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delattr", name)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What `isinstance` asks: an object of the student's own class is none of the test's."""
        student, number, *_ = _remote(self)
        kind = student.classes.get(number)
        if kind is None:
            _refuse(self)
        return type(self) if kind == "own" else BUILTIN[kind]

    def __eq__(self, other: object) -> bool:
        return _equal(self, "eq", other)

    def __ne__(self, other: object) -> bool:
        return _equal(self, "ne", other)

    def __str__(self) -> str:
        return _plain(_ask(self, "str"), str)

    def __repr__(self) -> str:
        return _plain(_ask(self, "repr"), str)

    def __format__(self, specification: str) -> str:
        return _plain(_ask(self, "format", specification), str)

    def __dir__(self) -> list[str]:
        return _plain(_ask(self, "dir"), list)

    def __hash__(self) -> int:
        return _plain(_ask(self, "hash"), int)

    __bool__ = __array__ = __reduce_ex__ = __copy__ = __deepcopy__ = _refuse


def _getitem(self: Handle, key: object) -> Any:
    return _frozen(_ask(self, "getitem", key))


def _call(self: Handle, *arguments: object, **keywords: object) -> Any:
    return _ask(self, "call", *arguments, **keywords)


def _instancecheck(self: Handle, instance: object) -> bool:
    return _plain(_ask(self, "isinstance", instance), bool)


def _subclasscheck(self: Handle, subclass: object) -> bool:
    return _plain(_ask(self, "issubclass", subclass), bool)


def _exit(self: Handle, _kind: object, error: BaseException | None, _traceback: object) -> bool:
    """Leave a block; what a test asserts in it, or cannot judge, is nothing to hide."""
    described = describe(error) if isinstance(error, Exception) else None
    leaves = _ask(self, "exit", described)
    return leaves is True and described is not None and not isinstance(error, AssertionError)


def _equal(self: Handle, name: str, other: object) -> bool:
    """Compare two objects of the student's.

    None, and what no object of a builtin class equals, is another one, whatever the object says.
    """
    student, number, *_ = _remote(self)
    if other is None or (not _is(other, Handle) and student.classes.get(number) in BUILTIN):
        return name == "ne"
    if not _is(other, Handle) or _has_seen(self) or _has_seen(other):
        _refuse(self)
    return _truth(self, _ask(self, name, other))


def _truth(self: Handle, answer: object) -> bool:
    if type(answer) not in (bool, np.bool_):
        _refuse(self)
    return bool(answer)


def _ordering(name: str) -> Callable[..., bool]:
    def method(self: Handle, other: object) -> bool:
        if not _is(other, Handle) or _has_seen(self) or _has_seen(other):
            _refuse(self)
        return _truth(self, _ask(self, name, other))

    return method


def _method(name: str) -> Callable[..., Any]:
    def method(self: Handle, *arguments: object) -> Any:
        return _ask(self, name, *arguments)

    return method


def _binary(name: str, *, swapped: bool = False) -> Callable[..., Any]:
    """Return an operator; with plain data, its answer must be an object again.

    The plain side may be what the test expects: an object that saw it could answer with a
    difference of zero.
    """
    compares = name.removeprefix("i") in COMPARING

    def method(self: Handle, other: object) -> Any:
        student, *_ = _remote(self)
        answer = student.ask(name, *((other, self) if swapped else (self, other)))
        seen = _has_seen(self) or (_is(other, Handle) and _has_seen(other))
        if not _is(answer, Handle):
            if seen or not _is(other, Handle):
                _refuse(self)
            return answer
        return _telling(answer) if seen or (compares and not _is(other, Handle)) else answer

    return method


METHODS: dict[str, Callable[..., Any]] = {
    **{name: _method(name) for name in (*UNARY, *CONVERSIONS, "setitem", "delitem", "enter")},
    **{name: _binary(name) for name in BINARY},
    **{f"i{name}": _binary(f"i{name}") for name in BINARY},
    **{f"r{name}": _binary(name, swapped=True) for name in BINARY},
    **{name: _ordering(name) for name in ORDER},
    "getitem": _getitem,
    "call": _call,
    "exit": _exit,
    "instancecheck": _instancecheck,
    "subclasscheck": _subclasscheck,
}
"""The special methods that an object may have, without their underscores."""
ALWAYS = ("lt", "le", "gt", "ge")  # every object has them


@functools.lru_cache(maxsize=1024)
def capable(methods: str) -> type[Handle]:
    """Return the class of handles that have these special methods, separated by commas."""
    names = [name for name in methods.split(",") if name in METHODS]
    found: dict[str, Any] = {f"__{name}__": METHODS[name] for name in (*ALWAYS, *names)}
    found["__doc__"] = property(lambda self: self.__getattr__("__doc__"))
    if "hash" not in methods.split(","):
        found["__hash__"] = None
    return type("Handle", (Handle,), {"__slots__": (), **found})


@functools.lru_cache(maxsize=1024)
def methods_of(kind: Any) -> str:
    """Return the special methods that the objects of a class have, for `capable`."""
    own = {name for base in kind.__mro__ for name in vars(base)}  # and not those of its metaclass
    names = [name for name in METHODS if f"__{name}__" in own and name not in ALWAYS]
    return ",".join([*names, *(["hash"] if kind.__hash__ is not None else [])])


def _remote(handle: Handle) -> tuple[Student, int, str, bool]:
    remote: tuple[Student, int, str, bool] = object.__getattribute__(handle, "_Handle__remote")
    return remote


def _name(handle: Handle) -> str:
    return _remote(handle)[2]


def _has_seen(handle: Handle) -> bool:
    """Tell whether the object comes from one that has seen what the test expects."""
    return _remote(handle)[3]


def _telling(handle: Handle) -> Handle:
    """Return the same object as one that has seen what the test expects.

    It keeps its attributes, as in ``(Value(3) - 1).data``, but ``abs(f(x) - expected) < 1e-9`` and
    ``(f(x) - expected).max() < 1e-9`` would take its word for it, and are refused.
    """
    student, number, name, _ = _remote(handle)
    return type(handle)(student, number, name, seen=True)


def _ask(handle: Handle, operation: str, *arguments: object, **keywords: object) -> Any:
    student, *_ = _remote(handle)
    first = (
        (*arguments, handle) if operation in {"isinstance", "issubclass"} else (handle, *arguments)
    )
    answer = student.ask(operation, *first, **keywords)
    if not _has_seen(handle):
        return answer
    if _is(answer, Handle):
        return _telling(answer)
    if answer is not None and operation not in {"getattr", "dir", "isinstance", *TEXTS}:
        _refuse(handle)
    return answer


def parameters_of(signature: inspect.Signature) -> list[tuple[Any, ...]]:
    """Say what parameters a function has; a default or annotation that is none is left out."""
    empty = inspect.Parameter.empty
    return [
        (p.name, int(p.kind), *(() if p.default is empty else (p.default,)))
        for p in signature.parameters.values()
    ]


def signature_of(parameters: Any) -> inspect.Signature:
    """Make a signature again."""
    made = []
    for name, kind, *default in _plain(parameters, list):
        given = {"default": default[0]} if default else {}
        made.append(inspect.Parameter(name, PARAMETER_KINDS[kind], **given))
    return inspect.Signature(made)


def source_of(function: Any) -> str:
    """Return the source of a function of the student's."""
    return _plain(_ask(function, "source"), str)


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
    on_rebound : callable
        Takes the names, of those looked up before, that mean something else now.

    Attributes
    ----------
    called : dict of int to str
        The names of functions, by number; forgotten when they change.
    """

    def __init__(
        self,
        connection: socket.socket,
        limit: int,
        on_output: Callable[[dict[str, Any]], None],
        on_rebound: Callable[[list[str]], None],
    ) -> None:
        self.channel = Channel(
            connection,
            self.serve,
            describe=self.describe,
            refer=self.refer,
            resolve=self.resolve,
            limit=limit,
            shares=True,
        )
        self.on_output = on_output
        self.on_rebound = on_rebound
        self.handles: dict[int, Handle] = {}
        self.classes: dict[int, str] = {}  # "own" if the notebook's, or the name of a builtin class
        self.called: dict[int, str] = {}
        self.given: list[Any] = []  # functions and iterators of the test
        self.raised: list[BaseException] = []  # by them
        self.refused: BaseException | None = None  # of these, what no `except` may hide

    def name(self, name: str) -> Any:
        """Return the value of a global name of the student's notebook."""
        return _frozen(self.ask("name", name))

    def ask(self, operation: str, *arguments: object, **keywords: object) -> Any:
        """Do one of `OPERATIONS` in the student's process."""
        try:
            return self.channel.request(operation, *arguments, **keywords)
        except RemoteError as error:
            raise self.error_of(error.error, operation) from None
        except WireError as error:
            if self.channel.closed:
                raise StudentLostError(str(error)) from None
            raise InstructorError(f"the test passes what cannot be passed: {error}") from None
        finally:
            if self.refused is not None:
                refused, self.refused = self.refused, None
                raise refused

    def error_of(self, error: Any, operation: str) -> BaseException:
        """Return what was raised: by the student's code, or by a function of the test's in it."""
        match error:
            case {"kind": "returned", "number": int(number)} if 0 <= number < len(self.raised):
                return self.raised[number]
        return student_error(error, operation)

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Say what a function of the test's raised, and keep it."""
        if not issubclass(type(error), Exception):
            self.refused = error
        number = len(self.raised) if len(self.raised) < MAX_RAISED else -1
        if number >= 0:
            self.raised.append(error)
        return describe(error) | {"number": number}

    def serve(self, operation: str, arguments: list[Any], keywords: dict[str, Any]) -> object:
        """Do what the student's process may ask: use what it was given, and print."""
        match operation, arguments:
            case "output", [dict(output)]:
                return self.on_output(output)
            case "rebound", [list(keys)]:
                for number in (key for key in keys if type(key) is int):
                    self.called.pop(number, None)
                return self.on_rebound([key for key in keys if type(key) is str])
            case "call", [function, *rest] if self.gave(function) and callable(function):
                return given([function(*rest, **keywords)], [*rest, *keywords.values()])
            case "next", [iterator] if self.gave(iterator) and is_iterator(iterator):
                return given([next(iterator)], [])
            case "named", [function] if self.gave(function) and callable(function):
                return getattr(function, "__name__", ""), getattr(function, "__doc__", None)
        raise WireError("only what the test passed can be used")

    def gave(self, value: object) -> bool:
        """Tell whether the test passed this very object."""
        return any(value is own for own in self.given)

    def refer(self, value: object) -> Reference:
        """Send an object by reference: the student's own, or what the test passes."""
        if _is(value, Handle):
            _, number, name, _ = _remote(value)
            return Reference(own=False, number=number, kind="object", name=name)
        number = self.channel.mirrors.numbers.get(value, -1) if isinstance(value, type) else -1
        if number >= 0:
            return Reference(own=False, number=number, kind="object", name="class")
        kind = "iterator" if is_iterator(value) else "callable"
        if kind == "callable" and not callable(value):
            raise WireError(f"a {type(value).__name__} is neither plain data nor a function")
        places = (place for place, own in enumerate(self.given) if own is value)
        number = next(places, len(self.given))
        if number == len(self.given):
            self.given.append(value)
        return Reference(own=True, number=number, kind=kind, name="function")

    def resolve(self, reference: Reference) -> object:
        """Receive an object by reference."""
        if not reference.own:
            if not 0 <= reference.number < len(self.given):
                raise WireError("a reference to an object that was never sent")
            return self.given[reference.number]
        handle = self.handles.get(reference.number)
        if handle is None:
            what, _, methods = reference.kind.partition(":")
            origin = what.partition(" ")[0]
            if origin == "own":
                self.classes[reference.number] = "own"
            elif origin == "builtin" and reference.name in BUILTIN:
                self.classes[reference.number] = reference.name
            kind = capable(methods)
            handle = self.handles[reference.number] = kind(self, reference.number, reference.name)
        return handle


def given(box: list[Any], arguments: list[Any]) -> object:
    """Return what a function of the test's gives, unless the test keeps it.

    Raises
    ------
    HandleError
        If what the student's code does to it could not be seen.
    """
    if is_kept(box, arguments):
        raise HandleError("a function of the test gives an object that the test keeps")
    return box[0]


def is_iterator(value: object) -> bool:
    """Tell whether an object is an iterator of Python's own."""
    kind = type(value)
    return kind.__module__ == "builtins" and hasattr(kind, "__next__")
