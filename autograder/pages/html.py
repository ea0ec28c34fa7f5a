"""Pages of HTML that are complete in one file, ask nothing of the network, and run no script."""

from __future__ import annotations

import base64
import binascii
import re

import nh3
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.pages import formulas

TAGS = nh3.ALLOWED_TAGS | formulas.TAGS
ATTRIBUTES = nh3.ALLOWED_ATTRIBUTES | dict.fromkeys(formulas.TAGS, formulas.ATTRIBUTES)
WITHOUT_ALT = re.compile(r"<img(?![^>]* alt=)")
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
MAX_MARKDOWN = 50_000  # characters; rendering what is made for it takes quadratic time, too
MAX_TAGS = 5000  # the time to clean HTML grows with the square of its depth
MAX_HTML = 2_000_000  # characters
LONG_TAG = re.compile(r"<[^<>]{20000}")  # and with the square of a tag's attributes
MAX_ENVIRONMENTS = 200  # each looks for its end in all that follows

environment = Environment(
    loader=PackageLoader("autograder.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def clean(html: str) -> Markup:
    """Keep of a student's HTML what shows something: no script, no style, no request, no form.

    HTML that would take long to clean is shown as the text that it is.
    """
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS or LONG_TAG.search(html):
        return escape(html)
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_safe_attribute,
        url_schemes={"http", "https", "mailto", "data"},
    )
    return Markup(WITHOUT_ALT.sub('<img alt="Picture"', cleaned))  # noqa: S704  (nh3 cleaned it)


def _safe_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute in {"src", "srcset", "cite"}:
        return value if tag == "img" and PICTURE.fullmatch(value) else None
    if attribute == "href":
        return None if value.lstrip().lower().startswith("data:") else value
    return value


class _Renderer(IPythonRenderer):
    """nbconvert's, which leaves formulas to a script and stops at a picture that is not there."""

    def inline_math(self, body: str) -> str:
        """Return a formula of a line; as it was typed if it cannot be converted."""
        return formulas.mathml(body, "inline") or super().inline_math(body)

    def block_math(self, body: str) -> str:
        """Return a formula on lines of its own."""
        return formulas.mathml(body, "block") or super().block_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        """Return a formula on lines of its own, such as ``align``."""
        latex = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return formulas.mathml(latex, "block") or super().latex_environment(name, body)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the picture, or its alternative text."""
        name = url.removeprefix("attachment:")
        if name != url and name not in self.attachments:
            return escape(text)
        return super().image(text, url, title)


def markdown(source: str, attachments: dict[str, dict[str, str]] | None = None) -> Markup:
    """Render a student's or a grader's Markdown, formulas as MathML.

    What would take long to render is shown as text.
    """
    if len(source) > MAX_MARKDOWN or source.count("\\begin") > MAX_ENVIRONMENTS:
        return escape(source)
    renderer = _Renderer(escape=False, attachments=attachments or {}, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


def picture(mime: str, content: str) -> str | None:
    """Return an output's picture as a ``data:`` address, None if it is no base64."""
    if mime == "image/svg+xml":  # scripts in it do not run inside an img element
        return f"data:{mime};base64,{base64.b64encode(content.encode()).decode()}"
    try:
        return f"data:{mime};base64,{base64.b64encode(base64.b64decode(content)).decode()}"
    except binascii.Error:
        return None
