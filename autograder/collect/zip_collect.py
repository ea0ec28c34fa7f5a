"""The collector of nbgrader's ``zip_collect``."""

from __future__ import annotations

from nbgrader.exchange.abc import Exchange
from nbgrader.plugins import FileNameCollectorPlugin

from autograder.collect import times


class Collector(FileNameCollectorPlugin):
    """nbgrader's collector, with times read exactly: it leaves them to a parser that guesses.

    They are in nbgrader's own time zone, ``Exchange.timezone``, which is UTC if not set.
    """

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return what the file's name says, or None, with a warning, if its date is impossible."""
        found: dict[str, str] | None = super().collect(submitted_file)
        if found is None or not found.get("timestamp"):
            return found
        zone = times.zone(Exchange(config=self.config).timezone)
        try:
            time = times.read(found["timestamp"], times.DASHES, zone=zone)
        except ValueError as error:
            self.log.warning("Not collected: %s: %s; rename the file", submitted_file, error)
            return None
        return {**found, "timestamp": time.isoformat()}
