"""Bring an assignment into the gradebook and make what students get, whatever was there.

nbgrader's `GenerateAssignment` does both, but skips a release that exists, and deletes it before
it finds out that it cannot go on. Here it writes beside, and what is there is replaced at the end.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbgrader import utils
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import CourseError, printable

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Assignment

log = logging.getLogger("autograder")

KINDS = {
    "grade": utils.is_grade,
    "solution": utils.is_solution,
    "task": utils.is_task,
    "source": lambda cell: (
        utils.is_grade(cell)
        or utils.is_solution(cell)
        or utils.is_locked(cell)
        or utils.is_task(cell)
    ),
}


@dataclass
class Released:
    """What was done.

    Attributes
    ----------
    directory : Path
        Where students' notebooks are.
    notebooks : list of str
        Their names.
    points, before : float
        Points in all, now and before; 0 before if the assignment is new.
    added : list of str
        Graded cells that were added although work was in.
    submissions : int
        How much work was in.
    changed : bool
        Whether what students get is another than before.
    """

    directory: Path
    notebooks: list[str] = field(default_factory=list)
    points: float = 0.0
    before: float = 0.0
    added: list[str] = field(default_factory=list)
    submissions: int = 0
    changed: bool = True

    def __str__(self) -> str:
        what = "is ready" if self.changed else "is as it was"
        lines = [f"{self.directory} {what}: {', '.join(self.notebooks)}, {self.points:g} points"]
        if self.added:
            lines.append(
                f"Added while work of {self.submissions} was in: {', '.join(self.added)}. "
                "All marks are kept; run `autograder grade` to mark the new cells."
            )
        if self.before and self.before != self.points:
            lines.append(f"The points sum to {self.points:g} now, {self.before:g} before.")
        return "\n".join(lines)


class _Generate(GenerateAssignment):
    """nbgrader's, that remembers what went wrong."""

    problem: Exception | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.problem = error
            raise


def release(coursedir: CourseDirectory, config: Config, assignment: str) -> Released:
    """Make what students get of `assignment`, and bring its tests into the gradebook.

    Raises
    ------
    CourseError
        If nbgrader refuses the source, or cells that have marks are gone from it;
        nothing was changed then.
    """
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    if not any(source.glob("*.ipynb")):
        raise CourseError(f"{source} has no notebooks: the assignment is made of those")
    target = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    with tempfile.TemporaryDirectory(prefix=".release-", dir=coursedir.root) as directory:
        draft = CourseDirectory(
            config=config,
            root=coursedir.root,
            assignment_id=assignment,
            release_directory=Path(directory).name,
            db_url=coursedir.db_url,
        )
        made = Path(draft.format_path(draft.release_directory, ".", assignment))
        _generate(draft, config, database=False)
        cells = _cells(made)
        done = Released(target, sorted(cells))
        done.points = sum(
            float(cell.metadata.nbgrader.points)
            for kinds in cells.values()
            for kind in ("grade", "task")
            for cell in kinds[kind].values()
        )
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            try:
                known = gradebook.find_assignment(assignment)
            except MissingEntry:
                pass
            else:
                done.before, done.submissions = known.max_score, len(known.submissions)
                if done.submissions:
                    _refuse_what_is_gone(known, cells)
                    done.added = _add(gradebook, known, cells)
        _generate(draft, config, database=True)
        done.changed = _content(made) != _content(target)
        if done.changed:
            _replace(target, made)
    return done


def _generate(draft: CourseDirectory, config: Config, *, database: bool) -> None:
    config = Config(config)
    if not database:
        config.merge(Config({"SaveCells": {"enabled": False}}))
    converter = _Generate(coursedir=draft, config=config, log=log)
    converter.force, converter.no_database = True, not database
    try:
        converter.start()
    except NbGraderException as error:
        said = printable(str(converter.problem or error))
        raise CourseError(
            f"nbgrader cannot release {draft.assignment_id}: {said}; nothing was changed"
        ) from error


def _cells(directory: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the cells that the gradebook keeps, by notebook, kind and name."""
    found = {}
    for path in directory.glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        found[path.stem] = {
            kind: {cell.metadata.nbgrader.grade_id: cell for cell in cells if belongs(cell)}
            for kind, belongs in KINDS.items()
        }
    return found


def _known(assignment: Assignment) -> dict[str, dict[str, set[str]]]:
    return {
        notebook.name: {
            kind: {cell.name for cell in getattr(notebook, f"{kind}_cells")} for kind in KINDS
        }
        for notebook in assignment.notebooks
    }


def _refuse_what_is_gone(known: Assignment, cells: dict[str, dict[str, dict[str, Any]]]) -> None:
    gone = [
        name if kinds["source"] else notebook
        for notebook, kinds in _known(known).items()
        for kind in KINDS
        for name in sorted(kinds[kind] - cells.get(notebook, {}).get(kind, {}).keys())
    ]
    if gone:
        raise CourseError(
            f"work of {len(known.submissions)} is in, and these cells are no longer in the source "
            f"of {known.name}, or of another kind: {', '.join(dict.fromkeys(gone))}. "
            "Put them back with the same names, with 0 points if they shall no longer count; "
            "nothing was changed"
        )


def _add(
    gradebook: Gradebook, known: Assignment, cells: dict[str, dict[str, dict[str, Any]]]
) -> list[str]:
    """Make the rows of new cells, also in the submissions; return the graded ones."""
    before, added = _known(known), []
    for notebook, kinds in cells.items():
        if notebook not in before:
            gradebook.add_notebook(notebook, known.name)
            for submission in known.submissions:
                SubmittedNotebook(
                    notebook=gradebook.find_notebook(notebook, known.name), assignment=submission
                )
        for kind, named in kinds.items():
            for name in named.keys() - before.get(notebook, {}).get(kind, set()):
                _add_cell(gradebook, kind, named[name], notebook, known.name)
                added += [name] if kind in {"grade", "task"} else []
    gradebook.db.commit()
    return added


def _add_cell(
    gradebook: Gradebook, kind: str, cell: NotebookNode, notebook: str, assignment: str
) -> None:
    about = {} if kind == "solution" else {"cell_type": cell.cell_type}
    if kind in {"grade", "task"}:
        about["max_score"] = float(cell.metadata.nbgrader.points)
    if kind == "source":
        about |= {"source": cell.source, "locked": utils.is_locked(cell)}
    add = getattr(gradebook, f"add_{kind}_cell")
    row = add(cell.metadata.nbgrader.grade_id, notebook, assignment, **about)
    for handed_in in row.notebook.submissions:
        if kind in {"grade", "task"}:
            gradebook.db.add(Grade(cell_id=row.id, notebook=handed_in))
        if kind in {"solution", "task"}:
            gradebook.db.add(Comment(cell_id=row.id, notebook=handed_in))


def _content(directory: Path) -> dict[str, bytes]:
    files = directory.rglob("*") if directory.is_dir() else ()
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in files
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def _replace(target: Path, made: Path) -> None:
    """Put `made` where `target` is, which is there until the last moment, and back on an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = made.with_name(f"{made.name}.before")
    if target.exists():
        target.rename(aside)
    try:
        made.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
