"""What rounding decides in the outputs of a notebook: the last digits of its numbers and drawings.

Another processor adds in another order, so these digits differ from machine to machine.
Numbers that `glue` carries are kept to the digits that the page shows of them,
coordinates of drawings to what an eye sees; everything else is kept as it is.
"""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbformat import NotebookNode

GLUED = "application/papermill.record/text/plain"
SVG = "image/svg+xml"
COORDINATE = 2  # decimals of a point: 1/7000 of an inch
CURVE = 4  # significant digits of what no sentence shows, such as a curve to be drawn

ROLE = re.compile(r"\{glue:text\}`(?P<name>[^`:]+)(?::(?P<spec>[^`]*))?`")
_FLOAT = re.compile(r"-?\d+\.\d*(?:e[-+]?\d+)?|-?\d+e[-+]?\d+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_GEOMETRY = re.compile(
    r'(?<=\s)(?:d|points|x|y|x1|x2|y1|y2|cx|cy|r|width|height|viewBox)="[^"]*"'
    r"|translate\([^)]*\)"
)
_ID = re.compile(r'\bid="(\w+)"')


def formats(text: str) -> dict[str, set[str]]:
    """Return the formats in which a page's text shows each glued value, by its name."""
    shown: dict[str, set[str]] = {}
    for role in ROLE.finditer(text):
        shown.setdefault(role["name"], set()).add(role["spec"] or "")
    return shown


def round_outputs(notebook: NotebookNode, shown: Mapping[str, Iterable[str]]) -> None:
    """Round, in place, what rounding decides in the outputs of a notebook.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.
    shown
        The formats in which its page shows each glued value: see `formats`.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if GLUED in data:
                name = output.metadata["scrapbook"]["name"].rpartition("/")[2]
                data[GLUED] = round_glued(data[GLUED], shown.get(name, ()))
            if SVG in data:
                data[SVG] = round_drawing(data[SVG])


def round_glued(text: str, specs: Iterable[str]) -> str:
    """Return a glued value, as it is printed, with the digits that the finest format shows.

    An array, or a number that the page does not show, keeps `CURVE` digits of its largest.
    """
    if text[:1] in "'\"" or not _FLOAT.search(text):
        return text
    specs = list(specs)
    if not specs or text.startswith("["):
        largest = max(abs(float(number)) for number in _FLOAT.findall(text))
        places = CURVE - 1 - math.floor(math.log10(largest)) if 0 < largest < math.inf else CURVE
    elif "" in specs:  # shown with all its digits
        return text
    else:
        value = ast.literal_eval(text)
        places = max(_decimals(format(value, spec)) for spec in specs)
    return _FLOAT.sub(lambda number: _fixed(float(number[0]), places), text)


def round_drawing(svg: str) -> str:
    """Return the drawing with its coordinates to `COORDINATE` decimals."""

    def rounded(number: re.Match[str]) -> str:
        return _fixed(float(number[0]), COORDINATE).rstrip("0").rstrip(".")

    return _GEOMETRY.sub(lambda place: _NUMBER.sub(rounded, place[0]), svg)


def difference(kind: str, one: str, other: str) -> str | None:
    """Say how two rounded outputs differ by more than a last digit that fell the other way.

    Parameters
    ----------
    kind
        The media type of both. What rounding does not decide must be the same.
    one, other
        The outputs.

    Returns
    -------
    str or None
        The first place where they differ.
    """
    if kind == SVG:
        (rest, numbers), (other_rest, others) = _coordinates(one), _coordinates(other)
    elif kind == GLUED and one[:1] not in "'\"":
        (rest, numbers), (other_rest, others) = (
            (_FLOAT.split(text), _FLOAT.findall(text)) for text in (one, other)
        )
    else:
        rest, other_rest, numbers, others = [one], [other], [], []
    for a, b in zip(rest, other_rest, strict=False):
        if a != b:
            return _first_change(a, b)
    if len(numbers) != len(others):
        return f"{len(numbers)} numbers are now {len(others)}"
    for a, b in zip(numbers, others, strict=True):
        step = 10**-COORDINATE if kind == SVG else 10.0 ** -max(_decimals(a), _decimals(b))
        if abs(float(a) - float(b)) > 1.01 * step:
            return f"{a} is now {b}"
    return None


def _decimals(printed: str) -> int:
    """Return the place of a printed number's last digit: 2 for 0.25, 4 for 12.25%, −2 for 3e+02."""
    digits, _, exponent = printed.strip().rstrip("%").partition("e")
    places = len(digits.partition(".")[2]) - int(exponent or 0)
    return places + 2 if printed.endswith("%") else places


def _fixed(value: float, places: int) -> str:
    """Return the number with so many decimals, and never a negative zero."""
    digits = f"{round(value, places) + 0.0:.{max(places, 0)}f}"
    return digits if "." in digits else f"{digits}."  # still a float


def _coordinates(svg: str) -> tuple[list[str], list[str]]:
    """Return a drawing without its coordinates, and these.

    Matplotlib makes some names from coordinates, so names are told by their order.
    """
    for order, name in enumerate(dict.fromkeys(_ID.findall(svg))):
        svg = re.sub(rf'(?<=["#]){name}(?=[")])', f"name-{order}", svg)
    places = _GEOMETRY.findall(svg)
    rest = _GEOMETRY.split(svg)
    rest += [_NUMBER.sub("", place) for place in places]
    return rest, [number for place in places for number in _NUMBER.findall(place)]


def _first_change(one: str, other: str) -> str:
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, same - 20)
    return f"{one[start : same + 40]!r} is now {other[start : same + 40]!r}"
