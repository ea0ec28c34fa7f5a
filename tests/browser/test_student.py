"""The path of a student: download, work in JupyterLab, validate, hand in, read the feedback."""

from __future__ import annotations

from playwright.sync_api import expect

import autograder
from autograder.pages import feedback
from tests.browser.lab import PATIENCE, jupyterlab, open_notebook, run
from tests.exercises.grading import all_points, nbgrader, new_course, reference
from tests.support import courses as classes

ASSIGNMENT = "02-perceptron"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
WRONG = """def predict(X, w, b):
    return np.where(np.asarray(X) @ w + b > 0, 1, -1)"""
EXPECTED = "w = [1, -2], b = 1):\nexpected [3] to be 1, got -1"


def cell_with(page, text):
    """Return the cell whose source has a text."""
    source = page.locator(".cm-content", has_text=text)
    return page.locator(".jp-CodeCell").filter(has=source)


def answer(page, stub, code):
    """Replace what a cell holds, and run it."""
    stub.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


def test_from_download_to_feedback(page, site_url, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    page.goto(f"{site_url}/chapters/perceptron.html")
    with page.expect_download() as download:
        page.get_by_role("link", name=NOTEBOOK).click()
    download.value.save_as(home / NOTEBOOK)

    with jupyterlab(home, tmp_path) as address:
        open_notebook(page, address.format(NOTEBOOK))
        run(page, cell_with(page, "import numpy as np").first)
        run(page, cell_with(page, "class grading"))
        mine = cell_with(page, "def predict(X, w, b)")
        check = cell_with(page, "for b, expected in ((1, [1, -1, 1, 1])")
        expect(run(page, mine)).to_be_hidden()
        expect(run(page, check)).to_contain_text("NotImplementedError")
        answer(page, mine, WRONG)
        expect(run(page, check)).to_contain_text(EXPECTED)

        page.get_by_role("button", name="Validate").click()
        said = page.get_by_role("dialog")
        expect(said).to_contain_text(EXPECTED, timeout=PATIENCE)
        page.keyboard.press("Escape")
        page.keyboard.press("Control+S")
        expect(page.locator(".jp-mod-dirty")).to_have_count(0)

    said = nbgrader(home, "validate", NOTEBOOK).stdout
    assert "VALIDATION FAILED" in said
    assert EXPECTED.partition(":")[0] in said  # which cuts long lines

    course = new_course(tmp_path, ASSIGNMENT)
    api = classes.nbgrader(course)
    assert api.generate_assignment(ASSIGNMENT)["success"]
    classes.hand_in(course, "student", (home / NOTEBOOK).read_bytes(), ASSIGNMENT)
    summary = autograder.grade(course, ASSIGNMENT, workers=1)
    assert not summary.failed, str(summary)
    assert feedback.give(api.coursedir, api.config, ASSIGNMENT, workers=1) == []

    page.goto((course / "grading/feedback/student" / ASSIGNMENT / f"{ASSIGNMENT}.html").as_uri())
    expect(page.get_by_role("main")).to_contain_text(EXPECTED)
    expect(page.get_by_role("main")).not_to_contain_text(reference(ASSIGNMENT)["update"])
    assert 0 < summary.outcomes[0].score < sum(all_points(ASSIGNMENT).values())
