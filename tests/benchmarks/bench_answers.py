"""How soon a touch or a key is painted while the playground trains on a slow processor.

*Times*: the browser itself tells, by Event Timing, from the input to the next paint, in steps of
8 ms, on a processor that it slows down. What else the machine does counts, too.
*Work*: processor time, four times that of this machine, of the page's main thread for each input:
of the tasks from its first event until it is painted, and of the longest that it may have to wait
for. What else the machine does counts little.

Writes `_build/bench/answers.json`: how many inputs, and of times and work the median, 98th
percentile and worst, in milliseconds.
"""

import json
import statistics

from tests.benchmarks.bench_pages import main_tasks
from tests.conftest import ROOT

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
INPUTS = {"pointerdown", "pointerup", "click", "keydown", "keyup"}


def percentile(values, share):
    """Return the value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def spread(values):
    """Return how many values there are, and what they are like."""
    return {
        "inputs": len(values),
        "median": round(statistics.median(values)),
        "98th percentile": round(percentile(values, 0.98)),
        "worst": round(max(values)),
    }


def open_widget(browser, site_url):
    """Return a phone's page on which the playground trains, the widget and the page's protocol."""
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.add_init_script(WATCH)
    page.goto(f"{site_url}/chapters/training.html#{BIG}")
    page.wait_for_function("document.activeElement.matches('.sw')")
    widget = page.get_by_role("region", name="Playground", exact=True)
    widget.scroll_into_view_if_needed()
    widget.get_by_role("button", name="Play").tap()
    widget.get_by_role("button", name="Pause").wait_for()
    return page, widget, page.context.new_cdp_session(page)


def touch(page, protocol, target):
    """Touch an element by the browser's protocol alone: no script of the test runs meanwhile."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    page.wait_for_timeout(150)
    protocol.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    protocol.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(250)


def use(page, widget, protocol, number):
    """Touch and press what a reader touches and presses meanwhile."""
    name = f"Unit {number % 8 + 1} of hidden layer 1"
    touch(page, protocol, widget.get_by_role("button", name=name))
    touch(page, protocol, widget.locator("summary").nth(number % 2))
    widget.get_by_role("slider", name="Learning rate η").focus()
    page.wait_for_timeout(
        150
    )  # else the key would wait for this script, which looks for the slider
    page.keyboard.press("Tab")
    page.wait_for_timeout(150)
    page.keyboard.press("Shift+Tab")
    page.wait_for_timeout(150)


def work(events):
    """Return what each input costs, in ms of a slower processor: its tasks until it is painted.

    Events of one input follow each other at once; a task that ends with a paint ends it.
    """
    tasks = main_tasks(events)
    costs, cost = [], None
    for task in tasks:
        inside = [e for e in task["inside"] if e["name"] == "EventDispatch"]
        if cost is None and any(e["args"]["data"]["type"] in INPUTS for e in inside):
            cost = 0
        if cost is None:
            continue
        cost += SLOWER * task["tdur"] / 1000
        if any(e["name"] == "Layerize" for e in task["inside"]):
            costs.append(cost)
            cost = None
    return costs


def test_answers(browser, site_url):
    """Report the inputs by themselves; nothing is asserted of times."""
    page, widget, protocol = open_widget(browser, site_url)
    browser.start_tracing(page=page, categories=["devtools.timeline", "toplevel"])
    for number in range(ROUNDS):
        use(page, widget, protocol, number)
    report = {"work": spread(work(json.loads(browser.stop_tracing())["traceEvents"]))}
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate("answers.length = 0")
    for number in range(ROUNDS):
        use(page, widget, protocol, number)
    page.wait_for_timeout(1000)
    slowest = {}  # several events may belong to one input
    for identity, duration in page.evaluate("answers"):
        slowest[identity] = max(duration, slowest.get(identity, 0))
    report["times"] = spread(list(slowest.values()))
    print(f"\n{widget.locator('.sw-sentence').inner_text()}")
    for kind, found in report.items():
        print(f"{kind}: {found}")
    page.context.close()
    target = ROOT / "_build" / "bench" / "answers.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    assert min(found["inputs"] for found in report.values()) >= ROUNDS
