/** The activation explorer: one neuron, its activation and the slope that learning needs. */

import { select, slider, sliderFor } from "./kit/controls.js";
import { fixed } from "./kit/format.js";
import { columns, fold, openFold, when } from "./kit/layout.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { formula, legend, live, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { ACTIVATIONS, condition, neuron } from "./model/activations.js";

const EXAMPLES = {
  "Steepest place": { function: "sigmoid", x: 0, w: 1, b: 0 },
  "Saturated": { function: "sigmoid", x: 6, w: 1, b: 0 },
  "Nearly a step": { function: "sigmoid", x: 1, w: 4, b: 0 },
  "Kink": { function: "relu", x: 0, w: 1, b: 0 },
  "Dead ReLU": { function: "relu", x: 1, w: 1, b: -8 },
  "Leaky instead": { function: "leaky", x: 1, w: 1, b: -8, epsilon: 0.1 },
};

const NOTES = {
  kink: "At the kink there is no derivative; the slope on its left is the usual choice.",
  dead: "No slope: no gradient passes through this neuron.",
  saturated: "Saturated: less than a twentieth of the steepest slope is left.",
  live: "Live: the gradient passes.",
};

const REACH = 8; // largest |z| and |x| in the plots
const DENSE = Array.from({ length: 401 }, (_, i) => (i / 200 - 1) * REACH);

const GOAL = 0.9; // slope over the input

export default widget({
  title: "Activation explorer",
  opening: { x: 2, w: 1.5, b: -1.5 },
  examples: EXAMPLES,
  create(state) {
    return {
      derive,
      picture: [columns(activationPlot(state), neuronPlot(state)), legend([
        { label: "g(z)", color: "neg", shape: "line" },
        { label: "g′(z)", color: "pos", shape: "line", dash: "7 4" },
        { label: "tangent", color: "accent", shape: "line", dash: "2 3" },
      ])],
      controls: [select(state, "function"), slider(state, "x", { color: "accent" }), slider(state, "w")],
      more: [
        openFold("In numbers", table("At this input", ["", "value"], rows), live(workings)),
        fold("Bias and shape", slider(state, "b"), sliderFor({
          label: "z = w x + b", min: -REACH, max: REACH, step: 0.1, color: "accent", q: "z",
          get: (s) => s.z, set: (z) => moveTo(state, z),
        }), when((s) => s.parameter === "epsilon", slider(state, "epsilon")), when((s) => s.parameter === "beta", slider(state, "beta"))),
      ],
      describe,
      goal: (s) => ({
        text: "a sigmoid whose output rises by 0.9 or more for each unit of x.",
        met: s.function === "sigmoid" && s.gain >= GOAL,
        answer: { function: "sigmoid", x: 0, w: 4, b: 0 },
      }),
    };
  },
});

/** All that follows from the settings. */
function derive(s) {
  const now = neuron(s.function, s.x, s.w, s.b, s);
  return { ...s, ...ACTIVATIONS[s.function], ...now, condition: condition(s.function, now.z, s) };
}

/** Bring z to a value by the input; without a weight only the bias can do it. */
function moveTo(state, z) {
  const { w, b } = state.values();
  state.set(w === 0 ? { b: z } : { x: (z - b) / w });
}

function activationPlot(state) {
  const inside = (z) => Math.min(REACH, Math.max(-REACH, z));
  return plot({
    label: (s) => `The activation g and its slope g′ against z from −${REACH} to ${REACH}; `
      + `at z = ${fixed(s.z)} g is ${fixed(s.a, 3)} and g′ is ${fixed(s.steepness, 3)}.`,
    x: { domain: [-REACH, REACH], label: "z" },
    y: { domain: vertical, label: "g(z), g′(z)" },
    height: 250,
    narrow: 180,
    draw(marks, s) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      marks.line(DENSE.map((z) => [z, s.slope(z, s)]), { color: "pos", dash: "7 4", q: "slope" });
      marks.line(DENSE.map((z) => [z, s.g(z, s)]), { color: "neg", width: 2.5, q: "g" });
      if (Math.abs(s.z) > REACH) {
        marks.text([inside(s.z), s.g(inside(s.z), s)], `z = ${fixed(s.z)} is outside`, { color: "accent", anchor: s.z > 0 ? "end" : "start", dy: -14 });
        return;
      }
      const tangent = (z) => s.a + s.steepness * (z - s.z);
      marks.line([-REACH, REACH].map((z) => [z, tangent(z)]), { color: "accent", dash: "2 3", q: "slope" });
      marks.dots([[s.z, s.steepness]], { color: "pos", shape: "diamond", size: 5, q: "slope" });
    },
    handles: (s) => [{
      id: "z", q: "z", label: "z, moved by the input", text: `z ${fixed(s.z)}, g ${fixed(s.a, 3)}, slope ${fixed(s.steepness, 3)}`,
      at: [inside(s.z), s.g(inside(s.z), s)], x: { min: -REACH, max: REACH, step: 0.1 }, move: ([z]) => moveTo(state, z),
    }],
    press: ([z]) => moveTo(state, z),
  });
}

function neuronPlot(state) {
  const { min, max, step } = state.settings.x;
  return plot({
    label: (s) => `The output a = g(w x + b) of the neuron against its input x; at x = ${fixed(s.x)} it is ${fixed(s.a, 3)}.`,
    x: { domain: [min, max], label: "input x" },
    y: { domain: vertical, label: "a = g(w x + b)" },
    height: 250,
    narrow: 180,
    draw(marks, s) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      marks.rule({ x: s.x }, { color: "control", width: 1, dash: "4 4", q: "x" });
      marks.line(DENSE.map((x) => [x, s.g(s.w * x + s.b, s)]), { color: "neg", width: 2.5, q: "g" });
      const tangent = (x) => s.a + s.gain * (x - s.x);
      marks.line([min, max].map((x) => [x, tangent(x)]), { color: "accent", dash: "2 3", q: "gain" });
    },
    handles: (s) => [{
      id: "x", q: "x", label: "Input x", text: `${fixed(s.x)}, output ${fixed(s.a, 3)}`,
      at: [s.x, s.a], x: { min, max, step }, move: ([x]) => state.set({ x }),
    }],
    press: ([x]) => state.set({ x }),
  });
}

/** Room for the curve: activations that stay within [−1, 1] are drawn larger. */
function vertical(s) {
  if (s.function === "tanh") return [-1.3, 1.3];
  return ["step", "sigmoid"].includes(s.function) ? [-0.3, 1.3] : [-2.5, 6];
}

function workings(s) {
  return [
    formula("g(z) = ", s.formula),
    formula("z = ", quantity("w", fixed(s.w)), " · ", quantity("x", fixed(s.x)), " + ", quantity("b", bracket(s.b)), " = ", mark(fixed(s.z), "accent", "z")),
  ];
}

function rows(s) {
  return [
    [mark("g(z)", "neg", "g"), quantity("g", fixed(s.a, 4))],
    [mark("slope g′(z)", "pos", "slope"), quantity("slope", fixed(s.steepness, 4))],
    [quantity("gain", "slope over x, w g′(z)"), quantity("gain", fixed(s.gain, 4))],
  ];
}

function describe(s) {
  return `With x = ${fixed(s.x)}, w = ${fixed(s.w)} and b = ${fixed(s.b)}, z is ${fixed(s.z)}, `
    + `g(z) is ${fixed(s.a, 3)} and its slope ${fixed(s.steepness, 3)}. ${NOTES[s.condition]}`;
}

function bracket(x) {
  return x < 0 ? `(${fixed(x)})` : fixed(x);
}
