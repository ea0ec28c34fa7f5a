"""The commands as an instructor types them, in this process: starting Python takes a second."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.application import NoStart

from autograder.apps import Autograder


@dataclass
class Done:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def run(course: Path, *words: str) -> Done:
    """Run ``autograder WORDS`` in the directory of a course."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    kinds = [Autograder, *(app for app, _ in Autograder.subcommands.default_args[0].values())]
    with contextlib.chdir(course), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            app = Autograder.instance()
            app.initialize(list(words))
            app.start()
        except NoStart:  # the subcommand has started and ended
            pass
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            for kind in kinds:
                kind.clear_instance()
    return Done(status, out.getvalue(), err.getvalue())
