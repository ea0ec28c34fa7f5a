"""Which objects in a test are, or may be, the student's: for all paths of a test cell at once.

What a test changes in an object that the student's code gave it is not seen on the other side; in
doubt, an object is the student's.
"""

from __future__ import annotations

import ast
import builtins
import functools
from typing import TYPE_CHECKING, get_args

from autograder.core.notebook import nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

PLAIN = {  # functions whose results nobody can change
    *("abs", "all", "any", "bool", "bytes", "chr", "complex", "float", "format", "frozenset"),
    *("hash", "int", "isinstance", "issubclass", "len", "ord", "pow", "print", "range", "repr"),
    *("round", "str", "hasattr", "callable", "divmod", "bin", "hex"),
}
MAKING = {"list", "tuple", "set", "dict", "sorted", "sum", "frozenset"}  # with the same items
FRESH = {  # methods and functions of libraries whose results are new, items included
    *("astype", "tolist", "item", "flatten", "split", "strip", "format", "join", "deepcopy"),
    *("upper", "lower", "replace", "startswith", "endswith", "count", "index", "array", "zeros"),
    *("zeros_like", "ones", "ones_like", "full", "arange", "linspace", "sum", "mean", "std", "var"),
    *("dot", "sqrt", "exp", "log", "abs", "isclose", "allclose", "array_equal", "any", "all"),
    *("isfinite", "isnan", "argmax", "argmin", "argsort", "issubdtype", "dtype", "encode"),
    *("decode", "hexdigest", "digest", "norm", "round", "cumsum", "prod", "unique", "isinstance"),
}
BUILTINS = set(dir(builtins))
ASSIGNING = (
    *(ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.comprehension),
    ast.With,
)
MOVING = (*ASSIGNING, ast.Match, ast.Call, *get_args(Function))  # where objects get other names


class Flow:
    """Follows objects through one test cell.

    Parameters
    ----------
    tree : ast.Module
        The test.
    answers, classes : frozenset of str
        Global names that the cells outside the tests define, and those that are classes.

    Attributes
    ----------
    given : set of str
        Names of objects that may be the student's.
    holding : set of str
        Names of objects of the test's own whose items or attributes may be.
    functions : dict of str to list
        The test's functions and methods, by name.
    """

    def __init__(
        self, tree: ast.Module, answers: frozenset[str], classes: frozenset[str] = frozenset()
    ) -> None:
        self.tree = tree
        self.answers = answers
        self.classes = classes
        self.nodes = nodes_of(tree)
        self.own_classes = {n.name for n in self.nodes if isinstance(n, ast.ClassDef)}
        self.modules = imported(tree)
        self.own = bound(tree) - answers
        self.functions: dict[str, list[Function]] = {}
        self._collect()
        self.given: set[str] = set()
        self.holding: set[str] = set()
        self._follow()

    def _collect(self) -> None:
        """Find the test's functions, lambdas with a name among them."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.setdefault(node.name, []).append(node)
            for targets, value in assigned(node):
                if isinstance(value, ast.Lambda):
                    for name in (name for target in targets for name in names_of(target)):
                        self.functions.setdefault(name, []).append(value)

    def _follow(self) -> None:
        moving = [n for n in self.nodes if isinstance(n, MOVING)]
        while True:
            before = len(self.given), len(self.holding)
            for node in moving:
                self._follow_assignment(node)
                self._follow_call(node)
                self._follow_definition(node)
            if (len(self.given), len(self.holding)) == before:
                return

    def _follow_assignment(self, node: ast.AST) -> None:
        looping = isinstance(node, ast.For | ast.comprehension)
        for targets, value in () if isinstance(node, ast.AugAssign) else assigned(node):
            for target in targets:
                for part, source in [(target, value)] if looping else zip_targets(target, value):
                    unpacked = looping or not isinstance(part, ast.Name)
                    if self.is_given(source, items=unpacked):
                        self.given |= names_of(part)
                    if self.gives(source):
                        self.holding |= names_of(part)
                        if isinstance(part, ast.Attribute | ast.Subscript):
                            self.holding |= root_names(part)
        if isinstance(node, ast.Match) and self.gives(node.subject):
            self.given |= {
                str(n.name) for n in ast.walk(node) if isinstance(n, ast.MatchAs | ast.MatchStar)
            }

    def _follow_call(self, node: ast.AST) -> None:
        """Follow arguments into the test's functions, and into objects that may keep them."""
        if not isinstance(node, ast.Call) or not any(self.gives(a) for a in arguments(node)):
            return
        if isinstance(node.func, ast.Attribute):
            self.holding |= root_names(node.func.value) - self.modules
        if self._is_students(node.func):
            return  # what it hands to a function of the test's comes with a request of its own
        starred = any(isinstance(a, ast.Starred) for a in node.args) or node.keywords
        direct = isinstance(node.func, ast.Name) and not starred
        for function in self._mentioned([node.func]):
            own = function.args.args
            if direct and len(own) >= len(node.args):
                for parameter, argument in zip(own, node.args, strict=False):
                    self._add(parameter.arg, argument)
            else:
                self.given |= {a.arg for a in parameters(function)}
        for function in self._mentioned(arguments(node)):
            self.given |= {a.arg for a in parameters(function)}

    def _add(self, name: str, value: ast.AST) -> None:
        """Note what a name may be bound to."""
        if self.is_given(value):
            self.given.add(name)
        if self.gives(value):
            self.holding.add(name)

    def _follow_definition(self, node: ast.AST) -> None:
        if isinstance(node, Function):
            for parameter, default in defaults(node):
                self._add(parameter, default)

    def _mentioned(self, nodes: Iterable[ast.AST]) -> Iterator[Function]:
        for whole in nodes:
            for node in ast.walk(whole):
                match node:
                    case ast.Name(id=name) | ast.Attribute(attr=name):
                        yield from self.functions.get(name, ())
                    case ast.Lambda():
                        yield node

    def _is_students(self, function: ast.expr) -> bool:
        """Tell whether calling this may run the student's code, also by a helper from elsewhere."""
        if isinstance(function, ast.Name) and function.id in self.functions:
            return False
        elsewhere = root_names(function) - self.own - self.modules - BUILTINS
        return bool(elsewhere) or self.is_given(function)

    def gives(self, value: ast.AST) -> bool:
        """Tell whether an expression may give an object of the student's, or hold one."""
        return self.is_given(value, items=True)

    def is_given(  # noqa: C901, PLR0911 - one line for each kind of expression
        self, value: ast.AST, *, items: bool = False
    ) -> bool:
        """Tell whether an expression may give an object of the student's, or an item of one.

        Arithmetic and displays make objects of the test's own; their items may be the student's.
        """
        match value:
            case ast.Name(id=name):
                known = self.given | self.answers
                return name in known or (items and name in self.holding)
            case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.UnaryOp() | ast.Lambda():
                return False
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(inner):
                return self.gives(inner)
            case ast.Await(inner) | ast.NamedExpr(value=inner):
                return self.is_given(inner, items=items)
            case ast.IfExp(body=one, orelse=other):
                return any(self.is_given(part, items=items) for part in (one, other))
            case ast.BoolOp(values=values):
                return any(self.is_given(part, items=items) for part in values)
            case ast.BinOp(left, _, right):
                return items and any(map(self.gives, (left, right)))
            case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
                return items and any(map(self.gives, ast.iter_child_nodes(value)))
            case ast.ListComp(element) | ast.GeneratorExp(element) | ast.SetComp(element):
                return items and self.gives(element)
            case ast.DictComp(value=element):
                return items and self.gives(element)
            case ast.Call():
                return self._is_given_by(value, items=items)
        return any(map(self.gives, ast.iter_child_nodes(value)))

    def _is_given_by(self, call: ast.Call, *, items: bool) -> bool:  # noqa: PLR0911
        """Do the same for what a call gives."""
        passed = any(map(self.gives, arguments(call)))
        match call.func:
            case ast.Name(id=name) if name in self.functions:
                return passed or any(self._reaches(f) for f in self.functions[name])
            case ast.Name(id=name) if name in self.answers | self.given:
                return items or name not in self.classes
            case ast.Name(id=name) if name in PLAIN:
                return False
            case ast.Name(id=name) if name in MAKING | self.own_classes:
                return items and passed
            case ast.Attribute(attr=name) if name in FRESH:
                return False
            case ast.Attribute(attr="copy"):
                return items and (passed or self.gives(call.func))
        return passed or self.gives(call.func)

    def _reaches(self, function: Function) -> bool:
        """Tell whether the body of a function names an object that may be the student's."""
        return any(self.gives(n) for n in ast.walk(function) if isinstance(n, ast.Name))


