"""Values of the standard library, NumPy and pandas, taken apart into plainer ones and built again.

Each `Codec` names one exact type.
What `build` gets may come from a hostile process: whatever is not as `take` gives it is an error.
`MUTABLE` says how an object that may be changed in place is read and made equal to another.
"""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import importlib.util
import random
import re
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray[Any, Any]
WORDS = 624  # of the state of a Mersenne Twister
BIT_GENERATORS = {  # the states of the others hold positions that NumPy does not check
    kind.__name__: kind for kind in (np.random.PCG64, np.random.PCG64DXSM)
}
PLAIN_DTYPE = re.compile(r"[<>|=]?[biufcSUmM]\d{0,7}(\[\d{0,5}[a-zA-Zμ]{1,2}\])?")
FRAME = "pandas."
MAX_FIELDS = 1000
MAX_POINT = 0x10FFFF


class WireError(Exception):
    """A message, or a value, is not what the wire can carry; or the other process is gone."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How the values of one type cross.

    Attributes
    ----------
    name : str
        What a message calls it.
    kind : type
        The exact type.
    take, build : callable
        Take a value apart into what the wire knows already, and build it again.
    """

    name: str
    kind: type
    take: Callable[[Any], Any]
    build: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Mutable:
    """How an object is made equal to the other side's.

    Attributes
    ----------
    take : callable
        Gives what it holds.
    restore : callable
        ``restore(old, taken)`` makes `old` hold that, if it can.
    compare : bool
        Whether its items tell by their identity if it was changed, rather than by their bytes.
    """

    take: Callable[[Any], Any]
    restore: Callable[[Any, Any], None]
    compare: bool = True


def typed(value: Any, *kinds: type) -> Any:
    """Return the value if its type is exactly one of these."""
    if type(value) not in kinds:
        raise WireError(f"malformed message: a {type(value).__name__} where none may be")
    return value


def integers(values: Any, count: int) -> list[int]:
    """Return a tuple's integers."""
    if type(values) is not tuple or len(values) != count:
        raise WireError("malformed message: other than so many integers")
    return [typed(value, int) for value in values]


def _delta(value: dt.timedelta) -> tuple[int, int, int]:
    return value.days, value.seconds, value.microseconds


def _zone(zone: dt.tzinfo | None) -> tuple[int, int, int] | None:
    if zone is None:
        return None
    if type(zone) is not dt.timezone:
        raise WireError(f"a time zone of type {type(zone).__name__} is not plain data")
    return _delta(zone.utcoffset(None))


def _build_zone(taken: Any) -> dt.timezone | None:
    if taken is None:
        return None
    return dt.timezone(dt.timedelta(*integers(taken, 3)))


def _take_datetime(value: dt.datetime) -> tuple[Any, ...]:
    parts = (*value.timetuple()[:6], value.microsecond, value.fold)
    return parts, _zone(value.tzinfo)


def _build_datetime(taken: Any) -> dt.datetime:
    parts, zone = typed(taken, tuple)
    *rest, fold = integers(parts, 8)
    return dt.datetime(*rest, fold=fold, tzinfo=_build_zone(zone))  # type: ignore[arg-type,misc]


def _take_time(value: dt.time) -> tuple[Any, ...]:
    parts = (value.hour, value.minute, value.second, value.microsecond, value.fold)
    return parts, _zone(value.tzinfo)


def _build_time(taken: Any) -> dt.time:
    parts, zone = typed(taken, tuple)
    *rest, fold = integers(parts, 5)
    hour, minute, second, micro = rest
    return dt.time(hour, minute, second, micro, _build_zone(zone), fold=fold)


def _take_default(value: collections.defaultdict[Any, Any]) -> tuple[Any, ...]:
    return value.default_factory, dict(value)


def _build_default(taken: Any) -> collections.defaultdict[Any, Any]:
    factory, items = typed(taken, tuple)
    return collections.defaultdict(factory, typed(items, dict))


def _build_deque(taken: Any) -> collections.deque[Any]:
    items, longest = typed(taken, tuple)
    return collections.deque(typed(items, tuple), typed(longest, int, type(None)))


def _build_range(taken: Any) -> range:
    return range(*integers(taken, 3))


