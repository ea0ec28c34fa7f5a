"""The commands, forked from a process that has imported them, which takes two seconds of a core.

Each still runs in a process of its own, with the words, directory, environment and streams that it
was given, and ends with the same status. `PATH` leads to small programs that ask for the fork; who
ends one ends its command. Run as a script, this file is such a program.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

STREAMS = (0, 1, 2)


def ask(address: str, module: str, words: list[str]) -> int:
    """Have a module run as the main one, here; return its status, negative after a signal."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(f"\0{address}")
        wanted = json.dumps([module, words, os.getcwd(), dict(os.environ)])  # noqa: PTH109
        socket.send_fds(server, [b"."], STREAMS)
        server.sendall(wanted.encode())
        server.shutdown(socket.SHUT_WR)
        return int(server.recv(16) or 1)


def serve(listener: socket.socket) -> None:
    """Fork for each that asks, until nobody holds the other end of standard input."""
    import contextlib
    import importlib
    import select

    for module in ("autograder.apps", "nbgrader.apps"):
        importlib.import_module(module)
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if not os.fork():
            listener.close()
            keep(connection)
            return
        connection.close()
        with contextlib.suppress(ChildProcessError):  # none has been forked
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def keep(connection: socket.socket) -> None:
    """Run what is asked for; say how it ended, or end it when who asked is gone."""
    import select
    import signal

    _, streams, *_ = socket.recv_fds(connection, 1, len(STREAMS))
    module, words, directory, environment = json.load(connection.makefile())
    command = os.fork()
    if not command:
        connection.close()
        for number, stream in zip(STREAMS, streams, strict=True):
            os.dup2(stream, number)
            os.close(stream)
        become(module, words, directory, environment)
        return
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(command)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(connection, 0)  # when both directions are shut, who asked is gone
    if ended not in dict(poll.poll()):
        os.kill(command, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
    try:
        connection.send(str(status).encode())
    finally:
        os._exit(0)


def become(module: str, words: list[str], directory: str, environment: dict[str, str]) -> None:
    """Make this process what Python is after ``python -m MODULE WORDS``."""
    import runpy
    import tempfile
    import time

    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, closefd=False)  # noqa: SIM115
        for number, mode in zip(STREAMS, "rww", strict=True)
    )
    sys.argv[1:] = words
    sys.path[0] = directory
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def path() -> str:
    """Return a `PATH` whose `autograder` and `nbgrader` are warm while this process lives."""
    return os.pathsep.join([_start(), os.path.dirname(sys.executable), os.environ["PATH"]])  # noqa: PTH120


def run(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a directory, with that `PATH`."""
    return subprocess.run(
        ["env", *words],  # it looks the command up in the new PATH
        cwd=directory,
        env={**os.environ, "PATH": path()},
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def _start() -> str:
    """Start the server; return the directory of the programs."""
    import atexit
    import secrets
    import shlex
    import tempfile

    address = f"shallow-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{address}")
        listener.listen()
        number = listener.fileno()
        code = f"import socket, tests.support.warm as w; w.serve(socket.socket(fileno={number}))"
        server = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            pass_fds=[number],
        )
    folder = tempfile.TemporaryDirectory(prefix="warm-")
    for module in ("autograder", "nbgrader"):
        program = Path(folder.name) / module
        command = shlex.join([sys.executable, "-IS", __file__, address, module])
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        program.chmod(0o755)

    def end() -> None:
        server.communicate()
        folder.cleanup()

    atexit.register(end)
    return folder.name


def main() -> None:
    """Be one of the programs."""
    address, module, *words = sys.argv[1:]
    status = ask(address, module, words)
    if status < 0:
        os.kill(os.getpid(), -status)
    sys.exit(status)


if __name__ == "__main__":
    main()
