"""Errors by whose fault they are, so that each is told to the one who can mend it.

::

    GraderError
    ├─ SubmissionError       the student's: what was handed in cannot be graded
    │  ├─ UnusableError      the directory of a submission
    │  └─ UnreadableError    a notebook
    ├─ CourseError           the instructor's: source, tests or configuration
    └─ MachineError          this machine's: nothing was decided, the same command goes on later
       ├─ SandboxError       it cannot isolate
       ├─ KilledError        something else ended a process of a submission
       ├─ ClusterError       the workers are gone
       ├─ VersionError       a worker runs another autograder
       ├─ BusyError          another process grades this course
       ├─ GradebookError     the gradebook cannot be used
       └─ JournalError       the journal cannot be written

What happens between the processes of one submission is the matter of `remote`.
"""


class GraderError(Exception):
    """Any error that this package raises on purpose; its message says what to do."""


class SubmissionError(GraderError):
    """The student's submission is at fault."""


class UnusableError(SubmissionError):
    """A submission that cannot be graded."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class UnreadableError(SubmissionError, ValueError):
    """The bytes are no notebook."""


class CourseError(GraderError):
    """The course is not ready for grading."""


class MachineError(GraderError):
    """The machine, or another program on it, is at fault."""


class SandboxError(MachineError, RuntimeError):
    """The machine cannot isolate."""


class KilledError(MachineError):
    """A process of a submission was ended from outside; the submission can be graded again."""


class ClusterError(MachineError):
    """The cluster cannot go on; what it finished is in the journal."""


class VersionError(MachineError):
    """A worker runs another autograder than the process that sent the task."""


class BusyError(MachineError):
    """Another process is grading this course."""


class GradebookError(MachineError):
    """The gradebook cannot be read or written; results are in the journal, nothing is lost."""


class JournalError(MachineError, OSError):
    """The journal cannot be written; what it holds already is safe."""


def described(error: Exception) -> str:
    """Say what was wrong and, of a file, where."""
    if isinstance(error, GraderError) or not isinstance(error, OSError) or not error.filename:
        return str(error)
    if isinstance(error, PermissionError):
        return f"{error.filename} cannot be written or read: check its permissions"
    return f"{error.filename}: {error.strerror}"


def printable(text: str) -> str:
    """Escape what would steer the instructor's terminal, such as in the name of a file."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
