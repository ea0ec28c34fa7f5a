"""Measure how high each widget is at the widths of a page: the space that it reserves.

Run it on the built site after the look of a widget has changed: ``python -m tools.heights``.
"""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM_FLAGS, MOUNTED, Server, chromium_path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "shallow" / "book" / "heights.json"
# A widget decides what is unfolded as it is made: each group begins with a load of the page.
# In a window that is wide and high it is wider than the text.
SCREENS = (
    (900, (320, 360, 390, 430, 520, 640)),
    (800, (768, 1000, 1280, 1366, 1920)),
    (900, (1400, 1920)),
)
MEASURE = """
() => [...document.querySelectorAll(".static-widget")].map((node) =>
  [Math.round(node.clientWidth), Math.ceil(node.getBoundingClientRect().height)])
"""


def main() -> None:
    """Write ``{class: {width: height}}`` for the first widget of each class on each page."""
    site = ROOT / "_build" / "html"
    server = Server(site)
    heights: dict[str, dict[int, int]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = browser.new_page()
        for path in sorted(site.glob("**/*.html")):
            if 'class="static-widget"' not in path.read_text(encoding="utf-8"):
                continue
            address = f"{server.url}/{path.relative_to(site).as_posix()}"
            for high, width, first in ((h, w, w == ws[0]) for h, ws in SCREENS for w in ws):
                page.set_viewport_size({"width": width, "height": high})
                if first:
                    page.goto(address)
                    page.wait_for_function(MOUNTED)
                page.wait_for_timeout(400)
                names = page.evaluate(
                    "[...document.querySelectorAll('.static-widget')].map((n) => n.dataset.widget)"
                )
                seen = set()
                for name, (wide, tall) in zip(names, page.evaluate(MEASURE), strict=True):
                    if wide and name not in seen:  # one that is folded has no size
                        heights.setdefault(name, {})[wide] = tall
                    seen.add(name)
        browser.close()
    server.stop()
    ordered = {name: dict(sorted(found.items())) for name, found in sorted(heights.items())}
    TARGET.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
