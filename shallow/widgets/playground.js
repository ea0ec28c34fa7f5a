/** The playground: a small network that learns in the page, with a map for each of its units. */

import { contourLines } from "./kit/contour.js";
import { button, checkbox, select, slider, sliderFor } from "./kit/controls.js";
import { h, set, svg } from "./kit/dom.js";
import { numberField } from "./kit/field.js";
import { fixed, short } from "./kit/format.js";
import { paintMaps, themeColors } from "./kit/heat.js";
import { columns, fold, line, stack } from "./kit/layout.js";
import { player } from "./kit/player.js";
import { heightOf, plot } from "./kit/plot.js";
import { memo } from "./kit/state.js";
import { legend } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { watchWidth, widthOf } from "./kit/width.js";
import { places } from "./model/network.js";
import { features, FEATURES, initial, judge, Network, parameterCount, responses, Trainer } from "./model/playground.js";
import { shape } from "./model/shapes.js";

const SIDE = 3; // the plane runs from −SIDE to SIDE
const CELLS = 32; // of the map, in each direction
const COARSE = 2; // the maps of units show every second one
const VALIDATION = 100; // points
const SLICE = 3; // ms of training at a time, while it plays
const CATCH_UP = 8; // ms, while it makes up epochs that the state names
const WIDE = 64; // px a layer needs for its whole name
const REACH = 10; // px around a connection that take the pointer
const DENSE = 100; // epochs; later ones are recorded every tenth
const LOOKS = [{ color: "neg", shape: "dot" }, { color: "pos", shape: "triangle" }];
// A point of either class in a path of all of them: one element is redrawn faster than two hundred.
const GLYPHS = [(x, y) => `M${x} ${y}m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z`, (x, y) => `M${x} ${y}m0 -4.6l4.2 7.7h-8.4Z`];
const KEYS = FEATURES.map(({ key }) => key);
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈";

const FRESH = {
  ...Object.fromEntries(KEYS.map((key) => [key, key === "x1" || key === "x2"])),
  noise: 0.2, activation: "tanh", rate: 0.1, batch: 10, l2: 0, weights: [], epochs: 0, unit: 1,
};
const EXAMPLES = {
  "One neuron": { ...FRESH, data: "blobs", hidden: [], noise: 0.7 },
  "Moons": { ...FRESH, data: "moons", hidden: [4, 2] },
  "XOR": { ...FRESH, data: "xor", hidden: [3] },
  "XOR by a feature": { ...FRESH, data: "xor", hidden: [], product: true },
  "Spirals": { ...FRESH, data: "spirals", hidden: [8, 8], noise: 0.05, rate: 0.3 },
};

const GOAL = 0.95; // share of the validation points

