/** What can be drawn in a plot, in data units. */

import { color, set, svg } from "./dom.js";
import { contourLines } from "./contour.js";
import { paint } from "./heat.js";
import { place } from "./label.js";

/**
 * @typedef {Object} Geometry of a plot
 * @property {import("./scale.js").Scale} x
 * @property {import("./scale.js").Scale} y
 * @property {{left: number, top: number, width: number, height: number}} inner the plot area, in pixels
 *
 * @typedef {Object} Style
 * @property {string} [color] a colour of kit.css by name ("pos", "neg", "accent", "good", "muted", "ink"), or any CSS colour
 * @property {string} [dash] as `stroke-dasharray`: "6 4"
 * @property {number} [width] of the line in pixels
 * @property {number} [opacity]
 * @property {string} [q] the quantity that it shows, for `quantity.js`
 */

export class Marks {
  /**
   * @param {SVGElement} layer
   * @param {SVGElement} over what is never clipped
   * @param {HTMLCanvasElement} canvas under all marks
   * @param {string} clip
   * @param {Geometry} geometry
   */
  constructor(layer, over, canvas, clip, { x, y, inner }) {
    this.layer = layer;
    this.over = over;
    this.canvas = canvas;
    this.clip = clip;
    this.x = x;
    this.y = y;
    this.inner = inner;
    /** @type {Element[]} */
    this.drawn = [];
    /** @type {number[][][]} lines in pixels, on which no label may lie */
    this.lines = [];
    /** @type {any[]} labels that wait until all lines are known */
    this.labels = [];
    this.mapped = false;
  }

  /** Any other SVG element without a transform, placed with `marks.x(…)` and `marks.y(…)`. */
  add(element) {
    set(element, { "clip-path": this.clip });
    this.drawn.push(element);
  }

  /** A line through points `[[x, y], …]`. @param {number[][]} points @param {Style} [style] */
  line(points, style = {}) {
    if (!points.length) return;
    this.lines.push(points.map(([x, y]) => [this.x(x), this.y(y)]));
    this.add(svg("path", { d: this._path(points), fill: "none", ...stroke(style) }));
  }

  /** The area between points and the line y = `base`. @param {number[][]} points @param {{base?: number}&Style} [style] */
  area(points, { base = 0, opacity = 0.2, ...style } = {}) {
    if (!points.length) return;
    const closed = [[points[0][0], base], ...points, [points.at(-1)[0], base]];
    this.add(svg("path", { d: `${this._path(closed)}Z`, fill: color(style.color ?? "ink"), "fill-opacity": opacity, "data-q": style.q }));
  }

  /** Bars `[[x0, x1, y], …]` that stand on y = `base`. @param {number[][]} bars @param {{base?: number}&Style} [style] */
  bars(bars, { base = 0, opacity = 0.35, ...style } = {}) {
    for (const [x0, x1, y] of bars) {
      const [top, bottom] = [this.y(y), this.y(base)].sort((a, b) => a - b);
      this.add(svg("rect", {
        x: this.x(x0) + 0.5, width: Math.max(0, this.x(x1) - this.x(x0) - 1), y: top, height: bottom - top,
        fill: color(style.color ?? "ink"), "fill-opacity": opacity, "data-q": style.q,
      }));
    }
  }

  /** Points `[[x, y], …]`. @param {number[][]} points @param {{shape?: string, size?: number, hollow?: boolean}&Style} [style] */
  dots(points, { shape = "dot", size = 5, hollow = false, opacity = 1, ...style } = {}) {
    const paintColor = color(style.color ?? "ink");
    for (const [x, y] of points) {
      this._put([x, y], svg("path", {
        d: glyph(shape, size), transform: `translate(${this.x(x)} ${this.y(y)})`, opacity,
        fill: hollow ? "var(--sw-paper)" : paintColor, stroke: hollow || shape === "cross" ? paintColor : "var(--sw-paper)",
        "stroke-width": hollow || shape === "cross" ? 2 : 1, "data-q": style.q,
      }));
    }
  }

  /** A straight line across the whole plot: `{ x }`, `{ y }`, or `{ normal: [a, b], offset: c }` for a·x + b·y + c = 0. */
  rule(where, style = {}) {
    const [x0, x1] = this.x.domain;
    const [y0, y1] = this.y.domain;
    if ("x" in where) return this.line([[where.x, y0], [where.x, y1]], style);
    if ("y" in where) return this.line([[x0, where.y], [x1, where.y]], style);
    const { normal: [a, b], offset: c } = where;
    if (a === 0 && b === 0) return undefined;
    return Math.abs(b) > Math.abs(a)
      ? this.line([x0, x1].map((x) => [x, -(a * x + c) / b]), style)
      : this.line([y0, y1].map((y) => [-(b * y + c) / a, y]), style);
  }

  /** An arrow from one point to another. @param {number[]} from @param {number[]} to @param {Style} [style] */
  arrow(from, to, style = {}) {
    this.line([from, to], style);
    const [dx, dy] = [this.x(to[0]) - this.x(from[0]), this.y(to[1]) - this.y(from[1])];
    const turn = (Math.atan2(dy, dx) * 180) / Math.PI;
    this._put(to, svg("path", {
      d: "M0 0L-9 -4.5L-9 4.5Z", fill: color(style.color ?? "ink"),
      transform: `translate(${this.x(to[0])} ${this.y(to[1])}) rotate(${turn})`,
    }));
  }

