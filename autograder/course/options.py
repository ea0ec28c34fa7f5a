"""What an instructor can set in ``nbgrader_config.py``: ``c.Sandbox`` and ``c.Grader``."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from nbgrader.preprocessors import Execute
from traitlets import Enum, Float, Integer, MetaHasTraits, Unicode
from traitlets.config import LoggingConfigurable

from autograder.errors import CourseError
from autograder.limits import Limits

if TYPE_CHECKING:
    from dataclasses import Field


def _trait(limit: Field[Any]) -> Any:
    kind: Any = Float if isinstance(limit.default, float) else Integer
    least, most = limit.metadata["least"], limit.metadata["most"]
    return kind(limit.default, min=least, max=most, help=limit.metadata["help"]).tag(config=True)


OWN = [limit for limit in fields(Limits) if limit.name != "cell_seconds"]  # nbgrader has that one
_Limited = MetaHasTraits(
    "_Limited", (LoggingConfigurable,), {limit.name: _trait(limit) for limit in OWN}
)


class Sandbox(_Limited):  # type: ignore[misc, valid-type]  # mypy does not follow the metaclass
    """How student code is run. The time limit of a cell is nbgrader's own ``Execute.timeout``."""

    isolation = Enum(
        ["bwrap", "none"],
        "bwrap",
        help="`bwrap` runs student code in a sandbox; `none` runs it WITHOUT any isolation.",
    ).tag(config=True)
    journal = Unicode(
        "grading/journal", help="Directory of the results, relative to the course."
    ).tag(config=True)

    def limits(self) -> Limits:
        """Return the limits, with nbgrader's time limit of a cell: none is that of the whole.

        Raises
        ------
        CourseError
            If one is no number that can be used.
        """
        timeout = Execute(config=self.config).timeout
        chosen = {limit.name: getattr(self, limit.name) for limit in OWN}
        endless = timeout is None or timeout <= 0
        whole = self.submission_seconds
        try:
            return Limits(cell_seconds=whole if endless else min(float(timeout), whole), **chosen)
        except ValueError as error:
            raise CourseError(f"nbgrader_config.py or the command line: {error}") from None


class Grader(LoggingConfigurable):
    """Where tests run. The tag ``level-split`` or ``level-inside`` of a cell goes before it."""

    level = Enum(
        ["auto", "split", "inside"],
        "auto",
        help="`split` runs tests outside the student's process, which cannot see them; `inside` "
        "runs them in it, as nbgrader does, where a student who attacks the process can forge "
        "their verdict; `auto` runs split what the source passes there.",
    ).tag(config=True)
