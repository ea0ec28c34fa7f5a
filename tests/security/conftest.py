"""One class in which every student but three attacks; graded once, as an instructor would."""

from __future__ import annotations

import hashlib
import json
import multiprocessing.util
import os
import tempfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from shutil import copy

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

import autograder
from autograder.classroom.grading import Outcome, Summary
from autograder.pages import feedback
from tests.exercises.authoring import pack
from tests.security.attacks import ASSIGNMENT, FINISHED, FULL, PRELUDE, SLEEP, Attack, canaries
from tests.support.courses import ROOT, hand_in, nbgrader
from tests.support.processes import children

LIMITS = """
c.Execute.timeout = 3
c.Sandbox.submission_seconds = 30.0
c.Sandbox.cpu_seconds = 10
c.Sandbox.memory = 300 * 2**20
c.Sandbox.processes = 8
c.Sandbox.output_bytes = 200_000
c.Sandbox.message_bytes = 2**24
c.Sandbox.restarts = 3
"""
OWN_METAS = 3
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "blockquote"),
    *("h1", "h2", "h3", "p", "div", "span", "strong", "em", "b", "i", "a", "code", "pre", "samp"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "img", "br", "hr"),
    *("details", "bdo", "sup", "sub", "center", "summary", "figure", "picture"),
    *("math", "mtext", "mrow", "mi", "mo", "mn", "msub", "msup", "mfrac", "mtable", "mtr", "mtd"),
}


