/** The threshold explorer: one threshold, and all that follows from it. */

import { button, select, slider } from "./kit/controls.js";
import { fixed, short } from "./kit/format.js";
import { columns, fold, line, openFold } from "./kit/layout.js";
import { math } from "./kit/math.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { formula, fraction, live, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { density } from "./model/distributions.js";
import {
  auc, averagePrecision, confusion, costCurve, expectedCost, leastCost, prCurve, rates, rocCurve,
} from "./model/metrics.js";
import { histogram, sample, shortest } from "./model/scores.js";

const BIN = 0.25; // width of a bar on the score axis
const CALLED = { 1: ["fn", "tp"], 0: ["fp", "tn"] }; // wrong and right, by label

const EXAMPLES = {
  "Balanced": { prevalence: 0.5, cost_ratio: 1, shape: "normal", distance: 2, spread: 1 },
  "Rare positives": { prevalence: 0.05, cost_ratio: 1, shape: "normal", distance: 2, spread: 1 },
  "Misses are dear": { prevalence: 0.2, cost_ratio: 10, shape: "normal", distance: 2, spread: 1 },
  "Precision that falls": { prevalence: 0.3, cost_ratio: 1, shape: "normal", distance: 1, spread: 0.4 },
  "Chance": { prevalence: 0.5, cost_ratio: 1, shape: "normal", distance: 0, spread: 1 },
};

const GOAL = { alarms: 10, prevalence: 0.5 };

export default widget({
  title: "Threshold explorer",
  opening: { threshold: 0.9, prevalence: 0.3 },
  examples: EXAMPLES,
  create(state) {
    const { min, max } = state.settings.threshold;
    const toMinimum = button("Go to the minimum", () => state.set({ threshold: derive(state.values()).best.threshold }));
    return {
      derive,
      picture: [scorePlot(state)],
      controls: [
        slider(state, "threshold", { color: "accent" }), slider(state, "distance"), slider(state, "prevalence", { color: "pos" }),
      ],
      more: [
        openFold("Counts and rates", matrix(), formulas()),
        fold("Curves", columns(rocPlot(), prPlot())),
        fold("Cost", costPlot([min, max]), columns(slider(state, "cost_ratio", { color: "good" }), line(toMinimum))),
        fold("Shape and sample", slider(state, "spread"), select(state, "shape"), slider(state, "samples"), slider(state, "seed")),
      ],
      describe,
      goal: ({ counts: { fn, fp }, prevalence }) => ({
        text: "no misses and fewer than ten false alarms, with half of the items positive.",
        met: fn === 0 && fp < GOAL.alarms && prevalence === GOAL.prevalence,
        answer: { threshold: 0.5, distance: 4, prevalence: GOAL.prevalence, spread: 0.5, shape: "normal", samples: 300, seed: 1 },
      }),
    };
  },
});

/** All that follows from the settings. */
function derive(s) {
  const { scores, labels, ...curves } = dataOf(s);
  const counts = confusion(scores, labels, s.threshold);
  const least = leastCost(scores, labels, s.cost_ratio);
  return {
    ...s, scores, labels, ...curves, counts, rates: rates(counts),
    costs: costCurve(scores, labels, s.cost_ratio),
    cost: expectedCost(counts, s.cost_ratio),
    best: { ...least, threshold: shortest(least.threshold, scores) },
  };
}

/** The sample and its curves, which do not depend on the threshold. */
const dataOf = memo(["shape", "distance", "spread", "prevalence", "samples", "seed"], (s) => {
  const { scores, labels } = sample(s);
  return {
    scores, labels, roc: rocCurve(scores, labels), pr: prCurve(scores, labels),
    auc: auc(scores, labels), ap: averagePrecision(scores, labels),
  };
});

