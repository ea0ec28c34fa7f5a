"""Values as bytes, between two processes of which one may be hostile.

`encode` and `decode` know plain data only: None, bool, int, float, complex, str, bytes, list,
tuple, dict, set, frozenset, slice, Ellipsis, the types of numbers and text, NumPy scalars, arrays
and dtypes of plain types, what `values` takes apart into those, and objects of the plain classes
of `classes`.
Every other object is a `Reference`, a number that means something to its owner alone.
What is encoded is decided by the exact type of an object, never by what it says of itself,
and what is decoded builds only the types above, so that no message can run code.
Depth, number of items and every length are checked before anything is built.

An object that can be changed is written once in a message and named by its position afterwards,
so that it arrives as one object; a message may also name those of an earlier one, see `known`.

The format is a byte that names the type, then a fixed-size or length-prefixed payload,
all numbers little-endian. A list or tuple of nothing but integers of 64 bits, floats or truth
values is written as one block of them.
"""

from __future__ import annotations

import contextlib
import functools
import struct
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograder.remote import classes, values
from autograder.remote.values import PLAIN_DTYPE, WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_DEPTH = 64
MAX_ITEMS = 2_000_000
MAX_INT_BYTES = 8192
MAX_ITEM_SIZE = 2**20
MAX_EQUAL_HASHES = 100
MAX_CODE = 100  # bytes that write a dtype
COUNT, TAGGED, REAL = (struct.Struct(code) for code in ("<I", "<cI", "<cd"))
BLOCK = struct.Struct("<cccI")
PACKED: dict[type, str] = {int: "q", float: "d", bool: "?"}
NO_CODE = "!"
ROW = 4  # items from which a block is worth it
SMALL = 2**16  # bytes up to which a copy is cheaper than a view
MALFORMED = (
    *(TypeError, ValueError, OverflowError, struct.error, MemoryError, LookupError),
    *(AttributeError, ArithmeticError, NotImplementedError),
)
PLAIN_TYPES = {
    kind.__module__ + "." + kind.__name__: kind
    for kind in (
        *(type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset),
        *(np.dtype(code).type for code in "?bhilqBHILQefdgFDGSUmM"),
        *(np.ndarray, np.generic, np.number, np.integer, np.floating, np.complexfloating),
    )
}


@dataclass(slots=True)
class Reference:
    """An object that stays where it is.

    Attributes
    ----------
    own : bool
        Whether it lives in the process that sends the reference.
    number : int
        Its number in the table of its owner.
    kind : str
        ``"callable"``, ``"iterator"`` or ``"object"``, after ``"own "`` if its classes are the
        notebook's alone, or ``"builtin "`` if its class is one of Python's; after a colon the
        special methods that it has, see `handles`.
    name : str
        The name of its type, for messages.
    """

    own: bool
    number: int
    kind: str
    name: str


def refuse(value: object) -> Reference:
    """Refuse every object that is no plain data."""
    raise WireError(f"a value of type {type(value).__name__} is not plain data")


def refuse_reference(reference: Reference) -> object:
    """Refuse every reference."""
    raise WireError(f"a reference to a {reference.name} where plain data was expected")


def encode(
    value: object,
    refer: Callable[[object], Reference] = refuse,
    *,
    limit: int = 2**26,
    known: list[object] | None = None,
) -> bytes:
    """Turn a value into bytes.

    Parameters
    ----------
    value : object
        What to send.
    refer : callable
        Gives the reference for an object that is no plain data, or raises `WireError`.
    limit : int
        Largest message in bytes.
    known : list, optional
        Objects that the other side has, by position; gets those of this message.

    Raises
    ------
    WireError
        If the value is too deep (or contains itself), too large, or refused by `refer`.
    """
    return encode_all((value,), refer, limit=limit, known=known)


def encode_all(
    contents: Iterable[object],
    refer: Callable[[object], Reference] = refuse,
    *,
    limit: int = 2**26,
    known: list[object] | None = None,
) -> bytes:
    """Do the same for several values, one after the other; the limit is that of all together."""
    writer = _Writer(refer, limit, [] if known is None else known)
    for value in contents:
        writer.write(value, 0)
    return b"".join(writer.parts)


