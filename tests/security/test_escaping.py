"""Attacks that leave the sandbox, or the directory that a submission belongs in."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from tests.security.attacks import Attack
from tests.security.conftest import new_course, tree

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class

# Each is a call of the C library, and all are refused.
CALLS = {
    "new-user-namespace": ("unshare(0x10000000)", "syscall(56, 0x10000011, 0, 0, 0, 0)", "syscall(435, 0, 0)"),
    "new-namespaces": ("unshare(0x00020000)", "unshare(0x20000000)", "unshare(0x40000000)", "setns(0, 0)"),
    "mounting": (
        "mount(b'tmpfs', b'/scratch', b'tmpfs', 0, None)", "mount(None, b'/', None, 32, None)",
        "mount(None, b'/usr', None, 0x1020, None)", "umount2(b'/proc', 2)", "umount2(b'/scratch', 2)",
        "syscall(430, b'ext4', 0)", "syscall(428, -100, b'/', 1)", "syscall(429, 0, 0, 0, 0, 0)",
    ),
    "new-root": ("chroot(b'/scratch')", "syscall(155, b'/scratch', b'/scratch')"),
    "becoming-root": (
        "setuid(0)", "setgid(0)", "setresuid(0, 0, 0)", "setgroups(1, b'abcd')", "setfsuid(0) - 65535",
        "prctl(8, 1, 0, 0, 0) - 1", "prctl(38, 0, 0, 0, 0)",
    ),
    "kernel-interfaces": (
        "syscall(425, 8, 0)", "syscall(323, 0)", "syscall(321, 0, 0, 0)", "syscall(298, 0, 0, -1, -1, 0)",
        "syscall(250, 0, 0, 0)", "syscall(248, b'user', b'x', b'y', 1, -1)", "syscall(304, 0, 0, 0)",
        "syscall(175, 0, 0, b'')", "syscall(246, 0, 0, 0, 0)", "personality(0x0040000)", "syscall(172, 3)",
    ),
}  # fmt: skip


def refused(name: str, calls: tuple[str, ...]) -> Attack:
    code = "import ctypes\nlibc = ctypes.CDLL(None)\n"
    code += "".join(f"print({call!r}, 'gives', libc.{call})\n" for call in calls)
    about = f"Asks the kernel for this: {name.replace('-', ' ')}; every call is refused."
    return Attack(name, about, code, right=True, says=tuple(f"{c} gives -1" for c in calls))


def link(name: str, target: str):
    return lambda directory: (directory / name).symlink_to(target)


def replace_by_link(directory):
    notebook = directory / "toy.ipynb"
    notebook.unlink()
    notebook.symlink_to("../../victim/toy/toy.ipynb")


def odd_name(directory):
    (directory / "toy.ipynb").rename(directory / "\x1b[2J\x1b]0;mine\x07\n\u202etoy.ipynb")


def odd_link(directory):
    link("\x1b[31m\nright: 16 points", "/etc/passwd")(directory)


ATTACKS = [
    *(refused(name, calls) for name, calls in CALLS.items()),
    Attack(
        "links-in-the-scratch-directory",
        "Links to the course and to the system from where it may write, and goes through the links.",
        """
import os, sys
for target in ("@COURSE@", "/", "/proc/1/root", "/opt/grader"):
    name = f"link-{len(os.listdir())}"
    os.symlink(target, name)
    attempt(os.listdir, name)
    attempt(open, f"{name}/solutions/toy/toy.ipynb")
    attempt(open, f"{name}/new", "w")
    attempt(os.link, target, f"hard-{name}")
attempt(os.link, sys.executable, "python")
""",
        right=True,
        says=("FileNotFoundError", "Read-only file system", "Invalid cross-device link"),
    ),
    Attack(
        "set-user-id-programs",
        "Runs the system's programs that would make it root; here they are programs like others.",
        """
import os, shutil, subprocess
for name in ("su", "mount", "umount", "newgrp", "passwd", "sudo", "chsh", "pkexec", "bwrap"):
    path = shutil.which(name)
    if path:
        done = subprocess.run([path, "--version"], capture_output=True, text=True)
        after = subprocess.run([path, "-c", "id"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        print(name, done.returncode, after.returncode, "uid=0" in after.stdout)
print("no root:", os.getuid() != 0 and os.geteuid() != 0)
""",
        right=True,
        says=("no root: True",),
    ),
    Attack(
        "linked-file",
        "Hands in a symbolic link to a classmate's file; the submission is refused, with a reason.",
        right=True,
        prepare=link("diary.txt", "../../victim/toy/diary.txt"),
        problem="symbolic link",
    ),
    Attack(
        "linked-directory",
        "Hands in a symbolic link to a directory; the submission is refused, with a reason.",
        right=True,
        prepare=link("everything", "/"),
        problem="symbolic link",
    ),
    Attack(
        "linked-notebook",
        "Hands in a classmate's notebook as a symbolic link; the submission is refused.",
        prepare=replace_by_link,
        problem="symbolic link",
    ),
    Attack(
        "named-pipe",
        "Hands in a pipe that would stop whoever reads it; the submission is refused.",
        right=True,
        prepare=lambda directory: os.mkfifo(directory / "pipe"),
        problem="neither a file nor a directory",
    ),
    Attack(
        "terminal-escapes-in-a-name",
        "Names the notebook so that the instructor's terminal would obey; the name is shown escaped.",
        right=True,
        prepare=odd_name,
        problem=r"\x1b[2J",
    ),
    Attack(
        "terminal-escapes-in-a-link",
        "Names a link so that it looks like a line of the summary; the name is shown escaped.",
        right=True,
        prepare=odd_link,
        problem=r"\x1b[31m\nright",
    ),
    Attack(
        "odd-file-names",
        "Hands in files whose names hold newlines, quotes, globs, options and markup.",
        right=True,
        files=dict.fromkeys(
            ("a\nb", "*", "[x]", "-rf", "<script>", "'; drop table", "toy.ipynb.ipynb.txt"), b"x"
        ),
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)


def test_nothing_in_the_summary_steers_a_terminal(graded):
    lines = str(graded.summary).splitlines()
    assert [line for line in lines if not line.isprintable()] == []


def test_an_archive_writes_nothing_outside_of_its_directory(tmp_path):
    """A zip file with ``..``, absolute paths and links is collected by nbgrader's own command."""
    course = new_course(tmp_path / "course")
    archive = course / "grading/downloaded/toy/archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "class.zip", "w") as file:
        file.writestr("mallory_2026-01-31-23-59-00_toy.ipynb", "{}")
        for name in ("../../../../solutions/toy/toy.ipynb", "/tmp/escaped", "../../victim.ipynb"):
            file.writestr(name, "escaped")
        entry = zipfile.ZipInfo("link_2026-01-31-23-59-00_toy.ipynb")
        entry.external_attr = 0o120777 << 16
        file.writestr(entry, "../../../../gradebook.db")
    before = tree(course)
    command = [sys.executable, "-m", "nbgrader", "zip_collect", "toy"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    collected = (course / "grading/submitted/mallory/toy/toy.ipynb").exists()
    assert collected or "would be extracted outside" in done.stderr, done.stderr
    after = {name: digest for name, digest in tree(course).items() if name in before}
    assert after == before
    assert not [path for path in (course / "grading/submitted").rglob("*") if path.is_symlink()]
