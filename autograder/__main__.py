"""``python -m autograder``: grade a class in isolation, and what comes after."""

if __name__ == "__main__":
    from autograder.apps import Autograder  # workers import this module too, and need no nbgrader

    Autograder.launch_instance()
