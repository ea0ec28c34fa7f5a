"""How soon a touch or a key is painted while the playground trains on a slow processor.

The browser itself tells, by Event Timing: from the input to the next paint, in steps of 8 ms.
Writes `_build/bench/answers.json`: how many inputs, and their median, 98th percentile and worst.
"""

import json
import statistics

from tests.conftest import MOUNTED, ROOT

SLOWER = 4  # times, as Lighthouse takes a phone's processor to be
ROUNDS = 12
WATCH = """
window.answers = [];
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries()) {
    if (interactionId) answers.push([interactionId, duration]);
  }
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
BIG = "playground?data=spirals&hidden=[8,8]&noise=0.05&rate=0.3"
PHONE = {"width": 390, "height": 844}


def percentile(values, share):
    """Return the value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def train(page, widget):
    """Let the playground learn."""
    widget.get_by_role("button", name="Play").tap()
    widget.get_by_role("button", name="Pause").wait_for()


def use(page, widget, number):
    """Touch and press what a reader touches and presses meanwhile."""
    unit = widget.get_by_role("button", name=f"Unit {number % 8 + 1} of hidden layer 1")
    unit.tap()
    widget.locator("summary").nth(number % 2).tap()
    rate = widget.get_by_role("slider", name="Learning rate η")
    rate.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.wait_for_timeout(150)


def test_answers(browser, site_url):
    """Report the inputs by themselves; nothing is asserted of times."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{site_url}/chapters/training.html#{BIG}")
    page.wait_for_function(MOUNTED)
    widget = page.get_by_role("region", name="Playground", exact=True)
    widget.scroll_into_view_if_needed()
    train(page, widget)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate("answers.length = 0")
    for number in range(ROUNDS):
        use(page, widget, number)
    page.wait_for_timeout(1000)
    slowest = {}  # several events may belong to one input
    for identity, duration in page.evaluate("answers"):
        slowest[identity] = max(duration, slowest.get(identity, 0))
    epochs = widget.locator(".sw-sentence").inner_text()
    context.close()
    found = list(slowest.values())
    report = {
        "inputs": len(found),
        "median": statistics.median(found),
        "98th percentile": percentile(found, 0.98),
        "worst": max(found),
    }
    print(f"\n{epochs}\nms from input to paint:", report)
    target = ROOT / "_build" / "bench" / "answers.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    assert found
