/**
 * The perceptron in the plane.
 * A point is [x1, x2, y] with y = ±1; weights are [w1, w2, b]. The bias is the weight of a constant
 * third input: with x̃ = (x1, x2, 1) and w̃ = (w1, w2, b), z = w̃·x̃.
 */

const SEPARABLE = 1e-9; // margins below this are rounding errors

/** Weighted sum z = w·x + b. */
export function score([w1, w2, b], [x1, x2]) {
  return w1 * x1 + w2 * x2 + b;
}

/** True if the point asks for an update: y z ≤ 0, so on the boundary too. */
export function isMistake(weights, point) {
  return point[2] * score(weights, point) <= 0;
}

/** Weights after an update on the point: w + η y x, b + η y. @param {number[]} weights @param {number[]} point @param {number} rate */
export function update([w1, w2, b], [x1, x2, y], rate) {
  return [w1 + rate * y * x1, w2 + rate * y * x2, b + rate * y];
}

/**
 * Visit the points one after another, round and round, and update on each mistake.
 * It ends after `visits` points, or earlier once a whole round was free of mistakes.
 * @param {number[][]} points in the order of the visits
 * @param {number[]} start weights
 * @param {number} rate
 * @param {number} visits
 * @returns {{weights: number[], visits: number, converged: boolean, updates: Update[], last: ?Visit}}
 * @typedef {{visit: number, index: number, weights: number[]}} Update a mistake: its visit (from 1), the point's index, the weights after it
 * @typedef {{index: number, before: number[], mistake: boolean}} Visit the latest visit
 */
export function train(points, start, rate, visits) {
  let weights = start;
  let last = null;
  let visit = 0;
  let streak = 0; // visits since the last mistake
  const updates = [];
  while (visit < visits && streak < points.length) {
    const index = visit % points.length;
    const mistake = isMistake(weights, points[index]);
    last = { index, before: weights, mistake };
    visit += 1;
    streak = mistake ? 0 : streak + 1;
    if (mistake) {
      weights = update(weights, points[index], rate);
      updates.push({ visit, index, weights });
    }
  }
  return { weights, visits: visit, converged: streak >= points.length, updates, last };
}

/** Number of points that the weights get wrong. */
export function wrong(points, weights) {
  return points.filter((point) => isMistake(weights, point)).length;
}

/** Of several weights the first with the fewest wrong points. */
export function pocket(points, candidates) {
  return candidates
    .map((weights) => ({ weights, wrong: wrong(points, weights) }))
    .reduce((best, other) => (other.wrong < best.wrong ? other : best));
}

/** Length of a vector. */
export function norm(v) {
  return Math.hypot(...v);
}

/** R = max ‖x̃‖. */
export function radius(points) {
  return Math.max(...points.map(([x1, x2]) => norm([x1, x2, 1])));
}

/**
 * The margin γ: the largest, over unit vectors ũ, of min y ũ·x̃; with its ũ.
 * It is the distance of the origin from the convex hull of the vectors y x̃. The nearest point of
 * that hull is the nearest point of a line or plane through two or three of the vectors, or one of
 * them, so trying all of these finds it exactly.
 * @param {number[][]} points at most a few dozen: the time grows as the fourth power
 * @returns {?{gamma: number, direction: number[]}} null if no line separates the classes
 */
export function margin(points) {
  const signed = points.map(([x1, x2, y]) => [y * x1, y * x2, y]);
  let best = { gamma: SEPARABLE, direction: null };
  const attempt = (v) => {
    const direction = v.map((x) => x / norm(v));
    const gamma = Math.min(...signed.map((s) => dot(direction, s)));
    if (gamma > best.gamma) best = { gamma, direction };
  };
  signed.forEach((p, i) => {
    attempt(p);
    signed.slice(0, i).forEach((q, j) => {
      attempt(nearestOnLine(p, q));
      for (const r of signed.slice(0, j)) {
        const normal = cross(minus(q, p), minus(r, p));
        attempt(dot(normal, p) < 0 ? normal.map((x) => -x) : normal);
      }
    });
  });
  return best.direction && best;
}

/** Most mistakes that training can make: (R/γ)² from zero weights, 2 ‖w̃₀‖ / (η γ) more from w̃₀. */
export function mistakeBound(R, gamma, start, rate) {
  return (R / gamma) ** 2 + (2 * norm(start)) / (rate * gamma);
}

/** Least length of w̃ after M mistakes, by its growth along ũ. */
export function shortest(M, { gamma, direction }, start, rate) {
  return dot(direction, start) + rate * gamma * M;
}

/** Greatest length of w̃ after M mistakes; it holds for inseparable points too. */
export function longest(M, R, start, rate) {
  return Math.hypot(norm(start), rate * R * Math.sqrt(M));
}

function dot(u, v) {
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

function minus(u, v) {
  return [u[0] - v[0], u[1] - v[1], u[2] - v[2]];
}

function cross(u, v) {
  return [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
}

/** Point of the line through p and q that is nearest to the origin (p itself if p = q). */
function nearestOnLine(p, q) {
  const d = minus(q, p);
  const square = dot(d, d);
  return square === 0 ? p : p.map((x, i) => x - (dot(p, d) / square) * d[i]);
}
