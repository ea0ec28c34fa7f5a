"""What students and instructors read: feedback, report, and the HTML of both."""

from autograder.pages.html import clean, markdown

__all__ = ["clean", "markdown"]  # the names that a course's configuration uses
