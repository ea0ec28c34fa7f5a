"""Numbers glued by a chapter arrive as the text roles need them."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from myst_nb.core.variables import format_plain_text

from shallow.prose import glue


@pytest.fixture
def glued(monkeypatch):
    """What MyST-NB was given, by name."""
    stored = {}
    monkeypatch.setattr(
        "myst_nb.glue", lambda name, value, display: stored.update({name: (value, display)})
    )
    return stored


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.5, ".1%", "50.0%"),
        (np.float64(2) / 3, ".2f", "0.67"),
        (np.int64(12), ",.0f", "12"),
        (7, "d", "7"),
        (np.float32(0.25), ".2f", "0.25"),
        ("merger", "s", "merger"),
    ],
)
def test_values_can_be_formatted(glued, value, spec, text):
    glue(name=value)
    stored, display = glued["name"]
    assert format_plain_text(repr(stored), spec) == text
    assert display is False


def test_arrays_become_lists(glued):
    glue(curve=np.array([[0, 1], [1, 2]]), one=1)
    assert glued == {"curve": ([[0, 1], [1, 2]], False), "one": (1, False)}


def test_other_values_are_refused_before_any_is_stored(glued):
    with pytest.raises(TypeError, match=r"glue takes .*; bad is \{\}"):
        glue(good=1, bad={})
    assert glued == {}


def test_nothing_happens_without_myst_nb(monkeypatch):
    monkeypatch.setitem(sys.modules, "myst_nb", None)
    glue(name=1)
