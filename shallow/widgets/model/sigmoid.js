/** The sigmoid and its relatives, stable for every z: no exponential of a positive number. */

/** σ(z) = 1 / (1 + e^−z). */
export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** σ′(z) = σ(z) σ(−z). */
export function sigmoidPrime(z) {
  return sigmoid(z) * sigmoid(-z);
}

/** log(1 + e^z), the integral of σ. */
export function softplus(z) {
  return Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)));
}
