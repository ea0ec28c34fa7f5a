/** The tape explorer: an expression as a graph, values forward, gradients backward, line by line. */

import { button, slider, textField } from "./kit/controls.js";
import { svg } from "./kit/dom.js";
import { short } from "./kit/format.js";
import { fold, openFold, when } from "./kit/layout.js";
import { player } from "./kit/player.js";
import { PHONE, plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { legend, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { backward, backwardOrder, difference, layout, parse, run, VARIABLES } from "./model/tape.js";

const STEP = 1e-5; // h of the finite differences
const NEAR = 0.66; // how far along its last piece an edge that is crossed carries its local gradient
const ASIDE = 75; // px of width for a node and its numbers
const LETTER = 7.2; // px, about as wide as a digit
const BEND = 0.16; // of the picture, by which two edges between the same nodes part
const THICK = { taken: 2.5, now: 5 };
const THRICE = 3;

const EXAMPLES = {
  "(x + y)·z": { expression: "(x + y)*z", x: -2, y: 5, z: -4, steps: 0 },
  "x twice": { expression: "(x + y)*x", x: -2, y: 5, steps: 0 },
  "x·x": { expression: "x*x", x: 3, steps: 0 },
  "A unit": { expression: "σ(w*x + b)", w: 0.5, x: -2, b: 1.5, steps: 0 },
  "Its loss": { expression: "(σ(w*x + b) − y)^2", w: 0.5, x: -2, b: 1.5, y: 1, steps: 0 },
};

export default widget({
  title: "Tape explorer",
  opening: { steps: 2 },
  examples: EXAMPLES,
  glides: false,
  create(state, { signal }) {
    const read = memo(["expression"], ({ expression }) => {
      const { nodes } = parse(expression);
      return { nodes, graph: layout(nodes), order: backwardOrder(nodes) };
    });
    const derive = (s) => {
      const tape = read(s);
      const steps = Math.min(s.steps, tape.order.length + 1);
      const values = run(tape.nodes, s);
      const uses = tape.nodes.map((_, k) => tape.nodes.flatMap(({ inputs }) => inputs).filter((i) => i === k).length);
      return { ...s, ...tape, steps, values, uses, last: tape.order.length + 1, now: steps > 1 ? tape.order[steps - 2] : -1, ...backward(tape.nodes, values, steps) };
    };
    const go = (by) => {
      const { steps, last } = derive(state.values());
      const next = Math.max(0, Math.min(last, steps + by));
      if (next === steps) return false;
      state.set({ steps: next });
      return true;
    };
    const back = player({ step: () => go(1), signal, rate: 1, label: "One line back" });
    const [play, once] = back.node.children;
    back.node.replaceChildren(once, play, button("Undo", () => {
      back.pause();
      go(-1);
    }));
    const uses = (name) => ({ nodes }) => nodes.some(({ sign, inputs }) => sign === name && !inputs.length);
    return {
      derive,
      picture: [graph(), legend([
        { label: "back, with the local gradient", color: "accent", shape: "line" },
        { label: "value, ∂f below", color: "control" },
      ])],
      controls: [
        textField(state, "expression", { problem: (text) => parse(text).problem, take: (expression) => state.set({ expression, steps: 0 }) }),
        back,
      ],
      more: [
        openFold("Variables", ...VARIABLES.map((name) => when(uses(name), slider(state, name, { color: "accent" })))),
        fold("The tape", table("The tape", ["", "value", "∂f by it", "difference"], rows)),
      ],
      describe,
      goal: (s) => ({
        text: "the full gradient of a variable used three times.",
        met: s.steps === s.last && s.uses.some((count, k) => count >= THRICE && isVariable(s.nodes[k])),
        answer: { expression: "x*x*x", x: 2, steps: 3 },
      }),
    };
  },
});

const isVariable = ({ inputs, number }) => !inputs.length && number === undefined;

/** The graph, from left to right, or from top to bottom on a phone; what goes back is thick, and carries numbers. */
function graph() {
  const levels = ({ graph: { columns } }) => [-0.45, columns - 0.55];
  return plot({
    label: (s) => `The graph of f = ${s.nodes.at(-1).text}: ${s.nodes.map((node, k) => `${node.text} is ${number(s.values[k])}${s.slopes[k] === null ? "" : `, ∂f by it ${number(s.slopes[k])}`}`).join("; ")}.`,
    x: { domain: (s) => (PHONE.matches ? [0, 1] : levels(s)), label: "", bare: true },
    y: { domain: (s) => (PHONE.matches ? levels(s).reverse() : [1, 0]), label: "", bare: true },
    height: 270,
    narrow: 372,
    draw(marks, s) {
      const { places, edges, rows, columns } = s.graph;
      const tall = PHONE.matches;
      const turned = (place) => (tall ? [...place].reverse() : place);
      const [along, across] = tall ? [marks.inner.height, marks.inner.width] : [marks.inner.width, marks.inner.height];
      const aside = tall && across / rows > ASIDE; // numbers stand beside their node, else above and below it
      const radius = Math.max(8, aside ? Math.min(14, along / columns / 2 - 15) : tall ? 10 : Math.min(16, across / rows / 2 - 18));
      const room = (aside ? across / rows - 2 * radius - 12 : tall ? across / rows : along / columns) / LETTER;
      const labels = [];
      for (const { from, to, input, way } of edges) {
        const twins = edges.some((edge) => edge.from === from && edge.to === to && edge.input !== input);
        const bend = twins ? (input ? BEND : -BEND) : 0;
        const taken = s.local[to].length > 0;
        const q = nameOf(s.nodes[from]);
        marks.line(curve(way, bend).map(turned), taken ? { color: "accent", width: to === s.now ? THICK.now : THICK.taken, q } : { color: "control", width: 1.5, q });
        if (taken) labels.push([between(way.at(-2), way.at(-1), isCrossed(edges, way) ? NEAR : 0.5, bend), number(s.local[to][input])]);
      }
      s.nodes.forEach((node, k) => {
        const at = turned(places[k]);
        if (k === s.now) marks.dots([at], { size: radius + 4, hollow: true, color: "accent" });
        marks.dots([at], { size: radius, hollow: true, color: node.inputs.length ? "ink" : "control", q: nameOf(node) });
        marks.text(at, SIGNS[node.sign] ?? node.sign, { anchor: "middle", dy: 4.5, fixed: true });
        const [above, below] = aside ? [-3, 12] : [-radius - 6, radius + 15];
        const beside = aside ? radius + 8 : 0;
        const free = aside ? Math.min(room, (marks.inner.width + 16 - marks.x(at[0]) - beside) / LETTER) : room;
        const back = told(s, k, free);
        plateText(marks, at, fitted(free, number(s.values[k]), number(s.values[k], 2)), { dx: beside, dy: above, color: "ink", q: nameOf(node) });
        if (back) plateText(marks, at, back, { dx: beside, dy: below, color: "accent", q: nameOf(node) });
      });
      labels.forEach(([at, text]) => plateText(marks, turned(at), text, { dy: 4, color: "accent" }));
    },
  });
}

/** Whether another edge crosses the last piece of this one, so that their middles lie together. */
function isCrossed(edges, way) {
  const [[column, a0], [, a1]] = way.slice(-2);
  return edges.some(({ way: other }) => other.some(([c, b0], n) => {
    if (c !== column || n === other.length - 1) return false;
    return (a0 - b0) * (a1 - other[n + 1][1]) < 0;
  }));
}

const SIGNS = { neg: "−" , "^2": "²", "^3": "³" };
const nameOf = (node) => (isVariable(node) ? node.sign : undefined);

/** A text on a plate of paper, so that no line runs through it: in the middle of a place, or beside it. */
function plateText(marks, [x, y], text, { dx = 0, dy, color, q = undefined }) {
  const width = LETTER * text.length + 6;
  const left = marks.x(x) + (dx ? dx - 3 : -width / 2);
  marks.add(svg("rect", { x: left, y: marks.y(y) + dy - 12, width, height: 16, rx: 3, fill: "var(--sw-paper)", "fill-opacity": 0.88 }));
  marks.text([x, y], text, { anchor: dx ? "start" : "middle", dx, dy, fixed: true, color, q });
}

/** What has come back to a node: one number, or the sum of several where that is no longer than this. */
function told({ parts, slopes, uses }, k, longest = Infinity) {
  if (slopes[k] === null) return "";
  const waits = parts[k].length < uses[k];
  if (uses[k] < 2) return fitted(longest, number(slopes[k]), number(slopes[k], 2));
  const sum = parts[k].map((part, n) => (n && part < 0 ? `− ${number(-part)}` : `${n ? "+ " : ""}${number(part)}`)).join(" ");
  const all = waits ? `${sum} + …` : `${sum} = ${number(slopes[k])}`;
  return fitted(longest, all, `${number(slopes[k])}${waits ? " + …" : ""}`, `${number(slopes[k], 2)}${waits ? "…" : ""}`);
}

/** The first of some texts that has room, else the last. */
const fitted = (longest, ...texts) => texts.find((text) => text.length <= longest) ?? texts.at(-1);

/** A smooth line through the places of an edge; two edges between the same nodes are bent apart. */
function curve(way, bend) {
  const points = [];
  for (let n = 1; n < way.length; n += 1) for (let t = 0; t <= 1; t += 1 / 16) points.push(between(way[n - 1], way[n], t, bend));
  return points;
}

function between([x0, y0], [x1, y1], t, bend) {
  return [x0 + t * (x1 - x0), y0 + t * t * (3 - 2 * t) * (y1 - y0) + bend * Math.sin(Math.PI * t)];
}

function rows(s) {
  return s.nodes.map((node, k) => {
    const name = nameOf(node);
    const mark = (text) => (name ? quantity(name, text) : text);
    const check = name ? number(difference(s.nodes, s, name, STEP)) : "";
    return [mark(k === s.nodes.length - 1 ? `f = ${node.text}` : node.text), number(s.values[k]), mark(told(s, k) || "–"), check];
  });
}

function describe(s) {
  const f = s.nodes.at(-1);
  const value = `f = ${f.text} = ${number(s.values.at(-1))}`;
  if (!Number.isFinite(s.values.at(-1))) return `${value}: these values lie outside what its functions take.`;
  if (s.steps === 0) return `Forward: ${value}. Nothing has come back yet.`;
  if (s.steps === 1) return `${value}. The way back begins with ∂f/∂f = 1.`;
  const { text, inputs } = s.nodes[s.now];
  const sent = inputs.map((i, n) => `${number(s.slopes[s.now])} · ${inner(s.local[s.now][n])} goes to ${s.nodes[i].text}`).join(", ");
  const done = s.steps === s.last
    ? ` Complete: ${s.nodes.flatMap((node, k) => (isVariable(node) ? [`∂f/∂${node.sign} = ${number(s.slopes[k])}`] : [])).join(", ")}.` : "";
  return `Back through ${s.now === s.nodes.length - 1 ? "f = " : ""}${text}, where ${number(s.slopes[s.now])} has arrived: ${sent}.${done}`;
}

const number = (x, digits = 3) => (Math.abs(x) < 1e-3 && x !== 0 ? x.toExponential(1).replaceAll("-", "−") : short(x, digits));
const inner = (x) => (x < 0 ? `(${number(x)})` : number(x));
