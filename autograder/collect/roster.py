"""The class list, and who of it is meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.collect.tables import Table
from autograder.errors import CourseError

NUMBERS = ("lms_user_id", "number")


@dataclass(frozen=True)
class Roster:
    """The class.

    Attributes
    ----------
    people : dict of str to dict of str to str
        What the list says of each student, by identifier.
    keys : dict of str to set of str
        Identifiers by each text that names a student; one that several share names nobody.
    """

    people: dict[str, dict[str, str]]
    keys: dict[str, set[str]]

    @classmethod
    def read(cls, path: Path) -> Roster:
        """Read a list with the columns of nbgrader's ``db student import``.

        Raises
        ------
        CourseError
            If it is missing, has no column ``id``, or an identifier that is no name of a directory.
        """
        if not path.exists():
            raise CourseError(
                f"there is no class list {path}: write it with the columns "
                f"id,first_name,last_name,email,{NUMBERS[0]}, or name yours with --roster"
            )
        table = Table.read(path, "the class list")
        if "id" not in table.header or not table.rows:
            raise CourseError(
                f"the class list {path} needs a line for each student and a column id; "
                f"first_name, last_name, email and {' or '.join(NUMBERS)} help to match"
            )
        for row in table.rows:
            if "/" in row["id"] or row["id"].strip() in {".", ".."}:
                raise CourseError(f"the class list {path}: {row['id']!r} cannot be an identifier")
        return cls.of(table.rows)

    @classmethod
    def of(cls, rows: Iterable[dict[str, str]]) -> Roster:
        """Make the list of its rows."""
        people: dict[str, dict[str, str]] = {}
        keys: dict[str, set[str]] = {}
        for row in rows:
            student = row["id"].strip()
            if not student:
                continue
            people[student] = row
            first, last = ((row.get(c) or "").strip() for c in ("first_name", "last_name"))
            email = (row.get("email") or "").strip()
            names = [f"{first} {last}", f"{last}, {first}", f"{last} {first}"]
            texts = [student, email, email.partition("@")[0], *(row.get(c) or "" for c in NUMBERS)]
            texts += [*names, re.sub(r"\W", "", f"{last}{first}")]  # as Canvas writes it
            for key in filter(None, map(plain, texts)):
                keys.setdefault(key, set()).add(student)
        return cls(people, keys)

    def find(self, *texts: str) -> str | None:
        """Return the student whom the first matching text names."""
        for text in texts:
            if text in self.people:
                return text
            found = self.keys.get(plain(text), set())
            if len(found) == 1:
                return next(iter(found))
        return None

    def nearest(self, *texts: str) -> str:
        """Return who may be meant, as the end of a sentence."""
        for text in texts:
            found = difflib.get_close_matches(plain(text), self.keys, n=1, cutoff=0.7)
            if found:
                return f"; the nearest is {' or '.join(sorted(self.keys[found[0]]))}"
        return ""


def plain(text: str) -> str:
    """Fold what platforms write differently: Unicode form, case, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
