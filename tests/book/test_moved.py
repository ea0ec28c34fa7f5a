"""A link into a part that has moved arrives where it is now."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shallow.book.moved import moves
from tests.book.conftest import Book, build

ROOT = Path(__file__).parents[2]
OLD = "# Old\n\n## It stays\n\nText.\n"
NEW = "# New\n\nText.\n\n## The part\n\nText.\n"
TABLE = """page,anchor,now,at
old,the-part,new,the-part
old,its-old-name,new,the-part
old,relu?,new,relu
"""


def made(folder: Path, table: str) -> Book:
    """Build two pages and the table of what has moved."""
    (folder / "source" / "chapters").mkdir(parents=True)
    (folder / "source" / "chapters" / "moved.csv").write_text(table)
    return build(folder, {"old": OLD, "new": NEW})


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of which a part has moved."""
    return made(tmp_path_factory.mktemp("moved"), TABLE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the-part", "the-part"),
        ("its-old-name", "the-part"),
        ("relu?hinges=[0,0.5]&target=sine", "relu?hinges=[0,0.5]&target=sine"),
    ],
)
def test_a_link_goes_on_with_what_follows_it(page: Page, book: Book, old: str, new: str) -> None:
    page.goto(f"{(book.html / 'old.html').as_uri()}#{old}")
    page.wait_for_url(f"{(book.html / 'new.html').as_uri()}#{new}")


def test_what_has_not_moved_is_left_alone(page: Page, book: Book) -> None:
    assert not book.warnings
    address = f"{(book.html / 'old.html').as_uri()}#it-stays"
    page.goto(address)
    assert page.url == address
    expect(page.locator(".moved").first).to_be_hidden()


def test_without_javascript_the_page_says_where(browser: Browser, book: Book) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{(book.html / 'old.html').as_uri()}#its-old-name")
    expect(page.locator("#its-old-name")).to_be_visible()
    page.locator("#its-old-name a").click()
    assert page.url.endswith("new.html#the-part")
    context.close()


def test_a_row_that_leads_nowhere_or_from_what_stayed_is_told(tmp_path: Path) -> None:
    rows = "page,anchor,now,at\nold,gone,new,nowhere\nold,it-stays,new,the-part\n"
    told = made(tmp_path, rows).warnings
    assert [line.partition("moved.csv: ")[2].partition(" [")[0] for line in told] == [
        "new has no 'nowhere'",
        "old still has 'it-stays'",
    ]


@pytest.mark.slow
def test_every_address_of_a_former_edition_arrives(site: Path) -> None:
    pages = {page: (site / f"{page}.html").read_text() for page in {m.page for m in moves(ROOT)}}
    pages |= {page: (site / f"{page}.html").read_text() for page in {m.now for m in moves(ROOT)}}
    for move in moves(ROOT):
        if not move.widget:
            assert pages[move.page].count(f'id="{move.anchor}"') == 1, move
            assert f'id="{move.at}"' in pages[move.now], move
        else:
            assert f'href="#{move.at}?' in pages[move.now], f"{move.now} does not show {move.at}"
