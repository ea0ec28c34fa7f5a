/** The Mark I: a retina of photocells, the weights of one unit as a picture, and its attempts. */

import { button, slider } from "./kit/controls.js";
import { color, h, svg } from "./kit/dom.js";
import { fixed } from "./kit/format.js";
import { fold, line, stack, when } from "./kit/layout.js";
import { player } from "./kit/player.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { formula, live, mark } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { draws, letters, pack, score, seen, SIDE, squares, stroke, total, train, unpack, wrong } from "./model/retina.js";

const PACE = 5; // attempts per second
const STRIP = 50; // attempts in sight, as many as in 1958
const BLANK = pack([]);
const SQUARES = squares();
const NAMES = { squares: { 1: "right", [-1]: "left" }, letters: { 1: "T", [-1]: "L" }, own: { 1: "right", [-1]: "left" } };
const LOOKS = { 1: "pos", [-1]: "neg" };
const half = (y) => pack(unpack(BLANK.map(() => 2 ** SIDE - 1)).filter((cell) => (cell % SIDE < SIDE / 2 ? -1 : 1) === y));
const HALVES = [-1, 1].map((y) => [y, ...half(y)]);
const middle = (y) => SQUARES.find(({ cells, y: side }) => side === y && cells[0] === 7 * SIDE + (y > 0 ? 12 : 2)).cells;
const STORE = {
  "Square left": pack(middle(-1)), "Square right": pack(middle(1)), "Left half": half(-1), "Right half": half(1),
  "L": pack(letters(0)[0].cells), "T": pack(letters(0)[1].cells),
};
const FRESH = { attempts: 0, picture: BLANK };
const EXAMPLES = {
  "Squares": { task: "squares", ...FRESH },
  "Letters in place": { task: "letters", shift: 0, ...FRESH },
  "Letters anywhere": { task: "letters", shift: 10, ...FRESH },
  "Your own": { task: "own", own: [], ...FRESH },
};

export default widget({
  title: "Mark I retina",
  opening: { attempts: 3 },
  examples: EXAMPLES,
  glides: false, // between two pictures lies none
  create(state, { refresh, signal }) {
    let cursor = [9, 9]; // column and row of the photocell that the keyboard is at
    const now = () => derive(state.values());
    const attempt = () => {
      const { examples, left, attempts, task } = now();
      const enough = task === "own" ? examples.length : STRIP;
      if (attempts === state.settings.attempts.max || (attempts >= enough && left === 0)) return false;
      state.set({ attempts: attempts + 1, picture: BLANK });
      return true;
    };
    const actions = player({ step: attempt, signal, rate: PACE, label: "Next attempt" });
    const draw = (cells) => {
      actions.pause();
      state.set({ picture: pack(cells) });
    };
    const teach = (y) => {
      const { shown, own } = now();
      if (!shown.length || own.length === state.settings.own.length[1]) return;
      state.set({ own: [...own, [y, ...pack(shown)]], attempts: own.length + 1, picture: BLANK });
    };
    const third = [
      when((s) => s.task === "squares", slider(state, "seed")),
      when((s) => s.task === "letters", slider(state, "shift")),
      when((s) => s.task === "own", line(
        button("Teach left", () => teach(-1)), button("Teach right", () => teach(1)),
        button("Forget", () => state.set({ own: [], ...FRESH })))),
    ];
    return {
      derive,
      picture: [
        gridOf("sw-retina",
          captioned(() => [h("b", {}, "Retina"), " x"], retina({ draw, cursor: () => cursor, go: (place) => { cursor = place; refresh(); } })),
          captioned(() => [h("b", {}, "Weights"), " w: filled > 0, hollow < 0"], weightPicture()),
          live(account, { class: "sw-live sw-attempt" })),
        strip(),
      ],
      controls: [actions, slider(state, "attempts"), ...third],
      more: [
        fold("Load a picture", line(
          ...Object.entries(STORE).map(([name, rows]) => button(name, () => draw(unpack(rows)))),
          button("Clear", () => draw([])))),
        fold("What each photocell sees", gridOf("sw-retina", 
          ...[-1, 1].map((y) => captioned(({ names }) => ["How often ", h("b", {}, names[y]), " lights it"], seenPicture(y))),
          live(totals, { class: "sw-live sw-attempt" }))),
      ],
      describe,
      goal: ({ task, own, missed }) => ({
        text: "two pictures of your own that teach it all 150 squares.",
        met: task === "own" && own.length <= 2 && missed === 0,
        answer: { task: "own", own: HALVES, attempts: 2, picture: BLANK },
      }),
    };
  },
});

/** Parts in a grid of the widget's own. @param {string} name @param {import("./kit/layout.js").Control[]} parts */
function gridOf(name, ...parts) {
  return { node: h("div", { class: name }, ...parts.map(({ node }) => node)), update: (s) => parts.forEach((part) => part.update(s)) };
}

/** A picture under its caption. */
const captioned = (caption, picture) => stack(live(caption, { class: "sw-caption" }), picture);

