"""The name by which a course's ``nbgrader_config.py`` asks for feedback without hidden tests."""

from autograder.pages.feedback import FeedbackExporter

__all__ = ["FeedbackExporter"]
