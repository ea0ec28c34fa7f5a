"""Plain classes of the other process: exceptions, named tuples and enumerations.

Such a class is described, and the other process makes one like it: an exception of the student's
can be caught by its class, a named tuple is a tuple, and a member of an enumeration is itself.
A class with methods of its own is none; only an exception's are done without, as it is to be
caught, not made.
"""

from __future__ import annotations

import enum
import sys
from collections import namedtuple
from typing import Any, NoReturn

from autograder.remote.values import WireError

MAX_NUMBER = 1000  # of classes, fields and members
FAMILIES: dict[str, Any] = {
    kind.__name__: kind for kind in (enum.Enum, enum.IntEnum, enum.StrEnum, enum.Flag)
}
WITH_PLAIN_CLASSES = (tuple, enum.Enum)
KNOWN = sys.stdlib_module_names - {"unittest", "doctest"} | {"numpy", "scipy", "pandas", "sklearn"}
_DUNDERS = {"__module__", "__doc__", "__weakref__", "__dict__", "__qualname__", "__annotations__"}
_TUPLE = set(vars(namedtuple("Example", "")))  # noqa: PYI024 - the class of the standard library
_ENUMS = {
    name: set(vars(kind("Example", {"MEMBER": "1" if kind is enum.StrEnum else 1})))
    for name, kind in FAMILIES.items()
}


class NotMadeError(BaseException):
    """The other process's class has a way of its own to make its objects."""


def describe(kind: Any) -> tuple[Any, ...] | None:
    """Say how a class like it is made; None if it is no plain class of the notebook's own."""
    if kind.__module__ in ("builtins", "enum"):
        return None
    if issubclass(kind, Exception):
        return None if is_known(kind) else _describe_exception(kind)
    if kind.__bases__ == (tuple,) and type(kind) is type:
        return _describe_tuple(kind)
    if type(kind) is enum.EnumType and len(kind.__bases__) == 1:
        return _describe_enumeration(kind, kind.__bases__[0].__name__)
    return None


def _describe_tuple(kind: Any) -> tuple[Any, ...] | None:
    own = set(vars(kind)) - _DUNDERS
    fields = vars(kind).get("_fields", ())
    if own - _TUPLE - {"__orig_bases__"} != set(fields) or "_fields" not in own:
        return None
    return "named tuple", kind.__name__, fields, dict(kind._field_defaults)


def _describe_enumeration(kind: Any, family: str) -> tuple[Any, ...] | None:
    if kind.__bases__[0] is not FAMILIES.get(family):
        return None
    members = {name: member._value_ for name, member in kind.__members__.items()}
    if set(vars(kind)) - _DUNDERS - _ENUMS[family] - members.keys() or not members:
        return None
    plain = all(type(value) in (int, float, str, bool, tuple) for value in members.values())
    return ("enumeration", kind.__name__, family, members) if plain else None


def _describe_exception(kind: type[Exception]) -> tuple[Any, ...]:
    bases = tuple(place(base) for base in kind.__bases__)
    return "exception", kind.__name__, bases, not set(vars(kind)) - _DUNDERS


def place(kind: type) -> Any:
    """Say which class of exceptions it is: module and name, or the class if nobody else has it."""
    if is_known(kind):
        return kind.__module__, kind.__qualname__
    return kind if issubclass(kind, Exception) else ("builtins", "Exception")


def is_known(kind: type) -> bool:
    """Tell whether the other process has the same class of exceptions."""
    return known_exception(kind.__module__, kind.__qualname__) is kind


def known_exception(module: object, name: object) -> type[Exception] | None:
    """Return the class of exceptions with that name, if it is one that may be raised here.

    Those of test frameworks are not among them: a test that is skipped has not failed.
    """
    if type(module) is not str or type(name) is not str or module.partition(".")[0] not in KNOWN:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    return found if isinstance(found, type) and issubclass(found, Exception) else None


def take(value: Any) -> tuple[type, Any] | None:
    """Return class and content of an object of a plain class; None if it is none."""
    kind = type(value)
    if not issubclass(kind, WITH_PLAIN_CLASSES) or not describe(kind):
        return None
    if issubclass(kind, tuple):
        return kind, tuple(value)
    if value._name_ is None:  # a combination of flags
        return kind, value._value_
    return kind, value._name_


def build(kind: Any, content: Any) -> object:
    """Make an object of a plain class."""
    described = describe(kind) if isinstance(kind, type) else None
    match described, content:
        case ("named tuple", *_), tuple():
            return kind._make(content)
        case ("enumeration", *_), str(name):
            return kind[name]
        case ("enumeration", _, "Flag", _), int(value):
            return kind(value)
    raise WireError("malformed message: an object of no plain class")


class Mirrors:
    """The plain classes of the other process, made again here.

    Attributes
    ----------
    by_number : dict of int to type
        By the number that the other process gives them.
    numbers : dict of type to int
        The other way around.
    """

    def __init__(self) -> None:
        self.by_number: dict[int, type] = {}
        self.numbers: dict[type, int] = {}

    def get(self, number: int, described: Any) -> type:
        """Return the class of that number, made as it was first described."""
        kind = self.by_number.get(number)
        if kind is None:
            if len(self.by_number) >= MAX_NUMBER:
                raise WireError("malformed message: too many classes")
            kind = self.by_number[number] = made(described)
            self.numbers[kind] = number
        return kind


def made(described: Any) -> type:
    """Make a class as it was described."""
    match described:
        case ("exception", str(name), tuple(bases), bool(plain)) if name.isidentifier():
            return _made_exception(name, bases, plain=plain)
        case ("named tuple", str(name), tuple(fields), dict(defaults)) if len(fields) < MAX_NUMBER:
            values = [defaults[field] for field in fields if field in defaults]
            return namedtuple(name, fields, defaults=values, module="__main__")  # noqa: PYI024
        case ("enumeration", str(name), str(family), dict(members)) if (
            family in FAMILIES and len(members) < MAX_NUMBER
        ):
            if any(not m.isidentifier() or m.startswith("_") or m == "mro" for m in members):
                raise WireError("malformed message: no name of a member")
            functional: Any = FAMILIES[family]
            return functional(name, members, module="__main__")
    raise WireError("malformed message: no description of a class")


def _made_exception(name: str, bases: tuple[Any, ...], *, plain: bool) -> type:
    kinds: list[type] = []
    for base in bases:
        match base:
            case (module, called):
                kind: Any = known_exception(module, called)
            case kind:
                pass
        exception = isinstance(kind, type) and issubclass(kind, Exception)
        kinds.append(kind if exception else Exception)
    own: dict[str, Any] = {"__module__": "__main__"}
    if not plain:
        own["__init__"] = _not_made
    return type(name, tuple(dict.fromkeys(kinds)), own)


def _not_made(self: object, *_arguments: object, **_keywords: object) -> NoReturn:
    raise NotMadeError(
        f"an object of the class {type(self).__name__} of the student's cannot be made by a test"
    )