function scorePlot(state) {
  const { min, max, step } = state.settings.threshold;
  const bins = Math.round((max - min) / BIN);
  const heights = (s, label) =>
    histogram(s.scores.filter((_, i) => s.labels[i] === label), min, BIN, bins);
  return plot({
    label: (s) => `Histogram of the scores: ${s.counts.tp + s.counts.fn} positives upwards, `
      + `${s.counts.fp + s.counts.tn} negatives downwards, cut by the threshold at ${fixed(s.threshold)}.`,
    x: { domain: [min, max], label: "Score" },
    y: { domain: (s) => [-top(s), top(s)], label: "Items", format: (y) => short(Math.abs(y)) },
    height: 250,
    narrow: 220,
    draw(marks, s) {
      for (const { label, color, sign } of [{ label: 1, color: "pos", sign: 1 }, { label: 0, color: "neg", sign: -1 }]) {
        heights(s, label).forEach((height, i) => {
          const left = min + i * BIN;
          const right = Number(left + BIN / 2 >= s.threshold) === label;
          marks.bars([[left, left + BIN, sign * height]], { color, opacity: right ? 0.75 : 0.25, q: CALLED[label][Number(right)] });
        });
        marks.line(curve(s, label, min, max).map(([x, y]) => [x, sign * y]), { color, width: 1.5, dash: label ? null : "5 3" });
      }
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      const { tp, fp, fn, tn } = s.counts;
      const wide = marks.inner.width > 400;
      const corner = (x, y, short, long, color) => marks.text([x, y], wide ? long : short,
        { color, q: short.slice(0, 2).toLowerCase(), dx: x === max ? -6 : 6, dy: y > 0 ? 14 : -6, anchor: x === max ? "end" : "start" });
      corner(min, top(s), `FN ${fn}`, `${fn} missed (FN)`, "pos");
      corner(max, top(s), `TP ${tp}`, `${tp} found (TP)`, "pos");
      corner(min, -top(s), `TN ${tn}`, `${tn} left alone (TN)`, "neg");
      corner(max, -top(s), `FP ${fp}`, `${fp} false alarms (FP)`, "neg");
    },
    handles: (s) => [{
      id: "threshold", q: "threshold", label: "Threshold", text: fixed(s.threshold), shape: "line",
      at: [s.threshold, 0], x: { min, max, step }, move: ([threshold]) => state.set({ threshold }),
    }],
    press: ([threshold]) => state.set({ threshold }),
  });

  function top(s) {
    return Math.max(...heights(s, 0), ...heights(s, 1), 4) * 1.25;
  }
}

/** The density of a class, scaled to the bars. */
function curve({ counts, shape, distance, spread }, label, min, max) {
  const [n, center, width] = label
    ? [counts.tp + counts.fn, distance / 2, spread]
    : [counts.fp + counts.tn, -distance / 2, 1];
  return Array.from({ length: 241 }, (_, i) => min + (i * (max - min)) / 240)
    .map((x) => [x, (n * BIN * density(shape, (x - center) / width)) / width]);
}

function costPlot(domain) {
  return plot({
    label: (s) => `Expected cost against the threshold: ${fixed(s.cost, 3)} now, at least ${fixed(s.best.cost, 3)} at ${fixed(s.best.threshold)}.`,
    x: { domain, label: "Threshold" },
    y: { domain: (s) => [0, 1.15 * Math.max(...s.costs.map((p) => p.cost), 1e-9)], label: "Cost per item" },
    height: 170,
    draw(marks, s) {
      marks.line(steps(s.costs, domain), { color: "good" });
      marks.rule({ x: s.threshold }, { color: "accent", width: 1.5, q: "threshold" });
      marks.dots([[s.best.threshold, s.best.cost]], { shape: "diamond", color: "good", size: 6 });
      marks.dots([[s.threshold, s.cost]], { color: "accent", size: 6 });
      const left = s.best.threshold < s.threshold && s.best.threshold > -4; // away from the other point
      const low = marks.y(s.best.cost) > marks.inner.top + 0.75 * marks.inner.height; // no room below it
      marks.text([s.best.threshold, s.best.cost], `least ${fixed(s.best.cost, 3)}`,
        { color: "good", dx: left ? -4 : 4, dy: low ? -12 : 20, anchor: left ? "end" : "start" });
    },
  });
}

/** A cost holds from its threshold down to just above the next score: a staircase. */
function steps(costs, [min, max]) {
  return costs.flatMap(({ threshold, cost }, i) =>
    [[Math.min(max, threshold), cost], [costs[i + 1]?.threshold ?? min, cost]]);
}

function matrix() {
  return table("Confusion matrix", ["", "called +", "called −", "rate"], ({ counts: { tp, fp, fn, tn }, rates: r }) => [
    [mark("▲ positive", "pos", "prevalence"), quantity("tp", `${tp} TP`), quantity("fn", `${fn} FN`), quantity("tpr", `TPR ${fixed(r.tpr, 3)}`)],
    [mark("● negative", "neg"), quantity("fp", `${fp} FP`), quantity("tn", `${tn} TN`), quantity("fpr", `FPR ${fixed(r.fpr, 3)}`)],
    ["correct", quantity("precision", fixed(r.precision, 3)), fixed(r.npv, 3), quantity("accuracy", fixed(r.accuracy, 3))],
  ]);
}

