"""What a student gets back: own work, each test's verdict and message, never a hidden test.

`FeedbackExporter` is all that ``nbgrader generate_feedback`` needs, through
``GenerateFeedback.exporter_class``; `give` writes a class's feedback in parallel.
"""

from __future__ import annotations

import logging
import signal
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import Exporter
from nbconvert.filters import strip_ansi
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from traitlets import List, Type, default

from autograder.classroom.connect import connect
from autograder.classroom.progress import Progress
from autograder.classroom.scheduler import Lost
from autograder.course import submissions
from autograder.errors import CourseError, described
from autograder.files import write_atomically
from autograder.gradebook.autograded import waiting_cells
from autograder.gradebook.exact import Exact
from autograder.inside.process import CellTimeoutError, raise_timeout, time_limit
from autograder.pages import html as pages
from autograder.pages.questions import titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markupsafe import Markup
    from nbformat import NotebookNode
    from traitlets.config import Config

PAGE_SECONDS = 60.0
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass(frozen=True)
class Output:
    """One output: a picture, cleaned HTML, or text."""

    image: str | None = None
    html: Markup | None = None
    text: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell as the page shows it.

    Attributes
    ----------
    anchor, name : str
        Identifier in the page, and nbgrader's name of the cell.
    html, code : Markup or str
        The text cell rendered, or the code cell's source without its hidden part.
    outputs : list of Output
        What the student's cell showed.
    title : str
        Of the question to which it belongs.
    verdict : str
        ``passed``, ``partial`` or ``failed``; ``manual`` if a person has marked it, ``waiting`` if
        one will; empty if the cell carries no points.
    message : str
        Why.
    score, points : float
        Points given, and points to be had.
    comment : Markup or None
        What the grader wrote.
    """

    anchor: str
    name: str = ""
    title: str = ""
    html: Markup | None = None
    code: str = ""
    outputs: tuple[Output, ...] = ()
    verdict: str = ""
    message: str = ""
    score: float = 0.0
    points: float = 0.0
    comment: Markup | None = None


@dataclass(frozen=True)
class Question:
    """The graded cells below one heading, and what they give together."""

    title: str
    cells: tuple[Cell, ...]

    @property
    def score(self) -> float:
        """Points given."""
        return sum(cell.score for cell in self.cells)

    @property
    def points(self) -> float:
        """Points to be had."""
        return sum(cell.points for cell in self.cells)

    @property
    def waits(self) -> bool:
        """Whether one of them is not marked yet."""
        return any(cell.verdict == "waiting" for cell in self.cells)


class FeedbackExporter(Exporter):
    """Turn an autograded notebook into the student's page."""

    output_mimetype = "text/html"
    waiting: frozenset[str] = frozenset()
    titles: Mapping[str, str] = MappingProxyType({})

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # text, as nbconvert's own HTML exporter
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, and the resources with nbgrader's points."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        names = resources["nbgrader"]
        self.waiting = waiting_cells(nb) | _unmarked(names)
        self.titles = titles(nb.cells)
        cells = [self._cell(index, cell) for index, cell in enumerate(nb.cells)]
        graded = [cell for cell in cells if cell.verdict]
        page = pages.environment.get_template("feedback.html").render(
            notebook=names["notebook"],
            student=names["student"],
            score=names["score"],
            max_score=names["max_score"],
            late_penalty=names["late_penalty"],
            cells=cells,
            questions=[Question(t, tuple(g)) for t, g in groupby(graded, lambda c: c.title)],
            waiting=[cell for cell in graded if cell.verdict == "waiting"],
        )
        return page, resources

    def _cell(self, index: int, cell: NotebookNode) -> Cell:
        """Return what the page shows of a cell."""
        comment = cell.metadata.get("nbgrader", {}).get("comment")
        shown = Cell(
            anchor=f"cell-{index}",
            outputs=tuple(_outputs(cell)),
            comment=pages.markdown(comment) if comment else None,
        )
        if cell.cell_type == "code":
            shown = replace(shown, code=cell.source)
        else:
            shown = replace(shown, html=pages.markdown(cell.source, cell.get("attachments")))
        if utils.is_grade(cell) or utils.is_task(cell):
            return self._graded(cell, shown)
        return shown

    def _graded(self, cell: NotebookNode, shown: Cell) -> Cell:
        """Add verdict, points and message; show of a test only what the student has seen before."""
        marked = cell.metadata.nbgrader
        score, points = float(marked.score), float(marked.points)
        title = self.titles[marked.grade_id]
        named = replace(shown, name=marked.grade_id, title=title, score=score, points=points)
        if marked.grade_id in self.waiting:
            return replace(named, verdict="waiting")
        if utils.is_solution(cell) or utils.is_task(cell):
            return replace(named, verdict="manual")
        visible, _ = ClearHiddenTests(parent=self).preprocess_cell(deepcopy(cell), {}, 0)
        errors = [output for output in cell.outputs if output.output_type == "error"]
        frames = tuple(_outputs({"outputs": [e for e in errors if len(e.traceback) > 1]}))
        return replace(
            named,
            code=visible.source,
            outputs=frames,  # where in the student's own code it was
            verdict="passed" if score >= points else "partial" if score > 0 else "failed",
            message="\n".join(map(_said, errors)) or ("" if score >= points else _warned(cell)),
        )


