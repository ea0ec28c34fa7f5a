"""``autograder`` and ``python -m autograder``: grade a class in isolation, and what comes after."""

import contextlib
import gc
import sys

from autograder.classroom import pool
from autograder.errors import SandboxError
from autograder.inside.process import collect_seldom
from autograder.sandbox import launcher


def main() -> None:
    """Run a command."""
    gc.disable()  # what is imported is no garbage
    here = not any(word.startswith("--scheduler") for word in sys.argv)
    if here and sys.argv[1:2] == ["grade"]:  # what submissions need loads while nbgrader does
        with contextlib.suppress(SandboxError, OSError):  # whoever needs it will say so
            launcher.launched("bwrap")
        import nbgrader.apps  # noqa: F401, PLC0415  (first: three at once are slow on two cores)

        pool.serve("autograder.classroom.graded")
    from autograder.apps import Autograder  # noqa: PLC0415  (workers need no nbgrader)

    gc.enable()
    collect_seldom()
    Autograder.launch_instance()


if __name__ == "__main__":
    main()
