"""The kit's functions without a DOM: numbers as text, keys, ticks, contours, limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import traitlets as t

from shallow import widgets


def test_numbers_are_written_for_readers(js):
    values = [0.5, -1.25, math.nan, math.inf, -math.inf, -0.001]
    assert js("../kit/format.js", "fixed", [[v, 2] for v in values]) == [
        *("0.50", "−1.25", "undefined", "∞", "−∞", "0.00"),
    ]
    assert js("../kit/format.js", "short", [[v] for v in (1234.5, 0.10049, -2.0, 1e-9)]) == [
        *("1230", "0.1", "−2", "1e−9"),
    ]
    assert js("../kit/format.js", "decimals", [[v] for v in (1, 0.1, 0.05, 0.25, 10)]) == [
        0,
        1,
        2,
        1,
        0,
    ]


def test_values_are_written_as_python_writes_them(js, rng):
    values = [0.1, 3.0, -2.5, 1e-7, 1.5e-9, 123456.75, True, "a 'b' \\", [1.0, [0.5, -1.0]]]
    values += (rng.normal(size=50) * 10.0 ** rng.integers(-3, 5, size=50)).tolist()
    written = js("../kit/format.js", "python", [[value, "number"] for value in values])
    for text, value in zip(written, values, strict=True):
        assert eval(text) == value, text
        if isinstance(value, float):
            assert text == repr(value)
    assert js("../kit/format.js", "python", [[3, "integer"]]) == ["3"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"key": "ArrowRight"}, 1.1),
        ({"key": "ArrowDown"}, 0.9),
        ({"key": "ArrowUp", "shiftKey": True}, 2),
        ({"key": "ArrowLeft", "altKey": True}, 0.99),
        ({"key": "PageUp"}, 2),
        ({"key": "Home"}, -1),
        ({"key": "End"}, 2),
        ({"key": "a"}, None),
        ({"key": "Home", "ctrlKey": True}, None),
    ],
)
def test_keys_move_by_steps_and_stay_inside(js, key, expected):
    assert js("../kit/keys.js", "stepByKey", [[key, 1, {"min": -1, "max": 2, "step": 0.1}]]) == [
        expected
    ]


def test_on_a_log_scale_a_hundred_steps_cross_the_range(js):
    limits = {"min": 0.05, "max": 20, "step": 0.05, "scale": "log"}
    value = limits["min"]
    for _ in range(100):
        (value,) = js("../kit/keys.js", "stepByKey", [[{"key": "ArrowRight"}, value, limits]])
    assert value == pytest.approx(20)


def test_ticks_are_round_even_and_inside(js, rng):
    low = rng.normal(size=200) * 10.0 ** rng.integers(-3, 4, size=200)
    high = low + 10.0 ** rng.uniform(-3, 4, size=200)
    for a, b, ticks in zip(
        low, high, js("../kit/scale.js", "ticks", np.c_[low, high]), strict=True
    ):
        assert 2 <= len(ticks) <= 7
        assert a - 1e-9 * abs(a) <= ticks[0]
        assert ticks[-1] <= b + 1e-9 * abs(b)
        step = ticks[1] - ticks[0]
        np.testing.assert_allclose(np.diff(ticks), step, rtol=1e-6)
        mantissa = step / 10 ** math.floor(math.log10(step * 1.0001))
        assert min(abs(mantissa - m) for m in (1, 2, 5)) < 1e-3
    assert js("../kit/scale.js", "powers", [[5e-3, 200]]) == [[0.01, 0.1, 1, 10, 100]]


def test_contours_of_a_cone_are_circles(js):
    n, radius = 61, 20
    i, j = np.meshgrid(np.arange(n), np.arange(n))
    cone = np.hypot(i - 30, j - 30)
    (segments,) = js("../kit/contour.js", "contourLines", [[cone, radius]])
    points = np.array(segments)
    np.testing.assert_allclose(np.hypot(*(points - 30).transpose(2, 0, 1)), radius, atol=0.02)
    length = np.linalg.norm(points[:, 0] - points[:, 1], axis=1).sum()
    assert length == pytest.approx(2 * np.pi * radius, rel=2e-3)
    (nothing,) = js("../kit/contour.js", "contourLines", [[cone, -1]])
    assert nothing == []


@pytest.mark.parametrize(
    "grid", [[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[3, 0], [0, 1]], [[0, 1], [1, -3]]]
)
def test_a_saddle_is_cut_in_two_that_do_not_cross(js, grid):
    (segments,) = js("../kit/contour.js", "contourLines", [[grid, 0.5]])
    assert len(segments) == 2
    (a, b), (c, d) = np.array(segments)

    def side(p, q, r):
        return np.sign(np.linalg.det(np.stack([q - p, r - p])))

    assert side(a, b, c) == side(a, b, d)


@pytest.mark.parametrize("name", widgets.__all__)
def test_what_the_page_sets_python_takes(js, name, rng):
    """Values out of all bounds, as links may bring them, are moved to where Python takes them."""
    widget = getattr(widgets, name)()
    described = widget.get_state("_settings")["_settings"]
    for setting in described:
        key = setting["name"]
        wild = [
            *(rng.normal(size=20) * 1e3).tolist(),
            True,
            "nonsense",
            None,
            math.nan,
            math.inf,
            [1],
            [[1, 2]],
        ]
        if setting["kind"] == "numbers":
            rows = setting["length"][1]
            shape = rows if setting["width"] is None else (rows, setting["width"])
            wild.append((rng.normal(size=shape) * 1e3).tolist())
        for value in js("../kit/state.js", "coerce", [[setting, value] for value in wild]):
            if value is not None:
                setting_of = type(widget).settings()[key]
                try:
                    setting_of.validate(
                        widget, int(value) if setting["kind"] == "integer" else value
                    )
                except t.TraitError as error:
                    pytest.fail(f"{key}: {error}")


def test_numbers_are_read_as_people_write_them(js):
    readings = {
        "0.25": 0.25,
        "0,25": 0.25,
        "−0.25": -0.25,
        " -1/4 ": -0.25,
        "3/4": 0.75,
        "1,5/2": 0.75,
        "1,234.5": 1234.5,
        "1 234,5": 1234.5,
        "2.5e−3": 0.0025,
        ".5": 0.5,
        "7.": 7,
        "": None,
        "-": None,
        "1/0": None,
        "0.7.5": None,
        "1,2,3": None,
        "0x10": None,
        "Infinity": None,
        "eight": None,
    }
    read = js("../kit/number.js", "parseNumber", [[text] for text in readings])
    assert dict(zip(readings, read, strict=True)) == readings
    assert js("../kit/number.js", "parseNumber", [["1,234", {"max": 20}], ["1,234"]]) == [
        1.234,
        1234,
    ]
