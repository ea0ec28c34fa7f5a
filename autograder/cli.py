"""What all commands share: checked options, short help, mistakes with their remedy."""

from __future__ import annotations

import contextlib
import difflib
import logging
import os
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from nbgrader.apps.baseapp import NbGrader, nbgrader_aliases, nbgrader_flags
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.abc import Exchange
from nbgrader.preprocessors import AssignLatePenalties, Execute
from sqlalchemy.exc import SAWarning
from traitlets import TraitError, default
from traitlets.config import Configurable

from autograder import doctor
from autograder.course.options import Grader, Sandbox
from autograder.errors import CourseError, GraderError, SandboxError, described, printable
from autograder.gradebook.session import assignments, exists, explained
from autograder.late import PerDay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from traitlets.traitlets import MetaHasTraits

# nbgrader calls `alembic` by name, also when the virtual environment is not activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

# What an instructor can mend; anything else is a fault of ours and shows its traceback.
EXPECTED = (GraderError, TraitError, OSError)

# What the help shows of nbgrader's own settings.
RELEVANT: dict[type[Configurable], tuple[str, ...]] = {
    CourseDirectory: (
        *("root", "db_url", "course_id", "source_directory", "release_directory"),
        *("submitted_directory", "autograded_directory", "feedback_directory"),
    ),
    Execute: ("timeout",),
    Exchange: ("timezone",),
    Autograde: ("exclude_overwriting",),
    AssignLatePenalties: ("plugin_class",),
}


class Helpful(NbGrader):
    """nbgrader's own kind of application, with exact options and short help."""

    version = version("shallow")

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Do what traitlets does, after a look for options and commands that do not exist."""
        given = sys.argv[1:] if argv is None else argv
        if self.subcommands and given and not given[0].startswith("-") and given[0] != "help":
            self.known("command", given[0], self.subcommands)
        elif not self.subcommands or (given and given[0].startswith("-")):
            for token in given[: given.index("--")] if "--" in given else given:
                if token.startswith("-") and token.strip("-") and not token[1:2].isdigit():
                    self._known_option(token.lstrip("-").partition("=")[0])
        if not self.subcommands:
            argv = self._options_last(given)
        super().parse_command_line(argv)

    def _options_last(self, given: list[str]) -> list[str]:
        """Put names before options: traitlets takes no name after an option."""
        names: list[str] = []
        options: list[str] = []
        waits = False
        for word in given:
            option = len(word) > 1 and word.startswith("-")
            (options if option or waits else names).append(word)
            waits = option and "=" not in word and word.lstrip("-") in self.aliases
        return [*names, *options]

    def _known_option(self, name: str) -> None:
        named = {"h", "help", "help-all", "version", "V"}
        for names in (*self.aliases, *self.flags):
            named |= {names} if isinstance(names, str) else set(names)
        classes = {cls.__name__: cls for cls in self._classes_inc_parents()}
        if "." in name:
            owner, _, trait = name.partition(".")
            if owner in classes and trait in classes[owner].class_trait_names(config=True):
                return
            if owner not in classes and owner[:1].isupper():
                return  # a plugin's, which only the configuration names
            named = {
                f"{o}.{t}" for o, c in classes.items() for t in c.class_trait_names(config=True)
            }
        self.known("option", name, named, dashes="--" if len(name) > 1 else "-")

    def known(self, what: str, name: str, names: Iterable[str], *, dashes: str = "") -> None:
        """Stop if `name` is none of `names`, and say which is nearest."""
        names = sorted(names)
        if name not in names:
            self.log_format = "%(message)s"
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            hint = (
                f"did you mean {dashes}{near[0]}?" if near else f"`{self.command} --help` lists all"
            )
            print(  # noqa: T201  (before the log is set up)
                f"there is no {what} {dashes}{printable(name)}: {hint}", file=sys.stderr
            )
            sys.exit(1)

    @property
    def command(self) -> str:
        """How the command is typed."""
        return self.name.replace("-", " ")

    def emit_help(self, classes: bool = False) -> Iterator[str]:  # noqa: FBT001, FBT002  (traitlets')
        """Yield what is to be known: our settings, and those of nbgrader's that matter here."""
        yield from self.emit_description()
        yield from self.emit_subcommands_help()
        yield from self.emit_options_help()
        if classes and not self.subcommands:
            yield "Settings, for nbgrader_config.py or the command line"
            yield "====================================================="
            foreign = {*NbGrader.class_trait_names(config=True), "penalty_method"}
            for own in (type(self), Sandbox, Grader, PerDay):
                names = sorted(set(own.class_trait_names(config=True)) - foreign)
                yield from self._settings(own, names)
            for cls, shown in RELEVANT.items():
                yield from self._settings(cls, shown)
        yield from self.emit_examples()
        if not classes and not self.subcommands:
            yield f"`{self.command} --help-all` lists all settings."

    def _settings(self, cls: type[Configurable], names: Iterable[str]) -> Iterator[str]:
        for name in names:
            yield cls.class_get_trait_help(cls.class_traits()[name])

    def load_config_file(self, **kwargs: Any) -> None:
        """Do what nbgrader's does, without its warning: `Command` says what is missing."""
        level, self.log.level = self.log.level, logging.ERROR
        try:
            super().load_config_file(**kwargs)
        finally:
            self.log.level = level


