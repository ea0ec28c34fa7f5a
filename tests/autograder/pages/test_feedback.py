"""What students get back, and what they never get."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

import autograder
from autograder.pages import feedback
from autograder.pages import html as pages
from tests.support.courses import SMALL, answer, hand_in, nbgrader

pytestmark = pytest.mark.slow

HIDDEN = re.findall(r"(?s)### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", SMALL)
HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)></svg>
<a href="javascript:alert(1)">a</a><a href=" data:text/html,x">b</a><iframe src="//x"></iframe>
<img src="https://x.invalid/pixel.png"><form action="https://x.invalid"><input></form>
<style>body{background:url(https://x.invalid)}</style><b onclick="alert(1)">bold</b>"""


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, scheduler):
    """Return a course with graded submissions: right, wrong, and one that attacks its reader."""
    import shutil

    course = shutil.copytree(generated, tmp_path_factory.mktemp("feedback") / "course")
    hand_in(course, "ada", answer(course))
    hand_in(course, "bea", answer(course, mean="def mean(x):\n    return sum(x)"))
    warned = (
        "import sys\ndef mean(x):\n"
        "    print('odd \\x1b[31mvalue', file=sys.stderr)\n    return np.mean(x)"
    )
    hand_in(course, "wim", answer(course, mean=warned))
    notebook = answer(
        course, mean="def mean(x):\n    raise ValueError('<script>alert(6)</script>')"
    )
    notebook.cells += [
        new_markdown_cell(HOSTILE),
        new_code_cell(
            f"from IPython.display import HTML, Javascript, display\ndisplay(HTML('''{HOSTILE}'''))"
        ),
        new_code_cell(
            "display(Javascript('alert(7)'))\nprint('\\x1b[31mred</pre><script>alert(8)')"
        ),
        new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
        new_code_cell("{}['my key']"),
    ]
    hand_in(course, "eve", notebook)
    autograder.grade(course, "small", scheduler=scheduler)
    return course


@pytest.fixture(scope="module")
def page(graded):
    """Return a function that gives a student's page."""
    api = nbgrader(graded)
    assert feedback.give(api.coursedir, api.config, "small", workers=1) == []
    return lambda name: (graded / f"grading/feedback/{name}/small/small.html").read_text()


def test_points_verdicts_and_messages(page):
    assert "10 of 15 points" in page("ada")
    bea = page("bea")
    assert "3 of 15 points" in bea
    assert "mean([1, 2, 6]) should be 3" in bea
    assert "mean is wrong for an array" in bea  # a hidden test's message, not its source
    assert bea.count("✗ failed") == 4  # two tests, in the table and below


@pytest.mark.parametrize("student", ["ada", "bea", "eve"])
def test_no_line_of_a_hidden_test(page, student):
    shown = page(student)
    lines = [line.strip() for test in HIDDEN for line in test.splitlines()]
    lines = [line.split(', "')[0] for line in lines if line and line != "import numpy as np"]
    assert len(lines) >= 4
    for line in [*lines, "HIDDEN TESTS", "secret_", "autograder", "_checker"]:
        assert line not in shown, line


def test_own_work_is_shown(page):
    eve = page("eve")
    assert 'src="data:image/png;base64,' in eve
    assert "KeyError" in eve
    assert "ValueError: &lt;script&gt;alert(6)" in eve
    assert "line 2, in mean" in eve


@pytest.mark.parametrize("source", ["page", "markdown", "html"])
def test_nothing_runs_or_is_fetched(page, source):
    shown = {
        "page": lambda: page("eve"),
        "markdown": lambda: str(pages.markdown(HOSTILE)),
        "html": lambda: str(pages.clean(HOSTILE)),
    }[source]()
    elements = " ".join(re.findall(r"<[a-z][^>]*>", shown))
    for unwanted in ("<script", "<iframe", "<form", "<input", "<svg", "javascript:", "data:text"):
        assert unwanted not in elements, unwanted
    assert not re.search(r"\son[a-z]+=", elements)
    assert "x.invalid" not in elements
    assert "<b>bold</b>" in shown


def test_page_in_a_browser(graded, page, watched):
    page("eve")
    opened = watched.new_page()
    opened.on("dialog", lambda dialog: watched.problems.append(dialog.message))
    opened.goto((graded / "grading/feedback/eve/small/small.html").as_uri())
    assert watched.problems == []
    assert opened.get_by_role("heading", name="small", exact=True).is_visible()


def test_nbgrader_itself_writes_the_same_page(graded, page):
    ours = page("eve")
    path = graded / "grading/feedback/eve/small/small.html"
    path.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", "small", "--force"],
        cwd=graded,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert path.read_text() == ours


def test_what_was_written_to_stderr_is_the_reason(page):
    assert page("wim").count('class="why">your code wrote to stderr: odd value<') == 2


@pytest.mark.parametrize(
    "html", ["<a " + " ".join(f"x{i}" for i in range(300_000)) + ">", "<p>x" * 20_000, "<" * 10**6]
)
def test_html_that_takes_long_to_clean_is_shown_as_text(html):
    assert pages.clean(html) == pages.escape(html)


@pytest.mark.parametrize("source", [r"\begin{a}" * 5500, r"\begin{a}$$" * 4000, "x" * 60_000])
def test_text_that_takes_long_to_render_is_shown_as_it_is(source):
    assert pages.markdown(source) == pages.escape(source)


def test_a_page_that_takes_too_long_is_named(graded, monkeypatch):
    api = nbgrader(graded)
    monkeypatch.setattr(feedback, "PAGE_SECONDS", 3.0)
    monkeypatch.setattr(pages, "markdown", lambda *_: time.sleep(60))
    job = feedback.Page(api.config, "small", "ada")
    assert "longer than 3 s" in job.write()
