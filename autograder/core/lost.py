"""Cells that lost nbgrader's metadata on the way, such as in a copy made on another platform.

They are found again by their id, which nbgrader sets to the grade id; locked ones by their text,
and answers by the names that they define, or by their place between two cells that are known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.core.result import Failure, Reason

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

Cell = dict[str, Any]
Key = Callable[[Cell], "Hashable"]


def restore(
    cells: list[Cell],
    originals: dict[str, Cell],
    names: Callable[[Cell], frozenset[str]],
    ordinary: frozenset[str],
) -> Iterator[Failure]:
    """Give cells without a grade id that of the source's cell that they are.

    Parameters
    ----------
    cells : list of dict
        Of the submission; changed in place.
    originals : dict of str to dict
        The source's cells by grade id.
    names : callable
        Gives the global names that a cell defines.
    ordinary : frozenset of str
        Texts of the source's cells that have no grade id.
    """
    if originals.keys() <= {_grade_id(cell) for cell in cells}:
        return
    ways: tuple[tuple[str, Key, Key], ...] = (
        ("id", lambda cell: cell.get("id"), _grade_id),
        ("text", _text, lambda cell: _text(cell) if _is_locked(cell) else None),
        ("names that they define", names, lambda cell: names(cell) if _is_answer(cell) else None),
    )
    for how, key, key_of_original in ways:
        known = {_grade_id(cell) for cell in cells}
        places: dict[Hashable, list[str]] = {}
        for name, original in originals.items():
            if name not in known and (value := key_of_original(original)):
                places.setdefault(value, []).append(name)
        found = 0
        for cell in reversed(cells):  # of several, the last one counts, as in nbgrader
            fits = places.get(key(cell), []) if _grade_id(cell) is None else []
            if len(fits) == 1:
                _name(cell, originals[fits.pop()])
                found += 1
        yield from _say(found, how)
    yield from _say(_find_by_place(cells, originals, ordinary), "place")


def _find_by_place(cells: list[Cell], originals: dict[str, Cell], ordinary: frozenset[str]) -> int:
    """Name what stands where an answer is missing, such as one in words; return how often."""
    found, order = 0, list(originals)
    for rank, name in enumerate(order):
        original = originals[name]
        if not _is_answer(original):
            continue
        places = {_grade_id(cell): place for place, cell in enumerate(cells)}
        if name in places:
            continue
        start = next((places[n] + 1 for n in reversed(order[:rank]) if n in places), 0)
        end = next((places[n] for n in order[rank + 1 :] if n in places), len(cells))
        fits = [
            cell
            for cell in cells[start:end]
            if cell["cell_type"] == original["cell_type"]
            and _grade_id(cell) is None
            and _text(cell) not in ordinary | {""}
        ]
        if fits:
            _name(max(fits, key=lambda cell: len(_text(cell))), original)
            found += 1
    return found


def _name(cell: Cell, original: Cell) -> None:
    cell["metadata"] = {**cell["metadata"], "nbgrader": original["metadata"]["nbgrader"]}


def _say(found: int, how: str) -> Iterator[Failure]:
    if found:
        what = f"{found} cells had lost their" if found > 1 else "a cell had lost its"
        message = f"{what} metadata; found again by {how}"
        yield Failure(Reason.LOST_METADATA, message)


def _grade_id(cell: Cell) -> str | None:
    metadata = cell["metadata"].get("nbgrader")
    name = metadata.get("grade_id") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else None


def _text(cell: Cell) -> str:
    return str(cell["source"]).strip()


def _is_locked(cell: Cell) -> bool:
    return bool(cell["metadata"]["nbgrader"].get("locked")) and not _is_answer(cell)


def _is_answer(cell: Cell) -> bool:
    return bool(cell["metadata"]["nbgrader"].get("solution"))
