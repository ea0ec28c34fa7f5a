/** The perceptron trainer: points, a boundary, and mistakes against their bound. */

import { boundaryHandles, drawBoundary } from "./kit/boundary.js";
import { button, checkbox, select, slider, sliderFor } from "./kit/controls.js";
import { h } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { columns, fold, line, stack } from "./kit/layout.js";
import { math } from "./kit/math.js";
import { player } from "./kit/player.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { formula, legend, live, mark } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { gate, order, overlapping, separable } from "./model/clouds.js";
import { distanceFromOrigin } from "./model/line.js";
import {
  longest, margin, mistakeBound, norm, pocket, radius, score, shortest, train, wrong,
} from "./model/perceptron.js";

const PACE = 4; // visits per second
const TRAIL = 60; // weights that are drawn as dots, at most
const LOOKS = { 1: { color: "pos", shape: "triangle", size: 6 }, [-1]: { color: "neg", shape: "dot", size: 5.5 } };
const GOLDEN = (Math.sqrt(5) - 1) / 2; // seeds next to each other give directions far apart
const UNTRAINED = { w1: 0, w2: 0, b: 0, visits: 0 };
const EXAMPLES = {
  "AND": { data: "and", ...UNTRAINED },
  "OR": { data: "or", ...UNTRAINED },
  "XOR": { data: "xor", ...UNTRAINED },
  "Separable": { data: "separable", ...UNTRAINED },
  "Inseparable": { data: "inseparable", ...UNTRAINED },
};
const KEYS = ["w1", "w2", "b"];

const GOAL = 10; // mistakes

export default widget({
  title: "Perceptron trainer",
  opening: { data: "separable", w1: -1, w2: 1, visits: 7 },
  examples: EXAMPLES,
  create(state, { refresh, signal }) {
    let selected = 0; // the point that the buttons under the plane speak of
    const now = () => derive(state.values());
    const setWeights = (weights) =>
      state.set({ ...Object.fromEntries(KEYS.map((key, k) => [key, weights[k]])), visits: 0 });
    const setPoints = (points) => {
      const { weights } = now(); // the weights stay, and are a new start
      state.set({ data: "own", points, ...Object.fromEntries(KEYS.map((key, k) => [key, weights[k]])), visits: 0 });
    };
    const replace = (index, point) => setPoints(now().points.map((old, i) => (i === index ? point : old)));
    const visit = () => {
      const { run } = now();
      if (run.converged || run.visits === state.settings.visits.max) return false;
      state.set({ visits: run.visits + 1 });
      return true;
    };

    const actions = player({ step: visit, signal, rate: PACE, label: "Step" });
    const jump = (visits) => {
      actions.pause();
      state.set({ visits });
    };
    const jumps = line(
      button("Back", () => jump(now().run.visits - 1)),
      button("Next mistake", () => {
        actions.pause();
        const { length } = now().run.updates;
        while (now().run.updates.length === length && visit());
      }),
      button("Run", () => jump(derive({ ...state.values(), visits: state.settings.visits.max }).run.visits)),
      button("Untrain", () => { actions.pause(); state.glide(UNTRAINED); }),
    );
    const choose = ({ target }) => {
      if (!target.handle?.id.startsWith("point")) return;
      selected = Number(target.handle.id.slice("point".length));
      refresh();
    };
    const chosen = (s) => Math.min(selected, s.points.length - 1);
    const name = live((s) => {
      const [x1, x2, y] = s.points[chosen(s)];
      return `Point ${chosen(s) + 1}: (${short(x1)}, ${short(x2)}), class ${signed(y)}`;
    });
    const add = (y) => {
      const { points } = now();
      if (points.length === state.settings.points.length[1]) return;
      selected = points.length;
      setPoints([...points, [0.5, 0.5 + 0.75 * y, y]]);
    };
    const flip = (index) => {
      const [x1, x2, y] = now().points[index];
      replace(index, [x1, x2, -y]);
    };
    const remove = (index) => {
      const { points } = now();
      if (points.length > state.settings.points.length[0]) setPoints(points.filter((_, i) => i !== index));
    };
    const editing = line(name,
      button("Other class", () => flip(chosen(now()))), button("Remove", () => remove(chosen(now()))),
      button("Add −1", () => add(-1)), button("Add +1", () => add(1)));

    const weightSlider = (k) => sliderFor({
      ...state.settings[KEYS[k]], q: KEYS[k],
      get: (s) => Number(s.weights[k].toFixed(3)),
      set: (value) => setWeights(now().weights.with(k, value)),
    });
    const points = plane({ setWeights, replace, flip, remove });
    points.node.addEventListener("focusin", choose, { signal });
    return {
      derive,
      picture: [columns(
        stack(points, legend([
          { label: "+1", ...LOOKS[1] }, { label: "−1", ...LOOKS[-1] },
          { label: "mistake", color: "ink", shape: "cross" },
          { label: "pocket", color: "good", shape: "line", dash: "7 4" },
        ])),
        live(equation, { class: "sw-live sw-visit" }))],
      controls: [actions, slider(state, "rate")],
      more: [
        fold("The proof", live(counter), squeeze()),
        fold("Path of the weights", weightPlane(state, setWeights)),
        fold("Skip", jumps),
        fold("Weights", weightSlider(0), weightSlider(1), weightSlider(2)),
        fold("Points", select(state, "data"), slider(state, "seed"), select(state, "order"), checkbox(state, "pocket"), editing),
      ],
      describe,
      goal: ({ run, data }) => ({
        text: "AND, learnt to the end with fewer than ten mistakes.",
        met: data === "and" && run.converged && run.updates.length < GOAL,
        answer: { data: "and", order: "listed", w1: 1, w2: 1, b: -1.5, rate: 1, visits: 100 },
      }),
    };
  },
});

