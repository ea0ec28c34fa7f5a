"""The ``{checked}`` role and the ``{checked-run}`` directive: what the tests counted.

``tests/checks.py`` leaves the counts of a whole run that passed in ``_build/checks.json``.
Without that file the page says so, and shows no number.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

RECORD = "_build/checks.json"
UNKNOWN = "–"
NO_RUN = (
    "No run of all tests has been recorded where this page was built, so it shows no counts. "
    "In a clone of the repository, `make test` runs them, and builds this page again."
)


def read(env: BuildEnvironment) -> dict[str, int] | None:
    """Return the counts by name, or None; the page is read again when they change."""
    path = Path(env.srcdir, RECORD)
    env.note_dependency(str(path))
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


class Checked(SphinxRole):
    """The number of the things that the text names."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number; a name that the run did not count fails the build."""
        counts = read(self.env)
        if counts is None:
            return [nodes.Text(UNKNOWN)], []
        if self.text not in counts:
            message = self.inliner.reporter.error(
                f"nothing is counted under {self.text!r}: there are {', '.join(sorted(counts))}",
                line=self.lineno,
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.Text(f"{counts[self.text]:,}")], []


class CheckedRun(SphinxDirective):
    """The block if a run was recorded, and otherwise a note that none was."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the block or the note."""
        if read(self.env) is not None:
            return self.parse_content_to_nodes()
        return [nodes.note("", *self.parse_text_to_nodes(NO_RUN))]


def setup(app: Sphinx) -> None:
    """Register both."""
    app.add_role("checked", Checked())
    app.add_directive("checked-run", CheckedRun)
