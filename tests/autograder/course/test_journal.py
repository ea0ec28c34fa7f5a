"""What the journal gives back, and what it never gives back."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import autograder
from autograder import CellResult, Failure, Limits, Reason, Result, Usage, Verdict
from autograder.course import task as task_module
from autograder.course.journal import Journal
from autograder.course.task import Task, grader_version
from autograder.errors import JournalError

OUTPUT = new_output("stream", name="stdout", text="one\ntwo\n")
RESULT = Result(
    notebook=json.dumps(new_notebook(cells=[new_code_cell("print()", outputs=[OUTPUT])])),
    cells=(CellResult(0, "q", [OUTPUT], 0.5, Verdict.FAILED, "no", 0.0, 2.0),),
    failures=(Failure(Reason.TIMEOUT, "too slow", "q", 0),),
    usage=Usage(seconds=1.5, memory=10),
)
UNREADABLE = Result(None, (), (Failure(Reason.UNREADABLE, "no JSON"),))
KEY = "0123abcd"


@pytest.mark.parametrize("result", [RESULT, UNREADABLE])
def test_gives_back_what_it_got(tmp_path, result):
    journal = Journal(tmp_path / "journal")
    assert journal.get(KEY) is None
    journal.put(KEY, result)
    assert journal.get(KEY) == result


@pytest.mark.parametrize("size", [0, 1, 10, 50, -1])
def test_broken_entry_is_missing(tmp_path, size):
    journal = Journal(tmp_path)
    journal.put(KEY, RESULT)
    content = journal.path(KEY).read_bytes()
    journal.path(KEY).write_bytes(content[:size])
    assert journal.get(KEY) is None
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 0xFF
    journal.path(KEY).write_bytes(damaged)
    assert journal.get(KEY) is None


def test_entry_of_another_task_is_missing(tmp_path):
    journal = Journal(tmp_path)
    journal.put(KEY, RESULT)
    os.link(journal.path(KEY), journal.directory / "01" / "01ff.json.gz")
    assert journal.get("01ff") is None


def test_failed_write_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    journal = Journal(tmp_path)
    with pytest.raises(JournalError, match=r"cannot be written \(full\).*run the same command"):
        journal.put(KEY, RESULT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_key_depends_on_everything_that_decides_the_result():
    task = Task(b"submission", b"source", data={"a": b"b"}, files={"c": b"d"})
    others = [
        replace(task, submission=b"other"),
        replace(task, source=b"other"),
        replace(task, limits=Limits(cell_seconds=1)),
        replace(task, data={"a": b"c"}),
        replace(task, data={}, files={"a": b"b", "c": b"d"}),
        replace(task, files={"c": b""}),
        replace(task, isolation="none"),
        replace(task, version="older"),
        Task(b"submissionso", b"urce"),
    ]
    assert len({other.key for other in [task, *others]}) == 1 + len(others)
    assert replace(task).key == task.key


@pytest.fixture
def version(tmp_path, monkeypatch):
    """Return a function that gives the grader's version, of a copy of the package."""
    package = shutil.copytree(Path(autograder.__file__).parent, tmp_path / "autograder")
    monkeypatch.setattr(task_module, "__file__", str(package / "course/task.py"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site-packages")])

    def fingerprint():
        grader_version.cache_clear()
        return grader_version()

    yield fingerprint
    grader_version.cache_clear()


def test_key_depends_on_every_file_of_the_package(tmp_path, version):
    before = version()
    for path in sorted((tmp_path / "autograder").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            path.write_bytes(content + b" ")
            assert version() != before, path
            path.write_bytes(content)
    assert version() == before


@pytest.mark.parametrize("kind", ["dist", "egg"])
def test_key_depends_on_the_version_of_every_importable_package(tmp_path, version, kind):
    before = version()
    found = {before}
    for number in ("1.0", "1.1"):
        installed = tmp_path / f"site-packages/colours-{number}.{kind}-info"
        installed.mkdir(parents=True)
        found.add(version())
        installed.rmdir()
    assert len(found) == 3
    assert version() == before
