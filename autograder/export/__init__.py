"""Marks and feedback on their way back: nbgrader's export plugin, and the platforms' own files."""

from autograder.export.plugin import CsvExport

__all__ = ["CsvExport"]  # the name that a course's configuration uses
