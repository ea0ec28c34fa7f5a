"""What is read of a student's directory, and what is refused."""

from __future__ import annotations

import os

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.course import submissions
from autograder.errors import UnusableError


@pytest.fixture
def coursedir(tmp_path):
    return CourseDirectory(root=str(tmp_path))


@pytest.fixture
def directory(tmp_path):
    found = tmp_path / "submitted/ada/ps1"
    found.mkdir(parents=True)
    (found / "p1.ipynb").write_bytes(b"{}")
    return found


def test_reads_notebooks_files_and_time(coursedir, directory):
    (directory / "data").mkdir()
    (directory / "data/x.csv").write_bytes(b"1,2")
    (directory / "data/other.ipynb").write_bytes(b"not at the top: a file")
    (directory / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (directory / ".ipynb_checkpoints").mkdir()
    (directory / ".ipynb_checkpoints/p1-checkpoint.ipynb").write_bytes(b"")
    found = submissions.read(coursedir, "ps1", "ada")
    assert found.notebooks == {"p1": b"{}"}
    assert found.files.keys() == {"data/x.csv", "data/other.ipynb"}
    assert str(found.timestamp) == "2026-03-01 12:00:00"


def test_students_are_filtered_as_by_nbgrader(coursedir, tmp_path):
    for name in ("ada", "bea", "[eve]*"):
        (tmp_path / "submitted" / name / "ps1").mkdir(parents=True)
    (tmp_path / "submitted/cyd/ps2").mkdir(parents=True)
    assert submissions.students(coursedir, "ps1") == ["[eve]*", "ada", "bea"]
    coursedir.student_id_exclude = "bea,ada"
    assert submissions.students(coursedir, "ps1") == ["[eve]*"]
    coursedir.student_id = "b*"
    assert submissions.students(coursedir, "ps2") == []


def test_refuses_what_could_lead_out(coursedir, directory, tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"secret")
    for make in (
        lambda path: path.symlink_to(tmp_path / "gradebook.db"),
        lambda path: path.symlink_to(tmp_path),
        lambda path: path.symlink_to("p1.ipynb"),
    ):
        make(directory / "link")
        with pytest.raises(UnusableError, match="link is a symbolic link"):
            submissions.read(coursedir, "ps1", "ada")
        (directory / "link").unlink()
    os.mkfifo(directory / "pipe")
    with pytest.raises(UnusableError, match="pipe is neither a file nor a directory"):
        submissions.read(coursedir, "ps1", "ada")


def test_refuses_a_linked_directory(coursedir, directory, tmp_path):
    (tmp_path / "submitted/eve").mkdir()
    (tmp_path / "submitted/eve/ps1").symlink_to(directory)
    with pytest.raises(UnusableError, match="symbolic link"):
        submissions.read(coursedir, "ps1", "eve")


def test_refuses_names_and_dates_that_mean_nothing(coursedir, directory):
    (directory / "timestamp.txt").write_text("next week")
    with pytest.raises(UnusableError, match=r"'next week', which is no date"):
        submissions.read(coursedir, "ps1", "ada")
    (directory / "timestamp.txt").unlink()
    (directory / os.fsdecode(b"\xff.txt")).write_bytes(b"")
    with pytest.raises(UnusableError, match="not UTF-8"):
        submissions.read(coursedir, "ps1", "ada")


def test_refuses_too_much(coursedir, directory, monkeypatch):
    monkeypatch.setattr(submissions, "NOTEBOOK_BYTES", 10)
    (directory / "p1.ipynb").write_bytes(bytes(11))
    with pytest.raises(UnusableError, match=r"p1.ipynb is larger"):
        submissions.read(coursedir, "ps1", "ada")
    (directory / "p1.ipynb").write_bytes(bytes(10))
    monkeypatch.setattr(submissions, "FILES_BYTES", 10)
    (directory / "a").write_bytes(bytes(6))
    (directory / "b").write_bytes(bytes(6))
    found = submissions.read(coursedir, "ps1", "ada")
    assert found.files.keys() == {"a"}
    assert found.left_out[0].startswith("b (0 MiB) was left out")
    (directory / "b").write_bytes(b"")
    monkeypatch.setattr(submissions, "FILES", 2)
    with pytest.raises(UnusableError, match="more than 2 files"):
        submissions.read(coursedir, "ps1", "ada")


def test_deep_directories_are_read(coursedir, directory):
    deep = directory
    for _ in range(1500):  # more than Python nests calls
        deep /= "d"
        deep.mkdir()
    try:
        assert submissions.read(coursedir, "ps1", "ada").notebooks == {"p1": b"{}"}
    finally:
        os.removedirs(deep)  # too deep for pytest's own cleaning


def test_handed_in_nothing(coursedir):
    with pytest.raises(UnusableError, match="cannot be read"):
        submissions.read(coursedir, "ps1", "nobody")
