"""The commands, in nbgrader's own style: they read the same ``nbgrader_config.py``."""

from __future__ import annotations

import re
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from nbgrader.apps.baseapp import nbgrader_aliases, nbgrader_flags
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Enum, Integer, Unicode, default

from autograder import doctor
from autograder.classroom import grading
from autograder.cli import Command, Helpful
from autograder.collect import collecting
from autograder.collect.classlist import TABLE, class_list
from autograder.collect.platforms import PLATFORMS
from autograder.errors import CourseError, printable
from autograder.export import exporting
from autograder.gradebook import extensions
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.release import release
from autograder.gradebook.session import GradebookSession, exists
from autograder.marking.server import MarkingServer
from autograder.notes import counted
from autograder.pages import feedback, report
from autograder.pages.check import check

if TYPE_CHECKING:
    from traitlets.traitlets import MetaHasTraits


class ReleaseApp(Command):
    """``autograder release``."""

    name = "autograder-release"
    description = "Bring an assignment into the gradebook, and make what students get"
    needs_gradebook = False
    examples = """
        autograder release 01-metrics
    """

    def run(self) -> None:
        """Release, and say what has changed."""
        exists(self.coursedir)  # or it is none, which is said before anything is done
        self.say(release(self.coursedir, self.config, self.assignment()))


class GradeApp(Command):
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
        min=1,
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
        if self.scheduler and not re.fullmatch(r"[a-z]+://.+:\d+", self.scheduler):
            raise CourseError(
                f"{printable(self.scheduler)!r} is no address of a scheduler: "
                "give one such as tcp://10.0.0.5:8786"
            )
        summary = grading.grade_course(
            self.coursedir,
            self.config,
            self.assignment(),
            workers=self.workers,
            scheduler=self.scheduler or None,
            force=self.force,
        )
        self.say(summary)
        sys.exit(1 if summary.failed else 0)


class CheckApp(Command):
    """``autograder check``."""

    name = "autograder-check"
    description = "Grade an assignment's own source: where each test runs, and whether it passes"
    examples = """
        autograder check 01-metrics
    """

    def run(self) -> None:
        """Print a table; the exit status is 1 if a test fails on the source's own answers."""
        table, passed = check(self.coursedir, self.config, self.assignment())
        self.say(table)
        sys.exit(0 if passed else 1)


