"""A widget of the built site, for the tests of one widget."""

import pytest

from tests.browser.controls import SETTLED, region
from tests.conftest import DESK, MOUNTED, WatchedContext

# A reader who moves on ends what would scroll the page while it loads.
UNFOLD = """
async () => {
  document.querySelectorAll(".sw-fold").forEach((fold) => { fold.open = true; });
  dispatchEvent(new Event("wheel"));
  await document.fonts.ready;
}
"""


@pytest.fixture(scope="module")
def kept(browser):
    """A context that a module keeps, with what it has loaded."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def watched(browser, request):
    """A watched context with empty storage; the tests of one WIDGET share what they have loaded."""
    if not hasattr(request.module, "WIDGET"):
        with browser.new_context(viewport=DESK, reduced_motion="reduce") as context:
            yield WatchedContext(context)
        return
    context = request.getfixturevalue("kept")
    yield WatchedContext(context)
    for page in context.pages:
        page.evaluate("try { localStorage.clear(); } catch { /* it has none */ }")
        page.close()


@pytest.fixture
def open_page(page, site_url, request):
    """Return a function that opens the module's CHAPTER at a fragment and returns its WIDGET.

    Without a fragment the widget is as Python makes it, not at the moment that the page opens on.
    """
    chapter, name = request.module.CHAPTER, request.module.WIDGET
    stem = getattr(request.module, "STEM", request.module.__name__.rpartition("_")[2])

    def open_page(fragment=f"#{stem}", address=f"{site_url}/{chapter}"):
        fragment = "" if "#" in address else fragment
        page.goto(address + fragment, wait_until="domcontentloaded")
        page.wait_for_function(MOUNTED)
        page.evaluate(UNFOLD)
        page.wait_for_function(SETTLED)
        return region(page, name)

    return open_page


@pytest.fixture
def widget(open_page):
    """The module's WIDGET on its page."""
    return open_page()
