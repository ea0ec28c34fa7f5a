"""Nothing in the home of whoever builds the book changes a page, or need be writable."""

from __future__ import annotations

import os
from pathlib import Path

FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR")


def keep_in(build: Path) -> None:
    """Let IPython, Jupyter and Matplotlib, here and in kernels, keep their files below `build`.

    Otherwise a start-up file, a kernel or a style of the user's own would take part, and a kernel
    would not start where the home is read-only.
    """
    for name in FOLDERS:
        folder = build / "home" / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(folder)
