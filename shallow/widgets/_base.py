"""The base of every widget: finds its module, checks its keywords, writes itself as code."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import anywidget
import traitlets as t

from shallow.widgets._bundle import bundle
from shallow.widgets._settings import Setting

_KIT_CSS = Path(__file__).parent / "kit" / "kit.css"


class Widget(anywidget.AnyWidget):
    """A widget whose whole state is its settings.

    A subclass in ``name.py`` states its settings (`shallow.widgets._settings`);
    the module ``name.js`` beside it draws them, and ``name.css``, if there is one, lays them out.

    Parameters
    ----------
    **state
        Initial values of the settings, and anywidget's own ``layout``.

    Raises
    ------
    TypeError
        If a keyword is not a setting.
    traitlets.TraitError
        If a value is outside its limits.
    """

    # What the browser knows of each setting; `initial` is what *reset* goes back to.
    # A list, as notebooks on disk forget the order of a dictionary.
    _settings: t.List[dict[str, object]] = t.List().tag(sync=True)
    _python_name = t.Unicode().tag(sync=True)

    def __init__(self, **state: object) -> None:
        settings = self.settings()
        for name in state:
            if name not in settings and name != "layout":
                close = difflib.get_close_matches(name, settings, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(settings)}"
                raise TypeError(f"{type(self).__name__} has no setting {name!r}: {hint}")
        _load(type(self))
        super().__init__(**state)
        self._python_name = type(self).__name__
        self._settings = [
            {"name": name, **setting.describe(), "initial": getattr(self, name)}
            for name, setting in settings.items()
        ]

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """Return the settings by name, in the order in which the class states them."""
        return {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Setting)
        }

    def __repr__(self) -> str:
        """Return the code that makes this widget again: its class and its changes."""
        changed = (
            f"{name}={value!r}"
            for name, setting in self.settings().items()
            if (value := getattr(self, name)) != setting.fallback
        )
        return f"{type(self).__name__}({', '.join(changed)})"


def _load(cls: type[Widget]) -> None:
    """Give a class its module and style, at its first use: a broken one breaks no other."""
    if "_esm" in vars(cls):
        return
    module = Path(str(sys.modules[cls.__module__].__file__))
    styles = (_KIT_CSS, module.with_suffix(".css"))
    cls._css = "\n".join(path.read_text(encoding="utf-8") for path in styles if path.exists())
    cls._esm = bundle(module.with_suffix(".js"))
