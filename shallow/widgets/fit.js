/** The curve-fitting explorer: the error on the points that chose the curve, and on others. */

import { slider } from "./kit/controls.js";
import { short } from "./kit/format.js";
import { columns, fold, openFold, stack } from "./kit/layout.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { legend, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { errors, sample, truth } from "./model/curve.js";
import { fit, predict } from "./model/polynomial.js";

const EXAMPLES = {
  "Too stiff": { degree: 1, points: 15, noise: 0.3 },
  "About right": { degree: 3, points: 15, noise: 0.3 },
  "Too supple": { degree: 13, points: 15, noise: 0.3 },
  "More data": { degree: 13, points: 200, noise: 0.3 },
};

const ERRORS = [
  { key: "training", label: "training error", name: "training", color: "neg", shape: "dot", dash: null },
  { key: "validation", label: "validation error", name: "validation", color: "pos", shape: "diamond", dash: "7 4" },
  { key: "risk", label: "error over all x", name: "over all x", color: "muted", shape: "square", dash: "2 3" },
];
const DENSE = Array.from({ length: 241 }, (_, i) => i / 120 - 1);

const GOAL = 2; // times the training error

export default widget({
  title: "Curve-fitting explorer",
  opening: { degree: 9 },
  examples: EXAMPLES,
  create(state) {
    const all = fitsOf(state.settings.degree);
    return {
      derive(s) {
        const { fits, curve, ...points } = all(s);
        return { ...s, ...points, curve, weights: fits[s.degree], now: curve[s.degree] };
      },
      picture: [columns(
        stack(curvePlot(), legend([
          { label: "training point", color: "neg", shape: "dot" },
          { label: "validation point", color: "pos", shape: "diamond" },
          { label: "fitted curve", color: "accent", shape: "line" },
          { label: "truth", color: "muted", shape: "line", dash: "2 3" },
        ])),
        stack(errorPlot(state), legend(ERRORS.map((error) => ({ ...error, label: error.name, shape: "line" })))))],
      controls: [slider(state, "degree", { color: "accent" }), slider(state, "points"), slider(state, "noise")],
      more: [openFold("Errors in numbers", table("Mean squared error", ["", "now", "least, at degree"], rows)), fold("Seed", slider(state, "seed"))],
      describe,
      goal: ({ degree, now }) => ({
        text: "with degree 13, a validation error of less than twice the training error.",
        met: degree === 13 && now.validation < GOAL * now.training,
        answer: { degree: 13, points: 200, noise: 0.3, seed: 32 },
      }),
    };
  },
});

/** The points, and the fit and errors of every degree: none of it depends on the degree now shown. */
function fitsOf({ max }) {
  return memo(["points", "noise", "seed"], ({ points, noise, seed }) => {
    const [training, validation] = /** @type {(0|1)[]} */ ([0, 1]).map((stream) => sample(points, noise, seed, stream));
    const fits = Array.from({ length: max + 1 }, (_, k) => fit(training.x, training.y, k));
    return { training, validation, fits, curve: fits.map((w) => errors(w, training, validation, noise)) };
  });
}

function curvePlot() {
  return plot({
    label: (s) => `${s.points} training points and as many validation points of a sine wave, and the fitted polynomial of degree ${s.degree}.`,
    x: { domain: [-1, 1], label: "x" },
    y: { domain: [-2.4, 2.4], label: "y" },
    height: 250,
    narrow: 162,
    draw(marks, { training, validation, weights, points }) {
      const size = points > 60 ? 2.5 : 4.5;
      const pairs = ({ x, y }) => x.map((xi, i) => [xi, y[i]]);
      marks.line(DENSE.map((x) => [x, truth(x)]), { color: "muted", dash: "2 3" });
      marks.dots(pairs(validation), { color: "pos", shape: "diamond", size: size * 0.9, hollow: points <= 60, q: "validation" });
      marks.dots(pairs(training), { color: "neg", size, q: "training" });
      marks.line(DENSE.map((x) => [x, predict(weights, x)]), { color: "accent", width: 2.5, q: "degree" });
    },
  });
}

function errorPlot(state) {
  const { max } = state.settings.degree;
  return plot({
    label: (s) => `Mean squared error against the degree, on a logarithmic scale; at degree ${s.degree} it is `
      + `${short(s.now.training)} on training points, ${short(s.now.validation)} on validation points, ${short(s.now.risk)} over all x.`,
    x: { domain: [-0.4, max + 0.4], label: "degree" },
    y: { domain: [5e-4, 1e4], label: "error", scale: "log" },
    height: 250,
    narrow: 162,
    draw(marks, { curve, degree }) {
      marks.rule({ x: degree }, { color: "accent", width: 1.5, q: "degree" });
      for (const { key, ...style } of ERRORS) {
        const points = curve.map((at, k) => [k, at[key]]);
        marks.line(points, { ...style, q: key });
        marks.dots([points[degree]], { ...style, size: 6, q: key });
      }
    },
    handles: (s) => [{
      id: "degree", q: "degree", label: "Degree", text: `${s.degree}`, shape: "line",
      at: [s.degree, 1], x: { min: 0, max, step: 1 }, move: ([degree]) => state.set({ degree }),
    }],
    press: ([degree]) => state.set({ degree }),
  });
}

function rows({ curve, now }) {
  return ERRORS.map(({ key, label, color }) => {
    const values = curve.map((at) => at[key]);
    const least = Math.min(...values);
    return [mark(label, color, key), quantity(key, short(now[key])), `${short(least)}, at ${values.indexOf(least)}`];
  });
}

function describe({ degree, points, now, curve }) {
  const validation = curve.map((at) => at.validation);
  const best = validation.indexOf(Math.min(...validation));
  const verdict = degree === best ? "This is the degree that the validation points prefer."
    : `The validation points prefer degree ${best}: this one is too ${degree < best ? "stiff" : "supple"}.`;
  return `A polynomial of degree ${degree} through ${points} points: training error ${short(now.training)}, `
    + `validation error ${short(now.validation)}. ${verdict}`;
}
