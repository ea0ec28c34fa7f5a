"""A widget of the built site, for the tests of one widget."""

import pytest

from tests.conftest import QuietHandler, Server


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
    """Return a function that opens the module's CHAPTER at a fragment and returns its WIDGET.

    Without a fragment the widget is as Python makes it, not at the moment that the page opens on.
    """
    chapter, name = request.module.CHAPTER, request.module.WIDGET
    stem = getattr(request.module, "STEM", request.module.__name__.rpartition("_")[2])

    def open_page(fragment=f"#{stem}", address=f"{plain_url}/{chapter}"):
        fragment = "" if "#" in address else fragment
        page.goto(address + fragment, wait_until="domcontentloaded")
        page.wait_for_selector("html[data-widgets=ready]", state="attached")
        page.evaluate("document.querySelectorAll('.sw-fold').forEach((f) => { f.open = true; })")
        return page.get_by_role("region", name=name).first

    return open_page


@pytest.fixture
def widget(open_page):
    """The module's WIDGET on its page."""
    return open_page()
