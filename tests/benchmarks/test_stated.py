"""The pages state the figures of the record that was kept, and no others."""

import json

import pytest

from tests.benchmarks.stated import KEPT, PAGES, stated


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_state_what_was_measured(page):
    text = page.read_text("utf-8")
    for sentence in stated(json.loads(KEPT.read_text("utf-8"))):
        assert sentence in text, "run `python -m tests.benchmarks.stated` after `make bench`"
