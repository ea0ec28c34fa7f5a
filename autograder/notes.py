"""What people should know, grouped by reason and capped."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.errors import printable

SHOWN = 10  # names for one reason


def counted(number: int, noun: str) -> str:
    """Return the number with the noun, in the plural where it is one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


@dataclass
class Notes:
    """Names by reason, in the order in which they came.

    Attributes
    ----------
    reasons : dict of str to list of str
        What each reason concerns.
    """

    reasons: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        """Note that `reason` concerns `name`."""
        self.reasons.setdefault(printable(reason), []).append(printable(name))

    def lines(self) -> list[str]:
        """Return a line for a reason that concerns one, a heading and a list for many."""
        lines = []
        for reason, names in self.reasons.items():
            if len(names) == 1:
                lines.append(f"{names[0]}: {reason}")
                continue
            lines.append(f"{len(names)} × {reason}:")
            lines += [f"  {name}" for name in names[:SHOWN]]
            if len(names) > SHOWN:
                lines.append(f"  … and {len(names) - SHOWN} more")
        return lines
