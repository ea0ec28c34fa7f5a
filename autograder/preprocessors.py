"""The names by which a course's ``nbgrader_config.py`` plugs the autograder in."""

from autograder.gradebook.preprocessors import Execute, Exporter, Sanitize, SaveAutoGrades

__all__ = ["Execute", "Exporter", "Sanitize", "SaveAutoGrades"]
