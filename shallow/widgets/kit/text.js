/** Numbers in words, tables and formulas that follow the state. */

import { color, h, set, svg } from "./dom.js";
import { glyph } from "./marks.js";
import { math } from "./math.js";

/**
 * A table whose cells are text; the first column heads its row.
 * @param {string} caption
 * @param {string[]} head
 * @param {(s: any) => (string|Node)[][]} rows
 * @returns {import("./controls.js").Control}
 */
export function table(caption, head, rows) {
  const body = h("tbody");
  const headed = head.map((text) => (text ? h("th", { scope: "col" }, text) : h("td")));
  const grid = h("table", { class: "sw-table" }, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...headed)), body);
  const node = h("div", { class: "sw-scroll" }, grid);
  // What scrolls must take the focus, so that the arrow keys can scroll it.
  const watch = new ResizeObserver(() => set(node, { tabindex: node.scrollWidth > node.clientWidth ? 0 : null }));
  watch.observe(node);
  watch.observe(grid);
  return {
    node,
    update(s) {
      body.replaceChildren(...rows(s).map(([first, ...cells]) =>
        h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)))));
    },
  };
}

/**
 * Text that follows the state.
 * @param {(s: any) => string|Node|(string|Node)[]} text
 * @returns {import("./controls.js").Control}
 */
export function live(text, props = {}) {
  const node = h("div", { class: "sw-live", ...props });
  return { node, update: (s) => node.replaceChildren(...[text(s)].flat()) };
}

/** A piece of text in one of the colours, in bold, for a quantity if it has a name: `mark("12", "pos", "tp")`. */
export function mark(text, name, q) {
  return h("b", { style: `color: ${color(name)}`, "data-q": q }, text);
}

/** A line of a formula: its strings are set as mathematics, its elements stand as they are. @param {...(string|Node)} content */
export function formula(...content) {
  return h("div", { class: "sw-formula" }, ...content.map((part) => (typeof part === "string" ? math(part) : part)));
}

/** A fraction `top / bottom` as it is written on paper. @param {(string|Node)[]} top @param {(string|Node)[]} bottom */
export function fraction(top, bottom) {
  return h("span", { class: "sw-fraction" }, h("span", {}, ...top), h("span", {}, ...bottom));
}

/**
 * What the marks of a plot mean; label the marks themselves where there is room.
 * @param {{label: string, color: string, shape?: string, dash?: string}[]} items
 */
export function legend(items) {
  return h("ul", { class: "sw-legend" }, ...items.map((item) => h("li", {}, swatch(item), item.label)));
}

/** @param {{color: string, shape?: string, dash?: string}} item */
function swatch({ color: name, shape = "dot", dash }) {
  const paint = shape === "line" || shape === "cross"
    ? { stroke: color(name), "stroke-width": 2.5, "stroke-dasharray": dash, fill: "none" }
    : { fill: color(name) };
  const d = shape === "line" ? "M-11 0H11" : glyph(shape, 5);
  return svg("svg", { width: 24, height: 14, viewBox: "-12 -7 24 14", "aria-hidden": "true" }, svg("path", { d, ...paint }));
}