class Page(HTMLParser):
    """What a page can do: its elements, attributes and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.harm: list[str] = []
        self.metas = 0
        self.feed(html)
        if self.metas != OWN_METAS:
            self.harm.append("<meta>")

    def handle_starttag(self, tag, attributes):
        self.metas += tag == "meta"
        if tag not in TAGS:
            self.harm.append(f"<{tag}>")
        for name, value in attributes:
            address = (value or "").strip().lower()
            if name.startswith("on") or name == "style" or "javascript:" in address:
                self.harm.append(f"{name}={value}")
            if name == "src" and not address.startswith("data:image/"):
                self.harm.append(f"{name}={value}")


@dataclass
class Graded:
    """What became of the class.

    Attributes
    ----------
    course : Path
        Directory of the course.
    summary : Summary
        Of the grading.
    changed, left, scratch : list
        Files of the course that grading changed, processes and files that it left.
    """

    course: Path
    summary: Summary
    changed: list[str]
    left: list[str]
    scratch: list[Path]

    def outcome(self, student: str) -> Outcome:
        return next(outcome for outcome in self.summary.outcomes if outcome.student == student)

    def autograded(self, student: str) -> dict:
        path = self.course / f"grading/autograded/{student}/toy/toy.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))

    def feedback(self, student: str) -> str:
        path = self.course / f"grading/feedback/{student}/toy/toy.html"
        return path.read_text(encoding="utf-8")

    def outputs(self, student: str) -> str:
        """Return all that the cells of a student put out, tests included."""
        cells = self.autograded(student)["cells"]
        return json.dumps([cell.get("outputs", []) for cell in cells], ensure_ascii=False)

    def check(self, attack: Attack) -> None:
        """Check that the attack earned what it deserves, and can return no secret and no script."""
        outcome = self.outcome(attack.name)
        if attack.problem:
            assert attack.problem in (outcome.problem or "")
            assert outcome.score == 0
            return
        assert outcome.problem is None
        outputs, page = self.outputs(attack.name), self.feedback(attack.name)
        said = "\n".join([*outcome.notes, outputs])
        deserved = (FULL if attack.right else 0.0) if attack.earns is None else attack.earns
        assert outcome.score == deserved, self.points(attack.name) + said[:3000]
        expected = [FINISHED] * (attack.finishes and bool(attack.code)) + list(attack.says)
        missing = [words for words in expected if words not in said]
        assert missing == [], said[:3000]
        read = [
            place for place, secret in canaries().items() if secret in outputs or secret in page
        ]
        assert read == []
        assert Page(page).harm == []

    def points(self, student: str) -> str:
        """Say which tests the student passed."""
        cells = self.autograded(student)["cells"]
        passed = [
            cell["metadata"]["nbgrader"]["grade_id"]
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("points") == 1
            and not any(o["output_type"] == "error" for o in cell["outputs"])
        ]
        return f"passed: {passed}\n"


def submission(course: Path, attack: Attack) -> bytes:
    """Return what the attacker hands in."""
    if attack.content is not None:
        return attack.content
    release = json.loads((course / "exercises/toy/toy.ipynb").read_bytes())
    source = json.loads((course / "solutions/toy/toy.ipynb").read_bytes())
    for cell, original in zip(release["cells"], source["cells"], strict=True):
        if cell["cell_type"] == "code" and cell["metadata"]["nbgrader"]["solution"]:
            right = original["source"] if attack.right else "pass"
            cell["source"] = "".join(right).replace(canaries()["reference"], "")
    if attack.code:
        code = f"{PRELUDE}{attack.code}\nprint({FINISHED!r})".replace("@COURSE@", str(course))
        release["cells"].insert(5, json.loads(json.dumps(new_code_cell(code, id="attack"))))
    if attack.edit:
        attack.edit(release)
    return json.dumps(release).encode()


def new_course(directory: Path) -> Path:
    """Make the course of the assignment, with a secret in every place."""
    text = ASSIGNMENT
    for place in ("hidden", "reference"):
        text = text.replace(f"@{place.upper()}@", canaries()[place])
    source = directory / "solutions/toy/toy.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(pack(text), encoding="utf-8")
    (directory / "solutions/notes.txt").write_text(canaries()["source"])
    copy(ROOT / "nbgrader_config.py", directory)
    with (directory / "nbgrader_config.py").open("a") as config:
        config.write(LIMITS)
    outcome = nbgrader(directory).generate_assignment("toy")
    assert outcome["success"], outcome["log"]
    with Gradebook(nbgrader(directory).coursedir.db_url) as gradebook:
        gradebook.add_student("right", last_name=canaries()["gradebook"])
    return directory


def tree(course: Path) -> dict[str, str]:
    """Return a hash of every file that grading has no business with."""
    paths = [path for path in course.rglob("*") if path.is_file() and not path.is_symlink()]
    ours = ("grading/autograded", "grading/feedback", "grading/journal", "grading/gradebook.db")
    names = {path.relative_to(course).as_posix(): path for path in paths}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not name.startswith(ours)
    }


def students_processes() -> list[str]:
    """Return the processes that descend from a zygote of ours, or sleep as attacks do."""
    found = []
    for process in children(os.getpid()):
        command = command_of(process)
        if "autograder.inside.zygote" in command and "bwrap" not in command.split("\0")[0]:
            found += [command_of(child) or child for child in children(process)]
    commands = map(command_of, filter(str.isdigit, (p.name for p in Path("/proc").iterdir())))
    return found + [command for command in commands if SLEEP in command]


def command_of(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:  # it has just ended
        return ""


@pytest.fixture(scope="session")
def graded(request, tmp_path_factory) -> Graded:
    """Return the class, of the attacks that were selected and three honest students."""
    selected = (
        getattr(getattr(item, "callspec", None), "params", {}).get("attack")
        for item in request.session.items
    )
    chosen = {attack.name: attack for attack in selected if isinstance(attack, Attack)}
    course = new_course(tmp_path_factory.mktemp("security") / "course")
    prints = f"print({canaries()['journal']!r})"
    hand_in(course, "right", submission(course, Attack("right", "", prints, right=True)), "toy")
    hand_in(course, "untouched", (course / "exercises/toy/toy.ipynb").read_bytes(), "toy")
    victim = hand_in(course, "victim", submission(course, Attack("", "", right=True)), "toy")
    (victim / "diary.txt").write_text(canaries()["student"])
    for attack in chosen.values():
        directory = hand_in(course, attack.name, submission(course, attack), "toy")
        for name, content in attack.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if attack.prepare:
            attack.prepare(directory)
    before = tree(course)
    multiprocessing.util.get_temp_dir()  # stays until this process ends
    temporary = tmp_path_factory.mktemp("temporary")  # other tests grade at the same time
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SECRET", canaries()["environment"])
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", None)
        summary = autograder.grade(course, "toy", workers=2)
        left = students_processes()
        scratch = list(temporary.rglob("*"))
    after = tree(course)
    changed = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    config = nbgrader(course).config
    feedback.give(CourseDirectory(config=config), config, "toy", workers=2)
    return Graded(course, summary, changed, left, scratch)
