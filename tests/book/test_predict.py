"""The `{predict}` and `{revisit}` directives in a built book, and their script in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shallow.book.predict import _read_axis
from tests.book.conftest import NOTEBOOK, Book, build
from tests.conftest import Server

pytestmark = pytest.mark.slow

FIRST = f"""{NOTEBOOK}
# First

```{{code-cell}} ipython3
import numpy as np
from shallow.prose import glue
glue(precision=8.32, line=np.eye(2) @ [[0, 0], [1, 1]])
```

```{{predict}} one-right
Which *one*?

- [ ] Left: $x^2$. -- Because of $y$.
- [x] Right. -- As shown.
```

```{{predict}} several-right
Which?

- [x] One. -- Yes, one.
- [ ] Two. -- Not two.
- [x] Three. -- Yes, three.
```

```{{predict}} a-number
:kind: number
How many?

- [x] {{glue:text}}`precision:.1f` ± 0.5 % -- The share.
- [ ] 90 % -- The recall.
- [ ] otherwise -- Count.
```

```{{predict}} a-sketch
:kind: sketch
:x: input, 0 to 1
:y: output, 0 to 1
:curve: line
Draw the line.

-- It rises.
```
"""
SECOND = """# Second

```{revisit}
```
"""
BROKEN = """# Broken

```{predict} one-right
Again?

- [x] a -- b
- [ ] c -- d
```

```{predict} without-tolerance
:kind: number
How many?

- [x] 3 -- b
```

```{predict} without-curve
:kind: sketch
:x: input, 0 to 1
:y: output, 1 to 0
:curve: nothing
Draw it.

-- It rises.
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return build(
        tmp_path_factory.mktemp("book"), {"first": FIRST, "second": SECOND, "broken": BROKEN}
    )


@pytest.fixture(scope="module")
def url(book: Book) -> Iterator[str]:
    server = Server(book.html)
    yield server.url
    server.stop()


@pytest.fixture
def first(page: Page, url: str) -> Page:
    page.goto(f"{url}/first.html")
    return page


def check(page: Page, name: str) -> None:
    page.locator(f"#{name}").get_by_role("button", name="Check my prediction").click()


def verdict(page: Page, name: str):
    return page.locator(f"#{name} .predict-verdict")


def wait_until_stored(page: Page) -> None:
    """Wait until other pages see what this page has stored: a browser need not write it at once."""
    key = "shallow.predictions"
    stored = page.evaluate("key => localStorage.getItem(key)", key)
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_function(
        "([key, stored]) => localStorage.getItem(key) === stored", arg=[key, stored]
    )
    other.close()


def test_mistakes_are_told_with_their_line(book: Book) -> None:
    lines = BROKEN.splitlines()
    expected = [
        (lines.index("```{predict} one-right"), "the name is already used in first"),
        (lines.index("- [x] 3 -- b"), "'3' must be a number ± a tolerance"),
        (lines.index("Draw it."), "`:y:` must read `label, low to high`"),
    ]
    told = "\n".join(book.warnings)
    for index, message in expected:
        assert re.search(
            rf"broken\.md:{index + 1}: WARNING: predict .*{re.escape(message)}", told
        ), told
    assert len(book.warnings) == len(expected)


def test_without_javascript_it_is_plain_text(browser, book: Book) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((book.html / "first.html").as_uri())
    question = page.locator("#predict-one-right")
    expect(question).to_contain_text("Which one?")
    expect(question.get_by_role("radio")).to_have_count(0)
    expect(question.get_by_role("button")).to_have_count(0)
    expect(question.get_by_text("As shown.")).to_be_hidden()
    question.get_by_text("Show the answer").click()
    expect(question.get_by_text("As shown.")).to_be_visible()
    context.close()


def test_choice_explains_the_answer_that_was_chosen(first: Page) -> None:
    check(first, "predict-one-right")
    expect(verdict(first, "predict-one-right")).to_have_text("Choose an answer first.")
    first.get_by_role("radio", name="Left").check()
    check(first, "predict-one-right")
    expect(verdict(first, "predict-one-right")).to_contain_text("No. Because of")
    first.get_by_role("radio", name="Right").check()
    check(first, "predict-one-right")
    expect(verdict(first, "predict-one-right")).to_contain_text("Right. As shown.")


def test_several_right_answers_must_all_be_chosen(first: Page) -> None:
    for name, text in (
        ("One", "look again at c"),
        ("Two", "look again at b, c"),
        ("Three", "at b."),
    ):
        first.get_by_role("checkbox", name=name).check()
        check(first, "predict-several-right")
        expect(verdict(first, "predict-several-right")).to_contain_text(text)
    first.get_by_role("checkbox", name="Two").uncheck()
    check(first, "predict-several-right")
    expect(verdict(first, "predict-several-right")).to_contain_text("Yes, three.")


