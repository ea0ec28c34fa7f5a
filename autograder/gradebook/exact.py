"""One student's notebooks by exact path: nbgrader looks for them with globs, which names can be."""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters.base import BaseConverter, NbGraderException


class Exact(BaseConverter):
    """A converter of nbgrader's for the student `student`, whatever characters the name has."""

    student = ""

    def init_notebooks(self) -> None:
        """Find the notebooks of the one submission."""
        where = self._format_source(self.coursedir.assignment_id, self.student)
        found = sorted(str(path) for path in Path(where).glob("*.ipynb"))
        if not found:
            raise NbGraderException(f"{where} has no notebook")
        self.assignments = {where: found}
        self.notebooks: list[str] = []