export default widget({
  title: "Playground",
  opening: { epochs: 20 },
  examples: EXAMPLES,
  glides: false, // the way from one network to another leads through training
  create(state, { refresh, signal }) {
    const run = runs();
    const now = () => run(state.values());
    const { max } = state.settings.epochs;
    let visible = true;
    const watch = new IntersectionObserver((entries) => { visible = entries.at(-1).isIntersecting; }); // the last is the latest
    signal.addEventListener("abort", () => watch.disconnect());

    // Every call trains for a few milliseconds at most, so that the page can answer in between.
    const advance = () => {
      if (actions.playing() && (!visible || document.hidden)) return true;
      const r = now();
      const goal = Math.min(max, r.epoch + (actions.playing() ? state.get("speed") : 1));
      r.trainTo(goal, SLICE);
      state.set({ epochs: r.epoch });
      return r.epoch < max && !r.diverged;
    };
    const actions = player({ step: advance, signal, rate: 20, label: "Step" });
    actions.node.append(
      button("Restart", () => { actions.pause(); state.set({ weights: [], epochs: 0 }); }));
    const reseed = button("New seed", () => { actions.pause(); state.set({ seed: (state.get("seed") + 1) % 10_000, weights: [], epochs: 0 }); });

    let frame = null;
    const catchUp = () => {
      frame = null;
      if (signal.aborted) return;
      now().trainTo(state.get("epochs"), CATCH_UP);
      refresh();
    };

    const setWeight = (k, value) => {
      const theta = Array.from(now().theta, (w) => Number(w.toPrecision(6)));
      theta[k] = value;
      actions.pause();
      state.set({ weights: theta, epochs: 0 });
    };
    const reshape = (changes) => state.set({ weights: [], ...changes });

    const sliders = weightSliders(setWeight);
    const graph = network((unit) => { state.set({ unit }); sliders.unfold(); }, (unit, j) => {
      state.set({ unit });
      queueMicrotask(() => sliders.focus(j)); // after the update that builds the sliders
    });
    const map = plane();
    watch.observe(map.node);
    return {
      derive: (s) => run(s).look(s),
      picture: [columns(graph, stack(map,
        legend([{ label: "class 1", ...LOOKS[1] }, { label: "class 0", ...LOOKS[0] }, { label: "ŷ = ½", color: "ink", shape: "line" }])))],
      controls: [actions, slider(state, "rate"), select(state, "data")],
      more: [
        fold("Loss by epoch", stack(curves(), legend([{ label: "training", color: "accent", shape: "line" }, { label: "validation", color: "good", shape: "line", dash: "5 4" }]))),
        fold("Weights of a unit", sliders),
        fold("Training", slider(state, "epochs"), slider(state, "batch"), slider(state, "l2"), slider(state, "speed")),
        fold("Network", select(state, "activation"), slider(state, "seed"), line(reseed), layerButtons(reshape), featureBoxes(reshape, state.settings)),
        fold("Data", slider(state, "noise"), slider(state, "points"), checkbox(state, "show_validation")),
      ],
      update({ epochs, run: r }) {
        if (r.epoch < epochs && !r.diverged && frame === null) frame = requestAnimationFrame(catchUp);
      },
      describe,
      goal: ({ validated }) => ({
        text: "95% or more of the validation points right.",
        met: validated.accuracy >= GOAL,
        answer: { ...EXAMPLES.Moons, seed: 1, points: 100, rate: 1, epochs: 200 },
      }),
    };
  },
});

/** The run of training that a state names: begun anew when anything but the number of epochs changes. */
function runs() {
  const keys = ["data", "noise", "points", ...KEYS, "hidden", "activation", "rate", "batch", "l2", "seed", "weights"];
  const begin = memo(keys, (s) => new Run(s));
  return (s) => {
    const r = begin(s);
    if (r.epoch > s.epochs) r.restart();
    return r;
  };
}

class Run {
  constructor(s) {
    this.keys = KEYS.filter((key) => s[key]);
    this.sizes = [this.keys.length, ...s.hidden.map(Math.round), 1];
    this.activation = s.activation;
    const points = shape(s.data, s.points + VALIDATION, s.noise, s.seed);
    this.training = points.slice(0, s.points);
    this.validation = points.slice(s.points);
    const split = (part) => ({ X: features(part, this.keys), y: part.map(([, , y]) => y) });
    this.seen = split(this.training);
    this.unseen = split(this.validation);
    const count = parameterCount(this.sizes);
    this.start = s.weights.length === count ? s.weights : initial(this.sizes, s.activation, s.seed);
    this.setup = { sizes: this.sizes, activation: s.activation, theta: this.start, ...this.seen, rate: s.rate, l2: s.l2, batch: s.batch, seed: s.seed };
    const middles = Array.from({ length: CELLS }, (_, i) => SIDE * ((2 * i + 1) / CELLS - 1));
    this.grid = features(middles.toReversed().flatMap((x2) => middles.map((x1) => [x1, x2])), this.keys);
    this.restart();
  }

  restart() {
    this.trainer = new Trainer(this.setup);
    const room = ({ X, y }) => ({ y, network: new Network(this.sizes, this.activation, X.length, this.theta).load(X, X.map((_, i) => i), 0, X.length) });
    this.rooms = [this.seen, this.unseen].map(room);
    this.history = [];
    this.diverged = false;
    this.note();
  }

  get epoch() { return this.trainer.epoch; }

  get theta() { return this.trainer.network.theta; }

  /** Train up to an epoch, or until the time is up or the numbers are none. */
  trainTo(goal, milliseconds) {
    const end = performance.now() + milliseconds;
    while (this.epoch < goal && !this.diverged) {
      this.trainer.run();
      if (this.epoch <= DENSE || this.epoch % 10 === 0) this.note();
      if (performance.now() > end) break;
    }
  }

  note() {
    const [trained, validated] = this.measure();
    this.diverged = !Number.isFinite(trained.loss);
    if (!this.diverged) this.history.push([this.epoch, trained.loss, validated.loss]);
  }

