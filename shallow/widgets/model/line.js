/** The line w·x + b = 0 in the plane; weights are [w1, w2, b] with w ≠ 0. */

/** Point of the line that is nearest to `point`. @param {number[]} weights @param {number[]} point */
export function nearest([w1, w2, b], [x1, x2]) {
  const distance = (w1 * x1 + w2 * x2 + b) / (w1 * w1 + w2 * w2);
  return [x1 - distance * w1, x2 - distance * w2];
}

/** Weights whose line is parallel and goes through `point`. @param {number[]} weights @param {number[]} point */
export function moved([w1, w2], [x1, x2]) {
  return [w1, w2, -(w1 * x1 + w2 * x2)];
}

/**
 * Weights whose line goes through `pivot` at right angles to the way to `target`; ‖w‖ stays.
 * @param {number[]} weights
 * @param {number[]} pivot
 * @param {number[]} target
 */
export function turned([w1, w2], pivot, target) {
  const [d1, d2] = [target[0] - pivot[0], target[1] - pivot[1]];
  const factor = Math.hypot(w1, w2) / Math.hypot(d1, d2);
  return moved([factor * d1, factor * d2], pivot);
}

/** Distance of the line from the origin, |b| / ‖w‖. @param {number[]} weights */
export function distanceFromOrigin([w1, w2, b]) {
  return Math.abs(b) / Math.hypot(w1, w2);
}
