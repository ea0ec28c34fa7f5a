/** The descent explorer: a path down a surface, with the gradient and the Hessian that shape it. */

import { button, select, slider } from "./kit/controls.js";
import { fixed, short } from "./kit/format.js";
import { h } from "./kit/dom.js";
import { columns, fold, line, openFold, stack, when } from "./kit/layout.js";
import { math } from "./kit/math.js";
import { player } from "./kit/player.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { formula, legend, live, mark } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { cost, descend, eigenvalues, gradient, hessian, limitRate } from "./model/descent.js";

const DOMAIN = [-2.5, 2.5];
const LIMIT = 50; // a path that leads farther is given up as diverging
const SIZE = { height: 256, narrow: 215 }; // px, of the pictures
const NEAR = 1e-3; // length of a gradient that counts as none
const MINIMA = { line: [[0]], bowl: [[0, 0]], valley: [[0, 0]], saddle: [], wells: [[-1, 0], [1, 0]], banana: [[1, 1]] };
const SADDLES = { saddle: [[0, 0]], wells: [[0, 0]] };
const LEVELS = {
  bowl: [0.1, 0.4, 1, 2, 3.5, 6], valley: [0.2, 1, 3, 8, 18, 35, 55], saddle: [-2.5, -1.5, -0.7, -0.2, 0, 0.2, 0.7, 1.5, 2.5],
  wells: [-0.2, -0.1, 0, 0.2, 0.6, 1.3, 2.5, 4.5], banana: [0.2, 1, 4, 12, 30, 70, 150, 280],
};
const PLAIN = { method: "gradient", momentum: 0, steps: 0 };
const EXAMPLES = {
  "Crawl": { surface: "line", curvature: 1, w1: -2, ...PLAIN, rate: 0.05, steps: 20 },
  "Oscillation": { surface: "line", curvature: 1, w1: -2, ...PLAIN, rate: 1.9, steps: 20 },
  "Divergence": { surface: "line", curvature: 1, w1: -2, ...PLAIN, rate: 2.1, steps: 20 },
  "Valley": { surface: "valley", w1: -2, w2: 1, ...PLAIN, rate: 0.09, steps: 30 },
  "Valley with momentum": { surface: "valley", w1: -2, w2: 1, ...PLAIN, rate: 0.05, momentum: 0.6, steps: 30 },
  "Newton in the valley": { surface: "valley", w1: -2, w2: 1, ...PLAIN, method: "newton", rate: 1, steps: 1 },
  "Newton at a saddle": { surface: "wells", w1: 0.4, w2: 1.5, ...PLAIN, method: "newton", rate: 1, steps: 5 },
};

const GOAL = { cost: 0.001, steps: 30 };
const ALONE = (s) => s.surface === "line";

export default widget({
  title: "Descent explorer",
  opening: { rate: 0.09, steps: 6 },
  examples: EXAMPLES,
  create(state, { signal }) {
    const { max } = state.settings.steps;
    const step = () => {
      const { path, steps } = derive(state.values());
      if (path.length <= steps || steps >= max) return false;
      state.set({ steps: steps + 1 });
      return steps + 1 < max;
    };
    const actions = player({ step, signal, rate: 10, label: "Step" });
    actions.node.append(button("Back to the start", () => {
      actions.pause();
      state.glide({ steps: 0 });
    }));
    const newton = button("Newton step", () => {
      actions.pause();
      const { w } = derive(state.values());
      state.set({ method: "newton", rate: 1, ...atStart(w), steps: 1 });
    });
    const setStart = (w) => state.set({ ...atStart(w), steps: 0 });
    return {
      derive,
      picture: [columns(
        stack(when(ALONE, linePlot(setStart)), when((s) => !ALONE(s), mapPlot(setStart))),
        costPlot()), legend([{ label: "path", color: "accent", shape: "line" }, { label: "minimum", color: "good", shape: "cross" }, { label: "saddle", color: "muted", shape: "square" }])],
      controls: [actions, slider(state, "rate"), slider(state, "momentum")],
      more: [
        openFold("In numbers", live(numbers, { class: "sw-live sw-two" })),
        fold("Method", select(state, "method"), slider(state, "steps"), line(newton)),
        fold("Surface and start", select(state, "surface"), when(ALONE, slider(state, "curvature")),
          slider(state, "w1", { color: "accent" }), when((s) => !ALONE(s), slider(state, "w2"))),
      ],
      describe,
      goal: ({ surface, method, path, value, w1 }) => ({
        text: `in the valley from −2, 1: a cost below ${GOAL.cost} within ${GOAL.steps} gradient steps.`,
        met: surface === "valley" && method === "gradient" && w1 === -2 && path.length - 1 <= GOAL.steps && value < GOAL.cost,
        answer: { surface: "valley", method: "gradient", w1: -2, w2: 1, rate: 0.05, momentum: 0.6, steps: 30 },
      }),
    };
  },
});

