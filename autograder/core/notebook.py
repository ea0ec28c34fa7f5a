"""The notebook that is run: the student's answers in the instructor's frame.

What counts as a test, its text and its points come from the source notebook alone; a submission
only says which of its cells answers what, by nbgrader's grade ids.
"""

from __future__ import annotations

import ast
import functools
import json
import marshal
import symtable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.core import lost
from autograder.core.result import Failure, Reason
from autograder.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = dict[str, Any]
Notebook = dict[str, Any]
MAX_CELLS = 20_000
MAX_CHARACTERS = 2**22  # of all cells, without outputs and attachments
FORMAT = {"nbformat": 4, "nbformat_minor": 4}  # the last one in which cells need no id


def read(content: bytes) -> Notebook:
    """Read a notebook of any nbformat version up to 4, leniently: outputs and the like are dropped.

    Raises
    ------
    UnreadableError
        If the bytes are no valid notebook.
    """
    if not content.strip():
        raise UnreadableError("the file is empty")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the file is not UTF-8 text (byte {error.start})") from None
    except ValueError as error:
        raise UnreadableError(f"the file is not JSON ({error})") from None
    except RecursionError:
        raise UnreadableError("the file is JSON nested too deep for a notebook") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if type(version) is not int:
        raise UnreadableError("the file is JSON, but no notebook")
    if version > FORMAT["nbformat"]:
        raise UnreadableError(f"the file has the unknown notebook format {version}")
    if version < FORMAT["nbformat"]:
        notebook = converted(notebook)
    cells, metadata = notebook.get("cells"), notebook.get("metadata")
    if not isinstance(cells, list):
        raise UnreadableError("the file is JSON, but no notebook: it has no list of cells")
    return {
        "cells": readable_cells(cells),
        "metadata": metadata if isinstance(metadata, dict) else {},
        **FORMAT,
    }


def converted(notebook: Notebook) -> Notebook:
    """Convert a notebook of an older format."""
    import nbformat  # noqa: PLC0415 - seldom needed

    try:
        latest: Notebook = nbformat.convert(nbformat.reader.reads(json.dumps(notebook)), 4)
    except Exception as error:  # noqa: BLE001 - nbformat fails in many ways
        message = f"the file cannot be converted from notebook format {notebook['nbformat']}"
        raise UnreadableError(f"{message} ({error})") from None
    return latest


def readable_cells(cells: list[Any]) -> list[Cell]:
    """Return the parts of the cells that count, if they are few enough to be graded in time."""
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"the notebook has {len(cells)} cells, more than {MAX_CELLS}")
    kept = [readable(position, cell) for position, cell in enumerate(cells)]
    if sum(len(cell["source"]) for cell in kept) > MAX_CHARACTERS:
        raise UnreadableError(f"the cells hold more than {MAX_CHARACTERS} characters")
    return kept


def readable(position: int, cell: Any) -> Cell:
    """Return the parts of a cell that count: its type, its metadata and its text."""
    match cell:
        case {"cell_type": "code" | "markdown" | "raw" as kind, "source": str() | list() as source}:
            text = source if isinstance(source, str) else "".join(map(str, source))
            metadata = cell.get("metadata")
            name = cell.get("id")
            return {
                "cell_type": kind,
                "metadata": metadata if isinstance(metadata, dict) else {},
                "source": text.encode("utf-8", "replace").decode(),
                **({"id": name} if isinstance(name, str) else {}),
            }
    raise UnreadableError(f"cell {position + 1} of the notebook is no cell")


def grading(cell: Cell) -> dict[str, Any]:
    """Return the nbgrader metadata of a cell; empty if there is none."""
    metadata = cell["metadata"].get("nbgrader")
    return metadata if isinstance(metadata, dict) else {}


def grade_id(cell: Cell) -> str | None:
    """Return the grade id of a cell, if it has one."""
    name = grading(cell).get("grade_id")
    return name if isinstance(name, str) else None


def is_code(cell: Cell) -> bool:
    """Tell whether a cell is run."""
    return bool(cell["cell_type"] == "code")


def is_test(cell: Cell) -> bool:
    """Tell whether a cell of the source is marked by running it."""
    metadata = grading(cell)
    graded = metadata.get("grade", False) and not metadata.get("solution", False)
    return bool(graded) and is_code(cell)


def is_solution(cell: Cell) -> bool:
    """Tell whether a cell of the source is the student's to write."""
    return bool(grading(cell).get("solution", False))


def is_manual(cell: Cell) -> bool:
    """Tell whether a cell of the source is marked by a person."""
    metadata = grading(cell)
    return bool(metadata.get("task", False) or metadata.get("grade", False)) and not is_test(cell)


def is_locked(cell: Cell) -> bool:
    """Tell whether the text of a source cell is not the student's to change."""
    metadata = grading(cell)
    if metadata.get("solution", False) or metadata.get("task", False):
        return False
    return bool(metadata.get("grade", False) or metadata.get("locked", False))


