"""Similar answers: something to look at, never a verdict.

Answers are compared by their tokens, with names, numbers and texts made alike, so that renaming
hides nothing; what the release already has counts for nothing.
"""

from __future__ import annotations

import io
import json
import keyword
import tokenize
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import submissions
from autograder.errors import UnusableError

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

    from autograder.course.assignment import Assignment

LENGTH = 6  # tokens of a piece
LEAST_PIECES = 15  # of an answer's own: in shorter ones everybody is alike
LEAST_SHARE = 0.8
MOST_COMMON = 0.5  # a piece that more of the class have tells nothing
MOST_PAIRS = 50


@dataclass(frozen=True)
class Pair:
    """Two answers to one question.

    Attributes
    ----------
    cell : str
        nbgrader's name of the answer.
    first, second : str
        Whose they are.
    share : float
        Share of their pieces that both have, 0 to 1.
    one, other : str
        The answers.
    """

    cell: str
    first: str
    second: str
    share: float
    one: str
    other: str


def alike(coursedir: CourseDirectory, assignment: Assignment) -> list[Pair]:
    """Return the pairs of answers of the class that are the most alike, the closest first."""
    stubs: dict[tuple[str, ...], str] = {}
    for notebook in assignment.sources:
        path = coursedir.format_path(coursedir.release_directory, ".", assignment.name)
        stubs |= _answers(notebook, _read(f"{path}/{notebook}.ipynb"))
    given: dict[tuple[str, ...], dict[str, str]] = {}
    for student in submissions.students(coursedir, assignment.name):
        try:
            handed_in = submissions.read(coursedir, assignment.name, student)
        except UnusableError:
            continue
        for notebook, content in handed_in.notebooks.items():
            if notebook in assignment.sources:
                for cell, answer in _answers(notebook, content).items():
                    given.setdefault(cell, {})[student] = answer
    pairs = [
        pair
        for cell, answers in given.items()
        for pair in _pairs(cell, answers, stubs.get(cell, ""))
    ]
    return sorted(pairs, key=lambda pair: (-pair.share, pair.cell, pair.first))[:MOST_PAIRS]


def _pairs(cell: tuple[str, ...], answers: dict[str, str], stub: str) -> list[Pair]:
    _, name, kind = cell
    known = _pieces(kind, stub)
    own = {student: _pieces(kind, answer) - known for student, answer in answers.items()}
    counts = Counter(piece for pieces in own.values() for piece in pieces)
    common = {p for p, count in counts.items() if count > max(2, MOST_COMMON * len(answers))}
    own = {student: pieces - common for student, pieces in own.items()}
    own = {student: pieces for student, pieces in own.items() if len(pieces) >= LEAST_PIECES}
    holders: dict[object, list[str]] = {}
    for student in sorted(own):
        for piece in own[student]:
            holders.setdefault(piece, []).append(student)
    shared = Counter(
        (first, second)
        for students in holders.values()
        for k, first in enumerate(students)
        for second in students[k + 1 :]
    )
    found = []
    for (first, second), both in shared.items():
        share = both / len(own[first] | own[second])
        if share >= LEAST_SHARE:
            found.append(Pair(name, first, second, share, answers[first], answers[second]))
    return found


def _pieces(kind: str, text: str) -> set[tuple[str, ...]]:
    tokens = _tokens(text) if kind == "code" else text.casefold().split()
    return {tuple(tokens[k : k + LENGTH]) for k in range(len(tokens) - LENGTH + 1)}


def _tokens(code: str) -> list[str]:
    """Return the tokens of code, or its words if it is none."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NAME:
                found.append(token.string if keyword.iskeyword(token.string) else "name")
            elif token.type in {tokenize.NUMBER, tokenize.STRING}:
                found.append(tokenize.tok_name[token.type])
            elif token.type == tokenize.OP:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        return code.casefold().split()
    return found


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b"{}"


def _answers(notebook: str, content: bytes) -> dict[tuple[str, ...], str]:
    """Return each answer by notebook, name and kind of cell; none of what cannot be read."""
    try:
        cells = json.loads(content.decode("utf-8-sig")).get("cells", [])
        return {
            (notebook, marked["grade_id"], cell["cell_type"]): "".join(cell["source"])
            for cell in cells
            if (marked := cell["metadata"].get("nbgrader") or {}).get("solution")
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
