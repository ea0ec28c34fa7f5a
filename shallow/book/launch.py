"""Buttons that run a page's notebook elsewhere: on Colab, on Binder, or on the reader's JupyterHub.

They appear once `_config.yml` names the repository, the last one once it names the hub, too.
The notebooks, with what they import, are written to ``_build/launch``; the workflow that publishes
the site keeps them in a branch of the repository by themselves, which all three read.
"""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import nbformat
from nbformat.v4 import new_code_cell

from shallow.book.downloads import WHEEL
from shallow.book.notebooks import name_cells

if TYPE_CHECKING:
    from docutils import nodes
    from nbformat import NotebookNode
    from sphinx.application import Sphinx
    from sphinx.config import Config

BRANCH = "notebooks"
LIBRARIES = ("pandas", "scikit-learn", "scipy")  # what chapters import beside the package's own
FIRST = """# Where what this notebook imports is missing, it is installed first.
from importlib.util import find_spec

if find_spec("shallow") is None:
    %pip install --quiet {wheel} {libraries}
try:
    from google.colab import output
except ImportError:
    pass
else:
    output.enable_custom_widget_manager()"""


def take_settings(_app: Sphinx, config: Config) -> None:
    """Keep the theme from buttons of its own, which lead to the text of a page: no notebook."""
    theirs = config.html_theme_options.get("launch_buttons", {})
    config.launch_hub = theirs.get("jupyterhub_url", "").rstrip("/")
    config.html_theme_options["launch_buttons"] = {}


def places(repository: str, hub: str, notebook: str) -> dict[str, tuple[str, str]]:
    """Return, by the name of each place that runs a notebook, its address there and its icon.

    Parameters
    ----------
    repository : str
        Address of the repository, or nothing.
    hub : str
        Address of a JupyterHub with nbgitpuller, or nothing.
    notebook : str
        Name of the file.
    """
    if not repository:
        return {}
    host, path = urlsplit(repository).hostname, urlsplit(repository).path.strip("/")
    path = path.removesuffix(".git")
    found = {}
    if host == "github.com":
        colab = f"https://colab.research.google.com/github/{path}/blob/{BRANCH}/{notebook}"
        binder = f"https://mybinder.org/v2/gh/{path}/{BRANCH}"
        found["Colab"] = (colab, "fas fa-cloud")
    else:
        binder = f"https://mybinder.org/v2/git/{quote(repository, safe='')}/{BRANCH}"
    found["Binder"] = (
        f"{binder}?urlpath={quote(f'lab/tree/{notebook}', safe='')}",
        "fas fa-rocket",
    )
    if hub:
        folder = path.rpartition("/")[2]
        query = {"repo": repository, "branch": BRANCH, "urlpath": f"lab/tree/{folder}/{notebook}"}
        found["JupyterHub"] = (
            f"{hub}/hub/user-redirect/git-pull?{urlencode(query)}",
            "fas fa-server",
        )
    return found


def add_buttons(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Add the buttons to a page that has a notebook, and write it as it runs there."""
    repository = app.config.html_theme_options.get("repository_url", "").rstrip("/")
    if not context.get("ipynb_source") or not repository:
        return
    source = Path(app.outdir) / "_sources" / context["ipynb_source"]
    name = f"{page.rpartition('/')[2]}.ipynb"
    folder = _folder(app)
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(source, as_version=4)
    nbformat.write(launched(notebook, f"{repository}/raw/{BRANCH}/{WHEEL}"), folder / name)
    buttons = [
        {
            "type": "link",
            "url": escape(url),
            "text": place,
            "tooltip": f"Run this page's notebook on {place}",
            "icon": icon,
            "label": f"launch-{place.lower()}-button",
        }
        for place, (url, icon) in places(repository, app.config.launch_hub, name).items()
    ]
    group = {"type": "group", "tooltip": "Run this page", "icon": "fas fa-rocket"}
    context["header_buttons"].insert(0, {**group, "buttons": buttons, "label": "launch-buttons"})


def launched(notebook: NotebookNode, wheel: str) -> NotebookNode:
    """Return a notebook without outputs that first installs what it lacks."""
    first = new_code_cell(FIRST.format(wheel=wheel, libraries=" ".join(LIBRARIES)))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.cells[:1] = [first]  # in the place of how to run it elsewhere
    notebook.metadata.pop("widgets", None)
    name_cells(notebook)
    return notebook


def write_needs(app: Sphinx, error: Exception | None) -> None:
    """Put the package and the list of what the notebooks need beside them."""
    folder = _folder(app)
    if error is not None or not folder.exists():
        return
    shutil.copy2(Path(app.outdir) / "_static" / WHEEL, folder)
    lines = [f"./{WHEEL}", *LIBRARIES]
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _folder(app: Sphinx) -> Path:
    return Path(app.outdir).parent / "launch"


def setup(app: Sphinx) -> None:
    """Register the hooks: after the notebook is written, before the buttons are named."""
    app.add_config_value("launch_hub", "", "html", [str])
    app.connect("config-inited", take_settings)
    app.connect("html-page-context", add_buttons, priority=800)
    app.connect("build-finished", write_needs, priority=800)
