"""How soon a page shows itself and its widget answers, beside the stock way of showing widgets.

Both sides are the same built pages, served from this machine, loaded in turn by one browser.
*Ours* mounts widgets by `assets/static-widgets.js`; *stock* by requirejs and the html-manager of
ipywidgets, fetched once with npm and served locally too.

Writes `_build/bench/pages.json`: for each page the bytes transferred, and medians in milliseconds.
"""

import gzip
import json
import re
import shutil
import statistics
import subprocess
import tarfile
from pathlib import Path

import anywidget
import pytest

from tests.conftest import ROOT, Server

LOADS = 5
STOCK_PACKAGES = ("requirejs@2.3.7", "@jupyter-widgets/html-manager@1.0.15")
OURS = re.compile(r'<script[^>]*src="[^"]*static-widgets\.js[^"]*"[^>]*></script>')
STOCK = """
<script src="{root}_stock/require.js"></script>
<script>
requirejs.config({{ paths: {{
  "anywidget": "{root}_stock/anywidget",
  "anywidget@~{version}": "{root}_stock/anywidget",
}} }});
</script>
<script src="{root}_stock/embed-amd.js"></script>
"""
# Set the first slider to its other end as soon as it is there; note when the widget follows.
ANSWER = """
(() => {
  const seen = new MutationObserver(() => {
    const slider = document.querySelector(".sw input[type=range]");
    if (!slider) return;
    seen.disconnect();
    new MutationObserver((_, answered) => {
      answered.disconnect();
      window.answeredAt = performance.now();
    }).observe(slider.closest(".sw"), {
      subtree: true, childList: true, characterData: true, attributes: true,
    });
    slider.value = slider.value === slider.max ? slider.min : slider.max;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  seen.observe(document, { subtree: true, childList: true });
})();
"""


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
        head, tail = OURS.split(target.read_text())
        target.write_text(head + STOCK.format(root=root, version=version) + tail)
    return copy


def pages_with_widgets(site):
    """Paths of the pages that show a widget, relative to the site."""
    return sorted(
        str(p.relative_to(site)) for p in site.rglob("*.html") if OURS.search(p.read_text())
    )


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
        for _ in range(LOADS):
            for side, server in servers.items():
                loads[side].append(load(browser, f"{server.url}/{page}"))
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
    target = ROOT / "_build" / "bench" / "pages.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nwritten to {target.relative_to(ROOT)}")
    assert report
