"""Outputs as a hostile process sends them, made into outputs of a notebook."""

from __future__ import annotations

import json
from typing import Any

MAX_TYPE = 100
NOTE = "\n[The output was shortened here: it is longer than {} bytes.]\n"

Output = dict[str, Any]
INTERRUPTED = "CellTimeoutError"  # what the student's process raises at the end of a cell's time


class CellOutputs:
    """The outputs of one cell, up to a number of bytes.

    Attributes
    ----------
    outputs : list of dict
        Outputs in nbformat 4.
    shortened : bool
        Whether some are missing.
    """

    def __init__(self, budget: int) -> None:
        self.outputs: list[Output] = []
        self.budget = self.size = budget
        self.shortened = False
        self.clear_next = False
        self.displays: dict[str, Output] = {}

    def add(self, sent: object) -> None:
        """Add an output; what is none is dropped."""
        match sent:
            case {"output_type": "clear_output", "wait": bool(wait)}:
                self.clear_next = wait
                if not wait:
                    self.outputs.clear()
                return
            case {"output_type": "update_display_data", "display_id": str(name), **rest}:
                self.update(self.displays.get(name), {**rest, "output_type": "display_data"})
                return
        output = clean(sent)
        if output is None or not self.pay(output):
            return
        if self.clear_next:
            self.outputs.clear()
            self.clear_next = False
        last = self.outputs[-1] if self.outputs else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
            return
        self.outputs.append(output)
        if isinstance(sent, dict) and isinstance(sent.get("display_id"), str):
            self.displays[sent["display_id"]] = output

    def update(self, display: Output | None, sent: object) -> None:
        """Change a display that the cell made before."""
        output = clean(sent)
        if display is not None and output is not None and self.pay(output):
            display["data"], display["metadata"] = output["data"], output["metadata"]

    def pay(self, output: Output) -> bool:
        """Take an output's size off the budget; shorten or refuse what is too large."""
        size = len(json.dumps(output))
        if size <= self.budget:
            self.budget -= size
            return True
        room, self.budget = self.budget, 0
        self.shortened = True
        if output["output_type"] == "stream":
            output["text"] = output["text"][:room]
            return True
        return False

    @property
    def interrupted(self) -> bool:
        """Whether the cell was interrupted at the end of its time."""
        return any(output.get("ename") == INTERRUPTED for output in self.outputs)

    def finish(self) -> list[Output]:
        """Return the outputs, with a note if some are missing."""
        if self.shortened:
            note = NOTE.format(self.size)
            self.outputs.append({"output_type": "stream", "name": "stderr", "text": note})
        return self.outputs


def clean(sent: object) -> Output | None:
    """Return an output with the fields of nbformat and none else, or None if it is no output."""
    match encodable(sent):
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return {"output_type": "stream", "name": name, "text": text}
        case {
            "output_type": "error",
            "ename": str(name),
            "evalue": str(value),
            "traceback": list(lines),
        }:
            lines = [line for line in lines if type(line) is str]
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
        case {
            "output_type": "display_data" | "execute_result" as kind,
            "data": dict(data),
            "metadata": dict(metadata),
        }:
            output = {
                "output_type": kind,
                "data": {key: item for key, item in data.items() if is_format(key, item)},
                "metadata": metadata,
            }
            return output | ({"execution_count": None} if kind == "execute_result" else {})
    return None


def is_format(key: object, item: object) -> bool:
    """Tell whether a display's entry is a MIME type with the content that nbformat allows."""
    if type(key) is not str or "/" not in key or len(key) > MAX_TYPE:
        return False
    return key.endswith("json") or type(item) is str


def encodable(sent: object) -> object:
    """Return a copy that can be written as JSON in UTF-8; None if there is none."""
    try:
        text = json.dumps(sent, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return None
    return json.loads(text.encode("utf-8", "replace"))
