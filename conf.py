"""Sphinx's configuration: what Jupyter Book 1 makes of ``_config.yml`` and ``_toc.yml``.

Only this file knows Jupyter Book: everything else is Sphinx, MyST-NB and the book's own extension.
"""

from pathlib import Path

from jupyter_book.config import get_final_config

from shallow.book import home

HERE = Path(__file__).parent
home.keep_in(HERE / "_build")
settings, _ = get_final_config(
    user_yaml=HERE / "_config.yml",
    sourcedir=HERE,
    cli_config={"external_toc_path": "_toc.yml", "latex_individualpages": False},
)
globals().update(settings)
