/** Two models on the same test objects: each accuracy, their difference, and how often a test sees it. */

import { button, slider, sliderFor } from "./kit/controls.js";
import { fixed } from "./kit/format.js";
import { columns, fold, line, openFold, stack } from "./kit/layout.js";
import { plot } from "./kit/plot.js";
import { memo } from "./kit/state.js";
import { live, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import {
  criticalCounts, mcnemar, normalInterval, pairedInterval, pairedPower, possible, seenAmong, separateInterval,
  separatePower, testSet, wilsonInterval,
} from "./model/paired.js";

const KEPT = 20; // test sets in sight
const ENOUGH = 0.8; // share of the test sets
const PIECES = 80; // of a curve
const EXAMPLES = {
  "Two points": { n: 1500, accuracy: 0.85, difference: 0.02, disagreement: 0.06 },
  "Hardly alike": { n: 1500, accuracy: 0.85, difference: 0.02, disagreement: 0.24 },
  "Half a point": { n: 1500, accuracy: 0.98, difference: 0.005, disagreement: 0.015 },
  "No difference": { n: 1500, accuracy: 0.85, difference: 0, disagreement: 0.06 },
};

const percent = (x, digits = 1) => `${fixed(100 * x, digits)}%`;
const points = (x) => fixed(100 * x, 1);

export default widget({
  title: "Paired comparison",
  opening: { seed: 8 },
  examples: EXAMPLES,
  create(state) {
    const related = (key, color) => {
      const setting = state.settings[key];
      const set = (value) => state.set(together({ ...state.values(), [key]: value }));
      return sliderFor({ ...setting, color, q: key, get: (s) => s[key], set });
    };
    const another = () => state.set({ seed: (state.get("seed") + 1) % (state.settings.seed.max + 1) });
    const derive = derivation(state);
    return {
      derive,
      picture: [columns(stack(accuracyPlot(), differencePlot()), powerPlot(state))],
      controls: [
        slider(state, "n", { color: "accent" }), related("disagreement"), line(button("Draw another test set", another)),
      ],
      more: [
        openFold("Models", columns(related("accuracy"), related("difference"))),
        fold("In numbers", counts(), live(coin), slider(state, "seed")),
      ],
      describe,
      goal: ({ difference, enough, n }) => ({
        text: "the smallest n with a power of 80% for a difference of 2 points.",
        met: difference === 0.02 && n === enough,
        answer: { n: 1300, accuracy: 0.85, difference: 0.02, disagreement: 0.06 },
      }),
    };
  },
});

/** What of the settings describes the models, with a disagreement that is possible. @param {any} settings */
function together({ accuracy, difference, disagreement }) {
  const [least, most] = possible(accuracy, difference);
  return { accuracy, difference, disagreement: Math.min(most, Math.max(least, disagreement)) };
}

/** All that follows from the settings. */
function derivation(state) {
  const { min, max, step } = state.settings.n;
  const offered = Array.from({ length: (max - min) / step + 1 }, (_, k) => min + k * step);
  const sizes = Array.from({ length: PIECES + 1 }, (_, k) => Math.round(min * (max / min) ** (k / PIECES)));
  const critical = criticalCounts(max);
  const powers = memo(["accuracy", "difference", "disagreement"], ({ accuracy, difference, disagreement }) => {
    const seen = seenAmong((1 + difference / disagreement) / 2, critical);
    const paired = sizes.map((n) => [n, pairedPower(n, disagreement, seen)]);
    const separate = sizes.map((n) => [n, separatePower(n, accuracy, accuracy - difference)]);
    return { seen, paired, separate, enough: offered.find((n) => pairedPower(n, disagreement, seen) >= ENOUGH) };
  });
  const drawn = memo(["accuracy", "difference", "disagreement", "n", "seed"], (s) =>
    Array.from({ length: KEPT }, (_, k) => testSet(s, s.n, s.seed - k)));
  return (settings) => {
    const s = { ...settings, ...together(settings) };
    const sets = drawn(s).map((set) => ({
      ...set, apart: (set.first - set.second) / s.n,
      seen: Math.min(set.first, set.second) <= critical[set.first + set.second],
    }));
    const { seen, ...curves } = powers(s);
    const right = [sets[0].both + sets[0].first, sets[0].both + sets[0].second];
    const intervals = right.map((k) => wilsonInterval(k, s.n));
    return {
      ...s, ...curves, sets, set: sets[0], right, intervals,
      truths: [s.accuracy, s.accuracy - s.difference],
      overlap: intervals[0][0] <= intervals[1][1] && intervals[1][0] <= intervals[0][1],
      p: mcnemar(sets[0].first, sets[0].second),
      power: pairedPower(s.n, s.disagreement, seen),
      powerApart: separatePower(s.n, s.accuracy, s.accuracy - s.difference),
      half: halfWidth(s),
    };
  };
}

/** Half of what both plots of intervals show: less for more objects, but not so much that nothing seems to shrink. */
function halfWidth({ accuracy, difference, disagreement, n }) {
  const needed = (count) => difference + (3 * Math.sqrt(2 * accuracy * (1 - accuracy)) + Math.sqrt(disagreement)) / Math.sqrt(count);
  return Math.sqrt(needed(n) * needed(100));
}

/** An interval in a row of a plot, and what was found. @param {number[]} ends */
function interval(marks, ends, at, y, style) {
  marks.line(ends.map((x) => [x, y]), { width: 3, ...style });
  marks.dots([[at, y]], { size: 5, ...style });
}

/** Each model by itself: what it got right, with Wilson's and the normal interval. */
function accuracyPlot() {
  const names = ["first", "second"];
  return plot({
    label: ({ right, intervals, n }) => names.map((name, k) =>
      `The ${name} model gets ${percent(right[k] / n)} right, with Wilson's interval from ${intervals[k].map((x) => percent(x)).join(" to ")}`).join("; ") + ".",
    x: { domain: ({ accuracy, difference, half }) => [-half, half].map((way) => accuracy - difference / 2 + way), label: "", bare: true },
    y: { domain: [0.4, 2.6], label: "accuracy", ticks: [2, 1], format: (row) => names[2 - row] },
    height: 104,
    narrow: 84,
    draw(marks, { right, intervals, truths, n }) {
      right.forEach((k, i) => {
        const [y, color] = [2 - i, i ? "pos" : "neg"];
        const [low, high] = intervals[i];
        const normal = normalInterval(k, n);
        marks.line([[truths[i], y - 0.42], [truths[i], y + 0.42]], { color: "muted", width: 1.5, q: i ? "accuracy difference" : "accuracy" });
        marks.line(normal.map((x) => [x, y - 0.24]), { color, width: 1.5, dash: "4 3" });
        interval(marks, [low, high], k / n, y + 0.12, { color, shape: i ? "triangle" : "dot" });
        marks.text([Math.min(low, normal[0]), y], percent(k / n), { color, anchor: "end", dx: -6, dy: 4 });
        marks.text([Math.max(high, normal[1]), y], (i ? ["normal", "dashed: normal"] : ["Wilson", "solid: Wilson"])[Number(marks.inner.width > 250)], { color, dx: 6, dy: 4 });
      });
    },
  });
}

/** The difference: on the same objects, as if on others, and in the latest test sets. */
function differencePlot() {
  return plot({
    label: ({ set, sets, right, n }) => `The difference is ${points(set.apart)} points, `
      + `with an interval from ${pairedInterval(set.first, set.second, n).map(points).join(" to ")} on the same objects and `
      + `from ${separateInterval(right[0], right[1], n).map(points).join(" to ")} as if each model had its own; `
      + `the test sees it in ${sets.filter(({ seen }) => seen).length} of the latest ${KEPT} test sets.`,
    x: { domain: ({ half }) => [-half, half], label: "first − second, points", format: (x) => fixed(100 * x, 0) },
    y: { domain: [0.3, 3.6], label: "difference", ticks: [3, 2, 1], format: (row) => ["20 sets", "apart", "paired"][row - 1] },
    height: 176,
    narrow: 128,
    draw(marks, { set, sets, right, n, difference }) {
      marks.rule({ x: 0 }, { color: "control", width: 1 });
      if (difference) marks.line([[difference, 0.3], [difference, 3.6]], { color: "muted", width: 1.5, dash: "2 3", q: "difference" });
      interval(marks, pairedInterval(set.first, set.second, n), set.apart, 3, { color: "accent", shape: "diamond", q: "disagreement" });
      interval(marks, separateInterval(right[0], right[1], n), set.apart, 2, { color: "muted", shape: "square", width: 1.5, dash: "4 3" });
      sets.forEach(({ apart, seen }, k) => {
        const y = 0.6 + ((7 * k) % KEPT) / (KEPT - 1) * 0.8; // so that few lie on others
        marks.dots([[apart, y]], { color: k ? "control" : "accent", shape: "diamond", size: (k ? 3 : 5) + Number(seen), hollow: !seen });
      });
    },
  });
}

/** The power of the test, against the size of the test set. */
function powerPlot(state) {
  const { min, max, step } = state.settings.n;
  return plot({
    label: ({ n, power, powerApart, enough }) => `Power: the share of the test sets in which the test sees the difference, against their size; `
      + `${percent(power, 0)} at ${n} objects, ${percent(powerApart, 0)} if each model has its own test set; `
      + (enough ? `it reaches 80% at ${enough}.` : "it does not reach 80%."),
    x: { domain: [min, max], label: "test objects n", scale: "log", ticks: [100, 300, 1000, 3000, 10000] },
    y: { domain: [0, 1], label: "power", ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], format: (x) => percent(x, 0) },
    height: 284,
    narrow: 156,
    draw(marks, { paired, separate, n, power, powerApart }) {
      marks.rule({ y: ENOUGH }, { color: "control", width: 1, dash: "2 3" });
      marks.rule({ x: n }, { color: "accent", width: 1.5, q: "n" });
      marks.line(separate, { color: "muted", dash: "6 4" });
      marks.line(paired, { color: "accent", q: "disagreement" });
      marks.dots([[n, powerApart]], { color: "muted", shape: "square", size: 5 });
      marks.dots([[n, power]], { color: "accent", shape: "diamond", size: 6 });
      const place = (curve, share) => curve.find(([, y]) => y >= share) ?? curve.at(-1);
      marks.text(place(paired, 0.7), "paired", { color: "accent", anchor: "end", dx: -12, dy: 4 });
      marks.text(place(separate, 0.4), "apart", { color: "muted", dx: 10, dy: 14 });
    },
    handles: ({ n, power }) => [{
      id: "n", q: "n", label: "Test objects n", text: `${n}`, shape: "line", at: [n, power], x: { min, max, step },
      move: ([x]) => state.set({ n: x }),
    }],
    press: ([x]) => state.set({ n: Math.round(x / step) * step }),
  });
}

/** The four kinds of objects. */
function counts() {
  return table("Objects of the test set", ["", "second right", "second wrong"], ({ set }) => [
    ["first right", `${set.both}`, mark(`${set.first}`, "neg", "disagreement")],
    ["first wrong", mark(`${set.second}`, "pos", "disagreement"), `${set.none}`],
  ]);
}

const probability = (p) => (p < 0.001 ? "p < 0.001" : `p = ${fixed(p, 3)}`);

function coin({ set: { first, second }, p }) {
  return `A fair coin, thrown ${first + second} times, falls at least as unevenly as ${first} : ${second} with ${probability(p)}; `
    + `the test sees a difference where that is at most 0.05.`;
}

function describe({ n, set, p, overlap, power, powerApart, difference }) {
  const though = set.seen === overlap ? `, though the intervals ${overlap ? "overlap" : "lie apart"}` : "";
  return `On ${set.first} of ${n} objects only the first is right, on ${set.second} only the second: `
    + `the test sees ${set.seen ? "a" : "no"} difference (${probability(p)})${though}. `
    + `${difference ? "Its power is" : "It errs in"} ${percent(power, 0)}, apart ${percent(powerApart, 0)}.`;
}
