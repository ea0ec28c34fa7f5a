import json

import pytest

from autograder.core.outputs import CellOutputs, clean

pytestmark = pytest.mark.slow

TEXT = {"output_type": "stream", "name": "stdout", "text": "x"}
SHOWN = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}


def test_outputs_keep_their_order_and_streams_are_joined():
    outputs = CellOutputs(10_000)
    for output in (TEXT, TEXT, SHOWN, TEXT, TEXT | {"name": "stderr"}):
        outputs.add(output)
    assert [o.get("text", "shown") for o in outputs.finish()] == ["xx", "shown", "x", "x"]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        [],
        {},
        {"output_type": "stream"},
        TEXT | {"name": "stdin"},
        TEXT | {"text": ["x"]},
        SHOWN | {"data": [1]},
        SHOWN | {"metadata": {"x": object()}},
        SHOWN | {"metadata": {"x": float("nan")}},
        {"output_type": "execute_input", "code": "1"},
        {"output_type": "error", "ename": 1, "evalue": "", "traceback": []},
    ],
)
def test_what_is_no_output_is_dropped(sent):
    outputs = CellOutputs(10_000)
    outputs.add(sent)
    assert outputs.finish() == []


def test_only_the_fields_of_the_format_are_kept():
    forged = SHOWN | {"output_type": "execute_result", "execution_count": "<b>", "x": 1}
    forged["data"] = {"text/plain": "x", "text/html": 7, "a/json": {"b": 1}, "nonsense": "x"}
    assert clean(forged) == {
        "output_type": "execute_result",
        "data": {"text/plain": "x", "a/json": {"b": 1}},
        "metadata": {},
        "execution_count": None,
    }


def test_text_that_utf_8_cannot_hold_is_replaced():
    output = clean(TEXT | {"text": "a\ud800b"})
    assert json.dumps(output, ensure_ascii=False).encode("utf-8")
    assert output["text"] == "a?b"


def test_a_long_stream_is_shortened_with_a_note():
    outputs = CellOutputs(1000)
    outputs.add(TEXT | {"text": "x" * 5000})
    outputs.add(TEXT)
    first, note = outputs.finish()
    assert first["text"] == "x" * 1000
    assert "shortened" in note["text"]
    assert outputs.shortened


def test_a_large_display_is_dropped_with_a_note():
    outputs = CellOutputs(1000)
    outputs.add(SHOWN | {"data": {"image/png": "x" * 5000}})
    (note,) = outputs.finish()
    assert "shortened" in note["text"]


def test_a_display_is_updated_within_its_budget():
    outputs = CellOutputs(1000)
    update = SHOWN | {"output_type": "update_display_data", "display_id": "a"}
    outputs.add(SHOWN | {"display_id": "a"})
    outputs.add(update | {"data": {"text/plain": "y"}})
    outputs.add(update | {"display_id": "unknown"})
    outputs.add(update | {"data": {"text/plain": "z" * 5000}})
    (shown, _note) = outputs.finish()
    assert shown["data"] == {"text/plain": "y"}


@pytest.mark.parametrize(("wait", "before"), [(False, ""), (True, "x")])
def test_clearing_outputs_waits_if_asked_to(wait, before):
    outputs = CellOutputs(1000)
    outputs.add(TEXT)
    outputs.add({"output_type": "clear_output", "wait": wait})
    assert "".join(o["text"] for o in outputs.outputs) == before
    outputs.add(TEXT | {"text": "y"})
    assert "".join(o["text"] for o in outputs.outputs) == "y"
