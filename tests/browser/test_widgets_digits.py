"""The digit pad on its page of the built site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from shallow.widgets import DigitPad
from tests.browser.controls import button, field, region, widget_links

CHAPTER = "chapters/regularisation.html"
WIDGET = "Digit pad"
PHONE = {"width": 390, "height": 844}
# The paths of a pen, in pixels of the pad.
FOUR = [[(4.2, 0.8), (2, 4.6), (6, 4.6)], [(4.8, 3.2), (4.4, 7.3)]]
SEVEN = [[(2.3, 0.9), (5.6, 0.9), (3.6, 7.3)]]


def sentence(widget):
    return widget.locator(".sw-sentence")


def pad_of(widget):
    return widget.get_by_role("application", name=re.compile("^Pad of 8 by 8 pixels"))


def on_screen(pad, path):
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    return [(box["x"] + x * box["width"] / 8, box["y"] + y * box["height"] / 8) for x, y in path]


def test_a_digit_is_drawn_with_the_mouse_and_wiped(page, open_page):
    widget = open_page()
    pad = pad_of(widget)
    expect(sentence(widget)).to_contain_text("The pad is empty, and still called a 5")
    for paths, digit in ((FOUR, 4), (SEVEN, 7)):
        button(widget, "Clear").click()
        for path in paths:
            first, *others = on_screen(pad, path)
            page.mouse.move(*first)
            page.mouse.down()
            for place in others:
                page.mouse.move(*place, steps=4)
            page.mouse.up()
        expect(sentence(widget)).to_contain_text(f"The network calls this a {digit}, with p")
    drawn = sentence(widget).inner_text()
    for _ in range(6):  # small steps, until the answer is another
        button(widget, "Fool it").click()
    expect(sentence(widget)).not_to_have_text(drawn)

    button(widget, "Eraser").click()
    expect(button(widget, "Eraser")).to_have_attribute("aria-pressed", "true")
    for y in range(8):
        start, end = on_screen(pad, [(0, y + 0.5), (8, y + 0.5)])
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=2)
        page.mouse.up()
    expect(sentence(widget)).to_contain_text("The pad is empty")


def test_a_finger_draws_on_the_pad_and_scrolls_beside_it(browser, site_url):
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site_url}/{CHAPTER}#digits?unit=2")
    page.wait_for_function("document.activeElement.matches('.sw')")
    page.add_style_tag(content="html { scroll-behavior: auto !important }")
    widget = region(page, WIDGET)
    finger = context.new_cdp_session(page)

    def swipe(path):
        kinds = ["touchStart", *["touchMove"] * (len(path) - 1)]
        for kind, (x, y) in zip(kinds, path, strict=True):
            points = [{"x": x, "y": y}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    pad = pad_of(widget)
    down = [(4, 0.8 + 0.8 * k) for k in range(9)]
    places = on_screen(pad, down)
    before = page.evaluate("scrollY")
    swipe(places)
    expect(sentence(widget)).to_contain_text("The network calls this a 1, with p")
    assert page.evaluate("scrollY") == before, "a stroke down the pad is no swipe"

    drawn = sentence(widget).inner_text()
    x, y = on_screen(pad, [(9.5, 7)])[0]
    swipe([(x, y - 20 * k) for k in range(8)])
    page.wait_for_function("before => scrollY > before + 48", arg=before)
    assert sentence(widget).inner_text() == drawn
    context.close()


def test_everything_is_done_by_keyboard(page, open_page):
    widget = open_page()
    pad = pad_of(widget)
    pad.focus()
    said = widget.locator(".sw-plot [role=status]")
    page.keyboard.press("ArrowUp")
    expect(said).to_have_text("Row 3, column 4: 0 of 16; pen up.")
    page.keyboard.press("Space")
    expect(said).to_have_text("Row 3, column 4: 16 of 16; pen down.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text("Row 5, column 4: 16 of 16; pen down.")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text(re.compile(r"Row 6, column 4: \d of 16; pen up\."))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    expect(said).to_have_text("Row 5, column 4: 0 of 16; pen up.")
    expect(sentence(widget)).to_contain_text("The network calls this a")

    unit = field(widget, "Hidden unit")
    unit.fill("9")
    page.keyboard.press("Enter")
    expect(widget.get_by_role("img", name="Weights of unit 9", exact=True)).to_be_visible()
    expect(sentence(widget)).to_contain_text("unit 9 adds ")
    widget.get_by_label("Evidence for").select_option("4")
    expect(widget.locator(".sw-live").filter(has_text="score of 4")).to_be_visible()


def test_units_and_digits_are_chosen_by_pointer(page, open_page):
    widget = open_page()
    box = widget.locator(".sw-plot svg image").nth(10).bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(field(widget, "Hidden unit")).to_have_value("11")
    six = widget.locator("svg text", has_text=re.compile("^6$")).bounding_box()
    for chosen in ("6", "answer"):
        page.mouse.click(six["x"] + 3, six["y"] + 6)
        expect(widget.get_by_label("Evidence for")).to_have_value(chosen)


def test_votes_and_bias_are_the_score_and_scores_the_probabilities(open_page):
    widget = open_page("#digits?digit=3&pixels=[" + ",".join("1" * 64) + "]")
    table = widget.get_by_role("table", name="Probabilities")
    rows = [row.split("\t") for row in table.inner_text().replace("−", "-").splitlines()[-10:]]
    assert [int(digit) for digit, _, _ in rows] == list(range(10))
    assert abs(sum(float(p) for _, _, p in rows) - 1) < 1e-3
    said = widget.locator(".sw-live").filter(has_text="score of 3").inner_text()
    assert said.replace("−", "-").endswith(f"= {rows[3][1]}")


def test_links_python_and_a_narrow_screen(page, open_page, site, watched):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget = open_page()
    links = [link for link in widget_links(page) if "#digits" in link.get_attribute("href")]
    answers = ["calls this a 5", "The pad is empty"]
    for link, answer in zip(links, answers, strict=True):
        link.click()
        expect(sentence(widget)).to_contain_text(answer)
    widget.get_by_role("button", name="One pixel to the left").click()
    button(widget, "Copy as Python").click()
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()").partition("\n\n")[2]
    assert len(eval(code, {"DigitPad": DigitPad}).pixels) == 64

    page.set_viewport_size({"width": 320, "height": 800})
    widget = open_page(address=(site / CHAPTER).as_uri())
    expect(sentence(widget)).to_contain_text("The pad is empty")
    assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    for target in widget.locator("button, select, input").all():
        if target.is_visible():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
    assert watched.problems == []
