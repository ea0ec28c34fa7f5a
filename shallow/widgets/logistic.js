/** The logistic playground: the curve or the plane, the cost surface, and the way down. */

import { boundaryHandles, drawBoundary } from "./kit/boundary.js";
import { button, select, slider, sliderFor } from "./kit/controls.js";
import { h } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { columns, fold, line, openFold, stack, when } from "./kit/layout.js";
import { math } from "./kit/math.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { formula, legend, live } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { overlapping, separable } from "./model/clouds.js";
import {
  cost, curveThrough, descend, gradient, hessian, inputAt, minimum, probability,
} from "./model/logistic.js";
import { confusion, rates } from "./model/metrics.js";

const X_DOMAIN = [-3, 4];
const LIMIT = 100; // a path that leads farther is given up as diverging
const SIZE = { height: 246, narrow: 156 }; // px, of the pictures
const SHARP = 0.75; // probability at which the handle of the slope sits
const LOOKS = [{ color: "neg", shape: "dot" }, { color: "pos", shape: "triangle" }];
const KEYS = { one: ["w1", "b"], two: ["w1", "w2", "b"] };
const NAMES = { w1: "w₁", w2: "w₂", b: "b" };
const START = { w1: 0, w2: 0, b: 0, steps: 0, method: "gradient", rate: 1, l2: 0 };

const EXAMPLES = {
  "One input": { inputs: "one", data: "overlapping", ...START },
  "Two inputs": { inputs: "two", data: "overlapping", ...START },
  "Separable": { inputs: "one", data: "separable", ...START },
  "Separable, with a penalty": { inputs: "one", data: "separable", ...START, l2: 0.05 },
  "Oscillation": { inputs: "one", data: "overlapping", ...START, rate: 11.5, steps: 25 },
};

const GOAL = { above: 0.001, steps: 10 }; // the least cost

export default widget({
  title: "Logistic playground",
  opening: { steps: 6, rate: 2 },
  examples: EXAMPLES,
  create(state) {
    const now = () => derive(state.values());
    const weightsAsStart = (theta) => ({
      ...Object.fromEntries(KEYS[state.get("inputs")].map((key, k) => [key, theta[k]])), steps: 0,
    });
    const setTheta = (theta) => state.set(weightsAsStart(theta));
    const replace = (index, point) => state.set({
      data: "own", points: now().points.map((old, i) => (i === index ? point : old)), ...weightsAsStart(now().theta),
    });
    const step = (method, count) => {
      const { theta, path } = now();
      const restart = state.get("method") === method ? {} : { method, ...weightsAsStart(theta) };
      state.set({ ...restart, steps: ("method" in restart ? 0 : path.length - 1) + count });
    };
    const back = () => state.set({ steps: now().path.length - 2 });
    const more = [1, 5, 25].map((count) =>
      button(`+${count}`, () => step("gradient", count), { "aria-label": `${count} gradient step${count === 1 ? "" : "s"}` }));
    const gradientSteps = line(h("span", { class: "sw-label" }, "Gradient steps"), ...more);
    const newton = line(button("Newton step", () => step("newton", 1)), button("Back", back),
      button("To zero", () => state.glide({ w1: 0, w2: 0, b: 0, steps: 0 })));

    const weightSlider = (key) => {
      const control = sliderFor({
        ...state.settings[key], q: key,
        get: (s) => Number((s.theta[s.keys.indexOf(key)] ?? s[key]).toFixed(3)),
        set: (value) => {
          const index = KEYS[state.get("inputs")].indexOf(key);
          if (index >= 0) setTheta(now().theta.with(index, value));
        },
      });
      return when((s) => s.keys.includes(key), control);
    };
    return {
      derive,
      picture: [columns(
        stack(
          when((s) => s.inputs === "one", curvePlot(setTheta, replace)),
          when((s) => s.inputs === "two", planePlot(setTheta, replace)),
          legend([{ label: "label 1", ...LOOKS[1] }, { label: "label 0", ...LOOKS[0] },
            { label: "threshold", color: "good", shape: "line", dash: "7 4" }])),
        stack(surfacePlot(state, setTheta),
          legend([{ label: "path", color: "accent", shape: "line" }, { label: "least cost", color: "good", shape: "cross" }])))],
      controls: [gradientSteps, newton, slider(state, "rate")],
      more: [
        openFold("In numbers", live(model, { class: "sw-live sw-two" })),
        fold("Cost by step", descentPlot()),
        fold("Threshold", slider(state, "threshold", { color: "good" }), live(decision)),
        fold("Weights", weightSlider("w1"), weightSlider("w2"), weightSlider("b")),
        fold("Training", select(state, "method"), slider(state, "steps"), slider(state, "l2")),
        fold("Data", select(state, "inputs"), select(state, "data"), slider(state, "seed")),
      ],
      describe,
      goal: ({ method, path, cost: now, least, data, l2, inputs }) => ({
        text: "one input: within 0.001 of the least cost, in ten gradient steps or fewer.",
        met: inputs === "one" && data === "overlapping" && l2 === 0 && method === "gradient" && path.length - 1 <= GOAL.steps && now - least < GOAL.above,
        answer: { ...EXAMPLES["One input"], seed: 1, rate: 7, steps: 10 },
      }),
    };
  },
});

