"""The commands, in nbgrader's own style: they read the same ``nbgrader_config.py``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from nbgrader.apps.baseapp import NbGrader, nbgrader_aliases, nbgrader_flags
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Enum, Integer, TraitError, Unicode, default

from autograder import doctor
from autograder.classroom import grading
from autograder.collect import collecting
from autograder.collect.platforms import PLATFORMS
from autograder.course.options import Grader, Sandbox
from autograder.errors import GraderError
from autograder.pages import feedback, report
from autograder.pages.check import check

if TYPE_CHECKING:
    from traitlets.traitlets import MetaHasTraits

# What an instructor can mend; anything else is a fault of ours and shows its traceback.
EXPECTED = (GraderError, TraitError, OSError)


class _Command(NbGrader):
    """A command that takes the assignment's name."""

    aliases: ClassVar[dict[str, str]] = dict(nbgrader_aliases)
    flags: ClassVar[dict[str, Any]] = dict(nbgrader_flags)

    @default("log_level")
    def _log_level_default(self) -> int:
        return logging.WARNING

    @default("classes")
    def _classes_default(self) -> list[MetaHasTraits]:
        return [*super()._classes_default(), BaseConverter, Sandbox, Grader]

    def assignment(self) -> str:
        """Return the assignment that the command line or the configuration names."""
        names = self.extra_args or [name for name in [self.coursedir.assignment_id] if name]
        if len(names) != 1:
            self.fail("Name one assignment: %s ASSIGNMENT", self.name.replace("-", " "))
        return names[0]

    def start(self) -> None:
        """Run the command; say what is wrong in one sentence if an instructor can mend it."""
        super().start()
        if self.log_level <= logging.DEBUG:
            logging.getLogger("autograder").handlers = self.log.handlers
            logging.getLogger("autograder").setLevel(logging.DEBUG)
        else:  # nbgrader logs a traceback there before it raises
            logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
        try:
            self.run()
        except EXPECTED as error:
            self.log.debug("", exc_info=True)
            self.fail("%s", error)
        except KeyboardInterrupt:
            self.fail("Interrupted: what is done is kept, the same command goes on from there")

    def run(self) -> None:
        """Do the command's work."""
        raise NotImplementedError


class GradeApp(_Command):
    """``autograder grade``."""

    name = "autograder-grade"
    description = "Grade all submissions of an assignment, isolated and in parallel"
    examples = """
        autograder grade 01-metrics
        autograder grade 01-metrics --student=ada --force
        autograder grade 01-metrics --workers=8
        autograder grade 01-metrics --scheduler=tcp://10.0.0.5:8786
    """
    aliases: ClassVar[dict[str, str]] = {
        **nbgrader_aliases,
        "workers": "GradeApp.workers",
        "scheduler": "GradeApp.scheduler",
    }
    flags: ClassVar[dict[str, Any]] = {
        **nbgrader_flags,
        "force": ({"GradeApp": {"force": True}}, "Run again even what the journal knows."),
        "f": ({"GradeApp": {"force": True}}, "Run again even what the journal knows."),
    }

    workers = Integer(
        None,
        allow_none=True,
        help="Worker processes on this machine; one for each core by default. "
        "More than there are submissions are not started.",
    ).tag(config=True)
    scheduler = Unicode(
        "", help="Address of a running Dask scheduler whose workers are used instead."
    ).tag(config=True)
    force = Bool(False, help="Run again even what the journal knows.").tag(config=True)  # noqa: FBT003

    @default("classes")
    def _classes_default(self) -> list[MetaHasTraits]:
        return [*super()._classes_default(), Autograde, Execute]

    def run(self) -> None:
        """Grade the class; the exit status is 1 if a submission has no marks."""
        summary = grading.grade_course(
            self.coursedir,
            self.config,
            self.assignment(),
            workers=self.workers,
            scheduler=self.scheduler or None,
            force=self.force,
        )
        print(summary)  # noqa: T201  (the command's result)
        sys.exit(1 if summary.failed else 0)


class CheckApp(_Command):
    """``autograder check``."""

    name = "autograder-check"
    description = "Grade an assignment's own source: where each test runs, and whether it passes"
    examples = """
        autograder check 01-metrics
    """

    def run(self) -> None:
        """Print a table; the exit status is 1 if a test fails on the source's own answers."""
        table, passed = check(self.coursedir, self.config, self.assignment())
        print(table)  # noqa: T201  (the command's result)
        sys.exit(0 if passed else 1)


