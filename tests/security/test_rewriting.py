"""Attacks that rewrite the tests, the notebook, or what the tests use."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import copy

import pytest

from tests.security.attacks import Attack, Notebook

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class


def cells_of_tests(notebook: Notebook) -> list[dict]:
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("points") == 1]


def skip(notebook):
    for cell in cells_of_tests(notebook):
        cell["metadata"]["tags"] = ["skip-execution"]


def forge_outputs(notebook):
    skip(notebook)
    result = {"output_type": "execute_result", "metadata": {}, "execution_count": 1}
    for cell in cells_of_tests(notebook):
        cell["outputs"] = [result | {"data": {"text/plain": "1"}}]


def forge_points(notebook):
    for cell in cells_of_tests(notebook):
        cell["metadata"]["nbgrader"]["points"] = 1000
        cell["source"] = "1000"


def unlock(notebook):
    for cell in cells_of_tests(notebook):
        cell["metadata"]["nbgrader"].update(locked=False, solution=True, grade=True)
        cell["source"] = "pass"


def ungrade(notebook):
    for cell in cells_of_tests(notebook):
        cell["metadata"]["nbgrader"].update(grade=False, locked=False)
        cell["source"] = "pass"


def take_names(notebook):
    for cell, test in zip(notebook["cells"][1:5], cells_of_tests(notebook), strict=False):
        cell["metadata"]["nbgrader"] = dict(test["metadata"]["nbgrader"])


def duplicate(notebook):
    for cell in cells_of_tests(notebook):
        twin = copy.deepcopy(cell) | {"source": "pass", "id": cell["id"] + "-twin"}
        notebook["cells"] += [twin]


def delete(notebook):
    doomed = cells_of_tests(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in doomed]


def retype(notebook):
    for cell in cells_of_tests(notebook):
        cell["cell_type"] = "raw"
        cell.pop("outputs")
        cell.pop("execution_count")


def reschema(notebook):
    for cell in cells_of_tests(notebook):
        cell["metadata"]["nbgrader"] = {"schema_version": 99, "grade_id": ["x"], "points": "nan"}


def other_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "mine", "display_name": "x", "language": "bash"}


MODULE = """\
def isclose(*_, **__): return True
def assert_allclose(*_, **__): pass
array_equal = isclose
"""
EDITS = {
    "skipped-tests": (
        skip,
        "Tags the tests so that nbclient does not run them; tags are the source's.",
        True,
    ),
    "forged-outputs": (
        forge_outputs,
        "Hands in tests with their results; results are made here.",
        False,
    ),
    "forged-points": (
        forge_points,
        "Raises the points of the tests, and answers with them.",
        False,
    ),
    "unlocked-tests": (unlock, "Makes the tests answers of the student's own, which pass.", False),
    "ungraded-tests": (ungrade, "Makes the tests ordinary cells, which pass.", False),
    "names-of-tests": (
        take_names,
        "Gives answers the grade ids of tests; the last one counts.",
        False,
    ),
    "duplicated-tests": (
        duplicate,
        "Adds tests of the same names that pass; the text is the source's.",
        False,
    ),
    "deleted-tests": (delete, "Hands in no tests; they are put back.", False),
    "retyped-tests": (retype, "Makes the tests raw cells; they are code again.", False),
    "foreign-schema": (reschema, "Spoils the metadata of the tests; the source's is used.", False),
    "foreign-kernel": (other_kernel, "Names a kernel of its own; none is started.", False),
}
CODE = [
    Attack(
        "input-transformer",
        "Drops every assert from the cells that follow; the tests run in another process.",
        """
def drop(lines):
    return [line.replace("assert", "lambda: ") for line in lines]
get_ipython().input_transformers_post.append(drop)
""",
        plain=True,
    ),
    Attack(
        "syntax-tree-transformer",
        "Drops every assert from the syntax trees of later cells; the tests run elsewhere.",
        """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    visit_Raise = visit_Assert
get_ipython().ast_transformers.append(Drop())
""",
        plain=True,
    ),
    Attack(
        "cell-hooks",
        "Registers hooks that run around each cell and answer for it; no test runs in this shell.",
        """
def hook(*_):
    get_ipython().displayhook(1)
    get_ipython().user_ns.update(double=lambda x: 2 * x + 1)
for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
    get_ipython().events.register(event, hook)
""",
    ),
    Attack(
        "swallowed-errors",
        "Has the shell swallow every exception of later cells; no test raises in this shell.",
        "get_ipython().set_custom_exc((BaseException,), lambda *_, **__: None)",
    ),
    Attack(
        "replaced-shell",
        "Replaces the shell's own methods for running cells and showing errors.",
        """
print("replacing")
shell = get_ipython()
done = type("Done", (), dict(success=True, result=1, error_in_exec=None, error_before_exec=None))
for name in ("run_code", "run_ast_nodes", "showtraceback", "_showtraceback", "should_run_async"):
    setattr(shell, name, lambda *_, **__: None)
shell.run_cell = lambda *_, **__: done
type(shell).run_cell = type(shell).execute = shell.run_cell
""",
        finishes=False,  # it replaces what runs the rest of its own cell
        says=("replacing",),
    ),
    Attack(
        "display-formatters",
        "Shows every value as full marks; only a test's own last line is a number of points.",
        """
