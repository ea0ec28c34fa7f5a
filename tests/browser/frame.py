"""The widgets' frame as a reader finds it: what is in sight, the goal, what is one press away."""

from __future__ import annotations

# The first widget of each class, by page.
WIDGETS = {
    "index": ["Bending network"],
    "chapters/start": ["Curve-fitting explorer"],
    "chapters/metrics": ["Threshold explorer"],
    "chapters/perceptron": ["Perceptron trainer", "Mark I retina"],
    "chapters/logistic": ["Logistic playground"],
    "chapters/activations": ["Activation explorer"],
    "chapters/approximation": ["ReLU builder", "Box builder"],
    "chapters/losses": ["Loss explorer"],
    "chapters/backprop": ["Tiny network", "Tape explorer"],
    "chapters/regularisation": ["Digit pad"],
    "chapters/training": ["Descent explorer", "Playground"],
}
HEIGHT = "node => node.getBoundingClientRect().height"
# Controls that are in sight without a press: a labelled one, or buttons in a line, counts as one.
IN_SIGHT = """
widget => [...widget.querySelector(".sw-controls").children]
  .filter((node) => node.checkVisibility()).length
"""
# For each quantity of a control: how many places are marked while its control has the focus.
MARKED = """
widget => {
  const places = {};
  for (const control of widget.querySelectorAll("[data-q]:is(.sw-control, .sw-handle)")) {
    if (!control.checkVisibility()) continue;
    (control.querySelector("input") ?? control).focus({ preventScroll: true });
    places[control.dataset.q] = [...widget.querySelectorAll(".sw-marked")]
      .filter((node) => node !== control).length;
  }
  return places;
}
"""

# In what a quantity is marked: a plot, a table, a formula.
KINDS = """
nodes => nodes.map((node) => node.closest("svg, table, .sw-formula")?.nodeName)
"""
# Scroll until a fold is in the lower part of a phone's window.
SCROLL_DOWN = """
node => scrollTo({
  top: scrollY + node.getBoundingClientRect().top - 600, behavior: "instant",
})
"""
