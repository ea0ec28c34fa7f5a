/** The tiny network: forward, loss, backward and update in numbers, and the chain rule behind each. */

import { button, slider, sliderFor } from "./kit/controls.js";
import { h, set, svg } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { fold, line, openFold, when } from "./kit/layout.js";
import { math } from "./kit/math.js";
import { player } from "./kit/player.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { formula, legend, live, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { backward, cost, difference, gradient, inputDifference, loss, places, train } from "./model/network.js";

const PHASES = ["start", "forward", "loss", "backward"];
const FRESH = { parameters: [], updates: 0 };
const EXAMPLES = {
  "2–2–2": { network: "2-2-2", ...FRESH },
  "2–3–1": { network: "2-3-1", ...FRESH },
  "2–3–1 after 10 epochs": { network: "2-3-1", parameters: [], updates: 10 },
  "2–3–1 trained": { network: "2-3-1", parameters: [], updates: 8000 },
};
const UNIT = 20; // px, radius of a unit
const WITHIN = { anchor: "middle", dy: 4, fixed: true };
const STEP = 1e-5; // h of the finite differences
const PICTURES = 200; // points of the history that are drawn, at most
const GOAL = 0.001;

const REACHED = { "2-2-2": 0.05, "2-3-1": 0.1 }; // cost to reach, by network

export default widget({
  title: "Tiny network",
  opening: { phase: "forward" },
  examples: EXAMPLES,
  create(state, { signal }) {
    const derive = deriveFrom(state.model.get("_networks"));
    const now = () => derive(state.values());
    const { max } = state.settings.updates;
    const setParameter = (k, value) => {
      const { theta, level, phase } = now();
      state.set({ parameters: theta.with(k, value), updates: 0, phase: level < 2 ? "loss" : phase });
    };
    const update = () => {
      const { updates, phase } = state.values();
      if (updates >= max) return false;
      state.set({ updates: updates + 1, phase: actions.playing() ? phase : "start" });
      return true;
    };

    const actions = player({ step: update, signal, rate: 15, label: "Update" });
    const phases = [["forward", "Forward"], ["loss", "Loss"], ["backward", "Backward"]]
      .map(([phase, label]) => ({ phase, node: button(label, () => state.set({ phase }), { "aria-pressed": "false" }) }));
    const round = {
      node: h("div", { class: "sw-player", role: "group", "aria-label": "One round" }, ...phases.map(({ node }) => node)),
      update: (s) => phases.forEach(({ phase, node }) => set(node, { "aria-pressed": String(s.level >= PHASES.indexOf(phase)) })),
    };
    const [play, once] = actions.node.children;
    actions.node.replaceChildren(once, play, button("100 updates", () => {
      actions.pause();
      state.glide({ updates: Math.min(max, state.get("updates") + 100) });
    }));
    return {
      derive,
      picture: [graph((selected) => state.set({ selected })), legend([
        { label: "weight above 0", color: "neg", shape: "line" },
        { label: "weight below 0", color: "pos", shape: "line", dash: "6 4" },
      ])],
      controls: [round, actions],
      more: [
        openFold("The chain rule", live(explain, { class: "sw-live sw-chain" })),
        fold("Units", table("Units", ["", "z", "a", "∂ℓ/∂a", "δ = ∂ℓ/∂z"], unitRows)),
        fold("Cost", history()),
        fold("Data", slider(state, "rate"), when((s) => s.X.length > 1, slider(state, "observation"))),
        fold("Weights", parameters(state.settings.parameters, setParameter)),
      ],
      describe,
      goal: ({ network, cost: now }) => ({
        text: `a cost below ${REACHED[network]}${network === "2-2-2" ? "" : ", over all ten customers"}.`,
        met: now < REACHED[network],
        answer: { updates: { "2-2-2": 1000, "2-3-1": 1000 }[network], parameters: [], rate: 0.5 },
      }),
    };
  },
});

