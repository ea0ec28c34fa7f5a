/**
 * Logistic regression.
 * X is a list of inputs, each a list of p numbers; y a list of labels 0 and 1;
 * θ = [w1, …, wp, b] ends with the bias, which is never penalised.
 * Cost: C(θ) = 1/N Σ ℓ(zᵢ, yᵢ) + λ/2 ‖w‖² with z = w·x + b.
 */

import { sigmoid, sigmoidPrime, softplus } from "./sigmoid.js";

/** Logit z = w·x + b. */
export function logit(theta, x) {
  return x.reduce((z, value, j) => z + theta[j] * value, theta[x.length]);
}

/** Probability ŷ = σ(z) of the label 1. */
export function probability(theta, x) {
  return sigmoid(logit(theta, x));
}

/** Binary cross-entropy of one observation from its logit: log(1 + e^z) − y z. */
export function loss(z, y) {
  return y === 1 ? softplus(-z) : softplus(z);
}

/** C(θ). */
export function cost(X, y, theta, lambda) {
  const data = X.reduce((sum, x, i) => sum + loss(logit(theta, x), y[i]), 0) / X.length;
  return data + (lambda / 2) * theta.slice(0, -1).reduce((sum, w) => sum + w * w, 0);
}

/** ∇C(θ) = 1/N Σ (ŷ − y) (x, 1) + λ (w, 0). */
export function gradient(X, y, theta, lambda) {
  const g = theta.map((value, j) => penalty(theta, j, lambda) * value);
  X.forEach((x, i) => {
    const error = (probability(theta, x) - y[i]) / X.length;
    [...x, 1].forEach((value, j) => { g[j] += error * value; });
  });
  return g;
}

/** Hessian of C: 1/N Σ ŷ (1 − ŷ) (x, 1)(x, 1)ᵀ + λ diag(1, …, 1, 0). */
export function hessian(X, theta, lambda) {
  const H = theta.map((_, j) => theta.map((__, k) => (j === k ? penalty(theta, j, lambda) : 0)));
  for (const x of X) {
    const weight = sigmoidPrime(logit(theta, x)) / X.length;
    const row = [...x, 1];
    row.forEach((u, j) => row.forEach((v, k) => { H[j][k] += weight * u * v; }));
  }
  return H;
}

/** θ after one step of gradient descent, θ − η ∇C. */
export function gradientStep(X, y, theta, lambda, rate) {
  const g = gradient(X, y, theta, lambda);
  return theta.map((value, j) => value - rate * g[j]);
}

/** θ after one step of Newton's method, θ − H⁻¹ ∇C; null if H is singular to working precision. */
export function newtonStep(X, y, theta, lambda) {
  const step = solve(hessian(X, theta, lambda), gradient(X, y, theta, lambda));
  return step && theta.map((value, j) => value - step[j]);
}

/**
 * θ at the start and after each step; shorter than `steps` + 1 where a step is impossible or leads
 * beyond ±`limit` in any coordinate.
 * @param {number[][]} X
 * @param {number[]} y
 * @param {number[]} start
 * @param {{method: string, rate: number, lambda: number, steps: number, limit: number}} options
 */
export function descend(X, y, start, { method, rate, lambda, steps, limit }) {
  const path = [start];
  while (path.length <= steps) {
    const theta = path.at(-1);
    const next = method === "newton" ? newtonStep(X, y, theta, lambda) : gradientStep(X, y, theta, lambda, rate);
    if (!next || !next.every((value) => Math.abs(value) <= limit)) break;
    path.push(next);
  }
  return path;
}

/**
 * θ with the least cost, by Newton's method with steps that are halved until the cost falls.
 * @returns {?number[]} null if there is none within ±`limit`: labels all alike, or classes that θ
 *   separates without a penalty
 */
export function minimum(X, y, lambda, limit) {
  if (new Set(y).size === 1) return null;
  let theta = [...X[0], 1].fill(0);
  for (let k = 0; k < 100; k += 1) {
    const separated = X.every((x, i) => (2 * y[i] - 1) * logit(theta, x) > 0);
    if (lambda === 0 && separated) return null;
    if (Math.hypot(...gradient(X, y, theta, lambda)) < 1e-10) return theta;
    const target = newtonStep(X, y, theta, lambda);
    if (!target) return null;
    const here = cost(X, y, theta, lambda);
    let part = 1;
    let next = target;
    while (cost(X, y, next, lambda) > here && part > 1e-6) {
      part /= 2;
      next = between(theta, target, part);
    }
    if (!next.every((value) => Math.abs(value) <= limit)) return null;
    theta = next;
  }
  return theta;
}

/** With one input, the x at which ŷ = p. */
export function inputAt([w, b], p) {
  return (Math.log(p / (1 - p)) - b) / w;
}

/** With one input, the [w, b] whose curve passes through two points (x, ŷ). */
export function curveThrough([x1, p1], [x2, p2]) {
  const [z1, z2] = [p1, p2].map((p) => Math.log(p / (1 - p)));
  const w = (z2 - z1) / (x2 - x1);
  return [w, z1 - w * x1];
}

/** Solution of A x = c by elimination with row pivots; null if A is singular to working precision. */
export function solve(A, c) {
  const n = c.length;
  const rows = A.map((row, i) => [...row, c[i]]);
  const tiny = 1e-13 * Math.max(...A.flat().map(Math.abs));
  for (let j = 0; j < n; j += 1) {
    const pivot = rows.slice(j).reduce((best, row) => (Math.abs(row[j]) > Math.abs(best[j]) ? row : best));
    if (!(Math.abs(pivot[j]) > tiny)) return null;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(j, 0, pivot);
    for (const row of rows.slice(j + 1)) {
      const factor = row[j] / pivot[j];
      for (let k = j; k <= n; k += 1) row[k] -= factor * pivot[k];
    }
  }
  const x = new Array(n).fill(0);
  for (let j = n - 1; j >= 0; j -= 1) {
    x[j] = (rows[j][n] - x.reduce((sum, value, k) => sum + (k > j ? rows[j][k] * value : 0), 0)) / rows[j][j];
  }
  return x;
}

function between(from, to, part) {
  return from.map((value, j) => value + part * (to[j] - value));
}

function penalty(theta, j, lambda) {
  return j < theta.length - 1 ? lambda : 0;
}
