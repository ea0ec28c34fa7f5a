"""All that grading one notebook needs, as plain data.

It travels to any worker, and its hash names its result.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import VersionError
from autograder.limits import Limits

if TYPE_CHECKING:
    from autograder.core.result import Result
    from autograder.sandbox.backend import Isolation


@cache
def grader_version() -> str:
    """Fingerprint of what else decides a result: our code and all that a test can import."""
    package = Path(__file__).parents[1]
    code = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            code.update(f"{path.relative_to(package)}\0{len(content)}\0".encode() + content)
    places = (Path(place) for place in sys.path)  # setuptools, once imported, adds its own copies
    places = (place for place in places if place.name in {"site-packages", "dist-packages"})
    installed = {path.name for place in places for path in place.glob("*.*-info")}
    libraries = hashlib.sha256("\n".join(sorted(installed)).encode())
    return (
        f"{code.hexdigest()[:16]} python {platform.python_version()} numpy {version('numpy')} "
        f"nbgrader {version('nbgrader')} libraries {libraries.hexdigest()[:16]}"
    )


@dataclass(frozen=True)
class Task:
    """One notebook of one submission, ready to be graded anywhere.

    Attributes
    ----------
    submission, source : bytes
        The student's notebook and the instructor's, hidden tests included.
    limits : Limits
        What the submission may use.
    data, files : dict of str to bytes
        The assignment's files and the student's other files, by relative path.
    isolation : str
        How `grade_one` isolates the student.
    levels : dict of str to str
        Where each test runs, by its grade id.
    version : str
        `grader_version` of the sender.
    """

    submission: bytes
    source: bytes
    limits: Limits = field(default_factory=Limits)
    data: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    isolation: Isolation = "bwrap"
    levels: dict[str, str] = field(default_factory=dict)
    version: str = field(default_factory=grader_version)

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything that decides the result."""
        parts = [self.version.encode(), json.dumps(asdict(self.limits), sort_keys=True).encode()]
        parts += [json.dumps(self.levels, sort_keys=True).encode()]
        parts += [self.isolation.encode(), self.source, self.submission]
        for files in (self.data, self.files):
            parts.append(str(len(files)).encode())
            for name, content in sorted(files.items()):
                parts += [name.encode(), content]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8) + part)
        return digest.hexdigest()

    def run(self) -> Result:
        """Grade, in this process's sandbox.

        Raises
        ------
        SandboxError
            If this machine cannot isolate.
        VersionError
            If the task comes from another version of the autograder.
        """
        from autograder.core.grade_one import grade_one  # noqa: PLC0415  (sending a task needs no sandbox)

        if self.version != grader_version():
            raise VersionError(
                f"the worker runs autograder {grader_version()}, the sender {self.version}: "
                "install the same versions of everything on every worker"
            )
        return grade_one(
            self.submission,
            self.source,
            self.limits,
            data=self.data,
            files=self.files,
            isolation=self.isolation,
            levels=self.levels,
        )
