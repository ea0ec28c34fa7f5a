"""nbgrader's own tests of ``nbgrader autograde``, configured to grade as this course does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.courses import ROOT

# What its tests expect of grading without isolation, and ours decides otherwise.
EXCEPTIONS = {
    "test_side_effects": "what a student's code writes is wiped with its scratch directory",
    "test_handle_failure": "an unknown grade id is noted, and the rest is graded",
    "test_handle_failure_single_notebook": "the same",
    "test_missing_source_kernelspec": "a foreign kernel is noted, and the cells run as Python",
    "test_grade": "a test that names what nobody has defined waits for a person, without points",
    "test_showtraceback_exploit": "the same; nobody gets a point by it",
}


@pytest.mark.thorough
def test_nbgraders_tests_of_autograde_pass_but_for_the_exceptions(tmp_path):
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    settings = re.findall(r"^c\.Autograde\.\w+ = (?:\[[^\]]*\]|.*)$", config, re.MULTILINE)
    (tmp_path / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *settings]))
    command = "-m pytest -q -rA -p no:cacheprovider --pyargs nbgrader.tests.apps"
    done = subprocess.run(
        [sys.executable, *command.split(), "-k", "test_nbgrader_autograde"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "JUPYTER_CONFIG_PATH": str(tmp_path),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE)
    failed = {name for outcome, name in found if outcome != "PASSED"}
    assert failed == EXCEPTIONS.keys(), done.stdout[-5000:]
    assert len(found) > 35, "most of them ran"