def arguments(call: ast.Call) -> list[ast.expr]:
    """Return all arguments of a call."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def parameters(function: Function) -> list[ast.arg]:
    """Return all parameters of a function."""
    return [node for node in ast.walk(function.args) if isinstance(node, ast.arg)]


def defaults(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield the parameters of a function that have a default, with it."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    with_default = positional[len(positional) - len(args.defaults) :]
    for parameter, default in zip(with_default, args.defaults, strict=True):
        yield parameter.arg, default
    for parameter, given in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if given is not None:
            yield parameter.arg, given


def zip_targets(target: ast.expr, value: ast.AST) -> list[tuple[ast.expr, ast.AST]]:
    """Pair the parts of an unpacked display with the names that they go to."""
    match target, value:
        case ast.Tuple(left) | ast.List(left), ast.Tuple(right) | ast.List(right):
            starred = any(isinstance(part, ast.Starred) for part in (*left, *right))
            if len(left) == len(right) and not starred:
                return list(zip(left, right, strict=True))
    return [(target, value)]


def root_names(value: ast.AST) -> set[str]:
    """Return the name at the root of a chain of attributes, items and calls."""
    while True:
        match value:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                value = inner
            case ast.Name(id=name):
                return {name}
            case _:
                return set()


def assigned(node: ast.AST) -> list[tuple[list[ast.expr], ast.AST]]:
    """Return what a statement assigns: targets and value."""
    if not isinstance(node, ASSIGNING):
        return []
    match node:
        case ast.Assign(targets, value):
            return [(targets, value)]
        case ast.AugAssign(target=target, value=value) | ast.AnnAssign(target=target, value=value):
            return [([target], value or ast.Constant(None))]
        case (
            ast.NamedExpr(target=target, value=value)
            | ast.For(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ):
            return [([target], value)]
        case ast.With(items=items):
            return [
                ([item.optional_vars], item.context_expr) for item in items if item.optional_vars
            ]
    return []


def names_of(target: ast.AST) -> set[str]:
    """Return the names that an assignment to `target` binds."""
    found = ast.walk(target)
    return {n.id for n in found if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


@functools.lru_cache(maxsize=256)
def bound(tree: ast.AST) -> frozenset[str]:
    """Return every name that a cell binds anywhere: by assignment, definition or import."""
    found = imported(tree)
    for node in nodes_of(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return frozenset(found)


def imported(tree: ast.AST) -> set[str]:
    """Return the names that a cell binds by import."""
    nodes = (node for node in nodes_of(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return {name for node in nodes for name in imported_by(node)}


def imported_by(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Return the names that a statement binds by import."""
    return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
