"""The bibliography becomes one HTML list without keys."""

from __future__ import annotations

from docutils import nodes

from shallow.book import citations


class Writer:
    """What an HTML writer offers to a visitor."""

    def __init__(self):
        self.body = []

    def starttag(self, node, tag):
        return f'<{tag} id="{node["ids"][0]}">'


def written(*children):
    """HTML of the citations among siblings, each with its text."""
    parent = nodes.section("", *children)
    writer = Writer()
    for child in list(parent):
        if isinstance(child, nodes.citation):
            citations.visit(writer, child)
            writer.body.append(child.astext())
            citations.depart(writer, child)
    return "".join(writer.body).replace("\n", "")


def citation(name):
    return nodes.citation(
        "", nodes.label("", f"key of {name}"), nodes.paragraph("", name), ids=[name]
    )


def test_neighbours_share_a_list():
    html = written(nodes.paragraph(), citation("a"), citation("b"), nodes.paragraph())
    assert html == '<ul class="simple bibliography"><li id="a">a</li><li id="b">b</li></ul>'


def test_text_between_them_ends_the_list():
    html = written(citation("a"), nodes.paragraph(), citation("b"))
    assert html.count("<ul") == html.count("</ul>") == 2
