"""What a test looks at that cannot be seen from outside the student's process, by its syntax tree.

At the split level a test sees values and calls, and nothing else of the student's process.
A test of identity, of a patched name or of a redirected stream would pass there without having
tested anything, so it must run inside; so must whatever is not known to be harmless.
"""

from __future__ import annotations

import ast
import builtins
import functools
from typing import TYPE_CHECKING

import numpy as np

from autograder.core.flow import Flow, Function, assigned, bound, imported, imported_by, names_of
from autograder.core.notebook import nodes_of, symbols_of, tree_of
from autograder.remote.handles import READABLE_DUNDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = {
    **dict.fromkeys(("os", "pathlib", "tempfile", "shutil", "glob", "io", "fileinput"), "files"),
    **dict.fromkeys(("sqlite3", "csv", "zipfile", "tarfile", "gzip", "h5py"), "files"),
    **dict.fromkeys(("inspect", "dis", "ast", "symtable", "tokenize"), "code"),
    **dict.fromkeys(("gc", "weakref", "ctypes", "pickle", "copyreg", "tracemalloc"), "memory"),
    **dict.fromkeys(("mock", "builtins", "__main__", "importlib"), "patched names"),
    **dict.fromkeys(("sys", "threading", "signal", "asyncio", "multiprocessing"), "the process"),
    **dict.fromkeys(("concurrent", "subprocess", "socket", "doctest", "atexit"), "the process"),
    **dict.fromkeys(("warnings", "logging"), "warnings and logs"),
    **dict.fromkeys(("IPython", "nbformat", "ipytest"), "the notebook"),
    **dict.fromkeys(("matplotlib", "pylab", "seaborn", "plotly", "plotchecker"), "figures"),
}
RANDOM = "the state of the process's random generator"
NAMES = {
    **dict.fromkeys(("globals", "locals", "eval", "exec", "compile"), "names"),
    **dict.fromkeys(("__import__", "setattr", "delattr"), "patched names"),
    **dict.fromkeys(("id", "hash", "memoryview"), "identity"),
    **dict.fromkeys(("open", "input", "help", "breakpoint"), "files and streams"),
    **dict.fromkeys(("In", "Out", "_", "__", "_i", "_ih", "_oh", "get_ipython"), "the notebook"),
    **dict.fromkeys(("__name__", "__file__", "__builtins__"), "the notebook"),
}
ATTRIBUTES = {
    **dict.fromkeys(("shares_memory", "may_share_memory", "base", "flags", "ctypes"), "identity"),
    **dict.fromkeys(("byte_bounds", "strides", "assertIs", "assertIsNot", "is_"), "identity"),
    **dict.fromkeys(
        ("is_not", "putmask", "copyto", "place", "setflags", "fill_diagonal"), "identity"
    ),
    **dict.fromkeys(("mock", "patch", "MagicMock", "setitem", "setenv"), "patched names"),
    **dict.fromkeys(("assertWarns", "assertWarnsRegex", "warns", "errstate"), "warnings and logs"),
    **dict.fromkeys(("seterr", "seterrcall", "deprecated_call", "assertLogs"), "warnings and logs"),
    **dict.fromkeys(("assertNoLogs",), "warnings and logs"),
    **dict.fromkeys(("set_option", "option_context", "set_printoptions"), "settings"),
    **dict.fromkeys(("printoptions", "getcontext", "localcontext", "setcontext"), "settings"),
    **dict.fromkeys(("exists", "loadtxt", "genfromtxt", "fromfile", "savetxt", "tofile"), "files"),
    **dict.fromkeys(("read_csv", "read_json", "read_excel", "read_parquet", "read_table"), "files"),
    **dict.fromkeys(("to_csv", "to_json", "memmap", "read_text", "write_text"), "files"),
    **dict.fromkeys(("load", "save", "savez"), "files"),
    **dict.fromkeys(("getstate", "get_state", "setstate", "set_state"), RANDOM),
    **dict.fromkeys(("cache_info", "cache_clear", "gi_frame", "f_locals"), "code"),
}
BY_NAME = (  # also when they are imported by name
    *("shares_memory", "may_share_memory", "patch", "MagicMock", "Mock", "redirect_stdout"),
    *("redirect_stderr", "chdir", "errstate", "is_", "is_not", "getcontext", "localcontext"),
)
KINDS = {"FunctionType", "LambdaType", "MethodType", "BuiltinFunctionType", "GeneratorType"}
CHANGED = "a change to what the student's code returned"
CHANGING = {
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update"),
    *("setdefault", "popitem", "add", "discard", "fill", "resize", "put", "itemset"),
    *("appendleft", "popleft", "rotate", "shuffle", "drop", "write", "send", "close", "throw"),
    *("intersection_update", "difference_update", "symmetric_difference_update"),
}

