/** The ReLU builder: hinges, weights and the error that is left. */

import { button, checkbox, select, sliderFor } from "./kit/controls.js";
import { h } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { fold, line, openFold, stack, when } from "./kit/layout.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { legend, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import {
  bounds, equalHinges, errorCurve, GRID, interpolate, largestError, network, order, spacing, value,
} from "./model/relu.js";

const EXAMPLES = {
  "Sine, 4 hinges": { target: "sine", hinges: [0, 0.25, 0.5, 0.75], fitted: true },
  "Sine, 16 hinges": { target: "sine", hinges: equalHinges("sine", 16), fitted: true },
  "A bump by hand": {
    target: "parabola", hinges: [0.2, 0.4, 0.6, 0.8], weights: [5, -5, -5, 5], bias: 0, fitted: false,
  },
  "Exact": { target: "kink", hinges: [0, 0.5], fitted: true },
  "Fails: a jump": { target: "jump", hinges: equalHinges("jump", 16), fitted: true },
  "Fails: 1/x": { target: "reciprocal", hinges: equalHinges("reciprocal", 16), fitted: true },
};

const CAVEATS = {
  root: "√x is infinitely steep at 0: neither bound applies, yet the error goes to 0.",
  jump: "A sum of ReLUs is continuous: near the jump it errs by ½ or more.",
  reciprocal: "1/x has no limit and each sum has one: the true error is infinite.",
};

const RANGES = { parabola: [-0.4, 1.4], kink: [-0.4, 1.4], root: [-0.4, 1.4], jump: [-0.4, 1.4], reciprocal: [-5, 30] };
const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const BEST = [0, 0.15, 0.25, 0.36, 0.5, 0.65, 0.75, 0.86]; // closer where the sine bends
const DENSE = Array.from({ length: 513 }, (_, i) => i / 512);
const GAP = 0.01; // least distance between neighbouring hinges

const GOAL = { error: 0.06, hinges: 8 };

export default widget({
  title: "ReLU builder",
  opening: { hinges: [0, 0.15, 0.5, 0.65] },
  examples: EXAMPLES,
  create(state) {
    const act = actions(state);
    const units = Array.from({ length: state.settings.hinges.length[1] }, (_, k) => unit(act, k));
    return {
      derive,
      picture: [sumPlot(state, act), legend([
        { label: "target f", color: "neg", shape: "line", dash: "7 4" },
        { label: "sum of ReLUs y", color: "accent", shape: "line" },
        { label: "hinge: drag it; a click adds one", color: "accent", shape: "diamond" },
      ])],
      controls: [
        select(state, "target"),
        sliderFor({ label: "Equal hinges", min: 1, max: units.length, step: 1, q: "hinges", get: (s) => s.hinges.length, set: act.spread }),
        line(button("Add a hinge at the largest error", () => act.add(derive(state.values()).worst.x))),
      ],
      more: [
        openFold("Error and bounds", table(`Largest error, on ${GRID + 1} points`, ["", "value"], rows)),
        fold("Error by hinges", stack(errorPlot(), legend([
          { label: "measured", color: "accent", shape: "dot" },
          { label: "L h / 2", color: "pos", shape: "line", dash: "7 4" },
          { label: "h² max|f″| / 8", color: "good", shape: "line", dash: "2 3" },
        ]))),
        fold("Units", partsPlot()),
        fold("Every weight and bias", checkbox(state, "fitted"), sliderFor({
          label: "Output bias c", min: -2, max: 2, step: 0.05, get: (s) => tidy(s.bias), set: (bias) => act.byHand({ bias }),
        }), ...units),
      ],
      describe: (s) => describe(state, s),
      goal: ({ target, hinges, worst }) => ({
        text: `the sine with eight hinges or fewer, and an error of less than ${GOAL.error}.`,
        met: target === "sine" && hinges.length <= GOAL.hinges && worst.error < GOAL.error,
        answer: { target: "sine", hinges: BEST, fitted: true },
      }),
    };
  },
});

/** All that follows from the settings. */
function derive(s) {
  const { hinges, weights } = order(s.hinges, s.weights);
  const sum = s.fitted ? interpolate(s, hinges) : { weights, bias: s.bias };
  return {
    ...s, hinges, ...sum,
    f: (x) => value(s, x),
    y: (x) => network(x, hinges, sum.weights, sum.bias),
    worst: largestError(s, hinges, sum.weights, sum.bias),
    bounds: bounds(s, hinges),
    curve: curveOf(s),
  };
}

const curveOf = memo(["target", "heights"], (s) => errorCurve(s, COUNTS));

