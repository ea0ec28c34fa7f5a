"""``autograder`` and ``python -m autograder``: grade a class in isolation, and what comes after."""


def main() -> None:
    """Run a command."""
    from autograder.apps import Autograder  # noqa: PLC0415  (workers need no nbgrader)

    Autograder.launch_instance()


if __name__ == "__main__":
    main()