  /**
   * Text at a point, `dx` and `dy` pixels away, or as near to there as it lies on nothing; never clipped.
   * @param {number[]} at
   * @param {string} text
   * @param {{anchor?: string, dx?: number, dy?: number, spare?: boolean, fixed?: boolean}&Style} [style] what is `spare`
   *   is left out where it has no room, what is `fixed` stands where it should
   */
  text([x, y], text, { anchor = "start", dx = 0, dy = 0, ...style } = {}) {
    this.labels.push({ text, anchor, dx, dy, at: [this.x(x), this.y(y)], ...style });
  }

  /** Show what has been drawn, and put the labels where they have room. */
  finish() {
    // What was there before stays: to take it out and in again the browser would measure it anew.
    const drawn = new Set(this.drawn);
    for (const old of [...this.layer.children]) if (!drawn.has(old)) old.remove();
    this.drawn.forEach((element, k) => {
      if (this.layer.children[k] !== element) this.layer.insertBefore(element, this.layer.children[k] ?? null);
    });
    this.canvas.hidden = !this.mapped;
    const { left, top, width, height } = this.inner;
    const frame = [left, top - 22, left + width + 12, top + height];
    const boxes = [];
    for (const label of this.labels) {
      const { text, at, anchor, dx, dy, spare, fixed, q } = label;
      const found = place(text, label, { lines: fixed ? [] : this.lines, boxes: fixed ? [] : boxes, frame });
      if (spare && !found.free) continue;
      const { x, y, anchor: side } = fixed ? { x: at[0] + dx, y: at[1] + dy, anchor } : found.place;
      boxes.push(found.box);
      this.over.append(svg("text", {
        class: "sw-note", x, y, "text-anchor": side, "data-q": q, style: `fill: ${color(label.color ?? "ink")}`,
      }, text));
    }
  }

  /**
   * A map of `f(x, y)` under all marks.
   * @param {(x: number, y: number) => number} f
   * @param {{domain?: number[], palette?: string, cells?: number}} [options]
   */
  heat(f, { domain = [-1, 1], palette = "diverging", cells = 60 } = {}) {
    const { width, height } = this.inner;
    const rows = Math.max(1, Math.round((cells * height) / width));
    this.map(this._grid(f, cells, rows, 0.5), { domain, palette });
  }

  /** A map of values that are known, row by row from the top. @param {number[][]} grid @param {{domain?: number[], palette?: string}} [options] */
  map(grid, { domain = [-1, 1], palette = "diverging" } = {}) {
    const { left, top, width, height } = this.inner;
    this.mapped = true;
    set(this.canvas, { style: `left:${left}px;top:${top}px;width:${width}px;height:${height}px` });
    paint(this.canvas, grid, { domain, palette });
  }

  /**
   * Lines of equal `f(x, y)`.
   * @param {(x: number, y: number) => number} f
   * @param {number[]} levels
   * @param {{cells?: number}&Style} [style]
   */
  contours(f, levels, { cells = 60, ...style } = {}) {
    const grid = this._grid(f, cells + 1, cells + 1, 0);
    const { left, top, width, height } = this.inner;
    for (const level of levels) {
      const d = contourLines(grid, level)
        .map(([a, b]) => [a, b].map(([i, j]) => `${left + (i / cells) * width} ${top + (j / cells) * height}`))
        .map(([a, b]) => `M${a}L${b}`).join("");
      this.add(svg("path", { d, fill: "none", ...stroke({ width: 1, ...style }) }));
    }
  }

  /** Values of f, row by row from the top; in the middle of cells (inset ½) or at their corners (0). */
  _grid(f, columns, rows, inset) {
    const { left, top, width, height } = this.inner;
    const n = inset ? [columns, rows] : [columns - 1, rows - 1];
    const xs = Array.from({ length: columns }, (_, i) => this.x.invert(left + ((i + inset) / n[0]) * width));
    const ys = Array.from({ length: rows }, (_, j) => this.y.invert(top + ((j + inset) / n[1]) * height));
    return ys.map((y) => xs.map((x) => f(x, y)));
  }

  /** Draw a mark whole, over the edge too, if its point is in the plot; else not at all. @param {number[]} at @param {SVGElement} element */
  _put([x, y], element) {
    const { left, top, width, height } = this.inner;
    const [dx, dy] = [this.x(x) - left, this.y(y) - top];
    if (dx >= -1 && dx <= width + 1 && dy >= -1 && dy <= height + 1) this.drawn.push(element);
  }

  _path(points) {
    return `M${points.map(([x, y]) => `${this.x(x).toFixed(2)} ${this.y(y).toFixed(2)}`).join("L")}`;
  }
}

/** Path of a mark of `size` pixels radius around the origin. */
export function glyph(shape, size) {
  const r = size;
  if (shape === "square") return `M${-r} ${-r}H${r}V${r}H${-r}Z`;
  if (shape === "diamond") return `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0Z`;
  if (shape === "triangle") return `M0 ${-1.3 * r}L${1.2 * r} ${0.9 * r}H${-1.2 * r}Z`;
  if (shape === "cross") return `M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}`;
  return `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
}

function stroke(style) {
  return {
    stroke: color(style.color ?? "ink"), "stroke-width": style.width ?? 2,
    "stroke-dasharray": style.dash, "stroke-opacity": style.opacity, "stroke-linejoin": "round", "data-q": style.q,
  };
}
