"""Nothing that a reader or student can get holds a reference solution or a hidden test.

A leak is any run of `RUN` words (names, keywords and numbers) of a hidden region that the visible
parts of its notebook do not hold. Punctuation, white space, line breaks, mark-up and escapes do not
matter, so a leak is found in HTML, JSON, a search index or an archive, reformatted or not;
what many programs share, such as ``rng = np.random.default_rng(0)``, is too short to be one, and a
truth table has too few `DIFFERENT` words.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.exercises.hidden import REGION

ROOT = Path(__file__).parents[2]
RUN = 12
DIFFERENT = 4

_ESCAPE = re.compile(r'\\+(?:u([0-9a-fA-F]{4})|[nrt"\\/])')
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_WORD = re.compile(r"\w+")

Runs = frozenset[tuple[str, ...]]


def words(text: str) -> list[str]:
    """Return the words of a text, freed from JSON's and HTML's escapes."""
    plain = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else " ", text)
    return _WORD.findall(html.unescape(html.unescape(plain)))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each run of `RUN` words of a text."""
    found = words(text)
    return zip(*(found[i:] for i in range(RUN)), strict=False)


def secret_runs(root: Path = ROOT) -> Runs:
    """Return what must not be found, from all source notebooks."""
    hidden: set[tuple[str, ...]] = set()
    visible: set[tuple[str, ...]] = set()
    for path in root.glob("solutions/**/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            visible.update(runs(REGION.sub("", cell.source)))
            for _, region in REGION.findall(cell.source):
                hidden.update(runs(region))
    return frozenset(run for run in hidden - visible if len(set(run)) >= DIFFERENT)


def leaks_in(content: bytes, secrets: Runs) -> set[str]:
    """Return the secrets that a file holds, in any member if it is an archive."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set().union(
                *(leaks_in(archive.read(name), secrets) for name in archive.namelist())
            )
    text = content.decode("utf-8", errors="replace")
    forms = (
        [text, _TAG.sub(" ", html.unescape(text)), _TAG.sub(" ", text)] if "<" in text else [text]
    )
    return {" ".join(run) for form in forms for run in runs(form) if run in secrets}


def leaks_below(folder: Path, secrets: Runs) -> dict[str, set[str]]:
    """Return the secrets of each file below a folder that holds some."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = {str(path): leaks_in(path.read_bytes(), secrets) for path in files}
    return {path: leaks for path, leaks in found.items() if leaks}


@pytest.fixture(scope="module")
def secrets() -> Runs:
    return secret_runs()


@pytest.fixture(scope="module")
def region() -> str:
    """A hidden region, long enough to matter."""
    for path in sorted(ROOT.glob("solutions/**/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for _, text in REGION.findall(cell.source):
                if len(words(text)) >= 4 * RUN and "<" in text:
                    return text
    pytest.fail("no solution has a hidden region with a comparison to plant")


@pytest.mark.slow
def test_site_leaks_nothing(site: Path, secrets: Runs) -> None:
    assert leaks_below(site, secrets) == {}


def test_exercises_leak_nothing(secrets: Runs) -> None:
    assert leaks_below(ROOT / "exercises", secrets) == {}


def test_every_source_has_secrets() -> None:
    for path in ROOT.glob("solutions/**/*.ipynb"):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        kinds = {kind for kind, _ in REGION.findall(text)}
        assert kinds == {"SOLUTION", "HIDDEN TESTS"}, f"{path.name} hides {kinds}"


def as_text(text: str) -> bytes:
    return f"before {text} after".encode()


def as_html(text: str) -> bytes:
    return f"<pre>{html.escape(text)}</pre>".encode()


def as_highlighted_html(text: str) -> bytes:
    spans = re.sub(r"(\w+)", r'<span class="n">\1</span>', html.escape(text, quote=False))
    return spans.replace('&<span class="n">lt</span>;', "&lt;").encode()


def as_notebook(text: str) -> bytes:
    cell = {"cell_type": "code", "source": text.splitlines(keepends=True)}
    return json.dumps({"cells": [cell]}, indent=1).encode()


def as_search_index(text: str) -> bytes:
    return f"Search.setIndex({json.dumps({'titles': [html.escape(text)]})})".encode()


def as_archive(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/notebook.ipynb", as_notebook(text))
    return buffer.getvalue()


def as_one_line(text: str) -> bytes:
    return re.sub(r"\s+", " ", text).replace('"', "'").encode()


@pytest.mark.parametrize(
    "form",
    [
        as_text,
        as_html,
        as_highlighted_html,
        as_notebook,
        as_search_index,
        as_archive,
        as_one_line,
    ],
)
def test_planted_secret_is_found(form, region: str, secrets: Runs, tmp_path: Path) -> None:
    (tmp_path / "planted").write_bytes(form(region))
    assert leaks_below(tmp_path, secrets), f"a leak in the form {form.__name__} went unseen"


def test_a_few_lines_of_a_region_are_enough(region: str, secrets: Runs) -> None:
    lines = [line for line in region.splitlines() if line.strip()]
    start = next(i for i in range(len(lines)) if set(runs("\n".join(lines[i : i + 4]))) & secrets)
    assert leaks_in("\n".join(lines[start : start + 4]).encode(), secrets)


def test_common_code_is_no_leak(secrets: Runs) -> None:
    common = "import numpy as np\n\nrng = np.random.default_rng(0)\nx = np.asarray(x)\nreturn x\n"
    assert not leaks_in(common.encode(), secrets)
