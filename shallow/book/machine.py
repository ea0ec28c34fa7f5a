"""Where outputs were computed: those that another machine, or other libraries, cached do not hold.

jupyter-cache knows a notebook by the text of its cells alone, so each way of computing has a cache.
"""

from __future__ import annotations

import hashlib
import platform
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_info

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib")


def kernels() -> list[str]:
    """Return the kernels with which the linear algebra of NumPy and of SciPy computes here."""
    import_module("scipy.linalg")  # loads both
    return sorted(
        f"{Path(pool['filepath']).name}: {pool['architecture']}"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    )


def computes_with() -> str:
    """Return what decides the last digits of an output: a line for Python, libraries, kernels."""
    lines = [f"Python {platform.python_version()} {platform.machine()}"]
    lines += [f"{library} {version(library)}" for library in LIBRARIES]
    return "\n".join(lines + kernels())


def choose_cache(app: Sphinx, config: Config) -> None:
    """Use the cache of this way of computing; another than the last time reads all pages again."""
    key = hashlib.sha256(computes_with().encode()).hexdigest()[:12]
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".jupyter_cache" / key)


def setup(app: Sphinx) -> None:
    """Register the hook, before MyST-NB reads its settings."""
    app.connect("config-inited", choose_cache)