const examplesOf = memo(["task", "shift", "own"], ({ task, shift, own }) => {
  if (task === "squares") return SQUARES;
  if (task === "letters") return letters(shift);
  return own.map(([y, ...rows]) => ({ cells: unpack(rows), y: y > 0 ? 1 : -1 }));
});

/** All that follows from the settings. */
function derive(s) {
  const examples = examplesOf(s);
  const count = examples.length ? s.attempts : 0;
  const sequence = s.task === "own" ? Array.from({ length: count }, (_, k) => k % examples.length) : draws(examples.length, s.seed, count);
  const run = train(examples, sequence);
  const { weights, last } = run;
  const drawn = unpack(s.picture);
  const example = drawn.length || !last ? null : examples[last.index];
  return {
    ...s, attempts: count, examples, run, weights, drawn, example, names: NAMES[s.task],
    shown: example?.cells ?? drawn,
    z: example ? last.z : score(weights, drawn),
    left: wrong(examples, weights),
    missed: wrong(SQUARES, weights),
  };
}

/** Photocells are numbered from the top left; a plot's y goes up. */
const placeOf = (cell) => [cell % SIDE, SIDE - 1 - Math.floor(cell / SIDE)];
const FRAME = { x: { domain: [0, SIDE], label: "", bare: true }, y: { domain: [0, SIDE], label: "", bare: true }, height: 232, narrow: 164, even: true };

/** One path of a square in each of some photocells, as long along a side as `size(cell)` parts of it. */
function tiles(marks, cells, size, look) {
  const unit = marks.x(1) - marks.x(0);
  const d = cells.map((cell) => {
    const [x, y] = placeOf(cell);
    const side = size(cell) * unit;
    return `M${(marks.x(x + 0.5) - side / 2).toFixed(2)} ${(marks.y(y + 0.5) - side / 2).toFixed(2)}h${side.toFixed(2)}v${side.toFixed(2)}h${(-side).toFixed(2)}Z`;
  }).join("");
  marks.add(svg("path", { d, ...look }));
}

const ALL = Array.from({ length: SIDE * SIDE }, (_, cell) => cell);
const edge = (marks) => marks.line([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE], [0, 0]], { color: "edge" });

/** What the machine looks at; the reader draws on it. */
function retina({ draw, cursor, go }) {
  let s;
  let pen; // where it was last, and whether it lights
  const picture = plot({
    ...FRAME,
    drawn: true,
    label: (now) => `Retina of 20 by 20 photocells: ${now.example ? whatIs(now) : "your picture"}, ${now.shown.length} lit.`,
    draw(marks) {
      edge(marks);
      tiles(marks, ALL, () => 0.16, { fill: color("muted") });
      tiles(marks, s.shown, () => 0.92, { fill: color("ink"), "data-q": "x" });
    },
    press([x, y], first) {
      const at = [x, SIDE - y];
      if (first) pen = { at, lights: !stroke(at, at).every((cell) => s.drawn.includes(cell)) };
      const touched = stroke(pen.at, at);
      pen.at = at;
      draw(painted(s.drawn, touched, pen.lights));
    },
    handles: () => {
      const [column, row] = cursor();
      const cell = row * SIDE + column;
      const limits = { min: 0, max: SIDE - 1, step: 1 };
      return [{
        id: "photocell", label: "Photocell, turned by Enter or Space", q: "x",
        text: `row ${row + 1}, column ${column + 1}, ${s.shown.includes(cell) ? "lit" : "dark"}, weight ${fixed(s.weights[cell], 0)}`,
        at: [column + 0.5, SIDE - 1 - row + 0.5], x: { ...limits, min: 0.5, max: SIDE - 0.5 }, y: { ...limits, min: 0.5, max: SIDE - 0.5 },
        shape: "none", reach: 12,
        move: ([x, y]) => go([Math.round(x - 0.5), SIDE - 1 - Math.round(y - 0.5)]),
        key(event) {
          if (!["Enter", " "].includes(event.key)) return;
          event.preventDefault();
          draw(painted(s.drawn, [cell], !s.drawn.includes(cell)));
        },
      }];
    },
  });
  return { node: picture.node, update: (now) => { s = now; picture.update(now); } };
}

/** A picture with some photocells lit or dark. */
function painted(cells, touched, lights) {
  return lights ? [...new Set([...cells, ...touched])] : cells.filter((cell) => !touched.includes(cell));
}

/** The weights: the greater, the larger the square; filled above zero, hollow below. */
function weightPicture() {
  return plot({
    ...FRAME,
    label: ({ weights }) => {
      const count = (test) => weights.slice(0, -1).filter(test).length;
      return `Weights of the 400 photocells: ${count((w) => w > 0)} above zero, filled, ${count((w) => w < 0)} below, hollow.`;
    },
    draw(marks, { weights, shown }) {
      edge(marks);
      tiles(marks, shown, () => 1, { fill: color("edge"), "fill-opacity": 0.6, "data-q": "x" });
      const most = Math.max(1, ...weights.slice(0, -1).map(Math.abs));
      const size = (cell) => 0.9 * Math.sqrt(Math.abs(weights[cell]) / most);
      tiles(marks, ALL.filter((cell) => weights[cell] > 0), size, { fill: color("pos") });
      tiles(marks, ALL.filter((cell) => weights[cell] < 0), (cell) => 0.85 * size(cell), { fill: color("paper"), stroke: color("neg"), "stroke-width": 0.13 * (marks.x(1) - marks.x(0)) });
    },
  });
}