/** All that follows from the settings. */
function derive(s) {
  const points = pointsOf(s);
  const { sequence, geometry } = dataOf({ ...s, points });
  const start = [s.w1, s.w2, s.b];
  const run = train(sequence.map((i) => points[i]), start, s.rate, s.visits);
  const { weights, updates } = run;
  return {
    ...s, points, sequence, ...geometry, start, run, weights,
    bound: geometry.best ? mistakeBound(geometry.R, geometry.best.gamma, start, s.rate) : Infinity,
    wrong: wrong(points, weights),
    kept: pocket(points, [start, ...updates.map((u) => u.weights)]),
    domain: domainOf(points),
  };
}

function pointsOf({ data, points, seed }) {
  if (data === "own") return points;
  if (data === "separable") return separable(16, 0.15, (seed * GOLDEN) % 1, seed);
  if (data === "inseparable") return overlapping(20, 1.4, 0.7, seed);
  return gate(data);
}

/** What depends on the points alone: the order of the visits, and R and the margin. */
const dataOf = memo(["points", "order", "seed"], (s) => ({
  sequence: order(s.points.length, s.order, s.seed),
  geometry: { R: radius(s.points), best: margin(s.points) },
}));

/** The part of the plane that is shown: fixed steps, so that it does not move under a dragged point. */
function domainOf(points) {
  const inside = points.every(([x1, x2]) => [x1, x2].every((x) => x >= -1.5 && x <= 2.5));
  const far = Math.max(...points.flatMap(([x1, x2]) => [Math.abs(x1), Math.abs(x2)]));
  return inside ? [-1.5, 2.5] : far <= 3 ? [-3, 3] : far <= 5 ? [-5, 5] : [-10, 10];
}

function plane({ setWeights, replace, flip, remove }) {
  const axis = (label) => ({ domain: (s) => s.domain, label });
  return plot({
    label: (s) => `${s.points.length} points of two classes and the boundary of the unit: `
      + `${s.points.length - s.wrong} on the right side, ${s.wrong} not.`,
    x: axis("x₁"),
    y: axis("x₂"),
    height: 300,
    narrow: 225,
    even: true,
    draw(marks, s) {
      const [w1, w2] = s.weights;
      if (w1 || w2) marks.heat((x1, x2) => 0.22 * Math.sign(score(s.weights, [x1, x2])), { cells: 120 });
      const [p1, p2, offset] = s.kept.weights;
      if (s.pocket) marks.rule({ normal: [p1, p2], offset }, { color: "good", dash: "7 4" });
      drawBoundary(marks, s.weights, s.domain);
      const next = s.sequence[s.run.visits % s.points.length];
      if (!s.run.converged) marks.dots([s.points[next]], { size: 12, hollow: true, color: "accent" });
      const { last } = s.run;
      if (last) marks.dots([s.points[s.sequence[last.index]]], { size: 9, hollow: true, color: "edge", q: "x" });
      s.points.filter((p) => wrong([p], s.weights)).forEach((p) => marks.dots([p], { shape: "cross", size: 10 }));
    },
    handles: (s) => [
      ...s.points.map(([x1, x2, y], i) => {
        const limits = { min: s.domain[0], max: s.domain[1], step: 0.05 };
        return {
          id: `point${i}`, label: `Point ${i + 1}, class ${signed(y)}`, text: `${short(x1)}, ${short(x2)}`,
          at: [x1, x2], x: limits, y: limits, ...LOOKS[y], reach: 13,
          move: (point) => replace(i, [...point, y]),
          key(event) {
            const act = { Enter: flip, " ": flip, Delete: remove, Backspace: remove }[event.key];
            if (!act) return;
            event.preventDefault();
            act(i);
          },
        };
      }),
      ...boundaryHandles(s.weights, s.domain, setWeights),
    ],
  });
}

