/** The loss explorer: one prediction, its loss, and the slope that the loss sends back. */

import { group, presets, select, slider, sliderFor } from "./kit/controls.js";
import { h } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { plot } from "./kit/plot.js";
import { fraction, legend, live, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { BINARY, binary, crossEntropy, logit, REGRESSION, regression, relativePowers } from "./model/losses.js";
import { sigmoid } from "./model/sigmoid.js";

const EXAMPLES = {
  "Near the target": { mode: "regression", loss: "huber", prediction: 0.5, target: 0, delta: 1 },
  "An outlier": { mode: "regression", loss: "huber", prediction: 4.5, target: 0, delta: 1 },
  "Undecided": { mode: "binary", label: 1, logit: 0, axis: "logit" },
  "Sure and wrong": { mode: "binary", label: 1, logit: -6, axis: "logit" },
  "Three classes": { mode: "classes", logits: [2, 1, 0.1], truth: 1, temperature: 1 },
  "Five, all alike": { mode: "classes", logits: [0, 0, 0, 0, 0], truth: 3, temperature: 1 },
};

const LINES = {
  half: { label: "½ squared", color: "neg", dash: null, formula: "½ (ŷ − y)²" },
  square: { label: "squared", color: "good", dash: "2 3", formula: "(ŷ − y)²" },
  absolute: { label: "absolute", color: "pos", dash: "8 4", formula: "|ŷ − y|" },
  huber: { label: "Huber", color: "accent", dash: "10 3 2 3", formula: "Huber(ŷ − y)" },
  entropy: { label: "cross-entropy", color: "neg", dash: null },
  behind: { label: "½ squared error", color: "pos", dash: "8 4" }, // of ŷ = σ(z)
};
const BEHIND = { entropy: LINES.entropy, square: LINES.behind };
const DENSE = Array.from({ length: 401 }, (_, i) => i / 400);
const MOST = 5; // classes

export default widget({
  title: "Loss explorer",
  create(body, state) {
    const modes = { regression: regressionMode(state), binary: binaryMode(state), classes: classesMode(state) };
    const shared = [presets(state, EXAMPLES), select(state, "mode")];
    body.append(...[...shared, ...Object.values(modes)].map(({ node }) => node));
    return {
      update(s) {
        shared.forEach((part) => part.update(s));
        for (const [name, mode] of Object.entries(modes)) mode.node.hidden = name !== s.mode;
        modes[s.mode].update(s);
      },
      describe: (s) => modes[s.mode].describe(s),
    };
  },
});

/** Parts that are shown together, and get what `derive` adds to the settings. */
function mode(derive, describe, parts, ...nodes) {
  return {
    node: h("div", { class: "sw-mode" }, ...nodes),
    update(s) {
      const derived = derive(s);
      parts.forEach((part) => part.update(derived));
    },
    describe: (s) => describe(derive(s)),
  };
}

function columns(...nodes) {
  return h("div", { class: "sw-columns" }, ...nodes);
}

function keys(lines) {
  return legend(Object.values(lines).map(({ label, color, dash }) => ({ label, color, dash, shape: "line" })));
}

/** A plot whose horizontal axis follows the state. */
function plotOver(axis, spec) {
  const x = { domain: [0, 1], label: "" };
  const { node, update } = plot({ ...spec, x });
  return {
    node,
    update(s) {
      Object.assign(x, axis(s));
      update(s);
    },
  };
}

/** How much higher the number over every second bar stands where the bars are narrower than numbers. */
function lift(marks, k) {
  return marks.x(2) - marks.x(1) < 32 ? 14 * (k % 2) : 0;
}

/** Room for a point at `value`, and at least for `least`. */
function room(value, least) {
  return Math.max(least, 1.15 * Math.abs(value));
}

// A number

function regressionMode(state) {
  const names = Object.keys(REGRESSION);
  const lines = Object.fromEntries(names.map((name) => [name, LINES[name]]));
  const { min, max, step } = state.settings.prediction;
  const delta = slider(state, "delta");
  const move = ([prediction]) => state.set({ prediction });
  const derive = (s) => {
    const residual = s.prediction - s.target;
    const all = Object.fromEntries(names.map((name) => [name, regression(name, residual, s.delta)]));
    return { ...s, residual, all, now: all[s.loss] };
  };
  const curves = (marks, s, what) => {
    for (const name of names) {
      const f = REGRESSION[name][what];
      const points = DENSE.map((part) => min + part * (max - min)).map((x) => [x, f(x - s.target, s.delta)]);
      const chosen = name === s.loss;
      const style = { ...LINES[name], width: chosen ? 3 : 1.5, opacity: chosen ? 1 : 0.7 };
      // The slope of |r| jumps: two lines, with nothing between them.
      for (const side of [-1, 1]) marks.line(points.filter(([x]) => side * (x - s.target) > 0), style);
    }
    marks.rule({ y: 0 }, { color: "control", width: 1 });
    marks.rule({ x: s.target }, { color: "control", width: 1, dash: "4 4" });
  };
  const x = { domain: [min, max], label: "prediction ŷ" };
  const lossPlot = plot({
    label: (s) => `Four losses against the prediction, all 0 at the target ${fixed(s.target)}; `
      + `the ${LINES[s.loss].label} loss of ${fixed(s.prediction)} is ${fixed(s.now.loss, 3)}.`,
    x, y: { domain: (s) => [0, room(s.now.loss, 5)], label: "loss ℓ" }, height: 270,
    draw: (marks, s) => curves(marks, s, "loss"),
    handles: (s) => [
      { id: "target", label: "Target y", text: fixed(s.target), at: [s.target, 0], x: { min, max, step },
        color: "good", shape: "diamond", move: ([target]) => state.set({ target }) },
      { id: "prediction", label: "Prediction ŷ", text: `${fixed(s.prediction)}, loss ${fixed(s.now.loss, 3)}`,
        at: [s.prediction, s.now.loss], x: { min, max, step }, color: "ink", move },
    ],
    press: move,
  });
  const slopePlot = plot({
    label: (s) => `The slopes of the four losses against the prediction; `
      + `that of the ${LINES[s.loss].label} loss at ${fixed(s.prediction)} is ${fixed(s.now.slope, 3)}.`,
    x, y: { domain: (s) => [-1, 1].map((sign) => sign * room(s.now.slope, 2.5)), label: "slope ∂ℓ/∂ŷ" }, height: 270,
    draw(marks, s) {
      curves(marks, s, "slope");
      marks.dots([[s.prediction, s.now.slope]], { size: 6 });
    },
    press: move,
  });
  const formula = live((s) => {
    const r = `${fixed(s.prediction)} − ${bracket(s.target)}`;
    return [
      h("p", {}, `r = ŷ − y = ${r} = `, mark(fixed(s.residual), "accent"),
        s.loss === "huber" ? (Math.abs(s.residual) <= s.delta ? `, |r| ≤ δ: the parabola` : `, |r| > δ: the line`) : ""),
      h("p", {}, `ℓ = ${workings(s)} = `, mark(fixed(s.now.loss, 4), "neg")),
      h("p", {}, "∂ℓ/∂ŷ = ", mark(fixed(s.now.slope, 4), "pos"), s.residual === 0 && s.loss === "absolute"
        ? ": at the kink there is no slope; 0 is chosen" : ""),
    ];
  });
  const numbers = table("The same residual", ["", "ℓ", "∂ℓ/∂ŷ", "difference"], ({ all, loss }) => names.map((name) => [
    mark(`${name === loss ? "▸ " : ""}${LINES[name].label}`, LINES[name].color),
    fixed(all[name].loss, 4), fixed(all[name].slope, 4), fixed(all[name].difference, 4)]));
  const choose = select(state, "loss");
  const controls = group("A number", choose, slider(state, "prediction"), slider(state, "target", { color: "good" }), delta);
  const parts = [lossPlot, slopePlot, formula, numbers, controls];
  return mode(derive, (s) => `The residual is ${fixed(s.residual)}: the ${LINES[s.loss].label} loss is ${fixed(s.now.loss, 3)} `
    + `and its slope ${fixed(s.now.slope, 3)}.`, parts,
  columns(lossPlot.node, slopePlot.node), keys(lines), columns(formula.node, numbers.node), controls.node);
}

/** The loss with its numbers. */
function workings({ loss, residual: r, delta }) {
  const R = bracket(r);
  if (loss === "half") return `½ · ${R}²`;
  if (loss === "square") return `${R}²`;
  if (loss === "absolute") return `|${fixed(r)}|`;
  return Math.abs(r) <= delta ? `½ · ${R}²` : `${fixed(delta)} · (|${fixed(r)}| − ½ · ${fixed(delta)})`;
}

// One of two classes

function binaryMode(state) {
  const names = Object.keys(BINARY);
  const { min, max, step } = state.settings.logit;
  const scales = {
    logit: { domain: [min, max], label: "logit z", limits: { min, max, step }, at: (s) => s.logit, z: (x) => x },
    probability: { domain: [0, 1], label: "probability ŷ", limits: { min: 0.001, max: 0.999, step: 0.01 }, at: (s) => s.now.p, z: logit },
  };
  const moveTo = (x) => {
    const { z, limits } = scales[state.get("axis")];
    state.set({ logit: Number(z(Math.min(limits.max, Math.max(limits.min, x))).toFixed(4)) });
  };
  const derive = (s) => {
    const y = s.label;
    const all = Object.fromEntries(names.map((name) => [name, binary(name, s.logit, y)]));
    return { ...s, y, all, now: all.entropy, scale: scales[s.axis], slope: (name) => all[name][s.axis].slope };
  };
  const curves = (marks, s, f) => {
    const [from, to] = s.scale.domain;
    const inside = DENSE.slice(1, -1).map((part) => from + part * (to - from));
    for (const name of names) {
      marks.line(inside.map((x) => [x, f(BINARY[name], s.scale.z(x))]), { ...BEHIND[name], width: 2.5 });
    }
    marks.rule({ y: 0 }, { color: "control", width: 1 });
  };
  const over = (s) => (s.axis === "logit" ? "overLogit" : "overProbability");
  const axis = (s) => ({ domain: s.scale.domain, label: s.scale.label });
  const lossPlot = plotOver(axis, {
    height: 270, press: ([x]) => moveTo(x),
    label: (s) => `Cross-entropy and half the squared error against the ${s.scale.label} for a label of ${s.y}; `
      + `at ${fixed(s.scale.at(s))} they are ${fixed(s.all.entropy.loss, 3)} and ${fixed(s.all.square.loss, 3)}.`,
    y: { domain: (s) => [0, room(s.now.loss, 4)], label: "loss ℓ" },
    draw(marks, s) {
      curves(marks, s, ({ loss }, z) => loss(z, s.y));
      marks.dots([[s.scale.at(s), s.all.square.loss]], { color: "pos", shape: "square", size: 5 });
    },
    handles: (s) => [{
      id: "prediction", label: `Prediction, by its ${s.axis}`, at: [s.scale.at(s), s.now.loss], x: s.scale.limits, color: "ink",
      text: `logit ${fixed(s.logit)}, probability ${fixed(s.now.p, 3)}, loss ${fixed(s.now.loss, 3)}`, move: ([x]) => moveTo(x),
    }],
  });
  const slopePlot = plotOver(axis, {
    height: 270, press: ([x]) => moveTo(x),
    label: (s) => `Their slopes over the ${s.axis}: ${fixed(s.slope("entropy"), 3)} and ${fixed(s.slope("square"), 3)}.`,
    y: {
      domain: (s) => (s.axis === "logit" ? [-1.1, 1.1] : [-1, 1].map((sign) => sign * room(s.slope("entropy"), 5))),
      label: "slope of ℓ",
    },
    draw(marks, s) {
      curves(marks, s, (loss, z) => loss[over(s)](z, s.y));
      marks.dots([[s.scale.at(s), s.slope("square")]], { color: "pos", shape: "square", size: 5 });
      marks.dots([[s.scale.at(s), s.slope("entropy")]], { size: 6 });
    },
  });
  const formula = live((s) => {
    const p = fixed(s.now.p, 4);
    const happened = s.y === 1 ? p : `(1 − ${p})`;
    return [
      h("p", {}, `ŷ = σ(${fixed(s.logit)}) = `, mark(p, "accent")),
      h("p", {}, `ℓ = −log ${happened} = `, mark(fixed(s.now.loss, 4), "neg")),
      h("p", {}, `∂ℓ/∂z = ŷ − y = ${p} − ${s.y} = `, mark(fixed(s.now.logit.slope, 4), "neg")),
      h("p", {}, `squared: (ŷ − y) ŷ (1 − ŷ) = `, mark(fixed(s.all.square.logit.slope, 4), "pos")),
    ];
  });
  const numbers = table("Loss, slope, and the slope by differences", ["", "ℓ", "slope", "difference"], (s) => names.flatMap((name) => [
    [mark(BEHIND[name].label, BEHIND[name].color), fixed(s.all[name].loss, 4), "", ""],
    ...["logit", "probability"].map((axis) => [`· over ${axis === "logit" ? "z" : "ŷ"}`, "",
      short(s.all[name][axis].slope, 4), short(s.all[name][axis].difference, 4)]),
  ]));
  const controls = group("One of two classes", slider(state, "label"), select(state, "axis"), slider(state, "logit"), sliderFor({
    label: "Probability ŷ", min: 0.001, max: 0.999, step: 0.01, get: (s) => Number(s.now.p.toPrecision(3)),
    set: (p) => state.set({ logit: Number(logit(Math.min(0.999, Math.max(0.001, p))).toFixed(4)) }),
  }));
  const parts = [lossPlot, slopePlot, formula, numbers, controls];
  return mode(derive, (s) => `With a logit of ${fixed(s.logit)} the prediction is ${fixed(s.now.p, 3)} for a label of ${s.y}: `
    + `the cross-entropy is ${fixed(s.now.loss, 3)} with a slope of ${fixed(s.now.logit.slope, 3)} over z; `
    + `half the squared error has a slope of ${fixed(s.all.square.logit.slope, 3)}.`, parts,
  columns(lossPlot.node, slopePlot.node), keys(BEHIND), columns(formula.node, numbers.node), controls.node);
}

// One of K classes

function classesMode(state) {
  const { min, max, step } = state.settings.logits;
  const setLogit = (k, z) => state.set({ logits: state.get("logits").with(k, Math.min(max, Math.max(min, z))) });
  const setClasses = (K) => {
    const logits = Array.from({ length: Math.round(Math.min(MOST, Math.max(2, K))) }, (_, k) => state.get("logits")[k] ?? 0);
    state.set({ logits, truth: Math.min(state.get("truth"), logits.length) });
  };
  const derive = (s) => {
    const truth = Math.min(s.truth, s.logits.length); // a link may name a class that is not there
    return { ...s, truth, ...crossEntropy(s.logits, truth - 1, s.temperature) };
  };
  const axis = ({ logits }) => ({
    domain: [0.4, logits.length + 0.6], ticks: logits.map((_, k) => k + 1), label: "class",
  });
  const bars = (marks, values, style) => values.forEach((value, k) => {
    marks.bars([[k + 0.65, k + 1.35, value]], { opacity: 0.5, ...style(value, k) });
  });
  const list = (values) => values.map((value) => fixed(value, 3)).join(", ");
  const logitPlot = plotOver(axis, {
    height: 250,
    label: (s) => `The logits of ${s.logits.length} classes: ${list(s.logits)}.`,
    y: { domain: (s) => [-1, 1].map((sign) => sign * Math.min(10.5, room(Math.max(...s.logits.map(Math.abs)), 5))), label: "logits z" },
    draw(marks, s) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      s.logits.forEach((z, k) => marks.line([[k + 1, 0], [k + 1, z]], { color: "neg", width: 2 }));
    },
    handles: (s) => s.logits.map((z, k) => ({
      id: `z${k}`, label: `Logit of class ${k + 1}`, text: `${fixed(z)}, probability ${fixed(s.p[k], 3)}`, at: [k + 1, z],
      y: { min, max, step }, color: "neg", move: ([, value]) => setLogit(k, value),
    })),
  });
  const softmaxPlot = plotOver(axis, {
    height: 250,
    label: (s) => `Softmax of the logits: ${list(s.p)}; the true class is ${s.truth}.`,
    y: { domain: [0, 1.15], ticks: [0, 0.5, 1], label: "softmax ŷ, target dashed" },
    draw(marks, s) {
      bars(marks, s.p, () => ({ color: "accent" }));
      const [left, right] = [s.truth - 0.35, s.truth + 0.35];
      marks.line([[left, 0], [left, 1], [right, 1], [right, 0]], { color: "ink", dash: "5 3" });
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      s.p.forEach((p, k) => marks.text([k + 1, p], fixed(p), { anchor: "middle", dy: -5 - lift(marks, k) }));
    },
    press: ([x]) => state.set({ truth: Math.min(state.get("logits").length, Math.max(1, Math.round(x))) }),
  });
  const gradientPlot = plotOver(axis, {
    height: 250,
    label: (s) => `The gradient of the loss over the logits: ${list(s.gradient)}.`,
    y: { domain: (s) => [-1, 1].map((sign) => 1.25 * sign * Math.max(1, 1 / s.temperature)), label: "gradient ∂ℓ/∂z" },
    draw(marks, s) {
      bars(marks, s.gradient, (slope) => ({ color: slope < 0 ? "neg" : "pos" }));
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      s.gradient.forEach((g, k) => marks.text([k + 1, g], fixed(g), { anchor: "middle", dy: g < 0 ? 14 + lift(marks, k) : -5 - lift(marks, k) }));
    },
  });
  const formula = live((s) => {
    const powers = relativePowers(s.logits, s.temperature);
    const k = s.truth - 1;
    const over = s.temperature === 1 ? "" : ` / ${short(s.temperature)}`;
    return [
      h("p", {}, `exp((z − max z) / T): ${powers.map((power) => fixed(power)).join(", ")}`),
      h("p", {}, `ŷ of class ${s.truth} = `, fraction([fixed(powers[k])], [powers.map((power) => fixed(power)).join(" + ")]), " = ", mark(fixed(s.p[k], 4), "accent")),
      h("p", {}, `ℓ = −log ${fixed(s.p[k], 4)} = `, mark(fixed(s.loss, 4), "neg")),
      h("p", {}, `∂ℓ/∂z of class ${s.truth} = (${fixed(s.p[k], 4)} − 1)${over} = `, mark(fixed(s.gradient[k], 4), "neg")),
    ];
  });
  const numbers = table("All classes", ["class", "z", "ŷ", "y", "∂ℓ/∂z", "difference"], (s) => [
    ...s.logits.map((z, k) => [k + 1 === s.truth ? mark(`▸ ${k + 1}`, "ink") : `${k + 1}`, fixed(z), fixed(s.p[k], 3),
      String(Number(k + 1 === s.truth)), fixed(s.gradient[k], 4), fixed(s.differences[k], 4)]),
    ["sum", "", fixed(total(s.p), 3), "1", fixed(total(s.gradient), 4), fixed(total(s.differences), 4)],
  ]);
  const logits = Array.from({ length: MOST }, (_, k) => sliderFor({
    label: `Logit z of ${k + 1}`, min, max, step, color: "neg", get: (s) => s.logits[k] ?? 0, set: (z) => setLogit(k, z),
  }));
  const controls = group("One of K classes",
    sliderFor({ label: "Classes K", min: 2, max: MOST, step: 1, get: (s) => s.logits.length, set: setClasses }),
    sliderFor({
      label: state.settings.truth.label, min: 1, max: MOST, step: 1, get: (s) => s.truth,
      set: (k) => state.set({ truth: Math.min(Math.round(k), state.get("logits").length) }),
    }),
    slider(state, "temperature"), ...logits);
  const hideUnused = { update: (s) => logits.forEach(({ node }, k) => { node.hidden = k >= s.logits.length; }) };
  const parts = [logitPlot, softmaxPlot, gradientPlot, formula, numbers, controls, hideUnused];
  return mode(derive, (s) => `Class ${s.truth} of ${s.logits.length} is true and gets ${fixed(s.p[s.truth - 1], 3)}: the cross-entropy is `
    + `${fixed(s.loss, 3)} and the gradient over the logits ${list(s.gradient)}.`, parts,
  h("div", { class: "sw-columns sw-stages" }, logitPlot.node, softmaxPlot.node, gradientPlot.node), columns(formula.node, numbers.node), controls.node);
}

function total(values) {
  return values.reduce((a, b) => a + b);
}

function bracket(x) {
  return x < 0 ? `(${fixed(x)})` : fixed(x);
}