/** How often each photocell is lit by the pictures of one class. */
function seenPicture(y) {
  return plot({
    ...FRAME,
    label: ({ examples, names }) => {
      const counts = seen(examples, y);
      return `How often each photocell is lit by the pictures of ${names[y]}: ${Math.min(...counts)} to ${Math.max(...counts)} times.`;
    },
    draw(marks, { examples }) {
      edge(marks);
      const counts = seen(examples, y);
      const most = Math.max(1, ...counts);
      tiles(marks, ALL.filter((cell) => counts[cell]), (cell) => 0.9 * Math.sqrt(counts[cell] / most), { fill: color(LOOKS[y]) });
    },
  });
}

/** The latest attempts: a dot for each that was correct, a cross for each mistake. */
function strip() {
  const start = (s) => Math.max(0, s.attempts - STRIP);
  return plot({
    x: { domain: (s) => [start(s) + 0.5, start(s) + STRIP + 0.5], label: "", bare: true },
    y: { domain: [-1, 1], label: "", bare: true },
    height: 34,
    label: (s) => `Attempts ${start(s) + 1} to ${Math.max(1, s.attempts)}; mistakes: ${s.run.mistakes.filter((k) => k > start(s)).join(", ") || "none"}.`,
    draw(marks, s) {
      const missed = new Set(s.run.mistakes);
      for (let k = start(s) + 1; k <= start(s) + STRIP; k += 1) {
        if (k > s.attempts) marks.dots([[k, 0]], { size: 1, color: "edge" });
        else if (missed.has(k)) marks.dots([[k, 0]], { shape: "cross", size: 3.5, color: "accent", q: "mistakes" });
        else marks.dots([[k, 0]], { size: 2.5, color: "good" });
      }
    },
  });
}

const answer = (z, names) => (z === 0 ? "undecided" : names[Math.sign(z)]);
const whatIs = ({ example: { y }, task, names, run }) =>
  ({ squares: `a square on the ${names[y]}`, letters: `the letter ${names[y]}` }[task] ?? `your picture ${run.last.index + 1}, ${names[y]}`);
const number = (x) => fixed(x, 0);

/** What it says to the picture on the retina, and what it makes of that. */
function account(s) {
  const { attempts, example, shown, task, z, names, run } = s;
  const bias = run.weights.at(-1);
  if (!shown.length) return [h("div", {}, h("b", {}, "Nothing lit"), task === "own" ? ": draw on the retina or load a picture, then say what it is." : ": draw on the retina, load a picture, or go on to the next attempt."), formula(`b = ${number(bias)}`)];
  const said = z === 0 ? mark("undecided", "ink") : mark(answer(z, names), LOOKS[Math.sign(z)]);
  const sum = formula("z = Σ w + b = ", quantity("x", number(z)), ": ", said);
  if (!example) return [h("div", {}, h("b", {}, "Your picture"), `: ${shown.length} photocells`), sum];
  return [
    h("div", {}, h("b", {}, "Attempt ", quantity("attempts", number(attempts))), `: ${whatIs(s)}`),
    sum,
    run.last.mistake
      ? formula(mark("a mistake", "accent"), `: w ← w ${example.y > 0 ? "+" : "−"} x`)
      : formula(mark("correct", "good"), ": no update"),
    h("div", {}, "Mistakes: ", quantity("mistakes", number(run.mistakes.length))),
  ];
}

/** What the two classes add up to. */
function totals({ examples, weights, names, task, shift }) {
  const count = (y) => examples.filter((example) => example.y === y).length;
  const sums = [-1, 1].map((y) => formula(`z of all ${count(y)} `, mark(names[y], LOOKS[y]), `: ${number(total(examples, weights, y))} in all`));
  const even = task === "letters" && shift === 10;
  return [...sums, h("div", {}, even
    ? "Each photocell sees both letters equally often, so the two sums are equal, whatever the weights: they cannot all be below zero for L and above for T."
    : "Where the two pictures differ, a weight can tell the classes apart.")];
}

function describe(now) {
  const { task, attempts, examples, run, left, missed, example, shown, z, names } = now;
  const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
  const right = (bad, all) => `${all - bad} of ${all}`;
  const learnt = task === "own"
    ? `${right(left, examples.length)} pictures of yours and ${right(missed, SQUARES.length)} squares`
    : `${right(left, examples.length)} ${task}`;
  const gives = `${example ? `The last, ${whatIs(now)},` : "Your picture"} gave z = ${number(z)}: ${answer(z, names)}.`;
  return `After ${count(attempts, "attempt")} and ${count(run.mistakes.length, "mistake")} it answers ${learnt} correctly. ${shown.length ? gives : "Nothing is lit."}`;
}
