"""The book on paper misses no figure, no formula and no widget, and its links lead inside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shallow.book.stills import FOLDER
from tools.paper import documents, join, lead

PAGES = {"index", "chapters/metrics", "chapters/start"}


@pytest.fixture(scope="module")
def paper(site: Path) -> str:
    """The whole book as one page."""
    return join(site)


def test_a_link_leads_inside_the_book_or_out_of_it() -> None:
    page = "chapters/metrics"
    assert lead(page, "start.html#leakage", PAGES) == "#chapters-start--leakage"
    assert lead(page, "../index.html", PAGES) == "#index"
    assert lead(page, "#threshold?threshold=1", PAGES) == "#chapters-metrics"
    assert lead(page, "https://example.org/", PAGES) == "https://example.org/"
    assert lead(page, "../_downloads/01.ipynb", PAGES) == ""


def test_nothing_of_the_pages_is_missing(paper: str, site: Path) -> None:
    pages = [page for _, files in documents() for page in files]
    texts = [(site / f"{page}.html").read_text(encoding="utf-8") for page in pages]
    bodies = [re.search(r"<article.*</article>", text, re.DOTALL)[0] for text in texts]
    for what in ("<mjx-math ", '<figure class="static-widget-still">', 'src="[^"]*_images/'):
        assert len(re.findall(what, paper)) == sum(len(re.findall(what, b)) for b in bodies) > 8
    sources = re.findall(r'<img\b[^>]*\bsrc="(?!data:)([^"]+)"', paper)
    assert not [source for source in sources if not (site / source).stat().st_size]
    assert any(source.startswith(FOLDER) for source in sources)
    assert not re.search(r"<script|<button|\\\(|url\(\"?_static", paper)


def test_every_name_is_unique_and_every_link_finds_one(paper: str) -> None:
    names = re.findall(r'\sid="([^"]+)"', paper)
    assert len(names) == len(set(names))
    assert not set(re.findall(r'href="#([^"]+)"', paper)) - set(names)
    assert "file:" not in paper


def test_answers_stand_open(paper: str) -> None:
    assert '<details class="predict-reveal"' not in paper
    assert paper.count('<details open class="predict-reveal"') > 50