function weightPlane(state, setWeights) {
  const reach = (s) => {
    const far = Math.max(...[s.start, ...s.run.updates.map((u) => u.weights)].flatMap(([w1, w2]) => [Math.abs(w1), Math.abs(w2)]));
    return [2, 5, 10, 20, 50, 100].find((m) => far <= 0.95 * m) ?? 1.1 * far;
  };
  const axis = (label) => ({ domain: (s) => [-reach(s), reach(s)], label });
  return plot({
    label: (s) => `The path of w from ${pair(s.start)} to ${pair(s.weights)} in ${s.run.updates.length} updates.`,
    x: axis("w₁"),
    y: axis("w₂"),
    height: 240,
    even: true,
    draw(marks, s) {
      const path = [s.start, ...s.run.updates.map((u) => u.weights)].map(([w1, w2]) => [w1, w2]);
      marks.rule({ x: 0 }, { color: "edge", width: 1 });
      marks.rule({ y: 0 }, { color: "edge", width: 1 });
      marks.line(path, { color: "muted", width: 1.2 });
      marks.dots(path.slice(-TRAIL), { color: "muted", size: 2.5 });
      const { last } = s.run;
      if (last?.mistake) marks.arrow(last.before.slice(0, 2), s.weights.slice(0, 2), { color: "accent", width: 2.5 });
      marks.text([-reach(s), reach(s)], "path of w", { color: "muted", dx: 8, dy: 18 });
    },
    handles: (s) => {
      const { min, max, step } = state.settings.w1;
      const limits = { min: Math.max(min, -reach(s)), max: Math.min(max, reach(s)), step };
      return [{
        id: "w", q: "w1 w2", label: "Weights w₁ and w₂", text: pair(s.weights), at: s.weights.slice(0, 2), x: limits, y: limits,
        color: "accent", move: ([w1, w2]) => setWeights([w1, w2, s.weights[2]]),
      }];
    },
  });
}

/** The latest visit in numbers. */
function equation({ run: { last, converged, visits, updates, weights }, points, sequence, rate }) {
  if (!last) {
    const [x1, x2, y] = points[sequence[0]];
    return [h("div", {}, `No visit yet. First comes point ${sequence[0] + 1}: `), formula(`x = (${short(x1)}, ${short(x2)}), y = ${signed(y)}`)];
  }
  const index = sequence[last.index];
  const [x1, x2, y] = points[index];
  const [w1, w2, b] = last.before;
  const z = score(last.before, points[index]);
  const x = quantity("x", `(${short(x1)}, ${short(x2)})`);
  const head = [
    h("div", {}, h("b", {}, `Visit ${visits}`), `: point ${index + 1}`),
    formula("x = ", x, ", y = ", mark(signed(y), LOOKS[y].color)),
    formula("z = ", quantity("w1", inner(w1)), `·${inner(x1)} + `, quantity("w2", inner(w2)), `·${inner(x2)} + `, quantity("b", inner(b)), ` = ${number(z)}`),
    formula(`y z = ${number(y * z)}`, last.mistake ? mark(" ≤ 0: a mistake", "accent") : mark(" > 0: right", "good")),
  ];
  if (!last.mistake) {
    return [...head, h("div", {}, converged ? `The last ${points.length} visits were all right: training has ended.` : "No update.")];
  }
  const sign = y > 0 ? "+" : "−";
  return [
    ...head,
    formula(`w ← (${number(w1)}, ${number(w2)}) ${sign} ${short(rate)}·`, x.cloneNode(true)),
    formula(" = (", quantity("w1", number(weights[0])), ", ", quantity("w2", number(weights[1])), ")"),
    formula(`b ← ${number(b)} ${sign} ${short(rate)} = `, quantity("b", number(weights[2]))),
    h("div", {}, "Mistake number ", quantity("mistakes", `${updates.length}`), "."),
  ];
}

