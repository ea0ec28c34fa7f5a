"""The same course with each kernel of OpenBLAS: what rounding decides is neither said nor shown.

The chapters and the solutions run with the processor's own kernel, the widest; the notebooks of the
site are compared, and the solutions run, with the narrowest too. `make portable` tries the rest.
"""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from shallow.book.notebooks import name_cells
from shallow.book.rounding import formats, round_outputs
from tests.notebooks.strict import changes, executed
from tools.kernels import own, probe

SOLUTIONS = sorted((Path(__file__).parents[2] / "solutions").glob("*/*.ipynb"))
# Sums of products; and a chaotic iteration that starts from them, as training may be.
SUM = """
import numpy as np
from shallow.prose import glue
a = np.random.default_rng(0).normal(size=(64, 1000))
products = a @ a.T
total = np.abs(products).sum()
wild = products % 1
for _ in range(100):
    wild = 4 * wild * (1 - wild)
wild = wild.mean()
"""
GLUED = ("glue(total=total)", "glue(wild=wild)", "glue(curve=products[0])")


@pytest.fixture(scope="module")
def two_kernels(narrow: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The environments of the widest and of the narrowest kernel."""
    if probe(own()) == probe(narrow):
        pytest.skip("this machine has one kernel only")
    return own(), narrow


@pytest.mark.parametrize("path", SOLUTIONS, ids=[path.stem for path in SOLUTIONS])
def test_solution_passes_its_tests(path: Path, narrow: dict[str, str]) -> None:
    assert not errors(executed(nbformat.read(path, as_version=4), path.parent, narrow))


@pytest.fixture(scope="module")
def two_runs(two_kernels, tmp_path_factory) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """A notebook as it comes out of either kernel; it glues what the two see differently."""
    page = notebook(SUM, *GLUED)
    wide, narrow = (executed(page, tmp_path_factory.mktemp("run"), env) for env in two_kernels)
    return wide, narrow


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("{glue:text}`total:.3f`", 0),
        ("{glue:text}`total:.13f`", 1),
        ("{glue:text}`total`", 1),
        ("{glue:text}`wild:.6f`", 1),
        ("", 0),  # a curve that is drawn
    ],
)
def test_number_that_is_shown_too_exactly_is_caught(role: str, found: int, two_runs) -> None:
    shown = formats(role)
    glued = {f"glue({name}={name})" for name in shown} or {"glue(curve=products[0])"}
    stored, again = (only(page, {SUM, *glued}) for page in two_runs)
    round_outputs(stored, shown)
    assert len(changes(stored, again, shown)) == found


def test_claim_that_is_too_exact_is_caught(tmp_path: Path, two_kernels, two_runs) -> None:
    """An assertion that holds where it was written fails with the other kernel."""
    wide, narrow = two_kernels
    (glued,) = only(two_runs[0], {"glue(total=total)"}).cells
    value = glued.outputs[0]["data"]["application/papermill.record/text/plain"]
    exact, rough = f"assert float(total) == {value}", f"assert abs(total - {value}) < 1e-6"
    page = notebook(SUM, exact, rough)
    assert not errors(executed(page, tmp_path, wide))
    (error,) = errors(executed(page, tmp_path, narrow))
    assert exact in error


def only(page: nbformat.NotebookNode, sources: set[str]) -> nbformat.NotebookNode:
    """Return a copy with the cells of these sources."""
    chosen = copy.deepcopy(page)
    chosen.cells = [cell for cell in chosen.cells if cell.source in sources]
    assert len(chosen.cells) == len(sources)
    return chosen


def notebook(*cells: str) -> nbformat.NotebookNode:
    made = new_notebook(cells=[new_markdown_cell("# Page"), *map(new_code_cell, cells)])
    name_cells(made)
    return made


def errors(page: nbformat.NotebookNode) -> list[str]:
    return [
        f"{output.ename}: {output.evalue}\n{cell.source}"
        for cell in page.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
