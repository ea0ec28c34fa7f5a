"""A solution notebook as plain text, and back: what authors edit and reviewers read.

In the text each cell begins with a line ``%% KIND NAME [POINTS]``:

    %% text roc-statement
    %% code setup
    %% test grading 0
    %% solution roc
    %% test roc-ties 4
    %% written essay 6

The notebook is written in one canonical form: cell id = nbgrader grade id = NAME,
no outputs, no execution counts, so that the same text always gives the same bytes.

    python -m tests.exercises.authoring unpack solutions/01-metrics/01-metrics.ipynb > metrics.txt
    python -m tests.exercises.authoring pack metrics.txt solutions/01-metrics/01-metrics.ipynb
"""

import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

# nbgrader's metadata of each kind of cell; students can edit only what is not locked.
KINDS = {
    "text": {"grade": False, "locked": True, "solution": False},
    "code": {"grade": False, "locked": True, "solution": False},
    "solution": {"grade": False, "locked": False, "solution": True},
    "test": {"grade": True, "locked": True, "solution": False},
    "written": {"grade": True, "locked": False, "solution": True},
}
MARKDOWN = {"text", "written"}
# A cell that all assignments carry, from the class on: the text format leaves its source out.
CARRIED = "grading"
CARRIED_SOURCE = Path(__file__).with_name("carried.py")
HEADER = re.compile(r"^%% (?P<kind>\w+) (?P<name>[a-z0-9-]+)(?: (?P<points>\d+))?$", re.MULTILINE)


def pack(text: str) -> str:
    """Return the notebook, as canonical JSON, that the text describes."""
    headers = list(HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    cells = []
    for header, end in zip(headers, ends, strict=True):
        kind, name, points = header["kind"], header["name"], header["points"]
        nbgrader = {"grade_id": name, "schema_version": 3, "task": False, **KINDS[kind]}
        if nbgrader["grade"]:
            nbgrader["points"] = int(points)
        new_cell = new_markdown_cell if kind in MARKDOWN else new_code_cell
        source = carried() if name == CARRIED else text[header.end() : end].strip("\n")
        cells.append(new_cell(source, id=name, metadata={"nbgrader": nbgrader}))
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": python, "language_info": {"name": "python"}}
    notebook = new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def unpack(notebook: str) -> str:
    """Return the text that describes the notebook: the inverse of `pack`."""
    cells = nbformat.reads(notebook, as_version=4).cells
    return "\n".join(
        f"%% {_header(cell)}\n" + ("" if cell.id == CARRIED else f"{cell.source}\n")
        for cell in cells
    )


def carried() -> str:
    """Return the source of the cell that all assignments carry."""
    text = CARRIED_SOURCE.read_text(encoding="utf-8")
    return "import numpy as np\n\n\n" + text[text.index("class grading") :].strip("\n")


def _header(cell: nbformat.NotebookNode) -> str:
    nbgrader = cell.metadata.nbgrader
    roles = {role: nbgrader[role] for role in ("grade", "locked", "solution")}
    kind = next(
        kind
        for kind, expected in KINDS.items()
        if expected == roles and (kind in MARKDOWN) == (cell.cell_type == "markdown")
    )
    points = f" {nbgrader.points}" if nbgrader.grade else ""
    return f"{kind} {nbgrader.grade_id}{points}"


def main(command: str, source: str, target: str | None = None) -> None:
    """Convert `source`; write to `target`, or to standard output."""
    convert = {"pack": pack, "unpack": unpack}[command]
    result = convert(Path(source).read_text(encoding="utf-8"))
    if target is None:
        sys.stdout.write(result)
    else:
        Path(target).write_text(result, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
