"""The repository's own promises: the lock, the verbs, the workplace-free text."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {
    "test": "requirements.txt",
    "book": "requirements-book.txt",
    "grade": "requirements-grade.txt",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked_entries(purpose: str) -> dict[str, str]:
    """Text of each package's entry in the lock of a purpose, by name."""
    lock = (ROOT / LOCKS[purpose]).read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    return {canonicalize_name(re.match(r"[\w.-]+", e).group()): e for e in entries}


def wanted(purpose: str) -> list[str]:
    """Return what the project asks for; contributors need what every purpose needs."""
    extras = PROJECT["optional-dependencies"]
    chosen = extras.values() if purpose == "test" else [extras[purpose]]
    return [*PROJECT["dependencies"], *(requirement for extra in chosen for requirement in extra)]


def pins(entry: str) -> set[str]:
    """Versions of a package in a lock: one, or one for each range of Pythons."""
    return set(re.findall(r"==([^\s;\\]+)(?= [;\\])", entry))


@pytest.mark.parametrize("purpose", LOCKS)
def test_lock_contains_no_url(purpose: str):
    lock = (ROOT / LOCKS[purpose]).read_text()
    assert not re.search(r"\w+://|--(extra-)?index-url|--find-links", lock)


@pytest.mark.parametrize("purpose", LOCKS)
def test_lock_pins_and_hashes_every_package(purpose: str):
    entries = locked_entries(purpose)
    assert len(entries) > 100
    loose = [name for name, e in entries.items() if "==" not in e or "--hash=sha256:" not in e]
    assert not loose, f"run `make lock`: without a pin or a hash: {loose}"


@pytest.mark.parametrize("purpose", LOCKS)
def test_lock_holds_every_dependency_of_its_purpose(purpose: str):
    entries = locked_entries(purpose)
    for requirement in map(Requirement, wanted(purpose)):
        entry = entries.get(canonicalize_name(requirement.name))
        assert entry, f"{requirement} is not in {LOCKS[purpose]}: run `make lock`"
        version = re.search(r"==([^\s;\\]+)", entry).group(1)
        assert requirement.specifier.contains(version), f"{requirement}: the lock has {version}"


@pytest.mark.parametrize("purpose", ["book", "grade"])
def test_locks_agree(purpose: str):
    """Whoever reads, teaches or contributes has the same versions."""
    everything = locked_entries("test")
    for name, entry in locked_entries(purpose).items():
        assert pins(entry) <= pins(everything[name]), f"{name}: run `make lock`"


def test_readers_need_no_tools_of_tests_or_teachers():
    for_others = {
        "distributed",
        "hypothesis",
        "jupyterlab",
        "mypy",
        "nbgrader",
        "playwright",
        "pytest",
    }
    assert not for_others & set(locked_entries("book"))


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


def test_the_book_is_built_again_for_each_file_that_it_is_made_of(tracked):
    rules = subprocess.run(
        ["make", "--print-data-base", "--question", "book"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    made_of = set(
        " ".join(re.findall(r"^_build/\.(?:code|book): (.*)", rules, re.MULTILINE)).split()
    )
    names = {path.relative_to(ROOT).as_posix() for path in tracked}
    parts = {name for name in names if name.startswith(("shallow/", "chapters/", "assets/"))}
    notes = {name for name in parts if name.startswith("shallow/") and name.endswith(".md")}
    assert parts - notes - made_of == set()


def test_no_test_imports_from_a_test():
    """What tests share stands in a module that is none, so that no test runs twice."""
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in (ROOT / "tests").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(from|import) tests\..*\btest_", line)
    ]
    assert found == []


def test_the_graders_tests_mirror_its_packages():
    packages = {path.parent.name for path in (ROOT / "autograder").glob("*/__init__.py")}
    folders = {path.parent.name for path in (ROOT / "tests/autograder").glob("*/test_*.py")}
    assert folders - packages == {"kinds"}
    assert packages - folders <= {"inside"}  # tried through the sandbox
