/** A small network that bends its boundary while the reader sets points. */

import { button, slider } from "./kit/controls.js";
import { contourLines } from "./kit/contour.js";
import { set, svg } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { columns, fold, line, stack } from "./kit/layout.js";
import { player } from "./kit/player.js";
import { plot } from "./kit/plot.js";
import { memo } from "./kit/state.js";
import { legend } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { places } from "./model/network.js";
import { initial, judge, parameterCount, responses, Trainer } from "./model/playground.js";

const SIDE = 3; // the plane runs from −SIDE to SIDE
const CELL = 6; // px of the map
const RATE = 0.3;
const BATCH = 4;
const PACE = 20; // pictures per second
const EACH = 4; // epochs for a picture
const LEARNT = 0.03; // loss at which playing ends
const LOOKS = [{ color: "neg", shape: "dot", size: 6 }, { color: "pos", shape: "triangle", size: 6.5 }];
const NAMES = ["dot", "triangle"];
const RING = [
  [0.1, 0.05, 1], [0.6, 0.1, 1], [-0.35, 0.5, 1], [-0.3, -0.5, 1], [1.6, 0.25, 0], [1.35, 1.1, 0],
  [0.65, 1.75, 0], [-0.25, 1.6, 0], [-1.1, 1.35, 0], [-1.75, 0.65, 0], [-1.6, -0.25, 0], [-1.35, -1.1, 0],
  [-0.65, -1.75, 0], [0.25, -1.6, 0], [1.1, -1.35, 0], [1.75, -0.65, 0],
];
const FRESH = { seed: 1, weights: [], epochs: 0 };
const EXAMPLES = {
  "Ring": { points: RING, hidden: 4, ...FRESH },
  "Two sides": { points: [[-1.6, -1, 0], [-1.2, 0.6, 0], [-0.6, -1.7, 0], [-1.9, -0.2, 0], [1.5, 1.2, 1], [0.8, 1.7, 1], [1.9, -0.2, 1], [0.7, 0.2, 1]], hidden: 0, ...FRESH },
  "XOR": { points: [[-1.2, -1.1, 0], [-1.6, -1.7, 0], [1.3, 1.2, 0], [1.7, 1.6, 0], [-1.3, 1.2, 1], [-1.7, 1.6, 1], [1.2, -1.3, 1], [1.6, -1.7, 1]], hidden: 3, ...FRESH },
  "Empty": { points: [], hidden: 4, ...FRESH },
};

export default widget({
  title: "Bending network",
  opening: { epochs: 40 },
  examples: EXAMPLES,
  glides: false, // the way from one network to another leads through training
  create(state, { refresh, signal }) {
    let kind = 1; // the class of the next point
    const run = runs();
    const now = () => run(state.values());
    const { max } = state.settings.epochs;
    const advance = () => {
      const { epochs, points, loss } = now();
      if (epochs >= max || !points.length || loss < LEARNT) return false;
      state.set({ epochs: epochs + EACH });
      return true;
    };
    const actions = player({ step: advance, signal, rate: PACE, label: "Step" });
    actions.node.append(button("Restart", () => { actions.pause(); state.set({ weights: [], epochs: 0 }); }));

    // The weights stay as they are and are a new start, so that the boundary goes on bending from where it is.
    const setPoints = (points) =>
      state.set({ points, weights: Array.from(now().theta, (w) => Number(w.toPrecision(6))), epochs: 0 });
    const watch = () => { if (!matchMedia("(prefers-reduced-motion: reduce)").matches) actions.play(); };
    const add = (place) => {
      const { points } = now();
      if (points.length === state.settings.points.length[1]) return;
      setPoints([...points, [...place.map((x) => Math.round(20 * x) / 20), kind]]);
      watch();
    };
    const replace = (i, point) => setPoints(now().points.with(i, point));
    const flip = (i) => {
      const [x1, x2, y] = now().points[i];
      replace(i, [x1, x2, 1 - y]);
    };
    const remove = (i) => setPoints(now().points.filter((_, k) => k !== i));

    const choices = NAMES.map((name, y) => button(`${["●", "▲"][y]} ${name}`, () => { kind = y; refresh(); }, { "aria-pressed": "false" }));
    const next = line(...choices.toReversed(), button("Set it in the middle", () => add([0, 0])));
    return {
      derive: run,
      picture: [columns(plane({ add, replace, flip, remove }), stack(graph(), legend([
        { label: "class 1", ...LOOKS[1] }, { label: "class 0", ...LOOKS[0] },
        { label: "boundary, ŷ = ½", color: "ink", shape: "line" }, { label: "one hidden unit each", color: "muted", shape: "line", dash: "3 4" },
      ])))],
      controls: [actions, slider(state, "hidden"), next],
      more: [fold("Training", slider(state, "epochs"), slider(state, "seed"))],
      update() { choices.forEach((node, y) => set(node, { "aria-pressed": String(y === kind) })); },
      describe,
      goal: ({ points, hidden, wrong }) => ({
        text: "the ring, every point right, with no more than three hidden units.",
        met: hidden <= 3 && wrong === 0 && JSON.stringify(points) === JSON.stringify(RING),
        answer: { points: RING, hidden: 3, seed: 1, weights: [], epochs: 400 },
      }),
    };
  },
});

