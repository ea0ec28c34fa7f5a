"""The buttons above a page, in words that say what they do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx import addnodes

from shallow.book.downloads import WHEEL

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

# By the theme's labels: what stands in the menu, and what is said of it.
WORDS = {
    "download-notebook-button": ("Notebook", "Download this page as a notebook that runs"),
    "download-source-button": ("Text", "Download the text from which this page is made"),
    "download-pdf-button": ("This page on paper", "Print this page, or keep it as a PDF"),
    "source-edit-button": ("Edit this page", "Propose a change of this page"),
    "source-issues-button": ("Report a mistake", "Report a mistake on this page"),
}


def name_buttons(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Name the theme's buttons in words, and add the exercise and the package to the downloads."""
    for group in context.get("header_buttons", []):
        buttons = group.get("buttons", [])
        if group.get("label") == "download-buttons":
            buttons += _more_downloads(context, doctree)
        for button in buttons:
            if button.get("label") in WORDS:
                button["text"], button["tooltip"] = WORDS[button["label"]]


def _more_downloads(
    context: dict[str, Any], doctree: nodes.document | None
) -> list[dict[str, str]]:
    """Return a button for each exercise that the page offers, and for its notebook's package."""
    found = {}
    exercises = {
        Path(node["reftarget"]).stem: f"_downloads/{node['filename']}"
        for node in (doctree.findall(addnodes.download_reference) if doctree else ())
        if node["reftarget"].endswith(".ipynb") and "filename" in node
    }
    for name, path in exercises.items():
        text = "Exercise" if len(exercises) == 1 else f"Exercise {name}"
        found[text] = (path, f"the exercise {name}", "fas fa-pen")
    if context.get("ipynb_source"):
        found["Package"] = (f"_static/{WHEEL}", "what the notebook imports", "fas fa-box")
    return [
        {
            "type": "link",
            "url": context["pathto"](path, 1),
            "text": text,
            "tooltip": f"Download {what}",
            "icon": icon,
            "label": f"download-{text.lower().replace(' ', '-')}-button",
        }
        for text, (path, what, icon) in found.items()
    ]


def setup(app: Sphinx) -> None:
    """Register the hook; the theme makes its menus at priorities 501 to 503."""
    app.connect("html-page-context", name_buttons, priority=900)
