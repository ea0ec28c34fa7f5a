"""A small book, built with the extension: what the tests of `shallow.book` look at."""

from __future__ import annotations

import functools
import io
import multiprocessing
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ROOT = Path(__file__).parents[2]
CONFIG = {
    "extensions": ["myst_nb", "shallow.book"],
    "html_theme": "sphinx_book_theme",
    "html_static_path": [str(ROOT / "assets")],
    "myst_enable_extensions": ["amsmath", "colon_fence", "deflist", "dollarmath"],
    "nb_execution_allow_errors": True,
    "nb_execution_mode": "cache",
    "nb_ipywidgets_js": {"static-widgets.js": {"defer": "defer"}},
    "numfig": True,
}
# The books have the style of one theme: to read it takes longer than all else of a small book.
tinycss2.parse_stylesheet = functools.cache(tinycss2.parse_stylesheet)
# What a page with cells begins with; a kernel is started for it.
NOTEBOOK = """---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---
"""


@dataclass
class Book:
    """A built book.

    Attributes
    ----------
    html : path
        Directory of the site.
    warnings : list of str
        What the build warned of, without colours and without the source directory.
    """

    html: Path
    warnings: list[str]

    def page(self, name: str) -> str:
        """Return the source of a page."""
        return (self.html / f"{name}.html").read_text()


def build(
    folder: Path,
    pages: dict[str, str],
    extensions: Sequence[str] = (),
    settings: dict[str, Any] | None = None,
) -> Book:
    """Build a book of pages, in their order, into `folder`; with more extensions or settings."""
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    toctree = "\n".join(["# Home", "", "```{toctree}", *pages, "```", ""])
    for name, text in {"index": toctree, **pages}.items():
        (source / f"{name}.md").write_text(text)
    warnings = io.StringIO()
    config = CONFIG | {"extensions": [*CONFIG["extensions"], *extensions]} | (settings or {})
    before, others = Path.cwd(), multiprocessing.active_children()
    with docutils_namespace():
        app = Sphinx(
            source, None, folder / "html", folder / "doctrees", "html", config, None, warnings
        )
        app.build()
    os.chdir(before)
    for server in set(multiprocessing.active_children()) - set(others):  # the sitemap's queue
        server.terminate()  # else it keeps a browser's pipes open, and the tests never end
        server.join()
    plain = re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue()).replace(f"{source}/", "")
    return Book(folder / "html", plain.splitlines())


EVERYTHING = f"""{NOTEBOOK}
(top)=
# Everything

See {{ref}}`top`, {{numref}}`the-square`, {{numref}}`the-table`, {{eq}}`bayes`,
{{term}}`recall`, {{doc}}`index`, [the index](index.md), [outside](https://example.org/a_b),
{{math}}`a|b`, `code_name`, snake_case, 3 < 4, $5\\$.

```{{code-cell}} ipython3
:tags: [hide-input]
import numpy as np
from shallow.prose import glue
from shallow.widgets import ThresholdExplorer

glue(ppv=8.3456, slope=-0.25)
print("printed")
```

```{{math}}
:label: bayes
p &= 1 \\\\
  &= 2
```

## Blocks

The value is {{glue:text}}`ppv:.1f`, the slope {{glue:text}}`slope`.
A footnote.[^note]

[^note]: Below.

:::{{note}}
A list:
- one with $x$
- two
:::

:::{{admonition}} Worked example
:class: dropdown
Hidden.
:::

:::{{glossary}}
recall
  The share of positives found.
:::

```{{table}} Rates
:name: the-table
| rate | formula |
|---|---|
| recall | $P(a \\vert b)$ |
```

```{{figure}} square.svg
:alt: A red square
:name: the-square

The square.
```

1. first
2. second

   ```python
   x = 1
   ```

\\begin{{align}}
a &= b \\\\
c &= d
\\end{{align}}

```{{code-cell}} ipython3
:tags: [remove-cell]
secret = 1
```

```{{predict}} sure
Sure?

- [x] Yes. -- As $1 = 1$.
- [ ] No. -- It is.
```

```{{code-cell}} ipython3
ThresholdExplorer()
```

Move it {{widget}}`up <threshold?threshold=0.5&shape=uniform>`,
{{widget}}`too far <threshold?threshold=50>`, {{widget}}`amiss <threshold?thresholds=0.5>`,
{{widget}}`elsewhere <threshold-2?seed=1>` or {{widget}}`nowhere`.

```{{revisit}}
```
"""
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of one page that uses all that a chapter may use, well and badly."""
    folder = tmp_path_factory.mktemp("everything")
    (folder / "source").mkdir()
    (folder / "source" / "square.svg").write_text(SQUARE)
    return build(folder, {"everything": EVERYTHING})


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that look at that book in one process of xdist: it is built once."""
    for item in items:
        if {"everything", "published"} & {*getattr(item, "fixturenames", ())}:  # one test has both
            item.add_marker(pytest.mark.xdist_group("everything"))
