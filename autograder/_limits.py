"""What one submission may use."""

from dataclasses import dataclass

MiB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use before its process is stopped.

    Sizes are in bytes, times in seconds of the wall clock unless the name says otherwise.
    Memory, files and processes are enforced by the kernel on *each* process of the submission;
    a submission of `processes` processes can thus use that many times `memory`.

    Attributes
    ----------
    cell_seconds : float
        Time for one cell, or for the student's part of one test cell.
    submission_seconds : float
        Time for the whole submission; cells that come later are not run and earn nothing.
    cpu_seconds : int
        CPU time of one process.
    memory : int
        Address space that a process may add to that of the interpreter with its libraries.
    processes : int
        Processes and threads alive at once.
    file_bytes, scratch_bytes : int
        Largest file, and the sum of all files, in the scratch directory.
    open_files : int
        Open file descriptors of a process.
    output_bytes : int
        Outputs of one cell; what comes later is dropped with a note.
    submission_output_bytes : int
        Outputs of all cells together.
    message_bytes : int
        Largest value that may pass between the student's and the checker's process.
    restarts : int
        How often a fresh process replays the earlier cells after a crash or a timeout.
    """

    cell_seconds: float = 30.0
    submission_seconds: float = 180.0
    cpu_seconds: int = 150
    memory: int = 1024 * MiB
    processes: int = 8
    file_bytes: int = 32 * MiB
    scratch_bytes: int = 64 * MiB
    open_files: int = 128
    output_bytes: int = 2 * MiB
    submission_output_bytes: int = 16 * MiB
    message_bytes: int = 64 * MiB
    restarts: int = 5
