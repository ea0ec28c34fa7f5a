"""Numbers that travel from a chapter's code into its sentences and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def glue(**values: float | str | np.generic | NDArray[np.generic]) -> None:
    """Store values under their names, for the ``{glue:text}`` roles and questions of the page.

    Unlike ``myst_nb.glue`` it takes several at once, turns what NumPy computed into plain numbers
    and lists (which a format such as ``.2f`` understands), and shows nothing in the notebook.
    Where MyST-NB is not installed, on a reader's own machine, it does nothing.

    Parameters
    ----------
    **values
        A name, unique on the page, and its number, short text or array.

    Raises
    ------
    TypeError
        If a value is anything else.

    """
    for name, value in values.items():
        if not isinstance(value, int | float | str | np.generic | np.ndarray):
            raise TypeError(f"glue takes numbers, short texts and arrays; {name} is {value!r}")
    try:
        import myst_nb  # noqa: PLC0415  only the book's build has it
    except ModuleNotFoundError:
        return
    for name, value in values.items():
        plain = value.tolist() if isinstance(value, np.generic | np.ndarray) else value
        myst_nb.glue(name, plain, display=False)
