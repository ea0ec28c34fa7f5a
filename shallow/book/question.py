"""The source of a ``{predict}`` question: from lines of text to a checked `Question`."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

KINDS = ("choice", "number", "sketch")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ITEM = re.compile(r"- \[(?P<mark>[ xX])\] ")
_REASON = re.compile(r"(?:^|\s)--\s")


class QuestionError(ValueError):
    """A question that cannot be asked as it is written.

    Parameters
    ----------
    message : str
        What is wrong and what to do.
    line : int
        Line of the directive's content that it is about, counted from 0.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Passage:
    """A piece of MyST source.

    Attributes
    ----------
    text : str
        The source, without the indentation and marks around it.
    line : int
        Line of the directive's content on which it starts, counted from 0.
    """

    text: str
    line: int


@dataclass(frozen=True)
class Answer:
    """One possible answer with the reason why it is right or wrong."""

    right: bool
    text: Passage
    reason: Passage


@dataclass(frozen=True)
class Question:
    """A question to be answered before the reveal.

    Attributes
    ----------
    prompt : Passage
        What is asked.
    answers : tuple of Answer
        The possible answers, as written; a sketch has none.
    reason : Passage or None
        The explanation of a sketch; None for the other kinds.
    """

    prompt: Passage
    answers: tuple[Answer, ...]
    reason: Passage | None

    @classmethod
    def parse(cls, name: str, kind: str, lines: list[str]) -> Question:
        """Read and check the content of a ``{predict}`` directive.

        Raises
        ------
        QuestionError
            If the name, the kind or the answers break a rule of ``README.md``.
        """
        if not _NAME.fullmatch(name):
            msg = f"the name {name!r} must be lower-case words joined by hyphens"
            raise QuestionError(msg)
        if kind not in KINDS:
            msg = f"the kind {kind!r} is none of {', '.join(KINDS)}"
            raise QuestionError(msg)
        if kind == "sketch":
            prompt, reason = _split_reason(lines, 0, "the sketch")
            question = cls(prompt, (), reason)
        else:
            question = cls._with_answers(lines)
        if not question.prompt.text:
            raise QuestionError("the question is missing: write it before the answers")
        _check_rights(kind, question.answers)
        return question

    def shuffled(self, name: str) -> tuple[Answer, ...]:
        """Return the answers in an order that the name decides, the same for every reader."""
        return tuple(random.Random(name).sample(self.answers, len(self.answers)))  # noqa: S311

    @classmethod
    def _with_answers(cls, lines: list[str]) -> Question:
        starts = [i for i, line in enumerate(lines) if _ITEM.match(line)]
        if not starts:
            msg = "there are no answers: list them as `- [x] answer -- explanation`"
            raise QuestionError(msg)
        answers = tuple(
            _parse_answer(lines[start:end], start)
            for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
        )
        return cls(_passage(lines[: starts[0]], 0), answers, None)


def _parse_answer(lines: list[str], start: int) -> Answer:
    match = _ITEM.match(lines[0])
    assert match is not None  # noqa: S101 - the caller splits at the matches
    for i, line in enumerate(lines[1:], start + 1):
        if line.strip() and not line.startswith("  "):
            msg = f"{line.strip()!r} belongs to no answer: indent it by two spaces"
            raise QuestionError(msg, i)
    body = [lines[0][match.end() :], *(line[2:] for line in lines[1:])]
    text, reason = _split_reason(body, start, "the answer")
    return Answer(match["mark"] in "xX", text, reason)


def _split_reason(lines: list[str], start: int, what: str) -> tuple[Passage, Passage]:
    """Split at the first `` -- `` into what is said and why."""
    for i, line in enumerate(lines):
        match = _REASON.search(line)
        if match:
            said = _passage([*lines[:i], line[: match.start()]], start)
            why = _passage([line[match.end() :], *lines[i + 1 :]], start + i)
            if said.text and why.text:
                return said, why
            break
    msg = f"{what} {' '.join(lines).strip()!r} needs a text, then ` -- ` and an explanation"
    raise QuestionError(msg, start)


def _check_rights(kind: str, answers: tuple[Answer, ...]) -> None:
    rights = [answer for answer in answers if answer.right]
    if kind != "sketch" and not rights:
        raise QuestionError("no answer is right: mark one with `[x]`", answers[0].text.line)
    if kind == "choice" and len(answers) < 2:
        raise QuestionError("a choice needs at least two answers", answers[0].text.line)
    if kind == "number" and len(rights) > 1:
        raise QuestionError("a number has one right answer", rights[1].text.line)


def _passage(lines: list[str], start: int) -> Passage:
    """Join lines without the blank ones around them."""
    blank = 0
    while blank < len(lines) and not lines[blank].strip():
        blank += 1
    return Passage("\n".join(lines[blank:]).strip(), start + blank)
