"""The report's figures, against ones counted by hand or by SciPy and pandas."""

from __future__ import annotations

import csv
import shutil

import numpy as np
import pytest
from scipy import stats

import autograder
from autograder.pages import report
from tests.support.courses import answer, hand_in, nbgrader

WRONG = {"mean": "def mean(x):\n    raise ValueError('<script>alert(1)</script>')"}


@pytest.fixture(scope="module")
def written(generated, tmp_path_factory, scheduler):
    """Return the page and the rows of the table on a class of six."""
    course = shutil.copytree(generated, tmp_path_factory.mktemp("report") / "course")
    for name in ("ada", "bea", "cyd"):
        hand_in(course, name, answer(course))
    hand_in(course, "=1+1", answer(course, double="def double(x):\n    return 6"))
    hand_in(course, "<b>dan", answer(course, **WRONG))
    hand_in(course, "eve", b"{")
    autograder.grade(course, "small", scheduler=scheduler)
    api = nbgrader(course)
    page, table = report.write(api.coursedir, api.config, "small", course / "grading/report")
    with table.open(newline="") as file:
        return page.read_text(), list(csv.DictReader(file))


def test_table(written):
    _, rows = written
    scores = {row["student"]: float(row["score"]) for row in rows}
    assert scores == {"ada": 10, "bea": 10, "cyd": 10, "'=1+1": 8, "<b>dan": 3, "eve": 0}
    assert {row["max_score"] for row in rows} == {"15.0"}
    assert [row["student"] for row in rows if "not JSON" in row["notes"]] == ["eve"]
    assert all(float(row["seconds"]) > 0 for row in rows if row["student"] != "eve")
    found = {row["student"]: row["double-hidden"] for row in rows}
    assert (found["ada"], found["'=1+1"]) == ("2.0", "0.0")


def test_page(written):
    page, _ = written
    assert "6 submissions, 15 points" in page
    assert "Median 9.0, mean 6.8" in page
    assert "1 × double is wrong for other numbers" in page
    assert "5 of 6 submissions have answers that are not marked yet" in page
    assert "eve</strong>: the file is not JSON" in page
    assert "5 to mark" in page, "what waits counts for nothing yet"


def test_page_shows_what_students_wrote_as_text(written):
    page, _ = written
    assert "<script" not in page
    assert "<b>dan" not in page
    assert "&lt;b&gt;dan" in page
    assert "http" not in page.replace("http-equiv", "")


def test_discrimination_is_the_correlation_with_the_rest():
    rng = np.random.default_rng(0)
    points = rng.integers(0, 3, (40, 5))
    total = points.sum(axis=1)
    for item in points.T:
        expected = stats.pearsonr(item, total - item).statistic
        assert report.discrimination(item.tolist(), total.tolist()) == pytest.approx(expected)
    right = (points[:, 0] > 0).astype(int)
    expected = stats.pointbiserialr(right, total).statistic
    assert report.discrimination(right.tolist(), (total + right).tolist()) == pytest.approx(
        expected
    )
    assert report.discrimination([1, 1, 1], [3, 4, 5]) is None
    assert report.discrimination([1], [3]) is None


def test_bins_hold_every_mark_once():
    scores = [0, 0.5, 1, 5, 9.9, 10, 12, -1]
    bins = report._bins(scores, 10)
    assert sum(count for _, count in bins) == len(scores)
    assert bins[0] == ("0–10 %", 3)
    assert bins[-1] == ("90–100 %", 3)


@pytest.mark.slow
def test_page_in_a_browser(written, tmp_path, watched):
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    path.write_text(written[0])
    opened = watched.new_page()
    opened.goto(path.as_uri())
    assert watched.problems == []
    assert Axe().run(opened).violations_count == 0
