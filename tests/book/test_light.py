"""What a page carries and loads at once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import nbformat
import pytest

from shallow.book.executed import WIDGET_STATE
from shallow.book.light import shown
from shallow.widgets import ThresholdExplorer
from tests.book.conftest import NOTEBOOK, SQUARE, build

if TYPE_CHECKING:
    from pathlib import Path

    from tests.book.conftest import Book

WORKING = f"""{NOTEBOOK}
# Working

```{{code-cell}} ipython3
from shallow.widgets import ThresholdExplorer
mine = ThresholdExplorer(threshold=2.5)
mine.threshold = 3
```

```{{code-cell}} ipython3
ThresholdExplorer(threshold=-1)
```

![A red square](square.svg)
"""
CARDS = """# Cards

::::{grid} 1
:::{grid-item-card} A card
:::
::::
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A page with a widget that is shown and one that is not, and a page with cards."""
    folder = tmp_path_factory.mktemp("light")
    (folder / "source").mkdir()
    (folder / "source" / "square.svg").write_text(SQUARE)
    return build(folder, {"working": WORKING, "cards": CARDS}, ["sphinx_design"])


def models(state: dict[str, object]) -> list[dict[str, object]]:
    """Return the states of the widgets among the models."""
    states = [model["state"] for model in state.values()]
    return [found for found in states if "_esm" in found or "_code" in found]


def state_in(page: str) -> dict[str, object]:
    """Return the models that a page carries."""
    text = re.search(rf'<script type="{re.escape(WIDGET_STATE)}">(.*?)</script>', page)[1]
    return json.loads(text)["state"]


def test_models_in_use_are_kept_in_their_order() -> None:
    made = {
        "a": {"state": {"layout": "IPY_MODEL_d"}},
        "b": {"state": {}},
        "c": {"state": {"children": ["IPY_MODEL_a"]}},
        "d": {"state": {"self": "IPY_MODEL_d"}},
    }
    assert list(shown(made, ["c"])) == ["a", "c", "d"]
    assert list(shown(made, ["b", "b", "gone"])) == ["b"]


def test_page_carries_the_widgets_that_it_shows(book: Book) -> None:
    (carried,) = models(state_in(book.page("working")))
    assert carried["threshold"] == -1


def test_notebook_keeps_all_widgets_with_the_same_code(book: Book) -> None:
    path: Path = book.html / "_sources" / "working.ipynb"
    state = nbformat.read(path, as_version=4).metadata["widgets"][WIDGET_STATE]["state"]
    kept = models(state)
    assert sorted(one["threshold"] for one in kept) == [-1, 3]
    (carried,) = models(state_in(book.page("working")))
    name, address = carried["_code"]
    script = (book.html / address).read_text(encoding="utf-8")
    code = json.loads(script.partition(f'["{name}"] = ')[2].removesuffix(";\n"))
    assert code["_esm"] == kept[0]["_esm"] == ThresholdExplorer()._esm


def test_figures_are_fetched_late(book: Book) -> None:
    (image,) = re.findall(r"<img [^>]*square[^>]*>", book.page("working"))
    assert 'loading="lazy"' in image


def test_all_pages_share_one_style(book: Book) -> None:
    for name in ("working", "cards", "index"):
        (link,) = re.findall(r'<link[^>]*rel="stylesheet"[^>]*>', book.page(name))
        assert "_static/book.css?v=" in link
    assert ".sd-card" in (book.html / "_static" / "book.css").read_text(encoding="utf-8")


def test_only_the_search_page_loads_the_index_of_the_book(book: Book) -> None:
    assert "sections.js" in book.page("search")
    assert not re.search(r"sections.js|searchindex.js", book.page("working"))


def test_a_press_does_not_look_through_the_whole_page(site: Path) -> None:
    script = (site / "_static" / "scripts" / "bootstrap.js").read_text(encoding="utf-8")
    assert script.count(".matches?.(") == 1
    assert not re.search(r"querySelectorAll\(\w+\);for\(let\{target:", script)
