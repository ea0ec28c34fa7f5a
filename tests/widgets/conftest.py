"""Functions of the widgets' models, run in Chromium and called from Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

CALL = """async ([address, name, text]) => {
    const cases = new Function(`return ${text}`)();
    const f = (await import(address))[name];
    if (typeof f !== "function") throw new Error(`${address} exports no function ${name}`);
    return cases.map((args) => f(...args));
}"""


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers, the same at each run."""
    return np.random.default_rng(20260101)


@pytest.fixture(scope="session")
def origin(browser: Browser, repo_url: str) -> Iterator[Page]:
    """A page that can import the modules."""
    page = browser.new_page()
    page.goto(f"{repo_url}/shallow/widgets/kit/kit.css")  # any page of that origin
    yield page
    page.close()


@pytest.fixture
def js(origin: Page, repo_url: str, record_property) -> Callable[[str, str, list], list]:
    """Call ``js(module, function, cases)``: one result for each list of arguments, in one batch.

    NaN and infinities pass both ways; NumPy arrays are sent as lists. The arguments go as the text
    of a literal: Playwright takes much longer to send that many values.
    The number of cases is recorded, for ``tests/checks.py``.
    """

    def call(module: str, function: str, cases: list) -> list:
        record_property("parity", len(cases))
        address = f"{repo_url}/shallow/widgets/model/{module}"
        return origin.evaluate(CALL, [address, function, json.dumps(plain(cases))])

    return call


def plain(value: object) -> object:
    """Return `value` without NumPy types, which JSON has not."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