class CollectApp(_Command):
    """``autograder collect``."""

    name = "autograder-collect"
    description = "Bring a learning platform's archive to where submissions are graded"
    examples = """
        autograder collect 01-metrics submissions.zip
        autograder collect 01-metrics submissions.zip --from=moodle --worksheet=Grades.csv
    """
    aliases: ClassVar[dict[str, str]] = {
        **nbgrader_aliases,
        "from": "CollectApp.platform",
        "roster": "CollectApp.roster",
        "worksheet": "CollectApp.worksheet",
        "timezone": "CollectApp.timezone",
    }
    flags: ClassVar[dict[str, Any]] = {
        **nbgrader_flags,
        "force": ({"CollectApp": {"force": True}}, "Replace also what is not known to be older."),
    }

    platform = Enum(
        ["", *PLATFORMS], "", help="Where the archive is from; recognised if not given."
    ).tag(config=True)
    roster = Unicode(
        "grading/students.csv",
        help="The class list, with the column id; relative to the course. "
        "Without it, the students that the gradebook knows.",
    ).tag(config=True)
    worksheet = Unicode("", help="Moodle's grading worksheet, which has the times.").tag(
        config=True
    )
    timezone = Unicode(
        "",
        help="Time zone of the times in the archive, such as Europe/Berlin; "
        "Exchange.timezone if not given, which is UTC if not set.",
    ).tag(config=True)
    force = Bool(False, help="Replace also what is not known to be older.").tag(config=True)  # noqa: FBT003

    def run(self) -> None:
        """Collect, and list what is left over; the exit status is 1 if nothing was collected."""
        if len(self.extra_args) != 2:
            self.fail("Name the assignment and the archive: autograder collect ASSIGNMENT ARCHIVE")
        assignment, archive = self.extra_args
        done = collecting.collect(
            self.coursedir,
            assignment,
            Path(archive),
            roster=Path(self.coursedir.root, self.roster),
            platform=self.platform,
            worksheet=Path(self.worksheet) if self.worksheet else None,
        )
        print(done)  # noqa: T201
        sys.exit(0 if done.collected else 1)


class FeedbackApp(_Command):
    """``autograder feedback``."""

    name = "autograder-feedback"
    description = "Write each student's feedback as a page of HTML"
    examples = """
        autograder feedback 01-metrics
        autograder feedback 01-metrics --student=ada
    """
    aliases: ClassVar[dict[str, str]] = {**nbgrader_aliases, "workers": "FeedbackApp.workers"}

    workers = Integer(None, allow_none=True, help=GradeApp.workers.help).tag(config=True)

    def run(self) -> None:
        """Write the pages; the exit status is 1 if one is missing."""
        failed = feedback.give(self.coursedir, self.config, self.assignment(), self.workers)
        for student, problem in failed:
            print(f"{student}: {problem}")  # noqa: T201
        sys.exit(1 if failed else 0)


class ReportApp(_Command):
    """``autograder report``."""

    name = "autograder-report"
    description = "Write a page of HTML and a table about a class: marks, questions, time, problems"
    examples = """
        autograder report 01-metrics
    """

    directory = Unicode(
        "grading/report", help="Where the report goes, relative to the course."
    ).tag(config=True)

    def run(self) -> None:
        """Write the report and say where it is."""
        directory = Path(self.coursedir.root, self.directory)
        for path in report.write(self.coursedir, self.config, self.assignment(), directory):
            print(path)  # noqa: T201


class DoctorApp(NbGrader):
    """``autograder doctor``."""

    name = "autograder-doctor"
    description = "Say whether this machine can isolate student code, and the remedy if not"
    examples = """
        autograder doctor
    """

    def start(self) -> None:
        """Print what was found; the exit status is 1 if something is missing."""
        findings = doctor.diagnose()
        for finding in findings:
            remedy = "" if finding.ok else f": {finding.remedy}"
            print(f"{'ok' if finding.ok else 'MISSING':8}{finding.what}{remedy}")  # noqa: T201
        sys.exit(any(finding.needed and not finding.ok for finding in findings))


class Autograder(NbGrader):
    """``autograder``: the command of commands."""

    name = "autograder"
    description = "Isolated, parallel grading on top of nbgrader"
    subcommands = Dict(
        {
            "check": (CheckApp, CheckApp.description),
            "grade": (GradeApp, GradeApp.description),
            "collect": (CollectApp, CollectApp.description),
            "feedback": (FeedbackApp, FeedbackApp.description),
            "report": (ReportApp, ReportApp.description),
            "doctor": (DoctorApp, DoctorApp.description),
        }
    )

    def start(self) -> None:
        """Run the subcommand, or say which there are."""
        super().start()
        if self.subapp is None:
            self.print_help()
            sys.exit(1)
