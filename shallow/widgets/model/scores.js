/** The sample that the threshold explorer shows. */

import { quantile } from "./distributions.js";
import { uniforms } from "./random.js";

/** Scores beyond ±LIMIT are moved there: inside the threshold's own limits, so that a threshold can exclude all. */
export const LIMIT = 5.5;

/**
 * Negatives around −distance/2 with standard deviation 1, positives around +distance/2 with `spread`.
 * The classes have a stream of random numbers each, and an item keeps its number
 * whatever else is set: nothing jumps when a slider moves.
 * @param {Object} s
 * @param {import("./distributions.js").Shape} s.shape
 * @param {number} s.distance
 * @param {number} s.spread
 * @param {number} s.prevalence share of positives, rounded to whole items
 * @param {number} s.samples
 * @param {number} s.seed
 * @returns {{scores: number[], labels: number[]}}
 */
export function sample({ shape, distance, spread, prevalence, samples, seed }) {
  const positives = Math.round(prevalence * samples);
  const draw = (stream, n, center, width) => uniforms(2 * seed + stream, n).map((u) =>
    Math.min(LIMIT, Math.max(-LIMIT, center + width * quantile(shape, u))));
  return {
    scores: [...draw(0, samples - positives, -distance / 2, 1), ...draw(1, positives, distance / 2, spread)],
    labels: Array.from({ length: samples }, (_, i) => Number(i >= samples - positives)),
  };
}

/**
 * How many values lie in each of `bins` bins of equal width from `low` on; a bin has its left end.
 * @returns {number[]}
 */
export function histogram(values, low, width, bins) {
  const counts = new Array(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < bins) counts[bin] += 1;
  }
  return counts;
}

/**
 * A threshold that decides like `threshold`, one of the scores or ∞, with as few decimals as can be:
 * not above it, but above the next score below.
 * @param {number} threshold
 * @param {number[]} scores between −LIMIT and LIMIT
 */
export function shortest(threshold, scores) {
  if (threshold === Infinity) return Math.ceil(LIMIT + 0.1);
  const below = scores.reduce((low, x) => (x < threshold && x > low ? x : low), -Infinity);
  for (let digits = 0; digits < 15; digits += 1) {
    const candidate = Number((Math.floor(threshold * 10 ** digits) / 10 ** digits).toFixed(digits));
    if (candidate > below && candidate <= threshold) return candidate;
  }
  return threshold;
}