class CollectApp(Command):
    """``autograder collect``."""

    name = "autograder-collect"
    description = "Bring a learning platform's archive to where submissions are graded"
    arguments = "ASSIGNMENT ARCHIVE"
    needs_gradebook = False
    examples = """
        autograder collect 01-metrics submissions.zip
        autograder collect 01-metrics submissions.zip --from=moodle --worksheet=Grades.csv
        autograder collect 01-metrics submissions.zip --timezone=Europe/Berlin
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
        "",
        help=f"The class list, with the column id; {TABLE} if not given, "
        "or else the students that the gradebook knows.",
    ).tag(config=True)
    worksheet = Unicode(
        "",
        help="Moodle's grading worksheet, which has the times; for other platforms a table with "
        "the columns student and time, such as 2026-01-31 20:15.",
    ).tag(config=True)
    timezone = Unicode(
        "",
        help="Time zone of the times in the archive, such as Europe/Berlin; "
        "Exchange.timezone if not given, which is UTC if not set.",
    ).tag(config=True)
    force = Bool(False, help="Replace also what is not known to be older.").tag(config=True)  # noqa: FBT003

    def run(self) -> None:
        """Collect, and list what is left over; the exit status is 1 if nothing was collected."""
        if len(self.extra_args) != 2:
            self.fail("Name the assignment and the archive: %s %s", self.command, self.arguments)
        assignment, archive = self.extra_args
        given = Path(self.roster) if self.roster else None
        if given and not given.exists() and (self.coursedir.root / given).exists():
            given = self.coursedir.root / given
        roster = class_list(self.coursedir, given)
        if roster is None:
            raise CourseError(
                f"there is no class list: write {TABLE} with the columns "
                "id,first_name,last_name,email,lms_user_id, or name yours with --roster"
            )
        done = collecting.collect(
            self.coursedir,
            self.known_assignment(assignment),
            Path(archive),
            roster=roster,
            config=self.config,
            platform=self.platform,
            worksheet=Path(self.worksheet) if self.worksheet else None,
            zone=self.timezone,
            force=self.force,
        )
        self.say(done)
        sys.exit(0 if done.collected else 1)


class ExtendApp(Command):
    """``autograder extend``."""

    name = "autograder-extend"
    description = "Let a student hand in later, or not at all"
    arguments = "STUDENT ASSIGNMENT 3d|36h|1w|excused|0"
    needs_gradebook = False
    examples = """
        autograder extend ada 01-metrics 3d
        autograder extend ada 01-metrics excused
        autograder extend ada 01-metrics 0
    """

    def run(self) -> None:
        """Write it down, and bring it to the gradebook."""
        if len(self.extra_args) != 3:
            self.fail("Say who, what and how long: %s %s", self.command, self.arguments)
        student, assignment, extension = self.extra_args
        assignment = self.known_assignment(assignment)
        roster = class_list(self.coursedir)
        if roster is not None and student not in roster.people:
            raise CourseError(
                f"{printable(student)} is not on the class list{roster.nearest(student)}"
            )
        granted = Extensions.read(self.coursedir)
        granted.grant(assignment, student, extension)
        if exists(self.coursedir):
            with GradebookSession(self.coursedir) as session:
                if assignment in {known.name for known in session.assignments}:
                    time = extensions.parse(extension) or None
                    extensions.apply(session, assignment, {student: time})
        self.say(
            f"{student}, {assignment}: {extension}, written to {extensions.TABLE}. "
            f"`autograder grade {assignment}` brings it to the marks"
        )


class FeedbackApp(Command):
    """``autograder feedback``."""

    name = "autograder-feedback"
    description = "Write each student's feedback as a page of HTML"
    examples = """
        autograder feedback 01-metrics
        autograder feedback 01-metrics --student=ada
    """
    aliases: ClassVar[dict[str, str]] = {**nbgrader_aliases, "workers": "FeedbackApp.workers"}

    workers = Integer(None, allow_none=True, min=1, help=GradeApp.workers.help).tag(config=True)

    def run(self) -> None:
        """Write the pages; the exit status is 1 if one is missing."""
        assignment = self.assignment()
        failed = feedback.give(self.coursedir, self.config, assignment, self.workers)
        for student, problem in failed:
            self.say(printable(f"{student}: {problem}"))
        with GradebookSession(self.coursedir) as session:
            waiting = session.waiting(assignment)
        if waiting:
            self.say(
                f"{counted(waiting, 'answer')} not marked yet, and the pages say so: totals are "
                f"provisional until then (`autograder mark {assignment}`)"
            )
        sys.exit(1 if failed else 0)


class ReportApp(Command):
    """``autograder report``."""

    name = "autograder-report"
    description = "Write a page of HTML and a table about a class: marks, questions, time, problems"
    examples = """
        autograder report 01-metrics
        autograder report 01-metrics --similar
    """
    flags: ClassVar[dict[str, Any]] = {
        **nbgrader_flags,
        "similar": ({"ReportApp": {"similar": True}}, "List similar answers side by side."),
    }

    directory = Unicode(
        "grading/report", help="Where the report goes, relative to the course."
    ).tag(config=True)
    similar = Bool(False, help="List similar answers, side by side.").tag(config=True)  # noqa: FBT003

    def run(self) -> None:
        """Write the report and say where it is."""
        directory = Path(self.coursedir.root, self.directory)
        written = report.write(
            self.coursedir, self.config, self.assignment(), directory, similar=self.similar
        )
        for path in written:
            self.say(path)


class ExportApp(Command):
    """``autograder export``."""

    name = "autograder-export"
    description = "Fill the learning platform's own table with the marks, and pack the feedback"
    arguments = "ASSIGNMENT [TEMPLATE.csv] --to=moodle|canvas|csv"
    examples = """
        autograder export 01-metrics
        autograder export 01-metrics --to=moodle Grades.csv
        autograder export 01-metrics --to=canvas gradebook.csv
    """
    aliases: ClassVar[dict[str, str]] = {
        **nbgrader_aliases,
        "to": "ExportApp.platform",
        "column": "ExportApp.column",
        "directory": "ExportApp.directory",
    }
    flags: ClassVar[dict[str, Any]] = {
        **nbgrader_flags,
        "final": ({"ExportApp": {"final": True}}, "Leave out what is not all marked yet."),
    }

    platform = Enum(["csv", "moodle", "canvas"], "csv", help="What the table is for.").tag(
        config=True
    )
    column = Unicode(
        "", help="Canvas's column; the one of the assignment's name if not given."
    ).tag(config=True)
    directory = Unicode("grading/export", help="Where it goes, relative to the course.").tag(
        config=True
    )
    final = Bool(False, help="Leave out what is not all marked yet.").tag(config=True)  # noqa: FBT003

    def run(self) -> None:
        """Write the files and say what is not in them."""
        if not 1 <= len(self.extra_args) <= 2:
            self.fail("Name the assignment and the table: %s %s", self.command, self.arguments)
        assignment, *template = self.extra_args
        done = exporting.export(
            self.coursedir,
            self.known_assignment(assignment),
            Path(self.coursedir.root, self.directory),
            platform=self.platform,
            template=Path(template[0]) if template else None,
            column=self.column,
            final=self.final,
        )
        self.say(done)
        sys.exit(0 if done.filled else 1)


class MarkApp(Command):
    """``autograder mark``."""

    name = "autograder-mark"
    description = "Mark written answers in the browser, question by question"
    examples = """
        autograder mark 01-metrics
        autograder mark 01-metrics --names
    """
    aliases: ClassVar[dict[str, str]] = {**nbgrader_aliases, "port": "MarkApp.port"}
    flags: ClassVar[dict[str, Any]] = {
        **nbgrader_flags,
        "names": ({"MarkApp": {"names": True}}, "Say whose an answer is."),
        "no-browser": ({"MarkApp": {"browser": False}}, "Only print the address."),
    }

    port = Integer(0, min=0, max=65535, help="Port on this machine; a free one if 0.").tag(
        config=True
    )
    names = Bool(False, help="Say whose an answer is.").tag(config=True)  # noqa: FBT003
    browser = Bool(True, help="Open the page in a browser.").tag(config=True)  # noqa: FBT003

    def run(self) -> None:
        """Serve the page until somebody stops it."""
        assignment = self.assignment()
        server = MarkingServer(
            self.coursedir, self.config, assignment, port=self.port, names=self.names
        )
        server.page()  # or what is wrong is said here
        self.say(f"{server.url}\nStop with Ctrl+C: every mark is saved as it is given")
        sys.stdout.flush()
        if self.browser:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            server.server_close()


class DoctorApp(Helpful):
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


class Autograder(Helpful):
    """``autograder``: the command of commands."""

    name = "autograder"
    description = "Isolated, parallel grading on top of nbgrader"
    aliases: ClassVar[dict[str, str]] = {}
    flags: ClassVar[dict[str, Any]] = {}
    subcommands = Dict(
        {
            "release": (ReleaseApp, ReleaseApp.description),
            "check": (CheckApp, CheckApp.description),
            "collect": (CollectApp, CollectApp.description),
            "extend": (ExtendApp, ExtendApp.description),
            "grade": (GradeApp, GradeApp.description),
            "mark": (MarkApp, MarkApp.description),
            "feedback": (FeedbackApp, FeedbackApp.description),
            "report": (ReportApp, ReportApp.description),
            "export": (ExportApp, ExportApp.description),
            "doctor": (DoctorApp, DoctorApp.description),
        }
    )

    def start(self) -> None:
        """Run the subcommand, or say which there are."""
        super().start()
        if self.subapp is None:
            self.print_help()
            sys.exit(1)