/** All that follows from the settings; training is taken up where it was. */
function runs() {
  const begin = memo(["points", "hidden", "seed", "weights"], ({ points, hidden, seed, weights }) => {
    const sizes = hidden > 0 ? [2, hidden, 1] : [2, 1];
    const theta = weights.length === parameterCount(sizes) ? weights : initial(sizes, "tanh", seed);
    const [X, y] = [points.map(([x1, x2]) => [x1, x2]), points.map((point) => (point[2] > 0.5 ? 1 : 0))];
    const restart = () => new Trainer({ sizes, activation: "tanh", theta, X, y, rate: RATE, l2: 0, batch: BATCH, seed });
    return { sizes, X, y, restart, trainer: restart() };
  });
  return (s) => {
    const run = begin(s);
    const epochs = s.points.length ? s.epochs : 0;
    if (run.trainer.epoch > epochs) run.trainer = run.restart();
    while (run.trainer.epoch < epochs) run.trainer.run();
    const { theta } = run.trainer.network;
    const outputs = run.X.length ? responses(run.sizes, "tanh", theta, run.X).at(-1)[0] : [];
    const { loss, accuracy } = judge(outputs.map((p) => Math.log(p / (1 - p))), run.y);
    const wrong = run.y.length ? Math.round((1 - accuracy) * run.y.length) : 0;
    return { ...s, epochs, sizes: run.sizes, theta, loss, wrong };
  };
}

/** The network: its connections as wide as their weights are large, dashed below zero. */
function graph() {
  const drawn = plot({
    label: (s) => `The network: 2 inputs, ${s.hidden} hidden units, one output; ${[...s.theta].filter((w) => w < 0).length} of its ${s.theta.length} weights and biases are negative.`,
    x: { domain: [-0.3, 2.3], label: "", bare: true },
    y: { domain: [-1.1, 1.1], label: "", bare: true },
    height: 200,
    draw(marks, { sizes, theta }) {
      const spread = (count, k) => (count === 1 ? 0 : 1 - (2 * k) / (count - 1)) * Math.min(1, count / 4);
      const at = (l, k) => [(2 * l) / (sizes.length - 1), spread(sizes[l], k)];
      for (const [l, { inputs, outputs, weight }] of places(sizes).entries()) {
        for (let n = 0; n < inputs * outputs; n += 1) {
          const w = theta[weight + n];
          marks.line([at(l, n % inputs), at(l + 1, Math.floor(n / inputs))], {
            color: w < 0 ? "pos" : "neg", dash: w < 0 ? "5 4" : undefined, width: Math.min(6, 0.5 + Math.abs(w)), opacity: 0.7,
          });
        }
      }
      sizes.forEach((count, l) => Array.from({ length: count }, (_, k) =>
        marks.dots([at(l, k)], { size: 11, hollow: true, q: l === 1 && sizes.length === 3 ? "hidden" : undefined })));
      const write = (name, l, k) => marks.text(at(l, k), name, { anchor: "middle", dy: 4, fixed: true });
      write("x₁", 0, 0);
      write("x₂", 0, 1);
      write("ŷ", sizes.length - 1, 0);
    },
  });
  drawn.node.classList.add("sw-graph");
  return drawn;
}

