"""Notebooks that are the same file each time they are made."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


def name_cells(notebook: NotebookNode) -> None:
    """Give each cell an id made from its content, so that the same notebook has the same ids.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place. Cells of the same content are told apart by a counter.
    """
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
