/** Points of two classes, [x1, x2, y] with y = ±1, around the middle (½, ½) of the plane. */

import { quantile } from "./distributions.js";
import { uniforms } from "./random.js";

const GATES = {
  and: [-1, -1, -1, 1],
  or: [-1, 1, 1, 1],
  xor: [-1, 1, 1, -1],
};

/** The corners (0, 0), (0, 1), (1, 0), (1, 1) with the output of a gate: "and", "or" or "xor". */
export function gate(name) {
  return GATES[name].map((y, i) => [i >> 1, i & 1, y]);
}

/**
 * Two classes, in turn, with an empty strip of half-width `gap` between them.
 * @param {number} n
 * @param {number} gap
 * @param {number} turn from the first axis to the normal of the strip, in revolutions
 * @param {number} seed
 */
export function separable(n, gap, turn, seed) {
  const u = uniforms(seed, 2 * n);
  const [c, s] = [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)];
  return Array.from({ length: n }, (_, i) => {
    const y = i % 2 ? 1 : -1;
    const [across, along] = [y * (gap + u[2 * i]), 3 * u[2 * i + 1] - 1.5];
    return [round(0.5 + across * c - along * s), round(0.5 + across * s + along * c), y];
  });
}

/**
 * Two normal clouds, in turn, whose centres are `distance` apart along the diagonal.
 * @param {number} n
 * @param {number} distance
 * @param {number} spread standard deviation in each direction
 * @param {number} seed
 */
export function overlapping(n, distance, spread, seed) {
  const u = uniforms(seed, 2 * n);
  return Array.from({ length: n }, (_, i) => {
    const y = i % 2 ? 1 : -1;
    const centre = 0.5 + (y * distance) / Math.sqrt(8);
    return [...[u[2 * i], u[2 * i + 1]].map((v) => round(centre + spread * quantile("normal", v))), y];
  });
}

/** Two decimals: what a link and a line of Python can carry. */
function round(x) {
  return Math.round(100 * x) / 100;
}

/**
 * Order in which n points are visited: their indices.
 * @param {number} n
 * @param {"listed"|"reversed"|"shuffled"} how
 * @param {number} seed of the shuffle
 */
export function order(n, how, seed) {
  const indices = Array.from({ length: n }, (_, i) => i);
  if (how === "reversed") return indices.reverse();
  if (how === "listed") return indices;
  const keys = uniforms(seed, n);
  return indices.sort((i, j) => keys[i] - keys[j]);
}