CHANGERS = {
    *("heapify", "heappush", "heappop", "heapreplace", "heappushpop", "shuffle", "insort"),
    *("insort_left", "insort_right", "setitem", "delitem", "iadd", "iconcat", "imul", "isub"),
    *("fill_diagonal", "put_along_axis", "putmask", "copyto", "place", "put", "setattr"),
}


def only_inside(
    code: str, answers: frozenset[str], classes: frozenset[str] = frozenset()
) -> str | None:
    """Say why a test must run inside.

    Parameters
    ----------
    code : str
        The test cell.
    answers : frozenset of str
        Global names that the cells outside the tests define.
    classes : frozenset of str
        Those that are classes: their objects stay where they are, and can be changed from outside.

    Returns
    -------
    str or None
        What the test looks at, in a few words; None if nothing is in the way of the split level.
    """
    tree = tree_of(code)  # empty for an instructor's error, which the split level tells
    if any(isinstance(node, ast.Name) and node.id == "get_ipython" for node in nodes_of(tree)):
        return "the notebook (IPython's commands)"
    return next(_Reasons(code, answers, classes).find(), None)


class _Reasons:
    """Looks through one test cell."""

    def __init__(self, code: str, answers: frozenset[str], classes: frozenset[str]) -> None:
        self.tree = tree = tree_of(code)
        self.answers = answers
        self.own = bound(tree) - answers
        self.top = global_names(code)
        self.drawing = {
            alias.asname or alias.name: alias.name
            for node in nodes_of(tree)
            if isinstance(node, ast.ImportFrom) and node.module in ("random", "numpy.random")
            for alias in node.names
            if alias.name.islower() and alias.name != "default_rng"
        }
        self.asks_types = any(
            isinstance(node, ast.Name) and node.id == "type" for node in nodes_of(tree)
        )
        self.flow = Flow(tree, answers, classes)

    @functools.cached_property
    def around(self) -> dict[ast.AST, tuple[Function, ...]]:
        """The functions that each name stands in."""
        return dict(enclosed(self.tree, ()))

    def find(self) -> Iterator[str]:
        """Yield every reason, the plainest first."""
        for node in nodes_of(self.tree):
            yield from self._imports(node)
            yield from self._names(node)
            yield from self._identity(node)
            yield from self._types(node)
            yield from self._changes(node)
            yield from self._changes_by_libraries(node)
        yield from self._randomness()

    def _imports(self, node: ast.AST) -> Iterator[str]:
        modules: list[str] = []
        match node:
            case ast.Attribute(value=ast.Name(id="types"), attr=name):
                modules = [f"types.{name}"]
            case ast.Import(names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                modules = [module, *(f"{module}.{alias.name}" for alias in names)]
            case ast.ImportFrom():
                modules = ["."]
        for module in modules:
            top, _, name = module.partition(".")
            if top == "types" and name and name not in KINDS:
                yield f"code ({module})"
            for part in module.split("."):
                if part in MODULES:
                    yield f"{MODULES[part]} (imports {module})"
                if part in BY_NAME:
                    yield f"{ATTRIBUTES.get(part, 'files and streams')} ({part})"

    def _names(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Name(id=name) if name in NAMES and name not in self.own:
                yield f"{NAMES[name]} ({name})"
            case ast.Name(id=name) if name in BY_NAME:
                yield f"{ATTRIBUTES.get(name, 'files and streams')} ({name})"
            case ast.Attribute(attr=name) if name in ATTRIBUTES or name in BY_NAME:
                yield f"{ATTRIBUTES.get(name, 'files and streams')} ({name})"
            case ast.Attribute(attr=name) if dunder(name) and name not in READABLE_DUNDERS:
                yield f"the inside of objects ({name})"
            case ast.Call(func=ast.Name(id="vars" | "dir" as name), args=[]):
                yield f"names ({name})"
            case ast.Call(func=ast.Name(id="hasattr" | "getattr"), args=[_, name, *_]):
                if not isinstance(name, ast.Constant) or dunder(str(name.value)):
                    yield "the inside of objects (hasattr, getattr)"

    def _identity(self, node: ast.AST) -> Iterator[str]:
        if not isinstance(node, ast.Compare):
            return
        sides = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if not isinstance(operator, ast.Is | ast.IsNot) or single(left) or single(right):
                continue
            if not (self._is_own(left) and self._is_own(right)):
                yield "identity (is)"

    def _types(self, node: ast.AST) -> Iterator[str]:
        """Find types of the student's objects elsewhere than beside a type that the test names."""
        parents: list[ast.AST] = []
        if not self.asks_types:
            return
        match node:
            case ast.Compare(left, _, others):
                parents = [side for side in (left, *others) if self._is_type(side)]
                if len(parents) > 1:
                    yield "identity (type)"
            case ast.Attribute(value=side, attr="__name__" | "__qualname__") if self._is_type(side):
                return
            case ast.expr() | ast.stmt() | ast.keyword() | ast.comprehension():
                if any(self._is_type(child) for child in ast.iter_child_nodes(node)):
                    yield "identity (type)"

    def _is_type(self, value: ast.AST) -> bool:
        match value:
            case ast.Call(func=ast.Name(id="type"), args=[of]):
                return self.flow.gives(of)
        return False

    def _randomness(self) -> Iterator[str]:
        """Find draws from a seeded generator that the student's code may have advanced before."""
        seeded = used = False
        nodes = [n for n in nodes_of(self.tree) if isinstance(n, ast.Name | ast.Attribute)]
        for node in sorted(nodes, key=lambda n: (n.end_lineno or 0, n.end_col_offset or 0)):
            name = self._generator(node)
            if name == "seed":
                seeded, used = True, False
            elif name and used and seeded:
                yield f"{RANDOM} ({name})"
            elif isinstance(node, ast.Name) and node.id in self.answers:
                used = True

    def _generator(self, node: ast.AST) -> str:
        """Return the name of a function of the process's random generators; empty for others."""
        match node:
            case ast.Attribute(
                value=ast.Name(id="random") | ast.Attribute(attr="random"), attr=name
            ):
                return name if name.islower() and name != "default_rng" else ""
            case ast.Name(id=name) if name in self.drawing:
                return self.drawing[name]
        return ""

    def _is_own(self, value: ast.expr) -> bool:
        """Tell whether a name holds an object that the test itself has made."""
        return (
            isinstance(value, ast.Name)
            and value.id in self.own
            and not self._is_parameter(value)
            and not self.flow.gives(value)
        )

    def _is_parameter(self, name: ast.Name) -> bool:
        """Tell whether a name is one of a function that it stands in, which may get anything."""
        for function in self.around.get(name, ()):
            if name.id in {
                node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)
            }:
                return True
            if name.id in bound(
                ast.Module(function.body if isinstance(function.body, list) else [], [])
            ):
                return False
        return False

    def _changes(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Delete():
                yield "deleted names or items (del)"
            case ast.Global() | ast.Nonlocal():
                yield "global names"
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in CHANGING:
                if self._is_students(value, modules=False):
                    yield f"{CHANGED} ({name})"
        for name in self._binds(node) & self.answers:
            yield f"a name of the student's that the test replaces ({name})"
        for part in (part for whole, _ in assigned(node) for t in whole for part in ast.walk(t)):
            match part:
                case ast.Subscript(value=ast.Attribute(attr="__dict__"), ctx=ast.Store()):
                    yield CHANGED
                case (
                    ast.Attribute(value=value, ctx=ast.Store())
                    | ast.Subscript(value=value, ctx=ast.Store())
                ) if self._is_students(value, modules=True):
                    yield CHANGED
                case ast.Name(id=name) if (
                    isinstance(node, ast.AugAssign) and name in self.flow.given
                ):
                    yield CHANGED

    def _changes_by_libraries(self, node: ast.AST) -> Iterator[str]:
        """Find calls of functions that change an object of the student's."""
        if not isinstance(node, ast.Call):
            return
        if any(keyword.arg == "out" for keyword in node.keywords):
            yield f"{CHANGED} (out)"
        given = [self.flow.gives(argument) for argument in node.args]
        parts = [node.func, *node.args]  # also where it is handed on, as in map(list.clear, f())
        if any(given) and any(map(changes, parts)):
            yield f"{CHANGED} ({ast.unparse(node.func)})"
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        ufunc = getattr(np, name, None)
        if isinstance(ufunc, np.ufunc) and any(given[ufunc.nin :]):  # codespell:ignore nin
            yield f"{CHANGED} ({name})"

    def _binds(self, node: ast.AST) -> set[str]:
        """Return the names that one statement binds at the level of the cell."""
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            return {node.name} & self.top
        if isinstance(node, ast.Import | ast.ImportFrom):
            return imported_by(node)
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            return {str(node.name)} & self.top
        found = [] if isinstance(node, ast.comprehension) else assigned(node)
        return {name for targets, _ in found for t in targets for name in names_of(t)} & self.top

    def _is_students(self, value: ast.expr, *, modules: bool) -> bool:
        """Tell whether a changed object could be another's than the test's own."""
        root = value
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if not isinstance(root, ast.Name):
            return self.flow.is_given(value)
        if root.id in imported(self.tree):
            return modules
        return root.id not in self.own or self.flow.is_given(value)


def changes(function: ast.expr) -> bool:
    """Tell whether a function is one that changes its argument."""
    match function:
        case ast.Attribute(value=ast.Name(id=kind), attr=name):
            method = isinstance(getattr(builtins, kind, None), type) and name in CHANGING
            return method or name in CHANGERS
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in CHANGERS
    return False


def enclosed(
    node: ast.AST, functions: tuple[Function, ...]
) -> Iterator[tuple[ast.AST, tuple[Function, ...]]]:
    """Yield each name of a cell with the functions that it stands in, the innermost first."""
    if isinstance(node, ast.Name):
        yield node, functions
    if isinstance(node, Function):
        functions = (node, *functions)
    for child in ast.iter_child_nodes(node):
        yield from enclosed(child, functions)


@functools.lru_cache(maxsize=256)
def global_names(code: str) -> frozenset[str]:
    """Return the global names that a cell binds."""
    symbols = symbols_of(code)
    return frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())


def used(code: str) -> tuple[frozenset[str], set[str]]:
    """Return the global names that a cell binds, and those that it uses without binding them."""
    tree = tree_of(code)
    loads = {n.id for n in nodes_of(tree) if isinstance(n, ast.Name)}
    return global_names(code), loads - bound(tree)


def dunder(name: str) -> bool:
    """Tell whether a name is one of Python's own."""
    return name.startswith("__") and name.endswith("__")


def single(node: ast.expr) -> bool:
    """Tell whether there is only one such object, which is the same on both sides."""
    if isinstance(node, ast.Name):
        return isinstance(getattr(builtins, node.id, None), type)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id == "type"  # values cross with their exact type
    return isinstance(node, ast.Constant) and node.value in (None, True, False, Ellipsis)