  measure() {
    return this.rooms.map(({ network: room, y }) => judge(room.forward(), y));
  }

  /** All that the view shows, for the present epoch. */
  look(s) {
    if (this.looked?.epoch !== this.epoch || this.looked.trainer !== this.trainer) {
      const [trained, validated] = this.measure();
      this.looked = { epoch: this.epoch, trainer: this.trainer, trained, validated, maps: responses(this.sizes, this.activation, this.theta, this.grid) };
    }
    return { ...s, ...this.looked, run: this, sizes: this.sizes, keys: this.keys, theta: this.theta, history: this.history, diverged: this.diverged, ...chosen(this.sizes, s.unit) };
  }
}

/** Layer and index of the unit with a number. */
function chosen(sizes, number) {
  let i = Math.min(number, sizes.slice(1).reduce((a, b) => a + b)) - 1;
  let l = 1;
  while (i >= sizes[l]) {
    i -= sizes[l];
    l += 1;
  }
  return { l, i };
}

/** The number of a unit: from 1, through the hidden layers to the output. */
const numberOf = (sizes, l, i) => sizes.slice(1, l).reduce((a, b) => a + b, 0) + i + 1;

const nameOf = (sizes, keys, l, i) => {
  if (l === 0) return FEATURES.find(({ key }) => key === keys[i]).label;
  if (l === sizes.length - 1) return "ŷ";
  return sizes.length === 3 ? `h${SUBSCRIPTS[i + 1]}` : `h${SUBSCRIPTS[l]},${SUBSCRIPTS[i + 1]}`;
};

