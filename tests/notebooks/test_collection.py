"""The repository's ``conftest.py`` runs each chapter's cells, and a wrong number fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.support.kernel_ports import BLOCK

ROOT = Path(__file__).parents[2]

CHAPTER = """---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---

# Half

```{code-cell} ipython3
half = 1 / 2
half
```

```{code-cell} ipython3
:tags: [hide-input]
assert half == 0.50
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """An empty repository with this repository's collection hook."""
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "chapters").mkdir()
    return tmp_path


def test_each_code_cell_is_a_test(book: Path, run_pytest) -> None:
    (book / "chapters" / "half.md").write_text(CHAPTER)
    (book / "chapters" / "prose.md").write_text("# No code here\n")
    result = run_pytest(book, "chapters")
    assert "2 passed" in result.stdout, result.stdout


def test_one_chapter_can_be_named(book: Path, run_pytest) -> None:
    for name in ("half", "other"):
        (book / "chapters" / f"{name}.md").write_text(CHAPTER)
    result = run_pytest(book, "--collect-only", "chapters/half.md")
    assert "2 tests collected" in result.stdout, result.stdout


def test_wrong_number_in_a_chapter_fails(book: Path, run_pytest) -> None:
    """Change every decimal number that the first chapter with such an assert asserts."""
    for path in sorted((ROOT / "chapters").glob("*.md")):
        text = path.read_text()
        wrong = re.sub(r"^( *assert .*)$", _change_decimals, text, flags=re.MULTILINE)
        if wrong != text:
            break
    else:
        pytest.fail("no chapter asserts a decimal number")
    (book / "chapters" / path.name).write_text(wrong)
    result = run_pytest(book, "-x", "chapters")
    assert "1 failed" in result.stdout, result.stdout


def _change_decimals(line: re.Match[str]) -> str:
    return re.sub(r"(?<![\w.])\d+\.\d+", lambda number: f"1{number[0]}", line[0])


def test_cells_of_a_chapter_stay_in_one_process(book: Path, run_pytest) -> None:
    """The second cell needs the first, whatever number of processes a contributor types."""
    for name in ("half", "other"):
        (book / "chapters" / f"{name}.md").write_text(CHAPTER)
    result = run_pytest(book, "-p", "xdist.plugin", "-n", "2", "chapters")
    assert "4 passed" in result.stdout, result.stdout


def test_whoever_runs_it(book: Path, run_pytest, monkeypatch) -> None:
    """No home, a strict umask, another time zone, no locale, a folder of spaces and umlauts."""
    folder = book.rename(book.parent / "Käthes Kurs")
    keeps = "import matplotlib\nassert '/Käthes Kurs/_build/' in matplotlib.get_configdir()"
    chapter = CHAPTER.replace("assert half == 0.50", keeps)
    (folder / "chapters" / "half.md").write_text(chapter, encoding="utf-8")
    for name, value in {"HOME": os.devnull, "LC_ALL": "C", "TZ": "Asia/Kathmandu"}.items():
        monkeypatch.setenv(name, value)
    old = os.umask(0o077)
    result = run_pytest(folder, "chapters")
    os.umask(old)
    assert "2 passed" in result.stdout, result.stdout


def test_two_processes_hold_different_blocks_of_ports() -> None:
    code = (
        "from tests.support.kernel_ports import find_available_port as find\n"
        "print(find(), flush=True); input()"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
        for _ in range(2)
    ]
    ports = [int(run.stdout.readline()) for run in runs]
    for run in runs:
        run.communicate("\n")
    assert ports[0] // BLOCK != ports[1] // BLOCK
