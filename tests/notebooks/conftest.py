"""What the tests of notebooks share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.kernels import narrowest

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SHALLOW_SITE", ROOT / "_build" / "html"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_pytest() -> Run:
    """Run pytest in a folder, in a process of its own, with nbval and no other plugin."""

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        plugins = ["-p", "nbval.plugin", "-p", "tests.support.kernel_ports"]
        alone = ["-c", os.devnull, f"--rootdir={folder}", "-p", "no:cacheprovider"]
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *plugins, *alone, *arguments],
            cwd=folder,
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def narrow() -> dict[str, str]:
    """The environment in which the narrowest kernel of OpenBLAS computes.

    `make portable` chooses a kernel for all tests, so there it is as it is.
    """
    return dict(os.environ) if "SHALLOW_KERNEL" in os.environ else narrowest()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `notebook` on each notebook that the site offers."""
    if "notebook" in metafunc.fixturenames:
        notebooks = sorted((SITE / "_sources").rglob("*.ipynb"))
        names = [str(path.relative_to(SITE / "_sources")) for path in notebooks]
        metafunc.parametrize("notebook", notebooks, ids=names)
