"""The class list, and who of it is meant."""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError

NUMBERS = ("lms_user_id", "number")


@dataclass(frozen=True)
class Roster:
    """Identifiers by each key that names a student; a key that several share names nobody."""

    exact: dict[str, set[str]]

    @classmethod
    def read(cls, path: Path) -> Roster:
        """Read a list with the columns of nbgrader's ``db student import``.

        Raises
        ------
        CourseError
            If it is missing or has no column ``id``.
        """
        try:
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CourseError(f"The class list {path} cannot be read: {error}") from error
        if not rows or "id" not in rows[0]:
            raise CourseError(
                f"The class list {path} needs a line for each student and a column id; "
                f"first_name, last_name, email and {' or '.join(NUMBERS)} help to match"
            )
        exact: dict[str, set[str]] = {}
        for row in rows:
            student = (row["id"] or "").strip()
            first, last = ((row.get(c) or "").strip() for c in ("first_name", "last_name"))
            email = (row.get("email") or "").strip()
            keys = [student, email, email.partition("@")[0], *(row.get(c) or "" for c in NUMBERS)]
            keys += [f"{first} {last}", f"{last}, {first}", f"{last} {first}", f"{last}{first}"]
            for key in filter(None, map(_plain, keys)):
                exact.setdefault(key, set()).add(student)
        return cls(exact)

    def find(self, *keys: str) -> str | None:
        """Return the student whom the first matching key names."""
        for key in keys:
            found = self.exact.get(_plain(key), set())
            if len(found) == 1:
                return next(iter(found))
        return None

    def nearest(self, key: str) -> str:
        """Return who may be meant, as the end of a sentence."""
        found = difflib.get_close_matches(_plain(key), self.exact, n=1, cutoff=0.7)
        names = sorted(self.exact[found[0]]) if found else []
        return f"; the nearest is {' or '.join(names)}" if names else ""


def _plain(text: str) -> str:
    """Fold what platforms write differently: Unicode form, case, spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