class Command(Helpful):
    """A command in a course.

    Attributes
    ----------
    arguments : str
        What it takes, as its usage shows it.
    needs_gradebook : bool
        Whether it can do anything without.
    """

    arguments = "ASSIGNMENT"
    needs_gradebook = True
    aliases: ClassVar[dict[str, str]] = dict(nbgrader_aliases)
    flags: ClassVar[dict[str, Any]] = dict(nbgrader_flags)

    @default("log_level")
    def _log_level_default(self) -> int:
        return logging.WARNING

    @default("classes")
    def _classes_default(self) -> list[MetaHasTraits]:
        return [*super()._classes_default(), BaseConverter, Sandbox, Grader, Exchange, PerDay]

    def assignment(self) -> str:
        """Return the assignment that the command line or the configuration names."""
        names = self.extra_args or [name for name in [self.coursedir.assignment_id] if name]
        if len(names) != 1:
            self.fail("Name one assignment: %s %s", self.command, self.arguments)
        return self.known_assignment(names[0])

    def known_assignment(self, name: str) -> str:
        """Return `name`, if the course has such an assignment.

        Raises
        ------
        CourseError
            If it has not; the message lists those that there are.
        """
        name = name.rstrip("/")
        names = assignments(self.coursedir)
        if name in names:
            return name
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise CourseError(
            f"there is no assignment {printable(name)!r}: {hint}"
            f"This course has {', '.join(names) or 'none'}"
        )

    def start(self) -> None:
        """Run the command; say what is wrong in one sentence if an instructor can mend it."""
        super().start()
        if self.log_level <= logging.DEBUG:
            logging.getLogger("autograder").handlers = self.log.handlers
            logging.getLogger("autograder").setLevel(logging.DEBUG)
        else:  # nbgrader logs a traceback there before it raises
            logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(explained(self.coursedir))
                stack.enter_context(warnings.catch_warnings(action="ignore", category=SAWarning))
                self._check_course()
                self.run()
        except EXPECTED as error:
            self.log.debug("", exc_info=True)
            self.fail("%s", _said(error))
        except KeyboardInterrupt:
            self.fail("Interrupted: what is done is kept, the same command goes on from there")

    def _check_course(self) -> None:
        """Raise `CourseError` outside a course, before anything is made there."""
        root = Path(self.coursedir.root)
        before = self.coursedir.format_path(self.coursedir.source_directory, ".", "\0")
        if not (root / "nbgrader_config.py").exists() and not Path(before.split("\0")[0]).is_dir():
            raise CourseError(
                f"{root} is no course: it has neither nbgrader_config.py nor "
                f"{self.coursedir.source_directory}/. Change to your course, or name it with "
                "--course-dir"
            )
        if self.needs_gradebook and not exists(self.coursedir):
            raise CourseError(
                "this course has no gradebook yet: `autograder release ASSIGNMENT` makes it"
            )

    def run(self) -> None:
        """Do the command's work."""
        raise NotImplementedError

    def say(self, text: object) -> None:
        """Print the command's result."""
        print(text)  # noqa: T201


def _said(error: Exception) -> str:
    if isinstance(error, SandboxError):
        missing = [finding for finding in doctor.diagnose() if finding.needed and not finding.ok]
        remedy = missing[0].remedy if missing else "`autograder doctor` there says what is missing"
        return f"{error}: {remedy}"
    return described(error)
