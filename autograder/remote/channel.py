"""Requests and answers between two processes over one socket.

Both sides are alike: each may ask, and while it waits for the answer it serves what the other asks,
so that a test can hand a function to the student's code and be called back.
A message is a length and one value of `_wire`:

``("?", operation, arguments, keywords)``
    A request. Each argument is encoded on its own, so that what the other side changed in place
    can be told apart and sent back.
``("=", value, changes)``, ``("!", error, changes)``
    The answer, and the arguments that were changed: ``{position: new value}``.

Every wait has a deadline; a peer that is silent, gone or talks nonsense is a `WireError`, after
which the channel is closed and every later request fails at once.
"""

from __future__ import annotations

import os
import struct
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.remote.wire import (
    Reference,
    WireError,
    decode,
    encode,
    refuse,
    refuse_reference,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

MAX_NESTING = 100
MAX_LINE = 1000
SMALL = 2**16


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
        Send and receive objects that are no plain data, see `_wire`.
    limit : int
        Largest message in bytes, both ways.
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
    ) -> None:
        self.connection = connection
        self.serve = serve
        self.describe = describe
        self.encode = partial(encode, refer=refer, limit=limit)
        self.decode = partial(decode, resolve=resolve)
        self.limit = limit + 2**16  # a message is a little larger than the value in it
        self.deadline = float("inf")
        self.nesting = 0
        self.process = os.getpid()
        self.closed = False

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
        values = [*arguments, *keywords.values()]
        parts = [self.encode(value) for value in values]
        with self.nested():
            self.send(("?", operation, parts, list(keywords)))
            while True:
                match self.receive():
                    case ("?", str(name), list(requested), list(names)):
                        self.answer(name, requested, names)
                    case ("=", value, dict(changes)):
                        self.put_back(values, changes)
                        return value
                    case ("!", error, dict(changes)):
                        self.put_back(values, changes)
                        raise RemoteError(error)
                    case _:
                        self.fail("a message is neither request nor answer")

    def listen(self) -> None:
        """Serve requests until the other side is gone."""
        while True:
            match self.receive():
                case ("?", str(name), list(parts), list(names)):
                    self.answer(name, parts, names)
                case _:
                    self.fail("a message is no request")

    def answer(self, operation: str, parts: list[Any], names: list[Any]) -> None:
        """Serve one request."""
        if len(names) > len(parts) or not all(type(part) is bytes for part in parts):
            self.fail("a request is malformed")
        positional = len(parts) - len(names)
        values: list[Any] = []
        message = b""
        try:
            with self.nested():
                values = [self.decode(part) for part in parts]
                keywords = dict(zip(names, values[positional:], strict=True))
                try:
                    answer = ("=", self.serve(operation, values[:positional], keywords))
                except BaseException as error:  # noqa: BLE001 - sys.exit() is an answer, too
                    answer = ("!", self.describe(error))
                message = self.encode((*answer, self.changes(parts, values)))
        except BaseException as error:  # noqa: BLE001 - what cannot be sent, or an interrupt
            message = encode(("!", self.describe(error), {}))
        self.check_open()
        self.send_message(message)

    def changes(self, parts: list[bytes], values: list[Any]) -> dict[int, Any]:
        """Return the arguments that were changed in place, by position."""
        return {
            position: value
            for position, (part, value) in enumerate(zip(parts, values, strict=False))
            if self.encode(value) != part
        }

    def put_back(self, values: list[Any], changes: dict[Any, Any]) -> None:
        """Change the arguments of a request as the other side changed its copies."""
        for position, new in changes.items():
            if type(position) is not int or not 0 <= position < len(values):
                self.fail("an answer changes an argument that was not sent")
            restore(values[position], new)

    def send(self, value: object) -> None:
        """Send one message."""
        self.send_message(self.encode(value, limit=self.limit))

    def send_message(self, message: bytes) -> None:
        """Send the bytes of one message."""
        if os.getpid() != self.process:
            os._exit(0)  # a fork that the student's code made must not speak in its parent's name
        self.wait_until_deadline()
        try:
            size = struct.pack("<I", len(message))
            if len(message) < SMALL:
                self.connection.sendall(size + message)
            else:  # without a copy
                self.connection.sendall(size)
                self.connection.sendall(message)
        except TimeoutError:
            self.fail("the other process does not listen", DeadlineError)
        except OSError as error:
            self.fail(f"the other process is gone ({error})")

    def receive(self) -> Any:
        """Return the next message."""
        (size,) = struct.unpack("<I", self.receive_bytes(4))
        if size > self.limit:
            self.fail(f"a message of {size} bytes; at most {self.limit} are allowed")
        message = self.receive_bytes(size)
        try:
            return self.decode(message)
        except WireError as error:
            self.fail(str(error))

    def receive_bytes(self, size: int) -> bytearray:
        """Return the next `size` bytes."""
        buffer = bytearray(size)
        rest = memoryview(buffer)
        while rest:
            self.wait_until_deadline()
            try:
                received = self.connection.recv_into(rest)
            except TimeoutError:
                self.fail("the other process did not answer in time", DeadlineError)
            except OSError as error:
                self.fail(f"the other process is gone ({error})")
            if not received:
                self.fail("the other process is gone")
            rest = rest[received:]
        return buffer

    def wait_until_deadline(self) -> None:
        """Let the next use of the socket end at the deadline."""
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            self.fail("the other process did not answer in time", DeadlineError)
        self.connection.settimeout(None if remaining == float("inf") else remaining)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count how deep calls go back and forth."""
        if self.nesting >= MAX_NESTING:
            raise RecursionError(f"calls go back and forth more than {MAX_NESTING} deep")
        self.nesting += 1
        try:
            yield
        finally:
            self.nesting -= 1

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


def restore(old: Any, new: Any) -> None:
    """Make `old` equal `new` in place, as far down as both are the same kind of container."""
    kind = type(old)
    if kind is not type(new) or kind not in RESTORERS:
        return
    RESTORERS[kind](old, new)


def _restore_list(old: list[Any], new: list[Any]) -> None:
    old[:] = [_restored(*pair) for pair in zip(old, new, strict=False)] + new[len(old) :]


def _restore_dict(old: dict[Any, Any], new: dict[Any, Any]) -> None:
    merged = {
        key: _restored(old[key], value) if key in old else value for key, value in new.items()
    }
    old.clear()
    old.update(merged)


def _restore_set(old: set[Any], new: set[Any]) -> None:
    old.clear()
    old.update(new)


def _restore_tuple(old: tuple[Any, ...], new: tuple[Any, ...]) -> None:
    for pair in zip(old, new, strict=False):
        restore(*pair)


def _restore_array(old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> None:
    if old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable:
        old[...] = new


def _restore_generator(old: np.random.Generator, new: np.random.Generator) -> None:
    if type(old.bit_generator) is type(new.bit_generator):
        old.bit_generator.state = new.bit_generator.state


def _restored(old: Any, new: Any) -> Any:
    """Return `old`, made equal to `new`, if it is such a container, else `new`."""
    if type(old) is np.ndarray and type(new) is np.ndarray:
        if (old.shape, old.dtype) != (new.shape, new.dtype) or not old.flags.writeable:
            return new
    elif type(old) is tuple and type(new) is tuple and len(old) == len(new):
        return _restored_tuple(old, new)
    elif type(old) is not type(new) or type(old) not in RESTORERS or type(old) is tuple:
        return new
    restore(old, new)
    return old


def _restored_tuple(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return `old` if its items could be made equal in place, else a tuple with those replaced."""
    items = tuple(_restored(*pair) for pair in zip(old, new, strict=True))
    return old if all(one is other for one, other in zip(items, old, strict=True)) else items


RESTORERS: dict[type, Callable[[Any, Any], None]] = {
    list: _restore_list,
    dict: _restore_dict,
    set: _restore_set,
    tuple: _restore_tuple,
    np.ndarray: _restore_array,
    np.random.Generator: _restore_generator,
}
