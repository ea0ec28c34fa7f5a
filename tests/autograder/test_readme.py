"""Every command of the README is run, in the state that a newcomer has."""

from __future__ import annotations

import re
import shlex
import shutil
import zipfile

import nbformat
import pytest

from tests.exercises.grading import answer, reference
from tests.support.commands import run
from tests.support.courses import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
ASSIGNMENT = "01-metrics"
GRADE = next(block for block in BLOCKS if "autograder release" in block)
LINES = [line.partition("#")[0].strip() for line in GRADE.splitlines()]


def test_blocks_of_make_name_verbs():
    verbs = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    used = [line for block in BLOCKS for line in block.splitlines() if line.startswith("make ")]
    assert used
    assert {line.split()[1] for line in used} <= set(verbs)


def test_every_other_block_is_run_somewhere():
    """The cluster's commands are run with those of *For instructors*."""
    page = (ROOT / "chapters/instructors.md").read_text("utf-8")
    for block in BLOCKS:
        for line in block.splitlines():
            words = line.split()[:2]
            assert block == GRADE or words[0] == "make" or " ".join(words) in page, line


@pytest.mark.slow
def test_grade_a_class(tmp_path):
    for part in ("solutions", "exercises"):
        shutil.copytree(ROOT / part / ASSIGNMENT, tmp_path / part / ASSIGNMENT)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading/students.csv").write_text("id,first_name,last_name\nada,Ada,Ohm\n")
    right = nbformat.writes(answer(ASSIGNMENT, reference(ASSIGNMENT)))
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr(f"Ada Ohm_7_assignsubmission_file_/{ASSIGNMENT}.ipynb", right)
    before = (tmp_path / f"exercises/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").read_bytes()
    for line in LINES:
        program, *words = shlex.split(line)
        assert program == "autograder"
        if words[0] == "mark":
            continue  # it goes on until somebody stops it: see *For instructors*
        done = run(tmp_path, *words)
        assert done.status == 0, f"{line}\n{done.out}{done.err}"
    assert (tmp_path / f"exercises/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").read_bytes() == before
    assert ",marked,0\n" in (tmp_path / f"grading/export/{ASSIGNMENT}-csv.csv").read_text()
    assert (tmp_path / f"grading/feedback/ada/{ASSIGNMENT}/{ASSIGNMENT}.html").exists()
