/** The noisy points that the curve-fitting explorer shows, and the errors of a fit to them. */

import { quantile } from "./distributions.js";
import { meanSquaredError } from "./polynomial.js";
import { uniforms } from "./random.js";

const MIDPOINTS = 1000; // of the integral over all x

/** The truth behind the points, for x from −1 to 1. */
export function truth(x) {
  return Math.sin(Math.PI * x);
}

/**
 * n points of the truth with normal noise, one from each of n equal slices of [−1, 1].
 * Two streams of one seed are independent: one to train, one to validate.
 * @param {number} n
 * @param {number} noise standard deviation
 * @param {number} seed
 * @param {0|1} stream
 * @returns {{x: number[], y: number[]}}
 */
export function sample(n, noise, seed, stream) {
  const u = uniforms(2 * seed + stream, 2 * n);
  const x = u.slice(0, n).map((v, i) => (2 * (i + v)) / n - 1);
  return { x, y: x.map((xi, i) => truth(xi) + noise * quantile("normal", u[n + i])) };
}

/**
 * Mean squared errors of a polynomial on the training points, on the validation points, and over
 * all x with new noise: the risk, by the midpoint rule.
 */
export function errors(weights, training, validation, noise) {
  const x = Array.from({ length: MIDPOINTS }, (_, i) => (2 * i + 1) / MIDPOINTS - 1);
  return {
    training: meanSquaredError(weights, training.x, training.y),
    validation: meanSquaredError(weights, validation.x, validation.y),
    risk: meanSquaredError(weights, x, x.map(truth)) + noise * noise,
  };
}