def decode(
    message: bytes | bytearray,
    resolve: Callable[[Reference], object] = refuse_reference,
    *,
    known: list[object] | None = None,
    mirrors: classes.Mirrors | None = None,
    around: tuple[int, int] = (0, 0),
) -> Any:
    """Turn bytes back into the value.

    Parameters
    ----------
    message : bytes or bytearray
        What `encode` gave, or what a hostile process made up.
    resolve : callable
        Gives the object for a reference, or raises `WireError`.
    known : list, optional
        Objects of earlier messages, by position; gets those of this message.
    mirrors : Mirrors, optional
        The other side's plain classes, as far as they are known here.
    around : (int, int)
        How many bytes of the message are before and after the value, which then is one of a tuple.

    Raises
    ------
    WireError
        If the message is malformed or exceeds a limit.
    """
    reader = _Reader(message, resolve, [] if known is None else known, mirrors or classes.Mirrors())
    reader.position, end = around[0], len(message) - around[1]
    try:
        value = reader.read(int(any(around)))
    except WireError:
        raise
    except MALFORMED as error:
        raise WireError(f"malformed message: {error}") from None
    if reader.position != end:
        raise WireError(f"malformed message: {end - reader.position} bytes too many")
    return value


class _Writer:
    __slots__ = ("items", "known", "limit", "open", "parts", "positions", "refer", "size")

    def __init__(
        self, refer: Callable[[object], Reference], limit: int, known: list[object]
    ) -> None:
        self.refer = refer
        self.limit = limit
        self.known = known
        self.positions = {id(value): position for position, value in enumerate(known)}
        self.open: set[int] = set()
        self.parts: list[bytes | memoryview] = []
        self.size = 0
        self.items = 0

    def write(self, value: Any, depth: int) -> None:
        self.items += 1
        if depth > MAX_DEPTH:
            raise WireError(f"a value is nested more than {MAX_DEPTH} deep, or contains itself")
        if self.items > MAX_ITEMS:
            raise WireError(f"a value has more than {MAX_ITEMS} items")
        kind: Any = type(value)
        if kind in _SIMPLE:
            self.add(_SIMPLE[kind](value))
        elif kind in values.MUTABLE or kind in values.frames():
            position = self.positions.get(id(value))
            if position is not None:
                self.again(position)
                return
            position = self.positions[id(value)] = len(self.known)
            self.known.append(value)
            if kind is np.ndarray:  # it cannot contain itself
                self.array(value, depth)
                return
            self.open.add(position)
            self.write_new(kind, value, depth)
            self.open.discard(position)
        elif stays(kind):
            self.refer_to(b"", value)
        else:
            self.write_new(kind, value, depth)

    def write_new(self, kind: type, value: Any, depth: int) -> None:
        """Write an object that the message does not hold yet."""
        write = _WRITERS.get(kind)
        if kind is type and any(value is plain for plain in PLAIN_TYPES.values()):
            write = _Writer.kind
        if write is not None:
            write(self, value, depth)
        elif codec := values.CODECS.get(kind) or values.frames().get(kind):
            self.put(b"V", codec.name.encode())
            self.write(codec.take(value), depth + 1)
        elif issubclass(kind, np.generic) and _is_plain(kind, value.dtype):
            self.add(b"g" + plain_code(value.dtype))
            self.put(b"", value.tobytes())
        elif kind is type and issubclass(value, Exception) and classes.is_known(value):
            self.put(b"X", value.__module__.encode(), value.__qualname__.encode())
        elif issubclass(kind, type) and (described := classes.describe(value)):
            self.refer_to(b"C", value)
            self.write(described, depth + 1)
        elif taken := classes.take(value):
            self.add(b"I")
            for item in taken:
                self.write(item, depth + 1)
        else:
            self.refer_to(b"", value)

    def refer_to(self, tag: bytes, value: object) -> None:
        """Write an object's reference."""
        reference = self.refer(value)
        self.add(tag + written(reference.own, reference.number, reference.kind, reference.name))

    def again(self, position: int) -> None:
        """Write an object that the other side has."""
        if position in self.open:
            raise WireError(f"a value is nested more than {MAX_DEPTH} deep, or contains itself")
        self.add(TAGGED.pack(b"@", position))

    def add(self, part: bytes | memoryview) -> None:
        self.size += len(part)
        if self.size > self.limit:
            raise WireError(f"a value is larger than {self.limit} bytes")
        self.parts.append(part)

    def put(self, tag: bytes, *parts: bytes | memoryview) -> None:
        self.add(tag)
        for part in parts:
            self.add(COUNT.pack(len(part)))
            self.add(part)

    def ellipsis(self, _value: object, _depth: int) -> None:
        self.add(b"E")

    def complex(self, value: complex, _depth: int) -> None:
        self.add(struct.pack("<cdd", b"c", value.real, value.imag))

    def bytes(self, value: bytes, _depth: int) -> None:
        self.put(b"b", value)

    def sequence(self, value: Any, depth: int) -> None:
        self.add(TAGGED.pack(_SEQUENCE_TAGS[type(value)], len(value)))
        for item in value:
            self.write(item, depth + 1)

    def row(self, value: list[Any] | tuple[Any, ...], depth: int) -> None:
        """Write a list or a tuple, as a block if its items are numbers of one type."""
        block = b""
        kinds = set(map(type, value)) if len(value) >= ROW else set()
        if len(kinds) == 1 and depth < MAX_DEPTH and self.items + len(value) <= MAX_ITEMS:
            code = PACKED.get(kinds.pop(), NO_CODE)
            with contextlib.suppress(struct.error):  # NO_CODE, or an integer of more than 64 bits
                block = struct.pack(f"<{len(value)}{code}", *value)
        if not block:
            self.sequence(value, depth)
            return
        self.items += len(value)
        self.add(BLOCK.pack(b"p", _SEQUENCE_TAGS[type(value)], code.encode(), len(value)))
        self.add(block)

    def mapping(self, value: dict[Any, Any], depth: int) -> None:
        self.add(TAGGED.pack(b"d", len(value)))
        for key, item in value.items():
            self.write(key, depth + 1)
            self.write(item, depth + 1)

    def slice(self, value: slice, depth: int) -> None:
        self.add(b"L")
        for item in (value.start, value.stop, value.step):
            self.write(item, depth + 1)

    def array(self, value: np.ndarray[Any, Any], depth: int) -> None:
        dtype = value.dtype
        code, size = plain_code(dtype), value.nbytes
        if not code and (dtype.hasobject or dtype.names):
            codec = values.ITEMS if dtype.hasobject else values.RECORDS
            self.put(b"V", codec.name.encode())
            self.write(codec.take(value), depth + 1)
            return
        if not code:
            raise WireError(f"an array of dtype {dtype} is not plain data")
        if size + self.size > self.limit:
            raise WireError(f"an array of {size} bytes; at most {self.limit} may be sent")
        tag = b"a" if value.flags.writeable else b"A"
        axes = value.ndim
        shape = _shape(axes).pack(8 * axes, *value.shape, size)
        if size < SMALL:
            self.add(b"".join((tag, code, shape, value.tobytes())))
        else:  # without a copy
            self.add(b"".join((tag, code, shape)))
            self.add(np.ravel(value).view(np.uint8).data)

    def dtype(self, value: np.dtype[Any], _depth: int) -> None:
        if not _is_plain(value.type, value):
            raise WireError(f"the dtype {value} is not plain")
        self.put(b"D", value.str.encode())

    def kind(self, value: type, _depth: int) -> None:
        self.put(b"Y", f"{value.__module__}.{value.__name__}".encode())