def _build_fraction(taken: Any) -> fractions.Fraction:
    return fractions.Fraction(*integers(taken, 2))


def _build_counter(taken: Any) -> collections.Counter[Any]:
    built: collections.Counter[Any] = collections.Counter()
    dict.update(built, typed(taken, dict))
    return built


def _take_generator(value: np.random.Generator) -> dict[str, Any]:
    bits = value.bit_generator
    if BIT_GENERATORS.get(type(bits).__name__) is not type(bits):
        raise WireError(f"a generator of type {type(bits).__name__} cannot be sent")
    return dict(bits.state)


def _build_generator(state: Any) -> np.random.Generator:
    if type(state) is not dict or state.get("bit_generator") not in BIT_GENERATORS:
        raise WireError("malformed message: no such random generator")
    bits: Any = BIT_GENERATORS[state["bit_generator"]](0)
    bits.state = state
    return np.random.Generator(bits)


def _take_random_state(value: np.random.RandomState) -> tuple[Any, ...]:
    taken: Any = value.get_state()  # a tuple or a dict: the stubs of NumPy differ
    if taken[0] != "MT19937":
        raise WireError(f"a generator of type {taken[0]} cannot be sent")
    return tuple(taken[1:])


def _build_random_state(taken: Any) -> np.random.RandomState:
    words, position, has_gauss, gauss = typed(taken, tuple)
    if type(words) is not np.ndarray or (words.dtype, words.shape) != (np.uint32, (WORDS,)):
        raise WireError("malformed message: no state of a random generator")
    if not 0 <= typed(position, int) <= WORDS or typed(has_gauss, int) not in (0, 1):
        raise WireError("malformed message: no state of a random generator")
    built = np.random.RandomState(0)
    built.set_state(("MT19937", words, position, has_gauss, typed(gauss, float)))
    return built


def _build_random(taken: Any) -> random.Random:
    version, words, gauss = typed(taken, tuple)
    inner = integers(words, WORDS + 1)
    if any(not 0 <= word < 2**32 for word in inner) or inner[-1] > WORDS:
        raise WireError("malformed message: no state of a random generator")
    built = random.Random(0)  # noqa: S311 - the one that was sent
    built.setstate((typed(version, int), tuple(inner), typed(gauss, float, type(None))))
    return built


SCALARS = frozenset(
    (
        *(type(None), bool, int, float, complex, str, bytes, fractions.Fraction, decimal.Decimal),
        *(dt.date, dt.datetime, dt.time, dt.timedelta),
        *(np.dtype(code).type for code in "?bhilqBHILQefdgFDGSUmM"),
    )
)
ROWS = (list, tuple)


def is_item(value: Any) -> bool:
    """Tell whether a value may be an item of an array of objects: nothing that has methods."""
    kind = type(value)
    if kind in ROWS:
        return all(map(is_item, value))
    if kind is np.ndarray:
        return not value.dtype.hasobject
    return kind in SCALARS or (kind.__name__ in MISSING and kind.__module__.startswith("pandas."))


MISSING = {"NaTType", "NAType", "Timestamp", "Timedelta"}


def _take_items(value: Array) -> tuple[Any, ...]:
    items = tuple(value.flat)
    if value.dtype != object or not all(map(is_item, items)):
        raise WireError(f"an array of dtype {value.dtype} is not plain data")
    return value.shape, items, value.flags.writeable


def _build_items(taken: Any) -> Array:
    shape, items, writeable = typed(taken, tuple)
    sizes = integers(shape, len(typed(shape, tuple)))
    if not all(map(is_item, typed(items, tuple))):
        raise WireError("malformed message: an array of objects that are no plain data")
    built = np.empty(len(items), object)
    for position, item in enumerate(items):
        built[position] = item
    built = built.reshape(sizes)
    built.flags.writeable = typed(writeable, bool)
    return built


