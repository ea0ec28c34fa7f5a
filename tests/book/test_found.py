"""What search engines, shared links and lost readers see of the built site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book.conftest import build


def meta(page: Path) -> dict[str, str]:
    """Return what a page says of itself to machines."""
    head = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").head
    tags = head.find_all("meta", content=True)
    return {tag.get("name") or tag.get("property"): tag["content"] for tag in tags}


def test_every_page_describes_itself_in_its_own_words(site: Path) -> None:
    pages = [page for page in site.rglob("*.html") if "_static" not in page.parts]
    said = {page.relative_to(site).as_posix(): meta(page).get("description") for page in pages}
    assert not [name for name, text in said.items() if not text or len(text) < 50]
    own = [text for name, text in said.items() if "/" in name]
    assert len(set(own)) == len(own), "two chapters say the same of themselves"


def test_every_chapter_has_a_picture_to_be_shared_with(site: Path) -> None:
    for page in (site / "chapters").glob("*.html"):
        picture = meta(page)["og:image"]
        assert (site / re.sub(r"^.*?(?=_images/)", "", picture)).is_file(), picture


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A book whose address and repository are set."""
    settings = {
        "html_baseurl": "https://example.org/book/",
        "html_theme_options": {"repository_url": "https://github.com/someone/book"},
    }
    text = "# One\n\nThe first page says enough to be described by its words.\n"
    return build(tmp_path_factory.mktemp("published"), {"one": text}, settings=settings)


def test_one_setting_gives_every_page_its_address(published) -> None:
    assert '<link rel="canonical" href="https://example.org/book/one.html" />' in published.page(
        "one"
    )
    said = meta(published.html / "one.html")
    assert said["og:url"] == "https://example.org/book/one.html"
    assert said["og:image"].startswith("https://example.org/book/_images/")
    assert "https://example.org/book/one.html" in (published.html / "sitemap.xml").read_text()


def test_one_setting_lets_readers_mend_a_page(published, everything) -> None:
    page = published.page("one")
    assert 'href="https://github.com/someone/book/edit/main/one.md"' in page
    assert "Edit this page" in page
    assert 'href="https://github.com/someone/book/issues/new?' in page
    assert "Report a mistake" in page
    assert "Edit this page" not in everything.page("everything")


def test_an_address_that_leads_nowhere_leads_back(published, site: Path) -> None:
    lost = published.page("404")
    assert 'href="/book/index.html"' in lost
    assert 'href="/book/_static/' in lost
    assert 'href="/search.html"' in (site / "404.html").read_text()
