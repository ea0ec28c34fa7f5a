"""What keeps a page light: it carries, and loads at once, only what it shows."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector

from shallow.book.executed import WIDGET_STATE, executed_notebook, is_view, views_of_widgets
from shallow.book.predict_nodes import Question
from shallow.book.theme import drop_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx
    from sphinx.config import Config

# How high each widget is at some widths: tools/heights.py.
HEIGHTS = json.loads(Path(__file__).with_name("heights.json").read_text(encoding="utf-8"))
_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="[^"]*_images/(?P<name>[^"]+)"')
_SVG_SIZE = re.compile(r'<svg\b[^>]*?width="([\d.]+)pt"[^>]*?height="([\d.]+)pt"')
# How high on a phone each of these is, beside its text.
PIXELS: dict[type[nodes.Node], int] = {
    nodes.title: 90,
    nodes.math_block: 80,
    nodes.image: 330,
    nodes.row: 30,
    nodes.list_item: 10,
    Question: 420,
}
WINDOW = 900  # pixels that a phone shows at first
# What Bootstrap does for each kind of its buttons at each click and key: it looks through the page.
_LOOK = re.compile(
    r"const (?P<all>\w+)=\w+\.querySelectorAll\((?P<selector>\w+)\);"
    r"for\(let\{target:(?P<node>\w+)\}(?P<up>[^)]*)\)for\(const (?P<one>\w+) of (?P=all)\)"
    r"if\((?P=one)===(?P=node)\)"
)
_ASK = r"for(let{target:\g<node>}\g<up>)if(\g<node>.matches?.(\g<selector>))"
# Bootstrap makes its hints as soon as it has come.
_HINTS = re.compile(
    r"\w+\(function\(\)\{(?=\[\]\.slice\.call\(document\.querySelectorAll\('\[data-bs-)"
)
_LATER = "setTimeout(function(){"
OPTIONS = Path(sphinx.__file__).parent / "themes/basic/static/documentation_options.js.jinja"
_REFERENCE = re.compile(r'"IPY_MODEL_(\w+)"')


def shown(models: dict[str, Any], views: Iterable[str]) -> dict[str, Any]:
    """Return the models that are viewed, and those that they refer to."""
    wanted = list(views)
    kept = set()
    while wanted:
        name = wanted.pop()
        if name in models and name not in kept:
            kept.add(name)
            wanted += _REFERENCE.findall(json.dumps(models[name]))
    return {name: model for name, model in models.items() if name in kept}


def lighten_state(app: Sphinx, doctree: nodes.document) -> None:
    """Carry the widgets that are shown, not those that the code only works with."""
    scripts = NbMetadataCollector.get_js_files(app.env, app.env.docname)
    for key, (uri, attributes) in scripts.items():
        if attributes.get("type") != WIDGET_STATE:
            continue
        state = json.loads(attributes["body"])
        state["state"] = shown(state["state"], (name for _, name in views_of_widgets(doctree)))
        scripts[key] = (uri, attributes | {"body": json.dumps(state).replace("</", r"<\/")})


def load_images_late(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Let the browser fetch a figure when the reader comes near it."""
    for image in doctree.findall(nodes.image):
        image["loading"] = "lazy"


def size_images(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Say how large each figure is, so that its place is kept until it has come."""
    sources = {name: uri for uri, name in app.builder.images.items()}

    def sized(match: re.Match[str]) -> str:
        size = _size(Path(app.srcdir) / sources.get(match["name"], ""))
        return match[0] + (f' width="{size[0]}" height="{size[1]}"' if size else "")

    if "body" in context:
        context["body"] = _IMAGE.sub(sized, context["body"])


@cache
def _size(path: Path) -> tuple[int, int] | None:
    """Return width and height in pixels of an SVG that states them in points."""
    if path.suffix != ".svg":
        return None
    found = _SVG_SIZE.search(path.read_text(encoding="utf-8")[:2000])
    return (round(float(found[1]) * 4 / 3), round(float(found[2]) * 4 / 3)) if found else None


def reserve_widgets(app: Sphinx, doctree: nodes.document) -> None:
    """Follow each widget's place by the space that it will take, as far as that is known."""
    places = list(views_of_widgets(doctree))
    notebook = executed_notebook(app, app.env.docname) if places else None
    if notebook is None:
        return
    models = notebook.metadata["widgets"][WIDGET_STATE]["state"]
    for node, model in places:
        identity = models[model]["state"].get("_anywidget_id", "")
        if not identity:
            continue
        name = identity.rpartition(".")[2]
        space = f"<style>{_rules(name)}</style>" if name in HEIGHTS else ""
        place = (
            f'{space}<div class="static-widget-place">'
            f'<div class="static-widget" data-widget="{name}"></div></div>'
            "<noscript><style>.static-widget { display: none } "
            ".static-widget-still { display: block }</style></noscript>"
        )
        node.parent.insert(node.parent.index(node) + 1, nodes.raw("", place, format="html"))


def _rules(name: str) -> str:
    """Return the style that reserves a widget's height: straight between the measured widths."""
    known = sorted((int(width), height) for width, height in HEIGHTS[name].items())
    rules = []
    for (low, start), (high, end) in pairwise(known):
        slope = (end - start) / (high - low)
        rules.append(
            f"@container (min-width: {low}px) {{ .static-widget[data-widget={name}]:empty "
            f"{{ height: calc({start - slope * low:.0f}px + {100 * slope:.1f}cqw) }} }}"
        )
    return "".join(rules)


def put_code_aside(models: dict[str, Any], folder: Path, pathto: Callable[[str, int], str]) -> None:
    """Move the code of widgets from the page into scripts, fetched when a widget comes near."""
    for model in models.values():
        state = model["state"]
        if "_esm" not in state:
            continue
        code = json.dumps({key: state.pop(key) for key in ("_esm", "_css") if key in state})
        stem = state.get("_anywidget_id", "widget").split(".")[-2:][0]
        name = f"{stem}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
        path = folder / "_static" / "widgets" / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'(window.widgetCode ??= {{}})["{name}"] = {code};\n', encoding="utf-8")
        state["_code"] = [name, pathto(f"_static/widgets/{name}.js", 1)]


