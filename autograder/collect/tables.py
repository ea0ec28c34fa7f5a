"""Tables as spreadsheets and platforms write them: any usual delimiter, with or without a mark."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError

DELIMITERS = (",", ";", "\t")
MARK = "\ufeff"  # with which Excel knows UTF-8


@dataclass
class Table:
    """A table with a header.

    Attributes
    ----------
    header : list of str
        Names of the columns.
    rows : list of dict of str to str
        Each cell by its column; a cell that is not there is empty.
    delimiter : str
        What stood between the cells.
    marked : bool
        Whether the file began with a byte-order mark.
    """

    header: list[str]
    rows: list[dict[str, str]]
    delimiter: str = ","
    marked: bool = False

    @classmethod
    def read(cls, path: Path, what: str) -> Table:
        """Read the file, which is `what` in a message.

        Raises
        ------
        CourseError
            If it cannot be read, is no table, or names a column twice.
        """
        try:
            content = path.read_bytes()
            utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
            text = content.decode("utf-16" if utf16 else "utf-8")
        except OSError as error:
            raise CourseError(f"{what} {path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError:
            raise CourseError(
                f"{what} {path} is not UTF-8: save it as CSV in UTF-8 and try again"
            ) from None
        marked = text.startswith(MARK)
        text = text.removeprefix(MARK)
        first = text.partition("\n")[0]
        delimiter = max(DELIMITERS, key=first.count)
        try:
            lines = [line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if line]
        except csv.Error as error:
            raise CourseError(f"{what} {path} is no table: {error}") from error
        if not lines:
            raise CourseError(f"{what} {path} is empty")
        header = [name.strip() for name in lines[0]]
        twice = [name for name, count in Counter(filter(None, header)).items() if count > 1]
        if twice:
            raise CourseError(f"{what} {path} has more than one column {twice[0]!r}")
        width = len(header)
        rows = [
            dict(zip(header, [*line, *[""] * width][:width], strict=True)) for line in lines[1:]
        ]
        return cls(header, rows, delimiter, marked)

    def text(self) -> str:
        """Return the table as it was read, with what was changed."""
        written = io.StringIO()
        writer = csv.DictWriter(written, self.header, restval="", delimiter=self.delimiter)
        writer.writeheader()
        writer.writerows(self.rows)
        return (MARK if self.marked else "") + written.getvalue()
