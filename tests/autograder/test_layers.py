"""The layers of the package: an import runs down, never up."""

from __future__ import annotations

import ast
from pathlib import Path

import autograder

ROOT = Path(autograder.__file__).parent
LAYERS = (  # the lowest first; what stands in one line may import each other
    {"errors", "files", "limits", "notes"},
    {"remote"},
    {"sandbox", "inside"},
    {"core"},
    {"course"},
    {"gradebook"},
    {"classroom", "collect"},
    {"pages", "export"},
    {"marking"},
    {"", "apps", "cli", "doctor", "preprocessors", "feedback", "late", "__main__"},
)
LAYER = {name: height for height, names in enumerate(LAYERS) for name in names}


def imports():
    """Yield each import of a module of the package by another: importer and imported."""
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        importer = "" if parts == ("__init__",) else parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
                if node.module == "autograder":
                    names = [f"autograder.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                top, _, rest = name.partition(".")
                if top == "autograder":
                    first = rest.partition(".")[0]
                    yield path.relative_to(ROOT), importer, first if first in LAYER else ""


def test_every_module_has_a_layer():
    found = {importer for _, importer, _ in imports()}
    assert found <= LAYER.keys()


def test_no_import_runs_up():
    up = [
        f"{path} imports {imported or 'autograder'}"
        for path, importer, imported in imports()
        if LAYER[imported] > LAYER[importer]
    ]
    assert up == []


def test_what_runs_beside_students_code_does_not_load_the_grader():
    inside = {imported for path, importer, imported in imports() if importer == "inside"}
    assert inside <= {"inside", "remote", "sandbox", "limits", "errors"}
