"""Every page of the built site, in real Chromium: nothing leaves the machine, everything works."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.conftest import MOUNTED

SITE = Path(os.environ.get("SHALLOW_SITE", Path(__file__).parents[2] / "_build" / "html"))
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}

pytestmark = pytest.mark.spread

# What the browser tells of a page, in one go.
LOOK = r"""
async () => {
  const main = document.querySelector("main");
  const shown = (node) => node.checkVisibility();
  const fonts = [...document.fonts].filter((font) => /^"?MJX/.test(font.family));
  await Promise.allSettled(fonts.map((font) => font.load()));
  const images = [...main.querySelectorAll("img")];
  for (const image of images) image.loading = "eager"; // figures wait for a reader who comes near
  await Promise.allSettled(images.map((image) => image.decode()));
  return {
    math: document.querySelectorAll(".math").length,
    typeset: document.querySelectorAll(".math mjx-container mjx-math").length,
    fonts: fonts.map((font) => font.status),
    wrong: [...document.querySelectorAll("mjx-merror, [data-mjx-error]")].map((n) => n.textContent),
    raw: main.innerText.match(/.{0,40}\\(?:\(|\[|begin\{).{0,40}/)?.[0] ?? null,
    headings: [...main.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown)
      .map((h) => [Number(h.tagName[1]), h.textContent.trim()]),
    images: images
      .filter((i) => i.getAttribute("role") !== "presentation")
      .map((i) => [i.getAttribute("src"), i.getAttribute("alt"), i.complete && i.naturalWidth > 0]),
    widgets: document.querySelectorAll("script[type='application/vnd.jupyter.widget-view+json']")
      .length,
  };
}
"""

WIDER_THAN_THE_SCREEN = """
async () => {
  const width = document.documentElement.clientWidth;
  for (let frame = 0; document.scrollingElement.scrollWidth > width; frame++) {
    if (frame === 100) break; // widgets have had their time to follow the screen
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (document.scrollingElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *")]
    .filter((n) => n.getBoundingClientRect().right > width + 1)
    .map((n) => `${n.tagName}.${n.className} to ${n.getBoundingClientRect().right}`);
}
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `name` on each page of the site, whatever its chapters are."""
    if "name" in metafunc.fixturenames:
        left_out = {*SITE.glob("_static/**/*.html")}
        if metafunc.function is not test_page:
            left_out.add(SITE / "404.html")  # its addresses begin at the root of a server
        pages = sorted({*SITE.rglob("*.html")} - left_out)
        metafunc.parametrize("name", [path.relative_to(SITE).as_posix() for path in pages])


def test_there_is_a_site(site: Path) -> None:
    assert len(list(site.rglob("*.html"))) > 1


def open_page(page: Page, url: str) -> dict:
    """Load a page, wait until its widgets are there, and return what `LOOK` sees."""
    page.goto(url)
    page.evaluate(MOUNTED)
    seen = page.evaluate(LOOK)
    if seen["widgets"]:
        page.wait_for_function(MOUNTED)
    return seen


def check_math(seen: dict) -> Iterator[str]:
    if seen["typeset"] < seen["math"]:
        yield f"{seen['math']} formulas, but only {seen['typeset']} are typeset"
    if seen["math"] and "loaded" not in seen["fonts"]:
        yield "no font for formulas was loaded"
    if "error" in seen["fonts"]:
        yield "a font for formulas is missing"
    yield from (f"formula in error: {text}" for text in seen["wrong"])
    if seen["raw"]:
        yield f"raw TeX in the text: {seen['raw']}"


def check_structure(seen: dict) -> Iterator[str]:
    levels = [level for level, _ in seen["headings"]]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    for (before, _), (level, title) in zip(seen["headings"], seen["headings"][1:], strict=False):
        if level > before + 1:
            yield f"heading {title!r} of level {level} follows one of level {before}"
    for source, alt, is_loaded in seen["images"]:
        if not alt or "_images/" in alt or alt == source:
            yield f"image {source} needs an alternative text, not {alt!r}"
        if not is_loaded:
            yield f"image {source} is not shown"


# Plots none of whose curves comes near it: a path that is spelt wrong is drawn elsewhere.
EMPTY_PLOTS = """
widget => [...widget.querySelectorAll(".sw-plot")].filter((plot) => {
  const { x, y, width, height } = plot.querySelector(".sw-hot").getBBox();
  const curves = [...plot.querySelectorAll("path[clip-path]:not([d=''])")];
  const boxes = curves.map((path) => path.getBBox());
  return boxes.length && !boxes.some((box) => box.x <= x + width && box.x + box.width >= x
    && box.y <= y + height && box.y + box.height >= y);
}).map((plot) => plot.querySelector("[role=img]").getAttribute("aria-label"))
"""


# Whether a reader who skips a widget still has one of its tab stops before what follows it.
TRAPPED = """
() => [...document.querySelectorAll(".sw")].map((widget) => {
  const [skip] = widget.querySelectorAll("button, a[href], input, select, [tabindex='0']");
  if (skip.textContent !== "Skip this widget") return true;
  skip.focus();
  skip.click();
  const end = document.activeElement;
  const stops = [...widget.querySelectorAll("button, a[href], input, select, [tabindex='0']")];
  return end === skip || stops.some((stop) => end.compareDocumentPosition(stop) & 4);
})
"""


def check_widgets(page: Page, seen: dict) -> Iterator[str]:
    """Move a control of each widget until its sentence says something else."""
    for number, kept in enumerate(page.evaluate(TRAPPED), 1):
        if kept:
            yield f"widget {number} cannot be skipped"
    page.evaluate("document.querySelectorAll('.sw-fold').forEach((f) => { f.open = true; })")
    widgets = page.locator(".static-widget").all()
    if len(widgets) != seen["widgets"]:
        yield f"{seen['widgets']} widgets, but {len(widgets)} are mounted"
    for number, widget in enumerate(widgets, 1):
        if is_alert(widget):
            yield f"widget {number}: {widget.text_content()}"
        elif not any(answers(widget, slider) for slider in sliders(widget)):
            yield f"widget {number}: no slider changes what it says"
        yield from (f"an empty plot: {label}" for label in widget.evaluate(EMPTY_PLOTS))
    for widget in widgets:  # each is read out a while after its last change: all wait at once
        if not is_alert(widget):
            said = widget.locator(".sw-sentence").text_content()
            expect(widget.locator("[role=status]").first).to_have_text(said)


def sliders(widget: Locator) -> list[Locator]:
    """Return what has the role of a slider."""
    return widget.locator("[role=slider], input[type=range]").filter(visible=True).all()


def is_alert(widget: Locator) -> bool:
    """Say whether a widget could not start."""
    return widget.get_attribute("role") == "alert"


def answers(widget: Locator, slider: Locator) -> bool:
    """Say whether a press of an arrow key on `slider` changes what the widget says of its state."""
    sentence = widget.locator(".sw-sentence")
    before = sentence.text_content()
    for key in ("ArrowRight", "ArrowLeft"):  # it may be at its limit, or not in the sentence
        slider.press(key)
        if sentence.text_content() != before:
            return True
    return False


# Most elements of a page are parts of formulas, which have the colour of the text around them, or
# tokens of code, which repeat a few colours; axe is quicker without them.
THIN_OUT = """
() => {
  const formulas = document.querySelectorAll("mjx-container:not(label *)"); // those name something
  for (const formula of formulas) formula.replaceChildren();
  const kinds = new Set();
  for (const token of document.querySelectorAll(".highlight span[class]")) {
    if (kinds.has(token.className)) token.replaceWith(...token.childNodes);
    kinds.add(token.className);
  }
}
"""


# Blocks of text whose parts all lie in the same elements, by their classes and styles, as parts of
# blocks before them have their colours, too: axe looks at the contrast of each of these only once.
ONE_OF_A_KIND = """
() => {
  const blocks = "p, li, tr, dt, dd, pre, figcaption, summary, legend, h1, h2, h3, h4, h5, h6";
  const looks = (n) => ["class", "style", "data-theme"]
    .map((name) => n.getAttribute(name)?.replace(/--height:[^;]*;?/, "")); // of a section: no look
  const path = (n) => n && `${path(n.parentElement)} ${n.tagName} ${looks(n)}`;
  const text = (n) => [...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
  const seen = new Set();
  for (const block of document.querySelectorAll(blocks)) {
    if (block.closest(".sw") || block.querySelector(blocks)) continue;
    const kinds = [block, ...block.querySelectorAll("*")].filter(text).map(path);
    if (kinds.every((kind) => seen.has(kind))) block.remove();
    kinds.forEach((kind) => seen.add(kind));
  }
}
"""
# Whether a page has the colours of a theme, to which some of them glide.
COLOURED = """
theme => document.documentElement.dataset.theme === theme
  && document.getAnimations().every((glide) => glide.playState === "finished")
"""
CONTRAST = ["color-contrast", "link-in-text-block"]


def check_accessible(page: Page) -> Iterator[str]:
    """Look at all but colours once, and at these in both themes."""
    page.emulate_media(reduced_motion="reduce")
    yield from violations(page, "light", {"rules": {rule: {"enabled": False} for rule in CONTRAST}})
    page.evaluate(ONE_OF_A_KIND)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_function(COLOURED, arg=theme)
        yield from violations(page, theme, {"runOnly": CONTRAST})


def violations(page: Page, theme: str, rules: dict) -> Iterator[str]:
    # Without `preload` axe fetches no style sheets by itself, which would count as failed requests.
    options = {"preload": False, "resultTypes": ["violations"], **rules}
    for violation in Axe().run(page, options=options).response["violations"]:
        if violation["impact"] in {"serious", "critical"}:
            for node in violation["nodes"]:
                yield f"axe, {theme}: {violation['id']}: {node['html']} {node['failureSummary']}"


# Whether the first formula in sight of a reader is typeset, in its font; so if there is none.
FIRST_FORMULA = """
() => {
  const first = [...document.querySelectorAll("main .math")].find((n) => n.checkVisibility());
  first?.scrollIntoView();
  return !first || (first.querySelector("mjx-math")
    && [...document.fonts].some((f) => /^"?MJX/.test(f.family) && f.status === "loaded"));
}
"""

# The keyboard reaches what scrolls, as soon as it is shown.
TAB_STOPS = """
() => [...document.querySelectorAll("main pre")].every((pre) => !pre.checkVisibility() ||
  (pre.scrollWidth > pre.clientWidth || pre.scrollHeight > pre.clientHeight)
    === (pre.tabIndex === 0))
"""


def test_page(page: Page, watched, site_url: str, name: str) -> None:
    seen = open_page(page, f"{site_url}/{name}")
    problems = [*check_math(seen), *check_structure(seen), *check_widgets(page, seen)]
    page.set_viewport_size(PHONE)
    problems += [f"wider than a phone: {node}" for node in page.evaluate(WIDER_THAN_THE_SCREEN)]
    page.set_viewport_size(DESK)
    page.wait_for_function(TAB_STOPS)
    page.evaluate(THIN_OUT)
    problems += check_accessible(page)
    assert not (watched.problems + problems), "\n".join([name, *watched.problems, *problems])


def test_page_opened_as_a_file(page: Page, watched, site: Path, name: str) -> None:
    """Without a server, too, a page finds its scripts, the fonts of its formulas, its widgets."""
    page.goto((site / name).as_uri())
    page.wait_for_function(FIRST_FORMULA)
    widgets = page.locator("script[type='application/vnd.jupyter.widget-view+json']").count()
    if widgets:
        page.wait_for_function(MOUNTED)
    problems = [*watched.problems, *check_widgets(page, {"widgets": widgets})]
    assert not problems, "\n".join([name, *problems])


@functools.cache
def anchors(path: Path) -> Anchors:
    """Return what a page refers to and offers; read once, as many pages refer to it."""
    return Anchors(path.read_text(encoding="utf-8"))


class Anchors(HTMLParser):
    """The addresses that a page refers to, and the ids that it offers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        is_widget_link = "widget-link" in (given.get("class") or "").split()
        if not is_widget_link:
            self.addresses += [given[key] or "" for key in ("href", "src") if key in given]


def test_links_and_downloads_exist(site: Path, name: str) -> None:
    broken = []
    for address in anchors(site / name).addresses:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (site / name).parent / unquote(parts.path) if parts.path else site / name
        exists = target.is_file()
        if exists and parts.fragment and target.suffix == ".html":
            exists = unquote(parts.fragment) in anchors(target.resolve()).ids
        if not exists:
            broken.append(address)
    assert not broken, f"{name} refers to {broken}"
