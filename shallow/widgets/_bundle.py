"""Join a widget's ES modules into the one module that anywidget asks for.

Each file becomes a function scope of its own, in the order of its imports, so names never clash
and the source stays readable in the browser.
What is understood is what the project writes: declarations that begin a line, of these forms::

    import { a, b as c } from "./x.js";       export function f() {}
    import * as x from "./x.js";              export const a = 1;
                                              export class C {}
                                              export default value;
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = re.compile(
    r'^import\s+(?P<names>\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+"(?P<path>[^"]+)";?', re.MULTILINE
)
_EXPORT = re.compile(
    r"^export\s+(?=(?:(?:async\s+)?function\*?|const|class)\s+(?P<name>[\w$]+))", re.MULTILINE
)
_DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class BundleError(Exception):
    """A module cannot be joined: a file is missing, imports go round, or the syntax is new."""


def bundle(entry: Path) -> str:
    """Return one ES module that does what `entry` and everything it imports do.

    Parameters
    ----------
    entry : Path
        The widget's module. Its exports are those of the result.

    Raises
    ------
    BundleError
        With the file, and the line where there is one.
    """
    modules: dict[Path, str] = {}
    _collect(entry.resolve(), modules, ())
    scopes = "\n\n".join(modules.values())
    names = _exports(entry)
    scope = _identifier(entry.resolve(), modules)
    named = f"export const {{ {', '.join(names)} }} = {scope};\n" if names else ""
    default = f"export default {scope}.default;\n" if _DEFAULT.search(_read(entry)) else ""
    return f"{scopes}\n\n{named}{default}"


def _collect(path: Path, modules: dict[Path, str], importers: tuple[Path, ...]) -> None:
    """Add the scope of `path` to `modules`, after the scopes of all that it imports."""
    if path in importers:
        cycle = " → ".join(p.name for p in (*importers[importers.index(path) :], path))
        raise BundleError(f"cyclic import: {cycle}")
    if path in modules:
        return
    source = _read(path)
    for match in _IMPORT.finditer(source):
        target = (path.parent / match["path"]).resolve()
        if not match["path"].startswith("."):
            raise BundleError(f"{_where(path, source, match)}: only relative paths can be imported")
        if not target.is_file():
            raise BundleError(f"{_where(path, source, match)}: there is no file {match['path']}")
        _collect(target, modules, (*importers, path))
    modules[path] = ""  # takes its number, after its imports
    modules[path] = _scope(path, source, modules)


def _scope(path: Path, source: str, modules: dict[Path, str]) -> str:
    """Rewrite one module as ``const $n_name = (() => { … })();``."""
    names = _exports(path)

    def imported(match: re.Match[str]) -> str:
        target = _identifier((path.parent / match["path"]).resolve(), modules)
        if match["names"].startswith("*"):
            return f"const {match['names'].split()[-1]} = {target};"
        return f"const {match['names'].replace(' as ', ': ')} = {target};"

    body = _IMPORT.sub(imported, source)
    body = _EXPORT.sub("", body)
    if _DEFAULT.search(body):
        body = _DEFAULT.sub("const $default = ", body)
        names = [*names, "default: $default"]
    if left := _LEFT_OVER.search(body):
        raise BundleError(f"{path.name}: this form of import or export is not supported: {left[0]}")
    head = f"const {_identifier(path, modules)} = (() => {{ // {path.parent.name}/{path.name}"
    return f"{head}\n{body.strip()}\nreturn {{ {', '.join(names)} }};\n}})();"


def _exports(path: Path) -> list[str]:
    return [match["name"] for match in _EXPORT.finditer(_read(path))]


def _identifier(path: Path, modules: dict[Path, str]) -> str:
    return f"${list(modules).index(path)}_{re.sub(r'[^0-9A-Za-z_]', '_', path.stem)}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BundleError(f"there is no file {path.name} in {path.parent.name}/") from None


def _where(path: Path, source: str, match: re.Match[str]) -> str:
    return f"{path.name}, line {source.count(chr(10), 0, match.start()) + 1}"
