"""The notebooks on the site say what the pages say, in plain Markdown, and reproduce it."""

from __future__ import annotations

import copy
import html
import os
import re
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.strict import differences, shown_by

# What MyST adds to Markdown; `{name}` before a backtick, a fence or a colon fence.
MYST = re.compile(
    r"\{[\w:.-]+\}`|^\s*(`{3,}|~{3,}|:{3,})\s*\{|^\s*:{3,}\s*$|^\(.+\)=\s*$", re.MULTILINE
)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def texts(cell: nbformat.NotebookNode) -> list[str]:
    """What strict nbval compares of a cell: its printed and its plain-text outputs."""
    outputs = [
        out.get("data", {}).get("text/plain") or out.get("text") for out in cell.get("outputs", [])
    ]
    return [text for text in outputs if text]


FORMULA = re.compile(r"\$\$.*?\$\$|(?<!\\)\$[^$]+\$", re.DOTALL)


def check_has_outputs(notebook: nbformat.NotebookNode) -> None:
    """Strict nbval passes on a notebook without outputs, so look that there are some."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code), "a code cell has not been run"
    assert any(texts(cell) for cell in code), "no cell has an output to compare"


def test_every_page_with_code_offers_its_notebook(site: Path) -> None:
    sources = site / "_sources"
    pages = [path for path in sources.rglob("*.md") if "```{code-cell}" in path.read_text()]
    assert pages, f"no page with code in {sources}: run `make book` again"
    for page in pages:
        notebook = page.with_suffix(".ipynb")
        assert notebook.exists(), f"{page.name} has code but no notebook"
        shown = (site / page.relative_to(sources)).with_suffix(".html").read_text()
        assert f'{notebook.name}"' in shown, f"{page.name} does not link to its notebook"


def test_notebook_is_plain_markdown(notebook: Path) -> None:
    for cell in read(notebook).cells:
        if cell.cell_type == "markdown":
            match = MYST.search(
                re.sub(r"^```\w+\n.*?^```", "", cell.source, flags=re.DOTALL | re.MULTILINE)
            )
            assert not match, f"MyST syntax is left: {match[0]!r} in {cell.source!r}"


def test_no_cell_wrote_a_warning(notebook: Path) -> None:
    """It would name a path of the machine that built the site."""
    said = [out.get("name") for cell in read(notebook).cells for out in cell.get("outputs", [])]
    assert "stderr" not in said


def words(text: str) -> str:
    """Return the words of HTML or Markdown, without marks and escapes."""
    plain = html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", " ", text))
    return " ".join(re.findall(r"[A-Za-z]{2,}", plain))


def test_notebook_says_what_the_page_says(site: Path, notebook: Path) -> None:
    page = (site / notebook.relative_to(site / "_sources")).with_suffix(".html").read_text()
    article = re.search(r"<article.*?</article>", page, re.DOTALL)[0]
    # neither what stands in for a widget nor the questions of earlier chapters is the page's text,
    # and formulas are typeset there
    page_only = (
        r'<noscript>.*?</noscript>|<figure class="static-widget-still">.*?</figure>'
        r'|<div class="predict-revisit">.*?"predict-forget-all"|<mjx-container.*?</mjx-container>'
    )
    text = re.sub(page_only, "", article, flags=re.DOTALL)
    paragraphs = [p for p in re.findall(r"<p>(.*?)</p>", text, re.DOTALL) if "<button" not in p]
    cells = [
        FORMULA.sub(" ", cell.source)
        for cell in read(notebook).cells
        if cell.cell_type == "markdown"
    ]
    # without the addresses of links and the states of links to widgets, which pages do not show
    said = words(
        re.sub(r"(?<=\])\([^)\s]*\)| \(`\w+=[^`]*`\)", "", "\n".join(cells)).replace(r"\<", " ")
    )
    lost = [paragraph for paragraph in paragraphs if words(paragraph) not in said]
    assert paragraphs
    assert not lost


def test_notebook_keeps_the_code_of_the_page(site: Path, notebook: Path) -> None:
    page = (notebook.with_suffix(".md")).read_text()
    cells = [cell for cell in read(notebook).cells if cell.cell_type == "code"]
    assert len(cells) == len(re.findall(r"^```\{code-cell\}", page, re.MULTILINE))


def test_notebook_has_valid_format_and_stable_ids(notebook: Path) -> None:
    content = read(notebook)
    nbformat.validate(content)
    assert len({cell.id for cell in content.cells}) == len(content.cells)


def test_notebook_reproduces_its_outputs(notebook: Path, narrow: dict[str, str]) -> None:
    """It was built with the widest kernel of OpenBLAS, and is run again with the narrowest."""
    content = read(notebook)
    check_has_outputs(content)
    shown = shown_by(notebook.with_suffix(".md"))
    assert not differences(content, shown, notebook.parent, narrow)


def test_notebook_without_outputs_is_noticed(site: Path) -> None:
    stripped = read(next(iter((site / "_sources").rglob("*.ipynb"))))
    check_has_outputs(stripped)
    for cell in stripped.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    with pytest.raises(AssertionError, match="no cell has an output"):
        check_has_outputs(stripped)


def test_changed_output_is_noticed(site: Path, tmp_path: Path) -> None:
    """Cut a notebook after its first text output, with a number in it; change that number."""
    honest = read(min((site / "_sources").rglob("*.ipynb"), key=lambda p: p.stat().st_size))
    last = next(i for i, cell in enumerate(honest.cells) if re.search(r"\d", "".join(texts(cell))))
    honest.cells = honest.cells[: last + 1]
    doctored = copy.deepcopy(honest)
    for output in doctored.cells[-1].outputs:
        for holder, key in ((output, "text"), (output.get("data", {}), "text/plain")):
            if key in holder:
                holder[key] = re.sub(
                    r"\d", lambda digit: str((int(digit[0]) + 1) % 10), holder[key]
                )
    assert not differences(honest, {}, tmp_path, os.environ)
    assert len(differences(doctored, {}, tmp_path, os.environ)) == 1
