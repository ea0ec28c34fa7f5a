"""What the page of the search looks through: every section of the book, and the glossary."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

from shallow.book import predict_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

LOGGER = logging.getLogger(__name__)
# Other words for what a section is about, where neither its title nor the glossary has them.
KEYWORDS = Path(__file__).with_name("keywords.json")
# What an excerpt leaves out: code, formulas, and answers that a reader is to find.
SILENT = (
    nodes.literal_block,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.image,
    nodes.section,
    addnodes.glossary,
    predict_nodes.Question,
    predict_nodes.Revisit,
)


def sections(app: Sphinx) -> Iterator[dict[str, Any]]:
    """Yield each section: its address, its title, its page's title, its text, its other words."""
    keywords: dict[str, str] = json.loads(KEYWORDS.read_text(encoding="utf-8"))
    unknown = set(keywords)
    for name in sorted(app.env.found_docs):
        doctree = app.env.get_doctree(name)
        page = app.env.titles[name].astext()
        for section in doctree.findall(nodes.section):
            anchor = section["ids"][0]
            key = f"{name.rpartition('/')[2]}#{anchor}"
            unknown.discard(key)
            is_page = isinstance(section.parent, nodes.document)
            yield {
                "url": app.builder.get_target_uri(name) + ("" if is_page else f"#{anchor}"),
                "title": _plain(section.next_node(nodes.title)),
                "page": "" if is_page else page,
                "text": " ".join(_texts(section)),
                "words": keywords.get(key, ""),
            }
        for item in doctree.findall(nodes.definition_list_item):
            terms = [term for term in item.findall(nodes.term) if term["ids"]]
            if terms and name.endswith("glossary"):
                definition = item.next_node(nodes.definition)
                yield {
                    "url": f"{app.builder.get_target_uri(name)}#{terms[0]['ids'][0]}",
                    "title": terms[0].astext(),
                    "page": page,
                    "text": _plain(definition),
                    "words": ", ".join(term.astext() for term in terms),
                    "term": True,
                }
    if unknown:
        LOGGER.warning("%s names sections that are not there: %s", KEYWORDS.name, sorted(unknown))


def _texts(node: nodes.Node) -> Iterator[str]:
    """Yield the text of a section by paragraphs, without that of its subsections."""
    for child in node.children:
        if isinstance(child, (*SILENT, nodes.title)):
            continue
        if isinstance(child, nodes.TextElement):
            yield _plain(child)
        else:
            yield from _texts(child)


def _plain(node: nodes.Node | None) -> str:
    if node is None:
        return ""
    words = (
        "…" if isinstance(piece.parent, nodes.math) else piece.astext()
        for piece in node.findall(nodes.Text)
    )
    text = "".join(words)
    return re.sub(r"\s+", " ", text).strip()


def write_sections(app: Sphinx, error: Exception | None) -> None:
    """Write the sections as a script, as file:// allows nothing else."""
    if error is None and app.builder.format == "html" and app.env.found_docs >= {"chapters/start"}:
        found = json.dumps(list(sections(app)), ensure_ascii=False, separators=(",", ":"))
        path = Path(app.outdir) / "_static" / "sections.js"
        path.write_text(f"window.sections = {found};\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the hook."""
    app.connect("build-finished", write_sections)