def take_dtype(dtype: np.dtype[Any]) -> Any:
    """Take a dtype of plain fields apart."""
    if dtype.subdtype is not None:
        inner, shape = dtype.subdtype
        return "of", take_dtype(inner), shape
    if dtype.names is not None:
        fields: Any = dtype.fields
        if any(len(field) > 2 for field in fields.values()):
            raise WireError(f"the dtype {dtype} is not plain")
        taken = tuple((name, take_dtype(fields[name][0]), fields[name][1]) for name in dtype.names)
        return "fields", taken, dtype.itemsize
    if not PLAIN_DTYPE.fullmatch(dtype.str):
        raise WireError(f"an array of dtype {dtype} is not plain data")
    return dtype.str


def build_dtype(taken: Any) -> np.dtype[Any]:
    """Build a dtype of plain fields."""
    match taken:
        case str(code) if PLAIN_DTYPE.fullmatch(code):
            return np.dtype(code)
        case ("of", inner, tuple(shape)):
            return np.dtype((build_dtype(inner), tuple(integers(shape, len(shape)))))
        case ("fields", tuple(fields), int(size)) if len(fields) <= MAX_FIELDS:
            names, formats, offsets = [], [], []
            for field in fields:
                name, inner, offset = typed(field, tuple)
                names.append(typed(name, str))
                formats.append(build_dtype(inner))
                offsets.append(typed(offset, int))
                if offset < 0:
                    raise WireError("malformed message: a field before its record")
            described = {"names": names, "formats": formats, "offsets": offsets, "itemsize": size}
            return np.dtype(described)  # type: ignore[call-overload]
    raise WireError("malformed message: no dtype of plain fields")


def _take_records(value: Array) -> tuple[Any, ...]:
    dtype = take_dtype(value.dtype)
    return dtype, value.shape, np.ascontiguousarray(value).tobytes(), value.flags.writeable


def _build_records(taken: Any) -> Array:
    described, shape, content, writeable = typed(taken, tuple)
    dtype = build_dtype(described)
    sizes = integers(shape, len(typed(shape, tuple)))
    if not dtype.itemsize or any(size < 0 for size in sizes):
        raise WireError("malformed message: an array of nothing")
    built: Array = np.frombuffer(typed(content, bytes), dtype).copy().reshape(sizes)
    check_text(built)
    built.flags.writeable = typed(writeable, bool)
    return built


def check_text(array: Array) -> None:
    """Refuse text beyond Unicode, which NumPy takes for granted."""
    for name in array.dtype.names or ():
        check_text(array[name])
    if array.dtype.kind == "U" and array.size:
        points = np.dtype(np.uint32).newbyteorder(array.dtype.byteorder)
        if np.ascontiguousarray(array).reshape(-1).view(points).max() > MAX_POINT:
            raise WireError("malformed message: text beyond Unicode")


ITEMS = Codec("items", np.ndarray, _take_items, _build_items)
RECORDS = Codec("records", np.ndarray, _take_records, _build_records)
_EMPTY: dict[Any, Any] = {}
_KEYS, _VALUES, _PAIRS = type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items())
_CODECS = (
    Codec("fraction", fractions.Fraction, lambda v: (v.numerator, v.denominator), _build_fraction),
    Codec("decimal", decimal.Decimal, str, lambda taken: decimal.Decimal(typed(taken, str))),
    Codec(
        "date",
        dt.date,
        lambda v: (v.year, v.month, v.day),
        lambda taken: dt.date(*integers(taken, 3)),
    ),
    Codec("datetime", dt.datetime, _take_datetime, _build_datetime),
    Codec("time", dt.time, _take_time, _build_time),
    Codec(
        "timedelta",
        dt.timedelta,
        _delta,
        lambda taken: dt.timedelta(*integers(taken, 3)),
    ),
    Codec("timezone", dt.timezone, _zone, _build_zone),
    Codec("range", range, lambda v: (v.start, v.stop, v.step), _build_range),
    Codec("counter", collections.Counter, dict, _build_counter),
    Codec("defaultdict", collections.defaultdict, _take_default, _build_default),
    Codec(
        "ordered",
        collections.OrderedDict,
        dict,
        lambda taken: collections.OrderedDict(typed(taken, dict)),
    ),
    Codec("deque", collections.deque, lambda v: (tuple(v), v.maxlen), _build_deque),
    Codec("keys", _KEYS, dict.fromkeys, lambda taken: typed(taken, dict).keys()),
    Codec(
        "values",
        _VALUES,
        tuple,
        lambda taken: dict(enumerate(typed(taken, tuple))).values(),
    ),
    Codec("pairs", _PAIRS, dict, lambda taken: typed(taken, dict).items()),
    Codec("generator", np.random.Generator, _take_generator, _build_generator),
    Codec("random state", np.random.RandomState, _take_random_state, _build_random_state),
    Codec("random", random.Random, random.Random.getstate, _build_random),
)
CODECS = {codec.kind: codec for codec in _CODECS}
_NAMED = {codec.name: codec for codec in (*_CODECS, ITEMS, RECORDS)}
_frames: dict[type, Codec] = {}


