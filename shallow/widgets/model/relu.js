/** Sums of ReLUs, y(x) = c + Σ v_k max(0, x − t_k), against a target function on [0, 1]. */

/**
 * @typedef {Object} Goal the target, as the settings name it
 * @property {string} target a key of TARGETS, or "drawn" for the broken line through
 * @property {number[]} [heights] at equal distances, at least two
 */

/** The named targets; `begin` is the grid point where 1/x, which has no value at 0, begins. */
const TARGETS = {
  sine: { f: (x) => Math.sin(2 * Math.PI * x), lipschitz: 2 * Math.PI, curvature: 4 * Math.PI ** 2 },
  parabola: { f: (x) => x * x, lipschitz: 2, curvature: 2 },
  kink: { f: (x) => Math.abs(2 * x - 1), lipschitz: 2, curvature: Infinity },
  root: { f: Math.sqrt, lipschitz: Infinity, curvature: Infinity },
  jump: { f: (x) => Number(x >= 0.5), lipschitz: Infinity, curvature: Infinity },
  reciprocal: { f: (x) => 1 / x, lipschitz: Infinity, curvature: Infinity, begin: 1 },
};

/** Intervals of the grid on which an error is measured. */
export const GRID = 2048;

/** f(x) of the target. @param {Goal} goal */
export function value({ target, heights }, x) {
  if (target !== "drawn") return TARGETS[target].f(x);
  const last = heights.length - 1;
  const i = Math.min(Math.floor(x * last), last - 1);
  return heights[i] + (heights[i + 1] - heights[i]) * (x * last - i);
}

/**
 * The largest |f′| and the largest |f″| of the target; Infinity where there is none.
 * @param {Goal} goal
 * @returns {{lipschitz: number, curvature: number}}
 */
export function smoothness({ target, heights }) {
  if (target !== "drawn") return { lipschitz: TARGETS[target].lipschitz, curvature: TARGETS[target].curvature };
  const slopes = heights.slice(1).map((y, i) => (y - heights[i]) * (heights.length - 1));
  const straight = slopes.every((slope) => slope === slopes[0]);
  return { lipschitz: Math.max(...slopes.map(Math.abs)), curvature: straight ? 0 : Infinity };
}

/** n hinges at equal distances; the first one at 0, or for 1/x one step to the right of it. */
export function equalHinges(target, n) {
  const first = TARGETS[target]?.begin ?? 0;
  return Array.from({ length: n }, (_, k) => (k + first) / (n + first));
}

/** Hinges in ascending order, each once, with their weights; a weight that is missing is 0. */
export function order(hinges, weights) {
  const units = hinges.map((t, k) => [t, weights[k] ?? 0]).sort(([s], [t]) => s - t);
  const once = units.filter(([t], k) => k === 0 || t > units[k - 1][0]);
  return { hinges: once.map(([t]) => t), weights: once.map(([, v]) => v) };
}

/**
 * The sum that meets the target at every hinge and at 1: each weight is the change of slope at its
 * hinge. Left of its first hinge the sum is constant.
 * @param {Goal} goal
 * @param {number[]} hinges ascending, in [0, 1)
 * @returns {{bias: number, weights: number[]}}
 */
export function interpolate(goal, hinges) {
  const knots = [...hinges, 1];
  const heights = knots.map((t) => value(goal, t));
  const slopes = hinges.map((t, k) => (heights[k + 1] - heights[k]) / (knots[k + 1] - t));
  return {
    bias: heights[0],
    weights: slopes.map((slope, k) => slope - (k > 0 ? slopes[k - 1] : 0)),
  };
}

/** y(x) = bias + Σ weights[k] · max(0, x − hinges[k]). */
export function network(x, hinges, weights, bias) {
  return hinges.reduce((sum, t, k) => sum + weights[k] * Math.max(0, x - t), bias);
}

/**
 * The largest |f − y| on the grid, and where it is.
 * @param {Goal} goal
 * @returns {{error: number, x: number}}
 */
export function largestError(goal, hinges, weights, bias) {
  const begin = TARGETS[goal.target]?.begin ?? 0;
  let worst = { error: 0, x: begin / GRID };
  for (let i = begin; i <= GRID; i++) {
    const x = i / GRID;
    const error = Math.abs(value(goal, x) - network(x, hinges, weights, bias));
    if (error > worst.error) worst = { error, x };
  }
  return worst;
}

/** h, the largest distance between neighbouring knots: the hinges and the right end. */
export function spacing(hinges) {
  return Math.max(...hinges.map((t, k) => (hinges[k + 1] ?? 1) - t));
}

/**
 * Upper bounds on the error of the interpolating sum: L h / 2 from the slope of f, M h² / 8 from
 * its curvature. Infinity where a bound does not apply; both need a hinge at 0.
 * @param {Goal} goal
 */
export function bounds(goal, hinges) {
  if (hinges[0] !== 0) return { slope: Infinity, curvature: Infinity };
  const { lipschitz, curvature } = smoothness(goal);
  const h = spacing(hinges);
  return { slope: (lipschitz * h) / 2, curvature: (curvature * h * h) / 8 };
}

/**
 * Measured error and both bounds for each number of hinges at equal distances.
 * @param {Goal} goal
 * @param {number[]} counts
 */
export function errorCurve(goal, counts) {
  return counts.map((n) => {
    const hinges = equalHinges(goal.target, n);
    const { bias, weights } = interpolate(goal, hinges);
    return { n, error: largestError(goal, hinges, weights, bias).error, ...bounds(goal, hinges) };
  });
}