/** What the reader can do. Whoever sets a weight by hand takes over all of them as they are. */
function actions(state) {
  const now = () => derive(state.values());
  const at = (list, k, value) => list.map((old, i) => (i === k ? value : old));
  const { length: [, most] } = state.settings.hinges;
  const act = {
    byHand(changes) {
      const { hinges, weights, bias } = now();
      state.set({ hinges, weights, bias, fitted: false, ...changes });
    },
    weight: (k, value) => act.byHand({ weights: at(now().weights, k, value) }),
    limits(hinges, k) {
      return { min: k > 0 ? hinges[k - 1] + GAP : 0, max: (hinges[k + 1] ?? 1) - GAP };
    },
    move(k, t) {
      const { hinges, weights } = now();
      const { min, max } = act.limits(hinges, k);
      state.set({ hinges: at(hinges, k, Math.min(max, Math.max(min, t))), weights });
    },
    add(x) {
      const { hinges, weights } = now();
      const t = Number(Math.min(1 - GAP, Math.max(0, x)).toFixed(3));
      if (hinges.length === most || hinges.some((other) => Math.abs(other - t) < GAP)) return;
      state.set(order([...hinges, t], [...weights, 0]));
    },
    remove(k) {
      const { hinges, weights } = now();
      const rest = (list) => list.filter((_, i) => i !== k);
      if (hinges.length > 1) state.set({ hinges: rest(hinges), weights: rest(weights) });
    },
    spread: (n) => state.set({ hinges: equalHinges(state.get("target"), Math.min(most, Math.max(1, Math.round(n)))), fitted: true }),
  };
  return act;
}

/** The controls of unit k: the bias that places its hinge, and its output weight. */
function unit(act, k) {
  const controls = [
    sliderFor({
      label: `Bias b${digits(k + 1)} = −t`, min: -1 + GAP, max: 0, step: 0.01, q: `hinge-${k}`, get: (s) => -(s.hinges[k] ?? 0) || 0,
      set: (bias) => act.move(k, -bias),
    }),
    sliderFor({
      label: `Weight v${digits(k + 1)}`, min: -40, max: 40, step: 0.1, color: "accent", q: `weight-${k}`, get: (s) => tidy(s.weights[k] ?? 0),
      set: (weight) => act.weight(k, weight),
    }),
  ];
  const remove = button("Remove", () => act.remove(k), { "aria-label": `Remove unit ${k + 1}` });
  return when((s) => k < s.hinges.length, {
    node: h("div", { class: "sw-unit" }, ...controls.map((control) => control.node), remove),
    update: (s) => controls.forEach((control) => control.update(s)),
  });
}

/** A whole number as a subscript. */
function digits(n) {
  return [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
}

/** Without the dust of rounding: 1e−15 is 0. */
function tidy(x) {
  return Number(x.toFixed(9));
}

function sumPlot(state, act) {
  const range = (s) => RANGES[s.target] ?? [-1.7, 1.7];
  const draws = (s) => s.target === "drawn";
  let shown;
  return plot({
    label: (s) => `The target ${name(state, s)} and a sum of ${s.hinges.length} ReLUs on [0, 1]; they differ most, `
      + `by ${short(tidy(s.worst.error))}, at x = ${short(s.worst.x)}.`,
    x: { domain: [0, 1], label: "x" },
    y: { domain: range, label: "f(x), y(x)" },
    height: 212,
    narrow: 245,
    draw(marks, s) {
      shown = s;
      s.hinges.forEach((t, k) => marks.rule({ x: t }, { color: "edge", width: 1, dash: "4 4", q: `hinge-${k}` }));
      for (const piece of pieces(s)) marks.line(piece, { color: "neg", dash: "7 4" });
      const corners = [0, ...s.hinges, 1].map((x) => [x, s.y(x)]);
      marks.line(corners, { color: "accent", width: 2.5 });
      marks.dots(corners.slice(1), { color: "accent", size: 4 });
      const { x, error } = s.worst;
      marks.line([[x, s.f(x)], [x, s.y(x)]], { color: "ink", width: 2, q: "error" });
      marks.text([1, range(s)[1]], `largest error ${short(tidy(error))}`, { q: "error", anchor: "end", dy: -8, fixed: true });
    },
    handles: (s) => [
      ...s.hinges.map((t, k) => ({
        id: `hinge-${k}`, q: `hinge-${k}`, label: `Hinge ${k + 1}`, text: `${fixed(t, 3)}, weight ${short(s.weights[k])}`, shape: "diamond",
        at: [t, range(s)[0]], x: { ...act.limits(s.hinges, k), step: 0.01 }, move: ([x]) => act.move(k, x),
        key: (event) => ["Delete", "Backspace"].includes(event.key) && act.remove(k),
      })),
      ...(draws(s) ? s.heights : []).map((y, i) => ({
        id: `height-${i}`, label: `Height of the target at ${i / 10}`, text: fixed(y), color: "neg",
        at: [i / 10, y], y: { min: -1, max: 1, step: 0.05 }, move: ([, value]) => sketch(state, i, value),
      })),
    ],
    press: ([x, y], first) => {
      if (draws(shown)) sketch(state, Math.round(Math.min(1, Math.max(0, x)) * 10), y);
      else if (first) act.add(x);
    },
  });
}

function sketch(state, i, y) {
  state.set({ heights: state.get("heights").map((old, k) => (k === i ? Number(y.toFixed(2)) : old)) });
}

/** The target as lines to draw: a jump is not joined, and 1/x begins where the grid does. */
function pieces({ target, f }) {
  const points = DENSE.map((x) => (x === 0 && target === "reciprocal" ? 1 / GRID : x)).map((x) => [x, f(x)]);
  return target === "jump" ? [points.filter(([x]) => x < 0.5), points.filter(([x]) => x >= 0.5)] : [points];
}

function partsPlot() {
  return plot({
    label: (s) => `The part of each of the ${s.hinges.length} units: flat up to its hinge, then straight with the slope of its weight.`,
    x: { domain: [0, 1], label: "x" },
    y: { domain: (s) => span(s.hinges.map((t, k) => s.weights[k] * (1 - t))), label: "v max(0, x − t)" },
    height: 200,
    draw(marks, { hinges, weights }) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      hinges.forEach((t, k) => {
        const end = weights[k] * (1 - t);
        marks.line([[0, 0], [t, 0], [1, end]], { color: end < 0 ? "pos" : "neg", dash: end < 0 ? "7 4" : null, width: 1.5, q: `hinge-${k} weight-${k}` });
        marks.text([1, end], `${k + 1}`, { anchor: "end", dx: -4, dy: end < 0 ? 12 : -4, spare: true });
      });
    },
  });
}

