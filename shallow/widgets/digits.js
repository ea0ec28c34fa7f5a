/** The digit pad: the reader draws, and a network of 32 hidden units says which digit it sees. */

import { button, select, slider } from "./kit/controls.js";
import { color, h, set, svg } from "./kit/dom.js";
import { fixed, short } from "./kit/format.js";
import { heatMap, paint } from "./kit/heat.js";
import { fold, line, openFold } from "./kit/layout.js";
import { follow } from "./kit/pointer.js";
import { quantity } from "./kit/quantity.js";
import { formula, legend, live, mark, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { watchWidth, widthOf } from "./kit/width.js";
import { adversarialStep, counts, decode, forward, POINTS, shift, SIDE, stroke } from "./model/digits.js";

const FULL = POINTS ** 2; // a pixel that is all ink
const PEN = 0.7; // pixels, half the width of a stroke: as much ink as in the training digits
const EPSILON = 0.05; // of the range of a pixel, for one step that fools
const BLANK = new Array(SIDE ** 2).fill(0);
const COLUMNS = 4; // of hidden units
const FAINT = 0.04; // of the strongest vote: weaker ones are not drawn
const LEAST = 160; // px
const SURE = 0.99;
const DOMAIN = [1, -1]; // of weights: those above 0 in the colour of what speaks for a digit
const DOTS = [5, 6, 58]; // three pixels of which the network is sure

// Test digits of scikit-learn.
const THREE = decode("006fe20005gbec0005b3g500000eg7000008ag3001400c7007g56g50018fgc10");
const MISREAD = decode("002ce80000ddfc0005f2a60002ede100000bfd10001f3e70006d1g40001cgb00");
const EXAMPLES = {
  "A three": { pixels: THREE },
  "One pixel to the left": { pixels: shift(THREE, -1) },
  "An eight, misread": { pixels: MISREAD },
  "Empty": { pixels: BLANK },
};

export default widget({
  title: "Digit pad",
  opening: { pixels: THREE, unit: 24 },
  examples: EXAMPLES,
  create(state, { refresh, signal }) {
    const network = state.model.get("_network");
    const pen = penOf(state, refresh);
    const fool = () => {
      const { pixels, answer } = derive(state.values());
      state.set({ pixels: adversarialStep(network, pixels, answer, EPSILON).map((value) => Number(value.toFixed(2))) });
    };
    const derive = (s) => {
      const passed = forward(network, s.pixels);
      const ranked = passed.p.map((_, k) => k).sort((a, b) => passed.p[b] - passed.p[a]);
      const asked = s.digit === "answer" ? ranked[0] : Number(s.digit);
      return {
        ...s, ...passed, network, asked, answer: ranked[0], second: ranked[1],
        votes: passed.a.map((a, i) => network.W2[asked][i] * a),
        inked: s.pixels.filter((value) => value > 0).length, cursor: pen.cursor(),
      };
    };
    const eraser = button("Eraser", () => pen.turn(), { "aria-pressed": "false" });
    return {
      derive,
      picture: [flow(state, pen, signal), legend([
        { label: "speaks for it", color: "neg", shape: "line" },
        { label: "against it", color: "pos", shape: "line", dash: "6 4" },
      ])],
      controls: [
        line(button("Clear", () => state.set({ pixels: BLANK })), eraser, button("Fool it", fool)),
        slider(state, "unit", { color: "accent" }), select(state, "digit"),
      ],
      more: [
        openFold("One unit", maps(network), live(explainUnit)),
        fold("Evidence", live(explainVotes), table("Votes", ["unit", "a", "weight", "vote"], voteRows)),
        fold("Probabilities", table("Probabilities", ["digit", "score", "p"], (s) => s.p.map((p, k) => [
          quantity(`p${k}`, String(k)), fixed(s.scores[k]), quantity(`p${k}`, fixed(p, 4))]))),
        fold("By keyboard", live(() => "On the pad, the arrow keys move the pen, Space lowers or lifts it, and Delete wipes a pixel.")),
      ],
      update: () => set(eraser, { "aria-pressed": String(pen.erases()) }),
      describe,
      goal: ({ inked, p, answer }) => ({
        text: `three inked pixels at most, and p ≥ ${SURE}.`,
        met: inked > 0 && inked <= DOTS.length && p[answer] >= SURE,
        answer: { pixels: BLANK.map((_, j) => (DOTS.includes(j) ? FULL : 0)) },
      }),
    };
  },
});

/** The pen: what it has drawn, on a finer grid than that of the pixels, and where the arrow keys have moved it. */
function penOf(state, refresh) {
  const empty = () => new Array(FULL * SIDE ** 2).fill(0);
  let ink = empty();
  let under = BLANK; // what was there before it drew
  let written = null; // the pixels as it left them
  let [at, down, erases] = [[3, 3], false, false];

  /** Draw, or wipe, from one place of the pad to another. @param {number[]} from @param {number[]} to */
  function draw(from, to, wipe = erases) {
    if (state.get("pixels") !== written) [ink, under] = [empty(), state.get("pixels")];
    if (wipe) {
      const touched = counts(stroke(empty(), from, to, PEN)).map((value) => value > FULL / 2);
      under = state.get("pixels").map((value, j) => (touched[j] ? 0 : value));
      ink = empty();
    } else {
      ink = stroke(ink, from, to, PEN);
    }
    const drawn = counts(ink);
    state.set({ pixels: under.map((value, j) => Math.min(FULL, value + drawn[j])) });
    written = state.get("pixels");
  }
  const middle = (cell) => cell.map((value) => value + 0.5);
  return {
    draw,
    cursor: () => ({ at, down }),
    erases: () => erases,
    turn() {
      erases = !erases;
      refresh();
    },
    lift() {
      if (!down) return;
      down = false;
      refresh();
    },
    /** @param {KeyboardEvent} event */
    key(event) {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (way) {
        const to = at.map((value, axis) => Math.min(SIDE - 1, Math.max(0, value + way[axis])));
        if (down) draw(middle(at), middle(to));
        at = to;
      } else if (event.key === " ") {
        down = !down;
        if (down) draw(middle(at), middle(at));
      } else if (["Delete", "Backspace"].includes(event.key)) {
        draw(middle(at), middle(at), true);
      } else {
        return;
      }
      event.preventDefault();
      refresh();
    },
  };
}

/** Where everything stands, in pixels of the screen. */
function placesOf(width) {
  const narrow = width < 500;
  const cell = Math.floor(Math.min(width < 800 ? 28 : 36, ((width < 300 ? 0.44 : 0.5) * width) / SIDE));
  const side = SIDE * cell;
  const [top, gap] = [22, narrow ? 8 : 36];
  const step = narrow ? Math.floor((0.17 * width) / COLUMNS) : cell; // from unit to unit
  const left = side + gap;
  const label = left + COLUMNS * step + (narrow ? 22 : 84);
  const map = Math.min(step, cell) - (narrow ? 4 : 7);
  return {
    width, cell, side, top, label, map, height: top + side + 4,
    unit: (i) => [left + step * (i % COLUMNS), top + cell * Math.floor(i / COLUMNS) + (cell - map) / 2],
    units: [left, left + COLUMNS * step, step],
    row: (k) => top + ((k + 0.5) * side) / 10,
    bar: [label + 12, width - 44],
  };
}

/** The pad, the hidden units as pictures of their weights, and the ten digits, with what flows between them. */
function flow(state, pen, signal) {
  const picture = svg("g", { role: "img" });
  const hot = svg("rect", { class: "sw-hot", fill: "transparent", x: 0, y: 0 });
  const root = svg("svg", { class: "sw-svg" }, picture, hot);
  const knob = h("div", { class: "sw-pen" });
  const pad = h("div", {
    class: "sw-pad", role: "application", tabindex: "0", "aria-roledescription": "drawing pad",
    "aria-label": "Pad of 8 by 8 pixels. Arrow keys move the pen, Space lowers or lifts it, Delete wipes a pixel.",
    onkeydown: (event) => pen.key(event), onblur: () => pen.lift(),
  }, knob);
  const said = h("span", { class: "sw-hidden", role: "status" });
  const node = h("div", { class: "sw-plot" }, root, pad, said);
  const weights = weightsOf(node, state.model.get("_network"));
  let shown;
  let places;

  let last = null; // where the pen was
  const placeOf = (event) => {
    const box = pad.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map((pixels) => (SIDE * pixels) / box.width);
  };
  follow(pad, {
    down: (event) => { last = placeOf(event); },
    drag(event) {
      const from = last;
      last = placeOf(event);
      pen.draw(from, last);
    },
    tap: () => pen.draw(last, last),
    upright: () => true,
  }, signal);
  follow(hot, {
    tap(event) {
      const { left, top } = root.getBoundingClientRect();
      const chosen = chosenAt(places, event.clientX - left, event.clientY - top);
      if (chosen) state.set(chosen.digit === state.get("digit") ? { digit: "answer" } : chosen);
    },
  }, signal);

  function update(s) {
    shown = s;
    places = placesOf(Math.max(LEAST, widthOf(node)));
    const { width, height, side, top } = places;
    set(root, { width, height });
    set(hot, { width, height });
    set(picture, { "aria-label": labelOf(s) });
    picture.replaceChildren(...titles(places), ...pixels(places, s), ...votes(places, s), ...units(places, s, weights()), ...answers(places, s));
    pad.style.cssText = `left:0;top:${top}px;width:${side}px;height:${side}px`;
    const { at: [i, j], down } = s.cursor;
    knob.style.cssText = `left:${(100 * i) / SIDE}%;top:${(100 * j) / SIDE}%`;
    set(knob, { "data-down": down });
    const where = `Row ${j + 1}, column ${i + 1}: ${short(s.pixels[SIDE * j + i])} of ${FULL}; pen ${down ? "down" : "up"}.`;
    if (pad === document.activeElement && said.textContent !== where) said.replaceChildren(where);
  }
  watchWidth(node, () => shown && update(shown));
  return { node, update };
}

/** The unit or the digit at a place of the picture, as settings. */
function chosenAt({ units: [left, right, step], cell, top, row, label }, x, y) {
  const line = Math.floor((y - top) / cell);
  if (x >= left && x < right && line >= 0 && line < SIDE) return { unit: COLUMNS * line + Math.floor((x - left) / step) + 1 };
  if (x < label - 12) return null;
  const far = (k) => Math.abs(y - row(k));
  return { digit: String([...Array(10).keys()].reduce((best, k) => (far(k) < far(best) ? k : best))) };
}

const labelOf = (s) => `An 8 by 8 pad with ink in ${s.inked} pixels, 32 hidden units of which ${active(s)} are active, and ten digits: `
  + `${s.p.map((p, k) => `${k} with p = ${fixed(p, 3)}`).join(", ")}.`;

const active = ({ a }) => a.filter((value) => value > 0).length;

function titles({ side, units: [left, right], label, width }) {
  const title = (x, text, anchor = "middle") => svg("text", { class: "sw-axis", x, y: 13, "text-anchor": anchor }, text);
  return [
    title(side / 2, "draw here"),
    title((left + right) / 2, right - left > 100 ? "32 hidden units" : "32 units"),
    title(width, width - label > 120 ? "probability" : "p", "end"),
  ];
}

function pixels({ cell, side, top }, s) {
  const at = (j) => [cell * (j % SIDE), top + cell * Math.floor(j / SIDE)];
  const ruled = [...Array(SIDE - 1).keys()].map((k) => cell * (k + 1));
  return [
    ...s.pixels.flatMap((value, j) => {
      const [x, y] = at(j);
      return value > 0 ? [svg("rect", { x, y, width: cell, height: cell, fill: color("ink"), "fill-opacity": value / FULL })] : [];
    }),
    svg("path", { class: "sw-grid", fill: "none", d: ruled.map((k) => `M${k} ${top}v${side}M0 ${top + k}h${side}`).join("") }),
    svg("rect", { x: 0.5, y: top, width: side - 1, height: side, fill: "none", stroke: color("control") }),
  ];
}

/** What each active unit adds to the score of the digit that is asked for. */
function votes({ unit, map, label, row }, { a, votes: all, asked, unit: chosen }) {
  const strongest = Math.max(...all.map(Math.abs));
  return all.flatMap((vote, i) => {
    const share = a[i] > 0 ? Math.abs(vote) / strongest : 0;
    if (share < FAINT) return [];
    const [x, y] = unit(i);
    return [svg("line", {
      x1: x + map, y1: y + map / 2, x2: label - 10, y2: row(asked), stroke: color(vote > 0 ? "neg" : "pos"),
      "stroke-width": 0.5 + 4.5 * share, "stroke-opacity": 0.75, "stroke-dasharray": vote > 0 ? null : "6 4",
      "data-q": i + 1 === chosen ? "unit" : null,
    })];
  });
}

/** The weights of each unit; beside them, as high as it is active, a bar. */
function units({ unit, map }, { a, unit: chosen }, weights) {
  const largest = Math.max(...a, 1e-9);
  return a.flatMap((value, i) => {
    const [x, y] = unit(i);
    const high = (map * value) / largest;
    const box = { x, y, width: map, height: map };
    const isChosen = i + 1 === chosen;
    return [
      svg("rect", { ...box, fill: color("paper") }),
      svg("image", { ...box, class: "sw-weights", href: weights[i], opacity: value > 0 ? 1 : 0.3, preserveAspectRatio: "none" }),
      svg("rect", {
        ...box, fill: "none", stroke: color(isChosen ? "accent" : value > 0 ? "ink" : "edge"), "stroke-width": isChosen ? 3 : 1,
        "data-q": isChosen ? "unit" : null,
      }),
      svg("rect", { x: x + map + 1, y: y + map - high, width: 3, height: high, fill: color("accent") }),
    ];
  });
}

function answers({ label, row, bar: [from, to], side }, { p, answer, asked }) {
  const high = Math.min(12, side / 10 - 5);
  return p.flatMap((value, k) => {
    const y = row(k);
    const end = from + (to - from) * value;
    const weight = k === answer ? 700 : 400;
    return [
      ...(k === asked ? [svg("circle", { cx: label, cy: y, r: Math.min(9.5, side / 20), fill: "none", stroke: color("accent"), "stroke-width": 2 })] : []),
      svg("text", { class: "sw-tick", x: label, y: y + 4.5, "text-anchor": "middle", "data-q": `p${k}`, style: `font-size: 13px; font-weight: ${weight}; fill: ${color("ink")}` }, String(k)),
      svg("rect", { x: from, y: y - high / 2, width: Math.max(1, end - from), height: high, fill: color(k === answer ? "good" : "muted"), "data-q": `p${k}` }),
      ...(value < 0.005 ? [] : [svg("text", { class: "sw-tick", x: end + 5, y: y + 4, style: `font-weight: ${weight}; fill: ${color("ink")}` }, fixed(value, 3))]),
    ];
  });
}

/** Pictures of the weights of each unit, as addresses; painted anew where the theme has changed. */
function weightsOf(node, { W1 }) {
  const canvas = h("canvas");
  node.append(Object.assign(canvas, { hidden: true }));
  let theme;
  let pictures;
  return () => {
    const now = getComputedStyle(node).getPropertyValue("--sw-paper");
    if (now !== theme) {
      theme = now;
      pictures = W1.map((row) => {
        paint(canvas, rowsOf(row), { domain: DOMAIN });
        return canvas.toDataURL();
      });
    }
    return pictures;
  };
}

const rowsOf = (values) => [...Array(SIDE).keys()].map((j) => values.slice(SIDE * j, SIDE * (j + 1)));

/** The chosen unit's weights, and what the pixels make of them. */
function maps({ W1 }) {
  const options = { size: 80, domain: DOMAIN };
  const own = heatMap({ ...options, label: (s) => `Weights of unit ${s.unit}`, grid: (s) => rowsOf(W1[s.unit - 1]) });
  const product = heatMap({ ...options, label: (s) => `Weights of unit ${s.unit} times the pixels`, grid: (s) => rowsOf(W1[s.unit - 1].map((w, j) => w * s.x[j])) });
  const framed = ({ node }, text) => h("figure", {}, node, h("figcaption", {}, text));
  return {
    node: h("div", { class: "sw-maps" }, framed(own, "weights w"), framed(product, "times pixels, w·x")),
    update(s) {
      own.update(s);
      product.update(s);
    },
  };
}

function explainUnit(s) {
  const i = s.unit - 1;
  const b = s.network.b1[i];
  const vote = s.votes[i];
  const word = vote > 0 ? ["speaks for", "neg"] : vote < 0 ? ["speaks against", "pos"] : ["says nothing about", "muted"];
  return [
    formula("z = Σ w·x + b = ", `${number(s.z[i] - b)} + ${inner(b)} = ${number(s.z[i])}`),
    formula("a = max(0, z) = ", mark(number(s.a[i]), "accent", "unit")),
    h("div", {}, `It ${word[0]} ${article(s.asked)}:`),
    formula(`${number(s.network.W2[s.asked][i])} · ${number(s.a[i])} = `, mark(number(vote), word[1], "unit")),
  ];
}

function explainVotes(s) {
  const b = s.network.b2[s.asked];
  return [formula(`score of ${s.asked} = all votes + bias = ${number(s.scores[s.asked] - b)} + ${inner(b)} = `, quantity(`p${s.asked}`, number(s.scores[s.asked])))];
}

/** The six strongest votes. */
function voteRows(s) {
  return s.votes.map((vote, i) => ({ vote, i })).sort((a, b) => Math.abs(b.vote) - Math.abs(a.vote)).slice(0, 6)
    .map(({ vote, i }) => [String(i + 1), number(s.a[i]), number(s.network.W2[s.asked][i]), mark(number(vote), vote < 0 ? "pos" : "neg")]);
}

function describe(s) {
  const { p, answer, second } = s;
  const seen = s.inked ? "The network calls this" : "The pad is empty, and still called";
  return `${seen} ${article(answer)}, with p ${told(p[answer])}; next comes ${article(second)}, with p ${told(p[second])}. `
    + `${active(s)} of 32 units are active; unit ${s.unit} adds ${number(s.votes[s.unit - 1])} to the score of ${s.asked}.`;
}

const article = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
/** A probability in three digits, but never as certain as rounding would make it. */
const told = (p) => (p >= 0.9995 ? "> 0.999" : p < 0.0005 ? "< 0.001" : `= ${fixed(p, 3)}`);
const number = (x) => fixed(x, 2);
const inner = (x) => (x < 0 ? `(${number(x)})` : number(x));
