/** Surfaces to walk down, and ways of doing it. A point is a list of one or two numbers. */

import { solve } from "./logistic.js";

/**
 * @typedef {Object} Surface
 * @property {(w: number[]) => number} cost
 * @property {(w: number[]) => number[]} gradient
 * @property {(w: number[]) => number[][]} hessian
 */

/**
 * One of the surfaces; `lambda` is the curvature of the line, and plays no part in the others.
 * @param {string} name line, bowl, valley, saddle, wells or banana
 * @returns {Surface}
 */
function surface(name, lambda) {
  if (name === "line") return quadratic([lambda]);
  if (name === "bowl") return quadratic([1, 2]);
  if (name === "valley") return quadratic([1, 20]);
  if (name === "saddle") return quadratic([1, -1]);
  if (name === "wells") {
    return {
      cost: ([x, y]) => x ** 4 / 4 - x ** 2 / 2 + y ** 2 / 2,
      gradient: ([x, y]) => [x ** 3 - x, y],
      hessian: ([x]) => [[3 * x * x - 1, 0], [0, 1]],
    };
  }
  return { // a banana-shaped valley, as Rosenbrock's
    cost: ([x, y]) => (1 - x) ** 2 / 2 + 5 * (y - x * x) ** 2,
    gradient: ([x, y]) => [x - 1 - 20 * x * (y - x * x), 10 * (y - x * x)],
    hessian: ([x, y]) => [[1 - 20 * y + 60 * x * x, -20 * x], [-20 * x, 10]],
  };
}

/** ½ Σ λ w². */
function quadratic(lambdas) {
  return {
    cost: (w) => w.reduce((sum, value, k) => sum + (lambdas[k] * value * value) / 2, 0),
    gradient: (w) => w.map((value, k) => lambdas[k] * value),
    hessian: (w) => w.map((_, j) => w.map((__, k) => (j === k ? lambdas[j] : 0))),
  };
}

/** C(w). */
export function cost(name, w, lambda) {
  return surface(name, lambda).cost(w);
}

/** ∇C(w). */
export function gradient(name, w, lambda) {
  return surface(name, lambda).gradient(w);
}

/** The Hessian of C at w. */
export function hessian(name, w, lambda) {
  return surface(name, lambda).hessian(w);
}

/** Eigenvalues of a symmetric matrix of one or two rows, the largest first. */
export function eigenvalues(H) {
  if (H.length === 1) return [H[0][0]];
  const [[a, b], [, c]] = H;
  const spread = Math.hypot((a - c) / 2, b);
  return [(a + c) / 2 + spread, (a + c) / 2 - spread];
}

/**
 * Places after 0, 1, … steps; shorter than `steps` + 1 where a step is impossible (a singular
 * Hessian) or leads beyond ±`limit`.
 *
 * gradient: v ← β v + ∇C, w ← w − η v. newton: w ← w − η H⁻¹ ∇C. adam: Kingma and Ba (2015),
 * algorithm 1, with β₂ = 0.999 and ε = 1e−8.
 * @param {string} name of the surface
 * @param {number[]} start
 * @param {{method: string, rate: number, momentum: number, steps: number,
 *   lambda: number, limit: number}} options `momentum` is β, and β₁ of Adam
 */
export function descend(name, start, { method, rate, momentum, steps, lambda, limit }) {
  const { gradient: slope, hessian: curvature } = surface(name, lambda);
  const path = [start];
  let v = start.map(() => 0);
  let s = v;
  while (path.length <= steps) {
    const w = path.at(-1);
    const g = slope(w);
    let step;
    if (method === "newton") step = solve(curvature(w), g);
    else if (method === "adam") {
      v = v.map((value, k) => momentum * value + (1 - momentum) * g[k]);
      s = s.map((value, k) => 0.999 * value + 0.001 * g[k] ** 2);
      const t = path.length;
      step = v.map((value, k) => value / (1 - momentum ** t) / (Math.sqrt(s[k] / (1 - 0.999 ** t)) + 1e-8));
    } else step = v = v.map((value, k) => momentum * value + g[k]);
    const next = step && w.map((value, k) => value - rate * step[k]);
    if (!next || !next.every((value) => Math.abs(value) <= limit)) break;
    path.push(next);
  }
  return path;
}

/** Largest learning rate with which gradient descent still shrinks every error, 2 (1 + β) / λ. */
export function limitRate(lambda, momentum) {
  return (2 * (1 + momentum)) / lambda;
}
