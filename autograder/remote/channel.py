"""Requests and answers between two processes over one socket.

Both sides are alike: each may ask, and while it waits for the answer it serves what the other asks,
so that a test can hand a function to the student's code and be called back.
A message is a length and one value of `wire`:

``("?", operation, values, names)``
    A request: its arguments, of which the last ones have names, encoded together, so that an object
    that appears twice arrives as one.
``("=", value, changes)``, ``("!", error, changes)``
    The answer, and what the objects of the request hold now that were changed in place, by their
    position in it: ``{position: content}``, or None. Value and contents name objects of the request
    by their position, too, so that what comes back is what was sent.

Where objects are shared, the requests' positions begin with those of earlier requests that the
other side may have kept, such as a list that became an attribute: a request tells what they hold
now, and an answer which ones are added.

Every wait has a deadline; a peer that is silent, gone or talks nonsense is a `WireError`, after
which the channel is closed and every later request fails at once.
"""

from __future__ import annotations

import functools
import math
import operator
import os
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.remote.classes import Mirrors
from autograder.remote.values import Mutable, WireError, changing
from autograder.remote.wire import (
    COUNT,
    MALFORMED,
    TAGGED,
    Reference,
    decode,
    encode,
    encode_all,
    refuse,
    refuse_reference,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_NESTING = 100
MAX_LINE = 1000
MAX_NAME = 20  # bytes of an operation that are worth remembering
SMALL = 2**16
INFINITE = float("inf")
TICK = 0.25  # seconds that the kernel waits at most before the deadline is looked at again
ANSWER = TAGGED.pack(b"t", 4)  # a tuple of kind, value, changes and what is kept
DONE = ANSWER + encode("=")
NOTHING, NONE = encode([]), encode(None)
PLAIN = 2 * NONE  # ends an answer that tells of no change and of nothing kept
LENGTH = 12  # where a request tells that of its operation
KIND = slice(10, 11)  # where a message tells what it is
ENDS = {NOTHING: False, NOTHING + encode(True): True}  # noqa: FBT003 - without keywords
MAX_SHARED = 16
MAX_SHARED_BYTES = 2**16


class DeadlineError(WireError):
    """The other process did not answer in time."""


class RemoteError(Exception):
    """What the other process raised while it served a request, as the plain data it sent."""

    def __init__(self, error: object) -> None:
        super().__init__(error)
        self.error = error


def in_a_line(error: BaseException) -> str:
    """Say what was raised in a line."""
    return f"{type(error).__name__}: {error}"[:MAX_LINE]


class Channel:
    """One end of a connection.

    Parameters
    ----------
    connection : socket.socket
        A connected stream socket; the channel owns it.
    serve : callable
        ``serve(operation, arguments, keywords)`` answers a request of the other side.
    describe : callable
        Turns an exception of `serve` into plain data, of a bounded size.
    refer, resolve : callable
        Send and receive objects that are no plain data, see `wire`.
    limit : int
        Largest message in bytes, both ways.
    shares : bool
        Whether objects of a request stay the same ones in later requests.
    keeps : callable
        Tells whether what was served so far may have kept objects of the request.

    Attributes
    ----------
    given, taken : list
        Objects of earlier requests that the other side may have kept, or this one: what one side
        changes in them is told with the next message.
    """

    def __init__(  # noqa: PLR0913 - one for each decision that a side takes
        self,
        connection: socket.socket,
        serve: Callable[[str, list[Any], dict[str, Any]], object],
        *,
        describe: Callable[[BaseException], object] = in_a_line,
        refer: Callable[[object], Reference] = refuse,
        resolve: Callable[[Reference], object] = refuse_reference,
        limit: int = 2**26,
        shares: bool = False,
        keeps: Callable[[], bool] = bool,
    ) -> None:
        self.connection = connection
        self.serve = serve
        self.describe = describe
        self.encode = functools.partial(encode, refer=refer, limit=limit)
        self.encode_all = functools.partial(encode_all, refer=refer, limit=limit)
        self.mirrors = Mirrors()
        self.decode = functools.partial(decode, resolve=resolve, mirrors=self.mirrors)
        self.limit = limit + 2**16  # a message is a little larger than the value in it
        self.deadline = INFINITE
        self.wait = 0.0  # what the kernel's timeout is set to; it knows none at first
        self.nesting = 0
        self.process = os.getpid()
        self.closed = False
        self.shares = shares
        self.keeps = keeps
        self.given: list[object] = []
        self.taken: list[object] = []
        self.last_seen: dict[int, Held] = {}

    def request(self, operation: str, *arguments: object, **keywords: object) -> Any:
        """Ask the other side, serve it while waiting, and return its answer.

        Raises
        ------
        RemoteError
            If the other side raised.
        WireError
            If it broke the protocol or is gone; `DeadlineError` if it did not answer in time.
        """
        self.check_open()
        sent = list(self.given)
        updates = {n: h.mutable.take(h.value) for n, h in self.last_seen.items() if h.changed()}
        given = [*arguments, *keywords.values()]
        values = self.encode((given, updates) if updates else given, known=sent)
        called = encode([*keywords]) if keywords else NOTHING
        begin, end = around(operation, shares=self.shares)
        message = b"".join((begin, TAGGED.pack(b"b", len(values)), values, called, end))
        self.go_deeper()
        try:
            self.send_message(message)
            while True:
                match self.receive(sent):
                    case ("=" | "!" as kind, value, dict() | None as changes, *kept):
                        self.put_back(sent, changes or {})
                        self.share(sent, *kept)
                        if kind == "!":
                            raise RemoteError(value)
                        return value
                    case ("?", str(name), bytes(requested), list(names), *shares):
                        self.answer(name, requested, names, shares=shares == [True])
                    case _:
                        self.fail("a message is neither request nor answer")
        finally:
            self.nesting -= 1

    def share(self, sent: list[object], kept: object = ()) -> None:
        """Remember objects of a request that the other side may have kept."""
        if kept:
            positions: Any = kept if type(kept) is list and self.shares else [None]
            if any(type(n) is not int or not 0 <= n < len(sent) for n in positions):
                self.fail("an answer keeps an object that was not sent")
            self.given = [*self.given, *(sent[n] for n in positions)][-MAX_SHARED:]
        self.last_seen = held_in(self.given) if self.given else {}

    def listen(self) -> None:
        """Serve requests until the other side is gone."""
        while True:
            match self.receive():
                case ("?", str(name), bytes(values), list(names), *shares):
                    self.answer(name, values, names, shares=shares == [True])
                case _:
                    self.fail("a message is no request")

    def answer(
        self, operation: str, message: bytes, names: list[Any], *, shares: bool = False
    ) -> None:
        """Serve one request."""
        known = list(self.taken) if shares else []
        kept: list[int] = []
        try:
            self.go_deeper()
            try:
                first = len(known) + 1  # after the list of the arguments
                values, keywords = self.read_request(message, names, known, shares=shares)
                known[first - 1] = None  # that list itself, which nobody else has
                held = held_in(known)
                try:
                    answer = ("=", self.serve(operation, values, keywords))
                except BaseException as error:  # noqa: BLE001 - sys.exit() is an answer, too
                    answer = ("!", self.describe(error))
                changes = {n: h.mutable.take(h.value) for n, h in held.items() if h.changed()}
                told = self.encode_all((*answer, changes or None), known=known)
                if shares and self.keeps():  # the answer tells, too
                    kept = [n for n, h in held.items() if n >= first and h.is_small()]
                    self.taken = [*self.taken, *(known[n] for n in kept)][-MAX_SHARED:]
                message = b"".join((ANSWER, told, self.encode(kept) if kept else NONE))
            finally:
                self.nesting -= 1
        except BaseException as error:  # noqa: BLE001 - what cannot be sent, or an interrupt
            message = self.encode(("!", self.describe(error), {}))
        self.check_open()
        self.send_message(message)

    def read_request(
        self, message: bytes, names: list[Any], known: list[object], *, shares: bool
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return arguments and keywords; change what is shared as the other side has."""
        shared = list(known)
        values = self.decode(message, known=known)
        updates: Any = {}
        if shares and type(values) is tuple and len(values) == 2:
            values, updates = values
        if type(values) is not list or type(updates) is not dict or len(names) > len(values):
            self.fail("a request is malformed")
        self.put_back(shared, updates)
        positional = len(values) - len(names)
        return values[:positional], dict(zip(names, values[positional:], strict=True))

    def put_back(self, sent: list[object], changes: dict[Any, Any]) -> None:
        """Change objects as the other side changed its copies."""
        for position, content in changes.items():
            if type(position) is not int or not 0 <= position < len(sent):
                self.fail("a message changes an object that was not sent")
            try:
                restore(sent[position], content)
            except (*MALFORMED, WireError) as error:
                self.fail(f"a message changes an object into what it cannot be: {error}")

    def send_message(self, message: bytes) -> None:
        """Send the bytes of one message."""
        if os.getpid() != self.process:
            os._exit(0)  # a fork that the student's code made must not speak in its parent's name
        size = COUNT.pack(len(message))
        if len(message) < SMALL:
            self.send_bytes(size + message)
        else:  # without a copy
            self.send_bytes(size)
            self.send_bytes(message)

    def receive(self, known: list[object] | None = None) -> Any:
        """Return the next message; an answer may name `known` objects."""
        message = self.receive_message()
        is_request = message[KIND] == b"?"
        plain = plain_request(message) if is_request else self.plain_answer(message, known)
        if plain is not None:
            return plain
        try:
            return self.decode(message, known=list(known or ()))
        except WireError as error:
            self.fail(str(error))

    def plain_answer(self, message: bytes | bytearray, known: list[object] | None) -> Any:
        """Take an answer that tells a value and nothing else apart; None if it is none."""
        if not (message.startswith(DONE) and message.endswith(PLAIN)):
            return None
        try:
            value = self.decode(message, known=list(known or ()), around=(len(DONE), len(PLAIN)))
        except WireError:  # what ends it may be part of something else
            return None
        return "=", value, None

    def receive_message(self) -> bytes | bytearray:
        """Return the bytes of the next message: of one that is small, in one go."""
        received = self.receive_bytes(SMALL)
        while len(received) < COUNT.size:
            received += self.receive_bytes(SMALL)
        (size,) = COUNT.unpack_from(received)
        if size > self.limit:
            self.fail(f"a message of {size} bytes; at most {self.limit} are allowed")
        there = len(received) - COUNT.size
        if there == size:
            return received[COUNT.size :]
        if there > size:  # no side speaks twice
            self.fail("a message is longer than it says")
        message = bytearray(size)
        message[:there] = received[COUNT.size :]
        rest = memoryview(message)[there:]
        while rest:
            rest = rest[self.use_socket(self.connection.recv_into, rest) :]
        return message

    def receive_bytes(self, most: int) -> bytes:
        """Return the bytes that have come, at least one."""
        received: bytes = self.use_socket(self.connection.recv, most)
        return received

    def send_bytes(self, content: bytes) -> None:
        """Send all of these bytes."""
        sent = self.use_socket(self.connection.send, content)
        while sent < len(content):
            sent += self.use_socket(self.connection.send, memoryview(content)[sent:])

    def use_socket(self, method: Callable[[Any], Any], argument: object) -> Any:
        """Call a method of the socket's; what it waits for must come before the deadline."""
        while True:
            self.limit_wait()
            try:
                used = method(argument)
            except BlockingIOError:  # the kernel has waited long enough
                self.wait = -1.0  # who else has this socket may have set it
            except OSError as error:
                self.fail(f"the other process is gone ({error})")
            else:
                return used or self.fail("the other process is gone")

    def limit_wait(self) -> None:
        """Let the kernel wait until the deadline, or until it is looked at again."""
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            self.fail("the other process did not answer in time", DeadlineError)
        wait = remaining if remaining < TICK else TICK if remaining < INFINITE else 0.0  # no limit
        if wait != self.wait:
            self.wait = wait
            timeval = struct.pack("ll", int(wait), int(wait % 1 * 1e6) or int(wait > 0))
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                self.connection.setsockopt(socket.SOL_SOCKET, option, timeval)

    def go_deeper(self) -> None:
        """Count how deep calls go back and forth."""
        if self.nesting >= MAX_NESTING:
            raise RecursionError(f"calls go back and forth more than {MAX_NESTING} deep")
        self.nesting += 1

    def check_open(self) -> None:
        """Raise `WireError` if the connection is closed."""
        if self.closed:
            raise WireError("the other process is gone")

    def fail(self, why: str, kind: type[WireError] = WireError) -> Any:
        """Close the connection and raise."""
        self.close()
        raise kind(why)

    def close(self) -> None:
        """Close the connection; every later request fails."""
        self.closed = True
        self.connection.close()


@functools.lru_cache(maxsize=256)
def around(operation: str, *, shares: bool) -> tuple[bytes, bytes]:
    """Return how a request begins, before its arguments, and how it ends, after their names."""
    begin = TAGGED.pack(b"t", 4 + shares) + encode("?") + encode(operation)
    return begin, encode(True) if shares else b""  # noqa: FBT003


def plain_request(message: bytes | bytearray) -> tuple[Any, ...] | None:
    """Take a request without keywords apart, as nearly all are; None if the message is none."""
    try:
        (length,) = COUNT.unpack_from(message, LENGTH)
        place = LENGTH + COUNT.size + length
        tag, size = TAGGED.unpack_from(message, place)
    except struct.error:
        return None
    start, end = place + TAGGED.size, place + TAGGED.size + size
    shares = ENDS.get(bytes(message[end : end + len(NOTHING) + 2]))
    if shares is None or tag != b"b" or length > MAX_NAME:
        return None
    operation = begun(bytes(message[:place]), shares=shares)
    if operation is None:
        return None
    return "?", operation, bytes(message[start:end]), [], *([True] if shares else [])


@functools.lru_cache(maxsize=256)
def begun(head: bytes, *, shares: bool) -> str | None:
    """Return the operation of a request that begins like this; None if no request does."""
    operation = head[LENGTH + COUNT.size :].decode("utf-8", "replace")
    return operation if head == around(operation, shares=shares)[0] else None


@dataclass(slots=True)
class Held:
    """An object of a request that can be changed, and what it held when it arrived.

    Attributes
    ----------
    value : object
        The object.
    mutable : Mutable
        How it is read.
    before : object
        What it held: its items, or the bytes of an array or a state.
    """

    value: Any
    mutable: Mutable
    before: Any

    @classmethod
    def of(cls, value: Any, mutable: Mutable) -> Held:
        """Look at an object."""
        if type(value) is np.ndarray:
            before: Any = value.dtype, value.shape, content_of(value)
        else:
            before = mutable.take(value) if mutable.compare else encode(mutable.take(value))
        return cls(value, mutable, before)

    def changed(self) -> bool:
        """Tell whether it holds something else now.

        Raises
        ------
        WireError
            If that cannot be told to the other side.
        """
        if type(self.value) is np.ndarray:
            return self.array_changed()
        now = self.mutable.take(self.value)
        if not self.mutable.compare:
            return encode(now) != self.before
        if type(now) is not tuple:
            return bool(now != self.before)
        return not same_objects(now, self.before)

    def is_small(self) -> bool:
        """Tell whether the object is small enough to be looked at with each request."""
        return getattr(self.value, "nbytes", 0) <= MAX_SHARED_BYTES

    def array_changed(self) -> bool:
        """Do the same for an array."""
        dtype, shape, before = self.before
        if (self.value.dtype, self.value.size) != (dtype, math.prod(shape)):
            raise WireError("an array of the test's was given another size or dtype in place")
        now = content_of(self.value)
        if type(now) is tuple and type(before) is tuple:
            return not same_objects(now, before)
        return bool(now != before or self.value.shape != shape)


def content_of(array: np.ndarray[Any, Any]) -> bytes | tuple[Any, ...] | None:
    """Return what an array holds: its bytes or its objects; None if nobody can change it."""
    if not array.flags.writeable:
        return None
    return tuple(array.flat) if array.dtype.hasobject else array.tobytes()


def same_objects(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Tell whether these are the same objects in the same order."""
    return len(some) == len(others) and all(map(operator.is_, some, others))


def held_in(known: list[object]) -> dict[int, Held]:
    """Look at all objects of a request that can be changed, by their position."""
    mutables = ((n, value, changing(type(value))) for n, value in enumerate(known))
    return {n: Held.of(value, mutable) for n, value, mutable in mutables if mutable}


def restore(old: Any, content: Any) -> None:
    """Let an object hold what the other side's copy holds.

    Raises
    ------
    WireError
        If it cannot.
    """
    mutable = changing(type(old))
    if mutable is None:
        raise WireError(f"a {type(old).__name__} cannot be changed")
    mutable.restore(old, content)