const atStart = (w) => (w.length === 1 ? { w1: w[0] } : { w1: w[0], w2: w[1] });

/** All that follows from the settings. */
function derive(s) {
  const start = s.surface === "line" ? [s.w1] : [s.w1, s.w2];
  const path = descend(s.surface, start, { ...s, lambda: s.curvature, limit: LIMIT });
  const w = path.at(-1);
  const at = [s.surface, w, s.curvature];
  const H = hessian(...at);
  const curvatures = eigenvalues(H);
  return {
    ...s, path, w, H, curvatures, g: gradient(...at), value: cost(...at),
    costs: path.map((point) => cost(s.surface, point, s.curvature)),
    limit: limitRate(curvatures[0], s.momentum),
  };
}

const inside = (x) => Math.min(DOMAIN[1], Math.max(DOMAIN[0], x));

function startHandle(s, at, limits, setStart) {
  return {
    id: "start", q: "w1 w2", label: "Start", text: `${at.slice(0, s.path[0].length).map((x) => short(x)).join(", ")}`, at,
    ...limits, color: "accent", move: (point) => setStart(point.slice(0, s.path[0].length)),
  };
}

const AXIS = { min: DOMAIN[0], max: DOMAIN[1], step: 0.05 };

/** One parameter: the parabola, and the path along it. */
function linePlot(setStart) {
  const xs = Array.from({ length: 101 }, (_, i) => DOMAIN[0] + (i * (DOMAIN[1] - DOMAIN[0])) / 100);
  const of = (s, x) => cost("line", [x], s.curvature);
  return plot({
    label: (s) => `The cost ½ · ${short(s.curvature)} · w₁² and a path of ${s.path.length - 1} steps from ${short(s.w1)} to ${number(s.w[0])}.`,
    x: { domain: DOMAIN, label: "w₁" },
    y: { domain: (s) => [0, 1.05 * of(s, DOMAIN[1])], label: "cost C" },
    ...SIZE,
    draw(marks, s) {
      marks.line(xs.map((x) => [x, of(s, x)]), { color: "ink" });
      const points = s.path.map(([x]) => [x, of(s, x)]);
      marks.line(points, { color: "accent", width: 1.5 });
      marks.dots(points.slice(1), { color: "accent", size: 3.5 });
      marks.dots(points.slice(-1), { color: "accent", size: 4.5, q: "w" });
      marks.dots([[0, 0]], { color: "good", shape: "cross", size: 6 });
    },
    handles: (s) => [startHandle(s, [s.w1, of(s, s.w1)], { x: AXIS }, setStart)],
  });
}

/** Two parameters: contours, and the path over them. */
function mapPlot(setStart) {
  return plot({
    label: (s) => `Lines of equal cost over w₁ and w₂, and a path of ${s.path.length - 1} steps from ${short(s.w1)}, ${short(s.w2)} to ${s.w.map(number).join(", ")}.`,
    x: { domain: DOMAIN, label: "w₁" },
    y: { domain: DOMAIN, label: "w₂" },
    ...SIZE,
    even: true,
    draw(marks, s) {
      const height = (x, y) => cost(s.surface, [x, y], s.curvature);
      const levels = LEVELS[s.surface];
      const root = (v) => Math.sign(v) * Math.sqrt(Math.abs(v));
      marks.heat((x, y) => root(height(x, y)), { domain: [Math.min(0, root(levels[0])), 1.6 * root(levels.at(-1))], palette: "sequential", cells: 40 });
      marks.contours(height, levels, { color: "ink", opacity: 0.45, cells: 50 });
      const newton = s.method === "newton";
      marks.line(s.path.map((w) => w.map((x) => Math.min(9, Math.max(-9, x)))), { color: "accent", width: 1.8, dash: newton ? "6 4" : null });
      marks.dots(s.path.slice(1), { color: "accent", size: 3, shape: newton ? "diamond" : "dot" });
      marks.dots(s.path.slice(-1), { color: "accent", size: 4.5, q: "w" });
      marks.dots(MINIMA[s.surface], { color: "good", shape: "cross", size: 6 });
      marks.dots(SADDLES[s.surface] ?? [], { color: "muted", shape: "square", size: 5, hollow: true });
    },
    handles: (s) => [startHandle(s, [s.w1, s.w2].map(inside), { x: AXIS, y: AXIS }, setStart)],
  });
}

