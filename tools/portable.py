"""Run what rounding could change in every way that this machine can compute; say what it cannot.

    python tools/portable.py [kernels] [pythons] [aarch64]

``kernels``: each kernel of OpenBLAS, NumPy with fewer vector instructions, two threads.
``pythons``: the oldest and the newest Python, each with the versions that the lock gives it.
``aarch64``: another processor, emulated.
The site is built before; its notebooks are compared with each run. Logs: ``_build/portable``.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kernels import own, ways

ROOT = Path(__file__).parents[1]
LOGS = ROOT / "_build" / "portable"
PYTHONS = ("3.11", "3.13")  # the ends of the lock: those of Debian 12 and 13
SUITES = {"3.11": "bookworm", "3.13": "trixie"}  # whose own Python it is
NOTEBOOKS = ["chapters", "solutions"]
HIDDEN_TESTS = ["tests/exercises"]
PARITY = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/widgets/*parity.py"))]
GRADER = ["tests/autograder/core", "tests/autograder/remote", "tests/autograder/sandbox"]
DOWNLOADS = ["tests/notebooks/test_downloads.py"]
PYTEST = ["-m", "pytest", "-q", "--dist", "loadgroup", "-p", "no:cacheprovider"]

failed: list[str] = []
missing: list[str] = []


def run(name: str, command: Sequence[str | Path], env: Mapping[str, str]) -> bool:
    """Run a command, its output in a log of that name; report how it ended in a line."""
    log = LOGS / (re.sub(r"[^\w.]+", "-", name) + ".log")
    print(f"{name} ...", flush=True)
    with log.open("w") as output:
        code = subprocess.run(  # noqa: S603  our own commands
            command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    lines = log.read_text(errors="replace").splitlines()
    for line in lines:
        if line.startswith(("FAILED", "ERROR")):
            print("   ", line[:200])
    print(
        f"    {lines[-1] if lines else ''}{'' if code == 0 else f' (failed, see {log})'}",
        flush=True,
    )
    if code:
        failed.append(name)
    return code == 0


def kernels() -> None:
    """Run everything in each way in which this Python can compute."""
    jobs = ["-n", str(os.cpu_count() or 1)]
    # The downloads hold the cells of the chapters: compared, they have run.
    everything = ["solutions", *HIDDEN_TESTS, *PARITY, *DOWNLOADS]
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "SHALLOW_KERNEL": "as it is"}
    for name, env in ways():
        if isinstance(env, str):
            missing.append(f"{name}: {env}")
        else:
            run(name, [sys.executable, *PYTEST, *jobs, *everything], one_thread | dict(env))


def pythons() -> None:
    """Run all but the comparison of the site's notebooks, which one Python has built."""
    jobs = ["-n", str(os.cpu_count() or 1)]
    for version in PYTHONS:
        python = find_python(version)
        if python is None:
            missing.append(
                f"Python {version}: set PYTHON{version.replace('.', '')} or put python{version} "
                "on the PATH"
            )
            continue
        environment = LOGS / f"python{version}"
        own_python = environment / "bin" / "python"
        install = [own_python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        steps = [
            [python, "-m", "venv", "--clear", environment],
            [*install, "--require-hashes", "-r", "requirements.txt"],
            [*install, "--no-deps", "--no-build-isolation", "-e", "."],
        ]
        if (environment / ".ready").exists() or all(
            run(f"Python {version} set up, step {i}", step, own()) for i, step in enumerate(steps)
        ):
            (environment / ".ready").touch()
            tests = [*NOTEBOOKS, *HIDDEN_TESTS, *PARITY, *GRADER]
            run(f"Python {version}", [own_python, *PYTEST, *jobs, *tests], own())


def find_python(version: str) -> str | None:
    """Return the command of a Python of that version, or None."""
    named = os.environ.get(f"PYTHON{version.replace('.', '')}")
    pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    for candidate in (named, shutil.which(f"python{version}"), *map(str, pyenv)):
        ask = [candidate, "-c", "import sys, ensurepip; print('%d.%d' % sys.version_info[:2])"]
        if candidate is None:
            continue
        said = subprocess.run(ask, capture_output=True, text=True, check=False)  # type: ignore[arg-type]  # noqa: S603
        if said.stdout.strip() == version:
            return candidate
    return None


def aarch64() -> None:
    """Run the chapters and the solutions on an emulated processor, with Debian's Python."""
    if platform.machine() == "aarch64":
        missing.append("aarch64 by emulation: this machine is one")
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version not in SUITES:
        missing.append(f"aarch64: no Debian has Python {version}; run with one of {PYTHONS}")
        return
    root = LOGS / "aarch64"
    setup = ["sh", "tools/aarch64.sh", root, SUITES[version], sys.executable]
    if not run("aarch64 set up", setup, own()):
        return
    enter = ["bwrap", "--bind", root, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108
    enter += ["--bind", ROOT, "/course", "--tmpfs", "/course/_build", "--chdir", "/course"]
    enter += ["--clearenv", "--setenv", "HOME", "/tmp", "--setenv", "PATH", "/usr/bin:/bin"]  # noqa: S108
    enter += ["--setenv", "PYTHONPATH", "/site:/course", "--setenv", "LANG", "C.UTF-8"]
    enter += ["--setenv", "OPENBLAS_NUM_THREADS", "1", "--setenv", "PYTHONDONTWRITEBYTECODE", "1"]
    slow = [
        "--override-ini",
        "addopts=",
        "--import-mode=importlib",
        "--nbval-kernel-startup-timeout=600",
        "--nbval-cell-timeout=6000",
    ]
    run("aarch64", [*enter, "python3", *PYTEST, *slow, *NOTEBOOKS], own())
    missing.append("parity on aarch64: it needs a Chromium of that processor")


def main() -> int:
    """Run the parts that are named, or all; return 1 if something failed."""
    parts = {"kernels": kernels, "pythons": pythons, "aarch64": aarch64}
    chosen = sys.argv[1:] or list(parts)
    if unknown := set(chosen) - set(parts):
        print(
            f"there is no part {', '.join(unknown)}: there are {', '.join(parts)}", file=sys.stderr
        )
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    for part in chosen:
        parts[part]()
    if missing:
        print("\nNot run here:", *missing, sep="\n  ")
    print("\nFailed: " + ", ".join(failed) if failed else "\nEverything that was run holds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
