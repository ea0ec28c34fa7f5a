"""A resolved document as plain Markdown, as any Jupyter notebook shows it.

References, citations, glued values and numbers are resolved by then, so no MyST syntax is left.
What Markdown cannot say is said in HTML that Jupyter keeps (``<details>``), or as its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPECIAL = re.compile(r"([\\`*_<>\[\]$])")
_LIST_MARK = re.compile(r"^(\s*\d*)([-+#.)])(?=\s)", re.MULTILINE)


class Markdown:
    """Writes nodes as Markdown: one ``on_…`` method for each kind of node that needs one.

    Parameters
    ----------
    images : path
        Folder in which the addresses of images are looked up.
    numbers : dict of str to str
        Figures, tables and formulas by id: what they are called, such as "Fig. 1.2".

    Attributes
    ----------
    attachments : dict of str to Path
        The images used since the last call of `take_attachments`, by name.
    """

    def __init__(self, images: Path, numbers: dict[str, str]) -> None:
        self._images = images
        self._numbers = numbers
        self._attachments: dict[str, Path] = {}
        self._level = 1

    def pieces(self, node: nodes.Element) -> Iterator[str | int]:
        """Yield the document in order: text, and the index of each code cell.

        A new piece of text begins at each heading and after each code cell.
        """
        for child in node.children:
            cell = next(child.findall(_is_code_cell), None)
            if isinstance(child, nodes.section):
                self._level += 1
                yield from self.pieces(child)
                self._level -= 1
            elif cell is not None:
                yield int(cell["cell_index"])
                yield from map(self.write, child.findall(nodes.caption))
            elif text := self.write(child):
                yield text

    def take_attachments(self) -> dict[str, Path]:
        """Return the images used so far, and forget them."""
        taken, self._attachments = self._attachments, {}
        return taken

    def write(self, node: nodes.Node) -> str:
        """Return a node as Markdown without blank lines around it."""
        for kind in type(node).__mro__:
            method = getattr(self, f"on_{kind.__name__}", None)
            if method:
                return str(method(node))
        return self.inline(node) if isinstance(node, nodes.TextElement) else self.blocks(node)

    def inline(self, node: nodes.Node) -> str:
        """Return a node's children in one line of thought."""
        return "".join(map(self.write, node.children))

    def blocks(self, node: nodes.Node) -> str:
        """Return a node's children with blank lines between them."""
        return "\n\n".join(filter(None, map(self.write, node.children)))

    # Text

    def on_Text(self, node: nodes.Text) -> str:  # noqa: N802
        """Escape what Markdown would read as markup."""
        return _LIST_MARK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", node.astext()))

    def on_title(self, node: nodes.title) -> str:
        """Write a heading of its level."""
        return "#" * (self._level - 1) + " " + self.inline(node)

    def on_rubric(self, node: nodes.rubric) -> str:
        """Write an unnumbered heading as bold text."""
        return f"**{self.inline(node)}**"

    on_strong = on_rubric
    on_term = on_rubric

    def on_emphasis(self, node: nodes.emphasis) -> str:
        """Emphasise."""
        return f"*{self.inline(node)}*"

    def on_literal(self, node: nodes.literal) -> str:
        """Write inline code."""
        text = node.astext()
        fence = "``" if "`" in text else "`"
        return f"{fence}{text}{fence}"

    def on_reference(self, node: nodes.reference) -> str:
        """Link outwards; name what lies inside the book."""
        uri = node.get("refuri", "")
        text = self.inline(node)
        return f"[{text}]({uri})" if re.match(r"https?://|mailto:", uri) else text

    def on_WidgetLink(self, node: nodes.Element) -> str:  # noqa: N802
        """Name the state that the page's link sets."""
        return f"{self.inline(node)} (`{unquote(node['state']).replace('&', ', ')}`)"

    def on_math(self, node: nodes.math) -> str:
        """Write a formula in the line."""
        return f"${node.astext().strip()}$"

    def on_math_block(self, node: nodes.math_block) -> str:
        """Write a formula of its own, with its number."""
        text = node.astext().strip()
        if node.get("nowrap") or node.get("no-wrap"):
            return text
        if r"\\" in text and r"\begin" not in text:
            text = rf"\begin{{aligned}}{text}\end{{aligned}}"
        number = self._number(node) or node.get("number")
        tag = rf" \tag{{{number}}}" if number else ""
        return f"$$\n{text}{tag}\n$$"

    # Blocks

    def on_literal_block(self, node: nodes.literal_block) -> str:
        """Write a block of code."""
        return f"```{node.get('language', '')}\n{node.astext().rstrip()}\n```"

    def on_bullet_list(self, node: nodes.bullet_list) -> str:
        """Write a list."""
        return "\n".join(_indent("- ", self.blocks(item)) for item in node.children)

    def on_enumerated_list(self, node: nodes.enumerated_list) -> str:
        """Write a numbered list."""
        start = node.get("start", 1)
        return "\n".join(
            _indent(f"{i}. ", self.blocks(item)) for i, item in enumerate(node.children, start)
        )

    def on_definition(self, node: nodes.definition) -> str:
        """Write a definition below its term."""
        return self.blocks(node)

    def on_block_quote(self, node: nodes.block_quote) -> str:
        """Quote."""
        return _quote(self.blocks(node))

    def on_Admonition(self, node: nodes.Element) -> str:  # noqa: N802
        """Quote an admonition under its title, or fold it away if it is a dropdown."""
        title = next(iter(node.findall(nodes.title)), None)
        name = self.inline(title) if title else type(node).__name__.capitalize()
        body = "\n\n".join(self.write(child) for child in node.children if child is not title)
        if "dropdown" in node.get("classes", []):
            return _details(title.astext() if title else name, body)
        return _quote(f"**{name}**\n\n{body}")

    on_sidebar = on_topic = on_Admonition

    def on_transition(self, _node: nodes.transition) -> str:
        """Draw a rule."""
        return "---"

    def on_footnote(self, node: nodes.footnote) -> str:
        """Write a footnote with its label."""
        label, *rest = node.children
        return f"\\[{label.astext()}\\] " + "\n\n".join(map(self.write, rest))

    on_citation = on_footnote

    def on_footnote_reference(self, node: nodes.footnote_reference) -> str:
        """Write the label of a footnote."""
        return f"\\[{node.astext()}\\]"

    def on_table(self, node: nodes.table) -> str:
        """Write a table with pipes, its caption before it."""
        rows = [
            "| " + " | ".join(_cell(self.blocks(entry)) for entry in row.children) + " |"
            for row in node.findall(nodes.row)
        ]
        if not next(iter(node.findall(nodes.thead)), None):
            rows.insert(0, re.sub(r"[^|]+", "   ", rows[0]))
        width = len(next(iter(node.findall(nodes.row))).children)
        rows.insert(1, "|" + "---|" * width)
        titles = [
            self.on_caption(child) for child in node.children if isinstance(child, nodes.title)
        ]
        return "\n\n".join([*titles, "\n".join(rows)])

    # Images

    def on_image(self, node: nodes.image) -> str:
        """Attach an image to the cell."""
        source = next(iter(node["candidates"].values()))  # Sphinx turns `uri` into the page's
        name = source.rpartition("/")[2]
        self._attachments[name] = self._images / source
        return f"![{node.get('alt', '')}](attachment:{name})"

    def on_caption(self, node: nodes.TextElement) -> str:
        """Write a caption after the number of its figure or table."""
        number = self._number(node.parent)
        return f"**{number}.** {self.inline(node)}" if number else self.inline(node)

    # What the page alone needs

    def on_raw(self, node: nodes.raw) -> str:
        """Keep HTML that the author wrote."""
        return node.astext() if "html" in node.get("format", "").split() else ""

    def on_Invisible(self, _node: nodes.Node) -> str:  # noqa: N802
        """Leave out comments, targets and the like."""
        return ""

    on_Revisit = on_toctree = on_index = on_Invisible  # noqa: N815

    # The book's own questions

    def on_Options(self, node: nodes.Element) -> str:  # noqa: N802
        """Letter the answers of a question."""
        return "\n".join(f"- {chr(97 + i)}. {self.inline(o)}" for i, o in enumerate(node.children))

    def on_Reveal(self, node: nodes.Element) -> str:  # noqa: N802
        """Fold the answer away."""
        answers = [self.blocks(answer) for answer in node.children]
        if node.parent["kind"] == "choice":
            answers = [f"{chr(97 + i)}. {text}" for i, text in enumerate(answers)]
        return _details("Show the answer", "\n\n".join(answers))

    def on_Question(self, node: nodes.Element) -> str:  # noqa: N802
        """Set a question apart."""
        return f"**Predict before you read on.**\n\n{self.blocks(node)}"

    def _number(self, node: nodes.Element) -> str | None:
        return next((self._numbers[name] for name in node["ids"] if name in self._numbers), None)


def _is_code_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _indent(mark: str, text: str) -> str:
    return mark + text.replace("\n", "\n" + " " * len(mark)).replace(
        "\n" + " " * len(mark) + "\n", "\n\n"
    )


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _details(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _cell(text: str) -> str:
    in_math = re.sub(r"\$[^$]*\$", lambda m: m[0].replace("|", r"\vert "), text)
    return in_math.replace("|", r"\|").replace("\n\n", "<br>").replace("\n", " ")
