"""The student process: runs the cells of one notebook and serves the tests' requests.

Everything here shares a process with the student's code, which may change any of it.
So nothing here is trusted: the worker and the checker treat each answer as hostile data.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import traceback
import warnings
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.inside.process import MAX_TEXT, raise_timeout, text, time_limit, write_files
from autograder.inside.shell import OUTPUTS, Shell
from autograder.remote.channel import Channel, RemoteError
from autograder.remote.handles import OPERATIONS
from autograder.remote.wire import Reference, WireError

if TYPE_CHECKING:
    import socket

    from autograder.limits import Limits

PLAIN_ARGUMENTS = (str, int, float, bool, type(None))
OWN_DIRECTORY = str(Path(__file__).parents[1])


class TestFunction:
    """A function of the test that the student's code may call."""

    def __init__(self, process: StudentProcess, number: int) -> None:
        self._process = process
        self._number = number

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        """Call the function in the checker's process."""
        try:
            return self._process.ask("call", self, *arguments, **keywords)
        except RemoteError as error:
            raise RuntimeError(f"the test's function raised {error}") from None

    def __repr__(self) -> str:
        return "<a function of the test>"


class StudentProcess:
    """Serves ``run`` (a cell), ``test``, ``name`` (a global name) and `handles.OPERATIONS`."""

    def __init__(self, connection: socket.socket, shell: Shell, limits: Limits) -> None:
        self.shell = shell
        self.limits = limits
        self.objects: list[object] = []
        self.numbers: dict[int, int] = {}
        self.channel = Channel(
            connection,
            self.serve,
            describe=describe,
            refer=self.refer,
            resolve=self.resolve,
            limit=limits.message_bytes,
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
            try:
                if operation == "run":
                    self.shell.execute(arguments[0])
                    return None
                if operation == "name":
                    return self.name(arguments[0])
                return OPERATIONS[operation](*arguments, **keywords)
            finally:
                OUTPUTS.flush()

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
        with time_limit(self.limits.cell_seconds):
            error = self.shell.execute(code)
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
            return self.channel.request(operation, *arguments, **keywords)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def name(self, name: str) -> object:
        """Return the value of a global name."""
        if name not in self.shell.user_ns:
            raise NameError(f"name {name!r} is not defined")
        with warnings.catch_warnings():
            pass  # as between the cells of a notebook: a warning shown before is shown again
        return self.shell.user_ns[name]

    def refer(self, value: object) -> Reference:
        """Send an object by reference."""
        if type(value) is TestFunction:
            return Reference(own=False, number=value._number, kind="callable", name="function")  # noqa: SLF001
        if isinstance(value, ModuleType):
            raise WireError(f"expected plain data, but got the module {value.__name__}")
        number = self.numbers.setdefault(id(value), len(self.objects))
        if number == len(self.objects):
            self.objects.append(value)  # kept, so that its id stays its own
        kind = "callable" if callable(value) else "object"
        if all(known.__module__ == "__main__" for known in type(value).__mro__[:-1]):
            kind = f"own {kind}"
        return Reference(own=True, number=number, kind=kind, name=type(value).__name__)

    def resolve(self, reference: Reference) -> object:
        """Receive an object by reference."""
        if reference.own:
            return TestFunction(self, reference.number)
        return self.objects[reference.number]


def describe(error: BaseException) -> dict[str, Any]:
    """Say what was raised as plain data."""
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    plain = all(type(item) in PLAIN_ARGUMENTS for item in error.args)
    arguments = error.args if plain and len(repr(error.args)) < MAX_TEXT else (text(error),)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(OWN_DIRECTORY)]
    lines = traceback.format_list(own) + traceback.format_exception_only(error)
    return {
        "kind": "refused" if isinstance(error, WireError) else "raised",
        "name": type(error).__name__,
        "builtin": kinds[0],
        "args": arguments,
        "traceback": "".join(lines)[-MAX_TEXT:],
    }
