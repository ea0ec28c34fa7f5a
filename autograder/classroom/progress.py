"""How far a run is: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text

if TYPE_CHECKING:
    from types import TracebackType

LINE_SECONDS = 5.0  # between two plain lines


class Progress:
    """Count what is done, with rate, time left and failures so far.

    Parameters
    ----------
    total : int
        How many there are.
    what : str
        Their name, in the plural.
    console : Console, optional
        Where to write; standard error if not given.
    """

    def __init__(
        self, total: int, what: str = "submissions", console: Console | None = None
    ) -> None:
        self.total, self.what = total, what
        self.done = self.failed = 0
        self.console = console or Console(stderr=True)
        self._started = self._written = self._latest = time.monotonic()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.1f}/s"),
            TimeElapsedColumn(),
            _Left(self),
            TextColumn("{task.fields[failed]} failed"),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._task = self._bar.add_task(what, total=total, rate=0.0, failed=0)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    @property
    def rate(self) -> float:
        """How many are done in a second."""
        return self.done / max(time.monotonic() - self._started, 1e-6)

    @property
    def left(self) -> str:
        """How long the rest will take: at least as long as the last ones have kept us waiting."""
        if self.done == self.total:
            return "done"
        if not self.done:
            return "– left"
        seconds = max((self.total - self.done) / self.rate, time.monotonic() - self._latest, 1)
        minutes, seconds = divmod(round(seconds), 60)
        return f"{minutes} min {seconds} s left" if minutes else f"{seconds} s left"

    def advance(self, name: str, problem: str | None = None) -> None:
        """Count one more; say so at once if it failed."""
        self.done += 1
        self._latest = time.monotonic()
        if problem:
            self.failed += 1
            self._print(f"{name}: {problem}")
        self._bar.update(self._task, advance=1, rate=self.rate, failed=self.failed)
        if not self.console.is_terminal:
            self._line()

    def _line(self) -> None:
        now = time.monotonic()
        if now - self._written >= LINE_SECONDS or self.done == self.total:
            self._written = now
            self._print(
                f"{self.done} of {self.total} {self.what}, {self.rate:.1f}/s, "
                f"{self.left}, {self.failed} failed"
            )

    def _print(self, text: str) -> None:
        self.console.print(escape(text), highlight=False, soft_wrap=True)


class _Left(ProgressColumn):
    """The time left, as `Progress` estimates it."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def render(self, task: Task) -> Text:
        """Return the text."""
        del task
        return Text(self.progress.left)