/** All that follows from the settings. */
function derive(s) {
  const points = pointsOf(s);
  const X = points.map(([x1, x2]) => (s.inputs === "one" ? [x1] : [x1, x2]));
  const y = points.map((point) => point[2]);
  const start = KEYS[s.inputs].map((key) => s[key]);
  const path = descend(X, y, start, { method: s.method, rate: s.rate, lambda: s.l2, steps: s.steps, limit: LIMIT });
  const theta = path.at(-1);
  const best = bestOf({ X, y, l2: s.l2 });
  const scores = X.map((x) => probability(theta, x));
  return {
    ...s, points, X, y, path, theta, best, scores, keys: KEYS[s.inputs],
    cost: cost(X, y, theta, s.l2),
    gradient: gradient(X, y, theta, s.l2),
    least: best && cost(X, y, best, s.l2),
    rates: rates(confusion(scores, y, s.threshold)),
  };
}

const bestOf = memo(["X", "y", "l2"], ({ X, y, l2 }) => minimum(X, y, l2, LIMIT));

function pointsOf({ data, points, seed, inputs }) {
  if (data === "own") return points;
  const drawn = data === "separable"
    ? separable(20, 0.1, inputs === "one" ? 0 : 0.1, seed)
    : overlapping(30, 1.8, 0.8, seed);
  return drawn.map(([x1, x2, y]) => [...[x1, x2].map((x) => Math.min(X_DOMAIN[1], Math.max(X_DOMAIN[0], x))), (y + 1) / 2]);
}

function pointHandles(s, replace, place) {
  const limits = { min: X_DOMAIN[0], max: X_DOMAIN[1], step: 0.05 };
  return s.points.map(([x1, x2, y], i) => ({
    id: `point${i}`, label: `Point ${i + 1}, label ${y}`, ...place([x1, x2, y], i, limits), ...LOOKS[y], reach: 13,
    key(event) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      replace(i, [x1, x2, 1 - y]);
    },
  }));
}

/** One input: the curve over the axis, with a handle in its middle and one on its slope. */
function curvePlot(setTheta, replace) {
  const dense = Array.from({ length: 141 }, (_, i) => X_DOMAIN[0] + (i * (X_DOMAIN[1] - X_DOMAIN[0])) / 140);
  const limits = { min: X_DOMAIN[0], max: X_DOMAIN[1], step: 0.05 };
  const visible = (x) => x >= limits.min && x <= limits.max;
  return plot({
    label: (s) => `The probability of label 1 against the input, ${number(probability(s.theta, [X_DOMAIN[0]]))} at the left end, `
      + `${number(probability(s.theta, [X_DOMAIN[1]]))} at the right, and ${s.points.length} points with their labels.`,
    x: { domain: X_DOMAIN, label: "x₁" },
    y: { domain: [-0.12, 1.12], label: "probability ŷ", ticks: [0, 0.5, 1] },
    ...SIZE,
    draw(marks, s) {
      const cut = inputAt(s.theta, s.threshold);
      marks.rule({ y: s.threshold }, { color: "good", dash: "7 4", width: 1.2, q: "threshold" });
      if (Number.isFinite(cut)) marks.rule({ x: cut }, { color: "good", dash: "7 4", width: 1.2, q: "threshold" });
      marks.line(dense.map((x) => [x, probability(s.theta, [x])]), { color: "accent", width: 2.5, q: "w1 b" });
    },
    handles: (s) => {
      const [w] = s.theta;
      const [middle, sharp] = [0.5, SHARP].map((p) => inputAt(s.theta, p));
      const text = `${number(w)} x₁ + ${number(s.theta[1])}`;
      return [
        ...pointHandles(s, replace, ([x1, x2, y], i, along) => ({
          text: short(x1), at: [x1, y], x: along, move: ([x]) => replace(i, [x, x2, y]),
        })),
        ...(visible(middle) ? [{
          id: "middle", q: "b", label: "Middle of the curve", text, at: [middle, 0.5], x: limits, color: "accent", shape: "square",
          move: ([x]) => setTheta([w, -w * x]),
        }] : []),
        ...(visible(sharp) && visible(middle) ? [{
          id: "slope", q: "w1", label: "Slope of the curve", text, at: [sharp, SHARP], x: limits, color: "accent",
          move: ([x]) => x !== middle && setTheta(curveThrough([middle, 0.5], [x, SHARP])),
        }] : []),
      ];
    },
  });
}