def _unmarked(names: dict[str, Any]) -> frozenset[str]:
    """Return the cells that wait for a person, as the gradebook has it."""
    with Gradebook(names["db_url"]) as gradebook:
        where = (names["notebook"], names["assignment"], names["student"])
        grades = gradebook.find_submission_notebook(*where).grades
        return frozenset(grade.name for grade in grades if grade.needs_manual_grade)


def _warned(cell: NotebookNode) -> str:
    """Say what the student's code wrote to stderr, which costs a test its points in nbgrader."""
    written = "".join(
        output.text
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    )
    return f"your code wrote to stderr: {strip_ansi(written).strip()}" if written else ""


def _said(error: NotebookNode) -> str:
    """Return the message of a failed test, with the kind of an error that the student raised."""
    if error.ename == "AssertionError" and error.evalue:
        return strip_ansi(error.evalue)
    return strip_ansi(
        ": ".join(dict.fromkeys(part for part in (error.ename, error.evalue) if part))
    )


def _outputs(cell: dict[str, Any]) -> Iterator[Output]:
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield Output(text=strip_ansi(output.text))
        elif output.output_type == "error":
            yield Output(text=strip_ansi("\n".join(output.traceback)) or output.evalue)
        else:
            yield _display(output.data)


def _display(data: dict[str, Any]) -> Output:
    """Return the richest form that is safe to show."""
    for mime in PICTURES:
        image = pages.picture(mime, data[mime]) if mime in data else None
        if image:
            return Output(image=image)
    if "text/html" in data:
        return Output(html=pages.clean(data["text/html"]))
    if "text/latex" in data:
        return Output(html=pages.markdown(str(data["text/latex"])))
    return Output(text=strip_ansi(str(data.get("text/plain", ""))))


@dataclass(frozen=True)
class Page:
    """One student's feedback, ready to be written by any process of this machine."""

    config: Config
    assignment: str
    student: str

    def write(self) -> str | None:
        """Write the page of each of the student's notebooks; return what went wrong, or None."""
        logging.getLogger("traitlets").setLevel(logging.CRITICAL)
        coursedir = CourseDirectory(config=self.config, assignment_id=self.assignment)
        writer = _Writer(coursedir=coursedir, config=self.config)
        writer.student = self.student
        signal.signal(signal.SIGALRM, raise_timeout)
        try:
            with time_limit(PAGE_SECONDS):
                writer.start()
        except CellTimeoutError:
            return f"its page took longer than {PAGE_SECONDS:g} s: look at the notebook itself"
        except Exception as error:  # noqa: BLE001  (one student's; the others get their pages)
            return described(error) or type(error).__name__
        return None


class _Writer(Exact, GenerateFeedback):
    """nbgrader's own, with our page and files that appear whole."""

    preprocessors = List([GetGrades])
    exporter_class = Type(FeedbackExporter, klass=Exporter)
    force = True

    def convert_notebooks(self) -> None:
        # nbgrader's own removes the former pages first, and says only that something went wrong.
        where = (self.coursedir.assignment_id, self.student)
        (self.notebooks,) = self.assignments.values()
        self.init_assignment(*where)
        for notebook in self.notebooks:
            self.convert_single_notebook(notebook)
        pages = {Path(notebook).with_suffix(".html").name for notebook in self.notebooks}
        for former in Path(self._format_dest(*where)).glob("*.html"):
            if former.name not in pages:
                former.unlink()
        self.set_permissions(*where)

    def write_single_notebook(self, output: str, resources: dict[str, Any]) -> None:
        names = resources["nbgrader"]
        directory = Path(self._format_dest(names["assignment"], names["student"]))
        directory.mkdir(parents=True, exist_ok=True)
        write_atomically(directory / f"{resources['unique_key']}.html", output.encode())


def give(
    coursedir: CourseDirectory, config: Config, assignment: str, workers: int | None = None
) -> list[tuple[str, str]]:
    """Write the feedback of every autograded submission, in parallel.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's; its ``student_id`` filters the students.
    config : Config
        nbgrader's configuration.
    assignment : str
        nbgrader's assignment id.
    workers : int, optional
        Processes; as many as this machine has cores if not given.

    Returns
    -------
    list of (str, str)
        Students without feedback, and why.
    """
    found = submissions.students(coursedir, assignment, coursedir.autograded_directory)
    if not found:
        raise CourseError(f"nothing of {assignment!r} was graded: run `autograder grade` first")
    failed = []
    jobs = [Page(config, assignment, student) for student in found]
    with (
        connect(workers, jobs=len(jobs)) as scheduler,
        Progress(len(jobs), "pages") as progress,
    ):
        for job, problem in scheduler.run(Page.write, jobs):
            said = problem.message if isinstance(problem, Lost) else problem
            progress.advance(job.student, said)
            if said:
                failed.append((job.student, said))
    return sorted(failed)
