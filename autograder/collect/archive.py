"""The files of an archive, read without writing anything and within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MiB = 2**20
FILE_BYTES = 64 * MiB
TOTAL_BYTES = 2048 * MiB
FILES = 50_000
DEPTH = 2  # archives in archives
NOISE = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini"}
UTF8 = 0x800  # the flag of a member whose name is UTF-8


@dataclass(frozen=True)
class Entry:
    """A file of an archive.

    Attributes
    ----------
    path : str
        Where it lies, archives within the archive as directories.
    content : bytes
        What it holds; empty if it could not be read.
    problem : str
        Why it could not be read, or nothing.
    """

    path: str
    content: bytes = b""
    problem: str = ""


@dataclass
class _Left:
    files: int = FILES
    bytes: int = TOTAL_BYTES


def read(path: Path) -> Iterator[Entry]:
    """Yield the files of a ZIP archive or of a directory, with a reason where one is unreadable.

    What operating systems and Jupyter add by themselves is passed over.
    """
    left = _Left()
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path).as_posix()
            if _noise(name) or file.is_dir():
                continue
            if file.is_symlink() or not file.is_file():
                yield Entry(name, problem="is no regular file")
            elif file.stat().st_size > FILE_BYTES:
                yield Entry(name, problem=f"is larger than {FILE_BYTES // MiB} MiB")
            else:
                yield from _open(name, file.read_bytes(), 0, left)
    else:
        with path.open("rb") as opened:
            yield from _members("", opened, 0, left)


def _members(prefix: str, file: io.BufferedIOBase, depth: int, left: _Left) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(file) as members:
            for member in members.infolist():
                name = f"{prefix}{_name(member)}"
                if member.is_dir() or _noise(name):
                    continue
                left.files -= 1
                if left.files < 0:
                    yield Entry(name, problem=f"comes after the first {FILES} files")
                    return
                if ".." in PurePosixPath(name.replace("\\", "/")).parts or name.startswith("/"):
                    yield Entry(name, problem="points out of the archive")
                    continue
                limit = min(FILE_BYTES, left.bytes)
                try:
                    with members.open(member) as opened:  # the size that is declared may lie
                        content = opened.read(limit + 1)
                except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
                    yield Entry(name, problem=f"is damaged ({error})")
                except (RuntimeError, NotImplementedError) as error:
                    yield Entry(name, problem=f"cannot be unpacked ({error})")
                else:
                    left.bytes -= len(content)
                    if len(content) > limit:
                        yield Entry(name, problem=f"unpacks to more than {limit // MiB} MiB")
                    else:
                        yield from _open(name, content, depth, left)
    except zipfile.BadZipFile as error:
        yield Entry(
            prefix.rstrip("/") or "the archive", problem=f"is no ZIP archive, or damaged ({error})"
        )


def _open(name: str, content: bytes, depth: int, left: _Left) -> Iterator[Entry]:
    if not name.lower().endswith(".zip"):
        yield Entry(name, content)
    elif depth == DEPTH:
        yield Entry(name, problem=f"is an archive within {DEPTH} archives")
    else:
        yield from _members(f"{name}/", io.BytesIO(content), depth + 1, left)


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name, in UTF-8 also where the program that packed it forgot to say so."""
    if not member.flag_bits & UTF8:
        try:
            return member.filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return member.filename


def _noise(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not NOISE.isdisjoint(parts) or any(part.startswith("._") for part in parts)
