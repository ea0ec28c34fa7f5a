"""The alternative text of a figure says the numbers that the cells computed."""

from __future__ import annotations

import pytest

from tests.book.conftest import NOTEBOOK, build

PAGE = f"""{NOTEBOOK}
# Slope

```{{code-cell}} ipython3
---
mystnb:
  image:
    alt: >-
      A line that falls by {{glue:text}}`slope:.2f`,
      for {{glue:text}}`share:.0%` of its {{glue:text}}`length` points; "{{glue:text}}`other:.1f`".
---
from matplotlib import pyplot as plt
from shallow.prose import glue

plt.plot([0, 1], [0, -0.25])
plt.show()
```

```{{code-cell}} ipython3
:tags: [remove-cell]
glue(slope=-0.254, share=0.937, length=12, word="long")
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory):
    return build(tmp_path_factory.mktemp("alternatives"), {"slope": PAGE})


def test_values_are_put_in(book) -> None:
    assert 'alt="A line that falls by −0.25, for 94% of its 12 points; ' in book.page("slope")


def test_unknown_name_is_a_warning(book) -> None:
    warnings = [line for line in book.warnings if "alternative text" in line]
    assert len(warnings) == 1
    assert "slope.md" in warnings[0]
    assert "`other:.1f`" in warnings[0]
