"""The ``{predict}`` and ``{revisit}`` directives: what they read, as document nodes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from myst_nb.ext.glue.utils import retrieve_glue_data
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from shallow.book import predict_nodes
from shallow.book.predict_nodes import Answer, Option, Options, Prompt, Reveal, Revisit
from shallow.book.predict_nodes import Question as QuestionNode
from shallow.book.question import Passage, Question, QuestionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOGGER = logging.getLogger(__name__)

NUMBER = r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_MEASURED = re.compile(rf"(?P<value>{NUMBER})(?:\s*±\s*(?P<tolerance>{NUMBER}))?\s*(?P<unit>.*)")
_AXIS = re.compile(rf"(?P<label>.+),\s*(?P<low>{NUMBER})\s+to\s+(?P<high>{NUMBER})")


class Predict(SphinxDirective):
    """A question that the reader answers before the reveal."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "kind": directives.unchanged_required,
        "x": directives.unchanged_required,
        "y": directives.unchanged_required,
        "curve": directives.unchanged_required,
        "tolerance": float,
    }

    def run(self) -> list[nodes.Node]:
        """Return the question's node, or nothing after a warning that names file and line."""
        name, kind = self.arguments[0], self.options.get("kind", "choice")
        try:
            source = Question.parse(name, kind, list(self.content))
            node = QuestionNode("", name=name, kind=kind, docname=self.env.docname)
            self.set_source_info(node)
            node += self._block(Prompt(), source.prompt)
            match kind:
                case "choice":
                    self._add_choices(node, source)
                case "number":
                    self._add_numbers(node, source)
                case "sketch":
                    self._add_sketch(node, source)
        except QuestionError as error:
            line = self.lineno + self.content_offset + 1 + error.line
            _warn(name, error, self.env.docname, line)
            return []
        return [node]

    def _add_choices(self, node: QuestionNode, source: Question) -> None:
        options, reveal = Options(), Reveal()
        node["several"] = sum(answer.right for answer in source.answers) > 1
        for answer in source.shuffled(node["name"]):
            options += Option("", *self._inline(answer.text))
            lead = nodes.Text("Right." if answer.right else "No.")
            reveal += self._explain(Answer(right=answer.right), [lead], answer.reason)
        node += [options, reveal]

    def _add_numbers(self, node: QuestionNode, source: Question) -> None:
        reveal = Reveal()
        for answer in source.answers:
            said = self._inline(answer.text)
            measured = _read_number("".join(n.astext() for n in said), answer.right, answer.text)
            if answer.right:
                node["unit"] = measured["unit"]
            elif measured["value"] is None:
                said = [nodes.Text("Any other number:")]
            else:
                said = [nodes.Text("If you said "), *said, nodes.Text(":")]
            reveal += self._explain(Answer(right=answer.right, **measured), said, answer.reason)
        node += reveal

    def _explain(self, node: Answer, lead: list[nodes.Node], reason: Passage) -> nodes.Element:
        self._block(node, reason)
        first = node.next_node(nodes.paragraph)
        first.insert(0, [nodes.strong("", "", *lead), nodes.Text(" ")])
        return node

    def _add_sketch(self, node: QuestionNode, source: Question) -> None:
        assert source.reason is not None  # noqa: S101 - given by the parser for a sketch
        node["x"], node["y"] = (_read_axis(key, self.options.get(key, "")) for key in "xy")
        node["curve"] = self._glued_curve(node["x"])
        node["tolerance"] = self.options.get("tolerance", 0.1)
        node += Reveal("", self._block(Answer(right=True), source.reason))

    def _glued_curve(self, x: dict[str, Any]) -> list[list[float]]:
        key = self.options.get("curve", "")
        try:
            text = retrieve_glue_data(self.state.document, key).data["text/plain"]
            curve = [[float(x), float(y)] for x, y in ast.literal_eval(text)]
        except Exception as error:
            msg = (
                f"the option `:curve: {key}` must name an array of (x, y) pairs that the chapter "
                "glues, as in `glue(roc=np.c_[fpr, tpr])`"
            )
            raise QuestionError(msg) from error
        xs = [point[0] for point in curve]
        if xs != sorted(xs) or not xs[0] <= x["low"] < x["high"] <= xs[-1]:
            msg = f"the curve {key!r} must have x ascending over all of {x['low']} to {x['high']}"
            raise QuestionError(msg)
        return curve

    def _block(self, node: nodes.Element, passage: Passage) -> nodes.Element:
        lines = StringList(passage.text.splitlines(), source=self.env.docname)
        self.state.nested_parse(lines, self.content_offset + passage.line, node)
        return node

    def _inline(self, passage: Passage) -> list[nodes.Node]:
        line = self.lineno + self.content_offset + passage.line
        parsed, messages = self.state.inline_text(passage.text, line)
        return [*parsed, *messages]


