"""Run the test cells of one question in this process: what a student's own kernel would say."""

import contextlib
import functools
import io
import signal
import warnings

from tests.exercises.grading import questions, read_notebook, reference, sources

SECONDS = 30


@functools.cache
def _code(assignment):
    """Return the compiled cells of an assignment that are no answers, by name."""
    notebook = read_notebook("solutions", assignment)
    names = sources(notebook)
    return {
        cell.id: compile(names[cell.id], cell.id, "exec")
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.nbgrader.locked
    }


@functools.cache
def _tests(assignment):
    return questions(read_notebook("solutions", assignment))


@functools.cache
def _names(assignment):
    names = {"__name__": "__main__"}
    for cell in ("setup", "grading"):
        exec(_code(assignment)[cell], names)
    return names


def namespace(assignment):
    """Return the names that a notebook defines before its first question."""
    return dict(_names(assignment))


def run_cell(code, names):
    """Run a cell; return the message of its failure, or None. As in nbgrader a warning fails it."""

    def late(*_):
        raise TimeoutError(f"the cell takes more than {SECONDS} seconds")

    said = io.StringIO()
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        with (
            warnings.catch_warnings(record=True) as warned,  # pytest would keep them to itself
            contextlib.redirect_stderr(said),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            warnings.simplefilter("default")
            exec(code, names)
    except BaseException as error:  # noqa: BLE001 - whatever an answer raises is its verdict
        return f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    told = (f"{warning.category.__name__}: {warning.message}" for warning in warned)
    return "\n".join(filter(None, [said.getvalue(), *told])) or None


def failures(assignment, question, source, more=None, enough=()):
    """Return the message of each failed test cell of a question that `source` answers.

    Cells out of `enough` are no longer run once one has failed.
    """
    names = namespace(assignment) | (more or {})
    try:
        exec(source, names)
    except Exception as error:  # noqa: BLE001 - the answer is at fault
        names.clear()
        names.update(namespace(assignment), __broken__=error)
    found = {}
    for test in _tests(assignment)[question]:
        if found and test in enough:
            continue
        message = run_cell(_code(assignment)[test], names)
        if message:
            found[test] = message
    return found


def task(assignment, question):
    """Return the name of the function or class that a question asks for."""
    import ast

    body = ast.parse(reference(assignment)[question]).body
    return next(node.name for node in body if hasattr(node, "name"))
