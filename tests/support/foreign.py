"""A course that knows nbgrader alone: two notebooks, a module, data, tables, figures."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

DATA = "city,height\nOslo,23\nRiga,10\n"
HELPER = "def close(a, b):\n    return abs(a - b) < 1e-9\n"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "cities"
"""


def _cell(source: str, name: str, **roles):
    known = {"grade": False, "solution": False, "locked": False, "task": False, **roles}
    return new_code_cell(
        source, metadata={"nbgrader": {"grade_id": name, "schema_version": 3, **known}}
    )


def solution(name: str, answer: str):
    """Return a cell with an answer that the release lacks."""
    return _cell(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", name, solution=True)


def test(name: str, source: str, points: int):
    """Return a test cell."""
    return _cell(source, name, grade=True, locked=True, points=points)


NOTEBOOKS = {
    "tables": [
        new_markdown_cell("# Cities"),
        new_code_cell("import numpy as np\nimport pandas as pd\nfrom helper import close"),
        solution("read", "cities = pd.read_csv('data/cities.csv')"),
        test("read-test", "assert cities.shape == (2, 2)\nassert cities['height'].sum() == 33", 2),
        solution("mean", "def mean(table):\n    return table['height'].mean()"),
        test("mean-test", "assert close(mean(pd.DataFrame({'height': [1, 2]})), 1.5)", 3),
    ],
    "figures": [
        new_code_cell("import matplotlib.pyplot as plt\n%matplotlib inline"),
        new_markdown_cell("Draw the heights, with a title."),
        solution("draw", "fig, ax = plt.subplots()\nax.bar([0, 1], [23, 10])\nax.set_title('H')"),
        test("draw-test", "assert ax.get_title(), 'the figure has no title'", 1),
        test(
            "hello-test",
            "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\n"
            "with redirect_stdout(out):\n    hello('Ada')\n"
            "assert out.getvalue() == 'Hello, Ada\\n'",
            4,
        ),
    ],
}
NOTEBOOKS["figures"].insert(4, solution("hello", "def hello(name):\n    print('Hello,', name)"))
POINTS = {"read-test": 2, "mean-test": 3, "draw-test": 1, "hello-test": 4}
WRONG = {
    "read": "cities = None",
    "mean": "def mean(table):\n    return table['height'].sum()",
    "draw": "fig, ax = plt.subplots()",
    "hello": "def hello(name):\n    print(name)",
}


def new_course(directory: Path, config: str = CONFIG) -> Path:
    """Write the sources of the course; return its directory."""
    source = directory / "source/cities"
    (source / "data").mkdir(parents=True)
    (source / "data/cities.csv").write_text(DATA)
    (source / "helper.py").write_text(HELPER)
    for name, cells in NOTEBOOKS.items():
        nbformat.write(new_notebook(cells=cells), source / f"{name}.ipynb")
    (directory / "nbgrader_config.py").write_text(config)
    return directory


def hand_in(course: Path, student: str, **answers: str) -> None:
    """Hand in right answers, except the given ones by the name of their cell."""
    directory = course / "submitted" / student / "cities"
    directory.mkdir(parents=True)
    for name, cells in NOTEBOOKS.items():
        right = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
        notebook = nbformat.read(course / f"release/cities/{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            role = cell.metadata.get("nbgrader", {})
            if role.get("solution"):
                cell.source = answers.get(role.grade_id, right[role.grade_id])
        nbformat.write(notebook, directory / f"{name}.ipynb")
