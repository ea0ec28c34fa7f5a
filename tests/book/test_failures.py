"""A cell that fails is told in a few lines and shown on its page; everything else is built."""

from __future__ import annotations

from pathlib import Path

from tests.book.conftest import NOTEBOOK, build

FAILING = f"""{NOTEBOOK}
# Failing

```{{code-cell}} ipython3
x = 1
assert x == 2, "x is not two"
```

```{{code-cell}} ipython3
print("still" + " running")
```

```{{code-cell}} ipython3
:tags: [raises-exception]
1 / 0
```
"""
GOOD = f"""{NOTEBOOK}
# Good

```{{code-cell}} ipython3
print("all" + " well")
```
"""


def test_other_cells_and_pages_are_built_and_the_failure_is_told(tmp_path: Path) -> None:
    book = build(tmp_path, {"failing": FAILING, "good": GOOD})
    assert [line.strip() for line in book.warnings] == [
        "failing.md: WARNING: the cell `x = 1` failed",
        "AssertionError: x is not two",
    ]
    assert "all well" in book.page("good")
    page = book.page("failing")
    assert page.count("This cell failed when the page was built") == 1
    assert page.index("This cell failed") < page.index("x is not two") < page.index("still running")


def test_a_failure_is_told_again_and_a_repair_is_noticed(tmp_path: Path) -> None:
    first = build(tmp_path, {"failing": FAILING, "good": GOOD})
    again = build(tmp_path, {"failing": FAILING, "good": GOOD})
    assert again.warnings == first.warnings, "a cached failure passes for a result"
    repaired = build(tmp_path, {"failing": FAILING.replace("x == 2", "x == 1"), "good": GOOD})
    assert not repaired.warnings
    assert "This cell failed" not in repaired.page("failing")


def test_many_failures_of_a_page_are_counted(tmp_path: Path) -> None:
    cells = "".join(f"```{{code-cell}} ipython3\nassert {i} < 0\n```\n\n" for i in range(9))
    book = build(tmp_path, {"many": f"{NOTEBOOK}\n# Many\n\n{cells}"})
    assert len([line for line in book.warnings if "the cell" in line]) == 3
    assert "and 6 more cells failed" in book.warnings[-1]


def test_a_failure_that_the_page_does_not_show_is_told_under_its_title(tmp_path: Path) -> None:
    hidden = FAILING.replace("x = 1", ":tags: [remove-cell]\nx = 1")
    book = build(tmp_path, {"failing": hidden})
    assert book.page("failing").count("A hidden cell failed when the page was built") == 1
