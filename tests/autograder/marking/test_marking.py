"""Written answers marked in the browser: gradebook and feedback see the same."""

from __future__ import annotations

import json
import re
import shutil
import threading
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook

import autograder
from autograder.marking.server import MarkingServer
from autograder.pages import feedback
from tests.support.courses import answer, hand_in, nbgrader, release

pytestmark = pytest.mark.slow
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> </script> Because."


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, scheduler):
    course = shutil.copytree(generated, tmp_path_factory.mktemp("mark") / "course")
    hand_in(course, "ada", answer(course))
    hand_in(course, "bea", answer(course, why=HOSTILE))
    hand_in(course, "cyd", release(course))
    autograder.grade(course, "small", scheduler=scheduler)
    return course


@pytest.fixture
def server(graded):
    api = nbgrader(graded)
    with Gradebook(api.coursedir.db_url) as gradebook:  # nothing is marked
        for student in ("ada", "bea", "cyd"):
            grade = gradebook.find_grade("why", "small", "small", student)
            grade.manual_score, grade.needs_manual_grade = None, grade.auto_score is None
            gradebook.find_comment("why", "small", "small", student).manual_comment = None
        gradebook.db.commit()
    server = MarkingServer(api.coursedir, api.config, "small")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def marks(course):
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        found = {}
        for student in ("ada", "bea", "cyd"):
            where = ("why", "small", "small", student)
            grade, comment = gradebook.find_grade(*where), gradebook.find_comment(*where)
            found[student] = (grade.manual_score, grade.needs_manual_grade, comment.manual_comment)
        return found


def post(url, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{url}mark", data=data, headers=headers)
        ) as answered:
            return answered.status, answered.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_marking_by_keyboard(graded, server, watched):
    page = watched.new_page()
    page.on("dialog", lambda dialog: watched.problems.append(dialog.message))
    page.goto(server.url)
    assert "ada" not in page.inner_text("body"), "names are hidden"
    assert "Say why." in page.inner_text("#rubric")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("c")
    page.keyboard.type("Short, but right.")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.type("4.5")
    page.keyboard.press("Enter")
    page.get_by_text("Saved: 4.5 points.").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.keyboard.press("1")  # the comment again
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.get_by_text("Not saved: give 0 to 5 points.").wait_for()
    page.fill("#score", "5")
    page.keyboard.press("Enter")
    page.get_by_text("Saved: 5 points.").wait_for()
    found = marks(graded)
    given = sorted(mark for mark in (found["ada"], found["bea"]))
    assert given == [(4.5, False, "Short, but right."), (5, False, "Short, but right.")]
    assert found["cyd"] == (None, False, None), "no answer needs no mark"
    listed = nbgrader(graded).get_notebook_submissions("small", "small")  # by formgrader
    assert sorted((s["written_score"], s["needs_manual_grade"]) for s in listed) == [
        (0, False),
        (4.5, False),
        (5, False),
    ]
    assert watched.problems == []


def test_a_phone_has_no_sideways_scrolling(server, browser):
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(server.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_only_who_knows_the_address_can_mark_and_only_marks(graded, server):
    with urllib.request.urlopen(server.url) as page:
        text = page.read().decode()
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])
    (question,) = data
    grade = question["answers"][0]["id"]
    right = {"id": grade, "score": 1, "comment": ""}
    root = server.url.removesuffix(f"{server.secret}/")
    assert post(f"{root}guess/", right)[0] == 404
    assert post(server.url, right, Host="elsewhere.example")[0] == 404
    nan = float("nan")
    for wrong in ({"score": 6}, {"score": -1}, {"score": "1"}, {"score": nan}, {"id": "x"}):
        status, said = post(server.url, right | wrong)
        assert (status, bool(said)) == (400, True), wrong
    assert post(server.url, b"[1")[0] == 400
    assert {mark[0] for mark in marks(graded).values()} == {None}
    assert post(server.url, right) == (200, '{"waits": 0}')
    assert post(server.url, right | {"score": None}) == (200, '{"waits": 1}')


def test_feedback_says_what_is_not_marked_yet(graded, server):
    api = nbgrader(graded)

    def page():
        assert feedback.give(api.coursedir, api.config, "small", workers=1) == []
        return (graded / "grading/feedback/ada/small/small.html").read_text()

    waiting = page()
    assert "10 of 15 points so far" in waiting
    assert "1 answer worth 5 points is not marked yet" in waiting
    assert "… not marked yet" in waiting
    assert "– / 5" in waiting
    with Gradebook(api.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade("why", "small", "small", "ada")
        grade.manual_score, grade.needs_manual_grade = 0, False
        gradebook.db.commit()
    marked = page()
    assert "10 of 15 points</strong>" in marked
    assert "✎ marked by a person" in marked
    assert "Provisional" not in marked