@dataclass(frozen=True)
class Scope:
    """What the source's cells before a test give names to; the last one to do so counts.

    Attributes
    ----------
    answers : frozenset of str
        Names that a cell outside the tests defines, or an answer imports: they are looked up in the
        student's process.
    imports : dict of str to (str, str)
        Names that a cell imports: module, and name in it or "". A module is never the student's.
    rebound : frozenset of str
        Names that a cell outside the tests gives since the test before: what that one, or an
        earlier one, called so is meant no more.
    """

    answers: frozenset[str]
    imports: dict[str, tuple[str, str]]
    rebound: frozenset[str]

    @functools.cached_property
    def sent(self) -> bytes:
        """The three as the checker's process takes them, from nobody else."""
        return marshal.dumps((self.answers, self.imports, self.rebound))


@dataclass(frozen=True, eq=False)
class Source:
    """An instructor's notebook.

    Attributes
    ----------
    notebook : dict
        The whole of it.
    cells : dict of str to dict
        Its cells with a grade id, in order.
    names : frozenset of str
        Global names that its cells define, and that its answers import from a module: a student
        should define them, too.
    modules : tuple of str
        What its tests import.
    scopes : dict of str to Scope
        For each test, what the cells before it give names to.
    classes : frozenset of str
        Those of `names` that are classes.
    """

    notebook: Notebook
    cells: dict[str, Cell]
    names: frozenset[str]
    modules: tuple[str, ...]
    scopes: dict[str, Scope]
    classes: frozenset[str]

    @property
    def tests(self) -> list[str]:
        """Grade ids of the test cells, in order."""
        return [name for name, cell in self.cells.items() if is_test(cell)]

    @classmethod
    @functools.lru_cache(maxsize=8)
    def read(cls, content: bytes) -> Source:
        """Read the instructor's source notebook.

        Raises
        ------
        ValueError
            If it is no notebook, two of its cells have the same grade id, or a test has no points.
        """
        notebook = read(content)
        cells: dict[str, Cell] = {}
        for cell in notebook["cells"]:
            name = grade_id(cell)
            if name in cells:
                raise ValueError(f"the source notebook has two cells with the grade id {name!r}")
            if name is not None:
                cells[name] = cell
            if is_test(cell) and type(grading(cell).get("points")) not in (int, float):
                raise ValueError(f"the test cell {name!r} of the source notebook has no points")
        code = [cell for cell in notebook["cells"] if is_code(cell)]
        names = {name for cell in code if not is_test(cell) for name in defined(cell["source"])}
        names |= {
            name
            for cell in code
            if is_solution(cell)
            for name, (_, attribute) in import_places(cell["source"])
            if attribute
        }
        modules = {name for cell in code if is_test(cell) for name in imported(cell["source"])}
        trees = [tree_of(cell["source"]) for cell in code if not is_test(cell)]
        classes = {n.name for tree in trees for n in tree.body if isinstance(n, ast.ClassDef)}
        return cls(
            notebook,
            cells,
            frozenset(names),
            tuple(sorted(modules)),
            scopes_of(code),
            frozenset(classes),
        )


def scopes_of(code: list[Cell]) -> dict[str, Scope]:
    """Return for each test what the cells before it give names to."""
    scopes: dict[str, Scope] = {}
    answers: set[str] = set()
    rebound: set[str] = set()
    imports: dict[str, tuple[str, str]] = {}
    for cell in code:
        places = dict(import_places(cell["source"]))
        if is_test(cell):
            scopes[str(grade_id(cell))] = Scope(
                frozenset(answers), dict(imports), frozenset(rebound)
            )
            rebound.clear()
        else:
            own = set(defined(cell["source"]))
            places = {name: place for name, place in places.items() if name not in own}
            answers = answers - places.keys() | own
            if is_solution(cell):  # to import it is the student's, too
                answers |= places.keys()
            rebound |= own | places.keys()
            imports = {name: place for name, place in imports.items() if name not in own}
        imports |= places
    return scopes


def defined(code: str) -> Iterator[str]:
    """Yield the global names that a cell defines other than by import."""
    for symbol in symbols_of(code):
        if symbol.is_assigned() and not symbol.is_imported():
            yield symbol.get_name()


