"""The student process: runs the cells of one notebook and serves the tests' requests.

Everything here shares a process with the student's code, which may change any of it.
So nothing here is trusted: the worker and the checker treat each answer as hostile data.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import warnings
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.inside.process import (
    all_memory_but,
    keep_memory,
    limit_memory,
    raise_timeout,
    time_limit,
    write_files,
)
from autograder.inside.shell import OUTPUTS, Shell
from autograder.limits import RESERVE
from autograder.remote.channel import Channel, RemoteError
from autograder.remote.handles import BUILTIN, OPERATIONS, methods_of
from autograder.remote.raised import describe, exception_of, made, text
from autograder.remote.values import WireError
from autograder.remote.wire import Reference

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from autograder.limits import Limits


class TestFunction:  # noqa: D101 - it has the docstring of the test's function
    def __init__(self, process: StudentProcess, number: int) -> None:
        self._process = process
        self._number = number

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        """Call the function in the checker's process."""
        return self._process.ask_test("call", self, *arguments, **keywords)

    def __getattr__(self, name: str) -> Any:
        if name not in {"__name__", "__qualname__"}:
            raise AttributeError(f"a function of the test has no {name}")
        return self._process.ask_test("named", self)[0]

    __doc__ = property(lambda self: self._process.ask_test("named", self)[1])

    def __repr__(self) -> str:
        return "<a function of the test>"


class TestIterator:
    """An iterator of the test that the student's code may use up."""

    def __init__(self, process: StudentProcess, number: int) -> None:
        self._process = process
        self._number = number

    def __iter__(self) -> TestIterator:
        return self

    def __next__(self) -> Any:
        """Ask the checker's process for the next item."""
        return self._process.ask_test("next", self)


