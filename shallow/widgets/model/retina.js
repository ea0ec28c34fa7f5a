/**
 * One unit that looks at a retina of 20 × 20 photocells.
 * A picture is the list of its lit photocells, numbered row by row from the top left; an example has
 * a label y = ±1 besides. Weights are 401 numbers: one for each photocell, then the bias.
 */

import { uniforms } from "./random.js";

/** @typedef {{cells: number[], y: number}} Example */

export const SIDE = 20;
const BIAS = SIDE * SIDE;
const HALF = SIDE / 2;
const SQUARE = 6; // photocells along a side of a square
const BRUSH = 2; // photocells along a side of the brush
// Both letters have a bar of 8 × 2 photocells and one of 2 × 6: [row, column, height, width].
const BARS = { 1: [[6, 6, 2, 8], [8, 9, 6, 2]], [-1]: [[6, 6, 8, 2], [12, 8, 2, 6]] };

/** The lit photocells of a rectangle that is moved; what leaves the retina on one side comes back on the other. */
function rectangle([row, column, height, width], down = 0, across = 0) {
  const around = (k) => (((k % SIDE) + SIDE) % SIDE);
  return range(0, height).flatMap((i) => range(0, width)
    .map((j) => around(row + down + i) * SIDE + around(column + across + j)));
}

/** All squares that lie wholly in the left half (−1) or in the right half (+1). @returns {Example[]} */
export function squares() {
  return [-1, 1].flatMap((y) => range(0, HALF - SQUARE + 1).flatMap((column) => range(0, SIDE - SQUARE + 1)
    .map((row) => ({ cells: rectangle([row, column + (y > 0 ? HALF : 0), SQUARE, SQUARE]), y }))));
}

/**
 * The letters L (−1) and T (+1), moved by up to `shift` photocells down, up and across.
 * @param {number} shift 10 at most: then each letter stands in all 400 places
 * @returns {Example[]}
 */
export function letters(shift) {
  const moves = range(-shift, Math.min(shift + 1, SIDE - shift)); // 10 up and 10 down are the same place
  return [-1, 1].flatMap((y) => moves.flatMap((down) => moves
    .map((across) => ({ cells: BARS[y].flatMap((bar) => rectangle(bar, down, across)).sort((a, b) => a - b), y }))));
}

/** Which of `count` examples each attempt shows, drawn at random. */
export function draws(count, seed, attempts) {
  return uniforms(seed, attempts).map((u) => Math.floor(u * count));
}

/** Weighted sum z of a picture. */
export function score(weights, cells) {
  return cells.reduce((z, cell) => z + weights[cell], weights[BIAS]);
}

/**
 * Show the examples of `sequence` one after another, and update on each mistake, from zero, with η = 1.
 * @param {Example[]} examples
 * @param {number[]} sequence the index of each attempt's example
 * @returns {{weights: number[], mistakes: number[], last: ?{index: number, z: number, mistake: boolean}}}
 *   numbers of the attempts, from 1, that were mistakes; z of the last attempt before its update
 */
export function train(examples, sequence) {
  const weights = new Array(BIAS + 1).fill(0);
  const mistakes = [];
  let last = null;
  sequence.forEach((index, k) => {
    const { cells, y } = examples[index];
    const z = score(weights, cells);
    const mistake = y * z <= 0;
    if (mistake) {
      mistakes.push(k + 1);
      for (const cell of [...cells, BIAS]) weights[cell] += y;
    }
    last = { index, z, mistake };
  });
  return { weights, mistakes, last };
}

/** Number of examples that the weights get wrong: y z ≤ 0. */
export function wrong(examples, weights) {
  return examples.filter(({ cells, y }) => y * score(weights, cells) <= 0).length;
}

/** In how many of the examples with label y each photocell is lit. */
export function seen(examples, y) {
  const counts = new Array(BIAS).fill(0);
  for (const example of examples) {
    if (example.y === y) for (const cell of example.cells) counts[cell] += 1;
  }
  return counts;
}

/** Sum of z over the examples with label y. */
export function total(examples, weights, y) {
  return examples.filter((example) => example.y === y).reduce((sum, { cells }) => sum + score(weights, cells), 0);
}

/** A picture as one whole number for each row; the highest of 20 bits is the photocell on the left. */
export function pack(cells) {
  const rows = new Array(SIDE).fill(0);
  for (const cell of cells) rows[Math.floor(cell / SIDE)] += 2 ** (SIDE - 1 - (cell % SIDE));
  return rows;
}

/** The picture of such rows. */
export function unpack(rows) {
  return rows.flatMap((row, i) => range(0, SIDE).filter((j) => Math.floor(row / 2 ** (SIDE - 1 - j)) % 2 === 1).map((j) => i * SIDE + j));
}

/**
 * The photocells that a brush of 2 × 2 touches on its way from one point to another.
 * @param {number[]} from column and row, as real numbers from 0 to 20; likewise `to`
 */
export function stroke(from, to) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  const touched = new Set();
  for (let k = 0; k <= steps; k += 1) {
    const [column, row] = [0, 1].map((axis) => Math.round(from[axis] + (k / steps) * (to[axis] - from[axis])) - BRUSH / 2);
    for (const i of range(row, row + BRUSH)) {
      for (const j of range(column, column + BRUSH)) {
        if (Math.min(i, j) >= 0 && Math.max(i, j) < SIDE) touched.add(i * SIDE + j);
      }
    }
  }
  return [...touched].sort((a, b) => a - b);
}

/** Whole numbers from `start` up to, not including, `end`. */
function range(start, end) {
  return Array.from({ length: end - start }, (_, k) => start + k);
}
