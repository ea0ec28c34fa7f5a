"""Outputs that another way of computing left in the cache are not taken for this one's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from shallow.book import machine
from tools.kernels import narrowest, own, probe

ASK = "from shallow.book.machine import computes_with; print(computes_with())"


def cache(tmp_path: Path) -> str:
    config = SimpleNamespace()
    machine.choose_cache(SimpleNamespace(outdir=tmp_path / "html"), config)
    return config.nb_execution_cache_path


@pytest.mark.parametrize("library", machine.LIBRARIES)
def test_another_version_has_another_cache(library, tmp_path: Path, monkeypatch) -> None:
    before = cache(tmp_path)
    assert cache(tmp_path) == before
    version = machine.version
    monkeypatch.setattr(machine, "version", lambda name: version(name) + ".1" * (name == library))
    assert cache(tmp_path) != before


@pytest.mark.slow
def test_another_kernel_has_another_cache() -> None:
    wide, narrow = own(), narrowest()
    if probe(wide) == probe(narrow):
        pytest.skip("this machine has one kernel only")
    said = {
        subprocess.run([sys.executable, "-c", ASK], env=env, check=True, capture_output=True).stdout
        for env in (wide, narrow)
    }
    assert len(said) == 2


def test_book_uses_that_cache(everything) -> None:
    root = everything.html.parent
    assert Path(cache(root)).is_dir()