/** Units as buttons with maps, connections as lines: width |w|, sign by colour and dash. */
function network(choose, chooseWeight) {
  const lines = svg("svg", { "aria-hidden": "true" });
  const canvas = h("canvas", { "aria-hidden": "true" });
  const node = h("div", { class: "sw-net", role: "group", "aria-label": "Network: choose a unit to see its weights" });
  node.append(lines, canvas);
  let shown; // the architecture that the elements belong to
  let units = [];
  let edges = [];
  let latest;
  const place = (s) => {
    const width = widthOf(node);
    const column = width / s.sizes.length;
    const height = heightOf({ height: 292, narrow: 232 }); // the same for all networks, so that nothing below jumps
    const size = Math.min(44, column - 10, (height - 22) / Math.max(...s.sizes) - 3);
    const at = (l, i) => [column * (l + 0.5), 22 + (height - 22) * ((i + 0.5) / s.sizes[l])];
    return { width, height, size, at };
  };
  const build = (s) => {
    units = s.sizes.flatMap((count, l) => Array.from({ length: count }, (_, i) => {
      const name = h("span", { class: "sw-name" }, nameOf(s.sizes, s.keys, l, i));
      const element = l === 0
        ? h("div", { class: "sw-unit sw-input", role: "img", "aria-label": `Feature ${nameOf(s.sizes, s.keys, l, i)}` }, name)
        : h("button", { type: "button", class: "sw-unit", "aria-label": l === s.sizes.length - 1 ? "Output ŷ" : `Unit ${i + 1} of hidden layer ${l}`, onclick: () => choose(numberOf(s.sizes, l, i)) }, name);
      return { l, i, element };
    }));
    edges = places(s.sizes).flatMap(({ inputs, outputs, weight }, k) => Array.from({ length: inputs * outputs }, (_, n) => {
      const [i, j] = [Math.floor(n / inputs), n % inputs];
      return { from: [k, j], to: [k + 1, i], k: weight + n, active: false, element: svg("line", { "data-q": `w-${weight + n}` }) };
    }));
    const titles = s.sizes.map(() => h("span", { class: "sw-layer" }));
    lines.replaceChildren(...edges.map(({ element }) => element));
    node.replaceChildren(lines, canvas, ...titles, ...units.map(({ element }) => element));
    return titles;
  };
  let titles = [];
  let drawn = 0; // the width that the elements are arranged for
  const changed = changes();
  const arrange = (s) => {
    const { width, height, size, at } = place(s);
    drawn = width;
    node.style.height = `${height}px`;
    set(lines, { width, height });
    canvas.style.cssText = `width:${width}px;height:${height}px`;
    titles.forEach((title, l) => {
      title.style.left = `${at(l, 0)[0]}px`;
      title.replaceChildren(headOf(l, s.sizes.length - 1, width / s.sizes.length < WIDE));
    });
    for (const { from, to, element } of edges) {
      const [[x1, y1], [x2, y2]] = [at(...from), at(...to)];
      set(element, { x1, y1, x2, y2 });
    }
    for (const { l, i, element } of units) {
      const [x, y] = at(l, i);
      element.style.cssText = `left:${x}px;top:${y}px;width:${size}px;height:${size}px`;
    }
  };
  const update = (s) => {
    latest = s;
    const key = JSON.stringify([s.sizes, s.keys]);
    if (shown !== key) titles = build(s);
    if (shown !== key || drawn !== widthOf(node)) arrange(s);
    shown = key;
    const learnt = changed(s.maps, drawn, themeColors(node));
    const strongest = Math.max(1, ...edges.map(({ k }) => Math.abs(s.theta[k])).filter(Number.isFinite));
    for (const edge of edges) {
      const { to, k, element } = edge;
      const w = s.theta[k];
      const active = to[0] === s.l && to[1] === s.i;
      if (!learnt && active === edge.active) continue;
      edge.active = active;
      set(element, {
        stroke: w < 0 ? "var(--sw-pos)" : "var(--sw-neg)", "stroke-dasharray": w < 0 ? "5 4" : null,
        "stroke-width": (0.5 + (4 * Math.abs(w)) / strongest || 0.5).toFixed(1), "stroke-opacity": active ? 1 : 0.45,
      });
    }
    for (const { l, i, element } of units.filter((unit) => unit.l > 0)) set(element, { "aria-pressed": String(l === s.l && i === s.i) });
    const deepest = s.sizes.length - 1;
    if (!learnt) return;
    const { size, at, ...whole } = place(s);
    paintMaps(canvas, whole, units.map(({ l, i }) => {
      const values = s.maps[l][i];
      return { grid: coarse(values), domain: l === deepest ? [0, 1] : range(s.activation, l, values), middle: at(l, i), side: size - 2 };
    }));
  };
  node.addEventListener("click", (event) => {
    if (event.target.closest(".sw-unit")) return;
    const box = node.getBoundingClientRect();
    const { at } = place(latest);
    const near = edges.map((edge) => ({ ...edge, far: distance([event.clientX - box.left, event.clientY - box.top], [at(...edge.from), at(...edge.to)]) }))
      .reduce((best, edge) => (edge.far < best.far ? edge : best));
    if (near.far > REACH) return;
    const [l, i] = near.to;
    chooseWeight(numberOf(latest.sizes, l, i), near.from[1]);
  });
  watchWidth(node, () => latest && update(latest));
  return { node, update };
}

/** A function that says whether its arguments are others than last time: to draw takes longer. */
function changes() {
  let last = [];
  return (...now) => {
    const changed = now.some((value, k) => value !== last[k]);
    last = now;
    return changed;
  };
}

/** What stands over a layer, in few letters where there is little room. */
function headOf(l, last, narrow) {
  if (l === 0) return narrow ? "in" : "features";
  if (l === last) return narrow ? "out" : "output";
  return narrow ? `h${SUBSCRIPTS[l]}` : `hidden ${l}`;
}

