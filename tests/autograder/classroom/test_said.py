"""Notes are for people: thousands of cells are one line, one cell keeps its name."""

from autograder.classroom.said import FOREIGN, lines
from autograder.core.result import CellResult, Failure, Reason, Result


def result(cells, failures):
    return Result("{}", tuple(CellResult(k, name) for k, name in enumerate(cells)), failures)


def missing(names):
    return tuple(Failure(Reason.MISSING_CELL, f"cell {n!r} is missing", n) for n in names)


def test_many_cells_are_one_line_and_few_keep_theirs():
    names = [f"c{k}" for k in range(3000)]
    slow = Failure(Reason.TIMEOUT, "the cell ran longer than 4 s", "mean")
    assert lines(result([*names, "mean"], (*missing(names), slow, slow))) == [
        "cell is missing (3000 cells: c0, c1, c2, …)",
        "mean: the cell ran longer than 4 s",
    ]
    assert lines(result("abc", missing("ab"))) == [
        "a: cell 'a' is missing",
        "b: cell 'b' is missing",
    ]


def test_another_notebook_is_one_line_without_control_characters():
    odd = Failure(Reason.TIMEOUT, "stopped\x1b[2J", None)
    assert lines(result("ab", (*missing("ab"), odd))) == [FOREIGN, r"stopped\x1b[2J"]