@functools.lru_cache(maxsize=1024)
def stays(kind: Any) -> bool:
    """Tell whether objects of a class can be sent by reference only, whatever they hold."""
    sent = kind in _WRITERS or kind in values.CODECS or kind in values.frames()
    return not sent and not issubclass(kind, (np.generic, type, *classes.WITH_PLAIN_CLASSES))


@functools.lru_cache(maxsize=1024)
def written(own: bool, number: int, kind: str, name: str) -> bytes:  # noqa: FBT001
    """Return a reference as bytes."""
    parts = b"%d" % number, kind.encode(), name[:200].encode("utf-8", "replace")
    return (b"o" if own else b"r") + b"".join(COUNT.pack(len(part)) + part for part in parts)


_SEQUENCE_TAGS: dict[type, bytes] = {list: b"l", tuple: b"t", set: b"S", frozenset: b"Z"}


def _integer(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        raise WireError(f"an integer has more than {MAX_INT_BYTES} bytes")
    return TAGGED.pack(b"i", size) + value.to_bytes(size, "little", signed=True)


def _text(value: str) -> bytes:
    content = value.encode("utf-8", "surrogatepass")
    return TAGGED.pack(b"s", len(content)) + content


_SIMPLE: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"N",
    bool: lambda value: b"T" if value else b"F",
    int: _integer,
    float: lambda value: REAL.pack(b"f", value),
    str: _text,
}
_WRITERS: dict[type, Any] = {
    type(Ellipsis): _Writer.ellipsis,
    complex: _Writer.complex,
    bytes: _Writer.bytes,
    list: _Writer.row,
    tuple: _Writer.row,
    set: _Writer.sequence,
    frozenset: _Writer.sequence,
    dict: _Writer.mapping,
    slice: _Writer.slice,
    np.ndarray: _Writer.array,
} | dict.fromkeys((type(np.dtype(code)) for code in "?bhilqBHILQefdgFDGSUmM"), _Writer.dtype)


