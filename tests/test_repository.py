"""The repository's own promises: the lock, the verbs, the workplace-free text."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked_entries() -> dict[str, str]:
    """Text of each package's entry in the lock, by name."""
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    return {canonicalize_name(re.match(r"[\w.-]+", e).group()): e for e in entries}


def test_lock_contains_no_url():
    assert not re.search(r"\w+://|--(extra-)?index-url|--find-links", LOCK)


def test_lock_pins_and_hashes_every_package():
    entries = locked_entries()
    assert len(entries) > 100
    loose = [name for name, e in entries.items() if "==" not in e or "--hash=sha256:" not in e]
    assert not loose, f"run `make lock`: without a pin or a hash: {loose}"


def test_lock_holds_every_dependency_of_the_project():
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(requirement for extra in extras for requirement in extra)]
    entries = locked_entries()
    for requirement in map(Requirement, wanted):
        entry = entries.get(canonicalize_name(requirement.name))
        assert entry, f"{requirement} is not in requirements.txt: run `make lock`"
        version = re.search(r"==([^\s;\\]+)", entry).group(1)
        assert requirement.specifier.contains(version), f"{requirement}: the lock has {version}"


def test_readme_tells_every_verb():
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    verbs = re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE)
    assert {"serve", "test"} <= set(verbs)
    missing = [
        verb for verb in verbs if f"`make {verb}`" not in readme and f"make {verb}\n" not in readme
    ]
    assert not missing, f"README.md does not tell of: {missing}"


def test_ci_runs_the_test_command_of_the_readme():
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Text files under version control."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name]


def test_generated_folders_are_not_tracked(tracked):
    strays = [p for p in tracked if p.relative_to(ROOT).parts[0] in {"_build", "grading", ".venv"}]
    assert not strays
