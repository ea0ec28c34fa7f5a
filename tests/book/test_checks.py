"""The page of what is checked shows the counts of a whole run that passed, and no others."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import checks
from tests.book.conftest import build

PAGE = """
# Checked

```{{checked-run}}
In the last run {{checked}}`tests` tests passed.
```

Attacks: {{checked}}`{name}`.
"""
COUNTS = {"tests": 1234, "attacks": 5}
ROOT = Path(__file__).parents[2]


def built(folder, counts, name="attacks"):
    record = folder / "source" / "_build" / "checks.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    if counts:
        record.write_text(json.dumps(counts))
    book = build(folder, {"checked": PAGE.format(name=name)})
    article = re.search(r"<article.*?</article>", book.page("checked"), re.DOTALL)[0]
    return re.sub(r"<[^>]+>", "", article), book.warnings


def test_recorded_counts_are_shown(tmp_path):
    text, warnings = built(tmp_path, COUNTS)
    assert "In the last run 1,234 tests passed." in text
    assert "Attacks: 5." in text
    assert warnings == []


def test_without_a_record_the_page_says_so_and_a_later_one_is_noticed(tmp_path):
    text, warnings = built(tmp_path, None)
    assert "No run of all tests has been recorded" in text
    assert "Attacks: –." in text
    assert "tests passed" not in text
    assert warnings == []
    text, _ = built(tmp_path, COUNTS)
    assert "Attacks: 5." in text


def test_an_unknown_count_fails_the_build(tmp_path):
    _, warnings = built(tmp_path, COUNTS, name="atacks")
    assert any("'atacks': there are attacks, tests" in warning for warning in warnings)


def test_the_page_asks_for_what_is_counted():
    page = (ROOT / "chapters" / "checked.md").read_text(encoding="utf-8")
    asked = set(re.findall(r"\{checked\}`([\w-]+)`", page))
    counted = {*checks.count([]), "skipped"}
    assert asked
    assert asked == counted


def test_counts_are_of_different_things_and_of_what_tests_recorded():
    def report(nodeid, **properties):
        return SimpleNamespace(nodeid=nodeid, user_properties=list(properties.items()))

    counts = checks.count(
        [
            report("tests/browser/test_site.py::test_page[a.html]"),
            report("tests/browser/test_site.py::test_page_opened_as_a_file[a.html]"),
            report("tests/widgets/test_x_parity.py::test_f", parity=300),
            report("tests/widgets/test_x_parity.py::test_g[1]", parity=7),
            report("tests/widgets/test_base.py::test_one[Descent]"),
            report("tests/widgets/test_base.py::test_two[Descent]"),
            report("tests/security/test_baseline.py::test_works[heap]"),
            report("tests/security/test_reading.py::test_fails[heap]"),
            report("tests/exercises/test_bank.py::t[a]", bank=["01", "roc", "5/6", "2/2"]),
            report("_build/notebooks/start.ipynb::Cell 0"),
        ]
    )
    found = {name: number for name, number in counts.items() if number}
    assert found == {
        "tests": 10,
        "pages": 1,
        "widgets": 1,
        "attacks": 1,
        "attacks-on-nbgrader": 1,
        "parity-tests": 2,
        "parity-cases": 307,
        "misconceptions": 5,
        "alternatives": 2,
        "chapter-cells": 1,
    }


CONFTEST = """
from pathlib import Path
from tests import checks
from tests.checks import pytest_sessionfinish
checks.RECORD = Path(__file__).parent / "_build" / "checks.json"
"""


@pytest.mark.parametrize(
    ("options", "test", "kept"),
    [
        ([], "assert True", '"tests": 1,'),
        ([], "assert False", None),
        (["-k", "one"], "assert True", "earlier"),
        (["-k", "one"], "assert False", "earlier"),
        (["test_one.py"], "assert True", "earlier"),
    ],
    ids=["whole", "failed", "part", "failed-part", "file"],
)
def test_only_a_whole_run_that_passes_is_recorded(tmp_path, options, test, kept):
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_one.py").write_text(f"def test_one():\n    {test}")
    record = tmp_path / "_build" / "checks.json"
    record.parent.mkdir()
    record.write_text("earlier")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == int("False" in test), done.stdout + done.stderr
    assert (kept in record.read_text()) if kept else not record.exists()
