"""A bare IPython shell that keeps outputs as a notebook does: no kernel, no threads, no ports.

It is made once in the zygote and inherited by every student process.
"""

from __future__ import annotations

import ast
import base64
import builtins
import getpass
import io
import os
import re
import subprocess
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.inside.process import keep_memory

if TYPE_CHECKING:
    from collections.abc import Callable

DOWNLOADS = re.compile(r"\b(pip3?|uv|conda|mamba|apt(-get)?|wget|curl|git|kaggle|gdown)\b")
NO_NETWORK = "There is no network while a notebook is graded: nothing was fetched.\n"
FLUSH_SECONDS = 0.05
FLUSH_CHARACTERS = 2**13

Output = dict[str, Any]


class Outputs:
    """Sends a cell's outputs, in order and up to a number of characters, as they are made.

    Attributes
    ----------
    send : callable
        Takes one output; None before the fork.
    budget : int
        Characters that the cell may still put out.
    """

    def __init__(self) -> None:
        self.send: Callable[[Output], object] | None = None
        self.budget = 0
        self.pending = io.StringIO()
        self.pending_name = "stdout"
        self.flushed = 0.0
        self.process = os.getpid()

    def begin(self, budget: int, send: Callable[[Output], object]) -> None:
        """Start a cell."""
        self.budget, self.send, self.process = budget, send, os.getpid()
        self.flushed = 0.0  # so that the first line is seen even if the next one is a crash

    def write(self, name: str, text: str) -> None:
        """Add to the stream `name`."""
        if self.budget <= 0:
            return
        if os.getpid() != self.process:  # a fork of the student's would speak in its parent's name
            return
        if name != self.pending_name:
            self.flush()
            self.pending_name = name
        text = text[: self.budget]
        self.budget -= len(text)
        self.pending.write(text)
        waited = time.monotonic() - self.flushed > FLUSH_SECONDS
        if waited or self.pending.tell() > FLUSH_CHARACTERS:
            self.flush()

    def add(self, output: Output) -> None:
        """Add an output that is no stream; the budget is checked where it is received."""
        self.flush()
        self.emit(output)

    def flush(self) -> None:
        """Send what was written to the stream."""
        if not self.pending.tell():
            return
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread may speak; it flushes when the cell ends
        text, self.pending = self.pending.getvalue(), io.StringIO()
        self.emit({"output_type": "stream", "name": self.pending_name, "text": text})
        self.flushed = time.monotonic()

    def emit(self, output: Output) -> None:
        """Send an output; only the main thread may."""
        if self.send is not None and threading.current_thread() is threading.main_thread():
            self.send(output)


OUTPUTS = Outputs()


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the student's code."""

    encoding = "utf-8"

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, text: str) -> int:
        """Write to the cell's outputs."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        OUTPUTS.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        """Do nothing: outputs are sent soon enough."""

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False: progress bars write plain lines."""
        return False


class CellDisplayHook(DisplayHook):
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: the execution count is part of the output."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        """Add the value in every format that it has."""
        OUTPUTS.add(
            {
                "output_type": "execute_result",
                "data": as_text(format_dict),
                "metadata": md_dict or {},
            }
        )

    def finish_displayhook(self) -> None:
        """Write no newline."""


class CellPublisher(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: str | None = None,  # noqa: ARG002
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_keywords: Any,
    ) -> None:
        """Add a display, or change the one of the same display id."""
        OUTPUTS.add(
            {
                "output_type": "update_display_data" if update else "display_data",
                "data": as_text(data),
                "metadata": metadata or {},
                "display_id": str((transient or {}).get("display_id", "")),
            }
        )

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        """Drop the cell's outputs, or drop them when the next one comes."""
        OUTPUTS.add({"output_type": "clear_output", "wait": bool(wait)})


class Transformers(TransformerManager):
    """IPython's own syntax, looked for only in what is no Python: its tokeniser is slow."""

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """Turn magics, commands of the system's and questions into Python."""
        code = "".join(lines)
        plain = not SPECIAL.search(code) or is_python(code)
        if plain and self.token_transformers == IPYTHONS_OWN:
            return lines
        transformed: list[str] = super().do_token_transforms(lines)  # type: ignore[no-untyped-call]
        return transformed


IPYTHONS_OWN = TransformerManager().token_transformers
SPECIAL = re.compile(r"[%!?]|^\s*[,;/]", re.MULTILINE)  # what all of IPython's own syntax has


def is_python(code: str) -> bool:
    """Tell whether a cell can be parsed as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are for when it is compiled
        try:
            ast.parse(code)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return False
    return True


class Shell(InteractiveShell):
    """IPython without terminal, history and kernel."""

    def __init__(self, **keywords: Any) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        super().__init__(  # type: ignore[no-untyped-call]
            config=config,
            displayhook_class=CellDisplayHook,
            display_pub_class=CellPublisher,
            input_transformer_manager=Transformers(),  # type: ignore[no-untyped-call]
            **keywords,
        )

    def execute(self, code: str, *, traceback: bool = True) -> BaseException | None:
        """Run a cell; whatever it raises is one of its outputs, and returned.

        Without `traceback`, that output says no more than what was raised.
        """
        mode = self.InteractiveTB.mode
        if not traceback:
            self.InteractiveTB.set_mode("Minimal")
        try:
            done = self.run_cell(code, store_history=True)  # type: ignore[no-untyped-call]
        finally:
            self.InteractiveTB.set_mode(mode)
        error: BaseException | None = done.error_before_exec or done.error_in_exec
        return error

    def _format_exception_for_storage(self, *_arguments: object, **_keywords: object) -> Output:
        """Format no traceback for the history, which nobody keeps."""
        return {}

    def ask_exit(self) -> None:
        """Do nothing, as a notebook's `quit()`: the cell goes on, and what follows is graded."""

    def system(self, cmd: str) -> None:
        """Run a command of the system's, such as a line that begins with ``!``.

        It has no terminal and nothing to read; what it says on either stream is the cell's output.
        """
        command: str = self.var_expand(cmd, depth=1)  # type: ignore[no-untyped-call]
        with subprocess.Popen(  # noqa: S602 - as in a notebook
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            try:
                for line in process.stdout or ():
                    sys.stdout.write(line)
            except BaseException:
                process.kill()
                raise
        self.user_ns["_exit_code"] = process.returncode
        if process.returncode and DOWNLOADS.search(command):
            sys.stdout.write(NO_NETWORK)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no event loop to integrate."""

    def showtraceback(self, *arguments: Any, **keywords: Any) -> None:
        """Show an error, also that there is no memory left."""
        with keep_memory(0):
            super().showtraceback(*arguments, **keywords)

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        OUTPUTS.add(
            {
                "output_type": "error",
                "ename": etype.__name__,
                "evalue": str(evalue),
                "traceback": [str(line) for line in stb],
            }
        )


def as_text(data: dict[str, Any]) -> dict[str, Any]:
    """Return the formats of a display as a notebook stores them: images in base 64."""
    texts = {}
    for kind, content in data.items():
        if isinstance(content, bytes):
            texts[kind] = base64.b64encode(content).decode()
        else:
            texts[kind] = str(content) if isinstance(content, str) else content
    return texts


def refuse_input(*_arguments: object, **_keywords: object) -> str:
    """Raise what a notebook without a user raises."""
    raise StdinNotImplementedError("input() was called, but nobody is there to answer")


def make_shell() -> Shell:
    """Make the process's shell and let its streams, figures and `input` be a notebook's."""
    shell = Shell.instance()
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    builtins.input = getpass.getpass = refuse_input
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    return shell
