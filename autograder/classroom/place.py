"""What lies where submissions should: strangers, and notebooks in the wrong place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.collect.classlist import class_list
from autograder.gradebook.session import assignments
from autograder.notes import Notes

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

UNKNOWN = "is not on the class list, and is graded all the same"


def look(coursedir: CourseDirectory, assignment: str, students: list[str]) -> Notes:
    """Return what of the directory of submissions was not understood, and who is not in the class.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's.
    assignment : str
        nbgrader's assignment id.
    students : list of str
        Who has handed in.
    """
    notes = Notes()
    roster = class_list(coursedir)
    if roster is not None:
        for student in students:
            if student not in roster.people:
                notes.add(UNKNOWN, f"{student}{roster.nearest(student)}")
    pattern = coursedir.format_path(coursedir.submitted_directory, "\0", "\1")
    place = Path(pattern.partition("\0")[0])
    if pattern == f"{place}/\0/\1" and place.is_dir():  # nbgrader's own structure
        _look_around(place, assignment, assignments(coursedir), notes)
    return notes


def _look_around(place: Path, assignment: str, names: list[str], notes: Notes) -> None:
    form = f"{place.name}/STUDENT/{assignment}/NOTEBOOK.ipynb"
    for path in sorted(place.glob("[!.]*")):
        if not path.is_dir():
            notes.add(f"is not graded: it belongs in {form}", f"{place.name}/{path.name}")
        elif path.name in names and not (path / path.name).is_dir():
            for inner in sorted(path.iterdir()):
                said = f"is not graded: student and assignment are the wrong way round, use {form}"
                notes.add(said, inner.relative_to(place.parent).as_posix())
        else:
            for lost in sorted(path.glob("*.ipynb")):
                said = f"is not graded: it belongs in {form}"
                notes.add(said, lost.relative_to(place.parent).as_posix())