/** Distance of a point from the straight line between two others. @param {number[]} point @param {number[][]} ends */
function distance([x, y], [[x1, y1], [x2, y2]]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const t = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

/** Rows of every second value of a map. @param {Float64Array} values */
function coarse(values) {
  return Array.from({ length: CELLS / COARSE }, (_, row) => {
    const few = new Float64Array(CELLS / COARSE);
    for (let k = 0; k < few.length; k += 1) few[k] = values[COARSE * (row * CELLS + k)];
    return few;
  });
}

/** What the colours of a unit's map run over. */
function range(activation, l, values) {
  if (l > 0 && activation === "tanh") return [-1, 1];
  if (l > 0 && activation === "sigmoid") return [0, 1];
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return [-largest, largest];
}

/** The plane: points, and the output as a map with its line ŷ = ½. */
function plane() {
  /** @type {{of: any[], paths: SVGElement[]}} */
  let drawn = { of: [], paths: [] }; // points, which stay where they are while the network learns
  const changed = changes();
  const { node, update } = plot({
    label: (s) => `The plane with ${s.points} training points; the output of the network as a map, which is right for ${percent(s.trained.accuracy)} of them.`,
    x: { domain: [-SIDE, SIDE], label: "x₁", bare: true },
    y: { domain: [-SIDE, SIDE], label: "x₂", bare: true },
    height: 292,
    narrow: 145,
    even: true,
    draw(marks, s) {
      const map = s.maps.at(-1)[0];
      const cell = (x) => Math.floor(((x + SIDE) / (2 * SIDE)) * CELLS);
      const inside = (k) => k >= 0 && k < CELLS;
      const value = (i, j) => (inside(i) && inside(j) ? 1.4 * (map[j * CELLS + i] - 0.5) : NaN);
      marks.heat((x1, x2) => value(cell(x1), cell(-x2)), { cells: Math.round((CELLS * (marks.x.domain[1] - marks.x.domain[0])) / (2 * SIDE)) });
      const rows = Array.from({ length: CELLS }, (_, j) => map.subarray(j * CELLS, (j + 1) * CELLS));
      const at = ([i, j]) => [SIDE * ((2 * i + 1) / CELLS - 1), SIDE * (1 - (2 * j + 1) / CELLS)];
      const segments = contourLines(rows, 0.5).map((ends) => ends.map(at).map(([x, y]) => `${marks.x(x).toFixed(1)} ${marks.y(y).toFixed(1)}`));
      marks.add(svg("path", { d: segments.map(([a, b]) => `M${a}L${b}`).join(""), fill: "none", stroke: "var(--sw-ink)", "stroke-width": 2 }));
      const of = [s.run, s.show_validation, marks.inner.width, marks.inner.height];
      if (of.some((value, k) => value !== drawn.of[k])) drawn = { of, paths: pointPaths(s, marks) };
      drawn.paths.forEach((path) => marks.add(path));
    },
  });
  return { node, update: (s) => { if (changed(s.maps, s.run, s.show_validation, themeColors(node))) update(s); } };
}

/** The points, a path for each class: of the training ones, then of the validation ones, which are hollow. */
function pointPaths({ run, show_validation: both }, { x, y }) {
  const paper = "var(--sw-paper)";
  return [run.training, ...(both ? [run.validation] : [])].flatMap((points, hollow) => [0, 1].map((label) => {
    const ink = `var(--sw-${LOOKS[label].color})`;
    const d = points.filter((point) => point[2] === label).map(([x1, x2]) => GLYPHS[label](x(x1).toFixed(1), y(x2).toFixed(1))).join("");
    return svg("path", { d, fill: hollow ? paper : ink, stroke: hollow ? ink : paper, "stroke-width": hollow ? 2 : 1 });
  }));
}

function curves() {
  const changed = changes();
  const { node, update } = plot({
    label: (s) => `Loss by epoch, from ${fixed(s.history[0]?.[1] ?? NaN)} to ${fixed(s.trained.loss)} on the training points and ${fixed(s.validated.loss)} on the validation points.`,
    x: { domain: (s) => [0, Math.max(20, s.epoch)], label: "epochs" },
    y: { domain: (s) => [0, 1.05 * Math.max(0.7, ...s.history.flatMap(([, ...values]) => values.map((v) => Math.min(v, 3))))], label: "loss" },
    height: 200,
    draw(marks, s) {
      const kept = thin(s.history);
      [["accent", undefined], ["good", "5 4"]].forEach(([color, dash], k) => {
        marks.line(kept.map((row) => [row[0], row[k + 1]]), { color, dash });
      });
      marks.dots([[s.epoch, s.trained.loss]].filter((point) => point.every(Number.isFinite)), { color: "accent", size: 4, q: "epochs" });
    },
  });
  return { node, update: (s) => { if (changed(s.maps)) update(s); } };
}

/** At most a few hundred rows of a long history. */
function thin(rows) {
  const each = Math.ceil(rows.length / 300);
  return rows.filter((_, k) => k % each === 0 || k === rows.length - 1);
}

/** Sliders for the weights that lead into the chosen unit, and for its bias: the same for all units, which takes less time than new ones. */
function weightSliders(setWeight) {
  const title = h("span", { class: "sw-label" });
  const list = columns();
  const node = h("div", { class: "sw-unit-weights" }, list.node);
  let latest;
  /** Where the weight from unit j of the layer before is, or the bias after the last of them. */
  const indexOf = ({ sizes, l, i }, j) => {
    const { inputs, weight, bias } = places(sizes)[l - 1];
    return j < inputs ? weight + i * inputs + j : bias + i;
  };
  const labelOf = ({ sizes, keys, l, i }, j) => {
    const name = nameOf(sizes, keys, l, i);
    return j < sizes[l - 1] ? `w, ${nameOf(sizes, keys, l - 1, j)} → ${name}` : `b of ${name}`;
  };
  const rows = [];
  const row = (j) => sliderFor({
    label: (s) => labelOf(s, j), min: -8, max: 8, step: 0.05, q: (s) => `w-${indexOf(s, j)}`,
    get: (s) => Number(s.theta[indexOf(s, j)].toFixed(3)), set: (value) => setWeight(indexOf(latest, j), value),
  });
  return {
    node,
    /** Show them: the reader has chosen a unit. */
    unfold() {
      node.closest("details").open = true;
    },
    /** Put the focus on the field of the weight from unit j of the layer before. */
    focus(j) {
      this.unfold();
      node.querySelectorAll(".sw-number")[j]?.focus();
    },
    update(s) {
      latest = s;
      const count = s.sizes[s.l - 1] + 1;
      while (rows.length < count) rows.push(row(rows.length));
      const shown = rows.slice(0, count);
      const name = `Weights into ${nameOf(s.sizes, s.keys, s.l, s.i)}`;
      if (title.textContent !== name) title.replaceChildren(name);
      if (list.node.childElementCount !== count + 1) list.node.replaceChildren(title, ...shown.map((control) => control.node));
      shown.forEach((control) => control.update(s));
    },
  };
}

/** A number field for each hidden layer, and buttons that add and remove layers. */
function layerButtons(reshape) {
  let hidden = [];
  const fields = Array.from({ length: 4 }, (_, k) => numberField({
    limits: { min: 1, max: 8, step: 1 }, name: { "aria-label": `Units of hidden layer ${k + 1}` },
    set: (units) => reshape({ hidden: hidden.with(k, Math.min(8, Math.max(1, Math.round(units)))) }),
  }));
  const more = button("Add a layer", () => reshape({ hidden: [...hidden, 2] }));
  const fewer = button("Remove a layer", () => reshape({ hidden: hidden.slice(0, -1) }));
  return {
    node: h("div", { class: "sw-layers" }, h("span", { class: "sw-label" }, "Hidden units"), ...fields.flatMap(({ input, note }) => [input, note]), more, fewer),
    update(s) {
      hidden = s.hidden;
      fields.forEach((field, k) => {
        field.input.hidden = k >= hidden.length;
        if (k < hidden.length) field.show(hidden[k]);
      });
      set(more, { disabled: hidden.length === 4 });
      set(fewer, { disabled: hidden.length === 0 });
    },
  };
}

/** A box for each feature; the last one cannot be taken away. */
function featureBoxes(reshape, settings) {
  const boxes = KEYS.map((key) => {
    const box = h("input", { type: "checkbox", onchange: () => reshape({ [key]: box.checked }) });
    return { key, box, node: h("label", { class: "sw-check sw-control" }, box, settings[key].label) };
  });
  return {
    node: h("div", { class: "sw-features", role: "group", "aria-label": "Features" }, ...boxes.map(({ node }) => node)),
    update(s) {
      for (const { key, box } of boxes) {
        box.checked = s[key];
        set(box, { disabled: s[key] && s.keys.length === 1 });
      }
    },
  };
}

function describe(s) {
  const network = `${s.sizes.join("–")} network, ${s.activation === "relu" ? "ReLU" : s.activation}`;
  if (s.diverged) return `${network}: the loss is no number any more after ${s.epoch} epochs; the learning rate ${short(s.rate)} is too large.`;
  const busy = s.epoch < s.epochs ? ` of ${s.epochs}` : "";
  return `${network}, after ${s.epoch}${busy} epoch${s.epoch === 1 ? "" : "s"}: training loss ${fixed(s.trained.loss, 3)} with ${percent(s.trained.accuracy)} right, `
    + `validation loss ${fixed(s.validated.loss, 3)} with ${percent(s.validated.accuracy)} right.`;
}

const percent = (share) => `${fixed(100 * share, 0)}%`;