@functools.lru_cache(maxsize=256)
def symbols_of(code: str) -> list[symtable.Symbol]:
    """Return the global names of a cell; none if it is no Python, which its run shows."""
    try:
        return symtable.symtable(python(code)[0], "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):
        return []


def names_in(cell: Cell) -> frozenset[str]:
    """Return the global names that a cell defines other than by import."""
    return frozenset(defined(cell["source"])) if is_code(cell) else frozenset()


def imported(code: str) -> Iterator[str]:
    """Yield the modules that a cell imports."""
    for node in statements(tree_of(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@functools.lru_cache(maxsize=256)
def python(code: str) -> tuple[str, ast.Module]:
    """Return a cell as plain Python, in which magics are calls of IPython's, with its syntax tree.

    The tree is empty if the cell is no Python, which its run shows.
    """
    try:
        return code, ast.parse(code)
    except (SyntaxError, ValueError):  # IPython's reading takes ten times as long
        from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 - seldom
    try:
        code = TransformerManager().transform_cell(code)
        return code, ast.parse(code)
    except (SyntaxError, ValueError):
        return code, ast.Module([], [])


def tree_of(code: str) -> ast.Module:
    """Return the syntax tree of a source's cell."""
    return python(code)[1]


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements in a part of a tree, those in functions and classes among them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from statements(child)


MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


@functools.lru_cache(maxsize=256)
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return all nodes of a cell's tree but operators and what a name is used for.

    To walk a tree takes longer than to look at them.
    """
    return tuple(node for node in ast.walk(tree) if not isinstance(node, MARKS))


def import_places(code: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the global names that a cell binds by import, with module and name in it."""
    for node in at_the_top(tree_of(code)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield alias.asname, (alias.name, "")
                else:
                    top = alias.name.partition(".")[0]
                    yield top, (top, "")
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if alias.name != "*":
                    yield alias.asname or alias.name, (node.module, alias.name)


def at_the_top(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements of a cell that are in no function and no class."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            yield child
            yield from at_the_top(child)


def align(submitted: Notebook, source: Source) -> tuple[Notebook, list[Failure]]:
    """Put a submission into the frame of its source.

    The order of the submission is kept. Locked cells, cell types and all nbgrader metadata are the
    source's; missing cells are added after their predecessor in the source; of cells with the same
    grade id the last one counts, as in nbgrader, and the others become ordinary cells.

    Returns
    -------
    notebook : dict
        What is to be run.
    failures : list of Failure
        What had to be put right.
    """
    failures = list(language_failures(submitted))
    ordinary = (cell for cell in source.notebook["cells"] if grade_id(cell) is None)
    texts = frozenset(cell["source"].strip() for cell in ordinary)
    failures += lost.restore(submitted["cells"], source.cells, names_in, texts)
    last = {grade_id(cell): position for position, cell in enumerate(submitted["cells"])}
    cells: list[Cell] = []
    for position, cell in enumerate(submitted["cells"]):
        name = grade_id(cell)
        if name is None:
            cells.append(plain(cell))
        elif name not in source.cells:
            cells.append(plain(cell))
            message = f"a cell has the grade id {name[:80]!r}, which the source does not have"
            failures.append(Failure(Reason.UNKNOWN_CELL, message))
        elif last[name] != position:
            cells.append(plain(cell))
            message = f"several cells have the grade id {name!r}; only the last one counts"
            failures.append(Failure(Reason.DUPLICATE_CELL, message, name))
        else:
            cells.append(framed(cell, source.cells[name]))
            failures += changes(cell, source.cells[name])
    failures += add_missing(cells, source)
    return {"cells": cells, "metadata": source.notebook["metadata"], **FORMAT}, failures


def language_failures(submitted: Notebook) -> Iterator[Failure]:
    """Say if a submission is written for another language; it is run as Python all the same."""
    metadata = submitted["metadata"]
    for section, key in (("kernelspec", "language"), ("language_info", "name")):
        entry = metadata.get(section)
        language = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(language, str) and language.lower() not in ("python", "ipython"):
            message = f"the notebook is written for {language[:40]!r}; it was run as Python"
            yield Failure(Reason.LANGUAGE, message)
            return


def plain(cell: Cell) -> Cell:
    """Return a cell of the student's own: its text and nothing else."""
    kept = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
    return kept | ({"execution_count": None, "outputs": []} if is_code(cell) else {})


def framed(cell: Cell, original: Cell) -> Cell:
    """Return a cell with the source's type and metadata, and its text if that is locked."""
    text = original["source"] if is_locked(original) else cell["source"]
    return plain(original | {"source": text}) | {"metadata": original["metadata"]}


def changes(cell: Cell, original: Cell) -> Iterator[Failure]:
    """Say what the student changed that is not theirs to change."""
    name = grade_id(original)
    if cell["cell_type"] != original["cell_type"]:
        message = f"cell {name!r} was {original['cell_type']} and is {cell['cell_type']}"
        yield Failure(Reason.CHANGED_CELL, f"{message}; it was graded as the former", name)
    for key in ("grade", "solution", "locked", "task", "points"):
        if grading(cell).get(key) != grading(original).get(key):
            message = f"the nbgrader metadata of cell {name!r} was changed: {key}"
            yield Failure(Reason.CHANGED_CELL, message, name)


def add_missing(cells: list[Cell], source: Source) -> Iterator[Failure]:
    """Add the source's graded, solution and locked cells that a submission lacks."""
    names = [grade_id(cell) for cell in cells]
    position = 0
    for name, original in source.cells.items():
        if name in names:
            position = names.index(name) + 1
            continue
        cells.insert(position, framed({"source": ""}, original))
        names.insert(position, name)
        position += 1
        message = f"cell {name!r} is missing; it was added back"
        yield Failure(Reason.MISSING_CELL, message, name)
