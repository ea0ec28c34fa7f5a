"""Over the whole book, neither its place nor its length gives the right answer away."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from shallow.book.question import Question

CHAPTERS = Path(__file__).parents[2] / "chapters"
DIRECTIVE = re.compile(r"^(`{3,})\{predict\} (\S+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def choices() -> list[tuple[str, str, Question]]:
    """Return page, name and source of each question with one right choice."""
    found = []
    for page in sorted(CHAPTERS.glob("*.md")):
        if page.name == "README.md":
            continue
        for _, name, body in DIRECTIVE.findall(page.read_text(encoding="utf-8")):
            kind = re.search(r"^:kind: (\w+)$", body, re.MULTILINE)
            if kind is None:
                question = Question.parse(name, "choice", body.splitlines())
                if sum(answer.right for answer in question.answers) == 1:
                    found.append((page.stem, name, question))
    return found


def test_the_order_belongs_to_the_name() -> None:
    _, name, question = choices()[0]
    assert question.shuffled(name) == question.shuffled(name)
    assert sorted(question.shuffled(name), key=id) == sorted(question.answers, key=id)
    assert len({question.shuffled(f"name-{k}") for k in range(30)}) > 1


def test_right_answers_stand_in_every_place_alike() -> None:
    asked = [(name, q) for _, name, q in choices() if len(q.answers) == 3]
    places = Counter(
        next(i for i, answer in enumerate(q.shuffled(name)) if answer.right) for name, q in asked
    )
    # Four standard deviations of a fair die with three sides.
    allowed = 4 * (len(asked) * 2 / 9) ** 0.5
    assert len(asked) > 40
    for place in range(3):
        assert abs(places[place] - len(asked) / 3) < allowed, places


def test_in_no_chapter_one_place_wins_nearly_always() -> None:
    by_page: dict[str, list[int]] = {}
    for page, name, q in choices():
        by_page.setdefault(page, []).append(
            next(i for i, answer in enumerate(q.shuffled(name)) if answer.right)
        )
    for page, places in by_page.items():
        if len(places) > 4:
            commonest = Counter(places).most_common(1)[0][1]
            assert commonest <= 0.7 * len(places), f"rename a question of {page}.md: {places}"


def test_the_right_answer_is_not_the_longest() -> None:
    by_page: dict[str, list[bool]] = {}
    for page, _, q in choices():
        right = next(len(a.text.text) for a in q.answers if a.right)
        by_page.setdefault(page, []).append(
            right > max(len(a.text.text) for a in q.answers if not a.right)
        )
    every = [longest for page in by_page.values() for longest in page]
    assert sum(every) <= 0.45 * len(every)
    for page, longest in by_page.items():
        assert sum(longest) <= 0.6 * len(longest) + 1, (
            f"even the lengths of the answers of {page}.md"
        )


WIDGET = re.compile(r"\{widget\}`[^`]*`")


def test_each_journey_has_its_answer_folded() -> None:
    for page in sorted(CHAPTERS.glob("*.md")):
        for section in re.split(r"^#+ ", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
            lists = re.findall(r"(?:^(?:\d\.|\*) .*\n(?:   ?.*\n)*)+", section, re.MULTILINE)
            journeys = [x for x in lists if WIDGET.search(x) and "?" in WIDGET.sub("", x)]
            folded = section.count(":class: dropdown")
            assert folded >= bool(journeys), (
                f"{page.name}: answer the journeys, folded:\n{journeys}"
            )