def mark_later(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Mark what a phone does not show at first: a script in the page says when it is laid out."""
    above = 0
    for node in doctree.findall(nodes.Element):
        if above > WINDOW and isinstance(node, nodes.section | nodes.row | nodes.definition):
            node["classes"].append("later")
        in_table = isinstance(node, nodes.paragraph) and _inside(node, nodes.entry)
        # The entries of a row stand beside each other: the room of a line is that of the row.
        above += 28 * (len(node.astext()) // 34) if in_table else _own_height(node)


def estimate_sections(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Say about how high each section is: it takes that room until the reader comes near it.

    Rather too much than too little: what is too high for its room would lie on what follows.
    """
    sections = list(doctree.findall(nodes.section)) if doctree else []
    for section in sections[1:]:  # the first is the page
        start = f' id="{section["ids"][0]}"'
        style = f' style="--height: {height_on_a_phone(section)}"'
        context["body"] = context["body"].replace(start + ">", f"{start}{style}>", 1)


def height_on_a_phone(section: nodes.section) -> int:
    """Return about how many pixels high a section is, without code and answers that it folds."""
    return sum(map(_own_height, section.findall(nodes.Element))) + 250


def _own_height(node: nodes.Element) -> int:
    """Return what a node itself adds to the height of a page, in pixels."""
    match node:
        case nodes.paragraph() if not _inside(node, Question):
            return 28 * (len(node.astext()) // 34 + 1) + 22
        case nodes.literal_block() if not _inside(node, nodes.container, "hide"):
            return 22 * (node.astext().count("\n") + 1) + 70
        case nodes.raw() if is_view(node):
            return 2300
    return PIXELS.get(type(node), 0)


def _inside(node: nodes.Node, kind: type[nodes.Node], word: str = "") -> bool:
    """Tell whether a node is in one of that kind, which has the word among its classes."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kind) and (not word or word in " ".join(node["classes"])):
            return True
    return False


def load_scripts_late(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Show the text before any script runs; the state of widgets comes after the text, too."""
    if doctree is None:  # the page of the search has scripts of its own that wait for none
        return
    scripts = context["script_files"]
    states = [file for file in scripts if file.attributes.get("type") == WIDGET_STATE]
    for file in states:
        state = json.loads(file.attributes["body"])
        put_code_aside(state["state"], Path(app.outdir), context["pathto"])
        body = json.dumps(state).replace("</", r"<\/")
        context["body"] += f'\n<script type="{WIDGET_STATE}">{body}</script>\n'
    context["script_files"] = [_late(file, app) for file in scripts if file not in states]


def _late(file: Any, app: Sphinx) -> Any:
    """Return a copy of a script, for all pages share the original, that runs after the text."""
    # The theme sets one of these options from a script in the page, which would wait for the file.
    if "documentation_options" in str(file.filename):
        return type(file)(None, priority=file.priority, body=_options(app))
    if not file.filename:
        return file
    attributes = file.attributes | {"defer": "defer"}
    return type(file)(file.filename, priority=file.priority, **attributes)


def _options(app: Sphinx) -> str:
    """Return what Sphinx's scripts ask for, which is a short script of its own."""
    context = app.builder.globalcontext | {"parents": []}  # type: ignore[attr-defined]  # of HTML
    return app.builder.templates.render_string(OPTIONS.read_text(encoding="utf-8"), context)


def drop_unused_tabs(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the script of tabs only where there are some."""
    if "sd-tab-set" not in context.get("body", ""):
        drop_files(context, "design-tabs")


def asks_what_is_pressed(script: str) -> str:
    """Return Bootstrap's script so that it asks what is pressed, instead of all that could be.

    Its hints, which it makes of what it finds in the page, become a task of their own.
    """
    return _HINTS.sub(_LATER, _LOOK.sub(_ASK, script))


def answer_sooner(app: Sphinx, error: Exception | None) -> None:
    """Let no press wait until the whole page has been looked through a dozen times."""
    path = Path(app.outdir) / "_static" / "scripts" / "bootstrap.js"
    if error is None and path.exists():
        script = path.read_text(encoding="utf-8")
        path.write_text(asks_what_is_pressed(script), encoding="utf-8")


def add_templates(_app: Sphinx, config: Config) -> None:
    """Put the book's own templates before the theme's."""
    config.templates_path.append(str(Path(__file__).parent / "templates"))


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    app.connect("config-inited", add_templates)
    app.connect("doctree-read", lighten_state)
    app.connect("doctree-resolved", load_images_late)
    app.connect("doctree-resolved", mark_later)
    app.connect("doctree-read", reserve_widgets)
    app.connect("html-page-context", drop_unused_tabs, priority=900)
    app.connect("html-page-context", size_images, priority=900)
    app.connect("html-page-context", estimate_sections, priority=900)
    app.connect("html-page-context", load_scripts_late, priority=950)
    app.connect("build-finished", answer_sooner)
