"""The widgets' frame as a reader finds it: what is in sight, the goal, what is one press away."""

from __future__ import annotations

from tests.browser.controls import UNTIL

# The first widget of each class, by page.
WIDGETS = {
    "index": ["Bending network"],
    "chapters/start": ["Curve-fitting explorer"],
    "chapters/metrics": ["Threshold explorer", "Paired comparison"],
    "chapters/perceptron": ["Perceptron trainer", "Mark I retina"],
    "chapters/logistic": ["Logistic playground"],
    "chapters/activations": ["Activation explorer"],
    "chapters/approximation": ["ReLU builder", "Box builder"],
    "chapters/losses": ["Loss explorer"],
    "chapters/backprop": ["Tiny network", "Tape explorer"],
    "chapters/regularisation": ["Digit pad"],
    "chapters/training": ["Descent explorer", "Playground"],
}
UNFOLD = "document.querySelectorAll('.sw-fold').forEach((fold) => { fold.open = true; })"
# Its heights: as it is, and with each of its examples, when that is drawn.
HEIGHTS = f"""
async (widget) => {{
  {UNTIL}
  const height = () => widget.getBoundingClientRect().height;
  const drawn = (plot) => !plot.checkVisibility()
    || Math.abs(plot.querySelector("svg").getAttribute("width") - plot.clientWidth) < 1;
  const heights = {{ opening: height() }};
  for (const button of widget.querySelectorAll(".sw-examples button")) {{
    button.click();
    const shows = () => button.ariaPressed === "true" && widget.ariaBusy !== "true"
      && [...widget.querySelectorAll(".sw-plot")].every(drawn);
    await until(shows, `“${{button.innerText}}” is not shown once it is pressed`);
    heights[button.innerText] = height();
  }}
  return heights;
}}
"""
# Controls that are in sight without a press: a labelled one, or buttons in a line, counts as one.
IN_SIGHT = """
widget => [...widget.querySelector(".sw-controls").children]
  .filter((node) => node.checkVisibility()).length
"""
# What is wrong with a widget in a wide window, if anything.
CROWDED = """
async (widget) => {
  const box = widget.getBoundingClientRect();
  const text = widget.closest("section:not(.sw)").querySelector("p").getBoundingClientRect();
  if (box.width < 1.25 * text.width) return "it is no wider than the text";
  if (document.documentElement.scrollWidth > innerWidth) return "the page scrolls sideways";
  const over = [...document.querySelectorAll("aside.margin")].filter((note) => {
    const { top, bottom, right } = note.getBoundingClientRect();
    return right > box.left && top < box.bottom && bottom > box.top;
  });
  if (over.length) return `it lies on a note: ${over[0].textContent}`;
  const contents = document.querySelector(".bd-sidebar-secondary");
  const shown = () => getComputedStyle(contents).opacity === "1";
  const turn = async (place, wanted) => {
    place.scrollIntoView({ behavior: "instant" });
    for (let k = 0; shown() !== wanted; k += 1) {
      if (k === 300) return `the contents are ${wanted ? "gone" : "beside it"}`;
      await new Promise(requestAnimationFrame);
    }
    return "";
  };
  return await turn(widget, false) || turn(document.querySelector("footer"), true);
}
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

# What a reader does to reach the goal of a widget: presses buttons, sets what has a label, and
# presses keys where one draws or moves what is drawn.
TURN, WIPE = "Space", "Delete"
UP, RIGHT, DOWN, LEFT = "ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft"
BY_HAND: dict[str, list[str | tuple[str, str] | tuple[str, list[str]]]] = {
    "Curve-fitting explorer": [
        ("Training points", "200"),
        *[("Noise", "0.3"), ("Seed", "32"), ("Degree", "13")],
    ],
    "Threshold explorer": [
        *[("Distance", "4"), ("Spread of +", "0.5")],
        *[("Prevalence", "0.5"), ("Threshold", "0.5")],
    ],
    "Paired comparison": [
        *[("Difference", "0.02"), ("Disagreement", "0,04"), ("Test objects n", "900")],
    ],
    "Perceptron trainer": [
        ("Points", "AND"),
        *["Untrain", ("Weight w₁", "1"), ("Weight w₂", "1"), ("Bias b", "-1.5"), "Run"],
    ],
    "Logistic playground": [
        *["One input", "To zero", ("Learning rate η", "7")],
        *["5 gradient steps", "5 gradient steps"],
    ],
    "Activation explorer": [
        *[("Activation g", "sigmoid σ"), ("Input x", "0")],
        *[("Weight w", "4"), ("Bias b", "0")],
    ],
    "Box builder": ["6 × 6 boxes", ("Boxes along a side", "16")],
    "Loss explorer": [
        "An outlier",
        *[("Loss", "Huber"), ("Huber's δ", "0,5"), ("Target y", "0"), ("Prediction ŷ", "4.5")],
    ],
    "Tiny network": ["2–2–2", ("Learning rate η", "0.5"), "100 updates"],
    "Descent explorer": [
        *["Valley", ("Start w₁", "−2"), ("Start w₂", "1"), ("Learning rate η", "0.05")],
        *[("Momentum β", "0.6"), ("Steps", "30")],
    ],
    "Playground": ["Moons", ("Learning rate η", "1"), ("Epochs", "200")],
    "Bending network": ["Ring", ("Hidden units", "3"), ("Epochs", "400")],
    "ReLU builder": [
        *["Sine, 4 hinges", *3 * ["Add a hinge at the largest error"], "Remove unit 7"],
        *[("Equal hinges", "8"), ("Bias b₂ = −t", "−0.15"), ("Bias b₄ = −t", "−0,36")],
        *[("Hinge 6", [RIGHT, RIGHT, RIGHT]), ("Bias b₈ = −t", "−43/50")],
    ],
    "Mark I retina": ["Your own", "Left half", "Teach left", "Right half", "Teach right"],
    # Two dots at the top and one at the bottom, without the ink that runs into their neighbours.
    "Digit pad": [
        "Clear",
        (
            "Pad of 8 by 8 pixels",
            [
                *[*3 * [UP], *2 * [RIGHT], TURN, TURN, RIGHT, TURN, TURN],
                *[RIGHT, WIPE, DOWN, LEFT, WIPE, LEFT, WIPE, UP, LEFT, WIPE],
                *[*7 * [DOWN], *2 * [LEFT], TURN, TURN],
                *[LEFT, WIPE, UP, RIGHT, WIPE, DOWN, RIGHT, WIPE],
            ],
        ),
    ],
    "Tape explorer": [("f =", "x·y + x·(x − 2)"), *5 * ["One line back"]],
}