def test_number_is_read_and_judged(first: Page) -> None:
    for typed, said in (
        ("8.5", "The share."),
        ("8,8 %", "The share."),
        ("+7.8", "The share."),
        ("8.81", "Count."),
        ("89.6", "The recall."),
        ("−8.3", "Count."),
        ("1,000,000", "Count."),
        ("", "Type a number"),
        ("eight", "Type a number"),
    ):
        first.get_by_label("Your number").fill(typed)
        first.get_by_label("Your number").press("Enter")
        expect(verdict(first, "predict-a-number")).to_contain_text(said)


def test_sketch_by_keyboard(first: Page) -> None:
    check(first, "predict-a-sketch")
    expect(verdict(first, "predict-a-sketch")).to_contain_text("Draw your curve first")
    sliders = first.locator("#predict-a-sketch").get_by_role("slider").all()
    assert sliders[0].get_attribute("aria-label") == "output at input 0"
    for slider in sliders:
        slider.press("Home")
    check(first, "predict-a-sketch")
    expect(verdict(first, "predict-a-sketch")).to_contain_text(
        "Not yet: on average your sketch is 50 %"
    )
    for i, slider in enumerate(sliders):
        for _ in range(4 * i):  # the steps are 1/40, the columns 1/10 apart
            slider.press("ArrowUp")
    assert sliders[-1].get_attribute("aria-valuetext") == "1"
    check(first, "predict-a-sketch")
    expect(verdict(first, "predict-a-sketch")).to_contain_text(
        "Right: on average your sketch is 0 %"
    )
    expect(first.locator("#predict-a-sketch .predict-plot .predict-truth")).to_be_visible()


def test_sketch_by_pointer(first: Page) -> None:
    plot = first.locator("#predict-a-sketch .predict-plot")
    plot.scroll_into_view_if_needed()
    box = plot.locator(".predict-axes").bounding_box()
    first.mouse.move(box["x"], box["y"] + box["height"])
    first.mouse.down()
    first.mouse.move(box["x"] + box["width"], box["y"], steps=30)
    first.mouse.up()
    check(first, "predict-a-sketch")
    expect(verdict(first, "predict-a-sketch")).to_contain_text("Right: on average")


def test_missed_question_comes_back_until_it_is_answered_right(first: Page, url: str) -> None:
    first.get_by_role("radio", name="Left").check()
    check(first, "predict-one-right")
    first.get_by_role("radio", name="Right").check()
    check(first, "predict-one-right")  # right at the second try: it still counts as missed
    first.get_by_label("Your number").fill("8.3")
    check(first, "predict-a-number")

    wait_until_stored(first)
    first.goto(f"{url}/second.html")
    expect(first.get_by_text("You missed one question")).to_be_visible()
    expect(first.get_by_role("group", name="Predict again")).to_have_count(1)
    expect(first.locator("#revisit-one-right mjx-container").first).to_be_attached()
    origin = first.locator("#revisit-one-right").get_by_role("link", name="First")
    expect(origin).to_have_attribute("href", "first.html#predict-one-right")
    first.get_by_role("radio", name="Right").check()
    check(first, "revisit-one-right")
    expect(verdict(first, "revisit-one-right")).to_contain_text("As shown.")

    wait_until_stored(first)
    first.reload()
    expect(first.get_by_text("Nothing to revisit")).to_be_visible()
    expect(first.get_by_role("group", name="Predict again")).to_have_count(0)


def test_copies_lie_beside_the_page(book: Book) -> None:
    assert 'id="revisit-' not in book.page("second")
    assert "revisit-one-right" in (book.html / "_revisit" / "second.js").read_text()


def test_answers_are_remembered_and_forgotten(first: Page, url: str) -> None:
    first.get_by_role("radio", name="Left").check()
    check(first, "predict-one-right")
    wait_until_stored(first)
    first.reload()
    expect(first.get_by_role("radio", name="Left")).to_be_checked()
    stored = json.loads(first.evaluate("localStorage.getItem('shallow.predictions')"))
    version = stored["one-right"].pop("version")
    assert version
    assert stored == {"one-right": {"missed": True, "answer": [0]}}

    first.locator("#predict-one-right").get_by_role("button", name="Try again").click()
    expect(first.get_by_role("radio", name="Left")).not_to_be_checked()
    assert first.evaluate("localStorage.getItem('shallow.predictions')") == "{}"

    first.get_by_role("radio", name="Left").check()
    check(first, "predict-one-right")
    wait_until_stored(first)
    first.goto(f"{url}/second.html")
    first.get_by_role("button", name="Forget all my answers").click()
    expect(first.get_by_text("All answers are forgotten.")).to_be_visible()
    assert first.evaluate("localStorage.getItem('shallow.predictions')") == "{}"


