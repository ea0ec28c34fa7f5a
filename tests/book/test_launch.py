"""Buttons that run a notebook elsewhere, and the notebooks that run there."""

from __future__ import annotations

import re

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from shallow.book.downloads import WHEEL
from shallow.book.launch import launched, places
from tests.book.conftest import NOTEBOOK, build

REPOSITORY = "https://github.com/someone/book"
HUB = "https://hub.example.org"
PAGE = f"""{NOTEBOOK}
# One

A page whose notebook runs elsewhere says enough to be described by its words.

```{{code-cell}} ipython3
from shallow.data import noisy_sine
len(noisy_sine(10)[0])
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book whose repository and hub are named."""
    options = {"repository_url": REPOSITORY, "launch_buttons": {"jupyterhub_url": HUB}}
    settings = {"html_theme_options": options}
    return build(tmp_path_factory.mktemp("launch"), {"one": PAGE}, settings=settings)


def test_each_place_opens_the_notebook_of_the_page(book) -> None:
    page = book.page("one")
    expected = places(REPOSITORY, HUB, "one.ipynb")
    assert list(expected) == ["Colab", "Binder", "JupyterHub"]
    for url, _ in expected.values():
        assert f'href="{url.replace("&", "&amp;")}"' in page
    assert (
        expected["Colab"][0]
        == "https://colab.research.google.com/github/someone/book/blob/notebooks/one.ipynb"
    )
    assert "Colab" not in book.page("index"), "a page without a notebook"


def test_without_a_repository_nothing_is_offered(everything) -> None:
    assert places("", HUB, "one.ipynb") == {}
    assert not re.search("launch-(colab|binder|jupyterhub)-button", everything.page("everything"))
    assert not (everything.html.parent / "launch").exists()


def test_elsewhere_than_on_github_binder_takes_the_whole_address() -> None:
    found = places("https://git.example.org/a/book.git", "", "one.ipynb")
    assert list(found) == ["Binder"]
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fa%2Fbook.git/notebooks?" in found["Binder"][0]


def test_the_notebook_runs_from_a_clean_kernel(book) -> None:
    folder = book.html.parent / "launch"
    assert (folder / WHEEL).is_file()
    assert f"./{WHEEL}" in (folder / "requirements.txt").read_text().splitlines()
    notebook = nbformat.read(folder / "one.ipynb", as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert f"%pip install --quiet {REPOSITORY}/raw/notebooks/{WHEEL} " in code[0]
    shell = InteractiveShell()
    for cell in code:
        shell.run_cell(cell).raise_error()


def test_outputs_and_states_stay_behind(book) -> None:
    notebook = nbformat.read(book.html / "_sources" / "one.ipynb", as_version=4)
    assert any(cell.get("outputs") for cell in notebook.cells)
    bare = launched(notebook, "wheel")
    assert not any(cell.get("outputs") for cell in bare.cells)
    assert "widgets" not in bare.metadata