/** The plane: points, the output as a map, its line ŷ = ½, and the line of each hidden unit. */
function plane({ add, replace, flip, remove }) {
  const axis = (label) => ({ domain: [-SIDE, SIDE], label, bare: true });
  return plot({
    label: (s) => `The plane with ${s.points.length} points, ${s.points.length - s.wrong} of them on the right side of a boundary that ${s.hidden ? "bends" : "is straight"}. Press it to set a point.`,
    x: axis("x₁"),
    y: axis("x₂"),
    height: 320,
    narrow: 270,
    even: true,
    draw(marks, s) {
      const { left, top, width, height } = marks.inner;
      const [across, down] = [width, height].map((length) => Math.ceil(length / CELL));
      const corners = Array.from({ length: down + 1 }, (_, j) => Array.from({ length: across + 1 }, (_, i) =>
        [marks.x.invert(left + (i * width) / across), marks.y.invert(top + (j * height) / down)]));
      const outputs = responses(s.sizes, "tanh", s.theta, corners.flat()).at(-1)[0];
      const rows = corners.map((row, j) => outputs.slice(j * row.length, (j + 1) * row.length));
      marks.map(rows.map((row) => row.map((value) => 1.2 * (value - 0.5))));
      for (let k = 0; k < s.hidden; k += 1) {
        marks.rule({ normal: [s.theta[2 * k], s.theta[2 * k + 1]], offset: s.theta[2 * s.hidden + k] }, { color: "muted", width: 1, dash: "3 4" });
      }
      const at = ([i, j]) => `${(left + (i * width) / across).toFixed(1)} ${(top + (j * height) / down).toFixed(1)}`;
      const d = contourLines(rows, 0.5).map(([a, b]) => `M${at(a)}L${at(b)}`).join("");
      marks.add(svg("path", { d, fill: "none", stroke: "var(--sw-ink)", "stroke-width": 2.5, "stroke-linecap": "round", "data-q": "hidden" }));
    },
    press(point, first) {
      if (first && point.every((x) => Math.abs(x) <= SIDE)) add(point);
    },
    handles: (s) => s.points.map(([x1, x2, y], i) => {
      const limits = { min: -SIDE, max: SIDE, step: 0.05 };
      return {
        id: `point${i}`, label: `Point ${i + 1}, ${NAMES[y]}; Enter changes it, Delete removes it`, text: `${short(x1)}, ${short(x2)}`,
        at: [x1, x2], x: limits, y: limits, ...LOOKS[y], reach: 13, move: (place) => replace(i, [...place, y]),
        key(event) {
          const act = { Enter: flip, " ": flip, Delete: remove, Backspace: remove }[event.key];
          if (!act) return;
          event.preventDefault();
          act(i);
        },
      };
    }),
  });
}

function describe({ sizes, theta, epochs, points, wrong, loss, hidden }) {
  const made = `A ${sizes.join("–")} network with ${theta.length} weights and biases`;
  if (!points.length) return `${made}, without a point to learn from: press the plane.`;
  const right = wrong ? `${points.length - wrong} of ${points.length} points are right` : `all ${points.length} points are right`;
  return `${made}, after ${epochs} epochs: ${right}, loss ${fixed(loss)}; its boundary ${hidden ? `may bend at ${hidden} line${hidden === 1 ? "" : "s"}` : "is straight"}.`;
}
