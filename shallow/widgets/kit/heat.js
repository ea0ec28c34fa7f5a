/** Colour maps on a canvas. */

import { h, set } from "./dom.js";

const SHADES = 511; // an odd number: the middle is one of them
const PALETTES = { diverging: ["neg", "paper", "pos"], sequential: ["paper", "neg", "ink"] };
const CORNER = 5; // px, of a small map

let small = null; // the canvas of one small map

/**
 * Paint a grid of values, one pixel each; CSS gives the canvas its size.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>[]} grid rows from the top; NaN stays transparent
 * @param {{domain?: number[], palette?: string}} [options]
 */
export function paint(canvas, grid, options) {
  const [rows, columns] = [grid.length, grid[0].length];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  canvas.getContext("2d").putImageData(pixels(canvas, grid, options), 0, 0);
}

/**
 * Paint many small maps on one canvas, which a browser shows sooner than a canvas for each.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} size of the canvas, in pixels of CSS
 * @param {{grid: ArrayLike<number>[], domain: number[], middle: number[], side: number}[]} maps
 */
export function paintMaps(canvas, { width, height }, maps) {
  const scale = window.devicePixelRatio;
  const [columns, rows] = [width, height].map((length) => Math.round(scale * length));
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.fillStyle = `rgb(${themeColors(canvas).paper})`;
  small ??= document.createElement("canvas");
  for (const { grid, domain, middle: [x, y], side } of maps) {
    const [left, top] = [x - side / 2, y - side / 2];
    paint(small, grid, { domain });
    context.save();
    context.beginPath();
    context.roundRect(left, top, side, side, CORNER);
    context.clip();
    context.fillRect(left, top, side, side);
    context.drawImage(small, left, top, side, side);
    context.restore();
  }
}

function pixels(element, grid, { domain = [-1, 1], palette = "diverging" } = {}) {
  const [low, high] = domain;
  const [rows, columns] = [grid.length, grid[0].length];
  const image = new ImageData(columns, rows);
  const colors = new Uint32Array(image.data.buffer);
  const shades = shadesOf(element, palette);
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < columns; i += 1) {
      const value = grid[j][i];
      if (Number.isNaN(value)) continue;
      const part = Math.min(1, Math.max(0, (value - low) / (high - low)));
      colors[j * columns + i] = shades[Math.round(part * (SHADES - 1))];
    }
  }
  return image;
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

let known = { theme: "", colors: null, shades: {} }; // to read a style after a change makes the browser compute it at once

/** Red, green and blue of the colours of kit.css, which states them as #rrggbb: one object as long as they hold. */
export function themeColors(element) {
  const { documentElement: root, body } = document;
  const theme = [root.dataset.theme, body.dataset.jpThemeLight, body.className].join();
  if (known.theme !== theme || !known.colors) {
    const style = getComputedStyle(element);
    const colors = Object.fromEntries(["neg", "paper", "pos", "ink"].map((name) => {
      const hex = style.getPropertyValue(`--sw-${name}`).trim();
      return [name, [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16))];
    }));
    known = { theme, colors, shades: {} };
  }
  return known.colors;
}

/** The colours of a palette from its one end to the other, each as the four bytes of a pixel. */
function shadesOf(element, palette) {
  const colors = themeColors(element);
  known.shades[palette] ??= (() => {
    const stops = PALETTES[palette].map((name) => colors[name]);
    const bytes = new Uint8ClampedArray(4 * SHADES);
    for (let k = 0; k < SHADES; k += 1) {
      const t = (2 * k) / (SHADES - 1);
      const [from, to, part] = t < 1 ? [stops[0], stops[1], t] : [stops[1], stops[2], t - 1];
      bytes.set([...from.map((low, c) => low + part * (to[c] - low)), 255], 4 * k);
    }
    return new Uint32Array(bytes.buffer);
  })();
  return known.shades[palette];
}
