"""The document nodes of a question and how they read in HTML.

Everything is in the page as text; ``predict.js`` unhides the controls that need it.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from docutils import nodes

from shallow.book.minus import minus
from shallow.widgets._bundle import bundle

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

WIDTH, HEIGHT, MARGIN = 330.0, 220.0, 34.0
_REVISIT = '<div class="predict-revisit">'
_COPY = re.compile(r"<template>(.*?)</template>\n", re.DOTALL)


class Question(nodes.General, nodes.Element):
    """A whole question: ``name``, ``kind``, ``docname``; a later copy is ``revisited``."""


class Prompt(nodes.Part, nodes.Element):
    """What is asked."""


class Options(nodes.Part, nodes.Element):
    """The answers to choose from."""


class Option(nodes.Part, nodes.Element):
    """The text of one answer."""


class Reveal(nodes.Part, nodes.Element):
    """What is folded away until the reader has answered."""


class Answer(nodes.Part, nodes.Element):
    """Why an answer is ``right`` or not; a number has ``value``, ``tolerance`` and ``unit``."""


class Revisit(nodes.General, nodes.Element):
    """The questions of earlier chapters."""


def visit_question(self: HTML5Translator, node: Question) -> None:
    """Open the field set and say what kind of answer is asked for."""
    data = {
        key: node[key] for key in ("kind", "unit", "x", "y", "curve", "tolerance") if key in node
    }
    again = "revisited" in node
    self.body.append(
        f"{'<template>' if again else ''}"
        f'<fieldset class="predict" id="{_html_id(node)}" data-name="{escape(node["name"])}" '
        f'data-question="{escape(json.dumps(data))}">'
        f"<legend>{'Predict again' if again else 'Predict before you read on'}</legend>"
    )


def depart_question(self: HTML5Translator, node: Question) -> None:
    """Name the chapter that a copy comes from and close the field set."""
    if "revisited" in node:
        uri = self.builder.get_relative_uri(self.docnames[0], node["docname"])
        self.body.append(
            f'<p class="predict-origin">Asked in <a class="reference internal" '
            f'href="{escape(uri)}#predict-{node["name"]}">{escape(node["revisited"])}</a>.</p>'
        )
    self.body.append(f"</fieldset>{'</template>' if 'revisited' in node else ''}\n")


def visit_options(self: HTML5Translator, _node: Options) -> None:
    """Open the list of answers."""
    self.body.append('<ol class="predict-options" type="a">')


def depart_options(self: HTML5Translator, _node: Options) -> None:
    """Close the list of answers."""
    self.body.append("</ol>\n")


def visit_option(self: HTML5Translator, node: Option) -> None:
    """Open an answer: a hidden input with its label.

    The letter of the list is in the label, too: it names an answer that is all formula.
    """
    question, number = node.parent.parent, node.parent.index(node)
    self.body.append(
        f'<li><label><span class="visually-hidden">{ascii_lowercase[number]}</span>'
        f'<input type="{"checkbox" if question["several"] else "radio"}" '
        f'name="{_html_id(question)}" value="{number}" hidden><span>'
    )


def depart_option(self: HTML5Translator, _node: Option) -> None:
    """Close an answer."""
    self.body.append("</span></label></li>")


def visit_reveal(self: HTML5Translator, node: Reveal) -> None:
    """Add the controls that the script brings to life and open what is folded away."""
    question = node.parent
    kind = question["kind"]
    if kind == "sketch":
        self.body.append(
            f'<div class="predict-plot" hidden>{plot_svg(question, with_curve=False)}</div>'
        )
    number = (
        '<label>Your number <input type="text" autocomplete="off" size="8">'
        "</label>"
        f" {escape(question['unit'])} "
        if kind == "number"
        else ""
    )
    self.body.append(
        f'<p class="predict-controls" hidden>{number}'
        '<button type="button" class="predict-check">Check my prediction</button> '
        '<button type="button" class="predict-forget" hidden>Try again</button></p>\n'
        '<div class="predict-verdict" role="status"></div>\n'
        '<details class="predict-reveal"><summary>Show the answer</summary>\n'
    )
    if kind == "sketch":
        self.body.append(plot_svg(question, with_curve=True))
    self.body.append('<ol type="a">' if kind == "choice" else "<ul>")


def depart_reveal(self: HTML5Translator, node: Reveal) -> None:
    """Close what is folded away."""
    self.body.append(("</ol>" if node.parent["kind"] == "choice" else "</ul>") + "</details>\n")


def visit_answer(self: HTML5Translator, node: Answer) -> None:
    """Open an explanation and mark whether its answer is right."""
    numbers = "".join(
        f' data-{key}="{node[key]}"' for key in ("value", "tolerance") if node.get(key) is not None
    )
    right = " data-right" if node["right"] else ""
    self.body.append(f'<li class="predict-answer"{right}{numbers}>')


def depart_answer(self: HTML5Translator, _node: Answer) -> None:
    """Close an explanation."""
    self.body.append("</li>\n")


def visit_revisit(self: HTML5Translator, node: Revisit) -> None:
    """Open the place of the questions that come back."""
    self.body.append(_REVISIT)
    if node.children:
        self.body.append(
            '<p class="predict-missed" role="status">'
            "Questions of earlier chapters that you missed come back here "
            "(with JavaScript, and as long as this browser remembers your answers).</p>\n"
        )
    else:
        self.body.append(
            '<p class="predict-missed">'
            "Questions that you miss here come back in a later chapter.</p>\n"
        )


def depart_revisit(self: HTML5Translator, _node: Revisit) -> None:
    """Offer to forget everything and close."""
    self.body.append(
        '<p><button type="button" class="predict-forget-all" hidden>'
        "Forget all my answers in this book</button> "
        '<span class="predict-forgotten" role="status"></span></p></div>\n'
    )


def plot_svg(question: Question, *, with_curve: bool) -> str:
    """Return the axes of a sketch as SVG, with or without the true curve."""
    x, y = question["x"], question["y"]
    right, bottom = WIDTH - MARGIN, HEIGHT - MARGIN
    label = f"Plot of {y['label']} against {x['label']}"
    curve = ""
    if with_curve:
        label += ": the true curve, described below"
        points = " ".join(
            f"{MARGIN + (px - x['low']) / (x['high'] - x['low']) * (right - MARGIN):.1f},"
            f"{bottom - (py - y['low']) / (y['high'] - y['low']) * (bottom - MARGIN):.1f}"
            for px, py in question["curve"]
            if x["low"] <= px <= x["high"]
        )
        curve = f'<polyline class="predict-truth" points="{points}"/>'
    middle = (MARGIN + bottom) / 2
    x_low, x_high, y_low, y_high = (
        minus(f"{axis[end]:g}") for axis in (x, y) for end in ("low", "high")
    )
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(label)}">'
        f'<path class="predict-axes" d="M{MARGIN} {MARGIN}V{bottom}H{right}"/>'
        f'<text x="{MARGIN}" y="{bottom + 14}" text-anchor="middle">{x_low}</text>'
        f'<text x="{right}" y="{bottom + 14}" text-anchor="middle">{x_high}</text>'
        f'<text x="{MARGIN - 6}" y="{bottom}" text-anchor="end">{y_low}</text>'
        f'<text x="{MARGIN - 6}" y="{MARGIN + 4}" text-anchor="end">{y_high}</text>'
        f'<text x="{(MARGIN + right) / 2}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{escape(x['label'])}</text>"
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">'
        f"{escape(y['label'])}</text>{curve}</svg>"
    )


def _html_id(node: Question) -> str:
    return ("revisit-" if "revisited" in node else "predict-") + str(node["name"])


def put_copies_aside(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Move the copies out of the page: they are fetched by a reader who missed a question.

    As a script, because a page from file:// can load nothing else.
    """
    copies = _COPY.findall(context.get("body", ""))
    if not copies:
        return
    name = f"_revisit/{page}.js"
    path = Path(app.outdir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"revisit({json.dumps(''.join(copies))});\n", encoding="utf-8")
    source = f'<div class="predict-revisit" data-copies="{context["pathto"](name, 1)}">'
    context["body"] = _COPY.sub("", context["body"]).replace(_REVISIT, source)


