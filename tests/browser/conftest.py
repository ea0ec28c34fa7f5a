"""A widget of the built site, for the tests of one widget."""

import pytest

from tests.conftest import MOUNTED


@pytest.fixture
def open_page(page, site_url, request):
    """Return a function that opens the module's CHAPTER at a fragment and returns its WIDGET."""
    chapter, name = request.module.CHAPTER, request.module.WIDGET

    def open_page(fragment="", address=f"{site_url}/{chapter}"):
        page.goto(address + fragment, wait_until="domcontentloaded")
        page.wait_for_function(MOUNTED)
        page.evaluate("document.querySelectorAll('.sw-fold').forEach((f) => { f.open = true; })")
        return page.get_by_role("region", name=name).first

    return open_page


@pytest.fixture
def widget(open_page):
    """The module's WIDGET on its page."""
    return open_page()
