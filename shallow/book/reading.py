"""How long a chapter takes, by the one formula that *Start here* states."""

from __future__ import annotations

import re

WORDS = 150  # of prose a minute: slowly, with formulas
LINES = 20  # of code a minute, as far as the page shows it
QUESTION = 1  # minute for each prediction
JOURNEY = 1  # minute for each link into a widget
STEP = 5  # minutes to which the sum is rounded

STATED = re.compile(r"\*\*Reading time:\*\* about (\d+) minutes\.")
_FENCE = re.compile(r"^(`{3,})\{(code-cell|predict)\}(.*?)^\1$", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"tags: \[[^\]]*(?:hide|remove)-(?:input|cell)")
_WIDGET = re.compile(r"\{widget\}`")
_MARKUP = re.compile(r"\A---\n[\s\S]*?^---$|^:[^\n]*$|\$\$[\s\S]*?\$\$|\{[\w:-]+\}", re.MULTILINE)


def minutes(source: str) -> int:
    """Return the minutes that a chapter takes to read, answer and move, from its source."""
    code = questions = 0
    for _, kind, body in _FENCE.findall(source):
        if kind == "predict":
            questions += 1
        elif not _HIDDEN.search(body):
            code += sum(bool(line.strip()) for line in body.splitlines()[1:])
    prose = _FENCE.sub(lambda m: m[3] if m[2] == "predict" else "", source)
    words = len(_MARKUP.sub(" ", prose).split())
    journeys = len(_WIDGET.findall(source))
    total = words / WORDS + code / LINES + questions * QUESTION + journeys * JOURNEY
    return STEP * max(1, round(total / STEP))
