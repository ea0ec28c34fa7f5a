"""A late penalty that a course's configuration can name, as nbgrader's plugin."""

from __future__ import annotations

from math import ceil

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60


class PerDay(LateSubmissionPlugin):
    """Points off for each day begun after the due date and what `autograder extend` granted."""

    points = Float(10.0, min=0.0, help="Points for each day begun, of each notebook.").tag(
        config=True
    )

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """Return the points to take off, never more than there are."""
        del student_id
        return min(score, self.points * ceil(total_seconds_late / DAY))