function costPlot() {
  return plot({
    label: (s) => `Cost after each of ${s.path.length - 1} steps, from ${number(s.costs[0])} to ${number(s.value)}.`,
    x: { domain: (s) => [0, Math.max(5, s.path.length - 1)], label: "steps" },
    y: { domain: (s) => spread(s.costs), label: "cost C" },
    height: 256,
    narrow: 118,
    draw(marks, s) {
      marks.line(s.costs.map((value, k) => [k, value]), { color: "accent" });
      if (s.costs.length < 60) marks.dots(s.costs.map((value, k) => [k, value]), { color: "accent", size: 3 });
      marks.dots([[s.costs.length - 1, s.value]], { color: "accent", size: 5, q: "cost" });
    },
  });
}

/** From below the least to above the largest of the costs, however far a path has run. */
function spread(costs) {
  const [low, high] = [Math.min(0, ...costs), Math.min(1e4, Math.max(0.5, ...costs))];
  return [Math.max(-1e4, low), high + 0.08 * (high - low)];
}

/** Gradient, Hessian, limit and next step in numbers. */
function numbers(s) {
  const vector = (values) => (values.length === 1 ? number(values[0]) : `(${values.map(number).join(", ")})`);
  const next = descend(s.surface, s.w, { ...s, steps: 1, momentum: 0, method: s.method === "newton" ? "newton" : "gradient", lambda: s.curvature, limit: Infinity })[1];
  const kind = s.method === "newton" ? "−η H⁻¹ ∇C" : "−η ∇C";
  return [
    formula("w = ", mark(vector(s.w), "accent", "w"), ", C = ", quantity("cost", fixed(s.value, 4))),
    formula(`∇C = ${vector(s.g)}`),
    ...(next ? [formula(`${kind} = ${vector(next.map((x, k) => x - s.w[k]))}`)] : []),
    formula(`Hessian H = ${s.H.map(vector).join(", ")}`),
    h("div", {}, `its eigenvalues: ${s.curvatures.map(number).join(" and ")}, so it is ${shapeOf(s.curvatures)} here`),
    ...(s.method === "gradient" && s.curvatures[0] > 0
      ? [h("div", {}, "limit of ", math(`η: 2${s.momentum ? " (1 + β)" : ""} / λ = `), mark(short(s.limit), "good"), "; ", quantity("rate", math(`η = ${short(s.rate)}`)), ` is ${s.rate < s.limit ? "below" : "not below"} it`)] : []),
  ];
}

function shapeOf(curvatures) {
  if (curvatures.every((c) => c > 0)) return "a bowl";
  if (curvatures.every((c) => c < 0)) return "a dome";
  return curvatures.some((c) => c > 0) && curvatures.some((c) => c < 0) ? "a saddle" : "flat in a direction";
}

function describe(s) {
  const made = s.path.length - 1;
  const kind = { gradient: "gradient", newton: "Newton", adam: "Adam" }[s.method];
  const where = s.w.map((x, k) => `w${"₁₂"[k]} = ${number(x)}`).join(", ");
  const head = `After ${made} ${kind} step${made === 1 ? "" : "s"}: ${where}, cost ${fixed(s.value, 3)}.`;
  if (made < s.steps) return `${head} The next step leads too far or does not exist: the path ends.${regime(s)}`;
  const still = Math.hypot(...s.g) < NEAR ? ` The gradient is almost 0: this is ${s.curvatures.some((c) => c < 0) ? "a saddle, not a minimum" : "a minimum"}.` : "";
  return `${head}${still}${regime(s)}`;
}

/** How plain gradient descent behaves on the line, by η λ. */
function regime({ surface, method, momentum, rate, curvature, limit }) {
  if (surface !== "line" || method !== "gradient" || momentum > 0) return "";
  const factor = ` Each step multiplies w₁ by 1 − ηλ = ${number(1 - rate * curvature)};`;
  if (rate >= limit) return `${factor} η is not below 2/λ = ${short(limit)}, so it does not settle.`;
  if (rate * curvature > 1) return `${factor} it oscillates and settles, for η is below 2/λ = ${short(limit)}.`;
  return `${factor} it keeps to its side, for η is at most 1/λ = ${short(limit / 2)}.`;
}

const number = (x) => (Math.abs(x) >= 1000 ? short(x) : fixed(x, 3));