/** All that follows from the settings, for the networks that Python tells of. */
function deriveFrom(worked) {
  const runOf = memo(["network", "start", "rate"], (s) => [s.start]);
  const shapeOf = memo(["network"], ({ network }) => shape(worked[network].sizes));
  return (s) => {
    const { sizes, parameters, X, Y } = worked[s.network];
    const start = s.parameters.length === parameters.length ? s.parameters : parameters;
    const path = train(runOf({ ...s, start }), sizes, X, Y, s.rate, s.updates);
    const theta = path[s.updates];
    const picked = Math.min(s.updates, PICTURES);
    const row = Math.min(s.observation, X.length) - 1;
    const passed = backward(theta, sizes, X[row], Y[row]);
    return {
      ...s, ...shapeOf(s), ...passed, sizes, X, Y, path, theta, row, x: X[row], y: Y[row],
      loss: loss(passed.a.at(-1), Y[row]), cost: cost(theta, sizes, X, Y), slopes: gradient(theta, sizes, X, Y),
      level: PHASES.indexOf(s.phase),
      costs: Array.from({ length: picked + 1 }, (_, i) => Math.round((i * s.updates) / (picked || 1)))
        .map((k) => [k, cost(path[k], sizes, X, Y)]),
    };
  };
}

/** Names and places of the units and connections. */
function shape(sizes) {
  const layers = sizes.map((count, l) => Array.from({ length: count }, (_, i) => ({
    l, i, id: `${"xho"[l]}${i + 1}`, at: [l, count === 1 ? 0.5 : 1 - i / (count - 1)],
  })));
  // Where on a connection its weight stands: off the middle, if that is where they cross.
  const along = (to) => (sizes[to.l] > 1 ? 0.41 : 0.5);
  const edges = places(sizes).flatMap(({ inputs, weight, bias }, l) =>
    layers[l + 1].flatMap((to) => {
      Object.assign(to, { bias: bias + to.i });
      return layers[l].map((from) => ({
        id: `${from.id}-${to.id}`, from, to, k: weight + to.i * inputs + from.i,
        at: [0, 1].map((axis) => from.at[axis] + along(to) * (to.at[axis] - from.at[axis])),
      }));
    }));
  const lossAt = [2, sizes.at(-1) === 1 ? 0 : 0.5]; // where the outputs leave room
  return { layers, units: layers.flat(), edges, lossAt };
}

