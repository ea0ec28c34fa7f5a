"""A widget of the built site, for the tests of one widget."""

import pytest

from tests.browser.controls import SETTLED
from tests.conftest import QuietHandler, Server

# A reader who moves on ends what would scroll the page while it loads.
UNFOLD = """
async () => {
  document.querySelectorAll(".sw-fold").forEach((fold) => { fold.open = true; });
  dispatchEvent(new Event("wheel"));
  await document.fonts.ready;
}
"""


class WithoutFormulas(QuietHandler):
    """Serve the site, but nothing of MathJax: it is slow, and `test_site.py` has it."""

    def do_GET(self):  # noqa: N802 (the name is the standard library's)
        """Answer with an empty script in its place."""
        if "/mathjax/" not in self.path:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="session")
def plain_url(site):
    """Address of the built site without formulas."""
    server = Server(site, WithoutFormulas)
    yield server.url
    server.stop()


@pytest.fixture
def open_page(page, plain_url, request):
    """Return a function that opens the module's CHAPTER at a fragment and returns its WIDGET."""
    chapter, name = request.module.CHAPTER, request.module.WIDGET

    def open_page(fragment="", address=f"{plain_url}/{chapter}"):
        page.goto(address + fragment, wait_until="domcontentloaded")
        page.wait_for_selector("html[data-widgets=ready]", state="attached")
        page.evaluate(UNFOLD)
        page.wait_for_function(SETTLED)
        return page.get_by_role("region", name=name).first

    return open_page


@pytest.fixture
def widget(open_page):
    """The module's WIDGET on its page."""
    return open_page()
