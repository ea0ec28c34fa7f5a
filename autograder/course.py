"""What is the same for every submission of an assignment: source notebooks, data, limits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, cast

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import Execute
from traitlets import Enum, Float, Integer, Unicode
from traitlets.config import LoggingConfigurable

from autograder._limits import Limits
from autograder.journal import Journal
from autograder.submissions import Submission, UnusableError, read_files
from autograder.task import Task

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder._launcher import Isolation
    from autograder._result import Result

DEFAULT = Limits()


class CourseError(Exception):
    """The course is not ready for grading; the message says what to do."""


class Sandbox(LoggingConfigurable):
    """How student code is run. The time limit of a cell is nbgrader's own ``Execute.timeout``."""

    isolation = Enum(
        ["bwrap", "none"],
        "bwrap",
        help="`bwrap` runs student code in a sandbox; `none` runs it WITHOUT any isolation.",
    ).tag(config=True)
    journal = Unicode(
        "grading/journal", help="Directory of the results, relative to the course."
    ).tag(config=True)
    submission_seconds = Float(
        DEFAULT.submission_seconds, help="Seconds for a whole submission; later cells are not run."
    ).tag(config=True)
    cpu_seconds = Integer(DEFAULT.cpu_seconds, help="CPU seconds of one process.").tag(config=True)
    memory = Integer(
        DEFAULT.memory, help="Bytes of memory that a process may add to its libraries'."
    ).tag(config=True)
    processes = Integer(DEFAULT.processes, help="Processes and threads alive at once.").tag(
        config=True
    )
    file_bytes = Integer(DEFAULT.file_bytes, help="Bytes of the largest file.").tag(config=True)
    scratch_bytes = Integer(
        DEFAULT.scratch_bytes, help="Bytes of all files in the scratch directory."
    ).tag(config=True)
    open_files = Integer(DEFAULT.open_files, help="Open files of a process.").tag(config=True)
    output_bytes = Integer(
        DEFAULT.output_bytes, help="Bytes of outputs of one cell; the rest is dropped."
    ).tag(config=True)
    submission_output_bytes = Integer(
        DEFAULT.submission_output_bytes, help="Bytes of outputs of all cells together."
    ).tag(config=True)
    message_bytes = Integer(
        DEFAULT.message_bytes, help="Bytes of the largest value that a test may look at."
    ).tag(config=True)
    restarts = Integer(
        DEFAULT.restarts, help="How often a fresh process goes on after a crash or a timeout."
    ).tag(config=True)

    def limits(self) -> Limits:
        """Return the limits, with nbgrader's time limit of a cell."""
        timeout = Execute(config=self.config).timeout
        chosen = {
            limit.name: getattr(self, limit.name)
            for limit in fields(Limits)
            if limit.name != "cell_seconds"
        }
        return Limits(cell_seconds=float(timeout or self.submission_seconds), **chosen)


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
    """

    name: str
    sources: dict[str, bytes]
    data: dict[str, bytes]
    limits: Limits
    isolation: Isolation
    journal: Journal
    editable: set[str] = field(default_factory=set)

    def result(self, task: Task) -> Result:
        """Return the result of `task`: from the journal, or graded here and now."""
        result = self.journal.get(task.key)
        if result is None:
            result = task.run()
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
            f"the gradebook {coursedir.db_url} has no assignment {name!r}: "
            f"run `nbgrader generate_assignment {name}` first"
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
    for written in nbformat.read(path, as_version=4).cells if path.exists() else ():
        cell = known.pop(written.metadata.get("nbgrader", {}).get("grade_id"), None)
        if cell is None:
            cell = _cell(written.cell_type, written.source)
        elif not cell.metadata.nbgrader.locked:
            cell.source = written.source
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
