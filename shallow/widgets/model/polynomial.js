/** Least-squares fits by polynomials, as sums of Legendre polynomials so that high degrees stay exact. */

/** Legendre polynomials P_0 … P_degree at x. */
export function legendre(x, degree) {
  const p = [1, x];
  for (let k = 1; k < degree; k++) p.push(((2 * k + 1) * x * p[k] - k * p[k - 1]) / (k + 1));
  return p.slice(0, degree + 1);
}

/**
 * Coefficients of the polynomial with the least sum of squared residuals.
 * Householder reflections turn the design matrix into a triangle without squaring its condition.
 * @param {number[]} x in [−1, 1], more values than `degree`
 * @param {number[]} y
 * @param {number} degree
 * @returns {number[]} weights of P_0 … P_degree
 */
export function fit(x, y, degree) {
  const rows = x.map((xi, i) => [...legendre(xi, degree), y[i]]);
  for (let k = 0; k <= degree; k++) {
    const norm = Math.hypot(...rows.slice(k).map((row) => row[k]));
    const v = rows.map((row, i) => (i < k ? 0 : row[k]));
    v[k] += v[k] < 0 ? -norm : norm;
    const scale = 2 / v.reduce((sum, vi) => sum + vi * vi, 0);
    for (let j = k; j <= degree + 1; j++) {
      const dot = scale * rows.reduce((sum, row, i) => sum + v[i] * row[j], 0);
      rows.forEach((row, i) => (row[j] -= dot * v[i]));
    }
  }
  const weights = Array(degree + 1).fill(0);
  for (let k = degree; k >= 0; k--) {
    const known = weights.reduce((sum, w, j) => sum + (j > k ? w * rows[k][j] : 0), 0);
    weights[k] = (rows[k][degree + 1] - known) / rows[k][k];
  }
  return weights;
}

/** The polynomial with these weights at x. */
export function predict(weights, x) {
  return legendre(x, weights.length - 1).reduce((sum, p, k) => sum + weights[k] * p, 0);
}

/** The empirical risk with the squared loss: the mean of (f(x_i) − y_i)². */
export function meanSquaredError(weights, x, y) {
  return x.reduce((sum, xi, i) => sum + (predict(weights, xi) - y[i]) ** 2, 0) / x.length;
}
