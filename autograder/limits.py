"""What one submission may use: limits, options and their help come from this declaration."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

MiB = 2**20
RESERVE = 32 * MiB
"""Memory beyond a cell's that the process has to say what became of the cell, and to go on."""
MOST_SECONDS = 10**7
MOST = 2**60  # what the kernel counts with


def _limit(default: float, about: str, least: float = 1) -> Any:
    most = MOST_SECONDS if isinstance(default, float) else MOST
    return field(default=default, metadata={"help": about, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use before its process is stopped.

    Sizes are in bytes, times in seconds of the wall clock unless the name says otherwise.
    Memory, files and processes are enforced by the kernel on *each* process of the submission;
    a submission of `processes` processes can thus use that many times `memory`.
    The help of each field says what it bounds.

    Raises
    ------
    ValueError
        If a limit is no number, too small for anything to run, or too large for the kernel.
    """

    cell_seconds: float = _limit(
        30.0, "Seconds for one cell, or for the student's part of one test cell.", least=0.1
    )
    submission_seconds: float = _limit(
        180.0, "Seconds for a whole submission; later cells are not run.", least=0.1
    )
    cpu_seconds: int = _limit(150, "CPU seconds of one process.")
    memory: int = _limit(
        1024 * MiB, "Bytes of memory that a process may add to its libraries'.", least=MiB
    )
    processes: int = _limit(24, "Processes and threads alive at once.", least=2)
    file_bytes: int = _limit(32 * MiB, "Bytes of the largest file.", least=0)
    scratch_bytes: int = _limit(
        64 * MiB, "Bytes of all files in the scratch directory.", least=4096
    )
    open_files: int = _limit(128, "Open files of a process.", least=16)
    output_bytes: int = _limit(
        2 * MiB, "Bytes of outputs of one cell; the rest is dropped.", least=0
    )
    submission_output_bytes: int = _limit(
        16 * MiB, "Bytes of outputs of all cells together.", least=0
    )
    message_bytes: int = _limit(
        64 * MiB, "Bytes of the largest value that a test may look at.", least=4096
    )
    restarts: int = _limit(
        5, "How often a fresh process goes on after a crash or a timeout.", least=0
    )

    def __post_init__(self) -> None:
        """Check every limit."""
        for limit in fields(self):
            value = getattr(self, limit.name)
            least, most = limit.metadata["least"], limit.metadata["most"]
            number = type(value) is int or (type(value) is float and limit.type == "float")
            if not number or not least <= value <= most:
                what = "a number" if limit.type == "float" else "a whole number"
                raise ValueError(
                    f"the limit {limit.name} is {value!r}; it must be {what} from {least} to {most}"
                )
