"""Results on disk, one file for each task.

So an interrupted run resumes, and an unchanged submission is not run again.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from autograder.core.result import CellResult, Failure, Reason, Result, Usage, Verdict
from autograder.errors import JournalError
from autograder.files import write_atomically


class Journal:
    """A directory of results by the key of their task.

    A file is written beside its name and then renamed, so a reader sees all of it or nothing;
    gzip's own checksum finds what a lost machine left broken, and the task is done again.

    Parameters
    ----------
    directory : Path
        Where the files are; made when the first result is written.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, key: str) -> Path:
        """Where the result of the task `key` is, if there is one."""
        return self.directory / key[:2] / f"{key}.json.gz"

    def get(self, key: str) -> Result | None:
        """Return the result of the task `key`, or None if it is missing or broken."""
        try:
            entry = json.loads(gzip.decompress(self.path(key).read_bytes()))
            return _from_json(entry["result"]) if entry["key"] == key else None
        except Exception:  # noqa: BLE001  (whatever lies there, it is no entry)
            return None

    def put(self, key: str, result: Result) -> None:
        """Keep the result of the task `key`; raise what `keep` raises."""
        self.keep(key, entry_of(key, result))

    def keep(self, key: str, entry: bytes) -> None:
        """Keep what `entry_of` made of the task `key` and its result.

        Raises
        ------
        JournalError
            If the disk is full or the directory cannot be written; nothing half-written stays.
        """
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, entry)
        except OSError as error:
            raise JournalError(
                f"the journal {self.directory} cannot be written ({error.strerror}): check its "
                "permissions and the space on the disk, then run the same command again"
            ) from error


def entry_of(key: str, result: Result) -> bytes:
    """Return the entry of a journal for the task `key` and its result."""
    entry = {"key": key, "result": _to_json(result)}
    return gzip.compress(json.dumps(entry).encode(), compresslevel=1, mtime=0)


def _to_json(result: Result) -> dict[str, Any]:
    """Plain data, without the outputs of the cells when the notebook has them as well."""
    kept: dict[str, Any] = {} if result.notebook is None else {"outputs": []}
    return _fields(result) | {
        "cells": [_fields(cell) | kept for cell in result.cells],
        "failures": [_fields(failure) for failure in result.failures],
        "usage": _fields(result.usage),
    }


def _fields(part: Result | CellResult | Failure | Usage) -> dict[str, Any]:
    """Return the fields as they are; `dataclasses.asdict` copies all that is in them."""
    return {name: getattr(part, name) for name in part.__dataclass_fields__}


def _from_json(plain: dict[str, Any]) -> Result:
    notebook = plain["notebook"]
    if notebook is not None:
        executed = json.loads(notebook)["cells"]
        for cell in plain["cells"]:
            cell["outputs"] = executed[cell["index"]].get("outputs", [])
    for cell in plain["cells"]:
        cell["verdict"] = cell["verdict"] and Verdict(cell["verdict"])
    return Result(
        notebook=notebook,
        cells=tuple(CellResult(**cell) for cell in plain["cells"]),
        failures=tuple(Failure(Reason(f.pop("reason")), **f) for f in plain["failures"]),
        usage=Usage(**plain["usage"]),
    )