function rocPlot() {
  const unit = { domain: [0, 1], ticks: [0, 0.5, 1] };
  return plot({
    label: (s) => `ROC curve with an area of ${fixed(s.auc, 3)}; the point is at false positive rate `
      + `${fixed(s.rates.fpr, 3)}, true positive rate ${fixed(s.rates.tpr, 3)}.`,
    x: { ...unit, label: "False positive rate" },
    y: { ...unit, label: "True positive rate" },
    height: 270,
    draw(marks, { roc, rates: { fpr, tpr }, ...s }) {
      marks.line([[0, 0], [1, 1]], { color: "muted", dash: "4 4", width: 1.5 });
      marks.text([0.56, 0.5], "chance", { color: "muted", dy: 4 });
      if (Number.isNaN(s.auc)) return marks.text([0.5, 0.5], "needs both classes", { anchor: "middle", dy: -14 });
      marks.line(roc.map((p) => [p.fpr, p.tpr]), { color: "ink" });
      marks.dots([[fpr, tpr]], { color: "accent", size: 7, q: "tpr fpr" });
      return marks.text([1, 0], `area ${fixed(s.auc, 3)}`, { anchor: "end", dx: -6, dy: -8 });
    },
  });
}

function prPlot() {
  const unit = { domain: [0, 1], ticks: [0, 0.5, 1] };
  return plot({
    label: (s) => `Precision–recall curve with an average precision of ${fixed(s.ap, 3)} over a baseline of `
      + `${fixed(s.rates.prevalence, 3)}; the point is at recall ${fixed(s.rates.tpr, 3)}, precision ${fixed(s.rates.precision, 3)}.`,
    x: { ...unit, label: "Recall" },
    y: { ...unit, label: "Precision" },
    height: 270,
    draw(marks, { pr, rates: { tpr, precision, prevalence }, ...s }) {
      marks.rule({ y: prevalence }, { color: "muted", dash: "4 4", width: 1.5, q: "prevalence" });
      marks.text([0, prevalence], "prevalence", { color: "muted", dx: 6, dy: prevalence > 0.5 ? 16 : -6 });
      if (Number.isNaN(tpr)) return marks.text([0.5, 0.5], "needs positives", { anchor: "middle" });
      marks.line(pr.flatMap((p, i) => [[pr[i - 1]?.recall ?? 0, p.precision], [p.recall, p.precision]]), { color: "ink" });
      if (!Number.isNaN(precision)) marks.dots([[tpr, precision]], { color: "accent", size: 7, q: "precision tpr" });
      return marks.text([1, 0], `average ${fixed(s.ap, 3)}`, { anchor: "end", dx: -6, dy: -8 });
    },
  });
}

function formulas() {
  const line = (name, q, top, bottom, value) => formula(quantity(q, name), " = ", fraction(top, bottom), ` = ${fixed(value, 3)}`);
  return live(({ counts: { tp, fp, fn, tn }, rates: r }) => {
    const [TP, FN] = [mark(`${tp}`, "pos", "tp"), mark(`${fn}`, "pos", "fn")];
    const [FP, TN] = [mark(`${fp}`, "neg", "fp"), mark(`${tn}`, "neg", "tn")];
    const again = (node) => node.cloneNode(true);
    return [
      line("precision", "precision", [TP], [again(TP), " + ", FP], r.precision),
      line("recall", "tpr", [again(TP)], [again(TP), " + ", FN], r.tpr),
      line("accuracy", "accuracy", [again(TP), " + ", TN], [`${tp + fp + fn + tn}`], r.accuracy),
      line(math("F₁"), "f1", ["2 · ", again(TP)], ["2 · ", again(TP), " + ", again(FP), " + ", again(FN)], r.f1),
    ];
  }, { class: "sw-live sw-formulas" });
}

function describe({ threshold, counts: { tp, fp, fn }, rates: r, cost, best }) {
  return `At threshold ${fixed(threshold)}, ${tp} of ${tp + fn} positives are found (recall ${fixed(r.tpr, 3)}) with `
    + `${fp} false alarms (precision ${fixed(r.precision, 3)}); the cost is ${fixed(cost, 3)} per item, `
    + `at least ${fixed(best.cost, 3)} at ${fixed(best.threshold)}.`;
}