function graph(select) {
  return plot({
    label: (s) => `The ${s.network} network as a graph: ${s.edges.map((e) => `${e.from.id} to ${e.to.id} ${fixed(s.theta[e.k])}`).join(", ")}.`,
    x: { domain: [-0.24, 2.5], label: "", bare: true },
    y: { domain: [-0.3, 1.3], label: "", bare: true },
    height: 290,
    narrow: 310,
    draw(marks, s) {
      const strongest = Math.max(1, ...s.edges.map(({ k }) => Math.abs(s.theta[k])));
      for (const { at } of s.layers.at(-1)) marks.line([at, s.lossAt], { color: "edge", width: 1.5 });
      for (const { id, from, to, k } of s.edges) {
        const w = s.theta[k];
        if (id === s.selected) marks.line([from.at, to.at], { color: "accent", width: 14, opacity: 0.25 });
        marks.line([from.at, to.at], {
          q: id, color: w < 0 ? "pos" : "neg", dash: w < 0 ? "6 4" : undefined, width: 0.8 + (5 * Math.abs(w)) / strongest,
        });
      }
      for (const { id, at, k } of s.edges) {
        const both = s.level === 3;
        plate(marks, at, both ? 30 : 16);
        marks.text(at, fixed(s.theta[k]), { q: id, fixed: true, anchor: "middle", color: s.theta[k] < 0 ? "pos" : "neg", dy: both ? -2 : 4 });
        if (both) marks.text(at, `∂ ${tiny(s.gradient[k])}`, { q: id, fixed: true, anchor: "middle", color: "accent", dy: 12 });
      }
      for (const { id, l, i, at, bias: k } of s.units) {
        circle(marks, at, id === s.selected);
        if (l === 0 || s.level > 0) marks.text(at, l ? fixed(s.a[l][i], 3) : short(s.a[l][i]), { q: id, ...WITHIN });
        // Connections leave a unit to its sides: what is said of it stands above, or below the lowest ones.
        const target = l === 2 ? `y ${short(s.y[i])}` : "";
        const bias = l ? `b ${fixed(s.theta[k])}` : "";
        const slope = l > 0 && s.level === 3 ? `δ ${tiny(s.dz[l][i])}` : "";
        const middle = at[1] > 0.4 && at[1] < 0.6;
        const lines = middle ? [[id, target], [bias], [slope]] : [[id, bias], [target, slope]];
        const heights = middle ? [-UNIT - 7, UNIT + 16, UNIT + 30] : at[1] > 0.5 ? [-UNIT - 21, -UNIT - 7] : [UNIT + 16, UNIT + 30];
        lines.forEach((line, n) => marks.text(at, line.filter(Boolean).join(", "), {
          anchor: "middle", dy: heights[n], fixed: true, color: line.includes(slope) && slope ? "accent" : "muted",
          q: line.includes(bias) && bias ? `b-${id}` : `d-${id}`,
        }));
      }
      circle(marks, s.lossAt, s.selected === "loss");
      marks.text(s.lossAt, "loss ℓ", { dx: UNIT + 6, dy: 4, color: "muted", fixed: true });
      if (s.level > 1) marks.text(s.lossAt, fixed(s.loss, 3), { q: "loss", ...WITHIN });
    },
    handles: (s) => [
      ...s.units.map(({ id, l, i, at }) => ({
        id, q: id, at, reach: UNIT, label: `Unit ${id}${l === 0 || s.level > 0 ? `, ${fixed(s.a[l][i], 3)}` : ""}`,
      })),
      ...s.edges.map(({ id, from, to, k, at }) => ({
        id, q: id, at, reach: 15, label: `Weight from ${from.id} to ${to.id}, ${fixed(s.theta[k], 3)}`,
      })),
      { id: "loss", q: "loss", at: s.lossAt, reach: UNIT, label: s.level > 1 ? `Loss, ${fixed(s.loss, 3)}` : "Loss" },
    ].map((handle) => ({
      ...handle, shape: "none", press: () => select(handle.id), pressed: handle.id === s.selected,
    })),
  });
}

function circle(marks, at, selected) {
  if (selected) marks.dots([at], { size: UNIT + 4, hollow: true, color: "accent" });
  marks.dots([at], { size: UNIT, hollow: true, color: "control" });
}

/** Paper under a number that stands on a line. */
function plate(marks, [x, y], height) {
  marks.add(svg("rect", {
    x: marks.x(x) - 23, y: marks.y(y) - height / 2, width: 46, height, rx: 3, fill: "var(--sw-paper)", "fill-opacity": 0.88,
  }));
}

/** The chain rule of what is selected, in numbers, beside its finite difference. */
function explain(s) {
  const edge = s.edges.find(({ id }) => id === s.selected);
  const unit = s.units.find(({ id }) => id === s.selected);
  if (s.selected === "loss") {
    const value = s.level < 2 ? [say("It appears after ", h("b", {}, "Loss"), ".")] : known(s);
    return [say(h("b", {}, "Loss ", math("ℓ = ½ Σ (ŷ − y)²"))), ...value];
  }
  if (!edge && !unit) return [say("Choose a unit or a connection of this network.")];
  const head = say(h("b", {}, edge ? `Weight from ${edge.from.id} to ${edge.to.id}` : `Unit ${unit.id}`));
  if (s.level < 3) {
    return [head, ...(s.level ? known(s) : []), say("Its gradient appears after ", h("b", {}, "Backward"), ".")];
  }
  if (edge) return [head, ...explainWeight(s, edge)];
  return [head, ...(unit.l === 0 ? explainInput(s, unit) : explainUnit(s, unit))];
}

const say = (...content) => h("div", {}, ...content);

