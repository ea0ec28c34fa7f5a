"""Train the network that reads digits, and write the weights that the pad on its page works with.

It runs the cells of the chapter *Initialisation and regularisation*, so the pad reads with the
chapter's own network. Run it after one of these cells has changed: ``python -m tools.digits``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

ROOT = Path(__file__).parents[1]
CHAPTER = ROOT / "chapters" / "regularisation.md"
TARGET = ROOT / "shallow" / "digits.json"
DECIMALS = 3  # a probability changes by 0.0015 at most, and no answer
_CELL = re.compile(
    r"^```\{code-cell\} ipython3\n(?::tags:[^\n]*\n)?(.*?)^```$", re.MULTILINE | re.DOTALL
)


def train() -> dict[str, Any]:
    """Run the cells that split the data and train, and return all that they define."""
    names = {"np": np, "digits": load_digits()}
    cells = _CELL.findall(CHAPTER.read_text(encoding="utf-8"))
    for beginning in ("order = ", "def start("):
        (cell,) = (cell for cell in cells if cell.startswith(beginning))
        exec(cell, names)  # noqa: S102 (the chapter's own code)
    return names


def main() -> None:
    """Write ``{"W1": …, "b1": …, "W2": …, "b2": …}``, a line for each unit."""
    rounded = [(values.round(DECIMALS) + 0.0).tolist() for values in train()["net"]]  # no −0.0
    parts = [
        f'"{name}": ' + json.dumps(values).replace("], [", "],\n[")
        for name, values in zip(("W1", "b1", "W2", "b2"), rounded, strict=True)
    ]
    TARGET.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
