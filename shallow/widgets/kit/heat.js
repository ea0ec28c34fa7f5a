/** Colour maps on a canvas. */

import { h, set } from "./dom.js";

/**
 * Paint a grid of values, one pixel each; CSS gives the canvas its size.
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} grid rows from the top; NaN stays transparent
 * @param {{domain?: number[], palette?: string}} [options]
 */
export function paint(canvas, grid, { domain = [-1, 1], palette = "diverging" } = {}) {
  const [rows, columns] = [grid.length, grid[0].length];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  const stops = (palette === "diverging" ? ["neg", "paper", "pos"] : ["paper", "neg", "ink"])
    .map((name) => themeColors(canvas)[name]);
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < columns; i += 1) {
      const value = grid[j][i];
      if (Number.isNaN(value)) continue;
      const t = Math.min(1, Math.max(0, (value - domain[0]) / (domain[1] - domain[0])));
      const [from, to, part] = t < 0.5 ? [stops[0], stops[1], 2 * t] : [stops[1], stops[2], 2 * t - 1];
      const at = 4 * (j * columns + i);
      for (let c = 0; c < 3; c += 1) image.data[at + c] = from[c] + part * (to[c] - from[c]);
      image.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/**
 * A map by itself, such as the response of one unit.
 * @param {Object} spec
 * @param {string|((s: any) => string)} spec.label
 * @param {(s: any) => number[][]} spec.grid
 * @param {number[]} [spec.domain]
 * @param {string} [spec.palette]
 * @param {number} [spec.size] in pixels
 * @returns {import("./controls.js").Control}
 */
export function heatMap({ label, grid, size = 64, ...options }) {
  const node = h("canvas", { class: "sw-map", role: "img", style: `width:${size}px;height:${size}px` });
  return {
    node,
    update(s) {
      set(node, { "aria-label": typeof label === "function" ? label(s) : label });
      paint(node, grid(s), options);
    },
  };
}

let colors = null; // of this moment; to read a style after a change makes the browser compute it at once

/** Red, green and blue of the colours of kit.css, which states them as #rrggbb. */
function themeColors(element) {
  if (!colors) {
    const style = getComputedStyle(element);
    colors = Object.fromEntries(["neg", "paper", "pos", "ink"].map((name) => {
      const hex = style.getPropertyValue(`--sw-${name}`).trim();
      return [name, [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16))];
    }));
    queueMicrotask(() => { colors = null; });
  }
  return colors;
}