def _is_plain(kind: type, dtype: np.dtype[Any]) -> bool:
    """Tell whether `kind` is NumPy's own scalar type of a plain dtype."""
    plain = dtype.kind in "biufcSUmM" and dtype.itemsize <= MAX_ITEM_SIZE
    return plain and dtype.type is kind and kind.__module__ == "numpy"


@functools.lru_cache(maxsize=256)
def plain_code(dtype: np.dtype[Any]) -> bytes:
    """Return how a plain dtype is written, with the length of that; nothing for any other."""
    code = dtype.str.encode()
    return COUNT.pack(len(code)) + code if _is_plain(dtype.type, dtype) else b""


@functools.lru_cache(maxsize=256)
def plain_dtype(written: bytes) -> np.dtype[Any]:
    """Return the dtype that is written like this."""
    code = written.decode()
    if not PLAIN_DTYPE.fullmatch(code):
        raise WireError(f"malformed message: {code!r} is no plain dtype")
    dtype = np.dtype(code)
    if dtype.itemsize > MAX_ITEM_SIZE:
        raise WireError(f"malformed message: items of {dtype.itemsize} bytes")
    return dtype


@functools.lru_cache(maxsize=256)
def _shape(axes: int) -> struct.Struct:
    """Return how the lengths of so many axes are written, between their size and the array's."""
    return struct.Struct(f"<I{axes}qI")


