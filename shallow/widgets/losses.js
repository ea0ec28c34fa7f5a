/** The loss explorer: one prediction, its loss, and the slope that the loss sends back. */

import { select, slider, sliderFor } from "./kit/controls.js";
import { fixed, short } from "./kit/format.js";
import { columns, fold, when } from "./kit/layout.js";
import { math } from "./kit/math.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { formula, fraction, legend, live, mark, table } from "./kit/text.js";
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
const SIZE = { height: 270, narrow: 162 }; // px, of two plots; three of the classes are as high
const DENSE = Array.from({ length: 401 }, (_, i) => i / 400);
const MOST = 5; // classes

export default widget({
  title: "Loss explorer",
  opening: { loss: "huber", prediction: 2.4, target: -0.5 },
  examples: EXAMPLES,
  create(state) {
    const modes = { regression: regressionMode(state), binary: binaryMode(state), classes: classesMode(state) };
    const names = Object.keys(modes);
    const shown = (part) => names.flatMap((name) => modes[name][part].map((control) => when((s) => s.mode === name, control)));
    return {
      derive: (s) => modes[s.mode].derive(s),
      picture: shown("picture"),
      controls: [select(state, "mode"), ...shown("controls")],
      more: shown("more"),
      describe: (s) => modes[s.mode].describe(s),
      goal: (s) => modes[s.mode].goal(s),
    };
  },
});

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
      const style = { ...LINES[name], q: name, width: chosen ? 3 : 1.5, opacity: chosen ? 1 : 0.7 };
      // The slope of |r| jumps: two lines, with nothing between them.
      for (const side of [-1, 1]) marks.line(points.filter(([x]) => side * (x - s.target) > 0), style);
    }
    marks.rule({ y: 0 }, { color: "control", width: 1 });
    marks.rule({ x: s.target }, { color: "control", width: 1, dash: "4 4", q: "target" });
  };
  const x = { domain: [min, max], label: "prediction ŷ" };
  const lossPlot = plot({
    label: (s) => `Four losses against the prediction, all 0 at the target ${fixed(s.target)}; `
      + `the ${LINES[s.loss].label} loss of ${fixed(s.prediction)} is ${fixed(s.now.loss, 3)}.`,
    x, y: { domain: (s) => [0, room(s.now.loss, 5)], label: "loss ℓ" }, ...SIZE,
    draw: (marks, s) => curves(marks, s, "loss"),
    handles: (s) => [
      { id: "target", q: "target", label: "Target y", text: fixed(s.target), at: [s.target, 0], x: { min, max, step },
        color: "good", shape: "diamond", move: ([target]) => state.set({ target }) },
      { id: "prediction", q: "prediction", label: "Prediction ŷ", text: `${fixed(s.prediction)}, loss ${fixed(s.now.loss, 3)}`,
        at: [s.prediction, s.now.loss], x: { min, max, step }, color: "ink", move },
    ],
    press: move,
  });
  const slopePlot = plot({
    label: (s) => `The slopes of the four losses against the prediction; `
      + `that of the ${LINES[s.loss].label} loss at ${fixed(s.prediction)} is ${fixed(s.now.slope, 3)}.`,
    x, y: { domain: (s) => [-1, 1].map((sign) => sign * room(s.now.slope, 2.5)), label: "slope ∂ℓ/∂ŷ" }, ...SIZE,
    draw(marks, s) {
      curves(marks, s, "slope");
      marks.dots([[s.prediction, s.now.slope]], { size: 6 });
    },
    press: move,
  });
  const workingsOf = live((s) => {
    const r = `${fixed(s.prediction)} − ${bracket(s.target)}`;
    return [
      formula(`r = ŷ − y = ${r} = `, mark(fixed(s.residual), "accent", "prediction"),
        s.loss === "huber" ? (Math.abs(s.residual) <= s.delta ? `, |r| ≤ δ: the parabola` : `, |r| > δ: the line`) : ""),
      formula(`ℓ = ${workings(s)} = `, mark(fixed(s.now.loss, 4), "neg", s.loss)),
      formula("∂ℓ/∂ŷ = ", mark(fixed(s.now.slope, 4), "pos", s.loss), s.residual === 0 && s.loss === "absolute"
        ? ": at the kink there is no slope; 0 is chosen" : ""),
    ];
  });
  const numbers = table("The same residual", ["", "ℓ", "∂ℓ/∂ŷ", "difference"], ({ all, loss }) => names.map((name) => [
    mark(`${name === loss ? "▸ " : ""}${LINES[name].label}`, LINES[name].color, name),
    ...[all[name].loss, all[name].slope, all[name].difference].map((value) => quantity(name, fixed(value, 4)))]));
  return {
    derive,
    picture: [columns(lossPlot, slopePlot), keys(lines)],
    controls: [select(state, "loss"), slider(state, "prediction")],
    more: [fold("In numbers", workingsOf, numbers), fold("Target and δ", slider(state, "target", { color: "good" }), delta)],
    describe: (s) => `The residual is ${fixed(s.residual)}: the ${LINES[s.loss].label} loss is ${fixed(s.now.loss, 3)} `
      + `and its slope ${fixed(s.now.slope, 3)}.`,
    goal: (s) => ({
      text: "four off the target, and a slope of 0.5 or less, but not 0.",
      met: Math.abs(s.residual) >= 4 && s.now.slope !== 0 && Math.abs(s.now.slope) <= 0.5,
      answer: { loss: "huber", prediction: 4.5, target: 0, delta: 0.5 },
    }),
  };
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
      marks.line(inside.map((x) => [x, f(BINARY[name], s.scale.z(x))]), { ...BEHIND[name], width: 2.5, q: name });
    }
    marks.rule({ y: 0 }, { color: "control", width: 1 });
  };
  const over = (s) => (s.axis === "logit" ? "overLogit" : "overProbability");
  const axis = (s) => ({ domain: s.scale.domain, label: s.scale.label });
  const lossPlot = plotOver(axis, {
    ...SIZE, press: ([x]) => moveTo(x),
    label: (s) => `Cross-entropy and half the squared error against the ${s.scale.label} for a label of ${s.y}; `
      + `at ${fixed(s.scale.at(s))} they are ${fixed(s.all.entropy.loss, 3)} and ${fixed(s.all.square.loss, 3)}.`,
    y: { domain: (s) => [0, room(s.now.loss, 4)], label: "loss ℓ" },
    draw(marks, s) {
      curves(marks, s, ({ loss }, z) => loss(z, s.y));
      marks.dots([[s.scale.at(s), s.all.square.loss]], { color: "pos", shape: "square", size: 5, q: "square" });
    },
    handles: (s) => [{
      id: "prediction", q: "logit p", label: `Prediction, by its ${s.axis}`, at: [s.scale.at(s), s.now.loss], x: s.scale.limits, color: "ink",
      text: `logit ${fixed(s.logit)}, probability ${fixed(s.now.p, 3)}, loss ${fixed(s.now.loss, 3)}`, move: ([x]) => moveTo(x),
    }],
  });
  const slopePlot = plotOver(axis, {
    ...SIZE, press: ([x]) => moveTo(x),
    label: (s) => `Their slopes over the ${s.axis}: ${fixed(s.slope("entropy"), 3)} and ${fixed(s.slope("square"), 3)}.`,
    y: {
      domain: (s) => (s.axis === "logit" ? [-1.1, 1.1] : [-1, 1].map((sign) => sign * room(s.slope("entropy"), 5))),
      label: "slope of ℓ",
    },
    draw(marks, s) {
      curves(marks, s, (loss, z) => loss[over(s)](z, s.y));
      marks.dots([[s.scale.at(s), s.slope("square")]], { color: "pos", shape: "square", size: 5, q: "square" });
      marks.dots([[s.scale.at(s), s.slope("entropy")]], { size: 6 });
    },
  });
  const workingsOf = live((s) => {
    const p = fixed(s.now.p, 4);
    const happened = s.y === 1 ? p : `(1 − ${p})`;
    return [
      formula("ŷ = σ(", quantity("logit", fixed(s.logit)), ") = ", mark(p, "accent", "p")),
      formula(`ℓ = −log ${happened} = `, mark(fixed(s.now.loss, 4), "neg", "entropy")),
      formula(`∂ℓ/∂z = ŷ − y = ${p} − ${s.y} = `, mark(fixed(s.now.logit.slope, 4), "neg", "entropy")),
      formula(`squared: (ŷ − y) ŷ (1 − ŷ) = `, mark(fixed(s.all.square.logit.slope, 4), "pos", "square")),
    ];
  });
  const numbers = table("Loss, slope, and the slope by differences", ["", "ℓ", "slope", "difference"], (s) => names.flatMap((name) => [
    [mark(BEHIND[name].label, BEHIND[name].color, name), quantity(name, fixed(s.all[name].loss, 4)), "", ""],
    ...["logit", "probability"].map((axis) => [`· over ${axis === "logit" ? "z" : "ŷ"}`, "",
      quantity(name, short(s.all[name][axis].slope, 4)), short(s.all[name][axis].difference, 4)]),
  ]));
  const probability = sliderFor({
    label: "Probability ŷ", min: 0.001, max: 0.999, step: 0.01, q: "p", get: (s) => Number(s.now.p.toPrecision(3)),
    set: (p) => state.set({ logit: Number(logit(Math.min(0.999, Math.max(0.001, p))).toFixed(4)) }),
  });
  return {
    derive,
    picture: [columns(lossPlot, slopePlot), keys(BEHIND)],
    controls: [slider(state, "label"), slider(state, "logit")],
    more: [fold("In numbers", workingsOf, numbers), fold("Probability", select(state, "axis"), probability)],
    describe: (s) => `With a logit of ${fixed(s.logit)} the prediction is ${fixed(s.now.p, 3)} for a label of ${s.y}: `
      + `the cross-entropy is ${fixed(s.now.loss, 3)} with a slope of ${fixed(s.now.logit.slope, 3)} over z; `
      + `half the squared error has a slope of ${fixed(s.all.square.logit.slope, 3)}.`,
    goal: (s) => ({
      text: "a loss above 5 while the squared error's slope is below 0.01.",
      met: s.now.loss > 5 && Math.abs(s.all.square.logit.slope) < 0.01,
      answer: { label: 1, logit: -6 },
    }),
  };
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
    marks.bars([[k + 0.65, k + 1.35, value]], { opacity: 0.5, q: `class-${k}`, ...style(value, k) });
  });
  const list = (values) => values.map((value) => fixed(value, 3)).join(", ");
  const logitPlot = plotOver(axis, {
    height: 270,
    narrow: 131,
    label: (s) => `The logits of ${s.logits.length} classes: ${list(s.logits)}.`,
    y: { domain: (s) => [-1, 1].map((sign) => sign * Math.min(10.5, room(Math.max(...s.logits.map(Math.abs)), 5))), label: "logits z" },
    draw(marks, s) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      s.logits.forEach((z, k) => marks.line([[k + 1, 0], [k + 1, z]], { color: "neg", width: 2, q: `class-${k}` }));
    },
    handles: (s) => s.logits.map((z, k) => ({
      id: `z${k}`, q: `class-${k}`, label: `Logit of class ${k + 1}`, text: `${fixed(z)}, probability ${fixed(s.p[k], 3)}`, at: [k + 1, z],
      y: { min, max, step }, color: "neg", move: ([, value]) => setLogit(k, value),
    })),
  });
  const softmaxPlot = plotOver(axis, {
    height: 270,
    narrow: 131,
    label: (s) => `Softmax of the logits: ${list(s.p)}; the true class is ${s.truth}.`,
    y: { domain: [0, 1.15], ticks: [0, 0.5, 1], label: "softmax ŷ, target dashed" },
    draw(marks, s) {
      bars(marks, s.p, () => ({ color: "accent" }));
      const [left, right] = [s.truth - 0.46, s.truth + 0.46];
      marks.line([[left, 0], [left, 1], [right, 1], [right, 0]], { color: "ink", dash: "5 3" });
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      s.p.forEach((p, k) => marks.text([k + 1, p], fixed(p), { anchor: "middle", dy: -5 - lift(marks, k) }));
    },
    press: ([x]) => state.set({ truth: Math.min(state.get("logits").length, Math.max(1, Math.round(x))) }),
  });
  const gradientPlot = plotOver(axis, {
    height: 270,
    narrow: 131,
    label: (s) => `The gradient of the loss over the logits: ${list(s.gradient)}.`,
    y: { domain: (s) => [-1, 1].map((sign) => 1.25 * sign * Math.max(1, 1 / s.temperature)), label: "gradient ∂ℓ/∂z" },
    draw(marks, s) {
      bars(marks, s.gradient, (slope) => ({ color: slope < 0 ? "neg" : "pos" }));
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      s.gradient.forEach((g, k) => marks.text([k + 1, g], fixed(g), { anchor: "middle", dy: g < 0 ? 14 + lift(marks, k) : -5 - lift(marks, k) }));
    },
  });
  const workingsOf = live((s) => {
    const powers = relativePowers(s.logits, s.temperature);
    const k = s.truth - 1;
    const over = s.temperature === 1 ? "" : ` / ${short(s.temperature)}`;
    const here = (text, color) => mark(text, color, `class-${k}`);
    return [
      formula("exp((z − max z) / T): ", ...powers.flatMap((power, i) => [i ? ", " : "", quantity(`class-${i}`, fixed(power))])),
      formula(`ŷ of class ${s.truth} = `, fraction([fixed(powers[k])], [powers.map((power) => fixed(power)).join(" + ")]), " = ", here(fixed(s.p[k], 4), "accent")),
      formula(`ℓ = −log ${fixed(s.p[k], 4)} = `, here(fixed(s.loss, 4), "neg")),
      formula(`∂ℓ/∂z of class ${s.truth} = (${fixed(s.p[k], 4)} − 1)${over} = `, here(fixed(s.gradient[k], 4), "neg")),
    ];
  });
  const numbers = table("All classes", ["class", "z", "ŷ", "y", "∂ℓ/∂z", "difference"], (s) => [
    ...s.logits.map((z, k) => [mark(`${k + 1 === s.truth ? "▸ " : ""}${k + 1}`, "ink", `class-${k}`),
      ...[fixed(z), fixed(s.p[k], 3), String(Number(k + 1 === s.truth)), fixed(s.gradient[k], 4), fixed(s.differences[k], 4)]
        .map((text) => quantity(`class-${k}`, text))]),
    ["sum", "", fixed(total(s.p), 3), "1", fixed(total(s.gradient), 4), fixed(total(s.differences), 4)],
  ]);
  const logits = Array.from({ length: MOST }, (_, k) => when((s) => k < s.logits.length, sliderFor({
    label: `Logit z of ${k + 1}`, min, max, step, color: "neg", q: `class-${k}`, get: (s) => s.logits[k] ?? 0, set: (z) => setLogit(k, z),
  })));
  const truth = sliderFor({
    label: state.settings.truth.label, min: 1, max: MOST, step: 1, get: (s) => s.truth,
    set: (k) => state.set({ truth: Math.min(Math.round(k), state.get("logits").length) }),
  });
  const classes = sliderFor({ label: "Classes K", min: 2, max: MOST, step: 1, get: (s) => s.logits.length, set: setClasses });
  return {
    derive,
    picture: [columns(logitPlot, softmaxPlot, gradientPlot)],
    controls: [truth, slider(state, "temperature")],
    more: [fold("In numbers", workingsOf, numbers), fold("Logits", classes, ...logits)],
    describe: (s) => `Class ${s.truth} of ${s.logits.length} is true and gets ${fixed(s.p[s.truth - 1], 3)}: the cross-entropy is `
      + `${fixed(s.loss, 3)} and the gradient over the logits ${list(s.gradient)}.`,
    goal: (s) => ({
      text: "the last class true, and a loss below 0.1.",
      met: s.truth === s.logits.length && s.loss < 0.1,
      answer: { logits: [2, 1, 6], truth: 3, temperature: 1 },
    }),
  };
}

function total(values) {
  return values.reduce((a, b) => a + b);
}

function bracket(x) {
  return x < 0 ? `(${fixed(x)})` : fixed(x);
}
