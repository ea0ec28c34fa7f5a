"""Notebooks as tests: every chapter and every solution is run by nbval, cell by cell.

A chapter is MyST text; it is converted into ``_build/notebooks`` first.
Its outputs are not compared here (the text has none): every cell must run, and every assert hold.
``tests/notebooks`` compares the outputs of the notebooks that the site offers.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import jupytext
import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

import tests.support.kernel_ports  # noqa: F401  (two runs on one machine never meet)
from shallow.book import home
from shallow.book.notebooks import name_cells

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class NotebookFile(pytest.File):
    """A notebook, or a text that becomes one, of which every cell is a test."""

    def collect(self) -> Iterator[pytest.Collector]:
        """Yield nbval's collector of the notebook; one worker runs all its cells."""
        path = self.path if self.path.suffix == ".ipynb" else self._convert()
        notebook = IPyNbFile.from_parent(self, path=path)
        notebook.compare_outputs = False
        notebook.add_marker(pytest.mark.xdist_group(self.nodeid))
        notebook.add_marker(pytest.mark.slow)
        yield notebook

    def _convert(self) -> Path:
        notebook = jupytext.read(self.path, fmt="md:myst")
        name_cells(notebook)
        path = self.config.rootpath / "_build" / "notebooks" / f"{self.path.stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")  # several workers collect at once
        nbformat.write(notebook, draft)
        return draft.replace(path)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the chapters that have code cells, and the solutions."""
    root = parent.config.rootpath
    chapter = file_path.parent == root / "chapters" and file_path.suffix == ".md"
    solution = file_path.suffix == ".ipynb" and file_path.is_relative_to(root / "solutions")
    if solution or (chapter and "```{code-cell}" in file_path.read_text(encoding="utf-8")):
        return NotebookFile.from_parent(parent, path=file_path)
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Keep a group of tests in one process, in the order of the files, however xdist is asked."""
    home.keep_in(config.rootpath / "_build")
    if hasattr(config, "workerinput"):  # each process of xdist reads the command line again
        config.option.loadgroup = True
    elif getattr(config.option, "dist", "no") != "no":  # xdist may be switched off
        config.option.dist = "loadgroup"
        config.option.loadscopereorder = False


# The groups that keep a process busy for longest, longest first: they begin, and what may be spread
# comes last, so that no process works on alone at the end.
LONGEST = (
    *("cluster", "security", "instructors", "tests/browser/test_engines.py", "kinds"),
    *("tests/autograder/test_own_course.py", "tests/notebooks/test_kernels.py"),
    *("tests/autograder/core/test_grade_one.py", "tests/autograder/sandbox/test_sandbox.py"),
)

PATIENCE = 60  # seconds for the outputs of a cell that has ended, on a busy machine

# What drives a browser, a kernel, a class of attackers or a book whose cells fail is slow as a
# whole; so is what needs the built site, which takes minutes, or a cluster.
SLOW = ("tests/browser/", "tests/notebooks/", "tests/security/", "tests/book/test_failures.py")


@pytest.hookimpl(tryfirst=True)  # before the marks are looked at, and xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `make thorough` runs; keep the tests of a file in one process of xdist.

    Those that say so may be spread over the processes.
    A test in a browser, which is made of processes of its own, has a second try.
    """
    if "thorough" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = PATIENCE
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.nodeid.startswith(SLOW) or fixtures & {"site", "scheduler"}:
            item.add_marker(pytest.mark.slow)
        if fixtures & {"browser", "engine"}:
            item.add_marker(pytest.mark.flaky(reruns=1))  # a busy browser: the summary names it
        if not any(item.iter_markers("xdist_group")) and not item.get_closest_marker("spread"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Return the place of a test's group among the others."""
    for mark in item.iter_markers("xdist_group"):
        return LONGEST.index(mark.args[0]) if mark.args[0] in LONGEST else len(LONGEST)
    return len(LONGEST) + 1