/** What the forward pass and the loss say of the selected unit, weight or loss. */
function known(s) {
  const outputs = s.a.at(-1);
  if (s.selected === "loss") {
    const terms = outputs.flatMap((o, k) => [k ? " + ½ (" : "½ (", quantity(`o${k + 1}`, number(o)), ` − ${number(s.y[k])})²`]);
    return [formula("= ", ...terms, " = ", quantity("loss", number(s.loss)))];
  }
  const [{ l, i, id, bias } = {}] = [s.edges.find((e) => e.id === s.selected)?.to ?? s.units.find((u) => u.id === s.selected)];
  if (!l) return [];
  const terms = s.edges.filter(({ to }) => to.id === id).flatMap((edge) => [
    quantity(edge.id, inner(s.theta[edge.k])), "·", quantity(edge.from.id, inner(s.a[l - 1][edge.from.i])), " + "]);
  return [
    formula(`z of ${id} = `, ...terms, quantity(`b-${id}`, inner(s.theta[bias])), ` = ${number(s.z[l][i])}`),
    formula(`a of ${id} = σ(${number(s.z[l][i])}) = `, quantity(id, number(s.a[l][i]))),
  ];
}

function explainWeight(s, { id, from, to, k }) {
  const { words, numbers } = pathTo(s, to);
  const input = s.a[from.l][from.i];
  return [
    formula(`∂ℓ/∂w = ${words} · σ′(z) · `, quantity(from.id, math(from.id))),
    formula("= ", ...numbers, ` · ${inner(steepness(s, to))} · `, quantity(from.id, inner(input)), " = ", mark(number(s.gradient[k]), "accent", id)),
    ...compare(s, difference(s.theta, s.sizes, s.x, s.y, k, STEP)),
    ...updated(s, "w", k),
  ];
}

function explainUnit(s, unit) {
  const { words, numbers } = pathTo(s, unit);
  return [
    ...known(s),
    formula(`δ = ∂ℓ/∂z = ∂ℓ/∂b = ${words} · σ′(z)`),
    formula("= ", ...numbers, ` · ${inner(steepness(s, unit))} = `, mark(number(s.dz[unit.l][unit.i]), "accent", `d-${unit.id}`)),
    ...compare(s, difference(s.theta, s.sizes, s.x, s.y, unit.bias, STEP)),
    ...updated(s, "b", unit.bias),
  ];
}

function explainInput(s, unit) {
  const { words, numbers } = pathTo(s, unit);
  return [
    formula(`∂ℓ/∂${unit.id} = ${words}`),
    formula("= ", ...numbers, " = ", mark(number(s.da[0][unit.i]), "accent")),
    ...compare(s, inputDifference(s.theta, s.sizes, s.x, s.y, unit.i, STEP)),
    say("An input is given, so no update follows."),
  ];
}

/** ∂ℓ/∂a of a unit: the error of an output, or what the units that it feeds send back. */
function pathTo(s, { l, i, id }) {
  if (l === 2) return { words: "(ŷ − y)", numbers: ["(", quantity(id, number(s.a[l][i])), ` − ${number(s.y[i])})`] };
  const onwards = s.edges.filter(({ from }) => from.id === id);
  const several = onwards.length > 1;
  const words = onwards.map(({ to }) => `δ(${to.id})·w(${id} → ${to.id})`).join(" + ");
  const numbers = onwards.flatMap(({ id: edge, to, k }, n) => [
    n ? " + " : "", quantity(`d-${to.id}`, inner(s.dz[l + 1][to.i])), "·", quantity(edge, inner(s.theta[k]))]);
  return several ? { words: `(${words})`, numbers: ["(", ...numbers, ")"] } : { words, numbers };
}

const steepness = (s, { l, i }) => s.a[l][i] * (1 - s.a[l][i]);

function compare(s, value) {
  return [say("Finite difference: ", math(`(ℓ(+h) − ℓ(−h)) / 2h = ${number(value)}, h = 0.00001`))];
}

/** The update of one parameter, with the gradient summed over all observations. */
function updated({ X, theta, slopes, rate }, name, k) {
  const sum = X.length > 1 ? [say(`Summed over the ${X.length} observations: `, math(`∂C/∂${name} = ${number(slopes[k])}`))] : [];
  return [...sum, formula(`${name} ← ${number(theta[k])} − ${short(rate)}·${inner(slopes[k])} = ${number(theta[k] - rate * slopes[k])}`)];
}

