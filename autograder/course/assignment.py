"""What is the same for every submission of an assignment: source notebooks, data, limits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import SCHEMA_VERSION

from autograder.core.levels import Choice, choose
from autograder.core.notebook import Source, read
from autograder.course.journal import Journal
from autograder.course.options import Grader, Sandbox
from autograder.course.submissions import Submission, read_files
from autograder.course.task import Task
from autograder.errors import CourseError, UnreadableError, UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.core.levels import Setting
    from autograder.core.result import Result
    from autograder.limits import Limits
    from autograder.sandbox.backend import Isolation


@dataclass
class Assignment:
    """What is the same for every submission of an assignment.

    Attributes
    ----------
    name : str
        nbgrader's assignment id.
    sources : dict of str to bytes
        The instructor's notebooks by name, hidden tests included.
    data : dict of str to bytes
        The assignment's other files, by relative path.
    editable : set of str
        Those of `data` that a student's own version replaces (``Autograde.exclude_overwriting``).
    limits : Limits
        What a submission may use.
    isolation : str
        ``Sandbox.isolation``.
    journal : Journal
        Where the results are kept.
    level : str
        ``Grader.level``.
    unanswered : set of str
        Notebooks whose source has no answers: only the gradebook knows them.
    run : callable
        Grades a task that the journal does not know: here, or on a cluster.
    """

    name: str
    sources: dict[str, bytes]
    data: dict[str, bytes]
    limits: Limits
    isolation: Isolation
    journal: Journal
    editable: set[str] = field(default_factory=set)
    level: Setting = "auto"
    unanswered: set[str] = field(default_factory=set)
    run: Callable[[Task], Result] = Task.run

    @cached_property
    def choices(self) -> dict[str, dict[str, Choice]]:
        """The level of each test, by notebook and grade id.

        The sources are graded for it, as every submission is; the journal knows them the next time.
        """
        return {name: self._choose(name) for name in self.sources}

    def _choose(self, name: str) -> dict[str, Choice]:
        source = self.sources[name]

        def run(levels: Mapping[str, str]) -> Result:
            task = Task(
                source,
                source,
                limits=self.limits,
                data=self.data,
                isolation=self.isolation,
                levels=dict(levels),
            )
            return self.result(task)

        answered = name not in self.unanswered
        return choose(Source.read(source), run if answered else None, self.level)

    def check(self) -> None:
        """Raise `CourseError` if the sources do not pass their own tests at any level."""
        wrong = [
            f"  {name if len(self.sources) > 1 else ''}{' ' if len(self.sources) > 1 else ''}"
            f"{cell} ({choice.level}): {choice.problem}"
            for name, choices in self.choices.items()
            for cell, choice in choices.items()
            if choice.problem
        ]
        if wrong:
            raise CourseError(
                f"the source of {self.name} does not pass its own tests:\n"
                + "\n".join(wrong)
                + "\nMend the test, the answer or the limit that is named, then run "
                f"`autograder release {self.name}`; "
                "nothing of the class was graded"
            )

    def result(self, task: Task) -> Result:
        """Return the result of `task`: from the journal, or graded here and now."""
        result = self.journal.get(task.key)
        if result is None:
            result = self.run(task)
            self.journal.put(task.key, result)
        return result

    def tasks(self, submission: Submission) -> dict[str, Task]:
        """Return the task of each notebook that was handed in.

        Raises
        ------
        UnusableError
            If none was.
        """
        names = [name for name in self.sources if name in submission.notebooks]
        if not names:
            found = ", ".join(f"{name}.ipynb" for name in submission.notebooks) or "no notebook"
            expected = " or ".join(f"{name}.ipynb" for name in self.sources)
            raise UnusableError(
                f"found {found} where {expected} was expected: rename or ask for it"
            )
        return {name: self.task(submission, name) for name in names}

    def task(self, submission: Submission, notebook: str) -> Task:
        """Return what grading `notebook` of `submission` needs."""
        own = submission.files.keys() & self.editable
        return Task(
            submission=submission.notebooks[notebook],
            source=self.sources[notebook],
            limits=self.limits,
            data={name: content for name, content in self.data.items() if name not in own},
            files={
                name: content
                for name, content in submission.files.items()
                if name not in self.data or name in own
            },
            isolation=self.isolation,
            levels={cell: c.level.value for cell, c in self.choices[notebook].items()},
        )


def load(coursedir: CourseDirectory, name: str, config: Config) -> Assignment:
    """Read the assignment `name` from the gradebook and its source directory.

    The gradebook decides, as in nbgrader: it holds the tests as they were when the assignment was
    generated, with automatic tests written out.

    Raises
    ------
    CourseError
        If the assignment was never generated.
    """
    sandbox = Sandbox(config=config)
    directory = Path(coursedir.format_path(coursedir.source_directory, ".", name))
    try:
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            notebooks = gradebook.find_assignment(name).notebooks
            sources = {nb.name: _source(nb, directory / f"{nb.name}.ipynb") for nb in notebooks}
    except MissingEntry:
        raise CourseError(
            f"the gradebook has no assignment {name!r}: run `autograder release {name}` first"
        ) from None
    exclude = Autograde(coursedir=coursedir, config=config).exclude_overwriting
    return Assignment(
        name=name,
        sources=sources,
        data=read_files(directory, coursedir.ignore) if directory.is_dir() else {},
        editable=set(exclude.get(name, [])),
        limits=sandbox.limits(),
        isolation=cast("Isolation", sandbox.isolation),
        journal=Journal(Path(coursedir.root) / sandbox.journal),
        level=cast("Setting", Grader(config=config).level),
        unanswered={name for name in sources if not (directory / f"{name}.ipynb").exists()},
    )


def _source(notebook: Notebook, path: Path) -> bytes:
    """Put the source together: what is locked as the gradebook has it, the rest from `path`.

    Without the file, the gradebook's own cells have to do.
    """
    graded = {cell.name: cell for cell in (*notebook.grade_cells, *notebook.task_cells)}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    known = {}
    for cell in notebook.source_cells:
        metadata = {
            "grade_id": cell.name,
            "schema_version": SCHEMA_VERSION,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "locked": cell.locked,
            "grade": cell.name in graded and cell.name not in tasks,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
        }
        if cell.name in graded:
            metadata["points"] = graded[cell.name].max_score
        known[cell.name] = _cell(cell.cell_type, cell.source, nbgrader=metadata)
    cells = []
    try:
        kept = (
            read(path.read_bytes())["cells"] if path.exists() else []
        )  # nbformat validates: 70 ms
    except UnreadableError as error:
        raise CourseError(f"{path} cannot be read: {error}; mend it, or put it back") from None
    for written in map(nbformat.from_dict, kept):
        cell = known.pop(written.metadata.get("nbgrader", {}).get("grade_id"), None)
        if cell is None:
            cell = _cell(written.cell_type, written.source)
        elif not cell.metadata.nbgrader.locked:
            cell.source = written.source
        cell.metadata["tags"] = written.metadata.get("tags", [])
        cells.append(cell)
    kernelspec = json.loads(notebook.kernelspec or "{}")
    language = kernelspec.get("language", "python")
    if language != "python":
        raise CourseError(f"{path} is written for {language!r}: only Python can be graded")
    about = {"kernelspec": kernelspec} if kernelspec else {}
    whole = NotebookNode(
        nbformat=4, nbformat_minor=4, metadata=about, cells=[*cells, *known.values()]
    )
    return json.dumps(whole, sort_keys=True).encode()


def _cell(kind: str, source: str, **metadata: object) -> NotebookNode:
    """Return a cell of nbformat 4.4, which needs no id."""
    cell: dict[str, object] = {"cell_type": kind, "source": source, "metadata": metadata}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    return nbformat.from_dict(cell)
