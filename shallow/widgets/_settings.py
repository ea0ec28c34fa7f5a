"""What a widget can be set to: one table, stated in Python, that the browser reads too.

Each setting is a trait that is synced, checks its value, and can describe itself.
The controls of a widget take their limits, steps and labels from these descriptions,
so nothing about a setting is said twice.
"""

from __future__ import annotations

import copy
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import traitlets as t

if TYPE_CHECKING:
    from collections.abc import Mapping


class Setting(t.TraitType[Any, Any]):
    """Base of all settings.

    Parameters
    ----------
    default
        Value when none is given.
    label : str
        Its name on the screen.
    """

    kind = ""

    def __init__(self, default: object, *, label: str, **described: object) -> None:
        super().__init__()
        self.fallback = default
        self.label = label
        self.described = described
        self.tag(sync=True)

    def make_dynamic_default(self) -> object:
        """Return the default, copied, so that no two widgets share a list (called by traitlets)."""
        return copy.deepcopy(self.fallback)

    def describe(self) -> dict[str, object]:
        """Return what the browser needs to know, as plain data."""
        return {
            "kind": self.kind,
            "label": self.label,
            "default": self.fallback,
            **self.described,
        }

    def refuse(self, obj: object, value: object, expected: str) -> t.TraitError:
        """Return the error for a value that is not `expected`."""
        return t.TraitError(f"{type(obj).__name__}.{self.name} must be {expected}, not {value!r}.")


class Number(Setting):
    """A finite real number within limits.

    Parameters
    ----------
    default, min, max, step : float
        `step` is what one press of an arrow key changes (on a linear scale).
    scale : {"linear", "log"}
        How a slider runs between the limits.
    """

    kind = "number"

    def __init__(  # noqa: PLR0913 - each is one column of the table
        self,
        default: float,
        *,
        min: float,  # noqa: A002 - as <input> calls it
        max: float,  # noqa: A002
        step: float,
        label: str,
        scale: str = "linear",
    ) -> None:
        self.min, self.max = min, max
        super().__init__(default, label=label, min=min, max=max, step=step, scale=scale)

    def validate(self, obj: object, value: object) -> object:
        """Return `value` as a float."""
        expected = f"a number from {self.min} to {self.max}"
        if isinstance(value, bool) or not isinstance(value, Real):
            raise self.refuse(obj, value, expected)
        number = float(value)
        if not self.min <= number <= self.max:
            raise self.refuse(obj, value, expected)
        return number


class Integer(Number):
    """A whole number within limits."""

    kind = "integer"

    def validate(self, obj: object, value: object) -> object:
        """Return `value` as an int."""
        expected = f"a whole number from {self.min} to {self.max}"
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise self.refuse(obj, value, expected)
        number = int(value)
        if not self.min <= number <= self.max:
            raise self.refuse(obj, value, expected)
        return number


class Flag(Setting):
    """True or False."""

    kind = "flag"

    def validate(self, obj: object, value: object) -> object:
        """Return `value`."""
        if not isinstance(value, bool):
            raise self.refuse(obj, value, "True or False")
        return value


class Choice(Setting):
    """One of a few named options.

    Parameters
    ----------
    options : mapping
        Value to label, in the order of the menu.
    """

    kind = "choice"

    def __init__(self, default: str, *, options: Mapping[str, str], label: str) -> None:
        self.options = dict(options)
        super().__init__(default, label=label, options=[list(item) for item in options.items()])

    def validate(self, obj: object, value: object) -> object:
        """Return `value`."""
        if not isinstance(value, str) or value not in self.options:
            names = ", ".join(map(repr, self.options))
            raise self.refuse(obj, value, f"one of {names}")
        return value


class Text(Setting):
    """A line of text.

    Parameters
    ----------
    longest : int
        Characters that it may have.
    """

    kind = "text"

    def __init__(self, default: str, *, longest: int, label: str) -> None:
        self.longest = longest
        super().__init__(default, label=label, longest=longest)

    def validate(self, obj: object, value: object) -> object:
        """Return `value`."""
        if not isinstance(value, str) or not 0 < len(value) <= self.longest:
            raise self.refuse(obj, value, f"a text of at most {self.longest} characters")
        return value


class Numbers(Setting):
    """A list of finite numbers within limits, or a list of such lists of equal length.

    Parameters
    ----------
    default : list
        Its nesting is the nesting of every value.
    min, max, step : float
        Limits of each number.
    length : tuple of int
        Least and greatest number of rows.
    """

    kind = "numbers"

    def __init__(  # noqa: PLR0913 - each is one column of the table
        self,
        default: list[Any],
        *,
        min: float,  # noqa: A002 - as <input> calls it
        max: float,  # noqa: A002
        step: float,
        length: tuple[int, int],
        label: str,
    ) -> None:
        self.min, self.max, self.length = min, max, length
        self.width = len(default[0]) if default and isinstance(default[0], list) else None
        super().__init__(
            default, label=label, min=min, max=max, step=step, length=list(length), width=self.width
        )

    def validate(self, obj: object, value: object) -> object:
        """Return `value` as (nested) lists of floats."""
        low, high = self.length
        rows = f"{low}" if low == high else f"{low} to {high}"
        item = "numbers" if self.width is None else f"rows of {self.width} numbers"
        expected = f"a list of {rows} {item} from {self.min} to {self.max}"
        try:
            table = [
                [float(x) for x in ([row] if self.width is None else row)]
                for row in value  # type: ignore[attr-defined]
            ]
        except (TypeError, ValueError):
            raise self.refuse(obj, value, expected) from None
        in_range = all(self.min <= x <= self.max for row in table for x in row)
        in_shape = all(len(row) == (self.width or 1) for row in table)
        if not (low <= len(table) <= high and in_range and in_shape):
            raise self.refuse(obj, value, expected)
        return [row[0] for row in table] if self.width is None else table


def check_label(name: str, label: float, least: int) -> None:
    """Raise `traitlets.TraitError` if a label in the setting `name` is neither `least` nor 1."""
    if label not in {least, 1}:
        raise t.TraitError(f"{name} must have labels {least} or 1, not {label!r}.")
