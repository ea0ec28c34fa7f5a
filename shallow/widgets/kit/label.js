/** Where a label can stand without lying on a line, on another label or outside the plot. */

const FONT = '600 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'; // of kit.css
const [ASCENT, DESCENT] = [11, 3]; // px of the letters over and under their line
const SHIFTS = [14, 28, 42]; // px that a label may be moved up or down
const ASIDE = [0, 50, 100, 150]; // and along

let context;

/** Width of a label in pixels. */
function widthOfText(text) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = FONT;
  return context.measureText(text).width;
}

/**
 * @typedef {{x: number, y: number, anchor: string}} Place
 * @typedef {number[]} Box left, top, right, bottom
 */

/** @param {Place} place @param {string} text @returns {Box} */
function boxOf({ x, y, anchor }, text) {
  const width = widthOfText(text);
  const left = x - { start: 0, middle: width / 2, end: width }[anchor];
  return [left, y - ASCENT, left + width, y + DESCENT];
}

/**
 * The first free place near to where a label is wanted: there, mirrored about its point, up or down, along.
 * @param {string} text
 * @param {{at: number[], dx: number, dy: number, anchor: string}} wanted
 * @param {{lines: number[][][], boxes: Box[], frame: Box}} taken lines and labels that are there, and the room
 * @returns {{place: Place, box: Box, free: boolean}} the wanted place, and not free, if there is none
 */
export function place(text, { at: [x, y], dx, dy, anchor }, { lines, boxes, frame }) {
  const other = { start: "end", end: "start", middle: "middle" }[anchor];
  const sides = [[dx, anchor], [-dx, other]];
  const heights = [dy, 8 - dy, ...SHIFTS.flatMap((shift) => [dy - shift, dy + shift])];
  const candidates = ASIDE.flatMap((far) => heights.flatMap((up) => sides.map(([across, side]) =>
    ({ x: x + across + (side === "end" ? -far : far), y: y + up, anchor: side }))));
  const cost = (box) => (outside(box, frame) ? 100 : 0) + 10 * boxes.filter((b) => overlap(box, b)).length + Number(lines.some((l) => crosses(l, box)));
  let best = null;
  for (const candidate of candidates) {
    const box = boxOf(candidate, text);
    const found = { place: candidate, box, cost: cost(box) };
    if (!best || found.cost < best.cost) best = found;
    if (best.cost === 0) break;
  }
  return { place: best.place, box: best.box, free: best.cost === 0 };
}

const outside = (a, b) => a[0] < b[0] || a[1] < b[1] || a[2] > b[2] || a[3] > b[3];
const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Whether a line through points crosses a box, by cutting each piece to it (Liang and Barsky). */
function crosses(points, [left, top, right, bottom]) {
  for (let k = 1; k < points.length; k += 1) {
    const [[x0, y0], [x1, y1]] = [points[k - 1], points[k]];
    let [from, to] = [0, 1];
    const sides = [[x0 - x1, x0 - left], [x1 - x0, right - x0], [y0 - y1, y0 - top], [y1 - y0, bottom - y0]];
    for (const [p, q] of sides) {
      if (p === 0) { if (q < 0) to = -1; } else if (p < 0) from = Math.max(from, q / p); else to = Math.min(to, q / p);
    }
    if (from <= to) return true;
  }
  return false;
}