/** The mistakes against their bound, and the geometry of the boundary. */
function counter({ run: { updates }, R, best, bound, start, rate, weights, kept, wrong: now, points, pocket: shown }) {
  const line = (...content) => h("div", {}, ...content);
  const mistakes = mark(`${updates.length}`, "accent", "mistakes");
  const from = norm(start) > 0 ? ` + 2·${short(norm(start))} / (${short(rate)}·${short(best?.gamma ?? 0)})` : "";
  return [
    best
      ? line("Mistakes: ", mistakes, " of at most ", math(`(${short(R)} / ${short(best.gamma)})²${from} = ${short(bound, 4)}`))
      : line("Mistakes: ", mistakes, ", without a bound: no line separates the classes"),
    line(`Wrong now: ${now} of ${points.length}`, shown ? `; in the pocket: ${kept.wrong}` : ""),
    weights[0] || weights[1]
      ? line("Boundary: ", math(`|b| / ‖w‖ = ${short(distanceFromOrigin(weights))}`), " from the origin")
      : line(math("w = 0"), ": no boundary"),
  ];
}

/** The race of the proof: the length of (w, b) between its two limits. */
function squeeze() {
  const end = (s) => {
    const { length } = s.run.updates;
    return Math.max(5, s.bound < 8 * Math.max(length, 12) ? Math.ceil(1.05 * s.bound) : 2 * length);
  };
  const low = (s, M) => Math.max(0, shortest(M, s.best, s.start, s.rate));
  const high = (s, M) => longest(M, s.R, s.start, s.rate);
  return plot({
    label: (s) => `Length of the weights with the bias after each of ${s.run.updates.length} mistakes, now ${short(norm(s.weights))}. `
      + (s.best ? `The lower and upper limits of the proof meet at ${short(s.bound, 4)} mistakes or before.` : "There is an upper limit only."),
    x: { domain: (s) => [0, end(s)], label: "mistakes M" },
    y: { domain: (s) => [0, 1.12 * high(s, end(s))], label: "length of (w, b)" },
    height: 200,
    draw(marks, s) {
      const dense = Array.from({ length: 101 }, (_, i) => (i * end(s)) / 100);
      marks.line(dense.map((M) => [M, high(s, M)]), { color: "neg" });
      const fromZero = norm(s.start) === 0;
      const [left, right] = [0.4 * end(s), 0.98 * end(s)];
      marks.text([left, high(s, left)], fromZero ? "at most R√M" : "at most", { color: "neg", anchor: "end", dx: -4, dy: -6 });
      if (s.best) {
        marks.line(dense.map((M) => [M, low(s, M)]), { color: "pos", dash: "7 4" });
        const steep = low(s, right) > 0.2 * high(s, right); // else the axis is near, and there is room above the line
        const place = [right, low(s, steep ? left : right)];
        marks.text(place, fromZero ? "at least γM" : "at least", { color: "pos", anchor: "end", dy: steep ? 4 : -6 });
      }
      const lengths = [s.start, ...s.run.updates.map((u) => u.weights)].map((w, M) => [M, norm(w)]);
      if (lengths.length > TRAIL) marks.line(lengths, { width: 1.5 });
      else marks.dots(lengths, { size: 2.5 });
      marks.dots(lengths.slice(-1), { color: "accent", size: 6, q: "mistakes" });
    },
  });
}

function describe({ run: { visits, updates, converged }, weights, points, wrong: now, best, bound }) {
  const [w1, w2, b] = weights.map(number);
  const state = converged ? "training has ended" : `${now} of ${points.length} points are wrong`;
  const limit = best ? `at most ${short(bound, 4)} mistakes are possible` : "no line separates these points, so there is no bound";
  return `After ${count(visits, "visit")} and ${count(updates.length, "mistake")} the weights are ${w1} and ${w2}, the bias ${b}; ${state}; ${limit}.`;
}

const number = (x) => fixed(x, Math.abs(x - Math.round(x)) < 1e-9 ? 0 : 2);
const inner = (x) => (x < 0 ? `(${number(x)})` : number(x));
const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
const signed = (y) => (y > 0 ? "+1" : "−1");
const pair = ([w1, w2]) => `(${number(w1)}, ${number(w2)})`;
