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


def test_all_else_is_built_and_a_failure_is_told_until_it_is_repaired(tmp_path: Path) -> None:
    book = build(tmp_path, {"failing": FAILING, "good": GOOD})
    assert [line.strip() for line in book.warnings] == [
        "failing.md: WARNING: the cell `x = 1` failed",
        "AssertionError: x is not two",
    ]
    assert "all well" in book.page("good")
    page = book.page("failing")
    assert page.count("This cell failed when the page was built") == 1
    assert page.index("This cell failed") < page.index("x is not two") < page.index("still running")
    again = build(tmp_path, {"failing": FAILING, "good": GOOD})
    assert again.warnings == book.warnings, "a cached failure passes for a result"
    repaired = build(tmp_path, {"failing": FAILING.replace("x == 2", "x == 1"), "good": GOOD})
    assert not repaired.warnings
    assert "This cell failed" not in repaired.page("failing")


def test_many_failures_are_counted_and_a_hidden_one_is_told_under_the_title(tmp_path: Path) -> None:
    hidden = FAILING.replace("x = 1", ":tags: [remove-cell]\nx = 1")
    cells = "".join(f"```{{code-cell}} ipython3\nassert {i} < 0\n```\n\n" for i in range(9))
    book = build(tmp_path, {"hidden": hidden, "many": f"{NOTEBOOK}\n# Many\n\n{cells}"})
    assert len([line for line in book.warnings if "many.md: WARNING: the cell" in line]) == 3
    assert "and 6 more cells failed" in book.warnings[-1]
    assert book.page("hidden").count("A hidden cell failed when the page was built") == 1
