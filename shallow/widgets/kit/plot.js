/** A plot: axes with ticks, marks drawn anew at each update, handles that stay and keep the focus. */

import { h, set, svg, uid } from "./dom.js";
import { short } from "./format.js";
import { handles } from "./handle.js";
import { Marks } from "./marks.js";
import { follow } from "./pointer.js";
import { linear, logarithmic, powers, ticks } from "./scale.js";
import { watchWidth, widthOf } from "./width.js";

const LEAST = 100; // px
const LARGER = 1.25; // times as high is a picture in a wide window
export const PHONE = watched("(max-width: 560px)");
const WIDE = watched("(min-width: 1400px) and (min-height: 850px)"); // where a widget is wider than the text: theme.css

/** Whether the window is like this; to ask the list itself makes the browser compute styles at once. */
function watched(query) {
  const list = matchMedia(query);
  const known = { matches: list.matches };
  list.addEventListener("change", () => { known.matches = list.matches; });
  return known;
}

/** Height in pixels of what has another one on a phone, and so belongs to the picture. */
export function heightOf({ height, narrow }) {
  if (!narrow) return height;
  return PHONE.matches ? narrow : Math.round(WIDE.matches ? LARGER * height : height);
}

/**
 * @typedef {Object} Axis
 * @property {number[]|((s: any) => number[])} domain
 * @property {string} label
 * @property {number[]} [ticks] instead of round numbers
 * @property {(x: number) => string} [format]
 * @property {"linear"|"log"} [scale]
 * @property {boolean} [bare] no ticks, no grid, no label, no margin for them
 */

/**
 * @param {Object} spec
 * @param {string|((s: any) => string)} spec.label what the plot shows, for those who do not see it
 * @param {Axis} spec.x
 * @param {Axis} spec.y
 * @param {number} spec.height in pixels
 * @param {number} [spec.narrow] height in pixels on a phone; a picture, which has one, is higher in a wide window
 * @param {boolean} [spec.even] a unit is as long along x as along y: the domains are widened until they fill the plot
 * @param {(marks: Marks, s: any) => void} spec.draw
 * @param {(s: any) => import("./handle.js").Handle[]} [spec.handles]
 * @param {(point: number[], first: boolean) => void} [spec.press]
 *   called for a press on the plot and while it is dragged, with the point in data units
 * @param {boolean} [spec.drawn] a press draws: a finger may set out in any direction, and handles are for the keyboard only
 * @returns {import("./controls.js").Control}
 */
export function plot(spec) {
  const clip = uid("clip");
  const frame = svg("g", { class: "sw-axes", "aria-hidden": "true" });
  const marks = svg("g");
  const over = svg("g", { "aria-hidden": "true" });
  const hot = svg("rect", { class: "sw-hot", fill: "transparent" });
  const held = svg("g");
  const area = svg("rect");
  const picture = svg("g", { role: "img" }, frame, marks, over);
  const canvas = h("canvas", { class: "sw-under", "aria-hidden": "true" });
  const root = svg("svg", { class: "sw-svg" },
    svg("defs", {}, svg("clipPath", { id: clip }, area)), picture, hot, held);
  const node = h("div", { class: `sw-plot${spec.drawn ? " sw-drawn" : ""}` }, canvas, root);
  const dragged = handles(held, root, () => update(state));
  let state;
  let geometry;
  let known = ""; // what the axes were drawn for

  function update(s) {
    state = s;
    const width = Math.max(LEAST, widthOf(node)); // what is folded has hardly any
    geometry = layout(spec, s, width, dragged.dragging() ? geometry : null);
    const { x, y, inner } = geometry;
    set(root, { width, height: geometry.height });
    for (const rect of [area, hot]) set(rect, { x: inner.left, y: inner.top, width: inner.width, height: inner.height });
    set(picture, { "aria-label": typeof spec.label === "function" ? spec.label(s) : spec.label });
    const framed = JSON.stringify([width, geometry.height, x.domain, y.domain]);
    if (framed !== known) frame.replaceChildren(...axes(spec, geometry));
    known = framed;
    over.replaceChildren();
    const drawing = new Marks(marks, over, canvas, `url(#${clip})`, geometry);
    spec.draw(drawing, s);
    drawing.finish();
    dragged.update(spec.handles?.(s) ?? [], geometry);
  }

  if (spec.press) {
    const press = (event, first) => {
      const box = root.getBoundingClientRect();
      spec.press([geometry.x.invert(event.clientX - box.left), geometry.y.invert(event.clientY - box.top)], first);
    };
    follow(hot, { drag: press, tap: (event) => press(event, true), upright: () => Boolean(spec.drawn) });
  }
  watchWidth(node, () => state && update(state));
  return { node, update };
}

/** Sizes and scales. While a handle is dragged the domains stay as they were: else it would run from the finger. */
function layout(spec, s, width, held) {
  const domainOf = (axis) => (typeof axis.domain === "function" ? axis.domain(s) : axis.domain);
  const scale = (axis, domain, range) => (axis.scale === "log" ? logarithmic : linear)(domain, range);
  const [left, top, right, bottom] = [spec.y.bare ? 8 : 42, spec.y.bare ? 8 : 24, 12, spec.x.bare ? 8 : 38];
  const height = heightOf(spec);
  const [innerWidth, innerHeight] = [width - left - right, height - top - bottom];
  let domains = held ? [held.x.domain, held.y.domain] : [spec.x, spec.y].map(domainOf);
  if (spec.even) domains = widened(domains, [innerWidth, innerHeight]);
  return {
    inner: { left, top, width: innerWidth, height: innerHeight },
    height,
    x: scale(spec.x, domains[0], [left, left + innerWidth]),
    y: scale(spec.y, domains[1], [top + innerHeight, top]),
  };
}

/** Domains about the same middles that give a unit the same length on both axes. */
function widened(domains, sizes) {
  const unit = Math.min(...domains.map(([low, high], k) => sizes[k] / (high - low)));
  return domains.map(([low, high], k) => [-1, 1].map((side) => (low + high) / 2 + (side * sizes[k]) / (2 * unit)));
}

function axes(spec, { x, y, inner }) {
  const bottom = inner.top + inner.height;
  const right = inner.left + inner.width;
  const parts = [];
  if (!spec.x.bare) {
    const format = spec.x.format ?? short;
    for (const t of marksOf(spec.x, x.domain, Math.max(3, inner.width / 80))) {
      parts.push(svg("line", { class: "sw-grid", x1: x(t), x2: x(t), y1: inner.top, y2: bottom }));
      parts.push(svg("text", { class: "sw-tick", x: x(t), y: bottom + 15, "text-anchor": "middle" }, format(t)));
    }
    parts.push(svg("text", { class: "sw-axis", x: right, y: bottom + 32, "text-anchor": "end" }, spec.x.label));
  }
  if (!spec.y.bare) {
    const format = spec.y.format ?? short;
    for (const t of marksOf(spec.y, y.domain, Math.max(2, inner.height / 45))) {
      parts.push(svg("line", { class: "sw-grid", x1: inner.left, x2: right, y1: y(t), y2: y(t) }));
      parts.push(svg("text", { class: "sw-tick", x: inner.left - 6, y: y(t) + 4, "text-anchor": "end" }, format(t)));
    }
    parts.push(svg("text", { class: "sw-axis", x: 4, y: 14 }, spec.y.label));
  }
  return parts;
}

function marksOf(axis, domain, count) {
  return axis.ticks ?? (axis.scale === "log" ? powers(...domain) : ticks(...domain, count));
}
