"""Build and test a clone of the project with the newest versions that pyproject.toml allows.

Usage: ``newest.py [NAME ...]``, which lifts the upper bound of each package NAME, to try it again.
Says which versions changed, what the bounds hold back, what broke, and what warns that it will.
The clone of the last commit, its environment and a log for each step stay in ``_build/newest``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CLONE = Path("_build/newest")
LOCK = "requirements.txt"
STEPS = ("lint", "book", "quick")  # targets of the Makefile
BOUND = re.compile(r'"([\w.-]+)((?:>=[\w.]+)?),?(<[\w.]+)"')
DEPRECATED = re.compile(r"\w*(?:Deprecat|FutureWarning|RemovedIn)\w*: .*")
LINES = 30  # of a log that are shown


def lift_bounds(project: str, names: list[str]) -> str:
    """Return the text of a pyproject.toml without the upper bounds of the packages."""
    return BOUND.sub(lambda b: f'"{b[1]}{b[2]}"' if b[1] in names else b[0], project)


def succeeds(*command: str, log: Path, cwd: Path = Path()) -> bool:
    """Run a command, its output into a log, as if no other ``make`` had started it."""
    environment = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL"}}
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(  # noqa: S603 (the commands are below)
            command, cwd=cwd, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    return done.returncode == 0


def show_end(log: Path) -> None:
    """Print the last lines of a log."""
    lines = log.read_text(encoding="utf-8").splitlines()[-LINES:]
    print(*(f"    {line}" for line in lines), sep="\n")


def versions(lock: Path) -> dict[str, str]:
    """Return the versions in a lock, by name; of several, for different Pythons, all."""
    found: dict[str, list[str]] = {}
    text = lock.read_text(encoding="utf-8")
    for name, version in re.findall(r"^([\w.-]+)\S*==(\S+)", text, re.MULTILINE):
        found.setdefault(name, []).append(version)
    return {name: ", ".join(pins) for name, pins in found.items()}


def held_back(project: str, locked: dict[str, str]) -> list[str]:
    """Return what each upper bound holds back."""
    bounds = {name: bound for name, _, bound in BOUND.findall(project)}
    folder = CLONE / "_build/unbounded"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(lift_bounds(project, list(bounds)), encoding="utf-8")
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "compile", "--no-deps", "--all-extras", "pyproject.toml", "-o", LOCK]
    if not succeeds(*command, cwd=folder, log=folder / "log"):
        show_end(folder / "log")
        return []
    free = versions(folder / LOCK)
    return [
        f"{name}{bound} holds back {free[name]}"
        for name, bound in bounds.items()
        if free[name] != locked[name]
    ]


def main(lifted: list[str]) -> int:
    """Return 1 if something broke."""
    shutil.rmtree(CLONE, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", ".", str(CLONE)], check=True)  # noqa: S603, S607
    project = lift_bounds(Path("pyproject.toml").read_text(encoding="utf-8"), lifted)
    (CLONE / "pyproject.toml").write_text(project, encoding="utf-8")
    log = CLONE / "lock.log"
    if not succeeds("make", "lock", f"LOCKS={CLONE}/", log=log):
        show_end(log)
        print("Broken: the newest versions do not go together.")
        return 1
    before, after = versions(Path(LOCK)), versions(CLONE / LOCK)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            print(f"{name}: {before.get(name, 'new')} -> {after.get(name, 'gone')}")
    print(*held_back(project, after), sep="\n")
    broken = []
    deprecated: set[str] = set()
    for step in STEPS:
        log = CLONE / f"{step}.log"
        print(f"make {step}: ", end="", flush=True)
        if succeeds("make", step, cwd=CLONE, log=log):
            print("holds", flush=True)
        else:
            broken.append(step)
            print(f"broken, see {log}", flush=True)
            show_end(log)
        deprecated |= set(DEPRECATED.findall(log.read_text(encoding="utf-8")))
    print(*sorted(deprecated), sep="\n")
    print(f"Broken: {', '.join(broken)}" if broken else "All holds with the newest versions.")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