/** Two inputs: the plane, its probability as a map. */
function planePlot(setTheta, replace) {
  return plot({
    label: (s) => `${s.points.length} points of two classes, the probability of label 1 as a map, and the line on which it is one half.`,
    x: { domain: X_DOMAIN, label: "x₁" },
    y: { domain: X_DOMAIN, label: "x₂" },
    ...SIZE,
    even: true,
    draw(marks, s) {
      const [w1, w2, b] = s.theta;
      marks.heat((x1, x2) => 0.7 * (2 * probability(s.theta, [x1, x2]) - 1), { cells: 50 });
      for (const p of [0.1, 0.9]) {
        marks.rule({ normal: [w1, w2], offset: b - Math.log(p / (1 - p)) }, { color: "accent", width: 1, dash: "2 3" });
      }
      marks.rule({ normal: [w1, w2], offset: b - Math.log(s.threshold / (1 - s.threshold)) }, { color: "good", dash: "7 4" });
      drawBoundary(marks, s.theta, X_DOMAIN);
    },
    handles: (s) => [
      ...pointHandles(s, replace, ([x1, x2, y], i, along) => ({
        text: `${short(x1)}, ${short(x2)}`, at: [x1, x2], x: along, y: along, move: (point) => replace(i, [...point, y]),
      })),
      ...boundaryHandles(s.theta, X_DOMAIN, setTheta),
    ],
  });
}

/** The cost over two of the parameters; with two inputs, at the present bias. */
function surfacePlot(state, setTheta) {
  const { min, max, step } = state.settings.w1;
  const other = (s) => (s.inputs === "one" ? "b" : "w₂");
  return plot({
    label: (s) => `Cost over w₁ and ${other(s)}: ${number(s.cost)} at the present point, ${number(s.theta[0])} and ${number(s.theta[1])}`
      + `${s.best ? `, at least ${number(s.least)}` : "; it has no minimum"}.`,
    x: { domain: [min, max], label: "w₁" },
    y: { domain: [min, max], label: "cost surface" },
    ...SIZE,
    draw(marks, s) {
      const at = (u, v) => [u, v, ...s.theta.slice(2)];
      const height = (u, v) => Math.log10(cost(s.X, s.y, at(u, v), s.l2));
      marks.heat(height, { domain: [Math.log10(s.least ?? 0.02), 1.6], palette: "sequential", cells: 40 });
      marks.contours(height, [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5, 8].map(Math.log10),
        { color: "ink", opacity: 0.45, cells: 40 });
      marks.text([min, max], other(s), { dx: 8, dy: 18 });
      const path = s.path.map((theta) => theta.slice(0, 2));
      const newton = s.method === "newton";
      marks.line(path, { color: "accent", width: 1.8, dash: newton ? "6 4" : null });
      marks.dots(path.slice(-200), { color: "accent", size: 3, shape: newton ? "diamond" : "dot" });
      if (s.best) marks.dots([s.best], { color: "good", shape: "cross", size: 6 });
    },
    handles: (s) => {
      const limits = { min, max, step };
      return [{
        id: "theta", q: s.inputs === "one" ? "w1 b" : "w1 w2", label: `Weight w₁ and ${other(s) === "b" ? "bias b" : "weight w₂"}`,
        text: `${number(s.theta[0])}, ${number(s.theta[1])}, cost ${number(s.cost)}`,
        at: s.theta.slice(0, 2).map((value) => Math.min(max, Math.max(min, value))), x: limits, y: limits, color: "accent",
        move: ([u, v]) => setTheta([u, v, ...s.theta.slice(2)]),
      }];
    },
  });
}

