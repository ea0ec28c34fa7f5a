"""The parts of a widget as a reader finds them."""

from playwright.sync_api import expect

# Whether every plot is drawn for the width that it has, which it is told of later.
SETTLED = """
() => [...document.querySelectorAll(".sw-plot")].every((plot) => !plot.checkVisibility()
  || Math.abs(plot.querySelector("svg").getAttribute("width") - plot.clientWidth) < 1)
"""

# A statement of a script, for its ``await until(() => …, "what does not come")``: the next frame in
# which something holds. Widgets are drawn after the script that presses a button has let them.
UNTIL = """
const until = async (holds, missing) => {
  let frame = 0;
  do {
    if (frame === 1800) throw new Error(missing);
    await new Promise(requestAnimationFrame);
    frame += 1;
  } while (!holds());
};
"""


def region(page, name):
    """Return the first widget of a name.

    A named section without a role of its own is a region; to look for it as one by ``get_by_role``
    makes the browser compute the roles of the whole page, each time that it is used.
    """
    return page.locator(f"section.sw[aria-label={name!r}]:not([role])").first


def press(page, target, key="Enter"):
    """Use an element as a reader without a pointer does."""
    target.focus()
    page.keyboard.press(key)


def button(widget, name):
    return widget.get_by_role("button", name=name, exact=True)


def field(widget, label):
    return widget.locator("input.sw-number").and_(widget.get_by_label(label, exact=True))


def widget_links(page, selector="a.widget-link"):
    """Return the links that set a widget; what a question folds is unfolded as a reader does."""
    skips = page.get_by_role("button", name="Show me anyway")
    while skips.count():  # those of answers that are unfolded come into sight
        skips.first.click()
    return page.locator(selector).all()


def sentences(widget, links):
    """Follow links that set a widget; return what it says of itself, each once."""
    said = set()
    for link in links:
        link.click()
        expect(widget).to_be_focused()
        said.add(widget.locator(".sw-sentence").inner_text())
    return said
