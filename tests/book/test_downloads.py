"""The notebook of a page: its text in plain Markdown, its code, and what it needs to run."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from shallow.book.downloads import WHEEL
from shallow.book.notebooks import name_cells
from shallow.book.rounding import GLUED


@pytest.fixture(scope="module")
def notebook(everything) -> NotebookNode:
    return nbformat.read(everything.html / "_sources" / "everything.ipynb", as_version=4)


@pytest.fixture(scope="module")
def text(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize(
    "expected",
    [
        "# Everything",
        "See Everything, Fig. 1, Table 1, (1),\nrecall, Home, the index,",
        "[outside](https://example.org/a_b)",
        "$a|b$, `code_name`, snake\\_case, 3 \\< 4, \\$5\\$.",
        "$$\n\\begin{aligned}p &= 1 \\\\\n  &= 2\\end{aligned} \\tag{1}\n$$",
        "## Blocks",
        "The value is 8.3, the slope −0.25.\nA footnote.\\[1\\]",
        "\\[1\\] Below.",
        "> **Note**\n>\n> A list:\n>\n> - one with $x$\n> - two",
        "<details><summary>Worked example</summary>\n\nHidden.\n\n</details>",
        "**recall**\n\nThe share of positives found.",
        "**Table 1.** Rates\n\n| rate | formula |\n|---|---|\n| recall | $P(a \\vert b)$ |",
        "![A red square](attachment:square.svg)\n\n**Fig. 1.** The square.",
        "1. first\n2. second\n\n   ```python\n   x = 1\n   ```",
        "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}",
        "Sure?\n\n- a. No.\n- b. Yes.\n\n<details><summary>Show the answer</summary>",
        "b. **Right.** As $1 = 1$.",
        "Move it up (`threshold=0.5, shape=uniform`)",
    ],
)
def test_text_is_plain_markdown(text: str, expected: str) -> None:
    assert expected in text


def test_code_cells_are_those_of_the_page_with_their_outputs(notebook: NotebookNode) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source.splitlines()[-1] for cell in code] == [
        'print("printed")',
        "secret = 1",
        "ThresholdExplorer()",
    ]
    assert [cell.metadata.get("jupyter") for cell in code] == [
        {"source_hidden": True},
        {"source_hidden": True, "outputs_hidden": True},
        None,
    ]
    assert any(output.get("text") == "printed\n" for output in code[0].outputs)
    glued = [output.data[GLUED] for output in code[0].outputs if GLUED in output.get("data", {})]
    assert glued == ["8.3", "-0.25"]  # as the page shows them
    assert "widgets" in notebook.metadata


def test_text_stands_where_it_stands_on_the_page(notebook: NotebookNode) -> None:
    kinds = [cell.cell_type for cell in notebook.cells]
    # a cell that the page does not show stands before the next that it does
    assert kinds == ["markdown"] * 2 + ["code"] + ["markdown"] * 2 + ["code"] * 2 + ["markdown"]


def test_notebook_says_how_to_get_its_package(everything, notebook: NotebookNode) -> None:
    assert WHEEL in notebook.cells[0].source
    wheel = everything.html / "_static" / WHEEL
    assert "shallow/__init__.py" in zipfile.ZipFile(wheel).namelist()
    page = everything.page("everything")
    assert f'href="_static/{WHEEL}"' in page
    assert 'href="_sources/everything.ipynb"' in page
    assert WHEEL not in everything.page("index")


def test_cells_of_the_same_content_have_ids_of_their_own() -> None:
    cells = [
        nbformat.v4.new_code_cell("x"),
        nbformat.v4.new_markdown_cell("x"),
        nbformat.v4.new_code_cell("x"),
    ]
    first, second = (nbformat.v4.new_notebook(cells=[dict(c) for c in cells]) for _ in range(2))
    for notebook in (first, second):
        notebook.cells = [nbformat.from_dict(cell) for cell in notebook.cells]
        name_cells(notebook)
    ids = [cell.id for cell in first.cells]
    assert len(set(ids)) == 3
    assert ids == [cell.id for cell in second.cells]


def test_each_exercise_of_a_page_has_a_button_of_its_own(site: Path) -> None:
    offered = {}
    for path in sorted(site.glob("chapters/*.html")):
        text = path.read_text(encoding="utf-8")
        menu = re.findall(r'/([^"/]+)\.ipynb" target="_blank"\s+class="[^"]*-exercise-', text)
        links = re.findall(r'class="reference download internal"[^>]*/([^"/]+)\.ipynb"', text)
        assert sorted(menu) == sorted(set(links)), path.name
        offered[path.stem] = menu
    assert offered["regularisation"] == ["07-training", "08-digits"]
    assert sum(len(menu) == 1 for menu in offered.values()) >= 8