@pytest.mark.parametrize("answer", [0.5, [7], ["x"], {}, None, [0] * 11, "text", [0]])
def test_a_stored_answer_of_another_question_is_left_alone(
    first: Page, watched, answer: object
) -> None:
    """A question may have changed its kind or its text since it was answered."""
    names = first.evaluate("[...document.querySelectorAll('.predict')].map((q) => q.dataset.name)")
    stored = {name: {"missed": False, "answer": answer, "version": "old"} for name in names}
    first.evaluate(
        "stored => localStorage.setItem('shallow.predictions', JSON.stringify(stored))",
        {**stored, "gone": None, "broken": 3},
    )
    wait_until_stored(first)
    first.reload()
    expect(first.locator(".predict-check:visible")).to_have_count(len(names))
    expect(first.get_by_role("radio", name="Left")).not_to_be_checked()
    check(first, f"predict-{names[0]}")
    assert not watched.problems


def test_refused_storage_does_no_harm(page: Page, watched, book: Book) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('refused'); } })"
    )
    page.goto((book.html / "first.html").as_uri())
    page.get_by_role("radio", name="Right").check()
    check(page, "predict-one-right")
    expect(verdict(page, "predict-one-right")).to_contain_text("As shown.")
    assert not [problem for problem in watched.problems if "predict.js" in problem]


def test_pages_without_questions_do_not_load_the_script(book: Book) -> None:
    assert "predict.js" in book.page("first")
    assert "predict.js" in book.page("second")
    assert "predict.js" not in book.page("index")
    assert (book.html / "_static" / "predict.js").exists()


def test_an_axis_may_begin_below_zero_with_either_minus_sign() -> None:
    expected = {"label": "input z", "low": -4.0, "high": 4.0}
    assert _read_axis("x", "input z, −4 to 4") == expected
    assert _read_axis("x", "input z, -4 to 4") == expected


FOLDED = f"""{NOTEBOOK}
# Folded

```{{predict}} foldable
Which?

- [ ] Left. -- Because of that.
- [x] Right. -- As shown.
```

It is the right one.

(told)=
And here is why.

```{{predict}} last-one
Which now?

- [ ] Left. -- Because of that.
- [x] Right. -- As shown.
```

## The next section

Always there.
"""


@pytest.fixture(scope="module")
def folded_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = build(tmp_path_factory.mktemp("folded"), {"folded": FOLDED})
    return (made.html / "folded.html").as_uri()


@pytest.fixture
def folded(page: Page, folded_url: str) -> Page:
    page.goto(folded_url)
    return page


def test_what_follows_folds_until_it_is_answered(folded: Page) -> None:
    told, section = folded.get_by_text("It is the right one."), folded.get_by_text("Always there.")
    expect(told).to_be_hidden()
    expect(section).to_be_visible()
    assert (
        folded.get_by_role("button", name="Show me anyway").count() == 1
    )  # nothing follows the last
    folded.locator("#predict-foldable").get_by_role("radio", name="Left").check()
    check(folded, "predict-foldable")
    expect(told).to_be_visible()
    expect(folded.get_by_text("You predicted: Left.")).to_be_visible()

    wait_until_stored(folded)
    folded.reload()
    expect(told).to_be_visible()
    expect(folded.get_by_text("You predicted: Left.")).to_be_visible()
    folded.locator("#predict-foldable").get_by_role("button", name="Try again").click()
    expect(told).to_be_hidden()

    folded.get_by_role("button", name="Show me anyway").click()
    expect(told).to_be_visible()

    wait_until_stored(folded)
    folded.reload()
    folded.locator("#predict-foldable").get_by_text("Show the answer").click()
    expect(told).to_be_visible()


def test_links_and_printing_unfold(folded: Page) -> None:
    told = folded.get_by_text("It is the right one.")
    folded.emulate_media(media="print")
    expect(told).to_be_visible()
    folded.emulate_media(media="screen")
    expect(told).to_be_hidden()
    folded.evaluate("location.hash = 'told'")
    expect(told).to_be_visible()


def test_without_javascript_nothing_folds(browser, folded: Page) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(folded.url)
    expect(page.get_by_text("It is the right one.")).to_be_visible()
    context.close()
