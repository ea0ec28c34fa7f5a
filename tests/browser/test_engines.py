"""Every widget in Firefox and in WebKit: opened, dragged, pressed, read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.browser.engines import ENGINES, Engine, drag, missing, wait_for
from tests.browser.handles import DRAG, HANDLES, PLACE, STATES, off_its_way, way_of
from tests.conftest import MOUNTED

PAGES = {**STATES, "chapters/backprop": ["network", "tape"], "chapters/regularisation": ["digits"]}
WIDGET = "const widget = document.querySelector('.sw[data-tested]');"
# Its buttons that change it; how often one can be pressed is seen as they are pressed.
BUTTONS = """
const buttons = [...widget.querySelectorAll(".sw-body button")]
  .filter((node) => node.checkVisibility() && !node.disabled && !node.closest(".sw-tools"));
"""
# Where the middle of a node is, in the middle of the window.
MIDDLE = """
if (!node) return null;
node.scrollIntoView({ block: "center", behavior: "instant" });
const box = node.getBoundingClientRect();
return [box.left + box.width / 2, box.top + box.height / 2];
"""
# The same of a button. What plays is stopped before.
PLACE_OF_BUTTON = f"""
await new Promise(requestAnimationFrame);
buttons.find((node) => node.getAttribute("aria-label") === "Pause")?.click();
{MIDDLE}"""
SENTENCE = """
while (widget.ariaBusy === "true") await new Promise(requestAnimationFrame);
return widget.querySelector(".sw-sentence").textContent;
"""


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Engine]:
    """One window of each browser for all pages."""
    if packages := missing(request.param):
        pytest.skip(f"no {' and no '.join(packages)}: run `make system`")
    with ENGINES[request.param][0](tmp_path_factory.mktemp(request.param)) as browser:
        yield browser


def follow(engine: Engine, state: str) -> None:
    """Go to a state of the page's widgets; mark the one that it speaks of."""
    engine.run(f"document.activeElement.blur(); location.hash = {json.dumps(state)}")
    wait_for(engine, "document.activeElement.matches('.sw:not([aria-busy])')")
    engine.run("""
      document.querySelector(".sw[data-tested]")?.removeAttribute("data-tested");
      document.activeElement.dataset.tested = "";""")


def drag_handles(engine: Engine) -> Iterator[str]:
    """Drag a handle of each kind, such as one of the points; every single one is by touch."""
    names = engine.run(f"{WIDGET} return ({HANDLES})(widget)")
    kinds = {re.sub(r"\d+", "", name): name for name in names}
    for number, name in enumerate(kinds.values()):
        place = f"{WIDGET} return ({PLACE})([widget, {json.dumps(name)}])"
        problem = None
        for _ in range(2):  # the second time nothing lies on top of it any more
            before = engine.run(place)
            before["at"] = [round(x) for x in before["at"]]
            way = way_of(before, DRAG + number)
            drag(engine, before["at"], way)
            problem = off_its_way(before, engine.run(place), way)
            if not problem:
                break
        if problem:
            yield problem


def press_every_button(engine: Engine) -> None:
    count = engine.run(f"{WIDGET} {BUTTONS} return buttons.length")
    for number in range(count + 1):  # nothing is left to press at the last, only to stop
        node = f"const node = buttons[{number}];"
        if at := engine.run(f"{WIDGET} {BUTTONS} {node} {PLACE_OF_BUTTON}"):
            drag(engine, at, [0, 0])


@pytest.mark.parametrize("name", PAGES)
def test_every_widget_is_dragged_pressed_and_read(engine: Engine, site_url: str, name: str) -> None:
    engine.open(f"{site_url}/{name}.html")
    wait_for(engine, f"({MOUNTED})()")
    engine.run("""
      window.problems = [];
      addEventListener("error", (event) => problems.push(event.message));""")
    problems = []
    for state in PAGES[name]:
        follow(engine, state)
        said = [engine.run(WIDGET + SENTENCE)]
        problems += [f"{state}: {problem}" for problem in drag_handles(engine)]
        if pad := engine.run(f"{WIDGET} const node = widget.querySelector('.sw-drawn'); {MIDDLE}"):
            drag(engine, pad, [DRAG, DRAG])
        said.append(engine.run(WIDGET + SENTENCE))
        press_every_button(engine)
        said.append(engine.run(WIDGET + SENTENCE))
        if len(set(said)) < 2 or not all(said):
            problems.append(f"{state}: the sentence does not follow: {said}")
    problems += engine.run("return window.problems")
    assert not problems, "\n".join(problems)


def test_a_digit_is_drawn_with_the_mouse(engine: Engine, site_url: str) -> None:
    engine.open(f"{site_url}/chapters/regularisation.html")
    wait_for(engine, f"({MOUNTED})()")
    follow(engine, "digits?unit=2")
    said = [engine.run(WIDGET + SENTENCE)]
    x, y, pixel = engine.run(f"""{WIDGET}
      const pad = widget.querySelector(".sw-pad");
      pad.scrollIntoView({{ block: "center" }});
      const {{ left, top, width }} = pad.getBoundingClientRect();
      return [left, top, width / 8];""")
    drag(engine, [x + 4 * pixel, y + 0.8 * pixel], [0, 6.5 * pixel])
    said.append(engine.run(WIDGET + SENTENCE))
    assert "The pad is empty" in said[0]
    assert "The network calls this a 1" in said[1]
