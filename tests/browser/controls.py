"""The parts of a widget as a reader finds them."""


def press(page, target, key="Enter"):
    """Use an element as a reader without a pointer does."""
    target.focus()
    page.keyboard.press(key)


def button(widget, name):
    return widget.get_by_role("button", name=name, exact=True)


def field(widget, label):
    return widget.locator("input.sw-number").and_(widget.get_by_label(label, exact=True))
