"""Cells that lost nbgrader's metadata on the way, such as in a copy made on another platform.

They are found again by their id, which nbgrader sets to the grade id; locked ones by their text,
and answers by the names that they define.
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
    cells: list[Cell], originals: dict[str, Cell], names: Callable[[Cell], frozenset[str]]
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
    """
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
                original = originals[fits.pop()]
                cell["metadata"] = {
                    **cell["metadata"],
                    "nbgrader": original["metadata"]["nbgrader"],
                }
                found += 1
        if found:
            what = f"{found} cells had" if found > 1 else "a cell had"
            message = f"{what} lost their metadata; found again by {how}"
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