def _read_number(text: str, right: bool, where: Passage) -> dict[str, Any]:  # noqa: FBT001
    if text == "otherwise" and not right:
        return {"value": None, "tolerance": None, "unit": ""}
    match = _MEASURED.fullmatch(text.strip())
    if not match or (right and not match["tolerance"]):
        msg = f"{text!r} must be a number" + (
            " ± a tolerance, as in `8.3 ± 0.5 %`" if right else ""
        )
        raise QuestionError(msg, where.line)
    tolerance = match["tolerance"]
    return {
        "value": _number(match["value"]),
        "tolerance": float(tolerance) if tolerance else None,
        "unit": match["unit"],
    }


def _read_axis(key: str, text: str) -> dict[str, Any]:
    match = _AXIS.fullmatch(text)
    if not match or not _number(match["low"]) < _number(match["high"]):
        msg = f"the option `:{key}:` must read `label, low to high`, not {text!r}"
        raise QuestionError(msg)
    return {
        "label": match["label"],
        "low": _number(match["low"]),
        "high": _number(match["high"]),
    }


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


class RevisitDirective(SphinxDirective):
    """The place where the missed questions of earlier chapters come back."""

    def run(self) -> list[nodes.Node]:
        """Return a node that `FillRevisits` fills."""
        node = Revisit()
        self.set_source_info(node)
        return [node]


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return the names of all documents in the order of the table of contents."""
    return list(env.collect_relations())


class FillRevisits(SphinxPostTransform):
    """Copy the questions of all earlier documents into each ``{revisit}``."""

    default_priority = 3  # before references, in the copies too, are resolved

    def run(self, **_: Any) -> None:
        """Fill the document's revisits."""
        revisits = list(self.document.findall(Revisit))
        if not revisits:
            return
        order = reading_order(self.env)
        earlier = order[: order.index(self.env.docname)] if self.env.docname in order else []
        for docname in earlier:
            title = self.env.titles[docname].astext()
            for question in self.env.get_doctree(docname).findall(QuestionNode):
                for revisit in revisits:
                    copy = question.deepcopy()
                    copy["revisited"] = title
                    for node in copy.findall(
                        lambda n: isinstance(n, nodes.Element) and "refdoc" in n
                    ):
                        node["refdoc"] = self.env.docname
                    revisit.append(copy)


def note_questions(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the names of a document's questions, and whether it asks missed ones again."""
    metadata = app.env.metadata[app.env.docname]
    metadata["questions"] = [(q["name"], q.line) for q in doctree.findall(QuestionNode)]
    metadata["revisits"] = any(True for _ in doctree.findall(Revisit))


def check_names(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn about questions of the same name."""
    asked: dict[str, str] = {}
    for docname in reading_order(env):
        for name, line in env.metadata[docname].get("questions", []):
            if name in asked:
                _warn(
                    name,
                    f"the name is already used in {asked[name]}: choose another",
                    docname,
                    line,
                )
            asked.setdefault(name, f"{docname}, line {line}")


def outdated_revisits(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the documents to write again because an earlier one may ask something else now."""
    return [name for name in env.found_docs if env.metadata[name].get("revisits")]


def _warn(name: str, message: object, docname: str, line: int) -> None:
    LOGGER.warning(
        "predict %s: %s", name, message, location=(docname, line), type="shallow", subtype="predict"
    )


def setup(app: Sphinx) -> None:
    """Register the directives, their nodes and their hooks."""
    app.add_directive("predict", Predict)
    app.add_directive("revisit", RevisitDirective)
    app.add_post_transform(FillRevisits)
    app.connect("doctree-read", note_questions)
    app.connect("env-updated", outdated_revisits)
    app.connect("env-check-consistency", check_names)
    predict_nodes.setup(app)