function unitRows(s) {
  const after = (level, value) => (s.level >= level && value !== undefined ? fixed(value, 4) : "–");
  return s.units.map(({ id, l, i }) => [
    quantity(id, id), after(1, s.z[l][i]), quantity(id, l === 0 ? fixed(s.a[l][i], 4) : after(1, s.a[l][i])), after(3, s.da[l][i]), quantity(`d-${id}`, after(3, s.dz[l][i])),
  ]);
}

/** The cost after each update so far. */
function history() {
  const domain = ({ costs }) => {
    const values = costs.map(([, value]) => value);
    return [10 ** Math.floor(Math.log10(Math.min(...values, 0.1))), 10 ** Math.ceil(Math.log10(Math.max(...values)))];
  };
  return plot({
    label: (s) => `The cost against the number of updates: from ${number(s.costs[0][1])} to ${number(s.cost)} after ${s.updates}.`,
    x: { domain: (s) => [0, Math.max(10, s.updates)], label: "updates (epochs)" },
    y: { domain, scale: "log", label: "cost, summed" },
    height: 200,
    draw(marks, s) {
      const [low] = domain(s);
      if (low <= GOAL) {
        marks.rule({ y: GOAL }, { color: "muted", dash: "4 4", width: 1.5 });
        marks.text([0, GOAL], `goal ${GOAL}`, { color: "muted", dx: 6, dy: -5 });
      }
      marks.line(s.costs);
      marks.dots([[s.updates, s.cost]], { color: "accent" });
    },
  });
}

/** A slider for each weight and bias of the network that is shown. */
function parameters(limits, setParameter) {
  const node = h("div", { class: "sw-columns" });
  let shown; // the network that the sliders belong to
  let sliders = [];
  const one = (k, label, q) => sliderFor({ ...limits, label, q, get: ({ theta }) => theta[k], set: (value) => setParameter(k, value) });
  return {
    node,
    update(s) {
      if (shown !== s.network) {
        shown = s.network;
        sliders = [1, 2].flatMap((l) => [
          ...s.edges.filter(({ to }) => to.l === l).map(({ id, from, to, k }) => one(k, `w, ${from.id} → ${to.id}`, id)),
          ...s.units.filter((unit) => unit.l === l).map(({ id, bias }) => one(bias, `b of ${id}`, `b-${id}`)),
        ]);
        node.replaceChildren(...sliders.map((control) => control.node));
      }
      sliders.forEach((control) => control.update(s));
    },
  };
}

function describe(s) {
  const outputs = s.a.at(-1);
  const which = s.X.length > 1 ? `, observation ${s.row + 1}` : "";
  const seen = s.level === 0 ? "nothing is computed yet" : `output ${outputs.map((o) => fixed(o, 3)).join(" and ")} for target ${s.y.map((v) => short(v)).join(" and ")}`;
  const lost = s.level > 1 ? `; loss ${fixed(s.loss, 4)}` : "";
  const total = s.level > 1 && s.X.length > 1 ? `, cost of all ${s.X.length} ${fixed(s.cost, 4)}` : "";
  return `${s.network} network after ${s.updates} update${s.updates === 1 ? "" : "s"}${which}: ${seen}${lost}${total}.${slope(s)}`;
}

/** The gradient of what is selected, in half a sentence. */
function slope(s) {
  if (s.level < 3) return "";
  const edge = s.edges.find(({ id }) => id === s.selected);
  const unit = s.units.find(({ id }) => id === s.selected);
  if (edge) return ` For the weight from ${edge.from.id} to ${edge.to.id}, ∂ℓ/∂w = ${number(s.gradient[edge.k])}.`;
  if (unit) return ` For ${unit.id}, ${unit.l ? `δ = ${number(s.dz[unit.l][unit.i])}` : `∂ℓ/∂x = ${number(s.da[0][unit.i])}`}.`;
  return "";
}

const number = (x) => short(x, 6);
const inner = (x) => (x < 0 ? `(${number(x)})` : number(x));
/** Three decimals, or four for what would look like zero. */
const tiny = (x) => fixed(x, Math.abs(x) < 0.0005 ? 4 : 3);
