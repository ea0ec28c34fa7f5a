"""From what came of a test to its mark: what nbgrader would give, and never more.

nbgrader marks a cell by its outputs: an error or something on stderr is no points, a number as the
last value is that many points, and everything else is all points.
What it would take for all points though it is none, such as NaN, is an error here.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

from autograder.core.outputs import INTERRUPTED, Output, encodable
from autograder.core.result import Verdict
from autograder.remote.answer import Answer

MAX_QUOTE = 500
NUMPY_NUMBER = re.compile(r"np\.(?:float|int|uint)\d*\((.*)\)")


def received(sent: str) -> Answer:
    """Read what the checker's process sends, with texts that UTF-8 can hold."""
    fields: dict[str, Any] = json.loads(sent)
    if "\\" in sent:  # else it is plain text, as nearly always
        fields = {k: encodable(v) if type(v) is str else v for k, v in fields.items()}
    return Answer(**fields)


def of_outputs(outputs: list[Output], *, finished: bool) -> Answer:
    """Read what a test inside put out."""
    streams: dict[str, Any] = {"stdout": "", "stderr": ""}
    shown: list[Output] = []
    error: Output | None = None
    points, valued = None, False
    for output in outputs:
        match output:
            case {"output_type": "stream", "name": name, "text": text}:
                streams[name] += text
            case {"output_type": "error"}:
                error = error or output
            case {"output_type": "execute_result"} if not valued:
                points, valued = number_of(output), True
                if points is None:
                    shown.append(output)
            case _:
                shown.append(output)
    answer = Answer(points=points, shown=shown, **streams)
    if error is not None:
        status = "timeout" if error["ename"] == INTERRUPTED else "failed"
        return replace(answer, status=status, ename=error["ename"], evalue=error["evalue"])
    if not finished:
        message = "the test did not run to its end in the student's process"
        return replace(answer, status="forged", ename="UnfinishedError", evalue=message)
    return answer


def number_of(output: Output) -> float | None:
    """Return the number of points that a cell's last line shows; None if it shows none."""
    text = output["data"].get("text/plain", "")
    if match := NUMPY_NUMBER.fullmatch(text):  # nbgrader would give all points
        text = match[1]
    try:
        return float(text)
    except ValueError:
        return None


def judge(answer: Answer, points: float, count: int) -> tuple[Verdict, str, list[Output]]:
    """Turn what came of a test into verdict, message and outputs.

    Parameters
    ----------
    answer : Answer
        What came of it.
    points : float
        What the cell can give.
    count : int
        Its execution count.
    """
    outputs: list[Output] = [
        {"output_type": "stream", "name": name, "text": text}
        for name, text in (("stdout", answer.stdout), ("stderr", answer.stderr))
        if text
    ]
    number = answer.points
    if answer.status == "instructor":
        verdict, message = Verdict.ERROR, f"{answer.ename}: {answer.evalue}"
    elif answer.status != "passed":
        verdict, message = Verdict.FAILED, failure_message(answer)
    elif number is not None and not (math.isfinite(number) and 0 <= number <= points):
        verdict, message = Verdict.ERROR, f"the test gives {number} of {points:g} points"
    elif answer.stderr:
        verdict = Verdict.FAILED
        message = f"the code wrote to stderr: {answer.stderr.strip()[:MAX_QUOTE]}"
    elif number is None or number == points:
        verdict, message = Verdict.PASSED, ""
    else:
        verdict, message = Verdict.PARTIAL, f"{number:g} of {points:g} points"
    if verdict == Verdict.ERROR or answer.status != "passed":
        name = answer.ename or "InstructorError"
        outputs.append(error_output(name, answer.evalue or message, answer.traceback))
    elif number is not None and verdict != Verdict.FAILED:
        data = {"text/plain": repr(number)}
        outputs.append({"output_type": "execute_result", "data": data, "metadata": {}})
    outputs += answer.shown
    for output in outputs:
        if output["output_type"] == "execute_result":
            output["execution_count"] = count
    return verdict, message, outputs


def score_of(verdict: Verdict, answer: Answer, points: float) -> float:
    """Return what nbgrader gives for the outputs of `judge`."""
    if verdict == Verdict.PARTIAL and answer.points is not None:
        return answer.points
    return points if verdict == Verdict.PASSED else 0.0


def failure_message(answer: Answer) -> str:
    """Say why a test failed."""
    name, text = answer.ename, answer.evalue
    if answer.status == "lost":
        return f"the code ended its process: {text}"
    if answer.status == "timeout" or name == INTERRUPTED:
        return "the code took too long"
    if answer.status in {"forged", "unjudged"}:
        return text
    if name == "AssertionError":
        return text or "the assertion failed"
    return f"{name}: {text}" if text else name


def error_output(name: str, message: str, traceback: str = "") -> Output:
    """Return a notebook's output for an error."""
    lines = traceback.splitlines() or [f"{name}: {message}"]
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": lines}
