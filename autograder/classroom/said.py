"""What was noted of one submission, for people: what concerns many cells is one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.core.result import Reason
from autograder.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.core.result import Failure, Result

FEW = 2  # cells that are named each in a line of its own
NAMED = 3  # of the cells of a line for many
MOST = 10  # different lines about one reason
FOREIGN = "it has none of the assignment's cells, so no answer: it seems to be another notebook"


def lines(result: Result, failures: Iterable[Failure] | None = None) -> list[str]:
    """Return the notes of `result`, or of those of its `failures` that are given."""
    failures = result.failures if failures is None else tuple(failures)
    missing = {failure.grade_id for failure in failures if failure.reason is Reason.MISSING_CELL}
    if missing and missing >= {cell.grade_id for cell in result.cells if cell.grade_id}:
        rest = [failure for failure in failures if failure.reason is not Reason.MISSING_CELL]
        return [FOREIGN, *_grouped(rest)]
    return _grouped(failures)


def _grouped(failures: Iterable[Failure]) -> list[str]:
    groups: dict[str, list[Failure]] = {}
    for failure in failures:
        bare = failure.message.replace(f"{failure.grade_id!r} ", "")
        groups.setdefault(bare, []).append(failure)
    found: dict[Reason, dict[str, None]] = {}
    for bare, group in groups.items():
        names = list(dict.fromkeys(failure.grade_id for failure in group if failure.grade_id))
        if len(names) > FEW:
            more = ", …" if len(names) > NAMED else ""
            said = [f"{bare} ({len(names)} cells: {', '.join(names[:NAMED])}{more})"]
        else:
            said = [f"{f.grade_id}: {f.message}" if f.grade_id else f.message for f in group]
        found.setdefault(group[0].reason, {}).update(dict.fromkeys(said))
    return [printable(line) for reason, said in found.items() for line in _capped(reason, [*said])]


def _capped(reason: Reason, said: list[str]) -> list[str]:
    if len(said) <= MOST:
        return said
    return [f"{len(said)} × {reason.value}: {'; '.join(said[:NAMED])}; …"]