shell = get_ipython()
shell.display_formatter.formatters["text/plain"].for_type(object, lambda *_: print(1))
shell.display_formatter.format = lambda *_, **__: ({"text/plain": "1"}, {})
import sys
sys.displayhook = lambda _: print(1)
""",
    ),
    Attack(
        "forged-results",
        "Publishes execution results of full marks and more; they stay outputs of this cell.",
        """
for _ in range(20):
    get_ipython().displayhook(1000)
from autograder.inside.shell import OUTPUTS
for text in ("1", "1000", "nan", "not a number"):
    result = {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}}
    OUTPUTS.add(result | {"execution_count": 9, "score": 1})
""",
    ),
    Attack(
        "patched-numpy",
        "Has NumPy find everything equal and near; the tests use another NumPy.",
        """
import numpy.testing
numpy.testing.assert_allclose = lambda *_, **__: None
np.array_equal = np.allclose = np.all = lambda *_, **__: True
np.max = np.abs = np.sum = lambda *_, **__: 0.0
def scale(x): return np.zeros(2)
""",
        plain=True,
    ),
    Attack(
        "patched-builtins",
        "Replaces builtin functions and AssertionError; the tests have builtins of their own.",
        """
import builtins
builtins.all = builtins.any = lambda *_: True
builtins.abs = builtins.max = lambda *_: 0.0
builtins.AssertionError = type("Harmless", (StopIteration,), {})
def double(x): return 0
""",
    ),
    Attack(
        "shadowed-builtins",
        "Defines global names that tests use; builtins and a test's own names come first.",
        """
all = any = lambda *_: True
abs = max = lambda *_: 0.0
expected = found = pairs = seen = [1]
AssertionError = ValueError
def double(x): return 0
""",
        plain=True,
    ),
    Attack(
        "replaced-modules",
        "Puts modules of its own into sys.modules; the tests import in another process.",
        """
import sys, types
class Yes(types.ModuleType):
    def __getattr__(self, name): return lambda *_, **__: True
for name in ("math", "numpy", "numpy.testing", "autograder", "autograder.inside.checker"):
    sys.modules[name] = Yes(name)
def double(x): return 0
""",
        plain=True,
    ),
    Attack(
        "import-hooks",
        "Hooks the import system so that later imports give modules of its own.",
        f"""
import builtins, importlib.abc, importlib.util, sys
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, *_): return importlib.util.spec_from_loader(name, self)
    def exec_module(self, module): exec({MODULE!r}, module.__dict__)
sys.meta_path.insert(0, Finder())
for name in [name for name in sys.modules if name in ("math", "timeit")]:
    del sys.modules[name]
def double(x): return 0
""",
        plain=True,
    ),
    Attack(
        "startup-files",
        "Writes every file that a Python or IPython reads as it starts; no later process sees them.",
        """
import os, site, sys
from pathlib import Path
evil = "import math, builtins\\nmath.isclose = builtins.all = lambda *_: True\\n"
user = Path(site.getusersitepackages())
for path in [
    Path("sitecustomize.py"), Path("usercustomize.py"), Path("math.py"), user / "usercustomize.py",
    user / "evil.pth", Path.home() / ".pythonrc", Path.home() / ".matplotlib/matplotlibrc",
    Path.home() / ".ipython/profile_default/startup/00.py", Path("/scratch/tmp/math.py"),
]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(evil)
os.environ.update(PYTHONSTARTUP=str(Path.home() / ".pythonrc"), PYTHONPATH=".", LD_PRELOAD="x.so")
for path in (sys.prefix, sys.base_prefix, "/opt/grader", "/opt/grader/autograder", "/usr/lib"):
    attempt(open, f"{path}/sitecustomize.py", "w")
""",
        says=("Read-only file system",),
    ),
    Attack(
        "startup-files-handed-in",
        "Hands in modules that shadow the library's, and startup files; the checker has none of them.",
        files={
            name: f"{MODULE}\nimport os; os._exit(7)".encode()
            for name in (
                *("math.py", "numpy.py", "numpy/__init__.py", "sitecustomize.py", "evil.pth"),
                *("autograder/__init__.py", ".ipython/profile_default/startup/00.py"),
            )
            if name != "numpy.py"
        },
        right=True,
    ),
    Attack(
        "patched-grader",
        "Patches the grader's own modules in the student's process, where nothing decides anything.",
        """
import autograder.remote.channel, autograder.remote.handles, autograder.inside.student, autograder.remote.wire
for name in autograder.remote.handles.OPERATIONS:
    autograder.remote.handles.OPERATIONS[name] = lambda *_, **__: True
autograder.remote.handles.Handle.__eq__ = lambda *_: True
autograder.inside.student.describe = lambda _: {"status": "passed", "points": 1.0}
autograder.inside.student.StudentProcess.name = lambda *_: len
""",
    ),
]
ATTACKS = CODE + [
    Attack(name, about, edit=edit, plain=plain) for name, (edit, about, plain) in EDITS.items()
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