class _Reader:
    __slots__ = ("items", "known", "message", "mirrors", "position", "resolve", "view")

    def __init__(
        self,
        message: bytes | bytearray,
        resolve: Callable[[Reference], object],
        known: list[object],
        mirrors: classes.Mirrors,
    ) -> None:
        self.message = message
        self.view = memoryview(message)
        self.resolve = resolve
        self.known = known
        self.mirrors = mirrors
        self.position = 0
        self.items = 0

    def read(self, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH:
            raise WireError(f"malformed message: nested more than {MAX_DEPTH} deep")
        if self.items > MAX_ITEMS:
            raise WireError(f"malformed message: more than {MAX_ITEMS} items")
        tag = self.message[self.position]
        self.position += 1
        return _READERS.get(tag, _Reader.nothing)(self, depth)

    def nothing(self, _depth: int) -> NoReturn:
        tag = self.message[self.position - 1]
        raise WireError(f"malformed message: no type has the tag {bytes([tag])!r}")

    def changeable(self, read: Callable[[int], Any], depth: int) -> Any:
        """Read an object that what follows may name by its position."""
        position = len(self.known)
        self.known.append(_UNFINISHED)
        value = self.known[position] = read(depth)
        return value

    def row(self, _depth: int) -> Any:
        """Read a block of numbers."""
        tag, code, count = _ROW.unpack_from(self.message, self.position)
        self.position += _ROW.size
        self.items += count
        if self.items > MAX_ITEMS:
            raise WireError(f"malformed message: more than {MAX_ITEMS} items")
        form = struct.Struct(f"<{count}{_CODES[code]}")
        block = form.unpack(self.take(form.size))
        if tag == b"t":
            return block
        if tag != b"l":
            raise WireError(f"malformed message: a block is no {tag!r}")
        self.known.append(list(block))
        return self.known[-1]

    def items_until(self, depth: int) -> list[Any]:
        read, depth = self.read, depth + 1
        return [read(depth) for _ in range(self.count())]

    def list(self, depth: int) -> Any:
        return self.changeable(self.items_until, depth)

    def tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self.items_until(depth))

    def set(self, depth: int) -> Any:
        return self.changeable(lambda depth: set(check_hashes(self.items_until(depth))), depth)

    def frozenset(self, depth: int) -> frozenset[Any]:
        return frozenset(check_hashes(self.items_until(depth)))

    def dict(self, depth: int) -> Any:
        return self.changeable(self.pairs, depth)

    def pairs(self, depth: int) -> Any:
        pairs = [(self.read(depth + 1), self.read(depth + 1)) for _ in range(self.count())]
        check_hashes([key for key, _ in pairs])
        return dict(pairs)

    def again(self, _depth: int) -> object:
        (position,) = COUNT.unpack(self.take(COUNT.size))
        value = self.known[position] if position < len(self.known) else _UNFINISHED
        if value is _UNFINISHED:
            raise WireError("malformed message: it names an object that it does not hold")
        return value

    def take(self, size: int) -> memoryview:
        start = self.position
        end = self.position = start + size
        if end > len(self.message):
            raise WireError("malformed message: it ends too early")
        return self.view[start:end]

    def count(self) -> int:
        """Return a number of items, each of which takes at least one byte."""
        size: int
        (size,) = COUNT.unpack_from(self.message, self.position)
        self.position += COUNT.size
        if size > len(self.message) - self.position:
            raise WireError("malformed message: more items than bytes")
        return size

    def part(self) -> memoryview:
        return self.take(self.count())

    def name(self) -> str:
        count = self.count()
        start, self.position = self.position, self.position + count
        return self.message[start : self.position].decode()

    def integer(self, _depth: int) -> int:
        part = self.part()
        if len(part) > MAX_INT_BYTES:
            raise WireError(f"malformed message: an integer of {len(part)} bytes")
        return int.from_bytes(part, "little", signed=True)

    def real(self, _depth: int) -> float:
        value: float
        (value,) = _DOUBLE.unpack_from(self.message, self.position)
        self.position += _DOUBLE.size
        return value

    def complex(self, _depth: int) -> complex:
        return complex(*struct.unpack("<dd", self.take(16)))

    def text(self, _depth: int) -> str:
        return str(self.part(), "utf-8", "surrogatepass")

    def bytes(self, _depth: int) -> bytes:
        return bytes(self.part())

    def slice(self, depth: int) -> slice:
        return slice(self.read(depth + 1), self.read(depth + 1), self.read(depth + 1))

    def dtype(self, _depth: int = 0) -> np.dtype[Any]:
        (count,) = COUNT.unpack_from(self.message, self.position)
        start = self.position + COUNT.size
        self.position = start + count
        if count > MAX_CODE:
            raise WireError(f"malformed message: a dtype of {count} bytes")
        return plain_dtype(bytes(self.message[start : self.position]))

    def array(self, _depth: int) -> np.ndarray[Any, Any]:
        dtype = self.dtype()
        (lengths,) = COUNT.unpack_from(self.message, self.position)
        form = _shape(lengths // 8)
        _, *shape, size = form.unpack_from(self.message, self.position)
        if lengths % 8 or (shape and min(shape) < 0):
            raise WireError(f"malformed message: an array of shape {shape}")
        self.position += form.size
        array = self.items_of(dtype, size).reshape(shape)
        self.known.append(array)
        return array

    def read_only_array(self, depth: int) -> np.ndarray[Any, Any]:
        array = self.array(depth)
        array.flags.writeable = False
        return array

    def scalar(self, _depth: int) -> Any:
        dtype = self.dtype()
        flat = self.items_of(dtype, self.count())
        if not dtype.itemsize:
            return dtype.type()
        (value,) = flat
        return value

    def items_of(self, dtype: np.dtype[Any], size: int) -> np.ndarray[Any, Any]:
        part, kind = self.take(size), dtype.kind
        if kind == "b":  # a byte other than 0 and 1 is neither true nor false to numpy
            return np.frombuffer(part, np.uint8) != 0
        if not dtype.itemsize:  # nothing tells how many empty strings no bytes hold
            return np.empty(0, dtype)
        flat = np.frombuffer(part, dtype).copy()
        if kind == "U":
            values.check_text(flat)
        return flat

    def value(self, depth: int) -> object:
        """Read what `values` builds."""
        name = self.name()
        codec = values.named(name)
        if codec is None:
            raise WireError(f"malformed message: no value is a {name[:40]!r}")

        def build(depth: int) -> object:
            return codec.build(self.read(depth + 1))

        if codec.kind in values.MUTABLE or codec.name.startswith(values.FRAME):
            return self.changeable(build, depth)
        return build(depth)

    def exception(self, _depth: int) -> object:
        """Read a class of exceptions that both sides have."""
        module, name = (self.name() for _ in range(2))
        found = classes.known_exception(module, name)
        if found is None:
            raise WireError(f"malformed message: {name[:40]!r} is no exception")
        return found

    def own_class(self, depth: int) -> object:
        """Read a plain class, and remember it."""
        tag = bytes(self.take(1))
        if tag == b"r":
            value = self.reference(own=False)
            self.read(depth + 1)
            return value
        number, _, _ = (self.name() for _ in range(3))
        return self.mirrors.get(int(number), self.read(depth + 1))

    def instance(self, depth: int) -> object:
        """Read an object of a plain class."""
        kind, content = self.read(depth + 1), self.read(depth + 1)
        return classes.build(kind, content)

    def kind(self, _depth: int) -> object:
        name = self.name()
        if name not in PLAIN_TYPES:
            raise WireError(f"malformed message: {name[:40]!r} is no plain type")
        return PLAIN_TYPES[name]

    def own(self, _depth: int) -> object:
        return self.reference(own=True)

    def returned(self, _depth: int) -> object:
        return self.reference(own=False)

    def reference(self, *, own: bool) -> object:
        number, kind, name = (self.name() for _ in range(3))
        return self.resolve(Reference(own, int(number), kind, name))


def check_hashes(items: list[Any]) -> list[Any]:
    """Return the items; refuse those chosen so that a set of them takes hours."""
    if len(items) > MAX_EQUAL_HASHES:
        ((_, most),) = Counter(map(hash, items)).most_common(1)
        if most > MAX_EQUAL_HASHES:
            raise WireError(f"malformed message: {most} items of a set have the same hash")
    return items


_UNFINISHED = object()
_DOUBLE, _ROW = struct.Struct("<d"), struct.Struct("<ccI")
_CODES = {code.encode(): code for code in PACKED.values()}
_TAGS: dict[bytes, Callable[[_Reader, int], Any]] = {
    b"N": lambda _reader, _depth: None,
    b"T": lambda _reader, _depth: True,
    b"F": lambda _reader, _depth: False,
    b"E": lambda _reader, _depth: Ellipsis,
    b"p": _Reader.row,
    b"i": _Reader.integer,
    b"f": _Reader.real,
    b"c": _Reader.complex,
    b"s": _Reader.text,
    b"b": _Reader.bytes,
    b"L": _Reader.slice,
    b"D": _Reader.dtype,
    b"a": _Reader.array,
    b"A": _Reader.read_only_array,
    b"g": _Reader.scalar,
    b"Y": _Reader.kind,
    b"V": _Reader.value,
    b"X": _Reader.exception,
    b"C": _Reader.own_class,
    b"I": _Reader.instance,
    b"@": _Reader.again,
    b"o": _Reader.own,
    b"r": _Reader.returned,
    b"l": _Reader.list,
    b"t": _Reader.tuple,
    b"d": _Reader.dict,
    b"S": _Reader.set,
    b"Z": _Reader.frozenset,
}
_READERS = {ord(tag): read for tag, read in _TAGS.items()}
