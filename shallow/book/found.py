"""What lets a page be found: a description, a picture, an address, a way on from nowhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

ABOUT = (
    "An open course on neural networks, from one neuron up, that runs, checks and grades itself."
)
# Buttons that the theme offers once it knows the repository.
REPOSITORY_BUTTONS = ("use_repository_button", "use_edit_page_button", "use_issues_button")
LOST = """
<h1>Page not found</h1>
<p>There is nothing at this address.
Perhaps it has moved: <a href="{root}search.html">search the book</a>,
or <a href="{root}index.html">begin at its first page</a>.</p>
"""


def follow_settings(_app: Sphinx, config: Config) -> None:
    """Let everything follow two settings: the address of the site and that of its repository."""
    root = urlsplit(config.html_baseurl).path.rstrip("/") + "/"
    config.ogp_site_url = config.html_baseurl
    config.ogp_type = "article"
    config.sitemap_url_scheme = "{link}"
    config.notfound_urls_prefix = root
    config.notfound_context = {"title": "Page not found", "body": LOST.format(root=root)}
    has_repository = bool(config.html_theme_options.get("repository_url"))
    config.html_theme_options |= dict.fromkeys(REPOSITORY_BUTTONS, has_repository)


def describe_the_rest(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Describe a page that has no text of its own, such as the index, by what the book is."""
    if doctree is None:
        tag = f'<meta name="description" content="{escape(ABOUT)}" />'
        context["metatags"] = f"{context.get('metatags', '')}\n{tag}"


def setup(app: Sphinx) -> None:
    """Load the extensions that do the work, and register the hooks."""
    app.setup_extension("sphinxext.opengraph")
    app.setup_extension("notfound.extension")
    if app.config.html_baseurl:  # a sitemap has whole addresses
        app.setup_extension("sphinx_sitemap")
    app.connect("config-inited", follow_settings)
    app.connect("html-page-context", describe_the_rest)
