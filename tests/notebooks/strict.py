"""A notebook is run again, and its outputs are compared with those that it holds."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from shallow.book.rounding import difference, formats, round_outputs

# Pictures of pixels hold the versions of what drew them; the names of widgets are random.
NOT_COMPARED = {"image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json"}


def differences(
    notebook: nbformat.NotebookNode,
    shown: Mapping[str, Iterable[str]],
    folder: Path,
    env: Mapping[str, str],
) -> list[str]:
    """Run a notebook in a folder and an environment; say where it now gives something else.

    Numbers count as `shallow.book.rounding` rounds them; all else must be the same.
    """
    return changes(notebook, executed(notebook, folder, env), shown)


def changes(
    notebook: nbformat.NotebookNode,
    again: nbformat.NotebookNode,
    shown: Mapping[str, Iterable[str]],
) -> list[str]:
    """Say where another run of a notebook gave something else; its outputs are rounded."""
    round_outputs(again, shown)
    return [
        f"cell {number}: {change}\n{cell.source}"
        for number, (cell, new) in enumerate(zip(notebook.cells, again.cells, strict=True))
        for change in _changes(cell, new)
    ]


def executed(
    notebook: nbformat.NotebookNode, folder: Path, env: Mapping[str, str]
) -> nbformat.NotebookNode:
    """Return the notebook as it comes out of a run; a cell that fails does not end it."""
    again = copy.deepcopy(notebook)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(again, timeout=300, allow_errors=True, resources=resources)
    client.execute(env=dict(env))
    return again


def shown_by(page: Path) -> dict[str, set[str]]:
    """Return the formats in which the page of a notebook shows its glued values."""
    return formats(page.read_text(encoding="utf-8"))


def _changes(old: nbformat.NotebookNode, new: nbformat.NotebookNode) -> Iterator[str]:
    # formats come in any order
    before, after = (sorted(_outputs(cell), key=itemgetter(0)) for cell in (old, new))
    names, new_names = ([name for name, _ in outputs] for outputs in (before, after))
    if names != new_names:
        errors = [text for name, text in after if name == "error"]
        yield f"outputs {names} are now {new_names} {' '.join(errors)}"
        return
    for (kind, text), (_, new_text) in zip(before, after, strict=True):
        if text != new_text and (change := difference(kind, text, new_text)):
            yield f"{kind}: {change}"


def _outputs(cell: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of all that is compared; what is printed is one text."""
    streams: dict[str, str] = {}
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        elif output.output_type == "error":
            yield "error", f"{output.ename}: {output.evalue}"
        else:
            yield from (
                (kind, str(text)) for kind, text in output.data.items() if kind not in NOT_COMPARED
            )
    yield from streams.items()
