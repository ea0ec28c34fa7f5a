"""Derivations unfold step by step, and are whole without JavaScript and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.book.conftest import Book, build

STEPS = """
# Steps

:::{derivation}
1. First of all.

   $$a = b$$

2. Then comes this.

   (later-place)=
   A place to link to.

3. And so it ends.
:::

After it.
"""
NONE = "# None\n\nNothing unfolds here.\n"
FIRST, SECOND, LAST = "First of all.", "Then comes this.", "And so it ends."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book with a derivation on one page and none on the other."""
    return build(tmp_path_factory.mktemp("steps"), {"steps": STEPS, "none": NONE})


@pytest.fixture
def steps(page: Page, made: Book) -> Page:
    """The page of the derivation."""
    page.goto((made.html / "steps.html").as_uri())
    return page


def test_it_is_a_list_and_its_script_comes_with_it_alone(made: Book) -> None:
    assert not made.warnings
    assert re.search(r'class="derivation [^>]*>\s*<ol', made.page("steps"))
    assert "derivation.js" in made.page("steps")
    assert "derivation.js" not in made.page("none")


def test_steps_come_one_by_one_by_the_keyboard(steps: Page) -> None:
    expect(steps.get_by_text(FIRST)).to_be_visible()
    expect(steps.get_by_text("After it.")).to_be_visible()
    expect(steps.get_by_text(SECOND)).to_be_hidden()
    steps.get_by_role("button", name="Step 2 of 3").focus()
    steps.keyboard.press("Enter")
    expect(steps.get_by_text(SECOND)).to_be_visible()
    expect(steps.get_by_text(LAST)).to_be_hidden()
    assert SECOND in steps.evaluate("document.activeElement.textContent")
    steps.get_by_role("button", name="Step 3 of 3").click()
    expect(steps.get_by_text(LAST)).to_be_visible()
    expect(steps.get_by_role("button", name="All steps")).to_be_hidden()


def test_all_steps_at_once(steps: Page) -> None:
    steps.get_by_role("button", name="All steps").click()
    expect(steps.get_by_text(LAST)).to_be_visible()


def test_a_link_to_a_later_step_shows_it(steps: Page) -> None:
    steps.evaluate("location.hash = 'later-place'")
    expect(steps.get_by_text(SECOND)).to_be_visible()


def test_on_paper_all_steps_show(steps: Page) -> None:
    steps.emulate_media(media="print")
    expect(steps.get_by_text(LAST)).to_be_visible()
    expect(steps.get_by_role("button", name="All steps")).to_be_hidden()


def test_without_javascript_all_steps_show(browser: Browser, made: Book) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((made.html / "steps.html").as_uri())
    expect(page.get_by_text(LAST)).to_be_visible()
    context.close()


WRONG = {
    "no-list": "Just a sentence.",
    "one-step": "1. A single step.",
    "bullets": "* a\n* b",
    "more-than-a-list": "1. a\n2. b\n\nAnd more.",
    "nothing": "",
}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of pages on which something else than a derivation is to unfold."""
    pages = {name: f"# Wrong\n\n:::{{derivation}}\n{text}\n:::\n" for name, text in WRONG.items()}
    return build(tmp_path_factory.mktemp("wrong"), pages)


@pytest.mark.parametrize("name", WRONG)
def test_anything_but_a_numbered_list_is_named_with_its_place(wrong: Book, name: str) -> None:
    (warning,) = [line for line in wrong.warnings if line.startswith(f"{name}.md")]
    assert warning.startswith(f"{name}.md:3: WARNING: derivation: write one numbered list")
