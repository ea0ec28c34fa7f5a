"""What the last whole run of the tests checked, for the book's page *How this book is checked*.

A run of everything that passes leaves its counts in ``_build/checks.json``; one that fails takes
them away. A part of the tests changes nothing.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

RECORD = Path(__file__).parents[1] / "_build" / "checks.json"

# What a count counts: the different things that the group finds among the tests that passed.
COUNTED = {
    "tests": r"(.+)",
    "chapter-cells": r"_build/notebooks/(.+::.+)",
    "solution-cells": r"solutions/(.+::.+)",
    "notebooks": r".*test_downloads\.py::test_notebook_reproduces_its_outputs\[(.+)\]",
    "pages": r".*test_site\.py::test_page\[(.+)\]",
    "widgets": r".*widgets/test_base\.py::\w+\[(\w+)\]",
    "parity-tests": r".*_parity\.py::(.+)",
    "attacks": r".*security/(?!test_baseline|test_class)(.+\[.+\])",
    "attacks-on-nbgrader": r".*security/test_baseline\.py::test_works\[(.+)\]",
    "instructor-commands": r".*test_instructors\.py::test_block\[(.+)\]",
}


def count(reports: Iterable[pytest.TestReport]) -> dict[str, int]:
    """Return the counts of the tests that passed; some recorded numbers of their own."""
    reports = list(reports)
    names = [re.sub(r"@[^@\]]*$", "", r.nodeid) for r in reports]  # xdist adds the group
    counts = {
        name: len({match[1] for n in names if (match := re.fullmatch(pattern, n))})
        for name, pattern in COUNTED.items()
    }
    recorded = [item for report in reports for item in report.user_properties]
    counts["parity-cases"] = sum(value for key, value in recorded if key == "parity")
    rows = [value for key, value in recorded if key == "bank"]
    for column, name in ((2, "misconceptions"), (3, "alternatives")):
        counts[name] = sum(int(row[column].split("/")[0]) for row in rows)
    return counts


def is_whole(config: pytest.Config) -> bool:
    """Whether nothing was left out on the command line."""
    partial = ("collectonly", "deselect", "ignore", "ignore_glob", "keyword", "lf", "markexpr")
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return everything and not any(config.getoption(name, None) for name in partial)


def write(path: Path, counts: dict[str, int]) -> None:
    """Write the record, unless it says so already: the book is built again when it changes."""
    text = json.dumps(counts, indent=2) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def pytest_sessionfinish(session, exitstatus):
    """Keep what a whole run found; forget it if something failed."""
    config = session.config
    if hasattr(config, "workerinput") or not is_whole(config):
        return
    if exitstatus == pytest.ExitCode.OK:
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        skipped = len(terminal.stats.get("skipped", []))
        write(RECORD, count(terminal.getreports("passed")) | {"skipped": skipped})
    elif exitstatus == pytest.ExitCode.TESTS_FAILED:
        RECORD.unlink(missing_ok=True)
