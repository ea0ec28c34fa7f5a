"""Where each test of a source runs: outside the student's process, or inside.

*Split*: the test runs in the checker's process; its text is never where students' code is.
*Inside*: the test runs in the student's sandboxed shell, as in nbgrader, and a student who attacks
that process can forge its verdict.

The instructor's own source is graded at the split level first.
A test that it passes there, and that looks at nothing which cannot be seen from outside, runs
split; the others run inside.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from autograder.core.notebook import grade_id, grading, is_code, is_test
from autograder.core.result import Verdict
from autograder.core.visible import only_inside, used

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autograder.core.notebook import Source
    from autograder.core.result import CellResult, Result

TAG = "level-"


class Level(StrEnum):
    """Where a test runs."""

    SPLIT = "split"
    INSIDE = "inside"


Setting = Literal["auto", "split", "inside"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Where one test runs.

    Attributes
    ----------
    level : Level
        There.
    why : str
        The reason, for an instructor.
    problem : str
        What the source's own answer gets wrong at either level; empty if it passes.
    """

    level: Level
    why: str
    problem: str = ""


def choose(
    source: Source,
    run: Callable[[Mapping[str, str]], Result] | None,
    setting: Setting = "auto",
) -> dict[str, Choice]:
    """Choose the level of each test of a source.

    Parameters
    ----------
    source : Source
        The instructor's notebook.
    run : callable or None
        Grades the source as if it had been handed in, with each test at the given level;
        None if there are no answers in it, so that the syntax of the tests alone decides.
    setting : {"auto", "split", "inside"}
        What the configuration says; a cell's tag goes before it.

    Returns
    -------
    dict of str to Choice
        By the test's grade id.
    """
    choices = {name: _by_syntax(source, name, setting) for name in source.tests}
    _follow(source, choices, setting)
    if run is None or not choices:
        return choices
    first = dict(choices)
    for _ in range(2):
        failed = _failed(choices, run)
        moved = False
        for name, cell in failed.items():
            choice = choices[name]
            if choice.level is Level.SPLIT and not _forced(source, name, setting):
                why = f"at the split level, the source's own answer gives: {_said(cell)}"
                choices[name] = Choice(Level.INSIDE, why)
                moved = True
            else:  # what passes nowhere keeps its text outside
                level = choice.level if _forced(source, name, setting) else first[name].level
                choices[name] = Choice(level, choice.why, _said(cell))
        _follow(source, choices, setting)
        if not moved:
            break
    return choices


def _failed(
    choices: Mapping[str, Choice], run: Callable[[Mapping[str, str]], Result]
) -> dict[str, CellResult]:
    """Grade the source; return the tests that it does not pass."""
    result = run({name: choice.level.value for name, choice in choices.items()})
    return {
        str(cell.grade_id): cell
        for cell in result.cells
        if cell.grade_id in choices
        and cell.verdict not in {Verdict.PASSED, Verdict.PARTIAL}
        and cell.max_score
    }


def _said(cell: CellResult) -> str:
    return cell.message or f"{cell.score} of {cell.max_score} points"


def _forced(source: Source, name: str, setting: Setting) -> Level | None:
    """Return the level that a tag of the cell or the configuration demands."""
    tags = source.cells[name]["metadata"].get("tags", ())
    for level in Level:
        if TAG + level in tags:
            return level
    return None if setting == "auto" else Level(setting)


def _by_syntax(source: Source, name: str, setting: Setting) -> Choice:
    forced = _forced(source, name, setting)
    if forced is not None:
        return Choice(forced, "as configured")
    if not grading(source.cells[name])["points"]:
        return Choice(Level.SPLIT, "no points depend on it")
    reason = only_inside(source.cells[name]["source"], source.names, source.classes)
    if reason is not None:
        return Choice(Level.INSIDE, f"it looks at {reason}")
    return Choice(Level.SPLIT, "seen from outside")


def _follow(source: Source, choices: dict[str, Choice], setting: Setting) -> None:
    """Run those tests inside, too, whose names a cell inside needs."""
    needed = needs(source)
    for name in reversed(list(choices)):
        users = [user for user in needed.get(name, ()) if _is_inside(user, choices)]
        free = choices[name].level is Level.SPLIT and not _forced(source, name, setting)
        if users and free:
            what = users[0] or "a cell that is no test"
            choices[name] = Choice(Level.INSIDE, f"{what} uses names of it")


def _is_inside(user: str | None, choices: Mapping[str, Choice]) -> bool:
    return user is None or choices[user].level is Level.INSIDE


@functools.lru_cache(maxsize=8)
def needs(source: Source) -> dict[str, list[str | None]]:
    """Return the tests whose names later cells use, with the tests that do; None for other cells.

    A name that a cell outside the tests binds as well is not the test's to give.
    """
    outside: set[str] = set()
    by_test: dict[str, str] = {}
    needed: dict[str, list[str | None]] = {}
    for cell in source.notebook["cells"]:
        if not is_code(cell):
            continue
        own, free = used(cell["source"])
        name = grade_id(cell) if is_test(cell) else None
        for giver in {by_test[free_name] for free_name in free & by_test.keys() - outside}:
            needed.setdefault(giver, []).append(name)
        if name is None:
            outside |= own
        else:
            by_test |= dict.fromkeys(own, name)
    return needed