/** A range around 0 and all values. */
function span(values) {
  const reach = 1.15 * Math.max(0.5, ...values.map(Math.abs));
  return [-reach, reach];
}

function errorPlot() {
  return plot({
    label: (s) => `Largest error against the number of equal hinges, both on logarithmic scales: measured ${
      short(s.curve[0].error)} with 1 hinge, ${short(s.curve.at(-1).error)} with ${s.curve.at(-1).n}.`,
    x: { domain: [0.9, 75], label: "hinges", scale: "log", ticks: [1, 2, 4, 8, 16, 32, 64] },
    y: { domain: (s) => decades(s.curve), label: "largest error", scale: "log" },
    height: 200,
    draw(marks, { curve, hinges, worst }) {
      const points = (key) => curve.filter((at) => at[key] > 0 && at[key] < Infinity).map((at) => [at.n, at[key]]);
      marks.line(points("slope"), { color: "pos", dash: "7 4", q: "slope" });
      marks.line(points("curvature"), { color: "good", dash: "2 3", q: "curvature" });
      marks.dots(points("error"), { color: "accent", size: 4 });
      if (worst.error > 0) {
        marks.dots([[hinges.length, worst.error]], { color: "ink", shape: "diamond", size: 6, q: "error hinges" });
        marks.text([hinges.length, worst.error], "now", { dx: 9, dy: -5 });
      }
    },
  });
}

/** Whole powers of ten around all that is drawn. */
function decades(curve) {
  const drawn = curve.flatMap(({ error, slope, curvature }) => [error, slope, curvature])
    .filter((y) => y > 1e-12 && y < Infinity);
  if (!drawn.length) return [1e-3, 10];
  return [10 ** Math.floor(Math.log10(Math.min(...drawn))), 10 ** Math.ceil(Math.log10(Math.max(...drawn)) + 0.1)];
}

function rows(s) {
  const bound = (value) => (s.fitted ? (value < Infinity ? short(value) : "does not apply") : "not by hand");
  return [
    [quantity("hinges", "hinges"), quantity("hinges", `${s.hinges.length}`)],
    ["largest gap h", short(spacing(s.hinges))],
    [quantity("error", "measured"), quantity("error", `${short(tidy(s.worst.error))} at x = ${short(s.worst.x)}`)],
    [mark("bound L h / 2", "pos", "slope"), quantity("slope", bound(s.bounds.slope))],
    [mark("bound h² max|f″| / 8", "good", "curvature"), quantity("curvature", bound(s.bounds.curvature))],
  ];
}

function describe(state, s) {
  const how = s.fitted ? "right at each hinge" : "weights set by hand";
  return `${s.hinges.length} ReLUs for ${name(state, s)}, ${how}: the largest error is ${short(tidy(s.worst.error))}, at x = ${short(s.worst.x)}. `
    + (CAVEATS[s.target] ?? "");
}

function name(state, s) {
  return state.settings.target.options.find(([value]) => value === s.target)[1];
}