class StudentProcess:
    """Serves ``run`` (a cell), ``test``, ``name`` (a global name) and `handles.OPERATIONS`.

    Attributes
    ----------
    lent : dict
        What the test has looked up and may keep: by name, or by number of a function whose name it
        is; how it is looked up again, and what it was. The test is told when that changes.
    """

    def __init__(self, connection: socket.socket, shell: Shell, limits: Limits) -> None:
        self.shell = shell
        self.limits = limits
        self.for_all, self.for_calls = all_memory_but(0), all_memory_but(RESERVE // 2)
        self.objects: list[object] = []
        self.has_state = False  # whether the test holds an object that may keep what it is given
        self.numbers: dict[int, int] = {}
        self.lent: dict[str | int, tuple[Callable[[], object], object]] = {}
        self.given: dict[int, TestFunction | TestIterator] = {}
        self.raised: dict[int, tuple[BaseException, int]] = {}  # by functions of the test
        self.channel = Channel(
            connection,
            self.serve,
            describe=self.describe,
            refer=self.refer,
            resolve=self.resolve,
            limit=limits.message_bytes,
            keeps=lambda: self.has_state,
        )

    def run(self) -> None:
        """Serve until the worker ends the process."""
        random.seed()
        np.random.seed()  # noqa: NPY002 - the generator that students may use
        signal.signal(signal.SIGALRM, raise_timeout)
        self.channel.listen()

    def serve(self, operation: str, arguments: list[Any], keywords: dict[str, Any]) -> object:
        """Answer one request."""
        if operation == "files":
            write_files(*arguments)
            return None
        if operation == "test":
            self.test(*arguments)
            return None
        OUTPUTS.begin(self.limits.output_bytes, self.emit)
        with time_limit(self.limits.cell_seconds if self.channel.nesting == 1 else 0):
            limit_memory(self.for_calls)
            try:
                return self.operate(operation, arguments, keywords)
            finally:
                limit_memory(self.for_all)
                OUTPUTS.flush()
                self.tell_rebound()

    def operate(self, operation: str, arguments: list[Any], keywords: dict[str, Any]) -> object:
        """Do what runs the student's code."""
        if operation == "run":
            self.lent.clear()  # no test is under way
            with keep_memory(RESERVE):
                self.shell.execute(arguments[0])
            return None
        if operation == "name":
            return self.name(arguments[0])
        if operation == "seed":
            SEEDS[arguments[0]](*arguments[1:])
            return None
        if operation == "getattr" and type(arguments[0]) is FunctionType:
            return self.attribute(*arguments)
        return OPERATIONS[operation](*arguments, **keywords)

    def lend(self, key: str | int, look_up: Callable[[], object]) -> object:
        """Look something up, and remember it."""
        value = look_up()
        self.lent[key] = look_up, value
        return value

    def attribute(self, function: FunctionType, name: str) -> object:
        """Return an attribute of a function; tests ask for the name of one at each call of it."""
        if name != "__name__":
            return getattr(function, name)
        return self.lend(self.numbers[id(function)], lambda: function.__name__)

    def tell_rebound(self) -> None:
        """Tell the test what of that which it has looked up is something else now."""
        rebound = [key for key, (look_up, value) in self.lent.items() if look_up() is not value]
        if rebound:
            for key in rebound:
                del self.lent[key]
            self.ask("rebound", rebound)

    def test(self, kept: bool) -> None:  # noqa: FBT001 - as it comes
        """Run a test cell as the student's own cells are run: here, or in a fork that ends with it.

        The text is asked for by the one who runs it, and never by the process that goes on.
        """
        if kept:
            self.run_test()
            return
        child = os.fork()
        if child:
            os.waitpid(child, 0)  # it alone speaks meanwhile
            return
        try:
            self.channel.process = os.getpid()
            self.run_test()
        finally:
            os._exit(0)

    def run_test(self) -> None:
        """Ask for a test cell, run it, and let the shell show the nonce that came with it."""
        code, nonce = self.ask("text")
        OUTPUTS.begin(self.limits.output_bytes, self.emit)
        with time_limit(self.limits.cell_seconds), keep_memory(RESERVE // 2):
            error = self.shell.execute(code, traceback=False)  # a mark's message has no room for it
        OUTPUTS.flush()
        if error is not None:  # also when the student's code has told the shell to show none
            shown = {"ename": type(error).__name__, "evalue": text(error), "traceback": []}
            self.emit({"output_type": "error", **shown})
        OUTPUTS.begin(self.limits.output_bytes, self.emit)
        shows = f"get_ipython().display_pub.publish({{'text/plain': {nonce!r}}})"
        self.shell.run_cell(shows, store_history=False)  # type: ignore[no-untyped-call]
        self.ask("ended")

    def emit(self, output: dict[str, Any]) -> None:
        """Send an output, unless a notebook could not store it."""
        with contextlib.suppress(RemoteError):
            self.ask("output", output)

    def ask(self, operation: str, *arguments: object, **keywords: object) -> Any:
        """Ask the other side; the end of the cell's time waits until a message is complete."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        try:
            with keep_memory(0):
                return self.channel.request(operation, *arguments, **keywords)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def ask_test(self, operation: str, *arguments: object, **keywords: object) -> Any:
        """Use what the test passed; what it raises is raised here."""
        self.tell_rebound()
        try:
            return self.ask(operation, *arguments, **keywords)
        except RemoteError as error:
            sent: Any = error.error
        kind = exception_of(sent["class"])
        if issubclass(kind, RecursionError) or sent["number"] < 0:
            message = f"the test's function raised {sent['name']}: {sent['text']}"
            raise RuntimeError(message)
        raised = made(kind, sent["args"])
        self.raised[id(raised)] = raised, sent["number"]
        raise raised

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Say what was raised as plain data; what a function of the test raised is the test's."""
        if id(error) in self.raised:
            return {"kind": "returned", "number": self.raised[id(error)][1]}
        described = describe(error)
        own = type(error).__module__ == "__main__" or vars(error)
        return described | ({"object": error} if own else {})

    def name(self, name: str) -> object:
        """Return the value of a global name."""
        if name not in self.shell.user_ns:
            raise NameError(f"name {name!r} is not defined")
        with warnings.catch_warnings():
            pass  # as between the cells of a notebook: a warning shown before is shown again
        return self.lend(name, lambda: self.shell.user_ns.get(name, self))

    def refer(self, value: Any) -> Reference:
        """Send an object by reference."""
        if type(value) in (TestFunction, TestIterator):
            return Reference(own=False, number=value._number, kind="object", name="function")  # noqa: SLF001
        if isinstance(value, type) and value in self.channel.mirrors.numbers:
            number = self.channel.mirrors.numbers[value]
            return Reference(own=False, number=number, kind="object", name="class")
        if isinstance(value, ModuleType):
            raise WireError(f"expected plain data, but got the module {value.__name__}")
        number = self.numbers.setdefault(id(value), len(self.objects))
        if number == len(self.objects):
            self.objects.append(value)  # kept, so that its id stays its own
        kind: Any = type(value)
        plain = kind in (FunctionType, BuiltinFunctionType) and not getattr(
            value, "__closure__", None
        )
        self.has_state |= not (plain or issubclass(kind, type))
        origin, name = "", kind.__name__
        if issubclass(kind, type):
            origin, name = "builtin ", "type"
        elif BUILTIN.get(name) is kind:
            origin = "builtin "
        elif all(known.__module__ == "__main__" for known in kind.__mro__[:-1]):
            origin = "own "
        return Reference(own=True, number=number, kind=f"{origin}:{methods_of(kind)}", name=name)

    def resolve(self, reference: Reference) -> object:
        """Receive an object by reference."""
        if not reference.own:
            return self.objects[reference.number]
        kind = TestIterator if reference.kind == "iterator" else TestFunction
        return self.given.setdefault(reference.number, kind(self, reference.number))


SEEDS: dict[str, Any] = {"numpy": np.random.seed, "random": random.seed}
