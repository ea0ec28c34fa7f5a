/** Points of two classes that one straight line cannot part, [x1, x2, y] with y = 0 or 1. */

import { quantile } from "./distributions.js";
import { uniforms } from "./random.js";

const TURN = 2 * Math.PI;

/** Where a point lies before the noise: from its label and two uniform numbers. */
const PLACES = {
  moons: (y, u) => {
    const t = Math.PI * u;
    return y ? [0.75 - 1.5 * Math.cos(t), 0.4 - 1.5 * Math.sin(t)] : [1.5 * Math.cos(t) - 0.75, 1.5 * Math.sin(t) - 0.4];
  },
  circles: (y, u, v) => polar(y ? 1.1 * Math.sqrt(v) : 1.8 + 0.6 * v, TURN * u),
  xor: (y, u, v) => {
    const [a, b] = [0.2 + 2.2 * u, (0.2 + 2.2 * Math.abs(2 * v - 1)) * Math.sign(2 * v - 1)];
    return [y ? b : Math.sign(b) * a, y ? -Math.sign(b) * a : b];
  },
  spirals: (y, u) => polar(0.1 + 2.4 * u, TURN * (1.5 * u + y / 2)),
  blobs: (y) => (y ? [1, 1] : [-1, -1]),
};

/**
 * n points whose labels take turns.
 * @param {"moons"|"circles"|"xor"|"spirals"|"blobs"} name
 * @param {number} n
 * @param {number} noise standard deviation in each direction
 * @param {number} seed
 */
export function shape(name, n, noise, seed) {
  const u = uniforms(seed, 4 * n);
  return Array.from({ length: n }, (_, i) => {
    const [a, b, ...errors] = u.slice(4 * i, 4 * i + 4);
    const [x1, x2] = PLACES[name](i % 2, a, b);
    const [e1, e2] = errors.map((p) => noise * quantile("normal", p));
    return [x1 + e1, x2 + e2, i % 2];
  });
}

function polar(radius, angle) {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