function descentPlot() {
  const costs = (s) => s.path.map((theta) => cost(s.X, s.y, theta, s.l2));
  return plot({
    label: (s) => `Cost after each of ${s.path.length - 1} steps, from ${number(costs(s)[0])} to ${number(s.cost)}.`,
    x: { domain: (s) => [0, Math.max(5, s.path.length - 1)], label: "steps" },
    y: { domain: (s) => [0, 1.1 * Math.max(0.7, ...costs(s))], label: "cost" },
    height: 170,
    draw(marks, s) {
      const points = costs(s).map((value, k) => [k, value]);
      if (s.best) marks.rule({ y: s.least }, { color: "good", dash: "2 3", width: 1.5 });
      marks.line(points, { color: "accent" });
      if (points.length < 60) marks.dots(points, { color: "accent", size: 3 });
      marks.dots(points.slice(-1), { color: "accent", size: 5, q: "cost" });
    },
  });
}

/** The model and the next step of either kind, in numbers. */
function model(s) {
  const { theta, keys, inputs } = s;
  const terms = keys.slice(0, -1).flatMap((key, k) => [k ? " + " : "", quantity(key, inner(theta[k])), ` ${inputs === "one" ? "x₁" : ["x₁", "x₂"][k]}`]);
  const vector = (values) => `(${values.map((x) => short(x)).join(", ")})`;
  const H = hessian(s.X, theta, s.l2);
  const odds = keys.slice(0, -1).map((key, k) => formula(`odds × e`, h("sup", {}, math(NAMES[key])), ` = ${short(Math.exp(theta[k]))} for one more unit of x${"₁₂"[k]}`));
  return [
    formula("z = ", ...terms, " + ", quantity("b", inner(theta.at(-1)))),
    formula("ŷ = 1 / (1 + e⁻", h("sup", {}, math("z")), ")"),
    ...odds,
    formula("cost C = ", quantity("cost", fixed(s.cost, 4)), s.best ? `, at least ${fixed(s.least, 4)}` : ", without minimum: it falls as ‖w‖ grows"),
    formula(`∇C = ${vector(s.gradient)}`),
    formula(`−η ∇C = ${vector(s.gradient.map((g) => -s.rate * g))}`),
    formula(`Hessian H = ${H.map(vector).join(", ")}`),
  ];
}

/** What the threshold makes of the probabilities. */
function decision({ threshold, rates: r }) {
  return [h("div", {}, "Threshold ", quantity("threshold", fixed(threshold)), " on ", math("ŷ"), " is ", math(`z ≥ ${number(Math.log(threshold / (1 - threshold)))}`), `: `
    + `precision ${fixed(r.precision)}, recall ${fixed(r.tpr)}.`)];
}

function describe({ steps, path, method, theta, keys, cost: value, best, least, gradient: g }) {
  const made = path.length - 1;
  const kind = method === "newton" ? "Newton" : "gradient";
  const where = keys.map((key, k) => `${NAMES[key]} = ${number(theta[k])}`).join(", ");
  const end = best
    ? `the least possible is ${fixed(least, 3)}; the gradient has the length ${short(Math.hypot(...g))}`
    : "there is no least one: a threshold separates the classes, and the cost falls as the weights grow";
  const broken = made < steps ? ` The next step would be impossible or leads too far, so it stops after ${made}.` : "";
  return `After ${made} ${kind} step${made === 1 ? "" : "s"}: ${where}. The cost is ${fixed(value, 3)}, ${end}.${broken}`;
}

const number = (x) => fixed(x, Math.abs(x) >= 100 ? 0 : 2);
const inner = (x) => (x < 0 ? `(${number(x)})` : number(x));
