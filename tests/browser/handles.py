"""The handles of the widgets: where they are, how a drag takes them, and whether it did."""

from __future__ import annotations

import math

DRAG = 48  # px, far beyond the 15 px after which a browser takes a finger for a swipe
NEAR = 2  # px between a handle and its finger, beside half a step of its value


# States of each page with widgets that show every kind of handle.
STATES = {
    "index": ["bend?points=[[-1,0.5,0],[1.5,1,1],[1,-1.5,1]]", "threshold"],
    "chapters/start": ["fit"],
    "chapters/metrics": ["threshold?prevalence=0.1", "paired"],
    "chapters/perceptron": [
        "perceptron?data=own&points=[[-1,0.5,-1],[1.5,1,1],[1,-0.5,1]]&w1=2&w2=1",
        "retina?task=own&own=[]",
    ],
    "chapters/logistic": ["logistic?w1=1&b=-0.5", "logistic?inputs=two&w1=1&w2=2&b=-1"],
    "chapters/activations": ["activation"],
    "chapters/approximation": ["relu?target=drawn", "boxes?stage=box"],
    "chapters/losses": ["losses", "losses?mode=binary", "losses?mode=classes"],
    "chapters/training": ["descent?steps=5", "descent?surface=line&w1=-1"],
}
# These turn or slide along a curve: they follow the finger as far as the curve lets them.
BOUND = {
    "Move the boundary",
    "Turn the boundary",
    "Slope of the curve",
    "z, moved by the input",
    "Input x",
}

# Its handles by id, but those that only the keyboard moves.
HANDLES = """
widget => [...widget.querySelectorAll(".sw-plot:not(.sw-drawn) .sw-handle[role=slider]")]
  .filter((g) => g.checkVisibility()).map((g) => g.handle.id)
"""
# Where the middle of a handle is on the screen, in a plot that is brought into sight; how far it
# may go along x and y, and by which steps, in pixels; and where the middle of its plot is.
PLACE = """
([widget, id]) => {
  const element = [...widget.querySelectorAll(".sw-handle")]
    .find((g) => g.handle.id === id && g.checkVisibility());
  const plot = element.closest(".sw-plot");
  const place = () => plot.getBoundingClientRect();
  const away = () => place().top < 60 || place().bottom > innerHeight - 20;
  if (away()) plot.scrollIntoView({ block: "center" });
  const scroll = (top) => scrollBy({ top, behavior: "instant" }); // a sticky plot stays for a while
  for (let k = 0; k < 30 && place().top < 60; k += 1) scroll(-60);
  for (let k = 0; k < 30 && place().bottom > innerHeight - 20; k += 1) scroll(60);
  const svg = plot.querySelector("svg").getBoundingClientRect();
  const area = plot.querySelector(".sw-hot").getBoundingClientRect();
  const { handle, geometry } = element;
  const { e, f } = element.getScreenCTM();
  const axes = ["x", "y"].map((axis) => {
    const [limits, scale] = [handle[axis], geometry[axis]];
    if (!limits) return null;
    const origin = axis === "x" ? svg.left : svg.top;
    const range = [limits.min, limits.max].map((v) => origin + scale(v));
    const step = Math.abs(scale(limits.min + limits.step) - scale(limits.min)); // the longest
    return [Math.min(...range), Math.max(...range), step];
  });
  return {
    label: element.getAttribute("aria-label"), axes,
    at: [e, handle.shape === "line" ? area.top + area.height / 2 : f],
    middle: [area.left + area.width / 2, area.top + area.height / 2],
  };
}
"""


def way_of(handle: dict, far: float) -> list[float]:
    """Return a way, in pixels, from a handle as `PLACE` sees it towards the middle of its plot."""
    towards = zip(handle["at"], handle["middle"], handle["axes"], strict=True)
    return [math.copysign(far, middle - at) if axis else 0 for at, middle, axis in towards]


def off_its_way(before: dict, after: dict, way: list[float]) -> str | None:
    """Say how a handle did not stay under what dragged it; None if it did."""
    label = before["label"]
    if after["at"] == before["at"]:
        return f"{label}: nothing moved"
    ends = zip(before["at"], after["at"], way, before["axes"], strict=True)
    for start, end, along, axis in ends:
        if axis is None or label in BOUND:
            continue
        low, high, step = axis
        if abs(min(high, max(low, start + along)) - end) > NEAR + step / 2:
            return f"{label}: from {before['at']} by {way} to {after['at']}"
    return None