def frames() -> dict[type, Codec]:
    """Return the codecs of pandas; none as long as nobody has imported it."""
    if not _frames and "pandas" in sys.modules:
        _load_frames()
    return _frames


def _load_frames() -> None:
    _frames.update(importlib.import_module("autograder.remote.frames").CODECS)
    _NAMED.update({codec.name: codec for codec in _frames.values()})


def named(name: str) -> Codec | None:
    """Return the codec that a message names, if there is one."""
    if name.startswith(FRAME) and not _frames and importlib.util.find_spec("pandas"):
        _load_frames()
    return _NAMED.get(name)


def _flat(value: dict[Any, Any]) -> tuple[Any, ...]:
    return tuple(part for pair in value.items() for part in pair)


def _restore_list(old: list[Any], taken: Any) -> None:
    old[:] = typed(taken, tuple)


def _restore_dict(old: dict[Any, Any], taken: Any) -> None:
    items = iter(typed(taken, tuple))
    new = dict(zip(items, items, strict=True))
    dict.clear(old)
    dict.update(old, new)


def _restore_ordered(old: collections.OrderedDict[Any, Any], taken: Any) -> None:
    items = iter(typed(taken, tuple))
    old.clear()
    old.update(zip(items, items, strict=True))


def _restore_set(old: set[Any], taken: Any) -> None:
    old.clear()
    old.update(typed(taken, frozenset))


def _restore_deque(old: collections.deque[Any], taken: Any) -> None:
    old.clear()
    old.extend(typed(taken, tuple))


def _restore_array(old: Array, new: Any) -> None:
    if type(new) is not np.ndarray or not old.flags.writeable:
        return
    if old.dtype != new.dtype or old.size != new.size:
        raise WireError("an array of the test's was given another size or dtype in place")
    if old.shape != new.shape:  # NumPy 2.5 deprecates the assignment, and has this in its place
        getattr(old, "_set_shape", partial(setattr, old, "shape"))(new.shape)
    old[...] = new


def _restore_generator(old: np.random.Generator, taken: Any) -> None:
    old.bit_generator.state = _build_generator(taken).bit_generator.state


def _restore_frame(codec: Codec, old: Any, taken: Any) -> None:
    old._update_inplace(codec.build(taken))  # noqa: SLF001 - what pandas' own methods do


MUTABLE: dict[type, Mutable] = {
    list: Mutable(tuple, _restore_list),
    dict: Mutable(_flat, _restore_dict),
    collections.defaultdict: Mutable(_flat, _restore_dict),
    collections.Counter: Mutable(_flat, _restore_dict),
    collections.OrderedDict: Mutable(_flat, _restore_ordered),
    set: Mutable(frozenset, _restore_set),
    collections.deque: Mutable(tuple, _restore_deque),
    np.ndarray: Mutable(lambda array: array.view(), _restore_array, compare=False),
    np.random.Generator: Mutable(_take_generator, _restore_generator, compare=False),
    np.random.RandomState: Mutable(
        _take_random_state,
        lambda old, taken: old.set_state(_build_random_state(taken).get_state()),
        compare=False,
    ),
    random.Random: Mutable(
        random.Random.getstate,
        lambda old, taken: old.setstate(_build_random(taken).getstate()),
        compare=False,
    ),
}


def changing(kind: type) -> Mutable | None:
    """Return how objects of exactly this type are changed; None if they are not, or not here."""
    mutable = MUTABLE.get(kind)
    if mutable is None and (codec := frames().get(kind)):
        return Mutable(codec.take, partial(_restore_frame, codec), compare=False)
    return mutable
