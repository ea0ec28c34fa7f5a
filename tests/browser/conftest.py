"""A widget of the built site, for the tests of one widget."""

import re

import pytest

SLOW = re.compile(r"/mathjax/|/fontawesome\.js|/searchindex\.js")


@pytest.fixture
def open_page(page, site_url, request):
    """Return a function that opens the module's CHAPTER at a fragment and returns its WIDGET.

    Formulas, icons and the search are left out: they are slow, and `test_site.py` has them.
    """
    chapter, name = request.module.CHAPTER, request.module.WIDGET
    page.route(SLOW, lambda route: route.fulfill(body="", content_type="text/javascript"))

    def open_page(fragment="", address=f"{site_url}/{chapter}"):
        page.goto(address + fragment, wait_until="domcontentloaded")
        page.wait_for_selector("html[data-widgets=ready]", state="attached")
        return page.get_by_role("region", name=name).first

    return open_page


@pytest.fixture
def widget(open_page):
    """The module's WIDGET on its page."""
    return open_page()
