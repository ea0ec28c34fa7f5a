"""What a student handed in, read without following anything out of its directory."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fnmatch import fnmatch, fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.utils import parse_utc

from autograder.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from nbgrader.coursedir import CourseDirectory

MiB = 2**20
NOTEBOOK_BYTES = 64 * MiB
FILES_BYTES = 64 * MiB
FILES = 1000
SHOWN = 60
NAME_CHARACTERS = 128  # in nbgrader's tables


@dataclass
class Submission:
    """What one student handed in for one assignment.

    Attributes
    ----------
    student : str
        The student's identifier.
    notebooks : dict of str to bytes
        Notebooks by name, without ``.ipynb``.
    files : dict of str to bytes
        Everything else by relative path, except nbgrader's ``timestamp.txt``.
    left_out : tuple of str
        Why some files are not among them, a sentence for each.
    timestamp : datetime or None
        What ``timestamp.txt`` says, in UTC.
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    timestamp: datetime | None = None
    left_out: tuple[str, ...] = ()


def students(coursedir: CourseDirectory, assignment: str, step: str = "") -> list[str]:
    """Students with a directory for `assignment` in nbgrader's `step`, by default ``submitted``.

    Filtered as nbgrader filters them, but names are compared as they are: one may hold characters
    that mean something in a pattern.
    """
    step = step or coursedir.submitted_directory
    before, after = coursedir.format_path(step, "\0", assignment).split("\0")
    place, _, prefix = before.rpartition(os.sep)
    suffix, _, _ = after.partition(os.sep)
    excluded = set(coursedir.student_id_exclude.split(","))
    wanted = coursedir.student_id
    found = []
    for name in (path.name for path in Path(place).iterdir()) if Path(place).is_dir() else ():
        if not (name.startswith(prefix) and name.endswith(suffix)):
            continue
        student = name[len(prefix) : len(name) - len(suffix)]
        fits = student == wanted or (fnmatchcase(student, wanted) and not student.startswith("."))
        if fits and student not in excluded and os.path.lexists(f"{before}{student}{after}"):
            found.append(student)
    return sorted(found)


def check_name(student: str) -> None:
    """Raise `UnusableError` if a gradebook cannot hold the name of a student."""
    try:
        student.encode()
    except UnicodeEncodeError:
        raise UnusableError("the name of the directory is not UTF-8: rename it") from None
    if len(student) > NAME_CHARACTERS:
        raise UnusableError(
            f"the name of the directory has {len(student)} characters, and a gradebook takes "
            f"{NAME_CHARACTERS}: shorten it"
        )


def has_room(student: str) -> bool:
    """Tell whether a gradebook can hold the name of a student."""
    try:
        check_name(student)
    except UnusableError:
        return False
    return True


def read(coursedir: CourseDirectory, assignment: str, student: str) -> Submission:
    """Read what `student` handed in for `assignment`.

    Raises
    ------
    UnusableError
        If it holds links, special files, unreadable names, or more files than `FILES`.
    """
    check_name(student)
    directory = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    submission = Submission(student)
    left = FILES_BYTES
    for count, path in enumerate(_walk(directory, coursedir.ignore)):
        name = path.relative_to(directory).as_posix()
        if count >= FILES:
            raise UnusableError(f"more than {FILES} files were handed in: remove those not needed")
        if path.parent == directory and path.suffix == ".ipynb":
            submission.notebooks[path.stem] = _read(path, name, NOTEBOOK_BYTES)
        elif name == "timestamp.txt":
            submission.timestamp = _timestamp(_read(path, name, 1024))
        elif (size := path.stat().st_size) > left:
            submission.left_out += (
                f"{name} ({size / MiB:.0f} MiB) was left out: "
                f"{FILES_BYTES // MiB} MiB of files are read beside the notebooks",
            )
        else:
            submission.files[name] = _read(path, name, left)
            left -= len(submission.files[name])
    return submission


def read_files(directory: Path, ignore: list[str]) -> dict[str, bytes]:
    """Read an assignment's own files, other than notebooks, by relative path."""
    paths = (path for path in _walk(directory, ignore) if path.suffix != ".ipynb")
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def _walk(directory: Path, ignore: list[str]) -> Iterator[Path]:
    """Yield the regular files below `directory`; anything but files and directories is an error."""
    if directory.is_symlink():
        raise UnusableError(f"{directory.name} is a symbolic link: replace it by what it points to")
    pending = [directory]
    while pending:
        where = pending.pop()
        try:
            entries = sorted(os.scandir(where), key=lambda entry: entry.name)
        except OSError as error:
            raise UnusableError(f"{where.name} cannot be read: {error.strerror}") from error
        for entry in entries:
            if any(fnmatch(entry.name, pattern) for pattern in ignore):
                continue
            try:
                entry.name.encode()
            except UnicodeEncodeError:
                raise UnusableError(
                    f"the file name {entry.name!r} is not UTF-8: rename it"
                ) from None
            if entry.is_symlink():
                raise UnusableError(
                    f"{entry.name} is a symbolic link, which could point at anything: "
                    "replace it by the file that is meant"
                )
            if entry.is_dir():
                pending.append(Path(entry.path))
            elif entry.is_file():
                yield Path(entry.path)
            else:
                raise UnusableError(f"{entry.name} is neither a file nor a directory: remove it")


def _timestamp(content: bytes) -> datetime | None:
    text = content.decode(errors="replace").strip()
    try:
        return parse_utc(text) if text else None
    except Exception:  # noqa: BLE001  (dateutil fails in many ways)
        said = text if len(text) < SHOWN else f"{text[:SHOWN]}…"
        raise UnusableError(f"timestamp.txt says {said!r}, which is no date: correct it") from None


def _read(path: Path, name: str, limit: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise UnusableError(
            f"{name} cannot be read ({error.strerror}): check it and its permissions"
        ) from error
    if len(content) > limit:
        size = f"{limit // MiB} MiB" if limit >= MiB else f"{limit} bytes"
        raise UnusableError(f"{name} is larger than {size}: ask for a smaller one")
    return content
