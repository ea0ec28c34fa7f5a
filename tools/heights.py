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
SCREENS = (320, 360, 390, 430, 520, 640, 768, 1000, 1280, 1366, 1920)
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
            page.goto(f"{server.url}/{path.relative_to(site).as_posix()}")
            if not page.locator(".static-widget").count():
                continue
            page.wait_for_function(MOUNTED)
            names = page.evaluate(
                "[...document.querySelectorAll('.static-widget')].map((n) => n.dataset.widget)"
            )
            for width in SCREENS:
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_timeout(400)
                seen = set()
                for name, (wide, high) in zip(names, page.evaluate(MEASURE), strict=True):
                    if name not in seen:
                        heights.setdefault(name, {})[wide] = high
                    seen.add(name)
        browser.close()
    server.stop()
    ordered = {name: dict(sorted(found.items())) for name, found in sorted(heights.items())}
    TARGET.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
