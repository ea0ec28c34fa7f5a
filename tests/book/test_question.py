"""The source of a question is read exactly, and what cannot be asked is refused with its line."""

from __future__ import annotations

import pytest

from shallow.book.question import Passage, Question, QuestionError

CHOICE = """\
What happens?
Think first.

- [ ] It sinks. -- One class each.
- [x] Nothing
  at all.
  -- The rate has one
  denominator.

  And one numerator.
""".splitlines()


def test_choice_is_split_into_prompt_answers_and_reasons() -> None:
    question = Question.parse("roc", "choice", CHOICE)
    assert question.prompt == Passage("What happens?\nThink first.", 0)
    wrong, right = question.answers
    assert (wrong.right, wrong.text, wrong.reason) == (
        False,
        Passage("It sinks.", 3),
        Passage("One class each.", 3),
    )
    assert right.right
    assert right.text == Passage("Nothing\nat all.", 4)
    assert right.reason == Passage("The rate has one\ndenominator.\n\nAnd one numerator.", 6)


def test_sketch_has_a_reason_of_its_own() -> None:
    question = Question.parse("curve", "sketch", ["Draw it.", "", "-- It rises."])
    assert question.prompt == Passage("Draw it.", 0)
    assert question.reason == Passage("It rises.", 2)


def test_only_the_first_dashes_split() -> None:
    answer = Question.parse("a", "choice", ["Q?", "- [x] a--b -- c -- d", "- [ ] e -- f"]).answers[
        0
    ]
    assert (answer.text.text, answer.reason.text) == ("a--b", "c -- d")


@pytest.mark.parametrize(
    ("name", "kind", "lines", "line", "message"),
    [
        ("Two Words", "choice", ["Q?", "- [x] a -- b", "- [ ] c -- d"], 0, "lower-case words"),
        ("a", "riddle", ["Q?", "- [x] a -- b"], 0, "none of choice, number, sketch"),
        ("a", "choice", ["Q?"], 0, "no answers"),
        ("a", "choice", ["- [x] a -- b", "- [ ] c -- d"], 0, "the question is missing"),
        ("a", "choice", ["Q?", "- [ ] a -- b", "- [ ] c -- d"], 1, "no answer is right"),
        ("a", "choice", ["Q?", "- [x] a -- b"], 1, "at least two"),
        ("a", "choice", ["Q?", "- [x] a -- b", "", "- [ ] c"], 3, "needs a text"),
        ("a", "choice", ["Q?", "- [x] a -- b", "- [ ] -- d"], 2, "needs a text"),
        (
            "a",
            "choice",
            ["Q?", "- [x] a -- b", "stray", "- [ ] c -- d"],
            2,
            "'stray' belongs to no",
        ),
        ("a", "number", ["Q?", "- [x] 1 ± 1 -- b", "- [x] 2 -- d"], 2, "one right answer"),
        ("a", "sketch", ["Draw it."], 0, "needs a text"),
    ],
)
def test_what_cannot_be_asked_is_refused(name, kind, lines, line, message) -> None:
    with pytest.raises(QuestionError, match=message) as refused:
        Question.parse(name, kind, lines)
    assert refused.value.line == line
