"""What rounding decides is rounded; everything else stays."""

from __future__ import annotations

import pytest

from shallow.book.rounding import GLUED, SVG, difference, formats, round_drawing, round_glued


def test_formats_are_those_of_the_page() -> None:
    text = "It is {glue:text}`a:.2f`, or {glue:text}`a:.0%`, of {glue:text}`n`."
    assert formats(text) == {"a": {".2f", ".0%"}, "n": {""}}


@pytest.mark.parametrize(
    ("printed", "specs", "rounded"),
    [
        ("0.87654321", [".2f"], "0.88"),
        ("0.5000000000000001", [".2f"], "0.50"),
        ("0.87654321", [".0%"], "0.88"),
        ("0.87654321", [".2f", ".1%"], "0.877"),
        ("12345.678", [",.0f"], "12346."),
        ("1.23456e-05", [".1e"], "0.000012"),
        ("245.0791", [".2g"], "250."),
        ("-1e-17", [".3f"], "0.000"),
        ("0.1234567890123", [""], "0.1234567890123"),
        ("0.1234567890123", [], "0.1235"),
        ("[[0.0, 0.30000000000000004], [1.0, 12.3456789]]", [], "[[0.00, 0.30], [1.00, 12.35]]"),
        ("569", [".1f"], "569"),
        ("'10.25 and 3'", [], "'10.25 and 3'"),
    ],
)
def test_glued_value(printed, specs, rounded) -> None:
    assert round_glued(printed, specs) == rounded


def test_drawing() -> None:
    svg = (
        '<path d="M 1.23456 7 L 40.000001 2" transform="translate(57.623456 3) scale(0.015625)" '
        'style="stroke-width: 0.8125"/><use x="0.5" y="1.2345e-07"/>'
    )
    assert round_drawing(svg) == (
        '<path d="M 1.23 7 L 40 2" transform="translate(57.62 3) scale(0.015625)" '
        'style="stroke-width: 0.8125"/><use x="0.5" y="0"/>'
    )


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (GLUED, "0.12", "0.13", True),  # 0.125 and a bit less
        (GLUED, "0.12", "0.14", False),
        (GLUED, "3", "4", False),
        (GLUED, "'3.25'", "'3.26'", False),
        (SVG, '<use x="1.25"/>', '<use x="1.26"/>', True),
        (SVG, '<use x="1.25"/>', '<use x="1.27"/>', False),
        (SVG, '<g id="p0a" x="1"/><g href="#p0a"/>', '<g id="p0b" x="1"/><g href="#p0b"/>', True),
        (
            SVG,
            '<g id="a"/><g id="b"/><g href="#a"/>',
            '<g id="a"/><g id="b"/><g href="#b"/>',
            False,
        ),
        (SVG, '<g style="opacity: 0.12"/>', '<g style="opacity: 0.13"/>', False),
        (SVG, "<path d='M 1 2'/>", "<path d='M 1 2 L 3 4'/>", False),
        ("text/plain", "0.12", "0.13", False),
    ],
)
def test_difference(kind, one, other, same) -> None:
    assert (difference(kind, one, other) is None) == same