def add_assets(
    app: Sphinx,
    _page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the script and style on the pages that ask something."""
    if doctree and any(doctree.findall(lambda node: isinstance(node, Question | Revisit))):
        app.add_css_file("predict.css")
        app.add_js_file("predict.js", loading_method="defer")


def write_script(app: Sphinx, config: Config) -> None:
    """Join the script with what it shares with the widgets into one that every browser runs."""
    folder = Path(app.doctreedir) / "scripts"
    folder.mkdir(parents=True, exist_ok=True)
    script = bundle(Path(__file__).with_name("predict.js"))
    (folder / "predict.js").write_text(script, encoding="utf-8")
    config.html_static_path.append(str(folder))


def _ignore(_self: Any, _node: nodes.Element) -> None:
    """Show the children only, in builders without a shape of their own."""


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    for node, visit, depart in (
        (Question, visit_question, depart_question),
        (Prompt, _ignore, _ignore),
        (Options, visit_options, depart_options),
        (Option, visit_option, depart_option),
        (Reveal, visit_reveal, depart_reveal),
        (Answer, visit_answer, depart_answer),
        (Revisit, visit_revisit, depart_revisit),
    ):
        plain = (_ignore, _ignore)
        app.add_node(node, html=(visit, depart), latex=plain, text=plain)
    app.connect("config-inited", write_script)
    app.connect("html-page-context", add_assets)
    app.connect("html-page-context", put_copies_aside)
