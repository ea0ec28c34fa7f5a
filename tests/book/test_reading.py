"""Each chapter states the reading time that the formula gives, and *Start here* the formula."""

from __future__ import annotations

from pathlib import Path

import pytest

from shallow.book import reading

CHAPTERS = Path(__file__).parents[2] / "chapters"
STATING = [
    p for p in sorted(CHAPTERS.glob("[!R]*.md")) if "class: objectives" in p.read_text("utf-8")
]


@pytest.mark.parametrize("page", STATING, ids=lambda page: page.stem)
def test_a_chapter_states_what_the_formula_gives(page: Path) -> None:
    source = page.read_text(encoding="utf-8")
    stated = reading.STATED.search(source)
    assert stated, f"{page.name} states no reading time"
    assert int(stated[1]) == reading.minutes(source), (
        f"{page.name} takes about {reading.minutes(source)} minutes"
    )


def test_the_formula_is_the_one_that_the_book_states() -> None:
    text = (CHAPTERS / "start.md").read_text(encoding="utf-8")
    assert f"a minute for {reading.WORDS} words or {reading.LINES} lines of code" in text
    assert reading.QUESTION == reading.JOURNEY == 1
    assert "one more for each question and for each link into a widget" in text
    assert f"rounded to {reading.STEP}." in text


WORDS = "word " * 10 * reading.WORDS + "\n"
QUESTION = "```{predict} q\n:kind: number\nHow many?\n\n- [x] 1 ± 0 -- One.\n```\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (WORDS, 10),
        (WORDS + "```{code-cell} ipython3\n" + "x = 1\n" * 10 * reading.LINES + "```\n", 20),
        (WORDS + "```{code-cell} ipython3\n:tags: [remove-cell]\n" + "x = 1\n" * 999 + "```\n", 10),
        (WORDS + QUESTION * 10, 20),
        (WORDS + "{widget}`go <fit?degree=1>`\n" * 10, 20),
        ("one", 5),
    ],
    ids=["words", "code", "hidden code", "questions", "journeys", "least"],
)
def test_words_code_questions_and_journeys_count(source: str, expected: int) -> None:
    assert reading.minutes(source) == expected
