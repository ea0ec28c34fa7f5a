"""``autograder`` and ``python -m autograder``: grade a class in isolation, and what comes after."""

import sys

from autograder.classroom import pool


def main() -> None:
    """Run a command."""
    if sys.argv[1:2] == ["grade"]:  # the workers' libraries load while nbgrader loads here
        pool.serve("autograder.classroom.graded")
    from autograder.apps import Autograder  # noqa: PLC0415  (workers need no nbgrader)

    Autograder.launch_instance()


if __name__ == "__main__":
    main()
