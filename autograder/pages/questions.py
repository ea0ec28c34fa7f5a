"""Titles of questions: the heading above a graded cell, as people know it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
ASIDE = re.compile(r"\s*\([^()]*\d[^()]*\)$")  # (8 points, 10 minutes)


def titles(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the title of the question to which each graded cell belongs, by grade id.

    Without a heading above it, a cell is its own question.
    """
    found, title = {}, ""
    for cell in cells:
        marked = cell["metadata"].get("nbgrader", {})
        graded = marked.get("grade") or marked.get("task")
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and not marked.get("solution"):
            headings = HEADING.findall(source)
            title = ASIDE.sub("", headings[-1]) if headings else title
        if graded:
            found[marked["grade_id"]] = title or marked["grade_id"]
    return found
