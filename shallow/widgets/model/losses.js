/**
 * Losses ℓ of one observation, their slopes, and the same slopes without calculus:
 * each `difference` is a central one, (ℓ(x + h) − ℓ(x − h)) / 2h.
 */

import { sigmoid, sigmoidPrime, softplus } from "./sigmoid.js";

const STEP = 1e-5;

/** Losses of a residual r = ŷ − y; at the kink of |r| the slope is 0, as libraries choose. */
export const REGRESSION = {
  half: { loss: (r) => (r * r) / 2, slope: (r) => r },
  square: { loss: (r) => r * r, slope: (r) => 2 * r },
  absolute: { loss: Math.abs, slope: Math.sign },
  huber: {
    loss: (r, delta) => (Math.abs(r) <= delta ? (r * r) / 2 : delta * (Math.abs(r) - delta / 2)),
    slope: (r, delta) => Math.min(delta, Math.max(-delta, r)),
  },
};

/** Losses of a logit z, ŷ = σ(z), for a label y of 0 or 1; slopes over z and over ŷ. */
export const BINARY = {
  entropy: {
    loss: (z, y) => softplus(y === 1 ? -z : z),
    overLogit: error,
    overProbability: (z, y) => (y === 1 ? -1 / sigmoid(z) : 1 / sigmoid(-z)),
  },
  square: {
    loss: (z, y) => error(z, y) ** 2 / 2,
    overLogit: (z, y) => error(z, y) * sigmoidPrime(z),
    overProbability: error,
  },
};

/** log(p / (1 − p)), the z of a probability. */
export function logit(p) {
  return Math.log(p / (1 - p));
}

/** A loss of REGRESSION, its slope over ŷ, and the difference. */
export function regression(name, r, delta) {
  const { loss, slope } = REGRESSION[name];
  return {
    loss: loss(r, delta),
    slope: slope(r, delta),
    difference: difference((x) => loss(x, delta), r, STEP),
  };
}

/** A loss of BINARY, its slopes over the logit and over the probability, and the differences. */
export function binary(name, z, y) {
  const { loss, overLogit, overProbability } = BINARY[name];
  const p = sigmoid(z);
  return {
    p,
    loss: loss(z, y),
    logit: { slope: overLogit(z, y), difference: difference((x) => loss(x, y), z, STEP) },
    probability: {
      slope: overProbability(z, y),
      difference: difference((x) => loss(logit(x), y), p, STEP * Math.min(p, 1 - p)),
    },
  };
}

/** softmax(z / T), with the largest logit subtracted first. */
export function softmax(z, T) {
  const powers = relativePowers(z, T);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** exp((z − max z) / T): what softmax divides by its sum. */
export function relativePowers(z, T) {
  const top = Math.max(...z);
  return z.map((value) => Math.exp((value - top) / T));
}

/** −log softmax(z / T)[k] with k from 0, its gradient (ŷ − y) / T over the logits, and the differences. */
export function crossEntropy(z, k, T) {
  const p = softmax(z, T);
  const loss = (logits) => Math.log(relativePowers(logits, T).reduce((a, b) => a + b))
    + (Math.max(...logits) - logits[k]) / T;
  return {
    p,
    loss: loss(z),
    gradient: p.map((value, j) => (value - Number(j === k)) / T),
    differences: z.map((value, j) => difference((x) => loss(z.with(j, x)), value, STEP)),
  };
}

/** ŷ − y without cancellation. */
function error(z, y) {
  return y === 1 ? -sigmoid(-z) : sigmoid(z);
}

function difference(f, x, h) {
  return (f(x + h) - f(x - h)) / (2 * h);
}
